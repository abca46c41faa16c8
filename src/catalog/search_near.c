/* src/catalog/search_near.c - what would have been found by a search near to one that found nothing (SE-90).
 *
 * In this order: all titles in place of the type; other zones; words in place of a phrase; without the last word; other forms of
 * an identifier. Each variant is a query of its own in the one-line form, and is offered only with hits. */
#include "search_plan.h"

#include <stdio.h>
#include <string.h>

typedef struct nearby {
    const search_plan *plan;
    catalog_near *list;
    size_t count;
} nearby;

static size_t count_of(const nearby *nearby, const catalog_query *query)
{
    search_plan plan;
    size_t count = 0;
    if (search_plan_make(&plan, nearby->plan->catalog, query, NULL) == RECTO_OK && plan.zone_count > 0)
        count = search_plan_count(&plan, plan.tree, query->type);
    search_plan_release(&plan);
    return count;
}

/* Offers what is written in `text`, when that has hits. `what` says what is different about it. */
static void offer(nearby *nearby, search_type type, zone_kind zone, text form, const char *what)
{
    if (nearby->count == SEARCH_NEAR_MOST)
        return;
    catalog_near *near = &nearby->list[nearby->count];
    if (form.length == 0 || form.length >= sizeof near->text)
        return;
    *near = (catalog_near){ .type = type, .zone = zone };
    memcpy(near->text, form.bytes, form.length);
    const catalog_query query = { .type = type,
                                  .zone = zone,
                                  .text = near->text,
                                  .choices = nearby->plan->query->choices,
                                  .choice_count = nearby->plan->query->choice_count };
    near->count = count_of(nearby, &query);
    snprintf(near->sentence, sizeof near->sentence, "%zu %s", near->count, what);
    nearby->count += near->count > 0;
}

static void offer_tree(nearby *nearby, const query_node *tree, const char *what)
{
    buffer form;
    buffer_init(&form, 1 << 16);
    query_write(&form, tree);
    if (!buffer_failed(&form))
        offer(nearby, nearby->plan->query->type, nearby->plan->query->zone, buffer_text(&form), what);
    buffer_release(&form);
}

/* ---- the same words elsewhere --------------------------------------------------------------------------------------------- */

static void offer_elsewhere(nearby *nearby)
{
    static const zone_kind zones[] = { ZONE_INSTITUTION, ZONE_NETWORK, ZONE_COMMUNITY };
    const catalog_query *query = nearby->plan->query;
    buffer form;
    buffer_init(&form, 1 << 16);
    query_write(&form, nearby->plan->typed);
    if (!buffer_failed(&form) && query->type != SEARCH_ALL_TITLES && query->type != SEARCH_AUTHORITIES)
        offer(nearby, SEARCH_ALL_TITLES, query->zone, buffer_text(&form), "among all titles");
    for (size_t i = 0; i < sizeof zones / sizeof *zones && query->zone != 0 && !buffer_failed(&form); i++) {
        char what[60];
        snprintf(what, sizeof what, "in the %s", search_zone_label(zones[i]));
        if (zones[i] != query->zone)
            offer(nearby, query->type, zones[i], buffer_text(&form), what);
    }
    buffer_release(&form);
}

/* ---- other words ------------------------------------------------------------------------------------------------- */

/* The tree with every phrase, beginning and whole heading as plain words; NULL: there is none, or no memory. */
static const query_node *loosened(const query_node *node, struct arena *arena)
{
    query_node *made;
    if (node == NULL)
        return NULL;
    if (node->kind == QUERY_TERM) {
        if (node->index->kind != 'w' ||
            (node->operator!= SEARCH_PHRASE && node->operator!= SEARCH_STARTS_WITH && node->operator!= SEARCH_EQUALS) ||
            text_trim(node->value).length == 0)
            return NULL;
        made = arena_calloc(arena, 1, sizeof *made);
        if (made != NULL) {
            *made = *node;
            made->operator= SEARCH_KEYWORDS;
        }
        return made;
    }
    const query_node *left = loosened(node->left, arena), *right = loosened(node->right, arena);
    if ((left == NULL && right == NULL) || (made = arena_calloc(arena, 1, sizeof *made)) == NULL)
        return NULL;
    *made = *node;
    made->left = left != NULL ? left : node->left;
    made->right = right != NULL ? right : node->right;
    return made;
}

