/* src/catalog/sets.c - sets of records: who may see and change them, how they are made, and what their names mean in a query.
 *
 * A set belongs to the institution; its owner may make it public. @spec search.md SE-65 to SE-69 */
#include "recto/catalog/lists.h"
#include "id_list.h"
#include "search_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NESTED_MAX = 8, FORM_MAX = 8000 };

/* ---- seeing ------------------------------------------------------------------------------------------------------ */

static bool may_see(const catalog *catalog, const record_set *set)
{
    return set->is_public || strcmp(set->owner, catalog->user) == 0 || catalog_may(catalog, PRIVILEGE_ADMINISTER);
}

static recto_status find_set(record_set *out, buffer *query, catalog *catalog, const char *name, recto_error *error)
{
    if (catalog->own == NULL)
        return recto_fail(error, RECTO_ENOTFOUND, name, NULL, "there is no set of this name");
    const size_t length = query != NULL ? query->length : 0;
    recto_status status = repo_set_named(catalog->repo, catalog->own->id, name, out, query, error);
    if (status == RECTO_OK && may_see(catalog, out))
        return RECTO_OK;
    if (status == RECTO_OK && query != NULL)
        query->length = length;
    if (status == RECTO_OK || status == RECTO_ENOTFOUND)
        return recto_fail(error, RECTO_ENOTFOUND, name, "see: recto set list", "there is no set of this name");
    return status;
}

recto_status catalog_set_get(record_set *out, buffer *query, catalog *catalog, const char *name, recto_error *error)
{
    return find_set(out, query, catalog, name, error);
}

typedef struct seer {
    const catalog *catalog;
    bool (*visit)(void *context, const record_set *set, text query);
    void *context;
} seer;

static bool show_seen(void *context, const record_set *set, text query)
{
    const seer *seer = context;
    return !may_see(seer->catalog, set) || seer->visit(seer->context, set, query);
}

recto_status catalog_sets(catalog *catalog, bool (*visit)(void *context, const record_set *set, text query), void *context,
                          recto_error *error)
{
    seer seer = { catalog, visit, context };
    return catalog->own != NULL ? repo_sets(catalog->repo, catalog->own->id, show_seen, &seer, error) : RECTO_OK;
}

/* ---- in a query -------------------------------------------------------------------------------------------------- */

typedef struct resolver {
    catalog *catalog;
    struct arena *arena;
    recto_error *error;
    int depth;
} resolver;

static recto_status resolve(const query_node **node, resolver *resolver);

static recto_status no_memory(const resolver *resolver)
{
    return recto_fail_memory(resolver->error, "reading a query");
}

/* A set is of one type (SE-66): what it finds as a part of another query has the inventory that its type asks for. */
static recto_status parse_typed(const query_node **tree, resolver *resolver, const record_set *set, const char *query)
{
    static const char *const limits[] = { [SEARCH_PHYSICAL_TITLES] = "has=physical",
                                          [SEARCH_ELECTRONIC_TITLES] = "has=electronic",
                                          [SEARCH_PHYSICAL_ITEMS] = "has=physical",
                                          [SEARCH_AUTHORITIES] = NULL };
    const char *limit = (size_t)set->type < sizeof limits / sizeof *limits ? limits[set->type] : NULL;
    buffer whole;
    buffer_init(&whole, 2 * FORM_MAX);
    if (limit == NULL)
        buffer_append_string(&whole, query);
    else
        buffer_append_format(&whole, "(%s) AND %s", query, limit);
    recto_status status = buffer_failed(&whole)
                              ? no_memory(resolver)
                              : catalog_query_parse(tree, resolver->arena, NULL, buffer_string(&whole), resolver->error);
    buffer_release(&whole);
    return status;
}

/* The number for an itemized set; for a logical one its tree. "Not in the set" is the complement of either. */
static recto_status put_set(const query_node **node, resolver *resolver, const record_set *set, const char *query)
{
    const query_node *const term = *node;
    query_node *made = arena_calloc(resolver->arena, 1, sizeof *made);
    char number[24];
    if (made == NULL)
        return no_memory(resolver);
    if (!set->logical) {
        int length = snprintf(number, sizeof number, "%lld", (long long)set->number);
        const char *kept = arena_copy(resolver->arena, number, (size_t)length);
        if (kept == NULL)
            return no_memory(resolver);
        *made = *term;
        made->value = text_of(kept, (size_t)length);
        *node = made;
        return RECTO_OK;
    }
    const query_node *tree = NULL;
    recto_status status = parse_typed(&tree, resolver, set, query);
    if (status == RECTO_OK)
        status = resolve(&tree, resolver);
    if (status == RECTO_OK && tree == NULL)
        return recto_fail(resolver->error, RECTO_EDATA, set->name, "make it anew", "the set's query is empty");
    *made = (query_node){ .kind = QUERY_NOT, .right = tree };
    *node = term->operator== SEARCH_NOT_EQUALS || term->operator== SEARCH_NOT_KEYWORDS ? made : tree;
    return status;
}

