/* src/marc/tables_parse.c - the files of data/marc21/ into tables. Their format is described in the first lines of
 * bibliographic.txt (fields) and fixed.txt (codes, positions, layouts); all may stand in one file.
 *
 * Librarians edit these files: every fault is reported with file and line, and what would be right. A file is copied into
 * the tables' arena once, and every label is a piece of that copy. Lists may come later than the positions that name them,
 * so positions wait in `pending`; positions of a group are copied into each layout that uses it. */
#include "tables_store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct named_position {
    marc_position position;
    text list; /* empty: any text */
} named_position;

typedef struct position_group {
    text name;
    const named_position *positions;
    size_t count;
} position_group;

typedef enum block { BLOCK_NONE, BLOCK_FIELD, BLOCK_SUBFIELDS, BLOCK_CODES, BLOCK_POSITIONS, BLOCK_LAYOUT } block;

typedef struct parser {
    marc_tables *tables;
    const char *name;
    size_t line;
    marc_family family;
    block block;
    marc_field_definition field;
    layout_entry layout;
    position_group group;
    code_list list;
    vector subfields;     /* marc_subfield_definition */
    vector indicators[2]; /* marc_code */
    vector codes;         /* marc_code */
    vector positions;     /* named_position */
    vector whens;         /* when_line */
    recto_error *error;
} parser;

static recto_status fail_at(parser *at, const char *todo, const char *what, text piece)
{
    char where[RECTO_ERROR_WHERE];

    (void)snprintf(where, sizeof where, "%s:%zu", at->name, at->line);
    return recto_fail(at->error, RECTO_EDATA, where, todo, "%s: \"%.*s\"", what, (int)(piece.length > 60 ? 60 : piece.length),
                      piece.length > 0 ? piece.bytes : "");
}

static recto_status no_memory(const parser *at)
{
    return recto_fail_memory(at->error, "reading the MARC 21 tables");
}

/** Takes the next word off the line, blanks before and behind it. */
static text take_word(text *line)
{
    text rest = text_trim(*line);
    size_t length = 0;

    while (length < rest.length && rest.bytes[length] != ' ' && rest.bytes[length] != '\t')
        length++;
    *line = text_trim(text_of(rest.bytes + length, rest.length - length));
    return text_of(rest.bytes, length);
}

static bool take_minus(text *word)
{
    if (word->length < 2 || word->bytes[0] != '-' || word->bytes[1] == '-')
        return false;
    *word = text_of(word->bytes + 1, word->length - 1);
    return true;
}

static bool to_size(text digits, size_t *out)
{
    int64_t value = 0;

    if (!text_to_integer(digits, &value) || value < 0 || value > 9999)
        return false;
    *out = (size_t)value;
    return true;
}

/** The items of a vector, copied to where the tables keep them; the vector is empty again. NULL: no memory. */
static void *keep(parser *at, vector *items, size_t item_bytes)
{
    void *kept = arena_calloc(at->tables->memory, items->count + 1, item_bytes);

    if (kept != NULL && items->count > 0)
        memcpy(kept, items->items, items->count * item_bytes);
    items->count = 0;
    return kept;
}

/* --- ends of blocks --- */

/** Letters before digits, as the format's own lists have them; "also" adds its digits wherever it stands. */
static int by_subfield_code(const void *left, const void *right)
{
    char a = ((const marc_subfield_definition *)left)->code;
    char b = ((const marc_subfield_definition *)right)->code;
    bool a_is_digit = a >= '0' && a <= '9';
    bool b_is_digit = b >= '0' && b <= '9';

    return a_is_digit != b_is_digit ? a_is_digit - b_is_digit : a - b;
}

