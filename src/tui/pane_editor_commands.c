/* src/tui/pane_editor_commands.c - the commands of the record editor: one table of what they do and what must hold for them.
 *
 * Names are those of commands.c. A command that cannot be done says why (ED-7); what this release lacks says that. */
#include "combine.h"

#include "recto/base/plural.h"
#include "editor.h"
#include "station.h"
#include "custody_panes.h"
#include "heading_panes.h"
#include "history_panes.h"
#include "heading_panes.h"
#include "inventory.h"
#include "share.h"
#include "template_panes.h"
#include "steps.h"

#include <string.h>

static mms_id id_of(const editor *pane)
{
    return edit_state_of(pane->session)->id;
}

static void do_save(editor *pane)
{
    editor_save(pane, false);
}
static void do_save_release(editor *pane)
{
    editor_save(pane, true);
}
/* What the list does with what it lists; the record stays in front (ED-74). */
static void do_save_all(editor *pane)
{
    workstation *station = pane->station;
    const edit_session *front = pane->session;
    station_run(station, "records.list", NULL);
    station_run(station, "records.save_all", NULL);
    station_focus_session(station, front);
}

static void do_cut(editor *pane)
{
    editor_copy_field(pane, true);
}
static void do_copy(editor *pane)
{
    editor_copy_field(pane, false);
}
static void do_up(editor *pane)
{
    editor_move_field(pane, -1);
}
static void do_down(editor *pane)
{
    editor_move_field(pane, 1);
}
static void do_steps(editor *pane)
{
    steps_pane_open(pane->station, pane->session);
}
static void do_find_next(editor *pane)
{
    editor_find_again(pane, 1);
}
static void do_find_previous(editor *pane)
{
    editor_find_again(pane, -1);
}
static void do_next_difference(editor *pane)
{
    editor_next_difference(pane, 1);
}
static void do_previous_difference(editor *pane)
{
    editor_next_difference(pane, -1);
}
static void do_field_right(editor *pane)
{
    editor_copy_across(pane, 1);
}
static void do_field_left(editor *pane)
{
    editor_copy_across(pane, 0);
}
static void do_subfield_across_right(editor *pane)
{
    editor_copy_subfield_across(pane, 1);
}
static void do_subfield_across_left(editor *pane)
{
    editor_copy_subfield_across(pane, 0);
}
static void do_subfield_cut(editor *pane)
{
    editor_copy_subfield(pane, true);
}
static void do_subfield_copy(editor *pane)
{
    editor_copy_subfield(pane, false);
}
static void do_subfield_left(editor *pane)
{
    editor_move_subfield(pane, -1);
}
static void do_subfield_right(editor *pane)
{
    editor_move_subfield(pane, 1);
}
static void do_next_alert(editor *pane)
{
    editor_alert_step(pane, 1);
}
static void do_previous_alert(editor *pane)
{
    editor_alert_step(pane, -1);
}
static void do_alerts(editor *pane)
{
    editor_check(pane); /* asked for: of a field that is being made, too */
    alerts_pane_open(pane->station, pane->session);
}
static void do_versions(editor *pane)
{
    versions_pane_open(pane->station, pane->session);
}
static void do_resources(editor *pane)
{
    external_pane_open(pane->station);
}
static void do_authority_update(editor *pane)
{
    authority_ask_update(pane->station, id_of(pane), AREA_RECORDS);
}

static void do_authority_bibs(editor *pane)
{
    authority_bibs_pane_open(pane->station, id_of(pane), AREA_RECORDS);
}

/* Of holdings: that of their bib. */
static mms_id inventory_of(const editor *pane)
{
    const edit_state *state = edit_state_of(pane->session);
    return state->is_holdings ? state->holdings_of : state->id;
}

static void do_inventory(editor *pane)
{
    inventory_pane_open(pane->station, inventory_of(pane));
}
static void do_new_holding(editor *pane)
{
    inventory_pane_new_holding(pane->station, inventory_of(pane));
}
static void do_new_item(editor *pane)
{
    inventory_pane_new_item(pane->station, inventory_of(pane));
}

