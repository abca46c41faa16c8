/* src/tui/pane_preview.c - what Copy & Merge or Copy & Overlay would make: every field with its origin, the two values, and the
 * rule.
 *
 * Read only, and nothing is changed yet: the result belongs to this pane until the cataloger applies it. Signs tell the
 * origins (R = X & -), colours repeat them. Narrow screens show the values below the list, wide ones beside it. */
#include "preview_model.h"
#include "take.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- meaning of a line
 * --------------------------------------------------------------------------------------------------------- */

bool preview_is_change(const preview_model *model, const merge_line *line)
{
    merge_origin kept = model->turned ? MERGE_FROM_INCOMING : MERGE_FROM_EXISTING;

    return !line->kept || (line->origin != MERGE_FROM_BOTH && line->origin != kept);
}

/* Which record a line comes from, as the screen names them: 'R' the repository's, 'X' the other. */
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

        if (!taken->kept || !preview_is_change(model, taken) || taken->other.length == 0)
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

const merge_line *preview_current(const preview_model *model)
{
    return model->list.current < model->list.count ? merge_result_line(model->result, model->shown[model->list.current]) : NULL;
}

/* The number of the change under the cursor, or of the last one before it. */
size_t preview_change_number(const preview_model *model)
{
    size_t number = 0;

    for (size_t i = 0; i < model->list.count && i <= model->list.current; i++)
        number += preview_is_change(model, merge_result_line(model->result, model->shown[i]));
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
        if (preview_is_change(model, merge_result_line(model->result, model->shown[at])))
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
        model->change_count += !model->folded[i] && preview_is_change(model, merge_result_line(model->result, i));
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
