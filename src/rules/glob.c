/* src/rules/glob.c - values with asterisks and alternatives. @spec rules.md 1.3, 3.4
 *
 * A pattern is cut at its asterisks once. The pieces in between are looked for from left to right, each at its first place:
 * if that fails, no other choice of places would do, so there is no going back and no pattern that takes exponential time. */
#include "pattern.h"

#include <string.h>

const char *text_find(text whole, text piece)
{
    if (piece.length == 0)
        return whole.bytes != NULL ? whole.bytes : "";
    if (whole.length < piece.length)
        return NULL;
    return memmem(whole.bytes, whole.length, piece.bytes, piece.length);
}

/* From the right, with a rolling sum of the bytes, so that no text takes time in proportion to the product of the lengths. */
static const char *find_last(text whole, text piece)
{
    enum { BASE = 1000003 };
    uint64_t wanted = 0, sum = 0, weight = 1;
    if (piece.length > whole.length || piece.length == 0)
        return NULL;
    for (size_t i = piece.length; i-- > 0;) {
        wanted = wanted * BASE + (unsigned char)piece.bytes[i];
        sum = sum * BASE + (unsigned char)whole.bytes[whole.length - piece.length + i];
        weight *= BASE;
    }
    for (size_t at = whole.length - piece.length;; at--) {
        if (sum == wanted && memcmp(whole.bytes + at, piece.bytes, piece.length) == 0)
            return whole.bytes + at;
        if (at == 0)
            return NULL;
        sum = sum * BASE + (unsigned char)whole.bytes[at - 1] - weight * (unsigned char)whole.bytes[at + piece.length - 1];
    }
}

static size_t count_plain(const unescaped *source, size_t from, size_t to, char sign)
{
    size_t count = 0;
    for (size_t i = from; i < to; i++)
        count += source->bytes.bytes[i] == sign && source->plain[i];
    return count;
}

static bool cut_branch(glob_branch *out, arena *memory, const unescaped *source, size_t from, size_t to)
{
    text *pieces = arena_calloc(memory, count_plain(source, from, to, '*') + 1, sizeof *pieces);
    size_t begin = from;
    if (pieces == NULL)
        return false;
    *out = (glob_branch){ .pieces = pieces };
    for (size_t i = from; i <= to; i++) {
        bool star = i < to && source->bytes.bytes[i] == '*' && source->plain[i];
        if (i < to && !star)
            continue;
        if (i > begin)
            pieces[out->count++] = text_of(source->bytes.bytes + begin, i - begin);
        out->open_start |= star && i == from;
        out->open_end = i == to && i > from && source->bytes.bytes[i - 1] == '*' && source->plain[i - 1];
        begin = i + 1;
    }
    return true;
}

bool glob_compile(glob *out, arena *memory, text raw, bool alternatives, text_fault *fault)
{
    unescaped source;
    if (!text_unescape(&source, memory, raw, fault))
        return false;
    size_t most = 1 + (alternatives ? count_plain(&source, 0, source.bytes.length, '|') : 0);
    glob_branch *branches = arena_calloc(memory, most, sizeof *branches);
    size_t from = 0;
    if (branches == NULL)
        return false;
    *out = (glob){ branches, 0 };
    for (size_t i = 0; i <= source.bytes.length; i++) {
        bool bar = alternatives && i < source.bytes.length && source.bytes.bytes[i] == '|' && source.plain[i];
        if (i < source.bytes.length && !bar)
            continue;
        if (!cut_branch(&branches[out->count++], memory, &source, from, i))
            return false;
        from = i + 1;
    }
    return true;
}

static text behind(text whole, const char *place)
{
    return text_of(place, whole.length - (size_t)(place - whole.bytes));
}

static bool ends_with(text whole, text piece)
{
    return whole.length >= piece.length && memcmp(whole.bytes + whole.length - piece.length, piece.bytes, piece.length) == 0;
}

static bool branch_matches(const glob_branch *branch, text value)
{
    size_t count = branch->count, first = 0;
    if (count == 0)
        return branch->open_start || value.length == 0;
    if (!branch->open_start) {
        if (!text_starts(value, branch->pieces[0]))
            return false;
        if (count == 1 && !branch->open_end)
            return value.length == branch->pieces[0].length;
        value = behind(value, value.bytes + branch->pieces[0].length);
        first = 1;
    }
    if (!branch->open_end) {
        if (first == count || !ends_with(value, branch->pieces[count - 1]))
            return false;
        value.length -= branch->pieces[--count].length;
    }
    for (size_t i = first; i < count; i++) {
        const char *found = text_find(value, branch->pieces[i]);
        if (found == NULL)
            return false;
        value = behind(value, found + branch->pieces[i].length);
    }
    return true;
}

bool glob_matches(const glob *glob, text value)
{
    for (size_t i = 0; i < glob->count; i++)
        if (branch_matches(&glob->branches[i], value))
            return true;
    return false;
}

bool glob_find(const glob *glob, text value, size_t *start, size_t *length)
{
    const glob_branch *branch = &glob->branches[0];
    text rest = value;
    *start = 0;
    for (size_t i = 0; i < branch->count; i++) {
        bool longest = i + 1 == branch->count && !branch->open_end && (i > 0 || branch->open_start);
        const char *found = longest ? find_last(rest, branch->pieces[i]) : text_find(rest, branch->pieces[i]);
        if (found == NULL)
            return false;
        if (i == 0 && !branch->open_start)
            *start = (size_t)(found - value.bytes);
        rest = behind(value, found + branch->pieces[i].length);
    }
    *length = value.length - *start - (branch->open_end ? 0 : rest.length);
    return true;
}
