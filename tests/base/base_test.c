/* tests/base/base_test.c - arena, text, buffer, UTF-8, display, clock and JSON. */
#include "recto/base/arena.h"
#include "recto/base/clock.h"
#include "recto/base/error.h"
#include "recto/base/json.h"
#include "recto/base/nearest.h"
#include "recto/base/resource.h"
#include "recto/base/utf8.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void arena__gives_back_all_and_keeps_objects_apart(void **state)
{
    (void)state;
    arena *arena = arena_new(64);
    char *first = arena_copy(arena, "leader", 6), *big = arena_alloc(arena, 100000);
    memset(big, 'x', 100000);
    assert_string_equal(first, "leader");
    assert_null(arena_calloc(arena, SIZE_MAX / 2, 4));
    arena_clear(arena);
    assert_non_null(arena_alloc(arena, 10));
    arena_free(arena);
}

static void nearest_name__knows_slips_of_the_fingers_and_no_more(void **state)
{
    (void)state;
    static const char *const names[] = { "search", "set", "load", "lock", "save" };
    const char long_name[] = "a_name_that_is_longer_than_any_name_in_any_table_of_ours";
    assert_string_equal(nearest_name("saerch", names, 5), "search");
    assert_string_equal(nearest_name("SEARCH", names, 5), "search");
    assert_string_equal(nearest_name("laod", names, 5), "load");
    assert_null(nearest_name("qqqqqqq", names, 5));
    assert_null(nearest_name(long_name, names, 5));
    assert_null(nearest_name("load", names, 0));
    assert_int_equal(name_distance(text_from("ab"), text_from("ba")), 1);
    assert_int_equal(name_distance(text_from(""), text_from("abc")), 3);
    assert_int_equal(name_distance(text_from("kitten"), text_from("Sitting")), 3);
    assert_true(name_distance(text_from("x"), text_from(long_name)) == SIZE_MAX);
}

static void buffer__fails_at_its_limit_and_stays_failed(void **state)
{
    (void)state;
    buffer buffer;
    buffer_init(&buffer, 10);
    buffer_append_string(&buffer, "0123456789");
    assert_false(buffer_failed(&buffer));
    buffer_append_char(&buffer, 'x');
    assert_true(buffer_failed(&buffer));
    assert_string_equal(buffer_string(&buffer), "0123456789");
    buffer_clear(&buffer);
    buffer_append_format(&buffer, "%s-%d", "ab", 12);
    assert_string_equal(buffer_string(&buffer), "ab-12");
    buffer_release(&buffer);
}

static void text__splits_trims_and_counts(void **state)
{
    (void)state;
    text rest = TEXT("a,,b");
    assert_true(text_equal(text_next_field(&rest, ','), TEXT("a")));
    assert_true(text_equal(text_next_field(&rest, ','), TEXT("")));
    assert_true(text_equal(text_next_field(&rest, ','), TEXT("b")));
    assert_null(rest.bytes);
    assert_true(text_equal(text_trim(TEXT(" \t x y \n")), TEXT("x y")));
    int64_t number = 0;
    assert_true(text_to_integer(TEXT("-9223372036854775808"), &number) && number == INT64_MIN);
    assert_false(text_to_integer(TEXT("9223372036854775808"), &number));
    assert_false(text_to_integer(TEXT("12x"), &number));
    assert_false(text_to_integer(TEXT("-"), &number));
}

