/* src/repo/pack.c - compressing records as they are stored: short texts, so a dictionary makes most of the difference.
 *
 * A dictionary is content: tags, indicators, stock phrases of our own writing (data/records/dictionary-1.txt). The second one has
 * before it how often each letter and each length comes in records as they are encoded, 151 bytes in the format of zstd
 * (dictionary-2.tables, made by ZDICT_finalizeDictionary of that content and a few thousand records of many libraries): so a
 * record need not bring tables of its own, which would cost it 40 bytes and a third of the time. What was packed with a
 * dictionary can only be read with it, to the byte: they are taken from the program, never from a configuration, and are never
 * changed; a better one gets the next number. */
#include "pack.h"
#include "recto/base/resource.h"
#include <stdlib.h>
#include <string.h>
#define ZSTD_STATIC_LINKING_ONLY /* contexts that refer to a dictionary instead of copying it */
#include <zstd.h>

enum { LEVEL = 1, HEAD = 2, UNPACKED_MAX = 256 * 1024 * 1024 };
enum dictionary { CONTENT, WITH_TABLES, DICTIONARIES };
static const char MARK = 'Z', digits[DICTIONARIES] = { '1', '2' };
static const char CONTENT_NAME[] = "data/records/dictionary-1.txt", TABLES_NAME[] = "data/records/dictionary-2.tables";

struct packer {
    buffer dictionary; /* tables, then content */
    ZSTD_CCtx *compress;
    ZSTD_DCtx *expand;
    void *workspace; /* of `to` */
    const ZSTD_CDict *to;
    ZSTD_DDict *from[DICTIONARIES];
    buffer bytes; /* lent to callers of the repository */
};

void packer_free(packer *packer)
{
    if (packer == NULL)
        return;
    (void)ZSTD_freeCCtx(packer->compress);
    (void)ZSTD_freeDCtx(packer->expand);
    free(packer->workspace);
    for (size_t i = 0; i < DICTIONARIES; i++)
        (void)ZSTD_freeDDict(packer->from[i]);
    buffer_release(&packer->dictionary);
    buffer_release(&packer->bytes);
    free(packer);
}

static recto_status append_resource(buffer *out, const char *name, recto_error *error)
{
    resource resource;
    recto_status status = resource_open_built_in(&resource, name, error);
    if (status != RECTO_OK)
        return status;
    buffer_append_text(out, resource.content);
    resource_release(&resource);
    return buffer_failed(out) ? recto_fail_memory(error, "storing a record") : RECTO_OK;
}

/* In memory of ours: ZSTD_createCDict of 1.5.4 crashes when there is too little. The parameters are those that it would take for
 * short texts of unknown length; a longer step where nothing is found would take a fifth less time for 4 % more bytes. */
static const ZSTD_CDict *prepare_dictionary(void **workspace, text whole)
{
    enum { SHORT = 513 };
    const ZSTD_compressionParameters parameters =
        ZSTD_adjustCParams(ZSTD_getCParams(LEVEL, ZSTD_CONTENTSIZE_UNKNOWN, whole.length), SHORT, whole.length);
    const size_t size = ZSTD_estimateCDictSize_advanced(whole.length, parameters, ZSTD_dlm_byRef);
    *workspace = malloc(size);
    if (*workspace == NULL)
        return NULL;
    return ZSTD_initStaticCDict(*workspace, size, whole.bytes, whole.length, ZSTD_dlm_byRef, ZSTD_dct_auto, parameters);
}

static bool prepare(packer *packer, size_t tables)
{
    const text whole = buffer_text(&packer->dictionary);
    packer->compress = ZSTD_createCCtx();
    packer->expand = ZSTD_createDCtx();
    packer->to = prepare_dictionary(&packer->workspace, whole);
    packer->from[CONTENT] = ZSTD_createDDict_byReference(whole.bytes + tables, whole.length - tables);
    packer->from[WITH_TABLES] = ZSTD_createDDict_byReference(whole.bytes, whole.length);
    return packer->compress != NULL && packer->expand != NULL && packer->to != NULL && packer->from[CONTENT] != NULL &&
           packer->from[WITH_TABLES] != NULL &&
           ZSTD_isError(ZSTD_CCtx_setParameter(packer->compress, ZSTD_c_dictIDFlag, 0)) == 0 &&
           ZSTD_isError(ZSTD_CCtx_refCDict(packer->compress, packer->to)) == 0;
}

recto_status packer_new(packer **out, recto_error *error)
{
    packer *made = calloc(1, sizeof *made);
    if (made == NULL)
        return recto_fail_memory(error, "storing a record");
    buffer_init(&made->bytes, 0);
    buffer_init(&made->dictionary, 0);
    recto_status status = append_resource(&made->dictionary, TABLES_NAME, error);
    const size_t tables = made->dictionary.length;
    if (status == RECTO_OK)
        status = append_resource(&made->dictionary, CONTENT_NAME, error);
    if (status == RECTO_OK && !prepare(made, tables))
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
        bytes[1] = digits[WITH_TABLES];
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
    const char *digit = memchr(digits, stored.bytes[1], sizeof digits);
    if (digit == NULL)
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
    const size_t got = ZSTD_decompress_usingDDict(packer->expand, bytes, (size_t)length, stored.bytes + HEAD,
                                                  stored.length - HEAD, packer->from[digit - digits]);
    if (ZSTD_isError(got) != 0 || got != length)
        return RECTO_EDATA;
    buffer_grow(&packer->bytes, got);
    *out = buffer_text(&packer->bytes);
    return RECTO_OK;
}
