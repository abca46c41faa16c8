/* src/tui/search_pickers.c - what a search takes from a list: its index, an earlier search, a set; and the search kept as a set.
 *
 * @spec search.md SE-21, SE-22, SE-37, SE-65 */
#include "pick.h"
#include "remembered.h"
#include "search_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- indexes: those used last come first, each cataloger's own (SE-22) ---- */

enum { RECENT_INDEXES = 8 };

static void remember_index(workstation *station, const char *code)
{
    buffer kept, line;
    size_t count = 1;
    buffer_init(&kept, 0);
    buffer_init(&line, 0);
    remembered_get(station, "search_indexes", &kept);
    buffer_append_string(&line, code);
    for (text rest = buffer_text(&kept); rest.bytes != NULL && rest.length > 0 && count < RECENT_INDEXES;) {
        const text word = text_next_field(&rest, ' ');
        if (word.length == 0 || text_equal(word, text_from(code)))
            continue;
        buffer_append_char(&line, ' ');
        buffer_append_text(&line, word);
        count++;
    }
    if (!buffer_failed(&line) && !text_equal(buffer_text(&line), buffer_text(&kept)))
        remembered_set(station, "search_indexes", buffer_string(&line));
    buffer_release(&kept);
    buffer_release(&line);
}

static void index_picked(workstation *station, void *context, const char *value)
{
    search_model *model = context;
    const search_index *index = value != NULL ? repo_search_index(value) : NULL;
    if (index == NULL || !repo_search_offers(model->type, index))
        return;
    model->index[model->picks_line] = index;
    model->focus = model->picks_line == 0 ? FOCUS_QUERY : FOCUS_QUERY_2;
    remember_index(station, index->code);
}

static void offer_index(pick *pick, const search_model *model, const search_index *index)
{
    if (index != NULL && repo_search_offers(model->type, index))
        pick_add(pick, text_from(index->code), text_from(index->code), search_index_label(model, index));
}

static void offer_indexes(pick *pick, const search_model *model, text recent)
{
    const search_index *all[SEARCH_ORDERED];
    const size_t count = search_ordered(model, all);
    const text whole = model->own_count > 0 ? TEXT("") : recent; /* who has set an order finds it as it was set */
    for (text rest = whole; rest.bytes != NULL && rest.length > 0;) {
        char code[16];
        string_keep(code, sizeof code, text_next_field(&rest, ' '));
        offer_index(pick, model, repo_search_index(code));
    }
    for (size_t i = 0; i < count; i++) {
        bool shown = false;
        for (text rest = whole; !shown && rest.bytes != NULL && rest.length > 0;)
            shown = text_equal(text_next_field(&rest, ' '), text_from(all[i]->code));
        if (!shown)
            offer_index(pick, model, all[i]);
    }
    for (int tag = 900; tag <= 999; tag++) {
        char code[16];
        snprintf(code, sizeof code, "l%d", tag);
        bool shown = false;
        for (size_t i = 0; i < model->own_count; i++)
            shown = shown || strcmp(model->own_order[i]->code, code) == 0;
        if (!shown)
            offer_index(pick, model, repo_search_index(code));
    }
}

void search_pick_index(search_model *model, workstation *station)
{
    buffer recent;
    model->picks_line = model->focus == FOCUS_INDEX_2 || model->focus == FOCUS_QUERY_2 ? 1 : 0;
    pick *pick = pick_new(station, "Index", index_picked, model);
    search_read_labels(model, station);
    buffer_init(&recent, 0);
    remembered_get(station, "search_indexes", &recent);
    offer_indexes(pick, model, buffer_text(&recent));
    buffer_release(&recent);
    pick_open(pick, TEXT(""));
}

/* ---- earlier searches: the last hundred, kept from one session to the next (SE-37) ---- */

void search_recall_history(search_model *model, workstation *station)
{
    buffer kept;
    buffer_init(&kept, 0);
    remembered_get(station, "search_history", &kept);
    for (text rest = buffer_text(&kept); rest.bytes != NULL && rest.length > 0 && model->history_count < SEARCH_HISTORY;) {
        const text line = text_next_field(&rest, '\n');
        char *copy = line.length > 0 ? strndup(line.bytes, line.length) : NULL;
        if (copy != NULL)
            model->history[model->history_count++] = copy;
    }
    model->history_at = model->history_count;
    buffer_release(&kept);
}

void search_keep_history(search_model *model, workstation *station)
{
    buffer lines;
    if (!model->history_changed)
        return;
    buffer_init(&lines, 0);
    for (size_t i = 0; i < model->history_count; i++)
        buffer_append_format(&lines, "%s\n", model->history[i]);
    if (!buffer_failed(&lines))
        remembered_set(station, "search_history", buffer_string(&lines));
    buffer_release(&lines);
    model->history_changed = false;
}

static void earlier_picked(workstation *station, void *context, const char *value)
{
    search_model *model = context;
    if (value == NULL)
        return;
    model->index[0] = repo_search_index("kw");
    line_input_set(&model->query[0], value, false);
    line_input_set(&model->query[1], "", false);
    search_run_text(model, station);
}

