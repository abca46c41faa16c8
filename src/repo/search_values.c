/* src/repo/search_values.c - conditions on numbers, times and codes: what a person types for them, and what the index holds. */
#include "search_terms.h"
#include "recto/base/utf8.h"
#include <stdio.h>
#include <string.h>

enum { SECONDS_A_DAY = 86400 };

/* ---- numbers and times ------------------------------------------------------------------------------------------- */

typedef struct range {
    int64_t from, to; /* both included */
} range;

typedef bool (*read_range)(range *out, text typed);

static bool read_number(range *out, text typed)
{
    out->from = out->to = 0;
    if (!text_to_integer(text_trim(typed), &out->from))
        return false;
    out->to = out->from;
    return true;
}

/* "1967" or "1967-2007". */
static bool read_years(range *out, text typed)
{
    range end;
    text rest = text_trim(typed), first = text_next_field(&rest, '-');
    if (!read_number(out, first))
        return false;
    if (rest.bytes == NULL)
        return true;
    if (!read_number(&end, rest))
        return false;
    out->to = end.to;
    return true;
}

/* A day, a month, a year, or a moment: all seconds of it. UTC, as stored. */
static bool read_time(range *out, text typed)
{
    char iso[40];
    int64_t ticks;
    text value = text_trim(typed);
    (void)snprintf(iso, sizeof iso, "%.*s%s", (int)(value.length < 30 ? value.length : 30), value.length > 0 ? value.bytes : "",
                   value.length == 4   ? "-01-01"
                   : value.length == 7 ? "-01"
                                       : "");
    if (!clock_parse_iso(&ticks, iso))
        return false;
    out->from = ticks / 10;
    out->to = out->from + (value.length > 10 ? 0 : SECONDS_A_DAY - 1);
    if (value.length == 4)
        out->to = out->from + 366 * (int64_t)SECONDS_A_DAY - 1;
    for (int days = 31; value.length == 7 && days > 27; days--) { /* the last day that is still in the month */
        char next[CLOCK_ISO_LENGTH];
        out->to = out->from + days * (int64_t)SECONDS_A_DAY - 1;
        clock_format_iso(next, out->to);
        if (memcmp(next, iso, 7) == 0)
            break;
    }
    if (value.length == 4) {
        char next[CLOCK_ISO_LENGTH];
        clock_format_iso(next, out->to);
        if (memcmp(next, iso, 4) != 0)
            out->to -= SECONDS_A_DAY;
    }
    return true;
}

typedef struct number_form { /* how the index writes a number, so that its order is that of the bytes */
    read_range read;
    const char *example;
    int64_t last;
    bool hexadecimal;
    int digits;
} number_form;

static const number_form years = { read_years, "1967 or 1967-2007", 9999, false, 4 };
static const number_form times = { read_time, "2026-01-31", UINT32_MAX, true, 8 };
static const number_form levels = { read_number, "08", 99, false, 2 };

static void write_number(char out[static 24], const number_form *form, int64_t number)
{
    if (form->hexadecimal)
        (void)snprintf(out, 24, "%0*llx", form->digits, (unsigned long long)number);
    else
        (void)snprintf(out, 24, "%0*lld", form->digits, (long long)number);
}

static recto_status find_range(found *out, search *search, const query_node *term, const number_form *form)
{
    range first = { 0, form->last }, last;
    char from[24], to[24];
    const unsigned column = index_origin_of(term->index)->column;
    if (term->operator== SEARCH_NOT_EMPTY && form != & years)
        return term_find_all(out, search);
    if (term->operator!= SEARCH_NOT_EMPTY && !form->read(&first, term->value))
        return term_bad_value(search, term, form->example);
    last = first;
    if (term->operator== SEARCH_BETWEEN && !form->read(&last, term->value_to))
        return term_bad_value(search, term, form->example);
    if (term->operator== SEARCH_AT_MOST || first.from<0)
        first.from = 0;
    if (term->operator== SEARCH_AT_LEAST || last.to> form->last)
        last.to = form->last;
    if (first.from > last.to)
        return term_nothing(out, search);
    write_number(from, form, first.from);
    write_number(to, form, last.to);
    return term_find_between_in(out, search, column, from, to);
}

/* ---- codes ------------------------------------------------------------------------------------------------------- */

typedef struct code_word {
    const char *word; /* folded */
    const char *code;
} code_word;

static const code_word sync_words[] = {
    { "b", "B" },
    { "bib", "B" },
    { "publish", "B" },
    { "publish bib", "B" },
    { "publish bibliographic records", "B" },
    { "h", "H" },
    { "holdings", "H" },
    { "holdings only", "H" },
    { "publish holdings only", "H" },
    { "n", "N" },
    { "none", "N" },
    { "no", "N" },
    { "dont publish", "N" },
    { "do not publish", "N" },
    { NULL, NULL },
};
static const code_word flag_words[] = { { "yes", "1" }, { "y", "1" }, { "1", "1" }, { "true", "1" },  { "suppressed", "1" },
                                        { "no", "0" },  { "n", "0" }, { "0", "0" }, { "false", "0" }, { NULL, NULL } };
static const code_word inventory_words[] = { { "physical", "P" }, { "p", "P" }, { "electronic", "E" }, { "e", "E" },
                                             { "none", "N" },     { "n", "N" }, { "digital", "D" },    { NULL, NULL } };

/* @return false: no memory. *code NULL: there is no such word */
static bool code_of(const char **code, const code_word *words, text typed)
{
    buffer folded;
    *code = NULL;
    buffer_init(&folded, 0);
    utf8_index_form(&folded, typed);
    const bool failed = buffer_failed(&folded);
    for (; words->word != NULL && *code == NULL; words++)
        if (text_equal(buffer_text(&folded), text_from(words->word)))
            *code = words->code;
    buffer_release(&folded);
    return !failed;
}

static recto_status find_code(found *out, search *search, const query_node *term, const code_word *words, const char *example)
{
    if (term->operator== SEARCH_NOT_EMPTY)
        return term_find_all(out, search);
    if (term->operator>= SEARCH_AT_LEAST)
        return term_bad_operator(search, term);
    const char *code;
    if (!code_of(&code, words, term->value))
        return search_no_memory(search);
    if (code == NULL)
        return term_bad_value(search, term, example);
    return term_find_in(out, search, index_origin_of(term->index)->column, text_from(code)); /* digital: nothing has any yet */
}

recto_status search_value(found *out, search *search, const query_node *term)
{
    switch (index_origin_of(term->index)->source) {
    case FROM_YEAR:
        return find_range(out, search, term, &years);
    case FROM_TIME:
        return find_range(out, search, term, &times);
    case FROM_LEVEL:
        return find_range(out, search, term, &levels);
    case FROM_SYNC:
        return find_code(out, search, term, sync_words, "bib, holdings or none");
    case FROM_FLAG:
        return find_code(out, search, term, flag_words, "yes or no");
    case FROM_INVENTORY:
        return find_code(out, search, term, inventory_words, "physical, electronic or none");
    default:
        return term_bad_operator(search, term);
    }
}
