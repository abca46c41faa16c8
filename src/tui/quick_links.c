/* src/tui/quick_links.c - actions that a cataloger has pinned: the last of the menus, remembered by name (ED-27). */
#include "quick_links.h"

#include "remembered.h"
#include "setting_lines.h"

static const char REMEMBERED[] = "menu/quick";

size_t quick_links(const command *out[], size_t capacity, workstation *station)
{
    buffer names;
    size_t count = 0;
    buffer_init(&names, 64 * 1024);
    remembered_get(station, REMEMBERED, &names);
    for (text rest = buffer_text(&names); rest.length > 0 && count < capacity;) {
        char name[64];
        const text word = text_next_field(&rest, ' ');
        if (!setting_copy(name, sizeof name, word))
            continue;
        const command *pinned = command_named(name); /* one that is no longer there is passed over */
        if (pinned != NULL)
            out[count++] = pinned;
    }
    buffer_release(&names);
    return count;
}

void quick_links_turn(workstation *station, const command *turned)
{
    const command *pinned[QUICK_LINKS_MOST];
    const size_t count = quick_links(pinned, QUICK_LINKS_MOST, station);
    bool was_there = false;
    buffer names;
    buffer_init(&names, 64 * 1024);
    for (size_t i = 0; i < count; i++) {
        if (pinned[i] == turned)
            was_there = true;
        else
            buffer_append_format(&names, "%s ", pinned[i]->name);
    }
    if (!was_there && count == QUICK_LINKS_MOST) {
        station_say(station, "%d actions are pinned: take one out first, by + in the menu Quick", QUICK_LINKS_MOST);
    } else if (!buffer_failed(&names)) {
        if (!was_there)
            buffer_append_string(&names, turned->name);
        remembered_set(station, REMEMBERED, buffer_string(&names));
        station_say(station, was_there ? "%s: no longer in the menu Quick" : "%s: in the menu Quick now", turned->title);
    }
    buffer_release(&names);
}
