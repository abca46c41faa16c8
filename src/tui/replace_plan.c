/* src/tui/replace_plan.c - see replace_plan.h. */
#include "replace_plan.h"

#include <stdlib.h>
#include <string.h>

void replace_plan_release(replace_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        free(plan->changes[i].before);
        free(plan->changes[i].after);
    }
    free(plan->changes);
    free(plan->records);
    *plan = (replace_plan){ 0 };
}

/* ---- which fields ---- */

static bool is_code(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
}

/* "245", "6XX", "245$a$b". */
static bool word_is_sound(text word)
{
    if (word.length < MARC_TAG_LENGTH || (word.length - MARC_TAG_LENGTH) % 2 != 0)
        return false;
    for (size_t i = 0; i < MARC_TAG_LENGTH; i++)
        if ((word.bytes[i] < '0' || word.bytes[i] > '9') && word.bytes[i] != 'X')
            return false;
    for (size_t i = MARC_TAG_LENGTH; i < word.length; i += 2)
        if (word.bytes[i] != '$' || !is_code(word.bytes[i + 1]))
            return false;
    return true;
}

bool replace_scope_is_sound(text scope)
{
    while (scope.bytes != NULL && scope.length > 0) {
        text word = text_trim(text_next_field(&scope, ' '));
        if (word.length > 0 && !word_is_sound(word))
            return false;
    }
    return true;
}

static bool word_has(text word, const char *tag, char code)
{
    char pattern[MARC_TAG_LENGTH + 1] = "";
    if (word.length < MARC_TAG_LENGTH)
        return false;
    memcpy(pattern, word.bytes, MARC_TAG_LENGTH);
    if (!marc_tag_matches(tag, pattern))
        return false;
    return word.length == MARC_TAG_LENGTH ||
           (code != '\0' && memchr(word.bytes + MARC_TAG_LENGTH, code, word.length - MARC_TAG_LENGTH) != NULL && code != '$');
}

bool replace_scope_has(text scope, const char *tag, char code)
{
    bool any = false;
    while (scope.bytes != NULL && scope.length > 0) {
        text word = text_trim(text_next_field(&scope, ' '));
        if (word.length > 0 && word_has(word, tag, code))
            return true;
        any |= word.length > 0;
    }
    return !any;
}

/* ---- looking ---- */

static char *keep(text bytes)
{
    char *kept = malloc(bytes.length + 1);
    if (kept != NULL) {
        if (bytes.length > 0)
            memcpy(kept, bytes.bytes, bytes.length);
        kept[bytes.length] = '\0';
    }
    return kept;
}

static recto_status add_change(replace_plan *plan, const replace_change *place, text before, text after, recto_error *error)
{
    if (plan->count == plan->capacity) {
        size_t capacity = plan->capacity == 0 ? 64 : plan->capacity * 2;
        replace_change *larger = realloc(plan->changes, capacity * sizeof *larger);
        if (larger == NULL)
            return recto_fail_memory(error, "replacing");
        plan->changes = larger;
        plan->capacity = capacity;
    }
    replace_change *change = &plan->changes[plan->count];
    *change = *place;
    change->before = keep(before);
    change->after = keep(after);
    change->after_length = after.length;
    if (change->before != NULL && change->after != NULL) {
        plan->count++;
        return RECTO_OK;
    }
    free(change->before);
    free(change->after);
    return recto_fail_memory(error, "replacing");
}

typedef struct look {
    replace_plan *plan;
    text_pattern *pattern;
    text replacement, scope;
} look;

static recto_status look_at_value(const look *look, const replace_change *place, text value, recto_error *error)
{
    size_t start, length, count = 0;
    recto_status status = RECTO_OK;
    if (!replace_scope_has(look->scope, place->tag, place->code) || !text_pattern_find(look->pattern, value, 0, &start, &length))
        return RECTO_OK;
    if (look->plan->count == REPLACE_CHANGES_MAX) {
        look->plan->cut = true;
        return RECTO_OK;
    }
    buffer after;
    buffer_init(&after, 4 << 20);
    status = text_pattern_replace(look->pattern, &after, &count, value, look->replacement, error);
    if (status == RECTO_OK && !text_equal(buffer_text(&after), value)) {
        status = add_change(look->plan, place, value, buffer_text(&after), error);
        look->plan->matches += count;
    }
    buffer_release(&after);
    return status;
}

