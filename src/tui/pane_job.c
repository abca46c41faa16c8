/* src/tui/pane_job.c - one job, record by record: what it changed and why, applying a trial exactly, taking a job back.
 *
 * Of a trial, the change is made again from the rule's text; of a job that ran, it is the difference of the two versions. */
#include "difference_view.h"
#include "list_columns.h"
#include "pane_common.h"
#include "rules.h"
#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 20000, HEAD_ROWS = 4 };

typedef struct job_line {
    catalog_job_row row;
    char *title; /* read when it is first seen; NULL: not yet */
} job_line;

typedef struct job_model {
    workstation *station;
    catalog_job job;
    char *source; /* of the rule that was tried; NULL: not known */
    rule_language language;
    job_line *lines;
    size_t capacity, left_out;
    list_view list;
    size_t rows_shown;
    bool all;     /* unchanged records, too */
    bool viewing; /* one record's change */
    difference_view view;
    int64_t made; /* by the dialog's act */
} job_model;

static bool is_trial(const job_model *model)
{
    return strcmp(model->job.type, "rule-trial") == 0;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static void forget_lines(job_model *model)
{
    for (size_t i = 0; i < model->list.count; i++)
        free(model->lines[i].title);
    model->list.count = model->left_out = 0;
}

static bool take_row(void *context, const catalog_job_row *row)
{
    job_model *model = context;
    if (!model->all && strcmp(row->outcome, "unchanged") == 0)
        return true;
    if (model->list.count == ROWS_MAX) {
        model->left_out++;
        return true;
    }
    if (model->list.count == model->capacity) {
        size_t capacity = model->capacity == 0 ? 64 : model->capacity * 2;
        job_line *grown = realloc(model->lines, capacity * sizeof *grown);
        if (grown == NULL) {
            model->left_out++;
            return true;
        }
        model->lines = grown;
        model->capacity = capacity;
    }
    model->lines[model->list.count++] = (job_line){ .row = *row };
    return true;
}

static bool read_job(job_model *model, int64_t id)
{
    recto_error error;
    catalog *house = station_catalog(model->station);
    forget_lines(model);
    if (catalog_job_get(&model->job, house, id, &error) == RECTO_OK &&
        catalog_job_rows(house, id, take_row, model, &error) == RECTO_OK)
        return true;
    station_error(model->station, &error);
    return false;
}

static const char *kind_title(char kind)
{
    switch (kind) {
    case 'H':
        return "(holdings)";
    case 'I':
        return "(item)";
    case 'L':
        return "(link to the network)";
    default:
        return "(not there now)";
    }
}

static const char *title_of(job_model *model, job_line *line)
{
    marc_record *record = NULL;
    bib_info info;
    buffer title;
    if (line->title != NULL)
        return line->title;
    buffer_init(&title, 4096);
    if (line->row.kind == 'B' && catalog_load(station_catalog(model->station), line->row.id, &record, &info, NULL) == RECTO_OK)
        append_title(&title, record);
    else
        buffer_append_string(&title, kind_title(line->row.kind));
    line->title = buffer_take(&title);
    marc_record_free(record);
    buffer_release(&title);
    return line->title != NULL ? line->title : "";
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

enum { COLUMN_OUTCOME, COLUMN_ID, COLUMN_TITLE, COLUMN_VERSIONS, COLUMN_MESSAGE, COLUMN_COUNT };
static const list_column columns[COLUMN_COUNT] = { { "Outcome", 9, 0, 0, 0 },
                                                   { "MMS ID", 18, 0, 0, 0 },
                                                   { "Title", 16, 4, 0, 0 },
                                                   { "Version", 8, 0, 60, 0 },
                                                   { "Why", 12, 4, 0, 0 } };

static void draw_line(job_model *model, size_t index, const list_layout *layout, const surface *canvas, int row)
{
    job_line *line = &model->lines[index];
    bool current = index == model->list.current;
    char id[MMS_ID_LENGTH], versions[40] = "";
    mms_id_format(id, line->row.id);
    if (line->row.version_after > 0)
        snprintf(versions, sizeof versions, "%d to %d", line->row.version_before, line->row.version_after);
    else if (line->row.version_before > 0)
        snprintf(versions, sizeof versions, "%d", line->row.version_before);
    surface_put(canvas, row, 0, ROLE_TEXT, current ? ">" : " ");
    list_layout_cell(layout, COLUMN_OUTCOME, canvas, row,
                     strcmp(line->row.outcome, "failed") == 0    ? ROLE_ALERT_BLOCK
                     : strcmp(line->row.outcome, "skipped") == 0 ? ROLE_ALERT_WARNING
                                                                 : ROLE_TEXT,
                     line->row.outcome);
    list_layout_cell(layout, COLUMN_ID, canvas, row, ROLE_TEXT, id);
    list_layout_cell(layout, COLUMN_TITLE, canvas, row, ROLE_TEXT, title_of(model, line));
    list_layout_cell(layout, COLUMN_VERSIONS, canvas, row, ROLE_TEXT_DIM, versions);
    list_layout_cell(layout, COLUMN_MESSAGE, canvas, row, ROLE_TEXT_DIM, line->row.message);
    if (current) {
        surface_mark_row(canvas, row);
        surface_cursor(canvas, row, 0);
    }
}

static void draw_lines(job_model *model, const surface *canvas)
{
    list_layout layout;
    list_layout_make(&layout, columns, COLUMN_COUNT, 2, canvas->columns);
    list_layout_header(&layout, columns, canvas, HEAD_ROWS - 1);
    model->rows_shown = canvas->rows > HEAD_ROWS + 1 ? (size_t)(canvas->rows - HEAD_ROWS - 1) : 1;
    list_view_fit(&model->list, model->rows_shown);
    for (size_t i = 0; i < model->rows_shown && model->list.top + i < model->list.count; i++)
        draw_line(model, model->list.top + i, &layout, canvas, HEAD_ROWS + (int)i);
    if (model->list.count > 0) /* where the column is too narrow for it, or is not there */
        surface_data(canvas, canvas->rows - 1, 1, canvas->columns - 2, ROLE_TEXT_DIM,
                     text_from(model->lines[model->list.current].row.message), true);
    if (model->list.count == 0)
        surface_put(canvas, HEAD_ROWS + 1, 2, ROLE_TEXT_DIM,
                    model->all ? "The job touched no record." : "No record is changed. f shows the others.");
}

static void draw_head(const job_model *model, const surface *canvas, bool focused)
{
    const catalog_job *job = &model->job;
    char left[120], line[240], when[32], of[60] = "";
    snprintf(left, sizeof left, "Job %lld: %s, %s", (long long)job->id, job->type, job->status);
    format_time_short(when, sizeof when, job->started_at, catalog_now(station_catalog(model->station)));
    if (job->of != 0)
        snprintf(of, sizeof of, ", %s job %lld", strcmp(job->type, "revert") == 0 ? "takes back" : "did what was tried in",
                 (long long)job->of);
    snprintf(line, sizeof line, "%s, %s%s", job->user, when, of);
    surface_rule(canvas, 0, focused, left, line);
    surface_data(canvas, 1, 1, canvas->columns - 2, ROLE_TITLE, text_from(job->title), true);
    int column =
        1 + surface_format(canvas, 2, 1, ROLE_TEXT, "%zu read: %zu %s, %zu unchanged, %zu skipped, %zu failed", job->read,
                           job->changed, is_trial(model) ? "would change" : "changed", job->unchanged, job->skipped, job->failed);
    if (model->left_out > 0)
        surface_format(canvas, 2, column + 2, ROLE_ALERT_WARNING, "%zu more are not listed", model->left_out);
}

static void draw_change(job_model *model, const surface *canvas)
{
    const job_line *line = &model->lines[model->list.current];
    char id[MMS_ID_LENGTH], left[200], right[60];
    mms_id_format(id, line->row.id);
    snprintf(left, sizeof left, "%s  %.*s", id, FIT(line->title != NULL ? line->title : "", 120));
    snprintf(right, sizeof right, "%zu change%s", model->view.change_count, model->view.change_count == 1 ? "" : "s");
    surface_rule(canvas, HEAD_ROWS - 1, false, left, right);
    difference_view_draw(&model->view, canvas, HEAD_ROWS, canvas->rows - HEAD_ROWS);
}

static void job_draw(void *state, const surface *canvas, bool focused)
{
    job_model *model = state;
    surface_clear(canvas, ROLE_TEXT);
    draw_head(model, canvas, focused);
    if (model->viewing)
        draw_change(model, canvas);
    else
        draw_lines(model, canvas);
}

static void job_position(void *state, buffer *out)
{
    const job_model *model = state;
    if (model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

/* ---- one record's change ----------------------------------------------------------------------------------------- */

static recto_status load_pair(job_model *model, const catalog_job_row *row, marc_record **before, marc_record **after,
                              recto_error *error)
{
    catalog *house = station_catalog(model->station);
    if (is_trial(model))
        return catalog_trial_record(before, after, house, model->job.id, row->id, error);
    if (row->kind != 'B' || row->version_before == 0 || row->version_after == 0)
        return recto_fail(error, RECTO_EREFUSED, NULL, NULL, "%s",
                          row->message[0] != '\0' ? row->message : "the job wrote no version of this record");
    recto_status status = catalog_version_load(house, row->id, row->version_before, before, error);
    return status == RECTO_OK ? catalog_version_load(house, row->id, row->version_after, after, error) : status;
}

/* The rule once more on the record as it was, only for what it says. */
static void trace_again(job_model *model, const marc_record *before)
{
    rule_file *file = NULL;
    marc_record *after = NULL;
    rule_result result;
    if (model->source == NULL ||
        rule_file_parse(&file, text_from(model->source), "tried", model->language, NULL, NULL, NULL) != RECTO_OK)
        return;
    if (catalog_rule_try(&after, &result, file, before, difference_view_trace, &model->view, NULL) == RECTO_OK)
        marc_record_free(after);
    rule_file_free(file);
}

static void show_change(job_model *model)
{
    marc_record *before = NULL, *after = NULL;
    recto_error error;
    if (model->list.count == 0)
        return;
    recto_status status = load_pair(model, &model->lines[model->list.current].row, &before, &after, &error);
    if (status == RECTO_OK) {
        difference_view_clear(&model->view);
        trace_again(model, before);
        status = difference_view_set(&model->view, before, after, &error);
        before = after = NULL;
    }
    marc_record_free(before);
    marc_record_free(after);
    model->viewing = status == RECTO_OK;
    if (status != RECTO_OK)
        station_error(model->station, &error);
}

static void step_row(job_model *model, bool forward)
{
    list_view_run(&model->list, forward ? "list.down" : "list.up", model->rows_shown);
    title_of(model, &model->lines[model->list.current]);
    if (model->viewing)
        show_change(model);
}

/* ---- applying and reverting -------------------------------------------------------------------------------------- */

static bool apply_progress(void *context, size_t done, size_t total)
{
    return station_progress(context, "Applying", done, total);
}

static void open_made(job_model *model, recto_status status, const recto_error *error, const char *done)
{
    workstation *station = model->station;
    int64_t made = model->made;
    station_work_done(station);
    jobs_pane_touched(station);
    if (status != RECTO_OK) {
        station_error(station, error);
        read_job(model, model->job.id);
        return;
    }
    difference_view_clear(&model->view);
    model->viewing = false;
    model->all = false;
    if (read_job(model, made))
        station_say(station, "%s: %zu record%s changed, %zu skipped, %zu failed; job %lld", done, model->job.changed,
                    model->job.changed == 1 ? "" : "s", model->job.skipped, model->job.failed, (long long)made);
}

static void apply_answered(workstation *station, void *context, const char *choice)
{
    job_model *model = context;
    recto_error error;
    if (strcmp(choice, "apply") != 0) {
        station_say(station, "Nothing was changed");
        return;
    }
    recto_status status =
        catalog_trial_apply(&model->made, station_catalog(station), model->job.id, apply_progress, station, &error);
    open_made(model, status, &error, "Applied exactly");
}

static void ask_apply(job_model *model)
{
    static const dialog_choice choices[] = { { "cancel", "Cancel", 'c' }, { "apply", "Apply exactly", 'a' }, { NULL, NULL, 0 } };
    char line[120];
    snprintf(line, sizeof line, "%zu record%s get%s a new version, just as the trial shows.", model->job.changed,
             model->job.changed == 1 ? "" : "s", model->job.changed == 1 ? "s" : "");
    const char *const lines[] = { line,
                                  "A record that was changed since the trial, or that somebody holds, is skipped and listed.",
                                  "The whole is one job and can be reverted.", NULL };
    station_ask(model->station, &(dialog){ .title = "Apply the trial",
                                           .lines = lines,
                                           .choices = choices,
                                           .initial = "cancel",
                                           .escape = "cancel",
                                           .done = apply_answered,
                                           .context = model });
}

static bool revert_progress(void *context, size_t done, size_t total)
{
    return station_progress(context, "Taking back", done, total);
}

static void revert_answered(workstation *station, void *context, const char *choice)
{
    job_model *model = context;
    recto_error error;
    if (strcmp(choice, "revert") != 0) {
        station_say(station, "Nothing was changed");
        return;
    }
    recto_status status =
        catalog_job_revert_telling(&model->made, station_catalog(station), model->job.id, revert_progress, station, &error);
    open_made(model, status, &error, "Reverted");
}

static void ask_revert(job_model *model)
{
    static const dialog_choice choices[] = { { "cancel", "Cancel", 'c' }, { "revert", "Revert", 'r' }, { NULL, NULL, 0 } };
    char line[240];
    snprintf(line, sizeof line, "Take back job %lld: %.*s?", (long long)model->job.id, FIT(model->job.title, 160));
    const char *const lines[] = { line, "Every record that nobody has changed since gets its version before, as a new version;",
                                  "the others are listed with the reason.", NULL };
    station_ask(model->station, &(dialog){ .title = "Revert a job",
                                           .lines = lines,
                                           .choices = choices,
                                           .initial = "cancel",
                                           .escape = "cancel",
                                           .done = revert_answered,
                                           .context = model });
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static bool job_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    job_model *model = state;
    const char *name = command_row->name;
    (void)argument;
    (void)station;
    if (model->viewing ? difference_view_run(&model->view, name) : list_view_run(&model->list, name, model->rows_shown))
        return true;
    if (strcmp(name, "pane.back") == 0 && model->viewing)
        model->viewing = false;
    else if (strcmp(name, "job.record") == 0 || strcmp(name, "list.open") == 0)
        show_change(model);
    else if (strcmp(name, "job.apply") == 0)
        ask_apply(model);
    else if (strcmp(name, "job.revert") == 0)
        ask_revert(model);
    else if (strcmp(name, "job.filter") == 0 || strcmp(name, "job.refresh") == 0) {
        model->all = strcmp(name, "job.filter") == 0 ? !model->all : model->all;
        model->viewing = false;
        read_job(model, model->job.id);
    } else if (model->list.count > 0 && (strcmp(name, "record.next") == 0 || strcmp(name, "record.previous") == 0))
        step_row(model, strcmp(name, "record.next") == 0);
    else
        return false;
    return true;
}

static const char *job_cannot(void *state, const command *command_row, workstation *station)
{
    const job_model *model = state;
    const char *name = command_row->name;
    (void)station;
    if (strcmp(name, "job.apply") == 0)
        return !is_trial(model)          ? "this is no trial: what it did is done"
               : model->job.changed == 0 ? "the trial would change nothing"
                                         : NULL;
    if (strcmp(name, "job.revert") == 0)
        return is_trial(model)                              ? "a trial has changed nothing"
               : strcmp(model->job.type, "revert") == 0     ? "this job took another one back"
               : strcmp(model->job.status, "reverted") == 0 ? "it has been taken back already"
                                                            : NULL;
    if (strcmp(name, "job.record") == 0 && model->list.count == 0)
        return "no record is listed";
    return NULL;
}

static void job_release(void *state, workstation *station)
{
    job_model *model = state;
    (void)station;
    forget_lines(model);
    difference_view_release(&model->view);
    free(model->lines);
    free(model->source);
    free(model);
}

const pane_kind job_pane = {
    .name = "job",
    .title = "Job",
    .draw = job_draw,
    .run = job_run,
    .cannot = job_cannot,
    .position = job_position,
    .release = job_release,
    .wants_full_width = true,
};

void job_pane_open(workstation *station, int64_t job, const char *source, rule_language language)
{
    job_model *model = calloc(1, sizeof *model);
    if (model != NULL && source != NULL)
        model->source = strdup(source);
    if (model == NULL || (source != NULL && model->source == NULL)) {
        free(model);
        station_no_memory(station, "opening a job");
        return;
    }
    model->station = station;
    model->language = language;
    difference_view_init(&model->view);
    if (!read_job(model, job)) {
        job_release(model, station);
        return;
    }
    station_push(station, station->area == AREA_RULES ? AREA_RULES : AREA_JOBS,
                 station->area == AREA_RULES ? PLACE_COMPANION : PLACE_MAIN, &job_pane, model);
    if (is_trial(model))
        station_say(station, "%s %zu record%s: %zu would change. Nothing is changed",
                    strcmp(model->job.status, "stopped") == 0 ? "Stopped after" : "Tried on", model->job.read,
                    model->job.read == 1 ? "" : "s", model->job.changed);
}
