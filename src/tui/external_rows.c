/* src/tui/external_rows.c - external hits as rows of a list: what tells two records for one title apart (SR-48). */
#include "external_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one hit ----------------------------------------------------------------------------------------------------- */

static void fill_from(char *out, size_t capacity, const marc_record *record,
                      void (*append)(buffer *out, const marc_record *record))
{
    buffer made;

    buffer_init(&made, 0);
    append(&made, record);
    string_keep(out, capacity, buffer_text(&made));
    buffer_release(&made);
}

static void append_oclc(buffer *out, const marc_record *record)
{
    for (size_t i = marc_record_find(record, "035", 0); i != SIZE_MAX && out->length == 0;
         i = marc_record_find(record, "035", i + 1)) {
        text value;

        if (marc_field_subfield(marc_record_field(record, i), 'a', &value))
            number_oclc_key(out, value);
    }
}

/* Whose subject headings are there, one letter each: second indicators of 6XX, '7' for a source in $2 (SR-48). */
static void append_headings(buffer *out, const marc_record *record)
{
    for (size_t i = marc_record_find(record, "6XX", 0); i != SIZE_MAX; i = marc_record_find(record, "6XX", i + 1)) {
        char source = marc_field_indicator(marc_record_field(record, i), 2);

        if (source > ' ' && (out->length == 0 || memchr(out->bytes, source, out->length) == NULL))
            buffer_append_char(out, source);
    }
}

static bool is_rda(const marc_record *record)
{
    for (size_t i = marc_record_find(record, "040", 0); i != SIZE_MAX; i = marc_record_find(record, "040", i + 1)) {
        text value;

        if (marc_field_subfield(marc_record_field(record, i), 'e', &value) &&
            text_equal_ascii_case(text_trim(value), TEXT("rda")))
            return true;
    }
    return false;
}

static void fill_dates(external_row *row, const marc_record *record)
{
    text stamp = marc_record_control(record, "005");
    int64_t ticks;
    char local[32];

    fill_from(row->date, sizeof row->date, record, marc_record_date);
    if (!clock_parse_005(&ticks, stamp.bytes, stamp.length))
        return;
    clock_format_local(local, sizeof local, ticks / 10);
    string_keep(row->changed, sizeof row->changed, text_of(local, 10));
}

static void append_statement(buffer *out, const marc_record *record)
{
    buffer own;

    buffer_init(&own, 0);
    append_own_script(&own, record);
    marc_record_title_statement(out, record);
    if (own.length > 0)
        buffer_append_format(out, " = %s", buffer_string(&own));
    buffer_release(&own);
}

/* "221 pages ;" without the punctuation of what follows. */
static text without_punctuation(text value)
{
    while (value.length > 0 && strchr(" ;:,+", value.bytes[value.length - 1]) != NULL)
        value.length--;
    return value;
}

static void fill_row(external_row *row, const external_hit *hit, catalog *house)
{
    const marc_record *record = hit->record;
    const char *leader;

    row->from = hit->target;
    row->number = hit->number;
    row->readable = record != NULL;
    snprintf(row->problem, sizeof row->problem, "%s", hit->problem);
    if (record == NULL) {
        snprintf(row->title, sizeof row->title, "record %zu: %s", hit->number, hit->problem);
        return;
    }
    leader = marc_record_leader(record);
    fill_from(row->title, sizeof row->title, record, append_title);
    fill_from(row->creator, sizeof row->creator, record, marc_record_creator);
    fill_from(row->statement, sizeof row->statement, record, append_statement);
    fill_from(row->imprint, sizeof row->imprint, record, marc_record_imprint);
    fill_from(row->oclc, sizeof row->oclc, record, append_oclc);
    fill_from(row->headings, sizeof row->headings, record, append_headings);
    fill_dates(row, record);
    string_keep(row->extent, sizeof row->extent, without_punctuation(marc_record_text(record, "300", 'a')));
    string_keep(row->agency, sizeof row->agency, marc_record_text(record, "040", 'b'));
    row->rda = is_rda(record);
    row->kind[0] = leader[6];
    row->kind[1] = leader[7];
    row->level[0] = leader[17] == ' ' ? '#' : leader[17];
    row->held = catalog_already_held(house, record, &row->held_zone);
}

