/* src/index/tree.c - reading the dictionary of a segment: blocks are checked when they come from the store, and the inner ones
 * kept, so that finding a term of a warm index reads one leaf. */
#include "tree.h"

#include <stdlib.h>

/* ---- the cache ---- */

void cache_clear(block_cache *cache)
{
    for (size_t i = 0; i < CACHE_LEAVES; i++)
        free(cache->leaves[i].bytes);
    for (size_t i = 0; i < CACHE_INNER; i++)
        free(cache->inner[i].bytes);
    for (size_t i = 0; i < CACHE_PACKS; i++)
        free(cache->packs[i].bytes);
    memset(cache, 0, sizeof *cache);
}

/* The places in which a block may be kept, CACHE_WAYS of them: with one only, blocks that are wanted all the time would drive
 * each other out, though there is room beside them. */
static cached_block *cache_places(block_cache *cache, int64_t segment, uint32_t number, enum block_kind kind)
{
    uint64_t mixed = ((uint64_t)segment * UINT64_C(0x9E3779B97F4A7C15) + number) * UINT64_C(0xD6E8FEB86659FD93);
    size_t at = (size_t)(mixed >> 40) * CACHE_WAYS;
    if (kind == BLOCK_PACK)
        return &cache->packs[at % CACHE_PACKS];
    return kind == BLOCK_LEAF ? &cache->leaves[at % CACHE_LEAVES] : &cache->inner[at % CACHE_INNER];
}

static const cached_block *cache_find(block_cache *cache, int64_t segment, uint32_t number, enum block_kind kind)
{
    cached_block *places = cache_places(cache, segment, number, kind);
    for (size_t i = 0; i < CACHE_WAYS; i++)
        if (places[i].length > 0 && places[i].segment == segment && places[i].number == number) {
            places[i].used = ++cache->uses;
            return &places[i];
        }
    return NULL;
}

static cached_block *least_used(cached_block *places)
{
    cached_block *least = places;
    for (size_t i = 1; i < CACHE_WAYS; i++)
        if (places[i].used < least->used)
            least = &places[i];
    return least;
}

/* Without memory the block is simply not kept. */
static void cache_keep(block_cache *cache, int64_t segment, uint32_t number, enum block_kind kind, text bytes)
{
    cached_block *place = least_used(cache_places(cache, segment, number, kind));
    place->length = 0;
    if (place->capacity < bytes.length) {
        free(place->bytes);
        place->bytes = malloc(INDEX_BLOCK_BYTES < bytes.length ? bytes.length : INDEX_BLOCK_BYTES);
        place->capacity = place->bytes == NULL ? 0 : (INDEX_BLOCK_BYTES < bytes.length ? bytes.length : INDEX_BLOCK_BYTES);
    }
    if (place->bytes == NULL)
        return;
    memcpy(place->bytes, bytes.bytes, bytes.length);
    place->segment = segment;
    place->number = number;
    place->length = bytes.length;
    place->used = ++cache->uses;
}

/* ---- blocks ---- */

static recto_status get_block(text *out, const segment_view *view, uint32_t number, recto_error *error)
{
    if (number >= view->blocks)
        return index_damaged(error, view->segment, number, "there is no such block");
    recto_status status = view->store->get(view->store->context, view->segment, number, out, error);
    if (status == RECTO_ENOTFOUND)
        return index_damaged(error, view->segment, number, "a block is missing");
    if (status != RECTO_OK)
        return status;
    if (out->length < BLOCK_HEADER_BYTES ||
        block_checksum(text_of(out->bytes + 4, out->length - 4), number) != little_get((const unsigned char *)out->bytes))
        return index_damaged(error, view->segment, number, "the checksum of a block is wrong");
    return RECTO_OK;
}

recto_status list_block(text *body, const segment_view *view, uint32_t number, enum block_kind kind, recto_error *error)
{
    const bool keeps = view->cache != NULL && kind == BLOCK_PACK;
    const cached_block *kept = keeps ? cache_find(view->cache, view->segment, number, kind) : NULL;
    recto_status status = RECTO_OK;
    if (kept != NULL)
        *body = text_of((const char *)kept->bytes, kept->length);
    else
        status = get_block(body, view, number, error);
    if (status != RECTO_OK)
        return status;
    if (body->bytes[4] != (char)kind)
        return index_damaged(error, view->segment, number, "a block is of another kind");
    if (keeps && kept == NULL)
        cache_keep(view->cache, view->segment, number, kind, *body);
    *body = text_of(body->bytes + BLOCK_HEADER_BYTES, body->length - BLOCK_HEADER_BYTES);
    return RECTO_OK;
}

