/* src/tui/gateway_model.h - the model of the gateway log, shared by its list (pane_gateway.c) and its filters
 * (gateway_filter.c). */
#ifndef RECTO_TUI_GATEWAY_MODEL_H
#define RECTO_TUI_GATEWAY_MODEL_H

#include "gateway_panes.h"
#include "recto/base/clock.h"
#include "recto/catalog/gateway.h"

enum { GATEWAY_FILTER = 80 };

/* Filters narrow one another; an empty one lets everything through. */
typedef enum gateway_filter {
    FILTER_WORDS,
    FILTER_OUTCOME,
    FILTER_DAY,
    FILTER_OCLC,
    FILTER_INSTITUTION,
    FILTER_COUNT
} gateway_filter;

typedef struct gateway_model {
    workstation *station;
    gateway_log_row *rows;
    list_view list;
    size_t rows_shown;
    bool stale;
    char filter[FILTER_COUNT][GATEWAY_FILTER];
    gateway_filter asked; /* what a prompt is about */
    int64_t on;           /* number of the row where the cursor is to stand; 0: stays where it is */
} gateway_model;

/* gateway_filter.c */
/** The query that the filters make. @return false: the day is none, which was said */
bool gateway_filter_query(const gateway_model *model, gateway_log_query *query);
/** "words "solitude", outcome merged"; empty when nothing is filtered. */
void gateway_filter_write(const gateway_model *model, buffer *out);
bool gateway_filter_is_set(const gateway_model *model);
void gateway_filter_clear(gateway_model *model);
/** Asks for a filter, if the command is one that does. @return false: it is another command */
bool gateway_filter_run(gateway_model *model, const char *command);

#endif
