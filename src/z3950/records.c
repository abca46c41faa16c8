/* src/z3950/records.c - what a target sent, as MARC.
 *
 * The bytes are kept as they came, beside the record read from them; what cannot be read is listed with its reason and is
 * never imported half (SR-52). Character sets are marc/'s business; a target that lies about its own has a setting. */
#include "run.h"
#include "recto/base/utf8.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct oddities { /* the first oddity of a record, for its row */
    char first[200];
} oddities;

static void note_oddity(void *context, const marc_oddity *oddity)
{
    oddities *seen = context;
    if (seen->first[0] == '\0')
        snprintf(seen->first, sizeof seen->first, "%s", oddity->message);
}

static recto_status read_marc(marc_record **out, text raw, marc_format format, marc_encoding encoding, oddities *seen,
                              recto_error *error)
{
    marc_reader *reader = NULL;
    marc_record *record = NULL;
    marc_reader_options options = { .format = format, .encoding = encoding, .report = note_oddity, .report_context = seen };
    recto_status status = marc_record_new(&record, error);
    if (status == RECTO_OK)
        status = marc_reader_new_bytes(&reader, raw, "record", &options, error);
    if (status == RECTO_OK)
        status = marc_reader_next(reader, record, error);
    if (status == RECTO_END)
        status = recto_fail(error, RECTO_EDATA, NULL, NULL, "no record in it");
    marc_reader_free(reader);
    if (status != RECTO_OK) {
        marc_record_free(record);
        return status;
    }
    *out = record;
    return RECTO_OK;
}

static external_hit *new_hit(run *run, size_t number)
{
    if (run->hit_count == run->hit_capacity) {
        size_t capacity = run->hit_capacity == 0 ? 16 : run->hit_capacity * 2;
        external_hit **grown =
            realloc(run->hits, capacity * sizeof(external_hit *)); /* NOLINT(bugprone-sizeof-expression): pointers are meant */
        if (grown == NULL)
            return NULL;
        run->hits = grown;
        run->hit_capacity = capacity;
    }
    external_hit *hit = calloc(1, sizeof *hit);
    if (hit == NULL)
        return NULL;
    hit->target = &run->entry->shown;
    hit->number = number;
    run->hits[run->hit_count++] = hit;
    return hit;
}

/* The reason a record cannot be had, safe for the screen and cut at a character. */
static void set_problem(external_hit *hit, const char *message)
{
    buffer shown;
    buffer_init(&shown, 8 * 1024);
    display_append(&shown, text_from(message), true);
    string_keep(hit->problem, sizeof hit->problem, buffer_text(&shown));
    buffer_release(&shown);
}

static void keep_raw(external_hit *hit, const char *bytes, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy == NULL)
        return;
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    hit->raw = text_of(copy, length);
}

/* A surrogate diagnostic: the target has the record and will not send it. */
static bool take_diagnostic(run *run, external_hit *hit, ZOOM_record record)
{
    char sentence[DIAGNOSTIC_SENTENCE];
    const char *words = NULL, *detail = NULL, *set = NULL;
    int code = ZOOM_record_error(record, &words, &detail, &set);
    if (code == 0)
        return false;
    diagnostic found = { .set = diagnostic_set_named(set), .code = code, .detail = detail, .record = hit->number };
    diagnostic_sentence(sentence, run->entry, &found);
    set_problem(hit, sentence);
    return true;
}

static marc_format format_of(const char *syntax, text raw)
{
    if (strcasecmp(syntax, "usmarc") == 0)
        return MARC_FORMAT_ISO2709;
    if (strcasecmp(syntax, "xml") == 0)
        return marc_format_sniff(text_of(raw.bytes, raw.length < 4096 ? raw.length : 4096)) == MARC_FORMAT_MARCXML
                   ? MARC_FORMAT_MARCXML
                   : MARC_FORMAT_UNKNOWN;
    return MARC_FORMAT_UNKNOWN;
}

/* MARC-8 comes out with its accents behind the letters; nobody else has seen that form, so it is composed at once (SR-50). */
static void compose(marc_record *record)
{
    buffer composed;
    buffer_init(&composed, 0);
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        buffer_clear(&composed);
        utf8_nfc(&composed, field->content);
        if (!buffer_failed(&composed) && !text_equal(buffer_text(&composed), field->content)) {
            char tag[MARC_TAG_LENGTH + 1];
            memcpy(tag, field->tag, sizeof tag);
            (void)marc_record_replace(record, i, tag, buffer_text(&composed), NULL); /* no memory: as it was */
        }
    }
    buffer_release(&composed);
}

static void take_bytes(run *run, external_hit *hit, const char *syntax)
{
    char message[400];
    recto_error error = { .status = RECTO_OK };
    oddities seen = { "" };
    marc_record *record = NULL;
    marc_format format = format_of(syntax, hit->raw);
    if (format == MARC_FORMAT_UNKNOWN) {
        snprintf(message, sizeof message, "record %zu came as %.40s, not as MARC 21; it can be viewed, not imported", hit->number,
                 syntax);
        set_problem(hit, message);
        return;
    }
    if (read_marc(&record, hit->raw, format, run->entry->encoding, &seen, &error) != RECTO_OK) {
        snprintf(message, sizeof message, "record %zu: damaged (%s)", hit->number, error.what);
        set_problem(hit, message);
    } else if (seen.first[0] != '\0') {
        set_problem(hit, seen.first);
    }
    if (record != NULL && format == MARC_FORMAT_ISO2709 && hit->raw.length > 9 && hit->raw.bytes[9] != 'a')
        compose(record);
    hit->record = record;
}

void run_take_record(run *run, ZOOM_record record, size_t number)
{
    int length = 0, syntax_length = 0;
    external_hit *hit = new_hit(run, number);
    if (hit == NULL || take_diagnostic(run, hit, record))
        return;
    const char *syntax = ZOOM_record_get(record, "syntax", &syntax_length);
    const char *bytes = ZOOM_record_get(record, "raw", &length);
    if (bytes != NULL && length > 0)
        keep_raw(hit, bytes, (size_t)length);
    if (hit->raw.length > 0)
        take_bytes(run, hit, syntax == NULL ? "an unknown syntax" : syntax);
    else
        set_problem(hit, "the record came in a form that cannot be shown");
}

void run_free_hits(run *run)
{
    for (size_t i = 0; i < run->hit_count; i++) {
        marc_record_free((marc_record *)run->hits[i]->record); /* lent as const; the run is the owner */
        free((char *)run->hits[i]->raw.bytes);
        free(run->hits[i]);
    }
    free(run->hits);
    run->hits = NULL;
    run->hit_count = run->hit_capacity = 0;
}
