/* src/tui/pane_editor_record.c - what is done with the whole record: save, draft, release, find matches, delete, duplicate.
 *
 * Every one ends with a sentence on the status line. Only a release that would lose something, and a deletion, ask. */
#include "custody_panes.h"
#include "editor.h"

#include "recto/base/plural.h"
#include "recto/catalog/headings.h"
#include "inventory.h"
#include "matches.h"
#include "template_panes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void settle(editor *pane)
{
    editor_move_to(pane, pane->row, pane->box, pane->offset);
    if (pane->tag_pending)
        editor_commit_tag(pane);
    marc_edit_settle(edit_of(pane->session));
}

/* Gives the record back; the pane goes with it and must not be used behind this. */
static bool give_back(editor *pane)
{
    workstation *station = pane->station;
    edit_session *session = pane->session, *released = session;
    recto_error error = { 0 };
    if (edit_release(&released, &error) != RECTO_OK) {
        station_error(station, &error);
        return false;
    }
    pane->session = NULL;
    station_close_session(station, session);
    return true;
}

/* ---- save ---- */

static void say_invalid(editor *pane, const ingest_outcome *outcome)
{
    size_t blocking = outcome->findings[MARC_SEVERITY_BLOCK];
    editor_check(pane);
    for (size_t i = 0; i < pane->findings.count; i++)
        if (pane->findings.list[i].severity == MARC_SEVERITY_BLOCK) {
            const editor_finding *first = &pane->findings.list[i];
            pane->findings.current = i;
            if (first->row != SIZE_MAX)
                editor_go_to(pane, first->row, first->subfield, first->offset);
            break;
        }
    station_say(pane->station, "not saved: %zu error%s; %s%s", blocking, blocking == 1 ? "" : "s",
                outcome->first_block[0] != '\0' ? outcome->first_block : outcome->message,
                blocking > 1 ? "; F7 goes to the next" : "");
}

static void finish_save(editor *pane, const ingest_outcome *outcome, bool release)
{
    workstation *station = pane->station;
    bool unchanged = outcome->kind == OUTCOME_UNCHANGED;
    char message[sizeof outcome->message];
    snprintf(message, sizeof message, "%s", unchanged ? "No changes to save." : outcome->message);
    pane->findings.held_row = 0; /* whoever saves has made the field */
    editor_pane_touched(pane, station);
    if (outcome->by_rules[0] != '\0')
        editor_saved_by_rules(pane, outcome->by_rules);
    if (release && give_back(pane))
        station_say(station, "%s%sReleased.", message, message[0] != '\0' && message[strlen(message) - 1] == '.' ? " " : ". ");
    else
        station_say(station, "%s", message);
}

/* "34,112": sizes are read by people. */
static void with_commas(char out[static 32], size_t number)
{
    char digits[24];
    size_t length = (size_t)snprintf(digits, sizeof digits, "%zu", number), used = 0;
    for (size_t i = 0; i < length && used + 2 < 32; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            out[used++] = ',';
        out[used++] = digits[i];
    }
    out[used] = '\0';
}

/* The editor's limits (ED-29); other doors have larger ones. @return true: too large, and that was said */
static bool is_too_large(editor *pane)
{
    enum { FIELD_MOST = 32768, RECORD_MOST = 1048576 };
    const marc_record *record = editor_record(pane);
    char size[32];
    size_t total = MARC_LEADER_LENGTH;
    for (size_t i = 0; i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        total += field->content.length;
        if (field->content.length <= FIELD_MOST)
            continue;
        with_commas(size, field->content.length);
        editor_go_to(pane, i + 1, 0, 0);
        station_say(pane->station, "not saved: field %s is %s bytes; the limit is 32,768", field->tag, size);
        return true;
    }
    with_commas(size, total);
    if (total > RECORD_MOST)
        station_say(pane->station, "not saved: the record is %s bytes; the limit is 1,048,576", size);
    return total > RECORD_MOST;
}

/* What a text that somebody has overtaken can still become: nothing is written over a version its author has not been shown
 * (decisions 7 and 14); to keep one's own then takes the word. */
