/* src/tui/pane_editor_find.c - find in the open record, and what is asked before replacing (ED-40).
 *
 * What was looked for last belongs to the workstation, so that the next match can be looked for in the next record. */
#include "editor.h"
#include "replace.h"
#include "station.h"
#include "text_pattern.h"

#include <stdio.h>
#include <string.h>

/* The values of a field one after the other: where each begins in the content. */
static bool next_value(const editor_row *row, size_t *at, size_t *start, size_t *end)
{
    if (*at >= row->content.length)
        return false;
    if (row->control) {
        *start = 0;
        *end = *at = row->content.length;
        return true;
    }
    while (*at < row->content.length && row->content.bytes[*at] != MARC_SUBFIELD_DELIMITER)
        (*at)++;
    if (*at >= row->content.length)
        return false;
    *start = editor_has_code(row, *at) ? *at + 2 : *at + 1;
    for (*end = *start; *end < row->content.length && row->content.bytes[*end] != MARC_SUBFIELD_DELIMITER;)
        (*end)++;
    *at = *end;
    return true;
}

typedef struct found_place {
    size_t row, offset;
} found_place;

static bool is_before(found_place one, found_place other)
{
    return one.row < other.row || (one.row == other.row && one.offset < other.offset);
}

typedef struct search {
    found_place cursor, first, last, next, previous;
    size_t count, number; /* matches in all; which one the next or previous is */
    bool has_next, has_previous;
} search;

static void note_match(search *found, found_place at)
{
    if (found->count++ == 0)
        found->first = at;
    found->last = at;
    if (is_before(at, found->cursor)) {
        found->previous = at;
        found->has_previous = true;
    } else if (is_before(found->cursor, at) && !found->has_next) {
        found->next = at;
        found->has_next = true;
    }
}

static void search_row(search *found, text_pattern *pattern, const editor_row *row, size_t index)
{
    size_t at = 0, start, end, match, length;
    while (next_value(row, &at, &start, &end)) {
        text value = text_of(row->content.bytes + start, end - start);
        for (size_t from = 0; text_pattern_find(pattern, value, from, &match, &length); from = match + length)
            note_match(found, (found_place){ index, start + match });
    }
}

static void find_matches(editor *pane, text_pattern *pattern, search *found)
{
    editor_row row;
    *found = (search){ .cursor = { pane->row, pane->box == BOX_CONTENT ? pane->offset : 0 } };
    for (size_t i = 0; editor_row_get(pane, i, &row); i++)
        search_row(found, pattern, &row, i);
}

void editor_find_again(editor *pane, int by)
{
    workstation *station = pane->station;
    text_pattern *pattern = NULL;
    recto_error error = { 0 };
    search found;
    if (station->find_typed[0] == '\0') {
        editor_find(pane);
        return;
    }
    if (pane->tag_pending)
        editor_commit_tag(pane);
    if (text_pattern_new(&pattern, text_from(station->find_typed), &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    find_matches(pane, pattern, &found);
    if (found.count == 0) {
        station_say(station, "'%s' is not in this record%s", station->find_typed,
                    text_pattern_limits_met(pattern) > 0 ? ", as far as it could be searched: the expression tries too much"
                                                         : "");
    } else {
        bool round = by > 0 ? !found.has_next : !found.has_previous;
        found_place to = by > 0 ? (round ? found.first : found.next) : round ? found.last : found.previous;
        editor_move_to(pane, to.row, BOX_CONTENT, to.offset);
        editor_clamp(pane);
        station_say(station, "%zu match%s of '%s'%s", found.count, found.count == 1 ? "" : "es", station->find_typed,
                    !round || found.count == 1 ? ""
                    : by > 0                   ? "; on from the top"
                                               : "; on from the end");
    }
    text_pattern_free(pattern);
}

static void find_typed(workstation *station, void *context, const char *answer)
{
    editor *pane = context;
    if (answer == NULL || *answer == '\0')
        return;
    snprintf(station->find_typed, sizeof station->find_typed, "%s", answer);
    editor_find_again(pane, 1);
}

void editor_find(editor *pane)
{
    station_prompt(pane->station, "Find (text, or /PCRE2/i):", pane->station->find_typed, find_typed, pane);
}

/* ---- replace ---- */

static bool all_records(text *scope)
{
    if (!text_starts(*scope, TEXT("all")))
        return false;
    *scope = text_trim(text_of(scope->bytes + 3, scope->length - 3));
    return true;
}

static void scope_typed(workstation *station, void *context, const char *answer)
{
    text scope;
    (void)context;
    if (answer == NULL)
        return;
    scope = text_trim(text_from(answer));
    bool all = all_records(&scope);
    if (text_starts(scope, TEXT("record")))
        scope = text_trim(text_of(scope.bytes + 6, scope.length - 6));
    if (!replace_scope_is_sound(scope)) {
        station_say(station, "'%s': record or all, then fields (245 6XX$a$x), or none for every field", answer);
        return;
    }
    snprintf(station->replace_scope, sizeof station->replace_scope, "%s", answer);
    replace_pane_open(station, all, scope);
}

static void replacement_typed(workstation *station, void *context, const char *answer)
{
    if (answer == NULL)
        return;
    snprintf(station->replace_typed, sizeof station->replace_typed, "%s", answer);
    station_prompt(station, "In (record, or all that are open; then fields: 6XX$a):",
                   station->replace_scope[0] != '\0' ? station->replace_scope : "record", scope_typed, context);
}

static void replaced_typed(workstation *station, void *context, const char *answer)
{
    text_pattern *pattern = NULL;
    recto_error error = { 0 };
    if (answer == NULL || *answer == '\0')
        return;
    snprintf(station->find_typed, sizeof station->find_typed, "%s", answer);
    if (text_pattern_new(&pattern, text_from(answer), &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    station_prompt(station, text_pattern_is_expression(pattern) ? "Replace by ($1 is a group, $$ a dollar):" : "Replace by:",
                   station->replace_typed, replacement_typed, context);
    text_pattern_free(pattern);
}

void editor_replace(editor *pane)
{
    if (pane->tag_pending)
        editor_commit_tag(pane);
    station_prompt(pane->station, "Replace (text, or /PCRE2/i):", pane->station->find_typed, replaced_typed, pane);
}
