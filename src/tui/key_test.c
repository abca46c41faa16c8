/* src/tui/key_test.c - Test Keys: what arrives of a key that is pressed, and what it does here (ED-198). A terminal that sends
 * Alt and a letter as another letter is found out before it is needed. */
#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS_SEEN = 6, TEST_ROWS = 10, TEST_COLUMNS = 66 };

typedef struct key_test {
    workstation *station;
    char context[32];
    key seen[KEYS_SEEN]; /* newest last */
    size_t count;
} key_test;

static bool is_foreign_letter(const key *pressed)
{
    return pressed->name == KEY_IS_TEXT && !pressed->alt && !pressed->ctrl && (unsigned char)pressed->text[0] >= 0x80;
}

static void draw_key(const key_test *test, const surface *inside, int row, const key *pressed)
{
    const binding *bound = NULL;
    buffer name;
    buffer_init(&name, 200);
    key_write(&name, pressed, false);
    surface_data(inside, row, 1, 18, ROLE_FIELD_FIXED, buffer_text(&name), true);
    if (is_foreign_letter(pressed))
        surface_put(inside, row, 20, ROLE_ALERT_WARNING, "a letter: was it Alt? Let Alt send Escape");
    else if (keymap_find(&bound, test->station->keymap, test->context, pressed, 1) == KEYMAP_FOUND)
        surface_put(inside, row, 20, ROLE_DIALOG, bound->command->title);
    else
        surface_put(inside, row, 20, ROLE_TEXT_DIM, pressed->name == KEY_IS_TEXT ? "is typed" : "no command here");
    buffer_release(&name);
}

static void draw(void *model, const surface *whole, workstation *station)
{
    const key_test *test = model;
    const surface inside = overlay_box(whole, TEST_ROWS, TEST_COLUMNS, "Test Keys", NULL);
    (void)station;
    surface_put(&inside, 0, 1, ROLE_DIALOG, "Press Alt+I now, then any key: how it arrived stands here.");
    for (size_t i = 0; i < test->count; i++)
        draw_key(test, &inside, 2 + (int)i, &test->seen[i]);
}

void key_test_typed(void *model, const key *pressed, workstation *station)
{
    key_test *test = model;
    if (pressed->name == KEY_NAME_ESCAPE) {
        station_drop_overlay(station, test);
        return;
    }
    if (test->count == KEYS_SEEN)
        memmove(test->seen, test->seen + 1, --test->count * sizeof *test->seen);
    test->seen[test->count++] = *pressed;
}

void key_test_open(workstation *station)
{
    key_test *test = calloc(1, sizeof *test);
    if (test == NULL) {
        station_say(station, "no memory for the test of keys");
        return;
    }
    test->station = station;
    snprintf(test->context, sizeof test->context, "%s", station_context(station));
    const overlay layer = { draw, key_test_typed, NULL, free, test, "Any key is shown  Esc Back" };
    station_add_overlay(station, &layer);
}
