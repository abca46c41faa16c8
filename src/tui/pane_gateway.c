/* src/tui/pane_gateway.c - the log of the Connexion gateway, newest first: what its users did not see (GW-32, GW-80).
 *
 * Below the list stands the whole reply to the record under the cursor. A refused record can be tried again (GW-81). */
#include "gateway_model.h"
#include "list_columns.h"
#include "pane_common.h"
#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_SHOWN = 2000, STRIP_ROWS = 7, LIST_TOP = 2, LEAST_FOR_STRIP = 14 };

enum { COLUMN_TIME, COLUMN_TIME_WIDE, COLUMN_INSTITUTION, COLUMN_OCLC, COLUMN_OUTCOME, COLUMN_ID, COLUMN_MESSAGE, COLUMN_COUNT };
static const list_column columns[COLUMN_COUNT] = {
    { "Time", 6, 0, 0, 100 },  { "Time", 10, 0, 100, 0 }, { "Institution", 11, 1, 0, 0 }, { "OCLC no.", 10, 0, 0, 0 },
    { "Outcome", 9, 3, 0, 0 }, { "MMS ID", 18, 0, 0, 0 }, { "Message", 12, 9, 0, 0 },
};

static void find_row(gateway_model *model)
{
    for (size_t i = 0; model->on != 0 && i < model->list.count; i++)
        if (model->rows[i].number == model->on)
            model->list.current = i;
    model->on = 0;
    if (model->list.current >= model->list.count)
        model->list.current = model->list.count > 0 ? model->list.count - 1 : 0;
}

static void read_log(gateway_model *model)
{
    recto_error error;
    gateway_log_query query = { .limit = LOG_SHOWN };
    gateway_log_row *rows = NULL;
    size_t count = 0;
    model->stale = false;
    if (!gateway_filter_query(model, &query))
        return;
    if (catalog_gateway_log(&rows, &count, station_catalog(model->station), &query, &error) != RECTO_OK) {
        station_error(model->station, &error);
        count = 0;
    }
    free(model->rows);
    model->rows = rows;
    model->list.count = count;
    find_row(model);
}

