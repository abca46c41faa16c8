/* src/tui/records_list.h - the list of open records and drafts: its model, and the acts on all that is listed. */
#ifndef RECTO_TUI_RECORDS_LIST_H
#define RECTO_TUI_RECORDS_LIST_H

#include "custody_panes.h"
#include "station.h"

typedef struct row {
    edit_session *session; /* NULL: a draft that is not open */
    mms_id id;
    size_t number; /* in the order of opening */
    char letters[6], zone;
    marc_family family;
    char title[240];
    char note[64];
} row;

enum { RECORDS_TAB_ALL = -1 }; /* the sub-tabs: all, then one for each family (ED-10) */

typedef enum records_sort { SORT_AS_OPENED, SORT_BY_TITLE, SORT_BY_ID, SORT_BY_STATE, SORT_ORDERS } records_sort;

typedef struct records_model {
    row *rows;
    draft_row *drafts;
    size_t draft_count;
    repo_notice *notices;
    size_t notice_count;
    size_t all;        /* rows before filter, zone and tab */
    size_t tabs[3];    /* of them, by family */
    size_t resting;    /* drafts that are not listed (ED-71) */
    bool with_resting; /* they are, since asked for */
    int tab;           /* RECORDS_TAB_ALL, or a marc_family */
    list_view list;
    size_t shown_rows;
    char filter[64];
    bool filtering; /* letters go into the filter */
    char zone;      /* limited to; 0: all */
    bool grouped, descending;
    records_sort sort;
    bool drafts_known;
    size_t open_when_known;
    workstation *station;
} records_model;

/* records_acts.c */
void records_save_all(records_model *model);
void records_ask_release(records_model *model);

/* records_tabs.c */
void records_draw_tabs(const records_model *model, const surface *area, int at);
void records_next_tab(records_model *model);
void records_show_resting(records_model *model);
bool records_in_tab(const records_model *model, const row *row);

#endif
