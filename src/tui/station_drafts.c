/* src/tui/station_drafts.c - nothing that was typed is lost: drafts kept within a second, offered at the start, stored first
 * at every end (RL-20 to RL-26). */
#include "station.h"

#include "recto/base/whole_file.h"
#include "recto/marc/formats.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool has_unkept_change(const desk *desk)
{
    return !edit_state_of(desk->session)->view_only && marc_edit_revision(edit_of(desk->session)) != desk->kept_revision;
}

void station_note_changes(workstation *station)
{
    for (size_t i = 0; i < station->record_count; i++) {
        desk *desk = station->records[i];
        if (!has_unkept_change(desk))
            continue;
        if (desk->changed_at_ms == 0)
            desk->changed_at_ms = station->now_ms;
        desk->keys_since++;
    }
}

static int64_t due_at(const desk *desk)
{
    int64_t due = desk->keys_since >= DRAFT_AFTER_KEYS ? 0 : desk->changed_at_ms + DRAFT_AFTER_MS;
    return due > desk->try_again_ms ? due : desk->try_again_ms;
}

/* Where the cursor stands, and what else a pane keeps with the draft. */
static void append_view(buffer *view, const desk *desk)
{
    for (size_t i = 0; i < desk->stacks[PLACE_MAIN].count; i++)
        if (desk->stacks[PLACE_MAIN].panes[i].kind->keep != NULL)
            desk->stacks[PLACE_MAIN].panes[i].kind->keep(desk->stacks[PLACE_MAIN].panes[i].model, view);
}

static void keep_draft(workstation *station, desk *desk)
{
    buffer view;
    recto_error error;
    uint64_t revision = marc_edit_revision(edit_of(desk->session));
    buffer_init(&view, 64 * 1024);
    append_view(&view, desk);
    if (edit_keep_draft(desk->session, buffer_text(&view), &error) == RECTO_OK) {
        desk->kept_revision = revision;
        desk->changed_at_ms = desk->try_again_ms = 0;
        desk->keys_since = 0;
    } else {
        desk->try_again_ms = station->now_ms + DRAFT_AGAIN_MS;
    }
    buffer_release(&view);
}

/* What the header and the rule below it say of the draft (ED-18, ED-68). */
static bool tells_another(const edit_state *before, const edit_state *now)
{
    return before->draft_failed != now->draft_failed || before->has_draft != now->has_draft ||
           before->draft_at / 60 != now->draft_at / 60;
}

static bool wants_elsewhere(const desk *desk)
{
    return edit_state_of(desk->session)->draft_failed && has_unkept_change(desk) && station_kept_elsewhere(desk) == NULL;
}

/* What the repository does not take goes to a file meanwhile, and more often than that is tried again (RL-93). */
static bool keep_elsewhere(workstation *station, desk *desk, bool now)
{
    const bool was_kept = station_kept_elsewhere(desk) != NULL;
    const edit_state *state = edit_state_of(desk->session);
    if (wants_elsewhere(desk) && (now || station->now_ms >= desk->elsewhere_at_ms)) {
        station_keep_elsewhere(desk);
        desk->elsewhere_at_ms = station->now_ms + (station_kept_elsewhere(desk) != NULL ? DRAFT_AFTER_MS : DRAFT_AGAIN_MS);
    } else if (desk->elsewhere != NULL && !state->draft_failed && !state->view_only) {
        station_drop_elsewhere(desk); /* the draft is stored, or the record saved */
    }
    return was_kept != (station_kept_elsewhere(desk) != NULL);
}

bool station_keep_drafts(workstation *station, bool all_now)
{
    bool visible = false;
    station_note_changes(station);
    for (size_t i = 0; i < station->record_count; i++) {
        desk *desk = station->records[i];
        if (has_unkept_change(desk) && (all_now || station->now_ms >= due_at(desk))) {
            const edit_state before = *edit_state_of(desk->session);
            keep_draft(station, desk);
            visible |= tells_another(&before, edit_state_of(desk->session));
        }
        visible |= keep_elsewhere(station, desk, all_now);
    }
    return visible;
}