static recto_status end_field(parser *at)
{
    marc_field_definition *kept = vector_push(&at->tables->families[at->family].fields, sizeof *kept);

    if (kept == NULL)
        return no_memory(at);
    for (int i = 0; i < 2; i++) {
        if (at->indicators[i].count == 0 && at->field.indicator_count[i] == 0) { /* no line: undefined, blank */
            marc_code *blank = vector_push(&at->indicators[i], sizeof *blank);
            if (blank == NULL)
                return no_memory(at);
            *blank = (marc_code){ TEXT("#"), TEXT("undefined"), false };
        }
        at->field.indicator_count[i] = at->indicators[i].count;
        at->field.indicator_values[i] = keep(at, &at->indicators[i], sizeof(marc_code));
        if (at->field.indicator_values[i] == NULL)
            return no_memory(at);
    }
    if (at->subfields.count > 1)
        qsort(at->subfields.items, at->subfields.count, sizeof(marc_subfield_definition), by_subfield_code);
    at->field.subfield_count = at->subfields.count;
    at->field.subfields = keep(at, &at->subfields, sizeof(marc_subfield_definition));
    *kept = at->field;
    return kept->subfields != NULL ? RECTO_OK : no_memory(at);
}

static int by_code(const void *left, const void *right)
{
    return text_compare((*(const marc_code *const *)left)->code, (*(const marc_code *const *)right)->code);
}

static recto_status end_codes(parser *at)
{
    code_list *kept = vector_push(&at->tables->lists, sizeof *kept);

    at->list.count = at->codes.count;
    at->list.codes = keep(at, &at->codes, sizeof(marc_code));
    at->list.sorted = arena_calloc(at->tables->memory, at->list.count + 1, sizeof *at->list.sorted);
    if (kept == NULL || at->list.codes == NULL || at->list.sorted == NULL)
        return no_memory(at);
    *kept = at->list;
    for (size_t i = 0; i < kept->count; i++)
        kept->sorted[i] = &kept->codes[i];
    qsort(kept->sorted, kept->count, sizeof *kept->sorted, by_code);
    for (size_t i = 1; i < kept->count; i++)
        if (text_equal(kept->sorted[i - 1]->code, kept->sorted[i]->code))
            return fail_at(at, "leave one of the two", "the code list above has a code twice", kept->sorted[i]->code);
    return RECTO_OK;
}

static recto_status end_positions(parser *at)
{
    position_group *kept = vector_push(&at->tables->groups, sizeof *kept);

    at->group.count = at->positions.count;
    at->group.positions = keep(at, &at->positions, sizeof(named_position));
    if (kept == NULL || at->group.positions == NULL)
        return no_memory(at);
    *kept = at->group;
    return RECTO_OK;
}

static recto_status end_layout(parser *at)
{
    layout_entry *kept = vector_push(&at->tables->families[at->family].layouts, sizeof *kept);
    const named_position *named = at->positions.items;
    size_t count = at->positions.count;
    marc_position *positions = arena_calloc(at->tables->memory, count + 1, sizeof *positions);

    at->layout.when_count = at->whens.count;
    at->layout.whens = keep(at, &at->whens, sizeof(when_line));
    if (kept == NULL || positions == NULL || at->layout.whens == NULL)
        return no_memory(at);
    for (size_t i = 0; i < count; i++) {
        positions[i] = named[i].position;
        if (positions[i].offset + positions[i].length > at->layout.layout.length)
            return fail_at(at, "write the greater length behind the tag", "a position of the layout above lies behind its end",
                           positions[i].name);
        if (named[i].list.length == 0)
            continue;
        pending_list *pending = vector_push(&at->tables->pending, sizeof *pending);
        if (pending == NULL)
            return no_memory(at);
        *pending = (pending_list){ &positions[i], named[i].list };
    }
    at->positions.count = 0;
    at->layout.layout.positions = positions;
    at->layout.layout.position_count = count;
    *kept = at->layout;
    return RECTO_OK;
}

static recto_status end_block(parser *at)
{
    block ended = at->block;

    at->block = BLOCK_NONE;
    switch (ended) {
    case BLOCK_FIELD:
        return end_field(at);
    case BLOCK_CODES:
        return end_codes(at);
    case BLOCK_POSITIONS:
        return end_positions(at);
    case BLOCK_LAYOUT:
        return end_layout(at);
    case BLOCK_NONE:
    case BLOCK_SUBFIELDS:
        break;
    }
    return RECTO_OK;
}

/* --- lines that begin a block --- */

