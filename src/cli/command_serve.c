/* src/cli/command_serve.c - recto serve: the long-running doors. The gateway comes with its own release. */
#include "command_line.h"

#include "recto/service/z3950_server.h"

#include <string.h>

static void tell_ready(void *context, const char *address, int port)
{
    command_line *line = context;
    json_writer json;
    if (!line->json) {
        print_format(line, "Listening on %s:%d.", address, port);
    } else {
        json_init(&json, &line->out);
        json_open(&json, NULL, '{');
        json_string(&json, "listen", address);
        json_integer(&json, "port", port);
        json_close(&json, '}');
    }
    print_end(line);
    output_flush(line);
}

int command_serve(command_line *line, int argc, char **argv)
{
    const char *listen = NULL, *port_text = "2100";
    const option_value options[] = { { "listen", true, &listen, NULL, NULL }, { "port", true, &port_text, NULL, NULL } };
    char path[4096];
    int64_t port;
    recto_error error = { 0 };
    int operands = read_options(argc, argv, options, 2);
    if (operands != 1)
        return operands < 0 ? 2 : usage("serve takes `z3950`");
    if (strcmp(argv[1], "gateway") == 0 || strcmp(argv[1], "all") == 0)
        return usage("`serve %s` is not there yet in this version; `serve z3950` is", argv[1]);
    if (strcmp(argv[1], "z3950") != 0)
        return usage("serve takes `z3950`, not '%s'", argv[1]);
    if (!option_number("port", port_text, 0, 65535, &port))
        return 2;
    repository_path(line, path, sizeof path);
    service_z3950_options serving = { .repository = path,
                                      .institution = line->institution,
                                      .listen = listen,
                                      .port = (int)port,
                                      .clock = line->clock,
                                      .ready = tell_ready,
                                      .ready_context = line };
    return service_z3950_run(&serving, &error) == RECTO_OK ? 0 : report(&error);
}
