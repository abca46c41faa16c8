/* src/service/gateway_settings.c - a table of settings, read from text. */
#include "gateway_settings.h"

#include "recto/base/resource.h"
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_RECORD = 16 * 1024 * 1024, DAY_S = 24 * 60 * 60 };
typedef enum kind { SECONDS, COUNT, SIZE, WORDS } kind;

typedef struct setting {
    const char *name;
    kind kind;
    size_t at;
    double least, most; /* for WORDS, `most` is the room */
} setting;

#define LIMIT(field) (offsetof(gateway_settings, limits) + offsetof(service_gateway_limits, field))
static const setting settings[] = {
    { "listen", WORDS, offsetof(gateway_settings, listen), 0, sizeof(((gateway_settings *)0)->listen) },
    { "log", WORDS, offsetof(gateway_settings, log), 0, sizeof(((gateway_settings *)0)->log) },
    { "proxies", WORDS, offsetof(gateway_settings, proxies), 0, sizeof(((gateway_settings *)0)->proxies) },
    { "first-byte", SECONDS, LIMIT(first_byte), 0.01, DAY_S },
    { "header", SECONDS, LIMIT(header_to_record), 0.01, DAY_S },
    { "silence", SECONDS, LIMIT(silence), 0.01, DAY_S },
    { "record", SECONDS, LIMIT(record), 0.01, DAY_S },
    { "reply", SECONDS, LIMIT(reply), 0.01, DAY_S },
    { "idle", SECONDS, LIMIT(idle), 0.01, DAY_S },
    { "idle-permanent", SECONDS, LIMIT(idle_permanent), 0.01, DAY_S },
    { "drain", SECONDS, LIMIT(drain), 0.01, 60 },
    { "record-bytes", SIZE, LIMIT(record_bytes), 1000, MAX_RECORD },
    { "connections", COUNT, LIMIT(connections), 1, 10000 },
    { "connections-per-second", COUNT, LIMIT(connections_per_second), 1, 100000 },
    { "keep-log-days", COUNT, offsetof(gateway_settings, keep_days), 1, 36500 },
    { "keep-record-days", COUNT, offsetof(gateway_settings, keep_record_days), 1, 36500 },
};
enum { SETTINGS = sizeof settings / sizeof *settings };

void gateway_settings_init(gateway_settings *out)
{
    *out = (gateway_settings){ .limits = { .first_byte = 15000,
                                           .header_to_record = 15000,
                                           .silence = 30000,
                                           .record = 120000,
                                           .reply = 60000,
                                           .idle = 30000,
                                           .idle_permanent = 600000,
                                           .drain = 2000,
                                           .record_bytes = 99999,
                                           .connections = 1000,
                                           .connections_per_second = 20 },
                               .keep_days = 180,
                               .keep_record_days = 30 };
}

/* ---- one setting ---- */

static bool read_number(double *out, text value)
{
    char terminated[32], *end = NULL;
    if (value.length == 0 || value.length >= sizeof terminated)
        return false;
    memcpy(terminated, value.bytes, value.length);
    terminated[value.length] = '\0';
    if (terminated[strspn(terminated, "0123456789.")] != '\0') /* strtod knows inf, nan and hexadecimal */
        return false;
    *out = strtod(terminated, &end);
    return *end == '\0';
}

static bool store(gateway_settings *out, const setting *setting, text value)
{
    char *place = (char *)out + setting->at;
    double number = 0;
    if (setting->kind == WORDS) {
        if ((double)value.length >= setting->most)
            return false;
        memcpy(place, value.bytes, value.length);
        place[value.length] = '\0';
        return true;
    }
    if (!read_number(&number, value) || number < setting->least || number > setting->most)
        return false;
    size_t size = (size_t)number;
    int whole = (int)(setting->kind == SECONDS ? number * 1000 + 0.5 : number);
    if (setting->kind == SIZE)
        memcpy(place, &size, sizeof size);
    else
        memcpy(place, &whole, sizeof whole);
    return true;
}

static recto_status read_line(gateway_settings *out, text line, const char *place, recto_error *error)
{
    static const char *const wanted[] = { "seconds", "a whole number", "bytes", "words" };
    text rest = line, key = text_trim(text_next_field(&rest, '='));
    if (rest.bytes == NULL)
        return recto_fail(error, RECTO_EDATA, place, "write `key = value`", "no '=' in '%.*s'", (int)key.length, key.bytes);
    for (size_t i = 0; i < SETTINGS; i++) {
        if (!text_equal(key, text_from(settings[i].name)))
            continue;
        if (store(out, &settings[i], text_trim(rest)))
            return RECTO_OK;
        return recto_fail(error, RECTO_EDATA, place, NULL, "%s takes %s from %g to %g", settings[i].name,
                          wanted[settings[i].kind], settings[i].least, settings[i].most);
    }
    return recto_fail(error, RECTO_EDATA, place, "the file data/service/gateway.conf lists all settings",
                      "unknown setting '%.*s'", (int)key.length, key.bytes);
}

recto_status gateway_settings_read(gateway_settings *out, text content, const char *origin, recto_error *error)
{
    gateway_settings read = *out;
    text rest = content;
    for (int number = 1; rest.bytes != NULL; number++) {
        char place[200];
        text line = text_next_field(&rest, '\n'), whole = line;
        line = text_trim(text_next_field(&whole, '#'));
        snprintf(place, sizeof place, "%.180s:%d", origin, number);
        if (line.length > 0 && read_line(&read, line, place, error) != RECTO_OK)
            return RECTO_EDATA;
    }
    *out = read;
    return RECTO_OK;
}

/* ---- all of them ---- */

static void override(service_gateway_limits *limits, const service_gateway_limits *given)
{
    static const size_t numbers[] = {
        offsetof(service_gateway_limits, first_byte),     offsetof(service_gateway_limits, header_to_record),
        offsetof(service_gateway_limits, silence),        offsetof(service_gateway_limits, record),
        offsetof(service_gateway_limits, reply),          offsetof(service_gateway_limits, idle),
        offsetof(service_gateway_limits, idle_permanent), offsetof(service_gateway_limits, drain),
        offsetof(service_gateway_limits, connections),    offsetof(service_gateway_limits, connections_per_second)
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int number;
        memcpy(&number, (const char *)given + numbers[i], sizeof number);
        if (number > 0)
            memcpy((char *)limits + numbers[i], &number, sizeof number);
    }
    if (given->record_bytes > 0)
        limits->record_bytes = given->record_bytes;
}

recto_status gateway_settings_load(gateway_settings *out, const service_gateway_limits *given, recto_error *error)
{
    resource file = { 0 };
    gateway_settings_init(out);
    recto_status status = resource_open(&file, "data/service/gateway.conf", 64 * 1024, error);
    if (status == RECTO_OK)
        status = gateway_settings_read(out, file.content, file.origin, error);
    resource_release(&file);
    if (status == RECTO_OK)
        override(&out->limits, given);
    return status;
}
