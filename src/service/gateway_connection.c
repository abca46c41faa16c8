/* src/service/gateway_connection.c - one connection, from its first byte to the end of its draining.
 *
 * Once a complete record has been read a reply always leaves (GW-39), and our side never closes before the peer has had time to
 * read it (GW-40). Nothing here waits: whoever is not ready is asked again by the loop, or by its time limit (GW-41). */
#include "gateway_server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { OUT_MOST = 24 * 1024, AHEAD = 16, OVERTIME_MS = 20 * 1000 };

gateway_connection *connection_new(gateway_server *server, int descriptor, const char *peer)
{
    gateway_connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL)
        return NULL;
    connection->descriptor = descriptor;
    connection->number = ++server->connection_number;
    connection->opened = connection->last_byte = connection->phase_began = connection->since = server->now;
    connection->wants_proxy = proxy_trusted(server->settings.proxies, peer);
    memcpy(connection->peer, peer, strnlen(peer, sizeof connection->peer - 1));
    frame_init(&connection->frame, server->settings.limits.record_bytes);
    connection->frame.knows = server->corridor->knows;
    connection->frame.knows_context = server->corridor->context;
    buffer_init(&connection->out, OUT_MOST);
    return connection;
}

void connection_free(gateway_connection *connection)
{
    if (connection == NULL)
        return;
    close(connection->descriptor);
    frame_release(&connection->frame);
    buffer_release(&connection->out);
    free(connection);
}

static void set_state(gateway_server *server, gateway_connection *connection, connection_state state)
{
    server->waiting += state == CONNECTION_WAITING;
    server->waiting -= connection->state == CONNECTION_WAITING;
    connection->state = state;
    connection->since = server->now;
}

/* ---- writing ---- */

static bool is_unsent(const gateway_connection *connection)
{
    return connection->sent < connection->out.length;
}

/* All is sent: shut our side and let the peer end. */
static void drain(gateway_server *server, gateway_connection *connection)
{
    if (connection->ended || shutdown(connection->descriptor, SHUT_WR) != 0)
        set_state(server, connection, CONNECTION_CLOSED);
    else
        set_state(server, connection, CONNECTION_DRAINING);
}

static void lose(gateway_server *server, gateway_connection *connection, const char *detail)
{
    gateway_tell_connection(server, connection, "reply_not_delivered", detail);
    set_state(server, connection, CONNECTION_CLOSED);
}

static void flush(gateway_server *server, gateway_connection *connection)
{
    while (is_unsent(connection)) {
        ssize_t sent = send(connection->descriptor, connection->out.bytes + connection->sent,
                            connection->out.length - connection->sent, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0) {
            lose(server, connection, strerror(errno));
            return;
        }
        connection->sent += (size_t)sent;
    }
    buffer_clear(&connection->out);
    connection->sent = 0;
    if (connection->state == CONNECTION_CLOSING)
        drain(server, connection);
}

static void close_in_order(gateway_server *server, gateway_connection *connection)
{
    set_state(server, connection, CONNECTION_CLOSING);
    flush(server, connection);
}

static void reply(gateway_server *server, gateway_connection *connection, const char *words)
{
    gateway_reply_append(&connection->out, words);
    connection->replied = true;
    connection->since = server->now;
    flush(server, connection);
}

void connection_refuse(gateway_server *server, gateway_connection *connection, gateway_words words)
{
    gateway_note_fault(server, connection, words);
    gateway_reply_append(&connection->out, words.line);
    close_in_order(server, connection);
}

/* ---- records ---- */

/* GW-59 for those who have guessed too often: their record is not worked on. */
static bool refuse_guesser(gateway_server *server, gateway_connection *connection)
{
    text logon = frame_logon(&connection->frame);
    if (!gateway_guard_refuses(server->guard, connection->peer, logon, server->now))
        return false;
    connection_refuse(server, connection, gateway_rate_words());
    return true;
}

