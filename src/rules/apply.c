/* src/rules/apply.c - the rules of a file one after the other on a record. @spec rules.md 3.5, 4 */
#include "run.h"

#include <string.h>

static bool run_actions(run *r)
{
    for (const rule_action *action = r->rule->actions; action != NULL; action = action->next) {
        r->action = action;
        if (!action_run(r, action))
            return false;
    }
    return true;
}

bool run_rules(run *r, buffer *unfired)
{
    static const scope record = { NULL, NULL };
    for (size_t i = 0; i < r->file->count; i++) {
        r->rule = r->file->execution[i];
        r->action = NULL;
        bool holds = condition_holds(r, r->rule->when, &record);
        if (r->status != RECTO_OK)
            return false;
        if (!holds && unfired != NULL)
            explain_rule(r, unfired, r->rule);
        if (!holds)
            continue;
        r->result.rules_fired++;
        if (!run_actions(r))
            return false;
    }
    return true;
}

recto_status rule_file_apply(rule_result *out, const rule_file *file, marc_record *record, rule_trace trace, void *context,
                             recto_error *error)
{
    run r;
    if (file->language == RULES_MERGE)
        return recto_fail(error, RECTO_EINVALID, file->name, "use it with recto merge", "a merge rule needs two records");
    if (run_begin(&r, file, record, error)) {
        r.trace = trace;
        r.context = context;
        if (run_rules(&r, NULL))
            r.status = run_commit(&r, record);
    }
    if (r.status == RECTO_OK && out != NULL)
        *out = r.result;
    run_release(&r);
    return r.status;
}
