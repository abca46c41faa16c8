/* src/marc/tables_parse.c - the files of data/marc21/ into tables. Their format is described in the first lines of
 * bibliographic.txt (fields) and fixed.txt (codes, positions, layouts); all may stand in one file.
 *
 * Librarians edit these files: every fault is reported with file and line, and what would be right. A file is copied into
 * the tables' arena once, and every label is a piece of that copy. tables_layouts.c reads positions and layouts. */
#include "tables_parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

recto_status parser_fail(const parser *at, const char *todo, const char *what, text piece)
{
    char where[RECTO_ERROR_WHERE];

    (void)snprintf(where, sizeof where, "%s:%zu", at->name, at->line);
    return recto_fail(at->error, RECTO_EDATA, where, todo, "%s: \"%.*s\"", what, (int)(piece.length > 60 ? 60 : piece.length),
                      piece.length > 0 ? piece.bytes : "");
}

recto_status parser_no_memory(const parser *at)
{
    return recto_fail_memory(at->error, "reading the MARC 21 tables");
}

/** Takes the next word off the line, blanks before and behind it. */
text parser_take_word(text *line)
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

bool parser_size(text digits, size_t *out)
{
    int64_t value = 0;

    if (!text_to_integer(digits, &value) || value < 0 || value > 9999)
        return false;
    *out = (size_t)value;
    return true;
}

/** The items of a vector, copied to where the tables keep them; the vector is empty again. NULL: no memory. */
void *parser_keep(const parser *at, vector *items, size_t item_bytes)
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
        return parser_no_memory(at);
    for (int i = 0; i < 2; i++) {
        if (at->indicators[i].count == 0 && at->field.indicator_count[i] == 0) { /* no line: undefined, blank */
            marc_code *blank = vector_push(&at->indicators[i], sizeof *blank);
            if (blank == NULL)
                return parser_no_memory(at);
            *blank = (marc_code){ .code = TEXT("#"), .label = TEXT("undefined") };
        }
        at->field.indicator_count[i] = at->indicators[i].count;
        at->field.indicator_values[i] = parser_keep(at, &at->indicators[i], sizeof(marc_code));
        if (at->field.indicator_values[i] == NULL)
            return parser_no_memory(at);
    }
    if (at->subfields.count > 1)
        qsort(at->subfields.items, at->subfields.count, sizeof(marc_subfield_definition), by_subfield_code);
    at->field.subfield_count = at->subfields.count;
    at->field.subfields = parser_keep(at, &at->subfields, sizeof(marc_subfield_definition));
    *kept = at->field;
    return kept->subfields != NULL ? RECTO_OK : parser_no_memory(at);
}

static int by_code(const void *left, const void *right)
{
    return text_compare((*(const marc_code *const *)left)->code, (*(const marc_code *const *)right)->code);
}

static recto_status end_codes(parser *at)
{
    code_list *kept = vector_push(&at->tables->lists, sizeof *kept);

    at->list.count = at->codes.count;
    at->list.codes = parser_keep(at, &at->codes, sizeof(marc_code));
    at->list.sorted = arena_calloc(at->tables->memory, at->list.count + 1, sizeof(const marc_code *));
    if (kept == NULL || at->list.codes == NULL || at->list.sorted == NULL)
        return parser_no_memory(at);
    *kept = at->list;
    for (size_t i = 0; i < kept->count; i++)
        kept->sorted[i] = &kept->codes[i];
    qsort(kept->sorted, kept->count, sizeof(const marc_code *), by_code);
    for (size_t i = 1; i < kept->count; i++)
        if (text_equal(kept->sorted[i - 1]->code, kept->sorted[i]->code))
            return parser_fail(at, "leave one of the two", "the code list above has a code twice", kept->sorted[i]->code);
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
        return parser_end_positions(at);
    case BLOCK_LAYOUT:
        return parser_end_layout(at);
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
    return parser_fail(at, "write bibliographic, holdings or authority", "no such family", rest);
}

static recto_status begin_subfields(parser *at, text rest)
{
    at->block = BLOCK_SUBFIELDS;
    return rest.length == 0 ? RECTO_OK
                            : parser_fail(at, "write the subfields below it, indented", "nothing goes behind subfields", rest);
}

