/* include/recto/base/clock.h - the time as an argument.
 *
 * Rooms below the doors never ask the system for the time; they are given a recto_clock. RECTO_CLOCK (a fixed ISO 8601
 * time) makes every run repeatable (cli.md, "Settings that tests and services use"). Times are seconds UTC since 1970;
 * ticks are tenths of a second, because field 005 counts so (RL-42). */
#ifndef RECTO_BASE_CLOCK_H
#define RECTO_BASE_CLOCK_H

#include "recto/base/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct recto_clock {
    int64_t fixed_ticks; /* -1: the system's clock */
} recto_clock;

/** Reads RECTO_CLOCK's value; `text` NULL or "" gives the system's clock. RECTO_EINVALID on a malformed time. */
recto_status recto_clock_init(recto_clock *out, const char *iso_text, recto_error *error);
int64_t recto_clock_now(const recto_clock *clock);   /* seconds UTC */
int64_t recto_clock_ticks(const recto_clock *clock); /* tenths of seconds UTC */
int64_t recto_clock_boot_seconds(void); /* since the machine was started, sleep included: nobody can set it (RL-46) */
int64_t recto_clock_monotonic_ms(void); /* for time-outs and durations only; never stored */

enum { CLOCK_ISO_LENGTH = 32, CLOCK_005_LENGTH = 16 };
void clock_format_iso(char out[static CLOCK_ISO_LENGTH], int64_t seconds); /* 2025-11-22T14:05:00Z */
bool clock_parse_iso(int64_t *out_ticks, const char *iso_text);            /* Z, +hh:mm or none (= UTC); date alone is midnight */
void clock_format_005(char out[static CLOCK_005_LENGTH + 1], int64_t ticks); /* 20251122140500.0 */
bool clock_parse_005(int64_t *out_ticks, const char *bytes, size_t length);  /* false when not of the form */
/** Local time for people: "14:05" today, "2 Nov" this year, "2025-11-02" else; TZ decides. out holds at least 32 bytes. */
void clock_format_short(char *out, size_t capacity, int64_t seconds, int64_t now);
/** "2026-11-23", "today", "yesterday" by the local clock: its first second and its last. false: no such day */
bool clock_local_day(int64_t *from, int64_t *to, const char *day, int64_t now);
void clock_format_local(char *out, size_t capacity, int64_t seconds);            /* 2025-11-22 14:05:00, local */
void clock_format_age(char *out, size_t capacity, int64_t seconds, int64_t now); /* 12m, 4d, 3mo, 2y */

#endif
