/* src/marc/edit_log.h - the inside of an edit: operations, steps, and what may be done with them across the files of edit. */
#ifndef RECTO_MARC_EDIT_LOG_H
#define RECTO_MARC_EDIT_LOG_H

#include "recto/marc/edit.h"

typedef enum edit_kind { EDIT_INSERT, EDIT_REPLACE, EDIT_REMOVE, EDIT_MOVE, EDIT_LEADER } edit_kind;

typedef struct edit_operation {
    edit_kind kind;
    size_t index, to; /* `to`: only of a move */
    size_t identity;  /* of the field, for its mark */
    char tag_before[MARC_TAG_LENGTH + 1], tag_after[MARC_TAG_LENGTH + 1];
    char *before, *after; /* owned; NULL where there is none */
    size_t before_length, after_length;
} edit_operation;

enum { EDIT_TITLE = 80 };

typedef struct edit_step {
    size_t first; /* operation; the step ends where the next begins */
    char title[EDIT_TITLE];
} edit_step;

struct marc_edit {
    marc_record *record, *saved;
    size_t *identities; /* of each field now; below saved_count: the place in `saved` it came from */
    size_t identity_capacity, next_identity, saved_count;
    edit_operation *operations;
    size_t operation_count, operation_capacity;
    edit_step *steps;
    size_t step_count, step_capacity;
    size_t done; /* steps in force; those behind can be redone */
    uint64_t revision;
    int depth; /* of marc_edit_begin */
    bool step_open, typing;
    char title[EDIT_TITLE];
};

recto_status edit_perform(marc_edit *edit, const edit_operation *operation, bool forward, recto_error *error);
void edit_drop_steps(marc_edit *edit, size_t from);

/* The record as it is before several operations: where one of them finds no memory, going back must not need any. */
typedef struct edit_snapshot {
    marc_record *record;
    size_t *identities;
} edit_snapshot;
bool edit_snapshot_take(edit_snapshot *out, const marc_edit *edit); /* false: no memory, and nothing to release */
void edit_snapshot_restore(edit_snapshot *snapshot, marc_edit *edit);
void edit_snapshot_release(edit_snapshot *snapshot);

#endif
