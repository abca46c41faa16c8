/* tests/tools/connexion_client.c - a Connexion client of our own: for tests, for benches, and by hand against any gateway.
 *
 *   connexion_client [OPTION]... [FILE]...       records in ISO 2709; without a file, standard input
 *
 *   --host H --port N                where (127.0.0.1, 5500)
 *   --logon A --password P --user U  what the header says; what is not given is not sent
 *   --form desktop|web               one-byte or decimal lengths
 *   --filler                         blanks between the fields
 *   --header each|once|none          on a kept connection: before each record (each)
 *   --permanent                      all records on one connection; else one each
 *   --ahead N                        on a kept connection, send N records before the first reply is read
 *   --cut N --pause MS               segments of N bytes, with a pause between them
 *   --every-cut                      each record once for each byte, cut there
 *   --nul                            NUL after the last record
 *   --reset header|half|record       reset the connection there; no reply is read
 *   --stop BYTES                     close in order after so many bytes of the request
 *   --raw                            send the files' bytes as they are, once, without header
 *   --connections N                  so many at once, each with all the records
 *   --repeat N                       all records so many times
 *   --wait MS                        for a reply (90000)
 *   --quiet                          no replies, only the summary
 *   --times                          summary: records, seconds, records a second, p50, p95, p99, most
 *
 * Prints each reply, its further lines indented. Exit status: 0 every reply was a success, 1 one was not, 5 one did not come. */
#include "support/connexion.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RECORD_END = 0x1D, REPLY = 4096, HEADER = 1200, REQUEST_MOST = 1 << 24 };
static const char success[] = "The record has been processed successfully.";

typedef struct client {
    const char *host, *header, *reset;
    connexion_logon logon;
    long port, ahead, cut, pause, stop, connections, repeat, wait;
    bool permanent, every_cut, nul, raw, quiet, times;
    char *bytes; /* all files */
    size_t length;
    const char **records;
    size_t *lengths, record_count;
    double *taken;
    size_t taken_count, taken_capacity;
    int worst;
} client;

static _Noreturn void give_up(const char *what, const char *value)
{
    fprintf(stderr, "connexion_client: %s%s%s\n", what, value == NULL ? "" : ": ", value == NULL ? "" : value);
    exit(2);
}

/* ---- options and files ---- */

typedef struct option {
    const char *name;
    size_t at;
    enum { FLAG, NUMBER, WORD } kind;
} option;

#define AT(field) offsetof(client, field)
static const option options[] = {
    { "--host", AT(host), WORD },
    { "--port", AT(port), NUMBER },
    { "--logon", AT(logon.logon), WORD },
    { "--password", AT(logon.password), WORD },
    { "--user", AT(logon.user), WORD },
    { "--filler", AT(logon.filler), FLAG },
    { "--header", AT(header), WORD },
    { "--permanent", AT(permanent), FLAG },
    { "--ahead", AT(ahead), NUMBER },
    { "--cut", AT(cut), NUMBER },
    { "--pause", AT(pause), NUMBER },
    { "--every-cut", AT(every_cut), FLAG },
    { "--nul", AT(nul), FLAG },
    { "--reset", AT(reset), WORD },
    { "--stop", AT(stop), NUMBER },
    { "--raw", AT(raw), FLAG },
    { "--connections", AT(connections), NUMBER },
    { "--repeat", AT(repeat), NUMBER },
    { "--wait", AT(wait), NUMBER },
    { "--quiet", AT(quiet), FLAG },
    { "--times", AT(times), FLAG },
};

static int read_option(client *client, int argc, char **argv, int at)
{
    if (strcmp(argv[at], "--form") == 0 && at + 1 < argc) {
        client->logon.form = strcmp(argv[at + 1], "web") == 0 ? CONNEXION_WEB : CONNEXION_DESKTOP;
        return at + 2;
    }
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        char *place = (char *)client + options[i].at;
        if (strcmp(argv[at], options[i].name) != 0)
            continue;
        if (options[i].kind == FLAG) {
            *(bool *)place = true;
            return at + 1;
        }
        if (at + 1 == argc)
            give_up("this option takes a value", argv[at]);
        if (options[i].kind == WORD)
            *(const char **)place = argv[at + 1];
        else
            *(long *)place = strtol(argv[at + 1], NULL, 10);
        return at + 2;
    }
    give_up("no such option", argv[at]);
}

