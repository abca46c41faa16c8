/* tests/marc/title_keys_test.c - titles in the form in which they are compared and indexed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "recto/marc/title_keys.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct collected {
    buffer lines;
    size_t left; /* visits until the visitor stops; 0: never */
} collected;

static bool note_title(void *context, const marc_title *title)
{
    collected *out = context;

    buffer_append_format(&out->lines, "%s%s %d %.*s\n", title->tag, title->linked ? "+" : "", (int)title->form,
                         (int)title->key.length, title->key.bytes);
    return out->left == 0 || --out->left > 0;
}

static bool note_key(void *context, const marc_key *key)
{
    collected *out = context;

    assert_int_equal(key->kind, MARC_KEY_TITLE);
    assert_true(key->valid && key->key.length > 0 && key->key.length <= MARC_TITLE_KEY_MAX);
    buffer_append_format(&out->lines, "%s%c %.*s\n", key->tag, key->subfield, (int)key->key.length, key->key.bytes);
    return out->left == 0 || --out->left > 0;
}

typedef struct field_row {
    const char *tag, *indicators, *line;
} field_row;

static marc_record *make_record(const field_row *rows, size_t count)
{
    marc_record *record = NULL;

    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(marc_record_append_line(record, rows[i].tag, rows[i].indicators, rows[i].line, NULL), RECTO_OK);
    return record;
}

static void titles__have_all_forms_of_the_fuzzy_methods(void **state)
{
    static const field_row rows[] = {
        { "100", "1 ", "$aNobody" },
        { "210", "0 ", "$aJ. odd th." },
        { "245", "14", "$6880-01$aThe  Odd\xC3\xA9 thing :$bits parts /$cby nobody.$nPart 2,$pEnd" },
        { "246", "3 ", "$iOther:$aTHE odd-thing$bnot this" },
        { "247", "10", "$aFormer" },
        { "880", "10", "$6245-01/$1$a\xE6\x9D\xB1\xE4\xBA\xAC" },
        { "880", "1 ", "$6100-02$aNobody" },
        { "880", "1 ", "$aNo link" },
        { "245", "00", "$a...$b!" },
    };
    static const char want[] = "210 4 j odd th\n245 1 odde thing\n245 2 odde thing its parts part 2 end\n246 8 the odd thing\n"
                               "880+ 1 \xE6\x9D\xB1\xE4\xBA\xAC\n880+ 2 \xE6\x9D\xB1\xE4\xBA\xAC\n";
    marc_record *record = make_record(rows, COUNT(rows));
    collected found = { .left = 0 };
    (void)state;
    buffer_init(&found.lines, 0);
    marc_titles(record, note_title, &found);
    assert_string_equal(buffer_string(&found.lines), want);
    buffer_clear(&found.lines);
    found.left = 2;
    marc_titles(record, note_title, &found);
    assert_string_equal(buffer_string(&found.lines), "210 4 j odd th\n245 1 odde thing\n");
    buffer_release(&found.lines);
    marc_record_free(record);
}

static void keys__come_once_each(void **state)
{
    static const field_row rows[] = {
        { "245", "10", "$aSame" },          { "246", "3 ", "$aSame." },      { "246", "3 ", "$aOther" },
        { "880", "10", "$6246-02$aOther" }, { "245", "10", "$aSame$bmore" },
    };
    marc_record *record = make_record(rows, COUNT(rows));
    collected found = { .left = 0 };
    (void)state;
    buffer_init(&found.lines, 0);
    marc_title_keys(record, note_key, &found);
    assert_string_equal(buffer_string(&found.lines), "245a same\n246a other\n245  same more\n");
    buffer_clear(&found.lines);
    found.left = 1;
    marc_title_keys(record, note_key, &found);
    assert_string_equal(buffer_string(&found.lines), "245a same\n");
    buffer_release(&found.lines);
    marc_record_free(record);
}

static void keys__of_long_titles_are_cut_and_stay_apart(void **state)
{
    char line[3][512] = { "$a", "$a", "$a" };
    char key[3][160] = { "", "", "" };
    buffer out;
    (void)state;
    buffer_init(&out, 0);
    for (int i = 0; i < 3; i++) {
        const field_row row = { "245", "10", line[i] };
        for (size_t j = 2; j < 400; j += 2) /* a character of two bytes, so that a cut could fall inside of one */
            memcpy(line[i] + j, i == 1 && j == 398 ? "\xCE\xB2" : "\xCE\xB1", 2);
        marc_record *record = make_record(&row, 1);
        buffer_clear(&out);
        assert_true(marc_heading_key(&out, marc_record_field(record, 0), "a", 0));
        assert_true(out.length <= MARC_TITLE_KEY_MAX);
        assert_int_equal((unsigned char)out.bytes[(size_t)(strchr(out.bytes, '#') - out.bytes) - 2], 0xCE);
        memcpy(key[i], out.bytes, out.length + 1);
        marc_record_free(record);
    }
    assert_string_not_equal(key[0], key[1]);
    assert_string_equal(key[0], key[2]);
    buffer_release(&out);
}

static void keys__survive_odd_fields(void **state)
{
    static const struct {
        const char *content;
        size_t length;
        const char *want;
    } cases[] = {
        { "", 0, "" },
        { "14", 2, "" },
        { "19\x1F"
          "aThe",
          6, "" },
        { "10\x1F"
          "a\xFF\xFEx",
          7, "x" },
        { "1", 1, "" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        marc_record *record = NULL;
        collected found = { .left = 1 };
        buffer_init(&found.lines, 0);
        assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
        assert_int_equal(marc_record_append(record, "245", text_of(cases[i].content, cases[i].length), NULL), RECTO_OK);
        marc_title_keys(record, note_key, &found);
        if (cases[i].want[0] == '\0')
            assert_int_equal(found.lines.length, 0);
        else
            assert_non_null(strstr(buffer_string(&found.lines), cases[i].want));
        buffer_release(&found.lines);
        marc_record_free(record);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(titles__have_all_forms_of_the_fuzzy_methods),
        cmocka_unit_test(keys__come_once_each),
        cmocka_unit_test(keys__of_long_titles_are_cut_and_stay_apart),
        cmocka_unit_test(keys__survive_odd_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