static recto_status resolve_term(const query_node **node, resolver *resolver)
{
    char name[sizeof((record_set *)0)->name];
    record_set set;
    buffer query;
    const text typed = text_trim((*node)->value);
    if ((*node)->index == NULL || strcmp((*node)->index->code, "set") != 0 || typed.length == 0)
        return RECTO_OK;
    if (resolver->depth > NESTED_MAX)
        return recto_fail(resolver->error, RECTO_ELIMIT, NULL, "let it name other indexes", "sets name each other in a circle");
    snprintf(name, sizeof name, "%.*s", (int)(typed.length < sizeof name ? typed.length : sizeof name - 1), typed.bytes);
    buffer_init(&query, 0);
    recto_status status = find_set(&set, &query, resolver->catalog, name, resolver->error);
    if (status == RECTO_OK && buffer_failed(&query))
        status = no_memory(resolver);
    if (status == RECTO_OK)
        status = put_set(node, resolver, &set, buffer_string(&query));
    buffer_release(&query);
    return status == RECTO_ENOTFOUND ? (resolver->error != NULL ? (resolver->error->status = RECTO_EINVALID) : RECTO_EINVALID)
                                     : status;
}

static recto_status resolve(const query_node **node, resolver *resolver)
{
    const query_node *const old = *node;
    if (old == NULL)
        return RECTO_OK;
    resolver->depth++;
    if (old->kind == QUERY_TERM) {
        recto_status status = resolve_term(node, resolver);
        resolver->depth--;
        return status;
    }
    resolver->depth--; /* brackets nest as deep as the parser lets them: only sets within sets are counted */
    const query_node *left = old->left, *right = old->right;
    recto_status status = resolve(&left, resolver);
    if (status == RECTO_OK)
        status = resolve(&right, resolver);
    if (status != RECTO_OK || (left == old->left && right == old->right))
        return status;
    query_node *made = arena_calloc(resolver->arena, 1, sizeof *made);
    if (made == NULL)
        return no_memory(resolver);
    *made = *old;
    made->left = left;
    made->right = right;
    *node = made;
    return RECTO_OK;
}

recto_status sets_resolve(const query_node **tree, struct arena *arena, catalog *catalog, recto_error *error)
{
    resolver resolver = { .catalog = catalog, .arena = arena, .error = error };
    return resolve(tree, &resolver);
}

/* ---- making ------------------------------------------------------------------------------------------------------ */

static recto_status may_change(catalog *catalog, const record_set *set, const char *act, recto_error *error)
{
    if (strcmp(set->owner, catalog->user) == 0)
        return RECTO_OK;
    if (catalog_may(catalog, PRIVILEGE_ADMINISTER))
        return RECTO_OK;
    return recto_fail(error, RECTO_EREFUSED, set->name, "make a set of your own", "%s: the set belongs to %s", act, set->owner);
}

/* The user's own set of that name, or a new one. */
static recto_status open_set(record_set *set, catalog *catalog, bool logical, recto_error *error)
{
    record_set stored;
    recto_status status = need_privilege(catalog, PRIVILEGE_SEARCH, "set.save", set->name, error);
    if (status != RECTO_OK)
        return status;
    if (catalog->own == NULL)
        return recto_fail(error, RECTO_EREFUSED, set->name, NULL, "sets belong to an institution, and there is none here");
    status = repo_set_named(catalog->repo, catalog->own->id, set->name, &stored, NULL, error);
    if (status == RECTO_ENOTFOUND) {
        recto_error_clear(error);
        set->number = 0;
        set->zone = catalog->own->id;
        set->logical = logical;
        snprintf(set->owner, sizeof set->owner, "%s", catalog->user);
        return RECTO_OK;
    }
    if (status == RECTO_OK)
        status = may_change(catalog, &stored, "not changed", error);
    if (status == RECTO_OK && stored.logical != logical)
        status =
            recto_fail(error, RECTO_EREFUSED, set->name, "take another name", "a set of this name exists, of the other kind");
    if (status == RECTO_OK) {
        if (set->note[0] == '\0')
            memcpy(set->note, stored.note, sizeof set->note);
        set->number = stored.number;
        set->zone = stored.zone;
        set->logical = stored.logical;
        set->created_at = stored.created_at;
        memcpy(set->owner, stored.owner, sizeof set->owner);
    }
    return status;
}