static void read_file(client *client, FILE *file)
{
    size_t got;
    do {
        client->bytes = realloc(client->bytes, client->length + 65536);
        if (client->bytes == NULL)
            give_up("no memory", NULL);
        got = fread(client->bytes + client->length, 1, 65536, file);
        client->length += got;
    } while (got > 0);
}

static void read_files(client *client, int argc, char **argv, int at)
{
    if (at == argc)
        read_file(client, stdin);
    for (; at < argc; at++) {
        FILE *file = fopen(argv[at], "rb");
        if (file == NULL)
            give_up(argv[at], strerror(errno));
        read_file(client, file);
        fclose(file);
    }
}

/* Records end with 0x1D; line ends between them, as some files have, are left out. */
static void split_records(client *client)
{
    size_t begin = 0, capacity = 0;
    for (size_t i = 0; i < client->length; i++) {
        if (i == begin && (client->bytes[i] == '\n' || client->bytes[i] == '\r')) {
            begin++;
            continue;
        }
        if (client->bytes[i] != RECORD_END)
            continue;
        if (client->record_count == capacity) {
            capacity = capacity * 2 + 64;
            client->records = realloc(client->records, capacity * sizeof *client->records);
            client->lengths = realloc(client->lengths, capacity * sizeof *client->lengths);
            if (client->records == NULL || client->lengths == NULL)
                give_up("no memory", NULL);
        }
        client->records[client->record_count] = client->bytes + begin;
        client->lengths[client->record_count++] = i + 1 - begin;
        begin = i + 1;
    }
}

/* ---- replies ---- */

static void worse(client *client, int status)
{
    client->worst = status > client->worst ? status : client->worst;
}

static void print_reply(const client *client, const char *reply, ssize_t length)
{
    if (client->quiet)
        return;
    if (length < 0) {
        puts(length == -2 ? "(no reply in time)" : length == -1 ? "(closed without a reply)" : "(closed within a reply)");
        return;
    }
    for (ssize_t i = 0; i < length; i++) {
        putchar(reply[i]);
        if (reply[i] == '\n' && i + 1 < length)
            fputs("    ", stdout);
    }
    fflush(stdout);
}

static void take_time(client *client, double milliseconds)
{
    if (client->taken_count == client->taken_capacity) {
        client->taken_capacity = client->taken_capacity * 2 + 1024;
        client->taken = realloc(client->taken, client->taken_capacity * sizeof *client->taken);
        if (client->taken == NULL)
            give_up("no memory", NULL);
    }
    client->taken[client->taken_count++] = milliseconds;
}

static bool take_reply(client *client, int connection, double begun)
{
    char reply[REPLY];
    ssize_t length = connexion_reply(connection, reply, sizeof reply - 1, (int)client->wait);
    take_time(client, connexion_now_ms() - begun);
    print_reply(client, reply, length);
    if (length < 0)
        worse(client, 5);
    else if (strncmp(reply, success, sizeof success - 1) != 0)
        worse(client, 1);
    return length >= 0;
}

/* ---- requests ---- */

static int open_connection(client *client)
{
    int connection = connexion_connect(client->host, (int)client->port);
    if (connection < 0) {
        if (!client->quiet)
            puts("(connection refused)");
        worse(client, 5);
    }
    return connection;
}

static size_t make_request(const client *client, char *out, size_t record, bool with_header)
{
    size_t length = with_header ? connexion_header(out, HEADER, &client->logon) : 0;
    memcpy(out + length, client->records[record], client->lengths[record]);
    return length + client->lengths[record];
}

static bool send_request(const client *client, int connection, const char *request, size_t length)
{
    return connexion_send(connection, request, length, (size_t)client->cut, (int)client->pause);
}

/* How many bytes go before a reset: the header, half the record, or all. */
static size_t reset_point(const client *client, size_t length, size_t record)
{
    size_t header = length - client->lengths[record];
    if (strcmp(client->reset, "header") == 0)
        return header;
    return strcmp(client->reset, "half") == 0 ? header + client->lengths[record] / 2 : length;
}

static void send_alone(client *client, char *request, size_t record, size_t cut)
{
    int connection = open_connection(client);
    size_t length = make_request(client, request, record, strcmp(client->header, "none") != 0);
    double begun = connexion_now_ms();
    if (connection < 0)
        return;
    if (client->nul)
        request[length++] = '\0';
    if (client->reset != NULL) {
        send_request(client, connection, request, reset_point(client, length, record));
        connexion_reset(connection);
        return;
    }
    if (client->stop > 0) {
        send_request(client, connection, request, (size_t)client->stop < length ? (size_t)client->stop : length);
        shutdown(connection, SHUT_WR);
    } else if (cut > 0) {
        connexion_send(connection, request, cut, 0, 0);
        usleep(200);
        connexion_send(connection, request + cut, length - cut, 0, 0);
    } else {
        send_request(client, connection, request, length);
    }
    take_reply(client, connection, begun);
    close(connection);
}

