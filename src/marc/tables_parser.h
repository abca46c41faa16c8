/* src/marc/tables_parser.h - the state of reading one file of tables, shared by tables_parse.c (fields, codes) and
 * tables_layouts.c (positions, layouts). Private to tables*.c. */
#ifndef RECTO_MARC_TABLES_PARSER_H
#define RECTO_MARC_TABLES_PARSER_H

#include "tables_store.h"

typedef struct named_position {
    marc_position position;
    text list; /* empty: any text */
} named_position;

typedef struct position_group {
    text name;
    const named_position *positions;
    size_t count;
} position_group;

typedef enum block { BLOCK_NONE, BLOCK_FIELD, BLOCK_SUBFIELDS, BLOCK_CODES, BLOCK_POSITIONS, BLOCK_LAYOUT } block;

typedef struct parser {
    marc_tables *tables;
    const char *name;
    size_t line;
    marc_family family;
    block block;
    marc_field_definition field;
    layout_entry layout;
    position_group group;
    code_list list;
    vector subfields;     /* marc_subfield_definition */
    vector indicators[2]; /* marc_code */
    vector codes;         /* marc_code */
    vector positions;     /* named_position */
    vector whens;         /* when_line */
    recto_error *error;
} parser;

/** RECTO_EDATA at the present line, with the piece of it that is wrong and what would be right. */
recto_status parser_fail(const parser *at, const char *todo, const char *what, text piece);
recto_status parser_no_memory(const parser *at);
text parser_take_word(text *line);          /* off the line, blanks before and behind it too */
bool parser_size(text digits, size_t *out); /* 0 to 9999 */
/** The items of a vector, copied to where the tables keep them; the vector is empty again. NULL: no memory. */
void *parser_keep(const parser *at, vector *items, size_t item_bytes);

recto_status parser_begin_positions(parser *at, text rest);
recto_status parser_begin_layout(parser *at, text rest);
recto_status parser_end_positions(parser *at);
recto_status parser_end_layout(parser *at);
recto_status parser_read_position(parser *at, text line); /* "18-21 Ills LABEL = list" */
recto_status parser_read_layout_line(parser *at, text line);
/** Gives waiting positions the lists that have come meanwhile. */
recto_status parser_settle_pending(parser *at);

#endif