recto_status catalog_set_keep_query(record_set *set, catalog *catalog, const catalog_query *query, recto_error *error)
{
    search_plan plan;
    buffer form;
    recto_status status = open_set(set, catalog, true, error);
    if (status != RECTO_OK)
        return status;
    buffer_init(&form, FORM_MAX);
    status = search_plan_make(&plan, catalog, query, error);
    if (status == RECTO_OK)
        query_write(&form, plan.typed);
    if (status == RECTO_OK && buffer_failed(&form))
        status = recto_fail(error, RECTO_ELIMIT, set->name, NULL, "the query is too long to be kept");
    if (status == RECTO_OK && form.length == 0)
        status = recto_fail(error, RECTO_EINVALID, set->name, "search for something first", "the query is empty");
    set->type = query->type;
    snprintf(set->scope, sizeof set->scope, "%s", query->zone == 0 ? "" : (const char[]){ (char)query->zone, '\0' });
    if (status == RECTO_OK)
        status = repo_set_put(catalog->repo, set, buffer_text(&form), catalog_now(catalog), error);
    search_plan_release(&plan);
    buffer_release(&form);
    return status;
}

/* ---- members ----------------------------------------------------------------------------------------------------- */

static recto_status add_hits(id_list *list, catalog *catalog, const catalog_query *query, recto_error *error)
{
    int zones[SEARCH_ZONES];
    recto_status status = RECTO_OK;
    const size_t count = search_zones(zones, catalog, query->zone);
    for (size_t i = 0; i < count && status == RECTO_OK; i++) {
        mms_id *ids = NULL;
        size_t found = 0;
        status = search_all_ids(&ids, &found, catalog, query, zones[i], error);
        for (size_t at = 0; at < found && status == RECTO_OK && id_list_add(list, ids[at]);)
            at++;
        free(status == RECTO_OK ? ids : NULL);
    }
    return status == RECTO_OK && list->failed ? recto_fail_memory(error, "listing the records of a set") : status;
}

static recto_status store_members(record_set *set, catalog *catalog, const id_list *list, size_t *added, recto_error *error)
{
    transaction transaction;
    recto_status status = transaction_begin(&transaction, catalog, false, error);
    if (status != RECTO_OK)
        return status;
    status = repo_set_put(catalog->repo, set, TEXT(""), catalog_now(catalog), error);
    if (status == RECTO_OK)
        status = repo_set_add(catalog->repo, set->number, list->ids, list->count, catalog_now(catalog), added, error);
    return transaction_end(&transaction, status, error);
}

recto_status catalog_set_keep_hits(record_set *set, catalog *catalog, const catalog_query *query, size_t *added,
                                   recto_error *error)
{
    id_list list = { .ids = NULL };
    recto_status status = open_set(set, catalog, false, error);
    set->type = query->type;
    if (status == RECTO_OK)
        status = add_hits(&list, catalog, query, error);
    if (status == RECTO_OK)
        status = store_members(set, catalog, &list, added, error);
    free(list.ids);
    return status;
}

static catalog_query query_of(const record_set *set, const char *form)
{
    return (catalog_query){ .type = set->type, .zone = (zone_kind)set->scope[0], .text = form };
}

typedef struct member_list {
    id_list list;
    bool (*visit)(void *context, mms_id id, bool gone); /* NULL: noted in the list */
    void *context;
} member_list;

static bool note_member(void *context, mms_id id, bool gone)
{
    member_list *members = context;
    (void)gone;
    return id_list_add(&members->list, id);
}

static recto_status visit_hits(catalog *catalog, const record_set *set, const char *form,
                               bool (*visit)(void *context, mms_id id, bool gone), void *context, recto_error *error)
{
    const catalog_query query = query_of(set, form);
    id_list list = { .ids = NULL };
    recto_status status = add_hits(&list, catalog, &query, error);
    for (size_t i = 0; i < list.count && status == RECTO_OK; i++)
        if (!visit(context, list.ids[i], false))
            break;
    free(list.ids);
    return status;
}