static void string__is_cut_at_a_character_and_ends_at_a_nul(void **state)
{
    static const struct {
        text from;
        size_t capacity;
        const char *want;
    } cases[] = {
        { { "abc", 3 }, 4, "abc" },       { { "abcd", 4 }, 4, "abc" },
        { { NULL, 0 }, 4, "" },           { { "ab\xC3\xA9", 4 }, 5, "ab\xC3\xA9" },
        { { "ab\xC3\xA9", 4 }, 4, "ab" }, { { "\xE2\x82\xAC", 3 }, 3, "" },
        { { "a\0b", 3 }, 4, "a" },        { { "x", 1 }, 1, "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[8];
        memset(out, '#', sizeof out);
        string_keep(out, cases[i].capacity, cases[i].from);
        assert_string_equal(out, cases[i].want);
        assert_int_equal(out[cases[i].capacity], '#');
    }
}

static void a_string_that_is_cut_for_a_message__is_cut_at_a_character(void **state)
{
    char line[20];
    (void)state;
    assert_int_equal(string_fit("abc", 3), 3);
    assert_int_equal(string_fit("abc", 2), 2);
    assert_int_equal(string_fit("aб", 2), 1);
    assert_int_equal(string_fit("aб", 3), 3);
    assert_int_equal(string_fit("字", 2), 0);
    assert_int_equal(string_fit("", 9), 0);
    snprintf(line, sizeof line, "<%.*s>", FIT("aбв", 4));
    assert_string_equal(line, "<aб>");
}

static void utf8__refuses_what_is_no_character(void **state)
{
    static const struct {
        const char *bytes;
        int32_t want;
    } cases[] = { { "A", 'A' },
                  { "\xC3\xA9", 0xE9 },
                  { "\xE2\x82\xAC", 0x20AC },
                  { "\xF0\x9F\x93\x9A", 0x1F4DA },
                  { "\xC0\xAF", -1 },
                  { "\xE0\x80\xAF", -1 },
                  { "\xED\xA0\x80", -1 },
                  { "\xF4\x90\x80\x80", -1 },
                  { "\x80", -1 },
                  { "\xE2\x82", -1 },
                  { "\xFF", -1 } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t code;
        size_t used = utf8_decode(cases[i].bytes, strlen(cases[i].bytes), &code);
        assert_int_equal(code, cases[i].want);
        assert_int_equal(used, cases[i].want < 0 ? 1 : strlen(cases[i].bytes));
    }
}

static void graphemes__are_found_forwards_and_backwards(void **state)
{
    static const char line[] =
        "ae\xCC\x81x\xE3\x81\x8B\xE3\x82\x99\xE6\x9C\xAC"; /* a, e + acute, x, ka + voicing, a Han character */
    static const size_t starts[] = { 0, 1, 4, 5, 11 };
    (void)state;
    size_t at = 0, length = sizeof line - 1;
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(at, starts[i]);
        at += utf8_grapheme(line + at, length - at);
    }
    assert_int_equal(at, length);
    for (size_t i = 5; i-- > 0;) {
        at = utf8_grapheme_before(text_of(line, length), at);
        assert_int_equal(at, starts[i]);
    }
}

