/* src/service/gateway_run.c - the gateway as a service: the repository behind the loop.
 *
 * The repository is opened here, and from then on belongs to the worker's thread alone. What the loop asks of it, whether a
 * logon is a known institution, is answered from the list of zones, which is read once and does not change. */
#include "gateway_server.h"

#include <malloc.h>

typedef struct counter { /* where records are handed in */
    catalog *catalog;
    gateway_desk *desk;
} counter;

static void receive(void *context, gateway_outcome *out, const gateway_request *request, recto_error *error)
{
    counter *counter = context;
    gateway_receive(out, counter->desk, request, error);
}

static void note(void *context, const gateway_request *request, const char *code, const char *reply)
{
    counter *counter = context;
    gateway_note(counter->desk, request, code, reply);
}

static bool knows(void *context, text logon)
{
    counter *counter = context;
    return gateway_knows_institution(counter->desk, logon);
}

static void prune(void *context, int keep_days, int keep_record_days)
{
    counter *counter = context;
    catalog_gateway_log_prune(counter->catalog, keep_days, keep_record_days, NULL); /* tomorrow it is tried again */
}

static bool tidy(void *context)
{
    const counter *counter = context;
    return catalog_tidy(counter->catalog);
}

static bool begin_together(void *context)
{
    counter *counter = context;
    return gateway_together_begin(counter->desk, NULL) == RECTO_OK;
}

static bool end_together(void *context, bool wanted)
{
    counter *counter = context;
    return gateway_together_end(counter->desk, wanted);
}

/* The worker's memory grows and shrinks with each record: without this, glibc gives its pages back and takes them again, nine
 * system calls a record. */
static void keep_memory(void)
{
    enum { KEPT = 8 * 1024 * 1024 };
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TRIM_THRESHOLD, KEPT);
    mallopt(M_MMAP_THRESHOLD, KEPT / 4);
}

recto_status service_gateway_run(const service_gateway_options *options, recto_error *error)
{
    counter counter = { .catalog = NULL };
    const gateway_corridor corridor = { &counter, receive, note, knows, prune, tidy, begin_together, end_together };
    const catalog_options opening = { .repository = options->repository,
                                      .login = options->login,
                                      .owns_file = options->owns_file,
                                      .clock = options->clock,
                                      .mode = REPO_READ_WRITE };
    gateway_settings settings;
    keep_memory();
    recto_status status = gateway_settings_load(&settings, &options->limits, error);
    if (status == RECTO_OK)
        status = catalog_open(&counter.catalog, &opening, error);
    if (status == RECTO_OK)
        catalog_expect_saves(counter.catalog);
    if (status == RECTO_OK)
        status = gateway_desk_new(&counter.desk, counter.catalog, error);
    if (status == RECTO_OK)
        status = gateway_serve(options, &settings, &corridor, error);
    gateway_desk_free(counter.desk);
    catalog_close(counter.catalog);
    return status;
}
