/* src/tui/pane_rules.c - the list of rules that a zone can use, and the list of uses with what the zone has chosen for each.
 *
 * Shipped rules are among them, and give way to the zone's own of the same name. Who saved which version when stands beside. */
#include "list_columns.h"
#include "pane_common.h"
#include "rule_text_model.h"
#include "rules.h"
#include "rules_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static void read_uses(rules_model *model)
{
    buffer names;
    buffer_init(&names, CHOSEN_BYTES);
    for (rule_use use = 0; use < RULE_USE_COUNT; use++) {
        buffer_clear(&names);
        catalog_rule_chosen(&names, station_catalog(model->station), model->zone, use, NULL);
        free(model->chosen[use]);
        model->chosen[use] = strdup(buffer_string(&names));
    }
    buffer_release(&names);
    model->uses.count = RULE_USE_COUNT;
}

static void name_uses(rules_model *model, size_t row)
{
    size_t count, used = 0;
    const rule_use_info *uses = rule_uses(&count);
    model->used[row][0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const char *names = model->chosen[uses[i].use];
        if (uses[i].language != model->rows[row].language || names == NULL || !rule_names_hold(names, model->rows[row].name))
            continue;
        snprintf(model->used[row] + used, sizeof model->used[row] - used, "%s%s", used > 0 ? ", " : "", uses[i].name);
        used = strlen(model->used[row]);
    }
}

static void read_rules(rules_model *model)
{
    recto_error error;
    size_t count = 0;
    if (model->on.name[0] == '\0' && model->list.current < model->list.count)
        model->on = model->rows[model->list.current];
    free(model->rows);
    free(model->used);
    model->rows = NULL;
    model->used = NULL;
    model->list.count = 0;
    model->stale = false;
    if (catalog_rules(&model->rows, &count, station_catalog(model->station), model->zone, &error) != RECTO_OK) {
        station_error(model->station, &error);
        return;
    }
    model->used = calloc(count + 1, sizeof *model->used);
    if (model->used == NULL)
        return;
    model->list.count = count;
    read_uses(model);
    for (size_t i = 0; i < count; i++) {
        name_uses(model, i);
        if (model->rows[i].language == model->on.language && strcmp(model->rows[i].name, model->on.name) == 0)
            model->list.current = i;
    }
    model->on.name[0] = '\0';
    if (model->list.current >= count)
        model->list.current = count > 0 ? count - 1 : 0;
}

/* ---- the list of rules ------------------------------------------------------------------------------------------- */

enum { COLUMN_KIND, COLUMN_NAME, COLUMN_FROM, COLUMN_VERSION, COLUMN_SAVED, COLUMN_BY, COLUMN_USED, COLUMN_COUNT };
static const list_column columns[COLUMN_COUNT] = {
    { "Kind", 10, 0, 0, 0 },   { "Rule", 20, 8, 0, 0 }, { "From", 7, 0, 0, 0 },      { "Ver", 3, 0, 56, 0 },
    { "Saved", 10, 0, 70, 0 }, { "By", 8, 1, 90, 0 },   { "Used for", 12, 6, 0, 0 },
};

static const char *kind_of(rule_language language)
{
    static const char *const kinds[] = { "", "Merge", "Normalize", "Indication", "Brief" };
    return (size_t)language < sizeof kinds / sizeof *kinds ? kinds[language] : "";
}

static void draw_rule(const rules_model *model, size_t index, const list_layout *layout, const surface *canvas, int row)
{
    const catalog_rule *rule = &model->rows[index];
    bool current = index == model->list.current, shipped = rule->zone == 0;
    char version[16] = "", saved[32] = "";
    if (!shipped) {
        snprintf(version, sizeof version, "%3d", rule->version);
        format_time_short(saved, sizeof saved, rule->saved_at, catalog_now(station_catalog(model->station)));
    }
    surface_put(canvas, row, 0, ROLE_TEXT, current ? ">" : " ");
    list_layout_cell(layout, COLUMN_KIND, canvas, row, ROLE_TEXT_DIM, kind_of(rule->language));
    list_layout_cell(layout, COLUMN_NAME, canvas, row, ROLE_TEXT, rule->name);
    list_layout_cell(layout, COLUMN_FROM, canvas, row, shipped ? ROLE_TEXT_DIM : ROLE_TEXT, shipped ? "shipped" : "zone");
    list_layout_cell(layout, COLUMN_VERSION, canvas, row, ROLE_TEXT, version);
    list_layout_cell(layout, COLUMN_SAVED, canvas, row, ROLE_TEXT, saved);
    list_layout_cell(layout, COLUMN_BY, canvas, row, ROLE_TEXT, shipped ? "" : rule->saved_by);
    list_layout_cell(layout, COLUMN_USED, canvas, row, ROLE_TEXT, model->used[index]);
    if (current) {
        surface_mark_row(canvas, row);
        surface_cursor(canvas, row, 0);
    }
}

