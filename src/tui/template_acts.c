/* src/tui/template_acts.c - what is done with templates: a record made from one, a record expanded from one, copies, the default.
 *
 * Every new record says where it is (ED-53); the placement is the last one chosen (ED-51). */
#include "pane_common.h"
#include "remembered.h"
#include "template_panes.h"

#include "recto/catalog/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct template_work { /* what a form or a question is about */
    catalog_template info;
    int zone;
    edit_session *session; /* to be expanded; NULL: a new record */
    mms_id id;             /* of that session */
    marc_record *record;   /* the template, or the record to be kept as one */
    template_prompt prompts[TEMPLATE_PROMPTS_MAX];
    size_t prompt_count;
    template_scope scope; /* where a copy goes */
} template_work;

static void work_release(void *context)
{
    template_work *work = context;
    marc_record_free(work->record);
    free(work);
}

const repo_zone *template_placement(workstation *station)
{
    buffer kept;
    buffer_init(&kept, 256);
    remembered_get(station, "placement", &kept);
    const repo_zone *zone = catalog_placement(NULL, station_catalog(station), buffer_string(&kept));
    buffer_release(&kept);
    return zone;
}

const char *template_placement_name(const repo_zone *zone)
{
    return zone->kind == ZONE_NETWORK ? "NETWORK" : "LOCAL (Institution Zone)";
}

static template_work *work_new(workstation *station)
{
    template_work *work = calloc(1, sizeof *work);
    if (work == NULL)
        station_no_memory(station, "using a template");
    return work;
}

static template_work *work_with(workstation *station, const catalog_template *info)
{
    recto_error error;
    template_work *work = work_new(station);
    if (work == NULL)
        return NULL;
    work->info = *info;
    recto_status status = catalog_template_load(NULL, &work->record, station_catalog(station), info, 0, &error);
    if (status == RECTO_OK)
        status = template_prompts(work->prompts, &work->prompt_count, work->record, &error);
    if (status == RECTO_OK)
        return work;
    station_error(station, &error);
    work_release(work);
    return NULL;
}

static recto_status filled(marc_record **out, template_cursor *cursor, const template_work *work, catalog *house,
                           const char *const *answers, recto_error *error)
{
    template_values values;
    buffer symbol;
    buffer_init(&symbol, 1024);
    catalog_template_values(&values, &symbol, house);
    values.prompts = work->prompts;
    values.answers = answers;
    values.prompt_count = work->prompt_count;
    recto_status status = template_fill(out, cursor, work->record, &values, error);
    buffer_release(&symbol);
    return status;
}

/* ---- a new record ------------------------------------------------------------------------------------------------ */

static bool add_new(workstation *station, const repo_zone *zone, marc_record **record, const char *origin)
{
    edit_session *session = NULL;
    recto_error error;
    if (edit_new(&session, station_catalog(station), zone->id, record, origin, &error) != RECTO_OK) {
        station_error(station, &error);
        return false;
    }
    station_add_session(station, &session);
    return true;
}

static bool make_record(workstation *station, void *context, const char *const *answers)
{
    template_work *work = context;
    const repo_zone *zone = catalog_zone_by_id(station_catalog(station), work->zone);
    marc_record *record = NULL;
    template_cursor cursor;
    recto_error error;
    if (zone == NULL || filled(&record, &cursor, work, station_catalog(station), answers, &error) != RECTO_OK) {
        station_error(station, &error);
        return false;
    }
    const bool made = add_new(station, zone, &record, "template");
    marc_record_free(record);
    if (!made)
        return false;
    if (cursor.field != SIZE_MAX)
        editor_place_cursor(station, cursor.field, cursor.offset);
    station_say(station, "New in: %s, from %s", template_placement_name(zone), work->info.name);
    return true;
}

