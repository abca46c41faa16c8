/* src/z3950/query.c - boxes to PQF or CQL.
 *
 * YAZ lets malformed prefix text pass without an error (SR-23), so nothing a user types is ever read as syntax: each term
 * is cleaned by its form, quoted, and escaped within the quotes. */
#include "query.h"
#include "recto/marc/standard_numbers.h"
#include <ctype.h>
#include <string.h>

enum { TERM_MAX = 1000, QUERY_MAX = 64 * 1024 };

typedef struct term {
    buffer value;
    bool phrase, truncated; /* "in quotes", and ending in * (SR-20) */
} term;

bool query_is_used(const external_query *query, external_box box)
{
    return query->boxes[box] != NULL && text_trim(text_from(query->boxes[box])).length > 0;
}

/* ---- terms ---- */

static bool is_punctuation(char byte)
{
    return ispunct((unsigned char)byte) && strchr("'-+#", byte) == NULL;
}

/* Words: punctuation and control characters become one blank each run; marks and letters of all scripts stay. */
static void clean_words(buffer *out, text typed, bool keep_punctuation)
{
    bool gap = false;
    for (size_t i = 0; i < typed.length; i++) {
        unsigned char byte = (unsigned char)typed.bytes[i];
        if (byte <= ' ' || byte == 0x7F || (!keep_punctuation && is_punctuation((char)byte))) {
            gap = out->length > 0;
            continue;
        }
        if (gap)
            buffer_append_char(out, ' ');
        buffer_append_char(out, (char)byte);
        gap = false;
    }
}

static text without_quotes(text typed, bool *phrase)
{
    *phrase = typed.length >= 2 && typed.bytes[0] == '"' && typed.bytes[typed.length - 1] == '"';
    return *phrase ? text_trim(text_of(typed.bytes + 1, typed.length - 2)) : typed;
}

static text without_star(text typed, bool *truncated)
{
    if (typed.length > 1 && typed.bytes[typed.length - 1] == '*') {
        *truncated = true;
        return text_trim(text_of(typed.bytes, typed.length - 1));
    }
    return typed;
}

static void words_term(term *out, text typed)
{
    typed = without_star(typed, &out->truncated);
    typed = without_quotes(typed, &out->phrase);
    typed = without_star(typed, &out->truncated);
    clean_words(&out->value, typed, false);
}

/* Digits and X as typed; the other form is the ISBN of the other length. */
static void isbn_term(buffer *out, text typed, bool alternate)
{
    buffer key;
    char ten[11], byte;
    bool valid = false;
    buffer_init(&key, TERM_MAX);
    if (alternate && number_isbn_key(&key, typed, &valid) && valid) {
        size_t digits = 0;
        for (size_t i = 0; i < typed.length; i++)
            digits += (typed.bytes[i] >= '0' && typed.bytes[i] <= '9') || typed.bytes[i] == 'X' || typed.bytes[i] == 'x';
        if (digits == 10)
            buffer_append_text(out, buffer_text(&key));
        else if (number_isbn_10_of(ten, buffer_text(&key)))
            buffer_append_string(out, ten);
    }
    for (size_t i = 0; i < typed.length && !alternate; i++) {
        byte = (char)toupper((unsigned char)typed.bytes[i]);
        if ((byte >= '0' && byte <= '9') || byte == 'X')
            buffer_append_char(out, byte);
    }
    buffer_release(&key);
}

static void issn_term(buffer *out, text typed, bool alternate)
{
    buffer key;
    bool valid = false;
    buffer_init(&key, TERM_MAX);
    if (number_issn_key(&key, typed, &valid) && key.length == 8) {
        buffer_append(out, key.bytes, 4);
        if (!alternate)
            buffer_append_char(out, '-');
        buffer_append(out, key.bytes + 4, 4);
    }
    buffer_release(&key);
}

/* One identifier in the form the target's table asks for; nothing appended: it has no such form. */
static void identifier_term(buffer *out, term_form form, text typed, bool alternate)
{
    if (form == FORM_ISBN)
        isbn_term(out, typed, alternate);
    else if (form == FORM_ISSN)
        issn_term(out, typed, alternate);
    else if (form == FORM_LCCN && !alternate)
        number_lccn_key(out, typed);
    else if (form == FORM_OCLC && !alternate)
        number_oclc_typed(out, typed);
}

/* As typed where there is no better form: the target says what it thinks of it. */
static void make_term(term *out, const box_attributes *box, text typed, bool alternate)
{
    if (box->form == FORM_WORDS) {
        words_term(out, typed);
        return;
    }
    if (box->form == FORM_PLAIN)
        typed = without_star(typed, &out->truncated);
    else
        identifier_term(&out->value, box->form, typed, alternate);
    if (out->value.length == 0)
        clean_words(&out->value, typed, true);
}

static void term_init(term *out)
{
    *out = (term){ .phrase = false };
    buffer_init(&out->value, TERM_MAX);
}

/* ---- PQF ---- */

