/* src/z3950/relay.c - between a target and YAZ.
 *
 * Three things YAZ 5.34 does not offer through ZOOM: a limit on an answer (it takes 128 MB, RL-114); a bound on the time of
 * one read (it reads for as long as a fast sender sends, and looks through all it has at every 4 KB); and safety against a
 * target that sends an Init response in the middle of a session (an assertion ends the program). So YAZ's descriptor is made
 * to lead to one end of a socket pair; we hold the other end and the real socket, and pass bytes on a piece at a time, with
 * the borders of the protocol's messages (BER) followed as they go by. */
#include "relay.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PIECE = 16 * 1024, DEPTH_MAX = 64, UNSENT_MAX = 4 * 1024 * 1024, INIT_RESPONSE = 0xB5, CLOSE_FIRST = 0xBF };

/* Where in the nested lengths of a message we are. */
typedef struct message_scan {
    enum { AT_TAG, IN_TAG, AT_LENGTH, IN_LENGTH, IN_CONTENT } where;
    int depth;       /* of elements whose end is marked, not counted */
    bool inside;     /* a message has begun and not ended */
    bool zero_tag;   /* the tag just read was 0: with length 0 an end mark */
    int length_left; /* bytes of the length still to come */
    uint64_t length;
} message_scan;

struct relay {
    int target, yaz; /* the real socket; our end of the pair */
    bool z3950, ended, closing;
    uint64_t answer; /* bytes since the question */
    buffer unsent;
    message_scan scan;
};

/* ---- BER ---- */

static void element_ended(message_scan *scan)
{
    scan->where = AT_TAG;
    scan->inside = scan->depth > 0;
}

static bool length_known(message_scan *scan)
{
    if (scan->length > 0) {
        scan->where = IN_CONTENT;
        return true;
    }
    if (scan->zero_tag && scan->depth > 0)
        scan->depth--;
    element_ended(scan);
    return true;
}

static bool take_length(message_scan *scan, unsigned char byte)
{
    scan->length = 0;
    if (byte == 0x80) { /* the end will be marked */
        scan->where = AT_TAG;
        return ++scan->depth <= DEPTH_MAX;
    }
    if (byte < 0x80) {
        scan->length = byte;
        return length_known(scan);
    }
    scan->length_left = byte & 0x7F;
    scan->where = IN_LENGTH;
    return scan->length_left <= 7;
}

/* One byte of a head. @return false: this is no BER */
static bool take_head(message_scan *scan, unsigned char byte)
{
    switch (scan->where) {
    case AT_TAG:
        scan->inside = true;
        scan->zero_tag = byte == 0;
        scan->where = (byte & 0x1F) == 0x1F ? IN_TAG : AT_LENGTH;
        return true;
    case IN_TAG:
        scan->where = (byte & 0x80) != 0 ? IN_TAG : AT_LENGTH;
        return true;
    case AT_LENGTH:
        return take_length(scan, byte);
    default:
        scan->length = scan->length << 8 | byte;
        return --scan->length_left > 0 || length_known(scan);
    }
}

/* At most `count` bytes, up to the end of a message. @return how many; 0: this is no BER */
static size_t scan_message(message_scan *scan, const unsigned char *bytes, size_t count)
{
    size_t at = 0;
    while (at < count) {
        if (scan->where == IN_CONTENT) {
            size_t skip = scan->length < count - at ? (size_t)scan->length : count - at;
            scan->length -= skip;
            at += skip;
            if (scan->length == 0)
                element_ended(scan);
        } else if (!take_head(scan, bytes[at++])) {
            return 0;
        }
        if (!scan->inside)
            break;
    }
    return at;
}

/* Follows a piece through the messages it holds. Answers come one at a time: behind one only a Close may follow. */
static relay_verdict look_through(relay *relay, const unsigned char *bytes, size_t *count, size_t limit, bool opening)
{
    for (size_t at = 0; at < *count;) {
        if (!relay->scan.inside && at > 0) {
            if (bytes[at] != CLOSE_FIRST)
                return RELAY_NOT_THE_PROTOCOL;
            relay->closing = true;
            *count = at;
            return RELAY_OK;
        }
        if (!relay->scan.inside && bytes[at] == INIT_RESPONSE && !opening)
            return RELAY_NOT_THE_PROTOCOL;
        size_t taken = scan_message(&relay->scan, bytes + at, *count - at);
        if (taken == 0)
            return RELAY_NOT_THE_PROTOCOL;
        if (relay->scan.where == IN_CONTENT && relay->scan.length > limit)
            return opening ? RELAY_NOT_THE_PROTOCOL : RELAY_TOO_MUCH; /* a claim is enough (RL-118) */
        at += taken;
    }
    return RELAY_OK;
}

