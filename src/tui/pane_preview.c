/* src/tui/pane_preview.c - what Copy & Merge or Copy & Overlay would make: every field with its origin, the two values, and the
 * rule.
 *
 * Read only, and nothing is changed yet: the result belongs to this pane until the cataloger applies it. Signs tell the
 * origins (R = X & -), colours repeat them. Narrow screens show the values below the list, wide ones beside it. */
#include "take.h"
#include "record_difference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDE_COLUMNS = 120, HEAD_ROWS = 5, DETAIL_ROWS = 4, VALUE_LINES_MAX = 200 };

typedef struct preview_model {
    session_tie tie;
    merge_result *result;
    bool overlay;
    bool turned; /* the result's `existing` is the record that is open, and that is the X side */
    mms_id match;
    marc_record *external; /* owned; NULL: a match */
    char target[80];
    char rule[120];
    char existing_line[200], incoming_line[200], counts_line[200];
    char cost_line[400]; /* what Copy & Overlay would lose */
    size_t *shown;       /* merge lines that are listed */
    bool *folded;        /* by merge line: it gave way to a taken one, and is seen as the other value of that */
    list_view list;
    size_t rows_shown;
    size_t change_count;
    bool differences_only;
    record_lines lines; /* of the listed merge lines, for the width last drawn; line.field is the place in `shown` */
    int laid_out_for;
    bool laid_out_utf8;
    size_t top; /* first display line */
} preview_model;

/* ---- meaning of a line
 * --------------------------------------------------------------------------------------------------------- */

static bool is_change(const preview_model *model, const merge_line *line)
{
    merge_origin kept = model->turned ? MERGE_FROM_INCOMING : MERGE_FROM_EXISTING;

    return !line->kept || (line->origin != MERGE_FROM_BOTH && line->origin != kept);
}

/* Which record a line comes from, as the screen names them: 'R' the repository's, 'X' the other. */
static char side_of(const preview_model *model, merge_origin origin)
{
    return (origin == MERGE_FROM_EXISTING) != model->turned ? 'R' : 'X';
}

static char sign_of(const preview_model *model, const merge_line *line, role *look)
{
    char side = side_of(model, line->origin);

    if (!line->kept) {
        *look = ROLE_FROM_DROPPED;
        return '-';
    }
    if (line->origin == MERGE_FROM_BOTH || line->origin == MERGE_COMBINED) {
        *look = line->origin == MERGE_FROM_BOTH ? ROLE_FROM_BOTH : ROLE_FROM_COMBINED;
        return line->origin == MERGE_FROM_BOTH ? '=' : '&';
    }
    *look = side == 'R' ? ROLE_FROM_EXISTING : ROLE_FROM_INCOMING;
    return side;
}

/* Two values of one field: both of a control field, or they have a subfield in common. Two different notes are not. */
static bool is_successor(const char *tag, text taken, text gone)
{
    marc_field one = { .content = taken };
    marc_field other = { .content = gone };
    marc_subfield subfield;
    size_t offset = 0;

    if (strcmp(tag, "LDR") == 0 || marc_tag_is_control(tag))
        return true;
    memcpy(one.tag, tag, MARC_TAG_LENGTH);
    memcpy(other.tag, tag, MARC_TAG_LENGTH);
    while (marc_field_next_subfield(&one, &offset, &subfield)) {
        marc_subfield found;
        size_t at = 0;

        while (marc_field_next_subfield(&other, &at, &found))
            if (found.code == subfield.code && text_equal(found.value, subfield.value))
                return true;
    }
    return false;
}

/* A field that is replaced is one line, the taken one with the two values below; dropped is what goes without a successor. */
static void fold_replaced(preview_model *model)
{
    size_t count = merge_result_count(model->result);

    for (size_t i = 0; i < count; i++) {
        const merge_line *taken = merge_result_line(model->result, i);

        if (!taken->kept || !is_change(model, taken) || taken->other.length == 0)
            continue;
        for (size_t j = 0; j < count; j++) {
            const merge_line *gone = merge_result_line(model->result, j);

            if (!gone->kept && !model->folded[j] && gone->origin != taken->origin && strcmp(gone->tag, taken->tag) == 0 &&
                text_equal(gone->content, taken->other) && is_successor(gone->tag, taken->content, gone->content)) {
                model->folded[j] = true;
                break;
            }
        }
    }
}

