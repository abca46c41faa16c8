/* src/tui/pane_matches.c - the list of matches at save: why each matched, what it has, and what can be done with it.
 *
 * Holding the list open locks nothing; an action reads the match again (SR-97). What cannot be done with a match, because it is
 * in the Community Zone or somebody has it, is greyed and says why. */
#include "matches.h"

#include "recto/base/plural.h"
#include "list_columns.h"
#include "take.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DETAIL_ROWS = 6, FIRST_LIST_ROW = 3 };

typedef struct matches_model {
    session_tie tie;
    match_hit *hits;
    list_view list;
    size_t rows_shown;
    char title[240]; /* of the open record */
    bool viewing;
    record_view view;
    int64_t now;
} matches_model;

static match_hit *current_hit(const matches_model *model)
{
    return model->list.current < model->list.count ? &model->hits[model->list.current] : NULL;
}

/* ---- the list ------------------------------------------------------------------------------------------------------------- */

enum {
    COLUMN_ZONE,
    COLUMN_ID,
    COLUMN_TITLE,
    COLUMN_DATE,
    COLUMN_LEVEL,
    COLUMN_BRIEF,
    COLUMN_LIKE,
    COLUMN_INVENTORY,
    COLUMN_MODIFIED,
    COLUMN_BY,
    COLUMN_LOCK,
    COLUMN_WHY,
    COLUMN_COUNT
};
static const list_column columns[COLUMN_COUNT] = {
    { "Z", 1, 0, 0, 0 },    { "MMS ID", 18, 0, 0, 0 }, { "Title", 12, 3, 0, 0 }, { "Date", 4, 0, 0, 0 },
    { "Lv", 2, 0, 80, 0 },  { "Br", 2, 0, 0, 0 },      { "Like", 4, 0, 80, 0 },  { "Inv", 5, 0, 0, 0 },
    { "Mod", 8, 0, 70, 0 }, { "By", 8, 0, 100, 0 },    { "Locked", 8, 0, 0, 0 }, { "Why", 30, 2, 120, 0 },
};

static void draw_row(const matches_model *model, size_t index, const list_layout *layout, const surface *canvas, int row)
{
    const match_hit *hit = &model->hits[index];
    char id[MMS_ID_LENGTH];
    char zone[2] = { (char)hit->zone, '\0' };
    char brief[8];
    char level[2] = { hit->encoding_level == ' ' || hit->encoding_level == '\0' ? '#' : hit->encoding_level, '\0' };
    char like[16];
    char inventory[32];
    char modified[32];
    bool current = index == model->list.current;

    mms_id_format(id, hit->info.id);
    snprintf(brief, sizeof brief, "%02d", hit->info.brief_level);
    snprintf(like, sizeof like, "%4d", hit->likeness);
    bib_inventory(inventory, sizeof inventory, &hit->info);
    format_time_short(modified, sizeof modified, hit->info.modified_at, model->now);
    surface_put(canvas, row, 0, ROLE_TEXT, current ? ">" : " ");
    list_layout_cell(layout, COLUMN_ZONE, canvas, row, ROLE_TEXT, zone);
    list_layout_cell(layout, COLUMN_ID, canvas, row, ROLE_TEXT, id);
    list_layout_cell(layout, COLUMN_TITLE, canvas, row, ROLE_TEXT, hit->info.title);
    list_layout_cell(layout, COLUMN_DATE, canvas, row, ROLE_TEXT, hit->info.date);
    list_layout_cell(layout, COLUMN_LEVEL, canvas, row, ROLE_TEXT, level);
    list_layout_cell(layout, COLUMN_BRIEF, canvas, row, ROLE_TEXT, brief);
    list_layout_cell(layout, COLUMN_LIKE, canvas, row, ROLE_TEXT_DIM, like);
    list_layout_cell(layout, COLUMN_INVENTORY, canvas, row, ROLE_TEXT, inventory);
    list_layout_cell(layout, COLUMN_MODIFIED, canvas, row, ROLE_TEXT, modified);
    list_layout_cell(layout, COLUMN_BY, canvas, row, ROLE_TEXT, hit->info.modified_by);
    list_layout_cell(layout, COLUMN_LOCK, canvas, row, ROLE_ALERT_WARNING,
                     hit->info.locked_by[0] != '\0' ? hit->info.locked_by : "-");
    list_layout_cell(layout, COLUMN_WHY, canvas, row, ROLE_TEXT_DIM, hit->why);
    if (current)
        surface_mark_row(canvas, row);
}

