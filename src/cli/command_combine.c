/* src/cli/command_combine.c - recto combine and undo-merge: two records of the repository become one with all that hangs on
 * them, after a look at what will happen; and one command takes it back. */
#include "jobs_print.h"

#include "recto/base/plural.h"
#include "merge_print.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct combine_options {
    const char *rule, *secondary, *plan, *yes;
    combine_secondary what;
    mms_id ids[2];
} combine_options;

static const struct {
    const char *name, *verb;
} ends[] = { [COMBINE_DELETE] = { "delete", "deleted" },
             [COMBINE_SUPPRESS] = { "suppress", "suppressed" },
             [COMBINE_KEEP] = { "keep", "kept" } };

/* ---- the plan */

static void print_plan_json(command_line *line, const combine_plan *plan)
{
    char id[MMS_ID_LENGTH];
    json_writer json;
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    mms_id_format(id, plan->primary);
    json_string(&json, "primary", id);
    mms_id_format(id, plan->secondary);
    json_string(&json, "secondary", id);
    json_integer(&json, "primary_version", plan->primary_version);
    json_integer(&json, "secondary_version", plan->secondary_version);
    json_string(&json, "rule", plan->rule);
    json_integer(&json, "holdings", (int64_t)plan->holdings);
    json_integer(&json, "items", (int64_t)plan->items);
    json_integer(&json, "portfolios", (int64_t)plan->portfolios);
    json_integer(&json, "relinked", (int64_t)plan->relinked);
    json_integer(&json, "linked", (int64_t)plan->linked);
    json_integer(&json, "not_mended", (int64_t)plan->not_mended);
    json_string(&json, "refusal", plan->refusal[0] == '\0' ? NULL : plan->refusal);
    json_close(&json, '}');
    print_end(line);
}

static void print_plan(command_line *line, const combine_plan *plan, combine_secondary what)
{
    print_format(line, "primary   %lld version %d: %s\nsecondary %lld version %d: %s; it will be %s\n", (long long)plan->primary,
                 plan->primary_version, plan->primary_title, (long long)plan->secondary, plan->secondary_version,
                 plan->secondary_title, ends[what].verb);
    print_format(line, "rule: %s\n", plan->rule);
    print_format(line, "moved: %zu %s, %zu %s, %zu %s\n", plan->holdings, plural(plan->holdings, "holding", "holdings"),
                 plan->items, plural(plan->items, "item", "items"), plan->portfolios,
                 plural(plan->portfolios, "portfolio", "portfolios"));
    print_format(line, "links: %zu %s will name the primary, %zu cannot be changed now; %zu linked %s\n", plan->relinked,
                 plural(plan->relinked, "record", "records"), plan->not_mended, plan->linked,
                 plural(plan->linked, "record follows", "records follow"));
    for (size_t i = 0; i < merge_result_count(plan->result); i++)
        print_merge_line(line, merge_result_line(plan->result, i));
}

static recto_status refusal_of(const combine_plan *plan, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    mms_id_format(where, plan->primary);
    return plan->why == RECTO_OK ? RECTO_OK : recto_fail(error, plan->why, where, NULL, "%s", plan->refusal);
}

/* A person at a terminal is asked; a script says --yes. */
static bool agreed(command_line *line, const combine_options *given)
{
    char answer[16] = "";
    if (given->yes != NULL)
        return true;
    output_flush(line);
    fputs("Merge them? [y/N] ", stderr);
    return fgets(answer, sizeof answer, stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y');
}

static recto_status combine(command_line *line, catalog *catalog, const combine_options *given, int *result, recto_error *error)
{
    combine_plan plan = { .result = NULL };
    int64_t job = 0;
    recto_status status = catalog_combine_plan(&plan, catalog, given->ids[0], given->ids[1], given->rule, error);
    if (status == RECTO_OK && line->json && given->plan != NULL)
        print_plan_json(line, &plan);
    else if (status == RECTO_OK && !line->json && given->yes == NULL)
        print_plan(line, &plan, given->what);
    if (status == RECTO_OK)
        status = refusal_of(&plan, error);
    if (status == RECTO_OK && given->plan == NULL) {
        if (!agreed(line, given)) {
            note("nothing was changed");
            *result = 4;
        } else {
            status = catalog_combine(&job, catalog, given->ids[0], given->ids[1], given->what, &plan, error);
            if (status == RECTO_OK)
                status = print_job_done(line, catalog, job, result, error);
        }
    }
    combine_plan_release(&plan);
    return status;
}

static bool read_end(combine_options *given)
{
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (given->secondary == NULL || strcmp(given->secondary, ends[i].name) == 0) {
            given->what = (combine_secondary)i;
            return true;
        }
    usage("--secondary is delete, suppress or keep, not '%s'", given->secondary);
    return false;
}

int command_combine(command_line *line, int argc, char **argv)
{
    combine_options given = { 0 };
    const option_value options[] = { { "rule", true, &given.rule, NULL, NULL },
                                     { "secondary", true, &given.secondary, NULL, NULL },
                                     { "plan", false, &given.plan, NULL, NULL },
                                     { "yes", false, &given.yes, NULL, NULL } };
    catalog *catalog = NULL;
    recto_error error = { 0 };
    int result = 0;
    int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands != 2)
        return operands < 0 ? 2 : usage("combine takes two MMS IDs: PRIMARY, which stays, and SECONDARY");
    for (int i = 0; i < 2; i++)
        if (!mms_id_parse(&given.ids[i], text_from(argv[i + 1])))
            return usage("'%s' is no MMS ID; it has 8 to 19 digits", argv[i + 1]);
    if (!read_end(&given))
        return 2;
    if (given.plan == NULL && given.yes == NULL && (line->json || isatty(STDIN_FILENO) != 1))
        return usage("combine needs --yes where nobody can be asked; --plan only shows what would be done");
    recto_status status = open_catalog(&catalog, line, REPO_READ_WRITE, given.plan == NULL, &error);
    if (status == RECTO_OK)
        status = combine(line, catalog, &given, &result, &error);
    catalog_close(catalog);
    return status == RECTO_OK ? result : report(&error);
}

/* ---- undo-merge */

int command_undo_merge(command_line *line, int argc, char **argv)
{
    catalog *catalog = NULL;
    recto_error error = { 0 };
    mms_id id;
    int64_t job = 0;
    int result = 0;
    int operands = read_options(argc, argv, NULL, 0);
    if (operands != 1 || !mms_id_parse(&id, text_from(argv[1])))
        return operands < 0 ? 2 : usage("undo-merge takes the MMS ID of the record that was merged into");
    recto_status status = open_catalog(&catalog, line, REPO_READ_WRITE, false, &error);
    if (status == RECTO_OK)
        status = catalog_undo_merge(&job, catalog, id, &error);
    if (status == RECTO_OK)
        status = print_job_done(line, catalog, job, &result, &error);
    catalog_close(catalog);
    return status == RECTO_OK ? result : report(&error);
}
