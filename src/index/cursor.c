/* src/index/cursor.c - going through the terms of a segment in order, to both sides. A leaf is taken out at once. */
#include "tree.h"

#include <stdlib.h>

void cursor_init(cursor *cursor, const segment_view *view)
{
    memset(cursor, 0, sizeof *cursor);
    cursor->view = view;
    cursor->ended = true;
    buffer_init(&cursor->bytes, 0);
}

void cursor_release(cursor *cursor)
{
    buffer_release(&cursor->bytes);
    free(cursor->terms);
    cursor->terms = NULL;
}

static recto_status leaf_damaged(const cursor *cursor, uint32_t block, recto_error *error)
{
    return index_damaged(error, cursor->view->segment, block, "a leaf of the dictionary cannot be read");
}

static recto_status take_term(cursor *cursor, const dict_entry *entry, uint32_t block, recto_error *error)
{
    if (cursor->count > 0) {
        cursor->at = cursor->count - 1;
        text before = cursor_key(cursor);
        if (key_compare(entry->key, entry->key_length, before.bytes, before.length) <= 0)
            return leaf_damaged(cursor, block, error);
    }
    if (!grow_array((void **)&cursor->terms, &cursor->capacity, cursor->count, sizeof *cursor->terms))
        return recto_fail_memory(error, "reading the index");
    size_t start = cursor->bytes.length;
    cursor->terms[cursor->count++] =
        (cursor_term){ (uint32_t)start, (uint32_t)(start + entry->key_length), (uint16_t)entry->key_length,
                       (uint16_t)entry->payload.length, (uint8_t)entry->flags };
    buffer_append(&cursor->bytes, (const char *)entry->key, entry->key_length);
    buffer_append_text(&cursor->bytes, entry->payload);
    return buffer_failed(&cursor->bytes) ? recto_fail_memory(error, "reading the index") : RECTO_OK;
}

static recto_status take_leaf(cursor *cursor, uint32_t number, recto_error *error)
{
    dict_block block;
    dict_entry entry;
    recto_status status = dict_block_get(&block, cursor->view, number, 0, error);
    cursor->count = cursor->at = 0;
    buffer_clear(&cursor->bytes);
    entry.key_length = 0;
    size_t at = DICT_HEADER_BYTES;
    for (unsigned i = 0; status == RECTO_OK && i < block.count; i++) {
        at = dict_next(&entry, &block, at);
        status = at == 0 ? leaf_damaged(cursor, number, error) : take_term(cursor, &entry, number, error);
    }
    cursor->at = 0;
    cursor->ended = cursor->count == 0;
    return status;
}

/* From the entry path[level].entry of a block down to a leaf, along the first or the last entries. */
static recto_status descend(cursor *cursor, unsigned level, bool last, recto_error *error)
{
    recto_status status = RECTO_OK;
    uint32_t child = cursor->view->root;
    for (; status == RECTO_OK && level > 0; level--) {
        dict_block block;
        status = dict_block_get(&block, cursor->view, cursor->path[level].block, (int)level, error);
        if (status != RECTO_OK)
            return status;
        cursor->path[level].count = block.count;
        if (last && cursor->path[level].entry == UINT32_MAX)
            cursor->path[level].entry = block.count - 1;
        if (!inner_child(&child, &block, cursor->path[level].entry))
            return leaf_damaged(cursor, cursor->path[level].block, error);
        if (level > 1) {
            cursor->path[level - 1].block = child;
            cursor->path[level - 1].entry = last ? UINT32_MAX : 0;
        }
    }
    return take_leaf(cursor, child, error);
}

/* To the neighbouring leaf. Its terms must lie on the right side of those we leave. */
static recto_status next_leaf(cursor *cursor, bool backwards, recto_error *error)
{
    unsigned level = 1;
    while (level <= cursor->levels &&
           (backwards ? cursor->path[level].entry == 0 : cursor->path[level].entry + 1 >= cursor->path[level].count))
        level++;
    if (level > cursor->levels || cursor->count == 0) {
        cursor->ended = true;
        return RECTO_OK;
    }
    cursor->at = backwards ? 0 : cursor->count - 1;
    index_key edge;
    text key = cursor_key(cursor);
    edge.length = key.length;
    memcpy(edge.bytes, key.bytes, key.length);
    cursor->path[level].entry += backwards ? UINT32_MAX : 1;
    recto_status status = descend(cursor, level, backwards, error);
    if (status != RECTO_OK)
        return status;
    if (cursor->count == 0)
        return leaf_damaged(cursor, cursor->path[1].block, error);
    cursor->at = backwards ? cursor->count - 1 : 0;
    key = cursor_key(cursor);
    int order = key_compare(key.bytes, key.length, edge.bytes, edge.length);
    return (backwards ? order < 0 : order > 0) ? RECTO_OK : leaf_damaged(cursor, cursor->path[1].block, error);
}

recto_status cursor_step(cursor *cursor, bool backwards, recto_error *error)
{
    if (cursor->ended)
        return RECTO_OK;
    if (backwards ? cursor->at == 0 : cursor->at + 1 >= cursor->count)
        return next_leaf(cursor, backwards, error);
    cursor->at += backwards ? SIZE_MAX : 1;
    return RECTO_OK;
}

static recto_status find_leaf(cursor *cursor, const index_key *key, recto_error *error)
{
    dict_block block = { 0 };
    uint32_t number = cursor->view->root;
    recto_status status = dict_block_get(&block, cursor->view, number, -1, error);
    cursor->levels = block.level;
    for (unsigned level = block.level; status == RECTO_OK && level > 0; level--) {
        cursor->path[level].block = number;
        cursor->path[level].count = block.count;
        if (!inner_find(&number, &cursor->path[level].entry, &block, key))
            return leaf_damaged(cursor, cursor->path[level].block, error);
        if (level > 1)
            status = dict_block_get(&block, cursor->view, number, (int)level - 1, error);
    }
    return status != RECTO_OK ? status : take_leaf(cursor, number, error);
}

recto_status cursor_seek(cursor *cursor, const index_key *key, bool backwards, recto_error *error)
{
    recto_status status = find_leaf(cursor, key, error);
    if (status != RECTO_OK || cursor->ended)
        return status;
    size_t low = 0, high = cursor->count;
    while (low < high) {
        cursor->at = low + (high - low) / 2;
        text middle = cursor_key(cursor);
        if (key_compare(middle.bytes, middle.length, key->bytes, key->length) < 0)
            low = cursor->at + 1;
        else
            high = cursor->at;
    }
    cursor->at = low;
    if (backwards)
        return low == 0 ? next_leaf(cursor, true, error) : (cursor->at--, RECTO_OK);
    return low < cursor->count ? RECTO_OK : next_leaf(cursor, false, error);
}
