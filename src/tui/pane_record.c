/* src/tui/pane_record.c - the read-only MARC view of a record: from the result list, of a version, or of a record not stored.
 *
 * It reads the repository when it is opened and when the cataloger steps to a neighbour; it holds no lock. From here the record
 * can be edited, its versions and inventory shown, or other libraries searched for it. */
#include "combine.h"

#include "recto/base/plural.h"
#include "external.h"
#include "heading_panes.h"
#include "inventory.h"
#include "pane_common.h"
#include "search.h"
#include "share.h"

#include "recto/catalog/headings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_RECORD_ROW = 4 };

typedef struct record_model {
    mms_id id;   /* 0: a copy that is in no repository */
    int version; /* 0: the present one */
    zone_kind zone;
    bib_info info;
    record_view view;
    char heading[200]; /* of a copy */
    char title[400];
    char facts[300];
    size_t number, total; /* in the result list; 0: not from there */
    int64_t now;
} record_model;

/* ---- drawing ------------------------------------------------------------------------------------------------------------ */

static void format_heading(const record_model *model, char *out, size_t capacity)
{
    char id[MMS_ID_LENGTH];

    if (model->id == 0) {
        snprintf(out, capacity, "%s", model->heading);
        return;
    }
    mms_id_format(id, model->id);
    if (catalog_is_authority(model->id))
        snprintf(out, capacity, "%c authority %s  View Only  v%d  level %02d", (char)model->zone, id,
                 model->version > 0 ? model->version : model->info.version, model->info.cataloging_level);
    else
        snprintf(out, capacity, "%c bib %s  View Only  v%d  brief %02d  level %02d", (char)model->zone, id,
                 model->version > 0 ? model->version : model->info.version, model->info.brief_level,
                 model->info.cataloging_level);
}

static void record_draw(void *state, const surface *canvas, bool focused)
{
    record_model *model = state;
    char heading[240];
    char number[48] = "";
    char fields[48];

    format_heading(model, heading, sizeof heading);
    if (model->total > 0)
        snprintf(number, sizeof number, "%zu/%zu", model->number, model->total);
    surface_clear(canvas, ROLE_TEXT);
    surface_rule(canvas, 0, focused, heading, number);
    surface_data(canvas, 1, 1, canvas->columns - 2, ROLE_TITLE, text_from(model->title), true);
    surface_data(canvas, 2, 1, canvas->columns - 2, ROLE_TEXT_DIM, text_from(model->facts), true);
    if (model->view.record == NULL)
        return;
    snprintf(fields, sizeof fields, "%zu %s", marc_record_count(model->view.record),
             plural(marc_record_count(model->view.record), "field", "fields"));
    surface_rule(canvas, 3, false, fields, "");
    record_view_draw(&model->view, canvas, FIRST_RECORD_ROW, canvas->rows - FIRST_RECORD_ROW);
}

static void record_position(void *state, buffer *out)
{
    const record_model *model = state;

    if (model->view.lines.count > 0)
        buffer_append_format(out, "line %zu of %zu", model->view.top + 1, model->view.lines.count);
}

/* ---- reading ------------------------------------------------------------------------------------------------------------ */

static void set_facts(record_model *model)
{
    const bib_info *info = &model->info;
    char saved[32];
    char since[32];
    char inventory[32];
    size_t at;

    clock_format_local(saved, sizeof saved, info->modified_at);
    bib_inventory(inventory, sizeof inventory, info);
    if (catalog_is_authority(info->id))
        at = (size_t)snprintf(model->facts, sizeof model->facts, "Saved %s by %s (%s)  %s", saved, info->modified_by,
                              info->origin, info->material);
    else
        at = (size_t)snprintf(model->facts, sizeof model->facts, "Saved %s by %s (%s)  %s  Inventory %s%s", saved,
                              info->modified_by, info->origin, sync_title(info->sync), inventory,
                              info->suppressed ? "  Suppressed" : "");
    if (info->locked_by[0] == '\0' || at >= sizeof model->facts)
        return;
    format_time_short(since, sizeof since, info->locked_at, model->now);
    snprintf(model->facts + at, sizeof model->facts - at, "  Locked by %s since %s", info->locked_by, since);
}

static void set_title(record_model *model)
{
    buffer title;
    buffer own;

    buffer_init(&title, 0);
    buffer_init(&own, 0);
    append_own_script(&own, model->view.record);
    marc_record_title_statement(&title, model->view.record);
    if (own.length > 0)
        buffer_append_format(&title, " = %s", buffer_string(&own));
    buffer_release(&own);
    string_keep(model->title, sizeof model->title, title.length > 0 ? buffer_text(&title) : TEXT("(no title)"));
    buffer_release(&title);
}

static recto_status record_read(record_model *model, workstation *station, mms_id id, int version, recto_error *error)
{
    catalog *house = station_catalog(station);
    const repo_zone *zone = catalog_zone_of(house, id);
    marc_record *record = NULL;
    bib_info info;
    recto_status status = catalog_load(house, id, &record, &info, error);

    if (status == RECTO_OK && version > 0) {
        marc_record_free(record);
        record = NULL;
        status = catalog_version_load(house, id, version, &record, error);
    }
    if (status != RECTO_OK)
        return status;
    model->id = id;
    model->version = version;
    model->info = info;
    model->zone = zone != NULL ? zone->kind : ZONE_INSTITUTION;
    model->now = catalog_now(house);
    record_view_set(&model->view, record);
    set_title(model);
    set_facts(model);
    if (!search_pane_place(station, id, &model->number, &model->total))
        model->number = model->total = 0;
    return RECTO_OK;
}

