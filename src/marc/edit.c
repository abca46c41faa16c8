/* src/marc/edit.c - a record under edit: every change is a small operation that can be turned round.
 *
 * Each operation holds what is needed to make it and to unmake it: tag and bytes before and after, or two places. A step is
 * what undo takes back at once. Marks against the saved state come from comparing with a copy of it, field by field by
 * identity: each field has a number of its own that moves with it, so that moving a field is no change of its text. */
#include "edit_log.h"
#include "record_store.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void operation_release(edit_operation *operation)
{
    free(operation->before);
    free(operation->after);
}

static void drop_operations(marc_edit *edit, size_t from)
{
    for (size_t i = from; i < edit->operation_count; i++)
        operation_release(&edit->operations[i]);
    edit->operation_count = from;
}

static size_t first_operation(const marc_edit *edit, size_t step)
{
    return step < edit->step_count ? edit->steps[step].first : edit->operation_count;
}

void edit_drop_steps(marc_edit *edit, size_t from)
{
    drop_operations(edit, first_operation(edit, from));
    if (from < edit->step_count)
        edit->step_count = from;
    if (edit->done > from)
        edit->done = from;
}

void marc_edit_free(marc_edit *edit)
{
    if (edit == NULL)
        return;
    drop_operations(edit, 0);
    free(edit->operations);
    free(edit->steps);
    free(edit->identities);
    marc_record_free(edit->record);
    marc_record_free(edit->saved);
    free(edit);
}

static bool grow(void **items, size_t *capacity, size_t count, size_t size)
{
    if (count <= *capacity)
        return true;
    size_t larger = count + count / 2 + 16;
    void *moved = realloc(*items, larger * size);
    if (moved == NULL)
        return false;
    *items = moved;
    *capacity = larger;
    return true;
}

recto_status marc_edit_new(marc_edit **out, marc_record **record, recto_error *error)
{
    marc_edit *edit = calloc(1, sizeof *edit);
    size_t count = marc_record_count(*record);
    if (edit == NULL || !grow((void **)&edit->identities, &edit->identity_capacity, count + 1, sizeof *edit->identities) ||
        marc_record_copy(&edit->saved, *record, error) != RECTO_OK) {
        marc_edit_free(edit);
        return recto_fail_memory(error, "opening a record for editing");
    }
    for (size_t i = 0; i < count; i++)
        edit->identities[i] = i;
    edit->saved_count = count;
    edit->next_identity = count;
    edit->record = *record;
    *record = NULL;
    *out = edit;
    return RECTO_OK;
}

const marc_record *marc_edit_record(const marc_edit *edit)
{
    return edit->record;
}

void marc_edit_begin(marc_edit *edit, const char *title)
{
    if (edit->depth++ > 0)
        return;
    edit->typing = false;
    edit->step_open = false;
    snprintf(edit->title, sizeof edit->title, "%s", title != NULL ? title : "");
}

void marc_edit_end(marc_edit *edit)
{
    assert(edit->depth > 0);
    if (--edit->depth == 0)
        edit->step_open = false;
}

void marc_edit_settle(marc_edit *edit)
{
    edit->typing = false;
}

static bool keep_bytes(char **out, text bytes)
{
    *out = malloc(bytes.length + 1);
    if (*out != NULL && bytes.length > 0)
        memcpy(*out, bytes.bytes, bytes.length);
    return *out != NULL;
}

/* What undo calls a single operation. */
static void name_step(char *title, size_t capacity, const edit_operation *operation)
{
    static const char *const verbs[] = { [EDIT_INSERT] = "Add %.3s",
                                         [EDIT_REPLACE] = "Change %.3s",
                                         [EDIT_REMOVE] = "Remove %.3s",
                                         [EDIT_MOVE] = "Move %.3s",
                                         [EDIT_LEADER] = "Change LDR" };
    const char *tag = operation->kind == EDIT_REMOVE ? operation->tag_before : operation->tag_after;
    const char *verb = verbs[operation->kind];
    if (operation->kind == EDIT_LEADER)
        snprintf(title, capacity, "%s", verb);
    else
        snprintf(title, capacity, "%.*s%.3s", (int)(strlen(verb) - strlen("%.3s")), verb, tag);
}

