/* src/marc/edit_log.c - the undo log as bytes for the draft, and back.
 *
 * Behind a name and a number that fits the log to its record, numbers are little-endian and texts have their length before
 * them. The bytes come from a database that others can write to, so every operation is tried on a list of field numbers
 * before any of them is believed: a log that would point outside of the record is refused whole. */
#include "edit_log.h"
#include "record_store.h"

#include <stdlib.h>
#include <string.h>

static const char magic[8] = "RECTOUL1";
enum { STEPS_KEPT = 100, LOG_TARGET = 4 << 20 };

static uint64_t hash_bytes(uint64_t hash, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 1099511628211ULL;
    return hash;
}

static uint64_t record_hash(const marc_record *record)
{
    uint64_t hash = 14695981039346656037ULL; /* without the leader: writing a record puts its lengths there */
    for (size_t i = 0; i < record->count; i++) {
        const marc_field *field = &record->fields[i].field;
        hash = hash_bytes(hash, field->tag, MARC_TAG_LENGTH);
        hash = hash_bytes(hash, field->content.bytes, field->content.length);
        hash = hash_bytes(hash, "\x1E", 1);
    }
    return hash;
}

static void put_number(buffer *out, uint64_t number)
{
    for (int i = 0; i < 8; i++)
        buffer_append_char(out, (char)(number >> (8 * i) & 0xFF));
}

static void put_bytes(buffer *out, const char *bytes, size_t length)
{
    put_number(out, bytes != NULL ? length : UINT64_MAX);
    if (bytes != NULL)
        buffer_append(out, bytes, length);
}

static size_t step_end(const marc_edit *edit, size_t step)
{
    return step + 1 < edit->step_count ? edit->steps[step + 1].first : edit->operation_count;
}

/* All steps while that is not too much, and never fewer than the last hundred that were done and all that can be redone. */
static size_t first_step_kept(const marc_edit *edit)
{
    size_t bytes = 0;
    for (size_t step = edit->step_count; step-- > 0;) {
        for (size_t i = edit->steps[step].first; i < step_end(edit, step); i++)
            bytes += 80 + edit->operations[i].before_length + edit->operations[i].after_length;
        if (bytes > LOG_TARGET && step + STEPS_KEPT < edit->done)
            return step + 1;
    }
    return 0;
}

static void put_operation(buffer *out, const edit_operation *operation)
{
    put_number(out, operation->kind);
    put_number(out, operation->index);
    put_number(out, operation->to);
    buffer_append(out, operation->tag_before, MARC_TAG_LENGTH);
    buffer_append(out, operation->tag_after, MARC_TAG_LENGTH);
    put_bytes(out, operation->before, operation->before_length);
    put_bytes(out, operation->after, operation->after_length);
}

recto_status marc_edit_log_write(buffer *out, const marc_edit *edit, recto_error *error)
{
    size_t first = first_step_kept(edit);
    buffer_append(out, magic, sizeof magic);
    put_number(out, record_hash(edit->record));
    put_number(out, edit->step_count - first);
    put_number(out, edit->done - first);
    for (size_t step = first; step < edit->step_count; step++) {
        put_bytes(out, edit->steps[step].title, strlen(edit->steps[step].title));
        put_number(out, step_end(edit, step) - edit->steps[step].first);
        for (size_t i = edit->steps[step].first; i < step_end(edit, step); i++)
            put_operation(out, &edit->operations[i]);
    }
    return buffer_failed(out) ? recto_fail_memory(error, "storing the undo log") : RECTO_OK;
}

/* What is read, until it is found sound and given to the edit. */
typedef struct log_reader {
    text rest;
    bool bad, starved; /* starved: for want of memory */
    edit_operation *operations;
    size_t operation_count, operation_capacity;
    edit_step *steps;
    size_t step_count, done;
    size_t *identities; /* the fields as they would be at this point of the log */
    size_t count, capacity, next_identity;
} log_reader;

static const char *take(log_reader *log, size_t length)
{
    if (log->bad || log->rest.length < length) {
        log->bad = true;
        return NULL;
    }
    const char *bytes = log->rest.bytes;
    log->rest = text_of(bytes + length, log->rest.length - length);
    return bytes;
}

