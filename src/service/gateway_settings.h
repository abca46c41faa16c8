/* src/service/gateway_settings.h - what an administrator may set: data/service/gateway.conf, `key = value` a line. */
#ifndef RECTO_SRC_SERVICE_GATEWAY_SETTINGS_H
#define RECTO_SRC_SERVICE_GATEWAY_SETTINGS_H

#include "recto/base/text.h"
#include "recto/service/gateway.h"

typedef struct gateway_settings {
    service_gateway_limits limits;
    char listen[512], log[512], proxies[512]; /* "" where not set */
    int keep_days, keep_record_days;          /* of the log's rows, and of refused records (GW-80, GW-81) */
} gateway_settings;

/** The defaults of gateway.md. */
void gateway_settings_init(gateway_settings *out);
/** Reads a file's text into `out`. RECTO_EDATA "ORIGIN:LINE: unknown setting 'idel'; did you mean idle?", out as it was. */
recto_status gateway_settings_read(gateway_settings *out, text content, const char *origin, recto_error *error);
/** Defaults, then the configured file or the one built in, then what the command line says (`given`: what is not 0). */
recto_status gateway_settings_load(gateway_settings *out, const service_gateway_limits *given, recto_error *error);

#endif
