/* src/cli/command_demo.c - recto demo: a library with records of many scripts, a "WorldCat" on loopback, and the workstation.
 *
 * Without a directory everything lies in a temporary one that goes away at the end; the target is a child process that ends
 * with this one, whatever the cause. */
#include "command_line.h"
#include "demo_records.h"

#include "recto/service/z3950_server.h"
#include "recto/tui/tui.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char institution[] = "01EXAMPLE", network[] = "01LAKES_NETWORK";

typedef struct demo {
    command_line *line;
    char directory[400], library[440], worldcat[440];
    bool temporary;
    catalog *catalog, *union_catalog;
    size_t counts[4]; /* institution, network, community, "WorldCat" */
} demo;

static recto_status make_directory(demo *demo, const char *wanted, recto_error *error)
{
    const char *temporary = getenv("TMPDIR");
    if (wanted != NULL)
        snprintf(demo->directory, sizeof demo->directory, "%s", wanted);
    else
        snprintf(demo->directory, sizeof demo->directory, "%s/recto-demo-XXXXXX",
                 temporary != NULL && temporary[0] == '/' ? temporary : "/tmp");
    demo->temporary = wanted == NULL;
    if (wanted == NULL ? mkdtemp(demo->directory) == NULL : mkdir(demo->directory, 0700) != 0 && errno != EEXIST)
        return recto_fail_system(error, errno, demo->directory, "cannot make the directory of the demonstration");
    snprintf(demo->library, sizeof demo->library, "%s/library.db", demo->directory);
    snprintf(demo->worldcat, sizeof demo->worldcat, "%s/worldcat.db", demo->directory);
    return RECTO_OK;
}

static recto_status open_demo(catalog **out, const command_line *line, const char *path, bool with_session, recto_error *error)
{
    char login[64];
    migration_words words = { 0 };
    login_name(login, sizeof login);
    catalog_options options = { .repository = path,
                                .user = line->user,
                                .login = login,
                                .owns_file = true,
                                .clock = line->clock,
                                .mode = REPO_READ_WRITE,
                                .tell_migration = tell_migration,
                                .tell_context = &words,
                                .with_session = with_session };
    return catalog_open(out, &options, error);
}

static recto_status create(demo *demo, recto_error *error)
{
    char login[64];
    const char *const institutions[] = { institution }, *const unions[] = { "WORLDCAT" };
    repo_plan library = { institutions, 1, network, login_name(login, sizeof login), recto_clock_now(&demo->line->clock) };
    repo_plan worldcat = { unions, 1, NULL, library.owner, library.now };
    recto_status status = repo_create(demo->library, &library, error);
    return status == RECTO_OK ? repo_create(demo->worldcat, &worldcat, error) : status;
}

/* A holdings record and an item for what stands on a shelf. */
static recto_status add_inventory(catalog *catalog, mms_id bib, size_t number, recto_error *error)
{
    static const char *const materials[] = { "BOOK", "BOOK", "BOOK", "MEDIA" };
    marc_record *record = NULL;
    item item = { .copy = 1 };
    recto_status status = catalog_holding_template(&record, catalog, bib, error);
    if (status == RECTO_OK)
        status = catalog_holding_save(catalog, &item.holding, bib, record, 0, error);
    snprintf(item.barcode, sizeof item.barcode, "3011200%07zu", number);
    snprintf(item.material, sizeof item.material, "%s", materials[number % 4]);
    if (status == RECTO_OK)
        status = catalog_item_save(catalog, &item, error);
    marc_record_free(record);
    return status;
}

/* The union catalog's records stay as they are, 001 and 005 too: that is what a target would send. */
static recto_status keep_in_worldcat(catalog *catalog, const demo_record *record, recto_error *error)
{
    repo *repo = catalog_repo(catalog);
    int version = 0;
    bib_write write = { .zone = catalog_zone(catalog, ZONE_INSTITUTION)->id,
                        .record = record->record,
                        .user = catalog_user(catalog),
                        .origin = "demo",
                        .note = "",
                        .now = catalog_now(catalog),
                        .suppressed = -1 };
    recto_status status = repo_begin(repo, error);
    if (status == RECTO_OK)
        status = repo_bib_new_id(repo, write.zone, &write.id, error);
    if (status == RECTO_OK)
        status = repo_bib_write(repo, &write, &version, error);
    if (status == RECTO_OK)
        return repo_commit(repo, error);
    repo_rollback(repo);
    return status;
}

