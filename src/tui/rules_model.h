/* src/tui/rules_model.h - the model of the rules pane, shared by the list (pane_rules.c), the uses of a zone (rule_choice.c) and
 * new rules (rule_new.c). */
#ifndef RECTO_TUI_RULES_MODEL_H
#define RECTO_TUI_RULES_MODEL_H

#include "pane_common.h"
#include "recto/catalog/jobs.h"

enum { CHOSEN_BYTES = 1000 };

typedef struct rules_model {
    workstation *station;
    int zone;
    zone_kind kind;
    catalog_rule *rows;
    char (*used)[80]; /* by row: "copy-merge, combine" */
    char *chosen[RULE_USE_COUNT];
    list_view list, uses;
    size_t rows_shown;
    catalog_rule on; /* where the cursor stood, or is to stand, when the list is read again; name empty: nowhere */
    bool showing_uses, stale;
    /* what a dialog or prompt is about */
    rule_use use;
    char asked[CHOSEN_BYTES];
} rules_model;

/* rule_choice.c */
bool rule_names_hold(const char *names, const char *wanted); /* "a, b" holds "b" */
void rules_draw_uses(rules_model *model, const surface *canvas);
void rules_change_use(rules_model *model);                        /* of the row under the cursor, by its names */
void rules_ask_use(rules_model *model, const catalog_rule *rule); /* for what the rule is to be used */

/* rule_new.c */
void rules_ask_new(rules_model *model);

#endif
