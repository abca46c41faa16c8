/* tests/marc/charset_test.c - MARC-8 to UTF-8 and back: every set, marks, ligatures, and what is lost. */
#include "marc_testing.h"

typedef struct pair {
    const char *name, *marc8, *utf8;
} pair;

/* Each is so in both directions. */
static const pair pairs[] = {
    { "ASCII", "plain text", "plain text" },
    { "a mark goes behind its letter",
      "caf\xE2"
      "e",
      "cafe\xCC\x81" },
    { "two marks keep their order",
      "\xE2\xF2"
      "e",
      "e\xCC\x81\xCC\xA3" },
    { "letters of ANSEL",
      "\xB2re \xC7 \xA1"
      "o\xC3",
      "\xC3\xB8re \xC3\x9F \xC5\x81o\xC2\xA9" },
    { "euro", "\xC8", "\xE2\x82\xAC" },
    { "a ligature spans two letters",
      "\xEBi\xEC"
      "a",
      "i\xCD\xA1"
      "a" },
    { "two ligatures",
      "\xEBi\xEC"
      "a\xEBi\xECu",
      "i\xCD\xA1"
      "ai\xCD\xA1u" },
    { "a double tilde spans two letters", "\xFAn\xFBg", "n\xCD\xA0g" },
    { "a lone right half stays one",
      "o\xEC"
      "a",
      "oa\xEF\xB8\xA1" },
    { "a right half besides the one of a pair", "\xEBx\xEC\xECy", "x\xCD\xA1y\xEF\xB8\xA1" },
    { "non-sorting marks", "\x88The \x89rain", "\xC2\x98The \xC2\x9Crain" },
    { "joiners",
      "a\x8D"
      "b\x8E",
      "a\xE2\x80\x8D"
      "b\xE2\x80\x8C" },
    { "Hebrew", "\x1B(2`a b\x1B(B.", "\xD7\x90\xD7\x91 \xD7\x92." },
    { "Arabic", "\x1B(3GH\x1B(B", "\xD8\xA7\xD8\xA8" },
    { "Cyrillic", "\x1B(NAB\x1B(B", "\xD0\xB0\xD0\xB1" },
    { "extended Cyrillic", "\x1B(Q@\x1B(B", "\xD2\x91" },
    { "Greek", "\x1B(Sab\x1B(B", "\xCE\xB1\xCE\xB2" },
    { "superscripts", "x\x1Bp2\x1Bs", "x\xC2\xB2" },
    { "subscripts",
      "H\x1B"
      "b2\x1BsO",
      "H\xE2\x82\x82O" },
    { "EACC", "\x1B$1!04!Cd\x1B(Bx", "\xE4\xB8\xAD\xE6\x9C\x9Fx" },
    { "control bytes pass", "a\tb\nc", "a\tb\nc" },
};

static void pairs__convert_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        buffer out;
        charset_loss loss;
        buffer_init(&out, 0);
        assert_int_equal(marc8_to_utf8(&out, text_from(pairs[i].marc8), false, &loss, NULL), RECTO_OK);
        if (loss.count != 0 || strcmp(buffer_string(&out), pairs[i].utf8) != 0)
            fail_msg("%s: to UTF-8: \"%s\", %zu lost", pairs[i].name, buffer_string(&out), loss.count);
        buffer_clear(&out);
        assert_int_equal(utf8_to_marc8(&out, text_from(pairs[i].utf8), false, &loss, NULL), RECTO_OK);
        if (loss.count != 0 || strcmp(buffer_string(&out), pairs[i].marc8) != 0)
            fail_msg("%s: to MARC-8: \"%s\", %zu lost", pairs[i].name, buffer_string(&out), loss.count);
        buffer_release(&out);
    }
}