static void overtaken_answered(workstation *station, void *context, const char *choice)
{
    editor *pane = context;
    recto_error error = { 0 };
    if (strcmp(choice, "compare") == 0) {
        versions_pane_open(station, pane->session);
    } else if (strcmp(choice, "three") == 0) {
        three_way_pane_open(station, pane->session);
    } else if (strcmp(choice, "mine") == 0) {
        if (edit_rebase(pane->session, &error) != RECTO_OK)
            station_error(station, &error);
        else
            editor_save(pane, false);
    }
}

static void ask_overtaken(editor *pane, const char *message)
{
    static const dialog_choice choices[] = { { "compare", "Compare", 'c' },
                                             { "three", "Three ways", 't' },
                                             { "mine", "Save mine over it", 'm' },
                                             { "later", "Later", 'l' },
                                             { NULL, NULL, 0 } };
    const char *const lines[] = { message, "Your text is kept as a draft in any case.", NULL };
    station_ask(pane->station, &(dialog){ .title = "Saved by others meanwhile",
                                          .lines = lines,
                                          .choices = choices,
                                          .initial = "compare",
                                          .escape = "later",
                                          .done = overtaken_answered,
                                          .context = pane });
    station_say(pane->station, "not saved: %s", message);
}

static void save_template(editor *pane, bool release)
{
    workstation *station = pane->station;
    char message[200] = "No changes to save.";
    recto_error error = { 0 };
    int version = 0;
    if (edit_save_template(&version, pane->session, "", &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    if (version > 0)
        snprintf(message, sizeof message, "Saved as version %d of the template %s.", version,
                 edit_state_of(pane->session)->template_name);
    templates_pane_touched(station);
    editor_pane_touched(pane, station);
    if (release && give_back(pane))
        station_say(station, "%s Released.", message);
    else
        station_say(station, "%s", message);
}

static void save_holdings(editor *pane, bool release)
{
    workstation *station = pane->station;
    char message[120] = "No changes to save.";
    const mms_id bib = edit_state_of(pane->session)->holdings_of;
    recto_error error = { 0 };
    int version = 0;
    if (edit_save_holding(&version, pane->session, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    if (version > 0)
        snprintf(message, sizeof message, "Holdings saved as version %d; Alt+I adds an item.", version);
    editor_pane_touched(pane, station);
    if (release && give_back(pane))
        station_say(station, "%s Released.", message);
    else
        station_say(station, "%s", message);
    inventory_pane_touched(station, bib);
}

void editor_save(editor *pane, bool release)
{
    recto_error error = { 0 };
    ingest_outcome outcome = { 0 };
    if (!editor_may_change(pane, 0))
        return;
    settle(pane);
    if (is_too_large(pane))
        return;
    if (edit_state_of(pane->session)->is_template) {
        save_template(pane, release);
        return;
    }
    if (edit_state_of(pane->session)->is_holdings) {
        save_holdings(pane, release);
        return;
    }
    editor_number_links(pane);
    editor_note_place(pane);
    if (edit_save(&outcome, pane->session, false, &error) != RECTO_OK) {
        station_error(pane->station, &error);
        return;
    }
    switch (outcome.kind) {
    case OUTCOME_NEEDS_DECISION:
        station_focus_session(pane->station, pane->session); /* it may stand beside another record */
        matches_ask(pane->station, pane->session, &outcome, release);
        break;
    case OUTCOME_INVALID:
        say_invalid(pane, &outcome);
        break;
    case OUTCOME_ADDED:
    case OUTCOME_UPDATED:
    case OUTCOME_MERGED:
    case OUTCOME_OVERLAID:
    case OUTCOME_UNCHANGED:
        finish_save(pane, &outcome, release);
        break;
    default:
        if (edit_state_of(pane->session)->superseded)
            ask_overtaken(pane, outcome.message);
        else
            station_say(pane->station, "not saved: %s", outcome.message);
        break;
    }
    ingest_outcome_release(&outcome);
}

/* ---- draft ---- */

static const char view_form[] = "editor 1 ";

/* Where the cursor and the grid stand; comes back with the draft (RL-24). */
void editor_keep_view(const editor *pane, buffer *out)
{
    buffer_append_format(out, "%s%zu %d %zu %zu", view_form, pane->row, (int)pane->box, pane->offset, pane->top_row);
}

void editor_restore_view(editor *pane)
{
    text kept = edit_view(pane->session);
    char view[120];
    unsigned long numbers[4] = { 0 };
    if (kept.length == 0 || kept.length >= sizeof view || !text_starts(kept, text_from(view_form))) {
        editor_move_to(pane, editor_rows(pane) > 1 ? 1 : 0, BOX_CONTENT, 0);
        const bool is_holdings = edit_state_of(pane->session)->is_holdings;
        const bool is_authority = catalog_is_authority(edit_state_of(pane->session)->id);
        size_t title = marc_record_find(editor_record(pane), is_holdings ? "852" : is_authority ? "1XX" : "245", 0);
        if (title != SIZE_MAX)
            editor_go_to(pane, title + 1, is_holdings ? 'b' : 'a', 0);
        pane->opened = true;
        return;
    }
    memcpy(view, kept.bytes, kept.length);
    view[kept.length] = '\0';
    char *at = view + strlen(view_form);
    for (size_t i = 0; i < 4; i++)
        numbers[i] = strtoul(at, &at, 10);
    editor_move_to(pane, numbers[0], numbers[1] <= BOX_CONTENT ? (editor_box)numbers[1] : BOX_CONTENT, numbers[2]);
    editor_clamp(pane);
    pane->top_row = numbers[3] < editor_rows(pane) ? numbers[3] : 0;
}

void editor_save_draft(editor *pane)
{
    char at[40];
    buffer view;
    recto_error error = { 0 };
    if (!editor_may_change(pane, 0))
        return;
    settle(pane);
    buffer_init(&view, 4096);
    editor_keep_view(pane, &view);
    recto_status status = edit_keep_draft(pane->session, buffer_text(&view), &error);
    buffer_release(&view);
    const edit_state *state = edit_state_of(pane->session);
    if (status != RECTO_OK) {
        station_error(pane->station, &error);
    } else if (state->draft_failed) {
        station_say(pane->station, "Draft NOT stored: %s", state->draft_failure);
    } else if (state->draft_at == 0) {
        station_say(pane->station, "nothing was changed: there is nothing to keep");
    } else {
        clock_format_local(at, sizeof at, state->draft_at);
        station_say(pane->station, "Draft kept at %s; others see the last saved version", at);
    }
}

/* ---- release ---- */

static void release_answered(workstation *station, void *context, const char *choice)
{
    editor *pane = context;
    if (strcmp(choice, "save") == 0)
        editor_save(pane, true);
    else if (strcmp(choice, "release") == 0 && give_back(pane))
        station_say(station, "released; the changes are gone");
    else
        station_say(station, "still open, nothing was lost");
}

void editor_release_record(editor *pane)
{
    static const dialog_choice choices[] = { { "cancel", "Cancel", 'c' },
                                             { "save", "Save and release", 's' },
                                             { "release", "Release, lose changes", 'r' },
                                             { NULL, NULL, 0 } };
    const edit_state *state = edit_state_of(pane->session);
    char first[160], number[MMS_ID_LENGTH];
    workstation *station = pane->station;
    settle(pane);
    bool changed = marc_edit_changed(edit_of(pane->session));
    const bool stored = !state->is_new || ((state->is_template || state->is_holdings) && !state->has_draft);
    if (state->view_only || (!changed && stored)) {
        if (give_back(pane))
            station_say(station, "released");
        return;
    }
    mms_id_format(number, state->id);
    if (state->is_template)
        snprintf(first, sizeof first, "The template %.*s has changes that are not saved.", FIT(state->template_name, 100));
    else if (state->is_holdings)
        snprintf(first, sizeof first, "Holdings %s have changes that are not saved.", number);
    else if (state->is_new)
        snprintf(first, sizeof first, "Record %s was never saved to the repository.", number);
    else
        snprintf(first, sizeof first, "Record %s has changes that are not saved.", number);
    buffer title;
    buffer_init(&title, 4096);
    marc_record_title(&title, editor_record(pane));
    const char *lines[] = { first, buffer_string(&title), "Releasing gives the lock back and drops what was not saved.", NULL };
    station_ask(station, &(dialog){ .title = "Release Record",
                                    .lines = lines,
                                    .choices = choices,
                                    .initial = "cancel",
                                    .escape = "cancel",
                                    .done = release_answered,
                                    .context = pane });
    buffer_release(&title);
}

/* ---- matches, search, duplicate, reload, delete ---- */

void editor_find_matches(editor *pane)
{
    match_hit *hits = NULL;
    size_t count = 0;
    recto_error error = { 0 };
    settle(pane);
    if (edit_find_matches(&hits, &count, pane->session, &error) != RECTO_OK) {
        station_error(pane->station, &error);
        return;
    }
    if (count == 0) {
        free(hits);
        station_say(pane->station, "no record of the repository matches this one");
        return;
    }
    matches_pane_open(pane->station, pane->session, hits, count);
}

void editor_why_match(editor *pane)
{
    settle(pane);
    match_reasons_ask(pane->station);
}

void editor_view_in_search(editor *pane)
{
    mms_id id = edit_state_of(pane->session)->id;
    station_show(pane->station, AREA_SEARCH);
    record_pane_open(pane->station, id, 0, PLACE_MAIN);
}

void editor_duplicate(editor *pane)
{
    settle(pane);
    editor_duplicate_record(pane->station, editor_record(pane));
}

void editor_duplicate_record(workstation *station, const marc_record *record)
{
    marc_record *copy = NULL;
    edit_session *session = NULL;
    recto_error error = { 0 };
    recto_status status = template_duplicate(&copy, record, &error);
    if (status == RECTO_OK)
        status = edit_new(&session, station_catalog(station), template_placement(station)->id, &copy, "duplicate", &error);
    marc_record_free(copy);
    if (status != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    station_add_session(station, &session);
    station_say(station, "New in: %s. This is the duplicate; the original stays open as it was",
                template_placement_name(template_placement(station)));
}

void editor_reload(editor *pane)
{
    marc_record *stored = NULL;
    bib_info info;
    recto_error error = { 0 };
    settle(pane);
    recto_status status = catalog_load(station_catalog(pane->station), edit_state_of(pane->session)->id, &stored, &info, &error);
    if (status == RECTO_OK)
        status = marc_edit_become(edit_of(pane->session), stored, "reload the stored record", &error);
    marc_record_free(stored);
    if (status != RECTO_OK) {
        station_error(pane->station, &error);
        return;
    }
    editor_pane_touched(pane, pane->station);
    station_say(pane->station, "this is version %d as it is stored; undo brings the changes back", info.version);
}

static void delete_answered(workstation *station, void *context, const char *choice)
{
    editor *pane = context;
    recto_error error = { 0 };
    if (strcmp(choice, "delete") != 0) {
        station_say(station, "not deleted");
        return;
    }
    const edit_state *state = edit_state_of(pane->session);
    if (catalog_delete(station_catalog(station), state->id, state->version, &error) != RECTO_OK)
        station_error(station, &error);
    else if (give_back(pane))
        station_say(station, "deleted; its versions are kept");
}

void editor_delete_record(editor *pane)
{
    static const dialog_choice choices[] = { { "cancel", "Keep it", 'k' }, { "delete", "Delete", 'd' }, { NULL, NULL, 0 } };
    char first[80], warning[100] = "", number[MMS_ID_LENGTH];
    size_t references = 0, bibs = 0;
    buffer title;
    settle(pane);
    mms_id_format(number, edit_state_of(pane->session)->id);
    const mms_id id = edit_state_of(pane->session)->id;
    snprintf(first, sizeof first, "Delete %s %s from the repository?", record_noun(id), number);
    if (catalog_is_authority(id) &&
        catalog_authority_counts(&references, &bibs, station_catalog(pane->station), id, NULL) == RECTO_OK && bibs > 0)
        snprintf(warning, sizeof warning, "%zu %s this heading and %s it as it is.", bibs, plural(bibs, "bib has", "bibs have"),
                 plural(bibs, "keeps", "keep"));
    buffer_init(&title, 4096);
    marc_record_title(&title, editor_record(pane));
    const char *lines[] = { first, buffer_string(&title), warning[0] != '\0' ? warning : NULL, NULL };
    station_ask(pane->station, &(dialog){ .title = "Delete Record",
                                          .lines = lines,
                                          .choices = choices,
                                          .initial = "cancel",
                                          .escape = "cancel",
                                          .done = delete_answered,
                                          .context = pane });
    buffer_release(&title);
}
