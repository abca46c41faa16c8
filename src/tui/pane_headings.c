/* src/tui/pane_headings.c - the list of headings: for the field under the cursor (F3), or to look through (ED-115 to ED-122).
 *
 * Typing searches again; the record is not touched before Enter, so Esc leaves the field as it was. */
#include "headings_model.h"
#include "remembered.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BEFORE = 40, AFTER = 120, SHOWN_BEFORE = 2, INPUT_BYTES = 400, TEXT_LIMIT = 1 << 20 };
static const char REMEMBERED[] = "browse";

const catalog_heading *headings_current(const headings_model *model)
{
    return model->list.current < model->rows.count ? &model->rows.rows[model->list.current] : NULL;
}

/* ---- reading ---- */

/* The field with the heading. @param other_name  out: of a uniform title, as catalog_uniform_title_apply has it */
static recto_status apply_heading(buffer *content, bool *other_name, const headings_model *model, edit_session *session,
                                  const catalog_heading *heading, recto_error *error)
{
    const marc_record *record = marc_edit_record(edit_of(session));
    catalog *catalog = station_catalog(model->station);
    marc_field field = { .content = buffer_text(&model->content) };
    memcpy(field.tag, model->tag, sizeof field.tag);
    *other_name = false;
    if (catalog_is_uniform_title(record, field.tag))
        return catalog_uniform_title_apply(content, other_name, catalog, record, &field, heading, error);
    return catalog_heading_apply(content, catalog, &field, model->kind, heading, error);
}

static void write_becomes(headings_model *model, const catalog_heading *heading)
{
    edit_session *session = session_tied(&model->tie, model->station);
    buffer content;
    bool other_name;
    if (session == NULL)
        return;
    buffer_init(&content, TEXT_LIMIT);
    if (apply_heading(&content, &other_name, model, session, heading, NULL) == RECTO_OK) {
        for (size_t i = 0; i < 2 && i < content.length; i++) {
            buffer_append_char(&model->becomes, content.bytes[i] == ' ' ? '#' : content.bytes[i]);
            buffer_append_char(&model->becomes, ' ');
        }
        record_content(&model->becomes, model->tag, text_of(content.bytes + 2, content.length - 2));
    }
    buffer_release(&content);
}

/* What stands below the list, once a row. */
static void tell(headings_model *model)
{
    const catalog_heading *heading = headings_current(model);
    buffer unwanted;
    if (model->told_for == model->list.current && heading != NULL)
        return;
    buffer_clear(&model->about);
    buffer_clear(&model->becomes);
    model->told_for = heading != NULL ? model->list.current : SIZE_MAX;
    if (heading == NULL)
        return;
    buffer_init(&unwanted, TEXT_LIMIT);
    if (heading->authority != 0)
        (void)catalog_authority_describe(&unwanted, &model->about, station_catalog(model->station), heading->authority, NULL);
    buffer_release(&unwanted);
    if (model->for_field)
        write_becomes(model, heading);
}

static void forget(headings_model *model)
{
    model->expanded = model->told_for = SIZE_MAX;
    buffer_clear(&model->references);
}

/* @param key  the list goes on there as it is; NULL: at what is typed. The cursor stands on the first row from there on. */
static void read_rows(headings_model *model, const text *key)
{
    recto_error error;
    heading_list found;
    const browse_request request = { .kind = model->kind,
                                     .shelf = &model->shelf,
                                     .from = key != NULL ? *key : buffer_text(&model->input.text),
                                     .from_key = key != NULL,
                                     .before = BEFORE,
                                     .after = AFTER };
    if (catalog_headings(&found, station_catalog(model->station), model->zone, &request, model->vocabulary, &error) != RECTO_OK) {
        station_error(model->station, &error);
        return;
    }
    heading_list_release(&model->rows);
    model->rows = found;
    model->list = (list_view){ .count = found.count };
    while (model->list.current + 1 < found.count && found.rows[model->list.current].before)
        model->list.current++;
    model->list.top = model->list.current > SHOWN_BEFORE ? model->list.current - SHOWN_BEFORE : 0;
    forget(model);
    tell(model);
}

