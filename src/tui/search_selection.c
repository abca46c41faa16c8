/* src/tui/search_selection.c - rows of a result list that are selected, and what is done with all of them: up to two hundred are
 * put into the list of records, and those that could not be stay selected (ED-185, ED-186). */
#include "search_model.h"

#include <stdio.h>
#include <string.h>

static size_t place_of(const search_model *model, mms_id id)
{
    size_t at = 0;
    while (at < model->selected_count && model->selected[at] != id)
        at++;
    return at;
}

bool search_is_selected(const search_model *model, mms_id id)
{
    return place_of(model, id) < model->selected_count;
}

static void take_out(search_model *model, size_t at)
{
    model->selected_count--;
    memmove(&model->selected[at], &model->selected[at + 1], (model->selected_count - at) * sizeof *model->selected);
}

void search_select(search_model *model, mms_id id)
{
    const size_t at = place_of(model, id);
    if (at < model->selected_count)
        take_out(model, at);
    else if (model->selected_count < SEARCH_SELECTED_MOST)
        model->selected[model->selected_count++] = id;
    else
        station_say(model->station, "%d records are the most that can be selected; p puts them into the list",
                    SEARCH_SELECTED_MOST);
}

/* All rows of the page that is shown; where they are all selected, none of them any longer (ED-185). */
void search_select_page(search_model *model)
{
    const size_t before = model->selected_count;
    const size_t end =
        model->list.top + model->rows_shown < model->list.count ? model->list.top + model->rows_shown : model->list.count;
    for (size_t i = model->list.top; i < end; i++) {
        const bib_info *row = search_row(model, i);
        if (row != NULL && !search_is_selected(model, row->id))
            search_select(model, row->id);
    }
    if (model->selected_count > before) {
        if (model->selected_count < SEARCH_SELECTED_MOST)
            station_say(model->station, "%zu more of this page selected", model->selected_count - before);
        return;
    }
    for (size_t i = model->list.top; i < end; i++) {
        const bib_info *row = search_row(model, i);
        if (row != NULL && search_is_selected(model, row->id))
            search_select(model, row->id);
    }
}

/* Not locked, and the list stays in front (ED-187). @return true: it is in the list of records */
static bool push_one(workstation *station, mms_id id)
{
    station_open_record(station, id, true);
    const edit_session *session = station_session(station);
    const bool there = session != NULL && edit_state_of((edit_session *)session)->id == id;
    station_show(station, AREA_SEARCH);
    return there;
}

void search_push(search_model *model, mms_id current)
{
    workstation *station = model->station;
    size_t pushed = 0, at = 0;
    if (model->selected_count == 0) {
        if (push_one(station, current))
            station_say(station, "Pushed to Records");
        return;
    }
    while (at < model->selected_count)
        if (push_one(station, model->selected[at])) {
            take_out(model, at);
            pushed++;
        } else {
            at++;
        }
    if (model->selected_count > 0)
        station_say(station, "%zu pushed to Records; %zu could not be and stay selected", pushed, model->selected_count);
    else
        station_say(station, "%zu pushed to Records", pushed);
}

/* ED-176: with or without a link, and what that means. */
static void copy_decided(workstation *station, void *context, const char *choice)
{
    const search_model *model = context;
    const bool link = strcmp(choice, "link") == 0;
    edit_session *session = NULL;
    recto_error error;
    if (!link && strcmp(choice, "copy") != 0)
        return;
    if (edit_copy_to_catalog(&session, station_catalog(station), model->copied, link, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    station_add_session(station, &session);
    station_say(station, "New in: LOCAL (Institution Zone), a copy %s a link, not saved yet", link ? "with" : "without");
}

void search_ask_copy(search_model *model, mms_id id)
{
    static const dialog_choice choices[] = { { "copy", "Copy without a link", 'c' },
                                             { "link", "Copy with a link", 'l' },
                                             { "cancel", "Cancel", 'x' },
                                             { NULL, NULL, 0 } };
    static const char *const lines[] = { "Without a link the copy is a record of its own, a match of the original.",
                                         "With a link it is known as its copy: no match, never merged over, and the",
                                         "original cannot be deleted. Later edits go neither way.", NULL };
    model->copied = id;
    station_ask(model->station, &(dialog){ .title = "Copy to Catalog",
                                           .lines = lines,
                                           .choices = choices,
                                           .initial = "copy",
                                           .escape = "cancel",
                                           .done = copy_decided,
                                           .context = model });
}
