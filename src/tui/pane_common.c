/* src/tui/pane_common.c - see pane_common.h. */
#include "pane_common.h"

#include "station.h"

#include "recto/catalog/headings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *zone_title(zone_kind kind)
{
    switch (kind) {
    case ZONE_INSTITUTION:
        return "Institution Zone";
    case ZONE_NETWORK:
        return "Network Zone";
    case ZONE_COMMUNITY:
        return "Community Zone";
    }
    return "All Zones";
}

void bib_letters(char out[static 4], const bib_info *info)
{
    size_t at = 0;

    out[at++] = 'S';
    if (info->suppressed)
        out[at++] = 'X';
    if (info->locked_by[0] != '\0')
        out[at++] = 'L';
    out[at] = '\0';
}

const char *record_family_cannot(mms_id id, const char *name)
{
    static const char *const of_bibs[] = { "inventory.",     "result.inventory",  "holding.",       "item.",
                                           "record.combine", "record.undo_merge", "record.matches", "record.why_match",
                                           "record.enhance", "order.create" };

    if (!catalog_is_authority(id))
        return strcmp(name, "authority.bibs") == 0 || strcmp(name, "authority.update_bibs") == 0 ? "this is no authority record"
                                                                                                 : NULL;
    for (size_t i = 0; i < sizeof of_bibs / sizeof *of_bibs; i++)
        if (strncmp(name, of_bibs[i], strlen(of_bibs[i])) == 0)
            return "this is an authority record: that is for bibs";
    return NULL;
}

const char *record_noun(mms_id id)
{
    return catalog_is_authority(id) ? "authority" : "bib";
}

void bib_inventory(char *out, size_t capacity, const bib_info *info)
{
    int physical = info->items > 0 ? info->items : info->holdings;

    if (physical > 0 && info->portfolios > 0)
        snprintf(out, capacity, "P%d E%d", physical, info->portfolios);
    else if (physical > 0)
        snprintf(out, capacity, "P%d", physical);
    else if (info->portfolios > 0)
        snprintf(out, capacity, "E%d", info->portfolios);
    else
        snprintf(out, capacity, "-");
}

const char *sync_title(char sync)
{
    switch (sync) {
    case 'H':
        return "Publish holdings only";
    case 'N':
        return "Don't publish";
    default:
        return "Publish bib";
    }
}

void format_time_short(char *out, size_t capacity, int64_t seconds, int64_t now)
{
    if (seconds <= 0)
        snprintf(out, capacity, "%s", "");
    else
        clock_format_short(out, capacity, seconds, now);
}

size_t words_on_line(text words, int columns, bool utf8)
{
    size_t end = 0;
    size_t blank = 0;
    int used = 0;

    while (end < words.length) {
        display_unit unit;

        display_next(&unit, words.bytes + end, words.length - end, utf8);
        if (used + unit.width > columns)
            break;
        used += unit.width;
        end += unit.bytes;
        if (words.bytes[end - 1] == ' ')
            blank = end;
    }
    return end < words.length && blank > 0 ? blank : end;
}

int draw_wrapped(const surface *canvas, int row, int column, int rows, role look, text words)
{
    int columns = canvas->columns - column - 1;
    int used = 0;

    while (words.length > 0 && used < rows && columns > 0) {
        size_t length = used + 1 < rows ? words_on_line(words, columns, surface_utf8(canvas)) : words.length;

        if (length == 0)
            break;
        record_content_draw(canvas, row + used, column, columns, look, text_of(words.bytes, length), true);
        words = text_of(words.bytes + length, words.length - length);
        used++;
    }
    return used > 0 ? used : 1;
}

void focus_editor(workstation *station)
{
    void *editor = station_find(station, &editor_pane);

    station_show(station, AREA_RECORDS);
    if (editor != NULL)
        station_focus(station, editor);
}

session_tie session_tie_to(edit_session *session)
{
    return (session_tie){ .session = session, .id = edit_state_of(session)->id };
}

