/* src/tui/pane_editor_used.c - values that other records have in the subfield under the cursor: asked for when three characters
 * are there and the keys rest a moment, then offered and narrowed like the codes of a list (ED-36). */
#include "editor.h"
#include "station.h"

#include "recto/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REST_MS = 120, LEAST_CHARACTERS = 3 };

void editor_used_release(editor *pane)
{
    if (pane->used == NULL)
        return;
    station_remove_source(pane->station, pane->used);
    used_values_release(&pane->used->values);
    free(pane->used);
    pane->used = NULL;
}

static text three_characters(text typed)
{
    size_t length = 0;
    for (int i = 0; i < LEAST_CHARACTERS && length < typed.length; i++)
        length += utf8_grapheme(typed.bytes + length, typed.length - length);
    return text_of(typed.bytes, length);
}

static bool begins_as(const editor_used *used, text typed)
{
    buffer kept, here;
    buffer_init(&kept, 4096);
    buffer_init(&here, 4096);
    utf8_index_form(&kept, text_from(used->begin));
    utf8_index_form(&here, three_characters(typed));
    const bool same = text_equal(buffer_text(&kept), buffer_text(&here));
    buffer_release(&kept);
    buffer_release(&here);
    return same;
}

bool editor_used_values(const editor *pane, const char *tag, char code, text typed, editor_values *out)
{
    const editor_used *used = pane->used;
    if (used == NULL || used->waits || used->code != code || strcmp(used->tag, tag) != 0 || used->values.count == 0 ||
        utf8_count(typed) < LEAST_CHARACTERS || !begins_as(used, typed))
        return false;
    out->codes = used->codes;
    out->count = used->values.count;
    out->used = true;
    (void)snprintf(out->title, sizeof out->title, "%s $$%c: used in other records", tag, code);
    return true;
}

/* What other open records have counts, too, saved or not. */
static void look_into_records(editor *pane)
{
    editor_used *used = pane->used;
    buffer folded;
    recto_error error = { 0 };
    buffer_init(&folded, 4096);
    utf8_index_form(&folded, text_from(used->begin));
    for (size_t i = 0; i < pane->station->record_count; i++)
        if (pane->station->records[i]->session != pane->session)
            used_values_of_record(&used->values, marc_edit_record(edit_of(pane->station->records[i]->session)), used->tag,
                                  used->code, buffer_text(&folded));
    (void)catalog_used_values(&used->values, station_catalog(pane->station), used->tag, used->code, text_from(used->begin),
                              &error);
    for (size_t i = 0; i < used->values.count; i++) {
        (void)snprintf(used->labels[i], sizeof used->labels[i], "%zu record%s", used->values.list[i].records,
                       used->values.list[i].records == 1 ? "" : "s");
        used->codes[i] = (marc_code){ .code = text_from(used->values.list[i].value), .label = text_from(used->labels[i]) };
    }
    buffer_release(&folded);
}

static size_t used_wanted(void *context, struct pollfd *out, size_t capacity, int *timeout_ms)
{
    const editor_used *used = context;
    (void)out;
    (void)capacity;
    const int64_t left = used->asked_at_ms + REST_MS - station_now_ms(used->pane->station);
    *timeout_ms = left > 0 ? (int)left : 0;
    return 0;
}

static bool used_step(void *context, const struct pollfd *polled, size_t count)
{
    editor_used *used = context;
    editor *pane = used->pane;
    (void)polled;
    (void)count;
    if (station_now_ms(pane->station) < used->asked_at_ms + REST_MS)
        return false;
    station_remove_source(pane->station, used);
    used->waits = false;
    if (pane->session != NULL)
        look_into_records(pane);
    return true;
}

void editor_used_wanted(editor *pane, const char *tag, char code, text typed)
{
    if (utf8_count(typed) < LEAST_CHARACTERS || !catalog_offers_used_values(tag, code))
        return;
    if (pane->used != NULL && pane->used->code == code && strcmp(pane->used->tag, tag) == 0 && begins_as(pane->used, typed))
        return;
    editor_used_release(pane);
    pane->used = calloc(1, sizeof *pane->used);
    const text begin = three_characters(typed);
    if (pane->used == NULL || begin.length >= sizeof pane->used->begin)
        return;
    memcpy(pane->used->tag, tag, sizeof pane->used->tag);
    memcpy(pane->used->begin, begin.bytes, begin.length);
    pane->used->code = code;
    pane->used->waits = true;
    pane->used->pane = pane;
    pane->used->asked_at_ms = station_now_ms(pane->station);
    station_add_source(pane->station, &(station_source){ .wanted = used_wanted, .step = used_step, .context = pane->used });
}