int station_draft_timeout(const workstation *station)
{
    int64_t timeout = -1;
    for (size_t i = 0; i < station->record_count; i++) {
        const desk *desk = station->records[i];
        if (desk->changed_at_ms == 0 || !has_unkept_change(desk))
            continue;
        int64_t left = due_at(desk) - station->now_ms;
        if (wants_elsewhere(desk) && desk->elsewhere_at_ms - station->now_ms < left)
            left = desk->elsewhere_at_ms - station->now_ms;
        left = left < 0 ? 0 : left;
        timeout = timeout < 0 || left < timeout ? left : timeout;
    }
    return timeout > 60000 ? 60000 : (int)timeout;
}

/* Drafts of all first; only then anything else. */
void station_leave_all(workstation *station)
{
    buffer view;
    station_keep_drafts(station, true);
    if (station->record_count > 0)
        station_note_return(station);
    buffer_init(&view, 64 * 1024);
    for (size_t i = 0; i < station->record_count; i++) {
        buffer_clear(&view);
        append_view(&view, station->records[i]);
        if (!buffer_failed(&view))
            edit_note_view(station->records[i]->session, buffer_text(&view));
        edit_leave(&station->records[i]->session);
    }
    buffer_release(&view);
}

/* ---- leaving while a draft cannot be stored (RL-26) -------------------------------------------------------------- */

static desk *unkept_desk(workstation *station)
{
    for (size_t i = 0; i < station->record_count; i++)
        if (has_unkept_change(station->records[i]))
            return station->records[i];
    return NULL;
}

static bool all_are_elsewhere(workstation *station)
{
    for (size_t i = 0; i < station->record_count; i++)
        if (has_unkept_change(station->records[i]) && station_kept_elsewhere(station->records[i]) == NULL)
            return false;
    return true;
}

static void file_named(workstation *station, void *context, const char *path)
{
    const marc_writer_options options = { .format = MARC_FORMAT_MRK };
    desk *desk = unkept_desk(station);
    buffer content;
    recto_error error;
    (void)context;
    if (path == NULL || desk == NULL)
        return;
    buffer_init(&content, 0);
    recto_status status = marc_write_record(&content, marc_edit_record(edit_of(desk->session)), &options, &error);
    if (status == RECTO_OK)
        status = whole_file_write(path, WHOLE_FILE_NEW, buffer_text(&content), &error);
    if (status != RECTO_OK) {
        station_error(station, &error);
    } else {
        desk->kept_revision = marc_edit_revision(edit_of(desk->session));
        station_drop_elsewhere(desk);
        station_say(station, "written to %s", path);
        station_quit(station);
    }
    buffer_release(&content);
}

static void leave_decided(workstation *station, void *context, const char *choice)
{
    (void)context;
    if (strcmp(choice, "write") == 0)
        station_prompt(station, "File:", "recto-record.mrk", file_named, NULL);
    else if (strcmp(choice, "leave") == 0)
        station->leaving = true;
}

void station_quit(workstation *station)
{
    static const dialog_choice choices[] = { { "stay", "Stay", 's' },
                                             { "write", "Write to a file", 'w' },
                                             { "leave", "Leave, lose the changes", 'l' },
                                             { NULL, NULL, 0 } };
    static const dialog_choice kept[] = {
        { "stay", "Stay", 's' }, { "write", "Write to a file", 'w' }, { "leave", "Leave", 'l' }, { NULL, NULL, 0 }
    };
    char line[256], place[PATH_MAX + 40] = "";
    station_keep_drafts(station, true);
    desk *desk = unkept_desk(station);
    if (desk == NULL) {
        station->leaving = true;
        return;
    }
    snprintf(line, sizeof line, "The draft of %lld cannot be stored: %s", (long long)edit_state_of(desk->session)->id,
             edit_state_of(desk->session)->draft_failure);
    const bool safe = all_are_elsewhere(station);
    if (safe)
        snprintf(place, sizeof place, "Its text is kept in %s", station_kept_elsewhere(desk));
    const char *lines[] = { line, safe ? place : NULL, NULL };
    const dialog question = { "A draft is not stored", lines, safe ? kept : choices, "stay", "stay", leave_decided, NULL };
    station_ask(station, &question);
}

