/* src/service/gateway_sockets.c - listening sockets, our own or the service manager's; connections as the gateway wants them. */
#include "gateway_sockets.h"

#include "ports.h"
#include "recto/base/text.h"
#include "recto/service/gateway.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PASSED_FIRST = 3, CHECK_MS = 5000 };

/* ---- listening ---- */

static int port_of(int descriptor)
{
    struct sockaddr_in6 bound = { .sin6_port = 0 }; /* the port stands at the same place in both families */
    socklen_t length = sizeof bound;
    return getsockname(descriptor, (struct sockaddr *)&bound, &length) == 0 ? ntohs(bound.sin6_port) : 0;
}

/* systemd's convention: LISTEN_PID is us, LISTEN_FDS counts descriptors from 3 on. */
static size_t passed_sockets(void)
{
    const char *process = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    int64_t pid = 0, number = 0;
    if (process == NULL || count == NULL || !text_to_integer(text_from(process), &pid) || pid != getpid() ||
        !text_to_integer(text_from(count), &number) || number < 1)
        return 0;
    return number > LISTENERS_MOST ? LISTENERS_MOST : (size_t)number;
}

static recto_status take_passed(gateway_listeners *out, size_t count, recto_error *error)
{
    for (size_t i = 0; i < count; i++) {
        int descriptor = PASSED_FIRST + (int)i, listening = 0;
        socklen_t length = sizeof listening;
        if (getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) != 0 || listening == 0)
            return recto_fail(error, RECTO_EINVALID, NULL, "check the socket unit", "descriptor %d is no listening socket",
                              descriptor);
        fcntl(descriptor, F_SETFD, FD_CLOEXEC);
        fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
        out->descriptors[out->count++] = descriptor;
    }
    out->passed = true;
    out->port = port_of(out->descriptors[0]);
    snprintf(out->address, sizeof out->address, "the service manager's sockets");
    return RECTO_OK;
}

static recto_status listen_on(gateway_listeners *out, text address, int port, recto_error *error)
{
    char name[128];
    int chosen = 0;
    if (address.length >= sizeof name || out->count == LISTENERS_MOST)
        return recto_fail(error, RECTO_EINVALID, NULL, NULL, "too many addresses to listen on, or too long a one");
    memcpy(name, address.bytes, address.length);
    name[address.length] = '\0';
    recto_status status = port_listen(&out->descriptors[out->count], &chosen, name, out->port != 0 ? out->port : port, error);
    if (status != RECTO_OK)
        return status;
    size_t length = strlen(out->address);
    snprintf(out->address + length, sizeof out->address - length, "%s%s", length > 0 ? ", " : "", name);
    out->count++;
    out->port = chosen;
    return RECTO_OK;
}

recto_status gateway_listen(gateway_listeners *out, const char *list, int port, recto_error *error)
{
    text rest = text_from(list);
    size_t passed = passed_sockets();
    recto_status status = RECTO_OK;
    *out = (gateway_listeners){ .count = 0 };
    if (passed > 0)
        return take_passed(out, passed, error);
    while (status == RECTO_OK && rest.bytes != NULL) {
        text address = text_trim(text_next_field(&rest, ','));
        if (address.length > 0)
            status = listen_on(out, address, port, error);
    }
    if (status == RECTO_OK && out->count == 0)
        status = recto_fail(error, RECTO_EINVALID, NULL, "give --listen an address", "no address to listen on");
    if (status != RECTO_OK)
        gateway_listeners_close(out);
    return status;
}

void gateway_listeners_close(gateway_listeners *listeners)
{
    for (size_t i = 0; i < listeners->count; i++)
        close(listeners->descriptors[i]);
    listeners->count = 0;
}

/* ---- who could reach it ---- */

