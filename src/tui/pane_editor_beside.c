/* src/tui/pane_editor_beside.c - two records side by side: lined up, scrolled together, fields copied across.
 *
 * Both are editors; the one at the right is a companion of the one at the left. What they share is the pair: which row stands
 * beside which. It goes with the last of the two. Left and right are sides 0 and 1, also when one stands above the other.
 *
 * Shown side by side, rows that belong together begin on the same line: a row takes as many lines as the taller of both, and
 * the lines of rows that only the other record has stand before it as a gap. */
#include "editor.h"
#include "station.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static editor *other_side(const editor *pane)
{
    return pane->pair != NULL ? pane->pair->sides[1 - pane->side] : NULL;
}

/* ---- the pair ---- */

void editor_pair_leave(editor *pane)
{
    editor_pair *pair = pane->pair;
    if (pair == NULL)
        return;
    pane->pair = NULL;
    pair->sides[pane->side] = NULL;
    if (pair->sides[1 - pane->side] != NULL)
        return;
    record_pairs_release(&pair->pairs);
    free(pair);
}

static void pair_up(editor *left, editor *right)
{
    editor_pair_leave(left);
    editor_pair *pair = calloc(1, sizeof *pair);
    if (pair == NULL)
        return;
    pair->sides[0] = left;
    pair->sides[1] = right;
    left->pair = right->pair = pair;
    left->side = 0;
    right->side = 1;
}

/* Lined up as the records are now. NULL: there is no second record, or no memory to line them up. */
static const record_pairs *lined_up(const editor *pane)
{
    const editor *other = other_side(pane);
    editor_pair *pair = pane->pair;
    if (other == NULL || other->session == NULL || pane->session == NULL)
        return NULL;
    uint64_t revisions[2];
    for (int side = 0; side < 2; side++)
        revisions[side] = marc_edit_revision(edit_of(pair->sides[side]->session));
    if (!pair->built || memcmp(revisions, pair->revisions, sizeof revisions) != 0) {
        pair->built = record_pairs_make(&pair->pairs, editor_record(pair->sides[0]), editor_record(pair->sides[1]));
        memcpy(pair->revisions, revisions, sizeof revisions);
    }
    return pair->built ? &pair->pairs : NULL;
}

static bool is_aligned(const editor *pane)
{
    return other_side(pane) != NULL && pane->columns < station_columns(pane->station) && !station_has_strip(pane->station);
}

/* ---- lines ---- */

static int slot_height(editor *pane, const record_slot *slot)
{
    editor *other = other_side(pane);
    size_t own = slot->rows[pane->side], theirs = slot->rows[1 - pane->side];
    int height = own != SIZE_MAX ? editor_height(pane, own) : 0;
    int their_height = theirs != SIZE_MAX ? editor_height(other, theirs) : 0;
    return height > their_height ? height : their_height;
}

/* The first of the slots before a row's own that only the other side has. */
static size_t gap_start(const editor *pane, const record_pairs *pairs, size_t row)
{
    size_t slot = row < pairs->rows[pane->side] ? pairs->slot_of[pane->side][row] : pairs->count;
    while (slot > 0 && pairs->slots[slot - 1].rows[pane->side] == SIZE_MAX)
        slot--;
    return slot;
}

int editor_gap_before(editor *pane, size_t row)
{
    const record_pairs *pairs = is_aligned(pane) ? lined_up(pane) : NULL;
    int lines = 0;
    if (pairs == NULL)
        return 0;
    for (size_t slot = gap_start(pane, pairs, row); slot < pairs->count && pairs->slots[slot].rows[pane->side] == SIZE_MAX;
         slot++)
        lines += slot_height(pane, &pairs->slots[slot]);
    return lines;
}

int editor_span(editor *pane, size_t row)
{
    const record_pairs *pairs = is_aligned(pane) ? lined_up(pane) : NULL;
    if (pairs == NULL || row >= pairs->rows[pane->side])
        return editor_height(pane, row);
    return editor_gap_before(pane, row) + slot_height(pane, &pairs->slots[pairs->slot_of[pane->side][row]]);
}

