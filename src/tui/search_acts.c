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

static void merge_shared(search_model *model, workstation *station, mms_id current)
{
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

static void duplicate(workstation *station, mms_id id)
{
    marc_record *record = NULL;
    bib_info info;
    recto_error error;

    if (catalog_load(station_catalog(station), id, &record, &info, &error) != RECTO_OK)
        station_error(station, &error);
    else
        editor_duplicate_record(station, record);
    marc_record_free(record);
}

static void view_linked(workstation *station, mms_id id)
{
    const mms_id other = linked_record(station, id);

    if (other != 0)
        record_pane_open(station, other, 0, PLACE_MAIN);
}

/* A command of the list of inventory, which opens for it. */
static void in_inventory(workstation *station, mms_id id, const char *name)
{
    inventory_pane_open(station, id);
    if (strcmp(station_context(station), "inventory") == 0)
        station_run(station, name, NULL);
}

static void open_versions(workstation *station, mms_id id)
{
    edit_session *session;

    station_open_record(station, id, true);
    session = station_session(station);
    if (session != NULL && edit_state_of(session)->id == id)
        versions_pane_open(station, session);
}

bool search_run_on_row(search_model *model, const char *name, workstation *station, const bib_info *row)
{
    char id[MMS_ID_LENGTH];

    if (strcmp(name, "result.to_catalog") == 0)
        search_ask_copy(model, row->id);
    else if (strcmp(name, "list.open") == 0 || strcmp(name, "result.view") == 0)
        record_pane_open(station, row->id, 0, PLACE_MAIN);
    else if (strcmp(name, "result.edit") == 0)
        station_open_record(station, row->id, false);
    else if (strcmp(name, "result.delete") == 0) {
        station_open_record(station, row->id, false);
        if (station_session(station) != NULL && edit_state_of(station_session(station))->id == row->id)
            station_run(station, "record.delete", NULL);
    } else if (strcmp(name, "result.push") == 0)
        search_push(model, row->id);
    else if (strcmp(name, "result.select") == 0) {
        search_select(model, row->id);
        (void)list_view_run(&model->list, "list.down", model->rows_shown);
    } else if (strcmp(name, "result.select_all") == 0)
        search_select_page(model);
    else if (strcmp(name, "result.versions") == 0)
        open_versions(station, row->id);
    else if (strcmp(name, "result.inventory") == 0 || strcmp(name, "inventory.holdings") == 0 ||
             strcmp(name, "inventory.items") == 0)
        inventory_pane_open(station, row->id);
    else if (strcmp(name, "authority.bibs") == 0)
        authority_bibs_pane_open(station, row->id, AREA_SEARCH);
    else if (strcmp(name, "authority.update_bibs") == 0)
        authority_ask_update(station, row->id, AREA_SEARCH);
    else if (strcmp(name, "record.combine") == 0)
        combine_pick(station, row->id);
    else if (strcmp(name, "record.undo_merge") == 0)
        combine_undo(station, row->id);
    else if (strcmp(name, "result.to_set") == 0)
        search_ask_set(model, row->id);
    else if (strcmp(name, "record.share") == 0)
        share_with_network(station, row->id, 0);
    else if (strcmp(name, "record.related") == 0)
        related_records_show(station, row->id);
    else if (strcmp(name, "record.duplicate") == 0)
        duplicate(station, row->id);
    else if (strcmp(name, "inventory.relink") == 0)
        in_inventory(station, row->id, name);
    else if (strcmp(name, "result.linked") == 0)
        view_linked(station, row->id);
    else if (strcmp(name, "result.merge_shared") == 0)
        merge_shared(model, station, row->id);
    else if (strcmp(name, "result.copy_id") == 0) {
        mms_id_format(id, row->id);
        station_say(station, "MMS ID %s%s", id, station_to_clipboard(station, text_from(id)) ? ", copied to the clipboard" : "");
    } else
        return false;
    return true;
}