/* Opens a step for the operation unless one is open; there is room for it. */
static void open_step(marc_edit *edit, const edit_operation *operation)
{
    if (edit->depth > 0 && edit->step_open)
        return;
    edit_step *step = &edit->steps[edit->step_count];
    step->first = edit->operation_count;
    if (edit->depth > 0 && edit->title[0] != '\0')
        snprintf(step->title, sizeof step->title, "%s", edit->title);
    else
        name_step(step->title, sizeof step->title, operation);
    edit->step_count++;
    edit->done = edit->step_count;
    edit->step_open = edit->depth > 0;
}

static recto_status insert_field(marc_edit *edit, size_t index, const char *tag, text content, size_t identity,
                                 recto_error *error)
{
    size_t count = marc_record_count(edit->record);
    if (index > count)
        index = count;
    if (!grow((void **)&edit->identities, &edit->identity_capacity, count + 1, sizeof *edit->identities))
        return recto_fail_memory(error, "adding a field");
    recto_status status = marc_record_insert(edit->record, index, tag, content, error);
    if (status != RECTO_OK)
        return status;
    memmove(&edit->identities[index + 1], &edit->identities[index], (count - index) * sizeof *edit->identities);
    edit->identities[index] = identity;
    return RECTO_OK;
}

static void remove_field(marc_edit *edit, size_t index)
{
    size_t count = marc_record_count(edit->record);
    marc_record_remove(edit->record, index);
    memmove(&edit->identities[index], &edit->identities[index + 1], (count - index - 1) * sizeof *edit->identities);
}

static void move_field(marc_edit *edit, size_t from, size_t to)
{
    size_t identity = edit->identities[from];
    size_t *identities = edit->identities;
    marc_record_move(edit->record, from, to);
    if (from < to)
        memmove(&identities[from], &identities[from + 1], (to - from) * sizeof *identities);
    else
        memmove(&identities[to + 1], &identities[to], (from - to) * sizeof *identities);
    identities[to] = identity;
}

/* Makes the operation on the record, forward or back. */
recto_status edit_perform(marc_edit *edit, const edit_operation *operation, bool forward, recto_error *error)
{
    text content =
        forward ? text_of(operation->after, operation->after_length) : text_of(operation->before, operation->before_length);
    const char *tag = forward ? operation->tag_after : operation->tag_before;
    bool inserts = (operation->kind == EDIT_INSERT && forward) || (operation->kind == EDIT_REMOVE && !forward);
    switch (operation->kind) {
    case EDIT_INSERT:
    case EDIT_REMOVE:
        if (inserts)
            return insert_field(edit, operation->index, tag, content, operation->identity, error);
        remove_field(edit, operation->index);
        return RECTO_OK;
    case EDIT_REPLACE:
        return marc_record_replace(edit->record, operation->index, tag, content, error);
    case EDIT_MOVE:
        move_field(edit, forward ? operation->index : operation->to, forward ? operation->to : operation->index);
        return RECTO_OK;
    case EDIT_LEADER:
        break;
    }
    marc_record_set_leader(edit->record, content.bytes);
    return RECTO_OK;
}

/* Takes the operation's bytes, also on failure. What was undone can no longer be redone. */
static recto_status perform(marc_edit *edit, edit_operation *operation, recto_error *error)
{
    edit_drop_steps(edit, edit->done);
    recto_status status = RECTO_OK;
    if (!grow((void **)&edit->operations, &edit->operation_capacity, edit->operation_count + 1, sizeof *edit->operations) ||
        !grow((void **)&edit->steps, &edit->step_capacity, edit->step_count + 1, sizeof *edit->steps))
        status = recto_fail_memory(error, "changing a record");
    if (status == RECTO_OK)
        status = edit_perform(edit, operation, true, error);
    if (status != RECTO_OK) {
        operation_release(operation);
        return status;
    }
    open_step(edit, operation);
    edit->operations[edit->operation_count++] = *operation;
    edit->revision++;
    edit->typing = operation->kind == EDIT_REPLACE && edit->depth == 0;
    return RECTO_OK;
}

