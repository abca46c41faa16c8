/* tests/example/titles.c - librecto by example: `titles FILE` prints title and OCLC number of each record of a file in any
 * format, what is wrong with it, and writes the records with a note in them to standard output as MARCXML.
 *
 *   cc -Iinclude titles.c librecto.a -lxml2 -lutf8proc -o titles
 *
 * The library is one archive with its tables built in. It needs libxml2 (reading MARCXML) and utf8proc (Unicode), nothing else.
 */
#include "recto/base/resource.h"
#include "recto/marc/edit.h"
#include "recto/marc/formats.h"
#include "recto/marc/standard_numbers.h"
#include "recto/marc/validate.h"

#include <stdio.h>

static ssize_t read_file(void *context, char *bytes, size_t capacity, recto_error *error)
{
    size_t length = fread(bytes, 1, capacity, context);
    if (length == 0 && ferror(context)) {
        recto_fail(error, RECTO_EIO, NULL, NULL, "reading failed");
        return -1;
    }
    return (ssize_t)length;
}

static recto_status open_tables(marc_tables **tables, recto_error *error)
{
    size_t count = 0;
    const char *const *names = marc_tables_files(&count);
    recto_status status = marc_tables_new(tables, error);
    for (size_t i = 0; i < count && status == RECTO_OK; i++) {
        resource file;
        status = resource_open_built_in(&file, names[i], error);
        if (status == RECTO_OK) {
            status = marc_tables_add(*tables, file.content, names[i], error);
            resource_release(&file);
        }
    }
    return status;
}

static bool print_oclc(void *context, const marc_key *key)
{
    (void)context;
    if (key->kind == MARC_KEY_OCLC)
        fprintf(stderr, "  OCLC %.*s from %s\n", (int)key->key.length, key->key.bytes, key->tag);
    return true;
}

static void print_finding(void *context, const marc_finding *finding)
{
    (void)context;
    fprintf(stderr, "  %s: %s: %s\n", marc_severity_name(finding->severity), finding->where, finding->message);
}

/* The edit takes the record and keeps it until it is freed; what it did could be undone. */
static recto_status note_and_write(buffer *out, marc_record **record, const marc_writer_options *options, recto_error *error)
{
    static const char note[] = "  \x1F"
                               "aSeen by the example.";
    marc_edit *edit = NULL;
    recto_status status = marc_edit_new(&edit, record, error);
    if (status == RECTO_OK)
        status = marc_edit_insert(edit, marc_record_place(marc_edit_record(edit), "500"), "500", TEXT(note), error);
    if (status == RECTO_OK)
        status = marc_write_record(out, marc_edit_record(edit), options, error);
    marc_edit_free(edit);
    return status;
}

static recto_status show(buffer *out, marc_record **record, const marc_tables *tables, recto_error *error)
{
    const marc_writer_options options = { .format = MARC_FORMAT_MARCXML };
    buffer title;
    buffer_init(&title, 0);
    marc_record_title(&title, *record);
    fprintf(stderr, "%s\n", buffer_string(&title));
    buffer_release(&title);
    marc_record_keys(*record, print_oclc, NULL);
    recto_status status = marc_validate(*record, tables, print_finding, NULL, error);
    return status == RECTO_OK ? note_and_write(out, record, &options, error) : status;
}

static recto_status read_all(buffer *out, FILE *file, const char *name, const marc_tables *tables, recto_error *error)
{
    const marc_reader_options options = { .format = MARC_FORMAT_UNKNOWN };
    marc_reader *reader = NULL;
    recto_status status = marc_reader_new(&reader, read_file, file, name, &options, error);
    while (status == RECTO_OK) {
        marc_record *record = NULL;
        status = marc_record_new(&record, error);
        if (status == RECTO_OK)
            status = marc_reader_next(reader, record, error);
        if (status == RECTO_OK) {
            status = show(out, &record, tables, error);
        } else if (status == RECTO_EDATA || status == RECTO_ELIMIT) {
            fprintf(stderr, "%s: %s\n", error->where, error->what); /* this one is left out, the next is read */
            status = RECTO_OK;
        }
        marc_record_free(record);
    }
    marc_reader_free(reader);
    return status == RECTO_END ? RECTO_OK : status;
}

int main(int count, char **arguments)
{
    const marc_writer_options options = { .format = MARC_FORMAT_MARCXML };
    recto_error error = { 0 };
    marc_tables *tables = NULL;
    buffer out;
    FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;
    if (file == NULL) {
        fprintf(stderr, "usage: titles FILE\n");
        return 2;
    }
    buffer_init(&out, 0);
    recto_status status = open_tables(&tables, &error);
    if (status == RECTO_OK)
        status = marc_write_begin(&out, &options, &error);
    if (status == RECTO_OK)
        status = read_all(&out, file, arguments[1], tables, &error);
    if (status == RECTO_OK)
        status = marc_write_end(&out, &options, &error);
    fwrite(buffer_string(&out), 1, out.length, stdout);
    if (status != RECTO_OK)
        fprintf(stderr, "%s: %s. %s\n", error.where, error.what, error.todo);
    buffer_release(&out);
    marc_tables_free(tables);
    fclose(file);
    return recto_exit_status(status);
}
