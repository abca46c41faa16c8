/* src/tui/search_authorities.c - authority records in the results: heading, kind, source, references, and bibs that have it. */
#include "combine.h"
#include "search_model.h"

#include "recto/catalog/headings.h"

#include <stdio.h>
#include <string.h>

enum {
    COLUMN_NUMBER,
    COLUMN_STATE,
    COLUMN_HEADING,
    COLUMN_KIND,
    COLUMN_SOURCE,
    COLUMN_REFERENCES,
    COLUMN_BIBS,
    COLUMN_ZONE,
    COLUMN_AGE,
    COLUMN_MODIFIED,
    COLUMN_BY,
    COLUMN_COUNT
};
static const list_column columns[COLUMN_COUNT] = {
    { "   #", 4, 0, 0, 0 },    { "St", 2, 0, 0, 0 },          { "Heading", 20, 16, 0, 0 }, { "Kind", 14, 3, 64, 0 },
    { "Source", 6, 0, 56, 0 }, { "Refs", 4, 0, 40, 0 },       { "Bibs", 5, 0, 40, 0 },     { "Z", 1, 0, 0, 0 },
    { "Mod", 5, 0, 72, 120 },  { "Modified", 10, 0, 120, 0 }, { "By", 8, 1, 120, 0 },
};

void search_authority_columns(list_column out[static LIST_COLUMNS_MAX], size_t *count)
{
    memcpy(out, columns, sizeof columns);
    *count = COLUMN_COUNT;
}

const struct search_uses *search_uses_of(const search_model *model, size_t index)
{
    const bib_info *info = search_row(model, index);
    search_model *known = (search_model *)model; /* what is read for a row is kept: drawing it again costs nothing */
    authority_info about;
    recto_error error;

    if (info == NULL || !catalog_is_authority(info->id) || index - model->window >= SEARCH_WINDOW || model->station == NULL)
        return NULL;
    struct search_uses *uses = &known->uses[index - model->window];
    if (uses->known)
        return uses;
    uses->known = true;
    if (catalog_authority_counts(&uses->references, &uses->bibs, station_catalog(model->station), info->id, &error) != RECTO_OK)
        uses->references = uses->bibs = 0;
    if (catalog_authority_load(station_catalog(model->station), info->id, 0, NULL, &about, &error) == RECTO_OK)
        memcpy(uses->vocabulary, about.vocabulary, sizeof uses->vocabulary);
    return uses;
}

static void write_count(char out[static 24], size_t count)
{
    snprintf(out, 24, "%5zu", count);
}

void search_draw_authority(const search_model *model, size_t index, const list_layout *layout, const surface *canvas, int row)
{
    const bib_info *info = search_row(model, index);
    const struct search_uses *uses = search_uses_of(model, index);
    const bool current = index == model->list.current && model->focus == FOCUS_LIST;
    char number[24], letters[4], zone[2] = { '\0', '\0' }, age[32], modified[32] = "";

    snprintf(number, sizeof number, "%*zu", layout->width[COLUMN_NUMBER], index + 1);
    list_layout_cell(layout, COLUMN_NUMBER, canvas, row, ROLE_TEXT_DIM, number);
    if (index == model->list.current)
        surface_put(canvas, row, 0, ROLE_TEXT, ">");
    if (info == NULL)
        return;
    bib_letters(letters, info);
    zone[0] = model->row_zones[index - model->window];
    clock_format_age(age, sizeof age, info->modified_at, model->now);
    if (layout->width[COLUMN_MODIFIED] > 0)
        clock_format_local(modified, sizeof modified, info->modified_at);
    modified[strlen(modified) > 10 ? 10 : strlen(modified)] = '\0';
    list_layout_cell(layout, COLUMN_STATE, canvas, row, info->locked_by[0] != '\0' ? ROLE_ALERT_WARNING : ROLE_TEXT, letters);
    list_layout_cell(layout, COLUMN_HEADING, canvas, row, ROLE_TEXT, info->title[0] != '\0' ? info->title : "(no heading)");
    list_layout_cell(layout, COLUMN_KIND, canvas, row, ROLE_TEXT, info->material);
    list_layout_cell(layout, COLUMN_ZONE, canvas, row, ROLE_TEXT, zone);
    list_layout_cell(layout, COLUMN_AGE, canvas, row, ROLE_TEXT_DIM, age);
    list_layout_cell(layout, COLUMN_MODIFIED, canvas, row, ROLE_TEXT_DIM, modified);
    list_layout_cell(layout, COLUMN_BY, canvas, row, ROLE_TEXT, info->modified_by);
    if (uses != NULL) {
        list_layout_cell(layout, COLUMN_SOURCE, canvas, row, ROLE_TEXT, uses->vocabulary);
        write_count(number, uses->references);
        list_layout_cell(layout, COLUMN_REFERENCES, canvas, row, ROLE_TEXT, number + 1);
        write_count(number, uses->bibs);
        list_layout_cell(layout, COLUMN_BIBS, canvas, row, ROLE_TEXT, number);
    }
    if (current)
        surface_mark_row(canvas, row);
}

/* "Twain, Mark, 1835-1910. Not: Clemens, Samuel. See also: ..." and its numbers. */
void search_describe_authority(search_model *model, const marc_record *record, const bib_info *info)
{
    static const struct {
        const char *tag, *lead;
    } told[] = { { "4XX", "Not: " }, { "5XX", "See also: " } };
    char id[MMS_ID_LENGTH];
    authority_info about = { .version = 0 };
    recto_error error;
    buffer words;

    buffer_init(&words, 0);
    append_title(&words, record);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        bool begun = false;
        for (size_t at = marc_record_find(record, told[i].tag, 0); at != SIZE_MAX;
             at = marc_record_find(record, told[i].tag, at + 1)) {
            buffer_append_string(&words, begun ? "; " : search_sentence_end(&words));
            buffer_append_string(&words, begun ? "" : told[i].lead);
            marc_field_join(&words, marc_record_field(record, at), "abcdfghjklmnopqrstvxyz");
            begun = true;
        }
    }
    string_keep(model->statement, sizeof model->statement, buffer_text(&words));
    buffer_release(&words);
    mms_id_format(id, info->id);
    if (model->station == NULL ||
        catalog_authority_load(station_catalog(model->station), info->id, 0, NULL, &about, &error) != RECTO_OK)
        about.control[0] = '\0';
    snprintf(model->numbers, sizeof model->numbers, "MMS %s   %s   %s%s%s", id, info->material,
             strcmp(about.control, id) == 0 ? "" : about.control, about.vocabulary[0] != '\0' ? "   " : "", about.vocabulary);
}
