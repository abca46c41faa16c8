/* src/catalog/ingest_rules.c - the zone's normalization at every save, and what it changed, in words (ED-106b).
 *
 * A record is compared with itself before: what the rules did is told field by field, whichever of them did it. */
#include "ingest.h"

#include "recto/marc/difference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void put(char *out, size_t capacity, const char *format, const char *one, const char *other)
{
    const size_t used = strlen(out);
    if (used + 1 < capacity)
        snprintf(out + used, capacity - used, format, one, other);
}

/* As much of the field as helps to know it again; the delimiter becomes a dollar sign. */
static void field_words(char out[static 64], const marc_field *field)
{
    size_t from = marc_tag_is_control(field->tag) || strcmp(field->tag, "LDR") == 0 ? 0 : 2, used = 0;
    for (size_t i = from; i < field->content.length && used + 4 < 64; i++) {
        const char byte = field->content.bytes[i];
        out[used++] = byte == MARC_SUBFIELD_DELIMITER ? '$' : (unsigned char)byte < ' ' ? ' ' : byte;
    }
    while (used > 0 && used < field->content.length - from && ((unsigned char)out[used - 1] & 0xC0) == 0x80)
        used--; /* not in the middle of a character */
    if (used > 0 && used < field->content.length - from && ((unsigned char)out[used - 1] & 0x80) != 0)
        used--;
    out[used] = '\0';
}

static void tell_line(ingest_outcome *out, const record_difference *line, const marc_record *before, const marc_record *after)
{
    static const char *const did[] = { [DIFFERENCE_NONE] = "",
                                       [DIFFERENCE_ONLY_LEFT] = "taken out",
                                       [DIFFERENCE_ONLY_RIGHT] = "added",
                                       [DIFFERENCE_CHANGED] = "changed" };
    const bool gone = line->kind == DIFFERENCE_ONLY_LEFT;
    const marc_field field = record_difference_field(gone ? before : after, gone ? line->left : line->right);
    char words[64];
    field_words(words, &field);
    put(out->by_rules, sizeof out->by_rules, "%s %s", field.tag, did[line->kind]);
    put(out->by_rules, sizeof out->by_rules, ": %s%s", words, "\n");
}

static recto_status tell_changes(passage *way, const marc_record *before)
{
    record_difference *lines = NULL;
    size_t count = 0;
    recto_status status = record_difference_make(&lines, &count, before, way->record, way->error);
    for (size_t i = 0; status == RECTO_OK && i < count; i++)
        if (lines[i].kind != DIFFERENCE_NONE && !record_difference_is_system(&lines[i], before, way->record))
            tell_line(way->out, &lines[i], before, way->record);
    free(lines);
    return status;
}

/* ---- the frame of a new record */

/* The field without its empty subfields. @return true: it has some */
static bool without_empty(buffer *out, const marc_field *field)
{
    marc_subfield subfield;
    bool found = false;
    buffer_append_text(out, text_of(field->content.bytes, field->content.length < 2 ? field->content.length : 2));
    for (size_t offset = 0; marc_field_next_subfield(field, &offset, &subfield);) {
        if (subfield.value.length == 0) {
            found = true;
            continue;
        }
        buffer_append_char(out, MARC_SUBFIELD_DELIMITER);
        buffer_append_char(out, subfield.code);
        buffer_append_text(out, subfield.value);
    }
    return found;
}

/* What a new record offered to be filled in and nobody filled is not saved: no empty subfields, no fields of nothing else. */
static recto_status drop_unfilled(marc_record *record, recto_error *error)
{
    recto_status status = RECTO_OK;
    buffer left;
    buffer_init(&left, 0);
    for (size_t at = marc_record_count(record); status == RECTO_OK && at-- > 0;) {
        const marc_field *field = marc_record_field(record, at);
        buffer_clear(&left);
        if (marc_tag_is_control(field->tag) || !without_empty(&left, field))
            continue;
        if (buffer_failed(&left))
            status = recto_fail_memory(error, "leaving out empty subfields");
        else if (left.length <= 2)
            marc_record_remove(record, at);
        else
            status = marc_record_replace(record, at, field->tag, buffer_text(&left), error);
    }
    buffer_release(&left);
    return status;
}

recto_status passage_normalize_save(passage *way)
{
    const bool fresh = way->extra != NULL && way->extra->framed && way->request->base_version == 0;
    const rule_use use = way->authority ? RULE_USE_AUTHORITY_SAVE : RULE_USE_NORMALIZE_SAVE;
    const bool by_rules = way->rules.chosen[use].length > 0;
    marc_record *before = NULL;
    way->out->by_rules[0] = '\0';
    if (!fresh && !by_rules)
        return RECTO_OK;
    recto_status status = marc_record_copy(&before, way->record, way->error);
    if (status == RECTO_OK && fresh)
        status = drop_unfilled(way->record, way->error);
    if (status == RECTO_OK && by_rules)
        status = zone_rules_normalize(&way->rules, way->catalog, use, way->record, way->error);
    if (status == RECTO_OK)
        status = tell_changes(way, before);
    marc_record_free(before);
    return status;
}

/* "029 taken out, 035 changed": each line up to its colon. */
void ingest_rules_short(char *out, size_t capacity, const char *lines)
{
    text rest = text_from(lines);
    size_t used = 0;
    out[0] = '\0';
    while (rest.bytes != NULL && rest.length > 0) {
        const text line = text_next_field(&rest, '\n');
        const char *colon = memchr(line.bytes, ':', line.length);
        const size_t length = colon != NULL ? (size_t)(colon - line.bytes) : line.length;
        if (length == 0 || used + length + 3 > capacity)
            continue;
        used += (size_t)snprintf(out + used, capacity - used, "%s%.*s", used > 0 ? ", " : "", (int)length, line.bytes);
    }
}

const char *ingest_rules_note(char out[static VERSION_NOTE], const char *note, const char *lines)
{
    char brief[90];
    if (lines[0] == '\0')
        return note;
    ingest_rules_short(brief, sizeof brief, lines);
    char before[51];
    snprintf(before, sizeof before, "%s", note != NULL ? note : "");
    snprintf(out, VERSION_NOTE, "%s%son save: %s", before, before[0] != '\0' ? "; " : "", brief);
    return out;
}