static const merge_line *current_line(const preview_model *model)
{
    return model->list.current < model->list.count ? merge_result_line(model->result, model->shown[model->list.current]) : NULL;
}

/* The number of the change under the cursor, or of the last one before it. */
static size_t change_number(const preview_model *model)
{
    size_t number = 0;

    for (size_t i = 0; i < model->list.count && i <= model->list.current; i++)
        number += is_change(model, merge_result_line(model->result, model->shown[i]));
    return number;
}

static void choose_shown(preview_model *model)
{
    size_t kept = model->list.current < model->list.count ? model->shown[model->list.current] : 0;

    model->list.count = 0;
    for (size_t i = 0; i < merge_result_count(model->result); i++) {
        const merge_line *line = merge_result_line(model->result, i);

        if (model->folded[i] || (model->differences_only && line->kept && line->origin == MERGE_FROM_BOTH))
            continue;
        if (i <= kept)
            model->list.current = model->list.count;
        model->shown[model->list.count++] = i;
    }
    if (model->list.current >= model->list.count)
        model->list.current = model->list.count > 0 ? model->list.count - 1 : 0;
    model->laid_out_for = 0;
}

/* ---- the list of fields
 * --------------------------------------------------------------------------------------------------------- */

static void lay_out(preview_model *model, int content, bool utf8, bool wrapped)
{
    record_lines_clear(&model->lines);
    for (size_t i = 0; i < model->list.count; i++) {
        const merge_line *line = merge_result_line(model->result, model->shown[i]);

        record_lines_add(&model->lines, line->tag, line->content, i, content, utf8, wrapped ? 0 : 1);
    }
    model->laid_out_for = content;
    model->laid_out_utf8 = utf8;
}

/* Keeps all lines of the current field on the screen, its first one at least. */
static void fit(preview_model *model)
{
    size_t first = 0;
    size_t last;
    size_t rows = model->rows_shown > 0 ? model->rows_shown : 1;

    while (first < model->lines.count && model->lines.lines[first].field < model->list.current)
        first++;
    last = first;
    while (last + 1 < model->lines.count && model->lines.lines[last + 1].field == model->list.current)
        last++;
    if (model->top + rows <= last)
        model->top = last + 1 - rows;
    if (first < model->top)
        model->top = first;
    if (model->top >= model->lines.count)
        model->top = 0;
}

static void draw_fields(preview_model *model, const surface *canvas, bool wrapped)
{
    int content = canvas->columns - 4 - RECORD_CONTENT;

    if (model->laid_out_for != content || model->laid_out_utf8 != surface_utf8(canvas))
        lay_out(model, content, surface_utf8(canvas), wrapped);
    model->rows_shown = (size_t)canvas->rows;
    fit(model);
    for (int row = 0; row < canvas->rows && model->top + (size_t)row < model->lines.count; row++) {
        const record_line *shown = &model->lines.lines[model->top + (size_t)row];
        const merge_line *line = merge_result_line(model->result, model->shown[shown->field]);
        role look;
        char sign[2] = { sign_of(model, line, &look), '\0' };
        bool current = shown->field == model->list.current;

        if (shown->first)
            surface_put(canvas, row, 2, look, sign);
        record_lines_draw(&model->lines, model->top + (size_t)row, canvas, row, 4, canvas->columns - 4, ROLE_FIELD_TAG,
                          line->kept ? ROLE_FIELD_TEXT : ROLE_FROM_DROPPED);
        if (current)
            surface_paint(canvas, row, 0, canvas->columns, ROLE_CURSOR_LINE);
        if (current && shown->first)
            surface_put(canvas, row, 0, ROLE_CURSOR_LINE, ">");
    }
}

/* ---- the two values
 * ----------------------------------------------------------------------------------------------------------------- */

typedef struct value_pair {
    text existing, incoming;
} value_pair; /* as R and X; contents of fields */