/* Which slot the first line seen of the pane with the focus belongs to, and how many of its lines are above the edge. */
static size_t top_slot(editor *pane, const record_pairs *pairs, int *line)
{
    size_t slot = gap_start(pane, pairs, pane->top_row);
    *line = pane->top_line;
    for (; slot < pairs->count && pairs->slots[slot].rows[pane->side] == SIZE_MAX; slot++) {
        int height = slot_height(pane, &pairs->slots[slot]);
        if (*line < height)
            break;
        *line -= height;
    }
    return slot;
}

/* Puts the pane without the focus beside the other one, whose first line has been settled. */
static void scroll_along(editor *pane, editor *leader, const record_pairs *pairs)
{
    int line;
    size_t slot = top_slot(leader, pairs, &line);
    pane->top_row = record_pairs_row_from(pairs, pane->side, slot);
    pane->top_line = 0;
    if (!is_aligned(pane))
        return;
    pane->top_line = line;
    for (size_t i = gap_start(pane, pairs, pane->top_row); i < slot; i++)
        pane->top_line += slot_height(pane, &pairs->slots[i]);
}

/* The left side is drawn first: it must know how the right one will wrap its lines. */
void editor_pair_measure(editor *pane)
{
    editor *other = other_side(pane);
    if (other == NULL)
        return;
    other->utf8 = pane->utf8;
    if (is_aligned(pane))
        other->columns = station_columns(pane->station) - 1 - pane->columns;
}

bool editor_scrolls_along(editor *pane, int rows)
{
    editor *leader = other_side(pane);
    const record_pairs *pairs = lined_up(pane);
    if (pairs == NULL || station_has_strip(pane->station))
        return false;
    editor_fit(leader, is_aligned(pane) ? rows : leader->grid_rows);
    scroll_along(pane, leader, pairs);
    if (!is_aligned(pane))
        editor_fit(pane, rows);
    return true;
}

/* The cursor of the other record goes where its field of the same slot is, so that the focus can change without a jump. */
void editor_pair_follow(editor *pane)
{
    editor *other = other_side(pane);
    const record_pairs *pairs = lined_up(pane);
    if (pairs == NULL || pane->row >= pairs->rows[pane->side] || other->tag_pending)
        return;
    size_t row = pairs->slots[pairs->slot_of[pane->side][pane->row]].rows[1 - pane->side];
    editor_row here;
    if (row == SIZE_MAX || row == other->row || !editor_row_get(other, other->row, &here) || strcmp(here.tag, "   ") == 0)
        return;
    editor_move_to(other, row, BOX_CONTENT, 0);
    editor_enter_content(other);
}

/* ---- differences ---- */

char editor_pair_sign(const editor *pane, size_t row)
{
    const record_pairs *pairs = lined_up(pane);
    if (pairs == NULL || row >= pairs->rows[pane->side])
        return ' ';
    const record_slot *slot = &pairs->slots[pairs->slot_of[pane->side][row]];
    return slot->rows[1 - pane->side] == SIZE_MAX ? '+' : slot->differs ? '!' : ' ';
}

bool *editor_pair_marks(editor *pane, const editor_row *row, size_t index)
{
    editor_row theirs;
    if (row->content.length == 0 || editor_pair_sign(pane, index) != '!')
        return NULL;
    const record_pairs *pairs = lined_up(pane);
    size_t partner = pairs->slots[pairs->slot_of[pane->side][index]].rows[1 - pane->side];
    bool *marks = editor_row_get(other_side(pane), partner, &theirs) ? calloc(row->content.length, sizeof *marks) : NULL;
    if (marks != NULL)
        field_difference(marks, row->content, theirs.content, row->control);
    return marks;
}

static void go_to_slot(editor *pane, const record_slot *slot)
{
    editor *at = slot->rows[pane->side] != SIZE_MAX ? pane : other_side(pane);
    editor_row row;
    size_t index = slot->rows[at->side], offset = 0;
    editor_move_to(at, index, BOX_CONTENT, 0);
    editor_enter_content(at);
    bool *marks = editor_row_get(at, index, &row) ? editor_pair_marks(at, &row, index) : NULL;
    while (marks != NULL && offset < row.content.length && !marks[offset])
        offset++;
    if (marks != NULL && offset >= row.start && offset < row.content.length) {
        editor_move_to(at, index, BOX_CONTENT, offset);
        editor_clamp(at);
    }
    free(marks);
    if (at != pane)
        station_focus(pane->station, at);
    editor_pair_follow(at);
}