static void draw_detail(const matches_model *model, const surface *canvas, int row)
{
    const match_hit *hit = current_hit(model);
    char heading[64];
    char line[300];
    char modified[32];
    int width = canvas->columns - 2;

    if (hit == NULL)
        return;
    snprintf(heading, sizeof heading, "%zu  %s", model->list.current + 1, zone_title(hit->zone));
    snprintf(line, sizeof line, "%s, %d %% alike", match_method_label(hit->method), hit->likeness);
    surface_rule(canvas, row, false, heading, line);
    snprintf(line, sizeof line, "%.*s%s%.*s%s%.*s", FIT(hit->info.title, 120), hit->info.creator[0] != '\0' ? " / " : "",
             FIT(hit->info.creator, 60), hit->imprint[0] != '\0' ? "  " : "", FIT(hit->imprint, 90));
    surface_data(canvas, row + 1, 1, width, ROLE_TITLE, text_from(line), true);
    snprintf(line, sizeof line, "Matched by %s", hit->why);
    surface_data(canvas, row + 2, 1, width, ROLE_TEXT, text_from(line), true);
    clock_format_local(modified, sizeof modified, hit->info.modified_at);
    snprintf(line, sizeof line, "Version %d  %s by %s  %s  %s  %d %s, %d %s", hit->info.version, modified, hit->info.modified_by,
             hit->info.material, sync_title(hit->info.sync), hit->info.holdings,
             plural((uint64_t)hit->info.holdings, "holding", "holdings"), hit->info.items,
             plural((uint64_t)hit->info.items, "item", "items"));
    surface_data(canvas, row + 3, 1, width, ROLE_TEXT, text_from(line), true);
    if (!hit->can_change) {
        draw_wrapped(canvas, row + 4, 1, 2, ROLE_HINT_OFF, text_from(hit->cannot));
        return;
    }
    if (hit->warning[0] != '\0')
        surface_put(canvas, row + 4, 1, ROLE_ALERT_WARNING, "W ");
    draw_wrapped(canvas, row + 4, 3, 2, ROLE_ALERT_WARNING, text_from(hit->warning));
}

static void draw_list(matches_model *model, const surface *canvas)
{
    list_layout layout;
    int rows = canvas->rows - FIRST_LIST_ROW - DETAIL_ROWS;

    surface_data(canvas, 1, 1, canvas->columns - 2, ROLE_TITLE, text_from(model->title), true);
    list_layout_make(&layout, columns, COLUMN_COUNT, 2, canvas->columns);
    list_layout_header(&layout, columns, canvas, 2);
    model->rows_shown = rows > 0 ? (size_t)rows : 1;
    list_view_fit(&model->list, model->rows_shown);
    for (size_t i = 0; i < model->rows_shown && model->list.top + i < model->list.count; i++)
        draw_row(model, model->list.top + i, &layout, canvas, FIRST_LIST_ROW + (int)i);
    if (rows > 0)
        draw_detail(model, canvas, canvas->rows - DETAIL_ROWS);
}

static void draw_view(matches_model *model, const surface *canvas, bool focused)
{
    const match_hit *hit = current_hit(model);
    char heading[120];
    char right[40];
    char id[MMS_ID_LENGTH];

    mms_id_format(id, hit->info.id);
    snprintf(heading, sizeof heading, "%c match bib %s  View Only  v%d  brief %02d", (char)hit->zone, id, hit->info.version,
             hit->info.brief_level);
    snprintf(right, sizeof right, "match %zu/%zu", model->list.current + 1, model->list.count);
    surface_rule(canvas, 0, focused, heading, right);
    surface_data(canvas, 1, 1, canvas->columns - 2, ROLE_TITLE, text_from(hit->info.title), true);
    surface_data(canvas, 2, 1, canvas->columns - 2, hit->can_change ? ROLE_TEXT_DIM : ROLE_HINT_OFF,
                 text_from(hit->can_change ? hit->why : hit->cannot), true);
    record_view_draw(&model->view, canvas, 3, canvas->rows - 3);
}