/* ---- commands ------------------------------------------------------------------------------------------------------------- */

static void step_record(record_model *model, workstation *station, int step)
{
    recto_error error;
    mms_id id;

    if (!search_pane_step(station, model->id, step, &id)) {
        station_say(station, step > 0 ? "This is the last record of the results" : "This is the first record of the results");
        return;
    }
    if (record_read(model, station, id, 0, &error) != RECTO_OK)
        station_error(station, &error);
}

/* In place: the same key goes back. */
static void switch_to_linked(record_model *model, workstation *station)
{
    recto_error error;
    const mms_id other = linked_record(station, model->id);

    if (other != 0 && record_read(model, station, other, 0, &error) != RECTO_OK)
        station_error(station, &error);
}

static void open_versions(const record_model *model, workstation *station)
{
    edit_session *session;

    station_open_record(station, model->id, true);
    session = station_session(station);
    if (session != NULL && edit_state_of(session)->id == model->id)
        versions_pane_open(station, session);
}

static bool run_stored(record_model *model, const char *name, workstation *station)
{
    if (strcmp(name, "record.next") == 0)
        step_record(model, station, 1);
    else if (strcmp(name, "record.previous") == 0)
        step_record(model, station, -1);
    else if (strcmp(name, "result.edit") == 0 || strcmp(name, "list.open") == 0)
        station_open_record(station, model->id, false);
    else if (strcmp(name, "result.versions") == 0 || strcmp(name, "record.versions") == 0)
        open_versions(model, station);
    else if (strcmp(name, "result.inventory") == 0 || strcmp(name, "inventory.holdings") == 0 ||
             strcmp(name, "inventory.items") == 0)
        inventory_pane_open(station, model->id);
    else if (strcmp(name, "holding.new") == 0)
        inventory_pane_new_holding(station, model->id);
    else if (strcmp(name, "authority.bibs") == 0)
        authority_bibs_pane_open(station, model->id, AREA_SEARCH);
    else if (strcmp(name, "authority.update_bibs") == 0)
        authority_ask_update(station, model->id, AREA_SEARCH);
    else if (strcmp(name, "result.linked") == 0)
        switch_to_linked(model, station);
    else if (strcmp(name, "record.combine") == 0)
        combine_pick(station, model->id);
    else if (strcmp(name, "record.undo_merge") == 0)
        combine_undo(station, model->id);
    else
        return false;
    return true;
}

static bool record_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    record_model *model = state;
    const char *name = command_row->name;

    (void)argument;
    if (record_view_run(&model->view, name))
        return true;
    if (strcmp(name, "record.back") == 0) {
        station_pop(station, model);
        return true;
    }
    if (strcmp(name, "result.external") == 0) {
        external_pane_open_from(station, &(external_prefill){ .record = model->view.record });
        return true;
    }
    return model->id != 0 && run_stored(model, name, station);
}

static const char *record_cannot(void *state, const command *command_row, workstation *station)
{
    const record_model *model = state;
    const char *name = command_row->name;

    (void)station;
    if (model->id == 0 &&
        (strncmp(name, "result.", 7) == 0 || strncmp(name, "inventory.", 10) == 0 || strncmp(name, "record.", 7) == 0) &&
        strcmp(name, "record.back") != 0 && strcmp(name, "result.external") != 0)
        return "this record is not in the repository";
    if ((strcmp(name, "record.next") == 0 || strcmp(name, "record.previous") == 0) && model->total == 0)
        return "this record was not opened from a result list";
    return model->id != 0 ? record_family_cannot(model->id, name) : NULL;
}

static void record_release(void *state, workstation *station)
{
    record_model *model = state;

    (void)station;
    record_view_release(&model->view);
    free(model);
}

const pane_kind record_pane = {
    .name = "record",
    .title = "Record",
    .draw = record_draw,
    .run = record_run,
    .cannot = record_cannot,
    .position = record_position,
    .release = record_release,
};

/* ---- doors ------------------------------------------------------------------------------------------------------- */

static record_model *record_model_new(workstation *station)
{
    record_model *model = calloc(1, sizeof *model);

    if (model == NULL) {
        station_no_memory(station, "opening a record");
        return NULL;
    }
    record_view_init(&model->view);
    return model;
}

static void open_at(workstation *station, mms_id id, int version, area area, place where)
{
    record_model *model = record_model_new(station);
    recto_error error;

    if (model == NULL)
        return;
    if (record_read(model, station, id, version, &error) != RECTO_OK) {
        station_error(station, &error);
        record_release(model, station);
        return;
    }
    station_push(station, area, where, &record_pane, model);
}

void record_pane_open(workstation *station, mms_id id, int version, place where)
{
    open_at(station, id, version, where == PLACE_COMPANION ? AREA_RECORDS : AREA_SEARCH, where);
}

void record_pane_open_in(workstation *station, mms_id id, area area)
{
    open_at(station, id, 0, area, PLACE_MAIN);
}

static void open_copy(workstation *station, marc_record **record, const char *heading, area area, place where)
{
    record_model *model = record_model_new(station);

    if (model == NULL)
        return;
    record_view_set(&model->view, *record);
    *record = NULL;
    snprintf(model->heading, sizeof model->heading, "%s", heading);
    set_title(model);
    station_push(station, area, where, &record_pane, model);
}

void record_pane_open_copy(workstation *station, marc_record **record, const char *heading, place where)
{
    open_copy(station, record, heading, where == PLACE_COMPANION ? AREA_RECORDS : AREA_SEARCH, where);
}

void record_pane_open_copy_in(workstation *station, marc_record **record, const char *heading, area area)
{
    open_copy(station, record, heading, area, PLACE_MAIN);
}