static void index_form__is_what_readers_type(void **state)
{
    static const struct {
        const char *in, *want;
    } cases[] = {
        { "Garc\xC3\xAD"
          "a M\xC3\xA1rquez, Gabriel,",
          "garcia marquez gabriel" },
        { "Stra\xC3\x9F"
          "e \xC3\x86ther \xC3\xB8l \xC4\xB0stanbul \xC4\xB1",
          "strasse aether ol istanbul i" },
        { "\xD0\x94\xD0\xBE\xD1\x81\xD1\x82\xD0\xBE\xD0\xB5\xD0\xB2\xD1\x81\xD0\xBA\xD0\xB8\xD0\xB9",
          "\xD0\xB4\xD0\xBE\xD1\x81\xD1\x82\xD0\xBE\xD0\xB5\xD0\xB2\xD1\x81\xD0\xBA\xD0\xB8\xD0\xB8" },
        { "...  A -- b/c!", "a b c" },
        { "", "" },
        { "rock'n'roll", "rocknroll" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer out;
        buffer_init(&out, 0);
        utf8_index_form(&out, text_from(cases[i].in));
        assert_string_equal(buffer_string(&out), cases[i].want);
        buffer_release(&out);
    }
}

static void display_append_data__tells_what_was_typed_from_a_placeholder(void **state)
{
    static const char *const cases[][2] = {
        { "\xC2\x9B", "<U+009B>" },
        { "<U+009B>", "<<U+009B>" },
        { "a<9B><U+10FFFF>", "a<<9B><<U+10FFFF>" },
        { "<RLO>\xE2\x80\xAE", "<<RLO><RLO>" },
        { "<b> <U+> <U+12> <9> <9B <U+1234567> <u+009b>", "<b> <U+> <U+12> <9> <9B <U+1234567> <u+009b>" },
        { "<<9B>", "<<<9B>" },
        { "<", "<" },
        { "", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer out;
        buffer_init(&out, 0);
        display_append_data(&out, text_from(cases[i][0]), true);
        assert_string_equal(buffer_string(&out), cases[i][1]);
        buffer_release(&out);
    }
}

static void display__lets_no_control_byte_through(void **state)
{
    static const struct {
        const char *in, *utf8, *ascii;
    } cases[] = {
        { "plain", "plain", "plain" },
        { "\x1B[2J", "^[[2J", "^[[2J" },
        { "\xC2\x9B"
          "31m",
          "<U+009B>31m", "<U+009B>31m" },
        { "\x9B", "<9B>", "<9B>" },
        { "\xE2\x80\xAE"
          "abc",
          "<RLO>abc", "<U+202E>abc" },
        { "\xD7\x90", "\xD7\x90", "<U+05D0>" },
        { "\xCC\x81x", "\xE2\x97\x8C\xCC\x81x", "<U+0301>x" },
        { "\x7F\n", "^?^J", "^?^J" },
        { "\xEE\x80\x80", "<U+E000>", "<U+E000>" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer out;
        buffer_init(&out, 0);
        display_append(&out, text_from(cases[i].in), true);
        assert_string_equal(buffer_string(&out), cases[i].utf8);
        buffer_clear(&out);
        display_append(&out, text_from(cases[i].in), false);
        assert_string_equal(buffer_string(&out), cases[i].ascii);
        buffer_release(&out);
    }
}

/* Every byte string whatever: what is shown is valid UTF-8 without controls, and each unit takes at least one byte. */
static void display__is_safe_for_random_bytes(void **state)
{
    uint32_t seed = 12345;
    (void)state;
    for (int round = 0; round < 3000; round++) {
        char bytes[24];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1664525u + 1013904223u;
            bytes[i] = (char)(seed >> 24);
        }
        for (size_t at = 0; at < sizeof bytes;) {
            display_unit unit;
            display_next(&unit, bytes + at, sizeof bytes - at, true);
            assert_true(unit.bytes >= 1 && unit.width >= 1);
            assert_true(utf8_valid(text_from(unit.shown), NULL));
            for (const char *c = unit.shown; *c != '\0'; c++)
                assert_true((unsigned char)*c >= 0x20 && *c != 0x7F);
            at += unit.bytes;
        }
    }
}

static void display_cut__ends_in_an_ellipsis_within_the_columns(void **state)
{
    (void)state;
    buffer out;
    buffer_init(&out, 0);
    assert_int_equal(display_cut(&out, TEXT("One hundred years"), 8, true), 8);
    assert_string_equal(buffer_string(&out), "One hun\xE2\x80\xA6");
    buffer_clear(&out);
    assert_int_equal(display_cut(&out, TEXT("\xE7\x99\xBE\xE5\xB9\xB4\xE3\x81\xAE\xE5\xAD\xA4"), 6, true), 5);
    assert_string_equal(buffer_string(&out), "\xE7\x99\xBE\xE5\xB9\xB4\xE2\x80\xA6");
    buffer_clear(&out);
    assert_int_equal(display_cut(&out, TEXT("fits"), 4, true), 4);
    buffer_release(&out);
}

static void display_width__counts_the_columns_that_terminals_use(void **state)
{
    static const struct {
        const char *name, *shown;
        int width;
    } cases[] = {
        { "a mark above", "e\xCC\x81", 1 },
        { "an ideograph", "\xE7\x99\xBE", 2 },
        { "Hebrew with a point", "\xD7\x91\xD6\xBC", 1 },
        { "Thai with vowel and tone above", "\xE0\xB8\xAA\xE0\xB8\xB5\xE0\xB9\x88", 1 },
        { "Devanagari, the vowel sign beside its letter", "\xE0\xA4\x97\xE0\xA5\x8B", 2 },
        { "Devanagari, the vowel sign above", "\xE0\xA4\xAE\xE0\xA5\x87", 1 },
        { "Tamil", "\xE0\xAE\x95\xE0\xAE\xBE", 2 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (display_width(text_from(cases[i].shown), true) != cases[i].width)
            fail_msg("%s: %d columns, wanted %d", cases[i].name, display_width(text_from(cases[i].shown), true), cases[i].width);
}

static void clock__reads_and_writes_iso_and_005(void **state)
{
    static const struct {
        const char *iso;
        int64_t ticks;
    } cases[] = { { "1970-01-01T00:00:00Z", 0 },
                  { "2025-11-22T14:05:00Z", 17638203000LL },
                  { "2025-11-22T15:05:00+01:00", 17638203000LL },
                  { "2024-02-29", 17091648000LL },
                  { "2025-11-22T14:05:00.7Z", 17638203007LL } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ticks = -1;
        assert_true(clock_parse_iso(&ticks, cases[i].iso));
        assert_int_equal(ticks, cases[i].ticks);
        char written[CLOCK_005_LENGTH + 1];
        int64_t back = -1;
        clock_format_005(written, ticks);
        assert_true(clock_parse_005(&back, written, CLOCK_005_LENGTH));
        assert_int_equal(back, ticks);
    }
    int64_t ticks;
    assert_false(clock_parse_iso(&ticks, "22.11.2025"));
    assert_false(clock_parse_iso(&ticks, "2025-13-01"));
    assert_false(clock_parse_iso(&ticks, "2025-11-22T14:05:00Zx"));
    assert_false(clock_parse_005(&ticks, "20251122", 8));
}

static void error__quotes_nothing_that_a_terminal_obeys(void **state)
{
    recto_error error;
    char line[600];
    (void)state;
    assert_int_equal(recto_fail(&error, RECTO_EDATA, "file\x1B[31m", "look", "bad %s", "\x9B"), RECTO_EDATA);
    recto_error_line(line, sizeof line, &error);
    assert_string_equal(line, "file^[[31m: bad <9B>; look");
    assert_int_equal(recto_exit_status(RECTO_ELOCKED), 4);
    assert_int_equal(recto_exit_status(RECTO_ENETWORK), 5);
}

static void utf8_nfc__keeps_bytes_that_are_no_text_however_many(void **state)
{
    (void)state;
    enum { BYTES = 1 << 20 };
    static char bad[BYTES];
    buffer out;
    memset(bad, '\xFF', sizeof bad);
    memcpy(bad + BYTES / 2, "e\xCC\x81", 3);
    buffer_init(&out, 0);
    utf8_nfc(&out, text_of(bad, sizeof bad));
    assert_int_equal(out.length, BYTES - 1);
    assert_memory_equal(out.bytes + BYTES / 2, "\xC3\xA9\xFF", 3);
    buffer_release(&out);
}

static void json__escapes_and_puts_commas(void **state)
{
    buffer out;
    json_writer json;
    (void)state;
    buffer_init(&out, 0);
    json_init(&json, &out);
    json_open(&json, NULL, '{');
    json_string(&json, "a", "q\"\\\x1B\xFF");
    json_string(&json, "left out", NULL);
    json_open(&json, "list", '[');
    json_integer(&json, NULL, 1);
    json_bool(&json, NULL, false);
    json_close(&json, ']');
    json_time(&json, "t", 1763820300);
    json_close(&json, '}');
    assert_string_equal(buffer_string(&out),
                        "{\"a\":\"q\\\"\\\\\\u001b\xEF\xBF\xBD\",\"list\":[1,false],\"t\":\"2025-11-22T14:05:00Z\"}");
    buffer_release(&out);
}

static void resource__refuses_names_that_leave_the_house(void **state)
{
    resource file;
    recto_error error;
    (void)state;
    assert_int_equal(resource_open(&file, "../etc/passwd", 0, &error), RECTO_EINVALID);
    assert_int_equal(resource_open(&file, "/etc/passwd", 0, &error), RECTO_EINVALID);
    assert_int_equal(resource_open(&file, "themes/none.theme", 0, &error), RECTO_ENOTFOUND);
    assert_int_equal(resource_open_built_in(&file, "data/demo/works.tsv", &error), RECTO_OK);
    assert_true(file.content.length > 1000);
    resource_release(&file);
}

int main(void)
{
    setlocale(LC_ALL, "C.UTF-8");
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena__gives_back_all_and_keeps_objects_apart),
        cmocka_unit_test(nearest_name__knows_slips_of_the_fingers_and_no_more),
        cmocka_unit_test(buffer__fails_at_its_limit_and_stays_failed),
        cmocka_unit_test(text__splits_trims_and_counts),
        cmocka_unit_test(string__is_cut_at_a_character_and_ends_at_a_nul),
        cmocka_unit_test(a_string_that_is_cut_for_a_message__is_cut_at_a_character),
        cmocka_unit_test(utf8__refuses_what_is_no_character),
        cmocka_unit_test(graphemes__are_found_forwards_and_backwards),
        cmocka_unit_test(index_form__is_what_readers_type),
        cmocka_unit_test(display__lets_no_control_byte_through),
        cmocka_unit_test(display_append_data__tells_what_was_typed_from_a_placeholder),
        cmocka_unit_test(display__is_safe_for_random_bytes),
        cmocka_unit_test(display_cut__ends_in_an_ellipsis_within_the_columns),
        cmocka_unit_test(display_width__counts_the_columns_that_terminals_use),
        cmocka_unit_test(clock__reads_and_writes_iso_and_005),
        cmocka_unit_test(error__quotes_nothing_that_a_terminal_obeys),
        cmocka_unit_test(utf8_nfc__keeps_bytes_that_are_no_text_however_many),
        cmocka_unit_test(json__escapes_and_puts_commas),
        cmocka_unit_test(resource__refuses_names_that_leave_the_house),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
