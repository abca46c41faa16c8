/* src/index/kept.c - sets by last use, and finds by what was looked for. */
#include "kept.h"

#include <stdlib.h>

typedef struct kept_find {
    kept_set kept;
    struct kept_find *next; /* of the same head */
    uint32_t hash;
    size_t length;
    unsigned char key[];
} kept_find;

enum { PLACE_BYTES = 1024, CONTAINER_BYTES = 64, RUNS_FROM = 2 }; /* what a set costs beside its members, roughly */

/* ---- the row ---- */

static void leave_row(kept *kept, kept_set *place)
{
    *(place->newer != NULL ? &place->newer->older : &kept->newest) = place->older;
    *(place->older != NULL ? &place->older->newer : &kept->oldest) = place->newer;
    kept->bytes -= place->bytes;
}

static void enter_row(kept *kept, kept_set *place)
{
    place->newer = NULL;
    place->older = kept->newest;
    *(kept->newest != NULL ? &kept->newest->newer : &kept->oldest) = place;
    kept->newest = place;
    kept->bytes += place->bytes;
}

static void forget_find(const kept *kept, kept_find *find)
{
    kept_find **at = &kept->heads[find->hash % KEPT_HEADS];
    while (*at != find)
        at = &(*at)->next;
    *at = find->next;
    free(find);
}

static void drop(kept *kept, kept_set *place)
{
    leave_row(kept, place);
    index_set_free(place->set);
    place->set = NULL;
    if (place->find != NULL)
        forget_find(kept, place->find);
}

void kept_touch(kept *kept, kept_set *place)
{
    if (kept->newest == place)
        return;
    leave_row(kept, place);
    enter_row(kept, place);
}

/* Of what was found by words only what holds most documents of its stretches may be shorter as runs; looking for them takes long.
 */
static bool may_have_runs(const index_set *set)
{
    const uint64_t chunks = (uint64_t)set->bits->high_low_container.size;
    return index_set_count(set) >= chunks * (CHUNK_DOCUMENTS / RUNS_FROM);
}

void kept_put(kept *kept, kept_set *place, index_set *set)
{
    if (place->find == NULL || may_have_runs(set))
        (void)roaring_bitmap_run_optimize(set->bits);
    (void)roaring_bitmap_shrink_to_fit(set->bits);
    place->set = set;
    place->bytes =
        roaring_bitmap_size_in_bytes(set->bits) + PLACE_BYTES + CONTAINER_BYTES * (size_t)set->bits->high_low_container.size;
    enter_row(kept, place);
    for (kept_set *old = kept->oldest, *newer; kept->bytes > kept->bytes_max && old != place; old = newer) {
        newer = old->newer;
        drop(kept, old);
    }
}

static void free_column(kept_column *column)
{
    for (size_t i = 0; i < column->count; i++)
        index_set_free(column->terms[i].kept.set);
    kept_codes_free(&column->codes);
    buffer_release(&column->bytes);
    free(column->terms);
    free(column->lists);
    free(column);
}

void kept_clear(kept *kept)
{
    for (size_t i = 0; kept->heads != NULL && i < KEPT_HEADS; i++)
        for (kept_find *find = kept->heads[i], *next; find != NULL; find = next) {
            next = find->next;
            index_set_free(find->kept.set);
            free(find);
        }
    free(kept->heads);
    free(kept->segments);
    for (size_t i = 0; i < kept->column_count; i++)
        free_column(kept->columns[i]);
    kept->heads = NULL;
    kept->segments = NULL;
    kept->segment_count = 0;
    kept->off = false;
    kept->newest = kept->oldest = NULL;
    kept->bytes = kept->column_count = 0;
}

void kept_settle(kept *kept, const int64_t *segments, size_t count)
{
    if (!kept->off && kept->segment_count == count &&
        (count == 0 || memcmp(kept->segments, segments, count * sizeof *segments) == 0))
        return;
    kept_clear(kept);
    kept->segments = malloc((count + 1) * sizeof *segments);
    kept->off = kept->segments == NULL;
    if (kept->off)
        return;
    if (count > 0)
        memcpy(kept->segments, segments, count * sizeof *segments);
    kept->segment_count = count;
}

/* ---- finds ---- */

void kept_key_begin(kept_key *out, unsigned kind, const uint8_t *columns)
{
    out->hash = 0;
    out->length = 0;
    out->bytes[out->length++] = (unsigned char)kind;
    while (*columns != 0)
        out->bytes[out->length++] = *columns++;
    out->bytes[out->length++] = 0;
}

void kept_key_add(kept_key *key, text term)
{
    if (key->length == 0 || key->length + term.length + 1 > KEPT_KEY_MAX) {
        key->length = 0;
        return;
    }
    key->bytes[key->length++] = (unsigned char)term.length; /* a term has at most 240 bytes */
    if (term.length > 0)
        memcpy(key->bytes + key->length, term.bytes, term.length);
    key->length += term.length;
    key->hash = key_hash(key->hash & 0xFF, key->bytes, key->length);
}

static kept_find *look(const kept *kept, const kept_key *key)
{
    if (kept->heads == NULL || key->length == 0)
        return NULL;
    kept_find *find = kept->heads[key->hash % KEPT_HEADS];
    while (find != NULL &&
           (find->hash != key->hash || find->length != key->length || memcmp(find->key, key->bytes, key->length) != 0))
        find = find->next;
    return find;
}

index_set *kept_copy(kept *kept, const kept_key *key)
{
    kept_find *find = look(kept, key);
    if (find == NULL)
        return NULL;
    kept_touch(kept, &find->kept);
    return index_set_copy(find->kept.set);
}

void kept_remember(kept *kept, const kept_key *key, const index_set *set)
{
    if (key->length == 0 || kept->off || (kept->heads == NULL && (kept->heads = calloc(KEPT_HEADS, sizeof(kept_find *))) == NULL))
        return;
    kept_find *find = malloc(sizeof *find + key->length);
    index_set *copy = find == NULL ? NULL : index_set_copy(set);
    if (copy == NULL) {
        free(find);
        return;
    }
    kept_find **head = &kept->heads[key->hash % KEPT_HEADS];
    *find = (kept_find){ .kept.find = find, .next = *head, .hash = key->hash, .length = key->length };
    memcpy(find->key, key->bytes, key->length);
    *head = find;
    kept_put(kept, &find->kept, copy);
}
