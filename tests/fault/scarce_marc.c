/* tests/fault/scarce_marc.c - jobs of the MARC room, run while memory fails (scarce.h). */
#include "scarce.h"

#include "recto/base/resource.h"
#include "recto/marc/charset.h"
#include "recto/marc/cutter.h"
#include "recto/marc/edit.h"
#include "recto/marc/heading.h"
#include "recto/marc/linkage.h"
#include "recto/marc/three_way.h"
#include "recto/marc/title_keys.h"
#include "recto/marc/validate.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static void note_oddity(void *context, const marc_oddity *oddity)
{
    buffer_append_format(context, "%zu %s: %s\n", oddity->record_number, oddity->code, oddity->message);
}

static recto_status read_all(buffer *out, marc_reader *reader, recto_error *error)
{
    marc_record *record = NULL;
    recto_status status = marc_record_new(&record, error);
    while (status == RECTO_OK) {
        status = marc_reader_next(reader, record, error);
        if (status == RECTO_OK) {
            status = scarce_put_record(out, record, error);
        } else if (status == RECTO_EDATA || status == RECTO_ELIMIT) {
            buffer_append_format(out, "%zu is rejected: %s\n", marc_reader_number(reader), error->what);
            recto_error_clear(error);
            status = RECTO_OK;
        }
    }
    marc_record_free(record);
    return status == RECTO_END ? RECTO_OK : status;
}

static recto_status read_bytes(buffer *out, text bytes, const marc_reader_options *options, recto_error *error)
{
    marc_reader *reader = NULL;
    recto_status status = marc_reader_new_bytes(&reader, bytes, "sample", options, error);
    THEN(read_all(out, reader, error));
    marc_reader_free(reader);
    return status;
}

/* Few bytes at a time, as from a pipe. */
static ssize_t trickle(void *context, char *bytes, size_t capacity, recto_error *error)
{
    text *rest = context;
    const size_t length = rest->length < 37 ? rest->length : 37, given = length < capacity ? length : capacity;
    (void)error;
    memcpy(bytes, rest->bytes, given);
    *rest = text_of(rest->bytes + given, rest->length - given);
    return (ssize_t)given;
}

static recto_status read_stream(buffer *out, text bytes, recto_error *error)
{
    marc_reader *reader = NULL;
    const marc_reader_options options = { .report = note_oddity, .report_context = out };
    recto_status status = marc_reader_new(&reader, trickle, &bytes, "stream", &options, error);
    THEN(read_all(out, reader, error));
    marc_reader_free(reader);
    return status;
}

static recto_status read_format(buffer *out, const scarce_stage *stage, marc_format format, recto_error *error)
{
    const text bytes = buffer_text(&stage->samples[format]);
    recto_status status = read_bytes(out, bytes, &(marc_reader_options){ .report = note_oddity, .report_context = out }, error);
    THEN(read_stream(out, bytes, error));
    return status;
}

static recto_status read_iso2709(buffer *out, const scarce_stage *stage, recto_error *error)
{
    recto_status status = read_format(out, stage, MARC_FORMAT_ISO2709, error);
    THEN(read_bytes(out, buffer_text(&stage->samples[MARC_FORMAT_ISO2709]), &(marc_reader_options){ .lend = true }, error));
    return status;
}

static recto_status read_marc8(buffer *out, const scarce_stage *stage, recto_error *error)
{
    recto_status status = read_format(out, stage, MARC_FORMAT_UNKNOWN, error);
    THEN(read_bytes(out, buffer_text(&stage->samples[0]), &(marc_reader_options){ .references = true }, error));
    THEN(read_bytes(out, buffer_text(&stage->samples[0]), &(marc_reader_options){ .keep_bytes = true }, error));
    THEN(read_bytes(out, buffer_text(&stage->samples[0]), &(marc_reader_options){ .encoding = MARC_ENCODING_LATIN1 }, error));
    return status;
}

static recto_status read_marcxml(buffer *out, const scarce_stage *stage, recto_error *error)
{
    return read_format(out, stage, MARC_FORMAT_MARCXML, error);
}

