/* src/marc/validate_title.c - the title against the rest: added entry and 1XX, non-filing characters and articles, traced
 * series, the host of a component part. The punctuation of 245 is in validate_punctuation.c.
 *
 * Articles are known for a few languages only; where 008 names another one, nothing is said of a word. */
#include "validate_check.h"

#include "recto/base/utf8.h"

#include <string.h>

typedef struct language_articles {
    const char *language;
    const char *articles; /* in lower case, with a blank before and behind each; an apostrophe or hyphen belongs to it */
} language_articles;

static const language_articles articles[] = {
    { "eng", " the a an " },
    { "fre", " le la les l' un une " },
    { "ger", " der die das ein eine " },
    { "spa", " el la los las lo un una unos unas " },
    { "ita", " il lo la i gli le l' gl' un uno una un' " },
    { "por", " o a os as um uma uns umas " },
    { "glg", " o a os as un unha " },
    { "cat", " el la els les l' un una uns unes " },
    { "dut", " de het een 't 'n " },
    { "swe", " en ett den det de " },
    { "dan", " en et den det de " },
    { "nor", " en et ei den det de " },
    { "nob", " en et ei den det de " },
    { "nno", " ein ei eit den det dei " },
    { "hun", " a az egy " },
    { "ara", " al- " },
    { "heb", " ha- he- " },
    { "yid", " der di dos a an " },
};

/* what begins like an article and is none */
static const char *const exceptions[] = { "a is ",        "a isn't ",    "a to ",       "a la ",    "a l'",      "a priori",
                                          "a posteriori", "a & e",       "a and ",      "a for ",   "a-",        "a+",
                                          "a capella",    "a cappella",  "a mi ",       "a un ",    "a través",  "a propos",
                                          "el niño",      "el salvador", "el paso",     "la salle", "las vegas", "las casas",
                                          "los angeles",  "los alamos",  "los ángeles", "lo que ",  "lo cual ",  "le corbusier",
                                          "le mans",      "la rochelle", "la plata",    "die hard", "un autre",  "one " };

enum { BEGINNING = 48 };

typedef struct title_start { /* the beginning of a title, made comparable */
    char folded[BEGINNING];  /* lower case (ASCII), from the first word on */
    size_t length;
    size_t before; /* characters before the first word: quotes, brackets */
} title_start;

static bool is_opening(char byte)
{
    return byte == '"' || byte == '[' || byte == '(' || byte == '*';
}

static title_start start_of(text title)
{
    title_start start = { .length = 0 };
    size_t at = 0;

    while (at < title.length && is_opening(title.bytes[at]))
        at++;
    start.before = at;
    for (; at < title.length && start.length < BEGINNING; at++) {
        char byte = title.bytes[at];
        start.folded[start.length++] = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
    }
    return start;
}

static bool excepted(const title_start *start)
{
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
        if (text_starts(text_of(start->folded, start->length), text_from(exceptions[i])))
            return true;
    return false;
}

/** Characters of the first word when it is one of these articles, with the blank behind it; 0: it is not. */
static size_t article_length(const title_start *start, const char *list)
{
    char word[12] = " ";
    size_t length = 0;
    bool bound = false; /* the article ends in an apostrophe or hyphen, and no blank follows */

    while (length < start->length && length < 8 && start->folded[length] != ' ') {
        char byte = start->folded[length++];
        bound = length > 1 && (byte == '\'' || byte == '-');
        if (bound)
            break;
    }
    if (length == 0 || length + 1 >= start->length || (!bound && start->folded[length] != ' '))
        return 0;
    memcpy(word + 1, start->folded, length);
    word[length + 1] = ' ';
    if (memmem(list, strlen(list), word, length + 2) == NULL)
        return 0;
    return length + (bound ? 0 : 1);
}

static const char *articles_of(text language)
{
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++)
        if (text_equal(language, text_from(articles[i].language)))
            return articles[i].articles;
    return NULL;
}

/** Of any language: the title of a translation, or a series, may be in another one than 008 says. */
static size_t any_article_length(const title_start *start)
{
    size_t length = 0;

    for (size_t i = 0; i < sizeof articles / sizeof *articles && length == 0; i++)
        length = article_length(start, articles[i].articles);
    return length;
}

/* --- non-filing characters --- */

typedef struct filing_field {
    int tag, which;   /* the indicator that counts */
    bool in_language; /* of the item: an article is looked for */
} filing_field;

static const filing_field filing_fields[] = {
    { 130, 1, false }, { 222, 2, true },  { 240, 2, false }, { 242, 2, false }, { 245, 2, true },
    { 440, 2, true },  { 630, 1, false }, { 730, 1, false }, { 740, 1, false }, { 830, 2, false },
};

static text record_language(const validation *check)
{
    enum { LANGUAGE = 35, CODE = 3 };
    const marc_field *fixed = check_first_field(check, 8);

    return fixed != NULL && fixed->content.length >= LANGUAGE + CODE ? text_of(fixed->content.bytes + LANGUAGE, CODE) : TEXT("");
}

static finding_place at_indicator(size_t index, int which)
{
    return (finding_place){ .field = index, .offset = (size_t)which - 1, .suffix = which == 1 ? " ind1" : " ind2" };
}

