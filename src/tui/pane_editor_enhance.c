/* src/tui/pane_editor_enhance.c - Enhance the Record: a normalization rule of the zone on the open record, as one step of undo.
 */
#include "editor.h"
#include "remembered.h"

#include "recto/base/plural.h"
#include "recto/catalog/rules.h"

static void say_enhanced(editor *pane, const char *name, const rule_result *result, size_t rules)
{
    if (result->changed)
        station_say(pane->station, "%s: %zu of %zu %s fired. Not yet saved; Undo takes it back", name, result->rules_fired, rules,
                    plural(rules, "rule", "rules"));
    else
        station_say(pane->station, "%s changes nothing here: %zu of %zu %s fired", name, result->rules_fired, rules,
                    plural(rules, "rule", "rules"));
}

static recto_status enhance(editor *pane, const char *name, recto_error *error)
{
    const rule_file *file = NULL;
    marc_record *after = NULL;
    rule_result result = { .changed = false };
    catalog *house = station_catalog(pane->station);
    recto_status status = catalog_rule_file(&file, house, edit_state_of(pane->session)->zone, RULES_NORMALIZATION, name, error);

    if (status == RECTO_OK)
        status = catalog_rule_try(&after, &result, file, editor_record(pane), NULL, NULL, error);
    if (status == RECTO_OK && result.changed)
        status = marc_edit_become(edit_of(pane->session), after, name, error);
    marc_record_free(after);
    if (status == RECTO_OK) {
        editor_pane_touched(pane, pane->station);
        say_enhanced(pane, name, &result, rule_file_count(file));
    }
    return status;
}

static void rule_named(workstation *station, void *context, const char *answer)
{
    editor *pane = context;
    recto_error error = { 0 };

    if (answer == NULL || *answer == '\0')
        station_say(station, "Nothing was changed");
    else if (enhance(pane, answer, &error) != RECTO_OK)
        station_error(station, &error);
    else
        remembered_set(station, "enhance", answer);
}

void editor_enhance(editor *pane)
{
    buffer kept;

    if (!editor_may_change(pane, 0))
        return;
    marc_edit_settle(edit_of(pane->session));
    buffer_init(&kept, 4096);
    remembered_get(pane->station, "enhance", &kept);
    station_prompt(pane->station, "Normalization rule:", buffer_string(&kept), rule_named, pane);
    buffer_release(&kept);
}
