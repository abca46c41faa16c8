/* src/tui/pane_editor_block.c - cut, copy, paste, remove, move, sort, split and join of whole fields, one or several at once.
 *
 * Each is one step of the undo log with a title of its own. The clipboard belongs to the workstation and outlives the record:
 * fields are their tag and content, one behind the other with field terminators between; subfields begin with a delimiter. */
#include "editor.h"

#include "recto/base/plural.h"
#include "recto/marc/linkage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_systems(const char *tag)
{
    return strcmp(tag, "001") == 0 || strcmp(tag, "005") == 0;
}

static bool say_failed(editor *pane, recto_status status, const recto_error *error)
{
    if (status != RECTO_OK)
        station_error(pane->station, error);
    return status != RECTO_OK;
}

/* "245", or "3 fields". */
static void name_fields(const editor *pane, char out[static 40], const size_t *fields, size_t count)
{
    if (count == 1)
        snprintf(out, 40, "%s", marc_record_field(editor_record(pane), fields[0])->tag);
    else
        snprintf(out, 40, "%zu fields", count);
}

static void begin(editor *pane, const char *verb, const char *what)
{
    char title[80];
    snprintf(title, sizeof title, "%s %s", verb, what);
    marc_edit_settle(edit_of(pane->session));
    marc_edit_begin(edit_of(pane->session), title);
}

static void end(editor *pane)
{
    marc_edit_end(edit_of(pane->session));
    editor_changed(pane);
}

static void put_cursor(editor *pane, size_t row)
{
    editor_move_to(pane, row, BOX_CONTENT, 0);
    editor_enter_content(pane);
}

/* The fields to be worked on; says why when there is none. Yours to free(). */
static size_t *chosen(editor *pane, size_t *count)
{
    if (pane->tag_pending)
        editor_commit_tag(pane);
    size_t *fields = editor_chosen_fields(pane, count);
    if (fields == NULL)
        station_say(pane->station, pane->row == 0 ? "the leader is not a field" : "no memory for the fields");
    return fields;
}

static bool all_are_ours(editor *pane, const size_t *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *tag = marc_record_field(editor_record(pane), fields[i])->tag;
        if (is_systems(tag)) {
            station_say(pane->station, "%s is kept by the system", tag);
            return false;
        }
    }
    return true;
}

/* ---- remove, cut, copy, paste ---- */

/* From the last to the first, so that places stay right. Of a pair the half that stays stands alone from then on (ED-130); what
 * is cut keeps its link, for it is put back somewhere. */
static bool remove_all(editor *pane, const char *verb, bool for_good, const size_t *fields, size_t count)
{
    recto_error error = { 0 };
    recto_status status = RECTO_OK;
    char what[40];
    name_fields(pane, what, fields, count);
    begin(pane, verb, what);
    for (size_t i = count; i-- > 0 && status == RECTO_OK;)
        status = for_good ? marc_linkage_remove(edit_of(pane->session), fields[i], false, &error)
                          : marc_edit_remove(edit_of(pane->session), fields[i], &error);
    editor_marks_clear(pane);
    end(pane);
    if (say_failed(pane, status, &error))
        return false;
    pane->tag_pending = false;
    put_cursor(pane, fields[0] + 1);
    return true;
}

void editor_remove_field(editor *pane)
{
    size_t count;
    char what[40];
    if (!editor_may_change(pane, 0))
        return;
    if (pane->row == 0 && editor_marked_count(pane) == 0) {
        station_say(pane->station, "the leader cannot be removed");
        return;
    }
    if (editor_marked_count(pane) == 0 && editor_asks_before_removing(pane))
        return;
    if (editor_marked_count(pane) == 0)
        pane->tag_pending = false; /* it goes with the field */
    size_t *fields = chosen(pane, &count);
    if (fields != NULL && all_are_ours(pane, fields, count)) {
        const bool lone = count == 1 && strcmp(marc_record_field(editor_record(pane), fields[0])->tag, "880") == 0;
        name_fields(pane, what, fields, count);
        if (remove_all(pane, "Remove", true, fields, count))
            station_say(pane->station, "removed %s%s; undo brings %s back", what,
                        lone ? ", whose text stands nowhere else in the record" : "", count == 1 ? "it" : "them");
    }
    free(fields);
}

static bool to_clipboard(editor *pane, const size_t *fields, size_t count)
{
    buffer *clipboard = station_clipboard(pane->station);
    buffer_clear(clipboard);
    for (size_t i = 0; i < count; i++) {
        const marc_field *field = marc_record_field(editor_record(pane), fields[i]);
        if (i > 0)
            buffer_append_char(clipboard, MARC_FIELD_TERMINATOR);
        buffer_append(clipboard, field->tag, MARC_TAG_LENGTH);
        buffer_append_text(clipboard, field->content);
    }
    if (!buffer_failed(clipboard))
        return true;
    buffer_clear(clipboard);
    station_say(pane->station, "no memory to copy the fields");
    return false;
}

