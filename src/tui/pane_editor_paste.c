/* src/tui/pane_editor_paste.c - bracketed paste: text that never fires a key (ED-199).
 *
 * A line that begins with a tag becomes a field of its own, in any of the three ways such lines are written: the grid's
 * (`245 1 0 $$a Title / $$c Author`), the line format's (`245 10 $aTitle /$cAuthor`) and mnemonic (`=245  10$aTitle`). All
 * other line ends become blanks. What a terminal may send and a record may not hold is left out. One paste is one undo step. */
#include "editor.h"

#include <stdio.h>
#include <string.h>

/* Line ends stay, tabs become blanks, other control characters and bytes that are no UTF-8 go. */
static void clean(buffer *out, text pasted, size_t *dropped)
{
    size_t at = 0;
    while (at < pasted.length) {
        int32_t code;
        size_t bytes = utf8_decode(pasted.bytes + at, pasted.length - at, &code);
        if (code == '\r' || code == '\n')
            buffer_append_char(out, '\n');
        else if (code == '\t')
            buffer_append_char(out, ' ');
        else if (code < 0x20 || (code >= 0x7F && code <= 0x9F))
            (*dropped)++;
        else
            buffer_append(out, pasted.bytes + at, bytes);
        at += bytes;
    }
}

static bool begins_with_tag(text line)
{
    if (line.length > 0 && line.bytes[0] == '=')
        line = text_of(line.bytes + 1, line.length - 1);
    if (line.length < 5 || line.bytes[3] != ' ')
        return false;
    for (size_t i = 0; i < MARC_TAG_LENGTH; i++)
        if (line.bytes[i] < '0' || line.bytes[i] > '9')
            return false;
    return true;
}

static char blank_of(char letter)
{
    return letter == '#' || letter == '\\' || letter == '_' ? ' ' : letter;
}

static bool is_code(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
}

/* `$$a Title / $$c Author` or `$aTitle /$cAuthor` to delimiters; `doubled` says which of them this is. */
static void append_subfields(buffer *out, text content, bool doubled)
{
    size_t width = doubled ? 2 : 1, at = 0;
    static const text literal = { "{dollar}", 8 };
    while (at < content.length) {
        const char *here = content.bytes + at;
        size_t left = content.length - at;
        bool dollars = left > width && here[0] == '$' && (!doubled || here[1] == '$') && is_code(here[width]);
        if (dollars) {
            if (doubled && out->length > EDITOR_INDICATORS && out->bytes[out->length - 1] == ' ')
                out->length--;
            buffer_append_char(out, MARC_SUBFIELD_DELIMITER);
            buffer_append_char(out, here[width]);
            at += width + 1;
            at += doubled && at < content.length && content.bytes[at] == ' ' ? 1 : 0;
        } else if (left >= literal.length && memcmp(here, literal.bytes, literal.length) == 0) {
            buffer_append_char(out, '$');
            at += literal.length;
        } else {
            buffer_append_char(out, *here);
            at++;
        }
    }
}

static bool has_doubled(text content)
{
    for (size_t i = 0; i + 2 < content.length; i++)
        if (content.bytes[i] == '$' && content.bytes[i + 1] == '$' && is_code(content.bytes[i + 2]))
            return true;
    return false;
}

/* `1 0 ` (grid), `10 ` or `10` (line, mnemonic), with #, _ or a backslash for a blank. */
static void read_indicators(text part, char indicators[static EDITOR_INDICATORS])
{
    bool apart = part.length == 4 && part.bytes[1] == ' ' && part.bytes[3] == ' ';
    for (size_t i = 0; i < EDITOR_INDICATORS; i++) {
        size_t at = apart ? i * 2 : i;
        indicators[i] = at < part.length ? blank_of(part.bytes[at]) : ' ';
    }
}