void search_pick_history(search_model *model, workstation *station)
{
    if (model->history_count == 0) {
        station_say(station, "There are no earlier searches");
        return;
    }
    pick *pick = pick_new(station, "Earlier searches", earlier_picked, model);
    for (size_t i = model->history_count; i-- > 0;)
        pick_add(pick, text_from(model->history[i]), text_from(model->history[i]), TEXT(""));
    pick_open(pick, TEXT(""));
}

/* ---- sets ---- */

static bool offer_set(void *context, const record_set *set, text query)
{
    char label[400];
    if (set->logical)
        snprintf(label, sizeof label, "%s by %s: %.*s", set->is_public ? "public" : "private", set->owner,
                 (int)(query.length < 90 ? query.length : 90), query.length > 0 ? query.bytes : "");
    else
        snprintf(label, sizeof label, "%s by %s: %zu listed%s%s", set->is_public ? "public" : "private", set->owner, set->members,
                 set->note[0] != '\0' ? "; " : "", set->note);
    pick_add(context, text_from(set->name), text_from(set->name), text_from(label));
    return true;
}

static void append_name(buffer *out, const char *name)
{
    buffer_append_string(out, "set=\"");
    for (; *name != '\0'; name++) {
        if (*name == '"' || *name == '\\')
            buffer_append_char(out, '\\');
        buffer_append_char(out, *name);
    }
    buffer_append_char(out, '"');
}

static void set_picked(workstation *station, void *context, const char *value)
{
    search_model *model = context;
    record_set set;
    recto_error error;
    buffer query;
    if (value == NULL)
        return;
    if (catalog_set_get(&set, NULL, station_catalog(station), value, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    buffer_init(&query, 0);
    append_name(&query, set.name);
    search_set_type(model, set.type);
    model->zone = (zone_kind)set.scope[0]; /* "" is all zones: members may be of any */
    model->index[0] = repo_search_index("kw");
    line_input_set(&model->query[0], buffer_string(&query), false);
    line_input_set(&model->query[1], "", false);
    buffer_release(&query);
    search_run_text(model, station);
}

void search_pick_set(search_model *model, workstation *station)
{
    recto_error error;
    pick *pick = pick_new(station, "Sets", set_picked, model);
    if (pick == NULL)
        return;
    if (catalog_sets(station_catalog(station), offer_set, pick, &error) != RECTO_OK)
        station_error(station, &error);
    pick_open(pick, TEXT(""));
}

/* ---- keeping the search as a set ---- */

/* What the chosen values of facets are as conditions of the one-line form. */
static void append_chosen(buffer *out, const search_model *model)
{
    static const char *const codes[FACET_COUNT] = {
        [FACET_MATERIAL] = "type", [FACET_LANGUAGE] = "lang", [FACET_YEAR] = "yr",
        [FACET_INVENTORY] = "has", [FACET_SYNC] = "sync",     [FACET_SUPPRESSED] = "supp"
    };
    for (int facet = 0; facet < FACET_COUNT; facet++) {
        bool begun = false;
        for (size_t i = 0; i < model->chosen_count; i++) {
            const catalog_facet_value *chosen = &model->chosen[i];
            if ((int)chosen->facet != facet || codes[facet] == NULL)
                continue;
            buffer_append_format(out, "%s%s=\"%s\"", begun ? " OR " : " AND (", codes[facet],
                                 facet != FACET_INVENTORY  ? chosen->value
                                 : chosen->value[0] == 'N' ? "none"
                                 : chosen->value[0] == 'E' ? "electronic"
                                                           : "physical");
            begun = true;
        }
        if (begun)
            buffer_append_char(out, ')');
    }
}

static void kept_as(workstation *station, void *context, const char *answer)
{
    search_model *model = context;
    record_set set = { .is_public = false };
    recto_error error;
    buffer query;
    const text name = answer != NULL ? text_trim(text_from(answer)) : TEXT("");
    if (name.length == 0 || !model->searched)
        return;
    string_keep(set.name, sizeof set.name, name);
    buffer_init(&query, 0);
    buffer_append_format(&query, "(%s)", model->hits.form);
    append_chosen(&query, model);
    const catalog_query kept = { .type = model->type, .zone = model->zone, .text = buffer_string(&query) };
    if (!buffer_failed(&query) && catalog_set_keep_query(&set, station_catalog(station), &kept, &error) == RECTO_OK)
        station_say(station, "Kept as the set %s: it is run anew each time", set.name);
    else if (!buffer_failed(&query))
        station_error(station, &error);
    buffer_release(&query);
}

void search_ask_keep(search_model *model, workstation *station)
{
    if (strlen(model->hits.form) + 1 >= sizeof model->hits.form) {
        station_say(station, "This search is too long for the screen to keep it: recto set keep takes any");
        return;
    }
    station_prompt(station, "Keep this search as a set named:", "", kept_as, model);
}