void editor_copy_field(editor *pane, bool cut)
{
    size_t count;
    char what[40];
    if (cut && !editor_may_change(pane, 0))
        return;
    if (pane->row == 0 && editor_marked_count(pane) == 0) {
        station_say(pane->station, "the leader is not a field to be copied");
        return;
    }
    size_t *fields = chosen(pane, &count);
    if (fields != NULL && (!cut || all_are_ours(pane, fields, count)) && to_clipboard(pane, fields, count)) {
        name_fields(pane, what, fields, count);
        if (!cut || remove_all(pane, "Cut", false, fields, count))
            station_say(pane->station, "%s %s; paste puts %s behind the field under the cursor, in any record",
                        cut ? "cut" : "copied", what, count == 1 ? "it" : "them");
        editor_marks_clear(pane);
    }
    free(fields);
}

static recto_status insert_one(editor *pane, size_t index, text field, size_t *left_out, recto_error *error)
{
    char tag[MARC_TAG_LENGTH + 1] = "";
    if (field.length < MARC_TAG_LENGTH)
        return RECTO_OK;
    memcpy(tag, field.bytes, MARC_TAG_LENGTH);
    if (is_systems(tag)) {
        (*left_out)++;
        return RECTO_OK;
    }
    text content = text_of(field.bytes + MARC_TAG_LENGTH, field.length - MARC_TAG_LENGTH);
    return marc_edit_insert(edit_of(pane->session), index, tag, content, error);
}

static size_t clipboard_fields(const buffer *clipboard)
{
    size_t count = 1;
    for (size_t i = 0; i < clipboard->length; i++)
        count += clipboard->bytes[i] == MARC_FIELD_TERMINATOR ? 1 : 0;
    return count;
}

static void paste_fields(editor *pane)
{
    recto_error error = { 0 };
    recto_status status = RECTO_OK;
    const buffer *clipboard = station_clipboard(pane->station);
    text rest = text_of(clipboard->bytes, clipboard->length);
    size_t before = marc_record_count(editor_record(pane)), left_out = 0, at = pane->row;
    char what[40];
    size_t wanted = clipboard_fields(clipboard);
    if (wanted == 1)
        snprintf(what, sizeof what, "%.3s", clipboard->bytes);
    else
        snprintf(what, sizeof what, "%zu fields", wanted);
    if (wanted == 1 && is_systems(what)) {
        station_say(pane->station, "%s is kept by the system: it cannot be pasted", what);
        return;
    }
    editor_marks_clear(pane);
    begin(pane, "Paste", what);
    while (rest.bytes != NULL && rest.length > 0 && status == RECTO_OK) {
        size_t put = marc_record_count(editor_record(pane)) - before;
        status = insert_one(pane, at + put, text_next_field(&rest, MARC_FIELD_TERMINATOR), &left_out, &error);
    }
    end(pane);
    size_t put = marc_record_count(editor_record(pane)) - before;
    if (put > 0)
        put_cursor(pane, at + put);
    if (say_failed(pane, status, &error))
        return;
    if (left_out > 0)
        station_say(pane->station, "pasted %zu field%s; %zu that the system keeps %s left out", put, plural(put, "", "s"),
                    left_out, left_out == 1 ? "was" : "were");
    else
        station_say(pane->station, "pasted %s", what);
}

void editor_paste_field(editor *pane)
{
    const buffer *clipboard = station_clipboard(pane->station);
    if (!editor_may_change(pane, 0) || clipboard->length == 0)
        return;
    if (pane->tag_pending)
        editor_commit_tag(pane);
    if (clipboard->bytes[0] == MARC_SUBFIELD_DELIMITER)
        editor_paste_subfield(pane, text_of(clipboard->bytes, clipboard->length));
    else
        paste_fields(pane);
}

/* ---- move and sort ---- */

static bool can_move(editor *pane, const size_t *fields, size_t count, int by)
{
    if (by < 0 ? fields[0] > 0 : fields[count - 1] + 1 < marc_record_count(editor_record(pane)))
        return true;
    station_say(pane->station, by < 0 ? "it is the first field" : "it is the last field");
    return false;
}

