/* src/tui/inventory_withdraw.c - withdrawing an item or holdings of the inventory list; with the last item it is asked what
 * becomes of holdings and bib (ED-146). */
#include "inventory_model.h"

#include "recto/base/plural.h"
#include "recto/catalog/custody.h"

#include <stdio.h>
#include <string.h>

static const inventory_row *current_row(const inventory *model)
{
    return model->list.current < model->count ? &model->rows[model->list.current] : NULL;
}

/* The bib is open in the editor beside: its text would be left without a record. */
static edit_session *open_session(const inventory *model)
{
    edit_session *session = station_session(model->station);
    return session != NULL && edit_state_of(session)->id == model->bib ? session : NULL;
}

static void bib_has_gone(inventory *model, workstation *station)
{
    edit_session *session = open_session(model), *released = session;
    station_pop(station, model);
    if (session != NULL && edit_release(&released, NULL) == RECTO_OK)
        station_close_session(station, session);
    station_say(station, "withdrawn with its holdings and bib; Restore Deleted brings them back");
}

static void withdraw(inventory *model, workstation *station, withdrawal rest)
{
    static const char *const said[] = { [WITHDRAW_ITEM] = "the item is withdrawn",
                                        [WITHDRAW_HOLDINGS] = "withdrawn; the holdings are deleted, the bib stays",
                                        [WITHDRAW_AND_SUPPRESS] = "withdrawn; the holdings are deleted, the bib is suppressed",
                                        [WITHDRAW_BIB] = "" };
    const inventory_row *row = current_row(model);
    recto_error error = { 0 };
    if (row == NULL || !row->is_item)
        return;
    if (rest == WITHDRAW_BIB && open_session(model) != NULL && marc_edit_changed(edit_of(open_session(model)))) {
        station_say(station, "nothing was withdrawn: the open record has changes that are not saved");
        return;
    }
    if (catalog_withdraw(station_catalog(station), &row->item, rest, &error) != RECTO_OK) {
        station_error(station, &error);
    } else if (rest == WITHDRAW_BIB) {
        bib_has_gone(model, station);
    } else {
        inventory_reload(model);
        station_say(station, "%s", said[rest]);
    }
}

static void item_answered(workstation *station, void *context, const char *choice)
{
    static const struct {
        const char *name;
        withdrawal rest;
    } choices[] = { { "keep", WITHDRAW_ITEM },
                    { "holdings", WITHDRAW_HOLDINGS },
                    { "suppress", WITHDRAW_AND_SUPPRESS },
                    { "delete", WITHDRAW_BIB } };
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
        if (strcmp(choices[i].name, choice) == 0) {
            withdraw(context, station, choices[i].rest);
            return;
        }
    station_say(station, "nothing was withdrawn");
}

static void holding_answered(workstation *station, void *context, const char *choice)
{
    inventory *model = context;
    const inventory_row *row = current_row(model);
    recto_error error = { 0 };
    if (strcmp(choice, "delete") != 0 || row == NULL || row->is_item) {
        station_say(station, "nothing was deleted");
    } else if (catalog_holding_delete(station_catalog(station), row->holding.id, &error) != RECTO_OK) {
        station_error(station, &error);
    } else {
        inventory_reload(model);
        station_say(station, "the holdings are deleted");
    }
}

static void ask_item(inventory *model, const item *item)
{
    static const dialog_choice last[] = { { "keep", "Keep holdings and bib", 'k' },
                                          { "holdings", "Delete holdings", 'h' },
                                          { "suppress", "Delete holdings, suppress bib", 's' },
                                          { "delete", "Delete holdings and bib", 'd' },
                                          { "cancel", "Cancel", 'c' },
                                          { NULL, NULL, 0 } };
    static const dialog_choice other[] = { { "keep", "Withdraw", 'w' }, { "cancel", "Cancel", 'c' }, { NULL, NULL, 0 } };
    const bool is_last = model->items == 1;
    char line[160], count[120];
    snprintf(line, sizeof line, "Item %.60s, copy %d: it will be gone.", item->barcode, item->copy);
    snprintf(count, sizeof count, "It is the last item of this record, which has %zu %s. What becomes of %s?", model->holdings,
             plural(model->holdings, "holding", "holdings"), plural(model->holdings, "it", "them"));
    const char *lines[] = { line, is_last ? count : NULL, NULL };
    const char *title = is_last ? "Withdraw the last item" : "Withdraw an item";
    const dialog_choice *choices = is_last ? last : other;
    station_ask(model->station, &(dialog){ .title = title,
                                           .lines = lines,
                                           .choices = choices,
                                           .initial = "cancel",
                                           .escape = "cancel",
                                           .done = item_answered,
                                           .context = model });
}

void inventory_withdraw(inventory *model)
{
    static const dialog_choice choices[] = { { "delete", "Delete", 'd' }, { "cancel", "Cancel", 'c' }, { NULL, NULL, 0 } };
    static const char *const lines[] = { "These holdings have no items; they will be gone. The bib stays.", NULL };
    const inventory_row *row = current_row(model);
    if (row == NULL) {
        station_say(model->station, "there is nothing to withdraw");
    } else if (row->is_item) {
        ask_item(model, &row->item);
    } else if (row->holding.items > 0) {
        station_say(model->station, "the holdings have %d item%s: withdraw them first", row->holding.items,
                    row->holding.items == 1 ? "" : "s");
    } else {
        station_ask(model->station, &(dialog){ .title = "Delete holdings",
                                               .lines = lines,
                                               .choices = choices,
                                               .initial = "cancel",
                                               .escape = "cancel",
                                               .done = holding_answered,
                                               .context = model });
    }
}