static bool slot_differs(const record_slot *slot)
{
    return slot->differs || slot->rows[0] == SIZE_MAX || slot->rows[1] == SIZE_MAX;
}

void editor_next_difference(editor *pane, int by)
{
    const record_pairs *pairs = lined_up(pane);
    size_t number = 0, differences = 0;
    if (pairs == NULL) {
        station_say(pane->station, "no second record is here: Second Record Beside (menu View) brings one");
        return;
    }
    if (pane->tag_pending)
        editor_commit_tag(pane);
    pairs = lined_up(pane);
    size_t slot = pairs->slot_of[pane->side][pane->row];
    do
        slot += (size_t)by;
    while (slot < pairs->count && !slot_differs(&pairs->slots[slot]));
    if (slot >= pairs->count) {
        station_say(pane->station, by > 0 ? "no difference below" : "no difference above");
        return;
    }
    for (size_t i = 0; i < pairs->count; i++) {
        differences += slot_differs(&pairs->slots[i]) ? 1 : 0;
        number += i <= slot && slot_differs(&pairs->slots[i]) ? 1 : 0;
    }
    const record_slot found = pairs->slots[slot];
    go_to_slot(pane, &found);
    station_say(pane->station, "difference %zu of %zu%s", number, differences,
                found.rows[0] == SIZE_MAX   ? ": only the right record has it"
                : found.rows[1] == SIZE_MAX ? ": only the left record has it"
                                            : "");
}

/* ---- copying across ---- */

typedef struct crossing {
    editor *from, *to;
    size_t from_row, to_row; /* to_row SIZE_MAX: there is none; it would become place + 1 */
    size_t place;            /* field index for what is new */
    char number[MMS_ID_LENGTH];
} crossing;

/* What stands at the cursor of `pane`, and where it would go; says why not. */
static bool plan_crossing(editor *pane, int to_side, crossing *out)
{
    const record_pairs *pairs;
    if (pane->tag_pending)
        editor_commit_tag(pane);
    if ((pairs = lined_up(pane)) == NULL) {
        station_say(pane->station, "no second record is here: Second Record Beside (menu View) brings one");
        return false;
    }
    size_t slot = pairs->slot_of[pane->side][pane->row];
    *out = (crossing){ .from = pane->pair->sides[1 - to_side], .to = pane->pair->sides[to_side] };
    out->from_row = pairs->slots[slot].rows[1 - to_side];
    out->to_row = pairs->slots[slot].rows[to_side];
    for (size_t i = 0; i < slot; i++)
        if (pairs->slots[i].rows[to_side] != SIZE_MAX)
            out->place = pairs->slots[i].rows[to_side];
    mms_id_format(out->number, edit_state_of(out->from->session)->id);
    if (out->from_row == SIZE_MAX) {
        station_say(pane->station, "the %s record has no such field; Alt+D removes this one", to_side == 0 ? "right" : "left");
        return false;
    }
    return true;
}

/* Why the other record cannot take it is said where the eyes are. */
static bool may_take(const crossing *plan, const editor_row *row)
{
    const edit_state *state = edit_state_of(plan->to->session);
    if (state->pushed && !editor_may_change(plan->to, 0))
        return false;
    if (state->view_only)
        station_say(plan->to->station, "the %s record is view only: %s", plan->to->side == 0 ? "left" : "right",
                    state->view_only_reason[0] != '\0' ? state->view_only_reason : "nothing can be put there");
    else if (row->read_only != NULL)
        station_say(plan->to->station, "%s", row->read_only);
    return !state->view_only && row->read_only == NULL;
}

/* LDR/05-09 and 17-19: the other positions are computed when the record is saved. */
static void leader_across(char out[static MARC_LEADER_LENGTH], const crossing *plan)
{
    const char *from = marc_record_leader(editor_record(plan->from));
    memcpy(out, marc_record_leader(editor_record(plan->to)), MARC_LEADER_LENGTH);
    memcpy(out + 5, from + 5, 5);
    memcpy(out + 17, from + 17, 3);
}

