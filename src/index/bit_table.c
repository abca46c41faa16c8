/* src/index/bit_table.c - a set as plain bits: facets count dozens of lists against the hits, and one bit is asked for each
 * document. */
#include "parts.h"

#include <stdlib.h>

bit_table *bit_table_new(const index_set *set)
{
    bit_table *table = calloc(1, sizeof *table);
    index_document room[4096], after = 0;
    size_t count;
    while (table != NULL && (count = index_set_list(set, after, room, 4096)) > 0) {
        for (size_t i = 0; i < count; i++) {
            uint64_t **chunk = &table->chunks[room[i] >> 16];
            if (*chunk == NULL && (*chunk = calloc(CHUNK_DOCUMENTS / 64, sizeof **chunk)) == NULL) {
                bit_table_free(table);
                return NULL;
            }
            (*chunk)[(room[i] & 0xFFFF) >> 6] |= UINT64_C(1) << (room[i] & 63);
        }
        after = room[count - 1];
    }
    return table;
}

void bit_table_free(bit_table *table)
{
    if (table == NULL)
        return;
    for (size_t i = 0; i < CHUNK_DOCUMENTS; i++)
        free(table->chunks[i]);
    free(table);
}
