/* tests/service/gateway_frame_test.c - the bytes of Connexion clients: golden vectors, cuts at every byte, ambiguous lengths. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../src/service/gateway_frame.h"
#include "../src/service/gateway_guard.h"
#include "../src/service/gateway_proxy.h"
#include "../src/service/gateway_reply.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- streams ---- */

enum { RECORD = 60 };

/* A record of `length` bytes whose leader says `declared`. */
static size_t put_record(char *out, size_t length, unsigned declared)
{
    memset(out, 'x', length);
    char leader[32];
    snprintf(leader, sizeof leader, "%05ucam a2200037 i 4500", declared % 100000);
    memcpy(out, leader, length < 24 ? length : 24);
    out[length - 1] = 0x1D;
    return length;
}

typedef struct told { /* all that a stream was read as, in words: to be compared */
    char words[4096];
    size_t length;
} told;

static void tell(told *told, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(told->words + told->length, sizeof told->words - told->length, format, arguments);
    va_end(arguments);
    assert_true(length >= 0 && told->length + (size_t)length < sizeof told->words);
    told->length += (size_t)length;
}

static void tell_value(told *told, const char *name, text value)
{
    tell(told, " %s=", name);
    for (size_t i = 0; i < value.length; i++)
        tell(told, value.bytes[i] >= ' ' && value.bytes[i] <= '~' ? "%c" : "<%02x>", (unsigned char)value.bytes[i]);
}

static bool take_event(told *told, frame_reader *reader, bool ended)
{
    static const char *const faults[] = { "no record", "unreadable", "incomplete", "too long" };
    static const char *const forms[] = { "none", "one-byte", "decimal" };
    switch (frame_next(reader, ended)) {
    case FRAME_MORE:
        return false;
    case FRAME_RECORD:
        tell(told, "[record %zu %s", reader->record.length, forms[reader->form]);
        tell_value(told, "U", frame_user(reader));
        tell_value(told, "A", frame_logon(reader));
        tell_value(told, "P", frame_password(reader));
        tell(told, "%s%s]", reader->warning[0] == '\0' ? "" : " ", reader->warning);
        return true;
    case FRAME_FAULT:
        tell(told, "[%s%s%s]", faults[reader->fault], reader->spoke == NULL ? "" : " ",
             reader->spoke == NULL ? "" : reader->spoke);
        return false;
    default:
        tell(told, "[end]");
        return false;
    }
}

static bool is_over(const told *told)
{
    return strstr(told->words, "[end]") != NULL || strstr(told->words, "[no record") != NULL ||
           strstr(told->words, "[unreadable") != NULL || strstr(told->words, "[incomplete") != NULL ||
           strstr(told->words, "[too long") != NULL;
}

static bool (*knows)(void *context, text logon);

/* Feeds `bytes` in two parts, or with cut 0 one by one; then the end of the stream, unless `open`. */
static void read_stream(told *told, const char *bytes, size_t length, size_t cut, bool open)
{
    frame_reader reader;
    frame_init(&reader, 0);
    reader.knows = knows;
    memset(told, 0, sizeof *told);
    for (size_t at = 0, next; at < length && !is_over(told); at = next) {
        next = cut == 0 ? at + 1 : at < cut ? cut : length;
        next = next > length ? length : next;
        if (next - at > frame_room(&reader))
            next = at + frame_room(&reader);
        char *exact = malloc(next - at + (next == at)); /* of this size: a step beyond is seen */
        memcpy(exact, bytes + at, next - at);
        assert_true(frame_feed(&reader, exact, next - at));
        free(exact);
        while (take_event(told, &reader, false))
            ;
    }
    while (!open && !is_over(told) && take_event(told, &reader, true))
        ;
    frame_release(&reader);
}

/* Whole, cut at every byte, and byte by byte: always the same. */
static void expect(const char *bytes, size_t length, const char *wanted)
{
    told told;
    for (size_t cut = 0; cut <= length; cut++) {
        read_stream(&told, bytes, length, cut, false);
        if (strcmp(told.words, wanted) != 0)
            print_error("cut at %zu\n", cut);
        assert_string_equal(told.words, wanted);
    }
}