static value_pair values_of(const preview_model *model, const merge_line *line)
{
    value_pair pair = { line->content, line->content };

    if (line->origin == MERGE_FROM_BOTH)
        return pair;
    if (line->origin != MERGE_COMBINED && side_of(model, line->origin) == 'R')
        pair.incoming = line->other;
    else
        pair.existing = line->other;
    return pair;
}

static bool is_control(const char *tag)
{
    return strcmp(tag, "LDR") == 0 || marc_tag_is_control(tag);
}

/* "1 0 $$a Title": one value with its indicators, as one line of text. */
static void append_value(buffer *out, const char *tag, text content)
{
    if (content.length == 0) {
        buffer_append_string(out, "(none)");
        return;
    }
    if (!is_control(tag) && content.length >= 2)
        buffer_append_format(out, "%c %c ", content.bytes[0] == ' ' ? '#' : content.bytes[0],
                             content.bytes[1] == ' ' ? '#' : content.bytes[1]);
    record_content(out, tag, content);
}

/* Draws `value` in one row; below it, on the next row, a sign under each byte that is marked. */
static void draw_value_row(const surface *canvas, int row, text value, const bool *marks)
{
    int columns = canvas->columns - 4;
    int used = 0;

    for (size_t at = 0; marks != NULL && at < value.length;) {
        display_unit unit;

        display_next(&unit, value.bytes + at, value.length - at, surface_utf8(canvas));
        if (used + unit.width > columns)
            break;
        for (int i = 0; marks[at] && i < unit.width; i++)
            surface_put(canvas, row + 1, 3 + used + i, ROLE_DIFFERENT, surface_utf8(canvas) ? "‾" : "^");
        used += unit.width;
        at += unit.bytes;
    }
    record_content_draw(canvas, row, 3, columns, ROLE_FIELD_TEXT, value, true);
}

/* Positions of a control field are compared one by one, other text by words. */
static void mark_differences(bool *marks, const char *tag, text one, text other)
{
    if (!is_control(tag)) {
        text_difference(marks, one, other);
        return;
    }
    for (size_t i = 0; i < one.length; i++)
        marks[i] = i >= other.length || one.bytes[i] != other.bytes[i];
}

static void draw_values_narrow(const preview_model *model, const surface *canvas, int row)
{
    const merge_line *line = current_line(model);
    value_pair pair = values_of(model, line);
    buffer existing;
    buffer incoming;
    bool *marks = NULL;

    buffer_init(&existing, 0);
    buffer_init(&incoming, 0);
    append_value(&existing, line->tag, pair.existing);
    append_value(&incoming, line->tag, pair.incoming);
    if (incoming.length > 0)
        marks = calloc(incoming.length, sizeof *marks);
    if (marks != NULL && pair.existing.length > 0)
        mark_differences(marks, line->tag, buffer_text(&incoming), buffer_text(&existing));
    surface_put(canvas, row, 1, ROLE_FROM_EXISTING, "R");
    draw_value_row(canvas, row, buffer_text(&existing), NULL);
    surface_put(canvas, row + 1, 1, ROLE_FROM_INCOMING, "X");
    draw_value_row(canvas, row + 1, buffer_text(&incoming), pair.incoming.length > 0 ? marks : NULL);
    free(marks);
    buffer_release(&existing);
    buffer_release(&incoming);
}

/* ---- the panel of wide screens
 * ------------------------------------------------------------------------------------------------------- */

static int draw_value_wide(const surface *canvas, int row, const char *sign, role look, const char *tag, text content)
{
    buffer value;
    int next;

    buffer_init(&value, 0);
    append_value(&value, tag, content);
    surface_put(canvas, row, 1, look, sign);
    next = row + draw_wrapped(canvas, row, 3, 6, ROLE_FIELD_TEXT, buffer_text(&value));
    buffer_release(&value);
    return next;
}

