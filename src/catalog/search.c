/* src/catalog/search.c - searching for a user: which zones, identifiers first, and the way on when nothing was found.
 *
 * @spec search.md sections 1, 3, 7 and 8 (SE-8, SE-9, SE-13, SE-16, SE-78, SE-86, SE-90, SE-92) */
#include "id_list.h"
#include "search_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ZONE_KINDS = SEARCH_ZONES, ROWS_MAX = 100000 };
static const zone_kind KINDS[ZONE_KINDS] = { ZONE_INSTITUTION, ZONE_NETWORK, ZONE_COMMUNITY };

typedef search_plan plan;

const char *search_zone_label(zone_kind kind)
{
    switch (kind) {
    case ZONE_INSTITUTION:
        return "Institution Zone";
    case ZONE_NETWORK:
        return "Network Zone";
    case ZONE_COMMUNITY:
        return "Community Zone";
    }
    return "other zones";
}

static const char *type_noun(search_type type, size_t count)
{
    static const char *const nouns[][2] = {
        [SEARCH_ALL_TITLES] = { "titles", "title" },
        [SEARCH_PHYSICAL_TITLES] = { "physical titles", "physical title" },
        [SEARCH_ELECTRONIC_TITLES] = { "electronic titles", "electronic title" },
        [SEARCH_PHYSICAL_ITEMS] = { "physical items", "physical item" },
        [SEARCH_AUTHORITIES] = { "authority records", "authority record" },
    };
    return nouns[type][count == 1];
}

size_t search_zones(int out[static SEARCH_ZONES], const catalog *catalog, zone_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < ZONE_KINDS; i++) {
        const repo_zone *zone = catalog_zone(catalog, KINDS[i]);
        if (zone != NULL && (kind == 0 || kind == KINDS[i]))
            out[count++] = zone->id;
    }
    return count;
}

static void choose_zones(plan *plan, zone_kind wanted)
{
    plan->zone_count = search_zones(plan->zones, plan->catalog, wanted);
}

recto_status search_plan_make(plan *out, catalog *catalog, const catalog_query *query, recto_error *error)
{
    *out = (plan){ .catalog = catalog, .query = query, .arena = arena_new(0) };
    if (out->arena == NULL)
        return recto_fail_memory(error, "searching");
    recto_status status = catalog_query_parse(&out->tree, out->arena, query->index, query->text, error);
    out->typed = out->tree;
    if (status == RECTO_OK)
        status = sets_resolve(&out->tree, out->arena, catalog, error);
    if (status != RECTO_OK)
        return status;
    choose_zones(out, query->zone);
    out->identifier = query_identifier(out->arena, out->tree);
    if (out->identifier == NULL || !repo_search_offers(query->type, out->identifier->index)) {
        out->identifier = NULL;
        return RECTO_OK;
    }
    query_node *others = arena_calloc(out->arena, 1, sizeof *others);
    if (others == NULL)
        return recto_fail_memory(error, "searching");
    *others = (query_node){ .kind = QUERY_NOT, .left = out->tree, .right = out->identifier };
    out->others = others;
    return RECTO_OK;
}

void search_plan_release(plan *plan)
{
    arena_free(plan->arena);
}

search_request search_plan_request(const plan *plan, const query_node *tree)
{
    return (search_request){ .type = plan->query->type,
                             .zones = plan->zones,
                             .zone_count = plan->zone_count,
                             .query = tree,
                             .sort = plan->query->sort,
                             .now = catalog_now(plan->catalog),
                             .choices = plan->query->choices,
                             .choice_count = plan->query->choice_count };
}

const query_node *search_plan_whole(query_node *scratch, const plan *plan)
{
    *scratch = (query_node){ .kind = QUERY_OR, .left = plan->tree, .right = plan->identifier };
    return plan->identifier != NULL ? scratch : plan->tree;
}

/* ---- rows */

typedef struct row_list {
    bib_info *rows;
    size_t count, capacity;
    bool failed;
} row_list;

static bool add_row(void *context, const bib_info *row)
{
    row_list *list = context;
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 32;
        bib_info *grown = realloc(list->rows, capacity * sizeof *grown);
        if (grown == NULL) {
            list->failed = true;
            return false;
        }
        list->rows = grown;
        list->capacity = capacity;
    }
    list->rows[list->count++] = *row;
    return true;
}