static recto_status begin_family(parser *at, text rest)
{
    static const struct {
        const char *name;
        marc_family family;
    } families[] = {
        { "bibliographic", MARC_BIBLIOGRAPHIC },
        { "holdings", MARC_HOLDINGS },
        { "authority", MARC_AUTHORITY },
    };

    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (text_equal(rest, text_from(families[i].name))) {
            at->family = families[i].family;
            return RECTO_OK;
        }
    return fail_at(at, "write bibliographic, holdings or authority", "no such family", rest);
}

static recto_status begin_subfields(parser *at, text rest)
{
    at->block = BLOCK_SUBFIELDS;
    return rest.length == 0 ? RECTO_OK
                            : fail_at(at, "write the subfields below it, indented", "nothing goes behind subfields", rest);
}

static recto_status begin_codes(parser *at, text rest)
{
    const code_list *lists = at->tables->lists.items;

    if (rest.length == 0)
        return fail_at(at, "write codes NAME", "a code list needs a name", rest);
    for (size_t i = 0; i < at->tables->lists.count; i++)
        if (text_equal(lists[i].name, rest))
            return fail_at(at, "give it another name", "there is a code list of this name", rest);
    at->block = BLOCK_CODES;
    at->list = (code_list){ .name = rest };
    return RECTO_OK;
}

static recto_status begin_positions(parser *at, text rest)
{
    if (rest.length == 0)
        return fail_at(at, "write positions NAME", "a group of positions needs a name", rest);
    at->block = BLOCK_POSITIONS;
    at->group = (position_group){ .name = rest };
    return RECTO_OK;
}

static recto_status begin_layout(parser *at, text rest)
{
    text line = rest;
    text tag = take_word(&rest);
    text length = take_word(&rest);

    at->layout = (layout_entry){ .layout = { .name = rest } };
    if (tag.length != MARC_TAG_LENGTH || !to_size(length, &at->layout.layout.length) || rest.length == 0)
        return fail_at(at, "write layout TAG LENGTH LABEL", "this layout cannot be read", line);
    memcpy(at->layout.tag, tag.bytes, MARC_TAG_LENGTH);
    at->block = BLOCK_LAYOUT;
    return RECTO_OK;
}

static recto_status begin_field(parser *at, text tag, text rest)
{
    const vector *fields = &at->tables->families[at->family].fields;
    const marc_field_definition *defined = fields->items;
    bool obsolete = take_minus(&tag);
    text repeat = take_word(&rest);

    at->field = (marc_field_definition){ .label = rest, .obsolete = obsolete };
    if (repeat.length > 0 && repeat.bytes[repeat.length - 1] == '!') {
        at->field.mandatory = true;
        repeat.length--;
    }
    at->field.repeatable = text_equal(repeat, TEXT("R"));
    if (tag.length != MARC_TAG_LENGTH || rest.length == 0 || (!at->field.repeatable && !text_equal(repeat, TEXT("NR"))))
        return fail_at(at, "write TAG R LABEL or TAG NR LABEL", "this line begins neither a field nor a block", tag);
    memcpy(at->field.tag, tag.bytes, MARC_TAG_LENGTH);
    for (size_t i = 0; i < fields->count; i++)
        if (memcmp(defined[i].tag, tag.bytes, MARC_TAG_LENGTH) == 0)
            return fail_at(at, "leave one of the two", "this field is defined already", tag);
    at->block = BLOCK_FIELD;
    return RECTO_OK;
}

static recto_status read_head(parser *at, text line)
{
    static const struct {
        const char *word;
        recto_status (*begin)(parser *at, text rest);
    } heads[] = {
        { "family", begin_family },       { "subfields", begin_subfields }, { "codes", begin_codes },
        { "positions", begin_positions }, { "layout", begin_layout },
    };
    text rest = line;
    text word = take_word(&rest);
    recto_status status = end_block(at);

    if (status != RECTO_OK)
        return status;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (text_equal(word, text_from(heads[i].word)))
            return heads[i].begin(at, rest);
    return begin_field(at, word, rest);
}

/* --- lines of a block --- */

