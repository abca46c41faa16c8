/* src/base/nearest.c - "did you mean": the distance of two names (Damerau-Levenshtein, neighbours exchanged once). */
#include "recto/base/nearest.h"

enum { NAME_LIMIT = 48 };

static char lower(char byte)
{
    return (char)(byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte);
}

static size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

size_t name_distance(text one, text other)
{
    size_t rows[3][NAME_LIMIT + 1];
    if (one.length > NAME_LIMIT || other.length > NAME_LIMIT)
        return SIZE_MAX;
    for (size_t j = 0; j <= other.length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= one.length; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3];
        const size_t *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= other.length; j++) {
            const bool same = lower(one.bytes[i - 1]) == lower(other.bytes[j - 1]);
            row[j] = least(least(above[j] + 1, row[j - 1] + 1), above[j - 1] + !same);
            if (i > 1 && j > 1 && lower(one.bytes[i - 1]) == lower(other.bytes[j - 2]) &&
                lower(one.bytes[i - 2]) == lower(other.bytes[j - 1]))
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[one.length % 3][other.length];
}

const char *nearest_name(const char *wanted, const char *const *names, size_t count)
{
    const text written = text_from(wanted);
    const char *nearest = NULL;
    size_t best = written.length / 3 + 2;
    for (size_t i = 0; i < count; i++) {
        const size_t away = name_distance(written, text_from(names[i]));
        if (away < best) {
            best = away;
            nearest = names[i];
        }
    }
    return nearest;
}
