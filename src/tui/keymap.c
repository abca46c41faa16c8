/* src/tui/keymap.c - which command a key is: the contexts, the bindings of each, and who is asked before whom. */
#include "keymap_inside.h"

#include "recto/base/nearest.h"

#include <stdlib.h>
#include <string.h>

/* Contexts are the names of panes, or what pane_kind.context answers. */
static const struct {
    const char *name, *title;
    bool is_list;
} contexts[] = {
    { "all", "Everywhere", false },
    { "list", "In lists", true },
    { "search", "Search form", false },
    { "results", "Search results", true },
    { "facets", "Facets of the results", true },
    { "record", "Record view", true },
    { "external", "Search Resources", false },
    { "hits", "Hits of Search Resources", true },
    { "editor", "Record editor", false },
    { "form", "Forms", false },
    { "matches", "Match list", true },
    { "preview", "Merge preview", true },
    { "versions", "Versions", true },
    { "blame", "Who changed what", true },
    { "threeway", "Three ways", true },
    { "obstacles", "What is in the way", true },
    { "deleted", "Deleted records", true },
    { "inventory", "Inventory", true },
    { "records", "Open records", true },
    { "alerts", "Alerts", true },
    { "replace", "Replace", true },
    { "edited", "Edited as text", true },
    { "steps", "Steps", true },
    { "rules", "Rules", true },
    { "ruletext", "Text of a rule", false },
    { "ruletry", "Trial of a rule", true },
    { "ruleversions", "Versions of a rule", true },
    { "jobs", "Jobs", true },
    { "job", "One job", true },
    { "gateway", "Gateway log", true },
    { "profiles", "Integration profiles", true },
    { "profile", "Integration profile", false },
    { "templates", "Templates", true },
    { "prompts", "Prompts of a template", false },
    { "expand", "Expand from a template", true },
    { "owntext", "Text strings or macros", false },
    { "headings", "Headings", true },
    { "headingbibs", "Records of a heading", true },
};

enum { CONTEXT_COUNT = sizeof contexts / sizeof *contexts };

const char *keymap_known_context(text name)
{
    for (size_t i = 0; i < CONTEXT_COUNT; i++)
        if (text_equal(name, text_from(contexts[i].name)))
            return contexts[i].name;
    return NULL;
}

const char *keymap_nearest_context(const char *wanted)
{
    const char *names[CONTEXT_COUNT];
    for (size_t i = 0; i < CONTEXT_COUNT; i++)
        names[i] = contexts[i].name;
    return nearest_name(wanted, names, CONTEXT_COUNT);
}

const char *keymap_context_name(size_t number)
{
    return number < CONTEXT_COUNT ? contexts[number].name : NULL;
}

bool keymap_is_modal(const keymap *keymap)
{
    return keymap->modal;
}

bool keymap_context_is_list(const char *context)
{
    for (size_t i = 0; i < CONTEXT_COUNT; i++)
        if (strcmp(context, contexts[i].name) == 0)
            return contexts[i].is_list;
    return true; /* a pane of its own name without a row: a list */
}

const char *keymap_context_title(const char *context)
{
    for (size_t i = 0; i < CONTEXT_COUNT; i++)
        if (strcmp(context, contexts[i].name) == 0)
            return contexts[i].title;
    return context;
}

bool binding_has_same_keys(const binding *one, const binding *other)
{
    if (one->key_count != other->key_count)
        return false;
    for (size_t i = 0; i < one->key_count; i++)
        if (!key_equal(&one->keys[i], &other->keys[i]))
            return false;
    return true;
}

/* Of keys that are equal it is the same. */
static uint32_t print_of(const char *context, const key *first)
{
    uint32_t print = (uint32_t)(uintptr_t)context * 2654435761u + (uint32_t)first->name * 8 + first->ctrl * 2u + first->alt;
    for (const char *at = first->text; first->name == KEY_IS_TEXT && *at != '\0'; at++)
        print = print * 31 + (unsigned char)*at;
    return print;
}