/* Words of the incoming value that the existing one lacks: the marks of narrow screens, as text. */
static int draw_new_words(const preview_model *model, const surface *canvas, int row, const merge_line *line)
{
    value_pair pair = values_of(model, line);
    buffer existing;
    buffer incoming;
    buffer words;
    bool *marks;

    buffer_init(&existing, 0);
    buffer_init(&incoming, 0);
    buffer_init(&words, 0);
    append_value(&existing, line->tag, pair.existing);
    append_value(&incoming, line->tag, pair.incoming);
    marks = calloc(incoming.length + 1, sizeof *marks);
    if (marks != NULL && pair.existing.length > 0 && pair.incoming.length > 0) {
        mark_differences(marks, line->tag, buffer_text(&incoming), buffer_text(&existing));
        for (size_t i = 0; i < incoming.length; i++) {
            if (marks[i])
                buffer_append_char(&words, incoming.bytes[i]);
            else if (words.length > 0 && i > 0 && marks[i - 1])
                buffer_append_string(&words, " … ");
        }
    }
    if (words.length > 0) {
        surface_put(canvas, row, 1, ROLE_DIFFERENT, "≠");
        row += draw_wrapped(canvas, row, 3, 3, ROLE_DIFFERENT, buffer_text(&words));
    }
    free(marks);
    buffer_release(&existing);
    buffer_release(&incoming);
    buffer_release(&words);
    return row;
}

static const char *fate_of(const preview_model *model, const merge_line *line)
{
    if (!line->kept)
        return "dropped";
    if (line->origin == MERGE_COMBINED)
        return "combined";
    return side_of(model, line->origin) == 'R' ? "kept" : "taken";
}

/* The reasons of the other fields, from the current one on, as far as there is room. */
static int draw_reasons(const preview_model *model, const surface *canvas, int row, int rows)
{
    int end = row + rows;

    surface_put(canvas, row++, 1, ROLE_LABEL, "Why the others stand");
    for (size_t step = 1; step < model->list.count && row < end; step++) {
        const merge_line *line = merge_result_line(model->result, model->shown[(model->list.current + step) % model->list.count]);
        char reason[160];

        if (line->origin == MERGE_FROM_BOTH)
            continue;
        if (line->rule_line > 0)
            snprintf(reason, sizeof reason, "%s  %-8s line %d   %s", line->tag, fate_of(model, line), line->rule_line,
                     line->rule);
        else
            snprintf(reason, sizeof reason, "%s  %-8s %s", line->tag, fate_of(model, line), line->rule != NULL ? line->rule : "");
        surface_data(canvas, row++, 2, canvas->columns - 3, ROLE_TEXT, text_from(reason), true);
    }
    return row;
}

static void format_detail_heading(const preview_model *model, char *left, size_t left_size, char *right, size_t right_size)
{
    const merge_line *line = current_line(model);
    const char *rule = line->rule != NULL ? line->rule : "";

    if (line->origin == MERGE_FROM_BOTH)
        snprintf(left, left_size, "%s, the same in both", line->tag);
    else if (line->rule_line > 0)
        snprintf(left, left_size, "%s, by rule line %d: %s", line->tag, line->rule_line, rule);
    else
        snprintf(left, left_size, "%s, by rule: %s", line->tag, rule);
    if (model->change_count == 0)
        snprintf(right, right_size, "no change");
    else
        snprintf(right, right_size, "change %zu of %zu", change_number(model), model->change_count);
}

static void draw_panel(const preview_model *model, const surface *canvas)
{
    const merge_line *line = current_line(model);
    value_pair pair = values_of(model, line);
    char left[120];
    char right[40];
    int row = 0;
    int reasons;

    format_detail_heading(model, left, sizeof left, right, sizeof right);
    surface_rule(canvas, row++, false, line->tag, right);
    row = draw_value_wide(canvas, row, "R", ROLE_FROM_EXISTING, line->tag, pair.existing);
    row = draw_value_wide(canvas, row, "X", ROLE_FROM_INCOMING, line->tag, pair.incoming);
    row = draw_new_words(model, canvas, row, line);
    row += draw_wrapped(canvas, row + 1, 1, 2, ROLE_TEXT_DIM, text_from(left)) + 2;
    reasons = canvas->rows - row - 6;
    if (reasons >= 2)
        row = draw_reasons(model, canvas, row, reasons) + 1;
    if (model->cost_line[0] != '\0' && row + 2 < canvas->rows) {
        surface_put(canvas, row++, 1, ROLE_ALERT_WARNING, "If you choose Copy & Overlay instead");
        draw_wrapped(canvas, row, 2, 4, ROLE_TEXT, text_from(model->cost_line));
    }
}