edit_session *session_tied(const session_tie *tie, workstation *station)
{
    edit_session *focused = station_session(station);

    return focused != NULL && focused == tie->session ? focused : NULL;
}

const char *session_cannot_change(edit_session *session)
{
    const edit_state *state;

    if (session == NULL)
        return "no record is open: open the one to be changed first";
    state = edit_state_of(session);
    if (!state->view_only)
        return NULL;
    return state->view_only_reason[0] != '\0' ? state->view_only_reason : "the open record is View Only";
}

static bool has_equal_field(const marc_record *record, const marc_field *wanted)
{
    for (size_t i = marc_record_find(record, wanted->tag, 0); i != SIZE_MAX; i = marc_record_find(record, wanted->tag, i + 1))
        if (text_equal(marc_record_field(record, i)->content, wanted->content))
            return true;
    return false;
}

size_t fields_lost(buffer *tags, const marc_record *open, const marc_record *other)
{
    char last[MARC_TAG_LENGTH + 1] = "";
    size_t lost = 0;

    for (size_t i = 0; i < marc_record_count(open); i++) {
        const marc_field *field = marc_record_field(open, i);

        if (strcmp(field->tag, "001") == 0 || strcmp(field->tag, "003") == 0 || strcmp(field->tag, "005") == 0 ||
            has_equal_field(other, field))
            continue;
        lost++;
        if (strcmp(field->tag, last) == 0)
            continue;
        if (tags->length > 0)
            buffer_append_string(tags, ", ");
        buffer_append_string(tags, field->tag);
        memcpy(last, field->tag, sizeof last);
    }
    return lost;
}

void append_title(buffer *out, const marc_record *record)
{
    size_t before = out->length;

    marc_record_title(out, record);
    if (out->length == before)
        buffer_append_string(out, "(no title)");
}

void append_own_script(buffer *out, const marc_record *record)
{
    for (size_t i = marc_record_find(record, "880", 0); i != SIZE_MAX; i = marc_record_find(record, "880", i + 1)) {
        text link;

        if (!marc_field_subfield(marc_record_field(record, i), '6', &link) || !text_starts(link, TEXT("245")))
            continue;
        marc_field_join(out, marc_record_field(record, i), "abcnp");
        return;
    }
}

void ask_unsaved(workstation *station, const char *title, const char *const *lines,
                 void (*done)(workstation *station, void *context, const char *choice), void *context)
{
    static const dialog_choice choices[] = {
        { "stay", "Keep editing", 'k' }, { "save", "Save", 's' }, { "drop", "Drop the changes", 'd' }, { NULL, NULL, 0 }
    };
    station_ask(station, &(dialog){ .title = title,
                                    .lines = lines,
                                    .choices = choices,
                                    .initial = "stay",
                                    .escape = "stay",
                                    .done = done,
                                    .context = context });
}

void ask_delete_of(workstation *station, const char *title, const char *const *lines,
                   void (*done)(workstation *station, void *context, const char *choice), void *context)
{
    static const dialog_choice choices[] = { { "keep", "Keep it", 'k' }, { "delete", "Delete", 'd' }, { NULL, NULL, 0 } };
    station_ask(station, &(dialog){ .title = title,
                                    .lines = lines,
                                    .choices = choices,
                                    .initial = "keep",
                                    .escape = "keep",
                                    .done = done,
                                    .context = context });
}

void *pane_model_new(workstation *station, size_t size, const char *doing)
{
    recto_error error;
    void *made = calloc(1, size);
    if (made == NULL) {
        recto_fail_memory(&error, doing);
        station_error(station, &error);
    }
    return made;
}

bool pane_is_in_front(workstation *station, void *model)
{
    if (model == NULL)
        return false;
    station_focus(station, model);
    const open_pane *front = station_focused_pane(station);
    return front != NULL && front->model == model;
}
