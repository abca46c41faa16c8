/* src/service/z3950_rpn.c - a Z39.50 type-1 query as the repository's tree.
 *
 * Attributes are read type by type; each value we do not honour is refused with its own diagnostic, never dropped in silence,
 * because a client that asked for a phrase and got words would show wrong hits. */
#include "recto/base/utf8.h"
#include "z3950_query.h"
#include <stdio.h>
#include <yaz/diagbib1.h>
#include <yaz/oid_db.h>

typedef struct attributes {
    int64_t use;
    bool has_use;
    wanted_term wanted;
    bool numbers_only; /* structure year, date or numeric: for indexes of numbers */
} attributes;

enum { USE = 1, RELATION = 2, POSITION = 3, STRUCTURE = 4, TRUNCATION = 5, COMPLETENESS = 6, TYPES = 7 };

static bool refuse(query_maker *maker, int diagnostic, int64_t value)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)value);
    query_fail(maker, diagnostic, text_from(number));
    return false;
}

static bool take_use(query_maker *maker, attributes *out, int64_t value)
{
    (void)maker;
    out->use = value;
    out->has_use = true;
    return true;
}

static bool take_relation(query_maker *maker, attributes *out, int64_t value)
{
    switch (value) {
    case 1:
        out->wanted.relation = RELATION_LESS;
        return true;
    case 2:
        out->wanted.relation = RELATION_LESS_EQUAL;
        return true;
    case 3:
    case 102: /* relevance: ours is the plain match */
        return true;
    case 4:
        out->wanted.relation = RELATION_GREATER_EQUAL;
        return true;
    case 5:
        out->wanted.relation = RELATION_GREATER;
        return true;
    case 6:
        out->wanted.relation = RELATION_NOT;
        return true;
    default:
        return refuse(maker, YAZ_BIB1_UNSUPP_RELATION_ATTRIBUTE, value);
    }
}

static bool take_position(query_maker *maker, attributes *out, int64_t value)
{
    out->wanted.starts_with = value == 1;
    return value == 1 || value == 3 || refuse(maker, YAZ_BIB1_UNSUPP_POSITION_ATTRIBUTE, value);
}

static bool take_structure(query_maker *maker, attributes *out, int64_t value)
{
    switch (value) {
    case 1:
    case 108: /* string */
        out->wanted.phrase = true;
        return true;
    case 2: /* word, word list, names, free text */
    case 6:
    case 101:
    case 102:
    case 105:
    case 106:
        return true;
    case 4: /* year, date, numeric */
    case 5:
    case 109:
        out->numbers_only = true;
        return true;
    default:
        return refuse(maker, YAZ_BIB1_UNSUPP_STRUCTURE_ATTRIBUTE, value);
    }
}

static bool take_truncation(query_maker *maker, attributes *out, int64_t value)
{
    out->wanted.truncated = value == 1;
    return value == 1 || value == 100 || refuse(maker, YAZ_BIB1_UNSUPP_TRUNCATION_ATTRIBUTE, value);
}

static bool take_completeness(query_maker *maker, attributes *out, int64_t value)
{
    out->wanted.whole_field = value == 3;
    return value == 1 || value == 3 || refuse(maker, YAZ_BIB1_UNSUPP_COMPLETENESS_ATTRIBUTE, value);
}

static bool (*const takers[TYPES])(query_maker *maker, attributes *out, int64_t value) = {
    [USE] = take_use,
    [RELATION] = take_relation,
    [POSITION] = take_position,
    [STRUCTURE] = take_structure,
    [TRUNCATION] = take_truncation,
    [COMPLETENESS] = take_completeness,
};

static bool take_attribute(query_maker *maker, attributes *out, const Z_AttributeElement *element)
{
    if (element->attributeSet != NULL && oid_oidcmp(element->attributeSet, yaz_oid_attset_bib_1) != 0)
        return refuse(maker, YAZ_BIB1_UNSUPP_ATTRIBUTE_SET, 0);
    if (*element->attributeType < USE || *element->attributeType >= TYPES)
        return refuse(maker, YAZ_BIB1_UNSUPP_ATTRIBUTE_TYPE, *element->attributeType);
    if (element->which == Z_AttributeValue_numeric)
        return takers[*element->attributeType](maker, out, *element->value.numeric);
    /* named indexes are not of Bib-1 */
    query_fail(maker, *element->attributeType == USE ? YAZ_BIB1_UNSUPP_USE_ATTRIBUTE : YAZ_BIB1_UNSUPP_ATTRIBUTE_TYPE,
               TEXT("a name"));
    return false;
}

