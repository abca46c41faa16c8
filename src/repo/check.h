/* src/repo/check.h - inside of `recto check`: what is found is told as it is found; nothing is ever written. */
#ifndef RECTO_SRC_REPO_CHECK_H
#define RECTO_SRC_REPO_CHECK_H

#include "store.h"

typedef struct check {
    repo *repo;
    void (*visit)(void *context, const check_finding *finding);
    void *context;
    check_verdict *verdict;
    recto_error *error;
} check;

void tell_finding(check *check, const char *kind, mms_id id, const char *message, ...) __attribute__((format(printf, 4, 5)));
/** What only `check --full` does: every record, every index row, the audit chain. */
recto_status check_everything(check *check);

/** The posting index against the records. */
recto_status check_postings(check *check);
/** Headings and numbers kept of authority records against the records. (authority_store.c) */
recto_status check_authorities(check *check);

#define RUN_RESTORE "restore a backup"
#define RUN_REBUILD "run: recto check --rebuild-index"

#endif
