/* src/tui/gateway_filter.c - which rows of the gateway log are shown: words, outcome, day, OCLC number, institution (GW-80). */
#include "gateway_model.h"

#include "recto/base/clock.h"
#include <stdio.h>
#include <string.h>

static const struct {
    const char *command, *label, *name;
} filters[FILTER_COUNT] = {
    [FILTER_WORDS] = { "gateway.words", "Words in title or message (empty: all):", "words" },
    [FILTER_OUTCOME] = { "gateway.outcome", "Outcome (empty: all):", "outcome" },
    [FILTER_DAY] = { "gateway.day", "Day, today, yesterday or YYYY-MM-DD (empty: all):", "day" },
    [FILTER_OCLC] = { "gateway.number", "OCLC number (empty: all):", "OCLC number" },
    [FILTER_INSTITUTION] = { "gateway.institution", "Institution, * for all (empty: your own):", "institution" },
};

static const char *value_or_null(const gateway_model *model, gateway_filter which)
{
    return model->filter[which][0] != '\0' ? model->filter[which] : NULL;
}

bool gateway_filter_query(const gateway_model *model, gateway_log_query *query)
{
    query->words = value_or_null(model, FILTER_WORDS);
    query->code = value_or_null(model, FILTER_OUTCOME);
    query->oclc = value_or_null(model, FILTER_OCLC);
    query->institution = value_or_null(model, FILTER_INSTITUTION);
    return model->filter[FILTER_DAY][0] == '\0' ||
           clock_local_day(&query->from, &query->to, model->filter[FILTER_DAY], catalog_now(station_catalog(model->station)));
}

void gateway_filter_write(const gateway_model *model, buffer *out)
{
    for (size_t i = 0; i < FILTER_COUNT; i++)
        if (model->filter[i][0] != '\0')
            buffer_append_format(out, "%s%s %s", out->length > 0 ? ", " : "", filters[i].name, model->filter[i]);
}

bool gateway_filter_is_set(const gateway_model *model)
{
    for (size_t i = 0; i < FILTER_COUNT; i++)
        if (model->filter[i][0] != '\0')
            return true;
    return false;
}

void gateway_filter_clear(gateway_model *model)
{
    memset(model->filter, 0, sizeof model->filter);
    model->stale = true;
}

static void filter_typed(workstation *station, void *context, const char *answer)
{
    gateway_model *model = context;
    int64_t from, to;
    if (answer == NULL)
        return;
    const text typed = text_trim(text_from(answer));
    if (typed.length >= GATEWAY_FILTER) {
        station_say(station, "at most %d bytes", GATEWAY_FILTER - 1);
        return;
    }
    char value[GATEWAY_FILTER];
    snprintf(value, sizeof value, "%.*s", (int)typed.length, typed.bytes);
    if (model->asked == FILTER_DAY && value[0] != '\0' &&
        !clock_local_day(&from, &to, value, catalog_now(station_catalog(station)))) {
        station_say(station, "no such day; write 2026-11-23, today or yesterday");
        return;
    }
    snprintf(model->filter[model->asked], GATEWAY_FILTER, "%s", value);
    model->list.current = model->list.top = 0;
    model->stale = true;
}

/* What stands at the cursor is what is filtered by most often. */
static const char *suggestion(const gateway_model *model, gateway_filter which)
{
    if (model->filter[which][0] != '\0' || model->list.current >= model->list.count)
        return model->filter[which];
    const gateway_log_row *row = &model->rows[model->list.current];
    return which == FILTER_OUTCOME ? row->code : which == FILTER_OCLC ? row->oclc : "";
}

bool gateway_filter_run(gateway_model *model, const char *command)
{
    for (size_t i = 0; i < FILTER_COUNT; i++) {
        if (strcmp(command, filters[i].command) != 0)
            continue;
        model->asked = (gateway_filter)i;
        station_prompt(model->station, filters[i].label, suggestion(model, (gateway_filter)i), filter_typed, model);
        return true;
    }
    return false;
}
