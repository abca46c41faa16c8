/* src/marc/scan.c - see scan.h. */
#include "scan.h"
#include "recto/base/utf8.h"

static const char marc8_escape = 0x1B;

size_t scan_plain(const char *bytes, size_t length)
{
    size_t at = 0;
    for (; at + SCAN_CHUNK <= length; at += SCAN_CHUNK) {
        scan_chunk chunk = scan_load(bytes + at);
        uint64_t special = scan_answer(scan_either(chunk, scan_equal(chunk, marc8_escape)));
        if (special != 0)
            return at + scan_first(special);
    }
    while (at < length && (unsigned char)bytes[at] < 0x80 && bytes[at] != marc8_escape)
        at++;
    return at;
}

static size_t ascii_run(const char *bytes, size_t length)
{
    size_t at = 0;
    for (; at + SCAN_CHUNK <= length; at += SCAN_CHUNK) {
        uint64_t high = scan_answer(scan_load(bytes + at));
        if (high != 0)
            return at + scan_first(high);
    }
    while (at < length && (unsigned char)bytes[at] < 0x80)
        at++;
    return at;
}

size_t scan_utf8(const char *bytes, size_t length)
{
    size_t at = 0;
    while ((at += ascii_run(bytes + at, length - at)) < length) {
        int32_t code = 0;
        do { /* such letters seldom come alone */
            size_t used = utf8_decode(bytes + at, length - at, &code);
            if (code < 0)
                return at;
            at += used;
        } while (at < length && (unsigned char)bytes[at] >= 0x80);
    }
    return at;
}