static void draw_rules(rules_model *model, const surface *canvas)
{
    list_layout layout;
    int rows = canvas->rows - 4;
    list_layout_make(&layout, columns, COLUMN_COUNT, 2, canvas->columns);
    list_layout_header(&layout, columns, canvas, 1);
    model->rows_shown = rows > 0 ? (size_t)rows : 1;
    list_view_fit(&model->list, model->rows_shown);
    for (size_t i = 0; i < model->rows_shown && model->list.top + i < model->list.count; i++)
        draw_rule(model, model->list.top + i, &layout, canvas, 2 + (int)i);
    if (model->list.count == 0) {
        surface_put(canvas, 3, 2, ROLE_TEXT_DIM, "No rules. n makes one.");
        return;
    }
    const catalog_rule *rule = &model->rows[model->list.current];
    surface_rule(canvas, canvas->rows - 2, false, rule_language_label(rule->language), model->used[model->list.current]);
    surface_data(canvas, canvas->rows - 1, 1, canvas->columns - 2, ROLE_TEXT_DIM,
                 text_from(rule->note[0] != '\0' ? rule->note
                           : rule->zone == 0     ? "Comes with Recto. Saved under its name it becomes the zone's own."
                                                 : ""),
                 true);
}

static void rules_draw(void *state, const surface *canvas, bool focused)
{
    rules_model *model = state;
    char left[120];
    if (model->stale)
        read_rules(model);
    surface_clear(canvas, ROLE_TEXT);
    snprintf(left, sizeof left, "%s of the %s", model->showing_uses ? "Uses" : "Rules", zone_title(model->kind));
    surface_rule(canvas, 0, focused, left, model->showing_uses ? "Enter changes, Esc to the rules" : "");
    if (model->showing_uses)
        rules_draw_uses(model, canvas);
    else
        draw_rules(model, canvas);
}