static bool put_across(const crossing *plan, const char *what, const char *tag, text content)
{
    char title[80];
    recto_error error = { 0 };
    marc_edit *edit = edit_of(plan->to->session);
    recto_status status;
    uint64_t revision = marc_edit_revision(edit);
    snprintf(title, sizeof title, "Copy %s from %s", what, plan->number);
    marc_edit_settle(edit);
    marc_edit_begin(edit, title);
    if (plan->to_row == 0)
        status = marc_edit_set_leader(edit, content.bytes, &error);
    else if (plan->to_row == SIZE_MAX)
        status = marc_edit_insert(edit, plan->place, tag, content, &error);
    else
        status = marc_edit_replace(edit, plan->to_row - 1, tag, content, &error);
    marc_edit_end(edit);
    if (status != RECTO_OK) {
        station_error(plan->to->station, &error);
        return false;
    }
    if (marc_edit_revision(edit) == revision) {
        station_say(plan->to->station, "%s is the same in both", what);
        return false;
    }
    size_t row = plan->to_row == SIZE_MAX ? plan->place + 1 : plan->to_row;
    editor_changed(plan->to);
    editor_move_to(plan->to, row, BOX_CONTENT, 0);
    editor_enter_content(plan->to);
    station_say(plan->to->station, "copied %s to the %s; undo there takes it back", what, plan->to->side == 0 ? "left" : "right");
    return true;
}

void editor_copy_across(editor *pane, int to_side)
{
    crossing plan;
    editor_row row;
    char leader[MARC_LEADER_LENGTH];
    if (!plan_crossing(pane, to_side, &plan) || !editor_row_get(plan.from, plan.from_row, &row) || !may_take(&plan, &row))
        return;
    text content = row.content;
    if (row.leader) {
        leader_across(leader, &plan);
        content = text_of(leader, sizeof leader);
    }
    put_across(&plan, row.tag, row.tag, content);
}

static size_t occurrence_of(text content, size_t start)
{
    size_t before = 0;
    for (size_t i = 0; i < start; i++)
        before += content.bytes[i] == MARC_SUBFIELD_DELIMITER && content.bytes[i + 1] == content.bytes[start + 1] ? 1 : 0;
    return before;
}

static bool find_subfield(text content, char code, size_t occurrence, size_t *start, size_t *end)
{
    for (size_t i = 0; i + 1 < content.length; i++) {
        if (content.bytes[i] != MARC_SUBFIELD_DELIMITER || content.bytes[i + 1] != code || occurrence-- > 0)
            continue;
        *start = i;
        for (*end = i + 1; *end < content.length && content.bytes[*end] != MARC_SUBFIELD_DELIMITER;)
            (*end)++;
        return true;
    }
    return false;
}

/* Where a subfield goes that the field has not: behind the nearest one before it that both have, else first. */
static size_t place_for(text from, size_t start, text to)
{
    size_t found, end;
    for (size_t i = start; i-- > 0;)
        if (from.bytes[i] == MARC_SUBFIELD_DELIMITER &&
            find_subfield(to, from.bytes[i + 1], occurrence_of(from, i), &found, &end))
            return end;
    return to.length < EDITOR_INDICATORS ? to.length : EDITOR_INDICATORS;
}

static void field_with_subfield(buffer *out, text to, size_t start, size_t end, text subfield)
{
    buffer_append(out, to.bytes, start);
    buffer_append_text(out, subfield);
    buffer_append(out, to.bytes + end, to.length - end);
}

/* The subfield at the cursor by code and occurrence, as it is in the record it comes from. */
static bool source_subfield(editor *pane, const crossing *plan, text from, size_t *start, size_t *end)
{
    editor_row here;
    if (!editor_row_get(pane, pane->row, &here) || here.control || !editor_subfield_here(pane, &here, start, end) ||
        *end < *start + 2) {
        station_say(pane->station, "the cursor is in no subfield");
        return false;
    }
    if (pane == plan->from)
        return true;
    char code = here.content.bytes[*start + 1];
    if (find_subfield(from, code, occurrence_of(here.content, *start), start, end))
        return true;
    station_say(pane->station, "the other %s has no such $$%c", here.tag, code);
    return false;
}