void template_new_from(workstation *station, const catalog_template *info, const repo_zone *zone)
{
    char title[200];
    const repo_zone *into = zone != NULL ? zone : template_placement(station);
    template_work *work = work_with(station, info);
    if (work == NULL)
        return;
    work->zone = into->id;
    snprintf(title, sizeof title, "New in %s from %s", template_placement_name(into), info->name);
    prompts_pane_open(station, &(prompt_request){ .title = title,
                                                  .action = "Make the record",
                                                  .area = AREA_TEMPLATES,
                                                  .place = PLACE_MAIN,
                                                  .prompts = work->prompts,
                                                  .count = work->prompt_count,
                                                  .done = make_record,
                                                  .release = work_release,
                                                  .context = work });
}

bool template_new_by_default(workstation *station, const repo_zone *zone)
{
    catalog_template info;
    if (catalog_template_default(&info, station_catalog(station), zone->id, "bib", NULL) != RECTO_OK)
        return false;
    station_show(station, AREA_TEMPLATES);
    template_new_from(station, &info, zone);
    return true;
}

void template_new(workstation *station, const char *argument)
{
    catalog_template info;
    recto_error error;
    station_show(station, AREA_TEMPLATES);
    if (argument == NULL)
        station_say(station, "Enter makes a record from the template under the cursor");
    else if (catalog_template_find(&info, station_catalog(station), argument, &error) != RECTO_OK)
        station_error(station, &error);
    else
        template_new_from(station, &info, NULL);
}

/* The default for authority records; where there is none, the templates for them to choose from. */
void template_new_authority(workstation *station, const char *argument)
{
    catalog_template info;
    const repo_zone *zone = template_placement(station);
    (void)argument;
    station_show(station, AREA_TEMPLATES);
    if (catalog_template_default(&info, station_catalog(station), zone->id, "authority", NULL) == RECTO_OK) {
        template_new_from(station, &info, zone);
        return;
    }
    station_run(station, "template.filter", "authority");
    station_say(station, "Enter makes an authority record from the template under the cursor; f makes it the default");
}

/* ---- a brief record ---------------------------------------------------------------------------------------------- */

static bool make_brief(workstation *station, void *context, const char *const *answers)
{
    const repo_zone *zone = template_placement(station);
    const brief_record wanted = { answers[0], answers[1], answers[2], answers[3], answers[4] };
    marc_record *record = NULL;
    template_values values;
    recto_error error;
    buffer symbol;
    (void)context;
    buffer_init(&symbol, 1024);
    catalog_template_values(&values, &symbol, station_catalog(station));
    recto_status status = template_brief(&record, &wanted, &values, &error);
    buffer_release(&symbol);
    if (status != RECTO_OK) {
        station_error(station, &error);
        return false;
    }
    const bool made = add_new(station, zone, &record, "brief form");
    marc_record_free(record);
    if (made)
        station_say(station, "New brief record in: %s. Encoding level 3; it is saved by Save only",
                    template_placement_name(zone));
    return made;
}

void template_new_brief(workstation *station, const char *argument)
{
    static const template_prompt boxes[] = {
        { .label = "Title", .place = "245 $a" }, { .label = "Author", .place = "100 $a" },
        { .label = "ISBN", .place = "020 $a" },  { .label = "Publisher", .place = "264 $b" },
        { .label = "Year", .place = "264 $c" },
    };
    (void)argument;
    station_show(station, AREA_TEMPLATES);
    prompts_pane_open(station, &(prompt_request){ .title = "Brief record",
                                                  .action = "Make the record",
                                                  .area = AREA_TEMPLATES,
                                                  .place = PLACE_MAIN,
                                                  .prompts = boxes,
                                                  .count = sizeof boxes / sizeof *boxes,
                                                  .done = make_brief });
}

/* ---- expand ------------------------------------------------------------------------------------------------------ */

