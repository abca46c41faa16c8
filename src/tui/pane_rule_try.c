/* src/tui/pane_rule_try.c - a rule tried: on one record, with every change and its reason; on a set, as a job that writes
 * nothing.
 *
 * The record is a copy; the open one, the stored one and the rule stay as they are. Merge rules are shown by the merge preview.
 */
#include "difference_view.h"

#include "recto/base/plural.h"
#include "preview_model.h"
#include "remembered.h"
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct try_model {
    char heading[200], summary[200];
    difference_view view;
} try_model;

/* ---- the pane ---------------------------------------------------------------------------------------------------- */

static void try_draw(void *state, const surface *canvas, bool focused)
{
    try_model *model = state;

    surface_clear(canvas, ROLE_TEXT);
    surface_rule(canvas, 0, focused, model->heading, "trial");
    surface_data(canvas, 1, 1, canvas->columns - 1, ROLE_TITLE, text_from(model->summary), true);
    difference_view_draw(&model->view, canvas, 2, canvas->rows - 2);
}

static bool try_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    try_model *model = state;

    (void)argument;
    (void)station;
    return difference_view_run(&model->view, command_row->name);
}

static void try_position(void *state, buffer *out)
{
    const try_model *model = state;

    if (model->view.row_count > model->view.shown)
        buffer_append_format(out, "%zu-%zu/%zu", model->view.top + 1, model->view.top + model->view.shown, model->view.row_count);
}

static void try_release(void *state, workstation *station)
{
    try_model *model = state;

    (void)station;
    difference_view_release(&model->view);
    free(model);
}

const pane_kind rule_try_pane = {
    .name = "ruletry",
    .title = "Trial",
    .draw = try_draw,
    .run = try_run,
    .position = try_position,
    .release = try_release,
};

/* ---- on one record ----------------------------------------------------------------------------------------------- */

typedef struct try_request {
    rule_language language;
    int zone;
    bool stored;
    char name[120], on[MMS_ID_LENGTH + 8];
    char *source;
    marc_record *record, *other; /* copies */
} try_request;

static void request_free(try_request *request)
{
    if (request == NULL)
        return;
    free(request->source);
    marc_record_free(request->record);
    marc_record_free(request->other);
    free(request);
}

static try_request *request_new(workstation *station, int zone, rule_language language, const char *name, text source)
{
    try_request *request = calloc(1, sizeof *request);

    if (request != NULL)
        request->source = strndup(source.bytes, source.length);
    if (request == NULL || request->source == NULL) {
        station_no_memory(station, "trying a rule");
        request_free(request);
        return NULL;
    }
    request->language = language;
    request->zone = zone;
    snprintf(request->name, sizeof request->name, "%s", name);
    return request;
}

static void close_earlier(workstation *station)
{
    void *earlier = station_find(station, &rule_try_pane);

    if (earlier != NULL)
        station_pop(station, earlier);
}

static void summarize(try_model *model, const rule_file *file, const rule_result *result)
{
    size_t rules = rule_file_count(file);

    switch (rule_file_language(file)) {
    case RULES_INDICATION:
        snprintf(model->summary, sizeof model->summary, "Indication: %s; %zu of %zu %s fired",
                 result->indication ? "true" : "false", result->rules_fired, rules, plural(rules, "rule", "rules"));
        break;
    case RULES_BRIEF_LEVEL:
        if (result->brief_level > 0)
            snprintf(model->summary, sizeof model->summary, "Brief level %02d; %zu of %zu %s fired", result->brief_level,
                     result->rules_fired, rules, plural(rules, "rule", "rules"));
        else
            snprintf(model->summary, sizeof model->summary, "No brief level: none of %zu %s fired", rules,
                     plural(rules, "rule", "rules"));
        break;
    default:
        snprintf(model->summary, sizeof model->summary, "%zu field%s changed; %zu of %zu %s fired", model->view.change_count,
                 model->view.change_count == 1 ? "" : "s", result->rules_fired, rules, plural(rules, "rule", "rules"));
        break;
    }
}