bool keymap_add(keymap *keymap, const binding *added)
{
    const uint32_t print = print_of(added->context, &added->keys[0]);
    for (size_t i = 0; i < keymap->count; i++)
        if (keymap->prints[i] == print && keymap->bindings[i].context == added->context &&
            binding_has_same_keys(&keymap->bindings[i], added)) {
            keymap->bindings[i] = *added;
            return true;
        }
    if (keymap->count == BINDINGS_MAX)
        return false;
    if (keymap->count == keymap->capacity) {
        size_t capacity = keymap->capacity == 0 ? 128 : keymap->capacity * 2;
        binding *grown = realloc(keymap->bindings, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        keymap->bindings = grown;
        keymap->capacity = capacity;
    }
    keymap->prints[keymap->count] = print;
    keymap->bindings[keymap->count++] = *added;
    return true;
}

void keymap_free(keymap *keymap)
{
    if (keymap == NULL)
        return;
    free(keymap->bindings);
    free(keymap);
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

/* In one context a command is found before a longer sequence; a key that is unbound there may still begin one. */
static keymap_answer find_in(const binding **out, const keymap *keymap, const char *context, const key *keys, size_t count)
{
    const binding *exact = NULL;
    bool begins = false;
    const uint32_t print = print_of(context, &keys[0]);
    for (size_t i = 0; i < keymap->count; i++) {
        const binding *one = &keymap->bindings[i];
        size_t same = 0;
        if (keymap->prints[i] != print)
            continue;
        if (one->context != context || one->key_count < count)
            continue;
        while (same < count && key_equal(&one->keys[same], &keys[same]))
            same++;
        if (same == count && one->key_count == count)
            exact = one;
        else if (same == count && one->command != NULL)
            begins = true;
    }
    if (exact != NULL && (exact->command != NULL || !begins)) {
        *out = exact;
        return KEYMAP_FOUND;
    }
    return begins ? KEYMAP_PREFIX : KEYMAP_NOTHING;
}

/* The contexts that are asked, in order, as the table's own strings: bindings point to the same. @return how many */
static size_t context_chain(const char *chain[static 3], const char *context)
{
    const char *known = keymap_known_context(text_from(context)), *list = keymap_known_context(TEXT("list")),
               *all = keymap_known_context(TEXT("all"));
    size_t count = 0;
    if (known != NULL && known != all && known != list)
        chain[count++] = known;
    if (keymap_context_is_list(context))
        chain[count++] = list;
    chain[count++] = all;
    return count;
}

keymap_answer keymap_find(const binding **out, const keymap *keymap, const char *context, const key *keys, size_t count)
{
    const char *chain[3];
    size_t length = context_chain(chain, context);
    for (size_t i = 0; i < length; i++) {
        keymap_answer answer = find_in(out, keymap, chain[i], keys, count);
        if (answer == KEYMAP_FOUND)
            return (*out)->command != NULL ? KEYMAP_FOUND : KEYMAP_NOTHING;
        if (answer == KEYMAP_PREFIX)
            return KEYMAP_PREFIX;
    }
    return KEYMAP_NOTHING;
}

size_t keymap_list(const binding **out, size_t capacity, const keymap *keymap, const char *context)
{
    const char *chain[3];
    size_t length = context_chain(chain, context), count = 0;
    for (size_t link = 0; link < length; link++)
        for (size_t i = 0; i < keymap->count; i++) {
            const binding *one = &keymap->bindings[i], *holds = NULL;
            if (one->context != chain[link] || one->command == NULL ||
                keymap_find(&holds, keymap, context, one->keys, one->key_count) != KEYMAP_FOUND || holds != one)
                continue;
            if (count < capacity)
                out[count] = one;
            count++;
        }
    return count;
}

static bool is_among(const binding *const *rows, size_t count, const binding *wanted)
{
    for (size_t i = 0; i < count && i < BINDINGS_MAX; i++)
        if (rows[i]->command == wanted->command && strcmp(rows[i]->argument, wanted->argument) == 0)
            return true;
    return false;
}

/* What the same keys are in the context. */
static void tell_hidden(buffer *out, const keymap *keymap, const char *context, const binding *hidden)
{
    const binding *holds = NULL;
    if (keymap_find(&holds, keymap, context, hidden->keys, hidden->key_count) != KEYMAP_FOUND)
        return;
    const unsigned file = holds->file - 1;
    buffer_append_format(out, "%s:%zu: [%s] takes ", file < FILES_TOLD ? keymap->origins[file] : "keymap", holds->line, context);
    binding_write(out, hidden, false);
    buffer_append_format(out, " for %s; %s has no other key there\n", holds->command->name, hidden->command->name);
}

void keymap_tell_hidden(buffer *out, const keymap *keymap)
{
    const binding *everywhere[BINDINGS_MAX], *here[BINDINGS_MAX];
    const size_t all = keymap_list(everywhere, BINDINGS_MAX, keymap, "all");
    for (size_t i = 0; keymap_context_name(i) != NULL; i++) {
        const char *context = keymap_context_name(i);
        const size_t count = keymap_list(here, BINDINGS_MAX, keymap, context);
        for (size_t j = 0; j < all && j < BINDINGS_MAX; j++)
            if (!is_among(here, count, everywhere[j]))
                tell_hidden(out, keymap, context, everywhere[j]);
    }
}

const binding *keymap_key_of(const keymap *keymap, const char *context, const char *command)
{
    const binding *all[BINDINGS_MAX];
    size_t count = keymap_list(all, BINDINGS_MAX, keymap, context);
    for (size_t i = 0; i < count && i < BINDINGS_MAX; i++)
        if (all[i]->argument[0] == '\0' && strcmp(all[i]->command->name, command) == 0)
            return all[i];
    return NULL;
}