static recto_status begin_codes(parser *at, text rest)
{
    const code_list *lists = at->tables->lists.items;

    if (rest.length == 0)
        return parser_fail(at, "write codes NAME", "a code list needs a name", rest);
    for (size_t i = 0; i < at->tables->lists.count; i++)
        if (text_equal(lists[i].name, rest))
            return parser_fail(at, "give it another name", "there is a code list of this name", rest);
    at->block = BLOCK_CODES;
    at->list = (code_list){ .name = rest };
    return RECTO_OK;
}

static recto_status begin_field(parser *at, text tag, text rest)
{
    const vector *fields = &at->tables->families[at->family].fields;
    const marc_field_definition *defined = fields->items;
    bool obsolete = take_minus(&tag);
    text repeat = parser_take_word(&rest);

    at->field = (marc_field_definition){ .label = rest, .obsolete = obsolete };
    if (repeat.length > 0 && repeat.bytes[repeat.length - 1] == '!') {
        at->field.mandatory = true;
        repeat.length--;
    }
    at->field.repeatable = text_equal(repeat, TEXT("R"));
    if (tag.length != MARC_TAG_LENGTH || rest.length == 0 || (!at->field.repeatable && !text_equal(repeat, TEXT("NR"))))
        return parser_fail(at, "write TAG R LABEL or TAG NR LABEL", "this line begins neither a field nor a block", tag);
    memcpy(at->field.tag, tag.bytes, MARC_TAG_LENGTH);
    for (size_t i = 0; i < fields->count; i++)
        if (memcmp(defined[i].tag, tag.bytes, MARC_TAG_LENGTH) == 0)
            return parser_fail(at, "leave one of the two", "this field is defined already", tag);
    at->block = BLOCK_FIELD;
    return RECTO_OK;
}

static recto_status read_head(parser *at, text line)
{
    static const struct {
        const char *word;
        recto_status (*begin)(parser *at, text rest);
    } heads[] = {
        { "family", begin_family },        { "subfields", begin_subfields },
        { "codes", begin_codes },          { "positions", parser_begin_positions },
        { "layout", parser_begin_layout },
    };
    text rest = line;
    text word = parser_take_word(&rest);
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
            return parser_fail(at, "leave one of the two", "this subfield is defined already", text_of(&subfield->code, 1));
    kept = vector_push(&at->subfields, sizeof *kept);
    if (kept == NULL)
        return parser_no_memory(at);
    *kept = *subfield;
    return RECTO_OK;
}

/** "Croatian => hrv": gives the label, and leaves what took its place, or since when it is obsolete. */
static text take_successor(text *label)
{
    static const char arrow[] = " => ";
    const char *at = memmem(label->bytes, label->length, arrow, sizeof arrow - 1);
    text name = *label;

    *label = TEXT("");
    if (at != NULL) {
        size_t length = (size_t)(at - name.bytes);
        *label = text_trim(text_of(at + sizeof arrow - 1, name.length - length - (sizeof arrow - 1)));
        name.length = length;
    }
    return text_trim(name);
}

/** "$a LABEL", "$a+ LABEL", "-$a LABEL", "-$a LABEL => since 1981" */
static recto_status read_subfield(parser *at, text line, marc_subfield_definition *out)
{
    text rest = line;
    text word = parser_take_word(&rest);

    *out = (marc_subfield_definition){ .label = rest, .obsolete = take_minus(&word) };
    out->repeatable = word.length == 3 && word.bytes[2] == '+';
    if (word.length != (out->repeatable ? 3 : 2) || word.bytes[0] != '$' || (unsigned char)word.bytes[1] > 126 ||
        rest.length == 0)
        return parser_fail(at, "write $a LABEL, or $a+ LABEL where it may be repeated", "this subfield cannot be read", line);
    out->code = word.bytes[1];
    if (out->obsolete) {
        out->instead = rest;
        out->label = take_successor(&out->instead);
    }
    return RECTO_OK;
}

