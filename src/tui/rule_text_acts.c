/* src/tui/rule_text_acts.c - what is done with the whole text of a rule: save with a note, leave, edit elsewhere, versions. */
#include "external_editor.h"
#include "rule_text_model.h"
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static text source_of(const rule_text_model *model)
{
    return text_of(buffer_string(&model->edit.text), model->edit.text.length);
}

/* ---- save -------------------------------------------------------------------------------------------------------- */

static void note_typed(workstation *station, void *context, const char *answer)
{
    rule_text_model *model = context;
    int version = 0;
    recto_error error;

    if (answer == NULL) {
        station_say(station, "Not saved");
        return;
    }
    if (catalog_rule_save(station_catalog(station), model->zone, model->rule.language, model->rule.name, source_of(model),
                          model->rule.zone == 0 ? 0 : model->rule.version, answer, &version, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    model->rule.zone = model->zone;
    model->rule.version = version;
    model->rule.saved_at = catalog_now(station_catalog(station));
    snprintf(model->rule.saved_by, sizeof model->rule.saved_by, "%s", catalog_user(station_catalog(station)));
    model->is_new = false;
    text_edit_mark_saved(&model->edit);
    model->keep_at_ms = 0;
    rule_draft_forget(station);
    rules_pane_touched(station, &model->rule);
    station_say(station, "Saved as version %d of \"%s\"", version, model->rule.name);
}

void rule_text_save(rule_text_model *model)
{
    if (!text_edit_changed(&model->edit) && !model->is_new)
        station_say(model->station, "No changes to save.");
    else if (rule_text_is_sound(model, "Not saved"))
        station_prompt(model->station, "Note (what was changed, and why):", "", note_typed, model);
}

/* ---- leave ------------------------------------------------------------------------------------------------------- */

static void leave_answered(workstation *station, void *context, const char *choice)
{
    rule_text_model *model = context;

    if (strcmp(choice, "save") == 0) {
        rule_text_save(model);
        return;
    }
    if (strcmp(choice, "stay") == 0)
        return;
    if (strcmp(choice, "later") == 0)
        rule_draft_keep(model);
    else
        rule_draft_forget(station);
    model->closing = true;
    model->keep_at_ms = 0;
    station_pop(station, model);
    station_say(station, strcmp(choice, "later") == 0 ? "Kept; it comes back when the rule is opened again"
                                                      : "Thrown away; the stored text is as it was");
}

void rule_text_ask_to_leave(rule_text_model *model)
{
    static const dialog_choice choices[] = { { "stay", "Go on editing", 'g' },
                                             { "save", "Save", 's' },
                                             { "later", "Keep for later", 'k' },
                                             { "lose", "Throw away", 't' },
                                             { NULL, NULL, 0 } };
    char line[200];

    snprintf(line, sizeof line, "\"%s\" has changes that are not saved.", model->rule.name);
    const char *const lines[] = { line, NULL };
    station_ask(model->station, &(dialog){ .title = "Leave the rule",
                                           .lines = lines,
                                           .choices = choices,
                                           .initial = "stay",
                                           .escape = "stay",
                                           .done = leave_answered,
                                           .context = model });
}

/* ---- versions ---------------------------------------------------------------------------------------------------- */

void rule_text_versions(rule_text_model *model)
{
    rule_versions_pane_open(model->station, model->zone, model->rule.language, model->rule.name);
}

/* ---- the cataloger's own editor ---------------------------------------------------------------------------------- */

static void take_edited(rule_text_model *model, const buffer *edited)
{
    text now = text_of(buffer_string(edited), edited->length);
    size_t bad;

    if (text_equal(now, source_of(model)))
        station_say(model->station, "The text is as it was");
    else if (!utf8_valid(now, &bad))
        station_say(model->station, "Not taken: byte %zu is no UTF-8", bad + 1);
    else if (!text_edit_become(&model->edit, now))
        station_say(model->station, "Not taken: no memory for the text");
    else
        station_say(model->station, "Taken from the editor, not yet saved; Ctrl+Z takes it back");
}

void rule_text_external_editor(rule_text_model *model)
{
    buffer edited;
    recto_error error;

    buffer_init(&edited, RULES_FILE_LIMIT);
    if (external_editor_run(&edited, model->station, source_of(model), &error) == RECTO_OK)
        take_edited(model, &edited);
    else
        station_error(model->station, &error);
    buffer_release(&edited);
}