static recto_status read_mrk(buffer *out, const scarce_stage *stage, recto_error *error)
{
    return read_format(out, stage, MARC_FORMAT_MRK, error);
}

static recto_status read_json(buffer *out, const scarce_stage *stage, recto_error *error)
{
    return read_format(out, stage, MARC_FORMAT_JSON, error);
}

static recto_status read_line(buffer *out, const scarce_stage *stage, recto_error *error)
{
    return read_format(out, stage, MARC_FORMAT_LINE, error);
}

/* Bytes that are claimed to be what they are not. */
static recto_status read_unsound(buffer *out, const scarce_stage *stage, recto_error *error)
{
    const marc_reader_options options = { .format = MARC_FORMAT_ISO2709, .report = note_oddity, .report_context = out };
    const text whole = buffer_text(&stage->samples[MARC_FORMAT_ISO2709]);
    buffer odd;
    buffer_init(&odd, 0);
    buffer_append_text(&odd, text_of("99999", 5));
    buffer_append_text(&odd, text_of(whole.bytes + 5, whole.length - 5));
    buffer_append_text(&odd, text_of("  \r\n", 4));
    buffer_append_text(&odd, text_of(whole.bytes, whole.length * 2 / 3));
    recto_status status = scarce_end(&odd, RECTO_OK, error);
    if (status == RECTO_OK) {
        memcpy(odd.bytes + 12, "00000", 5); /* the base address */
        odd.bytes[300] = '\xE9';
        status = read_bytes(out, buffer_text(&odd), &options, error);
    }
    buffer_release(&odd);
    return status;
}

