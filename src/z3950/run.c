/* src/z3950/run.c - one search at one target, driven from outside: resolve, connect, search, fetch.
 *
 * ZOOM runs in asynchronous mode and its sockets are polled by the caller. Its traps are met here (SR-102): the error is
 * read after connecting and again after searching, nothing is sent on a connection that failed, a null record is the end
 * of the list, and a failure leaves the number of hits unknown instead of 0. */
#include "run.h"
#include "recto/base/clock.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static void begin_resolving(run *run);
static void begin_connecting(run *run);
static void begin_searching(run *run);
static void begin_fetching(run *run);

/* ---- ends ---- */

static void drop_connection(run *run)
{
    ZOOM_resultset_destroy(run->result);
    ZOOM_connection_destroy(run->connection);
    relay_free(run->relay);
    run->result = NULL;
    run->connection = NULL;
    run->relay = NULL;
}

static void finish(run *run, external_state state)
{
    run->phase = PHASE_IDLE;
    run->status.state = state;
    run->status.elapsed_ms = recto_clock_monotonic_ms() - run->started_ms;
    resolver_free(run->resolver);
    run->resolver = NULL;
}

/* "Unsupported use attribute" names the number: that tells which box it was. */
static void name_boxes(buffer *out, const run *run, const diagnostic *found)
{
    int use = found->set == SET_BIB1 && found->code == 114 && found->detail != NULL ? (int)strtol(found->detail, NULL, 10) : 0;
    for (int box = 0; box < BOX_COUNT && use > 0; box++) {
        if (query_is_used(run->query, (external_box)box) && run->entry->boxes[box].use == use) {
            buffer_append_string(out, external_box_label((external_box)box));
            return;
        }
    }
    query_boxes(out, run->query);
}

static void tell_failure(run *run, diagnostic found)
{
    buffer boxes, terms;
    buffer_init(&boxes, 4096);
    buffer_init(&terms, 4096);
    name_boxes(&boxes, run, &found);
    query_terms(&terms, run->query);
    found.boxes = buffer_string(&boxes);
    found.term = buffer_string(&terms);
    found.record = run->hit_count + 1;
    diagnostic_sentence(run->status.failure, run->entry, &found);
    run->status.diagnostic = found.code >= LOCAL_NAME_NOT_FOUND ? ZOOM_ERROR_CONNECT : found.code;
    buffer_release(&boxes);
    buffer_release(&terms);
}

static void fail(run *run, diagnostic found)
{
    tell_failure(run, found);
    if (diagnostic_is_lost_session(&found) || run->phase == PHASE_CONNECTING)
        drop_connection(run); /* never search on it, nor keep it */
    finish(run, EXTERNAL_FAILED);
}

static void fail_locally(run *run, int code)
{
    fail(run, (diagnostic){ .set = SET_ZOOM, .code = code });
}

static void fail_with(run *run, const recto_error *error)
{
    snprintf(run->status.failure, sizeof run->status.failure, "%s", error->what);
    finish(run, EXTERNAL_FAILED);
}

/* ---- records ---- */

static void collect(run *run)
{
    size_t size = ZOOM_resultset_size(run->result);
    while (run->hit_count < run->wanted && run->hit_count < size) {
        size_t before = run->hit_count;
        ZOOM_record record = ZOOM_resultset_record_immediate(run->result, before);
        if (record == NULL)
            break;
        run_take_record(run, record, before + 1);
        if (run->hit_count == before)
            break; /* no memory: what came stays */
    }
    run->status.fetched = run->hit_count;
}

static bool more_to_come(const run *run)
{
    return run->status.hits >= 0 && run->hit_count < run->wanted && run->hit_count < (size_t)run->status.hits;
}

/* ---- what is done about a failure before it is told ---- */

static int explain_refusal(const run *run)
{
    switch (run->connect_errno) {
    case ECONNREFUSED:
        return LOCAL_REFUSED;
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ENETDOWN:
    case ETIMEDOUT:
    case EACCES:
    case EPERM:
    case EADDRNOTAVAIL:
        return LOCAL_NO_ROUTE;
    default:
        return ZOOM_ERROR_CONNECT;
    }
}

