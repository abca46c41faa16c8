/* src/tui/pane_rule_text.c - the rule editor's pane: the text of one rule file, checked as it is typed (rules.md parts D and E).
 *
 * Typing types, as in the record editor. What is wrong is marked at its place after every key; the order in which the rules
 * will run is beside it. Nothing is in the repository before Save; what was typed is kept meanwhile. */
#include "rule_text_model.h"
#include "rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHECK_AT_ONCE_BYTES = 512 * 1024, KEEP_AFTER_MS = 600 };

/* ---- checking ---------------------------------------------------------------------------------------------------- */

static text source_of(const rule_text_model *model)
{
    return text_of(buffer_string(&model->edit.text), model->edit.text.length);
}

static void check_now(rule_text_model *model)
{
    rule_check_run(&model->check, source_of(model), model->rule.name, model->rule.language);
    model->checked = true;
    model->checked_revision = model->edit.revision;
}

void rule_text_check(rule_text_model *model)
{
    bool due = !model->checked || model->checked_revision != model->edit.revision;
    if (due && (!model->checked || model->edit.text.length <= CHECK_AT_ONCE_BYTES))
        check_now(model);
}

void rule_text_go_to_fault(rule_text_model *model, size_t index)
{
    const rule_fault *fault = &model->check.faults[index];
    text_edit_go_to(&model->edit, fault->line, fault->column);
    model->show_order = false;
    station_say(model->station, "%d:%d %s %s", fault->line, fault->column, fault->code, fault->message);
}

bool rule_text_is_sound(rule_text_model *model, const char *otherwise)
{
    if (!model->checked || model->checked_revision != model->edit.revision)
        check_now(model);
    if (model->check.errors == 0)
        return true;
    for (size_t i = 0; i < model->check.count; i++)
        if (!model->check.faults[i].warning) {
            const rule_fault *fault = &model->check.faults[i];
            text_edit_go_to(&model->edit, fault->line, fault->column);
            station_say(model->station, "%s: %d:%d %s %s", otherwise, fault->line, fault->column, fault->code, fault->message);
            return false;
        }
    station_error(model->station, &model->check.error);
    return false;
}

static void step_fault(rule_text_model *model, bool forward)
{
    size_t line, offset;
    rule_text_is_sound(model, "");
    text_edit_place(&model->edit, &line, &offset);
    int column = (int)utf8_count(text_of(text_edit_line(&model->edit, line).bytes, offset)) + 1;
    size_t found = forward ? rule_check_next(&model->check, (int)line + 1, column)
                           : rule_check_previous(&model->check, (int)line + 1, column);
    if (found == SIZE_MAX)
        station_say(model->station, "No faults: the text can be saved");
    else
        rule_text_go_to_fault(model, found);
}

static void do_next_fault(rule_text_model *model)
{
    step_fault(model, true);
}
static void do_previous_fault(rule_text_model *model)
{
    step_fault(model, false);
}

/* ---- keeping what was typed -------------------------------------------------------------------------------------- */

static size_t keep_wanted(void *context, struct pollfd *out, size_t capacity, int *timeout_ms)
{
    const rule_text_model *model = context;
    (void)out;
    (void)capacity;
    if (model->keep_at_ms == 0)
        return 0;
    int64_t wait = model->keep_at_ms - station_now_ms(model->station);
    *timeout_ms = wait < 0 ? 0 : (int)wait;
    return 0;
}

static bool keep_step(void *context, const struct pollfd *polled, size_t count)
{
    rule_text_model *model = context;
    (void)polled;
    (void)count;
    if (model->keep_at_ms != 0 && station_now_ms(model->station) >= model->keep_at_ms)
        rule_draft_keep(model);
    return false;
}

static bool keep_is_busy(void *context)
{
    (void)context;
    return false; /* nobody waits for it */
}