/* At an end of what was read, the list is read again around the row. */
static void read_on(headings_model *model)
{
    const catalog_heading *heading = headings_current(model);
    if (heading == NULL || (model->list.current > 0 && model->list.current + 1 < model->rows.count))
        return;
    const size_t above = model->list.current - model->list.top;
    char *key = malloc(heading->key_length + 1);
    if (key == NULL)
        return;
    memcpy(key, heading->key, heading->key_length + 1);
    const text from = text_of(key, heading->key_length);
    read_rows(model, &from);
    model->list.top = model->list.current > above ? model->list.current - above : 0;
    free(key);
}

/* ---- commands ---- */

static void say_why(workstation *station, const char *why)
{
    station_say(station, "the heading was not taken: %s", why);
}

static const char *cannot_put(const headings_model *model, const edit_session *session)
{
    if (session == NULL)
        return "that record is not open any more";
    const marc_record *record = marc_edit_record(edit_of((edit_session *)session));
    if (model->field >= marc_record_count(record))
        return "the field is gone";
    const marc_field *field = marc_record_field(record, model->field);
    if (strcmp(field->tag, model->tag) != 0 || !text_equal(field->content, buffer_text(&model->content)))
        return "the field was changed meanwhile; ask for the list again";
    return session_cannot_change((edit_session *)session);
}

/* Said, for they are not of the heading that was chosen. */
static bool subdivisions_stay(const headings_model *model, const catalog_heading *heading, text content)
{
    const marc_field made = { .content = content };
    marc_subfield subfield;
    size_t offset = 0;
    if (model->kind != BROWSE_SUBJECTS || heading->authority == 0 || strstr(heading->use, " -- ") != NULL)
        return false;
    while (marc_field_next_subfield(&made, &offset, &subfield))
        if (subfield.code != '\0' && strchr("vxyz", subfield.code) != NULL)
            return true;
    return false;
}

