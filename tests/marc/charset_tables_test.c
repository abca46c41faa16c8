/* tests/marc/charset_tables_test.c - every code point of the tables that the Library of Congress publishes, both ways, and every
 * record on which other programs disagree, with what we chose. Skipped where the data are absent. */
#include "marc_testing.h"

#include "recto/base/utf8.h"
#include "recto/marc/charset.h"

#define TABLES "../shared/data/reference/marc8-codetables.xml"

/* One <code> of the tables. */
typedef struct listed_code {
    unsigned set; /* the final character of its escape sequence */
    unsigned marc;
    int32_t ucs;
    bool combining;
} listed_code;

static text element(text code, const char *name)
{
    char opening[32];
    char closing[32];
    snprintf(opening, sizeof opening, "<%s>", name);
    snprintf(closing, sizeof closing, "</%s>", name);
    const char *start = memmem(code.bytes, code.length, opening, strlen(opening));
    if (start == NULL)
        return text_of("", 0);
    start += strlen(opening);
    const char *end = memmem(start, code.length - (size_t)(start - code.bytes), closing, strlen(closing));
    return end == NULL ? text_of("", 0) : text_trim(text_of(start, (size_t)(end - start)));
}

static unsigned hexadecimal(text digits)
{
    char terminated[16] = { 0 };
    memcpy(terminated, digits.bytes, digits.length < 15 ? digits.length : 15);
    return (unsigned)strtoul(terminated, NULL, 16);
}

/* What differs from the tables, and why. */
static const struct {
    unsigned set, marc;
    const char *why;
} explained[] = {
    { 'B', 0x1B, "an escape that begins no sequence stays, but is counted as lost: it means nothing" },
    { 'E', 0xEC, "the tables have nothing for a right half alone; it is kept as U+FE21, their alternative" },
    { 'E', 0xFB, "the same for the double tilde: U+FE23" },
};

static const char *explanation(const listed_code *code)
{
    for (size_t i = 0; i < sizeof explained / sizeof *explained; i++)
        if (explained[i].set == code->set && explained[i].marc == code->marc)
            return explained[i].why;
    return NULL;
}

static void put_code(buffer *out, const listed_code *code)
{
    if (code->set == '1')
        buffer_append_format(out, "\x1B$1%c%c%c\x1B(B", (int)(code->marc >> 16), (int)(code->marc >> 8 & 0xFF),
                             (int)(code->marc & 0xFF));
    else if (code->set == 'E' || code->set == 'B' || (code->marc & 0x7F) < 0x21)
        buffer_append_char(out, (char)code->marc);
    else if (strchr("gbp", (int)code->set) != NULL)
        buffer_append_format(out, "\x1B%c%c\x1Bs", (int)code->set, (int)code->marc);
    else
        buffer_append_format(out, "\x1B(%c%c\x1B(B", (int)code->set, (int)(code->marc & 0x7F));
}

/* A line of MARC-8 and the line that it should be read as: a mark stands before its letter there and behind it in Unicode. */
static void put_lines(buffer *marc8, buffer *utf8, const listed_code *code)
{
    char bytes[4];
    put_code(marc8, code);
    buffer_append_string(marc8, "x\n");
    buffer_append_string(utf8, code->combining ? "x" : "");
    buffer_append(utf8, bytes, utf8_encode(code->ucs, bytes));
    buffer_append_string(utf8, code->combining ? "\n" : "x\n");
}

static size_t read_tables(listed_code *codes, size_t capacity, const char *file)
{
    size_t count = 0;
    unsigned set = 0;
    for (const char *at = file; (at = strstr(at, "<c")) != NULL; at += 2) {
        if (strncmp(at, "<characterSet", 13) == 0)
            set = (unsigned)strtoul(strstr(at, "ISOcode=\"") + 9, NULL, 16);
        if (strncmp(at, "<code>", 6) != 0 || count == capacity)
            continue;
        text code = text_of(at, (size_t)(strstr(at, "</code>") - at));
        codes[count++] = (listed_code){ .set = set,
                                        .marc = hexadecimal(element(code, "marc")),
                                        .ucs = (int32_t)hexadecimal(element(code, "ucs")),
                                        .combining = element(code, "isCombining").length > 0 };
    }
    return count;
}

/* @return how many lines differ, each explained. */
static size_t compare_lines(const listed_code *codes, size_t count, text ours, text wanted)
{
    size_t differences = 0;
    for (size_t i = 0; i < count; i++) {
        text line = text_next_field(&ours, '\n');
        if (text_equal(line, text_next_field(&wanted, '\n')) && explanation(&codes[i]) == NULL)
            continue;
        const char *why = explanation(&codes[i]);
        printf("set %c, code %X, U+%04X: %s\n", (int)codes[i].set, codes[i].marc, (unsigned)codes[i].ucs,
               why != NULL ? why : "UNEXPLAINED");
        assert_non_null(why);
        differences++;
    }
    return differences;
}

