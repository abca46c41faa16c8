/* src/tui/records_tabs.c - the sub-tabs of the list of records by family, each with its counter (ED-10, ED-11), and the drafts
 * that rest: untouched for thirty days they are listed only when asked for (ED-71). */
#include "records_list.h"

#include <stdio.h>

static const struct {
    int tab;
    const char *title;
} tabs[] = { { RECORDS_TAB_ALL, "All" },
             { MARC_BIBLIOGRAPHIC, "Bibliographic" },
             { MARC_HOLDINGS, "Holdings" },
             { MARC_AUTHORITY, "Authority" } };
enum { TAB_COUNT = sizeof tabs / sizeof *tabs };

/* The shown tab stands in brackets, so that it is seen without colours. */
void records_draw_tabs(const records_model *model, const surface *area, int at)
{
    char title[64], note[80];
    int column = 2;
    for (size_t i = 0; i < TAB_COUNT; i++) {
        const bool current = tabs[i].tab == model->tab;
        const size_t count = tabs[i].tab == RECORDS_TAB_ALL ? model->all : model->tabs[tabs[i].tab];
        snprintf(title, sizeof title, "%c%s %zu%c", current ? '[' : ' ', tabs[i].title, count, current ? ']' : ' ');
        column += surface_put(area, at, column, current ? ROLE_RULE_FOCUS : ROLE_LABEL, title) + 1;
    }
    if (model->resting == 0)
        return;
    snprintf(note, sizeof note, "%zu older draft%s: O lists", model->resting, model->resting == 1 ? "" : "s");
    const int width = display_width(text_from(note), surface_utf8(area));
    if (column + width + 1 < area->columns)
        surface_put(area, at, area->columns - width - 1, ROLE_TEXT_DIM, note);
}

void records_next_tab(records_model *model)
{
    size_t at = 0;
    while (at < TAB_COUNT && tabs[at].tab != model->tab)
        at++;
    model->tab = tabs[(at + 1) % TAB_COUNT].tab;
    model->list.current = model->list.top = 0;
}

void records_show_resting(records_model *model)
{
    if (!model->with_resting && model->resting == 0) {
        station_say(model->station, "no draft of yours has rested for %d days", DRAFT_RESTS_AFTER_DAYS);
        return;
    }
    model->with_resting = !model->with_resting;
    station_say(model->station, "%s",
                model->with_resting ? "drafts untouched for 30 days are listed, too" : "drafts untouched for 30 days are hidden");
}

bool records_in_tab(const records_model *model, const row *row)
{
    return model->tab == RECORDS_TAB_ALL || (int)row->family == model->tab;
}
