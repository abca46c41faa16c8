/* include/recto/base/json.h - writing JSON lines into a buffer: `recto ... --json`, logs, MARC-in-JSON.
 *
 * Values are escaped; invalid UTF-8 becomes U+FFFD; control characters \u00XX (RL-156). Commas are put by the writer. */
#ifndef RECTO_BASE_JSON_H
#define RECTO_BASE_JSON_H

#include "recto/base/text.h"

typedef struct json_writer {
    buffer *out; /* lent */
    bool comma;  /* a value stands before: the next needs a comma */
} json_writer;

void json_init(json_writer *json, buffer *out);
void json_open(json_writer *json, const char *key, char bracket); /* '{' or '['; key NULL inside arrays and at the top */
void json_close(json_writer *json, char bracket);                 /* '}' or ']' */
void json_text(json_writer *json, const char *key, text value);
void json_string(json_writer *json, const char *key, const char *value); /* NULL: left out, as cli.md wants for absent facts */
void json_integer(json_writer *json, const char *key, int64_t value);
void json_real(json_writer *json, const char *key, double value);
void json_bool(json_writer *json, const char *key, bool value);
void json_time(json_writer *json, const char *key, int64_t seconds); /* ISO 8601 with zone; 0 or less: left out */

#endif
