/* src/rules/suggest.c - "did you mean": the known names nearest to what was written. */
#include "parse.h"
#include "recto/base/nearest.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_LIMIT = 40, SUGGESTIONS = 3 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Verbs of other languages for those of this one. */
static const char *const verbs[][2] = {
    { "delete", "remove" },  { "drop", "remove" },   { "erase", "remove" },
    { "del", "remove" },     { "insert", "add" },    { "append", "add" },
    { "create", "add" },     { "new", "add" },       { "rename", "change" },
    { "modify", "change" },  { "set", "change" },    { "substitute", "replace" },
    { "duplicate", "copy" }, { "merge", "combine" }, { "deduplicate", "correctDuplicate" },
};

static text with_our_verb(char out[NAME_LIMIT], text found)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        size_t theirs = strlen(verbs[i][0]), ours = strlen(verbs[i][1]);
        if (found.length < theirs || !text_equal_ascii_case(text_of(found.bytes, theirs), text_from(verbs[i][0])) ||
            found.length - theirs + ours > NAME_LIMIT)
            continue;
        memcpy(out, verbs[i][1], ours);
        memcpy(out + ours, found.bytes + theirs, found.length - theirs);
        return text_of(out, found.length - theirs + ours);
    }
    return found;
}

typedef struct suggestion {
    const char *name;
    size_t distance;
} suggestion;

static void keep_nearest(suggestion *best, size_t *count, suggestion candidate)
{
    size_t place = *count;
    while (place > 0 && best[place - 1].distance > candidate.distance)
        place--;
    if (place == SUGGESTIONS)
        return;
    if (*count < SUGGESTIONS)
        ++*count;
    for (size_t i = *count - 1; i > place; i--)
        best[i] = best[i - 1];
    best[place] = candidate;
}

void suggest(buffer *out, text found, const char *const *names, size_t count)
{
    suggestion best[SUGGESTIONS] = { { NULL, 0 } };
    char translated[NAME_LIMIT];
    size_t kept = 0;
    if (found.length == 0 || found.length > NAME_LIMIT)
        return;
    text ours = with_our_verb(translated, found);
    for (size_t i = 0; i < count; i++) {
        text name = text_from(names[i]);
        size_t far = least(name_distance(found, name), name_distance(ours, name));
        if (far <= 1 + name.length / 4)
            keep_nearest(best, &kept, (suggestion){ names[i], far });
    }
    for (size_t i = 0; i < kept; i++)
        buffer_append_format(out, "%s%s", i == 0 ? "; did you mean " : i + 1 < kept ? ", " : " or ", best[i].name);
    if (kept > 0)
        buffer_append_string(out, "?");
}
