/* src/tui/inventory_relink.c - holdings with their items are hung on another record (IO-80 to IO-88); taken back as a job. */
#include "inventory_model.h"
#include "rules.h"

#include <stdio.h>
#include <string.h>

static void relink_answered(workstation *station, void *context, const char *choice)
{
    inventory *model = context;
    int64_t job = 0;
    char to[MMS_ID_LENGTH];
    recto_error error;
    if (strcmp(choice, "keep") == 0) {
        station_say(station, "Nothing was moved");
        return;
    }
    if (catalog_relink(&job, station_catalog(station), model->bib, strcmp(choice, "all") == 0 ? 0 : model->relink_holding,
                       model->relink_to, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    mms_id_format(to, model->relink_to);
    inventory_reload(model);
    jobs_pane_touched(station);
    station_say(station, "Relinked to %s as job %lld; Revert Job takes it back", to, (long long)job);
}

static void ask_relink(inventory *model, const bib_info *to)
{
    static const dialog_choice choices[] = {
        { "keep", "Keep them here", 'k' }, { "one", "This one", 't' }, { "all", "All holdings", 'a' }, { NULL, NULL, 0 }
    };
    char from_line[300], to_line[400], holding[MMS_ID_LENGTH], id[MMS_ID_LENGTH];
    mms_id_format(holding, model->relink_holding);
    mms_id_format(id, model->relink_to);
    snprintf(from_line, sizeof from_line, "Holdings %s with its items, of \"%.*s\",", holding, FIT(model->title, 200));
    snprintf(to_line, sizeof to_line, "to %s, \"%.*s\"?", id, FIT(to->title, 200));
    const char *const lines[] = { from_line, to_line, NULL };
    station_ask(model->station, &(dialog){ .title = "Relink holdings",
                                           .lines = lines,
                                           .choices = choices,
                                           .initial = "keep",
                                           .escape = "keep",
                                           .done = relink_answered,
                                           .context = model });
}

static void target_typed(workstation *station, void *context, const char *answer)
{
    inventory *model = context;
    marc_record *record = NULL;
    bib_info info;
    recto_error error;
    if (answer == NULL)
        return;
    if (!mms_id_parse(&model->relink_to, text_from(answer)))
        station_say(station, "that is no MMS ID");
    else if (catalog_load(station_catalog(station), model->relink_to, &record, &info, &error) != RECTO_OK)
        station_error(station, &error);
    else
        ask_relink(model, &info);
    marc_record_free(record);
}

void inventory_relink(inventory *model, mms_id holding)
{
    model->relink_holding = holding;
    station_prompt(model->station, "Relink to the record with MMS ID:", "", target_typed, model);
}
