/* include/recto/z3950/z3950.h - searching other libraries' catalogs by Z39.50 and SRU, without ever blocking.
 *
 * Targets and their attribute tables are data (data/targets/). A search runs at all targets at once; the caller owns the
 * event loop: it polls what external_search_wanted names, calls external_search_step, and looks at the states. One target's
 * failure is a sentence in its row and never touches another's (SR-46, SR-100). Built on YAZ ZOOM; ZOOM's traps are handled here
 * (SR-102). Z39.50: ANSI/NISO Z39.50-2003 with attribute set Bib-1; SRU, version 1.1 unless a target says another, with CQL.
 * Times are milliseconds. */
#ifndef RECTO_Z3950_Z3950_H
#define RECTO_Z3950_Z3950_H

#include "recto/marc/record.h"
#include <poll.h>

typedef enum external_box {
    BOX_TITLE,
    BOX_AUTHOR,
    BOX_ISBN,
    BOX_ISSN,
    BOX_LCCN,
    BOX_SYSTEM_NUMBER,
    BOX_KEYWORD,
    BOX_PUBLISHER,
    BOX_DATE,
    BOX_SUBJECT,
    BOX_STANDARD_NUMBER,
    BOX_SERIES,
    BOX_LANGUAGE,
    BOX_COUNT
} external_box;
const char *external_box_label(external_box box);                      /* "System Number" */
bool external_box_named(external_box *out, const char *code_or_label); /* ti au isbn issn lccn sys kw pub yr su stdno se lang */

typedef struct target_list target_list;
typedef struct target { /* lent by the list */
    const char *name, *label, *note, *host, *database, *syntax, *charset;
    int port;
    bool enabled, sru, needs_password;
} target;

recto_status target_list_new(target_list **out, recto_error *error); /* empty; RECTO_ENOMEM */
/** Adds the targets of one file (data/targets/NAME.target); later ones replace earlier of the same name. EDATA file:line. */
recto_status target_list_add(target_list *list, text file, const char *name, recto_error *error);
/** One target made at run time: the demonstration's "WorldCat" on loopback. @param label, database  NULL: the name, "Default" */
recto_status target_list_add_address(target_list *list, const char *name, const char *label, const char *host, int port,
                                     const char *database, recto_error *error);
/** Users and passwords by target from a file that must have mode 0600 (EREFUSED otherwise, saying what to run); kept out of
 *  every message (SR-107). ENOTFOUND is no failure for the caller who passes an optional path. */
recto_status target_list_credentials(target_list *list, const char *path, recto_error *error);
void target_list_free(target_list *list); /* after all searches of it */
size_t target_list_count(const target_list *list);
const target *target_list_get(const target_list *list, size_t index);
const target *target_list_find(const target_list *list, const char *name);             /* letters' case aside; NULL: none */
bool target_supports(const target_list *list, const target *target, external_box box); /* SR-16 */

typedef struct external_search external_search;

typedef enum external_state {
    EXTERNAL_CONNECTING,
    EXTERNAL_SEARCHING,
    EXTERNAL_FETCHING,
    EXTERNAL_DONE,
    EXTERNAL_FAILED,
    EXTERNAL_STOPPED
} external_state;
typedef struct external_status { /* one row a target */
    const target *target;
    external_state state;
    int64_t hits; /* -1 not known yet */
    size_t fetched;
    int64_t elapsed_ms;
    char failure[300]; /* SR-104's sentence, with code and the target's own words in brackets */
    int diagnostic;    /* code of ZOOM or Bib-1; 0 none */
    const char *query; /* PQF or CQL as sent (SR-22); lent */
} external_status;

typedef struct external_hit {
    const target *target;
    size_t number;             /* in the target's result, from 1 */
    const marc_record *record; /* UTF-8; NULL when it could not be read, then `problem` says why (SR-52) */
    char problem[200];
    text raw; /* as it came */
} external_hit;

typedef struct external_query {
    const char *boxes[BOX_COUNT]; /* NULL or "": takes no part; joined with AND (SR-15) */
} external_query;

/** Starts at `count` targets (pointers of this list). Returns at once. EINVALID "type something to search for", or no target.
 *  @param page_size  records fetched with the search; 0: as the target has it */
recto_status external_search_new(external_search **out, target_list *list, const target *const *targets, size_t count,
                                 const external_query *query, size_t page_size, recto_error *error);
void external_search_free(external_search *search); /* drops what is under way; sessions are kept open 5 minutes (SR-106) */
/** Descriptors to poll, at most `capacity`; *timeout_ms is the time until a target's limit passes. @return how many */
size_t external_search_wanted(const external_search *search, struct pollfd *out, size_t capacity, int *timeout_ms);
/** Does what can be done without waiting. @return true when anything visible changed */
bool external_search_step(external_search *search, const struct pollfd *polled, size_t count);
bool external_search_busy(const external_search *search);
void external_search_stop(external_search *search); /* those not yet done; what came stays */
/** Asks for `more` records of one target beyond those fetched (SR-49). ELIMIT (RL-115); EINVALID: the search does not ask it. */
recto_status external_search_more(external_search *search, const target *target, size_t more, recto_error *error);
size_t external_search_targets(const external_search *search);
const external_status *external_search_status(const external_search *search, size_t index);
size_t external_search_hits(const external_search *search);
const external_hit *external_search_hit(const external_search *search, size_t index); /* in target order, then as delivered */

/** `target test` (SR-7): connect, Init, search, fetch, each step told with its time. Blocks; for the command line. ENETWORK: what
 *  failed, in words; EINVALID: it can search nothing that could be tried. */
recto_status target_test(target_list *list, const target *target, void (*tell)(void *context, const char *line), void *context,
                         recto_error *error);

#endif