static recto_status push_subfield(parser *at, const marc_subfield_definition *subfield)
{
    const marc_subfield_definition *defined = at->subfields.items;
    marc_subfield_definition *kept = NULL;

    for (size_t i = 0; i < at->subfields.count; i++)
        if (defined[i].code == subfield->code)
            return fail_at(at, "leave one of the two", "this subfield is defined already", text_of(&subfield->code, 1));
    kept = vector_push(&at->subfields, sizeof *kept);
    if (kept == NULL)
        return no_memory(at);
    *kept = *subfield;
    return RECTO_OK;
}

/** "$a LABEL", "$a+ LABEL", "-$a LABEL" */
static recto_status read_subfield(parser *at, text line, marc_subfield_definition *out)
{
    text rest = line;
    text word = take_word(&rest);

    *out = (marc_subfield_definition){ .label = rest, .obsolete = take_minus(&word) };
    out->repeatable = word.length == 3 && word.bytes[2] == '+';
    if (word.length != (out->repeatable ? 3 : 2) || word.bytes[0] != '$' || (unsigned char)word.bytes[1] > 126 ||
        rest.length == 0)
        return fail_at(at, "write $a LABEL, or $a+ LABEL where it may be repeated", "this subfield cannot be read", line);
    out->code = word.bytes[1];
    return RECTO_OK;
}

static recto_status read_common_subfield(parser *at, text line)
{
    const marc_subfield_definition **common = at->tables->families[at->family].common;
    marc_subfield_definition *kept = arena_calloc(at->tables->memory, 1, sizeof *kept);
    recto_status status = RECTO_OK;

    if (kept == NULL)
        return no_memory(at);
    status = read_subfield(at, line, kept);
    if (status == RECTO_OK)
        common[(unsigned char)kept->code] = kept;
    return status;
}

static recto_status read_also(parser *at, text rest)
{
    while (rest.length > 0) {
        text word = take_word(&rest);
        const marc_subfield_definition *common = word.length == 1 && (unsigned char)word.bytes[0] < 128
                                                     ? at->tables->families[at->family].common[(unsigned char)word.bytes[0]]
                                                     : NULL;
        if (common == NULL)
            return fail_at(at, "define it in the list \"subfields\", or write $x LABEL here", "no such common subfield", word);
        recto_status status = push_subfield(at, common);
        if (status != RECTO_OK)
            return status;
    }
    return RECTO_OK;
}

static recto_status push_code(parser *at, vector *codes, text code, text label, bool obsolete)
{
    marc_code *kept = vector_push(codes, sizeof *kept);

    if (kept == NULL)
        return no_memory(at);
    *kept = (marc_code){ code, label, obsolete };
    return RECTO_OK;
}

/** "0 MEANING", "1-9 MEANING", "-2 MEANING" */
static recto_status read_indicator_value(parser *at, vector *values, text piece)
{
    static const char digits[] = "0123456789";
    text label = piece;
    text code = take_word(&label);
    bool obsolete = take_minus(&code);

    if (label.length == 0 || code.length == 0)
        return fail_at(at, "write the value, a blank and what it means", "this indicator value cannot be read", piece);
    if (code.length == 1)
        return push_code(at, values, code, label, obsolete);
    if (code.length != 3 || code.bytes[1] != '-' || code.bytes[0] < '0' || code.bytes[2] > '9' || code.bytes[0] > code.bytes[2])
        return fail_at(at, "write one character, or a range such as 1-9", "this indicator value cannot be read", piece);
    for (char digit = code.bytes[0]; digit <= code.bytes[2]; digit++) {
        recto_status status = push_code(at, values, text_of(digits + (digit - '0'), 1), label, obsolete);
        if (status != RECTO_OK)
            return status;
    }
    return RECTO_OK;
}