static recto_status split(buffer *out, const scarce_stage *stage, recto_error *error)
{
    text rest = buffer_text(&stage->samples[MARC_FORMAT_ISO2709]);
    marc_splitter *splitter = NULL;
    uint64_t offset = 0;
    buffer block;
    buffer_init(&block, 0);
    recto_status status = marc_splitter_new(&splitter, trickle, &rest, 0, error);
    while (status == RECTO_OK) {
        status = marc_splitter_next(splitter, &block, 200, &offset, error);
        if (status == RECTO_OK)
            buffer_append_format(out, "%llu: %zu bytes\n", (unsigned long long)offset, block.length);
    }
    marc_splitter_free(splitter);
    buffer_release(&block);
    return status == RECTO_END ? RECTO_OK : status;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static recto_status write_all(buffer *out, const scarce_stage *stage, recto_error *error)
{
    static const marc_writer_options ways[] = {
        { .format = MARC_FORMAT_ISO2709 },
        { .format = MARC_FORMAT_ISO2709, .long_records = true, .keep_bytes = true },
        { .format = MARC_FORMAT_ISO2709, .encoding = MARC_ENCODING_MARC8, .lossy_references = true },
        { .format = MARC_FORMAT_ISO2709, .encoding = MARC_ENCODING_MARC8, .lossy = true },
        { .format = MARC_FORMAT_MARCXML },
        { .format = MARC_FORMAT_MRK },
        { .format = MARC_FORMAT_MRK, .mnemonics = true },
        { .format = MARC_FORMAT_JSON },
        { .format = MARC_FORMAT_LINE },
    };
    recto_status status = RECTO_OK;
    for (size_t i = 0; i < sizeof ways / sizeof *ways && status == RECTO_OK; i++) {
        THEN(marc_write_begin(out, &ways[i], error));
        THEN(marc_write_record(out, stage->own, &ways[i], error));
        THEN(marc_write_record(out, stage->other, &ways[i], error));
        THEN(marc_write_end(out, &ways[i], error));
    }
    return status;
}

static recto_status write_with_losses(buffer *out, const scarce_stage *stage, recto_error *error)
{
    const marc_writer_options options = { .format = MARC_FORMAT_ISO2709,
                                          .encoding = MARC_ENCODING_MARC8,
                                          .lossy_references = true };
    marc_writer *writer = NULL;
    recto_status status = marc_writer_new(&writer, &options, error);
    THEN(marc_writer_record(writer, out, stage->own, error));
    THEN(marc_writer_record(writer, out, stage->own, error));
    if (status == RECTO_OK)
        buffer_append_format(out, "%zu lost\n", marc_writer_losses(writer));
    marc_writer_free(writer);
    return status;
}

static recto_status convert(buffer *out, const scarce_stage *stage, recto_error *error)
{
    static const char mixed[] = "Ελληνικά Кириллица עברית العربية 漢字 e\u0301 t\u0361s H\u2082O \u20AC \U0001F600";
    charset_loss loss = { 0 }, seen = { 0 };
    buffer bytes;
    buffer_init(&bytes, 0);
    (void)stage;
    recto_status status = utf8_marc8_loss(text_from(mixed), &seen, error);
    THEN(utf8_to_marc8(&bytes, text_from(mixed), true, &loss, error));
    THEN(marc8_to_utf8(out, buffer_text(&bytes), true, &loss, error));
    THEN(marc8_to_utf8(out, buffer_text(&bytes), false, &loss, error));
    THEN(scarce_end(&bytes, status, error));
    buffer_append_format(out, " %zu %zu\n", seen.count, loss.count);
    buffer_release(&bytes);
    return status;
}

/* ---- editing ----------------------------------------------------------------------------------------------------- */

static recto_status open_edit(marc_edit **out, const marc_record *record, recto_error *error)
{
    marc_record *copy = NULL;
    recto_status status = marc_record_copy(&copy, record, error);
    THEN(marc_edit_new(out, &copy, error));
    marc_record_free(copy);
    return status;
}

static recto_status put_edit(buffer *out, const marc_edit *edit, recto_error *error)
{
    for (size_t step = 0; step < marc_edit_step_count(edit); step++) {
        marc_edit_step_describe(out, edit, step);
        buffer_append_char(out, '\n');
    }
    for (size_t i = 0; i < marc_record_count(marc_edit_record(edit)); i++)
        buffer_append_char(out, marc_edit_mark(edit, i));
    return scarce_put_record(out, marc_edit_record(edit), error);
}

static recto_status change(marc_edit *edit, const scarce_stage *stage, recto_error *error)
{
    char leader[MARC_LEADER_LENGTH + 1];
    memcpy(leader, marc_record_leader(marc_edit_record(edit)), sizeof leader);
    leader[5] = 'c';
    recto_status status = marc_edit_set_leader(edit, leader, error);
    THEN(marc_edit_insert(edit, 4, "500",
                          TEXT("  \x1F"
                               "aInserted."),
                          error));
    THEN(marc_edit_replace(edit, 4, "500",
                           TEXT("  \x1F"
                                "aInserted and typed."),
                           error));
    THEN(marc_edit_move(edit, 4, 9, error));
    THEN(marc_edit_remove(edit, 2, error));
    THEN(marc_edit_become(edit, stage->other, "become", error));
    return status;
}

static recto_status go_back_and_forth(marc_edit *edit, recto_error *error)
{
    size_t field = 0;
    recto_status status = RECTO_OK;
    while (status == RECTO_OK && marc_edit_can_undo(edit))
        status = marc_edit_undo(edit, &field, error);
    while (status == RECTO_OK && marc_edit_can_redo(edit))
        status = marc_edit_redo(edit, &field, error);
    return status;
}

static recto_status edit_record(buffer *out, const scarce_stage *stage, recto_error *error)
{
    marc_edit *edit = NULL, *again = NULL;
    buffer log;
    buffer_init(&log, 0);
    recto_status status = open_edit(&edit, stage->own, error);
    THEN(change(edit, stage, error));
    THEN(go_back_and_forth(edit, error));
    THEN(put_edit(out, edit, error));
    THEN(marc_edit_log_write(&log, edit, error));
    THEN(open_edit(&again, marc_edit_record(edit), error));
    THEN(marc_edit_log_read(again, buffer_text(&log), error));
    THEN(marc_edit_saved_is(again, stage->own, error));
    THEN(put_edit(out, again, error));
    THEN(marc_edit_saved_is(again, NULL, error));
    THEN(put_edit(out, again, error));
    marc_edit_free(edit);
    marc_edit_free(again);
    buffer_release(&log);
    return status;
}

/* One change of an edit fails: the record is as it was before it. */
static recto_status edit_holds(buffer *out, const scarce_stage *stage, recto_error *error)
{
    marc_edit *edit = NULL;
    recto_status status = open_edit(&edit, stage->own, error);
    THEN(marc_edit_become(edit, stage->other, "become", error));
    if (edit != NULL && status != RECTO_OK && !marc_record_equal(marc_edit_record(edit), stage->own))
        status = recto_fail(error, RECTO_EDATA, NULL, NULL, "half of a change was made");
    THEN(put_edit(out, edit, error));
    marc_edit_free(edit);
    return status;
}

static recto_status link_fields(buffer *out, const scarce_stage *stage, recto_error *error)
{
    marc_edit *edit = NULL;
    size_t made = 0, changed = 0;
    recto_status status = open_edit(&edit, stage->own, error);
    const size_t title = marc_record_find(stage->own, "245", 0), imprint = marc_record_find(stage->own, "264", 0);
    THEN(marc_linkage_add(edit, imprint, "(3/r", &made, error));
    THEN(marc_linkage_set_script(edit, imprint, "(2/r", error));
    THEN(marc_linkage_flip(edit, title, error));
    THEN(marc_linkage_unlink(edit, title, true, error));
    THEN(marc_linkage_renumber(edit, &changed, error));
    if (status == RECTO_OK)
        status = marc_linkage_link(edit, title, marc_linkage_partner(marc_edit_record(edit), imprint), error);
    if (status == RECTO_EINVALID) { /* that one is taken: so it is said */
        buffer_append_format(out, "%s\n", error->what);
        recto_error_clear(error);
        status = RECTO_OK;
    }
    THEN(marc_linkage_remove(edit, imprint, false, error));
    THEN(put_edit(out, edit, error));
    marc_edit_free(edit);
    return status;
}

/* ---- comparing --------------------------------------------------------------------------------------------------- */

static recto_status compare(buffer *out, const scarce_stage *stage, recto_error *error)
{
    record_difference *lines = NULL;
    three_way_line *three = NULL;
    marc_record *merged = NULL;
    size_t count = 0, three_count = 0;
    difference_counts counts = { 0 };
    recto_status status = record_difference_make(&lines, &count, stage->own, stage->other, error);
    for (size_t i = 0; status == RECTO_OK && i < count; i++)
        buffer_append_format(out, "%d %zd %zd\n", (int)lines[i].kind, lines[i].left, lines[i].right);
    THEN(record_difference_count(&counts, stage->own, stage->other, error));
    THEN(three_way_make(&three, &three_count, stage->holdings, stage->own, stage->other, error));
    THEN(three_way_merge(&merged, three, three_count, stage->own, stage->other, error));
    THEN(scarce_put_record(out, merged, error));
    buffer_append_format(out, "%zu %zu %zu\n", counts.added, counts.changed, counts.removed);
    free(lines);
    free(three);
    marc_record_free(merged);
    return status;
}

static bool note_key(void *context, const marc_key *key)
{
    buffer_append_format(context, "%d %s $%c ", (int)key->kind, key->tag, key->subfield);
    buffer_append_text(context, key->key);
    buffer_append_text(context, key->value);
    return true;
}

static recto_status take_keys(buffer *out, const scarce_stage *stage, recto_error *error)
{
    const marc_record *const records[] = { stage->own, stage->other, stage->authority };
    bool whole = true;
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        whole = marc_record_keys(records[i], note_key, out) && whole;
        whole = marc_title_keys(records[i], note_key, out) && whole;
    }
    return whole ? RECTO_OK : recto_fail_memory(error, "taking keys");
}