/* @return false: there is no room for it, or no memory, which is *told */
static bool offer(bool *told, gateway_server *server, gateway_connection *connection)
{
    gateway_request request = connection_request(connection);
    gateway_job *job = gateway_job_new(&request);
    *told = job == NULL;
    if (job == NULL) {
        gateway_tell_connection(server, connection, "no_memory", NULL);
        return false;
    }
    job->kind = JOB_RECORD;
    job->serial = server->serial + 1;
    if (!gateway_work_offer(server->work, job)) {
        gateway_job_free(job);
        return false;
    }
    connection->serial = ++server->serial;
    connection->in_work++;
    return true;
}

static bool read_piece(gateway_server *server, gateway_connection *connection);

/* Records that stand behind the one in work go with it, and are saved together with it. Nobody's who may be guessing. */
static void take_ahead(gateway_server *server, gateway_connection *connection)
{
    bool told, tried = false;
    while (connection->state == CONNECTION_WORKING && connection->proven && connection->in_work < AHEAD && server->waiting == 0 &&
           connection->held == FRAME_MORE && gateway_work_has_room(server->work)) {
        frame_event event = frame_next(&connection->frame, connection->ended);
        if (event == FRAME_MORE && !tried && !connection->ended && frame_where(&connection->frame) != FRAME_NOTHING) {
            tried = true;
            (void)read_piece(server, connection);
            continue;
        }
        if (event == FRAME_MORE)
            return;
        connection->records += event == FRAME_RECORD;
        if (event != FRAME_RECORD || !offer(&told, server, connection))
            connection->held = event;
    }
}

void connection_submit(gateway_server *server, gateway_connection *connection)
{
    bool told;
    if (offer(&told, server, connection)) {
        int64_t complete = connection->since; /* the limit counts from the complete record, waiting included */
        set_state(server, connection, CONNECTION_WORKING);
        connection->since = complete;
        take_ahead(server, connection);
    } else if (told) {
        reply(server, connection, gateway_busy_words().line);
        if (connection->state != CONNECTION_CLOSED)
            set_state(server, connection, CONNECTION_READING);
    }
}

static void take_record(gateway_server *server, gateway_connection *connection, bool counted)
{
    bool others_wait = server->waiting > 0;
    connection->records += !counted;
    if (refuse_guesser(server, connection))
        return;
    set_state(server, connection, CONNECTION_WAITING);
    connection->ready_order = ++server->ready_order;
    if (!others_wait)
        connection_submit(server, connection);
}

/* ---- reading ---- */

static bool feed(gateway_server *server, gateway_connection *connection, const void *bytes, size_t length)
{
    if (frame_feed(&connection->frame, bytes, length))
        return true;
    gateway_tell_connection(server, connection, "no_memory", NULL);
    gateway_reply_append(&connection->out, gateway_busy_words().line);
    close_in_order(server, connection);
    return false;
}

/* The proxy's line comes before all else. */
static bool feed_proxy(gateway_server *server, gateway_connection *connection, const char *bytes, size_t length)
{
    size_t room = sizeof connection->proxy_line - connection->proxy_length, more = length < room ? length : room, used = 0;
    char peer[PROXY_ADDRESS];
    memcpy(connection->proxy_line + connection->proxy_length, bytes, more);
    memcpy(peer, connection->peer, sizeof peer);
    connection->proxy_length += more;
    switch (proxy_read(peer, &used, text_of(connection->proxy_line, connection->proxy_length))) {
    case PROXY_MORE:
        return true;
    case PROXY_BAD:
        gateway_tell_connection(server, connection, "proxy_line_missing", "the peer is configured as a proxy");
        connection_refuse(server, connection, gateway_fault_words(FRAME_UNREADABLE));
        return false;
    case PROXY_DONE:
        break;
    }
    size_t of_these = used - (connection->proxy_length - more);
    connection->wants_proxy = false;
    memcpy(connection->peer, peer, sizeof connection->peer);
    return feed(server, connection, bytes + of_these, length - of_these);
}