static void rules_position(void *state, buffer *out)
{
    const rules_model *model = state;
    const list_view *list = model->showing_uses ? &model->uses : &model->list;
    if (list->count > 0)
        buffer_append_format(out, "%zu/%zu", list->current + 1, list->count);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static const catalog_rule *current_rule(const rules_model *model)
{
    return !model->showing_uses && model->list.current < model->list.count ? &model->rows[model->list.current] : NULL;
}

static void delete_answered(workstation *station, void *context, const char *choice)
{
    rules_model *model = context;
    const catalog_rule *rule = current_rule(model);
    recto_error error;
    if (strcmp(choice, "delete") != 0 || rule == NULL) {
        station_say(station, "Not deleted");
        return;
    }
    if (catalog_rule_delete(station_catalog(station), model->zone, rule->language, rule->name, &error) != RECTO_OK)
        station_error(station, &error);
    else
        station_say(station, "Deleted; its versions are kept");
    model->stale = true;
}

static void ask_delete(rules_model *model, const catalog_rule *rule)
{
    char line[300];
    snprintf(line, sizeof line, "Delete the zone's own \"%s\", version %d?", rule->name, rule->version);
    const char *const lines[] = { line, model->used[model->list.current][0] != '\0' ? "It is in use." : "It is not in use.",
                                  NULL };
    ask_delete_of(model->station, "Delete a rule", lines, delete_answered, model);
}

static void try_stored(rules_model *model, const catalog_rule *rule, bool on_set)
{
    buffer source;
    catalog_rule found;
    recto_error error;
    buffer_init(&source, RULES_FILE_LIMIT);
    if (catalog_rule_text(&source, &found, station_catalog(model->station), model->zone, rule->language, rule->name, 0, &error) !=
        RECTO_OK)
        station_error(model->station, &error);
    else if (on_set)
        rule_trial(model->station, model->zone, rule->language, rule->name, buffer_text(&source), true);
    else
        rule_try(model->station, rule->language, rule->name, buffer_text(&source));
    buffer_release(&source);
}

static void other_zone(rules_model *model)
{
    const repo_zone *zone =
        catalog_zone(station_catalog(model->station), model->kind == ZONE_INSTITUTION ? ZONE_NETWORK : ZONE_INSTITUTION);
    if (zone == NULL) {
        station_say(model->station, "this repository has no other zone with rules");
        return;
    }
    model->zone = zone->id;
    model->kind = zone->kind;
    model->list.current = model->list.count = 0;
    model->stale = true;
}

static bool run_on_rule(rules_model *model, const char *name)
{
    const catalog_rule *rule = current_rule(model);
    if (rule == NULL)
        return false;
    if (strcmp(name, "rule.open") == 0 || strcmp(name, "list.open") == 0)
        rule_text_pane_open(model->station, model->zone, rule);
    else if (strcmp(name, "rule.use") == 0)
        rules_ask_use(model, rule);
    else if (strcmp(name, "rule.delete") == 0)
        ask_delete(model, rule);
    else if (strcmp(name, "rule.versions") == 0)
        rule_versions_pane_open(model->station, model->zone, rule->language, rule->name);
    else if (strcmp(name, "rule.try") == 0 || strcmp(name, "rule.trial") == 0)
        try_stored(model, rule, strcmp(name, "rule.trial") == 0);
    else
        return false;
    return true;
}

static bool rules_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    rules_model *model = state;
    const char *name = command_row->name;
    (void)argument;
    (void)station;
    if (model->stale)
        read_rules(model);
    if (list_view_run(model->showing_uses ? &model->uses : &model->list, name, model->rows_shown))
        return true;
    if (model->showing_uses &&
        (strcmp(name, "rule.open") == 0 || strcmp(name, "list.open") == 0 || strcmp(name, "rule.use") == 0))
        rules_change_use(model);
    else if (strcmp(name, "rule.uses") == 0)
        model->showing_uses = !model->showing_uses;
    else if (strcmp(name, "pane.back") == 0 && model->showing_uses)
        model->showing_uses = false;
    else if (strcmp(name, "rule.new") == 0)
        rules_ask_new(model);
    else if (strcmp(name, "rule.zone") == 0)
        other_zone(model);
    else
        return run_on_rule(model, name);
    return true;
}

static const char *rules_cannot(void *state, const command *command_row, workstation *station)
{
    rules_model *model = state;
    const catalog_rule *rule = current_rule(model);
    const char *name = command_row->name;
    (void)station;
    if (strncmp(name, "rule.", 5) != 0 || strcmp(name, "rule.new") == 0 || strcmp(name, "rule.uses") == 0 ||
        strcmp(name, "rule.zone") == 0 || model->showing_uses)
        return NULL;
    if (rule == NULL)
        return "no rule is chosen";
    if (strcmp(name, "rule.trial") == 0 && rule->language != RULES_NORMALIZATION)
        return "only normalization rules are run on sets of records";
    if ((strcmp(name, "rule.delete") == 0 || strcmp(name, "rule.versions") == 0) && rule->zone == 0)
        return "it is shipped: the zone has no version of it";
    return NULL;
}

static void rules_release(void *state, workstation *station)
{
    rules_model *model = state;
    (void)station;
    for (size_t i = 0; i < RULE_USE_COUNT; i++)
        free(model->chosen[i]);
    free(model->rows);
    free(model->used);
    free(model);
}

const pane_kind rules_pane = {
    .name = "rules",
    .title = "Rules",
    .draw = rules_draw,
    .run = rules_run,
    .cannot = rules_cannot,
    .position = rules_position,
    .release = rules_release,
};

void rules_pane_touched(workstation *station, const catalog_rule *saved)
{
    rules_model *model = station_find(station, &rules_pane);
    if (model == NULL)
        return;
    model->on = *saved;
    model->stale = true;
}

void rules_pane_open(workstation *station)
{
    const repo_zone *zone = catalog_zone(station_catalog(station), ZONE_INSTITUTION);
    rules_model *model = pane_model_new(station, sizeof *model, "opening the rules");
    if (model == NULL)
        return;
    model->station = station;
    model->zone = zone != NULL ? zone->id : 0;
    model->kind = ZONE_INSTITUTION;
    model->stale = true;
    station_push(station, AREA_RULES, PLACE_MAIN, &rules_pane, model);
    rule_draft_resume(station, NULL);
}
