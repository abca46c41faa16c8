/* src/marc/iso2709_resync.h - tags out of a directory that lost bytes, or has some too many. */
#ifndef RECTO_MARC_ISO2709_RESYNC_H
#define RECTO_MARC_ISO2709_RESYNC_H

#include "iso2709.h"

typedef struct iso2709_span {
    size_t start, length; /* in the data; the length counts the terminator when there is one */
} iso2709_span;

typedef struct iso2709_resynced {
    size_t found;   /* fields whose entry is there, with the right digits */
    size_t mended;  /* fields whose entry is damaged, but not its tag */
    size_t unknown; /* fields whose tag is lost: it is "???" */
} iso2709_resynced;

/** Finds the tags of fields that lie one behind the other. @param tags three bytes for each field */
iso2709_resynced iso2709_resync(char *tags, text directory, const iso2709_span *fields, size_t count);

#endif