/** The byte at which the n-th character begins; the length when there are not so many. */
static size_t byte_of_character(text value, size_t n)
{
    size_t at = 0;

    for (; n > 0 && at < value.length; n--) {
        int32_t code = 0;
        at += utf8_decode(value.bytes + at, value.length - at, &code);
    }
    return at;
}

static bool is_word_byte(char byte)
{
    return check_is_digit(byte) || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte & 0x80) != 0;
}

static void check_article(const validation *check, finding_place place, int which, const title_start *start, char indicator,
                          size_t length)
{
    char wanted = (char)('0' + start->before + length);
    text word = text_trim(text_of(start->folded, length));

    if (wanted > '9' || wanted == indicator)
        return;
    place.fix = check_fix_indicator(which, &wanted);
    check_report(check, FINDING_NONFILING_ARTICLE, place, 0,
                 ARGUMENTS(word, which == 1 ? TEXT("1") : TEXT("2"), text_of(&indicator, 1), text_of(&wanted, 1)));
}

/** Words of other scripts and with diacritics may be articles of languages that we do not know. */
static bool is_plain(text value)
{
    for (size_t i = 0; i < value.length; i++)
        if ((value.bytes[i] & 0x80) != 0)
            return false;
    return true;
}

static void check_count(const validation *check, finding_place place, int which, text title, char indicator)
{
    size_t count = (size_t)(indicator - '0');
    size_t end = byte_of_character(title, count);
    title_start start = start_of(title);
    text said = which == 1 ? TEXT("1") : TEXT("2");

    if (end >= title.length)
        check_report(check, FINDING_NONFILING_COUNT, place, 1, ARGUMENTS(said, text_of(&indicator, 1), title));
    else if (is_word_byte(title.bytes[end - 1]) && (title.bytes[end - 1] & 0x80) == 0)
        check_report(check, FINDING_NONFILING_COUNT, place, 0, ARGUMENTS(said, text_of(&indicator, 1), title));
    else if (count > start.before && any_article_length(&start) == 0 && articles_of(record_language(check)) != NULL &&
             is_plain(text_of(title.bytes, end)))
        check_report(check, FINDING_NONFILING_NO_ARTICLE, place, 0,
                     ARGUMENTS(said, text_of(&indicator, 1), text_trim(text_of(title.bytes, end))));
}

static void check_filing(const validation *check, size_t index, const filing_field *filing, const char *list)
{
    const marc_field *field = marc_record_field(check->record, index);
    char indicator = marc_field_indicator(field, filing->which);
    finding_place place = at_indicator(index, filing->which);
    text title = TEXT("");
    bool titled = marc_field_subfield(field, 'a', &title) || marc_field_subfield(field, 't', &title);

    if (!titled || title.length == 0 || !check_is_digit(indicator) || (unsigned char)title.bytes[0] == 0xC2)
        return;
    title_start start = start_of(title);
    size_t length = filing->in_language && list != NULL && !excepted(&start) ? article_length(&start, list) : 0;
    if (length > 0)
        check_article(check, place, filing->which, &start, indicator, length);
    else if (indicator != '0')
        check_count(check, place, filing->which, title, indicator);
}

/* --- added entry, series, host --- */

static void check_title_entry(const validation *check, size_t index)
{
    const marc_field *field = marc_record_field(check->record, index);
    char indicator = marc_field_indicator(field, 1);
    finding_place place = at_indicator(index, 1);

    if (indicator == '0') {
        for (int tag = 100; tag <= 130; tag += 10) {
            const marc_field *main = check_first_field(check, tag == 120 ? 111 : tag);
            if (main == NULL)
                continue;
            place.fix = check_fix_indicator(1, "1");
            check_report(check, FINDING_TITLE_ENTRY, place, 0, ARGUMENTS(text_of(main->tag, MARC_TAG_LENGTH)));
            return;
        }
    } else if (indicator == '1' && !check_has(check, 100, 130)) {
        place.fix = check_fix_indicator(1, "0");
        check_report(check, FINDING_TITLE_ENTRY, place, 1, NO_ARGUMENTS);
    }
}

static void check_series(const validation *check)
{
    if (check_has(check, 800, 830))
        return;
    for (size_t at = check_first(check, 490); at != SIZE_MAX; at = check_next(check, at)) {
        if (marc_field_indicator(marc_record_field(check->record, at), 1) != '1')
            continue;
        check_report(check, FINDING_SERIES_UNTRACED, at_indicator(at, 1), 0, NO_ARGUMENTS);
        return;
    }
}

void check_titles(const validation *check)
{
    const char *list = articles_of(record_language(check));
    char level = marc_record_leader(check->record)[7];
    size_t title = check_first(check, 245);

    for (size_t i = 0; i < sizeof filing_fields / sizeof *filing_fields; i++)
        for (size_t at = check_first(check, filing_fields[i].tag); at != SIZE_MAX; at = check_next(check, at))
            check_filing(check, at, &filing_fields[i], list);
    if (title != SIZE_MAX) {
        check_title_entry(check, title);
        check_punctuation(check, title);
    }
    check_series(check);
    if ((level == 'a' || level == 'b') && !check_has(check, 773, 773))
        check_report(check, FINDING_HOST_MISSING, (finding_place){ .field = SIZE_MAX, .suffix = "LDR/07", .tag = "LDR" }, 0,
                     NO_ARGUMENTS);
}