static void expect_header(const char *header, size_t length, const char *wanted)
{
    char stream[1400];
    assert_true(length + RECORD <= sizeof stream);
    memcpy(stream, header, length);
    expect(stream, length + put_record(stream + length, RECORD, RECORD), wanted);
}
#define HEADER(header, wanted) expect_header(header, sizeof header - 1, wanted)
#define STREAM(bytes, wanted)  expect(bytes, sizeof bytes - 1, wanted)

static void golden_vectors_are_read_however_cut(void **state)
{
    (void)state;
    HEADER("AO01CARLI_NETWORKPHalma1234", "[record 60 one-byte U= A=01CARLI_NETWORK P=alma1234][end]");
    HEADER("A1501CARLI_NETWORKP8alma1234", "[record 60 decimal U= A=01CARLI_NETWORK P=alma1234][end]");
    HEADER("A1501CARLI_NETWORKP0", "[record 60 decimal U= A=01CARLI_NETWORK P=][end]");
    HEADER(" UE100-1 AO01CARLI_NETWORK PHalma1234 ", "[record 60 one-byte U=100-1 A=01CARLI_NETWORK P=alma1234][end]");
    HEADER("\r\n\tAO01CARLI_NETWORK\r\nP@\t", "[record 60 one-byte U= A=01CARLI_NETWORK P=][end]");
    HEADER("", "[record 60 none U= A= P=][end]");
    HEADER("PHalma1234AO01CARLI_NETWORK", "[record 60 one-byte U= A=01CARLI_NETWORK P=alma1234][end]");
    HEADER("P8alma1234A1501CARLI_NETWORKU9100-1-234", "[record 60 decimal U=100-1-234 A=01CARLI_NETWORK P=alma1234][end]");
    HEADER("AM  01LIBRARY  PD p  ", "[record 60 one-byte U= A=01LIBRARY P= p  ][end]");
    HEADER("AG\xc3\xa9"
           "cole1P@",
           "[record 60 one-byte U= A=<c3><a9>cole1 P=][end]");
    HEADER("A7\xc3\xa9"
           "cole1P0",
           "[record 60 decimal U= A=<c3><a9>cole1 P=][end]");
    HEADER("AC1\0002PA%", "[record 60 one-byte U= A=1<00>2 P=%][end]");
    HEADER("AAxAAyPAz", "[record 60 one-byte U= A=y P=z A comes twice, the last one counts][end]");
}

/* "32" in place of "22", no base address: the record is odd, and its header is read all the same. */
static void odd_leaders_confirm_where_nothing_else_does(void **state)
{
    static const char *const leaders[] = { "00060nam0 32002171  45", "00060nam a22      i 4500" };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char stream[200];
        size_t length = (size_t)snprintf(stream, sizeof stream, "A1501CARLI_NETWORKP8alma1234");
        put_record(stream + length, RECORD, RECORD);
        memcpy(stream + length, leaders[i], strlen(leaders[i]));
        expect(stream, length + RECORD, "[record 60 decimal U= A=01CARLI_NETWORK P=alma1234][end]");
    }
}

static void values_of_all_lengths_in_both_forms(void **state)
{
    static const size_t lengths[] = { 0, 1, 63, 64, 127, 191 };
    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        for (int decimal = 0; decimal <= 1; decimal++) {
            char header[600], value[256] = "", wanted[700];
            for (size_t j = 0; j < lengths[i]; j++)
                value[j] = j < 9 ? (char)('0' + j) : (char)('a' + j % 26);
            int length =
                decimal ? snprintf(header, sizeof header, "A%zu%sP%zu%s", lengths[i], value, lengths[i], value)
                        : snprintf(header, sizeof header, "A%c%sP%c%s", (int)lengths[i] + 64, value, (int)lengths[i] + 64, value);
            snprintf(wanted, sizeof wanted, "[record 60 %s U= A=%s P=%s][end]", decimal ? "decimal" : "one-byte", value, value);
            expect_header(header, (size_t)length, wanted);
        }
    char longest[300] = "A255", wanted[400];
    memset(longest + 4, 'b', 255);
    snprintf(wanted, sizeof wanted, "[record 60 decimal U= A=%s P=][end]", longest + 4);
    expect_header(longest, 259, wanted);
}

