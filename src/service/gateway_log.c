/* src/service/gateway_log.c - log lines, for people or as JSON. */
#include "gateway_log.h"

#include "recto/base/utf8.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

enum { LINE_MOST = 16 * 1024 };

recto_status gateway_log_open(gateway_log *log, recto_error *error)
{
    if (log->path == NULL || log->path[0] == '\0')
        return RECTO_OK;
    int opened = open(log->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0640);
    if (opened < 0)
        return recto_fail_system(error, errno, log->path, "the log cannot be opened");
    gateway_log_close(log);
    log->descriptor = opened;
    return RECTO_OK;
}

void gateway_log_close(gateway_log *log)
{
    if (log->descriptor > STDERR_FILENO)
        close(log->descriptor);
    log->descriptor = STDERR_FILENO;
}

void gateway_line_begin(gateway_line *line, gateway_log *log, const char *event)
{
    char when[CLOCK_ISO_LENGTH];
    int64_t now = recto_clock_now(&log->clock);
    line->log = log;
    buffer_init(&line->bytes, LINE_MOST);
    json_init(&line->json, &line->bytes);
    if (!log->json) {
        clock_format_iso(when, now);
        buffer_append_format(&line->bytes, "%s gateway %s", when, event);
        return;
    }
    json_open(&line->json, NULL, '{');
    json_time(&line->json, "time", now);
    json_string(&line->json, "service", "gateway");
    json_string(&line->json, "event", event);
}

/* For people the value is quoted as in JSON, after what a terminal would obey has been made visible. */
static void append_quoted(buffer *out, const char *key, text value)
{
    json_writer json;
    buffer shown;
    buffer_init(&shown, LINE_MOST);
    display_append(&shown, value, true);
    buffer_append_format(out, " %s=", key);
    json_init(&json, out);
    json_text(&json, NULL, buffer_text(&shown));
    buffer_release(&shown);
}

void gateway_line_text(gateway_line *line, const char *key, text value)
{
    if (value.length == 0)
        return;
    if (line->log->json)
        json_text(&line->json, key, value);
    else
        append_quoted(&line->bytes, key, value);
}

void gateway_line_string(gateway_line *line, const char *key, const char *value)
{
    gateway_line_text(line, key, text_from(value));
}

void gateway_line_number(gateway_line *line, const char *key, int64_t value)
{
    if (line->log->json)
        json_integer(&line->json, key, value);
    else
        buffer_append_format(&line->bytes, " %s=%" PRId64, key, value);
}

void gateway_line_end(gateway_line *line)
{
    if (line->log->json)
        json_close(&line->json, '}');
    buffer_append_char(&line->bytes, '\n');
    ssize_t written = write(line->log->descriptor, buffer_string(&line->bytes), line->bytes.length);
    (void)written; /* nobody is left to be told */
    buffer_release(&line->bytes);
}