static recto_status show(buffer *out, const scarce_stage *stage, recto_error *error)
{
    static void (*const columns[])(buffer * out, const marc_record *record) = { marc_record_title, marc_record_title_statement,
                                                                                marc_record_creator, marc_record_date,
                                                                                marc_record_imprint };
    const marc_record *const records[] = { stage->own, stage->other, stage->authority, stage->holdings };
    (void)error;
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        for (size_t column = 0; column < sizeof columns / sizeof *columns; column++) {
            columns[column](out, records[i]);
            buffer_append_char(out, '\n');
        }
        for (size_t field = 0; field < marc_record_count(records[i]); field++) {
            (void)marc_naco_heading(out, marc_record_field(records[i], field));
            (void)marc_heading_key(out, marc_record_field(records[i], field), "ab", 0);
            marc_field_to_grid(out, marc_record_field(records[i], field), "$$");
            marc_field_join(out, marc_record_field(records[i], field), NULL);
        }
    }
    return RECTO_OK;
}

/* ---- validating -------------------------------------------------------------------------------------------------- */

static void note_validation(void *context, const marc_finding *finding)
{
    buffer_append_format(context, "%s %s: %s [%s]\n", finding->where, finding->code, finding->message, finding->suggestion);
}

static recto_status validate(buffer *out, const scarce_stage *stage, recto_error *error)
{
    static const char lines[] =
        "name Ours\n# a comment\nfield-duplicate block\nsubfield-undefined 9XX $b ignore\nnot-utf8 245 info\n";
    marc_validation_profile *profile = NULL;
    const marc_record *const records[] = { stage->own, stage->other, stage->authority, stage->holdings };
    recto_status status = marc_validation_profile_parse(&profile, text_from(lines), "ours", NULL, NULL, error);
    const marc_validate_options options = { .profile = profile };
    for (size_t i = 0; i < sizeof records / sizeof *records; i++)
        THEN(marc_validate_with(records[i], stage->tables, &options, note_validation, out, error));
    marc_validation_profile_free(profile);
    return status;
}