static void explain(try_model *model, const rule_file *file)
{
    buffer words;

    buffer_init(&words, 1 << 20);
    rule_file_explain(&words, file, model->view.before);
    if (words.length > 0 && !buffer_failed(&words)) {
        difference_view_note(&model->view, "Did not fire:");
        text rest = buffer_text(&words);
        while (rest.bytes != NULL && rest.length > 0) {
            char line[400];

            string_keep(line, sizeof line, text_next_field(&rest, '\n'));
            if (line[0] != '\0')
                difference_view_note(&model->view, line);
        }
    }
    buffer_release(&words);
}

static recto_status run_on_copy(try_model *model, const rule_file *file, const marc_record *record, recto_error *error)
{
    marc_record *before = NULL, *after = NULL;
    rule_result result = { .changed = false };
    recto_status status = marc_record_copy(&before, record, error);

    if (status == RECTO_OK)
        status = marc_record_copy(&after, record, error);
    if (status == RECTO_OK)
        status = rule_file_normalize(&result, file, after, difference_view_trace, &model->view, error);
    if (status == RECTO_OK)
        status = difference_view_set(&model->view, before, after, error);
    else {
        marc_record_free(before);
        marc_record_free(after);
    }
    if (status != RECTO_OK)
        return status;
    summarize(model, file, &result);
    explain(model, file);
    return RECTO_OK;
}

static void show_trial(workstation *station, const try_request *request, const rule_file *file)
{
    try_model *model = calloc(1, sizeof *model);
    recto_error error;

    if (model == NULL) {
        station_no_memory(station, "trying a rule");
        return;
    }
    difference_view_init(&model->view);
    snprintf(model->heading, sizeof model->heading, "%s on %s", request->name, request->on);
    if (run_on_copy(model, file, request->record, &error) != RECTO_OK) {
        station_error(station, &error);
        try_release(model, station);
        return;
    }
    close_earlier(station);
    station_push(station, AREA_RULES, PLACE_COMPANION, &rule_try_pane, model);
    station_say(station, "%s. Nothing is changed", model->summary);
}

static void describe_copy(char *out, size_t capacity, char sign, const char *name, const marc_record *record)
{
    buffer title;

    buffer_init(&title, 0);
    append_title(&title, record);
    snprintf(out, capacity, "%c %s: %.*s    brief %02d", sign, name, FIT(buffer_string(&title), 120), match_brief_level(record));
    buffer_release(&title);
}

static void show_merge_trial(workstation *station, const try_request *request, rule_file *file)
{
    preview_model *model = preview_new(station);
    recto_error error;

    if (model == NULL) {
        rule_file_free(file);
        return;
    }
    model->kind = PREVIEW_TRY;
    model->tried = file;
    snprintf(model->rule, sizeof model->rule, "%s", request->name);
    describe_copy(model->existing_line, sizeof model->existing_line, 'R', "primary", request->record);
    describe_copy(model->incoming_line, sizeof model->incoming_line, 'X', "secondary", request->other);
    if (match_merge_run(&model->result, rule_file_merge_program(file), request->record, request->other, &error) != RECTO_OK) {
        station_error(station, &error);
        preview_release(model, station);
        return;
    }
    void *earlier = station_find(station, &preview_pane);
    if (earlier != NULL && ((preview_model *)earlier)->kind == PREVIEW_TRY)
        station_pop(station, earlier);
    if (preview_open(station, model, AREA_RULES, PLACE_COMPANION))
        station_say(station, "What the rule makes of the two. Nothing is changed");
}

static void try_now(workstation *station, try_request *request)
{
    rule_file *file = NULL;
    recto_error error;

    if (rule_file_parse(&file, text_from(request->source), request->name, request->language, NULL, NULL, &error) != RECTO_OK)
        station_error(station, &error);
    else if (request->language == RULES_MERGE)
        show_merge_trial(station, request, file); /* takes the file: the result lends its words */
    else {
        show_trial(station, request, file);
        rule_file_free(file);
    }
    request_free(request);
}