static void note_change(rule_text_model *model)
{
    if (model->kept_revision != model->edit.revision && model->keep_at_ms == 0)
        model->keep_at_ms = station_now_ms(model->station) + KEEP_AFTER_MS;
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static void do_undo(rule_text_model *model)
{
    if (!text_edit_undo(&model->edit))
        station_say(model->station, "Nothing to undo");
}

static void do_redo(rule_text_model *model)
{
    if (!text_edit_redo(&model->edit))
        station_say(model->station, "Nothing to make again");
}

static void do_cut_line(rule_text_model *model)
{
    size_t line, offset;
    text_edit_place(&model->edit, &line, &offset);
    size_t start = text_edit_line_start(&model->edit, line), end = text_edit_line_start(&model->edit, line + 1);
    if (!model->cutting)
        buffer_clear(&model->cut);
    buffer_append(&model->cut, buffer_string(&model->edit.text) + start, end - start);
    if (model->cut.length > 0 && model->cut.bytes[model->cut.length - 1] != '\n')
        buffer_append_char(&model->cut, '\n');
    text_edit_replace(&model->edit, start, end - start, TEXT(""));
    model->cutting = true;
}

static void do_paste_line(rule_text_model *model)
{
    size_t line, offset;
    text_edit_place(&model->edit, &line, &offset);
    if (model->cut.length == 0)
        station_say(model->station, "No line was cut");
    else
        text_edit_replace(&model->edit, text_edit_line_start(&model->edit, line), 0, buffer_text(&model->cut));
}

static void do_order(rule_text_model *model)
{
    model->show_order = !model->show_order;
}

static void do_try(rule_text_model *model)
{
    if (rule_text_is_sound(model, "Not tried"))
        rule_try(model->station, model->rule.language, model->rule.name, source_of(model));
}

static void do_trial(rule_text_model *model)
{
    if (rule_text_is_sound(model, "Not tried"))
        rule_trial(model->station, model->zone, model->rule.language, model->rule.name, source_of(model),
                   !text_edit_changed(&model->edit) && !model->is_new);
}

static const struct rule_text_command {
    const char *name;
    void (*run)(rule_text_model *model);
} commands[] = {
    { "rule.save", rule_text_save },
    { "rule.try", do_try },
    { "rule.trial", do_trial },
    { "rule.versions", rule_text_versions },
    { "rule.next_fault", do_next_fault },
    { "rule.previous_fault", do_previous_fault },
    { "rule.order", do_order },
    { "rule.undo", do_undo },
    { "rule.redo", do_redo },
    { "rule.cut_line", do_cut_line },
    { "rule.paste_line", do_paste_line },
    { "rule.editor", rule_text_external_editor },
};

static bool is_unsaved(const rule_text_model *model)
{
    return model->view_only[0] == '\0' && text_edit_changed(&model->edit);
}

static bool rule_text_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    rule_text_model *model = state;
    const char *name = command_row->name;
    bool was_cutting = model->cutting && strcmp(name, "rule.cut_line") == 0;
    (void)argument;
    (void)station;
    model->cutting = was_cutting;
    if (strcmp(name, "pane.back") == 0 && is_unsaved(model) && !model->closing) {
        rule_text_ask_to_leave(model);
        return true;
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, name) == 0) {
            commands[i].run(model);
            note_change(model);
            return true;
        }
    return false;
}

/* A text that another is changing is looked at; the cursor goes where it likes. @return true: nothing was changed */
static bool take_back_where_only_viewed(rule_text_model *model, uint64_t before)
{
    if (model->view_only[0] == '\0' || model->edit.revision == before)
        return true;
    (void)text_edit_undo(&model->edit);
    station_say(model->station, "View Only: %s", model->view_only);
    return false;
}

static bool rule_text_typed(void *state, const key *pressed, workstation *station)
{
    rule_text_model *model = state;
    (void)station;
    model->cutting = false;
    const uint64_t before = model->edit.revision;
    bool used = text_edit_typed(&model->edit, pressed, model->rows);
    if (take_back_where_only_viewed(model, before))
        note_change(model);
    return used;
}

static void rule_text_paste(void *state, text pasted, workstation *station)
{
    rule_text_model *model = state;
    size_t first_bad;
    model->cutting = false;
    if (!utf8_valid(pasted, &first_bad))
        station_say(station, "not pasted: byte %zu is no UTF-8", first_bad + 1);
    else if (model->view_only[0] != '\0')
        station_say(station, "View Only: %s", model->view_only);
    else if (!text_edit_paste(&model->edit, pasted))
        station_say(station, "not pasted: a rule file holds at most %d bytes", RULES_FILE_LIMIT);
    note_change(model);
}

static const char *rule_text_cannot(void *state, const command *command_row, workstation *station)
{
    static const char *const changing[] = { "rule.save",     "rule.undo",       "rule.redo",
                                            "rule.cut_line", "rule.paste_line", "rule.editor" };
    const rule_text_model *model = state;
    (void)station;
    for (size_t i = 0; model->view_only[0] != '\0' && i < sizeof changing / sizeof *changing; i++)
        if (strcmp(command_row->name, changing[i]) == 0)
            return model->view_only;
    if (strcmp(command_row->name, "rule.trial") == 0 && model->rule.language != RULES_NORMALIZATION)
        return "only normalization rules are run on sets of records";
    if (strcmp(command_row->name, "rule.versions") == 0 && (model->is_new || model->rule.zone == 0))
        return "the zone has no version of this rule yet";
    return NULL;
}