/* ---- the whole
 * ------------------------------------------------------------------------------------------------------------------------ */

static void draw_head(const preview_model *model, const surface *canvas, bool focused)
{
    char left[80];
    char right[160];

    snprintf(left, sizeof left, "%s, read only", model->overlay ? "Overlay preview" : "Merge preview");
    snprintf(right, sizeof right, "rule: %s", model->rule);
    surface_rule(canvas, 0, focused, left, right);
    surface_data(canvas, 1, 1, canvas->columns - 1, ROLE_TEXT, text_from(model->existing_line), true);
    surface_data(canvas, 2, 1, canvas->columns - 1, ROLE_TEXT, text_from(model->incoming_line), true);
    surface_data(canvas, 3, 1, canvas->columns - 1, ROLE_TEXT, text_from(model->counts_line), true);
}

static void preview_draw(void *state, const surface *canvas, bool focused)
{
    preview_model *model = state;
    bool wide = canvas->columns >= WIDE_COLUMNS && canvas->rows > 14;
    int left = canvas->columns * 3 / 5 - 1;
    surface part;

    surface_clear(canvas, ROLE_TEXT);
    draw_head(model, canvas, focused);
    surface_rule(canvas, 4, false, wide ? "Result" : "", "");
    if (model->list.count == 0) {
        surface_put(canvas, HEAD_ROWS, 1, ROLE_TEXT, "No field differs: the result is what you have.");
        return;
    }
    if (wide) {
        part = surface_part(canvas, HEAD_ROWS, 0, canvas->rows - HEAD_ROWS, left);
        draw_fields(model, &part, true);
        part = surface_part(canvas, 4, left, canvas->rows - 4, 1);
        surface_vertical_rule(&part, 0);
        part = surface_part(canvas, 4, left + 1, canvas->rows - 4, canvas->columns - left - 1);
        draw_panel(model, &part);
        return;
    }
    part = surface_part(canvas, HEAD_ROWS, 0, canvas->rows - HEAD_ROWS - DETAIL_ROWS, canvas->columns);
    draw_fields(model, &part, false);
    if (canvas->rows > HEAD_ROWS + DETAIL_ROWS) {
        char heading[120];
        char right_text[40];

        format_detail_heading(model, heading, sizeof heading, right_text, sizeof right_text);
        surface_rule(canvas, canvas->rows - DETAIL_ROWS, false, heading, right_text);
        draw_values_narrow(model, canvas, canvas->rows - DETAIL_ROWS + 1);
    }
}

static void preview_position(void *state, buffer *out)
{
    const preview_model *model = state;

    if (model->list.count > 0)
        buffer_append_format(out, "%zu/%zu", model->list.current + 1, model->list.count);
}

/* ---- commands
 * --------------------------------------------------------------------------------------------------------------------------- */

static void go_to_change(preview_model *model, workstation *station, int step)
{
    size_t at = model->list.current;

    for (;;) {
        if (step < 0 ? at == 0 : at + 1 >= model->list.count) {
            station_say(station, step < 0 ? "No earlier change" : "No further change");
            return;
        }
        at += step < 0 ? SIZE_MAX : 1;
        if (is_change(model, merge_result_line(model->result, model->shown[at])))
            break;
    }
    model->list.current = at;
}

static void apply(preview_model *model, workstation *station, bool overlay)
{
    edit_session *session = session_tied(&model->tie, station);
    take_source source = { .match = model->match, .external = model->external, .target = model->target };
    const char *why = session_cannot_change(session);

    if (session == NULL)
        station_say(station, "Go back to the open record first; another one is in front");
    else if (why != NULL)
        station_say(station, "Cannot do that: %s", why);
    else if (overlay)
        take_overlay_ask(station, session, &source);
    else
        take_now(station, session, &source, false);
}

