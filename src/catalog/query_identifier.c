/* src/catalog/query_identifier.c - plain words that are an identifier by their form (SE-86). */
#include "inside.h"
#include "query.h"
#include "recto/repo/authorities.h"

#include <string.h>

bool query_begins_without_case(text whole, text beginning)
{
    return whole.length >= beginning.length && text_equal_ascii_case(text_of(whole.bytes, beginning.length), beginning);
}

bool query_is_oclc_form(text value)
{
    buffer key;
    static const char *const prefixes[] = { "(ocolc)", "ocm", "ocn", "on" };
    bool found = false;
    buffer_init(&key, 0);
    for (size_t i = 0; !found && i < sizeof prefixes / sizeof prefixes[0]; i++)
        found = query_begins_without_case(value, text_from(prefixes[i])) && number_oclc_typed(&key, value);
    buffer_release(&key);
    return found;
}

static bool only_of(text value, const char *letters)
{
    for (size_t i = 0; i < value.length; i++)
        if (strchr(letters, value.bytes[i]) == NULL || value.bytes[i] == '\0')
            return false;
    return value.length > 0;
}

static const char *code_of_identifier(text value)
{
    mms_id id;
    bool valid = false;
    const char *code = NULL;
    buffer key;
    buffer_init(&key, 0);
    if (mms_id_parse(&id, value) && (query_begins_without_case(value, TEXT("MMS")) || text_starts(value, TEXT("99")) ||
                                     (text_starts(value, TEXT("98")) && repo_is_authority(id))))
        code = "mms";
    else if (query_is_oclc_form(value))
        code = "oclcz";
    else if (value.length == 9 && value.bytes[4] == '-' && number_issn_key(&key, value, &valid) && valid)
        code = "issn";
    else if (only_of(value, "0123456789Xx-") && number_isbn_key(&key, value, &valid) && valid)
        code = "isbn";
    buffer_release(&key);
    return code;
}

const query_node *query_identifier(struct arena *arena, const query_node *query)
{
    if (query == NULL || query->kind != QUERY_TERM || query->operator!= SEARCH_KEYWORDS || strcmp(query->index->code, "kw") != 0)
        return NULL;
    const char *code = code_of_identifier(text_trim(query->value));
    const search_index *index = code != NULL ? repo_search_index(code) : NULL;
    if (index == NULL)
        return NULL;
    query_node *node = arena_calloc(arena, 1, sizeof *node);
    if (node != NULL)
        *node = (query_node){ .kind = QUERY_TERM, .index = index, .operator= SEARCH_EQUALS, .value = text_trim(query->value) };
    return node;
}