static recto_status read_indicator(parser *at, int which, text rest)
{
    const char *colon = rest.length > 0 ? memchr(rest.bytes, ':', rest.length) : NULL;
    size_t length = colon != NULL ? (size_t)(colon - rest.bytes) : 0;
    text label = text_trim(text_of(rest.bytes, length));
    text values = TEXT("");

    if (colon == NULL)
        return fail_at(at, "write 1 LABEL: 0 MEANING; 1 MEANING", "an indicator without values", rest);
    values = text_trim(text_of(colon + 1, rest.length - length - 1));
    if (label.length > 0)
        at->field.indicator_label[which] = label;
    if (text_equal(values, TEXT("*"))) {
        at->field.indicator_count[which] = 1; /* says that the line was there; no values: any will do */
        return RECTO_OK;
    }
    while (values.bytes != NULL && values.length > 0) {
        text piece = text_trim(text_next_field(&values, ';'));
        recto_status status = read_indicator_value(at, &at->indicators[which], piece);
        if (status != RECTO_OK)
            return status;
    }
    return RECTO_OK;
}

static recto_status read_field_line(parser *at, text line)
{
    marc_subfield_definition subfield;
    recto_status status = RECTO_OK;
    text rest = line;
    text word = take_word(&rest);

    if (text_equal(word, TEXT("1")) || text_equal(word, TEXT("2")))
        return read_indicator(at, word.bytes[0] - '1', rest);
    if (text_equal(word, TEXT("also")))
        return read_also(at, rest);
    status = read_subfield(at, line, &subfield);
    return status == RECTO_OK ? push_subfield(at, &subfield) : status;
}

static recto_status read_code(parser *at, text line)
{
    text label = line;
    text code = take_word(&label);
    bool obsolete = take_minus(&code);

    if (label.length == 0)
        return fail_at(at, "write the code, a blank and what it means", "a code without a meaning", line);
    return push_code(at, &at->codes, code, label, obsolete);
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
    if (!to_size(first, &out->offset))
        return false;
    last = out->offset;
    if (word.bytes != NULL && !to_size(word, &last))
        return false;
    out->length = last - out->offset + 1;
    return last >= out->offset;
}

/** "18-21 Ills LABEL = list" */
static recto_status read_position(parser *at, text line)
{
    named_position *kept = vector_push(&at->positions, sizeof *kept);
    text rest = line;
    text bytes = take_word(&rest);

    if (kept == NULL)
        return no_memory(at);
    kept->position.name = take_word(&rest);
    for (size_t i = 0; i + 3 <= rest.length; i++)
        if (memcmp(rest.bytes + i, " = ", 3) == 0) {
            kept->list = text_trim(text_of(rest.bytes + i + 3, rest.length - i - 3));
            rest.length = i;
        }
    kept->position.label = text_trim(rest);
    if (!read_bytes(bytes, &kept->position) || kept->position.label.length == 0)
        return fail_at(at, "write 18-21 Ills LABEL = code-list", "this position cannot be read", line);
    kept->position.unit_length = kept->position.length;
    return RECTO_OK;
}

/** "books -17" */
static recto_status read_use(parser *at, text rest)
{
    const position_group *groups = at->tables->groups.items;
    text name = take_word(&rest);
    size_t shift = 0;

    if (rest.length > 0 && (rest.bytes[0] != '-' || !to_size(text_of(rest.bytes + 1, rest.length - 1), &shift)))
        return fail_at(at, "write use NAME, or use NAME -17", "this cannot be read", rest);
    for (size_t i = 0; i < at->tables->groups.count; i++) {
        if (!text_equal(groups[i].name, name))
            continue;
        for (size_t j = 0; j < groups[i].count; j++) {
            named_position *kept = vector_push(&at->positions, sizeof *kept);
            if (kept == NULL)
                return no_memory(at);
            *kept = groups[i].positions[j];
            if (kept->position.offset < shift)
                return fail_at(at, "shift it by less", "a position of this group would lie before the field", name);
            kept->position.offset -= shift;
        }
        return RECTO_OK;
    }
    return fail_at(at, "define it above with positions NAME", "no such group of positions", name);
}

