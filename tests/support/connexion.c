/* tests/support/connexion.c - the bytes and manners of Connexion clients. */
#include "connexion.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static size_t put_field(char *out, size_t capacity, char tag, const char *value, const connexion_logon *logon)
{
    if (value == NULL)
        return 0;
    const char *gap = logon->filler ? " " : "";
    size_t length = strlen(value);
    int written = logon->form == CONNEXION_WEB
                      ? snprintf(out, capacity, "%s%c%zu%s%s", gap, tag, length, value, gap)
                      : snprintf(out, capacity, "%s%c%c%s%s", gap, tag, (char)(length + 0x40), value, gap);
    return written < 0 || (size_t)written >= capacity ? 0 : (size_t)written;
}

size_t connexion_header(char *out, size_t capacity, const connexion_logon *logon)
{
    size_t length = put_field(out, capacity, 'U', logon->user, logon);
    length += put_field(out + length, capacity - length, 'A', logon->logon, logon);
    return length + put_field(out + length, capacity - length, 'P', logon->password, logon);
}

int connexion_connect(const char *host, int port)
{
    char service[16];
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *found = NULL;
    int yes = 1, connection = -1;
    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(host, service, &hints, &found) != 0)
        return -1;
    for (struct addrinfo *at = found; at != NULL && connection < 0; at = at->ai_next) {
        connection = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connection >= 0 && connect(connection, at->ai_addr, at->ai_addrlen) != 0) {
            close(connection);
            connection = -1;
        }
    }
    freeaddrinfo(found);
    if (connection >= 0)
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return connection;
}

bool connexion_send(int connection, const char *bytes, size_t length, size_t cut, int pause_ms)
{
    for (size_t at = 0; at < length;) {
        size_t piece = cut == 0 || cut > length - at ? length - at : cut;
        ssize_t sent = send(connection, bytes + at, piece, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return false;
        at += (size_t)sent;
        if (pause_ms > 0 && at < length)
            poll(NULL, 0, pause_ms);
    }
    return true;
}

static bool wait_readable(int connection, double until)
{
    struct pollfd polled = { .fd = connection, .events = POLLIN };
    double left = until - connexion_now_ms();
    return poll(&polled, 1, left < 0 ? 0 : (int)left + 1) > 0;
}

/* Byte by byte behind a look, so that what belongs to the next reply stays in the socket. */
ssize_t connexion_reply(int connection, char *out, size_t capacity, int timeout_ms)
{
    double until = connexion_now_ms() + timeout_ms;
    size_t length = 0;
    for (;;) {
        if (!wait_readable(connection, until))
            return -2;
        ssize_t seen = recv(connection, out + length, capacity - length, MSG_PEEK);
        if (seen <= 0)
            return length == 0 ? -1 : -3;
        const char *end = memchr(out + length, '\0', (size_t)seen);
        size_t take = end == NULL ? (size_t)seen : (size_t)(end - (out + length)) + 1;
        if (recv(connection, out + length, take, 0) != (ssize_t)take)
            return -3;
        length += take;
        if (end != NULL)
            return (ssize_t)length - 1;
        if (length == capacity)
            return -3;
    }
}

bool connexion_is_closed(int connection, int timeout_ms)
{
    char byte;
    return wait_readable(connection, connexion_now_ms() + timeout_ms) && recv(connection, &byte, 1, 0) <= 0;
}

void connexion_reset(int connection)
{
    struct linger at_once = { .l_onoff = 1, .l_linger = 0 };
    setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close(connection);
}

double connexion_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}
