/* src/rules/print.c - a tree as text, in one layout, and whether two trees are the same.
 *
 * Quoted texts are printed as they were written: their backslashes are part of the tree. */
#include "tree.h"

#include <string.h>

/* ---- conditions -------------------------------------------------------------------------------------------------- */

static void print_quoted(buffer *out, const quoted *source)
{
    buffer_append_string(out, "\"");
    buffer_append_text(out, source->raw);
    buffer_append_string(out, "\"");
}

static void print_condition(buffer *out, const condition *at);

static void print_part(buffer *out, const condition *at)
{
    bool list = at->kind == CONDITION_ALL || at->kind == CONDITION_ANY;
    buffer_append_string(out, list ? "(" : "");
    print_condition(out, at);
    buffer_append_string(out, list ? ")" : "");
}

static void print_test(buffer *out, const condition *at)
{
    static const char *const names[] = { [CONDITION_EXISTS] = "exists",
                                         [CONDITION_EXISTS_CONTROL] = "existsControl",
                                         [CONDITION_EXISTS_MORE] = "existsMoreThanOnce",
                                         [CONDITION_DUPLICATES] = "recordHasDuplicateSubfields" };
    buffer_append_format(out, "%s ", names[at->kind]);
    print_quoted(out, &at->path.source);
    if (at->kind != CONDITION_DUPLICATES)
        return;
    buffer_append_string(out, " ");
    print_quoted(out, &at->codes);
    if (at->has_value) {
        buffer_append_string(out, " ");
        print_quoted(out, &at->value);
    }
}

static void print_condition(buffer *out, const condition *at)
{
    switch (at->kind) {
    case CONDITION_TRUE:
        buffer_append_string(out, "TRUE");
        break;
    case CONDITION_FALSE:
        buffer_append_string(out, "FALSE");
        break;
    case CONDITION_NOT:
        buffer_append_string(out, "not ");
        print_part(out, at->first);
        break;
    case CONDITION_ALL:
    case CONDITION_ANY:
        for (const condition *part = at->first; part != NULL; part = part->next) {
            buffer_append_string(out, part == at->first ? "" : at->kind == CONDITION_ALL ? " AND " : " OR ");
            print_part(out, part);
        }
        break;
    default:
        print_test(out, at);
    }
}

/* ---- actions ----------------------------------------------------------------------------------------------------- */

static void print_action(buffer *out, const rule_action *action)
{
    const action_form *form = action_form_of(action->kind);
    buffer_append_format(out, "  %s", form->name);
    for (size_t i = 0; i < action->argument_count; i++) {
        const char *word = form->arguments[i].word;
        if (word == NULL)
            buffer_append_string(out, " ");
        else
            buffer_append_format(out, word[0] == '.' ? "%s" : " %s ", word);
        print_quoted(out, &action->arguments[i].source);
    }
    if (action->only_if != NULL) {
        buffer_append_string(out, " if (");
        print_condition(out, action->only_if);
        buffer_append_string(out, ")");
    }
    buffer_append_string(out, "\n");
}

static void print_pair(buffer *out, const quoted *first, const quoted *second)
{
    buffer_append_string(out, "(");
    print_quoted(out, first);
    buffer_append_string(out, ",");
    print_quoted(out, second);
    buffer_append_string(out, ")");
}

static void print_spec(buffer *out, const merge_spec *spec, bool plain)
{
    if (!plain)
        buffer_append_string(out, spec->control ? "MARC.control." : "MARC.");
    print_quoted(out, &spec->tags);
    buffer_append_string(out, spec->wildcards == 0 ? "" : spec->wildcards == 1 ? "X" : "XX");
    if (spec->has_indicators)
        print_pair(out, &spec->indicators[0], &spec->indicators[1]);
}

static void print_when(buffer *out, const merge_node *node)
{
    static const char *const words[] = { [MERGE_CONTAINS] = "contains", [MERGE_EQUALS] = "equals", [MERGE_MATCHES] = "matches" };
    buffer_append_string(out, node->negated ? "when not " : "when ");
    print_spec(out, &node->spec, false);
    buffer_append_string(out, ".");
    print_quoted(out, &node->code);
    buffer_append_format(out, " %s ", words[node->comparison]);
    print_quoted(out, &node->value);
}

static void print_clause(buffer *out, const merge_node *node)
{
    switch (node->kind) {
    case MERGE_WHEN:
        print_when(out, node);
        break;
    case MERGE_EXCLUDING_FIELDS:
        buffer_append_string(out, "excluding ");
        print_spec(out, &node->spec, node->plain_tags);
        break;
    case MERGE_EXCLUDING_INDICATOR:
        buffer_append_format(out, "excluding %s indicator ", node->which == 1 ? "first" : "second");
        print_quoted(out, &node->value);
        break;
    case MERGE_EXCLUDING_SUBFIELD:
        buffer_append_string(out, "excluding subfield ");
        print_pair(out, &node->code, &node->value);
        break;
    case MERGE_IF_EXISTS:
        buffer_append_string(out, node->negated ? "if does not exist" : "if exists");
        break;
    case MERGE_IF_SUBFIELD:
        buffer_append_string(out, node->negated ? "if not exists subfield " : "if exists subfield ");
        print_quoted(out, &node->code);
        break;
    }
}

static void print_step(buffer *out, const merge_step *step)
{
    static const char *const verbs[] = { [MERGE_ADD] = "add", [MERGE_REMOVE] = "remove", [MERGE_REPLACE] = "replace" };
    buffer_append_format(out, "  %s ", verbs[step->verb]);
    print_spec(out, &step->spec, false);
    for (const merge_node *node = step->clauses; node != NULL; node = node->next) {
        buffer_append_string(out, " ");
        print_clause(out, node);
    }
    buffer_append_string(out, "\n");
}

static void print_rule(buffer *out, const rule_node *rule)
{
    buffer_append_string(out, "rule ");
    print_quoted(out, &rule->name);
    if (rule->priority != 0)
        buffer_append_format(out, "\npriority %d", rule->priority);
    buffer_append_string(out, "\nwhen\n  ");
    if (rule->when == NULL) {
        buffer_append_string(out, "merge");
    } else {
        buffer_append_string(out, "(");
        print_condition(out, rule->when);
        buffer_append_string(out, ")");
    }
    buffer_append_string(out, "\nthen\n");
    for (const rule_action *action = rule->actions; action != NULL; action = action->next)
        print_action(out, action);
    for (const merge_step *step = rule->steps; step != NULL; step = step->next)
        print_step(out, step);
    buffer_append_string(out, "end\n");
}

void rule_file_print(buffer *out, const rule_file *file)
{
    for (const rule_node *rule = file->first; rule != NULL; rule = rule->next) {
        if (rule != file->first)
            buffer_append_string(out, "\n");
        print_rule(out, rule);
    }
}
