/* src/tui/search_two_lines.c - a row of the results as two lines, for who has to tell editions apart: title, author, edition and
 * imprint, then number, inventory and who changed it when. Edition and imprint are never cut while there is an author to cut.
 *
 * @spec search.md SE-40, SE-42 */
#include "combine.h"
#include "remembered.h"
#include "search_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char REMEMBERED[] = "search_rows";

void search_recall_rows(search_model *model, workstation *station)
{
    buffer kept;

    buffer_init(&kept, 0);
    remembered_get(station, REMEMBERED, &kept);
    model->wants_two_lines = text_equal(buffer_text(&kept), TEXT("two"));
    buffer_release(&kept);
}

void search_toggle_rows(search_model *model, workstation *station)
{
    model->wants_two_lines = !model->wants_two_lines;
    remembered_set(station, REMEMBERED, model->wants_two_lines ? "two" : "one");
    station_say(station, model->wants_two_lines ? "Rows of two lines: edition and imprint, number, last change"
                                                : "Rows of one line, in columns");
}

bool search_two_lines(const search_model *model)
{
    return model->wants_two_lines && model->type != SEARCH_AUTHORITIES;
}

void search_forget_editions(search_model *model)
{
    for (size_t i = 0; i < SEARCH_WINDOW; i++) {
        free(model->editions[i]);
        model->editions[i] = NULL;
    }
}

/* ---- what tells editions apart ---- */

static void append_part(buffer *out, const char *before, text part)
{
    if (part.length == 0)
        return;
    buffer_append_string(out, before);
    buffer_append_text(out, part);
}

static char *read_edition(const search_model *model, const bib_info *info)
{
    marc_record *record = NULL;
    bib_info stored;
    recto_error error;
    buffer out, imprint;

    if (model->station == NULL || catalog_load(station_catalog(model->station), info->id, &record, &stored, &error) != RECTO_OK)
        return strdup("");
    buffer_init(&out, 0);
    buffer_init(&imprint, 0);
    append_part(&out, " - ", text_trim(marc_record_text(record, "250", 'a')));
    marc_record_imprint(&imprint, record);
    append_part(&out, " - ", imprint.length > 0 ? buffer_text(&imprint) : text_from(info->date));
    marc_record_free(record);
    buffer_release(&imprint);
    char *edition = strdup(buffer_string(&out));
    buffer_release(&out);
    return edition;
}

/* Read when the row is first drawn, and kept as long as the window is. */
static const char *edition_of(search_model *model, size_t index)
{
    char **edition = &model->editions[index - model->window];

    if (*edition == NULL)
        *edition = read_edition(model, search_row(model, index));
    return *edition != NULL ? *edition : "";
}

/* ---- drawing ---- */

static int width_of(const surface *canvas, const char *words)
{
    return display_width(text_from(words), surface_utf8(canvas));
}

static void draw_first(search_model *model, size_t index, const surface *canvas, int row, int left)
{
    const bib_info *info = search_row(model, index);
    const int room = canvas->columns - left - 1;
    const char *title = info->deleted ? "(deleted)" : info->title[0] != '\0' ? info->title : "(no title)";
    const char *edition = info->deleted ? "" : edition_of(model, index);
    const char *creator = info->deleted ? "" : info->creator;
    int tail = width_of(canvas, edition);
    int at = left;

    if (tail > room / 2 && tail + width_of(canvas, title) > room)
        tail = room - width_of(canvas, title) > room / 2 ? room - width_of(canvas, title) : room / 2;
    at += surface_data(canvas, row, at, room - tail, ROLE_TEXT, text_from(title), true);
    const int author = left + room - tail - at - 3; /* what is left for the author, behind " / " */
    if (creator[0] != '\0' && author > 4) {
        at += surface_put(canvas, row, at, ROLE_TEXT, " / ");
        at += surface_data(canvas, row, at, author, ROLE_TEXT, text_from(creator), true);
    }
    surface_data(canvas, row, at, left + room - at, ROLE_TEXT, text_from(edition), true);
}

static void draw_second(const bib_info *info, const surface *canvas, int row, int left)
{
    enum { MINUTES = 16 };
    char id[MMS_ID_LENGTH], inventory[32], modified[32], line[320];

    mms_id_format(id, info->id);
    bib_inventory(inventory, sizeof inventory, info);
    clock_format_local(modified, sizeof modified, info->modified_at);
    snprintf(line, sizeof line, "%s  %s  mod %.*s %s%s%s%s%s", id, inventory, MINUTES, modified, info->modified_by,
             info->oclc[0] != '\0' ? "  OCLC " : "", info->oclc, info->isbn[0] != '\0' ? "  ISBN " : "", info->isbn);
    surface_data(canvas, row, left, canvas->columns - left - 1, ROLE_TEXT_DIM, text_from(line), true);
}

void search_draw_two_lines(search_model *model, size_t index, int digits, const surface *canvas, int row)
{
    enum { ZONE_COLUMNS = 4 };
    const bib_info *info = search_row(model, index);
    char letters[4], zone[4];
    int at = 2 + digits;

    surface_format(canvas, row, 1, ROLE_TEXT_DIM, "%*zu", digits, index + 1);
    if (index == model->list.current)
        surface_put(canvas, row, 0, ROLE_TEXT, ">");
    if (info == NULL)
        return;
    if (search_is_selected(model, info->id))
        surface_put(canvas, row, 1, ROLE_MARK_CHANGED, "+");
    if (model->station != NULL && combine_is_marked(model->station, info->id))
        surface_put(canvas, row, 1, ROLE_MARK_CHANGED, "<");
    search_format_zone(zone, model, index);
    surface_put(canvas, row, at, ROLE_TEXT, zone);
    at += ZONE_COLUMNS;
    bib_letters(letters, info);
    surface_put(canvas, row, at, info->locked_by[0] != '\0' ? ROLE_ALERT_WARNING : ROLE_TEXT, letters);
    at += 3 + (letters[1] != '\0' && letters[2] != '\0');
    draw_first(model, index, canvas, row, at);
    if (!info->deleted)
        draw_second(info, canvas, row + 1, at);
    if (index == model->list.current && model->focus == FOCUS_LIST)
        surface_mark_row(canvas, row);
}
