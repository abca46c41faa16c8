/* src/tui/external_search.c - the form of Search Resources and the search that it starts: what takes part, and what came.
 *
 * The event loop polls the targets' sockets through a source; nothing here waits (SR-46). */
#include "external_model.h"
#include "remembered.h"

#include <stdlib.h>
#include <string.h>

/* ---- the form ---------------------------------------------------------------------------------------------------- */

static bool is_chosen(const external_model *model, size_t index)
{
    return model->chosen[index];
}

bool external_box_usable(const external_model *model, external_box box)
{
    target_list *list = station_targets(model->station);

    for (size_t i = 0; i < model->target_count; i++)
        if (is_chosen(model, i) && target_supports(list, target_list_get(list, i), box))
            return true;
    return false;
}

line_input *external_focused_box(external_model *model)
{
    return model->focus >= model->target_count ? &model->boxes[model->focus - model->target_count] : NULL;
}

void external_focus_box(external_model *model, external_box box)
{
    model->focus = model->target_count + (size_t)box;
}

static text box_text(const external_model *model, external_box box)
{
    text typed = buffer_text(&model->boxes[box].text);

    return typed.bytes == NULL ? TEXT("") : text_trim(typed);
}

static void prefill(external_model *model, external_box box, text value)
{
    char copy[EXTERNAL_TERM_LIMIT + 1];

    string_keep(copy, sizeof copy, text_trim(value));
    line_input_set(&model->boxes[box], copy, copy[0] != '\0');
    model->boxes[box].cursor = 0; /* its beginning is seen */
}

static void prefill_from(external_model *model, external_box box, const marc_record *record,
                         void (*append)(buffer *out, const marc_record *record))
{
    buffer value;

    buffer_init(&value, 0);
    append(&value, record);
    prefill(model, box, buffer_text(&value));
    buffer_release(&value);
}

static void append_oclc_number(buffer *out, const marc_record *record)
{
    for (size_t i = marc_record_find(record, "035", 0); i != SIZE_MAX && out->length == 0;
         i = marc_record_find(record, "035", i + 1)) {
        text value;

        if (marc_field_subfield(marc_record_field(record, i), 'a', &value))
            number_oclc_key(out, value);
    }
}

void external_prefill_record(external_model *model, const marc_record *record)
{
    prefill_from(model, BOX_TITLE, record, marc_record_title);
    prefill_from(model, BOX_AUTHOR, record, marc_record_creator);
    prefill_from(model, BOX_SYSTEM_NUMBER, record, append_oclc_number);
    prefill(model, BOX_ISBN, marc_record_text(record, "020", 'a'));
    prefill(model, BOX_ISSN, marc_record_text(record, "022", 'a'));
    prefill(model, BOX_LCCN, marc_record_text(record, "010", 'a'));
}

/* The strongest identifier that is filled: it alone is searched while nothing was touched. BOX_COUNT: none. */
external_box external_strongest(const external_model *model)
{
    static const external_box order[] = { BOX_SYSTEM_NUMBER, BOX_LCCN, BOX_ISBN, BOX_ISSN };

    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (box_text(model, order[i]).length > 0 && external_box_usable(model, order[i]))
            return order[i];
    return BOX_COUNT;
}

void external_clear_form(external_model *model)
{
    for (size_t i = 0; i < BOX_COUNT; i++)
        line_input_set(&model->boxes[i], "", false);
    model->mode = MODE_FORM;
    if (external_focused_box(model) == NULL)
        external_focus_box(model, BOX_TITLE);
}

static bool is_touched(const external_model *model, external_box box)
{
    return box_text(model, box).length > 0 && !model->boxes[box].prefilled;
}

/* Which boxes take part (SR-13): those that were typed in; else the strongest identifier; else all that is filled. */
static bool takes_part(const external_model *model, external_box box, bool any_touched, external_box strong)
{
    if (any_touched)
        return is_touched(model, box);
    if (strong != BOX_COUNT)
        return box == strong;
    return box_text(model, box).length > 0;
}

/* ---- searching --------------------------------------------------------------------------------------------------- */

static size_t source_wanted(void *context, struct pollfd *out, size_t capacity, int *timeout_ms)
{
    const external_model *model = context;

    return model->search != NULL ? external_search_wanted(model->search, out, capacity, timeout_ms) : 0;
}

bool external_is_busy(void *context)
{
    const external_model *model = context;

    return model->search != NULL && external_search_busy(model->search);
}