static bool show_expanded(workstation *station, void *context, const char *const *answers)
{
    template_work *work = context;
    edit_session *session = station_session(station);
    marc_record *values = NULL, *after = NULL;
    recto_error error;
    if (session == NULL || session != work->session || edit_state_of(session)->id != work->id) {
        station_say(station, "not expanded: that record is not open any more");
        return true;
    }
    recto_status status = filled(&values, NULL, work, station_catalog(station), answers, &error);
    if (status == RECTO_OK)
        status =
            template_expand(&after, marc_edit_record(edit_of(session)), values, catalog_tables(station_catalog(station)), &error);
    marc_record_free(values);
    if (status == RECTO_OK)
        expand_pane_open(station, session, work->info.name, after);
    else
        station_error(station, &error);
    return true;
}

void template_expand_from(workstation *station, const catalog_template *info)
{
    char title[200];
    edit_session *session = station_session(station);
    template_work *work = session != NULL ? work_with(station, info) : NULL;
    if (work == NULL)
        return;
    work->session = session;
    work->id = edit_state_of(session)->id;
    snprintf(title, sizeof title, "Expand from %s", info->name);
    prompts_pane_open(station, &(prompt_request){ .title = title,
                                                  .action = "Show what it adds",
                                                  .area = AREA_RECORDS,
                                                  .place = PLACE_COMPANION,
                                                  .prompts = work->prompts,
                                                  .count = work->prompt_count,
                                                  .done = show_expanded,
                                                  .release = work_release,
                                                  .context = work });
}

/* ---- the template itself ----------------------------------------------------------------------------------------- */