static text without_last_word(text value, text *last)
{
    const text whole = text_trim(value);
    size_t at = whole.length;
    while (at > 0 && whole.bytes[at - 1] != ' ')
        at--;
    *last = text_of(whole.bytes + at, whole.length - at);
    return text_trim(text_of(whole.bytes, at));
}

/* Of one condition its last word, of several the last condition. NULL: nothing would be left. */
static const query_node *shortened(const query_node *node, struct arena *arena, text *last)
{
    if (node->kind == QUERY_AND && node->right->kind == QUERY_TERM) {
        *last = node->right->value;
        return node->left;
    }
    if (node->kind != QUERY_TERM || node->index->kind != 'w')
        return NULL;
    query_node *made = arena_calloc(arena, 1, sizeof *made);
    if (made == NULL)
        return NULL;
    *made = *node;
    made->value = without_last_word(node->value, last);
    return made->value.length > 0 ? made : NULL;
}

/* Of one condition of words: the last of them may go on. */
static const query_node *cut_short(const query_node *node, struct arena *arena)
{
    const text value = text_trim(node->value);
    if (node->kind != QUERY_TERM || node->index->kind != 'w' ||
        node->operator!= SEARCH_KEYWORDS || value.length == 0 || value.bytes[value.length - 1] == '*')
        return NULL;
    query_node *made = arena_calloc(arena, 1, sizeof *made);
    char *longer = arena_alloc(arena, value.length + 1);
    if (made == NULL || longer == NULL)
        return NULL;
    memcpy(longer, value.bytes, value.length);
    longer[value.length] = '*';
    *made = *node;
    made->value = text_of(longer, value.length + 1);
    return made;
}

static void offer_other_words(nearby *nearby)
{
    struct arena *arena = nearby->plan->arena;
    char what[120];
    text last = { NULL, 0 };
    const query_node *tree = loosened(nearby->plan->typed, arena);
    if (tree != NULL)
        offer_tree(nearby, tree, "with the words in any order and place");
    tree = cut_short(nearby->plan->typed, arena);
    if (tree != NULL)
        offer_tree(nearby, tree, "with the last word cut short");
    tree = shortened(nearby->plan->typed, arena, &last);
    snprintf(what, sizeof what, "without \"%.*s\"", (int)(last.length < 60 ? last.length : 60),
             last.length > 0 ? last.bytes : "");
    if (tree != NULL)
        offer_tree(nearby, tree, what);
}

/* ---- other forms of an identifier -------------------------------------------------------------------------------- */

static void offer_in_index(nearby *nearby, const query_node *term, const char *code)
{
    char what[120];
    const search_index *index = repo_search_index(code);
    query_node other = *term;
    if (index == NULL || index == term->index || !repo_search_offers(nearby->plan->query->type, index))
        return;
    other.index = index;
    other.operator= index->kind == 'w' ? SEARCH_PHRASE : SEARCH_EQUALS;
    snprintf(what, sizeof what, "by %s", index->label);
    offer_tree(nearby, &other, what);
}

static void offer_other_forms(nearby *nearby)
{
    static const char *const others[] = { "oclcz", "sysno", "stdno", "mms", "bc", "kw" };
    const query_node *term = nearby->plan->identifier != NULL ? nearby->plan->identifier : nearby->plan->typed;
    if (term->kind != QUERY_TERM || term->operator!= SEARCH_EQUALS || term->index->kind != 'k')
        return;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        offer_in_index(nearby, term, others[i]);
}

recto_status catalog_search_near(catalog_near out[static SEARCH_NEAR_MOST], size_t *count, catalog *catalog,
                                 const catalog_query *query, recto_error *error)
{
    search_plan plan;
    nearby nearby = { .plan = &plan, .list = out };
    recto_status status = search_plan_make(&plan, catalog, query, error);
    if (status == RECTO_OK && plan.typed != NULL) {
        offer_elsewhere(&nearby);
        offer_other_words(&nearby);
        offer_other_forms(&nearby);
    }
    search_plan_release(&plan);
    *count = nearby.count;
    return status;
}
