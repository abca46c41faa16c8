/* src/rules/parse_merge.c - the actions of merge rules. @spec rules.md 2.1
 *
 *   action = add|remove|replace spec { when ... | excluding ... | if ... }      spec = MARC.[control.]"tags"[X|XX][("i","j")] */
#include "parse.h"

#include <stdio.h>
#include <string.h>

/* ---- MARC."65"X(" ","0") ----------------------------------------------------------------------------------------- */

static bool is_tag_character(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* One tag of the list, the Xs behind the quotes added. [U]: in a list they belong to each tag. */
static bool fill_tag(parser *p, merge_spec *spec, text raw, char out[MARC_TAG_LENGTH + 1])
{
    size_t length = raw.length + (size_t)spec->wildcards;
    for (size_t i = 0; i < raw.length; i++)
        if (!is_tag_character(raw.bytes[i]))
            return parse_error(p, place_of_quoted(&spec->tags), "E20", "bad tag '%.*s', expected letters and digits%s",
                               (int)(raw.length > 20 ? 20 : raw.length), raw.bytes,
                               raw.bytes[i] == '*' ? "; write X or XX behind the quotes for any character" : "");
    if (raw.length == 0 || length < MARC_TAG_LENGTH)
        return parse_error(p, place_of_quoted(&spec->tags), "E20", "tag '%.*s' too short, expected three characters; add X or XX",
                           (int)raw.length, raw.bytes);
    if (raw.length > MARC_TAG_LENGTH)
        return parse_error(p, place_of_quoted(&spec->tags), "E20", "tag '%.*s' too long, expected three characters",
                           (int)(raw.length > 20 ? 20 : raw.length), raw.bytes);
    if (length > MARC_TAG_LENGTH)
        parse_warning(p, place_of_quoted(&spec->tags), "W03",
                      "tag '%.*s' and %s are more than three characters; the end is cut off", (int)raw.length, raw.bytes,
                      spec->wildcards == 1 ? "X" : "XX");
    memset(out, 'X', MARC_TAG_LENGTH);
    memcpy(out, raw.bytes, raw.length);
    out[MARC_TAG_LENGTH] = '\0';
    return true;
}

static bool fill_selector(parser *p, merge_spec *spec)
{
    size_t count = 1;
    text rest = spec->tags.raw;
    for (size_t i = 0; i < rest.length; i++)
        count += rest.bytes[i] == ',';
    char(*tags)[MARC_TAG_LENGTH + 1] = arena_calloc(p->file->memory, count, sizeof *tags);
    if (tags == NULL)
        return parse_no_memory(p);
    for (size_t i = 0; i < count; i++)
        if (!fill_tag(p, spec, text_trim(text_next_field(&rest, ',')), tags[i]))
            return false;
    spec->selector.tags = (const char(*)[MARC_TAG_LENGTH + 1]) tags;
    spec->selector.tag_count = count;
    return true;
}

/* X or XX directly behind the closing quote. */
static void take_wildcards(parser *p, merge_spec *spec, size_t quote_end)
{
    bool one = parse_at_word(p, "X");
    if (p->token.start == quote_end && (one || parse_at_word(p, "XX"))) {
        spec->wildcards = one ? 1 : 2;
        parse_next(p);
    }
}

static bool take_indicator(parser *p, quoted *source, char *out)
{
    text_fault fault;
    if (!parse_take_string(p, source, "indicator"))
        return false;
    return indicator_parse(out, source->raw, &fault) || parse_text_fault(p, source, &fault);
}

static bool take_indicators(parser *p, merge_spec *spec)
{
    if (!parse_at_sign(p, "("))
        return true;
    spec->has_indicators = true;
    return parse_take_sign(p, "(") && take_indicator(p, &spec->indicators[0], &spec->selector.indicator[0]) &&
           parse_take_sign(p, ",") && take_indicator(p, &spec->indicators[1], &spec->selector.indicator[1]) &&
           parse_take_sign(p, ")");
}

static bool parse_tags(parser *p, merge_spec *spec)
{
    size_t quote_end = p->token.end;
    if (!parse_take_string(p, &spec->tags, "tag"))
        return false;
    take_wildcards(p, spec, quote_end);
    return fill_selector(p, spec);
}

static bool parse_spec(parser *p, merge_spec *spec)
{
    if (!parse_take_word(p, "MARC", "E31") || !parse_take_sign(p, "."))
        return false;
    if (parse_at_any_case(p, "control")) {
        spec->control = true;
        parse_next(p);
        if (!parse_take_sign(p, "."))
            return false;
    }
    return parse_tags(p, spec) && take_indicators(p, spec);
}

/* ---- clauses ----------------------------------------------------------------------------------------------------- */

static merge_node *append_clause(parser *p, merge_step *step, merge_clause_kind kind)
{
    merge_node *made = arena_calloc(p->file->memory, 1, sizeof *made), **place = &step->clauses;
    if (made == NULL) {
        p->no_memory = true;
        return NULL;
    }
    made->kind = kind;
    while (*place != NULL)
        place = &(*place)->next;
    *place = made;
    step->clause_count++;
    return made;
}

static bool take_code(parser *p, merge_node *clause)
{
    text_fault fault;
    if (!parse_take_string(p, &clause->code, "subfield code"))
        return false;
    return code_parse(&clause->code_character, clause->code.raw, &fault) || parse_text_fault(p, &clause->code, &fault);
}

static bool take_comparison(parser *p, merge_node *clause)
{
    static const char *const words[] = { [MERGE_CONTAINS] = "contains", [MERGE_EQUALS] = "equals", [MERGE_MATCHES] = "matches" };
    for (int i = MERGE_CONTAINS; i <= MERGE_MATCHES; i++)
        if (parse_at_any_case(p, words[i])) {
            clause->comparison = (merge_comparison)i;
            parse_next(p);
            return true;
        }
    return parse_unknown(p, "E33", "a comparison (contains, equals or matches)", words, 3);
}

static bool take_value(parser *p, merge_node *clause)
{
    text_fault fault = { 0 };
    if (!parse_take_string(p, &clause->value, "value"))
        return false;
    text trimmed = text_trim(clause->value.raw);
    if (trimmed.length == 0 || text_equal(trimmed, TEXT("*")))
        return parse_error(p, place_of_quoted(&clause->value), "E34",
                           "comparison with an empty text or a bare *, expected a text to compare with");
    if (!text_created(&clause->words, p->file->memory, clause->value.raw, &fault))
        return parse_text_fault(p, &clause->value, &fault);
    if (clause->comparison != MERGE_MATCHES)
        return true;
    if (!expression_compile(&clause->expression, clause->value.raw, true, "E34", &fault))
        return parse_text_fault(p, &clause->value, &fault);
    if (rule_file_keep(p->file, clause->expression))
        return true;
    expression_free(clause->expression);
    return parse_no_memory(p);
}

static bool parse_when(parser *p, merge_step *step)
{
    merge_node *clause = append_clause(p, step, MERGE_WHEN);
    if (clause == NULL)
        return false;
    if (parse_at_any_case(p, "not")) {
        clause->negated = true;
        parse_next(p);
    }
    return parse_spec(p, &clause->spec) && parse_take_sign(p, ".") && take_code(p, clause) && take_comparison(p, clause) &&
           take_value(p, clause);
}

static bool parse_excluded_indicator(parser *p, merge_step *step)
{
    merge_node *clause = append_clause(p, step, MERGE_EXCLUDING_INDICATOR);
    if (clause == NULL)
        return false;
    clause->which = parse_at_any_case(p, "first") ? 1 : 2;
    parse_next(p);
    return parse_take_word(p, "indicator", "E35") && take_indicator(p, &clause->value, &clause->character);
}

static bool parse_excluded_subfield(parser *p, merge_step *step)
{
    merge_node *clause = append_clause(p, step, MERGE_EXCLUDING_SUBFIELD);
    text_fault fault = { 0 };
    if (clause == NULL)
        return false;
    parse_next(p);
    if (!parse_take_sign(p, "(") || !take_code(p, clause) || !parse_take_sign(p, ",") ||
        !parse_take_string(p, &clause->value, "value") || !parse_take_sign(p, ")"))
        return false;
    return text_created(&clause->words, p->file->memory, clause->value.raw, &fault) ||
           parse_text_fault(p, &clause->value, &fault);
}

static bool parse_excluded_fields(parser *p, merge_step *step)
{
    merge_node *clause = append_clause(p, step, MERGE_EXCLUDING_FIELDS);
    if (clause == NULL)
        return false;
    clause->plain_tags = p->token.kind == TOKEN_STRING;
    return clause->plain_tags ? parse_tags(p, &clause->spec) : parse_spec(p, &clause->spec);
}

static bool parse_excluded(parser *p, merge_step *step)
{
    static const char *const names[] = { "MARC", "first", "second", "subfield" };
    if (p->token.kind == TOKEN_STRING || parse_at_word(p, "MARC"))
        return parse_excluded_fields(p, step);
    if (parse_at_any_case(p, "first") || parse_at_any_case(p, "second"))
        return parse_excluded_indicator(p, step);
    if (parse_at_any_case(p, "subfield"))
        return parse_excluded_subfield(p, step);
    return parse_unknown(p, "E35", "a tag list, MARC, first or second indicator, or subfield", names, 4);
}

static bool parse_excluding(parser *p, merge_step *step)
{
    if (!parse_excluded(p, step))
        return false;
    while (parse_at_sign(p, ",")) {
        parse_next(p);
        if (!parse_excluded(p, step))
            return false;
    }
    return true;
}

static bool parse_if(parser *p, merge_step *step)
{
    static const char *const names[] = { "exists", "exist", "does", "not" };
    merge_node *clause = append_clause(p, step, MERGE_IF_EXISTS);
    if (clause == NULL)
        return false;
    if (parse_at_any_case(p, "does"))
        parse_next(p);
    if (parse_at_any_case(p, "not")) {
        clause->negated = true;
        parse_next(p);
    }
    if (!parse_at_any_case(p, "exists") && !parse_at_any_case(p, "exist"))
        return parse_unknown(p, "E36", "\"exists\" or \"does not exist\"", names, 4);
    parse_next(p);
    if (!parse_at_any_case(p, "subfield"))
        return true;
    clause->kind = MERGE_IF_SUBFIELD;
    parse_next(p);
    return take_code(p, clause);
}

static bool parse_clauses(parser *p, merge_step *step)
{
    for (;;) {
        bool (*parse_one)(parser *, merge_step *) = parse_at_word(p, "when")            ? parse_when
                                                    : parse_at_any_case(p, "excluding") ? parse_excluding
                                                    : parse_at_word(p, "if")            ? parse_if
                                                                                        : NULL;
        if (parse_one == NULL)
            return true;
        parse_next(p);
        if (!parse_one(p, step))
            return false;
    }
}

/* ---- the action -------------------------------------------------------------------------------------------------- */

bool parse_merge_step(parser *p, merge_step **out)
{
    static const char *const verbs[] = { [MERGE_ADD] = "add", [MERGE_REMOVE] = "remove", [MERGE_REPLACE] = "replace" };
    merge_step *made = arena_calloc(p->file->memory, 1, sizeof *made);
    int verb = MERGE_ADD;
    if (made == NULL)
        return parse_no_memory(p);
    *out = made;
    made->line = p->token.line;
    made->column = p->token.column;
    while (verb <= MERGE_REPLACE && !parse_at_any_case(p, verbs[verb]))
        verb++;
    if (verb > MERGE_REPLACE)
        return parse_unknown(p, "E32", "a merge action (add, remove or replace)", verbs, 3);
    made->verb = (merge_verb)verb;
    parse_next(p);
    return parse_spec(p, &made->spec) && parse_clauses(p, made);
}