static void records_follow_each_other(void **state)
{
    char stream[2000], *at = stream;
    (void)state;
    at += sprintf(at, "AO01CARLI_NETWORKPHalma1234");
    at += put_record(at, RECORD, RECORD);
    at += put_record(at, 40, 40);
    at += sprintf(at, "\r\nP3new");
    at += put_record(at, RECORD, RECORD);
    *at++ = '\0';
    *at++ = 'Z'; /* behind the end of transmission nothing is read */
    expect(stream, (size_t)(at - stream),
           "[record 60 one-byte U= A=01CARLI_NETWORK P=alma1234][record 40 one-byte U= A=01CARLI_NETWORK P=alma1234]"
           "[record 60 decimal U= A=01CARLI_NETWORK P=new][end]");
}

static void wrong_lengths_are_told(void **state)
{
    char stream[RECORD];
    (void)state;
    put_record(stream, RECORD, 560);
    expect(stream, RECORD, "[record 60 none U= A= P= leader says 560, record has 60][end]");
    put_record(stream, RECORD, 30);
    expect(stream, RECORD, "[record 60 none U= A= P= leader says 30, record has 60][end]");
    put_record(stream, RECORD, RECORD);
    expect(stream, RECORD - 1, "[incomplete]");
    expect(stream, 24, "[incomplete]");
    expect(stream, 3, "[incomplete]");
    stream[40] = '\0';
    expect(stream, RECORD, "[incomplete]");
}

static void hostile_streams_have_their_faults(void **state)
{
    (void)state;
    STREAM("", "[end]");
    STREAM(" \r\n", "[no record]");
    STREAM("\0", "[no record]");
    STREAM("AO01CARLI_NETWORK", "[no record]");
    STREAM("A1501CARLI_NETWORK", "[no record]");
    STREAM("A1501CARLI_NETWORKP8alma1234\0", "[no record]");
    STREAM("AO01CARLI_NETWORK\0", "[no record]");
    STREAM("A", "[unreadable]");
    STREAM("AO01", "[unreadable]");
    STREAM("A1501", "[incomplete]"); /* 5, and a leader begins */
    STREAM("A15x1", "[unreadable]");
    STREAM("A?x", "[unreadable]");
    STREAM("ABxxZ", "[unreadable]");
    STREAM("<?xml version", "[unreadable]");
    STREAM("0x1F2cam", "[unreadable]");
    STREAM("00000cam", "[unreadable]");
    STREAM("00025cam", "[unreadable]");
    STREAM("POST / HTTP/1.1\r\nHost: x\r\n\r\n", "[unreadable HTTP]");
    STREAM("A2560", "[incomplete]"); /* 56, and a leader begins */
    STREAM("A1aA1b00060cam a2200037 i 4500", "[unreadable]");
    told told;
    read_stream(&told, "GET / HTTP/1.0\r\n", 16, 16, true);
    assert_string_equal(told.words, "[unreadable HTTP]"); /* at once, and not at the end of the stream */
    read_stream(&told, "\x16\x03\x01\x02", 4, 4, true);
    assert_string_equal(told.words, "[unreadable TLS]");
    read_stream(&told, "SSH-2.0-x\r\n", 11, 11, true);
    assert_string_equal(told.words, "[unreadable SSH]");
    read_stream(&told, "A9not", 5, 5, true);
    assert_string_equal(told.words, ""); /* more may come */
}

static void headers_have_a_limit(void **state)
{
    char stream[4096], *at = stream;
    (void)state;
    for (int i = 0; i < 6; i++) {
        *at++ = "UAP"[i % 3], *at++ = (char)(64 + 180);
        memset(at, 'v', 180);
        at += 180;
    }
    expect(stream, (size_t)(at - stream), "[unreadable]");
    at = stream + sprintf(stream, "AAx");
    memset(at, ' ', 2000);
    expect(stream, 1100, "[unreadable]");
}

