/* src/tui/search_acts.c - what is done with the record of a row, and what a search does by itself that finds a single one.
 *
 * @spec search.md SE-15, SE-55, SE-57, SE-91, SE-92 */
#include "combine.h"
#include "editor.h"
#include "heading_panes.h"
#include "inventory.h"
#include "remembered.h"
#include "search_model.h"
#include "share.h"
#include "station.h"

#include <string.h>

/* ---- two that share a number (SE-92) ---- */

/* The row under the cursor stays, when the number is its own; the first of the others goes into it. */
static void choose_two(mms_id *stays, mms_id *goes, const catalog_hits *sharing, mms_id current)
{
    *stays = sharing->rows[0].id;
    for (size_t i = 0; i < sharing->row_count; i++)
        if (sharing->rows[i].id == current)
            *stays = current;
    *goes = sharing->rows[0].id != *stays ? sharing->rows[0].id : sharing->rows[1].id;
}

static void merge_shared(search_model *model, mms_id current)
{
    workstation *station = model->station;
    const catalog_query query = { .type = SEARCH_ALL_TITLES,
                                  .zone = model->hits.hint.zone,
                                  .index = "oclcz",
                                  .text = model->hits.hint.shared,
                                  .sort = SORT_MMS_ID,
                                  .limit = SEARCH_WINDOW };
    catalog_hits sharing = { .rows = NULL };
    recto_error error;
    mms_id stays, goes;

    if (catalog_search(&sharing, station_catalog(station), &query, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    if (sharing.row_count > 1) {
        choose_two(&stays, &goes, &sharing, current);
        combine_two(station, stays, goes);
    } else {
        station_say(station, "No two records share OCLC %s any more: search again", model->hits.hint.shared);
    }
    catalog_hits_release(&sharing);
}

/* ---- a single record by its number is opened at once, for who wants that (SE-91) ---- */

static const dialog_choice single_choices[] = { { "list", "The list, on its row", 'l' },
                                                { "view", "The record, to view", 'v' },
                                                { "edit", "The record, to edit", 'e' },
                                                { NULL, NULL, 0 } };

static void single_chosen(workstation *station, void *context, const char *choice)
{
    (void)context;
    remembered_set(station, "search_single", choice);
    station_say(station, "An MMS ID, ISBN or another number that finds one record opens %s",
                strcmp(choice, "view") == 0   ? "it to view"
                : strcmp(choice, "edit") == 0 ? "it in the editor"
                                              : "the list of results");
}

static const char *single_way(workstation *station)
{
    buffer kept;
    const char *way = single_choices[0].id;

    buffer_init(&kept, 0);
    remembered_get(station, "search_single", &kept);
    for (const dialog_choice *choice = single_choices; choice->id != NULL; choice++)
        if (text_equal(buffer_text(&kept), text_from(choice->id)))
            way = choice->id;
    buffer_release(&kept);
    return way;
}

void search_ask_single(workstation *station)
{
    static const char *const lines[] = { "A number that finds one record alone shows", NULL };
    const char *now = single_way(station);

    station_ask(station, &(dialog){ .title = "Single Result",
                                    .lines = lines,
                                    .choices = single_choices,
                                    .initial = now,
                                    .escape = now,
                                    .done = single_chosen });
}

void search_open_single(search_model *model, workstation *station)
{
    const bib_info *row = search_row(model, 0);
    const char *way;

    if (!model->searched || model->hits.total != 1 || !model->hits.identifier || row == NULL || row->deleted)
        return;
    way = single_way(station);
    if (strcmp(way, "view") == 0)
        record_pane_open(station, row->id, 0, PLACE_MAIN);
    else if (strcmp(way, "edit") == 0)
        station_open_record(station, row->id, false);
}

/* ---- one row ---- */

static void duplicate(search_model *model, mms_id id)
{
    marc_record *record = NULL;
    bib_info info;
    recto_error error;

    if (catalog_load(station_catalog(model->station), id, &record, &info, &error) != RECTO_OK)
        station_error(model->station, &error);
    else
        editor_duplicate_record(model->station, record);
    marc_record_free(record);
}

static void view(search_model *model, mms_id id)
{
    record_pane_open(model->station, id, 0, PLACE_MAIN);
}

static void view_linked(search_model *model, mms_id id)
{
    const mms_id other = linked_record(model->station, id);

    if (other != 0)
        view(model, other);
}

static void edit(search_model *model, mms_id id)
{
    station_open_record(model->station, id, false);
}

/* Asked and refused as in the editor, where it is seen what goes. */
static void delete_in_editor(search_model *model, mms_id id)
{
    edit(model, id);
    if (station_session(model->station) != NULL && edit_state_of(station_session(model->station))->id == id)
        station_run(model->station, "record.delete", NULL);
}

static void open_versions(search_model *model, mms_id id)
{
    edit_session *session;

    station_open_record(model->station, id, true);
    session = station_session(model->station);
    if (session != NULL && edit_state_of(session)->id == id)
        versions_pane_open(model->station, session);
}

static void open_inventory(search_model *model, mms_id id)
{
    inventory_pane_open(model->station, id);
}

/* A command of the list of inventory, which opens for it. */
static void relink(search_model *model, mms_id id)
{
    open_inventory(model, id);
    if (strcmp(station_context(model->station), "inventory") == 0)
        station_run(model->station, "inventory.relink", NULL);
}

static void select_row(search_model *model, mms_id id)
{
    search_select(model, id);
    (void)list_view_run(&model->list, "list.down", model->rows_shown);
}

static void select_page(search_model *model, mms_id id)
{
    (void)id;
    search_select_page(model);
}

static void bibs_of_authority(search_model *model, mms_id id)
{
    authority_bibs_pane_open(model->station, id, AREA_SEARCH);
}

static void update_bibs(search_model *model, mms_id id)
{
    authority_ask_update(model->station, id, AREA_SEARCH);
}

static void combine(search_model *model, mms_id id)
{
    combine_pick(model->station, id);
}

static void undo_merge(search_model *model, mms_id id)
{
    combine_undo(model->station, id);
}

static void share(search_model *model, mms_id id)
{
    share_with_network(model->station, id, 0);
}

static void show_related(search_model *model, mms_id id)
{
    related_records_show(model->station, id);
}

static void copy_id(search_model *model, mms_id id)
{
    char number[MMS_ID_LENGTH];

    mms_id_format(number, id);
    station_say(model->station, "MMS ID %s%s", number,
                station_to_clipboard(model->station, text_from(number)) ? ", copied to the clipboard" : "");
}

static const struct {
    const char *command;
    void (*run)(search_model *model, mms_id id);
} acts[] = {
    { "list.open", view },
    { "result.view", view },
    { "result.edit", edit },
    { "result.to_catalog", search_ask_copy },
    { "result.delete", delete_in_editor },
    { "result.push", search_push },
    { "result.select", select_row },
    { "result.select_all", select_page },
    { "result.to_set", search_ask_set },
    { "result.versions", open_versions },
    { "result.linked", view_linked },
    { "result.merge_shared", merge_shared },
    { "result.copy_id", copy_id },
    { "result.inventory", open_inventory },
    { "inventory.holdings", open_inventory },
    { "inventory.items", open_inventory },
    { "inventory.relink", relink },
    { "authority.bibs", bibs_of_authority },
    { "authority.update_bibs", update_bibs },
    { "record.combine", combine },
    { "record.undo_merge", undo_merge },
    { "record.share", share },
    { "record.related", show_related },
    { "record.duplicate", duplicate },
};

bool search_run_on_row(search_model *model, const char *name, mms_id id)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (strcmp(name, acts[i].command) == 0) {
            acts[i].run(model, id);
            return true;
        }
    return false;
}