recto_status pack_block(text *body, const segment_view *view, uint32_t number, recto_error *error)
{
    kept_pack *pack = view->pack;
    if (pack != NULL && pack->kept && pack->number == number) {
        *body = buffer_text(&pack->body);
        return RECTO_OK;
    }
    recto_status status = list_block(body, view, number, BLOCK_PACK, error);
    if (status != RECTO_OK || pack == NULL)
        return status;
    buffer_clear(&pack->body);
    buffer_append_text(&pack->body, *body);
    pack->number = number;
    pack->kept = !buffer_failed(&pack->body);
    return RECTO_OK;
}

static unsigned restart_count(const dict_block *block)
{
    return (block->count + DICT_RESTART - 1) / DICT_RESTART;
}

static bool block_parse(dict_block *out, text bytes)
{
    const unsigned char *at = (const unsigned char *)bytes.bytes;
    if (bytes.length < DICT_HEADER_BYTES || (at[4] != BLOCK_LEAF && at[4] != BLOCK_INNER))
        return false;
    *out = (dict_block){ at, 0, at[5], at[6] | (unsigned)at[7] << 8 };
    size_t table = 2 * (size_t)restart_count(out);
    if ((at[4] == BLOCK_LEAF) != (out->level == 0) || table > bytes.length - DICT_HEADER_BYTES)
        return false;
    out->end = bytes.length - table;
    return true;
}

recto_status dict_block_get(dict_block *out, const segment_view *view, uint32_t number, int level, recto_error *error)
{
    const cached_block *kept = NULL;
    if (view->cache != NULL && level != 0)
        kept = cache_find(view->cache, view->segment, number, BLOCK_INNER);
    if (view->cache != NULL && level <= 0 && kept == NULL)
        kept = cache_find(view->cache, view->segment, number, BLOCK_LEAF);
    text bytes = { NULL, 0 };
    recto_status status = RECTO_OK;
    if (kept != NULL)
        bytes = text_of((const char *)kept->bytes, kept->length);
    else
        status = get_block(&bytes, view, number, error);
    if (status != RECTO_OK)
        return status;
    if (!block_parse(out, bytes) || (level >= 0 && out->level != (unsigned)level) || out->level >= TREE_LEVELS_MAX)
        return index_damaged(error, view->segment, number, "a block of the dictionary is out of its place");
    if (kept == NULL && view->cache != NULL)
        cache_keep(view->cache, view->segment, number, out->level == 0 ? BLOCK_LEAF : BLOCK_INNER, bytes);
    return RECTO_OK;
}

/* ---- entries ---- */

size_t dict_next(dict_entry *entry, const dict_block *block, size_t at)
{
    if (at < DICT_HEADER_BYTES || at >= block->end)
        return 0;
    reading from = { block->bytes + at, block->bytes + block->end, false };
    size_t shared = reading_number(&from), more = reading_number(&from);
    if (shared > entry->key_length || more > KEY_BYTES_MAX - shared)
        return 0;
    const unsigned char *key = reading_bytes(&from, more);
    if (key == NULL)
        return 0;
    memcpy(entry->key + shared, key, more);
    entry->key_length = shared + more;
    uint32_t number = reading_number(&from);
    entry->child = number;
    if (block->level == 0) {
        if (entry->key_length == 0)
            return 0;
        entry->flags = number & 7;
        const unsigned char *payload = reading_bytes(&from, number >> 3);
        entry->payload = text_of((const char *)payload, number >> 3);
    }
    return from.bad ? 0 : (size_t)(from.at - block->bytes);
}

static size_t restart_at(const dict_block *block, unsigned number)
{
    const unsigned char *at = block->bytes + block->end + 2 * (size_t)number;
    return at[0] | (size_t)at[1] << 8;
}

/* Compares the key at a restart with `key`, without taking it out. false: damage */
static bool compare_restart(int *order, const dict_block *block, unsigned number, const index_key *key)
{
    size_t at = restart_at(block, number);
    if (at < DICT_HEADER_BYTES || at >= block->end)
        return false;
    reading from = { block->bytes + at, block->bytes + block->end, false };
    size_t shared = reading_number(&from), more = reading_number(&from);
    const unsigned char *bytes = reading_bytes(&from, more);
    if (bytes == NULL || shared != 0 || more > KEY_BYTES_MAX)
        return false;
    *order = key_compare(bytes, more, key->bytes, key->length);
    return true;
}