static bool preview_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    preview_model *model = state;
    const char *name = command_row->name;

    (void)argument;
    if (list_view_run(&model->list, name, model->rows_shown))
        return true;
    if (strcmp(name, "preview.next") == 0 || strcmp(name, "preview.previous") == 0) {
        go_to_change(model, station, strcmp(name, "preview.next") == 0 ? 1 : -1);
    } else if (strcmp(name, "preview.differences") == 0) {
        model->differences_only = !model->differences_only;
        choose_shown(model);
    } else if (strcmp(name, "preview.apply") == 0) {
        apply(model, station, model->overlay);
    } else if (strcmp(name, "preview.overlay") == 0) {
        apply(model, station, true);
    } else {
        return false;
    }
    return true;
}

static const char *preview_cannot(void *state, const command *command_row, workstation *station)
{
    preview_model *model = state;

    if (strcmp(command_row->name, "preview.apply") == 0 || strcmp(command_row->name, "preview.overlay") == 0)
        return session_cannot_change(session_tied(&model->tie, station));
    return NULL;
}

static void preview_release(void *state, workstation *station)
{
    preview_model *model = state;

    (void)station;
    merge_result_free(model->result);
    marc_record_free(model->external);
    record_lines_release(&model->lines);
    free(model->shown);
    free(model->folded);
    free(model);
}

const pane_kind preview_pane = {
    .name = "preview",
    .title = "Merge Preview",
    .draw = preview_draw,
    .run = preview_run,
    .cannot = preview_cannot,
    .position = preview_position,
    .release = preview_release,
    .wants_full_width = true,
};

/* ---- opening
 * --------------------------------------------------------------------------------------------------------------------------------
 */

static void date_of_005(char *out, size_t capacity, const marc_record *record, int64_t now)
{
    text stamp = marc_record_control(record, "005");
    int64_t ticks;

    snprintf(out, capacity, "%s", "");
    if (clock_parse_005(&ticks, stamp.bytes, stamp.length))
        format_time_short(out, capacity, ticks / 10, now);
}

static void describe_repository(char *out, size_t capacity, const marc_record *record, const bib_info *info, mms_id id,
                                int64_t now)
{
    char digits[MMS_ID_LENGTH];
    char saved[32];

    mms_id_format(digits, id);
    if (info->version == 0) {
        snprintf(out, capacity, "R bib %s, new, not yet saved    brief %02d", digits, match_brief_level(record));
        return;
    }
    format_time_short(saved, sizeof saved, info->modified_at, now);
    snprintf(out, capacity, "R repository %s v%d, %s, %s    brief %02d", digits, info->version, saved, info->modified_by,
             match_brief_level(record));
}

static void describe_other(char *out, size_t capacity, const marc_record *record, const char *name, int64_t now)
{
    char dated[32];
    buffer oclc;
    size_t field = marc_record_find(record, "035", 0);
    text number = { "", 0 };

    date_of_005(dated, sizeof dated, record, now);
    buffer_init(&oclc, 0);
    for (; field != SIZE_MAX && oclc.length == 0; field = marc_record_find(record, "035", field + 1))
        if (marc_field_subfield(marc_record_field(record, field), 'a', &number))
            number_oclc_key(&oclc, number);
    snprintf(out, capacity, "X %s %s%s%s%s    brief %02d", name, oclc.length > 0 ? "(OCoLC)" : "", buffer_string(&oclc),
             oclc.length > 0 && dated[0] != '\0' ? ", " : "", dated, match_brief_level(record));
    buffer_release(&oclc);
}

static void describe_counts(preview_model *model)
{
    merge_counts counts = merge_result_counts(model->result);
    size_t kept = model->turned ? counts.taken : counts.kept;
    size_t taken = model->turned ? counts.kept : counts.taken;
    const marc_record *result = merge_result_record(model->result);
    size_t at;

    for (size_t i = 0; i < merge_result_count(model->result); i++)
        counts.dropped -= model->folded[i];

    snprintf(model->counts_line, sizeof model->counts_line,
             "= same %zu    R kept %zu    X taken %zu    & combined %zu    - dropped %zu    %zu fields", counts.same, kept, taken,
             counts.combined, counts.dropped, marc_record_count(result));
    at = strlen(model->incoming_line);
    snprintf(model->incoming_line + at, sizeof model->incoming_line - at, "   result: brief %02d", match_brief_level(result));
}

