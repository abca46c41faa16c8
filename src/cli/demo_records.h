/* src/cli/demo_records.h - the records of the demonstration, made from data/demo/works.tsv and others.tsv. */
#ifndef RECTO_CLI_DEMO_RECORDS_H
#define RECTO_CLI_DEMO_RECORDS_H

#include "recto/marc/record.h"

typedef enum demo_place { DEMO_INSTITUTION = 'I', DEMO_NETWORK = 'N', DEMO_COMMUNITY = 'C', DEMO_WORLDCAT = 'W' } demo_place;

typedef struct demo_record {
    demo_place place;
    const marc_record *record; /* lent for the visit */
    bool physical;             /* gets holdings and an item, in the institution */
    size_t number;             /* counts all records, from 1: for barcodes */
} demo_record;

/** Visits every record. `visit` returns a status; anything but RECTO_OK ends it. */
recto_status demo_records(recto_status (*visit)(void *context, const demo_record *record, recto_error *error), void *context,
                          recto_error *error);

#endif
