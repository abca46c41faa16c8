/* tests/rules/support.h - rule files, records and their lines, for the tests of this room. */
#ifndef RECTO_TESTS_RULES_SUPPORT_H
#define RECTO_TESTS_RULES_SUPPORT_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recto/marc/formats.h"
#include "recto/rules/rules.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The first error and all faults of a parse. */
typedef struct faults {
    rule_fault first;   /* error */
    rule_fault warning; /* the first one */
    size_t errors, warnings;
} faults;

static inline void note_fault(void *context, const rule_fault *fault)
{
    faults *all = context;
    assert_true(fault->line > 0 && fault->column > 0 && fault->length > 0);
    assert_true(fault->message[0] != '\0');
    if (fault->warning && all->warnings++ == 0)
        all->warning = *fault;
    if (!fault->warning && all->errors++ == 0)
        all->first = *fault;
}

static inline rule_file *parse_with(faults *all, const char *source, rule_language language)
{
    rule_file *file = NULL;
    recto_error error = { 0 };
    *all = (faults){ 0 };
    recto_status status = rule_file_parse(&file, text_from(source), "test.rules", language, note_fault, all, &error);
    assert_true((status == RECTO_OK) == (file != NULL));
    assert_true((status == RECTO_OK) == (all->errors == 0));
    if (status != RECTO_OK) {
        assert_int_equal(status, RECTO_EDATA);
        assert_true(error.what[0] != '\0' && error.where[0] != '\0');
    }
    return file;
}

/* A file that must be good. */
static inline rule_file *good_file(const char *source)
{
    faults all;
    rule_file *file = parse_with(&all, source, RULES_UNKNOWN);
    if (file == NULL)
        fail_msg("%s: %s at %d:%d\n%s", all.first.code, all.first.message, all.first.line, all.first.column, source);
    return file;
}

static inline marc_record *record_of(const char *lines)
{
    marc_record *record = NULL;
    recto_error error = { 0 };
    if (marc_record_parse(&record, text_from(lines), MARC_FORMAT_LINE, &error) != RECTO_OK)
        fail_msg("%s %s\n%s", error.where, error.what, lines);
    return record;
}

static inline void append_lines(buffer *out, const marc_record *record, bool leader)
{
    if (leader) {
        buffer_append_string(out, "LDR ");
        for (size_t i = 0; i < MARC_LEADER_LENGTH; i++) {
            char byte = marc_record_leader(record)[i];
            buffer_append_char(out, byte == ' ' ? '\\' : byte);
        }
        buffer_append_char(out, '\n');
    }
    for (size_t i = 0; i < marc_record_count(record); i++) {
        marc_field_line(out, marc_record_field(record, i));
        buffer_append_char(out, '\n');
    }
}

/* A file of ../shared, whole, terminated, to be freed; NULL: not there. */
static inline char *read_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    *length = 0;
    if (file == NULL)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        bytes = size < 0 ? NULL : malloc((size_t)size + 1);
        if (bytes != NULL) {
            *length = fread(bytes, 1, (size_t)size, file);
            bytes[*length] = '\0';
        }
    }
    fclose(file);
    return bytes;
}

#endif