static recto_status ask(const plan *plan, const query_node *tree, search_type type, size_t offset, size_t limit, row_list *rows,
                        size_t *count, recto_error *error)
{
    search_request request = search_plan_request(plan, tree);
    request.type = type;
    request.offset = offset;
    request.limit = limit;
    *count = 0;
    if (plan->zone_count == 0) /* the zone asked for does not exist: an empty list would mean all */
        return RECTO_OK;
    recto_status status = repo_search(plan->catalog->repo, &request, add_row, rows, count, error);
    return status == RECTO_OK && rows->failed ? recto_fail_memory(error, "listing hits") : status;
}

/* The identifier's hits come first, the other hits of the words behind them; pages run through both. */
static recto_status ask_both(const plan *plan, row_list *rows, size_t *total, recto_error *error)
{
    const catalog_query *query = plan->query;
    size_t first = 0, others = 0;
    recto_status status = ask(plan, plan->identifier, query->type, query->offset, query->limit, rows, &first, error);
    if (status != RECTO_OK)
        return status;
    const size_t skipped = query->offset > first ? query->offset - first : 0;
    const size_t wanted = query->limit > rows->count ? query->limit - rows->count : 0;
    status = ask(plan, plan->others, query->type, skipped, wanted, rows, &others, error);
    *total = first + others;
    return status;
}

size_t search_plan_count(const search_plan *plan, const query_node *tree, search_type type)
{
    row_list none = { .rows = NULL };
    size_t count = 0;
    size_t more = 0;
    if (ask(plan, tree, type, 0, 0, &none, &count, NULL) != RECTO_OK)
        return 0;
    if (tree == plan->tree && plan->identifier != NULL && ask(plan, plan->others, type, 0, 0, &none, &more, NULL) == RECTO_OK)
        return ask(plan, plan->identifier, type, 0, 0, &none, &count, NULL) == RECTO_OK ? count + more : more;
    return count;
}

static size_t count_in_zone(const plan *from, zone_kind zone, search_type type)
{
    plan there = *from;
    choose_zones(&there, zone);
    return there.zone_count > 0 ? search_plan_count(&there, there.tree, type) : 0;
}

/* ---- the way on */

static void offer(catalog_hint *hint, search_type type, zone_kind zone)
{
    hint->offers = true;
    hint->type = type;
    hint->zone = zone;
}

/* SE-8: the network has no inventory, whatever is asked. */
static bool hint_network(const plan *plan, catalog_hint *hint)
{
    const bool physical = plan->query->type == SEARCH_PHYSICAL_TITLES || plan->query->type == SEARCH_PHYSICAL_ITEMS;
    if (!physical || plan->query->zone != ZONE_NETWORK)
        return false;
    snprintf(hint->sentence, sizeof hint->sentence, "The Network Zone holds no items. Search the Institution instead?");
    offer(hint, plan->query->type, ZONE_INSTITUTION);
    return true;
}

/* SE-9: a record without inventory is in All titles alone. */
static bool hint_all_titles(const plan *plan, catalog_hint *hint)
{
    const search_type type = plan->query->type;
    const size_t count =
        type != SEARCH_ALL_TITLES && type != SEARCH_AUTHORITIES ? search_plan_count(plan, plan->tree, SEARCH_ALL_TITLES) : 0;
    if (count == 0)
        return false;
    snprintf(hint->sentence, sizeof hint->sentence, "0 %s. %zu %s without %s inventory match%s: Enter to show (All titles).",
             type_noun(type, 0), count, type_noun(SEARCH_ALL_TITLES, count),
             type == SEARCH_ELECTRONIC_TITLES ? "electronic" : "physical", count == 1 ? "es" : "");
    offer(hint, SEARCH_ALL_TITLES, plan->query->zone);
    return true;
}

/* SE-78: the index labelled (035a) takes $a alone, a match looks at $z too. */
static bool hint_cancelled_number(const plan *plan, catalog_hint *hint)
{
    if (plan->tree == NULL || plan->tree->kind != QUERY_TERM || strcmp(plan->tree->index->code, "oclc") != 0)
        return false;
    query_node wider = *plan->tree;
    wider.index = repo_search_index("oclcz");
    const size_t count = wider.index != NULL ? search_plan_count(plan, &wider, plan->query->type) : 0;
    if (count == 0)
        return false;
    snprintf(hint->sentence, sizeof hint->sentence, "0 by 035 $a. %zu %s the number in 035 $z or 019: Enter to show.", count,
             count == 1 ? "record has" : "records have");
    offer(hint, plan->query->type, plan->query->zone);
    hint->index = "oclcz";
    return true;
}

