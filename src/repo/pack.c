/* src/repo/pack.c - compressing records as they are stored: short texts, so a dictionary makes most of the difference.
 *
 * The dictionary is content only: tags, indicators, stock phrases of our own writing (data/records/dictionary-1.txt). What was
 * packed with it can only be read with it, to the byte: it is taken from the program, never from a configuration, and is never
 * changed; a better one gets the next number. */
#include "pack.h"
#include "recto/base/resource.h"
#include <stdlib.h>
#include <string.h>
#define ZSTD_STATIC_LINKING_ONLY /* contexts that refer to a dictionary instead of copying it */
#include <zstd.h>

enum { LEVEL = 1, HEAD = 2, UNPACKED_MAX = 256 * 1024 * 1024 };
static const char MARK = 'Z', DICTIONARY = '1';
static const char NAME[] = "data/records/dictionary-1.txt";

struct packer {
    resource dictionary;
    ZSTD_CCtx *compress;
    ZSTD_DCtx *expand;
    ZSTD_CDict *to;
    ZSTD_DDict *from;
    buffer bytes; /* lent to callers of the repository */
};

void packer_free(packer *packer)
{
    if (packer == NULL)
        return;
    (void)ZSTD_freeCCtx(packer->compress);
    (void)ZSTD_freeDCtx(packer->expand);
    (void)ZSTD_freeCDict(packer->to);
    (void)ZSTD_freeDDict(packer->from);
    resource_release(&packer->dictionary);
    buffer_release(&packer->bytes);
    free(packer);
}

recto_status packer_new(packer **out, recto_error *error)
{
    packer *made = calloc(1, sizeof *made);
    if (made == NULL)
        return recto_fail_memory(error, "storing a record");
    buffer_init(&made->bytes, 0);
    recto_status status = resource_open_built_in(&made->dictionary, NAME, error);
    const text content = made->dictionary.content;
    if (status == RECTO_OK) {
        made->compress = ZSTD_createCCtx();
        made->expand = ZSTD_createDCtx();
        made->to = ZSTD_createCDict_byReference(content.bytes, content.length, LEVEL);
        made->from = ZSTD_createDDict_byReference(content.bytes, content.length);
    }
    if (status == RECTO_OK && (made->compress == NULL || made->expand == NULL || made->to == NULL || made->from == NULL ||
                               ZSTD_isError(ZSTD_CCtx_refCDict(made->compress, made->to)) != 0 ||
                               ZSTD_isError(ZSTD_DCtx_refDDict(made->expand, made->from)) != 0))
        status = recto_fail_memory(error, "storing a record");
    if (status == RECTO_OK)
        *out = made;
    else
        packer_free(made);
    return status;
}

recto_status packer_pack(buffer *out, packer *packer, text encoded, recto_error *error)
{
    const size_t room = ZSTD_compressBound(encoded.length), before = out->length;
    char *bytes = buffer_reserve(out, room + HEAD);
    if (bytes == NULL)
        return recto_fail_memory(error, "storing a record");
    const size_t packed = ZSTD_compress2(packer->compress, bytes + HEAD, room, encoded.bytes, encoded.length);
    if (ZSTD_isError(packed) != 0 || packed + HEAD >= encoded.length) {
        buffer_append_text(out, encoded);
    } else {
        bytes[0] = MARK;
        bytes[1] = DICTIONARY;
        buffer_grow(out, packed + HEAD);
    }
    return buffer_failed(out) || out->length == before ? recto_fail_memory(error, "storing a record") : RECTO_OK;
}

static recto_status packer_of(packer **out, repo *repo, recto_error *error)
{
    recto_status status = repo->packer == NULL ? packer_new(&repo->packer, error) : RECTO_OK;
    *out = repo->packer;
    return status;
}

recto_status pack_record(text *out, repo *repo, text encoded, recto_error *error)
{
    packer *packer = NULL;
    recto_status status = packer_of(&packer, repo, error);
    if (status != RECTO_OK)
        return status;
    buffer_clear(&packer->bytes);
    status = packer_pack(&packer->bytes, packer, encoded, error);
    *out = buffer_text(&packer->bytes);
    return status;
}

/* Lengths are claims of the file: nothing is taken that the frame does not bear out. */
recto_status unpack_record(text *out, repo *repo, text stored, recto_error *error)
{
    packer *packer = NULL;
    *out = stored;
    if (stored.length < HEAD || stored.bytes[0] != MARK)
        return RECTO_OK;
    if (stored.bytes[1] != DICTIONARY)
        return RECTO_EDATA;
    const unsigned long long length = ZSTD_getFrameContentSize(stored.bytes + HEAD, stored.length - HEAD);
    if (length == ZSTD_CONTENTSIZE_UNKNOWN || length == ZSTD_CONTENTSIZE_ERROR || length > UNPACKED_MAX)
        return RECTO_EDATA;
    recto_status status = packer_of(&packer, repo, error);
    if (status != RECTO_OK)
        return status;
    buffer_clear(&packer->bytes);
    char *bytes = buffer_reserve(&packer->bytes, (size_t)length + 1);
    if (bytes == NULL)
        return recto_fail_memory(error, "reading a record");
    const size_t got = ZSTD_decompressDCtx(packer->expand, bytes, (size_t)length, stored.bytes + HEAD, stored.length - HEAD);
    if (ZSTD_isError(got) != 0 || got != length)
        return RECTO_EDATA;
    buffer_grow(&packer->bytes, got);
    *out = buffer_text(&packer->bytes);
    return RECTO_OK;
}
