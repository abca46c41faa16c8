/* src/tui/tui.c - the door of the room: runs the workstation, and prints its tables without a terminal. */
#include "recto/tui/tui.h"

#include "recto/base/resource.h"
#include "keymap.h"
#include "theme.h"
#include "workstation.h"

#include <string.h>

recto_status tui_run(const tui_options *options, recto_error *error)
{
    const workstation_options inner = { options->catalog, options->open_targets, options->targets_context, options->keymap,
                                        options->theme,   options->guided_tour,  options->linear };
    return workstation_run(&inner, error);
}

/* Only the context's own rows: what "all" and "list" add is told once, under their names. */
static void print_context(buffer *out, const keymap *keymap, const char *context)
{
    const binding *rows[512];
    buffer keys;
    size_t count = keymap_list(rows, sizeof rows / sizeof *rows, keymap, context);
    buffer_init(&keys, 400);
    for (size_t i = 0; i < count && i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i]->context, context) != 0)
            continue;
        buffer_clear(&keys);
        binding_write(&keys, rows[i], false);
        buffer_append_format(out, "%-10s %-18s %-22s %s\n", context, buffer_string(&keys), rows[i]->command->name,
                             rows[i]->command->title);
    }
    buffer_release(&keys);
}

recto_status tui_print_keys(buffer *out, const char *name, recto_error *error)
{
    keymap *loaded = NULL;
    buffer faults;
    buffer_init(&faults, 64 * 1024);
    recto_status status = keymap_load(&loaded, name == NULL ? "default" : name, &faults, error);
    if (status == RECTO_OK)
        keymap_tell_hidden(&faults, loaded);
    for (text lines = buffer_text(&faults); status == RECTO_OK && lines.length > 0;) {
        text line = text_next_field(&lines, '\n');
        if (line.length > 0)
            buffer_append_format(out, "# %.*s\n", (int)line.length, line.bytes);
    }
    for (size_t i = 0; status == RECTO_OK && keymap_context_name(i) != NULL; i++)
        print_context(out, loaded, keymap_context_name(i));
    keymap_free(loaded);
    buffer_release(&faults);
    return status;
}

typedef struct listing {
    const char *prefix, *suffix;
    void (*visit)(void *context, const char *name);
    void *context;
} listing;

static void visit_stem(void *context, const char *path)
{
    const listing *listing = context;
    char name[128];
    text stem = text_from(path);
    size_t suffix = strlen(listing->suffix), prefix = strlen(listing->prefix);
    if (text_starts(stem, text_from(listing->prefix)))
        stem = text_of(stem.bytes + prefix, stem.length - prefix);
    if (stem.length <= suffix || stem.length - suffix >= sizeof name ||
        memcmp(stem.bytes + stem.length - suffix, listing->suffix, suffix) != 0)
        return;
    memcpy(name, stem.bytes, stem.length - suffix);
    name[stem.length - suffix] = '\0';
    if (strcmp(name, "base") != 0)
        listing->visit(listing->context, name);
}

void tui_list_themes(void (*visit)(void *context, const char *name), void *context)
{
    listing listing = { "themes/", ".theme", visit, context };
    resource_list("themes/", visit_stem, &listing);
}

void tui_list_keymaps(void (*visit)(void *context, const char *name), void *context)
{
    listing listing = { "keymaps/", ".keymap", visit, context };
    resource_list("keymaps/", visit_stem, &listing);
}
