/* src/catalog/ingest.h - one record on its way through the corridor: what its steps share. Private to catalog/.
 *
 * ingest.c is the walk; ingest_prepare.c what needs no transaction, ingest_match.c what is found there and what becomes of
 * both records, ingest_save.c the writing. @spec architecture.md, gateway.md section 5 */
#ifndef CATALOG_INGEST_H
#define CATALOG_INGEST_H

#include "inside.h"

typedef struct passage {
    catalog *catalog;
    const ingest_request *request;
    const ingest_extra *extra;
    ingest_policy policy;
    const repo_zone *zone;
    zone_rules rules; /* what the zone has chosen */
    ingest_outcome *out;
    marc_record *record; /* the working copy; what will be saved */
    marc_record *stored; /* of a known record or of the one match; NULL */
    bib_info info;       /* of `stored` */
    char incoming_005[CLOCK_005_LENGTH + 1];
    const char *note;
    bool decided;   /* out->kind is an outcome without a save */
    bool authority; /* an authority record: the zone's rules, match and merge are for bibs */
    recto_error *error;
} passage;

/* ---- ingest.c */
void passage_enter(passage *way, ingest_stage stage);
void passage_decide(passage *way, outcome_kind kind); /* an outcome without a save */
recto_status passage_load_stored(passage *way, mms_id id);
recto_status passage_privilege(passage *way); /* decided: refused, with a sentence */

/* ---- ingest_prepare.c: pure, before the transaction */
recto_status passage_copy_in(passage *way);
recto_status passage_reject(passage *way);
recto_status passage_normalize(passage *way);
recto_status passage_validate(passage *way);
void passage_refuse_invalid(passage *way);

/* ---- ingest_rules.c */
recto_status passage_normalize_save(passage *way);
void ingest_rules_short(char *out, size_t capacity, const char *lines);
/** The note of the version with what the rules did, when they did something. */
const char *ingest_rules_note(char out[static VERSION_NOTE], const char *note, const char *lines);

/* ---- ingest_match.c */
recto_status passage_match(passage *way);
/** By its numbers: another record of the zone that has one of them refuses it, or becomes its next version. */
recto_status passage_match_authority(passage *way);

/* ---- ingest_save.c */
recto_status passage_save(passage *way);
recto_status passage_settle_unchanged(passage *way);
recto_status passage_drop_draft(passage *way);

#endif
