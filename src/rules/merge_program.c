/* src/rules/merge_program.c - merge rules as the program that match_merge_run runs. @spec rules.md part A */
#include "tree.h"

/* The engine's `contains` has one backslash before an asterisk or a backslash that is text; a file may have up to four. */
static bool contains_value(text *out, rule_file *file, const merge_node *node)
{
    unescaped value;
    text_fault fault = { 0 };
    size_t length = 0;
    if (!text_unescape(&value, file->memory, node->value.raw, &fault))
        return false;
    char *bytes = arena_alloc(file->memory, 2 * value.bytes.length + 1);
    if (bytes == NULL)
        return false;
    for (size_t i = 0; i < value.bytes.length; i++) {
        const char byte = value.bytes.bytes[i];
        if (byte == '\\' || (byte == '*' && !value.plain[i]))
            bytes[length++] = '\\';
        bytes[length++] = byte;
    }
    *out = text_of(bytes, length);
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
    return node->kind != MERGE_WHEN || node->comparison != MERGE_CONTAINS || contains_value(&out->value, file, node);
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
