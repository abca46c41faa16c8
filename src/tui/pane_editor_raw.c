/* src/tui/pane_editor_raw.c - a fixed field that was typed raw is checked when it is left: its length and every code (ED-44).
 *
 * Its alerts stand at the field while it is typed; that one went on with a fault in it is said once, on leaving. */
#include "editor.h"

#include <stdio.h>
#include <string.h>

static bool is_fixed(const char *tag)
{
    static const char *const tags[] = { "LDR", "006", "007", "008" };
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (strcmp(tag, tags[i]) == 0)
            return true;
    return false;
}

static void say_faults(editor *pane, size_t row)
{
    const editor_finding *first = NULL;
    size_t count = 0;
    editor_check(pane);
    for (size_t i = 0; i < pane->findings.count; i++) {
        const editor_finding *finding = &pane->findings.list[i];
        if (finding->row != row || finding->severity == MARC_SEVERITY_INFO)
            continue;
        if (first == NULL || finding->severity > first->severity)
            first = finding;
        count++;
    }
    if (count == 1)
        station_say(pane->station, "%s: %s", first->where, first->message);
    else if (count > 1)
        station_say(pane->station, "%s: %s; %zu more: F7", first->where, first->message, count - 1);
}

/* @return what stands in the row, in short: another content has another one */
static uint64_t print_of(const editor_row *row)
{
    uint64_t print = 1469598103934665603U; /* FNV-1a */
    for (size_t i = 0; i < row->content.length; i++)
        print = (print ^ (unsigned char)row->content.bytes[i]) * 1099511628211U;
    return print;
}

void editor_watch_raw(editor *pane)
{
    raw_watch *watch = &pane->raw;
    editor_row row;
    if (pane->session == NULL || edit_state_of(pane->session)->is_template)
        return;
    if (watch->known && watch->row == pane->row)
        return;
    if (watch->known && editor_row_get(pane, watch->row, &row) && is_fixed(row.tag) && print_of(&row) != watch->print)
        say_faults(pane, watch->row);
    *watch = (raw_watch){ .row = pane->row, .known = true };
    watch->print =
        editor_row_get(pane, pane->row, &row) ? print_of(&row) : 0; /* a new row gets its tag while the cursor is in it */
}