static void sizes_have_a_limit(void **state)
{
    static char stream[150000];
    told told;
    (void)state;
    put_record(stream, 99999, 99999);
    read_stream(&told, stream, 99999, 4096, false);
    assert_string_equal(told.words, "[record 99999 none U= A= P=][end]");
    memset(stream + 24, 'x', sizeof stream - 24);
    read_stream(&told, stream, sizeof stream, 4096, true);
    assert_string_equal(told.words, "[too long]");
    frame_reader reader;
    frame_init(&reader, 200000);
    put_record(stream, sizeof stream, 0);
    assert_true(frame_feed(&reader, stream, sizeof stream));
    assert_int_equal(frame_next(&reader, false), FRAME_RECORD);
    assert_int_equal(reader.record.length, sizeof stream);
    assert_true(reader.capacity <= 200000 + FRAME_HEADER_MAX);
    frame_release(&reader);
    frame_init(&reader, 0); /* memory follows what has come, not what a leader claims */
    assert_true(frame_feed(&reader, "99999cam", 8));
    assert_int_equal(frame_next(&reader, false), FRAME_MORE);
    assert_true(reader.capacity < 1024);
    frame_release(&reader);
}

/* ---- GW-9: ambiguous lengths ---- */

static uint32_t seed = 20251122;

static uint32_t draw(uint32_t below)
{
    seed = seed * 1664525U + 1013904223U;
    return (seed >> 8) % below;
}

static char true_logon[256];

static size_t put_random_value(char *out, const char *alphabet)
{
    size_t length = draw(4) == 0 ? draw(130) : 1 + draw(20), letters = strlen(alphabet);
    for (size_t i = 0; i < length; i++)
        out[i] = alphabet[draw((uint32_t)letters)];
    return length;
}

/* The header that a web client would send, and what it means. */
static size_t put_random_header(char *out, char *wanted, size_t capacity, const char *alphabet)
{
    const char *orders[] = { "A", "AP", "UAP", "PA", "APU" };
    const char *order = orders[draw(5)];
    char values[3][256] = { "", "", "" };
    size_t length = 0;
    for (const char *tag = order; *tag != '\0'; tag++) {
        char *value = values[*tag == 'U' ? 0 : *tag == 'A' ? 1 : 2];
        value[put_random_value(value, alphabet)] = '\0';
        length += (size_t)sprintf(out + length, "%c%zu%s", *tag, strlen(value), value);
        if (draw(4) == 0)
            out[length++] = ' ';
    }
    text logon = text_trim(text_from(values[1]));
    snprintf(true_logon, sizeof true_logon, "%.*s", (int)logon.length, logon.bytes);
    snprintf(wanted, capacity, "[record 60 decimal U=%s A=%.*s P=%s]", values[0], (int)logon.length, logon.bytes, values[2]);
    return length;
}

static bool is_the_true_one(void *context, text logon)
{
    (void)context;
    return text_equal(logon, text_from(true_logon));
}

static void try_random_headers(const char *alphabet, int wrong_most)
{
    enum { TRIES = 20000 };
    int wrong = 0, split_differs = 0;
    for (int i = 0; i < TRIES; i++) {
        char stream[1000], wanted[1000];
        told whole, cut;
        size_t length = put_random_header(stream, wanted, sizeof wanted, alphabet);
        length += put_record(stream + length, RECORD, 60);
        read_stream(&whole, stream, length, length, true);
        read_stream(&cut, stream, length, 1 + draw((uint32_t)length - 1), true);
        wrong += strcmp(whole.words, wanted) != 0;
        split_differs += strcmp(whole.words, cut.words) != 0;
    }
    print_message("\"%s\"%s: %d of %d random headers read wrongly; %d read otherwise when cut\n", alphabet,
                  knows != NULL ? ", logon known" : "", wrong, TRIES, split_differs);
    assert_true(wrong <= wrong_most);
    assert_int_equal(split_differs, 0);
}

/* What is read wrongly has two valid readings, "A12P18U7E4bD322": the more of a value looks like a field, the more of those. That
 * the logon is a known institution decides nearly all of them. */
