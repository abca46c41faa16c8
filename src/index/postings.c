/* src/index/postings.c - the documents of one term in memory, each with its group of places. */
#include "parts.h"

#include <stdlib.h>

void postings_release(postings *postings)
{
    free(postings->documents);
    free(postings->ends);
    free(postings->places);
    free(postings->runs);
    *postings = (struct postings){ 0 };
}

void postings_clear(postings *postings)
{
    postings->count = postings->places_length = postings->run_count = 0;
    postings->has_places = false;
}

bool postings_reserve(postings *postings, size_t documents, size_t bytes)
{
    if (bytes > postings->places_capacity) {
        unsigned char *grown = bytes > UINT32_MAX ? NULL : realloc(postings->places, bytes);
        if (grown == NULL)
            return false;
        postings->places = grown;
        postings->places_capacity = bytes;
    }
    return (documents == 0 ||
            grow_array((void **)&postings->documents, &postings->capacity, documents - 1, sizeof *postings->documents)) &&
           (documents == 0 ||
            grow_array((void **)&postings->ends, &postings->ends_capacity, documents - 1, sizeof *postings->ends));
}

static bool make_room(postings *postings, size_t group)
{
    if (postings->places_length + group > postings->places_capacity) {
        size_t wanted = postings->places_capacity * 2 + group + 64;
        unsigned char *grown = wanted > UINT32_MAX ? NULL : realloc(postings->places, wanted);
        if (grown == NULL)
            return false;
        postings->places = grown;
        postings->places_capacity = wanted;
    }
    return grow_array((void **)&postings->documents, &postings->capacity, postings->count, sizeof *postings->documents) &&
           grow_array((void **)&postings->ends, &postings->ends_capacity, postings->count, sizeof *postings->ends);
}

bool postings_append(postings *postings, index_document document, const unsigned char *group, size_t length)
{
    if (!make_room(postings, length))
        return false;
    size_t count = postings->count;
    if (count > 0 && document <= postings->documents[count - 1]) {
        if (!grow_array((void **)&postings->runs, &postings->run_capacity, postings->run_count, sizeof *postings->runs))
            return false;
        postings->runs[postings->run_count++] = count;
    }
    postings->has_places = postings->has_places || length != 1 || *group != 0;
    memcpy(postings->places + postings->places_length, group, length);
    postings->places_length += length;
    postings->documents[count] = document;
    postings->ends[count] = (uint32_t)postings->places_length;
    postings->count++;
    return true;
}

static bool take_one(postings *to, const postings *from, size_t number)
{
    size_t length;
    const unsigned char *group = postings_group(from, number, &length);
    return postings_append(to, from->documents[number], group, length);
}

/* Two neighbouring runs, [a, b) and [b, c): the second is newer. */
static bool merge_runs(postings *to, const postings *from, size_t a, size_t b, size_t c)
{
    size_t i = a, j = b;
    bool done = true;
    while (done && (i < b || j < c)) {
        if (i < b && j < c && from->documents[i] == from->documents[j])
            i++;
        else if (j >= c || (i < b && from->documents[i] < from->documents[j]))
            done = take_one(to, from, i++);
        else
            done = take_one(to, from, j++);
    }
    return done;
}

static bool merge_pairs(postings *to, const postings *from)
{
    postings_clear(to);
    bool done = true;
    for (size_t i = 0; done && i <= from->run_count; i += 2) {
        size_t a = i == 0 ? 0 : from->runs[i - 1];
        size_t b = i < from->run_count ? from->runs[i] : from->count;
        size_t c = i + 1 < from->run_count ? from->runs[i + 1] : from->count;
        done = merge_runs(to, from, a, b, c);
    }
    return done;
}

bool postings_sort(postings *postings, struct postings *room)
{
    while (postings->run_count > 0) {
        if (!merge_pairs(room, postings))
            return false;
        struct postings swap = *postings;
        *postings = *room;
        *room = swap;
    }
    return true;
}
