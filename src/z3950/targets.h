/* src/z3950/targets.h - what the room knows of a target beyond what its door shows: attributes, limits, account, session. */
#ifndef RECTO_SRC_Z3950_TARGETS_H
#define RECTO_SRC_Z3950_TARGETS_H

#include "recto/base/arena.h"
#include "recto/marc/formats.h"
#include "recto/z3950/z3950.h"
#include "relay.h"
#include <yaz/zoom.h>

/* How a term is written before it is sent, and whether a second form is tried when the first finds nothing. */
typedef enum term_form { FORM_WORDS, FORM_PLAIN, FORM_ISBN, FORM_ISSN, FORM_LCCN, FORM_OCLC } term_form;

typedef struct box_attributes { /* Bib-1: 0 means that the attribute is not sent */
    bool supported;
    int use, structure, truncation;
    const char *index; /* of CQL, at SRU targets */
    term_form form;
} box_attributes;

enum { FALLBACK_NONE, FALLBACK_STRUCTURE, FALLBACK_TRUNCATION, FALLBACK_COUNT };

typedef struct target_entry {
    target shown; /* what the door lends */
    arena *arena; /* every string of the entry */
    box_attributes boxes[BOX_COUNT];
    int learned[BOX_COUNT]; /* the fallback that worked in this session (SR-21) */
    marc_encoding encoding;
    const char *negotiate; /* charset offered at Init; NULL none */
    const char *sru_version;
    int connect_seconds, answer_seconds, total_seconds;
    size_t page_size, message_bytes, answer_bytes;
    bool piggyback;
    char *user, *password; /* NULL none; wiped before they are freed */
    ZOOM_connection kept;  /* an idle session, SR-106; NULL none */
    relay *kept_relay;
    int64_t kept_since_ms;
} target_entry;

target_entry *target_list_entry(target_list *list, const target *target); /* NULL: not of this list */
/* A new entry with the defaults of the format; not yet in a list. */
recto_status target_entry_new(target_entry **out, const char *name, recto_error *error);
void target_entry_free(target_entry *entry);
const char *target_entry_keep(target_entry *entry, text value); /* a terminated copy in the entry's arena; NULL: no memory */

recto_status target_file_read(target_entry *entry, text file, const char *name, recto_error *error);

/* Kept sessions: an idle connection waits five minutes for the next search. */
ZOOM_connection target_session_take(target_entry *entry, int64_t now_ms, relay **relay);                 /* NULL: none */
void target_session_keep(target_entry *entry, ZOOM_connection connection, relay *relay, int64_t now_ms); /* takes both */

#endif