void template_edit(workstation *station, const catalog_template *info)
{
    edit_session *session = NULL;
    recto_error error;
    recto_status status = catalog_template_edit(&session, station_catalog(station), info, &error);
    if (status == RECTO_EREFUSED && info->id != 0 && strstr(error.what, "open already") != NULL) {
        station_open_record(station, info->id, false); /* which shows it */
        return;
    }
    if (status != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    const edit_state *state = edit_state_of(session);
    if (state->view_only)
        station_say(station, "View Only: %s", state->view_only_reason);
    else
        station_say(station, "Template %s; values in braces such as {ask:Title}, {today:%%Y%%m%%d}, {cursor}", info->name);
    station_add_session(station, &session);
}

static void name_typed(workstation *station, void *context, const char *answer)
{
    template_work *work = context;
    catalog_template saved;
    recto_error error;
    const text name = answer != NULL ? text_trim(text_from(answer)) : TEXT("");
    char wanted[sizeof saved.name * 2];
    snprintf(wanted, sizeof wanted, "%.*s", (int)name.length, name.length > 0 ? name.bytes : "");
    if (name.length == 0)
        station_say(station, "No template was made");
    else if (catalog_template_save(&saved, station_catalog(station), work->scope, wanted, work->record, 0, "", &error) !=
             RECTO_OK)
        station_error(station, &error);
    else
        station_say(station, "Kept as the %s template %s", template_scope_name(saved.scope), saved.name);
    templates_pane_touched(station);
    work_release(work);
}

static void scope_chosen(workstation *station, void *context, const char *choice)
{
    template_work *work = context;
    char name[sizeof work->info.name];
    const char *mark = strstr(work->info.name, " (Default)");
    if (!template_scope_named(&work->scope, choice)) {
        station_say(station, "No template was made");
        work_release(work);
        return;
    }
    snprintf(name, sizeof name, "%.*s", (int)(mark != NULL ? (size_t)(mark - work->info.name) : strlen(work->info.name)),
             work->info.name);
    station_prompt(station, "Name of the template:", name, name_typed, work);
}

static void ask_scope(workstation *station, template_work *work, const char *title)
{
    static const dialog_choice with_network[] = { { "private", "Private", 'p' },
                                                  { "shared", "Shared", 's' },
                                                  { "network", "Network", 'n' },
                                                  { "", "Cancel", 'c' },
                                                  { NULL, NULL, 0 } };
    static const dialog_choice alone[] = {
        { "private", "Private", 'p' }, { "shared", "Shared", 's' }, { "", "Cancel", 'c' }, { NULL, NULL, 0 }
    };
    static const char *const lines[] = { "Private: yours alone. Shared: all catalogers of the institution use it.",
                                         "Network: all institutions use it.", NULL };
    const dialog_choice *choices = catalog_zone(station_catalog(station), ZONE_NETWORK) != NULL ? with_network : alone;
    station_ask(station, &(dialog){ .title = title,
                                    .lines = lines,
                                    .choices = choices,
                                    .initial = "private",
                                    .escape = "",
                                    .done = scope_chosen,
                                    .context = work });
}

void template_ask_copy(workstation *station, const catalog_template *info)
{
    template_work *work = work_with(station, info);
    if (work != NULL)
        ask_scope(station, work, "Duplicate the template");
}

/* What belongs to the one record stays out; the date on file is computed anew. */
static recto_status record_as_template(marc_record **out, const marc_record *record, recto_error *error)
{
    buffer content;
    recto_status status = template_duplicate(out, record, error);
    const size_t at = status == RECTO_OK ? marc_record_find(*out, "008", 0) : SIZE_MAX;
    if (at == SIZE_MAX || marc_record_field(*out, at)->content.length < 6)
        return status;
    const text fixed = marc_record_field(*out, at)->content;
    buffer_init(&content, 4096);
    buffer_append_string(&content, "{008date}");
    buffer_append(&content, fixed.bytes + 6, fixed.length - 6);
    status = marc_record_replace(*out, at, "008", buffer_text(&content), error);
    buffer_release(&content);
    return status;
}

void template_ask_save_as(workstation *station)
{
    edit_session *session = station_session(station);
    recto_error error;
    template_work *work = session != NULL ? work_new(station) : NULL;
    if (work == NULL)
        return;
    marc_edit_settle(edit_of(session));
    if (record_as_template(&work->record, marc_edit_record(edit_of(session)), &error) != RECTO_OK) {
        station_error(station, &error);
        work_release(work);
        return;
    }
    ask_scope(station, work, "Save as template");
}

/* ---- the default ------------------------------------------------------------------------------------------------- */

static void default_chosen(workstation *station, void *context, const char *choice)
{
    template_work *work = context;
    const bool everybody = strcmp(choice, "everybody") == 0, none = strcmp(choice, "none") == 0;
    recto_error error;
    if (choice[0] == '\0')
        station_say(station, "Nothing was changed");
    else if (catalog_template_set_default(station_catalog(station), work->zone, work->info.family, none ? NULL : &work->info,
                                          everybody, &error) != RECTO_OK)
        station_error(station, &error);
    else if (none)
        station_say(station, "You have no default of your own any more; everybody's holds");
    else
        station_say(station, "%s is the default for new records, for %s", work->info.name, everybody ? "everybody" : "you");
    templates_pane_touched(station);
    work_release(work);
}

void template_ask_default(workstation *station, const catalog_template *info)
{
    static const dialog_choice choices[] = { { "", "Cancel", 'c' },
                                             { "mine", "For me", 'm' },
                                             { "everybody", "For everybody", 'e' },
                                             { "none", "None of my own", 'n' },
                                             { NULL, NULL, 0 } };
    const repo_zone *zone = template_placement(station);
    catalog_template before;
    char first[240], second[200] = "There is none now.";
    template_work *work = work_new(station);
    if (work == NULL)
        return;
    work->info = *info;
    work->zone = zone->id;
    snprintf(first, sizeof first, "Is %s to be the default for new %s records in %s?", info->name, info->family,
             template_placement_name(zone));
    if (catalog_template_default(&before, station_catalog(station), zone->id, info->family, NULL) == RECTO_OK)
        snprintf(second, sizeof second, "Now it is %s.", before.name);
    const char *const lines[] = { first, second, "For everybody, it changes what all others get, too.", NULL };
    station_ask(station, &(dialog){ .title = "Default template",
                                    .lines = lines,
                                    .choices = choices,
                                    .initial = "",
                                    .escape = "",
                                    .done = default_chosen,
                                    .context = work });
}