/* ---- all of them ------------------------------------------------------------------------------------------------- */

static const external_row *row_of_hit(const external_model *model, const external_hit *hit)
{
    for (size_t i = 0; model->rows != NULL && i < model->list.count; i++)
        if (model->rows[i].from == hit->target && model->rows[i].number == hit->number)
            return &model->rows[i];
    return NULL;
}

/* The sign of one's own encoding level first: full LC levels before brief ones. */
static int level_rank(char level)
{
    static const char order[] = "# 1 I L 4 5 7 8 2 K M 3 E J u z";
    const char *at = strchr(order, level == '\0' ? 'z' : level);

    return at == NULL ? 99 : (int)(at - order);
}

static int by_hit(const external_row *a, const external_row *b)
{
    return (a->hit > b->hit) - (a->hit < b->hit);
}

static int compare_target(const void *one, const void *other)
{
    return by_hit(one, other);
}

static int compare_date(const void *one, const void *other)
{
    const external_row *a = one;
    const external_row *b = other;
    int order = strcmp(b->date, a->date);

    return order != 0 ? order : by_hit(a, b);
}

static int compare_title(const void *one, const void *other)
{
    const external_row *a = one;
    const external_row *b = other;
    int order = strcasecmp(a->title, b->title);

    return order != 0 ? order : by_hit(a, b);
}

static int compare_level(const void *one, const void *other)
{
    const external_row *a = one;
    const external_row *b = other;
    int order = level_rank(a->level[0]) - level_rank(b->level[0]);

    return order != 0 ? order : by_hit(a, b);
}

static void find_again(external_model *model, const target *from, size_t number)
{
    for (size_t i = 0; from != NULL && i < model->list.count; i++)
        if (model->rows[i].from == from && model->rows[i].number == number) {
            model->list.current = i;
            return;
        }
    if (model->list.current >= model->list.count)
        model->list.current = model->list.count > 0 ? model->list.count - 1 : 0;
}

void external_rows_sort(external_model *model)
{
    static int (*const compare[EXTERNAL_SORTS])(const void *, const void *) = { compare_target, compare_date, compare_title,
                                                                                compare_level };
    const external_row *current = external_current(model);
    const target *from = current != NULL ? current->from : NULL;
    size_t number = current != NULL ? current->number : 0;

    if (model->rows != NULL && model->list.count > 1)
        qsort(model->rows, model->list.count, sizeof *model->rows, compare[model->sort]);
    find_again(model, from, number);
}

bool external_rows_update(external_model *model)
{
    catalog *house = station_catalog(model->station);
    size_t count = model->search != NULL ? external_search_hits(model->search) : 0;
    external_row *rows = calloc(count > 0 ? count : 1, sizeof *rows);
    const external_row *current = external_current(model);
    const target *from = current != NULL ? current->from : NULL;
    size_t number = current != NULL ? current->number : 0;

    if (rows == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const external_hit *hit = external_search_hit(model->search, i);
        const external_row *known = row_of_hit(model, hit);

        if (known != NULL)
            rows[i] = *known;
        else
            fill_row(&rows[i], hit, house);
        rows[i].hit = i;
    }
    free(model->rows);
    model->rows = rows;
    model->list.count = count;
    find_again(model, from, number);
    external_rows_sort(model);
    return true;
}

const external_row *external_current(const external_model *model)
{
    return model->list.current < model->list.count ? &model->rows[model->list.current] : NULL;
}

const external_hit *external_current_hit(const external_model *model)
{
    const external_row *row = external_current(model);

    return row != NULL && model->search != NULL && row->hit < external_search_hits(model->search)
               ? external_search_hit(model->search, row->hit)
               : NULL;
}
