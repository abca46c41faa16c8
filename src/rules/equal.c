/* src/rules/equal.c - whether two rule files are the same tree. Places and layout do not count, quoted texts do. */
#include "tree.h"

static bool same_text(const quoted *a, const quoted *b)
{
    return text_equal(a->raw, b->raw);
}

static bool same_condition(const condition *a, const condition *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    if (a->kind != b->kind || a->has_value != b->has_value || !same_text(&a->path.source, &b->path.source) ||
        !same_text(&a->codes, &b->codes) || !same_text(&a->value, &b->value))
        return false;
    const condition *one = a->first, *other = b->first;
    while (one != NULL && other != NULL && same_condition(one, other)) {
        one = one->next;
        other = other->next;
    }
    return one == NULL && other == NULL;
}

static bool same_actions(const rule_action *a, const rule_action *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next) {
        if (a->kind != b->kind || a->argument_count != b->argument_count || !same_condition(a->only_if, b->only_if))
            return false;
        for (size_t i = 0; i < a->argument_count; i++)
            if (!same_text(&a->arguments[i].source, &b->arguments[i].source))
                return false;
    }
    return a == NULL && b == NULL;
}

static bool same_spec(const merge_spec *a, const merge_spec *b)
{
    return a->control == b->control && a->wildcards == b->wildcards && a->has_indicators == b->has_indicators &&
           same_text(&a->tags, &b->tags) && same_text(&a->indicators[0], &b->indicators[0]) &&
           same_text(&a->indicators[1], &b->indicators[1]);
}

static bool same_clauses(const merge_node *a, const merge_node *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next)
        if (a->kind != b->kind || a->negated != b->negated || a->plain_tags != b->plain_tags || a->which != b->which ||
            a->comparison != b->comparison || !same_spec(&a->spec, &b->spec) || !same_text(&a->code, &b->code) ||
            !same_text(&a->value, &b->value))
            return false;
    return a == NULL && b == NULL;
}

static bool same_steps(const merge_step *a, const merge_step *b)
{
    for (; a != NULL && b != NULL; a = a->next, b = b->next)
        if (a->verb != b->verb || !same_spec(&a->spec, &b->spec) || !same_clauses(a->clauses, b->clauses))
            return false;
    return a == NULL && b == NULL;
}

static bool same_rule(const rule_node *a, const rule_node *b)
{
    return same_text(&a->name, &b->name) && a->priority == b->priority && same_condition(a->when, b->when) &&
           same_actions(a->actions, b->actions) && same_steps(a->steps, b->steps);
}

bool rule_file_equal(const rule_file *a, const rule_file *b)
{
    if (a->language != b->language || a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!same_rule(a->rules[i], b->rules[i]))
            return false;
    return true;
}
