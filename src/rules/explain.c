/* src/rules/explain.c - why a rule did not fire, in words: "rule 'Brief 10': exists LDR.{17,1} is false". */
#include "run.h"

#include "recto/base/utf8.h"

static const scope whole_record = { NULL, NULL };

static void append_shown(buffer *out, text piece)
{
    display_append(out, piece, true);
}

static void say_test(buffer *out, const condition *test, bool holds)
{
    static const char *const names[] = { [CONDITION_EXISTS] = "exists",
                                         [CONDITION_EXISTS_CONTROL] = "existsControl",
                                         [CONDITION_EXISTS_MORE] = "existsMoreThanOnce",
                                         [CONDITION_DUPLICATES] = "recordHasDuplicateSubfields" };
    if (test->kind < CONDITION_EXISTS) {
        buffer_append_string(out, test->kind == CONDITION_TRUE ? "TRUE" : "FALSE");
    } else {
        buffer_append_format(out, "%s ", names[test->kind]);
        append_shown(out, test->path.source.raw);
    }
    buffer_append_string(out, holds ? " is true" : " is false");
}

/* The tests that decided: of an AND the first that fails, of an OR all of them. */
static void say_why(run *r, buffer *out, const condition *at, bool holds)
{
    bool one_decides = at->kind == CONDITION_ALL ? !holds : holds;
    const char *between = "";
    if (at->kind == CONDITION_NOT) {
        say_why(r, out, at->first, !holds);
        return;
    }
    if (at->kind != CONDITION_ALL && at->kind != CONDITION_ANY) {
        say_test(out, at, holds);
        return;
    }
    for (const condition *part = at->first; part != NULL; part = part->next) {
        if (condition_holds(r, part, &whole_record) != holds)
            continue;
        buffer_append_string(out, between);
        say_why(r, out, part, holds);
        if (one_decides)
            return;
        between = " and ";
    }
}

void explain_rule(run *r, buffer *out, const rule_node *rule)
{
    buffer_append_string(out, "rule '");
    append_shown(out, rule->name.raw);
    buffer_append_string(out, "': ");
    say_why(r, out, rule->when, false);
    buffer_append_string(out, "\n");
}

void rule_file_explain(buffer *out, const rule_file *file, const marc_record *record)
{
    recto_error error = { 0 };
    char line[RECTO_ERROR_WHAT + RECTO_ERROR_WHERE + RECTO_ERROR_TODO];
    run r;
    if (file->language == RULES_MERGE)
        return; /* a merge rule has no condition */
    if (!run_begin(&r, file, record, &error) || !run_rules(&r, out)) {
        recto_error_line(line, sizeof line, &error);
        buffer_append_format(out, "%s\n", line);
        out->failed = out->failed || error.status == RECTO_ENOMEM;
    }
    run_release(&r);
}
