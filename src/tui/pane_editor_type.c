/* src/tui/pane_editor_type.c - Change Type of Record: leader/06 and 07 and the part of 008 that they decide, as one step of undo.
 *
 * Typing into the leader only reads 008 by another layout and clears nothing (ED-45); who asks for this command wants 008 made
 * over. What both layouts have by the same name and code is carried over, the rest becomes "no attempt to code". A record that is
 * linked to one of another zone has its type from there (ED-181). */
#include "editor.h"
#include "pick.h"

#include <stdio.h>
#include <string.h>

enum { TYPE_OFFSET = 6, TYPE_LENGTH = 2, MATERIAL = 18, MATERIAL_END = 35, WHOLE_008 = 40 };

static const struct {
    const char *code, *label; /* leader/06-07 */
} types[] = {
    { "am", "Book" },
    { "as", "Serial, printed or online text" },
    { "ai", "Integrating resource: loose-leaf, website, database" },
    { "aa", "Part of a book: chapter, article of a volume" },
    { "ab", "Part of a serial: article" },
    { "tm", "Manuscript text, thesis" },
    { "cm", "Printed music" },
    { "dm", "Manuscript music" },
    { "jm", "Sound recording: music" },
    { "im", "Sound recording: speech, sounds" },
    { "em", "Map" },
    { "fm", "Manuscript map" },
    { "gm", "Film, video, slides" },
    { "km", "Picture, photograph, poster" },
    { "om", "Kit" },
    { "rm", "Object, game, specimen" },
    { "mm", "Computer file: program, data" },
    { "pc", "Collection of mixed materials" },
};

/* ---- 008 made over ---- */

static const marc_fixed_layout *layout_of(const editor *pane, const char *leader, text content)
{
    return marc_tables_fixed(catalog_tables(station_catalog(pane->station)), MARC_BIBLIOGRAPHIC, "008", leader, content);
}

static const marc_position *position_named(const marc_fixed_layout *layout, text name)
{
    for (size_t i = 0; i < layout->position_count; i++)
        if (name.length > 0 && text_equal(layout->positions[i].name, name))
            return &layout->positions[i];
    return NULL;
}

/* One position of the new layout: the codes of the old one where they mean something here, else "no attempt to code". */
static void carry_over(char *out, const marc_position *to, const marc_position *from, const char *old)
{
    const size_t unit = to->unit_length > 0 ? to->unit_length : to->length;
    const bool same = from != NULL && from->length == to->length && from->unit_length == to->unit_length;
    for (size_t at = 0; at + unit <= to->length; at += unit) {
        text code = same ? text_of(old + from->offset + at, unit) : TEXT("");
        char *place = out + to->offset + at;
        if (same && to->code_count > 0 && marc_position_code(to, code) != NULL)
            memcpy(place, code.bytes, unit);
        else
            memset(place, '|', unit);
    }
}

/* @return false: one of the two is no layout of 40 bytes; 008 is left alone */
static bool made_over(char out[static WHOLE_008], const editor *pane, const char *was, const char *becomes, text content)
{
    const marc_fixed_layout *old = layout_of(pane, was, content), *new = layout_of(pane, becomes, content);
    if (old == NULL || new == NULL || content.length != WHOLE_008 || new->length != WHOLE_008)
        return false;
    memcpy(out, content.bytes, WHOLE_008);
    memset(out + MATERIAL, ' ', MATERIAL_END - MATERIAL);
    for (size_t i = 0; i < new->position_count; i++) {
        const marc_position *to = &new->positions[i];
        if (to->offset >= MATERIAL && to->offset + to->length <= MATERIAL_END)
            carry_over(out, to, position_named(old, to->name), content.bytes);
    }
    return true;
}

/* ---- the command ---- */

static bool change_type(editor *pane, const char *code)
{
    char leader[MARC_LEADER_LENGTH], material[WHOLE_008];
    const char *was = marc_record_leader(editor_record(pane));
    const size_t index = marc_record_find(editor_record(pane), "008", 0);
    memcpy(leader, was, sizeof leader);
    memcpy(leader + TYPE_OFFSET, code, TYPE_LENGTH);
    const bool makes =
        index != SIZE_MAX && made_over(material, pane, was, leader, marc_record_field(editor_record(pane), index)->content);
    marc_edit_settle(edit_of(pane->session));
    marc_edit_begin(edit_of(pane->session), "Change type of record");
    bool done = editor_set_content(pane, 0, "LDR", text_of(leader, sizeof leader));
    if (done && makes)
        done = editor_set_content(pane, index + 1, "008", text_of(material, sizeof material));
    marc_edit_end(edit_of(pane->session));
    return done;
}

static void type_chosen(workstation *station, void *context, const char *value)
{
    editor *pane = context;
    if (value == NULL || pane->session == NULL || !editor_may_change(pane, 0))
        return;
    if (memcmp(marc_record_leader(editor_record(pane)) + TYPE_OFFSET, value, TYPE_LENGTH) == 0) {
        station_say(station, "it is of this type already: nothing was changed");
        return;
    }
    if (change_type(pane, value))
        station_say(station,
                    "LDR/06-07 is %s now, and 008 was made over: | stands where nothing is known; one undo takes it back", value);
    editor_clamp(pane);
}

static bool is_linked(editor *pane)
{
    bib_info info;
    recto_error error;
    catalog *house = station_catalog(pane->station);
    const edit_state *state = edit_state_of(pane->session);
    if (repo_bib_info(catalog_repo(house), state->id, &info, catalog_now(house), &error) != RECTO_OK || info.linked_to == 0)
        return false; /* never saved: linked to nothing */
    char number[MMS_ID_LENGTH];
    mms_id_format(number, info.linked_to);
    station_say(pane->station, "this record is linked to %s: its type is changed there", number);
    return true;
}

void editor_change_type(editor *pane)
{
    char now[TYPE_LENGTH + 1] = "";
    if (!editor_may_change(pane, 0))
        return;
    if (marc_family_of(editor_record(pane)) != MARC_BIBLIOGRAPHIC) {
        station_say(pane->station, "only bibliographic records have a type of material");
        return;
    }
    if (is_linked(pane))
        return;
    memcpy(now, marc_record_leader(editor_record(pane)) + TYPE_OFFSET, TYPE_LENGTH);
    pick *offered = pick_new(pane->station, "Type of record (LDR/06-07)", type_chosen, pane);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        pick_add(offered, text_from(types[i].code), text_from(types[i].code), text_from(types[i].label));
    pick_start_at(offered, text_from(now));
    pick_open(offered, TEXT(""));
}
