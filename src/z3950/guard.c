/* src/z3950/guard.c - limits on what a target sends.
 *
 * YAZ 5.34 takes up to 128 MB a message and gives no way to say less through ZOOM (RL-114); and it stops the whole program
 * (an assertion) when a target sends an Init response in the middle of a session. So before YAZ reads, the head of each
 * message is peeked at: its claimed length and its tag; and the bytes received since the question are counted by the kernel. */
#include "guard.h"
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

enum { HEAD_BYTES = 12, INIT_RESPONSE = 0xB5 /* context tag 21, constructed */, STATE_CLOSE_WAIT = 8 /* of TCP: the end came */ };

typedef struct stream_facts {
    uint64_t received, read; /* bytes since the connection was made: by the kernel, and by YAZ */
} stream_facts;

/* Bytes may arrive between two questions to the kernel: the answer counts only when nothing did. */
static bool stream_look(int descriptor, stream_facts *out)
{
    for (int attempt = 0; attempt < 4; attempt++) {
        struct tcp_info facts = { 0 };
        socklen_t length = sizeof facts;
        int before = 0, after = 0;
        if (ioctl(descriptor, FIONREAD, &before) != 0 || getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &facts, &length) != 0
            || length < offsetof(struct tcp_info, tcpi_bytes_received) + sizeof facts.tcpi_bytes_received
            || ioctl(descriptor, FIONREAD, &after) != 0)
            return false; /* an old kernel, or not TCP: YAZ's own limit remains */
        if (before != after)
            continue;
        out->received = facts.tcpi_bytes_received - (facts.tcpi_state == STATE_CLOSE_WAIT ? 1 : 0);
        out->read = out->received - (uint64_t)after;
        return true;
    }
    return false;
}

void guard_connected(guard *guard)
{
    guard->answer_start = guard->next_message = guard->received = 0;
}

void guard_ask(guard *guard, int descriptor)
{
    stream_facts stream;
    if (descriptor < 0 || !stream_look(descriptor, &stream))
        return;
    guard->answer_start = stream.received;
    if (guard->next_message == UINT64_MAX && stream.read == stream.received)
        guard->next_message = stream.received;
}

/* Length of a BER message by its first bytes; 0: of indefinite length, or not all of the head has come. */
static uint64_t message_length(const unsigned char *head, size_t count)
{
    size_t at = 1;
    if (count < 2)
        return 0;
    if ((head[0] & 0x1F) == 0x1F) { /* tag in more bytes */
        while (at < count && (head[at] & 0x80) != 0)
            at++;
        at++;
    }
    if (at >= count || head[at] == 0x80)
        return 0;
    if (head[at] < 0x80)
        return at + 1 + head[at];
    size_t digits = head[at] & 0x7F;
    uint64_t length = 0;
    if (digits > 7)
        return UINT64_MAX / 2;
    if (at + digits >= count)
        return 0;
    for (size_t i = 1; i <= digits; i++)
        length = length << 8 | head[at + i];
    return at + 1 + digits + length;
}

static guard_verdict look_at_head(guard *guard, int descriptor, size_t limit, bool opening)
{
    unsigned char head[HEAD_BYTES];
    ssize_t count = recv(descriptor, head, sizeof head, MSG_PEEK | MSG_DONTWAIT);
    if (count <= 0)
        return GUARD_OK; /* closed: YAZ will see it */
    if (head[0] == INIT_RESPONSE && !opening)
        return GUARD_NOT_THE_PROTOCOL;
    uint64_t length = message_length(head, (size_t)count);
    if (length > limit)
        return opening ? GUARD_NOT_THE_PROTOCOL : GUARD_TOO_MUCH;
    guard->next_message = length == 0 ? UINT64_MAX : guard->next_message + length;
    return GUARD_OK;
}

guard_verdict guard_look(guard *guard, int descriptor, size_t limit, bool z3950, bool opening)
{
    stream_facts stream;
    if (!stream_look(descriptor, &stream)) {
        guard->next_message = UINT64_MAX;
        return GUARD_OK;
    }
    guard->received = stream.received;
    if (stream.received < guard->answer_start) /* SRU: YAZ has connected anew */
        guard->answer_start = 0;
    if (stream.received - guard->answer_start > limit)
        return GUARD_TOO_MUCH;
    if (!z3950 || guard->next_message == UINT64_MAX)
        return GUARD_OK;
    if (stream.read > guard->next_message)
        return GUARD_NOT_THE_PROTOCOL; /* a message nobody asked for lies behind the last one */
    if (stream.read == guard->next_message)
        return look_at_head(guard, descriptor, limit, opening);
    return GUARD_OK;
}

bool guard_cut_off(const guard *guard)
{
    return guard->next_message != UINT64_MAX && guard->received < guard->next_message;
}
