/* src/catalog/search_export.c - all hits of a search as bytes: records in any format, or the columns of the list as CSV (SE-48).
 *
 * Hits are read in pages and records one by one, so that a result of any size needs the same memory. */
#include "recto/catalog/lists.h"
#include "inside.h"

#include <stdio.h>
#include <string.h>

enum { PAGE = 1000 };

typedef struct export
{
    catalog *catalog;
    bool as_table;
    marc_writer_options writing;
    buffer out;
    size_t given;
    bool (*write)(void *context, text bytes);
    void *context;
    recto_error *error;
}
export;

bool catalog_export_named(search_export *out, const char *name)
{
    *out = (search_export){ .as_table = strcmp(name, "csv") == 0, .format = marc_format_named(name) };
    return out->as_table || out->format != MARC_FORMAT_UNKNOWN;
}

/* ---- as a table ---- */

static void append_cell(buffer *out, const char *value, bool last)
{
    const bool quoted = strpbrk(value, ",\"\r\n") != NULL;
    if (quoted)
        buffer_append_char(out, '"');
    for (; *value != '\0'; value++) {
        if (*value == '"')
            buffer_append_char(out, '"');
        buffer_append_char(out, *value);
    }
    buffer_append_string(out, quoted ? "\"" : "");
    buffer_append_string(out, last ? "\r\n" : ","); /* RFC 4180 */
}

static const char *zone_code(zone_kind kind)
{
    return kind == ZONE_INSTITUTION ? "iz" : kind == ZONE_NETWORK ? "nz" : "cz";
}

static void append_row(buffer *out, const catalog *catalog, const bib_info *info)
{
    char id[MMS_ID_LENGTH], modified[CLOCK_ISO_LENGTH], created[CLOCK_ISO_LENGTH], counts[3][16];
    const repo_zone *zone = catalog_zone_by_id(catalog, info->zone);
    mms_id_format(id, info->id);
    clock_format_iso(modified, info->modified_at);
    clock_format_iso(created, info->created_at);
    const int numbers[3] = { info->holdings, info->items, info->portfolios };
    for (size_t i = 0; i < 3; i++)
        (void)snprintf(counts[i], sizeof counts[i], "%d", numbers[i]);
    const char *const cells[] = { id,
                                  zone != NULL ? zone_code(zone->kind) : "",
                                  info->title,
                                  info->creator,
                                  info->date,
                                  info->material,
                                  info->oclc,
                                  info->isbn,
                                  info->issn,
                                  modified,
                                  info->modified_by,
                                  created,
                                  info->created_by,
                                  info->originating_system,
                                  counts[0],
                                  counts[1],
                                  counts[2] };
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
        append_cell(out, cells[i], i + 1 == sizeof cells / sizeof *cells);
}

static const char table_head[] = "mms_id,zone,title,creator,date,material,oclc,isbn,issn,modified,modified_by,created,created_by,"
                                 "originating_system,holdings,items,portfolios\r\n";

/* ---- pages ---- */

static recto_status hand_over(export *export)
{
    recto_status status = RECTO_OK;
    if (buffer_failed(&export->out))
        status = recto_fail_memory(export->error, "writing the results");
    else if (!export->write(export->context, buffer_text(&export->out)))
        status = recto_fail(export->error, RECTO_EIO, NULL, "see that there is room", "the results cannot be written");
    buffer_clear(&export->out);
    return status;
}

static recto_status give(export *export, const bib_info *info)
{
    marc_record *record = NULL;
    bib_info now;
    if (export->as_table) {
        append_row(&export->out, export->catalog, info);
        return hand_over(export);
    }
    recto_status status = catalog_load(export->catalog, info->id, &record, &now, export->error);
    if (status == RECTO_ENOTFOUND) { /* it went meanwhile */
        recto_error_clear(export->error);
        return RECTO_OK;
    }
    if (status == RECTO_OK)
        status = marc_write_record(&export->out, record, &export->writing, export->error);
    marc_record_free(record);
    return status == RECTO_OK ? hand_over(export) : status;
}

static recto_status give_page(export *export, const catalog_query *query, size_t *given)
{
    catalog_hits hits;
    recto_status status = catalog_search(&hits, export->catalog, query, export->error);
    *given = 0;
    if (status != RECTO_OK)
        return status;
    for (size_t i = 0; i < hits.row_count && status == RECTO_OK; i++)
        status = give(export, &hits.rows[i]);
    *given = hits.row_count;
    catalog_hits_release(&hits);
    return status;
}

static recto_status give_all(export *export, const catalog_query *query)
{
    catalog_query page = *query;
    recto_status status = RECTO_OK;
    for (size_t got = PAGE; status == RECTO_OK && got == PAGE && export->given < query->limit; export->given += got) {
        page.offset = export->given;
        page.limit = query->limit - export->given < PAGE ? query->limit - export->given : PAGE;
        status = give_page(export, &page, &got);
    }
    return status;
}

recto_status catalog_search_export(size_t *given, catalog *catalog, const catalog_query *query, const search_export *as,
                                   bool (*write)(void *context, text bytes), void *context, recto_error *error)
{
    export export = { .catalog = catalog,
                      .as_table = as->as_table,
                      .writing = { .format = as->format },
                      .write = write,
                      .context = context,
                      .error = error };
    recto_status status = RECTO_OK;
    buffer_init(&export.out, 0);
    if (as->as_table)
        buffer_append_string(&export.out, table_head);
    else
        status = marc_write_begin(&export.out, &export.writing, error);
    if (status == RECTO_OK)
        status = give_all(&export, query);
    if (status == RECTO_OK && !as->as_table)
        status = marc_write_end(&export.out, &export.writing, error);
    if (status == RECTO_OK)
        status = hand_over(&export);
    buffer_release(&export.out);
    *given = export.given;
    return status;
}