/* The last restart whose key is not above `key`; 0 when all are. -1: damage */
static int find_restart(const dict_block *block, const index_key *key)
{
    unsigned low = 0, high = restart_count(block);
    while (low + 1 < high) {
        unsigned middle = low + (high - low) / 2;
        int order = 0;
        if (!compare_restart(&order, block, middle, key))
            return -1;
        if (order <= 0)
            low = middle;
        else
            high = middle;
    }
    return (int)low;
}

/* In an inner block: the last entry not above the key, or the first. false: damage */
bool inner_find(uint32_t *child, unsigned *number, const dict_block *block, const index_key *key)
{
    int restart = block->count == 0 ? -1 : find_restart(block, key);
    if (restart < 0)
        return false;
    dict_entry entry;
    entry.key_length = 0;
    size_t at = restart_at(block, (unsigned)restart);
    unsigned i = (unsigned)restart * DICT_RESTART;
    for (bool first = true; i < block->count; i++, first = false) {
        at = dict_next(&entry, block, at);
        if (at == 0)
            return false;
        if (!first && key_compare(entry.key, entry.key_length, key->bytes, key->length) > 0)
            break;
        *child = entry.child;
        *number = i;
    }
    return true;
}

/* Down to the leaf in which a key stands, if any. */
static recto_status find_leaf(dict_block *block, uint32_t *number, const segment_view *view, const index_key *key,
                              recto_error *error)
{
    unsigned place = 0;
    block->level = 0;
    *number = view->root;
    recto_status status = dict_block_get(block, view, *number, -1, error);
    for (unsigned level = block->level; status == RECTO_OK && level > 0;) {
        if (!inner_find(number, &place, block, key))
            return index_damaged(error, view->segment, *number, "a block of the dictionary cannot be read");
        level--;
        status = dict_block_get(block, view, *number, (int)level, error);
    }
    return status;
}

recto_status tree_lower(leaf_scan *scan, const segment_view *view, const index_key *key, recto_error *error)
{
    uint32_t number;
    scan->block = (dict_block){ 0 };
    scan->order = -1;
    scan->left = 0;
    scan->next = 0;
    scan->entry.key_length = 0;
    recto_status status = find_leaf(&scan->block, &number, view, key, error);
    if (status != RECTO_OK || scan->block.count == 0)
        return status;
    int restart = find_restart(&scan->block, key);
    size_t at = restart < 0 ? 0 : restart_at(&scan->block, (unsigned)restart);
    unsigned i = (unsigned)restart * DICT_RESTART;
    for (; at > 0 && i < scan->block.count && scan->order < 0; i++) {
        at = dict_next(&scan->entry, &scan->block, at);
        scan->order = key_compare(scan->entry.key, scan->entry.key_length, key->bytes, key->length);
    }
    if (restart < 0 || at == 0)
        return index_damaged(error, view->segment, number, "a leaf of the dictionary cannot be read");
    scan->next = at;
    scan->left = scan->block.count - i;
    return RECTO_OK;
}

recto_status leaf_next(bool *out, leaf_scan *scan, const segment_view *view, recto_error *error)
{
    *out = scan->left > 0;
    if (!*out)
        return RECTO_OK;
    scan->left--;
    scan->next = dict_next(&scan->entry, &scan->block, scan->next);
    return scan->next > 0 ? RECTO_OK : index_damaged(error, view->segment, view->root, "a leaf of the dictionary cannot be read");
}

recto_status tree_find(dict_entry *entry, const segment_view *view, const index_key *key, recto_error *error)
{
    leaf_scan scan;
    recto_status status = tree_lower(&scan, view, key, error);
    if (status != RECTO_OK || scan.order != 0)
        return status != RECTO_OK ? status : RECTO_ENOTFOUND;
    memcpy(entry, &scan.entry, sizeof *entry);
    return RECTO_OK;
}

/* ---- for cursors ---- */

bool inner_child(uint32_t *child, const dict_block *block, unsigned number)
{
    dict_entry entry;
    entry.key_length = 0;
    if (number >= block->count)
        return false;
    size_t at = restart_at(block, number / DICT_RESTART);
    for (unsigned i = 0; i <= number % DICT_RESTART; i++) {
        at = dict_next(&entry, block, at);
        if (at == 0)
            return false;
    }
    *child = entry.child;
    return true;
}