static bool load_typed(marc_record **out, workstation *station, const char *answer)
{
    mms_id id;
    bib_info info;
    recto_error error;

    if (answer == NULL)
        return false;
    if (!mms_id_parse(&id, text_from(answer))) {
        station_say(station, "'%s' is not an MMS ID: digits, 8 to 19 of them", answer);
        return false;
    }
    if (catalog_load(station_catalog(station), id, out, &info, &error) == RECTO_OK)
        return true;
    station_error(station, &error);
    return false;
}

static void other_typed(workstation *station, void *context, const char *answer)
{
    try_request *request = context;

    if (load_typed(&request->other, station, answer)) {
        remembered_set(station, "rule-other", answer);
        try_now(station, request);
    } else {
        request_free(request);
    }
}

static void ask_remembered(workstation *station, const char *label, const char *name,
                           void (*done)(workstation *station, void *context, const char *answer), void *context)
{
    buffer kept;

    buffer_init(&kept, 4096);
    remembered_get(station, name, &kept);
    station_prompt(station, label, buffer_string(&kept), done, context);
    buffer_release(&kept);
}

static void try_with_record(workstation *station, try_request *request)
{
    if (request->language == RULES_MERGE)
        ask_remembered(station, "Merge with MMS ID:", "rule-other", other_typed, request);
    else
        try_now(station, request);
}

static void record_typed(workstation *station, void *context, const char *answer)
{
    try_request *request = context;

    if (!load_typed(&request->record, station, answer)) {
        request_free(request);
        return;
    }
    remembered_set(station, "rule-record", answer);
    snprintf(request->on, sizeof request->on, "%s", answer);
    try_with_record(station, request);
}

void rule_try(workstation *station, rule_language language, const char *name, text source)
{
    edit_session *session = station_session(station);
    try_request *request = request_new(station, 0, language, name, source);
    recto_error error;

    if (request == NULL)
        return;
    if (session == NULL) {
        ask_remembered(station, "No record is open. Try on MMS ID:", "rule-record", record_typed, request);
        return;
    }
    mms_id_format(request->on, edit_state_of(session)->id);
    if (marc_record_copy(&request->record, marc_edit_record(edit_of(session)), &error) != RECTO_OK) {
        station_error(station, &error);
        request_free(request);
        return;
    }
    try_with_record(station, request);
}

/* ---- on a set ---------------------------------------------------------------------------------------------------- */

static bool trial_progress(void *context, size_t done, size_t total)
{
    return station_progress(context, "Trying", done, total);
}

static void query_typed(workstation *station, void *context, const char *answer)
{
    try_request *request = context;
    const repo_zone *zone = catalog_zone_by_id(station_catalog(station), request->zone);
    catalog_query query = { .zone = zone != NULL ? zone->kind : (zone_kind)0, .text = answer };
    int64_t job = 0;
    recto_error error;

    if (answer == NULL || answer[0] == '\0') {
        station_say(station, "Not tried");
        request_free(request);
        return;
    }
    remembered_set(station, "rule-query", answer);
    recto_status status =
        catalog_rule_trial(&job, station_catalog(station), request->zone, request->stored ? request->name : NULL,
                           text_from(request->source), &query, trial_progress, station, &error);
    station_work_done(station);
    if (status == RECTO_OK)
        job_pane_open(station, job, request->source, request->language);
    else
        station_error(station, &error);
    jobs_pane_touched(station);
    request_free(request);
}

void rule_trial(workstation *station, int zone, rule_language language, const char *name, text source, bool stored)
{
    try_request *request = request_new(station, zone, language, name, source);

    if (request == NULL)
        return;
    request->stored = stored;
    ask_remembered(station, "Search to try it on:", "rule-query", query_typed, request);
}
