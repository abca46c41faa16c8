/* src/tui/template_panes.h - the panes of templates, prompts, text strings and macros, and what they ask of each other. */
#ifndef RECTO_TUI_TEMPLATE_PANES_H
#define RECTO_TUI_TEMPLATE_PANES_H

#include "recto/catalog/templates.h"
#include "workstation.h"

/* pane_templates.c: the list. In the area Templates, or beside an open record that is to be expanded. */
void templates_pane_open(workstation *station);
void templates_pane_choose(workstation *station); /* for the focused open record */
void templates_pane_touched(workstation *station);

/* pane_prompts.c: what a template asks, as a form. With nothing to ask, `done` is called at once. */
typedef struct prompt_request {
    const char *title, *action; /* copied; "Make the record" */
    area area;
    place place;
    const template_prompt *prompts; /* copied */
    size_t count;
    /** answers by prompt; @return false: the form stays, and what is wrong was said */
    bool (*done)(workstation *station, void *context, const char *const *answers);
    void (*release)(void *context);
    void *context; /* belongs to the form from here on */
} prompt_request;
void prompts_pane_open(workstation *station, const prompt_request *request);

/* template_acts.c */
const repo_zone *template_placement(workstation *station); /* of new records: the last choice (ED-51) */
const char *template_placement_name(const repo_zone *zone);
void template_new_from(workstation *station, const catalog_template *info, const repo_zone *zone);
void template_expand_from(workstation *station, const catalog_template *info);
void template_edit(workstation *station, const catalog_template *info);
void template_ask_copy(workstation *station, const catalog_template *info);
void template_ask_save_as(workstation *station);
void template_ask_default(workstation *station, const catalog_template *info);
void template_new(workstation *station, const char *argument);
void template_new_authority(workstation *station, const char *argument);
void template_new_brief(workstation *station, const char *argument);
/** Makes the new record from the zone's default template. @return false: it has none */
bool template_new_by_default(workstation *station, const repo_zone *zone);

/* pane_expand.c: the difference that a template makes, before it is applied (ED-140). Takes `after`. */
void expand_pane_open(workstation *station, edit_session *session, const char *name, marc_record *after);

/* pane_own_text.c: the text of one's strings or macros */
void own_text_pane_open(workstation *station, text_kind kind, bool shared);

/* own_texts.c */
void strings_insert(workstation *station, const char *name);
/** Puts a text at the cursor of the focused record's editor, `$$x` as delimiters. @param cursor  bytes; SIZE_MAX: behind it.
 *  (pane_editor_strings.c) */
bool editor_insert_string(workstation *station, text content, size_t cursor);
/** Puts the cursor of the focused record's editor there. */
void editor_place_cursor(workstation *station, size_t field, size_t offset);

extern const pane_kind templates_pane, prompts_pane, expand_pane, own_text_pane;

#endif
