/* src/tui/pane_jobs.c - the list of jobs: trials, runs, merges, what was taken back; newest first (roles-admin RA-70). */
#include "list_columns.h"
#include "pane_common.h"
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOBS_SHOWN = 500 };

typedef struct jobs_model {
    catalog_job *rows;
    list_view list;
    size_t rows_shown;
    bool stale;
    workstation *station;
} jobs_model;

enum {
    COLUMN_ID,
    COLUMN_TYPE,
    COLUMN_STATUS,
    COLUMN_TITLE,
    COLUMN_CHANGED,
    COLUMN_OTHER,
    COLUMN_USER,
    COLUMN_WHEN,
    COLUMN_COUNT
};
static const list_column columns[COLUMN_COUNT] = {
    { "  Job", 5, 0, 0, 0 },   { "What", 10, 0, 0, 0 },       { "State", 8, 2, 0, 0 }, { "Title", 16, 9, 0, 0 },
    { "Changed", 7, 0, 0, 0 }, { "Skip/fail", 9, 0, 100, 0 }, { "By", 8, 1, 70, 0 },   { "When", 6, 1, 0, 0 },
};

static void read_jobs(jobs_model *model)
{
    recto_error error;
    free(model->rows);
    model->rows = NULL;
    model->list.count = 0;
    model->stale = false;
    if (catalog_jobs(&model->rows, &model->list.count, station_catalog(model->station), JOBS_SHOWN, &error) != RECTO_OK) {
        model->list.count = 0;
        station_error(model->station, &error);
    }
}

static void draw_job(const jobs_model *model, size_t index, const list_layout *layout, const surface *canvas, int row)
{
    const catalog_job *job = &model->rows[index];
    bool current = index == model->list.current;
    char id[24], changed[24], other[48], when[32];
    snprintf(id, sizeof id, "%5lld", (long long)job->id);
    snprintf(changed, sizeof changed, "%7zu", job->changed);
    snprintf(other, sizeof other, "%zu/%zu", job->skipped, job->failed);
    format_time_short(when, sizeof when, job->started_at, catalog_now(station_catalog(model->station)));
    surface_put(canvas, row, 0, ROLE_TEXT, current ? ">" : " ");
    list_layout_cell(layout, COLUMN_ID, canvas, row, ROLE_TEXT_DIM, id);
    list_layout_cell(layout, COLUMN_TYPE, canvas, row, ROLE_TEXT, job->type);
    list_layout_cell(layout, COLUMN_STATUS, canvas, row, strcmp(job->status, "failed") == 0 ? ROLE_ALERT_BLOCK : ROLE_TEXT,
                     job->status);
    list_layout_cell(layout, COLUMN_TITLE, canvas, row, ROLE_TEXT, job->title);
    list_layout_cell(layout, COLUMN_CHANGED, canvas, row, ROLE_TEXT, changed);
    list_layout_cell(layout, COLUMN_OTHER, canvas, row, job->failed > 0 ? ROLE_ALERT_WARNING : ROLE_TEXT_DIM, other);
    list_layout_cell(layout, COLUMN_USER, canvas, row, ROLE_TEXT, job->user);
    list_layout_cell(layout, COLUMN_WHEN, canvas, row, ROLE_TEXT, when);
    if (current) {
        surface_mark_row(canvas, row);
        surface_cursor(canvas, row, 0);
    }
}

static void jobs_draw(void *state, const surface *canvas, bool focused)
{
    jobs_model *model = state;
    list_layout layout;
    char right[40];
    if (model->stale)
        read_jobs(model);
    surface_clear(canvas, ROLE_TEXT);
    snprintf(right, sizeof right, "%zu job%s", model->list.count, model->list.count == 1 ? "" : "s");
    surface_rule(canvas, 0, focused, "Jobs, newest first", right);
    list_layout_make(&layout, columns, COLUMN_COUNT, 2, canvas->columns);
    list_layout_header(&layout, columns, canvas, 1);
    model->rows_shown = canvas->rows > 2 ? (size_t)canvas->rows - 2 : 1;
    list_view_fit(&model->list, model->rows_shown);
    for (size_t i = 0; i < model->rows_shown && model->list.top + i < model->list.count; i++)
        draw_job(model, model->list.top + i, &layout, canvas, 2 + (int)i);
    if (model->list.count == 0)
        surface_put(canvas, 3, 2, ROLE_TEXT_DIM, "No job has run. A rule tried on a set is one, and so are two records merged.");
}

static void jobs_position(void *state, buffer *out)
{
    const jobs_model *model = state;
    if (model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

static bool jobs_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    jobs_model *model = state;
    const char *name = command_row->name;
    (void)argument;
    if (model->stale)
        read_jobs(model);
    if (list_view_run(&model->list, name, model->rows_shown))
        return true;
    if (strcmp(name, "job.refresh") == 0) {
        model->stale = true;
        return true;
    }
    if (model->list.count == 0 ||
        (strcmp(name, "job.open") != 0 && strcmp(name, "list.open") != 0 && strcmp(name, "job.revert") != 0))
        return false;
    job_pane_open(station, model->rows[model->list.current].id, NULL, RULES_UNKNOWN);
    if (strcmp(name, "job.revert") == 0)
        station_run(station, "job.revert", NULL);
    return true;
}

static const char *jobs_cannot(void *state, const command *command_row, workstation *station)
{
    const jobs_model *model = state;
    (void)station;
    if (strncmp(command_row->name, "job.", 4) == 0 && strcmp(command_row->name, "job.refresh") != 0 && model->list.count == 0)
        return "no job is chosen";
    return NULL;
}

static void jobs_release(void *state, workstation *station)
{
    jobs_model *model = state;
    (void)station;
    free(model->rows);
    free(model);
}

const pane_kind jobs_pane = {
    .name = "jobs",
    .title = "Jobs",
    .draw = jobs_draw,
    .run = jobs_run,
    .cannot = jobs_cannot,
    .position = jobs_position,
    .release = jobs_release,
};

void jobs_pane_touched(workstation *station)
{
    jobs_model *model = station_find(station, &jobs_pane);
    if (model != NULL)
        model->stale = true;
}

void jobs_pane_open(workstation *station)
{
    jobs_model *model = pane_model_new(station, sizeof *model, "listing jobs");
    if (model == NULL)
        return;
    model->station = station;
    model->stale = true;
    station_push(station, AREA_JOBS, PLACE_MAIN, &jobs_pane, model);
}
