/* src/match/merge_select.c - which fields an action of a merge rule is about: selectors and clauses.
 *
 * Every look at a field is a step of the run; a comparison of texts counts by what it may cost, so that no rule file and no
 * record can keep a merge busy beyond MERGE_STEP_LIMIT. */
#include "merge_engine.h"
#include "recto/base/utf8.h"

#include <string.h>
#include <utf8proc.h>

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

uint32_t merge_pack_tag(const char tag[static MARC_TAG_LENGTH])
{
    uint32_t digits = is_digit(tag[0]) && is_digit(tag[1]) && is_digit(tag[2]);

    return (uint32_t)(unsigned char)tag[0] << 24 | (uint32_t)(unsigned char)tag[1] << 16 | (uint32_t)(unsigned char)tag[2] << 8 |
           digits;
}

bool merge_pattern_is_wild(const char pattern[static MARC_TAG_LENGTH])
{
    bool any = false;
    for (int i = 0; i < MARC_TAG_LENGTH; i++) {
        any = any || pattern[i] == 'X';
        if (pattern[i] != 'X' && !is_digit(pattern[i]))
            return false;
    }
    return any;
}

bool merge_indicators_fit(const merge_selector *selector, const marc_field *field)
{
    if (marc_tag_is_control(field->tag))
        return false;
    for (int i = 0; i < 2; i++)
        if (selector->indicator[i] != 0 && marc_field_indicator(field, i + 1) != selector->indicator[i])
            return false;
    return true;
}

bool merge_selector_names(const merge_selector *selector, const char *tag)
{
    for (size_t i = 0; i < selector->tag_count; i++)
        if (memcmp(selector->tags[i], tag, MARC_TAG_LENGTH) == 0)
            return true;
    return false;
}

/** May one tag fit both patterns? */
static bool patterns_meet(const char *a, const char *b)
{
    for (int i = 0; i < MARC_TAG_LENGTH; i++)
        if (a[i] != b[i] && !(a[i] == 'X' && is_digit(b[i])) && !(b[i] == 'X' && is_digit(a[i])))
            return a[i] == '*' || b[i] == '*';
    return true;
}

bool merge_selectors_meet(const merge_selector *a, const merge_selector *b)
{
    for (int i = 0; i < 2; i++)
        if (a->indicator[i] != 0 && b->indicator[i] != 0 && a->indicator[i] != b->indicator[i])
            return false;
    for (size_t i = 0; i < a->tag_count; i++)
        for (size_t j = 0; j < b->tag_count; j++)
            if (patterns_meet(a->tags[i], b->tags[j]))
                return true;
    return false;
}

/* --- values --- */

/** The next character of a value, without case. */
static int32_t next_folded(text *rest)
{
    int32_t code = 0;
    size_t length = 1;

    if ((unsigned char)rest->bytes[0] < 0x80) {
        code = (unsigned char)rest->bytes[0];
        code += code >= 'A' && code <= 'Z' ? 'a' - 'A' : 0;
    } else {
        length = utf8_decode(rest->bytes, rest->length, &code);
        code = code < 0 ? -1 - (int32_t)(unsigned char)rest->bytes[0] : utf8proc_tolower(code);
    }
    *rest = text_of(rest->bytes + length, rest->length - length);
    return code;
}

/** The next character of a pattern; *literal false: it is the wildcard. */
static int32_t next_of_pattern(text *rest, bool *literal)
{
    *literal = true;
    if (rest->bytes[0] == '\\' && rest->length > 1)
        *rest = text_of(rest->bytes + 1, rest->length - 1);
    else
        *literal = rest->bytes[0] != '*';
    return next_folded(rest);
}

static bool has_plain_star(text pattern)
{
    while (pattern.length > 0) {
        bool literal;
        (void)next_of_pattern(&pattern, &literal);
        if (!literal)
            return true;
    }
    return false;
}

/* Characters looked at for one step of the run. */
enum { CHARACTERS_A_STEP = 8 };

/** The whole value against the pattern: where it does not go on, the last wildcard takes one character more. So a pattern and
 *  a value that are made for it take the product of their lengths: each character looked at is counted.
 *  @param part  the pattern may begin and end anywhere */
static bool fits(merge_run *run, text pattern, text value, bool part)
{
    size_t looked = 0;
    text after_star = pattern;
    text retry = value;
    bool starred = part;

    for (;;) {
        bool literal = true;
        text ahead = pattern;
        text next = value;
        if (++looked % CHARACTERS_A_STEP == 0 && ++run->steps > MERGE_STEP_LIMIT)
            return false; /* the run stops at the end of this action */
        if (part && pattern.length == 0)
            return true;
        int32_t wanted = ahead.length > 0 ? next_of_pattern(&ahead, &literal) : 0;
        if (!literal) {
            starred = true;
            after_star = pattern = ahead;
            retry = value;
        } else if (pattern.length == 0 && value.length == 0) {
            return true;
        } else if (pattern.length > 0 && value.length > 0 && next_folded(&next) == wanted) {
            pattern = ahead;
            value = next;
        } else if (starred && retry.length > 0) {
            (void)next_folded(&retry);
            pattern = after_star;
            value = retry;
        } else {
            return false;
        }
    }
}