static bool is_record_number(const query_node *node)
{
    return node != NULL && node->kind == QUERY_TERM && node->operator== SEARCH_EQUALS && strcmp(node->index->code, "mms") == 0;
}

/* SE-16, SE-90: another zone has it. */
static bool hint_zones(const plan *plan, catalog_hint *hint)
{
    if (plan->query->zone == 0)
        return false;
    for (size_t i = 0; i < ZONE_KINDS; i++) {
        const size_t count = KINDS[i] != plan->query->zone ? count_in_zone(plan, KINDS[i], plan->query->type) : 0;
        if (count == 0)
            continue;
        snprintf(hint->sentence, sizeof hint->sentence, "0 in the %s. %zu in the %s: Enter to show.",
                 search_zone_label(plan->query->zone), count, search_zone_label(KINDS[i]));
        offer(hint, plan->query->type, KINDS[i]);
        hint->certain = is_record_number(plan->tree) || is_record_number(plan->identifier);
        return true;
    }
    return false;
}

/* Authority records are found by no search of titles, and titles by none of theirs. */
static bool hint_other_family(const plan *plan, catalog_hint *hint)
{
    const bool authorities = plan->query->type == SEARCH_AUTHORITIES;
    const search_type other = authorities ? SEARCH_ALL_TITLES : SEARCH_AUTHORITIES;
    const size_t count = search_plan_count(plan, plan->tree, other);
    if (count == 0)
        return false;
    snprintf(hint->sentence, sizeof hint->sentence, "0 %s. %zu %s match%s: Enter to show (%s).", type_noun(plan->query->type, 0),
             count, type_noun(other, count), count == 1 ? "es" : "", authorities ? "All titles" : "Authorities");
    offer(hint, other, plan->query->zone);
    return true;
}

static void hint_nothing(const plan *plan, catalog_hint *hint)
{
    const bool somewhere = plan->zone_count > 0;
    if (plan->query->zone != 0 && !somewhere) {
        snprintf(hint->sentence, sizeof hint->sentence, "This repository has no %s.", search_zone_label(plan->query->zone));
        return;
    }
    if (plan->tree == NULL || hint_network(plan, hint) || hint_all_titles(plan, hint) || hint_cancelled_number(plan, hint) ||
        hint_zones(plan, hint) || hint_other_family(plan, hint))
        return;
    snprintf(hint->sentence, sizeof hint->sentence, "0 %s in %s.", type_noun(plan->query->type, 0),
             plan->query->zone != 0 ? search_zone_label(plan->query->zone) : "all zones");
}

static const query_node *oclc_term(const plan *plan)
{
    const query_node *term = plan->identifier != NULL ? plan->identifier : plan->tree;
    if (term == NULL || term->kind != QUERY_TERM || term->operator!= SEARCH_EQUALS)
        return NULL;
    return strcmp(term->index->code, "oclc") == 0 || strcmp(term->index->code, "oclcz") == 0 ? term : NULL;
}

/* SE-92: two records of one zone with one OCLC number refuse every export from Connexion. */
static void hint_shared_number(const plan *from, catalog_hint *hint)
{
    const query_node *term = oclc_term(from);
    buffer key;
    buffer_init(&key, 64);
    if (term != NULL && number_oclc_typed(&key, term->value))
        for (size_t i = 0; i < ZONE_KINDS && hint->sentence[0] == '\0'; i++) {
            plan there = *from;
            choose_zones(&there, from->query->zone == 0 || from->query->zone == KINDS[i] ? KINDS[i] : from->query->zone);
            const size_t count = there.zone_count > 0 ? search_plan_count(&there, term, SEARCH_ALL_TITLES) : 0;
            if (count > 1) {
                hint->zone = KINDS[i];
                snprintf(hint->shared, sizeof hint->shared, "%s", buffer_string(&key));
                snprintf(hint->sentence, sizeof hint->sentence,
                         "%zu records share OCLC %s: an export would be refused (Multi matches found for this record.).", count,
                         buffer_string(&key));
            }
        }
    buffer_release(&key);
}

