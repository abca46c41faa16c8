/* src/repo/rules.c - rule texts with their versions, and a zone's settings read by their beginning. */
#include "recto/repo/rules.h"
#include "store.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { SOURCE = 8 }; /* column behind those of a rule's row */

static void read_rule(repo_rule *out, const rows *rows)
{
    *out = (repo_rule){
        .zone = row_int(rows, 0), .version = row_int(rows, 3), .deleted = row_int(rows, 4) != 0, .saved_at = row_int64(rows, 5)
    };
    row_string(rows, 1, out->language, sizeof out->language);
    row_string(rows, 2, out->name, sizeof out->name);
    row_string(rows, 6, out->saved_by, sizeof out->saved_by);
    row_string(rows, 7, out->note, sizeof out->note);
}

typedef void (*rule_visit)(void *context, const repo_rule *rule);

static recto_status visit_rules(rows *rows, rule_visit visit, void *context)
{
    while (rows_next(rows)) {
        repo_rule rule;
        read_rule(&rule, rows);
        visit(context, &rule);
    }
    return rows_close(rows);
}

recto_status repo_rules(repo *repo, int zone, const char *language, rule_visit visit, void *context, recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_RULES, "ns", zone, language);
    return visit_rules(&rows, visit, context);
}

recto_status repo_rule_versions(repo *repo, int zone, const char *language, const char *name, rule_visit visit, void *context,
                                recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_RULE_VERSIONS, "nss", zone, language, name);
    return visit_rules(&rows, visit, context);
}

/* @return RECTO_ENOTFOUND, error not filled, when there is none. A deletion counts as a version. */
static recto_status find_rule(repo_rule *out, repo *repo, int zone, const char *language, const char *name, int version,
                              buffer *source, recto_error *error)
{
    rows rows;
    bool found = false;
    if (version == 0)
        (void)rows_open(&rows, repo, error, SQL_RULE_NEWEST, "nss", zone, language, name);
    else
        (void)rows_open(&rows, repo, error, SQL_RULE_VERSION, "nssn", zone, language, name, version);
    if (rows_next(&rows)) {
        found = true;
        read_rule(out, &rows);
        if (source != NULL && !out->deleted)
            buffer_append_text(source, row_text(&rows, SOURCE));
    }
    recto_status status = rows_close(&rows);
    if (status == RECTO_OK && source != NULL && buffer_failed(source))
        return recto_fail_memory(error, "reading a rule");
    return status == RECTO_OK && !found ? RECTO_ENOTFOUND : status;
}

recto_status repo_rule_get(repo *repo, int zone, const char *language, const char *name, int version, repo_rule *out,
                           buffer *source, recto_error *error)
{
    recto_status status = find_rule(out, repo, zone, language, name, version, source, error);
    return status == RECTO_OK && version == 0 && out->deleted ? RECTO_ENOTFOUND : status;
}

static recto_status refuse_unseen(const repo_rule *stored, int expected, recto_error *error)
{
    char when[40];
    const int seen = stored->deleted ? 0 : stored->version;
    if (seen == expected)
        return RECTO_OK;
    if (seen == 0)
        return recto_fail(error, RECTO_EREFUSED, stored->name, "save it as a new rule", "the rule is not there any more");
    clock_format_local(when, sizeof when, stored->saved_at);
    return recto_fail(error, RECTO_EREFUSED, stored->name, "nothing was saved; look at the newest version first",
                      "the rule was saved at %s by %s (version %d); your text is of version %d", when, stored->saved_by, seen,
                      expected);
}

recto_status repo_rule_put(repo *repo, repo_rule *rule, text source, int expected_version, recto_error *error)
{
    repo_rule stored = { .deleted = true };
    assert(repo->writing && "a rule is saved in a transaction");
    string_keep(stored.name, sizeof stored.name, text_from(rule->name));
    recto_status status = find_rule(&stored, repo, rule->zone, rule->language, rule->name, 0, NULL, error);
    if (status == RECTO_ENOTFOUND)
        status = RECTO_OK;
    if (status == RECTO_OK)
        status = refuse_unseen(&stored, expected_version, error);
    if (status != RECTO_OK)
        return status;
    rule->version = stored.version + 1;
    return store_run(repo, error, SQL_RULE_VERSION_ADD, "nssnnisst", rule->zone, rule->language, rule->name, rule->version,
                     (int)rule->deleted, rule->saved_at, rule->saved_by, rule->note, source);
}

recto_status repo_settings(repo *repo, int zone, const char *prefix, void (*visit)(void *context, const char *name, text value),
                           void *context, recto_error *error)
{
    rows rows;
    (void)rows_open(&rows, repo, error, SQL_SETTINGS_FROM, "ns", zone, prefix);
    while (rows_next(&rows)) {
        char name[128];
        row_string(&rows, 0, name, sizeof name);
        visit(context, name, row_text(&rows, 1));
    }
    return rows_close(&rows);
}
