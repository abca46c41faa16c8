/* tests/support/scripted_target.h - a Z39.50 target on loopback that misbehaves as it is told (SR-108). */
#ifndef RECTO_TESTS_SCRIPTED_TARGET_H
#define RECTO_TESTS_SCRIPTED_TARGET_H

#include <stdbool.h>
#include <sys/types.h>

typedef enum scripted_fault {
    FAULT_NONE,
    FAULT_REFUSE, /* nobody listens on the port */
    FAULT_SILENT, /* accepts, never says anything */
    FAULT_CLOSE_AT_ONCE,
    FAULT_WEB_SERVER,      /* answers as a web server does */
    FAULT_GARBAGE,         /* bytes that are no protocol */
    FAULT_INIT_REJECTED,   /* no reason given */
    FAULT_INIT_DIAGNOSTIC, /* rejected with `code`; the detail quotes the password it was given */
    FAULT_HANG_SEARCH,
    FAULT_HANG_PRESENT,
    FAULT_SEARCH_DIAGNOSTIC,  /* `code` with `detail`, in Search */
    FAULT_PRESENT_DIAGNOSTIC, /* the same in Present, not of a record */
    FAULT_RECORD_DIAGNOSTIC,  /* surrogate: record 2 has `code` */
    FAULT_REFUSE_STRUCTURE,   /* 118 as long as a structure attribute is sent */
    FAULT_REFUSE_TRUNCATION,  /* 120 as long as a truncation, 118 as long as a structure attribute is sent */
    FAULT_ONLY_XML,           /* 239 for every other syntax */
    FAULT_CLOSE_IN_RECORD,    /* half of the answer, then the end */
    FAULT_FEWER_RECORDS,      /* says `hits`, has only the given records */
    FAULT_NEGATIVE_HITS,
    FAULT_HUGE_HITS,
    FAULT_HUGE_MESSAGE,    /* claims a message of 2 GB */
    FAULT_ENDLESS_MESSAGE, /* an indefinite message that never ends */
    FAULT_SECOND_INIT,     /* an Init response nobody asked for, behind the search response */
    FAULT_STALE,           /* each session answers one search, then is closed at the next */
    FAULT_LOST_RESULT,     /* 27 in the first Present of each session */
    FAULT_MUTATED          /* some bytes of every answer are changed; `code` is the seed */
} scripted_fault;

typedef struct scripted_target {
    scripted_fault fault;
    int code;
    const char *detail;
    long long hits;             /* -1: as many as there are records */
    const char *const *records; /* bytes, terminated by record_lengths */
    const size_t *record_lengths;
    size_t record_count;
    const char *syntax; /* "xml", "sutrs"; NULL: MARC 21 */
    const char *log;    /* a file that gets a line for each query: its PQF; NULL none */
} scripted_target;

/** Starts it in a child process that ends with this one. @return the port; 0 on failure */
int scripted_target_start(pid_t *pid, const scripted_target *script);
void scripted_target_stop(pid_t pid);

#endif
