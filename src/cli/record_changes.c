/* src/cli/record_changes.c - the difference of two records by their longest common list of fields.
 *
 * What both begin and end with is set aside first, so that the table of the rest is small; where it is large all the same (tens
 * of thousands of fields), the rest is told as gone and come. */
#include "record_changes.h"

#include <stdlib.h>
#include <string.h>

enum { CELLS_MAX = 16 * 1024 * 1024 };

void append_field_line(buffer *out, const marc_field *field)
{
    if (strcmp(field->tag, "LDR") != 0) {
        marc_field_line(out, field);
        return;
    }
    buffer_append_string(out, "LDR ");
    for (size_t i = 0; i < field->content.length; i++)
        buffer_append_char(out, field->content.bytes[i] == ' ' ? '\\' : field->content.bytes[i]);
}

/* Field 0 is the leader. */
static marc_field field_at(const marc_record *record, size_t index)
{
    if (index > 0)
        return *marc_record_field(record, index - 1);
    return (marc_field){ .tag = "LDR", .content = text_of(marc_record_leader(record), MARC_LEADER_LENGTH) };
}

typedef struct comparison {
    const marc_record *before, *after;
    void (*visit)(void *context, char sign, text line);
    void *context;
    buffer line;
} comparison;

static bool same(const comparison *work, size_t before, size_t after)
{
    const marc_field one = field_at(work->before, before), other = field_at(work->after, after);
    return strcmp(one.tag, other.tag) == 0 && text_equal(one.content, other.content);
}

static void tell(comparison *work, char sign, size_t index)
{
    const marc_field field = field_at(sign == '-' ? work->before : work->after, index);
    buffer_clear(&work->line);
    append_field_line(&work->line, &field);
    work->visit(work->context, sign, buffer_text(&work->line));
}

/* lengths[i * (columns + 1) + j]: of the longest common list of what is left from field i and j on. */
static void fill_lengths(uint16_t *lengths, const comparison *work, size_t first, size_t rows, size_t columns)
{
    for (size_t i = rows; i-- > 0;)
        for (size_t j = columns; j-- > 0;) {
            uint16_t *cell = &lengths[i * (columns + 1) + j];
            const uint16_t down = cell[columns + 1], right = cell[1];
            *cell = same(work, first + i, first + j) ? (uint16_t)(cell[columns + 2] + 1) : down > right ? down : right;
        }
}

static void walk(comparison *work, const uint16_t *lengths, size_t first, size_t rows, size_t columns)
{
    size_t i = 0, j = 0;
    while (i < rows || j < columns) {
        const uint16_t *cell = lengths != NULL ? &lengths[i * (columns + 1) + j] : NULL;
        if (cell != NULL && i < rows && j < columns && same(work, first + i, first + j)) {
            i++;
            j++;
        } else if (i < rows && (j == columns || cell == NULL || cell[columns + 1] >= cell[1])) {
            tell(work, '-', first + i++);
        } else {
            tell(work, '+', first + j++);
        }
    }
}

recto_status record_changes(const marc_record *before, const marc_record *after,
                            void (*visit)(void *context, char sign, text line), void *context, recto_error *error)
{
    comparison work = { .before = before, .after = after, .visit = visit, .context = context };
    size_t first = 0, rows = marc_record_count(before) + 1, columns = marc_record_count(after) + 1;
    uint16_t *lengths = NULL;
    buffer_init(&work.line, 0);
    while (first < rows && first < columns && same(&work, first, first))
        first++;
    rows -= first;
    columns -= first;
    while (rows > 0 && columns > 0 && same(&work, first + rows - 1, first + columns - 1)) {
        rows--;
        columns--;
    }
    const bool small = rows < UINT16_MAX && columns < UINT16_MAX && (rows + 1) * (columns + 1) <= CELLS_MAX;
    if (small)
        lengths = calloc((rows + 1) * (columns + 1), sizeof *lengths);
    if (small && lengths != NULL)
        fill_lengths(lengths, &work, first, rows, columns);
    if (!small || lengths != NULL)
        walk(&work, lengths, first, rows, columns);
    const bool failed = (small && lengths == NULL) || buffer_failed(&work.line);
    free(lengths);
    buffer_release(&work.line);
    return failed ? recto_fail_memory(error, "comparing records") : RECTO_OK;
}
