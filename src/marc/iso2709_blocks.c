/* src/marc/iso2709_blocks.c - input of ISO 2709 cut into blocks of whole records, which may then be read side by side.
 *
 * A block ends behind a record terminator with something of a record before it, so that a reader of the block sees what a
 * reader of the whole would: what stands between two records belongs to the later one. Memory is that of a block, or of one
 * record that is longer; of a record over the limit only as much is kept as a reader needs to refuse it. */
#include "iso2709.h"

#include <stdlib.h>
#include <string.h>

struct marc_splitter {
    marc_source source;
    void *context;
    size_t limit;
    uint64_t offset; /* of the rest */
    buffer rest;     /* read already, behind the last block */
    bool ended;
    bool skipping;        /* the rest of a record over the limit is passed over */
    recto_status failure; /* of the source: told when all that came before it has been given */
    recto_error why;
};

recto_status marc_splitter_new(marc_splitter **out, marc_source source, void *context, size_t record_limit, recto_error *error)
{
    marc_splitter *splitter = calloc(1, sizeof *splitter);
    if (splitter == NULL)
        return recto_fail_memory(error, "opening records");
    *splitter = (marc_splitter){ .source = source, .context = context, .limit = record_limit };
    if (record_limit == 0)
        splitter->limit = MARC_RECORD_LIMIT;
    buffer_init(&splitter->rest, 0);
    *out = splitter;
    return RECTO_OK;
}

void marc_splitter_free(marc_splitter *splitter)
{
    if (splitter == NULL)
        return;
    buffer_release(&splitter->rest);
    free(splitter);
}

/* Length of the bytes up to and with the last terminator that ends a record, which has some byte that is no filler before it;
 * 0: there is none. */
static size_t whole_records(text bytes)
{
    size_t at = bytes.length;
    while (at > 0) {
        const char *end = memrchr(bytes.bytes, MARC_RECORD_TERMINATOR, at);
        if (end == NULL)
            return 0;
        at = (size_t)(end - bytes.bytes);
        size_t before = at;
        while (before > 0 && bytes.bytes[before - 1] != MARC_RECORD_TERMINATOR &&
               iso2709_is_filler((unsigned char)bytes.bytes[before - 1]))
            before--;
        if (before > 0 && bytes.bytes[before - 1] != MARC_RECORD_TERMINATOR)
            return at + 1;
    }
    return 0;
}

/* The source's failure ends the input, and is told later. */
static recto_status take_more(marc_splitter *splitter, buffer *block, size_t about, recto_error *error)
{
    char *room = buffer_reserve(block, about);
    if (room == NULL)
        return recto_fail_memory(error, "reading records");
    ssize_t got = splitter->source(splitter->context, room, about, &splitter->why);
    splitter->failure = got < 0 ? RECTO_EIO : RECTO_OK;
    splitter->ended = got <= 0;
    buffer_grow(block, got > 0 ? (size_t)got : 0);
    return RECTO_OK;
}

/* What is left of a record over the limit: its reader refuses it without having seen the end. */
static void drop_skipped(marc_splitter *splitter, buffer *block)
{
    const char *end = block->length > 0 ? memchr(block->bytes, MARC_RECORD_TERMINATOR, block->length) : NULL;
    size_t dropped = end != NULL ? (size_t)(end - block->bytes) + 1 : block->length;
    splitter->skipping = end == NULL;
    splitter->offset += dropped;
    if (dropped > 0)
        memmove(block->bytes, block->bytes + dropped, block->length - dropped);
    block->length -= dropped;
}

/* The bytes behind the block's end wait for the next one. */
static recto_status keep_rest(marc_splitter *splitter, buffer *block, size_t length, recto_error *error)
{
    buffer_append(&splitter->rest, block->bytes + length, block->length - length);
    if (buffer_failed(&splitter->rest))
        return recto_fail_memory(error, "reading records");
    block->length = length;
    splitter->offset += length;
    return RECTO_OK;
}

/* Is this the beginning of a record over the limit? Filler alone may be as long as it likes. */
static bool is_over_limit(const marc_splitter *splitter, const buffer *block)
{
    return block->length > splitter->limit && (block->length - iso2709_filler(buffer_text(block)) > splitter->limit ||
                                               iso2709_filler(buffer_text(block)) == block->length);
}

/* Reads until the block has its size and the end of a record. *whole is the length up to that end, 0 when there is none. */
static recto_status fill(marc_splitter *splitter, buffer *block, size_t about, size_t *whole, recto_error *error)
{
    recto_status status = RECTO_OK;
    *whole = 0;
    while (status == RECTO_OK && !splitter->ended && (*whole == 0 ? !is_over_limit(splitter, block) : block->length < about)) {
        status = take_more(splitter, block, about, error);
        if (splitter->skipping && status == RECTO_OK)
            drop_skipped(splitter, block);
        *whole = whole_records(buffer_text(block));
    }
    return status;
}

recto_status marc_splitter_next(marc_splitter *splitter, buffer *block, size_t about, uint64_t *offset, recto_error *error)
{
    size_t whole = 0;
    buffer_clear(block);
    buffer_append_text(block, buffer_text(&splitter->rest));
    buffer_clear(&splitter->rest);
    recto_status status = fill(splitter, block, about, &whole, error);
    *offset = splitter->offset;
    if (status != RECTO_OK)
        return status;
    if (splitter->failure != RECTO_OK && whole == 0) {
        *error = splitter->why;
        return splitter->failure;
    }
    if (whole == 0 && !splitter->ended)
        splitter->skipping = iso2709_filler(buffer_text(block)) < block->length;
    if (whole == 0 || (splitter->ended && splitter->failure == RECTO_OK))
        whole = block->length;
    return whole == 0 ? RECTO_END : keep_rest(splitter, block, whole, error);
}
