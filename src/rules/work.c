/* src/rules/work.c - the list of fields on which rules work. See run.h. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool run_fail(run *r, recto_status status, const char *what)
{
    char where[RECTO_ERROR_WHERE];
    if (r->status != RECTO_OK)
        return false;
    r->status = status;
    (void)snprintf(where, sizeof where, "%.*s:%d", RECTO_ERROR_WHERE - 20, r->file->name,
                   r->action != NULL ? r->action->line : r->rule->line);
    recto_fail(r->error, status, where, "look at the rule and at the record", "rule '%s': %s", r->rule->shown, what);
    return false;
}

bool run_no_memory(run *r)
{
    if (r->status == RECTO_OK)
        r->status = recto_fail_memory(r->error, "applying rules");
    return false;
}

void *run_alloc(run *r, size_t bytes)
{
    if (r->memory == NULL)
        r->memory = arena_new(0);
    if (r->memory != NULL && arena_bytes(r->memory) > RUN_MEMORY_LIMIT) {
        (void)run_fail(r, RECTO_ELIMIT, "the record grows beyond all bounds");
        return NULL;
    }
    void *made = r->memory == NULL ? NULL : arena_alloc(r->memory, bytes);
    if (made == NULL)
        (void)run_no_memory(r);
    return made;
}

bool run_keep(run *r, text *out, text bytes)
{
    if (bytes.length > RUN_CONTENT_LIMIT)
        return run_fail(r, RECTO_ELIMIT, "a field grows over a mebibyte");
    char *copy = run_alloc(r, bytes.length + 1);
    if (copy == NULL)
        return false;
    if (bytes.length > 0)
        memcpy(copy, bytes.bytes, bytes.length);
    *out = text_of(copy, bytes.length);
    return true;
}

/* ---- tags that occur --------------------------------------------------------------------------------------------- */

static void note_tag(run *r, const char *tag)
{
    unsigned number = 0;
    for (size_t i = 0; i < MARC_TAG_LENGTH; i++) {
        unsigned digit = (unsigned)(unsigned char)tag[i] - '0';
        if (digit > 9) {
            r->other_tags = true;
            return;
        }
        number = number * 10 + digit;
    }
    if (tag[MARC_TAG_LENGTH] != '\0')
        r->other_tags = true;
    else
        r->present[number / 64] |= (uint64_t)1 << (number % 64);
}

bool run_may_occur(const run *r, const tag_pattern *pattern)
{
    if (pattern->number >= 0)
        return (r->present[pattern->number / 64] >> (pattern->number % 64) & 1) != 0;
    if (pattern->wild)
        return true;
    return r->other_tags || tag_pattern_is_leader(pattern);
}

/* ---- the beginning and the end ----------------------------------------------------------------------------------- */

static void load_field(work_field *out, const marc_field *field, size_t index)
{
    memcpy(out->tag, field->tag, MARC_TAG_LENGTH + 1);
    out->control = marc_tag_is_control(field->tag);
    out->fresh = out->removed = out->retagged = false;
    out->origin = index;
    out->content = field->content;
}

bool run_begin(run *r, const rule_file *file, const marc_record *record, recto_error *error)
{
    memset(r, 0, offsetof(run, inline_fields));
    r->file = file;
    r->rule = file->first;
    r->error = error;
    r->count = marc_record_count(record);
    r->capacity = sizeof r->inline_fields / sizeof *r->inline_fields;
    r->fields = r->inline_fields;
    buffer_init(&r->scratch, (size_t)2 * RUN_CONTENT_LIMIT);
    if (r->count > r->capacity) {
        r->capacity = r->count + 32;
        r->fields = malloc(r->capacity * sizeof *r->fields);
        if (r->fields == NULL)
            return run_no_memory(r);
    }
    for (size_t i = 0; i < r->count; i++) {
        load_field(&r->fields[i], marc_record_field(record, i), i);
        note_tag(r, r->fields[i].tag);
    }
    memcpy(r->leader_bytes, marc_record_leader(record), sizeof r->leader_bytes);
    r->leader = (work_field){ .tag = "LDR", .control = true, .content = text_of(r->leader_bytes, MARC_LEADER_LENGTH) };
    return true;
}

void run_release(run *r)
{
    if (r->fields != r->inline_fields)
        free(r->fields);
    buffer_release(&r->scratch);
    arena_free(r->memory);
}

/* ---- changes ----------------------------------------------------------------------------------------------------- */

