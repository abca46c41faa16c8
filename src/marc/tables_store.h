/* src/marc/tables_store.h - how the MARC 21 tables lie in memory. Private to tables*.c. */
#ifndef RECTO_MARC_TABLES_STORE_H
#define RECTO_MARC_TABLES_STORE_H

#include "recto/base/arena.h"
#include "recto/marc/tables.h"

enum { FAMILY_COUNT = MARC_AUTHORITY + 1 };

typedef struct vector { /* of any one type; grows by doubling */
    void *items;
    size_t count, capacity;
} vector;

void *vector_push(vector *grows, size_t item_bytes); /* a zeroed new item; NULL: no memory */
void vector_release(vector *grows);

typedef struct code_list {
    text name;
    const marc_code *codes;   /* in the order of the file */
    const marc_code **sorted; /* by code */
    const marc_code *padded;  /* as a position wants them: all of unit_length */
    size_t count, unit_length;
} code_list;

typedef struct condition {
    bool of_leader; /* else of the field itself */
    size_t offset;
    text values; /* any of these bytes */
} condition;

enum { CONDITIONS_MAX = 4 };

typedef struct when_line { /* all conditions hold */
    condition conditions[CONDITIONS_MAX];
    size_t count;
} when_line;

typedef struct layout_entry {
    char tag[MARC_TAG_LENGTH + 1];
    marc_fixed_layout layout;
    const when_line *whens; /* one of them holds, or there is none */
    size_t when_count;
} layout_entry;

typedef struct pending_list { /* a position whose code list has not come yet */
    marc_position *position;
    text list;
} pending_list;

typedef struct family_table {
    vector fields;                               /* marc_field_definition, by tag once a file is complete */
    vector layouts;                              /* layout_entry, in the order of the files */
    const marc_subfield_definition *common[128]; /* for "also" */
} family_table;

struct marc_tables {
    arena *memory;
    family_table families[FAMILY_COUNT];
    vector lists;   /* code_list, by name once a file is complete */
    vector groups;  /* position_group of tables_parse.c */
    vector pending; /* pending_list */
};

const code_list *tables_find_list(const marc_tables *tables, text name);

#endif
