/* src/tui/station_return.c - what one comes back to: the order of the open records, the one in front, the one beside it (ED-25).
 *
 * Written at each end that leaves time for it, and used up when the records are resumed: what is told of an end before the last
 * one would be wrong. The text and the cursor are in the drafts themselves. */
#include "editor.h"
#include "remembered.h"
#include "station.h"

#include <stdlib.h>
#include <string.h>

static const char REMEMBERED[] = "records/left";

static void append_id(buffer *out, const edit_session *session)
{
    char id[MMS_ID_LENGTH] = "-";
    if (session != NULL)
        mms_id_format(id, edit_state_of(session)->id);
    buffer_append_string(out, id);
    buffer_append_char(out, ' ');
}

/* "FRONT BESIDE FIRST SECOND ...": MMS IDs; "-" where there is none. */
void station_note_return(workstation *station)
{
    buffer list;
    buffer_init(&list, 64 * 1024);
    const edit_session *front = station_session(station);
    const desk *desk = front != NULL ? station_record_desk(station, front) : NULL;
    const edit_session *beside = NULL;
    for (size_t i = 0; desk != NULL && i < desk->stacks[PLACE_COMPANION].count; i++)
        if (desk->stacks[PLACE_COMPANION].panes[i].kind == &beside_pane)
            beside = beside_session(desk->stacks[PLACE_COMPANION].panes[i].model);
    append_id(&list, front);
    append_id(&list, beside);
    for (size_t i = 0; i < station->record_count; i++)
        append_id(&list, station->records[i]->session);
    if (!buffer_failed(&list))
        remembered_set(station, REMEMBERED, buffer_string(&list));
    buffer_release(&list);
}

static size_t number_of(workstation *station, text id)
{
    mms_id wanted;
    for (size_t i = 0; mms_id_parse(&wanted, id) && i < station->record_count; i++)
        if (edit_state_of(station->records[i]->session)->id == wanted)
            return i;
    return SIZE_MAX;
}

/* Those of the list come first, in its order; the others behind them as they are. */
static void put_in_order(workstation *station, text list)
{
    size_t sorted = 0;
    while (list.bytes != NULL) {
        const size_t from = number_of(station, text_next_field(&list, ' '));
        if (from == SIZE_MAX || from < sorted)
            continue;
        desk *moved = station->records[from];
        memmove(&station->records[sorted + 1], &station->records[sorted], (from - sorted) * sizeof(desk *));
        station->records[sorted++] = moved;
    }
}

bool station_return(workstation *station)
{
    buffer list;
    buffer_init(&list, 64 * 1024);
    remembered_get(station, REMEMBERED, &list);
    text rest = buffer_text(&list);
    const text front = text_next_field(&rest, ' '), beside = text_next_field(&rest, ' ');
    put_in_order(station, rest);
    const size_t number = number_of(station, front), other = number_of(station, beside);
    if (number != SIZE_MAX)
        station_focus_record(station, number);
    if (number != SIZE_MAX && other != SIZE_MAX && other != number)
        beside_open(station, station->records[other]->session);
    if (list.length > 0)
        remembered_set(station, REMEMBERED, "");
    buffer_release(&list);
    return number != SIZE_MAX;
}
