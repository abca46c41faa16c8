/* src/tui/search_export.c - all results into a file, in the format that its name says (SE-40, SE-48). It overwrites nothing. */
#include "search_model.h"

#include "recto/base/plural.h"
#include "recto/base/whole_file.h"

#include <string.h>

static bool write_piece(void *context, text bytes)
{
    return whole_file_add(context, bytes, NULL) == RECTO_OK;
}

static bool format_of(search_export *out, const char *name)
{
    const char *dot = strrchr(name, '.');

    *out = (search_export){ .as_table = dot != NULL && strcmp(dot, ".csv") == 0, .format = marc_format_of_file(name) };
    return out->as_table || out->format != MARC_FORMAT_UNKNOWN;
}

static recto_status write_file(size_t *given, search_model *model, const char *name, const search_export *as, recto_error *error)
{
    const catalog_query query = search_query_of(model, 0, SIZE_MAX);
    whole_file file;

    recto_status status = whole_file_open(&file, name, WHOLE_FILE_NEW, error);
    if (status != RECTO_OK)
        return status;
    status = catalog_search_export(given, station_catalog(model->station), &query, as, write_piece, &file, error);
    return whole_file_close(&file, status, error);
}

static void name_typed(workstation *station, void *context, const char *answer)
{
    search_model *model = context;
    search_export as;
    recto_error error;
    size_t given = 0;

    if (answer == NULL || answer[0] == '\0')
        return;
    if (!format_of(&as, answer)) {
        station_say(station, "Name the file .mrc, .xml, .mrk, .json, .line or .csv: that is its format");
        return;
    }
    if (write_file(&given, model, answer, &as, &error) != RECTO_OK)
        station_error(station, &error);
    else
        station_say(station, "%zu %s written to %s", given, plural(given, "record", "records"), answer);
}

void search_ask_export(search_model *model, workstation *station)
{
    station_prompt(station, "Export all results to the file:", "", name_typed, model);
}
