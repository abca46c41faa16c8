/* src/rules/file.c - what a rule file is asked: its name, its language, its rules and the order in which they run. */
#include "tree.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *label;
} languages[] = {
    [RULES_UNKNOWN] = { "", "Rule" },
    [RULES_MERGE] = { "merge", "Merge rule" },
    [RULES_NORMALIZATION] = { "norm", "Normalization rule" },
    [RULES_INDICATION] = { "indication", "Indication rule" },
    [RULES_BRIEF_LEVEL] = { "brief", "Brief level rule" },
};

rule_language rule_language_named(const char *name)
{
    for (int i = RULES_MERGE; i <= RULES_BRIEF_LEVEL; i++)
        if (name != NULL && strcmp(name, languages[i].name) == 0)
            return (rule_language)i;
    return RULES_UNKNOWN;
}

const char *rule_language_name(rule_language language)
{
    return languages[language].name;
}

const char *rule_language_label(rule_language language)
{
    return languages[language].label;
}

bool rule_file_keep(void *keeper, expression *expression)
{
    rule_file *file = keeper;
    if (file->expression_count == file->expression_capacity) {
        size_t capacity = file->expression_capacity * 2 + 8;
        struct expression **larger = realloc(file->expressions, capacity * sizeof *larger);
        if (larger == NULL)
            return false;
        file->expressions = larger;
        file->expression_capacity = capacity;
    }
    file->expressions[file->expression_count++] = expression;
    return true;
}

void rule_file_free(rule_file *file)
{
    if (file == NULL)
        return;
    for (size_t i = 0; i < file->expression_count; i++)
        expression_free(file->expressions[i]);
    free(file->expressions);
    arena_free(file->memory);
    free(file);
}

/* Higher priority first; among equals the last of the file first. Each node's order is its place in the file for now.
 * @spec rules.md 3.5; decisions.md 10 */
static int runs_before(const void *a, const void *b)
{
    const rule_node *one = *(rule_node *const *)a, *other = *(rule_node *const *)b;
    if (one->priority != other->priority)
        return one->priority > other->priority ? -1 : 1;
    return (one->order < other->order) - (one->order > other->order);
}

bool rule_file_finish(rule_file *file)
{
    size_t count = 0;
    file->rules = arena_calloc(file->memory, file->count + 1, sizeof(rule_node *));
    file->execution = arena_calloc(file->memory, file->count + 1, sizeof(rule_node *));
    if (file->rules == NULL || file->execution == NULL)
        return false;
    for (rule_node *rule = file->first; rule != NULL; rule = rule->next) {
        rule->order = count;
        file->rules[count] = file->execution[count] = rule;
        count++;
    }
    qsort(file->execution, count, sizeof(rule_node *), runs_before);
    for (size_t i = 0; i < count; i++)
        file->execution[i]->order = i;
    return file->language != RULES_MERGE || merge_program_build(file);
}

const char *rule_file_name(const rule_file *file)
{
    return file->name;
}

rule_language rule_file_language(const rule_file *file)
{
    return file->language;
}

size_t rule_file_count(const rule_file *file)
{
    return file->count;
}

rule_info rule_file_rule(const rule_file *file, size_t index)
{
    const rule_node *rule = file->rules[index];
    return (rule_info){ rule->shown, rule->line, rule->priority, rule->order };
}

const merge_program *rule_file_merge_program(const rule_file *file)
{
    return file->language == RULES_MERGE ? &file->program : NULL;
}