static const gateway_log_row *current_row(const gateway_model *model)
{
    return model->list.current < model->list.count ? &model->rows[model->list.current] : NULL;
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

static const char failed[] = "Import failed. Reason: ";

/* A refusal may name a record, too: the one that is locked, or fuller. */
static bool was_refused(const gateway_log_row *row)
{
    return strncmp(row->message, failed, sizeof failed - 1) == 0;
}

/* What the column says: the reason, or what was done; the first words of every reply are the same. */
static void message_of(buffer *out, const gateway_log_row *row)
{
    text details = text_from(row->details);
    buffer_clear(out);
    if (was_refused(row))
        buffer_append_string(out, row->message + sizeof failed - 1);
    else if (details.length > 0)
        buffer_append_text(out, text_next_field(&details, '\n'));
    else
        buffer_append_string(out, row->message);
}

static void draw_row(const gateway_model *model, size_t index, const list_layout *layout, const surface *canvas, int row)
{
    const gateway_log_row *entry = &model->rows[index];
    bool current = index == model->list.current;
    char when[32], id[MMS_ID_LENGTH] = "";
    buffer message;
    buffer_init(&message, 2000);
    message_of(&message, entry);
    format_time_short(when, sizeof when, entry->at, catalog_now(station_catalog(model->station)));
    if (entry->id != 0)
        mms_id_format(id, entry->id);
    surface_put(canvas, row, 0, ROLE_TEXT, current ? ">" : " ");
    list_layout_cell(layout, COLUMN_TIME, canvas, row, ROLE_TEXT_DIM, when);
    list_layout_cell(layout, COLUMN_TIME_WIDE, canvas, row, ROLE_TEXT_DIM, when);
    list_layout_cell(layout, COLUMN_INSTITUTION, canvas, row, ROLE_TEXT_DIM, entry->institution);
    list_layout_cell(layout, COLUMN_OCLC, canvas, row, ROLE_TEXT, entry->oclc);
    list_layout_cell(layout, COLUMN_OUTCOME, canvas, row, was_refused(entry) ? ROLE_ALERT_BLOCK : ROLE_TEXT, entry->code);
    list_layout_cell(layout, COLUMN_ID, canvas, row, ROLE_TEXT, id);
    list_layout_cell(layout, COLUMN_MESSAGE, canvas, row, ROLE_TEXT, buffer_string(&message));
    buffer_release(&message);
    if (current) {
        surface_mark_row(canvas, row);
    }
}

static void write_origin(buffer *out, const gateway_log_row *row)
{
    char when[32];
    clock_format_local(when, sizeof when, row->at);
    buffer_append_format(out, "%s from %s", when, row->peer[0] != '\0' ? row->peer : "(unknown)");
    if (row->user[0] != '\0')
        buffer_append_format(out, ", user %s", row->user);
    buffer_append_format(out, ", connection %lld record %lld, %s, %d bytes, leader/09 '%s', %d ms", (long long)row->connection,
                         (long long)row->record_number, row->form, row->bytes, row->encoding, row->milliseconds);
}

/* The whole reply, line by line, and where it came from. */
static void draw_strip(const gateway_model *model, const surface *strip)
{
    const gateway_log_row *row = current_row(model);
    int at = 1;
    buffer origin;
    if (row == NULL)
        return;
    buffer_init(&origin, 2000);
    write_origin(&origin, row);
    surface_rule(strip, 0, false, row->title[0] != '\0' ? row->title : "(no title)", row->kept ? "kept: t tries it again" : "");
    at += draw_wrapped(strip, at, 1, 2, was_refused(row) ? ROLE_ALERT_BLOCK : ROLE_TEXT, text_from(row->message));
    text details = text_from(row->details);
    while (details.bytes != NULL && details.length > 0 && at < strip->rows - 2)
        at += draw_wrapped(strip, at, 1, strip->rows - 2 - at, ROLE_TEXT, text_next_field(&details, '\n'));
    if (row->warning[0] != '\0' && at < strip->rows - 2)
        at += draw_wrapped(strip, at, 1, 1, ROLE_ALERT_WARNING, text_from(row->warning));
    if (at < strip->rows)
        draw_wrapped(strip, at, 1, strip->rows - at, ROLE_TEXT_DIM, buffer_text(&origin));
    buffer_release(&origin);
}

static void draw_list(gateway_model *model, const surface *canvas)
{
    list_layout layout;
    list_layout_make(&layout, columns, COLUMN_COUNT, 2, canvas->columns);
    list_layout_header(&layout, columns, canvas, 1);
    model->rows_shown = canvas->rows > LIST_TOP ? (size_t)(canvas->rows - LIST_TOP) : 1;
    list_view_fit(&model->list, model->rows_shown);
    for (size_t i = 0; i < model->rows_shown && model->list.top + i < model->list.count; i++)
        draw_row(model, model->list.top + i, &layout, canvas, LIST_TOP + (int)i);
    if (model->list.count == 0)
        surface_put(canvas, LIST_TOP + 1, 2, ROLE_TEXT_DIM,
                    gateway_filter_is_set(model) ? "No record of the log is like that. x shows all."
                                                 : "Nothing has come through the gateway. `recto serve gateway` listens.");
}

static void gateway_draw(void *state, const surface *canvas, bool focused)
{
    gateway_model *model = state;
    char right[60];
    buffer left;
    buffer_init(&left, 1000);
    if (model->stale)
        read_log(model);
    surface_clear(canvas, ROLE_TEXT);
    gateway_filter_write(model, &left);
    snprintf(right, sizeof right, model->list.count == LOG_SHOWN ? "the newest %zu" : "%zu record%s", model->list.count,
             model->list.count == 1 ? "" : "s");
    if (left.length == 0)
        buffer_append_string(&left, "newest first");
    char title[700];
    snprintf(title, sizeof title, "Gateway log: %s", buffer_string(&left));
    buffer_release(&left);
    surface_rule(canvas, 0, focused, title, right);
    int strip_rows = canvas->rows >= LEAST_FOR_STRIP && model->list.count > 0 ? STRIP_ROWS : 0;
    surface upper = surface_part(canvas, 0, 0, canvas->rows - strip_rows, canvas->columns);
    draw_list(model, &upper);
    if (strip_rows > 0) {
        surface strip = surface_part(canvas, canvas->rows - strip_rows, 0, strip_rows, canvas->columns);
        draw_strip(model, &strip);
    }
}

static void gateway_position(void *state, buffer *out)
{
    const gateway_model *model = state;
    if (model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static void retry(gateway_model *model, const gateway_log_row *row)
{
    gateway_outcome outcome;
    recto_error error;
    const int64_t number = row->number;
    if (catalog_gateway_retry(&outcome, station_catalog(model->station), number, &error) != RECTO_OK) {
        station_error(model->station, &error);
        return;
    }
    text reply = text_from(outcome.reply);
    const text first = text_next_field(&reply, '\n');
    station_say(model->station, "%.*s", (int)first.length, first.bytes);
    if (strncmp(outcome.reply, failed, sizeof failed - 1) == 0)
        model->on = number; /* whose bytes are still kept */
    else
        model->list.current = 0; /* the new row */
    model->stale = true;
}

static bool run_on_row(gateway_model *model, const char *name)
{
    const gateway_log_row *row = current_row(model);
    if (row == NULL)
        return false;
    if (strcmp(name, "gateway.open") == 0 || strcmp(name, "list.open") == 0)
        record_pane_open_in(model->station, row->id, AREA_JOBS);
    else if (strcmp(name, "gateway.edit") == 0)
        station_open_record(model->station, row->id, false);
    else if (strcmp(name, "gateway.retry") == 0)
        retry(model, row);
    else
        return false;
    return true;
}

static bool gateway_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    gateway_model *model = state;
    const char *name = command_row->name;
    (void)argument;
    (void)station;
    if (model->stale)
        read_log(model);
    if (list_view_run(&model->list, name, model->rows_shown) || gateway_filter_run(model, name))
        return true;
    if (strcmp(name, "gateway.refresh") == 0) {
        model->on = 0;
        model->list.current = model->list.top = 0;
        model->stale = true;
    } else if (strcmp(name, "gateway.clear") == 0) {
        const gateway_log_row *row = current_row(model);
        model->on = row != NULL ? row->number : 0;
        gateway_filter_clear(model);
    } else {
        return run_on_row(model, name);
    }
    return true;
}

static const char *gateway_cannot(void *state, const command *command_row, workstation *station)
{
    gateway_model *model = state;
    const char *name = command_row->name;
    (void)station;
    if (model->stale) /* asked before it was ever drawn: keys typed ahead */
        read_log(model);
    const gateway_log_row *row = current_row(model);
    const bool opens = strcmp(name, "gateway.open") == 0 || strcmp(name, "gateway.edit") == 0 || strcmp(name, "list.open") == 0;
    if (!opens && strcmp(name, "gateway.retry") != 0)
        return NULL;
    if (row == NULL)
        return "no record is chosen";
    if (opens && row->id == 0)
        return "it has no record in the repository; the reason stands below";
    if (!opens && !row->kept)
        return was_refused(row) ? "its bytes are not kept, or not any more" : "it was processed: there is nothing to try again";
    return NULL;
}

static void gateway_release(void *state, workstation *station)
{
    gateway_model *model = state;
    (void)station;
    free(model->rows);
    free(model);
}

const pane_kind gateway_pane = {
    .name = "gateway",
    .title = "Gateway log",
    .draw = gateway_draw,
    .run = gateway_run,
    .cannot = gateway_cannot,
    .position = gateway_position,
    .release = gateway_release,
};

void gateway_pane_open(workstation *station)
{
    gateway_model *model = station_find(station, &gateway_pane);
    if (model != NULL)
        model->stale = true;
    if (pane_is_in_front(station, model))
        return;
    model = pane_model_new(station, sizeof *model, "opening the gateway log");
    if (model == NULL)
        return;
    model->station = station;
    model->stale = true;
    station_show(station, AREA_JOBS); /* which puts its own list below */
    station_push(station, AREA_JOBS, PLACE_MAIN, &gateway_pane, model);
}
