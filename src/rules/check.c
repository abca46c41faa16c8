/* src/rules/check.c - what is well formed and yet wrong: E28, and the warnings. @spec rules.md 3.2, 6 */
#include "parse.h"

#include <string.h>

/* Actions that make a field: their `if` looks at all fields of the new field's tag. */
static const tag_pattern *occurrence_tag(const rule_action *action)
{
    if (action->kind == ACTION_DUPLICATE_FIELDS)
        return action->arguments[0].tag_count == 1 ? &action->arguments[0].tags[0] : NULL;
    if (action_form_of(action->kind)->target == TARGET_FLAG)
        return NULL;
    return &action->arguments[0].path.tag;
}

static bool check_test(parser *p, const rule_action *action, const condition *test)
{
    const action_form *form = action_form_of(action->kind);
    const tag_pattern *tag = occurrence_tag(action);
    if (test->kind == CONDITION_EXISTS_CONTROL && form->target == TARGET_DATA)
        return parse_error(p, place_of_condition(test), "E28",
                           "existsControl in the if of %s, expected a test of the field that is changed; move it to when",
                           form->name);
    if (tag != NULL && !tag_patterns_meet(tag, &test->path.tag))
        parse_warning(p, place_of_quoted(&test->path.source), "W04", "if tests %s, but %s changes %s: the test is never true",
                      test->path.tag.text, form->name, tag->text);
    return true;
}

static bool check_condition(parser *p, const rule_action *action, const condition *at)
{
    if (at->kind >= CONDITION_EXISTS)
        return check_test(p, action, at);
    for (const condition *part = at->first; part != NULL; part = part->next)
        if (!check_condition(p, action, part))
            return false;
    return true;
}

static void check_tag(parser *p, const quoted *source, const tag_pattern *tag, bool selects)
{
    if (!tag->wild && tag->length > MARC_TAG_LENGTH)
        parse_warning(p, place_of_quoted(source), "W03", "tag %s has more than three characters; no MARC record can keep it",
                      tag->text);
    else if (selects && tag_pattern_never(tag))
        parse_warning(p, place_of_quoted(source), "W05",
                      "tag %s matches no tag of three characters: the action never does anything", tag->text);
}

/* Making a data field under a control tag, or the other way round: [U] we do nothing and say so. */
static void check_kind(parser *p, const rule_action *action)
{
    const action_argument *first = &action->arguments[0];
    bool control = tag_pattern_is_control(&first->path.tag);
    action_target target = action_form_of(action->kind)->target;
    if (target == TARGET_DATA && control)
        parse_warning(p, place_of_quoted(&first->source), "W05", "%s is a control field: %s never does anything",
                      first->path.tag.text, action_form_of(action->kind)->name);
    if (target == TARGET_CONTROL && !control && !first->path.tag.wild)
        parse_warning(p, place_of_quoted(&first->source), "W05", "%s is no control field: %s never does anything",
                      first->path.tag.text, action_form_of(action->kind)->name);
}

static void check_arguments(parser *p, const rule_action *action)
{
    for (size_t i = 0; i < action->argument_count; i++) {
        const action_argument *argument = &action->arguments[i];
        if (argument->path.tag.length > 0)
            check_tag(p, &argument->source, &argument->path.tag, i == 0);
        for (size_t j = 0; j < argument->tag_count; j++)
            check_tag(p, &argument->source, &argument->tags[j], true);
        if (argument->path.no_expression != NULL)
            parse_warning(p, place_of_quoted(&argument->source), "W05", "%s; the text is looked for as it stands",
                          argument->path.no_expression);
    }
}

bool check_action(parser *p, const rule_action *action)
{
    check_arguments(p, action);
    if (action->arguments[0].path.tag.length > 0)
        check_kind(p, action);
    return action->only_if == NULL || check_condition(p, action, action->only_if);
}

static bool has_capital_rule(text name)
{
    for (size_t i = 0; i + 4 <= name.length; i++)
        if (memcmp(name.bytes + i, "Rule", 4) == 0)
            return true;
    return false;
}

void check_rule_name(parser *p, const rule_node *rule)
{
    place at = place_of_quoted(&rule->name);
    if (rule->name.raw.length > 0 && memchr(rule->name.raw.bytes, '\\', rule->name.raw.length) != NULL)
        parse_warning(p, at, "W01", "rule name has a backslash, which Alma does not take in filters");
    else if (has_capital_rule(rule->name.raw))
        parse_warning(p, at, "W01", "rule name has the word Rule with a capital, with which the rule does not work in Alma");
    for (const rule_node *other = p->file->first; other != NULL && other != rule; other = other->next)
        if (text_equal(other->name.raw, rule->name.raw)) {
            parse_warning(p, at, "W02", "rule name is used before, in line %d", other->line);
            return;
        }
}
