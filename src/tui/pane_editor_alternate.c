/* src/tui/pane_editor_alternate.c - the commands for a field and its 880: add, change script, link, unlink, flip, and the
 * question before one of the two is removed (section 10 of the editor's statements). What they do to the record is
 * marc/linkage.h. */
#include "editor.h"
#include "pick.h"
#include "remembered.h"

#include "recto/marc/linkage.h"

#include <stdlib.h>
#include <string.h>

static marc_edit *edit_here(const editor *pane)
{
    return edit_of(pane->session);
}

/* The field under the cursor, ready to be changed. @return SIZE_MAX: it cannot be */
static size_t field_here(editor *pane)
{
    if (!editor_may_change(pane, pane->row))
        return SIZE_MAX;
    if (pane->tag_pending)
        editor_commit_tag(pane);
    marc_edit_settle(edit_here(pane));
    if (pane->row == 0) {
        station_say(pane->station, "the leader has no 880");
        return SIZE_MAX;
    }
    return pane->row - 1;
}

/* @return true: it was done */
static bool finish(editor *pane, recto_status status, const recto_error *error)
{
    if (status != RECTO_OK) {
        station_error(pane->station, error);
        return false;
    }
    editor_changed(pane);
    editor_clamp(pane);
    return true;
}

/* ---- add, and change the script ---- */

static const char LAST_SCRIPT[] = "linked_script"; /* a cataloger works in one for days */

static void offer_scripts(editor *pane, const char *title, void (*done)(workstation *station, void *context, const char *code))
{
    size_t count;
    const marc_script *scripts = marc_scripts(&count);
    pick *offered = pick_new(pane->station, title, done, pane);
    for (size_t i = 0; i < count; i++)
        pick_add(offered, text_from(scripts[i].code), text_from(scripts[i].code), text_from(scripts[i].name));
    buffer last;
    buffer_init(&last, 64);
    remembered_get(pane->station, LAST_SCRIPT, &last);
    pick_start_at(offered, buffer_text(&last));
    buffer_release(&last);
    pick_open(offered, TEXT(""));
}

static void script_for_new(workstation *station, void *context, const char *code)
{
    editor *pane = context;
    recto_error error = { 0 };
    size_t made = 0;
    if (code == NULL || pane->session == NULL || pane->row == 0)
        return;
    if (!finish(pane, marc_linkage_add(edit_here(pane), pane->row - 1, code, &made, &error), &error))
        return;
    editor_move_to(pane, made + 1, BOX_CONTENT, 0);
    editor_enter_content(pane);
    remembered_set(station, LAST_SCRIPT, code);
    station_say(station, "added the 880; its text is that of the field, to be typed over");
}

void editor_add_alternate(editor *pane)
{
    size_t index = field_here(pane);
    if (index == SIZE_MAX)
        return;
    const marc_field *field = marc_record_field(editor_record(pane), index);
    if (marc_tag_is_control(field->tag) || strcmp(field->tag, "880") == 0 || editor_partner(pane, pane->row) != SIZE_MAX) {
        recto_error error = { 0 };
        size_t made;
        finish(pane, marc_linkage_add(edit_here(pane), index, "", &made, &error), &error); /* which says why not */
        return;
    }
    offer_scripts(pane, "Script of the new 880", script_for_new);
}

static void script_for_old(workstation *station, void *context, const char *code)
{
    editor *pane = context;
    recto_error error = { 0 };
    if (code == NULL || pane->session == NULL || pane->row == 0)
        return;
    if (finish(pane, marc_linkage_set_script(edit_here(pane), pane->row - 1, code, &error), &error))
        station_say(station, "the script is %s now", code);
}

void editor_change_script(editor *pane)
{
    size_t index = field_here(pane);
    if (index != SIZE_MAX)
        offer_scripts(pane, "Script", script_for_old);
}

/* ---- link, unlink, flip ---- */

/* A field, and an 880 without another half that says it belongs to one of that tag. */
static bool could_be_pair(const marc_record *record, size_t field, size_t lone)
{
    marc_linkage link;
    const marc_field *here = marc_record_field(record, lone);
    return field != lone && strcmp(here->tag, "880") == 0 && marc_linkage_of(here, &link) &&
           strcmp(link.tag, marc_record_field(record, field)->tag) == 0 && marc_linkage_partner(record, lone) == SIZE_MAX &&
           marc_linkage_partner(record, field) == SIZE_MAX;
}

/* The two to be linked: the marked ones, else the field under the cursor and the next that could be meant. */
static bool two_fields(editor *pane, size_t *one, size_t *other)
{
    size_t count = 0;
    if (editor_marked_count(pane) == 2) {
        size_t *chosen = editor_chosen_fields(pane, &count);
        if (chosen != NULL && count == 2) {
            *one = chosen[0];
            *other = chosen[1];
        }
        free(chosen);
        return count == 2;
    }
    const marc_record *record = editor_record(pane);
    *one = pane->row - 1;
    for (*other = 0; *other < marc_record_count(record); ++*other)
        if (could_be_pair(record, *one, *other) || could_be_pair(record, *other, *one))
            return true;
    return false;
}

