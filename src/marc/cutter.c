/* src/marc/cutter.c - see cutter.h. A letter between two of the table counts as the one before it. */
#include "recto/marc/cutter.h"

#include "recto/base/utf8.h"

#include <string.h>

typedef struct step {
    const char *from; /* what follows the first letter stands here or behind */
    char digit;
} step;

static const step vowels[] = { { "a", '2' }, { "d", '3' }, { "l", '4' }, { "n", '5' }, { "p", '6' },
                               { "r", '7' }, { "s", '8' }, { "u", '9' }, { NULL, 0 } };
static const step of_s[] = { { "a", '2' }, { "ch", '3' }, { "e", '4' }, { "h", '5' }, { "m", '6' },
                             { "t", '7' }, { "u", '8' },  { "w", '9' }, { NULL, 0 } };
static const step of_qu[] = { { "a", '3' }, { "e", '4' }, { "i", '5' }, { "o", '6' },
                              { "r", '7' }, { "t", '8' }, { "y", '9' }, { NULL, 0 } };
static const step consonants[] = { { "a", '3' }, { "e", '4' }, { "i", '5' }, { "o", '6' },
                                   { "r", '7' }, { "u", '8' }, { "y", '9' }, { NULL, 0 } };
static const step expansion[] = { { "a", '3' }, { "e", '4' }, { "i", '5' }, { "m", '6' },
                                  { "p", '7' }, { "t", '8' }, { "w", '9' }, { NULL, 0 } };

static char digit_of(const step *table, const char *rest)
{
    char digit = table[0].digit;
    for (const step *at = table; at->from != NULL; at++)
        if (strncmp(rest, at->from, strlen(at->from)) >= 0)
            digit = at->digit;
    return digit;
}

/* The letters of the heading alone, small and without marks, as many as count. */
static void take_letters(char *out, size_t capacity, text heading)
{
    buffer folded;
    size_t used = 0;
    buffer_init(&folded, 0);
    utf8_index_form(&folded, heading);
    const char *at = buffer_string(&folded);
    for (; *at != '\0' && used + 1 < capacity; at++)
        if (*at >= 'a' && *at <= 'z')
            out[used++] = *at;
        else if (used > 0)
            break; /* the first word decides */
    out[used] = '\0';
    buffer_release(&folded);
}

bool marc_cutter(char out[static CUTTER_LENGTH], text heading)
{
    char letters[8];
    const char *rest = letters + 1;
    const step *table = consonants;
    take_letters(letters, sizeof letters, heading);
    if (letters[0] == '\0')
        return false;
    if (strchr("aeiou", letters[0]) != NULL)
        table = vowels;
    else if (letters[0] == 's')
        table = of_s;
    else if (letters[0] == 'q' && rest[0] == 'u') {
        table = of_qu;
        rest++;
    }
    out[0] = (char)(letters[0] - 'a' + 'A');
    out[1] = letters[0] == 'q' && rest == letters + 1 ? '2' : digit_of(table, rest);
    if (table == of_s && rest[0] == 'c' && rest[1] == 'h')
        rest++; /* Sch is one step: what follows it expands */
    out[2] = rest[0] == '\0' || rest[1] == '\0' ? '\0' : digit_of(expansion, rest + 1);
    out[3] = '\0';
    return true;
}

static text title_without_article(const marc_record *record)
{
    text title = { NULL, 0 };
    const size_t at = marc_record_find(record, "245", 0);
    if (at == SIZE_MAX || !marc_field_subfield(marc_record_field(record, at), 'a', &title))
        return title;
    const char skip = marc_field_indicator(marc_record_field(record, at), 2);
    const size_t count = skip >= '0' && skip <= '9' ? (size_t)(skip - '0') : 0;
    return count < title.length ? text_of(title.bytes + count, title.length - count) : title;
}

text marc_main_heading(const marc_record *record)
{
    static const char *const tags[] = { "100", "110", "111", "130" };
    text heading;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        const size_t at = marc_record_find(record, tags[i], 0);
        if (at != SIZE_MAX && marc_field_subfield(marc_record_field(record, at), 'a', &heading))
            return heading;
    }
    return title_without_article(record);
}