static bool in_block(const unsigned char *address, const unsigned char *block, int bits)
{
    int whole = bits / 8, rest = bits % 8;
    return memcmp(address, block, (size_t)whole) == 0 &&
           (rest == 0 || ((address[whole] ^ block[whole]) & (0xFF << (8 - rest)) & 0xFF) == 0);
}

static bool is_private(const char *address)
{
    static const struct {
        int family, bits;
        unsigned char block[16];
    } blocks[] = {
        { AF_INET, 8, { 127 } },       { AF_INET, 8, { 10 } },           { AF_INET, 12, { 172, 16 } },
        { AF_INET, 16, { 192, 168 } }, { AF_INET, 16, { 169, 254 } },    { AF_INET, 10, { 100, 64 } },
        { AF_INET6, 7, { 0xFC } },     { AF_INET6, 10, { 0xFE, 0x80 } }, { AF_INET6, 128, { [15] = 1 } },
    };
    unsigned char binary[16] = { 0 };
    int family = inet_pton(AF_INET, address, binary) == 1    ? AF_INET
                 : inet_pton(AF_INET6, address, binary) == 1 ? AF_INET6
                                                             : AF_UNSPEC;
    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
        if (blocks[i].family == family && in_block(binary, blocks[i].block, blocks[i].bits))
            return true;
    return strcmp(address, "localhost") == 0;
}

bool gateway_is_public(const char *list)
{
    text rest = text_from(list);
    while (rest.bytes != NULL) {
        char name[128] = "";
        text address = text_trim(text_next_field(&rest, ','));
        if (address.length > 0 && address.length < sizeof name)
            memcpy(name, address.bytes, address.length);
        if (address.length > 0 && !is_private(name))
            return true;
    }
    return false;
}

/* ---- connections ---- */

int gateway_accept(int listener, char peer[static PEER_LENGTH])
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    int yes = 1, descriptor = accept4(listener, (struct sockaddr *)&address, &length, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (descriptor < 0)
        return -1;
    setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (getnameinfo((const struct sockaddr *)&address, length, peer, PEER_LENGTH, NULL, 0, NI_NUMERICHOST) != 0)
        snprintf(peer, PEER_LENGTH, "unknown");
    if (strncmp(peer, "::ffff:", 7) == 0 && strchr(peer, '.') != NULL)
        memmove(peer, peer + 7, strlen(peer + 7) + 1);
    return descriptor;
}

/* ---- is one there? (GW-78) ---- */

static int connect_to(const struct addrinfo *at, int *reason)
{
    int failure = 0, descriptor = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    socklen_t length = sizeof failure;
    struct pollfd polled = { .fd = descriptor, .events = POLLOUT };
    if (descriptor < 0) {
        *reason = errno;
        return -1;
    }
    if (connect(descriptor, at->ai_addr, at->ai_addrlen) != 0 && errno != EINPROGRESS)
        failure = errno;
    else if (poll(&polled, 1, CHECK_MS) <= 0)
        failure = ETIMEDOUT;
    else
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &length);
    if (failure == 0)
        return descriptor;
    *reason = failure;
    close(descriptor);
    return -1;
}

recto_status service_gateway_check(const char *address, int port, recto_error *error)
{
    char service[16], where[160];
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM }, *found = NULL;
    int reason = 0, descriptor = -1;
    address = address == NULL ? "127.0.0.1" : address;
    snprintf(service, sizeof service, "%d", port);
    snprintf(where, sizeof where, "%.120s:%d", address, port);
    if (getaddrinfo(address, service, &hints, &found) != 0)
        return recto_fail(error, RECTO_EINVALID, where, NULL, "no such address");
    for (struct addrinfo *at = found; at != NULL && descriptor < 0; at = at->ai_next)
        descriptor = connect_to(at, &reason);
    freeaddrinfo(found);
    if (descriptor < 0)
        return recto_fail(error, RECTO_ENETWORK, where, "start it: recto serve gateway", "no gateway answers: %s",
                          strerror(reason));
    close(descriptor);
    return RECTO_OK;
}
