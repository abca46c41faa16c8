/* src/rules/merge_program.c - merge rules as the program that match_merge_run runs. @spec rules.md part A */
#include "tree.h"

#include <string.h>

/* The engine's `contains` takes every asterisk for a wildcard. Where a rule has one as text, an expression says the same:
 * case does not count, and without a wildcard the text may stand anywhere. [U] */
static bool needs_expression(const merge_node *node, const unescaped *value)
{
    if (node->kind != MERGE_WHEN || node->comparison != MERGE_CONTAINS)
        return false;
    for (size_t i = 0; i < value->bytes.length; i++)
        if (value->bytes.bytes[i] == '*' && !value->plain[i])
            return true;
    return false;
}

static bool write_expression(buffer *out, const unescaped *value)
{
    bool wild = false;
    for (size_t i = 0; i < value->bytes.length; i++)
        wild |= value->bytes.bytes[i] == '*' && value->plain[i];
    buffer_append_string(out, wild ? "(?i)" : "(?i).*");
    for (size_t i = 0; i < value->bytes.length; i++) {
        char byte = value->bytes.bytes[i];
        if (byte == '*' && value->plain[i])
            buffer_append_string(out, ".*");
        else if (strchr("\\[](){}.*+?^$|#&-", byte) != NULL)
            buffer_append_format(out, "\\%c", byte);
        else
            buffer_append_char(out, byte);
    }
    buffer_append_string(out, wild ? "" : ".*");
    return !buffer_failed(out);
}

static bool literal_asterisk(rule_file *file, const merge_node *node, merge_clause *clause)
{
    unescaped value;
    text_fault fault = { 0 };
    expression *made = NULL;
    if (!text_unescape(&value, file->memory, node->value.raw, &fault))
        return false;
    if (!needs_expression(node, &value))
        return true;
    buffer pattern;
    buffer_init(&pattern, 0);
    bool good = write_expression(&pattern, &value) && expression_compile(&made, buffer_text(&pattern), true, "E34", &fault);
    buffer_release(&pattern);
    if (!good)
        return fault.code != NULL; /* too long to compile: compared with the asterisk as a wildcard */
    if (!rule_file_keep(file, made)) {
        expression_free(made);
        return false;
    }
    clause->comparison = MERGE_MATCHES;
    clause->expression = made;
    clause->matches = expression_matches;
    return true;
}

static bool build_clause(rule_file *file, merge_clause *out, const merge_node *node)
{
    *out = (merge_clause){
        .kind = node->kind,
        .negated = node->negated,
        .selector = node->spec.selector,
        .which = node->which,
        .character = node->character,
        .code = node->code_character,
        .comparison = node->comparison,
        .value = node->words,
        .expression = node->expression,
        .matches = node->expression != NULL ? expression_matches : NULL,
    };
    return literal_asterisk(file, node, out);
}

static bool build_action(rule_file *file, merge_action *out, const merge_step *step)
{
    merge_clause *clauses = arena_calloc(file->memory, step->clause_count + 1, sizeof *clauses);
    size_t count = 0;
    if (clauses == NULL)
        return false;
    for (const merge_node *node = step->clauses; node != NULL; node = node->next)
        if (!build_clause(file, &clauses[count++], node))
            return false;
    *out = (merge_action){
        .verb = step->verb, .selector = step->spec.selector, .clauses = clauses, .clause_count = count, .line = step->line
    };
    return true;
}

static bool build_rule(rule_file *file, merge_rule *out, const rule_node *rule)
{
    merge_action *actions = arena_calloc(file->memory, rule->action_count + 1, sizeof *actions);
    size_t count = 0;
    if (actions == NULL)
        return false;
    for (const merge_step *step = rule->steps; step != NULL; step = step->next)
        if (!build_action(file, &actions[count++], step))
            return false;
    *out = (merge_rule){ .name = rule->shown, .actions = actions, .action_count = count, .line = rule->line };
    return true;
}

bool merge_program_build(rule_file *file)
{
    merge_rule *rules = arena_calloc(file->memory, file->count + 1, sizeof *rules);
    if (rules == NULL)
        return false;
    for (size_t i = 0; i < file->count; i++)
        if (!build_rule(file, &rules[i], file->execution[i]))
            return false;
    file->program = (merge_program){ file->name, rules, file->count };
    return true;
}
