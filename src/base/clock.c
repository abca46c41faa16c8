/* src/base/clock.c - times in and out of text; the only place that asks the system for the time. */
#include "recto/base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

recto_status recto_clock_init(recto_clock *out, const char *iso_text, recto_error *error)
{
    out->fixed_ticks = -1;
    if (iso_text == NULL || iso_text[0] == '\0')
        return RECTO_OK;
    if (!clock_parse_iso(&out->fixed_ticks, iso_text))
        return recto_fail(error, RECTO_EINVALID, "RECTO_CLOCK", "give it as 2025-11-22T14:05:00Z", "'%s' is no ISO 8601 time",
                          iso_text);
    return RECTO_OK;
}

int64_t recto_clock_ticks(const recto_clock *clock)
{
    if (clock->fixed_ticks >= 0)
        return clock->fixed_ticks;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 10 + now.tv_nsec / 100000000;
}

int64_t recto_clock_now(const recto_clock *clock)
{
    return recto_clock_ticks(clock) / 10;
}

int64_t recto_clock_boot_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec;
}

int64_t recto_clock_monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Proleptic Gregorian calendar by days since 1970, without the C library's time zone state. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

typedef struct civil {
    int64_t year;
    int month, day, hour, minute, second;
} civil;

static civil civil_of(int64_t seconds)
{
    int64_t days = seconds / 86400, rest = seconds % 86400;
    if (rest < 0) {
        rest += 86400;
        days--;
    }
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    civil out = { .year = year_of_era + era * 400,
                  .month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9),
                  .day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1),
                  .hour = (int)(rest / 3600),
                  .minute = (int)(rest / 60 % 60),
                  .second = (int)(rest % 60) };
    out.year += out.month <= 2;
    return out;
}

/* Exactly `count` digits at *at, inside limits; moves *at behind them. */
static bool digits(const char **at, int count, int least, int most, int *out)
{
    int value = 0;
    for (int i = 0; i < count; i++, ++*at) {
        if (**at < '0' || **at > '9')
            return false;
        value = value * 10 + (**at - '0');
    }
    *out = value;
    return value >= least && value <= most;
}

static bool parse_zone(const char *at, int *offset_minutes)
{
    *offset_minutes = 0;
    if (*at == '\0' || strcmp(at, "Z") == 0)
        return true;
    int hours = 0, minutes = 0, sign = *at == '-' ? -1 : 1;
    if (*at != '+' && *at != '-')
        return false;
    at++;
    if (!digits(&at, 2, 0, 23, &hours))
        return false;
    if (*at == ':')
        at++;
    if (!digits(&at, 2, 0, 59, &minutes) || *at != '\0')
        return false;
    *offset_minutes = sign * (hours * 60 + minutes);
    return true;
}

static bool parse_time_of_day(const char **at, int *hour, int *minute, int *second, int *tenth)
{
    if (!digits(at, 2, 0, 23, hour) || *(*at)++ != ':' || !digits(at, 2, 0, 59, minute))
        return false;
    if (**at == ':') {
        ++*at;
        if (!digits(at, 2, 0, 60, second))
            return false;
    }
    if (**at == '.') {
        ++*at;
        if (!digits(at, 1, 0, 9, tenth))
            return false;
        while (**at >= '0' && **at <= '9')
            ++*at;
    }
    return true;
}

bool clock_parse_iso(int64_t *out_ticks, const char *iso_text)
{
    const char *at = iso_text;
    int year, month, day, hour = 0, minute = 0, second = 0, tenth = 0, offset = 0;
    if (!digits(&at, 4, 1, 9999, &year) || *at++ != '-' || !digits(&at, 2, 1, 12, &month) || *at++ != '-' ||
        !digits(&at, 2, 1, 31, &day))
        return false;
    if (*at == 'T' || *at == ' ') {
        at++;
        if (!parse_time_of_day(&at, &hour, &minute, &second, &tenth))
            return false;
    }
    if (!parse_zone(at, &offset))
        return false;
    int64_t seconds = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset * 60;
    *out_ticks = seconds * 10 + tenth;
    return seconds >= 0;
}

void clock_format_iso(char out[static CLOCK_ISO_LENGTH], int64_t seconds)
{
    civil at = civil_of(seconds);
    snprintf(out, CLOCK_ISO_LENGTH, "%04d-%02d-%02dT%02d:%02d:%02dZ", (int)(at.year % 10000), at.month, at.day, at.hour,
             at.minute, at.second);
}

