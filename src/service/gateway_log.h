/* src/service/gateway_log.h - the service's log: one line an event, its values escaped, so that nothing from outside can make a
 * second line or colour a screen. No function here is ever given a password. @spec gateway.md GW-73, GW-80 */
#ifndef RECTO_SRC_SERVICE_GATEWAY_LOG_H
#define RECTO_SRC_SERVICE_GATEWAY_LOG_H

#include "recto/base/clock.h"
#include "recto/base/json.h"

typedef struct gateway_log {
    int descriptor;   /* standard error, or the file */
    const char *path; /* NULL: standard error. Lent */
    bool json;
    recto_clock clock;
} gateway_log;

/** Opens the file anew (SIGHUP, after it was moved away); without a path, nothing. RECTO_EIO: the old one is kept. */
recto_status gateway_log_open(gateway_log *log, recto_error *error);
void gateway_log_close(gateway_log *log);

typedef struct gateway_line {
    gateway_log *log;
    buffer bytes;
    json_writer json;
} gateway_line;

/** 2025-11-22T14:05:00Z gateway EVENT key="value" number=5; or a JSON object with `time`, `service`, `event`. */
void gateway_line_begin(gateway_line *line, gateway_log *log, const char *event);
void gateway_line_text(gateway_line *line, const char *key, text value); /* empty: left out */
void gateway_line_string(gateway_line *line, const char *key, const char *value);
void gateway_line_number(gateway_line *line, const char *key, int64_t value);
void gateway_line_end(gateway_line *line); /* writes it, in one piece */

#endif
