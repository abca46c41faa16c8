/* src/tui/rule_drafts.c - the text of a rule that was typed and not saved: kept for its author, offered back (RL-20, RL-23).
 *
 * It lies among what is remembered of the cataloger, as one setting: a line that names the rule, then the text. */
#include "remembered.h"
#include "rule_text_model.h"
#include "rules.h"

#include <stdlib.h>
#include <string.h>

enum { DRAFT_BYTES = 256 * 1024 };

static const char draft_name[] = "rule-draft";

void rule_draft_keep(rule_text_model *model)
{
    buffer kept;
    model->keep_at_ms = 0;
    model->kept_revision = model->edit.revision;
    if (!text_edit_changed(&model->edit)) {
        rule_draft_forget(model->station);
        return;
    }
    buffer_init(&kept, DRAFT_BYTES);
    buffer_append_format(&kept, "%s %d %d %s\n", rule_language_name(model->rule.language), model->zone, model->is_new,
                         model->rule.name);
    buffer_append_string(&kept, buffer_string(&model->edit.text));
    if (buffer_failed(&kept))
        station_say(model->station, "The text is too large to be kept while it is not saved; F2 saves it");
    else
        remembered_set(model->station, draft_name, buffer_string(&kept));
    buffer_release(&kept);
}

void rule_draft_forget(workstation *station)
{
    remembered_set(station, draft_name, "");
}

/* "norm 12 0 Drop vendor fields" */
static bool read_head(text head, int *zone, bool *is_new, catalog_rule *rule)
{
    char word[32];
    int64_t number;
    text language = text_next_field(&head, ' ');
    if (language.length >= sizeof word)
        return false;
    string_keep(word, sizeof word, language);
    *rule = (catalog_rule){ .language = rule_language_named(word) };
    if (rule->language == RULES_UNKNOWN || head.bytes == NULL || !text_to_integer(text_next_field(&head, ' '), &number))
        return false;
    *zone = (int)number;
    if (head.bytes == NULL || !text_to_integer(text_next_field(&head, ' '), &number) || head.bytes == NULL)
        return false;
    *is_new = number != 0;
    string_keep(rule->name, sizeof rule->name, head);
    return rule->name[0] != '\0';
}

bool rule_draft_resume(workstation *station, const catalog_rule *only)
{
    buffer kept;
    catalog_rule rule;
    int zone;
    bool is_new;
    buffer_init(&kept, 0);
    remembered_get(station, draft_name, &kept);
    text rest = text_of(buffer_string(&kept), kept.length);
    text head = text_next_field(&rest, '\n');
    bool found = kept.length > 0 && rest.bytes != NULL && read_head(head, &zone, &is_new, &rule) &&
                 (only == NULL || (only->language == rule.language && strcmp(only->name, rule.name) == 0));
    if (found) {
        rule_text_pane_open_with(station, zone, &rule, rest, is_new);
        if (station_find(station, &rule_text_pane) != NULL)
            station_say(station, "What you had typed and not saved is here again; F2 saves it");
    }
    buffer_release(&kept);
    return found;
}