void clock_format_005(char out[static CLOCK_005_LENGTH + 1], int64_t ticks)
{
    civil at = civil_of(ticks / 10);
    char wide[64];
    snprintf(wide, sizeof wide, "%04d%02d%02d%02d%02d%02d.%d", (int)(at.year % 10000), at.month, at.day, at.hour, at.minute,
             at.second, (int)(ticks % 10));
    memcpy(out, wide, CLOCK_005_LENGTH);
    out[CLOCK_005_LENGTH] = '\0';
}

bool clock_parse_005(int64_t *out_ticks, const char *bytes, size_t length)
{
    char copy[CLOCK_005_LENGTH + 1];
    if (length != CLOCK_005_LENGTH)
        return false;
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    const char *at = copy;
    int year, month, day, hour, minute, second, tenth;
    if (!digits(&at, 4, 1, 9999, &year) || !digits(&at, 2, 1, 12, &month) || !digits(&at, 2, 1, 31, &day) ||
        !digits(&at, 2, 0, 23, &hour) || !digits(&at, 2, 0, 59, &minute) || !digits(&at, 2, 0, 60, &second) || *at++ != '.' ||
        !digits(&at, 1, 0, 9, &tenth))
        return false;
    *out_ticks = (days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second) * 10 + tenth;
    return true;
}

static struct tm local_of(int64_t seconds)
{
    struct tm out = { 0 };
    time_t at = (time_t)seconds;
    localtime_r(&at, &out);
    return out;
}

void clock_format_short(char *out, size_t capacity, int64_t seconds, int64_t now)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    struct tm at = local_of(seconds), today = local_of(now);
    if (at.tm_year == today.tm_year && at.tm_yday == today.tm_yday)
        snprintf(out, capacity, "%02d:%02d", at.tm_hour, at.tm_min);
    else if (at.tm_year == today.tm_year && at.tm_mon >= 0 && at.tm_mon < 12)
        snprintf(out, capacity, "%d %s", at.tm_mday, months[at.tm_mon]);
    else
        snprintf(out, capacity, "%04d-%02d-%02d", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday);
}

void clock_format_local(char *out, size_t capacity, int64_t seconds)
{
    struct tm at = local_of(seconds);
    snprintf(out, capacity, "%04d-%02d-%02d %02d:%02d:%02d", at.tm_year + 1900, at.tm_mon + 1, at.tm_mday, at.tm_hour, at.tm_min,
             at.tm_sec);
}

void clock_format_age(char *out, size_t capacity, int64_t seconds, int64_t now)
{
    static const struct {
        int64_t below, unit;
        const char *sign;
    } steps[] = { { 3600, 60, "m" }, { 86400, 3600, "h" }, { 60 * 86400LL, 86400, "d" }, { 730 * 86400LL, 30 * 86400LL, "mo" } };
    int64_t age = now > seconds ? now - seconds : 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (age < steps[i].below) {
            snprintf(out, capacity, "%lld%s", (long long)(age / steps[i].unit), steps[i].sign);
            return;
        }
    snprintf(out, capacity, "%lldy", (long long)(age / (365 * 86400LL)));
}

/* ---- days of the clock on the wall */

enum { SECONDS_A_DAY = 86400, TICKS_A_SECOND = 10, ISO_DAY = 10 };

/* How far the local clock is ahead of UTC at a time. */
static int64_t local_ahead(int64_t at)
{
    char local[CLOCK_ISO_LENGTH];
    int64_t ticks = 0;
    clock_format_local(local, sizeof local, at); /* 2025-11-22 14:05:00 */
    if (strlen(local) > ISO_DAY)
        local[ISO_DAY] = 'T';
    return clock_parse_iso(&ticks, local) ? ticks / TICKS_A_SECOND - at : 0;
}

bool clock_local_day(int64_t *from, int64_t *to, const char *day, int64_t now)
{
    int64_t ticks = 0, midnight = now + local_ahead(now);
    midnight -= midnight % SECONDS_A_DAY;
    if (strcmp(day, "yesterday") == 0)
        midnight -= SECONDS_A_DAY;
    else if (strlen(day) == ISO_DAY && clock_parse_iso(&ticks, day))
        midnight = ticks / TICKS_A_SECOND;
    else if (strcmp(day, "today") != 0)
        return false;
    *from = midnight - local_ahead(midnight);
    midnight += SECONDS_A_DAY;
    *to = midnight - local_ahead(midnight) - 1;
    return true;
}
