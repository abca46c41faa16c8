/* src/repo/sessions.c - who is at work: a session is a row with the identity of its process, and a heartbeat.
 *
 * Locks hang on sessions. A process number alone proves nothing: it is reused, and after a restart it means another
 * program; so host, boot id and the moment of its start are kept with it (RL-47). */
#include "store.h"
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { TERMINAL_FIELD = 7, STARTED_FIELD = 22 }; /* of /proc/PID/stat, proc(5): its terminal; start in clock ticks since boot */

static void read_line(char *out, size_t capacity, const char *path)
{
    FILE *file = fopen(path, "re");
    out[0] = '\0';
    if (file == NULL)
        return;
    if (fgets(out, (int)capacity, file) != NULL)
        out[strcspn(out, "\n")] = '\0';
    (void)fclose(file);
}

/* The command's name stands in brackets and may hold anything, brackets too: count from the last one. 0: no such process. */
static int64_t number_of_process(int64_t process, int wanted)
{
    char path[64], line[1024];
    int64_t number = 0;
    (void)snprintf(path, sizeof path, "/proc/%lld/stat", (long long)process);
    read_line(line, sizeof line, path);
    const char *bracket = strrchr(line, ')');
    if (bracket == NULL)
        return 0;
    text rest = text_from(bracket + 1);
    (void)text_next_field(&rest, ' '); /* the blank behind the bracket */
    for (int field = 3; field < wanted; field++)
        (void)text_next_field(&rest, ' ');
    (void)text_to_integer(text_next_field(&rest, ' '), &number);
    return number;
}

static int64_t process_started(int64_t process)
{
    return number_of_process(process, STARTED_FIELD);
}

/* The numbers of devices.txt of Linux: 136 to 143 are pseudo-terminals, of 4 the first 64 consoles and the rest serial lines. */
void process_terminal(char out[static TERMINAL_NAME], const process_identity *identity)
{
    enum { CONSOLES = 4, SERIAL = 64, PSEUDO = 136, PSEUDO_LAST = 143, EACH = 256 };
    process_identity here;
    out[0] = '\0';
    process_identity_own(&here);
    if (strcmp(identity->host, here.host) != 0 || !process_lives(identity))
        return;
    const dev_t device = (dev_t)number_of_process(identity->process, TERMINAL_FIELD);
    const unsigned kind = major(device), number = minor(device);
    if (kind >= PSEUDO && kind <= PSEUDO_LAST)
        (void)snprintf(out, TERMINAL_NAME, "pts/%u", (kind - PSEUDO) * EACH + number);
    else if (kind == CONSOLES && number < SERIAL)
        (void)snprintf(out, TERMINAL_NAME, "tty%u", number);
    else if (kind == CONSOLES)
        (void)snprintf(out, TERMINAL_NAME, "ttyS%u", number - SERIAL);
}

void process_identity_own(process_identity *out)
{
    memset(out, 0, sizeof *out);
    if (gethostname(out->host, sizeof out->host - 1) != 0)
        (void)snprintf(out->host, sizeof out->host, "unknown");
    read_line(out->boot, sizeof out->boot, "/proc/sys/kernel/random/boot_id");
    out->process = getpid();
    out->started = process_started(out->process);
}

bool process_lives(const process_identity *identity)
{
    process_identity here;
    process_identity_own(&here);
    if (strcmp(identity->host, here.host) != 0)
        return true; /* another machine's process cannot be asked: its heartbeat decides */
    return strcmp(identity->boot, here.boot) == 0 && identity->process > 0 &&
           process_started(identity->process) == identity->started;
}

recto_status repo_session_begin(repo *repo, const char *user, const char *institution, int64_t now, char session[static 64],
                                recto_error *error)
{
    bool own;
    rows rows;
    process_identity identity;
    process_identity_own(&identity);
    recto_status status = change_begin(repo, &own, error);
    if (status != RECTO_OK)
        return status;
    status = steady_begin(repo, now, error);
    if (status == RECTO_OK)
        status = store_run(repo, error, SQL_SESSION_ADD, "ssssiii", user, institution, identity.host, identity.boot,
                           identity.process, identity.started, steady_now(repo, now));
    if (status == RECTO_OK) {
        (void)rows_open(&rows, repo, error, SQL_SESSION_NAME, "");
        while (rows_next(&rows))
            row_string(&rows, 0, session, 64);
        status = rows_close(&rows);
    }
    return change_end(repo, own, status, error);
}

static recto_status touch(repo *repo, enum sql_id what, const char *session, int64_t now, recto_error *error)
{
    bool own;
    recto_status status = change_begin_relaxed(repo, &own, error); /* a lost heartbeat costs a minute of a lock, no text */
    if (status != RECTO_OK)
        return status;
    return change_end(repo, own, store_run(repo, error, what, "si", session, steady_now(repo, now)), error);
}

recto_status repo_session_seen(repo *repo, const char *session, int64_t now, recto_error *error)
{
    return touch(repo, SQL_SESSION_SEEN, session, now, error);
}

recto_status repo_session_used(repo *repo, const char *session, int64_t key_at, recto_error *error)
{
    return touch(repo, SQL_LOCKS_USED, session, key_at, error);
}

recto_status repo_session_end(repo *repo, const char *session, int64_t now, recto_error *error)
{
    return touch(repo, SQL_SESSION_END, session, now, error);
}