recto_status catalog_set_members(catalog *catalog, const char *name, bool (*visit)(void *context, mms_id id, bool gone),
                                 void *context, recto_error *error)
{
    record_set set;
    buffer query;
    buffer_init(&query, 0);
    recto_status status = find_set(&set, &query, catalog, name, error);
    if (status == RECTO_OK && set.logical)
        status = visit_hits(catalog, &set, buffer_string(&query), visit, context, error);
    else if (status == RECTO_OK)
        status = repo_set_members(catalog->repo, set.number, visit, context, error);
    buffer_release(&query);
    return status;
}

/* ---- joining ----------------------------------------------------------------------------------------------------- */

static int compare_ids(const void *left, const void *right)
{
    const mms_id a = *(const mms_id *)left, b = *(const mms_id *)right;
    return a < b ? -1 : a > b;
}

/* Those of the set that the list has not. */
static recto_status strangers(id_list *out, catalog *catalog, int64_t number, id_list *list, recto_error *error)
{
    member_list members = { .visit = NULL };
    recto_status status = repo_set_members(catalog->repo, number, note_member, &members, error);
    if (list->count > 0)
        qsort(list->ids, list->count, sizeof *list->ids, compare_ids);
    for (size_t i = 0; i < members.list.count && status == RECTO_OK; i++)
        if (list->count == 0 || bsearch(&members.list.ids[i], list->ids, list->count, sizeof *list->ids, compare_ids) == NULL)
            (void)id_list_add(out, members.list.ids[i]);
    bool failed = members.list.failed || out->failed;
    free(members.list.ids);
    return status == RECTO_OK && failed ? recto_fail_memory(error, "joining sets") : status;
}

static recto_status combine_list(catalog *catalog, int64_t number, id_list *list, set_operation operation, recto_error *error)
{
    id_list others = { .ids = NULL };
    const int64_t now = catalog_now(catalog);
    if (operation == SET_UNITE)
        return repo_set_add(catalog->repo, number, list->ids, list->count, now, NULL, error);
    if (operation == SET_SUBTRACT)
        return repo_set_take_out(catalog->repo, number, list->ids, list->count, now, NULL, error);
    recto_status status = strangers(&others, catalog, number, list, error);
    if (status == RECTO_OK)
        status = repo_set_take_out(catalog->repo, number, others.ids, others.count, now, NULL, error);
    free(others.ids);
    return status;
}

recto_status catalog_set_combine(catalog *catalog, const char *name, const char *other, set_operation operation,
                                 recto_error *error)
{
    record_set set, second;
    member_list members = { .visit = NULL };
    recto_status status = find_set(&set, NULL, catalog, name, error);
    if (status == RECTO_OK)
        status = may_change(catalog, &set, "not changed", error);
    if (status == RECTO_OK)
        status = find_set(&second, NULL, catalog, other, error);
    if (status == RECTO_OK && !second.logical)
        return repo_set_combine(catalog->repo, set.number, second.number, operation, catalog_now(catalog), error);
    if (status == RECTO_OK)
        status = catalog_set_members(catalog, other, note_member, &members, error);
    if (status == RECTO_OK && members.list.failed)
        status = recto_fail_memory(error, "joining sets");
    if (status == RECTO_OK)
        status = combine_list(catalog, set.number, &members.list, operation, error);
    free(members.list.ids);
    return status;
}

recto_status catalog_set_remove(catalog *catalog, const char *name, recto_error *error)
{
    record_set set;
    recto_status status = find_set(&set, NULL, catalog, name, error);
    if (status == RECTO_OK)
        status = may_change(catalog, &set, "not deleted", error);
    return status == RECTO_OK ? repo_set_remove(catalog->repo, set.number, error) : status;
}

/* ---- from a file of identifiers ---------------------------------------------------------------------------------- */

typedef struct finder {
    mms_id first;
    size_t count;
    const catalog *catalog;
    zone_kind zone;
} finder;

static bool note_found(void *context, mms_id id)
{
    finder *finder = context;
    const repo_zone *zone = catalog_zone_of(finder->catalog, id);
    if (zone == NULL || zone->kind != finder->zone || !catalog_sees(finder->catalog, id) || id == finder->first)
        return true;
    if (finder->count++ == 0)
        finder->first = id;
    return true;
}

