/* src/cli/command_authority.c - recto authority: the bibs of an authority record, and giving them its changed heading. */
#include "command_line.h"
#include "recto/base/plural.h"
#include "recto/catalog/headings.h"

#include <stdlib.h>
#include <string.h>

static recto_status find_bibs(mms_id **ids, size_t *count, catalog *catalog, const char *what, mms_id id, recto_error *error)
{
    marc_record *record = NULL;
    if (strcmp(what, "former") == 0)
        return catalog_authority_former_bibs(ids, count, catalog, id, error);
    recto_status status = catalog_authority_load(catalog, id, 0, &record, NULL, error);
    if (status == RECTO_OK)
        status = catalog_authority_bibs(ids, count, catalog, record, error);
    marc_record_free(record);
    return status;
}

static void print_bib(command_line *line, catalog *catalog, mms_id id)
{
    bib_info info;
    json_writer json;
    if (repo_bib_info(catalog_repo(catalog), id, &info, catalog_now(catalog), NULL) != RECTO_OK)
        return;
    if (line->json) {
        json_init(&json, &line->out);
        json_open(&json, NULL, '{');
        print_bib_json(&json, &info, catalog);
        json_close(&json, '}');
    } else {
        print_format(line, "%lld\t%s\t%s\t%s", (long long)id, info.title, info.creator, info.date);
    }
    print_end(line);
}

static int list_bibs(command_line *line, const char *what, mms_id id)
{
    catalog *catalog = NULL;
    mms_id *ids = NULL;
    size_t count = 0;
    recto_error error = { 0 };
    recto_status status = open_catalog(&catalog, line, REPO_READ_ONLY, false, &error);
    if (status == RECTO_OK)
        status = find_bibs(&ids, &count, catalog, what, id, &error);
    for (size_t i = 0; status == RECTO_OK && i < count; i++)
        print_bib(line, catalog, ids[i]);
    free(ids);
    catalog_close(catalog);
    return status == RECTO_OK ? count == 0 : report(&error);
}

static void print_job(command_line *line, const catalog_job *job)
{
    json_writer json;
    if (!line->json) {
        print_format(line, "job %lld: %zu %s changed, %zu skipped; `recto job revert %lld` takes it back\n", (long long)job->id,
                     job->changed, plural(job->changed, "bib", "bibs"), job->skipped + job->unchanged + job->failed,
                     (long long)job->id);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_integer(&json, "job", job->id);
    json_integer(&json, "changed", (int64_t)job->changed);
    json_integer(&json, "unchanged", (int64_t)job->unchanged);
    json_integer(&json, "skipped", (int64_t)job->skipped);
    json_integer(&json, "failed", (int64_t)job->failed);
    json_close(&json, '}');
    print_end(line);
}

static int update_bibs(command_line *line, mms_id id)
{
    catalog *catalog = NULL;
    int64_t number = 0;
    catalog_job job = { .id = 0 };
    recto_error error = { 0 };
    recto_status status = open_catalog(&catalog, line, REPO_READ_WRITE, false, &error);
    if (status == RECTO_OK)
        status = catalog_authority_update_bibs(&number, catalog, id, NULL, NULL, &error);
    if (status == RECTO_OK)
        status = catalog_job_get(&job, catalog, number, &error);
    if (status == RECTO_OK)
        print_job(line, &job);
    catalog_close(catalog);
    if (status == RECTO_ENOTFOUND)
        note("%s", error.what);
    return status == RECTO_OK ? job.changed == 0 : status == RECTO_ENOTFOUND ? 1 : report(&error);
}

int command_authority(command_line *line, int argc, char **argv)
{
    mms_id id;
    int operands = read_options(argc, argv, NULL, 0);
    if (operands != 2)
        return operands < 0 ? 2 : usage("authority takes bibs, former or update, and the MMS ID of an authority record");
    if (!mms_id_parse(&id, text_from(argv[2])) || !catalog_is_authority(id))
        return usage("'%s' is no MMS ID of an authority record; they begin with 98 and have 8 to 19 digits", argv[2]);
    if (strcmp(argv[1], "bibs") == 0 || strcmp(argv[1], "former") == 0)
        return list_bibs(line, argv[1], id);
    if (strcmp(argv[1], "update") == 0)
        return update_bibs(line, id);
    return usage("authority takes bibs, former or update, not '%s'", argv[1]);
}