static void field_from_line(text line, char tag[static MARC_TAG_LENGTH + 1], buffer *content)
{
    char indicators[EDITOR_INDICATORS];
    bool mnemonic = line.bytes[0] == '=';
    size_t at = mnemonic ? 1 : 0;
    memcpy(tag, line.bytes + at, MARC_TAG_LENGTH);
    tag[MARC_TAG_LENGTH] = '\0';
    at += MARC_TAG_LENGTH + 1;
    if (mnemonic && at < line.length && line.bytes[at] == ' ')
        at++;
    if (marc_tag_is_control(tag)) {
        while (at < line.length && line.bytes[at] == ' ' && !mnemonic)
            at++;
        for (; at < line.length; at++)
            buffer_append_char(content, line.bytes[at] == '\\' || line.bytes[at] == '#' ? ' ' : line.bytes[at]);
        return;
    }
    size_t dollar = at;
    while (dollar < line.length && line.bytes[dollar] != '$')
        dollar++;
    read_indicators(text_of(line.bytes + at, dollar - at), indicators);
    buffer_append(content, indicators, sizeof indicators);
    text rest = text_of(line.bytes + dollar, line.length - dollar);
    append_subfields(content, rest, has_doubled(rest));
}

static bool paste_field(editor *pane, text line)
{
    recto_error error = { 0 };
    char tag[MARC_TAG_LENGTH + 1];
    buffer content;
    buffer_init(&content, EDITOR_FIELD_LIMIT);
    field_from_line(line, tag, &content);
    recto_status status = RECTO_EREFUSED;
    if (strcmp(tag, "001") == 0 || strcmp(tag, "005") == 0)
        station_say(pane->station, "%s was left out of the paste: the system keeps it", tag);
    else if (buffer_failed(&content))
        station_say(pane->station, "field %s was left out of the paste: it is over %d bytes", tag, EDITOR_FIELD_LIMIT);
    else
        status = marc_edit_insert(edit_of(pane->session), pane->row, tag, buffer_text(&content), &error);
    buffer_release(&content);
    if (error.status != RECTO_OK)
        station_error(pane->station, &error);
    if (status != RECTO_OK)
        return false;
    editor_changed(pane);
    editor_move_to(pane, pane->row + 1, BOX_CONTENT, SIZE_MAX);
    return true;
}

/* Text within one field, at the cursor: line ends were made blanks. */
static void paste_inside(editor *pane, text words)
{
    editor_row row;
    buffer content;
    if (words.length == 0 || !editor_may_change(pane, pane->row) || !editor_row_get(pane, pane->row, &row))
        return;
    if (pane->box != BOX_CONTENT || row.overwrite) { /* boxes and fixed fields take characters one by one */
        enum { BOX_PASTE_MAX = 64 };
        for (size_t i = 0; i < words.length && i < BOX_PASTE_MAX; i++) {
            key one = { .name = KEY_IS_TEXT, .text = { words.bytes[i] } };
            if ((unsigned char)words.bytes[i] < 0x80)
                editor_type(pane, &one);
        }
        return;
    }
    buffer_init(&content, EDITOR_FIELD_LIMIT);
    size_t at = pane->offset < row.content.length ? pane->offset : row.content.length;
    buffer_append(&content, row.content.bytes, at);
    if (!row.control && content.length == row.start && row.content.length == row.start && words.bytes[0] != '$')
        buffer_append_string(&content, "\x1F"
                                       "a"); /* content never stands outside of a subfield by pasting */
    if (row.control)
        buffer_append_text(&content, words);
    else
        append_subfields(&content, words, true);
    size_t end = content.length;
    buffer_append(&content, row.content.bytes + at, row.content.length - at);
    if (buffer_failed(&content))
        station_say(pane->station, "field %s would be over %d bytes; nothing was pasted", row.tag, EDITOR_FIELD_LIMIT);
    else if (editor_set_content(pane, pane->row, row.tag, buffer_text(&content)))
        editor_move_to(pane, pane->row, BOX_CONTENT, end);
    buffer_release(&content);
}

static size_t paste_lines(editor *pane, text all)
{
    size_t fields = 0, inside = 0;
    while (all.bytes != NULL && fields < 10000) {
        text line = text_next_field(&all, '\n');
        if (line.length == 0)
            continue;
        if (begins_with_tag(line)) {
            fields += paste_field(pane, line) ? 1 : 0;
        } else {
            if (inside++ > 0 || fields > 0)
                paste_inside(pane, TEXT(" "));
            paste_inside(pane, line);
        }
    }
    return fields;
}

/* What a paste would do: how many lines become fields, and of which tags. */
typedef struct paste_plan {
    size_t fields, others, system;
    char tags[120];
} paste_plan;