static recto_status look_at_field(const look *look, size_t record, size_t index, const marc_field *field, recto_error *error)
{
    replace_change place = { .record = record, .field = index };
    marc_subfield subfield;
    size_t offset = 0;
    recto_status status = RECTO_OK;
    memcpy(place.tag, field->tag, sizeof place.tag);
    if (strcmp(field->tag, "001") == 0 || strcmp(field->tag, "005") == 0)
        return RECTO_OK;
    if (marc_tag_is_control(field->tag)) {
        place.length = field->content.length;
        return look_at_value(look, &place, field->content, error);
    }
    while (status == RECTO_OK && marc_field_next_subfield(field, &offset, &subfield)) {
        if (subfield.code == '\0')
            continue;
        place.code = subfield.code;
        place.offset = (size_t)(subfield.value.bytes - field->content.bytes);
        place.length = subfield.value.length;
        status = look_at_value(look, &place, subfield.value, error);
    }
    return status;
}

recto_status replace_plan_add(replace_plan *plan, marc_edit *edit, void *owner, text_pattern *pattern, text replacement,
                              text scope, recto_error *error)
{
    const look look = { plan, pattern, replacement, scope };
    const marc_record *record = marc_edit_record(edit);
    recto_status status = RECTO_OK;
    if (plan->record_count == plan->record_capacity) {
        size_t capacity = plan->record_capacity == 0 ? 16 : plan->record_capacity * 2;
        replace_record *larger = realloc(plan->records, capacity * sizeof *larger);
        if (larger == NULL)
            return recto_fail_memory(error, "replacing");
        plan->records = larger;
        plan->record_capacity = capacity;
    }
    plan->records[plan->record_count] = (replace_record){ edit, owner, marc_edit_revision(edit) };
    for (size_t i = 0; i < marc_record_count(record) && status == RECTO_OK && !plan->cut; i++)
        status = look_at_field(&look, plan->record_count, i, marc_record_field(record, i), error);
    plan->record_count++;
    return status;
}

/* ---- changing ---- */

/* The changes of one field, from `first` on, in one new content. */
static recto_status change_field(const replace_plan *plan, size_t first, size_t end, marc_edit *edit, size_t *made,
                                 recto_error *error)
{
    const replace_change *changes = plan->changes;
    const marc_field *field = marc_record_field(marc_edit_record(edit), changes[first].field);
    size_t from = 0, count = 0;
    buffer content;
    buffer_init(&content, 16 << 20);
    for (size_t i = first; i < end; i++) {
        if (changes[i].verdict != REPLACE_YES)
            continue;
        buffer_append(&content, field->content.bytes + from, changes[i].offset - from);
        buffer_append(&content, changes[i].after, changes[i].after_length);
        from = changes[i].offset + changes[i].length;
        count++;
    }
    buffer_append(&content, field->content.bytes + from, field->content.length - from);
    recto_status status = RECTO_OK;
    if (buffer_failed(&content))
        status = recto_fail(error, RECTO_ELIMIT, field->tag, NULL, "the field would be too large");
    else if (count > 0)
        status = marc_edit_replace(edit, changes[first].field, changes[first].tag, buffer_text(&content), error);
    *made += status == RECTO_OK ? count : 0;
    buffer_release(&content);
    return status;
}

recto_status replace_plan_apply(const replace_plan *plan, size_t record, const char *title, size_t *made, recto_error *error)
{
    const replace_record *where = &plan->records[record];
    recto_status status = RECTO_OK;
    size_t wanted = 0;
    for (size_t i = 0; i < plan->count; i++)
        wanted += plan->changes[i].record == record && plan->changes[i].verdict == REPLACE_YES ? 1 : 0;
    if (wanted == 0)
        return RECTO_OK;
    if (marc_edit_revision(where->edit) != where->revision)
        return recto_fail(error, RECTO_EREFUSED, NULL, "look for it again", "the record was changed after it was searched");
    marc_edit_settle(where->edit);
    marc_edit_begin(where->edit, title);
    for (size_t i = 0, end; i < plan->count && status == RECTO_OK; i = end) {
        for (end = i + 1; end < plan->count && plan->changes[end].record == plan->changes[i].record &&
                          plan->changes[end].field == plan->changes[i].field;)
            end++;
        if (plan->changes[i].record == record)
            status = change_field(plan, i, end, where->edit, made, error);
    }
    marc_edit_end(where->edit);
    return status;
}