static void ambiguous_lengths_are_told_by_what_follows(void **state)
{
    static const char *const alphabets[] = { "0123456789_-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "0123456789",
                                             "0123456789UAP bcDEF" };
    (void)state;
    for (size_t i = 0; i < sizeof alphabets / sizeof *alphabets; i++) {
        knows = NULL;
        try_random_headers(alphabets[i], 200);
        knows = is_the_true_one;
        try_random_headers(alphabets[i], 40);
    }
    knows = NULL;
}

static bool knows_eleven(void *context, text logon)
{
    (void)context;
    return text_equal(logon, TEXT("U9D8DAF6FCD"));
}

static void of_two_readings_the_known_institution_is_taken(void **state)
{
    (void)state;
    HEADER("A11U9D8DAF6FCD", "[record 60 decimal U= A=U9D8DAF6FCD P=][end]"); /* the fewest fields */
    knows = knows_eleven;
    HEADER("A11U9D8DAF6FCD", "[record 60 decimal U= A=U9D8DAF6FCD P=][end]");
    knows = NULL;
}

/* ---- replies, guard, proxies ---- */

static void replies_are_ascii_with_one_nul(void **state)
{
    static const struct {
        const char *words, *wanted;
    } cases[] = {
        { "Fine.", "Fine.\n" },
        { "Fine.\nNew record in NZ.\n", "Fine.\nNew record in NZ.\n" },
        { "%s%n \x1b[31m caf\xc3\xa9", "%s%n ?[31m caf??\n" },
        { "", "Import failed. Reason: the repository is not available, try again.\n" },
        { "\n\n", "Import failed. Reason: the repository is not available, try again.\n" },
        { "1\n2\n3\n4\n5\n6\n7\n8", "1\n2\n3\n4\n5\n6\n" },
    };
    buffer out;
    (void)state;
    buffer_init(&out, 4096);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer_clear(&out);
        gateway_reply_append(&out, cases[i].words);
        assert_int_equal(out.length, strlen(cases[i].wanted) + 1);
        assert_memory_equal(out.bytes, cases[i].wanted, out.length);
    }
    char endless[3000];
    memset(endless, 'a', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    endless[100] = '\n';
    buffer_clear(&out);
    gateway_reply_append(&out, endless);
    assert_int_equal(out.length, 1024);
    assert_ptr_equal(memchr(out.bytes, '\0', out.length), out.bytes + 1023);
    endless[100] = 'a';
    buffer_clear(&out);
    gateway_reply_append(&out, endless);
    assert_int_equal(out.length, 202);
    buffer_release(&out);
}

static void failed_logons_are_slowed_and_then_refused(void **state)
{
    static const int wanted[20] = { 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30 };
    gateway_guard *guard = gateway_guard_new();
    text logon = TEXT("01CARLI_NETWORK");
    int64_t now = 1000;
    (void)state;
    assert_non_null(guard);
    for (int i = 0; i < 20; i++, now += 1000) {
        assert_false(gateway_guard_refuses(guard, "192.0.2.1", logon, now));
        assert_int_equal(gateway_guard_answered(guard, "192.0.2.1", logon, true, now), wanted[i] * 1000);
    }
    assert_true(gateway_guard_refuses(guard, "192.0.2.1", logon, now));
    assert_false(gateway_guard_refuses(guard, "192.0.2.2", logon, now));
    assert_false(gateway_guard_refuses(guard, "192.0.2.1", TEXT("01OTHER"), now));
    assert_true(gateway_guard_refuses(guard, "192.0.2.1", logon, now + 14 * 60 * 1000));
    assert_false(gateway_guard_refuses(guard, "192.0.2.1", logon, now + 16 * 60 * 1000));
    assert_int_equal(gateway_guard_answered(guard, "192.0.2.1", logon, true, now + 16 * 60 * 1000), 0);
    for (int i = 0; i < 6; i++)
        gateway_guard_answered(guard, "192.0.2.3", logon, true, now);
    assert_int_equal(gateway_guard_answered(guard, "192.0.2.3", logon, false, now), 2000); /* also the answer that is good */
    assert_int_equal(gateway_guard_answered(guard, "192.0.2.3", logon, false, now), 0);
    for (int i = 0; i < 6; i++)
        gateway_guard_answered(guard, "192.0.2.4", logon, true, now);
    assert_int_equal(gateway_guard_answered(guard, "192.0.2.4", logon, true, now + 11 * 60 * 1000), 0); /* after ten minutes */
    gateway_guard_free(guard);
}

