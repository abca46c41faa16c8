/* include/recto/marc/tables.h - MARC 21 as data: fields, indicators, subfields, fixed-field positions, code lists.
 *
 * The tables are text files of data/marc21/ (format described in their first lines), parsed once and then read only.
 * This room opens no file: the caller hands over the bytes (base/resource.h finds them). */
#ifndef RECTO_MARC_TABLES_H
#define RECTO_MARC_TABLES_H

#include "recto/marc/record.h"

typedef struct marc_tables marc_tables;

typedef enum marc_family { MARC_BIBLIOGRAPHIC, MARC_HOLDINGS, MARC_AUTHORITY } marc_family;

/* one legal value of an indicator or a coded position */
typedef struct marc_code {
    text code; /* "a", "eng", "#" stands for blank, "|" for fill; "001-999" for every number between */
    text label;
    bool obsolete;
    text instead; /* of an obsolete code: the one that took its place, or since when it is so; may be empty */
} marc_code;

typedef struct marc_subfield_definition {
    char code; /* '*': any that is not named (880, 886) */
    text label;
    bool repeatable, obsolete;
    text instead; /* of an obsolete one: since when, and what is used today; may be empty */
} marc_subfield_definition;

typedef struct marc_field_definition {
    char tag[MARC_TAG_LENGTH + 1];
    text label;
    bool repeatable, obsolete, mandatory;
    const marc_code *indicator_values[2]; /* counted below; any value allowed when the count is 0; "#" alone: undefined */
    size_t indicator_count[2];
    text indicator_label[2];
    const marc_subfield_definition *subfields;
    size_t subfield_count;
    text instead; /* of an obsolete field: since when, and what is used today: "since 2008 490 with 830"; may be empty */
} marc_field_definition;

/* one element of LDR, 006, 007 or 008 */
typedef struct marc_position {
    size_t offset, length;  /* in bytes */
    text name;              /* short, for the strip: "LitF" */
    text label;             /* "Literary form" */
    const marc_code *codes; /* of unit_length bytes each ("fr#"); count 0: free text or date */
    size_t code_count;
    size_t unit_length; /* 008/18-21 has four units of one byte */
    bool system;        /* computed on save, not editable (ED-47) */
} marc_position;

typedef struct marc_fixed_layout {
    text name;     /* "Books", "Sound recording (007)" */
    size_t length; /* of the whole field in bytes */
    const marc_position *positions;
    size_t position_count;
} marc_fixed_layout;

recto_status marc_tables_new(marc_tables **out, recto_error *error);
/** Adds one file; @param name for messages. The bytes may go afterwards. RECTO_EDATA with line number. Files may come in
 *  any order; marc_tables_files names those that are shipped ("data/marc21/bibliographic.txt", ...). */
recto_status marc_tables_add(marc_tables *tables, text file, const char *name, recto_error *error);
const char *const *marc_tables_files(size_t *count);
void marc_tables_free(marc_tables *tables);
/** The first code list that a position names and that no file has brought; an empty text when all is there. */
text marc_tables_missing_list(const marc_tables *tables);

const marc_field_definition *marc_tables_field(const marc_tables *tables, marc_family family, const char *tag); /* NULL: none */
const marc_subfield_definition *marc_definition_subfield(const marc_field_definition *definition, char code);
/** What an indicator of this value means; NULL: not allowed, or nothing is known of it (any value may stand there). */
const marc_code *marc_definition_indicator(const marc_field_definition *definition, int which, char value);
bool marc_definition_indicator_allowed(const marc_field_definition *definition, int which, char value);
/** Layout for a fixed field by the record's leader (008, 006: material type; 007: its byte 0). NULL: no layout known. */
const marc_fixed_layout *marc_tables_fixed(const marc_tables *tables, marc_family family, const char *tag,
                                           const char leader[static MARC_LEADER_LENGTH], text content);
/** The table's entry for one unit of a position as it stands in the record (a blank there is "#" in the table). NULL: none. */
const marc_code *marc_position_code(const marc_position *position, text unit);
/** Code lists: "country", "language", "relator", "gac"; "content", "media", "carrier" (RDA). NULL: not in the list. */
const marc_code *marc_tables_code(const marc_tables *tables, const char *list, text code);
const marc_code *marc_tables_list(const marc_tables *tables, const char *list, size_t *count);
marc_family marc_family_of(const marc_record *record); /* leader/06: uvxy holdings, z authority */
/** Material type for lists and facets: "Book", "Serial", "Map", "Score", "Sound recording", "Video", ... */
const char *marc_material_type(const marc_record *record);

#endif
