/* src/tui/pane_editor_number.c - Generate Author Number: the item number of the call number field under the cursor, from the
 * heading the record is entered under and its year (K30). */
#include "editor.h"

#include "recto/marc/cutter.h"

#include <stdio.h>
#include <string.h>

/* 008/07-10, when it is a year. */
static void add_year(buffer *out, const marc_record *record)
{
    const text fixed = marc_record_control(record, "008");
    int64_t year;
    if (fixed.length >= 11 && text_to_integer(text_of(fixed.bytes + 7, 4), &year) && year > 999)
        buffer_append_format(out, " %lld", (long long)year);
}

static const char *why_not(const editor_row *row)
{
    const marc_field field = { .content = row->content };
    text number;
    if (strcmp(row->tag, "050") != 0 && strcmp(row->tag, "090") != 0)
        return "an author number belongs into 050 or 090: go there first";
    if (!marc_field_subfield(&field, 'a', &number) || number.length == 0)
        return "$$a has no class number yet";
    return marc_field_subfield(&field, 'b', &number) && number.length > 0 ? "there is an item number in $$b already" : NULL;
}

void editor_author_number(editor *pane)
{
    char number[CUTTER_LENGTH];
    editor_row row;
    buffer content;
    if (!editor_row_get(pane, pane->row, &row) || !editor_may_change(pane, pane->row))
        return;
    const char *why = why_not(&row);
    const text heading = marc_main_heading(editor_record(pane));
    if (why == NULL && !marc_cutter(number, heading))
        why = "neither 1XX nor 245 begins with a Latin letter";
    if (why != NULL) {
        station_say(pane->station, "%s", why);
        return;
    }
    buffer_init(&content, 0);
    buffer_append_text(&content, row.content);
    buffer_append_format(&content, "%cb%s", MARC_SUBFIELD_DELIMITER, number);
    add_year(&content, editor_record(pane));
    if (!buffer_failed(&content) && editor_set_content(pane, pane->row, row.tag, buffer_text(&content)))
        station_say(pane->station, "%s for %.*s; Undo takes it back", number, (int)heading.length, heading.bytes);
    buffer_release(&content);
}