static void try_next_address(run *run)
{
    if (run->connect_errno == 0 && run->address < run->addresses.count)
        run->connect_errno = resolver_probe(&run->addresses.addresses[run->address]);
    drop_connection(run);
    run->address++;
    if (run->address < run->addresses.count && !run->entry->shown.sru)
        begin_connecting(run);
    else
        fail_locally(run, explain_refusal(run));
}

static bool rebuild_query(run *run)
{
    recto_error error;
    buffer_clear(&run->pqf);
    if (query_build(&run->pqf, run->entry, run->query, run->fallback, run->alternate, &error) != RECTO_OK) {
        fail_with(run, &error);
        return false;
    }
    run->status.query = buffer_string(&run->pqf);
    return true;
}

/* The next fallback that changes anything; false: none is left. */
static bool fall_back(run *run)
{
    char *before = strdup(buffer_string(&run->pqf));
    bool changed = false;
    while (before != NULL && !changed && run->fallback < FALLBACK_COUNT - 1 && !run->entry->shown.sru) {
        run->fallback++;
        if (!rebuild_query(run))
            break;
        changed = strcmp(before, buffer_string(&run->pqf)) != 0;
    }
    free(before);
    return changed;
}

static const char *syntax_of(const run *run)
{
    static const char *const fallbacks[SYNTAXES] = { NULL, "usmarc", "xml" };
    return run->syntax == 0 ? run->entry->shown.syntax : fallbacks[run->syntax];
}

static bool next_syntax(run *run)
{
    const char *refused = syntax_of(run);
    while (!run->entry->shown.sru && run->syntax + 1 < SYNTAXES) {
        run->syntax++;
        if (strcmp(refused, syntax_of(run)) != 0)
            return true;
    }
    return false;
}

static void connect_anew(run *run)
{
    drop_connection(run);
    begin_resolving(run);
}

static bool try_otherwise(run *run, const diagnostic *found)
{
    bool lost = found->set == SET_ZOOM && (found->code == ZOOM_ERROR_CONNECTION_LOST || found->code == ZOOM_ERROR_DECODE);
    if (run->phase == PHASE_CONNECTING && found->set == SET_ZOOM && found->code == ZOOM_ERROR_CONNECT)
        try_next_address(run);
    else if (run->reused && lost) { /* the session had gone stale: nobody needs to know */
        run->reused = false;
        connect_anew(run);
    } else if (diagnostic_is_attribute(found) && run->phase == PHASE_SEARCHING && fall_back(run))
        begin_searching(run);
    else if (diagnostic_is_syntax(found) && next_syntax(run))
        begin_searching(run);
    else if (diagnostic_is_lost_result(found) && !run->asked_again) {
        run->asked_again = true;
        begin_searching(run);
    } else
        return false;
    return true;
}

static void handle_failure(run *run, const diagnostic *found)
{
    if (try_otherwise(run, found))
        return;
    if (diagnostic_is_partial(found)) {
        run->status.hits = (int64_t)ZOOM_resultset_size(run->result);
        collect(run);
        tell_failure(run, *found);
        finish(run, EXTERNAL_DONE);
    } else if (found->set == SET_BIB1 && found->code == 13 && run->phase == PHASE_FETCHING) {
        finish(run, EXTERNAL_DONE); /* out of range: the end of the list */
    } else {
        fail(run, *found);
    }
}

/* ---- phases ---- */

static void phase_done(run *run)
{
    int64_t hits = run->phase == PHASE_CONNECTING ? 0 : (int64_t)ZOOM_resultset_size(run->result);
    if (run->phase == PHASE_CONNECTING) {
        begin_searching(run);
        return;
    }
    if (hits < 0) {
        fail_locally(run, LOCAL_NOT_THE_PROTOCOL);
        return;
    }
    if (run->phase == PHASE_SEARCHING) {
        query_learn(run->entry, run->query, run->fallback);
        run->status.hits = hits;
    }
    if (run->phase == PHASE_SEARCHING && hits == 0 && !run->alternate && query_has_alternate(run->entry, run->query)) {
        run->alternate = true;
        if (rebuild_query(run))
            begin_searching(run);
        return;
    }
    collect(run);
    if (more_to_come(run) && run->hit_count > run->phase_first)
        begin_fetching(run);
    else
        finish(run, EXTERNAL_DONE);
}