/* One piece. @return false: nothing more now */
static bool read_piece(gateway_server *server, gateway_connection *connection)
{
    size_t room = connection->wants_proxy ? PROXY_LINE_MOST : frame_room(&connection->frame);
    ssize_t got = recv(connection->descriptor, server->scratch, room < SCRATCH ? room : SCRATCH, 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        return false;
    if (got <= 0) {
        connection->ended = true;
        connection->broken = got < 0;
        return true;
    }
    connection->last_byte = server->now;
    return connection->wants_proxy ? feed_proxy(server, connection, (const char *)server->scratch, (size_t)got)
                                   : feed(server, connection, server->scratch, (size_t)got);
}

static void see_phase(gateway_server *server, gateway_connection *connection)
{
    frame_phase phase = frame_where(&connection->frame);
    if (phase != connection->phase)
        connection->phase_began = connection->last_byte = server->now;
    connection->phase = phase;
}

/* Does what the bytes at hand ask for, until they ask for more, or a record is in work. */
static void advance(gateway_server *server, gateway_connection *connection)
{
    while (connection->state == CONNECTION_READING && !is_unsent(connection)) {
        const bool held = connection->held != FRAME_MORE;
        const frame_event event = held ? connection->held : frame_next(&connection->frame, connection->ended);
        connection->held = FRAME_MORE;
        switch (event) {
        case FRAME_MORE:
            see_phase(server, connection);
            return;
        case FRAME_RECORD:
            connection->phase = FRAME_NOTHING;
            take_record(server, connection, held);
            break;
        case FRAME_FAULT:
            connection_refuse(server, connection, gateway_fault_words(connection->frame.fault));
            break;
        case FRAME_END:
            close_in_order(server, connection);
            break;
        }
    }
}

/* When the service stops, what has come is read to its end, and then the connection is closed. */
static void advance_to_stop(gateway_server *server, gateway_connection *connection)
{
    advance(server, connection);
    while (connection->state == CONNECTION_READING && !is_unsent(connection) && read_piece(server, connection))
        advance(server, connection);
    if (connection->state == CONNECTION_READING && !is_unsent(connection) && connection->phase == FRAME_NOTHING)
        close_in_order(server, connection);
}

static void go_on(gateway_server *server, gateway_connection *connection)
{
    if (server->stopping)
        advance_to_stop(server, connection);
    else
        advance(server, connection);
}

void connection_stop(gateway_server *server, gateway_connection *connection)
{
    if (connection->state == CONNECTION_READING)
        advance_to_stop(server, connection);
}

static void drop_rest(gateway_server *server, gateway_connection *connection)
{
    ssize_t got = recv(connection->descriptor, server->scratch, SCRATCH, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR))
        set_state(server, connection, CONNECTION_CLOSED);
}

void connection_ready(gateway_server *server, gateway_connection *connection)
{
    if (connection->state == CONNECTION_DRAINING) {
        drop_rest(server, connection);
    } else if (is_unsent(connection)) {
        flush(server, connection);
        go_on(server, connection);
    } else if (connection->state == CONNECTION_READING && read_piece(server, connection)) {
        go_on(server, connection);
    }
}

/* ---- answers ---- */

void connection_answer(gateway_server *server, gateway_connection *connection, const gateway_job *job)
{
    const gateway_outcome *outcome = &job->outcome;
    int delay = gateway_guard_answered(server->guard, connection->peer, job->request.logon, outcome->logon_failed, server->now);
    connection->permanent = outcome->permanent;
    connection->proven = !outcome->logon_failed;
    connection->in_work--;
    gateway_reply_append(&connection->out, outcome->reply);
    if (delay > 0)
        connection->due = (connection->due > server->now ? connection->due : server->now) + delay;
    if (connection->in_work > 0)
        return;
    connection->overtime = false;
    if (connection->due > server->now) {
        set_state(server, connection, CONNECTION_DELAYED);
        return;
    }
    connection->due = 0;
    set_state(server, connection, CONNECTION_READING);
    connection->replied = true;
    flush(server, connection);
    go_on(server, connection);
}

void connection_send(gateway_server *server, gateway_connection *connection)
{
    if (connection->state == CONNECTION_WORKING && connection->due <= server->now)
        flush(server, connection);
}

bool connection_awaits(const gateway_connection *connection, uint64_t serial)
{
    return serial <= connection->serial && serial + connection->in_work > connection->serial;
}

/* ---- time ---- */

