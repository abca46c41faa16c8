/* include/recto/base/error.h - the one error type of the house.
 *
 * A function that can fail returns a recto_status and takes a recto_error last. It fills the error once, where the
 * failure is known best; callers hand it on and do not repaint it. `error` may be NULL where the caller does not care.
 * Messages are one line, lower case, without a full stop; `what` failed, on `where`, and `todo` says what the user can do. */
#ifndef RECTO_BASE_ERROR_H
#define RECTO_BASE_ERROR_H

typedef enum recto_status {
    RECTO_OK = 0,
    RECTO_END,       /* no more records, rows or bytes; not a failure, and error is left alone */
    RECTO_ENOTFOUND, /* no such record, user, target ... */
    RECTO_EINVALID,  /* a value from a user is not acceptable (tag, index name, date) */
    RECTO_EUSAGE,    /* the command line is wrong */
    RECTO_EDATA,     /* a record or file is bad */
    RECTO_ELIMIT,    /* a stated limit was passed (reliability.md section 9) */
    RECTO_EREFUSED,  /* privilege, policy or version guard refuses */
    RECTO_ELOCKED,   /* somebody else holds the lock */
    RECTO_EBUSY,     /* the repository is busy, after the fair wait of RL-71 */
    RECTO_EIO,       /* disk, terminal or file */
    RECTO_ENETWORK,  /* a target or socket */
    RECTO_ENOMEM
} recto_status;

enum { RECTO_ERROR_WHAT = 200, RECTO_ERROR_WHERE = 160, RECTO_ERROR_TODO = 200 };

/* Of fixed size, because reporting "no memory" must not need memory. All three texts are valid UTF-8 and hold no
 * control characters: recto_fail sees to that, so that an error can be shown as it is (RL-150). */
typedef struct recto_error {
    recto_status status;
    char what[RECTO_ERROR_WHAT];   /* what failed: "record is locked" */
    char where[RECTO_ERROR_WHERE]; /* on what: "bib 991000000000105816", "rules/bib.drl:12:7"; "" when there is no place */
    char todo[RECTO_ERROR_TODO];   /* what the user can do: "ask cat2, or wait until 14:52"; "" when nothing */
} recto_error;

/** Fills `error` (unless NULL) and returns `status`, so that `return recto_fail(...)` reads well.
 *  @param where, todo  plain texts, copied, may be NULL; `what` is a printf format. Texts too long are cut at a character. */
recto_status recto_fail(recto_error *error, recto_status status, const char *where, const char *todo, const char *what, ...)
    __attribute__((format(printf, 5, 6)));

/** The same for "no memory"; needs none. */
recto_status recto_fail_memory(recto_error *error, const char *while_doing);

/** Same, with the text of errno appended to what, and what to do about the usual ones; `saved_errno` chooses EIO, ENOTFOUND
 * (ENOENT) or EREFUSED (EACCES). */
recto_status recto_fail_system(recto_error *error, int saved_errno, const char *where, const char *what);

void recto_error_clear(recto_error *error);

/** The exit status of cli.md for a status: 0, 1 (nothing found), 2 usage, 3 data, 4 refused, 5 environment. */
int recto_exit_status(recto_status status);

/** "WHERE: WHAT. TODO." as one line of UTF-8 into out (always terminated); for stderr, logs and the status line. */
void recto_error_line(char *out, unsigned long capacity, const recto_error *error);

#endif
