/* src/tui/profiles_model.h - the model of the integration profiles, shared by the list (pane_profiles.c) and the form
 * (profile_form.c). */
#ifndef RECTO_TUI_PROFILES_MODEL_H
#define RECTO_TUI_PROFILES_MODEL_H

#include "gateway_panes.h"
#include "recto/catalog/profiles.h"

enum { PROFILE_BOXES_MAX = 40, PROFILE_BOX_BYTES = 4000, PROFILE_SECRET = 256 };

typedef struct profile_box {
    line_input input;
    char *before;  /* as it is stored */
    char *choices; /* one a line; NULL: free text. Read when the cursor comes to the line */
    bool asked;    /* for choices */
} profile_box;

typedef struct profiles_model {
    workstation *station;
    catalog_profile *rows;
    list_view list, lines; /* of profiles; of the boxes of the form */
    size_t rows_shown;
    buffer doubts; /* about the profile under the cursor */
    char doubts_of[64];
    char on[64]; /* where the cursor is to stand after reading; empty: stays */
    bool stale;
    bool form, is_new;
    char code[64]; /* of the profile in the form, or whose password is set */
    int zone;
    profile_box boxes[PROFILE_BOXES_MAX];
    size_t box_count;
    size_t fault; /* the box at fault; SIZE_MAX: none */
    char fault_line[600];
    char secret[PROFILE_SECRET];
} profiles_model;

const catalog_profile *profiles_current(const profiles_model *model); /* NULL: none */
const char *profiles_institution(const profiles_model *model, int zone);

/* profile_form.c */
void profile_form_open(profiles_model *model, const catalog_profile *profile); /* NULL: a new one */
void profile_form_close(profiles_model *model);
bool profile_form_is_changed(const profiles_model *model);
void profile_form_save(profiles_model *model);
void profile_form_step(profiles_model *model, int by);
void profile_form_turn(profiles_model *model, int by); /* to another value of the line, where it has some */
bool profile_form_typed(profiles_model *model, const key *key);
void profile_form_paste(profiles_model *model, text pasted);
void profile_form_draw(profiles_model *model, const surface *canvas, bool focused);

#endif
