/* src/tui/pane_editor_settings.c - how a cataloger likes the grid: the sign before a subfield code, and whether a new field moves
 * to the place of its tag. Kept for the user; a change holds for every record that is open. */
#include "editor.h"
#include "remembered.h"
#include "station.h"

#include "recto/catalog/settings.h"

#include <string.h>

static const struct {
    const char *sign;
    int columns;
} delimiters[] = { { "$$", 2 }, { "‡", 1 }, { "|", 1 } };

enum { DELIMITERS = sizeof delimiters / sizeof *delimiters };

const char *editor_delimiter(const editor *pane, int *columns)
{
    size_t number =
        pane->utf8 || (unsigned char)delimiters[pane->delimiter].sign[0] < 0x80 ? pane->delimiter : 0; /* ASCII has no dagger */
    *columns = delimiters[number].columns;
    return delimiters[number].sign;
}

/* ‡ begins a subfield wherever it is typed: no record has it as text. | does where it is the sign that was chosen. */
bool editor_is_delimiter(const editor *pane, text letters)
{
    return text_equal(letters, text_from(delimiters[1].sign)) ||
           (pane->delimiter == 2 && text_equal(letters, text_from(delimiters[2].sign)));
}

static size_t delimiter_named(text sign)
{
    for (size_t i = 0; i < DELIMITERS; i++)
        if (text_equal(sign, text_from(delimiters[i].sign)))
            return i;
    return DELIMITERS;
}

void editor_settings_read(editor *pane)
{
    buffer value;
    buffer_init(&value, 256);
    remembered_get(pane->station, "delimiter", &value);
    size_t number = delimiter_named(buffer_text(&value));
    pane->delimiter = number < DELIMITERS ? number : 0;
    buffer_clear(&value);
    remembered_get(pane->station, "sort_on_tag", &value);
    pane->sort_on_tag = text_equal(buffer_text(&value), TEXT("yes"));
    buffer_clear(&value);
    catalog *desk = station_catalog(pane->station);
    pane->pairs_only_added = catalog_setting_get(&value, NULL, desk, catalog_zone(desk, ZONE_INSTITUTION),
                                                 "alternate_graphic_representation_editing", NULL) == RECTO_OK &&
                             text_equal(buffer_text(&value), TEXT("no"));
    buffer_release(&value);
}

/* All editors that are open read their settings again. */
static void read_everywhere(workstation *station)
{
    for (size_t i = 0; i < station->record_count; i++)
        for (int place = PLACE_MAIN; place <= PLACE_COMPANION; place++) {
            pane_stack *stack = &station->records[i]->stacks[place];
            for (size_t j = 0; j < stack->count; j++)
                if (stack->panes[j].kind == &editor_pane || stack->panes[j].kind == &beside_pane)
                    editor_settings_read(stack->panes[j].model);
        }
    station_redraw(station);
}

static void delimiter_typed(workstation *station, void *context, const char *answer)
{
    (void)context;
    if (answer == NULL)
        return;
    text sign = text_trim(text_from(answer));
    if (delimiter_named(sign) == DELIMITERS) {
        station_say(station, "'%s': a subfield begins with $$, ‡ or |", answer);
        return;
    }
    remembered_set(station, "delimiter", delimiters[delimiter_named(sign)].sign);
    read_everywhere(station);
    station_say(station, "subfields begin with %s now; typed, $$ and ‡ are always understood",
                delimiters[delimiter_named(sign)].sign);
}

void editor_choose_delimiter(editor *pane)
{
    station_prompt(pane->station, "Sign before a subfield code ($$, ‡ or |):", delimiters[pane->delimiter].sign, delimiter_typed,
                   NULL);
}

void editor_toggle_sort_on_tag(editor *pane)
{
    bool sorts = !pane->sort_on_tag;
    remembered_set(pane->station, "sort_on_tag", sorts ? "yes" : "no");
    read_everywhere(pane->station);
    pane->sort_on_tag = sorts; /* where nothing can be remembered it holds for this record */
    station_say(pane->station,
                sorts ? "a field goes to the place of its tag when the tag was typed" : "a field stays where it was put");
}