static void matches_draw(void *state, const surface *canvas, bool focused)
{
    matches_model *model = state;
    char heading[80];

    surface_clear(canvas, ROLE_TEXT);
    if (model->viewing && current_hit(model) != NULL) {
        draw_view(model, canvas, focused);
        return;
    }
    snprintf(heading, sizeof heading, "Matches, %zu", model->list.count);
    surface_rule(canvas, 0, focused, heading, "nothing is saved yet");
    draw_list(model, canvas);
}

static void matches_position(void *state, buffer *out)
{
    const matches_model *model = state;

    if (model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

/* Reads the match again: it may have been saved, or locked, since it was listed (SR-97). */
static bool read_again(matches_model *model, match_hit *hit, workstation *station, marc_record **record)
{
    int listed = hit->info.version;
    bool was_locked = hit->info.locked_by[0] != '\0';
    recto_error error;

    if (catalog_load(station_catalog(station), hit->info.id, record, &hit->info, &error) != RECTO_OK) {
        station_error(station, &error);
        return false;
    }
    model->now = catalog_now(station_catalog(station));
    if (was_locked && hit->info.locked_by[0] == '\0' && hit->zone != ZONE_COMMUNITY)
        hit->can_change = true; /* its holder gave it back meanwhile */
    if (hit->info.version != listed)
        station_say(station, "The match was saved by %s since it was listed: now version %d", hit->info.modified_by,
                    hit->info.version);
    return true;
}

/* The row under the cursor as the repository has it now. */
static void refresh_hit(matches_model *model, workstation *station)
{
    marc_record *record = NULL;

    if (current_hit(model) != NULL && read_again(model, current_hit(model), station, &record))
        marc_record_free(record);
}

static void view_hit(matches_model *model, workstation *station)
{
    marc_record *record = NULL;

    if (!read_again(model, current_hit(model), station, &record))
        return;
    record_view_set(&model->view, record);
    model->viewing = true;
}

static void step_hit(matches_model *model, workstation *station, int step)
{
    if (step < 0 ? model->list.current == 0 : model->list.current + 1 >= model->list.count) {
        station_say(station, step < 0 ? "This is the first match" : "This is the last match");
        return;
    }
    model->list.current += step < 0 ? SIZE_MAX : 1;
    if (model->viewing)
        view_hit(model, station);
}

/* View, Edit, Execute: the match goes into the editor at the left, and the record it matched stands beside it to copy from. */
static void edit_hit(matches_model *model, workstation *station)
{
    edit_session *session = session_tied(&model->tie, station);

    model->viewing = false;
    station_open_record(station, current_hit(model)->info.id, false);
    if (session != NULL && station_session(station) != session)
        beside_open(station, session);
}

static const dialog_choice execute_choices[] = { { "execute", "Execute", 'x' }, { "cancel", "Cancel", 'c' }, { NULL, NULL, 0 } };

static void execute_answered(workstation *station, void *context, const char *choice)
{
    if (strcmp(choice, "execute") == 0)
        edit_hit(context, station);
}

static void ask_edit(matches_model *model, workstation *station)
{
    char line[160];
    char id[MMS_ID_LENGTH];

    mms_id_format(id, current_hit(model)->info.id);
    snprintf(line, sizeof line, "Edit opens bib %s in the editor; the record being saved stays open.", id);
    station_ask(station, &(dialog){ .title = "Edit",
                                    .lines = (const char *const[]){ line, NULL },
                                    .choices = execute_choices,
                                    .initial = "execute",
                                    .escape = "cancel",
                                    .done = execute_answered,
                                    .context = model });
}

/* The import is dropped, and the match is opened in its place (SR-93). */
static void use_hit(matches_model *model, workstation *station, edit_session *session)
{
    edit_session *used = session;
    char id[MMS_ID_LENGTH];
    recto_error error;

    mms_id_format(id, current_hit(model)->info.id);
    if (edit_use_match(&used, current_hit(model)->info.id, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    station_close_session(station, session); /* this list goes with it */
    station_add_session(station, &used);
    station_say(station, "What was being saved is gone; this is %s as it is stored", id);
}

static bool run_on_hit(matches_model *model, const char *name, workstation *station, edit_session *session)
{
    take_source source = { .match = current_hit(model)->info.id };

    if (strcmp(name, "match.edit") == 0 && model->viewing)
        ask_edit(model, station);
    else if (strcmp(name, "match.edit") == 0 || strcmp(name, "match.execute") == 0)
        edit_hit(model, station);
    else if (session == NULL)
        station_say(station, "Go back to the record being saved first; another one is in front");
    else if (strcmp(name, "match.preview") == 0)
        take_preview(station, session, &source, false);
    else if (strcmp(name, "match.merge") == 0)
        take_now(station, session, &source, false);
    else if (strcmp(name, "match.overlay") == 0)
        take_overlay_ask(station, session, &source);
    else if (strcmp(name, "match.ignore") == 0)
        matches_save_anyway(station, session, false);
    else if (strcmp(name, "match.separate") == 0)
        matches_save_separate(station, session);
    else if (strcmp(name, "match.why") == 0)
        match_reasons_show(station, session, current_hit(model)->info.id);
    else if (strcmp(name, "match.use") == 0)
        use_hit(model, station, session);
    else
        return false;
    return true;
}

static bool matches_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    matches_model *model = state;
    const char *name = command_row->name;

    (void)argument;
    if (model->viewing && record_view_run(&model->view, name))
        return true;
    if (!model->viewing && list_view_run(&model->list, name, model->rows_shown)) {
        refresh_hit(model, station);
        return true;
    }
    if ((strcmp(name, "pane.back") == 0 || strcmp(name, "match.back") == 0) && model->viewing) {
        model->viewing = false;
        return true;
    }
    if (strcmp(name, "record.next") == 0 || strcmp(name, "record.previous") == 0) {
        step_hit(model, station, strcmp(name, "record.next") == 0 ? 1 : -1);
        return true;
    }
    if (current_hit(model) == NULL)
        return false;
    if (strcmp(name, "match.view") == 0 || strcmp(name, "list.open") == 0) {
        view_hit(model, station);
        return true;
    }
    return strncmp(name, "match.", 6) == 0 && run_on_hit(model, name, station, session_tied(&model->tie, station));
}

static const char *matches_cannot(void *state, const command *command_row, workstation *station)
{
    static const char *const changing[] = { "match.edit", "match.execute", "match.merge", "match.overlay", "match.use" };
    matches_model *model = state;
    const match_hit *hit = current_hit(model);

    (void)station;
    if (strncmp(command_row->name, "match.", 6) != 0)
        return NULL;
    if (hit == NULL)
        return "no match is chosen";
    for (size_t i = 0; i < sizeof changing / sizeof *changing; i++)
        if (strcmp(command_row->name, changing[i]) == 0 && !hit->can_change)
            return hit->cannot[0] != '\0' ? hit->cannot : "this record cannot be changed";
    return NULL;
}

static void matches_release(void *state, workstation *station)
{
    matches_model *model = state;

    (void)station;
    record_view_release(&model->view);
    free(model->hits);
    free(model);
}

const pane_kind matches_pane = {
    .name = "matches",
    .title = "Matches",
    .draw = matches_draw,
    .run = matches_run,
    .cannot = matches_cannot,
    .position = matches_position,
    .release = matches_release,
};

/* Those that can be acted on first: the Community Zone's at the end, each group in the order it came. */
static void put_community_last(match_hit *hits, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && hits[j - 1].zone == ZONE_COMMUNITY && hits[j].zone != ZONE_COMMUNITY; j--) {
            match_hit moved = hits[j];

            hits[j] = hits[j - 1];
            hits[j - 1] = moved;
        }
}

void matches_pane_open(workstation *station, edit_session *session, match_hit *hits, size_t count)
{
    matches_model *model = calloc(1, sizeof *model);
    matches_model *before = station_find(station, &matches_pane);
    buffer title;

    if (before != NULL && before->tie.session == session) /* a second save found them again */
        station_pop(station, before);
    if (model == NULL) {
        free(hits);
        station_no_memory(station, "listing matches");
        return;
    }
    record_view_init(&model->view);
    model->tie = session_tie_to(session);
    model->hits = hits;
    model->list.count = count;
    put_community_last(hits, count);
    model->now = catalog_now(station_catalog(station));
    buffer_init(&title, 0);
    append_title(&title, marc_edit_record(edit_of(session)));
    string_keep(model->title, sizeof model->title, buffer_text(&title));
    buffer_release(&title);
    station_push(station, AREA_RECORDS, PLACE_COMPANION, &matches_pane, model);
}
