/* src/tui/rule_choice.c - what a zone uses where: the list of uses, and choosing a rule for one of them (SR-73).
 *
 * A merge rule that was written for the other way round is refused with a warning; using it all the same takes the word for it.
 */
#include "rules.h"
#include "rules_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool rule_names_hold(const char *names, const char *wanted)
{
    text rest = text_from(names);
    while (rest.bytes != NULL && rest.length > 0)
        if (text_equal(text_trim(text_next_field(&rest, ',')), text_from(wanted)))
            return true;
    return false;
}

/* ---- the list of uses -------------------------------------------------------------------------------------------- */

static const rule_use_info *use_at(size_t index)
{
    size_t count;
    const rule_use_info *uses = rule_uses(&count);
    return index < count ? &uses[index] : NULL;
}

/* What holds where the zone has chosen nothing. */
static void when_none(char *out, size_t capacity, const rules_model *model, const rule_use_info *use)
{
    const merge_program *program = NULL;
    if (use->language == RULES_MERGE &&
        catalog_merge_program(&program, station_catalog(model->station), model->zone, use->use, NULL) == RECTO_OK)
        snprintf(out, capacity, "(built in: %s)", program->name);
    else
        snprintf(out, capacity, "%s", use->language == RULES_BRIEF_LEVEL ? "(built in: carli)" : "(none)");
}

void rules_draw_uses(rules_model *model, const surface *canvas)
{
    int width = canvas->columns >= 100 ? 48 : 38;
    model->rows_shown = canvas->rows > 2 ? (size_t)canvas->rows - 2 : 1;
    list_view_fit(&model->uses, model->rows_shown);
    surface_put(canvas, 1, 2, ROLE_LABEL, "Use");
    surface_put(canvas, 1, width + 1, ROLE_LABEL, "Rules chosen, in order");
    for (size_t i = 0; i < model->rows_shown && model->uses.top + i < model->uses.count; i++) {
        const rule_use_info *use = use_at(model->uses.top + i);
        bool current = model->uses.top + i == model->uses.current;
        int row = 2 + (int)i;
        if (use == NULL)
            break;
        const char *chosen = model->chosen[use->use] != NULL ? model->chosen[use->use] : "";
        char none[160];
        when_none(none, sizeof none, model, use);
        surface_put(canvas, row, 0, ROLE_TEXT, current ? ">" : " ");
        surface_data(canvas, row, 2, width - 2, ROLE_TEXT, text_from(use->label), true);
        surface_data(canvas, row, width + 1, canvas->columns - width - 2, chosen[0] != '\0' ? ROLE_TEXT : ROLE_TEXT_DIM,
                     text_from(chosen[0] != '\0' ? chosen : none), true);
        if (current) {
            surface_mark_row(canvas, row);
            surface_cursor(canvas, row, 0);
        }
    }
}

/* ---- choosing where a rule is used ------------------------------------------------------------------------------- */

static void choose_now(rules_model *model, bool despite);

static void despite_answered(workstation *station, void *context, const char *choice)
{
    if (strcmp(choice, "despite") == 0)
        choose_now(context, true);
    else
        station_say(station, "Nothing was changed");
}

static void ask_despite(rules_model *model, const char *warning)
{
    static const dialog_choice choices[] = { { "cancel", "Cancel", 'c' },
                                             { "despite", "Use it all the same", 'u' },
                                             { NULL, NULL, 0 } };
    const char *const lines[] = { warning,
                                  "A rule written for the other way round does the reverse: what it should keep is replaced.",
                                  NULL };
    station_ask(model->station, &(dialog){ .title = "Written for the other way round",
                                           .lines = lines,
                                           .choices = choices,
                                           .initial = "cancel",
                                           .escape = "cancel",
                                           .done = despite_answered,
                                           .context = model });
}

static void choose_now(rules_model *model, bool despite)
{
    char warning[256] = ""; /* larger than catalog_rule_choose fills */
    recto_error error;
    recto_status status =
        catalog_rule_choose(station_catalog(model->station), model->zone, model->use, model->asked, despite, warning, &error);
    if (status == RECTO_EREFUSED && warning[0] != '\0' && !despite) {
        ask_despite(model, warning);
        return;
    }
    if (status != RECTO_OK) {
        station_error(model->station, &error);
        return;
    }
    model->stale = true;
    station_say(model->station, "%s: %s", use_at((size_t)model->use)->label, model->asked[0] != '\0' ? model->asked : "none");
}