static recto_status read_tables(buffer *out, const scarce_stage *stage, recto_error *error)
{
    static const char *const names[] = { "data/marc21/holdings.txt", "data/marc21/rda.txt" };
    marc_tables *tables = NULL;
    (void)stage;
    recto_status status = marc_tables_new(&tables, error);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        resource found = { .owned = NULL };
        THEN(resource_open_built_in(&found, names[i], error));
        THEN(marc_tables_add(tables, found.content, names[i], error));
        resource_release(&found);
    }
    if (status == RECTO_OK)
        buffer_append_text(out, marc_tables_missing_list(tables));
    marc_tables_free(tables);
    return status;
}

const scarce_job scarce_marc_jobs[] = {
    { "reading ISO 2709", SCARCE_PURE, read_iso2709 },
    { "reading MARC-8", SCARCE_PURE, read_marc8 },
    { "reading MARCXML", SCARCE_PURE, read_marcxml },
    { "reading mrk", SCARCE_PURE, read_mrk },
    { "reading JSON", SCARCE_PURE, read_json },
    { "reading lines", SCARCE_PURE, read_line },
    { "reading what is unsound", SCARCE_PURE, read_unsound },
    { "splitting", SCARCE_PURE, split },
    { "writing every format", SCARCE_PURE, write_all },
    { "writing with losses", SCARCE_PURE, write_with_losses },
    { "converting characters", SCARCE_PURE, convert },
    { "editing", SCARCE_PURE, edit_record },
    { "a change in many parts", SCARCE_PURE, edit_holds },
    { "pairs of fields", SCARCE_PURE, link_fields },
    { "comparing", SCARCE_PURE, compare },
    { "keys", SCARCE_PURE, take_keys },
    { "columns and headings", SCARCE_PURE, show },
    { "validating", SCARCE_PURE, validate },
    { "reading tables", SCARCE_PURE, read_tables },
    { .name = NULL },
};
