/* src/marc/iso2709.h - shared by the parts that read and write ISO 2709. */
#ifndef RECTO_MARC_ISO2709_H
#define RECTO_MARC_ISO2709_H

#include "reader.h"
#include "record_store.h"

enum {
    ISO2709_ENTRY = 12,    /* of the directory: tag 3, length 4, start 5 */
    ISO2709_SHORTEST = 26, /* a leader, an empty directory and both terminators */
    ISO2709_LONGEST = 99999,
    ISO2709_FIELD_LONGEST = 9999
};

/** May this byte stand between two records without meaning anything? */
static inline bool iso2709_is_filler(unsigned char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t' || byte == 0x1A || byte == 0 ||
           byte == MARC_RECORD_TERMINATOR;
}
size_t iso2709_filler(text rest); /* length of the filler at the front */
bool iso2709_number(const char *digits, int count, size_t *out);
/** Where a sound record begins inside of `bytes`, because the one before it lost its end; else `length`. */
size_t iso2709_split(const char *bytes, size_t length);
/** Reads an unsound record as far as all of it can be told apart; reports what was odd. RECTO_EDATA: it cannot. */
recto_status iso2709_repair(marc_reader *reader, marc_record *record, text bytes, recto_error *error);

#endif