/** "LDR/06=a LDR/07=acdm" */
static recto_status read_when(parser *at, text rest)
{
    when_line *kept = vector_push(&at->whens, sizeof *kept);

    if (kept == NULL)
        return no_memory(at);
    while (rest.length > 0) {
        condition *wanted = &kept->conditions[kept->count];
        text word = take_word(&rest);
        text values = word;
        text place = text_next_field(&values, '=');
        if (kept->count == CONDITIONS_MAX)
            return fail_at(at, "write another when line", "too many conditions on one line", word);
        wanted->of_leader = text_starts(place, TEXT("LDR/"));
        if (wanted->of_leader)
            place = text_of(place.bytes + 4, place.length - 4);
        if (!to_size(place, &wanted->offset) || values.bytes == NULL || values.length == 0)
            return fail_at(at, "write LDR/06=a or 00=s", "this condition cannot be read", word);
        wanted->values = values;
        kept->count++;
    }
    return RECTO_OK;
}

static recto_status read_layout_line(parser *at, text line)
{
    text rest = line;
    text word = take_word(&rest);

    if (text_equal(word, TEXT("when")))
        return read_when(at, rest);
    if (text_equal(word, TEXT("use")))
        return read_use(at, rest);
    return read_position(at, line);
}

static recto_status read_line(parser *at, text line)
{
    text trimmed = text_trim(line);

    if (trimmed.length == 0 || line.bytes[0] == '#')
        return RECTO_OK;
    if (line.bytes[0] != ' ' && line.bytes[0] != '\t')
        return read_head(at, trimmed);
    switch (at->block) {
    case BLOCK_FIELD:
        return read_field_line(at, trimmed);
    case BLOCK_SUBFIELDS:
        return read_common_subfield(at, trimmed);
    case BLOCK_CODES:
        return read_code(at, trimmed);
    case BLOCK_POSITIONS:
        return read_position(at, trimmed);
    case BLOCK_LAYOUT:
        return read_layout_line(at, trimmed);
    case BLOCK_NONE:
        break;
    }
    return fail_at(at, "begin it at the left edge, or put a field or block above it", "an indented line that belongs to nothing",
                   trimmed);
}

/* --- a complete file --- */

static int by_tag(const void *left, const void *right)
{
    return memcmp(((const marc_field_definition *)left)->tag, ((const marc_field_definition *)right)->tag, MARC_TAG_LENGTH);
}

static int by_name(const void *left, const void *right)
{
    return text_compare(((const code_list *)left)->name, ((const code_list *)right)->name);
}

static void sort_items(vector *items, size_t item_bytes, int (*order)(const void *left, const void *right))
{
    if (items->count > 1)
        qsort(items->items, items->count, item_bytes, order);
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

/** Gives waiting positions the lists that have come meanwhile. */
static recto_status settle_pending(parser *at)
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
            return no_memory(at);
        if (list->unit_length == 0 || position->length % list->unit_length != 0)
            return fail_at(at, "make its codes as long as the position or a part of it",
                           "codes do not fit a position that uses the list", pending[i].list);
        position->codes = list->padded;
        position->code_count = list->count;
        position->unit_length = list->unit_length;
    }
    at->tables->pending.count = left;
    return RECTO_OK;
}

static recto_status read_lines(parser *at, text rest)
{
    recto_status status = RECTO_OK;

    while (status == RECTO_OK && rest.bytes != NULL && rest.length > 0) {
        at->line++;
        status = read_line(at, text_next_field(&rest, '\n'));
    }
    return status == RECTO_OK ? end_block(at) : status;
}

recto_status marc_tables_add(marc_tables *tables, text file, const char *name, recto_error *error)
{
    parser at = { .tables = tables, .name = name, .family = MARC_BIBLIOGRAPHIC, .error = error };
    const char *copy = arena_copy(tables->memory, file.length > 0 ? file.bytes : "", file.length);
    recto_status status = copy != NULL ? RECTO_OK : no_memory(&at);

    if (status == RECTO_OK)
        status = read_lines(&at, text_of(copy, file.length));
    for (size_t i = 0; i < FAMILY_COUNT; i++)
        sort_items(&tables->families[i].fields, sizeof(marc_field_definition), by_tag);
    sort_items(&tables->lists, sizeof(code_list), by_name);
    if (status == RECTO_OK)
        status = settle_pending(&at);
    vector_release(&at.subfields);
    vector_release(&at.indicators[0]);
    vector_release(&at.indicators[1]);
    vector_release(&at.codes);
    vector_release(&at.positions);
    vector_release(&at.whens);
    return status;
}