void editor_link_fields(editor *pane)
{
    recto_error error = { 0 };
    size_t one = 0, other = 0;
    if (field_here(pane) == SIZE_MAX)
        return;
    if (!two_fields(pane, &one, &other)) {
        station_say(pane->station, "mark two fields first: the one and what is to be its 880");
        return;
    }
    if (finish(pane, marc_linkage_link(edit_here(pane), one, other, &error), &error)) {
        editor_marks_clear(pane);
        station_say(pane->station, "linked; undo takes it back");
    }
}

static bool stands_once(const char *tag)
{
    return tag[0] == '1' || strcmp(tag, "245") == 0;
}

static void unlink_here(editor *pane, bool as_880)
{
    recto_error error = { 0 };
    if (pane->session != NULL && pane->row > 0 &&
        finish(pane, marc_linkage_unlink(edit_here(pane), pane->row - 1, as_880, &error), &error))
        station_say(pane->station, as_880 ? "unlinked; the 880 stands alone, as number 00" : "unlinked: two ordinary fields");
}

static void unlink_answered(workstation *station, void *context, const char *choice)
{
    if (strcmp(choice, "cancel") == 0)
        station_say(station, "the fields stay linked");
    else
        unlink_here(context, strcmp(choice, "880") == 0);
}

void editor_unlink_fields(editor *pane)
{
    static const dialog_choice choices[] = { { "880", "Keep as unpaired 880", 'k' },
                                             { "two", "Two fields of this tag", 't' },
                                             { "cancel", "Leave linked", 'l' },
                                             { NULL, NULL, 0 } };
    static const char *const lines[] = { "A record has this field once. A second one would have to be removed by hand;",
                                         "kept as an unpaired 880, the vernacular text stays as it is.", NULL };
    size_t index = field_here(pane);
    if (index == SIZE_MAX)
        return;
    size_t latin = editor_row_anchor(pane, pane->row);
    const char *tag = marc_record_field(editor_record(pane), latin - 1)->tag;
    if (editor_partner(pane, pane->row) == SIZE_MAX || !stands_once(tag)) {
        unlink_here(pane, false);
        return;
    }
    station_ask(pane->station, &(dialog){ .title = "Unlink Fields",
                                          .lines = lines,
                                          .choices = choices,
                                          .initial = "880",
                                          .escape = "cancel",
                                          .done = unlink_answered,
                                          .context = pane });
}

void editor_flip_fields(editor *pane)
{
    recto_error error = { 0 };
    size_t index = field_here(pane);
    if (index != SIZE_MAX && finish(pane, marc_linkage_flip(edit_here(pane), index, &error), &error))
        station_say(pane->station, "the two have changed places; flip again brings them back");
}

void editor_other_half(editor *pane)
{
    size_t partner = editor_partner(pane, pane->row);
    if (partner == SIZE_MAX) {
        station_say(pane->station, "the field is linked with none");
        return;
    }
    editor_move_to(pane, partner, BOX_CONTENT, 0);
    editor_enter_content(pane);
}

void editor_show_links(editor *pane)
{
    pane->shows_links = !pane->shows_links;
    editor_clamp(pane);
    station_say(pane->station,
                pane->shows_links ? "linkage is shown: $$6 of every field" : "linkage is hidden where both halves are there");
}

/* ---- removing one half ---- */

static void remove_answered(workstation *station, void *context, const char *choice)
{
    editor *pane = context;
    recto_error error = { 0 };
    if (strcmp(choice, "cancel") == 0 || pane->session == NULL || pane->row == 0) {
        station_say(station, "nothing was removed");
        return;
    }
    bool both = strcmp(choice, "both") == 0;
    if (finish(pane, marc_linkage_remove(edit_here(pane), pane->row - 1, both, &error), &error))
        station_say(station,
                    both ? "removed both; undo brings them back" : "removed; the other one stands alone. Undo brings it back");
}

bool editor_asks_before_removing(editor *pane)
{
    static const dialog_choice choices[] = { { "cancel", "Keep both", 'k' },
                                             { "one", "Remove this, keep the other", 'r' },
                                             { "both", "Remove both", 'b' },
                                             { NULL, NULL, 0 } };
    static const char *const lines[] = { "This field and its 880 belong together. What stays is no longer linked:",
                                         "an 880 gets the number 00, another field loses its $6.", NULL };
    if (editor_partner(pane, pane->row) == SIZE_MAX)
        return false;
    station_ask(pane->station, &(dialog){ .title = "Remove Field",
                                          .lines = lines,
                                          .choices = choices,
                                          .initial = "cancel",
                                          .escape = "cancel",
                                          .done = remove_answered,
                                          .context = pane });
    return true;
}

/* ---- numbers ---- */

void editor_number_links(editor *pane)
{
    recto_error error = { 0 };
    size_t changed = 0;
    if (editor_rows(pane) > 0 && marc_linkage_renumber(edit_here(pane), &changed, &error) != RECTO_OK)
        station_error(pane->station, &error);
    if (changed > 0)
        editor_changed(pane);
}
