/* src/tui/rule_new.c - a new rule: its language, its name, and a frame to begin with. */
#include "rules.h"
#include "rules_model.h"

#include <stdio.h>
#include <string.h>

/* ---- a new rule -------------------------------------------------------------------------------------------------- */

static const char *skeleton(rule_language language)
{
    static const char *const texts[] = {
        [RULES_MERGE] = "# primary: existing\nrule \"%s\"\nwhen\n  merge\nthen\n  replace MARC.\"245\" if exists\nend\n",
        [RULES_NORMALIZATION] = "rule \"%s\"\nwhen\n  (TRUE)\nthen\n  removeField \"999\"\nend\n",
        [RULES_INDICATION] = "rule \"%s\"\nwhen\n  (exists \"999\")\nthen\n  set indication.\"true\"\nend\n",
        [RULES_BRIEF_LEVEL] = "rule \"%s\"\nwhen\n  (existsControl \"LDR.{17,1}. \")\nthen\n  set brief_level.\"10\"\nend\n",
    };
    return texts[language];
}

static void new_named(workstation *station, void *context, const char *answer)
{
    rules_model *model = context;
    catalog_rule made = { .language = (rule_language)model->use };
    buffer source;
    if (answer == NULL || answer[0] == '\0') {
        station_say(station, "No rule was made");
        return;
    }
    if (strlen(answer) >= sizeof made.name || strpbrk(answer, ",\"/") != NULL) {
        station_say(station, "a name has at most %zu bytes, and no comma, quotation mark or slash", sizeof made.name - 1);
        return;
    }
    snprintf(made.name, sizeof made.name, "%s", answer);
    buffer_init(&source, 4096);
    const char *frame = skeleton(made.language), *hole = strstr(frame, "%s");
    buffer_append(&source, frame, (size_t)(hole - frame));
    buffer_append_string(&source, answer);
    buffer_append_string(&source, hole + 2);
    rule_text_pane_open_with(station, model->zone, &made, buffer_text(&source), true);
    buffer_release(&source);
    station_say(station, "A frame to begin with. F8 tries it, F2 saves it");
}

static void language_chosen(workstation *station, void *context, const char *choice)
{
    rules_model *model = context;
    rule_language language = rule_language_named(choice);
    if (language == RULES_UNKNOWN)
        return;
    model->use = (rule_use)language; /* kept until the name is typed */
    station_prompt(station, "Name of the new rule:", "", new_named, model);
}

void rules_ask_new(rules_model *model)
{
    static const dialog_choice choices[] = {
        { "norm", "Normalization", 'n' }, { "merge", "Merge", 'm' }, { "indication", "Indication", 'i' },
        { "brief", "Brief level", 'b' },  { "", "Cancel", 'c' },     { NULL, NULL, 0 }
    };
    static const char *const lines[] = { "Normalization changes a record, merge makes one of two records,",
                                         "indication selects records, brief level grades them.", NULL };
    station_ask(model->station, &(dialog){ .title = "New rule",
                                           .lines = lines,
                                           .choices = choices,
                                           .initial = "norm",
                                           .escape = "",
                                           .done = language_chosen,
                                           .context = model });
}
