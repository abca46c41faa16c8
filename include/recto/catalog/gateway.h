/* include/recto/catalog/gateway.h - one record from OCLC Connexion through the corridor, and the log of all of them.
 *
 * The wire is service/'s business: here a complete request comes in, and the reply's words go out. All that decides is the
 * institution's integration profile. A refusal leaves the repository as it was, but for log and audit (GW-44).
 * @spec gateway.md sections 5 to 8 */
#ifndef RECTO_CATALOG_GATEWAY_H
#define RECTO_CATALOG_GATEWAY_H

#include "recto/catalog/profiles.h"

typedef enum gateway_length_form { GATEWAY_NO_HEADER, GATEWAY_ONE_BYTE, GATEWAY_DECIMAL } gateway_length_form;

typedef struct gateway_request {
    text logon, password, user; /* as received, blanks around the logon dropped; may be empty */
    text record;                /* ISO 2709 bytes, complete; hostile */
    gateway_length_form form;
    char peer[64];            /* address */
    uint64_t connection;      /* number, for the log */
    size_t record_number;     /* on the connection, from 1 */
    const char *wire_warning; /* "leader says 500, record has 460"; NULL none */
    /* Asked once, just before a save becomes final. false: nobody waits for it any longer, and it is taken back (GW-41). NULL:
     * it always does. */
    bool (*keep)(void *context);
    void *keep_context;
} gateway_request;

enum { GATEWAY_REPLY_LENGTH = 1024 };
typedef struct gateway_outcome {
    outcome_kind kind;
    char reply[GATEWAY_REPLY_LENGTH]; /* ASCII, lines joined by LF, no LF or NUL at the end (GW-30, GW-31) */
    char code[24];                    /* for the log: "merged", "logon", "profile", "unreadable" ... */
    char oclc[24], title[244];        /* of the record, for the service's own log; "" unknown */
    mms_id id;
    bool logon_failed; /* counts for GW-72 */
    bool replayed;     /* GW-42 */
    bool permanent;    /* the profile allows permanent connections */
} gateway_outcome;

typedef struct gateway_desk gateway_desk; /* profiles and rules of all institutions, kept ready; logon checks cached 5 minutes */
recto_status gateway_desk_new(gateway_desk **out, catalog *catalog, recto_error *error);
void gateway_desk_free(gateway_desk *desk);

/** Steps 1 to 16 for one record, one write transaction, log row included. There is always an outcome with a reply: also when
 *  the repository is not available (GW-57; *error then says why, for the service's log). A changed profile counts from the
 *  next record on. */
void gateway_receive(gateway_outcome *out, gateway_desk *desk, const gateway_request *request, recto_error *error);
/** Several records with one write to the disk: what is received between the two is saved together, each of them whole or not at
 *  all. end: true, all outcomes count. false (and whenever not `wanted`): nothing was saved, each is to be received again, alone.
 *  RECTO_EBUSY: receive them one by one. */
recto_status gateway_together_begin(gateway_desk *desk, recto_error *error);
bool gateway_together_end(gateway_desk *desk, bool wanted);
/** A request that never became a record (GW-33 to GW-36): its log row. `reply` is what was answered. */
void gateway_note(gateway_desk *desk, const gateway_request *request, const char *code, const char *reply);
/** Is `logon` a configured institution code? Decides between readings of an ambiguous header (GW-9). */
bool gateway_knows_institution(gateway_desk *desk, text logon);

typedef struct gateway_log_row {
    int64_t number, at;
    char institution[64], peer[64], user[64], oclc[24], title[244], code[24], message[208];
    char details[800]; /* the further lines of the reply, joined by LF */
    char form[16], encoding[4], stages[96],
        warning[160]; /* "one-byte", leader/09, milliseconds per stage, of the wire or bytes */
    int64_t connection, record_number;
    mms_id id;
    int bytes, milliseconds, matches;
    bool kept; /* its bytes are kept, "Try again" is possible (GW-81) */
} gateway_log_row;
typedef struct gateway_log_query {
    int64_t from, to;        /* seconds UTC; 0: open */
    const char *institution; /* NULL: the user's own; "*": all (ADMINISTER) */
    const char *oclc;        /* NULL: any */
    const char *code;        /* outcome; NULL: any */
    const char *words;       /* in title or message; NULL: any */
    int64_t number;          /* one row alone; 0: any */
    size_t limit;            /* 0: 10,000, which is the most */
} gateway_log_query;
/** Newest first; yours to free(). */
recto_status catalog_gateway_log(gateway_log_row **out, size_t *count, catalog *catalog, const gateway_log_query *query,
                                 recto_error *error);
/** GW-81: the kept bytes of a refused record through the same walk again, under the profile as it is now and without a logon;
 *  CATALOG. There is an outcome with a reply whenever RECTO_OK comes back. ENOTFOUND: no such row, or no longer kept. */
recto_status catalog_gateway_retry(gateway_outcome *out, catalog *catalog, int64_t number, recto_error *error);
/** Rows older than `keep_days` and bytes older than `record_days` go; called once a day by the service. */
recto_status catalog_gateway_log_prune(catalog *catalog, int keep_days, int record_days, recto_error *error);

#endif