void editor_move_field(editor *pane, int by)
{
    recto_error error = { 0 };
    recto_status status = RECTO_OK;
    size_t count, marked = editor_marked_count(pane);
    char what[40];
    if (!editor_may_change(pane, 0))
        return;
    if (pane->row == 0 && marked == 0) {
        station_say(pane->station, "the leader stays first");
        return;
    }
    size_t *fields = chosen(pane, &count);
    if (fields == NULL || !can_move(pane, fields, count, by))
        goto out;
    name_fields(pane, what, fields, count);
    begin(pane, "Move", what);
    for (size_t i = 0; i < count && status == RECTO_OK; i++) {
        size_t from = fields[by < 0 ? i : count - 1 - i];
        status = marc_edit_move(edit_of(pane->session), from, from + (size_t)by, &error);
        if (status == RECTO_OK && from + 1 == pane->row)
            pane->row += (size_t)by;
    }
    for (size_t i = 0; marked > 0 && i < count; i++)
        pane->marks.marked[fields[i]] = false;
    for (size_t i = 0; marked > 0 && i < count; i++)
        pane->marks.marked[fields[i] + (size_t)by] = true;
    end(pane);
    editor_clamp(pane);
    say_failed(pane, status, &error);
out:
    free(fields);
}

/* Puts fields[i] behind those before it whose tags are not greater; the first stays the place of all. */
static recto_status sort_chosen(editor *pane, const size_t *fields, size_t count, recto_error *error)
{
    marc_edit *edit = edit_of(pane->session);
    recto_status status = RECTO_OK;
    for (size_t i = 1; i < count && status == RECTO_OK; i++) {
        size_t to = fields[0] + i;
        char tag[MARC_TAG_LENGTH + 1];
        memcpy(tag, marc_record_field(marc_edit_record(edit), fields[i])->tag, sizeof tag);
        while (to > fields[0] && strcmp(marc_record_field(marc_edit_record(edit), to - 1)->tag, tag) > 0)
            to--;
        status = marc_edit_move(edit, fields[i], to, error);
    }
    return status;
}

void editor_sort_fields(editor *pane)
{
    recto_error error = { 0 };
    size_t count = marc_record_count(editor_record(pane)), marked = editor_marked_count(pane);
    if (!editor_may_change(pane, 0) || count == 0)
        return;
    if (pane->tag_pending)
        editor_commit_tag(pane);
    size_t *fields = marked > 1 ? editor_chosen_fields(pane, &count) : calloc(count, sizeof *fields);
    if (fields == NULL)
        return;
    for (size_t i = 0; marked <= 1 && i < count; i++)
        fields[i] = i;
    size_t first = fields[0], steps = marc_edit_steps(edit_of(pane->session));
    begin(pane, "Sort", marked > 1 ? "marked fields" : "fields");
    recto_status status = sort_chosen(pane, fields, count, &error);
    end(pane);
    if (marked > 1)
        editor_marks_set(pane, first, count);
    editor_clamp(pane);
    free(fields);
    if (say_failed(pane, status, &error))
        return;
    if (marc_edit_steps(edit_of(pane->session)) == steps)
        station_say(pane->station, "they are in the order of their tags already");
    else
        station_say(pane->station, "sorted %zu %s by tag; undo puts them back", count, plural(count, "field", "fields"));
}

/* ---- split and join ---- */

static char code_before(const editor_row *row, size_t offset)
{
    char code = 'a';
    for (size_t i = row->start; i + 1 < row->content.length && i < offset; i++)
        if (row->content.bytes[i] == MARC_SUBFIELD_DELIMITER)
            code = row->content.bytes[i + 1];
    return code;
}

static text without_blanks_behind(text part)
{
    while (part.length > 0 && part.bytes[part.length - 1] == ' ')
        part.length--;
    return part;
}

static void second_half(buffer *out, const editor_row *row, size_t at)
{
    text rest = text_of(row->content.bytes + at, row->content.length - at);
    buffer_append(out, row->content.bytes, EDITOR_INDICATORS);
    if (rest.bytes[0] != MARC_SUBFIELD_DELIMITER) {
        buffer_append_char(out, MARC_SUBFIELD_DELIMITER);
        buffer_append_char(out, code_before(row, at));
        while (rest.length > 0 && rest.bytes[0] == ' ')
            rest = text_of(rest.bytes + 1, rest.length - 1);
    }
    buffer_append_text(out, rest);
}

