/* src/service/ports.c - listening sockets, and the process that already has one. */
#include "ports.h"
#include "recto/base/text.h"
#include <dirent.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LISTEN_STATE = 0x0A, BACKLOG = 128 };

/* ---- who has the port: the socket's inode in /proc/net, then the process that holds it ---- */

/* A line is "SLOT: LOCAL:PORT REMOTE:PORT STATE QUEUES TIMER RETRIES USER TIMEOUT INODE ...", numbers in hexadecimal but the
 * last. */
static bool parse_listener(const char *line, int port, unsigned long *inode)
{
    enum { LOCAL = 1, STATE = 3, INODE = 9 };
    text rest = text_trim(text_from(line)), word;
    for (int column = 0; column <= INODE && rest.bytes != NULL; column++) {
        word = text_next_field(&rest, ' ');
        rest = text_trim(rest);
        const char *colon = memchr(word.bytes, ':', word.length);
        if (column == LOCAL && (colon == NULL || strtol(colon + 1, NULL, 16) != port))
            return false;
        if (column == STATE && strtol(word.bytes, NULL, 16) != LISTEN_STATE)
            return false;
        if (column == INODE)
            *inode = strtoul(word.bytes, NULL, 10);
    }
    return *inode != 0;
}

static bool find_inode(const char *table, int port, unsigned long *inode)
{
    char line[512];
    bool found = false;
    FILE *file = fopen(table, "re");
    if (file == NULL)
        return false;
    while (!found && fgets(line, sizeof line, file) != NULL)
        found = parse_listener(line, port, inode);
    fclose(file);
    return found;
}

static bool holds_socket(const char *process, unsigned long inode)
{
    char path[64], link[300], target[64], wanted[64];
    bool holds = false;
    snprintf(path, sizeof path, "/proc/%.20s/fd", process);
    snprintf(wanted, sizeof wanted, "socket:[%lu]", inode);
    DIR *directory = opendir(path);
    if (directory == NULL)
        return false;
    for (struct dirent *entry; !holds && (entry = readdir(directory)) != NULL;) {
        snprintf(link, sizeof link, "%s/%.200s", path, entry->d_name);
        ssize_t length = readlink(link, target, sizeof target - 1);
        target[length > 0 ? length : 0] = '\0';
        holds = strcmp(target, wanted) == 0;
    }
    closedir(directory);
    return holds;
}

static void process_name(char *out, size_t capacity, const char *process)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%.20s/comm", process);
    FILE *file = fopen(path, "re");
    out[0] = '\0';
    if (file == NULL)
        return;
    if (fgets(out, (int)capacity, file) != NULL)
        out[strcspn(out, "\n")] = '\0';
    fclose(file);
}

static void describe_holder(char *out, size_t capacity, int port)
{
    unsigned long inode = 0;
    out[0] = '\0';
    if (!find_inode("/proc/net/tcp", port, &inode) && !find_inode("/proc/net/tcp6", port, &inode))
        return;
    DIR *processes = opendir("/proc");
    if (processes == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(processes)) != NULL;) {
        char name[64];
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || !holds_socket(entry->d_name, inode))
            continue;
        process_name(name, sizeof name, entry->d_name);
        snprintf(out, capacity, " (by PID %.20s, %.60s)", entry->d_name, name);
        break;
    }
    closedir(processes);
}

/* ---- listening ---- */

static recto_status refuse(int reason, const char *address, int port, recto_error *error)
{
    char holder[120], where[160];
    snprintf(where, sizeof where, "%.80s:%d", address, port);
    if (reason != EADDRINUSE)
        return recto_fail_system(error, reason, where, "cannot listen");
    describe_holder(holder, sizeof holder, port);
    return recto_fail(error, RECTO_EIO, NULL, "stop it, or choose another with --port", "port %d on %s is in use%s", port,
                      address, holder);
}

static int open_socket(const struct addrinfo *at, int *reason)
{
    int yes = 1, descriptor = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor >= 0 && setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        bind(descriptor, at->ai_addr, at->ai_addrlen) == 0 && listen(descriptor, BACKLOG) == 0)
        return descriptor;
    *reason = errno;
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}

static int port_of(int descriptor)
{
    struct sockaddr_in6 bound = { .sin6_port = 0 }; /* the port stands at the same place in both families */
    socklen_t length = sizeof bound;
    return getsockname(descriptor, (struct sockaddr *)&bound, &length) == 0 ? ntohs(bound.sin6_port) : 0;
}

recto_status port_listen(int *descriptor, int *chosen, const char *address, int port, recto_error *error)
{
    char service[16];
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *found = NULL;
    int reason = 0;
    *descriptor = -1;
    snprintf(service, sizeof service, "%d", port);
    if (getaddrinfo(address, service, &hints, &found) != 0)
        return recto_fail(error, RECTO_EINVALID, address, "give an address of this machine, or 0.0.0.0 for all",
                          "no such address to listen on");
    for (struct addrinfo *at = found; at != NULL && *descriptor < 0; at = at->ai_next)
        *descriptor = open_socket(at, &reason);
    freeaddrinfo(found);
    if (*descriptor < 0)
        return refuse(reason, address, port, error);
    *chosen = port_of(*descriptor);
    return RECTO_OK;
}