bool merge_value_compares(merge_run *run, const merge_clause *clause, text value)
{
    run->steps += 1 + value.length / 64 + clause->value.length / 64;
    if (run->steps > MERGE_STEP_LIMIT)
        return false;
    switch (clause->comparison) {
    case MERGE_EQUALS:
        return text_equal(value, clause->value);
    case MERGE_MATCHES:
        return clause->matches != NULL && clause->matches(clause->expression, value);
    case MERGE_CONTAINS:
        break;
    }
    return fits(run, clause->value, value, !has_plain_star(clause->value));
}

/* --- clauses --- */

static bool has_subfield(const marc_field *field, char code)
{
    text value;

    return marc_field_subfield(field, code, &value);
}

static bool has_exact_subfield(const marc_field *field, char code, text wanted)
{
    marc_subfield subfield;
    size_t offset = 0;

    while (marc_field_next_subfield(field, &offset, &subfield))
        if (subfield.code == code && text_equal(subfield.value, wanted))
            return true;
    return false;
}

static bool has_compared_subfield(merge_run *run, const merge_clause *clause, const merge_field *field)
{
    marc_subfield subfield;
    size_t offset = 0;

    if (!merge_selects(&clause->selector, field))
        return false;
    while (marc_field_next_subfield(&field->field, &offset, &subfield))
        if (subfield.code == clause->code && merge_value_compares(run, clause, subfield.value))
            return true;
    return false;
}

static bool clause_passes(merge_run *run, const merge_action *action, const merge_clause *clause, const merge_field *field)
{
    const marc_field *plain = &field->field;

    switch (clause->kind) {
    case MERGE_EXCLUDING_FIELDS:
        return !merge_selects(&clause->selector, field);
    case MERGE_EXCLUDING_INDICATOR:
        return marc_tag_is_control(plain->tag) || marc_field_indicator(plain, clause->which) != clause->character;
    case MERGE_EXCLUDING_SUBFIELD:
        return !has_exact_subfield(plain, clause->code, clause->value);
    case MERGE_IF_SUBFIELD:
        return has_subfield(plain, clause->code) != clause->negated;
    case MERGE_WHEN:
        return !merge_selectors_meet(&action->selector, &clause->selector) ||
               has_compared_subfield(run, clause, field) != clause->negated;
    case MERGE_IF_EXISTS:
        break;
    }
    return true;
}

bool merge_clauses_pass(merge_run *run, const merge_action *action, const merge_field *field)
{
    for (size_t i = 0; i < action->clause_count; i++) {
        run->steps++;
        if (!clause_passes(run, action, &action->clauses[i], field))
            return false;
    }
    return true;
}

/** Fields of the secondary that the action would take: if exists, of remove and replace. */
static bool secondary_has(merge_run *run, const merge_action *action)
{
    const merge_side *side = &run->sides[MERGE_SECONDARY];

    run->steps += side->count * action->selector.tag_count;
    for (size_t i = 0; i < side->count; i++)
        if (merge_selects(&action->selector, &side->fields[i]) && merge_clauses_pass(run, action, &side->fields[i]))
            return true;
    return merge_selector_names(&action->selector, "LDR");
}

static bool primary_has(merge_run *run, const merge_selector *selector, const merge_clause *when)
{
    for (int side = MERGE_PRIMARY; side <= MERGE_SECONDARY; side++) {
        run->steps += run->sides[side].count * selector->tag_count;
        for (size_t i = 0; i < run->sides[side].count; i++) {
            const merge_field *field = &run->sides[side].fields[i];
            if (field->in_result && merge_selects(selector, field) && (when == NULL || has_compared_subfield(run, when, field)))
                return true;
        }
    }
    return when == NULL && merge_selector_names(selector, "LDR");
}

bool merge_action_is_due(merge_run *run, const merge_action *action)
{
    for (size_t i = 0; i < action->clause_count; i++) {
        const merge_clause *clause = &action->clauses[i];
        bool found;
        if (clause->kind == MERGE_IF_EXISTS)
            found = action->verb == MERGE_ADD ? primary_has(run, &action->selector, NULL) : secondary_has(run, action);
        else if (clause->kind == MERGE_WHEN && !merge_selectors_meet(&action->selector, &clause->selector))
            found = primary_has(run, &clause->selector, clause);
        else
            continue;
        if (found == clause->negated)
            return false;
    }
    return true;
}
