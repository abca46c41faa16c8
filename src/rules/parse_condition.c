/* src/rules/parse_condition.c - what stands behind `when` and `if`. @spec rules.md 3.1
 *
 *   cond = orx { orx }   (side by side is AND)      orx = andx { OR andx }      andx = notx { AND notx }
 *   notx = NOT notx | ( orx ) | TRUE | FALSE | exists ... */
#include "parse.h"

#include <string.h>

static const char *const condition_names[] = {
    "exists", "existsControl", "existsMoreThanOnce", "recordHasDuplicateSubfields", "not", "TRUE", "FALSE", "AND", "OR"
};
enum { CONDITION_NAMES = sizeof condition_names / sizeof *condition_names };

static bool at_operator(const parser *p, const char *capitals, const char *small, const char *sign)
{
    return parse_at_word(p, capitals) || parse_at_word(p, small) || parse_at_sign(p, sign);
}

static condition *new_condition(parser *p, condition_kind kind)
{
    condition *made = arena_calloc(p->file->memory, 1, sizeof *made);
    if (made == NULL) {
        p->no_memory = true;
        return NULL;
    }
    made->kind = kind;
    made->line = p->token.line;
    made->column = p->token.column;
    made->length = p->token.length;
    return made;
}

static bool take_path(parser *p, condition *made, bool control)
{
    text_fault fault;
    quoted source;
    path_context context = parse_path_context(p);
    if (!parse_take_string(p, &source,
                           control ? "control field path, such as \"008.{35,3}.eng\"" : "field path, such as \"245.a\""))
        return false;
    if (!path_parse(&made->path, &context, source, PATH_SELECT, control, &fault))
        return parse_text_fault(p, &source, &fault);
    if (made->path.tag.length > 3 && !made->path.tag.wild)
        parse_warning(p, place_of_quoted(&source), "W03",
                      "tag %s has more than three characters; no field of a MARC record has it", made->path.tag.text);
    return true;
}

static bool take_duplicates(parser *p, condition *made)
{
    text_fault fault;
    if (!take_path(p, made, false) || !parse_take_string(p, &made->codes, "list of subfield codes"))
        return false;
    if (p->token.kind != TOKEN_STRING)
        return true;
    made->has_value = true;
    if (!parse_take_string(p, &made->value, "value"))
        return false;
    if (!glob_compile(&made->pattern, p->file->memory, made->value.raw, true, &fault))
        return parse_text_fault(p, &made->value, &fault);
    return true;
}

static const struct {
    const char *name;
    condition_kind kind;
} tests[] = {
    { "exists", CONDITION_EXISTS },
    { "existsControl", CONDITION_EXISTS_CONTROL },
    { "existsMoreThanOnce", CONDITION_EXISTS_MORE },
    { "recordHasDuplicateSubfields", CONDITION_DUPLICATES },
};

static bool parse_test(parser *p, condition **out)
{
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        if (!parse_at_any_case(p, tests[i].name))
            continue;
        condition *made = new_condition(p, tests[i].kind);
        if (made == NULL)
            return false;
        parse_next(p);
        *out = made;
        if (made->kind == CONDITION_DUPLICATES)
            return take_duplicates(p, made);
        return take_path(p, made, made->kind == CONDITION_EXISTS_CONTROL);
    }
    if (parse_at_any_case(p, "true") || parse_at_any_case(p, "false"))
        return parse_expected(p, "E15", "TRUE or true (FALSE or false)");
    return parse_unknown(p, "E16", "a condition (exists, existsControl, not, ( or TRUE)", condition_names, CONDITION_NAMES);
}

static bool parse_or(parser *p, condition **out);

static bool parse_brackets(parser *p, condition **out)
{
    parse_next(p);
    return parse_or(p, out) && parse_take_sign(p, ")");
}

static bool parse_primary(parser *p, condition **out)
{
    if (parse_at_sign(p, "("))
        return parse_brackets(p, out);
    bool held = parse_at_word(p, "TRUE") || parse_at_word(p, "true");
    if (!held && !parse_at_word(p, "FALSE") && !parse_at_word(p, "false"))
        return parse_test(p, out);
    *out = new_condition(p, held ? CONDITION_TRUE : CONDITION_FALSE);
    parse_next(p);
    return *out != NULL;
}

/* Brackets and NOTs may stand RULES_DEPTH_LIMIT deep: a file must not decide how much stack is used. */
static bool parse_not(parser *p, condition **out)
{
    bool good = false;
    if (++p->depth > RULES_DEPTH_LIMIT) {
        parse_error(p, place_of_token(&p->token), "E16", "condition nested more than %d deep", RULES_DEPTH_LIMIT);
    } else if (at_operator(p, "NOT", "not", "!")) {
        condition *made = new_condition(p, CONDITION_NOT);
        parse_next(p);
        good = made != NULL && parse_not(p, &made->first);
        *out = made;
    } else {
        good = parse_primary(p, out);
    }
    p->depth--;
    return good;
}

/* One operand stands for itself; more become a list. */
static bool add_operand(parser *p, condition **whole, condition_kind kind, condition *last, condition *more)
{
    if (*whole == last) {
        condition *list = new_condition(p, kind);
        if (list == NULL)
            return false;
        list->line = last->line;
        list->column = last->column;
        list->length = last->length;
        list->first = last;
        *whole = list;
    }
    last->next = more;
    return true;
}

static bool parse_and(parser *p, condition **out)
{
    condition *last = NULL, *more = NULL;
    if (!parse_not(p, &last))
        return false;
    *out = last;
    while (at_operator(p, "AND", "and", "&&")) {
        parse_next(p);
        if (!parse_not(p, &more) || !add_operand(p, out, CONDITION_ALL, last, more))
            return false;
        last = more;
    }
    return true;
}

static bool parse_or(parser *p, condition **out)
{
    condition *last = NULL, *more = NULL;
    if (!parse_and(p, &last))
        return false;
    *out = last;
    while (at_operator(p, "OR", "or", "||")) {
        parse_next(p);
        if (!parse_and(p, &more) || !add_operand(p, out, CONDITION_ANY, last, more))
            return false;
        last = more;
    }
    return true;
}

static bool at_condition(const parser *p)
{
    if (parse_at_sign(p, "(") || at_operator(p, "NOT", "not", "!"))
        return true;
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        if (parse_at_any_case(p, tests[i].name))
            return true;
    return parse_at_any_case(p, "true") || parse_at_any_case(p, "false");
}

bool parse_condition(parser *p, condition **out)
{
    condition *last = NULL, *more = NULL;
    if (!parse_or(p, &last))
        return false;
    *out = last;
    while (at_condition(p)) {
        if (!parse_or(p, &more) || !add_operand(p, out, CONDITION_ALL, last, more))
            return false;
        last = more;
    }
    return true;
}

bool parse_bracketed_condition(parser *p, condition **out)
{
    return parse_take_sign(p, "(") && parse_or(p, out) && parse_take_sign(p, ")");
}
