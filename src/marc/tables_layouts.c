/* src/marc/tables_layouts.c - positions and layouts of fixed fields from the tables' files.
 *
 * Lists may come later than the positions that name them, so positions wait in `pending`; positions of a group are copied
 * into each layout that uses it, because 006 has those of 008 at other bytes. */
#include "tables_parser.h"

#include <stdlib.h>
#include <string.h>

recto_status parser_begin_positions(parser *at, text rest)
{
    if (rest.length == 0)
        return parser_fail(at, "write positions NAME", "a group of positions needs a name", rest);
    at->block = BLOCK_POSITIONS;
    at->group = (position_group){ .name = rest };
    return RECTO_OK;
}

recto_status parser_begin_layout(parser *at, text rest)
{
    text line = rest;
    text tag = parser_take_word(&rest);
    text length = parser_take_word(&rest);

    at->layout = (layout_entry){ .layout = { .name = rest } };
    if (tag.length != MARC_TAG_LENGTH || !parser_size(length, &at->layout.layout.length) || rest.length == 0)
        return parser_fail(at, "write layout TAG LENGTH LABEL", "this layout cannot be read", line);
    memcpy(at->layout.tag, tag.bytes, MARC_TAG_LENGTH);
    at->block = BLOCK_LAYOUT;
    return RECTO_OK;
}

recto_status parser_end_positions(parser *at)
{
    position_group *kept = vector_push(&at->tables->groups, sizeof *kept);

    at->group.count = at->positions.count;
    at->group.positions = parser_keep(at, &at->positions, sizeof(named_position));
    if (kept == NULL || at->group.positions == NULL)
        return parser_no_memory(at);
    *kept = at->group;
    return RECTO_OK;
}

recto_status parser_end_layout(parser *at)
{
    layout_entry *kept = vector_push(&at->tables->families[at->family].layouts, sizeof *kept);
    const named_position *named = at->positions.items;
    size_t count = at->positions.count;
    marc_position *positions = arena_calloc(at->tables->memory, count + 1, sizeof *positions);

    at->layout.when_count = at->whens.count;
    at->layout.whens = parser_keep(at, &at->whens, sizeof(when_line));
    if (kept == NULL || positions == NULL || at->layout.whens == NULL)
        return parser_no_memory(at);
    for (size_t i = 0; i < count; i++) {
        positions[i] = named[i].position;
        if (positions[i].offset + positions[i].length > at->layout.layout.length)
            return parser_fail(at, "write the greater length behind the tag",
                               "a position of the layout above lies behind its end", positions[i].name);
        if (named[i].list.length == 0)
            continue;
        pending_list *pending = vector_push(&at->tables->pending, sizeof *pending);
        if (pending == NULL)
            return parser_no_memory(at);
        *pending = (pending_list){ &positions[i], named[i].list };
    }
    at->positions.count = 0;
    at->layout.layout.positions = positions;
    at->layout.layout.position_count = count;
    *kept = at->layout;
    return RECTO_OK;
}

/** "18-21", "22", "00-04*" */
static bool read_bytes(text word, marc_position *out)
{
    size_t last = 0;

    if (word.length > 0 && word.bytes[word.length - 1] == '*') {
        out->system = true;
        word.length--;
    }
    text first = text_next_field(&word, '-');
    if (!parser_size(first, &out->offset))
        return false;
    last = out->offset;
    if (word.bytes != NULL && !parser_size(word, &last))
        return false;
    out->length = last - out->offset + 1;
    return last >= out->offset;
}

recto_status parser_read_position(parser *at, text line)
{
    named_position *kept = vector_push(&at->positions, sizeof *kept);
    text rest = line;
    text bytes = parser_take_word(&rest);

    if (kept == NULL)
        return parser_no_memory(at);
    kept->position.name = parser_take_word(&rest);
    for (size_t i = 0; i + 3 <= rest.length; i++)
        if (memcmp(rest.bytes + i, " = ", 3) == 0) {
            kept->list = text_trim(text_of(rest.bytes + i + 3, rest.length - i - 3));
            rest.length = i;
        }
    kept->position.label = text_trim(rest);
    if (!read_bytes(bytes, &kept->position) || kept->position.label.length == 0)
        return parser_fail(at, "write 18-21 Ills LABEL = code-list", "this position cannot be read", line);
    kept->position.unit_length = kept->position.length;
    return RECTO_OK;
}

