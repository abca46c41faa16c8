/* src/tui/share.c - Share with Network: matches there are asked about and shown before anything is replaced (ED-175); and the
 * list of related records (ED-172). */
#include "share.h"
#include "pick.h"
#include "station.h"

#include "recto/base/plural.h"
#include "recto/catalog/share.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct sharing {
    mms_id id, network; /* network 0: to be made */
    int version;
    match_hit *hits;
    size_t count;
} sharing;

static void end(sharing *work)
{
    free(work->hits);
    free(work);
}

static void give_up(workstation *station, sharing *work)
{
    station_say(station, "nothing was shared");
    end(work);
}

static void do_it(workstation *station, sharing *work)
{
    int64_t job = 0;
    recto_error error = { 0 };
    const bool makes = work->network == 0;
    if (catalog_share(&job, &work->network, station_catalog(station), work->id, work->version, &error) != RECTO_OK)
        station_error(station, &error);
    else
        station_say(station, "%s the network record %lld; Jobs, job %lld, takes it back",
                    makes ? "Shared: it is linked to" : "It is linked to, and has the text of,", (long long)work->network,
                    (long long)job);
    end(work);
}

static void make_answered(workstation *station, void *context, const char *choice)
{
    if (strcmp(choice, "make") == 0)
        do_it(station, context);
    else
        give_up(station, context);
}

static void ask_to_make(workstation *station, sharing *work)
{
    static const dialog_choice choices[] = { { "make", "Share", 's' }, { "cancel", "Cancel", 'c' }, { NULL, NULL, 0 } };
    static const char *const none[] = { "No record of the network matches this one.",
                                        "A network record is made of its text, and it is linked to that.", NULL };
    static const char *const some[] = { "A further network record is made, perhaps a duplicate,", "and this one is linked to it.",
                                        NULL };
    const char *const *lines = work->count == 0 ? none : some;
    const char *initial = work->count == 0 ? "make" : "cancel";
    station_ask(station, &(dialog){ .title = "Share with Network",
                                    .lines = lines,
                                    .choices = choices,
                                    .initial = initial,
                                    .escape = "cancel",
                                    .done = make_answered,
                                    .context = work });
}

/* ---- one of the matches */

static void link_answered(workstation *station, void *context, const char *choice)
{
    if (strcmp(choice, "link") == 0)
        do_it(station, context);
    else
        give_up(station, context);
}

static void ask_to_link(workstation *station, sharing *work, const match_hit *hit)
{
    static const dialog_choice choices[] = { { "link", "Link and replace", 'l' },
                                             { "cancel", "Cancel", 'c' },
                                             { NULL, NULL, 0 } };
    char first[120], second[200];
    snprintf(first, sizeof first, "This replaces the text of %lld by that of the network record", (long long)work->id);
    snprintf(second, sizeof second, "%lld: %.*s", (long long)hit->info.id, FIT(hit->info.title, 120));
    const char *lines[] = { first, second, "Local fields (9XX, $5, $9 LOCAL) and inventory stay. It can be taken back as a job.",
                            NULL };
    work->network = hit->info.id;
    station_ask(station, &(dialog){ .title = "Share with Network",
                                    .lines = lines,
                                    .choices = choices,
                                    .initial = "cancel",
                                    .escape = "cancel",
                                    .done = link_answered,
                                    .context = work });
}

static void match_picked(workstation *station, void *context, const char *value)
{
    sharing *work = context;
    mms_id id = 0;
    if (value != NULL && mms_id_parse(&id, text_from(value)))
        for (size_t i = 0; i < work->count; i++)
            if (work->hits[i].info.id == id) {
                ask_to_link(station, work, &work->hits[i]);
                return;
            }
    give_up(station, work);
}

static void show_matches(workstation *station, sharing *work)
{
    pick *offered = pick_new(station, "Records of the network that match", match_picked, work);
    for (size_t i = 0; offered != NULL && i < work->count; i++) {
        const match_hit *hit = &work->hits[i];
        char number[MMS_ID_LENGTH], label[400];
        mms_id_format(number, hit->info.id);
        snprintf(label, sizeof label, "%.*s  %.*s  %.*s  brief %02d  by %.*s", FIT(hit->info.title, 90),
                 FIT(hit->info.creator, 40), FIT(hit->imprint, 60), hit->info.brief_level, FIT(hit->why, 60));
        pick_add(offered, text_from(number), text_from(number), text_from(label));
    }
    pick_open(offered, TEXT(""));
}