static void do_blame(editor *pane)
{
    blame_pane_open(pane->station, pane->session);
}

static void do_combine(editor *pane)
{
    if (marc_edit_changed(edit_of(pane->session)))
        station_say(pane->station, "Save the open record first: what is stored is merged, not what is being typed");
    else
        combine_pick(pane->station, id_of(pane));
}
static void do_undo_merge(editor *pane)
{
    combine_undo(pane->station, id_of(pane));
}

static void do_share(editor *pane)
{
    if (marc_edit_changed(edit_of(pane->session)))
        station_say(pane->station, "Save the open record first: what is stored is shared, not what is being typed");
    else
        share_with_network(pane->station, id_of(pane), edit_state_of(pane->session)->version);
}
static void do_related(editor *pane)
{
    related_records_show(pane->station, id_of(pane));
}

static void do_expand(editor *pane)
{
    marc_edit_settle(edit_of(pane->session));
    templates_pane_choose(pane->station);
}
static void do_save_as_template(editor *pane)
{
    template_ask_save_as(pane->station);
}

static void do_form(editor *pane)
{
    if (pane->form.open)
        editor_form_close(pane);
    else
        editor_form_open(pane);
}

static void do_validate(editor *pane)
{
    const size_t *counts = pane->findings.counts;
    editor_check(pane);
    station_say(pane->station, "validated: %zu blocking, %zu %s, %zu %s; F7 steps through them", counts[MARC_SEVERITY_BLOCK],
                counts[MARC_SEVERITY_WARNING], plural(counts[MARC_SEVERITY_WARNING], "warning", "warnings"),
                counts[MARC_SEVERITY_INFO], plural(counts[MARC_SEVERITY_INFO], "note", "notes"));
}

static void press(editor *pane, key_name name)
{
    key pressed = { .name = name };
    if (pane->form.open)
        editor_form_type(pane, &pressed);
    else
        editor_move_key(pane, &pressed);
}

static void do_next_box(editor *pane)
{
    press(pane, KEY_NAME_TAB);
}
static void do_previous_box(editor *pane)
{
    press(pane, KEY_NAME_BACKTAB);
}

typedef enum command_need { NEEDS_NOTHING, NEEDS_CHANGE, NEEDS_SAVED, NEEDS_LATER } command_need;

