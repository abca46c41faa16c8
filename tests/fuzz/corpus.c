/* tests/fuzz/corpus.c - makes seeds for the fuzzers out of files of records: `corpus OUT FILE...`. Of each file a few records,
 * in every format that takes them, go to OUT/FORMAT/ and OUT/roundtrip/; the text of MARC-8 fields to OUT/marc8/; and what no
 * reader likes goes there as its beginning. Nothing that is larger than a small input is kept. */
#include "recto/marc/formats.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LARGEST = 6 * 1024, OF_EACH_FILE = 4, FILE_LIMIT = 8 << 20 };

static const marc_format formats[] = { MARC_FORMAT_ISO2709, MARC_FORMAT_MARCXML, MARC_FORMAT_MRK, MARC_FORMAT_JSON,
                                       MARC_FORMAT_LINE };
static const char *const folders[] = { "", "iso2709", "marcxml", "mrk", "json", "line" };

static void save(const char *out, const char *folder, const char *name, size_t number, text bytes)
{
    char path[600];
    if (bytes.length == 0 || bytes.length > LARGEST)
        return;
    snprintf(path, sizeof path, "%s/%s", out, folder);
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return;
    snprintf(path, sizeof path, "%s/%s/%s-%zu", out, folder, name, number);
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return;
    fwrite(bytes.bytes, 1, bytes.length, file);
    fclose(file);
}

static void save_record(const char *out, const char *name, size_t number, const marc_record *record)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        marc_writer_options options = { .format = formats[i], .keep_bytes = true };
        buffer bytes;
        buffer_init(&bytes, 0);
        bool written = marc_write_begin(&bytes, &options, NULL) == RECTO_OK &&
                       marc_write_record(&bytes, record, &options, NULL) == RECTO_OK &&
                       marc_write_end(&bytes, &options, NULL) == RECTO_OK;
        if (written) {
            save(out, folders[formats[i]], name, number, buffer_text(&bytes));
            save(out, "roundtrip", name, number * 10 + i, buffer_text(&bytes));
        }
        buffer_release(&bytes);
    }
}

static void save_marc8(const char *out, const char *name, size_t number, const marc_record *record)
{
    for (size_t i = 0; i < marc_record_count(record); i++) {
        text content = marc_record_field(record, i)->content;
        if (content.length > 0 && memchr(content.bytes, 0x1B, content.length) != NULL)
            save(out, "marc8", name, number * 100 + i, content);
    }
}

static void take_file(const char *out, const char *path, text bytes)
{
    marc_reader_options options = { .format = MARC_FORMAT_UNKNOWN, .keep_bytes = true };
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    marc_reader *reader = NULL;
    marc_record *record = NULL;
    recto_status status = marc_record_new(&record, NULL);
    if (status == RECTO_OK)
        status = marc_reader_new_bytes(&reader, bytes, NULL, &options, NULL);
    for (size_t number = 1; number <= OF_EACH_FILE && status != RECTO_END && status != RECTO_ENOMEM; number++) {
        status = marc_reader_next(reader, record, NULL);
        marc_format format = marc_format_sniff(text_of(bytes.bytes, bytes.length < LARGEST ? bytes.length : LARGEST));
        text raw = marc_reader_raw(reader);
        save(out, folders[format], name, number * 1000, raw);
        if (status == RECTO_OK) {
            save_record(out, name, number, record);
            save_marc8(out, name, number, record);
        } else {
            save(out, "roundtrip", name, number * 1000, raw);
        }
    }
    marc_reader_free(reader);
    marc_record_free(record);
}

int main(int count, char **arguments)
{
    char *bytes = malloc(FILE_LIMIT);
    for (int i = 2; i < count && bytes != NULL; i++) {
        FILE *file = fopen(arguments[i], "rb");
        if (file == NULL)
            continue;
        size_t length = fread(bytes, 1, FILE_LIMIT, file);
        fclose(file);
        take_file(arguments[1], arguments[i], text_of(bytes, length));
    }
    free(bytes);
    return 0;
}