static void found_answered(workstation *station, void *context, const char *choice)
{
    if (strcmp(choice, "view") == 0)
        show_matches(station, context);
    else if (strcmp(choice, "make") == 0)
        ask_to_make(station, context);
    else
        give_up(station, context);
}

static void ask_what(workstation *station, sharing *work)
{
    static const dialog_choice choices[] = {
        { "view", "View and choose", 'v' }, { "make", "Make a further one", 'm' }, { "cancel", "Cancel", 'c' }, { NULL, NULL, 0 }
    };
    char first[80];
    snprintf(first, sizeof first, "%zu %s of the network %s this one.", work->count, plural(work->count, "record", "records"),
             work->count == 1 ? "matches" : "match");
    const char *lines[] = { first, "Linked to one of them, it gets that record's text.", NULL };
    station_ask(station, &(dialog){ .title = "Share with Network",
                                    .lines = lines,
                                    .choices = choices,
                                    .initial = "view",
                                    .escape = "cancel",
                                    .done = found_answered,
                                    .context = work });
}

static int stored_version(workstation *station, mms_id id)
{
    marc_record *record = NULL;
    bib_info info = { .version = 0 };
    if (catalog_load(station_catalog(station), id, &record, &info, NULL) != RECTO_OK)
        info.version = 0; /* what is wrong is told by what is done next */
    marc_record_free(record);
    return info.version;
}

void share_with_network(workstation *station, mms_id id, int version)
{
    recto_error error = { 0 };
    sharing *work = calloc(1, sizeof *work);
    if (work == NULL)
        return;
    work->id = id;
    work->version = version != 0 ? version : stored_version(station, id);
    if (catalog_share_matches(&work->hits, &work->count, station_catalog(station), id, &error) != RECTO_OK) {
        station_error(station, &error);
        end(work);
    } else if (work->count > 0) {
        ask_what(station, work);
    } else {
        ask_to_make(station, work);
    }
}

/* ---- related records */

static void related_chosen(workstation *station, void *context, const char *value)
{
    mms_id id;
    (void)context;
    if (value != NULL && mms_id_parse(&id, text_from(value)))
        record_pane_open(station, id, 0, strcmp(station_context(station), "editor") == 0 ? PLACE_COMPANION : PLACE_MAIN);
}

typedef bool wanted_relation(const related_row *row);

static bool any_relation(const related_row *row)
{
    return row != NULL;
}

static bool is_link(const related_row *row)
{
    return row->there && (row->relation == RELATION_LINKED_TO || row->relation == RELATION_LINKED_FROM);
}

static void add_row(pick *shown, const related_row *row)
{
    static const char *const words[] = { [RELATION_NAMES] = "this names it in",
                                         [RELATION_NAMED_BY] = "it names this in",
                                         [RELATION_LINKED_TO] = "this is linked to it",
                                         [RELATION_LINKED_FROM] = "it is linked to this" };
    char number[MMS_ID_LENGTH], label[300];
    mms_id_format(number, row->id);
    snprintf(label, sizeof label, "%s %s  %s", words[row->relation], row->tag, row->there ? row->title : "(no such record)");
    pick_add(shown, text_from(number), text_from(number), text_from(label));
}

static void show_rows(workstation *station, const char *title, const related_row *rows, size_t count, wanted_relation *wanted)
{
    pick *shown = pick_new(station, title, related_chosen, NULL);
    for (size_t i = 0; shown != NULL && i < count; i++)
        if (wanted(&rows[i]))
            add_row(shown, &rows[i]);
    pick_open(shown, TEXT(""));
}

void related_records_show(workstation *station, mms_id id)
{
    related_row *rows = NULL;
    size_t count = 0;
    recto_error error = { 0 };
    if (catalog_related(&rows, &count, station_catalog(station), id, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    if (count == 0)
        station_say(station, "no related records: no $$w names one, none names this, no link");
    else
        show_rows(station, "Related records", rows, count, any_relation);
    free(rows);
}

mms_id linked_record(workstation *station, mms_id id)
{
    related_row *rows = NULL;
    size_t count = 0, links = 0;
    mms_id other = 0;
    recto_error error = { 0 };
    if (catalog_related(&rows, &count, station_catalog(station), id, &error) != RECTO_OK) {
        station_error(station, &error);
        return 0;
    }
    for (size_t i = 0; i < count; i++)
        if (is_link(&rows[i])) {
            other = rows[i].id;
            links++;
        }
    if (links == 0)
        station_say(station, "This record is linked to none of another zone");
    else if (links > 1)
        show_rows(station, "Linked records", rows, count, is_link);
    free(rows);
    return links == 1 ? other : 0;
}