static void rule_text_position(void *state, buffer *out)
{
    const rule_text_model *model = state;
    size_t line, offset;
    text_edit_place(&model->edit, &line, &offset);
    buffer_append_format(out, "%zu:%zu", line + 1, utf8_count(text_of(text_edit_line(&model->edit, line).bytes, offset)) + 1);
}

static bool rule_text_may_close(void *state, workstation *station)
{
    rule_text_model *model = state;
    (void)station;
    if (model->closing || !is_unsaved(model))
        return true;
    rule_text_ask_to_leave(model);
    return false;
}

/* Whatever ends the program: what was typed is kept. */
static void rule_text_release(void *state, workstation *station)
{
    rule_text_model *model = state;
    if (is_unsaved(model) && !model->closing)
        rule_draft_keep(model); /* and the lock stays with it, and ages */
    else if (model->view_only[0] == '\0')
        catalog_rule_unlock(station_catalog(station), model->zone, model->rule.language, model->rule.name);
    rule_check_release(&model->check);
    text_edit_release(&model->edit);
    buffer_release(&model->cut);
    free(model);
}

const pane_kind rule_text_pane = {
    .name = "ruletext",
    .title = "Rule",
    .draw = rule_text_draw,
    .run = rule_text_run,
    .typed = rule_text_typed,
    .paste = rule_text_paste,
    .cannot = rule_text_cannot,
    .position = rule_text_position,
    .may_close = rule_text_may_close,
    .release = rule_text_release,
    .takes_letters = true,
};

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static bool same_rule(const catalog_rule *one, const catalog_rule *other)
{
    return one->language == other->language && strcmp(one->name, other->name) == 0;
}

/* A text that is open already is shown; another one that is not saved asks first. @return true: nothing more is to be done */
static bool another_is_open(workstation *station, const catalog_rule *rule, text source)
{
    rule_text_model *open = station_find(station, &rule_text_pane);
    if (open == NULL)
        return false;
    station_focus(station, open);
    if (!same_rule(&open->rule, rule)) {
        station_pop(station, open); /* asks when it is not saved, and stays meanwhile */
        return station_find(station, &rule_text_pane) == open;
    }
    if (source.bytes != NULL && !text_edit_become(&open->edit, source))
        station_say(station, "no memory for the text");
    note_change(open);
    return true;
}

static void lock_it(rule_text_model *model)
{
    recto_error error;
    recto_status status =
        catalog_rule_lock(station_catalog(model->station), model->zone, model->rule.language, model->rule.name, &error);
    if (status == RECTO_OK)
        return;
    snprintf(model->view_only, sizeof model->view_only, "%s", error.what);
    station_say(model->station, "View Only: %s", model->view_only);
}

static void open_text(workstation *station, int zone, const catalog_rule *rule, text stored, text source, bool is_new)
{
    rule_text_model *model = calloc(1, sizeof *model);
    recto_error error;
    if (model == NULL) {
        station_no_memory(station, "opening a rule");
        return;
    }
    model->station = station;
    model->rule = *rule;
    model->zone = zone;
    model->is_new = is_new;
    text_edit_init(&model->edit, RULES_FILE_LIMIT);
    buffer_init(&model->cut, RULES_FILE_LIMIT);
    if (!text_edit_set(&model->edit, stored) || (source.bytes != NULL && !text_edit_become(&model->edit, source))) {
        recto_fail(&error, RECTO_ELIMIT, rule->name, NULL, "the text is larger than a rule file may be");
        station_error(station, &error);
        model->closing = true;
        rule_text_release(model, station);
        return;
    }
    model->kept_revision = model->edit.revision;
    lock_it(model);
    station_push(station, AREA_RULES, PLACE_MAIN, &rule_text_pane, model);
    station_add_source(station,
                       &(station_source){ .wanted = keep_wanted, .step = keep_step, .context = model, .busy = keep_is_busy });
}

void rule_text_pane_open_with(workstation *station, int zone, const catalog_rule *rule, text source, bool is_new)
{
    buffer stored;
    recto_error error;
    catalog_rule found = *rule;
    recto_status status = RECTO_OK;
    if (another_is_open(station, rule, source))
        return;
    buffer_init(&stored, RULES_FILE_LIMIT);
    if (!is_new)
        status = catalog_rule_text(&stored, &found, station_catalog(station), zone, rule->language, rule->name, 0, &error);
    if (status != RECTO_OK)
        station_error(station, &error);
    else
        open_text(station, zone, &found, text_of(buffer_string(&stored), stored.length), source, is_new);
    buffer_release(&stored);
}

void rule_text_pane_open(workstation *station, int zone, const catalog_rule *rule)
{
    if (!rule_draft_resume(station, rule))
        rule_text_pane_open_with(station, zone, rule, (text){ 0 }, false);
}