static recto_status find_mms(finder *finder, catalog *catalog, mms_id id, recto_error *error)
{
    bib_info info;
    recto_status status = repo_bib_info(catalog->repo, id, &info, catalog_now(catalog), error);
    if (status == RECTO_ENOTFOUND) {
        recto_error_clear(error);
        return RECTO_OK;
    }
    if (status == RECTO_OK && !info.deleted)
        (void)note_found(finder, id);
    return status;
}

static bool is_prefixed_oclc(text typed)
{
    static const char *const prefixes[] = { "(ocolc)", "ocm", "ocn", "on" };
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        const size_t length = strlen(prefixes[i]);
        if (typed.length > length && text_equal_ascii_case(text_of(typed.bytes, length), text_from(prefixes[i])))
            return true;
    }
    return false;
}

/* As which identifiers a line is looked for; the first that finds something holds. */
static recto_status find_line(finder *finder, catalog *catalog, text typed, char kind, recto_error *error)
{
    recto_status status = RECTO_OK;
    mms_id id;
    buffer key;
    bool valid = false;
    buffer_init(&key, 0);
    if ((kind == 0 || kind == 'm') && mms_id_parse(&id, typed))
        status = find_mms(finder, catalog, id, error);
    if (status == RECTO_OK && finder->count == 0 && (kind == 'o' || (kind == 0 && is_prefixed_oclc(typed))) &&
        number_oclc_typed(&key, typed))
        status = repo_find_by_key(catalog->repo, MARC_KEY_OCLC, buffer_text(&key), NULL, 0, note_found, finder, error);
    buffer_clear(&key);
    if (status == RECTO_OK && finder->count == 0 && (kind == 0 || kind == 'i') && number_isbn_key(&key, typed, &valid) &&
        (valid || kind == 'i'))
        status = repo_find_by_key(catalog->repo, MARC_KEY_ISBN, buffer_text(&key), NULL, 0, note_found, finder, error);
    if (status == RECTO_OK && finder->count == 0 && (kind == 0 || kind == 'b'))
        status = repo_find_by_barcode(catalog->repo, typed, note_found, finder, error);
    bool failed = buffer_failed(&key);
    buffer_release(&key);
    return status == RECTO_OK && failed ? recto_fail_memory(error, "reading identifiers") : status;
}

static recto_status find_somewhere(finder *finder, catalog *catalog, text typed, char kind, recto_error *error)
{
    static const zone_kind zones[] = { ZONE_INSTITUTION, ZONE_NETWORK };
    recto_status status = RECTO_OK;
    for (size_t i = 0; i < 2 && status == RECTO_OK && finder->count == 0; i++) {
        finder->zone = zones[i];
        status = find_line(finder, catalog, typed, kind, error);
    }
    return status;
}

static recto_status read_lines(id_list *list, set_line_counts *counts, catalog *catalog, text lines, char kind,
                               void (*visit)(void *context, const set_line *line), void *context, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (size_t number = 1; status == RECTO_OK && lines.bytes != NULL && lines.length > 0; number++) {
        finder finder = { .catalog = catalog };
        const text typed = text_trim(text_next_field(&lines, '\n'));
        if (typed.length == 0)
            continue;
        status = find_somewhere(&finder, catalog, typed, kind, error);
        if (status != RECTO_OK)
            break;
        counts->lines++;
        counts->found += finder.count == 1;
        counts->missing += finder.count == 0;
        counts->several += finder.count > 1;
        if (finder.count == 1 && !id_list_add(list, finder.first))
            status = recto_fail_memory(error, "reading identifiers");
        const set_line told = { .line = number, .typed = typed, .found = finder.count };
        if (visit != NULL)
            visit(context, &told);
    }
    return status;
}

recto_status catalog_set_keep_lines(record_set *set, set_line_counts *counts, catalog *catalog, text lines, char kind,
                                    void (*visit)(void *context, const set_line *line), void *context, recto_error *error)
{
    id_list list = { .ids = NULL };
    *counts = (set_line_counts){ .lines = 0 };
    recto_status status = open_set(set, catalog, false, error);
    if (status == RECTO_OK)
        status = read_lines(&list, counts, catalog, lines, kind, visit, context, error);
    if (status == RECTO_OK)
        status = store_members(set, catalog, &list, &counts->added, error);
    free(list.ids);
    return status;
}