static void append_quoted(buffer *out, text value)
{
    buffer_append_char(out, '"');
    for (size_t i = 0; i < value.length; i++) {
        if (value.bytes[i] == '"' || value.bytes[i] == '\\')
            buffer_append_char(out, '\\');
        buffer_append_char(out, value.bytes[i]);
    }
    buffer_append_char(out, '"');
}

static void append_attribute(buffer *out, int type, int value)
{
    if (value != 0)
        buffer_append_format(out, "@attr %d=%d ", type, value);
}

static void append_pqf_term(buffer *out, const box_attributes *box, const term *term, int fallback)
{
    int structure = term->phrase ? 1 : box->structure;
    int truncation = term->truncated ? 1 : term->phrase ? 0 : box->truncation;
    append_attribute(out, 1, box->use);
    append_attribute(out, 4, fallback >= FALLBACK_STRUCTURE ? 0 : structure);
    append_attribute(out, 5, fallback >= FALLBACK_TRUNCATION ? 0 : truncation);
    append_quoted(out, buffer_text(&term->value));
}

/* ---- CQL ---- */

static void append_cql_term(buffer *out, const box_attributes *box, const term *term)
{
    text value = buffer_text(&term->value);
    buffer_append_format(out, "%s %s \"", box->index, term->phrase || box->form != FORM_WORDS ? "=" : "all");
    for (size_t i = 0; i < value.length; i++) {
        if (strchr("\"\\*?^", value.bytes[i]) != NULL && value.bytes[i] != '\0')
            buffer_append_char(out, '\\');
        buffer_append_char(out, value.bytes[i]);
    }
    buffer_append_string(out, term->truncated ? "*\"" : "\"");
}

/* ---- the whole ---- */

static recto_status append_box(buffer *out, const target_entry *entry, const external_query *query, external_box box,
                               int fallback, bool alternate, recto_error *error)
{
    term term;
    recto_status status = RECTO_OK;
    const box_attributes *attributes = &entry->boxes[box];
    if (!attributes->supported || (entry->shown.sru && attributes->index == NULL))
        return recto_fail(error, RECTO_EINVALID, entry->shown.label, "clear the box, or choose another target",
                          "%s cannot search by %s", entry->shown.label, external_box_label(box));
    term_init(&term);
    make_term(&term, attributes, text_trim(text_from(query->boxes[box])), alternate);
    if (buffer_failed(&term.value))
        status = recto_fail(error, RECTO_ELIMIT, external_box_label(box), NULL, "more than %d bytes to search for", TERM_MAX);
    else if (term.value.length == 0)
        status = recto_fail(error, RECTO_EINVALID, external_box_label(box), NULL, "type something to search for");
    else if (entry->shown.sru)
        append_cql_term(out, attributes, &term);
    else
        append_pqf_term(out, attributes, &term, fallback > entry->learned[box] ? fallback : entry->learned[box]);
    buffer_release(&term.value);
    return status;
}

recto_status query_build(buffer *out, const target_entry *entry, const external_query *query, int fallback, bool alternate,
                         recto_error *error)
{
    size_t used = 0;
    recto_status status = RECTO_OK;
    for (int box = 0; box < BOX_COUNT; box++)
        used += query_is_used(query, (external_box)box);
    if (used == 0)
        return recto_fail(error, RECTO_EINVALID, NULL, NULL, "type something to search for");
    for (size_t i = 1; i < used && !entry->shown.sru; i++)
        buffer_append_string(out, "@and ");
    bool first = true;
    for (int box = 0; box < BOX_COUNT && status == RECTO_OK; box++) {
        if (!query_is_used(query, (external_box)box))
            continue;
        if (!first)
            buffer_append_string(out, entry->shown.sru ? " and " : " ");
        status = append_box(out, entry, query, (external_box)box, fallback, alternate, error);
        first = false;
    }
    if (status == RECTO_OK && buffer_failed(out))
        status = recto_fail_memory(error, "writing a query");
    return status;
}

bool query_has_alternate(const target_entry *entry, const external_query *query)
{
    buffer first, second;
    buffer_init(&first, QUERY_MAX);
    buffer_init(&second, QUERY_MAX);
    bool differ = query_build(&first, entry, query, 0, false, NULL) == RECTO_OK &&
                  query_build(&second, entry, query, 0, true, NULL) == RECTO_OK &&
                  !text_equal(buffer_text(&first), buffer_text(&second));
    buffer_release(&first);
    buffer_release(&second);
    return differ;
}

void query_learn(target_entry *entry, const external_query *query, int fallback)
{
    for (int box = 0; box < BOX_COUNT; box++)
        if (query_is_used(query, (external_box)box) && fallback > entry->learned[box])
            entry->learned[box] = fallback;
}

static void append_list(buffer *out, const external_query *query, bool labels)
{
    for (int box = 0; box < BOX_COUNT; box++) {
        if (!query_is_used(query, (external_box)box))
            continue;
        buffer_append_string(out, out->length > 0 ? ", " : "");
        buffer_append_string(out, labels ? external_box_label((external_box)box) : query->boxes[box]);
    }
}

void query_boxes(buffer *out, const external_query *query)
{
    append_list(out, query, true);
}

void query_terms(buffer *out, const external_query *query)
{
    append_list(out, query, false);
}
