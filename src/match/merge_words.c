/* src/match/merge_words.c - why a field stands or was dropped, in words: from the action that concerned it last. */
#include "merge_engine.h"

#include "recto/base/text.h"

static void put_selector(buffer *out, const merge_selector *selector)
{
    for (size_t i = 0; i < selector->tag_count; i++)
        buffer_append_format(out, "%s%.3s", i == 0 ? "\"" : ",", selector->tags[i]);
    buffer_append_char(out, '"');
    if (selector->indicator[0] == 0 && selector->indicator[1] == 0)
        return;
    buffer_append_char(out, ' ');
    for (int i = 0; i < 2; i++)
        buffer_append_char(out, selector->indicator[i] == 0 ? '*' : selector->indicator[i] == ' ' ? '#' : selector->indicator[i]);
}

static void put_value(buffer *out, const merge_clause *clause)
{
    buffer_append_char(out, '"');
    buffer_append_text(out, clause->value);
    buffer_append_char(out, '"');
}

static void put_when(buffer *out, const merge_clause *clause)
{
    static const char *const comparisons[] = {
        [MERGE_CONTAINS] = "contains", [MERGE_EQUALS] = "equals", [MERGE_MATCHES] = "matches"
    };

    buffer_append_string(out, clause->negated ? " when not " : " when ");
    put_selector(out, &clause->selector);
    buffer_append_format(out, " $%c %s ", clause->code, comparisons[clause->comparison]);
    put_value(out, clause);
}

static void put_clause(buffer *out, const merge_clause *clause)
{
    switch (clause->kind) {
    case MERGE_EXCLUDING_FIELDS:
        buffer_append_string(out, " excluding ");
        put_selector(out, &clause->selector);
        break;
    case MERGE_EXCLUDING_INDICATOR:
        buffer_append_format(out, " excluding %s indicator \"%c\"", clause->which == 1 ? "first" : "second", clause->character);
        break;
    case MERGE_EXCLUDING_SUBFIELD:
        buffer_append_format(out, " excluding $%c ", clause->code);
        put_value(out, clause);
        break;
    case MERGE_IF_EXISTS:
        buffer_append_string(out, clause->negated ? " if does not exist" : " if exists");
        break;
    case MERGE_IF_SUBFIELD:
        buffer_append_format(out, clause->negated ? " if not exists $%c" : " if exists $%c", clause->code);
        break;
    case MERGE_WHEN:
        put_when(out, clause);
        break;
    }
}

static void put_action(buffer *out, const merge_action *action)
{
    static const char *const verbs[] = {
        [MERGE_ADD] = "add ", [MERGE_REMOVE] = "remove ", [MERGE_REPLACE] = "replace ", [MERGE_KEEP] = "keep "
    };

    buffer_append_string(out, verbs[action->verb]);
    put_selector(out, &action->selector);
    for (size_t i = 0; i < action->clause_count; i++)
        put_clause(out, &action->clauses[i]);
}

const char *merge_reason_words(arena *memory, const merge_run *run, const merge_reason *reason, const char *tag)
{
    enum { WORDS_MAX = 1000 };
    static const char *const fates[] = { [FATE_UNTOUCHED] = "",
                                         [FATE_ADDED] = "",
                                         [FATE_REMOVED] = "",
                                         [FATE_KEPT] = "",
                                         [FATE_SPARED] = "does not apply: ",
                                         [FATE_STANDS] = "stands already: " };
    const char *copy = NULL;
    buffer words;

    if (reason->action != NULL && reason->action->words != NULL)
        return reason->action->words;
    buffer_init(&words, 0);
    if (reason->action == NULL) {
        buffer_append_format(&words, "no rule touches %.3s", tag);
    } else {
        if (run->program->rule_count > 1)
            buffer_append_format(&words, "%s: ", reason->rule->name);
        buffer_append_string(&words, fates[reason->fate]);
        put_action(&words, reason->action);
    }
    copy = buffer_failed(&words) ? NULL : arena_copy(memory, words.bytes, words.length < WORDS_MAX ? words.length : WORDS_MAX);
    buffer_release(&words);
    return copy;
}
