/* tests/marc/hostile_test.c - hostile input without a fuzzer: the targets of tests/fuzz with their seeds, with the seeds spoilt
 * in a fixed order, and with single-byte faults in every real file; and how much memory the worst inputs take.
 *
 * FAULTS says how many faults each file gets (1000; 100 under the sanitizers). A fault is read with the records around it, not
 * with all of the file, unless FAULTS_WHOLE=1. Nothing may hang: an alarm ends the program. */
#include "marc_testing.h"

#include "fuzz/fuzz.h"
#include <dirent.h>
#include <ftw.h>
#include <unistd.h>

enum { SECONDS_EACH = 240, PIECE = 12 * 1024 };

#if defined(__SANITIZE_ADDRESS__)
enum { FAULTS_DEFAULT = 100, SPOILT_EACH = 15 };
#else
enum { FAULTS_DEFAULT = 1000, SPOILT_EACH = 150 };
#endif

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

static size_t faults_wanted(void)
{
    int64_t wanted = 0;
    const char *given = getenv("FAULTS");
    return given != NULL && text_to_integer(text_from(given), &wanted) && wanted > 0 ? (size_t)wanted : FAULTS_DEFAULT;
}

/* Calls visit with every seed of a target; the way there and back takes those of all. */
static size_t each_seed(const char *name, void (*visit)(const fuzz_target *target, text seed))
{
    static const char *const all[] = { "iso2709", "marcxml", "mrk", "json", "line" };
    const fuzz_target *target = fuzz_target_named(name);
    size_t count = 0;
    assert_non_null(target);
    for (size_t i = 0; i < (strcmp(name, "roundtrip") == 0 ? sizeof all / sizeof *all : 1); i++) {
        char folder[300];
        snprintf(folder, sizeof folder, "tests/fuzz/seeds/%s", strcmp(name, "roundtrip") == 0 ? all[i] : name);
        DIR *listing = opendir(folder);
        if (listing == NULL)
            fail_msg("no seeds in %s", folder);
        for (struct dirent *entry = readdir(listing); entry != NULL; entry = readdir(listing)) {
            char path[700];
            size_t length = 0;
            if (entry->d_name[0] == '.')
                continue;
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
            char *bytes = file_bytes(path, &length);
            visit(target, text_of(bytes, length));
            free(bytes);
            count++;
        }
        closedir(listing);
    }
    return count;
}

static void run_seed(const fuzz_target *target, text seed)
{
    fuzz_run(target, (const uint8_t *)seed.bytes, seed.length);
}

/* One of: a byte changed, bytes taken out, bytes doubled, the end cut off. */
static size_t spoil(char *bytes, size_t length, uint32_t *seed)
{
    size_t at = length > 0 ? next_random(seed) % length : 0;
    size_t count = 1 + next_random(seed) % 16;
    static const char telling[] = "\x1D\x1E\x1F\x1B\0{}[]<>&\"\\$=\n\xFF\xC2 09";
    if (count > length - at)
        count = length - at;
    switch (next_random(seed) % 5) {
    case 0:
        memmove(bytes + at, bytes + at + count, length - at - count);
        return length - count;
    case 1:
        memmove(bytes + at + count, bytes + at, length - at);
        return length + count;
    case 2:
        return next_random(seed) % 8 == 0 ? at : length;
    case 3:
        if (at < length)
            bytes[at] = telling[next_random(seed) % (sizeof telling - 1)];
        return length;
    default:
        if (at < length)
            bytes[at] = (char)next_random(seed);
        return length;
    }
}

static void run_spoilt(const fuzz_target *target, text seed)
{
    uint32_t random = 20261123;
    char *bytes = malloc(seed.length + 256);
    assert_non_null(bytes);
    for (int round = 0; round < SPOILT_EACH; round++) {
        size_t length = seed.length;
        memcpy(bytes, seed.bytes, length);
        for (uint32_t faults = 1 + next_random(&random) % 6; faults > 0; faults--)
            length = spoil(bytes, length, &random);
        fuzz_run(target, (const uint8_t *)bytes, length);
    }
    free(bytes);
}

static void seeds__are_read_as_the_header_says(void **state)
{
    size_t count = 0;
    const fuzz_target *targets = fuzz_targets(&count);
    (void)state;
    alarm(SECONDS_EACH);
    for (size_t i = 0; i < count; i++) {
        assert_true(each_seed(targets[i].name, run_seed) >= 3);
        each_seed(targets[i].name, run_spoilt);
    }
    alarm(0);
}

/* Faults in real files. */

static marc_reader *open_bytes(text bytes, marc_format format)
{
    marc_reader_options options = { .format = format };
    marc_reader *reader = NULL;
    assert_int_equal(marc_reader_new_bytes(&reader, bytes, "faulty", &options, NULL), RECTO_OK);
    return reader;
}