static uint64_t take_number(log_reader *log)
{
    const char *bytes = take(log, 8);
    uint64_t number = 0;
    for (int i = 7; bytes != NULL && i >= 0; i--)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

static void take_bytes(log_reader *log, char **out, size_t *length)
{
    uint64_t claimed = take_number(log);
    if (log->bad || claimed == UINT64_MAX)
        return;
    const char *bytes = claimed <= log->rest.length ? take(log, (size_t)claimed) : NULL;
    *out = bytes != NULL ? malloc((size_t)claimed + 1) : NULL;
    if (*out == NULL) {
        log->starved = log->starved || bytes != NULL;
        log->bad = true;
        return;
    }
    memcpy(*out, bytes, (size_t)claimed);
    *length = (size_t)claimed;
}

static void take_tag(log_reader *log, char tag[static MARC_TAG_LENGTH + 1])
{
    const char *bytes = take(log, MARC_TAG_LENGTH);
    if (bytes != NULL)
        memcpy(tag, bytes, MARC_TAG_LENGTH);
    tag[MARC_TAG_LENGTH] = '\0';
}

static void take_operation(log_reader *log)
{
    if (log->operation_count == log->operation_capacity) {
        size_t capacity = log->operation_capacity * 2 + 64;
        edit_operation *larger = realloc(log->operations, capacity * sizeof *larger);
        if (larger == NULL) {
            log->bad = log->starved = true;
            return;
        }
        log->operations = larger;
        log->operation_capacity = capacity;
    }
    edit_operation *operation = &log->operations[log->operation_count++];
    *operation = (edit_operation){ 0 };
    uint64_t kind = take_number(log);
    operation->index = (size_t)take_number(log);
    operation->to = (size_t)take_number(log);
    take_tag(log, operation->tag_before);
    take_tag(log, operation->tag_after);
    take_bytes(log, &operation->before, &operation->before_length);
    take_bytes(log, &operation->after, &operation->after_length);
    if (kind > EDIT_LEADER)
        log->bad = true;
    else
        operation->kind = (edit_kind)kind;
}

static void take_steps(log_reader *log)
{
    enum { SMALLEST_STEP = 16 };
    uint64_t steps = take_number(log);
    uint64_t done = take_number(log);
    if (log->bad || steps > log->rest.length / SMALLEST_STEP || done > steps) {
        log->bad = true;
        return;
    }
    log->steps = calloc((size_t)steps + 1, sizeof *log->steps);
    log->done = (size_t)done;
    log->bad = log->starved = log->steps == NULL;
    for (uint64_t i = 0; i < steps && !log->bad; i++) {
        edit_step *step = &log->steps[log->step_count++];
        char *title = NULL;
        size_t length = 0;
        take_bytes(log, &title, &length);
        if (title != NULL)
            memcpy(step->title, title, length < EDIT_TITLE - 1 ? length : EDIT_TITLE - 1);
        free(title);
        step->first = log->operation_count;
        uint64_t operations = take_number(log);
        for (uint64_t j = 0; j < operations && !log->bad; j++)
            take_operation(log);
        log->bad = log->bad || operations == 0;
    }
}

/* Tags and texts that the operation must have to be made or unmade. */
static bool is_whole(const edit_operation *operation)
{
    bool needs_before = operation->kind == EDIT_REPLACE || operation->kind == EDIT_REMOVE || operation->kind == EDIT_LEADER;
    bool needs_after = operation->kind == EDIT_REPLACE || operation->kind == EDIT_INSERT || operation->kind == EDIT_LEADER;
    if ((needs_before && operation->before == NULL) || (needs_after && operation->after == NULL))
        return false;
    if (operation->kind == EDIT_LEADER)
        return operation->before_length == MARC_LEADER_LENGTH && operation->after_length == MARC_LEADER_LENGTH;
    return (!needs_before || strlen(operation->tag_before) == MARC_TAG_LENGTH) &&
           (!needs_after || strlen(operation->tag_after) == MARC_TAG_LENGTH);
}

static bool try_insert(log_reader *log, size_t index, size_t *identity)
{
    if (index > log->count)
        return false;
    if (log->count == log->capacity) {
        size_t capacity = log->capacity * 2 + 16;
        size_t *larger = realloc(log->identities, capacity * sizeof *larger);
        if (larger == NULL) {
            log->starved = true;
            return false;
        }
        log->identities = larger;
        log->capacity = capacity;
    }
    memmove(&log->identities[index + 1], &log->identities[index], (log->count - index) * sizeof *log->identities);
    log->count++;
    log->identities[index] = *identity = log->next_identity++;
    return true;
}

static bool try_remove(log_reader *log, size_t index, size_t *identity)
{
    if (index >= log->count)
        return false;
    *identity = log->identities[index];
    log->count--;
    memmove(&log->identities[index], &log->identities[index + 1], (log->count - index) * sizeof *log->identities);
    return true;
}

static bool try_move(log_reader *log, size_t from, size_t to, size_t *identity)
{
    if (from >= log->count || to >= log->count)
        return false;
    *identity = log->identities[from];
    size_t *identities = log->identities;
    if (from < to)
        memmove(&identities[from], &identities[from + 1], (to - from) * sizeof *identities);
    else
        memmove(&identities[to + 1], &identities[to], (from - to) * sizeof *identities);
    identities[to] = *identity;
    return true;
}

static bool try_operation(log_reader *log, edit_operation *operation, bool forward)
{
    if (!is_whole(operation))
        return false;
    switch (operation->kind) {
    case EDIT_INSERT:
        return forward ? try_insert(log, operation->index, &operation->identity)
                       : try_remove(log, operation->index, &operation->identity);
    case EDIT_REMOVE:
        return forward ? try_remove(log, operation->index, &operation->identity)
                       : try_insert(log, operation->index, &operation->identity);
    case EDIT_REPLACE:
        if (operation->index < log->count)
            operation->identity = log->identities[operation->index];
        return operation->index < log->count;
    case EDIT_MOVE:
        return forward ? try_move(log, operation->index, operation->to, &operation->identity)
                       : try_move(log, operation->to, operation->index, &operation->identity);
    case EDIT_LEADER:
        break;
    }
    return true;
}

static bool start_trial(log_reader *log, const marc_edit *edit)
{
    size_t fields = marc_record_count(edit->record);
    free(log->identities);
    log->identities = malloc((fields + 1) * sizeof *log->identities);
    log->count = fields;
    log->capacity = fields + 1;
    if (log->identities != NULL && fields > 0)
        memcpy(log->identities, edit->identities, fields * sizeof *log->identities);
    log->starved = log->identities == NULL;
    return !log->starved;
}

/* Back to the beginning from the record as it is, and from there to the end of what can be redone. */
static bool try_all(log_reader *log, const marc_edit *edit)
{
    size_t now = log->done < log->step_count ? log->steps[log->done].first : log->operation_count;
    log->next_identity = edit->next_identity;
    if (!start_trial(log, edit))
        return false;
    for (size_t i = now; i-- > 0;)
        if (!try_operation(log, &log->operations[i], false))
            return false;
    if (!start_trial(log, edit))
        return false;
    for (size_t i = now; i < log->operation_count; i++)
        if (!try_operation(log, &log->operations[i], true))
            return false;
    return true;
}

static void log_release(log_reader *log)
{
    for (size_t i = 0; i < log->operation_count; i++) {
        free(log->operations[i].before);
        free(log->operations[i].after);
    }
    free(log->operations);
    free(log->steps);
    free(log->identities);
}

recto_status marc_edit_log_read(marc_edit *edit, text bytes, recto_error *error)
{
    log_reader log = { .rest = bytes };
    const char *name = take(&log, sizeof magic);
    uint64_t hash = take_number(&log);
    if (name == NULL || memcmp(name, magic, sizeof magic) != 0 || log.bad || hash != record_hash(edit->record))
        return recto_fail(error, RECTO_EDATA, NULL, NULL, "the undo log does not belong to this record; the record was kept");
    take_steps(&log);
    if (log.bad || log.rest.length != 0 || !try_all(&log, edit)) {
        log_release(&log);
        if (log.starved)
            return recto_fail_memory(error, "reading the undo log");
        return recto_fail(error, RECTO_EDATA, NULL, NULL, "the undo log is damaged; the record was kept");
    }
    edit_drop_steps(edit, 0);
    free(edit->operations);
    free(edit->steps);
    edit->operations = log.operations;
    edit->operation_count = log.operation_count;
    edit->operation_capacity = log.operation_capacity;
    edit->steps = log.steps;
    edit->step_count = log.step_count;
    edit->step_capacity = log.step_count + 1;
    edit->done = log.done;
    edit->next_identity = log.next_identity;
    edit->typing = false;
    edit->revision++;
    free(log.identities);
    return RECTO_OK;
}