/* Said once, when the last target is done; a failure is counted, its sentence stands in the target's line. */
static void say_finished(const external_model *model)
{
    size_t count = external_search_targets(model->search);
    size_t failed = 0;
    int64_t hits = 0;

    for (size_t i = 0; i < count; i++) {
        const external_status *status = external_search_status(model->search, i);

        failed += status->state == EXTERNAL_FAILED;
        hits += status->hits > 0 ? status->hits : 0;
    }
    if (failed > 0)
        station_say(model->station, "%lld hit%s; %zu of %zu targets could not be asked", (long long)hits, hits == 1 ? "" : "s",
                    failed, count);
    else
        station_say(model->station, "%lld hit%s", (long long)hits, hits == 1 ? "" : "s");
}

static bool source_step(void *context, const struct pollfd *polled, size_t count)
{
    external_model *model = context;
    bool busy = external_is_busy(model);

    if (model->search == NULL || !external_search_step(model->search, polled, count))
        return false;
    external_rows_update(model);
    if (busy && !external_is_busy(model))
        say_finished(model);
    return true;
}

void external_drop_search(external_model *model)
{
    external_search_free(model->search);
    model->search = NULL;
    free(model->rows);
    model->rows = NULL;
    model->list = (list_view){ .count = 0 };
    record_view_set(&model->view, NULL);
}

static recto_status start_search(external_model *model, recto_error *error)
{
    target_list *list = station_targets(model->station);
    const target *asked[EXTERNAL_TARGETS_MAX];
    char *values[BOX_COUNT] = { NULL };
    external_query query = { .boxes = { NULL } };
    external_box strong = external_strongest(model);
    size_t count = 0;
    bool any_touched = false;
    recto_status status;

    for (size_t i = 0; i < model->target_count && count < EXTERNAL_TARGETS_MAX; i++)
        if (is_chosen(model, i))
            asked[count++] = target_list_get(list, i);
    for (external_box box = 0; box < BOX_COUNT; box++)
        any_touched = any_touched || is_touched(model, box);
    for (external_box box = 0; box < BOX_COUNT; box++)
        if (takes_part(model, box, any_touched, strong))
            query.boxes[box] = values[box] = strndup(box_text(model, box).bytes, box_text(model, box).length);
    external_drop_search(model);
    status = external_search_new(&model->search, list, asked, count, &query, EXTERNAL_PAGE, error);
    for (external_box box = 0; box < BOX_COUNT; box++)
        free(values[box]);
    return status;
}

void external_keep_chosen(external_model *model)
{
    buffer names;

    buffer_init(&names, 0);
    for (size_t i = 0; i < model->target_count; i++)
        if (is_chosen(model, i))
            buffer_append_format(&names, "%s ", target_list_get(station_targets(model->station), i)->name);
    remembered_set(model->station, "targets", buffer_string(&names));
    buffer_release(&names);
}

void external_run_search(external_model *model)
{
    size_t chosen = 0;
    recto_error error;

    for (size_t i = 0; i < model->target_count; i++)
        chosen += is_chosen(model, i);
    if (chosen == 0) {
        station_say(model->station, "Choose a target first: Space checks it");
        model->focus = 0;
        return;
    }
    if (start_search(model, &error) != RECTO_OK) {
        station_error(model->station, &error);
        return;
    }
    model->mode = MODE_HITS;
    station_add_source(
        model->station,
        &(station_source){ .wanted = source_wanted, .step = source_step, .context = model, .busy = external_is_busy });
    station_say(model->station, "Asking %zu target%s. Esc stops", chosen, chosen == 1 ? "" : "s");
    source_step(model, NULL, 0);
}

void external_fetch_more(external_model *model, size_t more)
{
    const external_row *row = external_current(model);
    recto_error error;

    if (row != NULL && model->search != NULL && external_search_more(model->search, row->from, more, &error) != RECTO_OK)
        station_error(model->station, &error);
}

/* Near the last record that came from a target, the next ones are asked for (SR-49). */
void external_fetch_ahead(external_model *model)
{
    const external_row *row = external_current(model);
    size_t count = model->search != NULL ? external_search_targets(model->search) : 0;

    for (size_t i = 0; row != NULL && i < count; i++) {
        const external_status *status = external_search_status(model->search, i);

        if (status->target == row->from && status->state == EXTERNAL_DONE && (int64_t)status->fetched < status->hits &&
            row->number + 2 >= status->fetched)
            external_fetch_more(model, EXTERNAL_PAGE);
    }
}

void external_stop(external_model *model)
{
    external_search_stop(model->search);
    external_rows_update(model);
    station_say(model->station, "Stopped; what has come stays");
}
