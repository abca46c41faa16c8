/* src/tui/pane_editor_heading.c - F3: the list of headings for the field under the cursor (ED-115). A uniform title is browsed
 * under the name of its record. */
#include "editor.h"
#include "heading_panes.h"

#include <string.h>

enum { LETTERS_LEAST = 3 };

static void heading_of(buffer *out, editor *pane, const marc_field *field, browse_kind kind)
{
    buffer key;
    if (catalog_is_uniform_title(editor_record(pane), field->tag)) {
        (void)catalog_uniform_title_heading(out, station_catalog(pane->station), editor_record(pane), field);
        return;
    }
    buffer_init(&key, 0);
    if (!repo_field_heading(out, &key, field, kind)) {
        buffer_clear(out);
        marc_field_join(out, field, "abcdgntvxyz");
    }
    buffer_release(&key);
}

/* In an authority record: its heading, what it is seen from, what to see also. */
static bool is_controlled(browse_kind *kind, const marc_record *record, const char *tag)
{
    static const struct {
        const char *ending;
        browse_kind kind;
    } kinds[] = { { "00", BROWSE_NAMES },    { "10", BROWSE_NAMES },    { "11", BROWSE_NAMES },    { "30", BROWSE_TITLES },
                  { "48", BROWSE_SUBJECTS }, { "50", BROWSE_SUBJECTS }, { "51", BROWSE_SUBJECTS }, { "55", BROWSE_SUBJECTS } };
    if (catalog_is_uniform_title(record, tag)) {
        *kind = BROWSE_TITLES;
        return true;
    }
    if (marc_family_of(record) != MARC_AUTHORITY)
        return catalog_controlled(kind, tag);
    if (tag[0] != '1' && tag[0] != '4' && tag[0] != '5')
        return false;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(tag + 1, kinds[i].ending) == 0) {
            *kind = kinds[i].kind;
            return true;
        }
    return false;
}

void editor_browse_heading(editor *pane)
{
    browse_kind kind;
    buffer heading;
    editor_row row;
    workstation *station = pane->station;
    if (pane->tag_pending)
        editor_commit_tag(pane);
    marc_edit_settle(edit_of(pane->session));
    if (!editor_row_get(pane, pane->row, &row))
        return;
    if (strcmp(row.tag, "880") == 0) {
        station_say(station, "880: headings are of the Latin half of the pair; this one is left as it is");
        return;
    }
    if (row.leader || !is_controlled(&kind, editor_record(pane), row.tag)) {
        station_say(station, "no headings for %s: %s have them", row.tag,
                    marc_family_of(editor_record(pane)) == MARC_AUTHORITY ? "1XX, 4XX and 5XX"
                                                                          : "100-130, 240, 440, 490, 600-655, 700-754, 800-830");
        return;
    }
    buffer_init(&heading, 0);
    heading_of(&heading, pane, marc_record_field(editor_record(pane), pane->row - 1), kind);
    if (utf8_count(buffer_text(&heading)) < LETTERS_LEAST)
        station_say(station, "type at least three characters of the heading, then F3 shows those near it");
    else
        headings_pane_for_field(station, pane->session, pane->row - 1, kind, buffer_text(&heading));
    buffer_release(&heading);
}
