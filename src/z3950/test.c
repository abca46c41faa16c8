/* src/z3950/test.c - `recto target test`: the first thing support asks for (SR-7).
 *
 * The same search that a cataloger runs, told step by step with its time. It waits, because a command line may. */
#include "run.h"
#include "recto/base/clock.h"
#include "recto/base/utf8.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct teller {
    void (*tell)(void *context, const char *line);
    void *context;
    int64_t since_ms;
} teller;

__attribute__((format(printf, 2, 3))) static void tell_step(teller *teller, const char *format, ...)
{
    char plain[600], line[700];
    buffer shown;
    int64_t now = recto_clock_monotonic_ms();
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(plain, sizeof plain, format, arguments);
    va_end(arguments);
    buffer_init(&shown, 8 * 1024);
    display_append(&shown, text_from(plain), true); /* server names are the server's words */
    snprintf(line, sizeof line, "%6lld ms  %s", (long long)(now - teller->since_ms), buffer_string(&shown));
    teller->tell(teller->context, line);
    teller->since_ms = now;
    buffer_release(&shown);
}

static const char *option_of(const run *run, const char *name)
{
    const char *value = run->connection == NULL ? NULL : ZOOM_connection_option_get(run->connection, name);
    return value == NULL ? "" : value;
}

static void tell_phase(teller *teller, const run *run, run_phase ended)
{
    const char *charset = option_of(run, "negotiation-charset");
    if (ended == PHASE_RESOLVING)
        tell_step(teller, "name: %s is %s (%zu addresses)", run->entry->shown.host, run->addresses.addresses[0].text,
                  run->addresses.count);
    else if (ended == PHASE_CONNECTING && run->entry->shown.sru)
        tell_step(teller, "connected");
    else if (ended == PHASE_CONNECTING)
        tell_step(teller, "connected, session accepted by %s %s; character set by negotiation: %s",
                  option_of(run, "serverImplementationName"), option_of(run, "serverImplementationVersion"),
                  charset[0] == '\0' ? "none" : charset);
    else if (ended == PHASE_SEARCHING)
        tell_step(teller, "searched %s: %lld hits", buffer_string(&run->pqf), (long long)run->status.hits);
}

static const char *charset_of(const external_hit *hit)
{
    if (hit->raw.length < 10 || hit->raw.bytes[0] == '<')
        return "UTF-8 (XML)";
    if (hit->raw.bytes[9] == 'a')
        return utf8_valid(hit->raw, NULL) ? "UTF-8" : "marked UTF-8, but it is not";
    for (size_t i = 0; i < hit->raw.length; i++)
        if ((hit->raw.bytes[i] & 0x80) != 0)
            return utf8_valid(hit->raw, NULL) ? "unmarked UTF-8" : "MARC-8";
    return "ASCII only, marked MARC-8";
}

static void tell_record(teller *teller, const run *run)
{
    const external_hit *hit = run->hit_count > 0 ? run->hits[0] : NULL;
    if (hit == NULL)
        tell_step(teller, "fetched nothing: the search found no record");
    else if (hit->record == NULL)
        tell_step(teller, "fetched record 1, %zu bytes: %s", hit->raw.length, hit->problem);
    else
        tell_step(teller, "fetched record 1: %zu bytes, %zu fields, characters: %s", hit->raw.length,
                  marc_record_count(hit->record), charset_of(hit));
}

static void wait_and_step(run *run)
{
    struct pollfd wanted;
    int64_t until = 0;
    run_wanted(run, &wanted, &until);
    int64_t left = until - recto_clock_monotonic_ms();
    int ready = poll(&wanted, wanted.fd >= 0 ? 1 : 0, left < 0 ? 0 : left > 1000 ? 1000 : (int)left);
    run_step(run, ready > 0 ? wanted.revents : 0);
}

/* A box this target can search; keywords where it can. */
static bool choose_box(external_query *query, const target_entry *entry)
{
    static const external_box order[] = { BOX_KEYWORD, BOX_TITLE, BOX_AUTHOR, BOX_SUBJECT };
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (entry->boxes[order[i]].supported) {
            query->boxes[order[i]] = "water";
            return true;
        }
    }
    return false;
}

recto_status target_test(target_list *list, const target *target, void (*tell)(void *context, const char *line), void *context,
                         recto_error *error)
{
    run run;
    external_query query = { { NULL } };
    teller teller = { tell, context, recto_clock_monotonic_ms() };
    target_entry *entry = target_list_entry(list, target);
    if (entry == NULL || !choose_box(&query, entry))
        return recto_fail(error, RECTO_EINVALID, target->name, NULL, "the target can search neither keywords, title nor author");
    recto_status status = run_init(&run, entry, &query, 1, error);
    if (status != RECTO_OK)
        return status;
    run_start(&run);
    for (run_phase phase = run.phase; run_busy(&run); phase = run.phase) {
        wait_and_step(&run);
        if (run.phase > phase)
            for (run_phase ended = phase; ended < run.phase && ended < PHASE_FETCHING && run.status.state != EXTERNAL_FAILED;
                 ended++)
                tell_phase(&teller, &run, ended);
    }
    if (run.status.state == EXTERNAL_FAILED)
        status = recto_fail(error, RECTO_ENETWORK, target->name, NULL, "%s", run.status.failure);
    else
        tell_record(&teller, &run);
    search_run_release(&run);
    return status;
}