recto_status marc_edit_insert(marc_edit *edit, size_t index, const char *tag, text content, recto_error *error)
{
    size_t count = marc_record_count(edit->record);
    edit_operation operation = { .kind = EDIT_INSERT,
                                 .index = index < count ? index : count,
                                 .identity = edit->next_identity++,
                                 .after_length = content.length };
    snprintf(operation.tag_after, sizeof operation.tag_after, "%.3s", tag);
    if (!keep_bytes(&operation.after, content))
        return recto_fail_memory(error, "adding a field");
    return perform(edit, &operation, error);
}

/* Typing on in the same field makes the step before longer, not another one. */
static bool joins_typing(const marc_edit *edit, size_t index, const char *tag)
{
    if (!edit->typing || edit->depth > 0 || edit->done != edit->step_count || edit->operation_count == 0)
        return false;
    const edit_operation *last = &edit->operations[edit->operation_count - 1];
    return last->kind == EDIT_REPLACE && last->index == index && strncmp(last->tag_after, tag, MARC_TAG_LENGTH) == 0;
}

static recto_status type_on(marc_edit *edit, size_t index, const char *tag, text content, recto_error *error)
{
    edit_operation *last = &edit->operations[edit->operation_count - 1];
    char *after = NULL;
    if (!keep_bytes(&after, content))
        return recto_fail_memory(error, "changing a field");
    recto_status status = marc_record_replace(edit->record, index, tag, content, error);
    if (status != RECTO_OK) {
        free(after);
        return status;
    }
    free(last->after);
    last->after = after;
    last->after_length = content.length;
    edit->revision++;
    return RECTO_OK;
}

recto_status marc_edit_replace(marc_edit *edit, size_t index, const char *tag, text content, recto_error *error)
{
    const marc_field *field = marc_record_field(edit->record, index);
    edit_operation operation = { .kind = EDIT_REPLACE,
                                 .index = index,
                                 .identity = edit->identities[index],
                                 .before_length = field->content.length,
                                 .after_length = content.length };
    if (strncmp(field->tag, tag, MARC_TAG_LENGTH) == 0 && text_equal(field->content, content))
        return RECTO_OK;
    if (joins_typing(edit, index, tag))
        return type_on(edit, index, tag, content, error);
    snprintf(operation.tag_before, sizeof operation.tag_before, "%.3s", field->tag);
    snprintf(operation.tag_after, sizeof operation.tag_after, "%.3s", tag);
    if (!keep_bytes(&operation.before, field->content) || !keep_bytes(&operation.after, content)) {
        operation_release(&operation);
        return recto_fail_memory(error, "changing a field");
    }
    return perform(edit, &operation, error);
}

recto_status marc_edit_remove(marc_edit *edit, size_t index, recto_error *error)
{
    const marc_field *field = marc_record_field(edit->record, index);
    edit_operation operation = {
        .kind = EDIT_REMOVE, .index = index, .identity = edit->identities[index], .before_length = field->content.length
    };
    snprintf(operation.tag_before, sizeof operation.tag_before, "%.3s", field->tag);
    if (!keep_bytes(&operation.before, field->content))
        return recto_fail_memory(error, "removing a field");
    return perform(edit, &operation, error);
}

recto_status marc_edit_move(marc_edit *edit, size_t from, size_t to, recto_error *error)
{
    const marc_field *field = marc_record_field(edit->record, from);
    edit_operation operation = { .kind = EDIT_MOVE, .index = from, .to = to, .identity = edit->identities[from] };
    if (from == to)
        return RECTO_OK;
    snprintf(operation.tag_after, sizeof operation.tag_after, "%.3s", field->tag);
    return perform(edit, &operation, error);
}

recto_status marc_edit_set_leader(marc_edit *edit, const char leader[static MARC_LEADER_LENGTH], recto_error *error)
{
    edit_operation operation = {
        .kind = EDIT_LEADER, .index = SIZE_MAX, .before_length = MARC_LEADER_LENGTH, .after_length = MARC_LEADER_LENGTH
    };
    text before = text_of(marc_record_leader(edit->record), MARC_LEADER_LENGTH);
    if (memcmp(before.bytes, leader, MARC_LEADER_LENGTH) == 0)
        return RECTO_OK;
    if (!keep_bytes(&operation.before, before) || !keep_bytes(&operation.after, text_of(leader, MARC_LEADER_LENGTH))) {
        operation_release(&operation);
        return recto_fail_memory(error, "changing the leader");
    }
    return perform(edit, &operation, error);
}

