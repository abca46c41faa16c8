/* src/tui/rule_text_model.h - the model of the rule editor, shared by its drawing, its keys and its acts. */
#ifndef RECTO_TUI_RULE_TEXT_MODEL_H
#define RECTO_TUI_RULE_TEXT_MODEL_H

#include "pane_common.h"
#include "recto/catalog/jobs.h"
#include "rule_check.h"
#include "text_edit.h"

typedef struct rule_text_model {
    workstation *station;
    catalog_rule rule; /* as it was opened: version 0 for a new one and for a shipped one, of which Save makes the zone's own */
    int zone;          /* where it is saved */
    bool is_new;
    char view_only[200]; /* who changes it now; "": it is locked for us */
    text_edit edit;
    buffer cut;   /* lines that were cut, each with its LF */
    bool cutting; /* the last key cut a line: the next one joins it */
    rule_check check;
    uint64_t checked_revision;
    bool checked;
    bool show_order; /* where there is room for one only: the order and not the faults */
    bool closing;    /* the question has been answered */
    size_t top;      /* first line shown */
    int left;        /* first column shown */
    size_t rows;     /* lines that fit, as last drawn */
    uint64_t kept_revision;
    int64_t keep_at_ms; /* when the unsaved text is kept; 0: it is */
} rule_text_model;

/* rule_text_draw.c */
void rule_text_draw(void *state, const surface *canvas, bool focused);

/* pane_rule_text.c */
void rule_text_check(rule_text_model *model); /* when the text has changed since the last time */
void rule_text_go_to_fault(rule_text_model *model, size_t index);
/** Is the text free of errors? Else says the first one and goes there. */
bool rule_text_is_sound(rule_text_model *model, const char *otherwise);

/* rule_text_acts.c */
void rule_text_save(rule_text_model *model);
void rule_text_ask_to_leave(rule_text_model *model);
void rule_text_external_editor(rule_text_model *model);
void rule_text_versions(rule_text_model *model);

/* rule_drafts.c: text that was typed and not saved comes back (RL-20) */
void rule_draft_keep(rule_text_model *model);
void rule_draft_forget(workstation *station);
/** Opens the kept text. @param only  that of this rule, or NULL: of any. @return false: there is none */
bool rule_draft_resume(workstation *station, const catalog_rule *only);

#endif
