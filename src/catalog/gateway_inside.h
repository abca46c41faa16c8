/* src/catalog/gateway_inside.h - the gateway's desk and one record on its way over it. Private to catalog/. */
#ifndef CATALOG_GATEWAY_INSIDE_H
#define CATALOG_GATEWAY_INSIDE_H

#include "profile_values.h"

#include "recto/catalog/gateway.h"
#include "recto/marc/formats.h"
#include "recto/repo/gateway.h"

enum { LOGON_DIGEST = 32, LOGONS_KEPT = 64, GATEWAY_LINE = 200, REPLAY_SECONDS = 600 };

/* A profile as it was when last read; read again when the repository has another version of it. */
typedef struct desk_profile desk_profile;
struct desk_profile {
    desk_profile *next;
    connexion_profile settings;
    recto_error fault;        /* why it cannot be applied; status RECTO_OK: it can */
    int64_t minute, received; /* for its rate limit */
};

typedef struct kept_logon { /* a check that was passed, under a key that nobody knows */
    unsigned char digest[LOGON_DIGEST];
    int64_t until; /* monotonic milliseconds */
} kept_logon;

/* What the reader said of a record. */
typedef struct decode_report {
    char warning[160]; /* the first oddity that does not matter */
    char fault[200];   /* the first that does: the record is not as it was sent; "" none */
    const char *code;  /* of the fault */
} decode_report;

struct gateway_desk {
    catalog *catalog;
    desk_profile *profiles;
    unsigned char key[LOGON_DIGEST];
    kept_logon logons[LOGONS_KEPT];
    size_t next_logon;
    marc_reader *reader;
    decode_report report;
    bool together, together_failed; /* a transaction of several records is open; one of them could not be saved */
};

/* One record on its way. */
typedef struct gateway_walk {
    gateway_desk *desk;
    const gateway_request *request;
    bool trusted;                 /* a retry: who asks has been checked otherwise */
    const repo_zone *institution; /* NULL: unknown */
    desk_profile *profile;        /* NULL: not found yet */
    marc_record *record;
    repo_gateway_row row;
    unsigned char digest[LOGON_DIGEST];
    buffer reply;
    bool refused, keep; /* answered without a save; the bytes are worth keeping */
    gateway_outcome *out;
    recto_error *error;
} gateway_walk;

/* ---- gateway_reply.c: the words of gateway.md section 6 */
typedef enum gateway_answer {
    ANSWER_LOGON,
    ANSWER_PROFILE,
    ANSWER_RATE,
    ANSWER_UNREADABLE,
    ANSWER_NOT_BIBLIOGRAPHIC,
    ANSWER_NOT_APPLIED,
    ANSWER_NOT_AVAILABLE
} gateway_answer;
/** The first line, and the second from the format (NULL: none); the walk is refused. */
void walk_refuse(gateway_walk *walk, gateway_answer answer, const char *format, ...) __attribute__((format(printf, 3, 4)));
void walk_answer(gateway_walk *walk, const ingest_outcome *outcome); /* of the corridor */
/** Printable ASCII; all else becomes '?'. Terminated, cut. */
void gateway_plain(char *out, size_t capacity, text value);

/* ---- gateway_logon.c: steps 1 and 2 */
void walk_logon(gateway_walk *walk);
const repo_zone *gateway_institution(const catalog *catalog, text logon); /* NULL: none of this code */
void desk_profiles_free(desk_profile *profiles);

/* ---- gateway_decode.c: step 3 */
void walk_decode(gateway_walk *walk);
void walk_glance(gateway_walk *walk); /* number and title alone, of a record that was refused before */

/* ---- gateway.c */
recto_status gateway_walk_run(gateway_outcome *out, gateway_desk *desk, const gateway_request *request, bool trusted,
                              recto_error *error);

#endif