bool marc_edit_can_undo(const marc_edit *edit)
{
    return edit->done > 0;
}

bool marc_edit_can_redo(const marc_edit *edit)
{
    return edit->done < edit->step_count;
}

const char *marc_edit_undo_title(const marc_edit *edit)
{
    return edit->done > 0 ? edit->steps[edit->done - 1].title : "";
}

const char *marc_edit_redo_title(const marc_edit *edit)
{
    return edit->done < edit->step_count ? edit->steps[edit->done].title : "";
}

size_t marc_edit_steps(const marc_edit *edit)
{
    return edit->done;
}

uint64_t marc_edit_revision(const marc_edit *edit)
{
    return edit->revision;
}

/* Where the cursor goes: a field that is no longer there gives the one that took its place. */
static void tell_field(const marc_edit *edit, const edit_operation *operation, bool forward, size_t *field)
{
    size_t count = marc_record_count(edit->record);
    if (field == NULL)
        return;
    *field = operation->kind == EDIT_MOVE && forward ? operation->to : operation->index;
    if (operation->kind != EDIT_LEADER && *field >= count)
        *field = count > 0 ? count - 1 : SIZE_MAX;
}

bool edit_snapshot_take(edit_snapshot *out, const marc_edit *edit)
{
    const size_t count = marc_record_count(edit->record);
    *out = (edit_snapshot){ .identities = malloc((count + 1) * sizeof *out->identities) };
    if (out->identities == NULL || marc_record_copy(&out->record, edit->record, NULL) != RECTO_OK) {
        edit_snapshot_release(out);
        return false;
    }
    memcpy(out->identities, edit->identities, count * sizeof *out->identities);
    return true;
}

void edit_snapshot_restore(edit_snapshot *snapshot, marc_edit *edit)
{
    marc_record_swap(snapshot->record, edit->record);
    memcpy(edit->identities, snapshot->identities, marc_record_count(edit->record) * sizeof *edit->identities);
}

void edit_snapshot_release(edit_snapshot *snapshot)
{
    marc_record_free(snapshot->record);
    free(snapshot->identities);
    *snapshot = (edit_snapshot){ .record = NULL };
}

/* All operations of a step, forward or back, or none: without memory the step stays whole. */
static recto_status turn(marc_edit *edit, size_t first, size_t end, bool forward, recto_error *error)
{
    edit_snapshot before = { .record = NULL };
    if (end - first > 1 && !edit_snapshot_take(&before, edit))
        return recto_fail_memory(error, "changing a record");
    recto_status status = RECTO_OK;
    for (size_t i = 0; i < end - first && status == RECTO_OK; i++)
        status = edit_perform(edit, &edit->operations[forward ? first + i : end - 1 - i], forward, error);
    if (status != RECTO_OK && before.record != NULL)
        edit_snapshot_restore(&before, edit);
    edit_snapshot_release(&before);
    return status;
}

recto_status marc_edit_undo(marc_edit *edit, size_t *field, recto_error *error)
{
    if (edit->done == 0)
        return RECTO_END;
    size_t first = edit->steps[edit->done - 1].first;
    size_t end = first_operation(edit, edit->done);
    edit->typing = false;
    recto_status status = turn(edit, first, end, false, error);
    if (status != RECTO_OK)
        return status;
    edit->done--;
    edit->revision++;
    tell_field(edit, &edit->operations[first], false, field);
    return RECTO_OK;
}

recto_status marc_edit_redo(marc_edit *edit, size_t *field, recto_error *error)
{
    if (edit->done >= edit->step_count)
        return RECTO_END;
    size_t first = edit->steps[edit->done].first;
    size_t end = first_operation(edit, edit->done + 1);
    edit->typing = false;
    recto_status status = turn(edit, first, end, true, error);
    if (status != RECTO_OK)
        return status;
    edit->done++;
    edit->revision++;
    tell_field(edit, &edit->operations[end - 1], true, field);
    return RECTO_OK;
}