static void odd_marc8__is_read_and_its_losses_counted(void **state)
{
    static const struct {
        const char *name, *marc8, *utf8;
        size_t lost, first;
    } cases[] = {
        { "a mark before a blank sits on the blank", "o \xE1 at",
          "o  \xCC\x80"
          "at",
          0, 0 },
        { "a mark with nothing behind it", "abc\xE2", "abc\xCC\x81", 0, 0 },
        { "an undefined code",
          "ab\xFF"
          "c",
          "ab\xEF\xBF\xBD"
          "c",
          1, 2 },
        { "undefined codes, each counted", "\xC9\xCA", "\xEF\xBF\xBD\xEF\xBF\xBD", 2, 0 },
        { "EACC cut off", "\x1B$1!0\x1B(Bx", "\xEF\xBF\xBDx", 1, 3 },
        { "EACC with an undefined triple", "\x1B$1~~~!04\x1B(B", "\xEF\xBF\xBD\xE4\xB8\xAD", 1, 3 },
        { "an escape that is none stays", "a\x1B[2J", "a\x1B[2J", 1, 1 },
        { "an escape at the end", "a\x1B", "a\x1B", 1, 1 },
        { "an escape that is never closed", "\x1B(NAB", "\xD0\xB0\xD0\xB1", 0, 0 },
        { "ANSEL named in full", "\x1B)!E\xB2", "\xC3\xB8", 0, 0 },
        { "Cyrillic in the upper half", "\x1B)N\xC1\xC2", "\xD0\xB0\xD0\xB1", 0, 0 },
        { "composed forms come decomposed out and composed in",
          "\xE2"
          "e",
          "e\xCC\x81", 0, 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer out;
        charset_loss loss;
        buffer_init(&out, 0);
        assert_int_equal(marc8_to_utf8(&out, text_from(cases[i].marc8), false, &loss, NULL), RECTO_OK);
        if (strcmp(buffer_string(&out), cases[i].utf8) != 0 || loss.count != cases[i].lost || loss.first_offset != cases[i].first)
            fail_msg("%s: \"%s\", %zu lost, first at %zu", cases[i].name, buffer_string(&out), loss.count, loss.first_offset);
        buffer_release(&out);
    }
}

static void composed_letters__are_written_with_their_marks(void **state)
{
    static const pair cases[] = {
        { "e acute",
          "\xE2"
          "e",
          "\xC3\xA9" },
        { "a Vietnamese letter with two marks",
          "\xF2\xE3"
          "a",
          "\xE1\xBA\xAD" },
        { "a composed letter and a further mark",
          "\xE2\xF2"
          "e",
          "\xC3\xA9\xCC\xA3" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        buffer there;
        buffer back;
        buffer_init(&there, 0);
        buffer_init(&back, 0);
        assert_int_equal(utf8_to_marc8(&there, text_from(cases[i].utf8), false, NULL, NULL), RECTO_OK);
        assert_int_equal(there.length, strlen(cases[i].marc8));
        assert_int_equal(marc8_to_utf8(&back, buffer_text(&there), true, NULL, NULL), RECTO_OK);
        if (i < 2)
            assert_string_equal(buffer_string(&back), cases[i].utf8);
        buffer_release(&there);
        buffer_release(&back);
    }
}

static void missing_characters__are_refused_or_become_references(void **state)
{
    (void)state;
    buffer out;
    charset_loss loss;
    recto_error error = { 0 };
    buffer_init(&out, 0);
    buffer_append_string(&out, "before ");
    assert_int_equal(utf8_to_marc8(&out, TEXT("ab\xF0\x9F\x98\x80"), false, &loss, &error), RECTO_EDATA);
    assert_string_equal(buffer_string(&out), "before ");
    assert_string_equal(error.where, "byte 2");
    assert_int_equal(loss.first_code, 0x1F600);
    assert_int_equal(utf8_to_marc8(&out, TEXT("ab\xF0\x9F\x98\x80\xE2\x98\x83"), true, &loss, &error), RECTO_OK);
    assert_string_equal(buffer_string(&out), "before ab&#x1F600;&#x2603;");
    assert_int_equal(loss.count, 2);
    assert_int_equal(utf8_to_marc8(&out, TEXT("a\xFF"), true, &loss, &error), RECTO_EDATA);
    assert_int_equal(utf8_to_marc8(&out, TEXT("a\x1B"), false, &loss, &error), RECTO_EDATA);
    buffer_release(&out);
}

static void marc8_has__knows_what_can_be_written(void **state)
{
    (void)state;
    assert_true(marc8_has('a'));
    assert_true(marc8_has(0xE9));
    assert_true(marc8_has(0x5D0));
    assert_true(marc8_has(0x4E2D));
    assert_true(marc8_has(0x361));
    assert_false(marc8_has(0x1F600));
    assert_false(marc8_has(0x0E01));
    assert_false(marc8_has(-1));
}

/* Any bytes: no crash, the same number of losses each time, and valid UTF-8 out. */
static void any_bytes__give_valid_utf8(void **state)
{
    (void)state;
    uint32_t seed = 20251122;
    char bytes[64];
    for (int round = 0; round < 500; round++) {
        buffer out;
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1664525 + 1013904223;
            bytes[i] = (seed >> 28) == 0 ? 0x1B : (char)(seed >> 20);
        }
        buffer_init(&out, 0);
        assert_int_equal(marc8_to_utf8(&out, text_of(bytes, sizeof bytes), round % 2 == 0, NULL, NULL), RECTO_OK);
        charset_loss loss;
        buffer back;
        buffer_init(&back, 0);
        recto_status status = utf8_to_marc8(&back, buffer_text(&out), false, &loss, NULL);
        assert_true(status == RECTO_OK || status == RECTO_EDATA); /* EDATA too when the text is not UTF-8: then loss says -1 */
        if (status == RECTO_EDATA)
            assert_true(loss.first_code >= 0);
        buffer_release(&back);
        buffer_release(&out);
    }
}

/* Nobody writes so, but what came must come back: there is no number of marks from which on one is lost. */
static void any_number_of_marks__comes_back(void **state)
{
    static const size_t numbers[] = { 1, 31, 32, 33, 34, 64, 65, 5000 };
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        buffer marc8, out, back;
        charset_loss loss;
        buffer_init(&marc8, 0);
        buffer_init(&out, 0);
        buffer_init(&back, 0);
        for (size_t j = 0; j < numbers[i]; j++)
            buffer_append_char(&marc8, j % 2 == 0 ? '\xE2' : '\xFE');
        buffer_append_string(&marc8, "x;");
        assert_int_equal(marc8_to_utf8(&out, buffer_text(&marc8), false, &loss, NULL), RECTO_OK);
        assert_int_equal(loss.count, 0);
        assert_int_equal(out.length, 2 + 2 * numbers[i]);
        assert_int_equal(utf8_to_marc8(&back, buffer_text(&out), false, &loss, NULL), RECTO_OK);
        assert_true(text_equal(buffer_text(&marc8), buffer_text(&back)));
        buffer_release(&marc8);
        buffer_release(&out);
        buffer_release(&back);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs__convert_both_ways),
        cmocka_unit_test(odd_marc8__is_read_and_its_losses_counted),
        cmocka_unit_test(composed_letters__are_written_with_their_marks),
        cmocka_unit_test(missing_characters__are_refused_or_become_references),
        cmocka_unit_test(marc8_has__knows_what_can_be_written),
        cmocka_unit_test(any_number_of_marks__comes_back),
        cmocka_unit_test(any_bytes__give_valid_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