static void put_heading(headings_model *model, const catalog_heading *heading)
{
    workstation *station = model->station;
    edit_session *session = session_tied(&model->tie, station);
    const char *why = cannot_put(model, session);
    recto_error error;
    buffer content;
    if (why != NULL) {
        say_why(station, why);
        return;
    }
    buffer_init(&content, TEXT_LIMIT);
    bool other_name;
    recto_status status = apply_heading(&content, &other_name, model, session, heading, &error);
    if (status == RECTO_OK) {
        marc_edit_settle(edit_of(session));
        marc_edit_begin(edit_of(session), "heading");
        status = marc_edit_replace(edit_of(session), model->field, model->tag, buffer_text(&content), &error);
        marc_edit_end(edit_of(session));
    }
    const bool stays = status == RECTO_OK && subdivisions_stay(model, heading, buffer_text(&content));
    buffer_release(&content);
    if (status != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    const char *end = heading->authority != 0 ? " (authorized)" : "";
    const char *also = stays ? ", its subdivisions stay" : other_name ? "; without $0, for its name is not the one of 1XX" : "";
    const size_t length = strlen(heading->use);
    station_say(station, "%s: %s%s%s%s Undo takes it back", model->tag, heading->use, end, also,
                end[0] == '\0' && also[0] == '\0' && length > 0 && heading->use[length - 1] == '.' ? "" : ".");
    station_record_changed(station, session);
    station_pop(station, model);
    focus_editor(station);
}

static void show_bibs(headings_model *model, const catalog_heading *heading)
{
    mms_id *ids;
    size_t count;
    recto_error error;
    if (heading->count == 0) {
        station_say(model->station, "no bib has this heading");
        return;
    }
    const text key = text_of(heading->key, heading->key_length);
    catalog *catalog = station_catalog(model->station);
    const recto_status status = model->kind == BROWSE_SHELF
                                    ? catalog_shelf_bibs(&ids, &count, catalog, model->zone, &model->shelf, key, &error)
                                    : catalog_heading_bibs(&ids, &count, catalog, model->zone, model->kind, key, &error);
    if (status != RECTO_OK)
        station_error(model->station, &error);
    else
        heading_bibs_pane_open(model->station, model->area, model->place, heading->shown, ids, count);
}

static void view_authority(headings_model *model, const catalog_heading *heading)
{
    marc_record *record = NULL;
    authority_info info;
    recto_error error;
    char title[400], id[MMS_ID_LENGTH];
    if (heading->authority == 0) {
        station_say(model->station, "no authority record has this heading");
        return;
    }
    if (catalog_authority_load(station_catalog(model->station), heading->authority, 0, &record, &info, &error) != RECTO_OK) {
        station_error(model->station, &error);
        return;
    }
    mms_id_format(id, info.id);
    snprintf(title, sizeof title, "authority %s  View Only  v%d  %s  %s", id, info.version, info.vocabulary, info.control);
    if (model->place == PLACE_COMPANION)
        record_pane_open_copy(model->station, &record, title, PLACE_COMPANION);
    else
        record_pane_open_copy_in(model->station, &record, title, model->area);
    marc_record_free(record);
}

static void expand(headings_model *model, const catalog_heading *heading)
{
    buffer about;
    const bool again = model->expanded == model->list.current;
    model->expanded = SIZE_MAX;
    buffer_clear(&model->references);
    if (again)
        return;
    if (heading->authority == 0) {
        station_say(model->station, "no authority record has this heading: it refers to nothing");
        return;
    }
    model->expanded = model->list.current;
    if (heading->form == AUTHORITY_SEE) {
        buffer_append_string(&model->references, "use: ");
        buffer_append_string(&model->references, heading->use);
        return;
    }
    buffer_init(&about, TEXT_LIMIT);
    (void)catalog_authority_describe(&model->references, &about, station_catalog(model->station), heading->authority, NULL);
    buffer_release(&about);
    if (model->references.length == 0) {
        model->expanded = SIZE_MAX;
        station_say(model->station, "nothing refers to this heading");
    }
}

static void remember(const headings_model *model)
{
    char choice[120];
    snprintf(choice, sizeof choice, "%d %d\t%d\t%s\t%s\t%s", (int)model->kind, (int)model->zone, (int)model->shelf.level,
             model->shelf.type, model->shelf.library, model->shelf.location);
    if (!model->for_field)
        remembered_set(model->station, REMEMBERED, choice);
}

void headings_limits_changed(headings_model *model)
{
    read_rows(model, NULL);
    remember(model);
}

static void next_kind(headings_model *model, int by)
{
    const int count = BROWSE_SHELF + 1;
    if (model->for_field) {
        station_say(model->station, "the field %s says which list it is", model->tag);
        return;
    }
    model->kind = (browse_kind)(((int)model->kind + by + count) % count);
    model->vocabulary[0] = '\0';
    read_rows(model, NULL);
    remember(model);
}

static void next_zone(headings_model *model)
{
    static const zone_kind zones[] = { (zone_kind)0, ZONE_INSTITUTION, ZONE_NETWORK, ZONE_COMMUNITY };
    size_t at = 0;
    const size_t count = sizeof zones / sizeof *zones;
    while (at + 1 < count && zones[at] != model->zone)
        at++;
    do
        at = (at + 1) % count;
    while (zones[at] != 0 && catalog_zone(station_catalog(model->station), zones[at]) == NULL);
    model->zone = zones[at];
    read_rows(model, NULL);
    remember(model);
}

static void source_typed(workstation *station, void *context, const char *answer)
{
    headings_model *model = context;
    (void)station;
    if (answer == NULL)
        return;
    snprintf(model->vocabulary, sizeof model->vocabulary, "%s", answer);
    read_rows(model, NULL);
}

static void use(headings_model *model, const catalog_heading *heading)
{
    if (model->for_field)
        put_heading(model, heading);
    else if (heading->form == AUTHORITY_SEE && heading->count == 0) {
        line_input_set(&model->input, heading->use, false);
        read_rows(model, NULL);
        station_say(model->station, "this is the form to use");
    } else if (heading->count > 0)
        show_bibs(model, heading);
    else
        view_authority(model, heading);
}

static bool run_on_row(headings_model *model, const char *name)
{
    const catalog_heading *heading = headings_current(model);
    if (heading == NULL)
        return false;
    if (strcmp(name, "heading.use") == 0 || strcmp(name, "list.open") == 0)
        use(model, heading);
    else if (strcmp(name, "heading.view") == 0)
        view_authority(model, heading);
    else if (strcmp(name, "heading.bibs") == 0)
        show_bibs(model, heading);
    else if (strcmp(name, "heading.expand") == 0)
        expand(model, heading);
    else if (strcmp(name, "heading.edit") == 0 && heading->authority != 0)
        station_open_record(model->station, heading->authority, false);
    else if (strcmp(name, "heading.edit") == 0)
        station_say(model->station, "no authority record has this heading");
    else
        return false;
    return true;
}

static bool headings_run(void *state, const command *what, const char *argument, workstation *station)
{
    headings_model *model = state;
    const char *name = what->name;
    if (list_view_run(&model->list, name, model->rows_shown)) {
        read_on(model);
        tell(model);
        return true;
    }
    if (strcmp(name, "pane.back") == 0 && model->for_field) {
        station_pop(station, model);
        focus_editor(station);
        station_say(station, "the field is as it was");
        return true;
    }
    if (headings_shelf_run(model, name))
        return true;
    if (strcmp(name, "heading.kind") == 0 || strcmp(name, "heading.kind_back") == 0)
        next_kind(model, name[12] == '\0' ? 1 : -1);
    else if (strcmp(name, "heading.zone") == 0)
        next_zone(model);
    else if (strcmp(name, "heading.source") == 0 && argument != NULL)
        source_typed(station, model, argument);
    else if (strcmp(name, "heading.source") == 0)
        station_prompt(station, "Only authorities of (naf, lcsh, mesh, ...; *: any; empty: bibs, too):", model->vocabulary,
                       source_typed, model);
    else
        return run_on_row(model, name);
    return true;
}

static const char *headings_cannot(void *state, const command *what, workstation *station)
{
    const headings_model *model = state;
    (void)station;
    if (strncmp(what->name, "heading.", 8) == 0 && headings_current(model) == NULL &&
        (strcmp(what->name, "heading.use") == 0 || strcmp(what->name, "heading.view") == 0 ||
         strcmp(what->name, "heading.bibs") == 0 || strcmp(what->name, "heading.expand") == 0 ||
         strcmp(what->name, "heading.edit") == 0))
        return "the list is empty";
    return NULL;
}

static bool headings_typed(void *state, const key *pressed, workstation *station)
{
    headings_model *model = state;
    (void)station;
    if (!line_input_typed(&model->input, pressed))
        return false;
    read_rows(model, NULL);
    return true;
}

static void headings_paste(void *state, text pasted, workstation *station)
{
    headings_model *model = state;
    size_t bad;
    if (!utf8_valid(pasted, &bad)) {
        station_say(station, "not pasted: byte %zu is no UTF-8", bad + 1);
        return;
    }
    line_input_paste(&model->input, pasted);
    read_rows(model, NULL);
}

static void headings_position(void *state, buffer *out)
{
    const catalog_heading *heading = headings_current(state);
    if (heading != NULL)
        buffer_append_format(out, "%zu %s", heading->count, heading->count == 1 ? "record" : "records");
}

static void headings_release(void *state, workstation *station)
{
    headings_model *model = state;
    (void)station;
    heading_list_release(&model->rows);
    line_input_release(&model->input);
    buffer_release(&model->content);
    buffer_release(&model->name);
    buffer_release(&model->references);
    buffer_release(&model->about);
    buffer_release(&model->becomes);
    free(model);
}

const pane_kind headings_pane = {
    .name = "headings",
    .title = "Headings",
    .draw = headings_draw,
    .run = headings_run,
    .cannot = headings_cannot,
    .typed = headings_typed,
    .paste = headings_paste,
    .position = headings_position,
    .release = headings_release,
    .takes_letters = true,
};

/* ---- opening ---- */

static headings_model *model_new(workstation *station, area area, place place)
{
    headings_model *model = calloc(1, sizeof *model);
    if (model == NULL) {
        station_no_memory(station, "listing headings");
        return NULL;
    }
    model->station = station;
    model->area = area;
    model->place = place;
    model->expanded = model->told_for = SIZE_MAX;
    line_input_init(&model->input, INPUT_BYTES);
    buffer_init(&model->content, TEXT_LIMIT);
    buffer_init(&model->name, TEXT_LIMIT);
    buffer_init(&model->references, TEXT_LIMIT);
    buffer_init(&model->about, TEXT_LIMIT);
    buffer_init(&model->becomes, TEXT_LIMIT);
    return model;
}

static void set_input(headings_model *model, text value)
{
    buffer typed;
    buffer_init(&typed, 0);
    buffer_append(&typed, value.bytes, value.length < INPUT_BYTES ? value.length : INPUT_BYTES);
    line_input_set(&model->input, buffer_failed(&typed) ? "" : buffer_string(&typed), true);
    buffer_release(&typed);
}

void headings_pane_for_field(workstation *station, edit_session *session, size_t field, browse_kind kind, text heading)
{
    headings_model *before = station_find(station, &headings_pane);
    if (before != NULL && before->for_field)
        station_pop(station, before);
    headings_model *model = model_new(station, AREA_RECORDS, PLACE_COMPANION);
    if (model == NULL)
        return;
    const marc_field *here = marc_record_field(marc_edit_record(edit_of(session)), field);
    model->for_field = true;
    model->tie = session_tie_to(session);
    model->field = field;
    model->kind = kind;
    memcpy(model->tag, here->tag, sizeof model->tag);
    buffer_append_text(&model->content, here->content);
    if (catalog_is_uniform_title(marc_edit_record(edit_of(session)), model->tag))
        (void)catalog_main_name(&model->name, marc_edit_record(edit_of(session)));
    set_input(model, heading);
    read_rows(model, NULL);
    station_push(station, AREA_RECORDS, PLACE_COMPANION, &headings_pane, model);
}

static void take_field(char *out, size_t capacity, text *rest)
{
    const text field = text_next_field(rest, '\t');
    if (field.length < capacity)
        snprintf(out, capacity, "%.*s", (int)field.length, field.bytes != NULL ? field.bytes : "");
}

/* Level, type, library, location. */
static void recall_shelf(headings_model *model, text rest)
{
    int64_t level = 0;
    if (!text_to_integer(text_next_field(&rest, '\t'), &level) || level < 0 || level > SHELF_ALL_LEVELS)
        return;
    model->shelf.level = (shelf_level)level;
    take_field(model->shelf.type, sizeof model->shelf.type, &rest);
    take_field(model->shelf.library, sizeof model->shelf.library, &rest);
    take_field(model->shelf.location, sizeof model->shelf.location, &rest);
}

static void recall(headings_model *model)
{
    buffer kept;
    int64_t kind = 0, zone = 0;
    buffer_init(&kept, 0);
    remembered_get(model->station, REMEMBERED, &kept);
    text shelf = buffer_text(&kept), rest = text_next_field(&shelf, '\t');
    recall_shelf(model, shelf);
    if (text_to_integer(text_next_field(&rest, ' '), &kind) && text_to_integer(rest, &zone) && kind >= 0 &&
        kind <= BROWSE_SHELF && (zone == 0 || zone == ZONE_INSTITUTION || zone == ZONE_NETWORK || zone == ZONE_COMMUNITY)) {
        model->kind = (browse_kind)kind;
        model->zone = (zone_kind)zone;
    }
    buffer_release(&kept);
}

void headings_pane_open(workstation *station, bool shelf)
{
    headings_model *model = station_find(station, &headings_pane);
    if (model != NULL && !model->for_field) {
        if (shelf)
            model->kind = BROWSE_SHELF;
        read_rows(model, NULL);
        station_focus(station, model);
        return;
    }
    model = model_new(station, AREA_SEARCH, PLACE_MAIN);
    if (model == NULL)
        return;
    recall(model);
    if (shelf)
        model->kind = BROWSE_SHELF;
    read_rows(model, NULL);
    station_push(station, AREA_SEARCH, PLACE_MAIN, &headings_pane, model);
}