static void describe_cost(preview_model *model, const marc_record *open, const marc_record *other)
{
    buffer tags;
    size_t lost;

    buffer_init(&tags, 0);
    lost = fields_lost(&tags, open, other);
    snprintf(model->cost_line, sizeof model->cost_line,
             "%c replaces the record you have open: %zu of its fields would be lost%s%.240s.", model->match != 0 ? 'R' : 'X',
             lost, lost > 0 ? ": " : "", buffer_string(&tags));
    buffer_release(&tags);
}

/* Fills the lines of the head from the two records; `open` is the session's working copy. */
static recto_status describe(preview_model *model, workstation *station, edit_session *session, recto_error *error)
{
    catalog *house = station_catalog(station);
    const marc_record *open = marc_edit_record(edit_of(session));
    const marc_record *other = model->external;
    const edit_state *state = edit_state_of(session);
    int64_t now = catalog_now(house);
    marc_record *stored = NULL;
    bib_info info = { .version = 0 };
    recto_status status = RECTO_OK;

    if (model->match != 0 || state->version > 0)
        status = catalog_load(house, model->match != 0 ? model->match : state->id, &stored, &info, error);
    if (status != RECTO_OK)
        return status;
    if (model->match != 0)
        other = stored;
    if (model->match != 0) {
        describe_repository(model->existing_line, sizeof model->existing_line, stored, &info, model->match, now);
        describe_other(model->incoming_line, sizeof model->incoming_line, open, "the open record", now);
    } else {
        describe_repository(model->existing_line, sizeof model->existing_line, open, &info, state->id, now);
        describe_other(model->incoming_line, sizeof model->incoming_line, other, model->target, now);
    }
    if (other != NULL)
        describe_cost(model, open, other);
    marc_record_free(stored);
    return RECTO_OK;
}

static recto_status fill(preview_model *model, workstation *station, edit_session *session, const marc_record *external,
                         recto_error *error)
{
    recto_status status = RECTO_OK;
    size_t count = merge_result_count(model->result);

    model->shown = calloc(count > 0 ? count : 1, sizeof *model->shown);
    model->folded = calloc(count > 0 ? count : 1, sizeof *model->folded);
    if (model->shown == NULL || model->folded == NULL)
        return recto_fail_memory(error, "previewing a merge");
    if (external != NULL)
        status = marc_record_copy(&model->external, external, error);
    if (status == RECTO_OK)
        status = describe(model, station, session, error);
    if (status != RECTO_OK)
        return status;
    snprintf(model->rule, sizeof model->rule, "%s",
             model->overlay ? "Copy & Overlay" : catalog_copy_rule(station_catalog(station), edit_state_of(session)->zone));
    fold_replaced(model);
    for (size_t i = 0; i < count; i++)
        model->change_count += !model->folded[i] && is_change(model, merge_result_line(model->result, i));
    describe_counts(model);
    choose_shown(model);
    return RECTO_OK;
}

void preview_pane_open(workstation *station, edit_session *session, merge_result *result, bool overlay, mms_id match,
                       const marc_record *external, const char *from)
{
    preview_model *model = calloc(1, sizeof *model);
    recto_error error;

    if (model == NULL) {
        merge_result_free(result);
        recto_fail_memory(&error, "previewing a merge");
        station_error(station, &error);
        return;
    }
    record_lines_init(&model->lines);
    model->tie = session_tie_to(session);
    model->result = result;
    model->overlay = overlay;
    model->match = match;
    model->turned = overlay && match != 0; /* match_overlay takes the open record as the existing one */
    snprintf(model->target, sizeof model->target, "%s", from != NULL ? from : "");
    if (fill(model, station, session, external, &error) != RECTO_OK) {
        station_error(station, &error);
        preview_release(model, station);
        return;
    }
    station_push(station, AREA_RECORDS, PLACE_COMPANION, &preview_pane, model);
    station_say(station, "Nothing is changed yet. Copy & %s puts this result in the editor.", overlay ? "Overlay" : "Merge");
}
