/* src/tui/rule_check.c - see rule_check.h. */
#include "rule_check.h"

#include <stdlib.h>
#include <string.h>

static void note_fault(void *context, const rule_fault *fault)
{
    rule_check *check = context;
    *(fault->warning ? &check->warnings : &check->errors) += 1;
    if (check->count == RULE_FAULTS_SHOWN)
        return;
    if (check->count == check->capacity) {
        size_t capacity = check->capacity == 0 ? 8 : check->capacity * 2;
        rule_fault *grown = realloc(check->faults, capacity * sizeof *grown);
        if (grown == NULL)
            return;
        check->faults = grown;
        check->capacity = capacity;
    }
    check->faults[check->count++] = *fault;
}

static int by_order(const void *one, const void *other)
{
    const rule_info *a = one, *b = other;
    return (a->order > b->order) - (a->order < b->order);
}

static void note_order(rule_check *check)
{
    size_t count = rule_file_count(check->file);
    check->order = calloc(count > 0 ? count : 1, sizeof *check->order);
    if (check->order == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        check->order[i] = rule_file_rule(check->file, i);
    check->order_count = count;
    qsort(check->order, count, sizeof *check->order, by_order);
}

void rule_check_release(rule_check *check)
{
    rule_file_free(check->file);
    free(check->faults);
    free(check->order);
    *check = (rule_check){ .file = NULL };
}

void rule_check_run(rule_check *check, text source, const char *name, rule_language language)
{
    rule_check_release(check);
    if (rule_file_parse(&check->file, source, name, language, note_fault, check, &check->error) == RECTO_OK)
        note_order(check);
    else if (check->errors == 0)
        check->errors = 1;
}

/* <0: the fault stands before the place */
static int compare(const rule_fault *fault, int line, int column)
{
    return fault->line != line ? (fault->line > line ? 1 : -1) : (fault->column > column) - (fault->column < column);
}

size_t rule_check_next(const rule_check *check, int line, int column)
{
    for (size_t i = 0; i < check->count; i++)
        if (compare(&check->faults[i], line, column) > 0)
            return i;
    return check->count > 0 ? 0 : SIZE_MAX;
}

size_t rule_check_previous(const rule_check *check, int line, int column)
{
    for (size_t i = check->count; i-- > 0;)
        if (compare(&check->faults[i], line, column) < 0)
            return i;
    return check->count > 0 ? check->count - 1 : SIZE_MAX;
}

const rule_fault *rule_check_on_line(const rule_check *check, int line)
{
    const rule_fault *found = NULL;
    for (size_t i = 0; i < check->count; i++)
        if (check->faults[i].line == line && (found == NULL || (found->warning && !check->faults[i].warning)))
            found = &check->faults[i];
    return found;
}
