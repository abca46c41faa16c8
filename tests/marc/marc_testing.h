/* tests/marc/marc_testing.h - what the tests of the marc room share: records from lines, reading all of a text, files. */
#ifndef RECTO_TESTS_MARC_TESTING_H
#define RECTO_TESTS_MARC_TESTING_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recto/marc/charset.h"
#include "recto/marc/formats.h"

/* What a reader said while it read. */
typedef struct heard {
    size_t count;
    char codes[40][32];
    size_t numbers[40];
    uint64_t offsets[40];
} heard;

__attribute__((unused)) static void hear(void *context, const marc_oddity *oddity)
{
    heard *heard = context;
    if (heard->count < 40) {
        snprintf(heard->codes[heard->count], sizeof heard->codes[0], "%s", oddity->code);
        heard->numbers[heard->count] = oddity->record_number;
        heard->offsets[heard->count] = oddity->offset;
    }
    heard->count++;
}

__attribute__((unused)) static bool was_heard(const heard *heard, const char *code)
{
    for (size_t i = 0; i < heard->count && i < 40; i++)
        if (strcmp(heard->codes[i], code) == 0)
            return true;
    return false;
}

/* A source that hands out `step` bytes at a time, so that every seam between two reads is tried. */
typedef struct trickle {
    text rest;
    size_t step;
} trickle;

__attribute__((unused)) static ssize_t trickle_read(void *context, char *bytes, size_t capacity, recto_error *error)
{
    trickle *trickle = context;
    size_t length = trickle->step < capacity ? trickle->step : capacity;
    (void)error;
    if (length > trickle->rest.length)
        length = trickle->rest.length;
    if (length > 0)
        memcpy(bytes, trickle->rest.bytes, length);
    trickle->rest = text_of(trickle->rest.bytes + length, trickle->rest.length - length);
    return (ssize_t)length;
}

__attribute__((unused)) static marc_record *parse(text bytes, marc_format format)
{
    marc_record *record = NULL;
    recto_error error = { 0 };
    recto_status status = marc_record_parse(&record, bytes, format, &error);
    if (status != RECTO_OK)
        print_error("%s: %s\n", error.where, error.what);
    assert_int_equal(status, RECTO_OK);
    return record;
}

__attribute__((unused)) static marc_record *from_lines(const char *lines)
{
    return parse(text_from(lines), MARC_FORMAT_LINE);
}

/* The record in a format, as a string of its own: free() it. */
__attribute__((unused)) static char *written(const marc_record *record, marc_format format)
{
    marc_writer_options options = { .format = format, .keep_bytes = true };
    recto_error error = { 0 };
    buffer out;
    buffer_init(&out, 0);
    recto_status status = marc_write_record(&out, record, &options, &error);
    if (status != RECTO_OK)
        print_error("%s: %s\n", error.where, error.what);
    assert_int_equal(status, RECTO_OK);
    return buffer_take(&out);
}

__attribute__((unused)) static char *line_of(const marc_record *record, size_t index)
{
    buffer out;
    buffer_init(&out, 0);
    marc_field_line(&out, marc_record_field(record, index));
    return buffer_take(&out);
}

__attribute__((unused)) static void check_line(const marc_record *record, size_t index, const char *want)
{
    char *line = line_of(record, index);
    assert_string_equal(line, want);
    free(line);
}

#define SHARED_MARC "../shared/data/marc"

/* Whole file, or NULL with a length of 0. free() the bytes. */
__attribute__((unused)) static char *file_bytes(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    char *bytes = NULL;
    *length = 0;
    if (file == NULL)
        return NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        bytes = malloc((size_t)size + 1);
        if (bytes != NULL)
            *length = fread(bytes, 1, (size_t)size, file);
    }
    fclose(file);
    return bytes;
}

#endif
