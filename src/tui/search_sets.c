/* src/tui/search_sets.c - the rows that are selected, or the one under the cursor, into a set of one's own (SE-57, SE-67). */
#include "remembered.h"
#include "search_model.h"

#include "recto/base/plural.h"
#include "recto/catalog/lists.h"

#include <stdio.h>

static void add_line(buffer *out, mms_id id)
{
    char number[MMS_ID_LENGTH];
    mms_id_format(number, id);
    buffer_append_format(out, "%s\n", number);
}

static void add_to(search_model *model, text name)
{
    workstation *station = model->station;
    record_set set = { .type = SEARCH_ALL_TITLES };
    set_line_counts counts;
    buffer lines;
    recto_error error = { 0 };
    buffer_init(&lines, 64 * 1024);
    snprintf(set.name, sizeof set.name, "%.*s", (int)name.length, name.bytes);
    for (size_t i = 0; i < model->selected_count; i++)
        add_line(&lines, model->selected[i]);
    if (model->selected_count == 0)
        add_line(&lines, model->for_set);
    if (catalog_set_keep_lines(&set, &counts, station_catalog(station), buffer_text(&lines), 'm', NULL, NULL, &error) !=
        RECTO_OK) {
        station_error(station, &error);
    } else {
        remembered_set(station, "set", set.name);
        model->selected_count = 0;
        station_say(station, "%zu %s added to the set %s%s", counts.added, plural(counts.added, "record", "records"), set.name,
                    counts.added < counts.found ? "; the others are in it already" : "");
    }
    buffer_release(&lines);
}

static void name_typed(workstation *station, void *context, const char *answer)
{
    const text name = answer != NULL ? text_trim(text_from(answer)) : text_of("", 0);
    const record_set *any = NULL;
    if (name.length == 0)
        station_say(station, "nothing was added to a set");
    else if (name.length >= sizeof any->name)
        station_say(station, "a name of a set has at most %zu bytes", sizeof any->name - 1);
    else
        add_to(context, name);
}

void search_ask_set(search_model *model, mms_id current)
{
    buffer last;
    char label[80];
    const size_t count = model->selected_count > 0 ? model->selected_count : 1;
    buffer_init(&last, 256);
    remembered_get(model->station, "set", &last);
    model->for_set = current;
    snprintf(label, sizeof label, "Add %zu %s to the set (a new name makes one):", count, plural(count, "record", "records"));
    station_prompt(model->station, label, buffer_string(&last), name_typed, model);
    buffer_release(&last);
}
