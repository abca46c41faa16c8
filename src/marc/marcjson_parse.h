/* src/marc/marcjson_parse.h - JSON text, for marcjson.c: where an object ends, strings, and the members of objects.
 *
 * Strings of JSON may hold what UTF-8 cannot, half a surrogate pair: it is read as U+FFFD and counted. */
#ifndef RECTO_MARC_MARCJSON_PARSE_H
#define RECTO_MARC_MARCJSON_PARSE_H

#include "reader.h"

/* Where the first pass stands in an object. */
typedef struct json_scan {
    size_t depth, deepest;
    bool in_string, escaped;
} json_scan;

typedef struct json_parser {
    marc_reader *reader;
    marc_record *record;
    const char *start, *at, *end;
    buffer string;  /* the string read last */
    buffer content; /* of the field that is being read */
    char tag[MARC_TAG_LENGTH + 1];
    char indicators[2][4];
    size_t indicator_lengths[2];
    char code[4]; /* of the subfield that is being read */
    size_t code_length;
    const char *fault;  /* what is wrong, at `at` */
    size_t halves;      /* of surrogate pairs, read as U+FFFD */
    size_t bare_values; /* numbers and the like where a string belongs */
    bool has_leader, has_fields, record_is_full, starved;
} json_parser;

/** @return bytes up to and with the end of the object; 0 when it does not end here. */
size_t marcjson_scan_object(json_scan *scan, text bytes);

/* Each reads something at the cursor; false: `fault` says what is wrong there. */
bool marcjson_fail(json_parser *json, const char *fault);
bool marcjson_starve(json_parser *json);                 /* no memory: the record is not at fault. Gives false */
bool marcjson_next_is(json_parser *json, char expected); /* behind blanks; reads nothing */
bool marcjson_string(json_parser *json);                 /* into json->string */
/** A string, or a number, true or false as it stands, or null as an empty string, into json->string. */
bool marcjson_text(json_parser *json);
bool marcjson_skip(json_parser *json); /* a value that has no meaning for us */
/** Calls `member` for each name of an object, the name in json->string and the cursor before the value. */
bool marcjson_members(json_parser *json, bool (*member)(json_parser *json));
bool marcjson_elements(json_parser *json, bool (*element)(json_parser *json));

#endif