static recto_status read_common_subfield(parser *at, text line)
{
    const marc_subfield_definition **common = at->tables->families[at->family].common;
    marc_subfield_definition *kept = arena_calloc(at->tables->memory, 1, sizeof *kept);
    recto_status status = RECTO_OK;

    if (kept == NULL)
        return parser_no_memory(at);
    status = read_subfield(at, line, kept);
    if (status == RECTO_OK)
        common[(unsigned char)kept->code] = kept;
    return status;
}

static recto_status read_also(parser *at, text rest)
{
    while (rest.length > 0) {
        text word = parser_take_word(&rest);
        const marc_subfield_definition *common = word.length == 1 && (unsigned char)word.bytes[0] < 128
                                                     ? at->tables->families[at->family].common[(unsigned char)word.bytes[0]]
                                                     : NULL;
        if (common == NULL)
            return parser_fail(at, "define it in the list \"subfields\", or write $x LABEL here", "no such common subfield",
                               word);
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
        return parser_no_memory(at);
    *kept = (marc_code){ .code = code, .label = take_successor(&label), .obsolete = obsolete, .instead = label };
    return RECTO_OK;
}

/** "0 MEANING", "1-9 MEANING", "-2 MEANING" */
static recto_status read_indicator_value(parser *at, vector *values, text piece)
{
    static const char digits[] = "0123456789";
    text label = piece;
    text code = parser_take_word(&label);
    bool obsolete = take_minus(&code);

    if (label.length == 0 || code.length == 0)
        return parser_fail(at, "write the value, a blank and what it means", "this indicator value cannot be read", piece);
    if (code.length == 1)
        return push_code(at, values, code, label, obsolete);
    if (code.length != 3 || code.bytes[1] != '-' || code.bytes[0] < '0' || code.bytes[2] > '9' || code.bytes[0] > code.bytes[2])
        return parser_fail(at, "write one character, or a range such as 1-9", "this indicator value cannot be read", piece);
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
        return parser_fail(at, "write 1 LABEL: 0 MEANING; 1 MEANING", "an indicator without values", rest);
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
    text word = parser_take_word(&rest);

    if (text_equal(word, TEXT("1")) || text_equal(word, TEXT("2")))
        return read_indicator(at, word.bytes[0] - '1', rest);
    if (text_equal(word, TEXT("also")))
        return read_also(at, rest);
    if (text_equal(word, TEXT("instead"))) {
        at->field.instead = rest;
        return rest.length > 0 && at->field.obsolete
                   ? RECTO_OK
                   : parser_fail(at, "say it of an obsolete field, and what is used today", "nothing to be used instead", rest);
    }
    status = read_subfield(at, line, &subfield);
    return status == RECTO_OK ? push_subfield(at, &subfield) : status;
}

static recto_status read_code(parser *at, text line)
{
    text label = line;
    text code = parser_take_word(&label);
    bool obsolete = take_minus(&code);

    if (label.length == 0)
        return parser_fail(at, "write the code, a blank and what it means", "a code without a meaning", line);
    return push_code(at, &at->codes, code, label, obsolete);
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
        return parser_read_position(at, trimmed);
    case BLOCK_LAYOUT:
        return parser_read_layout_line(at, trimmed);
    case BLOCK_NONE:
        break;
    }
    return parser_fail(at, "begin it at the left edge, or put a field or block above it",
                       "an indented line that belongs to nothing", trimmed);
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
    recto_status status = copy != NULL ? RECTO_OK : parser_no_memory(&at);

    if (status == RECTO_OK)
        status = read_lines(&at, text_of(copy, file.length));
    for (size_t i = 0; i < FAMILY_COUNT; i++)
        sort_items(&tables->families[i].fields, sizeof(marc_field_definition), by_tag);
    sort_items(&tables->lists, sizeof(code_list), by_name);
    if (status == RECTO_OK)
        status = parser_settle_pending(&at);
    vector_release(&at.subfields);
    vector_release(&at.indicators[0]);
    vector_release(&at.indicators[1]);
    vector_release(&at.codes);
    vector_release(&at.positions);
    vector_release(&at.whens);
    return status;
}
