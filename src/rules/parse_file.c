/* src/rules/parse_file.c - rules one after the other, and how reading goes on behind an error. @spec rules.md 2.1, 3.1, 6 */
#include "parse.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ---- which language ---------------------------------------------------------------------------------------------- */

/* `when merge`, or a verb before MARC, is a merge rule; `set indication`, `set brief_level` name theirs. */
static rule_language language_of_pair(const token *before, const token *at)
{
    if (before->kind != TOKEN_WORD || at->kind != TOKEN_WORD)
        return RULES_UNKNOWN;
    if (text_equal(at->text, TEXT("MARC")) || (text_equal(at->text, TEXT("merge")) && text_equal(before->text, TEXT("when"))))
        return RULES_MERGE;
    if (!text_equal_ascii_case(before->text, TEXT("set")))
        return RULES_UNKNOWN;
    if (text_equal_ascii_case(at->text, TEXT("indication")))
        return RULES_INDICATION;
    return text_equal_ascii_case(at->text, TEXT("brief_level")) ? RULES_BRIEF_LEVEL : RULES_UNKNOWN;
}

static rule_language find_language(text source)
{
    lexer lexer;
    token at = { 0 }, before;
    lexer_init(&lexer, source);
    do {
        before = at;
        lexer_next(&lexer, &at);
        rule_language found = language_of_pair(&before, &at);
        if (found != RULES_UNKNOWN)
            return found;
    } while (at.kind != TOKEN_END);
    return RULES_NORMALIZATION;
}

/* ---- one rule ---------------------------------------------------------------------------------------------------- */

static bool at_rule(const parser *p)
{
    return parse_at_word(p, "rule");
}

static bool parse_priority(parser *p, rule_node *rule)
{
    int64_t number = 0;
    parse_next(p);
    if (p->token.kind != TOKEN_INTEGER)
        return parse_expected(p, "E13", "an integer");
    if (!text_to_integer(p->token.text, &number) || number < INT_MIN || number > INT_MAX)
        return parse_expected(p, "E13", "an integer of at most nine digits");
    rule->priority = (int)number;
    parse_next(p);
    return true;
}

static bool parse_when_part(parser *p, rule_node *rule)
{
    static const char *const words[] = { "when", "priority", "salience" };
    while (parse_at_word(p, "priority") || parse_at_word(p, "salience"))
        if (!parse_priority(p, rule))
            return false;
    if (!parse_at_word(p, "when"))
        return parse_unknown(p, "E10", "\"when\"", words, 3);
    parse_next(p);
    if (p->file->language == RULES_MERGE)
        return parse_take_word(p, "merge", "E30");
    return parse_condition(p, &rule->when);
}

static bool at_end_of_actions(const parser *p)
{
    return p->token.kind == TOKEN_END || at_rule(p) || parse_at_any_case(p, "end");
}

static bool parse_merge_actions(parser *p, rule_node *rule)
{
    for (merge_step **place = &rule->steps; !at_end_of_actions(p); place = &(*place)->next) {
        if (!parse_merge_step(p, place))
            return false;
        rule->action_count++;
    }
    return true;
}

static bool parse_actions(parser *p, rule_node *rule)
{
    for (rule_action **place = &rule->actions; !at_end_of_actions(p); place = &(*place)->next) {
        if (!parse_action(p, place))
            return false;
        rule->action_count++;
    }
    return true;
}

static bool parse_rule(parser *p, rule_node *rule)
{
    rule->line = p->token.line;
    if (!parse_take_word(p, "rule", "E10") || !parse_take_string(p, &rule->name, "rule name"))
        return false;
    rule->shown = arena_copy(p->file->memory, rule->name.raw.bytes, rule->name.raw.length);
    if (rule->shown == NULL)
        return parse_no_memory(p);
    check_rule_name(p, rule);
    if (!parse_when_part(p, rule) || !parse_take_word(p, "then", "E10"))
        return false;
    if (!(p->file->language == RULES_MERGE ? parse_merge_actions(p, rule) : parse_actions(p, rule)))
        return false;
    return parse_take_word(p, "end", "E10");
}

/* ---- the file ---------------------------------------------------------------------------------------------------- */

/* The next `rule` at the beginning of a line; the present token may be it. */
static void skip_to_rule(parser *p)
{
    while (p->token.kind != TOKEN_END && !(at_rule(p) && p->token.first_on_line))
        parse_next(p);
}

static bool append_rule(parser *p, rule_node ***place)
{
    rule_node *made = arena_calloc(p->file->memory, 1, sizeof *made);
    if (made == NULL)
        return parse_no_memory(p);
    if (p->file->count == RULES_COUNT_LIMIT)
        return parse_error(p, place_of_token(&p->token), "E10", "more than %d rules in one file", RULES_COUNT_LIMIT);
    **place = made;
    *place = &made->next;
    p->file->count++;
    return true;
}

static void warn_of_comments_only(parser *p)
{
    place at = { p->lexer.comment_line, p->lexer.comment_column, 1 };
    if (p->file->count == 0 && p->token.kind == TOKEN_END && at.line > 0)
        parse_warning(p, at, "W06", "the file has nothing but comments: no rule in it is ever run");
}

static void parse_rules(parser *p)
{
    rule_node **place = &p->file->first;
    parse_next(p);
    warn_of_comments_only(p);
    do {
        rule_node **mine = place;
        if (!append_rule(p, &place))
            return;
        if (!parse_rule(p, *mine)) {
            if (p->no_memory)
                return;
            skip_to_rule(p);
        }
    } while (p->token.kind != TOKEN_END);
}

static rule_file *new_file(text *source, const char *name)
{
    rule_file *file = calloc(1, sizeof *file);
    if (file == NULL)
        return NULL;
    file->memory = arena_new(source->length / 2 + 1024);
    char *copy = file->memory == NULL ? NULL : arena_copy(file->memory, source->bytes, source->length);
    file->name = file->memory == NULL ? NULL : arena_copy(file->memory, name, strlen(name));
    if (copy == NULL || file->name == NULL) {
        rule_file_free(file);
        return NULL;
    }
    *source = text_of(copy, source->length);
    return file;
}

recto_status rule_file_parse(rule_file **out, text source, const char *name, rule_language language, rule_fault_report report,
                             void *context, recto_error *error)
{
    const char *known = name == NULL || name[0] == '\0' ? "rules" : name;
    if (source.length > RULES_FILE_LIMIT)
        return recto_fail(error, RECTO_ELIMIT, known, "split the file", "rule file of %zu bytes is over the limit of %d",
                          source.length, RULES_FILE_LIMIT);
    rule_file *file = new_file(&source, known);
    if (file == NULL)
        return recto_fail_memory(error, "reading rules");
    parser p = { .file = file, .name = known, .report = report, .context = context, .error = error };
    file->language = language == RULES_UNKNOWN ? find_language(source) : language;
    lexer_init(&p.lexer, source);
    parse_rules(&p);
    recto_status status = RECTO_OK;
    if (p.no_memory || (p.errors == 0 && !rule_file_finish(file)))
        status = recto_fail_memory(error, "reading rules");
    else if (p.errors > 0)
        status = RECTO_EDATA; /* the first fault has filled the error */
    if (status == RECTO_OK)
        *out = file;
    else
        rule_file_free(file);
    return status;
}