static void every_code__is_read_and_written_as_the_tables_say(void **state)
{
    enum { CODES = 20000 };
    size_t length = 0;
    buffer marc8;
    buffer wanted;
    buffer ours;
    (void)state;
    char *file = file_bytes(TABLES, &length);
    if (file == NULL) {
        printf("skipped: no %s beside the checkout\n", TABLES);
        skip();
    }
    file[length] = '\0'; /* file_bytes leaves room for it */
    listed_code *codes = calloc(CODES, sizeof *codes);
    assert_non_null(codes);
    size_t count = read_tables(codes, CODES, file);
    assert_true(count > 16000);
    buffer_init(&marc8, 0);
    buffer_init(&wanted, 0);
    buffer_init(&ours, 0);
    for (size_t i = 0; i < count; i++)
        put_lines(&marc8, &wanted, &codes[i]);
    assert_int_equal(marc8_to_utf8(&ours, buffer_text(&marc8), false, NULL, NULL), RECTO_OK);
    size_t differences = compare_lines(codes, count, buffer_text(&ours), buffer_text(&wanted));
    assert_int_equal(differences, sizeof explained / sizeof *explained);
    buffer_clear(&wanted);
    for (size_t i = 0; i < count; i++)
        if (explanation(&codes[i]) == NULL)
            put_lines(&marc8, &wanted, &codes[i]);
    buffer_clear(&marc8); /* now as we write it */
    buffer_clear(&ours);
    charset_loss loss;
    assert_int_equal(utf8_marc8_loss(buffer_text(&wanted), &loss, NULL), RECTO_OK);
    assert_int_equal(loss.count, 0);
    assert_int_equal(utf8_to_marc8(&marc8, buffer_text(&wanted), false, NULL, NULL), RECTO_OK);
    assert_int_equal(marc8_to_utf8(&ours, buffer_text(&marc8), false, NULL, NULL), RECTO_OK);
    assert_true(text_equal(buffer_text(&ours), buffer_text(&wanted)));
    printf("%zu codes, %zu of them differ and are explained\n", count, differences);
    buffer_release(&marc8);
    buffer_release(&wanted);
    buffer_release(&ours);
    free(codes);
    free(file);
}

/* Records of which yaz-marcdump and MARC::Batch give different readings, and ours: some bytes of a line of the field. */
static const struct {
    const char *file;
    size_t record;
    const char *tag, *ours, *why;
} choices[] = {
#define UNFLAGGED "leader/09 is blank, but the bytes are UTF-8 throughout: read as UTF-8, and reported"
    { "utf8/evergreen-maps.mrc", 1, "255", "$c(W 126\xE2\x81\xB0--W 124\xE2\x81\xB0", UNFLAGGED },
    { "utf8/evergreen-maps.mrc", 2, "255",
      "119\xE2\x81\xB0"
      "45\xCA\xB9"
      "00\xCA\xBA",
      UNFLAGGED },
    { "utf8/evergreen-maps.mrc", 3, "255", "$c(W 122\xE2\x81\xB0--W 118\xE2\x81\xB0", UNFLAGGED },
    { "utf8/lc-marcedit-sample.mrc", 19, "2 4", "2 4 ", "a tag that is none stays as it came; validation names it" },
    { "utf8/lc-marcedit-sample.mrc", 335, "880", "\xEF\xBC\x91\x12\xE7\xA5\xAD",
      "a control character is kept; validation names it" },
#define HYPHEN "an indicator that is a hyphen is an indicator; it is not for a reader to blank it"
    { "utf8/pride-and-prejudice-fixed.mrc", 9, "876", "876 -1 $lMIT01", HYPHEN },
    { "utf8/pride-and-prejudice-fixed.mrc", 28, "876", "876 -1 $lMIT01", HYPHEN },
    { "utf8/pride-and-prejudice-fixed.mrc", 65, "876", "876 -1 $lMIT01", HYPHEN },
    { "utf8/pride-and-prejudice-fixed.mrc", 119, "876", "876 -1 $lMIT01", HYPHEN },
    { "utf8/pride-and-prejudice-fixed.mrc", 168, "876", "876 -1 $lMIT01", HYPHEN },
    { "utf8/pride-and-prejudice-fixed.mrc", 255, "876", "876 -1 $lMIT01", HYPHEN },
    { "utf8/pride-and-prejudice-fixed.mrc", 256, "876", "876 -1 $lMIT01", HYPHEN },
#define ON_BLANK "a mark before a blank sits on the blank, as it came; it does not jump to the next letter"
    { "marc8/hebrew-20.mrc", 7, "240",
      "Orah \xCC\xA3h\xCC\xA3"
      "ayim",
      ON_BLANK },
    { "marc8/hebrew-20.mrc", 18, "880", "\xD7\xA9\xD7\x95\x7F\xD7\xAA",
      "a DEL among Hebrew letters is kept, and the letters are read all the same" },
    { "marc8/jazz-1000.mrc", 874, "505",
      "Relaxin \xCC\x80"
      "at",
      ON_BLANK },
    { "marc8/jazz-1000.mrc", 877, "505", "o \xCC\x80the wisp", ON_BLANK },
    { "marc8/marc4j-mixed.mrc", 9, "082", "082 \xC3\xB8\\ $a155.4/23",
      "an indicator is text too: B2 is the letter that it stands for" },
    { "marc8/uva-2000.mrc", 904, "245",
      "e \xCC\x81"
      "de Montesquieu",
      ON_BLANK },
    { "marc8/uva-2000.mrc", 1237, "245", "precaucion a \xCC\x81los buenos", ON_BLANK },
    { "marc8/yaz-arabic-greek-cjk.mrc", 1, "001",
      "001 000\x1F"
      "a9\\181",
      "a control field has no subfields: all its bytes are its data" },
    { "marc8/yaz-arabic-greek-cjk.mrc", 2, "001",
      "001 000\x1F"
      "a9\\182",
      "a control field has no subfields: all its bytes are its data" },
    { "marc8/yaz-arabic-greek-cjk.mrc", 5, "505", "~;\xEF\xBF\xBD;@02D8",
      "a code that no set has stands as U+FFFD and is reported as lost" },
    { "marc8/yaz-arabic-greek-cjk.mrc", 6, "880", "$a\xE5\x88\x98\xE6\x97\xAD\xE6\x81\xAD,$eauthor",
      "two undefined codes and a form feed: the former stand as U+FFFD and are reported, the latter is kept" },
};

