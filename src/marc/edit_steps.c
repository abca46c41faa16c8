/* src/marc/edit_steps.c - the steps of an edit as a list: how many, and what each of them did in one line. */
#include "edit_log.h"

#include "recto/base/utf8.h"

#include <string.h>

enum { EXCERPT = 60, AROUND_CHANGE = 12 };

size_t marc_edit_step_count(const marc_edit *edit)
{
    return edit->step_count;
}

static size_t operations_of(const marc_edit *edit, size_t step)
{
    size_t end = step + 1 < edit->step_count ? edit->steps[step + 1].first : edit->operation_count;
    return end - edit->steps[step].first;
}

/* At most EXCERPT bytes from `from` on, whole characters; delimiters as $. */
static void append_excerpt(buffer *out, text content, size_t from, size_t end)
{
    while (from > 0 && from < content.length && ((unsigned char)content.bytes[from] & 0xC0) == 0x80)
        from--;
    size_t last = end > from + EXCERPT ? from + EXCERPT : end;
    while (last > from && last < content.length && ((unsigned char)content.bytes[last] & 0xC0) == 0x80)
        last--;
    if (from > 0)
        buffer_append_string(out, "…");
    for (size_t i = from; i < last; i++)
        buffer_append_char(out, content.bytes[i] == MARC_SUBFIELD_DELIMITER ? '$' : content.bytes[i]);
    if (last < content.length)
        buffer_append_string(out, "…");
}

/* What was, an arrow, what is: only around what differs. */
static void append_change(buffer *out, text before, text after)
{
    size_t most = before.length < after.length ? before.length : after.length, start = 0, behind = 0;
    while (start < most && before.bytes[start] == after.bytes[start])
        start++;
    while (behind < most - start && before.bytes[before.length - 1 - behind] == after.bytes[after.length - 1 - behind])
        behind++;
    size_t from = start > AROUND_CHANGE ? start - AROUND_CHANGE : 0;
    behind = behind > AROUND_CHANGE ? behind - AROUND_CHANGE : 0;
    append_excerpt(out, before, from, before.length - behind);
    buffer_append_string(out, " -> ");
    append_excerpt(out, after, from, after.length - behind);
}

void marc_edit_step_describe(buffer *out, const marc_edit *edit, size_t step)
{
    const edit_operation *first = &edit->operations[edit->steps[step].first];
    size_t count = operations_of(edit, step);
    text before = text_of(first->before, first->before_length), after = text_of(first->after, first->after_length);
    buffer_append_string(out, edit->steps[step].title);
    if (count > 1) {
        buffer_append_format(out, " (%zu changes)", count);
        return;
    }
    if (count == 0 || first->kind == EDIT_MOVE)
        return;
    buffer_append_string(out, ": ");
    if (first->kind == EDIT_INSERT)
        append_excerpt(out, after, 0, after.length);
    else if (first->kind == EDIT_REMOVE)
        append_excerpt(out, before, 0, before.length);
    else
        append_change(out, before, after);
}
