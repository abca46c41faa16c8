/* src/rules/conditions.c - whether a `when` or an `if` holds. @spec rules.md 3.2 */
#include "run.h"

#include <string.h>

enum { BYTES_A_STEP = 256 };

static bool in_scope(const scope *scope, const work_field *field)
{
    return scope->tag == NULL || tag_pattern_matches(scope->tag, field->tag);
}

static bool spend(run *r, const work_field *field)
{
    return run_step(r, 1 + field->content.length / BYTES_A_STEP);
}

static bool test_exists(run *r, const rule_path *path, const scope *scope)
{
    if (scope->only != NULL)
        return field_matches(path, scope->only);
    if (path->control && tag_pattern_is_leader(&path->tag))
        return in_scope(scope, &r->leader) && field_matches(path, &r->leader);
    if (!run_may_occur(r, &path->tag))
        return false;
    for (size_t i = 0; i < r->count; i++) {
        const work_field *field = &r->fields[i];
        if (field_fits(path, field) && (!spend(r, field) || (in_scope(scope, field) && field_matches(path, field))))
            return r->status == RECTO_OK;
    }
    return false;
}

/* [U] What is counted: subfields that fit when the path names one, else fields. */
static size_t count_in(const rule_path *path, const work_field *field)
{
    subfield at = { .next = 0 };
    size_t count = 0;
    if (path->code == '\0' || !field_fits(path, field))
        return field_matches(path, field);
    while (subfield_next(field, at.next, &at))
        count += subfield_fits(path, &at);
    return count;
}

static bool test_more(run *r, const rule_path *path, const scope *scope)
{
    size_t count = 0;
    if (scope->only != NULL)
        return count_in(path, scope->only) > 1;
    for (size_t i = 0; i < r->count && count < 2 && spend(r, &r->fields[i]); i++)
        if (in_scope(scope, &r->fields[i]))
            count += count_in(path, &r->fields[i]);
    return count > 1;
}

static bool is_listed(text codes, char code)
{
    return code != '\0' && codes.length > 0 && memchr(codes.bytes, code, codes.length) != NULL;
}

/* [U] Two equal subfields of one of the codes within one field; with a third text, of values that match it. */
static bool has_duplicates(run *r, const condition *test, const work_field *field)
{
    subfield one = { .next = 0 };
    if (!field_fits(&test->path, field))
        return false;
    while (subfield_next(field, one.next, &one)) {
        subfield other = { .next = one.next };
        if (!is_listed(test->codes.raw, one.code) || (test->has_value && !glob_matches(&test->pattern, one.value)))
            continue;
        while (run_step(r, 1) && subfield_next(field, other.next, &other))
            if (text_equal(one.whole, other.whole))
                return true;
    }
    return false;
}

static bool test_duplicates(run *r, const condition *test, const scope *scope)
{
    if (scope->only != NULL)
        return has_duplicates(r, test, scope->only);
    for (size_t i = 0; i < r->count && spend(r, &r->fields[i]); i++)
        if (in_scope(scope, &r->fields[i]) && has_duplicates(r, test, &r->fields[i]))
            return true;
    return false;
}

static bool test_list(run *r, const condition *list, const scope *scope)
{
    bool wanted = list->kind == CONDITION_ANY;
    for (const condition *part = list->first; part != NULL; part = part->next)
        if (condition_holds(r, part, scope) == wanted)
            return wanted;
    return !wanted;
}

bool condition_holds(run *r, const condition *condition, const scope *scope)
{
    if (!run_step(r, 1))
        return false;
    switch (condition->kind) {
    case CONDITION_TRUE:
        return true;
    case CONDITION_FALSE:
        return false;
    case CONDITION_ALL:
    case CONDITION_ANY:
        return test_list(r, condition, scope);
    case CONDITION_NOT:
        return !condition_holds(r, condition->first, scope);
    case CONDITION_EXISTS:
    case CONDITION_EXISTS_CONTROL:
        return test_exists(r, &condition->path, scope);
    case CONDITION_EXISTS_MORE:
        return test_more(r, &condition->path, scope);
    case CONDITION_DUPLICATES:
        return test_duplicates(r, condition, scope);
    }
    return false;
}