static void note_events(run *run)
{
    while (ZOOM_connection_process(run->connection)) {
        if (ZOOM_connection_last_event(run->connection) == ZOOM_EVENT_RECV_APDU && run->phase != PHASE_CONNECTING)
            run->phase_ms = recto_clock_monotonic_ms(); /* it answers: the limit is on silence, and on the whole */
    }
    if (!relay_attach(&run->relay, run->connection, !run->entry->shown.sru))
        ZOOM_connection_close(run->connection); /* without a limit on what comes it is not used */
    relay_send(run->relay);
}

/* Lets ZOOM do what it can without waiting, then looks at the error before anything else. */
static void drive(run *run)
{
    const char *words = NULL, *detail = NULL, *set = NULL;
    note_events(run);
    int code = ZOOM_connection_error_x(run->connection, &words, &detail, &set);
    if (code == ZOOM_ERROR_DECODE && relay_ended(run->relay)) /* YAZ decodes the half that came, and blames its form */
        code = ZOOM_ERROR_CONNECTION_LOST;
    if (code != 0) {
        char *copy = strdup(detail == NULL ? "" : detail); /* the connection may go before the sentence is written */
        diagnostic found = { .set = diagnostic_set_named(set), .code = code, .detail = copy };
        handle_failure(run, &found);
        free(copy);
    } else if (ZOOM_connection_is_idle(run->connection)) {
        phase_done(run);
    } else if (run->result != NULL && run->phase != PHASE_CONNECTING && (int64_t)ZOOM_resultset_size(run->result) > 0) {
        if (run->phase == PHASE_SEARCHING)
            run->status.hits = (int64_t)ZOOM_resultset_size(run->result);
        collect(run);
    }
}

static void enter(run *run, run_phase phase, external_state state)
{
    run->phase = phase;
    run->status.state = state;
    run->phase_ms = recto_clock_monotonic_ms();
    run->phase_first = run->hit_count;
}

static void begin_resolving(run *run)
{
    recto_error error;
    enter(run, PHASE_RESOLVING, EXTERNAL_CONNECTING);
    run->address = 0;
    run->connect_errno = 0;
    if (resolver_new(&run->resolver, run->entry->shown.host, run->entry->shown.port, &error) != RECTO_OK)
        fail_with(run, &error);
}

static void set_options(run *run)
{
    char number[32];
    ZOOM_connection connection = run->connection;
    const target_entry *entry = run->entry;
    ZOOM_connection_option_set(connection, "async", "1");
    ZOOM_connection_option_set(connection, "implementationName", "Recto");
    ZOOM_connection_option_set(connection, "databaseName", entry->shown.database);
    ZOOM_connection_option_set(connection, "piggyback", entry->piggyback ? "1" : "0");
    ZOOM_connection_option_set(connection, "user", entry->user);
    ZOOM_connection_option_set(connection, "password", entry->password);
    ZOOM_connection_option_set(connection, "charset", entry->negotiate);
    snprintf(number, sizeof number, "%zu", entry->message_bytes);
    ZOOM_connection_option_set(connection, "preferredMessageSize", number);
    snprintf(number, sizeof number, "%zu", entry->answer_bytes);
    ZOOM_connection_option_set(connection, "maximumRecordSize", number);
    if (entry->shown.sru) {
        ZOOM_connection_option_set(connection, "sru", "get");
        ZOOM_connection_option_set(connection, "sru_version", entry->sru_version);
        ZOOM_connection_option_set(connection, "schema", "marcxml");
    }
}

static void begin_connecting(run *run)
{
    char address[512];
    const target *shown = &run->entry->shown;
    run->phase = PHASE_CONNECTING; /* the limit runs since resolving began: one for all addresses */
    run->connection = ZOOM_connection_create(NULL);
    set_options(run);
    if (shown->sru)
        snprintf(address, sizeof address, "%s:%d/%s", shown->host, shown->port, shown->database);
    else
        snprintf(address, sizeof address, "%s", run->addresses.addresses[run->address].text);
    ZOOM_connection_connect(run->connection, address, 0);
    drive(run);
}

static ZOOM_query make_query(run *run)
{
    ZOOM_query query = ZOOM_query_create();
    int failed = run->entry->shown.sru ? ZOOM_query_cql(query, buffer_string(&run->pqf))
                                       : ZOOM_query_prefix(query, buffer_string(&run->pqf));
    if (failed == 0)
        return query;
    ZOOM_query_destroy(query);
    return NULL;
}