/* ---- taking over ---- */

static bool is_connected_tcp(int descriptor)
{
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    int domain = 0;
    if (descriptor < 0 || getpeername(descriptor, (struct sockaddr *)&peer, &length) != 0)
        return false; /* YAZ's own resolver pipe, or not connected yet */
    length = sizeof domain;
    return getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 && domain != AF_UNIX;
}

static bool take_over(relay *relay, int descriptor)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) != 0)
        return false;
    relay->yaz = pair[0];
    relay->target = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    bool good = relay->target >= 0 && fcntl(relay->target, F_SETFL, O_NONBLOCK) == 0 && dup3(pair[1], descriptor, O_CLOEXEC) >= 0;
    close(pair[1]);
    return good;
}

static void close_both(relay *relay)
{
    if (relay->yaz >= 0)
        close(relay->yaz);
    if (relay->target >= 0)
        close(relay->target);
    relay->yaz = relay->target = -1;
}

bool relay_attach(relay **place, ZOOM_connection connection, bool z3950)
{
    int descriptor = ZOOM_connection_get_socket(connection);
    /* while it waits to write, YAZ has yet to hear that the connection stands */
    if (!is_connected_tcp(descriptor) || (ZOOM_connection_get_mask(connection) & ZOOM_SELECT_WRITE) != 0)
        return true;
    relay_free(*place); /* SRU: YAZ has connected anew */
    *place = calloc(1, sizeof **place);
    if (*place == NULL)
        return false;
    buffer_init(&(*place)->unsent, UNSENT_MAX);
    (*place)->target = (*place)->yaz = -1;
    (*place)->z3950 = z3950;
    return take_over(*place, descriptor);
}

void relay_free(relay *relay)
{
    if (relay == NULL)
        return;
    close_both(relay);
    buffer_release(&relay->unsent);
    free(relay);
}

int relay_descriptor(const relay *relay)
{
    return relay->target;
}

bool relay_has_more(const relay *relay)
{
    return relay->unsent.length > 0;
}

bool relay_ended(const relay *relay)
{
    return relay != NULL && relay->ended;
}

void relay_ask(relay *relay)
{
    if (relay != NULL)
        relay->answer = 0;
}

/* ---- passing on ---- */

static void collect_from_yaz(relay *relay)
{
    ssize_t got = 0;
    do {
        char *room = buffer_reserve(&relay->unsent, PIECE);
        got = room == NULL ? 0 : recv(relay->yaz, room, PIECE, 0);
        if (got > 0)
            buffer_grow(&relay->unsent, (size_t)got);
    } while (got > 0);
}

void relay_send(relay *relay)
{
    if (relay == NULL)
        return;
    collect_from_yaz(relay);
    while (relay->unsent.length > 0) {
        ssize_t sent = send(relay->target, relay->unsent.bytes, relay->unsent.length, MSG_NOSIGNAL);
        if (sent < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (sent < 0) { /* closed: reading will tell */
            buffer_clear(&relay->unsent);
            return;
        }
        memmove(relay->unsent.bytes, relay->unsent.bytes + sent, relay->unsent.length - (size_t)sent);
        relay->unsent.length -= (size_t)sent;
    }
}

static void end_of_stream(relay *relay)
{
    relay->ended = true;
    shutdown(relay->yaz, SHUT_WR);
}

/* A web server's answer is no BER; YAZ knows it, and its first line is all we want of it. */
static bool is_http(const relay *relay, const char *piece, size_t count)
{
    return !relay->z3950 || (!relay->scan.inside && count >= 4 && memcmp(piece, "HTTP", 4) == 0);
}

relay_verdict relay_receive(relay *relay, size_t answer_limit, bool opening)
{
    char piece[PIECE];
    ssize_t got = recv(relay->target, piece, sizeof piece, 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return RELAY_OK;
    if (got <= 0) {
        end_of_stream(relay);
        return RELAY_OK;
    }
    size_t count = (size_t)got;
    relay->answer += count;
    if (relay->answer > answer_limit)
        return RELAY_TOO_MUCH;
    if (!is_http(relay, piece, count)) {
        relay_verdict verdict = look_through(relay, (const unsigned char *)piece, &count, answer_limit, opening);
        if (verdict != RELAY_OK)
            return verdict;
    }
    if (send(relay->yaz, piece, count, MSG_NOSIGNAL) != (ssize_t)count)
        return RELAY_TOO_MUCH; /* YAZ has stopped reading */
    if (relay->closing)
        end_of_stream(relay);
    return RELAY_OK;
}