/* What each command is in this pane, and what must hold for it (cannot). */
static const struct editor_command {
    const char *name;
    void (*run)(editor *pane);
    command_need need;
    bool keeps_form; /* the fixed-field form stays open */
} editor_commands[] = {
    { "record.save", do_save, NEEDS_CHANGE, true },
    { "record.save_release", do_save_release, NEEDS_CHANGE, false },
    { "record.save_draft", editor_save_draft, NEEDS_CHANGE, true },
    { "record.release", editor_release_record, NEEDS_NOTHING, false },
    { "records.save_all", do_save_all, NEEDS_NOTHING, false },
    { "record.duplicate", editor_duplicate, NEEDS_NOTHING, false },
    { "record.reload", editor_reload, NEEDS_CHANGE, false },
    { "record.delete", editor_ask_delete, NEEDS_SAVED, false },
    { "record.lock", editor_show_lock, NEEDS_NOTHING, true },
    { "record.take_over", editor_take_over, NEEDS_SAVED, false },
    { "record.assign", editor_assign, NEEDS_CHANGE, false },
    { "record.three_way", editor_three_way, NEEDS_SAVED, false },
    { "record.level", editor_set_level, NEEDS_SAVED, false },
    { "record.tags", editor_set_tags, NEEDS_SAVED, false },
    { "record.matches", editor_find_matches, NEEDS_NOTHING, false },
    { "record.why_match", editor_why_match, NEEDS_NOTHING, false },
    { "record.validate", do_validate, NEEDS_NOTHING, false },
    { "record.versions", do_versions, NEEDS_SAVED, false },
    { "version.blame", do_blame, NEEDS_SAVED, false },
    { "record.in_search", editor_view_in_search, NEEDS_SAVED, false },
    { "record.combine", do_combine, NEEDS_SAVED, false },
    { "record.undo_merge", do_undo_merge, NEEDS_SAVED, false },
    { "record.share", do_share, NEEDS_SAVED, false },
    { "record.related", do_related, NEEDS_SAVED, false },
    { "external.search", do_resources, NEEDS_NOTHING, false },
    { "edit.undo", editor_undo, NEEDS_CHANGE, true },
    { "edit.redo", editor_redo, NEEDS_CHANGE, true },
    { "field.append", editor_add_field, NEEDS_CHANGE, false },
    { "field.insert", editor_insert_field, NEEDS_CHANGE, false },
    { "subfield.append", editor_add_subfield, NEEDS_CHANGE, false },
    { "field.remove", editor_remove_field, NEEDS_CHANGE, false },
    { "field.form", do_form, NEEDS_NOTHING, true },
    { "field.cut", do_cut, NEEDS_CHANGE, false },
    { "field.copy", do_copy, NEEDS_NOTHING, false },
    { "field.paste", editor_paste_field, NEEDS_CHANGE, false },
    { "field.up", do_up, NEEDS_CHANGE, false },
    { "field.down", do_down, NEEDS_CHANGE, false },
    { "record.text", editor_edit_as_text, NEEDS_CHANGE, false },
    { "edit.steps", do_steps, NEEDS_NOTHING, false },
    { "edit.delimiter", editor_choose_delimiter, NEEDS_NOTHING, true },
    { "edit.sort_on_tag", editor_toggle_sort_on_tag, NEEDS_NOTHING, true },
    { "edit.find", editor_find, NEEDS_NOTHING, false },
    { "edit.find_next", do_find_next, NEEDS_NOTHING, false },
    { "edit.find_previous", do_find_previous, NEEDS_NOTHING, false },
    { "edit.replace", editor_replace, NEEDS_NOTHING, false },
    { "beside.next", do_next_difference, NEEDS_NOTHING, false },
    { "beside.previous", do_previous_difference, NEEDS_NOTHING, false },
    { "beside.field_right", do_field_right, NEEDS_NOTHING, false },
    { "beside.field_left", do_field_left, NEEDS_NOTHING, false },
    { "beside.subfield_right", do_subfield_across_right, NEEDS_NOTHING, false },
    { "beside.subfield_left", do_subfield_across_left, NEEDS_NOTHING, false },
    { "field.mark", editor_mark_field, NEEDS_NOTHING, false },
    { "field.mark_tag", editor_mark_tag, NEEDS_NOTHING, false },
    { "field.split", editor_split_field, NEEDS_CHANGE, false },
    { "field.join", editor_join_fields, NEEDS_CHANGE, false },
    { "field.sort", editor_sort_fields, NEEDS_CHANGE, false },
    { "subfield.cut", do_subfield_cut, NEEDS_CHANGE, false },
    { "subfield.copy", do_subfield_copy, NEEDS_NOTHING, false },
    { "subfield.remove", editor_remove_subfield, NEEDS_CHANGE, false },
    { "subfield.left", do_subfield_left, NEEDS_CHANGE, false },
    { "subfield.right", do_subfield_right, NEEDS_CHANGE, false },
    { "subfield.sort", editor_sort_subfields, NEEDS_CHANGE, false },
    { "alert.next", do_next_alert, NEEDS_NOTHING, false },
    { "alert.previous", do_previous_alert, NEEDS_NOTHING, false },
    { "alert.list", do_alerts, NEEDS_NOTHING, false },
    { "alert.fix", editor_fix_alert, NEEDS_CHANGE, true },
    { "inventory.holdings", do_inventory, NEEDS_SAVED, false },
    { "inventory.items", do_inventory, NEEDS_SAVED, false },
    { "holding.new", do_new_holding, NEEDS_SAVED, false },
    { "item.new", do_new_item, NEEDS_SAVED, false },
    { "linked.add", editor_add_alternate, NEEDS_CHANGE, false },
    { "linked.script", editor_change_script, NEEDS_CHANGE, false },
    { "linked.link", editor_link_fields, NEEDS_CHANGE, false },
    { "linked.unlink", editor_unlink_fields, NEEDS_CHANGE, false },
    { "linked.flip", editor_flip_fields, NEEDS_CHANGE, false },
    { "linked.other", editor_other_half, NEEDS_NOTHING, false },
    { "linked.show", editor_show_links, NEEDS_NOTHING, true },
    { "value.choose", editor_choose_value, NEEDS_CHANGE, false },
    { "help.cursor", editor_turn_help, NEEDS_NOTHING, true },
    { "character.compose", editor_compose, NEEDS_CHANGE, false },
    { "character.insert", editor_insert_character, NEEDS_CHANGE, false },
    { "character.describe", editor_describe_character, NEEDS_NOTHING, true },
    { "box.next", do_next_box, NEEDS_NOTHING, true },
    { "box.previous", do_previous_box, NEEDS_NOTHING, true },
    { "heading.browse", editor_browse_heading, NEEDS_NOTHING, false },
    { "authority.bibs", do_authority_bibs, NEEDS_SAVED, false },
    { "authority.update_bibs", do_authority_update, NEEDS_SAVED, false },
    { "template.expand", do_expand, NEEDS_CHANGE, false },
    { "template.save_as", do_save_as_template, NEEDS_NOTHING, false },
    { "record.enhance", editor_enhance, NEEDS_CHANGE, false },
    { "record.type", editor_change_type, NEEDS_CHANGE, false },
    { "order.create", NULL, NEEDS_LATER, true },
    { "number.generate", editor_author_number, NEEDS_CHANGE, false },
};

