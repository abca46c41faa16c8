/* src/tui/headings_shelf.c - what of the shelf is browsed: level, type of call number, library, location (ED-169). Each choice is
 * remembered with the list. */
#include "headings_model.h"
#include "pick.h"

#include <stdio.h>
#include <string.h>

static const struct {
    char code;
    const char *name, *brief;
} types[] = { { '0', "Library of Congress", "LC" },
              { '1', "Dewey", "Dewey" },
              { '2', "National Library of Medicine", "NLM" },
              { '3', "Superintendent of Documents", "SuDocs" },
              { '4', "shelving control number", "control number" },
              { '5', "title", "by title" },
              { '6', "shelved separately", "separate" },
              { '7', "source given in $$2", "$$2" },
              { '8', "other scheme", "other scheme" },
              { ' ', "no information", "no scheme" } };

const char *headings_level_name(shelf_level level)
{
    static const char *const names[] = {
        [SHELF_HOLDINGS] = "holdings", [SHELF_ITEMS] = "items", [SHELF_TEMPORARY] = "temporary", [SHELF_ALL_LEVELS] = "all levels"
    };
    return names[level];
}

static const char *type_name(const char *code)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].code == code[0])
            return types[i].brief;
    return "";
}

/* ": items, Dewey, in LAW, at REF": behind the title of the list. */
void headings_shelf_sentence(const headings_model *model, char *out, size_t capacity)
{
    const shelf_limits *limits = &model->shelf;
    snprintf(out, capacity, ": %s%s%s%s%s%s%s", headings_level_name(limits->level), limits->type[0] != '\0' ? ", " : "",
             type_name(limits->type), limits->library[0] != '\0' ? ", in " : "", limits->library,
             limits->location[0] != '\0' ? ", at " : "", limits->location);
}

static void type_chosen(workstation *station, void *context, const char *value)
{
    headings_model *model = context;
    (void)station;
    if (value == NULL)
        return;
    snprintf(model->shelf.type, sizeof model->shelf.type, "%s", strcmp(value, "*") == 0 ? "" : value);
    headings_limits_changed(model);
}

static void offer_types(headings_model *model)
{
    pick *offered = pick_new(model->station, "Type of call number (852 indicator 1)", type_chosen, model);
    pick_add(offered, TEXT("*"), TEXT("*"), TEXT("any type"));
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const text code = text_of(&types[i].code, 1);
        pick_add(offered, code, types[i].code == ' ' ? TEXT("#") : code, text_from(types[i].name));
    }
    pick_open(offered, TEXT(""));
}

static void library_typed(workstation *station, void *context, const char *answer)
{
    headings_model *model = context;
    (void)station;
    if (answer == NULL)
        return;
    snprintf(model->shelf.library, sizeof model->shelf.library, "%s", answer);
    headings_limits_changed(model);
}

static void location_typed(workstation *station, void *context, const char *answer)
{
    headings_model *model = context;
    (void)station;
    if (answer == NULL)
        return;
    snprintf(model->shelf.location, sizeof model->shelf.location, "%s", answer);
    headings_limits_changed(model);
}

bool headings_shelf_run(headings_model *model, const char *name)
{
    const bool level = strcmp(name, "shelf.level") == 0, type = strcmp(name, "shelf.type") == 0,
               library = strcmp(name, "shelf.library") == 0, location = strcmp(name, "shelf.location") == 0;
    if (!level && !type && !library && !location)
        return false;
    if (model->kind != BROWSE_SHELF) {
        station_say(model->station, "this is for the shelf list: Tab goes to it");
        return true;
    }
    if (level) {
        model->shelf.level = (shelf_level)((model->shelf.level + 1) % (SHELF_ALL_LEVELS + 1));
        headings_limits_changed(model);
    } else if (type) {
        offer_types(model);
    } else {
        station_prompt(model->station, library ? "Library (empty: any):" : "Location (empty: any):",
                       library ? model->shelf.library : model->shelf.location, library ? library_typed : location_typed, model);
    }
    return true;
}