static void begin_searching(run *run)
{
    char number[32];
    enter(run, PHASE_SEARCHING, EXTERNAL_SEARCHING);
    ZOOM_resultset_destroy(run->result);
    run->result = NULL;
    ZOOM_query query = make_query(run);
    if (query == NULL) {
        fail_locally(run, ZOOM_ERROR_INVALID_QUERY);
        return;
    }
    ZOOM_connection_option_set(run->connection, "preferredRecordSyntax", syntax_of(run));
    snprintf(number, sizeof number, "%zu", run->hit_count);
    ZOOM_connection_option_set(run->connection, "start", number);
    snprintf(number, sizeof number, "%zu", run->wanted - run->hit_count);
    ZOOM_connection_option_set(run->connection, "count", number);
    relay_ask(run->relay);
    run->result = ZOOM_connection_search(run->connection, query);
    ZOOM_query_destroy(query);
    drive(run);
}

static void begin_fetching(run *run)
{
    enter(run, PHASE_FETCHING, EXTERNAL_FETCHING);
    relay_ask(run->relay);
    ZOOM_resultset_option_set(run->result, "preferredRecordSyntax", syntax_of(run));
    ZOOM_resultset_records(run->result, NULL, run->hit_count, run->wanted - run->hit_count);
    drive(run);
}

/* ---- the caller's side ---- */

recto_status run_init(run *run, target_entry *entry, const external_query *query, size_t page, recto_error *error)
{
    (void)error;
    memset(run, 0, sizeof *run);
    run->entry = entry;
    run->query = query;
    run->page = page > 0 ? page : entry->page_size;
    run->wanted = run->page < RECORDS_MAX ? run->page : RECORDS_MAX;
    run->status.target = &entry->shown;
    run->status.hits = -1;
    run->status.query = "";
    run->phase = PHASE_IDLE;
    buffer_init(&run->pqf, 64 * 1024);
    return RECTO_OK;
}

void search_run_release(run *run)
{
    bool sound = run->connection != NULL && run->phase == PHASE_IDLE && ZOOM_connection_is_idle(run->connection);
    ZOOM_resultset_destroy(run->result);
    if (sound)
        target_session_keep(run->entry, run->connection, run->relay, recto_clock_monotonic_ms());
    else {
        ZOOM_connection_destroy(run->connection);
        relay_free(run->relay);
    }
    resolver_free(run->resolver);
    run_free_hits(run);
    buffer_release(&run->pqf);
}

void run_start(run *run)
{
    run->started_ms = recto_clock_monotonic_ms();
    run->reused = false;
    if (run->status.query[0] == '\0' && !rebuild_query(run))
        return;
    if (run->entry->shown.needs_password && run->entry->user == NULL) {
        fail_locally(run, LOCAL_NO_ACCOUNT);
        return;
    }
    run->connection = target_session_take(run->entry, run->started_ms, &run->relay);
    if (run->connection == NULL) {
        begin_resolving(run);
        return;
    }
    run->reused = true;
    begin_searching(run);
}

bool run_busy(const run *run)
{
    return run->phase != PHASE_IDLE;
}

static int64_t limit_of(const run *run, int *seconds)
{
    bool connecting = run->phase == PHASE_RESOLVING || run->phase == PHASE_CONNECTING;
    int64_t whole = run->started_ms + run->entry->total_seconds * INT64_C(1000);
    *seconds = connecting ? run->entry->connect_seconds : run->entry->answer_seconds;
    int64_t until = run->phase_ms + *seconds * INT64_C(1000);
    if (whole < until) {
        *seconds = run->entry->total_seconds;
        until = whole;
    }
    return until;
}