/* ---- the door */

static void write_form(catalog_hits *out, const plan *plan)
{
    buffer form;
    buffer_init(&form, 1 << 16);
    query_write(&form, plan->typed);
    string_keep(out->form, sizeof out->form, buffer_text(&form));
    buffer_release(&form);
}

static bool asks_for_number(const plan *plan)
{
    const query_node *tree = plan->typed;
    return plan->identifier != NULL ||
           (tree != NULL && tree->kind == QUERY_TERM && tree->operator== SEARCH_EQUALS && tree->index->kind == 'k');
}

static recto_status run(catalog_hits *out, const plan *plan, recto_error *error)
{
    row_list rows = { .rows = NULL };
    const catalog_query *query = plan->query;
    recto_status status = plan->identifier != NULL
                              ? ask_both(plan, &rows, &out->total, error)
                              : ask(plan, plan->tree, query->type, query->offset, query->limit, &rows, &out->total, error);
    if (status != RECTO_OK) {
        free(rows.rows);
        return status;
    }
    out->rows = rows.rows;
    out->row_count = rows.count;
    out->identifier = asks_for_number(plan);
    if (out->total == 0)
        hint_nothing(plan, &out->hint);
    else if (out->total > 1)
        hint_shared_number(plan, &out->hint);
    search_issn_places(out, plan);
    write_form(out, plan);
    return RECTO_OK;
}

recto_status catalog_search(catalog_hits *out, catalog *catalog, const catalog_query *query, recto_error *error)
{
    const int64_t began = recto_clock_monotonic_ms();
    plan plan;
    *out = (catalog_hits){ .rows = NULL };
    if (query->limit > ROWS_MAX)
        return recto_fail(error, RECTO_ELIMIT, NULL, "ask for the next page", "a page has at most %d rows", ROWS_MAX);
    recto_status status = search_plan_make(&plan, catalog, query, error);
    if (status == RECTO_OK)
        status = run(out, &plan, error);
    search_plan_release(&plan);
    out->seconds = (double)(recto_clock_monotonic_ms() - began) / 1000.0;
    return status;
}

void catalog_hits_release(catalog_hits *hits)
{
    free(hits->rows);
    hits->rows = NULL;
    hits->row_count = 0;
}

recto_status catalog_search_counts(size_t counts[static 3], catalog *catalog, const catalog_query *query, recto_error *error)
{
    plan plan;
    recto_status status = search_plan_make(&plan, catalog, query, error);
    for (size_t i = 0; i < ZONE_KINDS; i++)
        counts[i] = status == RECTO_OK ? count_in_zone(&plan, KINDS[i], query->type) : 0;
    search_plan_release(&plan);
    return status;
}

/* ---- every record, for jobs */

/* A record of several hits counts once: they come in the order of MMS IDs. */
static bool add_once(void *context, const bib_info *row)
{
    id_list *list = context;
    return (list->count > 0 && list->ids[list->count - 1] == row->id) || id_list_add(list, row->id);
}

static recto_status refuse_empty(const plan *plan, recto_error *error)
{
    if (plan->tree == NULL && plan->query->text != NULL && plan->query->text[0] != '\0')
        return recto_fail(error, RECTO_EINVALID, plan->query->text, NULL, "nothing to search for");
    return RECTO_OK;
}

recto_status search_all_ids(mms_id **out, size_t *count, catalog *catalog, const catalog_query *query, int zone,
                            recto_error *error)
{
    plan plan;
    id_list list = { .ids = NULL };
    query_node both;
    size_t total = 0;
    recto_status status = search_plan_make(&plan, catalog, query, error);
    if (status == RECTO_OK)
        status = refuse_empty(&plan, error);
    search_request request = search_plan_request(&plan, search_plan_whole(&both, &plan));
    request.zones = &zone;
    request.zone_count = 1;
    request.sort = SORT_MMS_ID;
    request.limit = INT32_MAX;
    if (status == RECTO_OK)
        status = repo_search(catalog->repo, &request, add_once, &list, &total, error);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(error, "listing the records of a set");
    search_plan_release(&plan);
    if (status != RECTO_OK) {
        free(list.ids);
        return status;
    }
    *out = list.ids;
    *count = list.count;
    return RECTO_OK;
}