static bool has_field(const marc_record *record, const char *tag, const char *ours)
{
    for (size_t i = 0; i < marc_record_count(record); i++) {
        char *line = memcmp(marc_record_field(record, i)->tag, tag, 3) == 0 ? line_of(record, i) : NULL;
        bool found = line != NULL && strstr(line, ours) != NULL;
        free(line);
        if (found)
            return true;
    }
    return false;
}

static void check_choice(size_t index)
{
    char path[300];
    size_t length = 0;
    marc_reader *reader = NULL;
    marc_record *record = NULL;
    marc_reader_options options = { .format = MARC_FORMAT_ISO2709 };
    snprintf(path, sizeof path, SHARED_MARC "/%s", choices[index].file);
    char *bytes = file_bytes(path, &length);
    assert_non_null(bytes);
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    assert_int_equal(marc_reader_new_bytes(&reader, text_of(bytes, length), path, &options, NULL), RECTO_OK);
    for (size_t i = 0; i < choices[index].record; i++)
        assert_int_equal(marc_reader_next(reader, record, NULL), RECTO_OK);
    if (!has_field(record, choices[index].tag, choices[index].ours))
        fail_msg("%s, record %zu, field %s is not read as chosen: %s", choices[index].file, choices[index].record,
                 choices[index].tag, choices[index].why);
    marc_reader_free(reader);
    marc_record_free(record);
    free(bytes);
}

static void where_others_disagree__we_have_chosen(void **state)
{
    size_t length = 0;
    size_t lines = 0;
    (void)state;
    char *listed = file_bytes(SHARED_MARC "/expected/disagreements.tsv", &length);
    if (listed == NULL) {
        printf("skipped: no %s beside the checkout\n", SHARED_MARC);
        skip();
    }
    text rest = text_of(listed, length);
    text_next_field(&rest, '\n'); /* the names of the columns */
    for (text line = text_next_field(&rest, '\n'); line.length > 0; line = text_next_field(&rest, '\n'), lines++) {
        text file = text_next_field(&line, '\t');
        int64_t record = 0;
        bool chosen = false;
        assert_true(text_to_integer(text_next_field(&line, '\t'), &record));
        for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
            chosen = chosen || (text_equal(file, text_from(choices[i].file)) && choices[i].record == (size_t)record);
        if (!chosen)
            fail_msg("%.*s, record %lld: no choice is documented", (int)file.length, file.bytes, (long long)record);
    }
    assert_int_equal(lines, sizeof choices / sizeof *choices);
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        check_choice(i);
    free(listed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code__is_read_and_written_as_the_tables_say),
        cmocka_unit_test(where_others_disagree__we_have_chosen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