void run_wanted(const run *run, struct pollfd *out, int64_t *until_ms)
{
    int seconds = 0;
    *out = (struct pollfd){ .fd = -1 };
    *until_ms = limit_of(run, &seconds);
    if (run->phase == PHASE_RESOLVING && run->resolver != NULL) {
        out->fd = resolver_descriptor(run->resolver);
        out->events = POLLIN;
    } else if (run->relay != NULL) {
        out->fd = relay_descriptor(run->relay);
        out->events = (short)(POLLIN | (relay_has_more(run->relay) ? POLLOUT : 0));
    } else if (run->connection != NULL) {
        int mask = ZOOM_connection_get_mask(run->connection);
        out->fd = mask == 0 ? -1 : ZOOM_connection_get_socket(run->connection);
        out->events = (short)((mask & ZOOM_SELECT_READ ? POLLIN : 0) | (mask & ZOOM_SELECT_WRITE ? POLLOUT : 0));
    }
}

/* A refused connection is seen here, with its reason, before YAZ takes the reason away. */
static bool connect_refused(run *run, short events)
{
    int reason = 0;
    socklen_t length = sizeof reason;
    if (run->phase != PHASE_CONNECTING || run->entry->shown.sru || (events & (POLLERR | POLLHUP)) == 0)
        return false;
    if (getsockopt(ZOOM_connection_get_socket(run->connection), SOL_SOCKET, SO_ERROR, &reason, &length) != 0 || reason == 0)
        return false;
    run->connect_errno = reason;
    if (explain_refusal(run) == ZOOM_ERROR_CONNECT)
        return false;
    try_next_address(run);
    return true;
}

/* While connecting the socket is YAZ's own; from then on there is the relay. */
static void pass_events(run *run, short events)
{
    int mask = (events & (POLLIN | POLLERR | POLLHUP) ? ZOOM_SELECT_READ : 0) | (events & POLLOUT ? ZOOM_SELECT_WRITE : 0);
    if (run->relay != NULL) {
        if ((events & POLLOUT) != 0)
            relay_send(run->relay);
        relay_verdict verdict = (mask & ZOOM_SELECT_READ) == 0
                                    ? RELAY_OK
                                    : relay_receive(run->relay, run->entry->answer_bytes, run->phase == PHASE_CONNECTING);
        if (verdict != RELAY_OK) {
            fail_locally(run, verdict == RELAY_TOO_MUCH ? LOCAL_TOO_MUCH : LOCAL_NOT_THE_PROTOCOL);
            return;
        }
        mask &= ZOOM_SELECT_READ;
    } else if (connect_refused(run, events)) {
        return;
    }
    ZOOM_connection_fire_event_socket(run->connection, mask);
    drive(run);
}

static void take_addresses(run *run)
{
    run->addresses = *resolver_result(run->resolver);
    resolver_free(run->resolver);
    run->resolver = NULL;
    if (run->addresses.count == 0)
        fail_locally(run, LOCAL_NAME_NOT_FOUND);
    else
        begin_connecting(run);
}

static void check_limit(run *run)
{
    int seconds = 0;
    if (run_busy(run) && recto_clock_monotonic_ms() >= limit_of(run, &seconds))
        fail(run, (diagnostic){ .set = SET_ZOOM, .code = ZOOM_ERROR_TIMEOUT, .seconds = seconds });
}

bool run_step(run *run, short events)
{
    external_state state = run->status.state;
    int64_t hits = run->status.hits;
    size_t fetched = run->status.fetched;
    if (run->phase == PHASE_RESOLVING) {
        if (resolver_done(run->resolver))
            take_addresses(run);
    } else if (events != 0 && run->connection != NULL) {
        pass_events(run, events);
    }
    check_limit(run);
    if (run_busy(run))
        run->status.elapsed_ms = recto_clock_monotonic_ms() - run->started_ms;
    return state != run->status.state || hits != run->status.hits || fetched != run->status.fetched || !run_busy(run);
}

void run_stop(run *run)
{
    if (!run_busy(run))
        return;
    drop_connection(run);
    finish(run, EXTERNAL_STOPPED);
}

void run_more(run *run, size_t more)
{
    size_t room = RECORDS_MAX - run->hit_count;
    run->wanted = run->hit_count + (more < room ? more : room);
    if (run_busy(run) || run->status.hits < 0 || !more_to_come(run))
        return;
    run->status.failure[0] = '\0';
    run->status.diagnostic = 0;
    run->asked_again = false;
    if (run->connection != NULL && run->result != NULL) {
        run->started_ms = recto_clock_monotonic_ms();
        run->reused = true; /* a session that has gone stale meanwhile is made anew */
        begin_fetching(run);
    } else {
        run_start(run);
    }
}