static void connections_are_counted_by_address(void **state)
{
    gateway_guard *guard = gateway_guard_new();
    int admitted = 0;
    (void)state;
    assert_non_null(guard);
    for (int i = 0; i < 100; i++)
        admitted += gateway_guard_admits(guard, "192.0.2.1", 20, 5000);
    assert_int_equal(admitted, 20);
    assert_true(gateway_guard_admits(guard, "192.0.2.2", 20, 5000));
    for (int i = 0; i < 100; i++)
        admitted += gateway_guard_admits(guard, "192.0.2.1", 20, 5500);
    assert_int_equal(admitted, 30);
    for (int i = 0; i < 10000; i++) { /* many others do not break it */
        char peer[32];
        snprintf(peer, sizeof peer, "2001:db8::%x", (unsigned)i);
        assert_true(gateway_guard_admits(guard, peer, 20, 5500));
    }
    gateway_guard_free(guard);
}

static void proxies_tell_the_peer(void **state)
{
    static const struct {
        const char *bytes;
        proxy_result result;
        const char *peer;
    } cases[] = {
        { "PROXY TCP4 192.0.2.7 10.0.0.1 51034 5500\r\nAAx", PROXY_DONE, "192.0.2.7" },
        { "PROXY TCP6 2001:DB8::7 ::1 51034 5500\r\n", PROXY_DONE, "2001:db8::7" },
        { "PROXY UNKNOWN\r\n", PROXY_DONE, "before" },
        { "PROXY UNKNOWN 1 2 3 4\r\n", PROXY_DONE, "before" },
        { "PROXY TCP4 192.0.2.7", PROXY_MORE, "before" },
        { "PRO", PROXY_MORE, "before" },
        { "", PROXY_MORE, "before" },
        { "PHalma", PROXY_BAD, "before" },
        { "PROXY TCP4 x\r\n", PROXY_BAD, "before" },
        { "PROXY TCP4\r\n", PROXY_BAD, "before" },
        { "PROXY \r\n", PROXY_BAD, "before" },
        { "PROXY TCP4 2001:db8::7 ::1 1 2\r\n", PROXY_BAD, "before" },
        { "PROXY TCP4 192.0.2.7 10.0.0.1 51034 5500\nAAx", PROXY_BAD, "before" },
        { "PROXY UNKNOWN xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
          PROXY_BAD, "before" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char peer[PROXY_ADDRESS] = "before";
        size_t used = 0;
        assert_int_equal(proxy_read(peer, &used, text_from(cases[i].bytes)), cases[i].result);
        assert_string_equal(peer, cases[i].peer);
    }
    assert_true(proxy_trusted("127.0.0.1, ::1", "::1"));
    assert_false(proxy_trusted("127.0.0.11", "127.0.0.1"));
    assert_false(proxy_trusted("", "127.0.0.1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_vectors_are_read_however_cut),
        cmocka_unit_test(odd_leaders_confirm_where_nothing_else_does),
        cmocka_unit_test(values_of_all_lengths_in_both_forms),
        cmocka_unit_test(records_follow_each_other),
        cmocka_unit_test(wrong_lengths_are_told),
        cmocka_unit_test(hostile_streams_have_their_faults),
        cmocka_unit_test(headers_have_a_limit),
        cmocka_unit_test(sizes_have_a_limit),
        cmocka_unit_test(ambiguous_lengths_are_told_by_what_follows),
        cmocka_unit_test(of_two_readings_the_known_institution_is_taken),
        cmocka_unit_test(replies_are_ascii_with_one_nul),
        cmocka_unit_test(failed_logons_are_slowed_and_then_refused),
        cmocka_unit_test(connections_are_counted_by_address),
        cmocka_unit_test(proxies_tell_the_peer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