/* At the cursor into two fields of the same tag and indicators; the second goes on with the same subfield code. */
void editor_split_field(editor *pane)
{
    recto_error error = { 0 };
    editor_row row;
    buffer rest, kept;
    if (!editor_may_change(pane, pane->row) || !editor_row_get(pane, pane->row, &row))
        return;
    size_t at = pane->offset;
    if (pane->box == BOX_CONTENT && at > row.start && row.content.bytes[at - 1] == MARC_SUBFIELD_DELIMITER)
        at--; /* on a code: before its delimiter */
    else if (pane->box == BOX_CONTENT && at > row.start + 1 && row.content.bytes[at - 2] == MARC_SUBFIELD_DELIMITER)
        at -= 2; /* at the start of a value: before the whole subfield */
    bool can = !row.control && pane->box == BOX_CONTENT && at > editor_first_stop(&row) && at < row.content.length;
    if (!can) {
        station_say(pane->station,
                    row.control ? "%s has no subfields: it cannot be split"
                                : "nothing to split %s at: put the cursor where the second field is to begin",
                    row.tag);
        return;
    }
    buffer_init(&rest, EDITOR_FIELD_LIMIT);
    buffer_init(&kept, EDITOR_FIELD_LIMIT);
    second_half(&rest, &row, at);
    buffer_append_text(&kept, without_blanks_behind(text_of(row.content.bytes, at)));
    begin(pane, "Split", row.tag);
    recto_status status = buffer_failed(&rest) || buffer_failed(&kept)
                              ? recto_fail_memory(&error, "splitting a field")
                              : marc_edit_insert(edit_of(pane->session), pane->row, row.tag, buffer_text(&rest), &error);
    if (status == RECTO_OK && editor_row_get(pane, pane->row, &row))
        status = marc_edit_replace(edit_of(pane->session), pane->row - 1, row.tag, buffer_text(&kept), &error);
    editor_marks_clear(pane);
    end(pane);
    buffer_release(&rest);
    buffer_release(&kept);
    if (say_failed(pane, status, &error))
        return;
    put_cursor(pane, pane->row + 1);
    station_say(pane->station, "split %s into two; undo makes them one again", row.tag);
}

/* Is each of them of the first one's tag, and none a control field? */
static bool can_join(editor *pane, const size_t *fields, size_t count)
{
    const marc_record *record = editor_record(pane);
    const char *tag = marc_record_field(record, fields[0])->tag;
    for (size_t i = 0; i < count; i++) {
        const char *other = marc_record_field(record, fields[i])->tag;
        if (marc_tag_is_control(other)) {
            station_say(pane->station, "%s has no subfields: it cannot be joined", other);
            return false;
        }
        if (strcmp(tag, other) != 0) {
            station_say(pane->station, "join takes fields of one tag, not %s and %s", tag, other);
            return false;
        }
    }
    return true;
}

static recto_status join(editor *pane, const size_t *fields, size_t count, recto_error *error)
{
    marc_edit *edit = edit_of(pane->session);
    buffer all;
    buffer_init(&all, EDITOR_FIELD_LIMIT);
    for (size_t i = 0; i < count; i++) {
        text content = marc_record_field(editor_record(pane), fields[i])->content;
        size_t skip = i == 0 ? 0 : content.length < EDITOR_INDICATORS ? content.length : EDITOR_INDICATORS;
        buffer_append(&all, content.bytes + skip, content.length - skip);
    }
    const char *tag = marc_record_field(editor_record(pane), fields[0])->tag;
    recto_status status = RECTO_OK;
    if (buffer_failed(&all))
        status =
            recto_fail(error, RECTO_ELIMIT, tag, "join fewer fields", "the field would be over %d bytes", EDITOR_FIELD_LIMIT);
    if (status == RECTO_OK)
        status = marc_edit_replace(edit, fields[0], tag, buffer_text(&all), error);
    for (size_t i = count; i-- > 1 && status == RECTO_OK;)
        status = marc_edit_remove(edit, fields[i], error);
    buffer_release(&all);
    return status;
}

/* The marked fields, or this one and the next, become one field with the subfields of all. */
void editor_join_fields(editor *pane)
{
    recto_error error = { 0 };
    size_t count, end_of_first = 0;
    char tag[MARC_TAG_LENGTH + 1];
    if (!editor_may_change(pane, pane->row))
        return;
    size_t *fields = chosen(pane, &count);
    size_t two[2] = { fields != NULL ? fields[0] : 0, fields != NULL ? fields[0] + 1 : 0 };
    const size_t *joined = count == 1 ? two : fields;
    if (fields == NULL)
        return;
    if (count == 1 && two[1] >= marc_record_count(editor_record(pane))) {
        station_say(pane->station, "it is the last field: nothing follows to be joined");
    } else if (can_join(pane, joined, count == 1 ? 2 : count)) {
        const marc_field *first = marc_record_field(editor_record(pane), joined[0]);
        size_t row = joined[0] + 1;
        memcpy(tag, first->tag, sizeof tag);
        end_of_first = first->content.length;
        begin(pane, "Join", tag);
        recto_status status = join(pane, joined, count == 1 ? 2 : count, &error);
        editor_marks_clear(pane);
        end(pane);
        if (!say_failed(pane, status, &error)) {
            editor_move_to(pane, row, BOX_CONTENT, end_of_first);
            station_say(pane->station, "joined %zu %s into one; undo takes them apart", count == 1 ? (size_t)2 : count, tag);
        }
    }
    free(fields);
}
