/* src/tui/preview_lines.c - the lines of a merge preview: what each means, which of two values is seen, and the turning of them.
 *
 * A field that is replaced is one line on the screen and two in the result: the value that is kept, and the one that gave way.
 * Turning such a line turns both, so that the other value stands. Every turn is kept, and can be taken back (SR-95). */
#include "preview_model.h"

#include "recto/base/plural.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- meaning of a line ------------------------------------------------------------------------------------------- */

static const merge_line *line_at(const preview_model *model, size_t index)
{
    return merge_result_line(model->result, index);
}

bool preview_is_change(const preview_model *model, const merge_line *line)
{
    merge_origin kept = model->turned ? MERGE_FROM_INCOMING : MERGE_FROM_EXISTING;

    return line->toggled || !line->kept || (line->origin != MERGE_FROM_BOTH && line->origin != kept);
}

char preview_side(const preview_model *model, merge_origin origin)
{
    return (origin == MERGE_FROM_EXISTING) != model->turned ? 'R' : 'X';
}

char preview_sign(const preview_model *model, const merge_line *line, role *look)
{
    char side = preview_side(model, line->origin);

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

const merge_line *preview_current(const preview_model *model)
{
    return model->list.current < model->list.count ? line_at(model, model->shown[model->list.current]) : NULL;
}

size_t preview_change_number(const preview_model *model)
{
    size_t number = 0;

    for (size_t i = 0; i < model->list.count && i <= model->list.current; i++)
        number += preview_is_change(model, line_at(model, model->shown[i]));
    return number;
}

size_t preview_turned_count(const preview_model *model)
{
    size_t turned = 0;

    for (size_t i = 0; i < merge_result_count(model->result); i++)
        turned += line_at(model, i)->toggled && (model->partner[i] == SIZE_MAX || line_at(model, i)->kept);
    return turned;
}

/* ---- pairs of values --------------------------------------------------------------------------------------------- */

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

/* A record has one of these: two of them are values of one field, however little they have in common. What may stand several
 * times and differs is seen as lost, so that nobody overlooks a number or a heading. */
static bool stands_once(const char *tag)
{
    static const char once[] = "010 018 036 038 040 042 043 044 045 066 240 243 245 254 256 263 306 357 507 514 ";

    return tag[0] == '1' || strstr(once, tag) != NULL;
}

static bool are_pair(const merge_line *stands, const merge_line *gone)
{
    return !gone->kept && gone->origin != stands->origin && strcmp(gone->tag, stands->tag) == 0 &&
           text_equal(gone->content, stands->other) &&
           (is_successor(gone->tag, stands->content, gone->content) || stands_once(gone->tag));
}

static void find_partner(preview_model *model, size_t index)
{
    const merge_line *stands = line_at(model, index);

    if (!stands->kept || stands->origin == MERGE_FROM_BOTH || stands->other.length == 0 || model->partner[index] != SIZE_MAX)
        return;
    for (size_t i = 0; i < merge_result_count(model->result); i++)
        if (model->partner[i] == SIZE_MAX && are_pair(stands, line_at(model, i))) {
            model->partner[index] = i;
            model->partner[i] = index;
            return;
        }
}

/* The other record's own number is no value that gave way: it is seen below the one that stays, and is no line. */
static void hide_other_number(preview_model *model)
{
    size_t count = merge_result_count(model->result), kept = SIZE_MAX;

    for (size_t i = 0; i < count; i++)
        if (strcmp(line_at(model, i)->tag, "001") == 0 && line_at(model, i)->kept)
            kept = i;
    for (size_t i = 0; kept != SIZE_MAX && i < count; i++)
        if (strcmp(line_at(model, i)->tag, "001") == 0 && !line_at(model, i)->kept && model->partner[i] == SIZE_MAX)
            model->partner[i] = kept;
}

/* A field of which both records have a value is one line, that of the value that stands, with both below; dropped is what goes
 * without a successor. Values that were taken choose first. */
static void find_pairs(preview_model *model)
{
    size_t count = merge_result_count(model->result);

    for (size_t i = 0; i < count; i++)
        model->partner[i] = SIZE_MAX;
    for (size_t i = 0; i < count; i++)
        if (preview_is_change(model, line_at(model, i)))
            find_partner(model, i);
    for (size_t i = 0; i < count; i++)
        find_partner(model, i);
    hide_other_number(model);
}

/* Of two values the one that stands is seen; both, when both stand. */
static bool is_hidden(const preview_model *model, size_t index)
{
    size_t partner = model->partner[index];

    if (partner == SIZE_MAX || line_at(model, index)->kept)
        return false;
    return line_at(model, partner)->kept || partner < index;
}

/* ---- the list and its counts ------------------------------------------------------------------------------------- */

void preview_choose_shown(preview_model *model)
{
    size_t kept = model->list.current < model->list.count ? model->shown[model->list.current] : 0;

    if (model->list.count > 0 && is_hidden(model, kept))
        kept = model->partner[kept];
    model->list.count = 0;
    for (size_t i = 0; i < merge_result_count(model->result); i++) {
        if (is_hidden(model, i) || (model->differences_only && !preview_is_change(model, line_at(model, i)) &&
                                    line_at(model, i)->origin == MERGE_FROM_BOTH))
            continue;
        if (i <= kept)
            model->list.current = model->list.count;
        model->shown[model->list.count++] = i;
    }
    if (model->list.current >= model->list.count)
        model->list.current = model->list.count > 0 ? model->list.count - 1 : 0;
    model->laid_out_for = 0;
}

static void count(preview_model *model)
{
    merge_counts counts = merge_result_counts(model->result);
    const marc_record *result = merge_result_record(model->result);

    model->change_count = 0;
    for (size_t i = 0; i < merge_result_count(model->result); i++) {
        bool hidden = is_hidden(model, i);

        model->change_count += !hidden && preview_is_change(model, line_at(model, i));
        counts.dropped -= hidden && counts.dropped > 0;
    }
    snprintf(model->counts_line, sizeof model->counts_line,
             "= same %zu   R kept %zu   X taken %zu   & combined %zu   - dropped %zu   %zu %s", counts.same,
             model->turned ? counts.taken : counts.kept, model->turned ? counts.kept : counts.taken, counts.combined,
             counts.dropped, marc_record_count(result), plural(marc_record_count(result), "field", "fields"));
    snprintf(model->result_line, sizeof model->result_line, "%s   result: brief %02d", model->incoming_line,
             match_brief_level(result));
    if (model->kind == PREVIEW_COMBINE) /* there the title needs the room */
        snprintf(model->result_line, sizeof model->result_line, "%s", model->incoming_line);
}

recto_status preview_lines_fill(preview_model *model, recto_error *error)
{
    size_t lines = merge_result_count(model->result);

    preview_lines_release(model);
    model->shown = calloc(lines + 1, sizeof *model->shown);
    model->partner = calloc(lines + 1, sizeof *model->partner);
    if (model->shown == NULL || model->partner == NULL)
        return recto_fail_memory(error, "previewing a merge");
    find_pairs(model);
    count(model);
    preview_choose_shown(model);
    return RECTO_OK;
}

void preview_lines_release(preview_model *model)
{
    free(model->shown);
    free(model->partner);
    free(model->turns);
    model->shown = model->partner = NULL;
    model->turns = NULL;
    model->turn_count = model->turns_made = model->turn_capacity = 0;
    model->list = (list_view){ .count = 0 };
}

/* ---- turning ----------------------------------------------------------------------------------------------------- */

static bool note_turn(preview_model *model, size_t line, size_t step)
{
    if (model->turn_count == model->turn_capacity) {
        size_t capacity = model->turn_capacity == 0 ? 32 : model->turn_capacity * 2;
        preview_turn *grown = realloc(model->turns, capacity * sizeof *grown);

        if (grown == NULL)
            return false;
        model->turns = grown;
        model->turn_capacity = capacity;
    }
    model->turns[model->turn_count++] = (preview_turn){ .line = line, .step = step };
    model->turns_made = model->turn_count;
    return true;
}

static size_t next_step(const preview_model *model)
{
    return model->turn_count > 0 ? model->turns[model->turn_count - 1].step + 1 : 1;
}

static bool turn_line(preview_model *model, workstation *station, size_t index, size_t step)
{
    recto_error error;

    if (merge_result_toggle(model->result, index, &error) != RECTO_OK) {
        station_error(station, &error);
        return false;
    }
    if (note_turn(model, index, step))
        return true;
    merge_result_toggle(model->result, index, NULL);
    recto_fail_memory(&error, "turning a field");
    station_error(station, &error);
    return false;
}

/* One field, with its other value when it has one that gave way. */
static bool turn_field(preview_model *model, workstation *station, size_t index, size_t step)
{
    size_t partner = model->partner[index];

    if (!turn_line(model, station, index, step))
        return false;
    return partner == SIZE_MAX || line_at(model, partner)->kept != line_at(model, index)->kept ||
           turn_line(model, station, partner, step);
}

static void say_turned(const preview_model *model, workstation *station, const char *tag)
{
    const merge_line *line = preview_current(model);
    const char *stands = line == NULL || !line->kept                ? "is dropped"
                         : line->origin == MERGE_FROM_BOTH          ? "stays as in both"
                         : preview_side(model, line->origin) == 'R' ? "stays as R has it"
                                                                    : "is taken from X";

    station_say(station, "%s %s%s; Ctrl+Z turns it back", tag, stands,
                line != NULL && line->toggled ? ", by hand" : ", by the rule");
}

static void settle(preview_model *model)
{
    count(model);
    preview_choose_shown(model);
}

static void turn_current(preview_model *model, workstation *station)
{
    const merge_line *line = preview_current(model);
    char tag[MARC_TAG_LENGTH + 1];

    if (line == NULL)
        return;
    memcpy(tag, line->tag, sizeof tag);
    bool done = turn_field(model, station, model->shown[model->list.current], next_step(model));
    settle(model);
    if (done)
        say_turned(model, station, tag);
}

static void turn_tag(preview_model *model, workstation *station)
{
    const merge_line *line = preview_current(model);
    size_t step = next_step(model), turned = 0;
    char tag[MARC_TAG_LENGTH + 1];
    bool done = true;

    if (line == NULL)
        return;
    memcpy(tag, line->tag, sizeof tag);
    for (size_t i = 0; done && i < model->list.count; i++) {
        const merge_line *one = line_at(model, model->shown[i]);

        if (strcmp(one->tag, tag) != 0 || !preview_is_change(model, one))
            continue;
        done = turn_field(model, station, model->shown[i], step);
        turned += done;
    }
    settle(model);
    if (done && turned > 0)
        station_say(station, "%zu field%s %s turned; Ctrl+Z turns %s back", turned, turned == 1 ? "" : "s", tag,
                    turned == 1 ? "it" : "them");
    else if (done)
        station_say(station, "No field %s differs; Space turns a single one", tag);
}

/* A repeatable field whose two values are both wanted. */
static void keep_both(preview_model *model, workstation *station)
{
    const merge_line *line = preview_current(model);
    size_t partner = line != NULL ? model->partner[model->shown[model->list.current]] : SIZE_MAX;

    if (partner == SIZE_MAX || line_at(model, partner)->kept)
        station_say(station, "Here only one value stands against the other's; Space turns it");
    else if (strcmp(line->tag, "LDR") == 0 || marc_tag_is_control(line->tag))
        station_say(station, "A record has one %s only", line->tag);
    else if (turn_line(model, station, partner, next_step(model)))
        station_say(station, "Both values of %s are kept; Ctrl+Z turns it back", line->tag);
    settle(model);
}

static void turn_back(preview_model *model, workstation *station)
{
    if (model->turn_count == 0) {
        station_run(station, "edit.undo", NULL);
        return;
    }
    size_t step = model->turns[model->turn_count - 1].step;

    while (model->turn_count > 0 && model->turns[model->turn_count - 1].step == step)
        merge_result_toggle(model->result, model->turns[--model->turn_count].line, NULL);
    settle(model);
    station_say(station, "Turned back; %zu turned by hand", preview_turned_count(model));
}

static void turn_again(preview_model *model, workstation *station)
{
    if (model->turn_count == model->turns_made) {
        station_run(station, "edit.redo", NULL);
        return;
    }
    size_t step = model->turns[model->turn_count].step;

    while (model->turn_count < model->turns_made && model->turns[model->turn_count].step == step)
        merge_result_toggle(model->result, model->turns[model->turn_count++].line, NULL);
    settle(model);
    station_say(station, "Turned again; %zu turned by hand", preview_turned_count(model));
}

bool preview_run_turn(preview_model *model, const char *name, workstation *station)
{
    static const struct {
        const char *name;
        void (*run)(preview_model *model, workstation *station);
    } turns[] = { { "preview.toggle", turn_current },
                  { "preview.toggle_tag", turn_tag },
                  { "preview.both", keep_both },
                  { "preview.undo", turn_back },
                  { "preview.redo", turn_again } };

    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++)
        if (strcmp(turns[i].name, name) == 0) {
            turns[i].run(model, station);
            return true;
        }
    return false;
}