/* ---- the next start (RL-23) -------------------------------------------------------------------------------------- */

/* Those that rest are not offered; rows are newest first, so they are the last ones (ED-71). */
static size_t in_use(const draft_row *rows, size_t count)
{
    while (count > 0 && rows[count - 1].age != DRAFT_IN_USE)
        count--;
    return count;
}

static void resume_all(workstation *station)
{
    draft_row *rows = NULL;
    size_t count = 0, resumed = 0;
    recto_error error;
    if (catalog_drafts(&rows, &count, station->options.catalog, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    count = in_use(rows, count);
    for (size_t i = count; i-- > 0;) { /* the newest last, so that it has the focus */
        edit_session *session = NULL;
        if (edit_resume(&session, station->options.catalog, rows[i].id, &error) == RECTO_OK) {
            station_add_session(station, &session);
            resumed++;
        }
    }
    const bool as_left = station_return(station) || resumed == 1;
    if (resumed == count)
        station_say(station, "%zu record%s resumed: you are in the editor, %s", resumed, resumed == 1 ? "" : "s",
                    as_left ? "where you left it" : "in the one changed last");
    else
        station_error(station, &error); /* the drafts stay; the list shows them */
    free(rows);
}

static void drafts_decided(workstation *station, void *context, const char *choice)
{
    (void)context;
    if (strcmp(choice, "resume") == 0) {
        resume_all(station);
    } else if (strcmp(choice, "choose") == 0) {
        station_run(station, "records.list", NULL);
        station_say(station, "Enter resumes a draft; D discards it, after a question");
    } else {
        station_say(station, "the drafts stay; Records lists them");
    }
}

static void draft_line(char *out, size_t capacity, workstation *station, const draft_row *row)
{
    char id[MMS_ID_LENGTH], when[32];
    buffer title;
    const repo_zone *zone = catalog_zone_by_id(station->options.catalog, row->zone);
    mms_id_format(id, row->id);
    clock_format_short(when, sizeof when, row->changed_at, catalog_now(station->options.catalog));
    buffer_init(&title, 1024);
    display_cut(&title, text_from(row->title), 34, station->screen.utf8);
    snprintf(out, capacity, "%c %s  %s  %s%s", zone != NULL ? (char)zone->kind : '?', id, when, buffer_string(&title),
             row->record_changed_since ? "  (saved by others since)" : "");
    buffer_release(&title);
}

void station_offer_drafts(workstation *station)
{
    static const dialog_choice choices[] = {
        { "resume", "Resume all", 'r' }, { "choose", "Choose", 'c' }, { "later", "Later", 'l' }, { NULL, NULL, 0 }
    };
    static const dialog_choice alone[] = {
        { "resume", "Resume", 'r' }, { "choose", "Choose", 'c' }, { "later", "Later", 'l' }, { NULL, NULL, 0 }
    };
    enum { SHOWN = 12 };
    char texts[SHOWN + 2][320];
    const char *lines[SHOWN + 3] = { 0 };
    draft_row *rows = NULL;
    size_t count = 0, shown = 0;
    recto_error error;
    if (catalog_drafts(&rows, &count, station->options.catalog, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    count = in_use(rows, count);
    if (count > 0) {
        snprintf(texts[0], sizeof texts[0], "%zu record%s when you left:", count, count == 1 ? " was open" : "s were open");
        lines[shown++] = texts[0];
    }
    for (size_t i = 0; i < count && i < SHOWN; i++, shown++) {
        draft_line(texts[shown], sizeof texts[shown], station, &rows[i]);
        lines[shown] = texts[shown];
    }
    if (count > SHOWN) {
        snprintf(texts[shown], sizeof texts[shown], "and %zu more", count - SHOWN);
        lines[shown] = texts[shown];
    }
    const dialog question = { "Your work is back", lines, count == 1 ? alone : choices, "resume", "later", drafts_decided, NULL };
    if (count > 0)
        station_ask(station, &question);
    free(rows);
}