static void read_through(text bytes, marc_format format, const char *path)
{
    marc_record *record = NULL;
    recto_error error = { 0 };
    recto_status status = RECTO_OK;
    size_t calls = 0;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    marc_reader *reader = open_bytes(bytes, format);
    while ((status = marc_reader_next(reader, record, &error)) != RECTO_END) {
        if (++calls > bytes.length + 1)
            fail_msg("%s: the reader stands still", path);
        if (status != RECTO_OK && (status != RECTO_EDATA && status != RECTO_ELIMIT))
            fail_msg("%s: status %d", path, (int)status);
        if (status != RECTO_OK && error.what[0] == '\0')
            fail_msg("%s: rejected without a word", path);
    }
    marc_reader_free(reader);
    marc_record_free(record);
}

/* Where the records of a sound or unsound file begin, as far as the reader tells. */
static size_t find_records(text bytes, marc_format format, size_t *starts, size_t capacity)
{
    marc_record *record = NULL;
    size_t count = 0;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    marc_reader *reader = open_bytes(bytes, format);
    while (count < capacity && marc_reader_next(reader, record, NULL) != RECTO_END) {
        size_t start = (size_t)marc_reader_offset(reader);
        if (start < bytes.length && (count == 0 || start > starts[count - 1]))
            starts[count++] = start;
    }
    marc_reader_free(reader);
    marc_record_free(record);
    return count;
}

/* The head of the file (an XML declaration and the root) and a few records: what a fault is read with. */
static size_t cut_piece(char *piece, text bytes, const size_t *starts, size_t count, uint32_t *seed)
{
    size_t first = count > 0 ? next_random(seed) % count : 0;
    size_t head = count > 0 && starts[0] < PIECE / 2 ? starts[0] : 0;
    size_t from = count > 0 ? starts[first] : 0;
    size_t to = first + 3 < count ? starts[first + 3] : bytes.length;
    if (to - from > PIECE - head) /* a long record is cut, at its end or at its beginning */
        to = from + PIECE - head;
    memcpy(piece, bytes.bytes, head);
    memcpy(piece + head, bytes.bytes + from, to - from);
    return head + to - from;
}

static size_t files_tried;
static size_t faults_tried;

static void fault_bytes(text bytes, marc_format format, const char *path, size_t faults)
{
    enum { RECORDS = 4096 };
    bool whole = getenv("FAULTS_WHOLE") != NULL;
    uint32_t seed = 20261123;
    size_t *starts = calloc(RECORDS, sizeof *starts);
    char *piece = malloc((whole ? bytes.length : PIECE) + 1);
    assert_true(starts != NULL && piece != NULL);
    size_t count = find_records(bytes, format, starts, RECORDS);
    alarm(SECONDS_EACH);
    for (size_t round = 0; round < faults; round++) {
        size_t length = bytes.length;
        if (whole)
            memcpy(piece, bytes.bytes, length);
        else
            length = cut_piece(piece, bytes, starts, count, &seed);
        piece[next_random(&seed) % length] = (char)next_random(&seed);
        read_through(text_of(piece, length), format, path);
        faults_tried++;
    }
    alarm(0);
    free(piece);
    free(starts);
}

/* The first records of the file in the text formats, of which there are no real files here. */
static void fault_as_text(text bytes, marc_format from, const char *path)
{
    static const marc_format formats[] = { MARC_FORMAT_MRK, MARC_FORMAT_JSON, MARC_FORMAT_LINE };
    marc_record *record = NULL;
    assert_int_equal(marc_record_new(&record, NULL), RECTO_OK);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        marc_writer_options options = { .format = formats[i] };
        marc_reader *reader = open_bytes(bytes, from);
        buffer out;
        buffer_init(&out, 0);
        for (recto_status status = RECTO_OK; status != RECTO_END && out.length < PIECE;) {
            status = marc_reader_next(reader, record, NULL);
            if (status == RECTO_OK)
                marc_write_record(&out, record, &options, NULL);
        }
        if (out.length > 0)
            fault_bytes(buffer_text(&out), formats[i], path, (faults_wanted() + 9) / 10);
        buffer_release(&out);
        marc_reader_free(reader);
    }
    marc_record_free(record);
}

static int fault_file(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    size_t length = 0;
    size_t path_length = strlen(path);
    (void)about, (void)place;
    bool records =
        path_length > 4 && (strcmp(path + path_length - 4, ".mrc") == 0 || strcmp(path + path_length - 4, ".xml") == 0);
    if (kind != FTW_F || !records || strstr(path, "/expected/") != NULL)
        return 0;
    char *bytes = file_bytes(path, &length);
    text whole = text_of(bytes, length);
    marc_format format = marc_format_sniff(text_of(bytes, length < 4096 ? length : 4096));
    if (format == MARC_FORMAT_UNKNOWN)
        format = MARC_FORMAT_ISO2709;
    if (length > 0) {
        fault_bytes(whole, format, path, faults_wanted());
        fault_as_text(whole, format, path);
        files_tried++;
    }
    free(bytes);
    return 0;
}