static const struct editor_command *command_here(const char *name)
{
    for (size_t i = 0; i < sizeof editor_commands / sizeof *editor_commands; i++)
        if (strcmp(editor_commands[i].name, name) == 0)
            return &editor_commands[i];
    return NULL;
}

/* What looks at the repository's records has nothing to look for. */
static bool is_not_for_templates(const char *name, bool wants_stored)
{
    return wants_stored || strcmp(name, "record.matches") == 0 || strcmp(name, "record.why_match") == 0 ||
           strcmp(name, "record.duplicate") == 0 || strcmp(name, "record.reload") == 0 || strcmp(name, "template.expand") == 0;
}

/* From holdings, too: what is meant is the inventory of their bib. */
static bool is_of_inventory(const char *name)
{
    return strncmp(name, "inventory.", 10) == 0 || strcmp(name, "holding.new") == 0 || strcmp(name, "item.new") == 0 ||
           strcmp(name, "record.lock") == 0;
}

const char *editor_cannot_now(void *model, const command *what, workstation *station)
{
    editor *pane = model;
    (void)station;
    const struct editor_command *here = command_here(what->name);
    if (here == NULL || pane->session == NULL)
        return NULL;
    const edit_state *state = edit_state_of(pane->session);
    if (here->need == NEEDS_LATER)
        return "is not in this release yet";
    if (state->is_template && is_not_for_templates(here->name, here->need == NEEDS_SAVED))
        return "this is a template, no record";
    if (state->is_holdings && is_of_inventory(here->name))
        return NULL;
    if (state->is_holdings && is_not_for_templates(here->name, here->need == NEEDS_SAVED))
        return "these are holdings; in their bib it can be done";
    const char *why = record_family_cannot(state->id, here->name);
    if (why != NULL)
        return why;
    if (here->need == NEEDS_SAVED && state->is_new)
        return "the record was never saved: save it first";
    if (here->need == NEEDS_CHANGE && state->view_only && !state->pushed && !edit_is_free(pane->session))
        return state->view_only_reason[0] != '\0' ? state->view_only_reason : "view only";
    if (pane->pairs_only_added && (here->run == editor_change_script || here->run == editor_link_fields ||
                                   here->run == editor_unlink_fields || here->run == editor_flip_fields))
        return "the institution's setting alternate_graphic_representation_editing is no";
    if (here->run == editor_paste_field && station_clipboard(pane->station)->length == 0)
        return "nothing was copied";
    if (here->run == editor_undo && !pane->tag_pending && !marc_edit_can_undo(edit_of(pane->session)))
        return "nothing to undo";
    if (here->run == editor_redo && !marc_edit_can_redo(edit_of(pane->session)))
        return "nothing to make again";
    return NULL;
}