short connection_events(const gateway_connection *connection)
{
    switch (connection->state) {
    case CONNECTION_READING:
        return is_unsent(connection) ? POLLOUT : connection->paused ? 0 : POLLIN;
    case CONNECTION_CLOSING:
        return POLLOUT;
    case CONNECTION_DRAINING:
        return POLLIN;
    default:
        return 0;
    }
}

static int64_t reading_deadline(const gateway_server *server, const gateway_connection *connection)
{
    const service_gateway_limits *limits = &server->settings.limits;
    int64_t silence, whole;
    if (is_unsent(connection))
        return connection->since + limits->idle;
    switch (connection->phase) {
    case FRAME_IN_HEADER:
        return connection->phase_began + limits->header_to_record;
    case FRAME_IN_RECORD:
        silence = connection->last_byte + limits->silence;
        whole = connection->phase_began + limits->record;
        return silence < whole ? silence : whole;
    default:
        if (!connection->replied)
            return connection->opened + limits->first_byte;
        return connection->since + (connection->permanent ? limits->idle_permanent : limits->idle);
    }
}

int64_t connection_deadline(const gateway_server *server, const gateway_connection *connection)
{
    const service_gateway_limits *limits = &server->settings.limits;
    int64_t deadline;
    switch (connection->state) {
    case CONNECTION_READING:
        deadline = reading_deadline(server, connection);
        return server->stopping && deadline > server->stop_at + GRACE_MS ? server->stop_at + GRACE_MS : deadline;
    case CONNECTION_WAITING:
    case CONNECTION_WORKING:
        return connection->since + limits->reply + (connection->overtime ? OVERTIME_MS : 0);
    case CONNECTION_DELAYED:
        return connection->due;
    default:
        return connection->since + limits->drain;
    }
}

/* All that can still be given up. @return how many are being made final, and will be answered truly */
static size_t cancel_work(gateway_server *server, gateway_connection *connection)
{
    size_t final = 0;
    for (size_t i = 0; i < connection->in_work; i++)
        final += !gateway_work_cancel(server->work, connection->serial - i);
    return final;
}

/* GW-41: the client waits 90 s and no longer. What is not final is taken back. A save that is being made final at this moment, in
 * a disk that does not answer, gets a little longer: the truth is better than a refusal of what is then saved. After that it is
 * found by the replay guard when it is sent again. */
static void give_up(gateway_server *server, gateway_connection *connection)
{
    if (connection->state == CONNECTION_WORKING && !connection->overtime && cancel_work(server, connection) > 0) {
        connection->overtime = true;
        return;
    }
    gateway_tell_connection(server, connection, "gave_up",
                            connection->overtime ? "the repository is still at work on it" : "nothing of it is saved");
    size_t replies = connection->state == CONNECTION_WORKING ? connection->in_work : 1;
    connection->in_work = 0;
    connection->overtime = false;
    set_state(server, connection, CONNECTION_READING);
    for (size_t i = 1; i < replies; i++)
        gateway_reply_append(&connection->out, gateway_busy_words().line);
    reply(server, connection, gateway_busy_words().line);
    go_on(server, connection);
}

static void reading_timeout(gateway_server *server, gateway_connection *connection)
{
    if (is_unsent(connection))
        lose(server, connection, "the peer does not read");
    else if (connection->phase == FRAME_NOTHING && connection->replied)
        close_in_order(server, connection);
    else if (server->stopping)
        connection_refuse(server, connection, gateway_busy_words());
    else
        connection_refuse(server, connection,
                          gateway_fault_words(connection->phase == FRAME_IN_RECORD ? FRAME_INCOMPLETE : FRAME_NO_RECORD));
}

void connection_timeout(gateway_server *server, gateway_connection *connection)
{
    switch (connection->state) {
    case CONNECTION_READING:
        reading_timeout(server, connection);
        break;
    case CONNECTION_WAITING:
    case CONNECTION_WORKING:
        give_up(server, connection);
        break;
    case CONNECTION_DELAYED:
        connection->due = 0;
        set_state(server, connection, CONNECTION_READING);
        connection->replied = true;
        flush(server, connection);
        go_on(server, connection);
        break;
    default:
        set_state(server, connection, CONNECTION_CLOSED);
        break;
    }
}