static void send_each_alone(client *client, char *request)
{
    for (size_t i = 0; i < client->record_count; i++) {
        size_t cuts = client->every_cut ? make_request(client, request, i, strcmp(client->header, "none") != 0) : 1;
        for (size_t cut = 0; cut < cuts; cut++)
            send_alone(client, request, i, cut);
    }
}

/* On one connection, at most `ahead` records before their replies. */
static void send_on_one(client *client, char *request, int connection, size_t total)
{
    size_t sent = 0, answered = 0, window = client->ahead > 1 ? (size_t)client->ahead : 1;
    double *begun = calloc(window, sizeof *begun);
    if (begun == NULL)
        give_up("no memory", NULL);
    while (answered < total) {
        while (sent < total && sent - answered < window) {
            bool with_header = strcmp(client->header, "each") == 0 || (strcmp(client->header, "once") == 0 && sent == 0);
            size_t length = make_request(client, request, sent % client->record_count, with_header);
            if (client->nul && sent + 1 == total)
                request[length++] = '\0';
            begun[sent % window] = connexion_now_ms();
            if (!send_request(client, connection, request, length))
                break;
            sent++;
        }
        if (!take_reply(client, connection, begun[answered % window]))
            break;
        answered++;
    }
    free(begun);
}

static void send_raw(client *client)
{
    int connection = open_connection(client);
    double begun = connexion_now_ms();
    if (connection < 0)
        return;
    send_request(client, connection, client->bytes, client->length);
    if (client->stop != 0)
        shutdown(connection, SHUT_WR);
    take_reply(client, connection, begun);
    close(connection);
}

static void run(client *client)
{
    char *request = malloc(HEADER + REQUEST_MOST);
    if (request == NULL)
        give_up("no memory", NULL);
    if (client->raw) {
        send_raw(client);
    } else if (client->permanent) {
        int connection = open_connection(client);
        if (connection >= 0) {
            send_on_one(client, request, connection, client->record_count * (size_t)client->repeat);
            close(connection);
        }
    } else {
        for (long i = 0; i < client->repeat; i++)
            send_each_alone(client, request);
    }
    free(request);
}

/* ---- the summary ---- */

static int by_size(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;
    return one < other ? -1 : one > other;
}

static void print_times(client *client, double seconds)
{
    size_t count = client->taken_count;
    if (count == 0)
        return;
    qsort(client->taken, count, sizeof *client->taken, by_size);
    printf("%zu records in %.3f s: %.0f a second; reply p50 %.3f ms, p95 %.3f ms, p99 %.3f ms, most %.3f ms\n", count, seconds,
           (double)count / seconds, client->taken[count / 2], client->taken[count * 95 / 100], client->taken[count * 99 / 100],
           client->taken[count - 1]);
}

static int run_children(client *client)
{
    int worst = 0;
    for (long i = 0; i < client->connections; i++) {
        fflush(stdout);
        if (fork() == 0) {
            run(client);
            fflush(stdout);
            _exit(client->worst);
        }
    }
    for (int status; wait(&status) > 0;)
        if (!WIFEXITED(status) || WEXITSTATUS(status) > worst)
            worst = WIFEXITED(status) ? WEXITSTATUS(status) : 5;
    return worst;
}

int main(int argc, char **argv)
{
    client client = { .host = "127.0.0.1", .port = 5500, .header = "each", .repeat = 1, .wait = 90000, .connections = 1 };
    int at = 1;
    while (at < argc && strncmp(argv[at], "--", 2) == 0)
        at = read_option(&client, argc, argv, at);
    read_files(&client, argc, argv, at);
    split_records(&client);
    if (!client.raw && client.record_count == 0)
        give_up("no record ends with 0x1D", NULL);
    double begun = connexion_now_ms();
    if (client.connections > 1)
        client.worst = run_children(&client);
    else
        run(&client);
    if (client.times)
        print_times(&client, (connexion_now_ms() - begun) / 1000);
    free(client.bytes);
    free((void *)client.records);
    free(client.lengths);
    free(client.taken);
    return client.worst;
}