/** "books -17" */
static recto_status read_use(parser *at, text rest)
{
    const position_group *groups = at->tables->groups.items;
    text name = parser_take_word(&rest);
    size_t shift = 0;

    if (rest.length > 0 && (rest.bytes[0] != '-' || !parser_size(text_of(rest.bytes + 1, rest.length - 1), &shift)))
        return parser_fail(at, "write use NAME, or use NAME -17", "this cannot be read", rest);
    for (size_t i = 0; i < at->tables->groups.count; i++) {
        if (!text_equal(groups[i].name, name))
            continue;
        for (size_t j = 0; j < groups[i].count; j++) {
            named_position *kept = vector_push(&at->positions, sizeof *kept);
            if (kept == NULL)
                return parser_no_memory(at);
            *kept = groups[i].positions[j];
            if (kept->position.offset < shift)
                return parser_fail(at, "shift it by less", "a position of this group would lie before the field", name);
            kept->position.offset -= shift;
        }
        return RECTO_OK;
    }
    return parser_fail(at, "define it above with positions NAME", "no such group of positions", name);
}

/** "LDR/06=a LDR/07=acdm" */
static recto_status read_when(parser *at, text rest)
{
    when_line *kept = vector_push(&at->whens, sizeof *kept);

    if (kept == NULL)
        return parser_no_memory(at);
    while (rest.length > 0) {
        condition *wanted = &kept->conditions[kept->count];
        text word = parser_take_word(&rest);
        text values = word;
        text place = text_next_field(&values, '=');
        if (kept->count == CONDITIONS_MAX)
            return parser_fail(at, "write another when line", "too many conditions on one line", word);
        wanted->of_leader = text_starts(place, TEXT("LDR/"));
        if (wanted->of_leader)
            place = text_of(place.bytes + 4, place.length - 4);
        if (!parser_size(place, &wanted->offset) || values.bytes == NULL || values.length == 0)
            return parser_fail(at, "write LDR/06=a or 00=s", "this condition cannot be read", word);
        wanted->values = values;
        kept->count++;
    }
    return RECTO_OK;
}

recto_status parser_read_layout_line(parser *at, text line)
{
    text rest = line;
    text word = parser_take_word(&rest);

    if (text_equal(word, TEXT("when")))
        return read_when(at, rest);
    if (text_equal(word, TEXT("use")))
        return read_use(at, rest);
    return parser_read_position(at, line);
}

static bool is_range(text code)
{
    size_t half = code.length / 2;

    return code.length % 2 == 1 && code.length > 1 && code.bytes[half] == '-' && code.bytes[0] >= '0' && code.bytes[0] <= '9';
}

/** All codes of a list as long as the longest: country codes of two letters have a blank in 008. */
static bool pad_codes(arena *memory, code_list *list)
{
    marc_code *padded = arena_calloc(memory, list->count + 1, sizeof *padded);
    size_t longest = 0;

    for (size_t i = 0; i < list->count; i++)
        if (!is_range(list->codes[i].code) && list->codes[i].code.length > longest)
            longest = list->codes[i].code.length;
    for (size_t i = 0; padded != NULL && i < list->count; i++) {
        padded[i] = list->codes[i];
        if (padded[i].code.length >= longest)
            continue;
        char *bytes = arena_alloc(memory, longest);
        if (bytes == NULL)
            return false;
        memset(bytes, '#', longest);
        memcpy(bytes, padded[i].code.bytes, padded[i].code.length);
        padded[i].code = text_of(bytes, longest);
    }
    list->padded = padded;
    list->unit_length = longest;
    return padded != NULL;
}

recto_status parser_settle_pending(parser *at)
{
    pending_list *pending = at->tables->pending.items;
    size_t left = 0;

    for (size_t i = 0; i < at->tables->pending.count; i++) {
        code_list *list = (code_list *)tables_find_list(at->tables, pending[i].list);
        marc_position *position = pending[i].position;
        if (list == NULL) {
            pending[left++] = pending[i];
            continue;
        }
        if (list->padded == NULL && !pad_codes(at->tables->memory, list))
            return parser_no_memory(at);
        if (list->unit_length == 0 || position->length % list->unit_length != 0)
            return parser_fail(at, "make its codes as long as the position or a part of it",
                               "codes do not fit a position that uses the list", pending[i].list);
        position->codes = list->padded;
        position->code_count = list->count;
        position->unit_length = list->unit_length;
    }
    at->tables->pending.count = left;
    return RECTO_OK;
}