static void a_thousand_faults_in_each_real_file__end_in_words(void **state)
{
    (void)state;
    if (access(SHARED_MARC "/manifest.tsv", R_OK) != 0) {
        printf("skipped: no %s beside the checkout\n", SHARED_MARC);
        skip();
    }
    files_tried = faults_tried = 0;
    assert_int_equal(nftw(SHARED_MARC, fault_file, 16, FTW_PHYS), 0);
    printf("%zu faults in %zu files\n", faults_tried, files_tried);
    assert_true(files_tried > 100);
}

/* Memory: the inputs that take most of it for each byte of theirs. */

static void check_memory(const char *target, const char *before, const char *again, const char *after, size_t size)
{
    buffer input;
    buffer_init(&input, 0);
    buffer_append_string(&input, before);
    while (input.length + strlen(after) < size)
        buffer_append_string(&input, again);
    buffer_append_string(&input, after);
    assert_false(buffer_failed(&input));
    fuzz_memory_begin();
    fuzz_target_named(target)->run((const uint8_t *)input.bytes, input.length);
    size_t most = fuzz_memory_most();
    printf("%-8s %-24.24s %zu bytes: %zu, %.1f times\n", target, again, input.length, most,
           most > FUZZ_MEMORY_CONSTANT ? (double)(most - FUZZ_MEMORY_CONSTANT) / (double)input.length : 0.0);
    if (most > FUZZ_MEMORY_MULTIPLE * input.length + FUZZ_MEMORY_CONSTANT)
        fail_msg("%s: %zu bytes in use for an input of %zu, made of %s", target, most, input.length, again);
    buffer_release(&input);
}

static void memory__is_bounded_by_a_multiple_of_the_input(void **state)
{
    static const struct {
        const char *target, *before, *again, *after;
    } cases[] = {
        { "mrk", "=LDR  00000nam a2200000 i 4500\n", "=500  \\\\\n", "" },
        { "mrk", "=LDR  00000nam a2200000 i 4500\n", "=500  \\\\$\n", "\n" },
        { "mrk", "", "=001  \n\n", "" },
        { "mrk", "=LDR  00000nam a2200000 i 4500\n=500  \\\\", "$a", "" },
        { "mrk", "=LDR  00000nam a2200000 i 4500\n=500  \\\\$a", "{eacute}", "" },
        { "line", "LDR 00000nam a2200000 i 4500\n", "500 \\\\\n", "" },
        { "line", "", "001 \n\n", "" },
        { "line", "LDR 00000nam a2200000 i 4500\n500 \\\\ ", "$a", "" },
        { "json", "{\"leader\":\"00000nam a2200000 i 4500\",\"fields\":[{\"001\":\"x\"}", ",{\"001\":\"\"}", "]}" },
        { "json", "{\"leader\":\"00000nam a2200000 i 4500\",\"fields\":[{\"001\":\"x\"}", ",{\"500\":{}}", "]}" },
        { "json", "", "{\"fields\":[]}", "" },
        { "json", "{\"fields\":", "[", "" },
        { "marcxml", "<collection>", "<record/>", "</collection>" },
        { "marcxml", "<record>", "<datafield/>", "</record>" },
        { "marcxml", "<record>", "<datafield tag='500'/>", "</record>" },
        { "marcxml", "<record><datafield tag='500'>", "<subfield/>", "</datafield></record>" },
        { "marcxml", "<record><controlfield tag='001'>", "&#65;", "</controlfield></record>" },
        { "marcxml", "<record ", " a", "='x'/>" },
        { "iso2709", "", "00026nam a2200025 i 4500\x1E\x1D", "" },
        { "iso2709", "", "00000nam a2200000 i 4500", "" },
        { "iso2709", "99999nam a2299999 i 4500", "500000100000", "\x1E\x1E\x1D" },
        { "iso2709", "99999nam  2200025 a 4500\x1E", "\xE1", "\x1E\x1D" },
        { "iso2709", "", "\x1E", "\x1D" },
        { "marc8", "", "\x1B$1!0!\x1B(B", "" },
        { "marc8", "", "\xE2", "" },
    };
    (void)state;
    alarm(SECONDS_EACH);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_memory(cases[i].target, cases[i].before, cases[i].again, cases[i].after, 1 << 20);
    alarm(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seeds__are_read_as_the_header_says),
        cmocka_unit_test(a_thousand_faults_in_each_real_file__end_in_words),
        cmocka_unit_test(memory__is_bounded_by_a_multiple_of_the_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