/* Esc: out of the form, else out of the field, so that `:` and `?` are commands (ED-201). */
static bool step_out(editor *pane)
{
    if (editor_await_cancel(pane)) {
        station_say(pane->station, "no character was typed: all is as it was");
        return true;
    }
    if (editor_aid_cancel(pane)) {
        station_say(pane->station, "nothing was composed");
        return true;
    }
    if (pane->form.choosing) {
        pane->form.choosing = false;
        return true;
    }
    if (pane->form.open) {
        editor_form_close(pane);
        return true;
    }
    if (pane->shows_help && !station_is_modal(pane->station)) {
        editor_turn_help(pane);
        return true;
    }
    if (editor_marked_count(pane) > 0) {
        editor_marks_clear(pane);
        station_say(pane->station, "the marks are off");
        return true;
    }
    if (pane->left_field)
        return false;
    editor_move_to(pane, pane->row, pane->box, pane->offset);
    if (pane->tag_pending)
        editor_commit_tag(pane);
    pane->left_field = true;
    if (!station_is_modal(pane->station))
        station_say(pane->station, "out of the field: \":\" command, ? keys; any other key goes on typing");
    return true;
}

/* What opens panes of its own is done on the record's own desk: the desk here is the other record's. */
static bool stays_beside(const char *name)
{
    static const char *const staying[] = { "field.",  "subfield.", "edit.undo",   "edit.redo",       "edit.find", "box.",
                                           "beside.", "alert.",    "record.save", "record.validate", "number." };
    for (size_t i = 0; i < sizeof staying / sizeof *staying; i++)
        if (strncmp(name, staying[i], strlen(staying[i])) == 0)
            return true;
    return false;
}

static bool goes_home(editor *pane, const command *what, const char *argument)
{
    workstation *station = pane->station;
    const bool of_bib_here = edit_state_of(pane->session)->is_holdings && is_of_inventory(what->name);
    if (station_session(station) == pane->session || stays_beside(what->name) || of_bib_here)
        return false;
    station_focus_session(station, pane->session);
    station_run(station, what->name, argument);
    return true;
}

static bool run_command(editor *pane, const command *what, const char *argument)
{
    workstation *station = pane->station;
    pane->key_at_ms = station_now_ms(pane->station);
    if (strcmp(what->name, "pane.back") == 0)
        return step_out(pane);
    editor_meet(pane);
    if (editor_motion(pane, what->name, argument)) {
        if (pane->session != NULL)
            editor_pair_follow(pane);
        editor_watch_raw(pane);
        return true;
    }
    const struct editor_command *here = command_here(what->name);
    if (here == NULL || here->run == NULL)
        return false;
    pane->left_field = pane->left_field && station_is_modal(pane->station) && !editor_command_begins_typing(what->name);
    editor_meet(pane);
    if (goes_home(pane, what, argument))
        return true;
    if (pane->form.open && !here->keeps_form)
        editor_form_close(pane);
    if (here->need == NEEDS_CHANGE && edit_state_of(pane->session)->view_only && !editor_may_change(pane, 0))
        return true;
    here->run(pane);
    if (station_record_desk(station, pane->session) == NULL)
        return true; /* the command closed the record, and freed it */
    if (pane->session != NULL && pane->pair != NULL && strncmp(what->name, "beside.", 7) != 0)
        editor_pair_follow(pane);
    editor_watch_raw(pane);
    return true;
}

bool editor_run_command(void *model, const command *what, const char *argument, workstation *station)
{
    editor *pane = model;
    (void)station;
    if (pane->session == NULL)
        return false;
    const editor_before before = editor_note_before(pane, what);
    const bool done = run_command(pane, what, argument);
    if (before.watched && pane->session != NULL) /* of these none closes the record */
        editor_note_command(pane, &before, what, argument);
    return done;
}
