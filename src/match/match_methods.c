/* src/match/match_methods.c - the match methods as a table, and their names. @spec match-merge.md sections 1 and 3 */
#include "match_keys.h"

#define IDENTIFIERS (BY_ISSN | BY_ISBN | BY_LCCN | BY_CODEN | BY_OCLC | BY_SYSTEM)
#define TITLES      (MARC_TITLE_PROPER | MARC_TITLE_ABBREVIATED | MARC_TITLE_VARYING)
#define FUZZY       .identifiers = IDENTIFIERS, .titles = TITLES, .authors = true
#define EXTENDED                                                                                                                 \
    .identifiers = IDENTIFIERS, .titles = TITLES | MARC_TITLE_STATEMENT, .authors = true, .linked_titles = true, .filtered = true
#define STATEMENT                                                                                                                \
    .identifiers = IDENTIFIERS, .titles = MARC_TITLE_STATEMENT, .authors = true, .linked_titles = true, .filtered = true

static const match_plan plans[] = {
    { MATCH_UNIQUE_OCLC, { "uniqueOCLC", "OCLCMatchProfile", "OCLCSerialMatchProfile" }, .identifiers = BY_OCLC },
    { MATCH_OTHER_SYSTEM, .identifiers = BY_SYSTEM },
    { MATCH_ISBN, .identifiers = BY_ISBN },
    { MATCH_ISBN_EXACT, .identifiers = BY_ISBN_EXACT },
    { MATCH_ISSN, .identifiers = BY_ISSN },
    { MATCH_ISSN_EXACT, .identifiers = BY_ISSN_EXACT },
    { MATCH_ISBN_EXACT_024_035, .identifiers = BY_ISBN_EXACT | BY_024 | BY_SYSTEM },
    { MATCH_ISSN_EXACT_024_035, .identifiers = BY_ISSN_EXACT | BY_024 | BY_SYSTEM },
    { MATCH_ISBN_024_035, .identifiers = BY_ISBN | BY_024 | BY_SYSTEM },
    { MATCH_ISSN_024_035, .identifiers = BY_ISSN | BY_024 | BY_SYSTEM },
    { MATCH_LCCN, .identifiers = BY_LCCN },
    { MATCH_RECORD_NUMBER, .identifiers = BY_RECORD },
    { MATCH_024_ORIGINAL, .identifiers = BY_RECORD | BY_SYSTEM | BY_024_RECORD },
    { MATCH_TITLE, .titles = MARC_TITLE_STATEMENT },
    { MATCH_FUZZY, { "CDLMatchingProfile" }, FUZZY },
    { MATCH_FUZZY_SERIAL, { "CDLSeMatchingProfile" }, FUZZY },
    { MATCH_EXTENDED_FUZZY, EXTENDED },
    { MATCH_EXTENDED_FUZZY_SERIAL, EXTENDED },
    { MATCH_STATEMENT_FUZZY, STATEMENT },
    { MATCH_STATEMENT_FUZZY_SERIAL, STATEMENT },
};

static const match_method_info methods[] = {
    { MATCH_UNIQUE_OCLC, "unique-oclc", "Unique OCLC Identifier" },
    { MATCH_OTHER_SYSTEM, "035", "035 (Other System Identifier)" },
    { MATCH_ISBN, "isbn", "ISBN" },
    { MATCH_ISBN_EXACT, "isbn-exact", "ISBN (exact subfield match)" },
    { MATCH_ISSN, "issn", "ISSN" },
    { MATCH_ISSN_EXACT, "issn-exact", "ISSN (exact subfield match)" },
    { MATCH_ISBN_EXACT_024_035, "isbn-exact-024-035", "ISBN (exact subfield match) / 024 / 035" },
    { MATCH_ISSN_EXACT_024_035, "issn-exact-024-035", "ISSN (exact subfield match) / 024 / 035" },
    { MATCH_ISBN_024_035, "isbn-024-035", "ISBN / 024 / 035" },
    { MATCH_ISSN_024_035, "issn-024-035", "ISSN / 024 / 035" },
    { MATCH_LCCN, "lccn", "LCCN" },
    { MATCH_RECORD_NUMBER, "001", "001 to MMS_ID" },
    { MATCH_024_ORIGINAL, "024-original", "024 to OriginalSystemId or MMSId" },
    { MATCH_TITLE, "title", "Title" },
    { MATCH_FUZZY, "fuzzy", "Fuzzy Non-Serial" },
    { MATCH_FUZZY_SERIAL, "fuzzy-serial", "Fuzzy Serial" },
    { MATCH_EXTENDED_FUZZY, "extended-fuzzy", "Extended Fuzzy Non-Serial" },
    { MATCH_EXTENDED_FUZZY_SERIAL, "extended-fuzzy-serial", "Extended Fuzzy Serial" },
    { MATCH_STATEMENT_FUZZY, "statement-fuzzy", "Title Statement Extended Fuzzy Non-Serial" },
    { MATCH_STATEMENT_FUZZY_SERIAL, "statement-fuzzy-serial", "Title Statement Extended Fuzzy Serial" },
};
enum { METHOD_COUNT = sizeof methods / sizeof *methods };
_Static_assert(sizeof plans / sizeof *plans == METHOD_COUNT, "every method has names and a plan, in one order");

const match_method_info *match_methods(size_t *count)
{
    *count = METHOD_COUNT;
    return methods;
}

const match_plan *match_plan_of(match_method method)
{
    for (size_t i = 0; i < METHOD_COUNT; i++)
        if (plans[i].method == method)
            return &plans[i];
    return NULL;
}

static bool same_name(text a, const char *b)
{
    return b != NULL && text_equal_ascii_case(a, text_from(b));
}

/** "com.exlibris.repository.mms.match.uniqueOCLC" is "uniqueOCLC"; other names stay as they are. */
static text without_package(text name)
{
    for (size_t i = name.length; i > 0; i--)
        if (name.bytes[i - 1] == '.')
            return text_of(name.bytes + i, name.length - i);
    return name;
}

/** Screens write "ISBN Match Method" as well as "ISBN". */
static text without_kind(text name)
{
    static const char ending[] = " Match Method";
    size_t length = sizeof ending - 1;

    if (name.length > length && same_name(text_of(name.bytes + name.length - length, length), ending))
        name.length -= length;
    return text_trim(name);
}

static bool has_class(const match_plan *plan, text name)
{
    for (size_t i = 0; i < sizeof plan->class_names / sizeof *plan->class_names; i++)
        if (same_name(name, plan->class_names[i]))
            return true;
    return false;
}

match_method match_method_named(const char *name)
{
    text wanted = text_trim(text_from(name));

    for (size_t i = 0; i < METHOD_COUNT; i++)
        if (same_name(wanted, methods[i].name) || same_name(without_kind(wanted), methods[i].label) ||
            has_class(&plans[i], without_package(wanted)))
            return methods[i].method;
    return MATCH_NONE;
}

static const match_method_info *info_of(match_method method)
{
    static const match_method_info none = { MATCH_NONE, "none", "no match method" };

    for (size_t i = 0; i < METHOD_COUNT; i++)
        if (methods[i].method == method)
            return &methods[i];
    return &none;
}

const char *match_method_label(match_method method)
{
    return info_of(method)->label;
}

const char *match_method_name(match_method method)
{
    return info_of(method)->name;
}