static void tell(run *r, const char *tag, bool had, text before, bool has, text after)
{
    rule_event event = { .rule = r->rule->shown,
                         .line = r->action->line,
                         .action = action_form_of(r->action->kind)->name,
                         .had = had,
                         .has = has,
                         .before = before,
                         .after = after };
    (void)snprintf(event.tag, sizeof event.tag, "%.3s", tag);
    r->trace(r->context, &event);
}

bool run_set_content(run *r, work_field *field, text content)
{
    text kept;
    if (text_equal(field->content, content))
        return true;
    if (!run_keep(r, &kept, content))
        return false;
    if (r->trace != NULL)
        tell(r, field->tag, true, field->content, true, kept);
    field->content = kept;
    field->fresh = true;
    return true;
}

void run_set_tag(run *r, work_field *field, const char *tag)
{
    char before[TAG_LIMIT + 1];
    if (strcmp(field->tag, tag) == 0)
        return;
    memcpy(before, field->tag, sizeof before);
    (void)snprintf(field->tag, sizeof field->tag, "%s", tag);
    note_tag(r, tag);
    field->fresh = field->retagged = true;
    if (r->trace != NULL) {
        tell(r, before, true, field->content, false, text_of("", 0));
        tell(r, tag, false, text_of("", 0), true, field->content);
    }
}

static void move_field(run *r, size_t from, size_t to)
{
    work_field moved = r->fields[from];
    if (from < to)
        memmove(&r->fields[from], &r->fields[from + 1], (to - from) * sizeof moved);
    else
        memmove(&r->fields[to + 1], &r->fields[to], (from - to) * sizeof moved);
    r->fields[to] = moved;
}

/* Forwards from the last to the first, backwards the other way round: so they keep their order among themselves. */
void run_place_retagged(run *r)
{
    for (size_t i = r->count; i-- > 0;) {
        size_t to = i;
        while (r->fields[i].retagged && to + 1 < r->count && strcmp(r->fields[to + 1].tag, r->fields[i].tag) < 0)
            to++;
        if (to > i && run_step(r, to - i))
            move_field(r, i, to);
    }
    for (size_t i = 0; i < r->count; i++) {
        size_t to = i;
        while (r->fields[i].retagged && to > 0 && strcmp(r->fields[to - 1].tag, r->fields[i].tag) > 0)
            to--;
        r->fields[i].retagged = false;
        if (to < i && run_step(r, i - to))
            move_field(r, i, to);
    }
}

void run_remove(run *r, work_field *field)
{
    if (field->removed)
        return;
    field->removed = true;
    r->removed++;
    if (r->trace != NULL)
        tell(r, field->tag, true, field->content, false, text_of("", 0));
}

void run_drop_removed(run *r)
{
    size_t kept = 0;
    if (r->removed == 0)
        return;
    for (size_t i = 0; i < r->count; i++)
        if (!r->fields[i].removed)
            r->fields[kept++] = r->fields[i];
    r->count = kept;
    r->removed = 0;
}

static bool make_room(run *r)
{
    if (r->count < r->capacity)
        return true;
    if (r->count >= RUN_FIELD_LIMIT)
        return run_fail(r, RECTO_ELIMIT, "the record grows over 10000 fields");
    size_t capacity = r->capacity * 2;
    work_field *larger = r->fields == r->inline_fields ? NULL : r->fields;
    larger = realloc(larger, capacity * sizeof *larger);
    if (larger == NULL)
        return run_no_memory(r);
    if (r->fields == r->inline_fields)
        memcpy(larger, r->inline_fields, r->count * sizeof *larger);
    r->fields = larger;
    r->capacity = capacity;
    return true;
}

bool run_insert(run *r, const char *tag, text content)
{
    size_t place = r->count;
    if (content.length > RUN_CONTENT_LIMIT)
        return run_fail(r, RECTO_ELIMIT, "a field grows over a mebibyte");
    if (!make_room(r) || !run_step(r, 1 + r->count / 8))
        return false;
    while (place > 0 && strcmp(r->fields[place - 1].tag, tag) > 0)
        place--;
    memmove(&r->fields[place + 1], &r->fields[place], (r->count - place) * sizeof *r->fields);
    work_field *made = &r->fields[place];
    *made = (work_field){ .fresh = true, .origin = SIZE_MAX, .content = content };
    (void)snprintf(made->tag, sizeof made->tag, "%s", tag);
    made->control = strlen(tag) == MARC_TAG_LENGTH && marc_tag_is_control(tag);
    r->count++;
    note_tag(r, tag);
    if (r->trace != NULL)
        tell(r, tag, false, text_of("", 0), true, content);
    return true;
}