static void names_typed(workstation *station, void *context, const char *answer)
{
    rules_model *model = context;
    if (answer == NULL) {
        station_say(station, "Nothing was changed");
        return;
    }
    snprintf(model->asked, sizeof model->asked, "%s", answer);
    choose_now(model, false);
}

void rules_change_use(rules_model *model)
{
    const rule_use_info *use = use_at(model->uses.current);
    char label[160];
    if (use == NULL)
        return;
    model->use = use->use;
    snprintf(label, sizeof label, "%s:", use->language == RULES_MERGE ? "Rule or method" : "Rules, with commas between");
    station_prompt(model->station, label, model->chosen[use->use], names_typed, model);
}

/* The chosen names with `name` among them, or without it when it was. Only normalization has several. */
static void with_or_without(char *out, size_t capacity, const char *names, const char *name, bool several)
{
    size_t used = 0;
    bool had = rule_names_hold(names, name);
    text rest = text_from(names);
    out[0] = '\0';
    while (several && rest.bytes != NULL && rest.length > 0) {
        text one = text_trim(text_next_field(&rest, ','));
        if (one.length == 0 || text_equal(one, text_from(name)))
            continue;
        snprintf(out + used, capacity - used, "%s%.*s", used > 0 ? ", " : "", (int)one.length, one.bytes);
        used = strlen(out);
    }
    if (!had)
        snprintf(out + used, capacity - used, "%s%s", used > 0 ? ", " : "", name);
}

static void use_chosen(workstation *station, void *context, const char *choice)
{
    rules_model *model = context;
    const catalog_rule *rule = model->list.current < model->list.count ? &model->rows[model->list.current] : NULL;
    size_t count;
    const rule_use_info *uses = rule_uses(&count);
    for (size_t i = 0; rule != NULL && i < count; i++) {
        if (strcmp(uses[i].name, choice) != 0)
            continue;
        model->use = uses[i].use;
        with_or_without(model->asked, sizeof model->asked, model->chosen[uses[i].use] != NULL ? model->chosen[uses[i].use] : "",
                        rule->name, rule->language == RULES_NORMALIZATION);
        choose_now(model, false);
        return;
    }
    station_say(station, "Nothing was changed");
}

void rules_ask_use(rules_model *model, const catalog_rule *rule)
{
    static const dialog_choice merge[] = { { "copy-merge", "Copy cataloging", 'c' },
                                           { "match-merge", "Matches, gateway, import", 'm' },
                                           { "combine", "Two records merged", 't' },
                                           { "", "Cancel", 'x' },
                                           { NULL, NULL, 0 } };
    static const dialog_choice norm[] = { { "normalize-incoming", "All that comes in", 'a' },
                                          { "normalize-external", "From Search Resources", 'r' },
                                          { "normalize-save", "Every save", 's' },
                                          { "", "Cancel", 'x' },
                                          { NULL, NULL, 0 } };
    static const dialog_choice indication[] = { { "reject", "Refuse incoming records", 'r' },
                                                { "", "Cancel", 'x' },
                                                { NULL, NULL, 0 } };
    static const dialog_choice brief[] = { { "brief-level", "Brief level at every save", 'b' },
                                           { "", "Cancel", 'x' },
                                           { NULL, NULL, 0 } };
    static const dialog_choice *const by_language[] = {
        [RULES_MERGE] = merge, [RULES_NORMALIZATION] = norm, [RULES_INDICATION] = indication, [RULES_BRIEF_LEVEL] = brief
    };
    const dialog_choice *choices = rule->language <= RULES_BRIEF_LEVEL ? by_language[rule->language] : NULL;
    if (choices == NULL)
        return;
    char name[200], zone[80], now[120];
    snprintf(name, sizeof name, "\"%s\" (%s)", rule->name, rule_language_label(rule->language));
    snprintf(zone, sizeof zone, "What is the %s to use it for? A use it has already is taken away.", zone_title(model->kind));
    snprintf(now, sizeof now, "Used now for: %s",
             model->used[model->list.current][0] != '\0' ? model->used[model->list.current] : "nothing");
    const char *const lines[] = { name, zone, now, NULL };
    station_ask(model->station, &(dialog){ .title = "Use a rule",
                                           .lines = lines,
                                           .choices = choices,
                                           .initial = "",
                                           .escape = "",
                                           .done = use_chosen,
                                           .context = model });
}
