/* src/service/gateway_proxy.c - the PROXY line: hostile until it has been read, and written anew from what was understood. */
#include "gateway_proxy.h"

#include <arpa/inet.h>
#include <string.h>

static bool copy_address(char out[static PROXY_ADDRESS], int family, text written)
{
    unsigned char binary[sizeof(struct in6_addr)];
    char terminated[PROXY_ADDRESS];
    if (written.length == 0 || written.length >= sizeof terminated)
        return false;
    memcpy(terminated, written.bytes, written.length);
    terminated[written.length] = '\0';
    return inet_pton(family, terminated, binary) == 1 && inet_ntop(family, binary, out, PROXY_ADDRESS) != NULL;
}

static proxy_result read_line(char peer[static PROXY_ADDRESS], text line)
{
    text rest = line;
    text_next_field(&rest, ' ');
    text kind = text_next_field(&rest, ' ');
    if (text_equal(kind, TEXT("UNKNOWN")))
        return PROXY_DONE;
    int family = text_equal(kind, TEXT("TCP4")) ? AF_INET : text_equal(kind, TEXT("TCP6")) ? AF_INET6 : AF_UNSPEC;
    if (family == AF_UNSPEC || !copy_address(peer, family, text_next_field(&rest, ' ')))
        return PROXY_BAD;
    return PROXY_DONE;
}

proxy_result proxy_read(char peer[static PROXY_ADDRESS], size_t *used, text bytes)
{
    text begin = TEXT("PROXY ");
    size_t shared = bytes.length < begin.length ? bytes.length : begin.length;
    if (shared > 0 && memcmp(bytes.bytes, begin.bytes, shared) != 0)
        return PROXY_BAD;
    const char *end = bytes.length == 0 ? NULL : memchr(bytes.bytes, '\n', bytes.length);
    if (end == NULL)
        return bytes.length < PROXY_LINE_MOST ? PROXY_MORE : PROXY_BAD;
    *used = (size_t)(end - bytes.bytes) + 1;
    if (*used > PROXY_LINE_MOST || *used < 2 || end[-1] != '\r')
        return PROXY_BAD;
    return read_line(peer, text_of(bytes.bytes, *used - 2));
}

bool proxy_trusted(const char *list, const char *peer)
{
    size_t length = strlen(peer);
    for (const char *at = list; *at != '\0';) {
        at += strspn(at, ", \t");
        size_t word = strcspn(at, ", \t");
        if (word == length && word > 0 && memcmp(at, peer, word) == 0)
            return true;
        at += word;
    }
    return false;
}