static paste_plan plan_of(text all)
{
    paste_plan plan = { .fields = 0 };
    size_t used = 0;
    while (all.bytes != NULL) {
        text line = text_next_field(&all, '\n');
        if (line.length == 0)
            continue;
        if (!begins_with_tag(line)) {
            plan.others++;
            continue;
        }
        const char *tag = line.bytes + (line.bytes[0] == '=' ? 1 : 0);
        if (memcmp(tag, "001", MARC_TAG_LENGTH) == 0 || memcmp(tag, "005", MARC_TAG_LENGTH) == 0) {
            plan.system++;
            continue;
        }
        plan.fields++;
        if (used + 10 < sizeof plan.tags)
            used += (size_t)snprintf(plan.tags + used, sizeof plan.tags - used, "%s%.3s", used > 0 ? ", " : "", tag);
        else if (strcmp(plan.tags + used - 3, "...") != 0)
            used += (size_t)snprintf(plan.tags + used, sizeof plan.tags - used, "...");
    }
    return plan;
}

static void paste_now(editor *pane, text cleaned)
{
    marc_edit_begin(edit_of(pane->session), "paste");
    size_t fields = paste_lines(pane, cleaned);
    marc_edit_end(edit_of(pane->session));
    if (fields > 0)
        station_say(pane->station, "pasted %zu field%s; undo takes the paste back", fields, fields == 1 ? "" : "s");
}

/* ---- several lines: what they would become is shown before ---- */

static void paste_answered(workstation *station, void *context, const char *choice)
{
    editor *pane = context;
    buffer kept = pane->pasted;
    buffer_init(&pane->pasted, (size_t)EDITOR_FIELD_LIMIT * 16);
    if (strcmp(choice, "paste") == 0 && pane->session != NULL)
        paste_now(pane, buffer_text(&kept));
    else
        station_say(station, "nothing was pasted");
    buffer_release(&kept);
}

static void show_plan(editor *pane, const paste_plan *plan, size_t dropped)
{
    static const dialog_choice choices[] = { { "paste", "Paste", 'p' }, { "cancel", "Cancel", 'c' }, { NULL, NULL, 0 } };
    char fields[200], others[160], left_out[160];
    const char *lines[4] = { NULL };
    size_t count = 0;
    (void)snprintf(fields, sizeof fields, "%zu line%s: new field%s behind this one: %s", plan->fields,
                   plan->fields == 1 ? "" : "s", plan->fields == 1 ? "" : "s", plan->tags);
    (void)snprintf(others, sizeof others, "%zu line%s joined, with blanks between, at the cursor", plan->others,
                   plan->others == 1 ? "" : "s are");
    (void)snprintf(left_out, sizeof left_out, "Left out: %zu control character%s, %zu line%s of 001 or 005", dropped,
                   dropped == 1 ? "" : "s", plan->system, plan->system == 1 ? "" : "s");
    if (plan->fields > 0)
        lines[count++] = fields;
    if (plan->others > 0)
        lines[count++] = others;
    if (dropped + plan->system > 0)
        lines[count++] = left_out;
    station_ask(pane->station, &(dialog){ .title = "Paste several lines",
                                          .lines = lines,
                                          .choices = choices,
                                          .initial = "paste",
                                          .escape = "cancel",
                                          .done = paste_answered,
                                          .context = pane });
}

void editor_paste_text(editor *pane, text pasted)
{
    size_t dropped = 0;
    if (!editor_may_change(pane, 0))
        return;
    if (pane->tag_pending)
        editor_commit_tag(pane);
    buffer_release(&pane->pasted);
    buffer_init(&pane->pasted, (size_t)EDITOR_FIELD_LIMIT * 16);
    clean(&pane->pasted, pasted, &dropped);
    if (buffer_failed(&pane->pasted)) {
        station_say(pane->station, "the pasted text is over 16 MiB; nothing was pasted");
        buffer_clear(&pane->pasted);
        return;
    }
    const paste_plan plan = plan_of(buffer_text(&pane->pasted));
    if (plan.fields + plan.others + plan.system > 1) {
        show_plan(pane, &plan, dropped);
        return;
    }
    paste_now(pane, buffer_text(&pane->pasted));
    buffer_clear(&pane->pasted);
    if (dropped > 0)
        station_say(pane->station, "%zu control character%s left out of the paste", dropped, dropped == 1 ? " was" : "s were");
}