void editor_copy_subfield_across(editor *pane, int to_side)
{
    crossing plan;
    editor_row from, to = { .content = { NULL, 0 } };
    size_t start, end, at = 0, at_end = 0;
    char what[16];
    buffer content;
    if (!plan_crossing(pane, to_side, &plan) || !editor_row_get(plan.from, plan.from_row, &from) || !may_take(&plan, &from) ||
        !source_subfield(pane, &plan, from.content, &start, &end))
        return;
    text subfield = text_of(from.content.bytes + start, end - start);
    buffer_init(&content, EDITOR_FIELD_LIMIT);
    if (plan.to_row == SIZE_MAX) {
        buffer_append(&content, from.content.bytes, EDITOR_INDICATORS);
        buffer_append_text(&content, subfield);
    } else if (editor_row_get(plan.to, plan.to_row, &to)) {
        if (!find_subfield(to.content, subfield.bytes[1], occurrence_of(from.content, start), &at, &at_end))
            at = at_end = place_for(from.content, start, to.content);
        field_with_subfield(&content, to.content, at, at_end, subfield);
    }
    snprintf(what, sizeof what, "%s $$%c", from.tag, subfield.bytes[1]);
    if (!buffer_failed(&content) && put_across(&plan, what, from.tag, buffer_text(&content)) && plan.to_row != SIZE_MAX) {
        editor_move_to(plan.to, plan.to_row, BOX_CONTENT, at + 2);
        editor_clamp(plan.to);
    }
    buffer_release(&content);
}

/* ---- opening ---- */

edit_session *beside_session(const void *model)
{
    return ((const editor *)model)->session;
}

static void show_beside(workstation *station, edit_session *session)
{
    editor *left = station_find(station, &editor_pane), *open = station_find(station, &beside_pane);
    if (left == NULL || left->session == NULL || left->session != station_session(station))
        return;
    if (open != NULL)
        station_pop(station, open);
    editor *right = editor_make(station, session);
    if (right == NULL)
        return;
    if (marc_family_of(editor_record(left)) == marc_family_of(editor_record(right)))
        pair_up(left, right); /* a bib and its holdings have nothing to be lined up */
    station_push(station, AREA_RECORDS, PLACE_COMPANION, &beside_pane, right);
    station->unsplit = false;
    station_focus(station, left);
    editor_pair_follow(left);
}

void beside_open(workstation *station, edit_session *session)
{
    if (session == station_session(station)) {
        station_say(station, "the record is not put beside itself");
        return;
    }
    show_beside(station, session);
    const editor *open = station_find(station, &beside_pane);
    if (open == NULL || open->pair == NULL)
        return;
    if (station_is_split(station))
        station_say(station, "Alt+= next difference; Alt+Right, Alt+Left copy a field, Alt+>, Alt+< $$ only");
    else if (station_rows(station) < STACKED_ROWS)
        station_say(station, "the other record is behind this one: F6 shows it");
}

/* A record that is not open yet is opened, and the one in front stays in front. */
static void open_by_number(workstation *station, void *context, const char *answer)
{
    mms_id id;
    (void)context;
    edit_session *left = station_session(station);
    size_t number = station->focused_record;
    if (answer == NULL || left == NULL)
        return;
    if (!mms_id_parse(&id, text_from(answer))) {
        station_say(station, "'%s' is not an MMS ID: digits, 8 to 19 of them", answer);
        return;
    }
    station_open_record(station, id, false);
    edit_session *right = station_session(station);
    if (right == left)
        return;
    if (number < station->record_count && station->records[number]->session == left) {
        station_focus_record(station, number);
        beside_open(station, right);
    }
}

/* The next open record behind the one that is beside now; round, without the one in front. */
static edit_session *next_beside(workstation *station)
{
    const editor *open = station_find(station, &beside_pane);
    size_t count = station->record_count, from = station->focused_record;
    for (size_t i = 0; open != NULL && i < count; i++)
        if (station->records[i]->session == open->session)
            from = i;
    for (size_t i = 1; i <= count; i++) {
        size_t number = (from + i) % count;
        if (number != station->focused_record)
            return station->records[number]->session;
    }
    return NULL;
}

void beside_next(workstation *station, const char *argument)
{
    edit_session *left = station_session(station);
    if (left == NULL || station_desk(station)->session != left) {
        station_say(station, "open a record first; a second one is then put beside it");
        return;
    }
    edit_session *right = argument == NULL ? next_beside(station) : NULL;
    if (right != NULL)
        beside_open(station, right);
    else if (argument != NULL)
        open_by_number(station, NULL, argument);
    else
        station_prompt(station, "MMS ID of the record to put beside this one:", "", open_by_number, NULL);
}