static bool take_term(query_maker *maker, wanted_term *out, const Z_Term *term)
{
    char number[24];
    switch (term->which) {
    case Z_Term_general:
        out->value = text_of(term->u.general->buf, (size_t)term->u.general->len);
        break;
    case Z_Term_characterString:
        out->value = text_from(term->u.characterString);
        break;
    case Z_Term_numeric:
        snprintf(number, sizeof number, "%lld", (long long)*term->u.numeric);
        out->value = query_keep(maker, text_from(number));
        break;
    default:
        return refuse(maker, YAZ_BIB1_TERM_TYPE_UNSUPP, term->which);
    }
    out->value = text_trim(out->value);
    if (utf8_valid(out->value, NULL))
        return true;
    query_fail(maker, YAZ_BIB1_MALFORMED_SEARCH_TERM, TEXT("the term is not UTF-8"));
    return false;
}

/* "1967-2007" in an index of years is a range. */
static void split_range(wanted_term *wanted)
{
    text rest = wanted->value, from = text_next_field(&rest, '-');
    int64_t number = 0;
    if (rest.bytes == NULL || !text_to_integer(text_trim(from), &number) || !text_to_integer(text_trim(rest), &number))
        return;
    wanted->value = text_trim(from);
    wanted->value_to = text_trim(rest);
}

static const query_node *from_term(query_maker *maker, const Z_AttributesPlusTerm *given)
{
    attributes found = { .has_use = false };
    for (int i = 0; i < given->attributes->num_attributes; i++)
        if (!take_attribute(maker, &found, given->attributes->attributes[i]))
            return NULL;
    if (!take_term(maker, &found.wanted, given->term))
        return NULL;
    const char *codes = found.has_use ? query_codes_of_use(maker, found.use) : "kw";
    if (codes == NULL) {
        refuse(maker, YAZ_BIB1_UNSUPP_USE_ATTRIBUTE, found.use);
        return NULL;
    }
    const search_index *index = repo_search_index(codes);
    bool numbers = index != NULL && index->kind == 'n';
    if (found.numbers_only && !numbers) {
        refuse(maker, YAZ_BIB1_UNSUPP_STRUCTURE_ATTRIBUTE, found.use);
        return NULL;
    }
    if (numbers && found.wanted.relation == RELATION_EQUAL)
        split_range(&found.wanted);
    return query_term(maker, codes, &found.wanted);
}

static const query_node *from_operand(query_maker *maker, const Z_Operand *operand)
{
    if (operand->which == Z_Operand_APT)
        return from_term(maker, operand->u.attributesPlusTerm);
    if (operand->which != Z_Operand_resultSetId || maker->find_set == NULL)
        return query_fail(maker, YAZ_BIB1_RESULT_SET_UNSUPP_AS_A_SEARCH_TERM, (text){ NULL, 0 });
    const query_node *set = maker->find_set(maker->context, operand->u.resultSetId);
    return set != NULL ? set : query_fail(maker, YAZ_BIB1_SPECIFIED_RESULT_SET_DOES_NOT_EXIST, text_from(operand->u.resultSetId));
}

static const query_node *from_structure(query_maker *maker, const Z_RPNStructure *structure)
{
    static const query_kind kinds[] = { QUERY_AND, QUERY_OR, QUERY_NOT };
    if (structure->which == Z_RPNStructure_simple)
        return from_operand(maker, structure->u.simple);
    const Z_Complex *both = structure->u.complex;
    int operator= both->roperator->which;
    if (operator!= Z_Operator_and && operator!= Z_Operator_or && operator!= Z_Operator_and_not)
        return query_fail(maker, YAZ_BIB1_OPERATOR_UNSUPP, TEXT("proximity"));
    if (++maker->depth > QUERY_DEPTH_MAX)
        return query_fail(maker, YAZ_BIB1_TOO_MANY_BOOLEAN_OPERATORS, (text){ NULL, 0 });
    const query_node *left = from_structure(maker, both->s1);
    const query_node *right = left == NULL ? NULL : from_structure(maker, both->s2);
    maker->depth--;
    if (right == NULL)
        return NULL;
    return query_join(maker, kinds[operator== Z_Operator_and ? 0 : operator== Z_Operator_or ? 1 : 2], left, right);
}

const query_node *query_from_rpn(query_maker *maker, const Z_RPNQuery *query)
{
    if (query->attributeSetId != NULL && oid_oidcmp(query->attributeSetId, yaz_oid_attset_bib_1) != 0)
        return query_fail(maker, YAZ_BIB1_UNSUPP_ATTRIBUTE_SET, (text){ NULL, 0 });
    return from_structure(maker, query->RPNStructure);
}
