/* src/z3950/diagnostics.h - what a code of ZOOM, Bib-1, SRU or HTTP means to a cataloger, as a sentence (SR-100, SR-104). */
#ifndef RECTO_SRC_Z3950_DIAGNOSTICS_H
#define RECTO_SRC_Z3950_DIAGNOSTICS_H

#include "targets.h"

typedef enum diagnostic_set { SET_ZOOM, SET_BIB1, SET_SRU, SET_HTTP } diagnostic_set;

/* Failures that no standard numbers: told apart where ZOOM says only "Connect failed" (SR-103), and limits of our own. */
enum { LOCAL_NAME_NOT_FOUND = 20001, LOCAL_REFUSED, LOCAL_NO_ROUTE, LOCAL_TOO_MUCH, LOCAL_NOT_THE_PROTOCOL, LOCAL_NO_ACCOUNT };

typedef struct diagnostic {
    diagnostic_set set;
    int code;
    const char *detail; /* the target's own words; "" none. Hostile */
    const char *boxes;  /* labels of the boxes searched, "Title, Author" */
    const char *term;   /* the query's terms as typed, for "does not accept" */
    size_t record;      /* number of a record, where it is about one */
    int seconds;        /* the limit that passed */
} diagnostic;

enum { DIAGNOSTIC_SENTENCE = 300 };

/** Writes the sentence, cleaned for the screen and without the account's password (SR-107). */
void diagnostic_sentence(char out[static DIAGNOSTIC_SENTENCE], const target_entry *entry, const diagnostic *found);
diagnostic_set diagnostic_set_named(const char *name);    /* as ZOOM names them */
bool diagnostic_is_attribute(const diagnostic *found);    /* 113-123: worth the fallback of SR-21 */
bool diagnostic_is_syntax(const diagnostic *found);       /* 227, 238, 239: worth another record syntax (SR-51) */
bool diagnostic_is_lost_result(const diagnostic *found);  /* 27, 30: search again, once */
bool diagnostic_is_lost_session(const diagnostic *found); /* the connection is of no more use */
bool diagnostic_is_partial(const diagnostic *found);      /* 33: what came can be used */

#endif