static recto_status keep_in_library(catalog *catalog, const demo_record *record, recto_error *error)
{
    const ingest_policy *policy = catalog_policy("load");
    ingest_request request = { .record = record->record,
                               .zone = catalog_zone(catalog, (zone_kind)record->place)->id,
                               .policy = policy };
    ingest_outcome outcome = { 0 };
    recto_status status = catalog_ingest(&outcome, catalog, &request, error);
    if (status == RECTO_OK && outcome.kind != OUTCOME_ADDED)
        status = recto_fail(error, RECTO_EDATA, "data/demo", NULL, "record %zu: %s", record->number, outcome.message);
    if (status == RECTO_OK && record->place == DEMO_INSTITUTION && record->physical)
        status = add_inventory(catalog, outcome.id, record->number, error);
    ingest_outcome_release(&outcome);
    return status;
}

static recto_status keep_record(void *context, const demo_record *record, recto_error *error)
{
    static const char places[4] = { DEMO_INSTITUTION, DEMO_NETWORK, DEMO_COMMUNITY, DEMO_WORLDCAT };
    demo *demo = context;
    demo->counts[(const char *)memchr(places, record->place, sizeof places) - places]++;
    return record->place == DEMO_WORLDCAT ? keep_in_worldcat(demo->union_catalog, record, error)
                                          : keep_in_library(demo->catalog, record, error);
}

static recto_status fill(demo *demo, recto_error *error)
{
    recto_status status = create(demo, error);
    if (status == RECTO_OK)
        status = open_demo(&demo->catalog, demo->line, demo->library, false, error);
    if (status == RECTO_OK)
        status = open_demo(&demo->union_catalog, demo->line, demo->worldcat, false, error);
    if (status == RECTO_OK)
        status = demo_records(keep_record, demo, error);
    catalog_close(demo->catalog);
    catalog_close(demo->union_catalog);
    demo->catalog = demo->union_catalog = NULL;
    return status;
}

/* Only the local target: the demonstration asks nobody outside of this machine. */
static recto_status only_target(target_list **out, void *context, recto_error *error)
{
    const int *port = context;
    recto_status status = target_list_new(out, error);
    return status == RECTO_OK ? target_list_add_address(*out, "demo", "WorldCat", "127.0.0.1", *port, "OLUCWorldCat", error)
                              : status;
}

static recto_status open_station(demo *demo, recto_error *error)
{
    pid_t pid = 0;
    int port = 0;
    service_z3950_options serving = { .repository = demo->worldcat,
                                      .database = "OLUCWorldCat",
                                      .as_union_catalog = true,
                                      .quiet = true,
                                      .clock = demo->line->clock };
    recto_status status = service_z3950_spawn(&pid, &port, &serving, error);
    if (status == RECTO_OK)
        status = open_demo(&demo->catalog, demo->line, demo->library, true, error);
    if (status == RECTO_OK) {
        tui_options options = { .catalog = demo->catalog,
                                .open_targets = only_target,
                                .targets_context = &port,
                                .keymap = demo->line->keymap,
                                .theme = demo->line->theme,
                                .guided_tour = demo->line->linear == NULL,
                                .linear = demo->line->linear != NULL };
        status = tui_run(&options, error);
    }
    catalog_close(demo->catalog);
    service_stop(pid);
    return status;
}

static void remove_files(const demo *demo)
{
    static const char *const endings[] = { "", "-wal", "-shm", "-queue" };
    char path[480];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(path, sizeof path, "%s%s", demo->library, endings[i]);
        unlink(path);
        snprintf(path, sizeof path, "%s%s", demo->worldcat, endings[i]);
        unlink(path);
    }
    rmdir(demo->directory);
}

static void tell(const demo *demo)
{
    if (demo->counts[0] > 0)
        print_format(demo->line,
                     "Made %s: %zu records of the institution, %zu of the network, %zu of the community zone; %zu in the local "
                     "\"WorldCat\".\n",
                     demo->directory, demo->counts[0], demo->counts[1], demo->counts[2], demo->counts[3]);
    output_flush(demo->line);
}

int command_demo(command_line *line, int argc, char **argv)
{
    const char *make_only = NULL;
    const option_value options[] = { { "make-only", false, &make_only, NULL, NULL } };
    demo demo = { .line = line };
    recto_error error = { 0 };
    int operands = read_options(argc, argv, options, 1);
    if (operands < 0 || operands > 1)
        return operands < 0 ? 2 : usage("demo takes at most one directory");
    if (make_only != NULL && operands == 0)
        return usage("--make-only needs a directory");
    recto_status status = make_directory(&demo, operands == 1 ? argv[1] : NULL, &error);
    if (status == RECTO_OK && access(demo.library, F_OK) != 0)
        status = fill(&demo, &error);
    if (status == RECTO_OK) {
        tell(&demo);
        status = make_only != NULL ? RECTO_OK : open_station(&demo, &error);
    }
    if (demo.temporary && demo.directory[0] != '\0')
        remove_files(&demo);
    return status == RECTO_OK ? 0 : report(&error);
}
