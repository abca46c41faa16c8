/* tests/z3950/external_room.h - a target that misbehaves as it is told, records for it to serve, and a search of it that is
 * driven to its end. */
#ifndef TESTS_Z3950_EXTERNAL_ROOM_H
#define TESTS_Z3950_EXTERNAL_ROOM_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "recto/base/clock.h"
#include "recto/z3950/z3950.h"
#include "support/scripted_target.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- records to serve: ISO 2709 by hand, because some of them must be wrong ---- */

typedef struct sample {
    char bytes[110000];
    size_t length;
} sample;

static inline void make_sample(sample *out, char coding, const char *title, size_t title_length)
{
    char fields[104000];
    const char *number = "ocm00012345";
    size_t first = strlen(number) + 1, second = title_length + 5, base = 24 + 24 + 1;
    memcpy(fields, number, first - 1);
    fields[first - 1] = 0x1E;
    memcpy(fields + first,
           "10\x1f"
           "a",
           4);
    memcpy(fields + first + 4, title, title_length);
    fields[first + second - 1] = 0x1E;
    out->length = base + first + second + 1;
    snprintf(out->bytes, sizeof out->bytes, "%05zunam %c22%05zu a 4500001%04zu%05d245%04zu%05zu\x1e", out->length, coding, base,
             first, 0, second, first);
    memcpy(out->bytes + base, fields, first + second);
    out->bytes[out->length - 1] = 0x1D;
}

static sample samples[25];
static const char *sample_bytes[25];
static size_t sample_lengths[25];

static inline void prepare_samples(void)
{
    for (size_t i = 0; i < 25; i++) {
        char title[40];
        snprintf(title, sizeof title, "Water, volume %zu", i + 1);
        make_sample(&samples[i], 'a', title, strlen(title));
        sample_bytes[i] = samples[i].bytes;
        sample_lengths[i] = samples[i].length;
    }
}

static inline scripted_target script_of(scripted_fault fault)
{
    return (scripted_target){
        .fault = fault, .hits = -1, .records = sample_bytes, .record_lengths = sample_lengths, .record_count = 25
    };
}

/* ---- running a search ---- */

static const char quick[] = "connect-timeout = 1\nanswer-timeout = 1\nhost = 127.0.0.1\nlabel = Scripted\n"
                            "box ti = use 4, structure 6, truncation 1\nbox isbn = use 7, structure 1, form isbn\n"
                            "box issn = use 8, structure 1, form issn\nbox sys = use 12, structure 1, form oclc\n"
                            "box au = use 1003, structure 6\n";

static inline target_list *list_for(int port, const char *more)
{
    char file[1000];
    target_list *list = NULL;
    snprintf(file, sizeof file, "%sport = %d\n%s", quick, port, more == NULL ? "" : more);
    assert_int_equal(target_list_new(&list, NULL), RECTO_OK);
    assert_int_equal(target_list_add(list, text_from(file), "scripted.target", NULL), RECTO_OK);
    return list;
}

static inline void drive(external_search *search)
{
    struct pollfd polled[8];
    int64_t limit = recto_clock_monotonic_ms() + 20000;
    while (external_search_busy(search)) {
        int timeout = -1;
        size_t count = external_search_wanted(search, polled, 8, &timeout);
        assert_true(recto_clock_monotonic_ms() < limit);
        poll(polled, (nfds_t)count, timeout);
        int64_t before = recto_clock_monotonic_ms();
        external_search_step(search, polled, count);
        assert_true(recto_clock_monotonic_ms() - before < 500); /* a step never waits */
    }
}

static inline external_search *search_for(target_list *list, external_box box, const char *value)
{
    external_search *search = NULL;
    external_query query = { { NULL } };
    const target *all[4];
    for (size_t i = 0; i < target_list_count(list); i++)
        all[i] = target_list_get(list, i);
    query.boxes[box] = value;
    assert_int_equal(external_search_new(&search, list, all, target_list_count(list), &query, 0, NULL), RECTO_OK);
    drive(search);
    return search;
}

/* One scripted target, the list that names it, and the last search of it. */
typedef struct served {
    scripted_target script;
    pid_t pid;
    target_list *list;
    external_search *search;
    const external_status *status;
} served;

static inline void serve(served *at, const char *more)
{
    at->list = list_for(scripted_target_start(&at->pid, &at->script), more);
}

static inline void ask(served *at, external_box box, const char *value)
{
    external_search_free(at->search);
    at->search = search_for(at->list, box, value);
    at->status = external_search_status(at->search, 0);
}

static inline void serve_and_ask(served *at, const char *more)
{
    serve(at, more);
    ask(at, BOX_TITLE, "water");
}

static inline void end(served *at)
{
    external_search_free(at->search);
    target_list_free(at->list);
    scripted_target_stop(at->pid);
}

#endif
