/* src/cli/command_workstation.c - recto alone: the workstation; and recto keymap: its keys as a table. */
#include "command_line.h"
#include "targets.h"

#include "recto/tui/tui.h"

static recto_status open_all_targets(target_list **out, void *context, recto_error *error)
{
    (void)context;
    return open_targets(out, error);
}

int command_workstation(command_line *line)
{
    catalog *catalog = NULL;
    recto_error error = { 0 };
    recto_status status = open_catalog(&catalog, line, REPO_READ_WRITE, true, &error);
    if (status == RECTO_OK) {
        warn_of_place(catalog_repo(catalog));
        tui_options options = { .catalog = catalog,
                                .open_targets = open_all_targets,
                                .keymap = line->keymap,
                                .theme = line->theme,
                                .linear = line->linear != NULL };
        status = tui_run(&options, &error);
    }
    catalog_close(catalog);
    return status == RECTO_OK ? 0 : report(&error);
}

int command_keymap(command_line *line, int argc, char **argv)
{
    buffer keys;
    recto_error error = { 0 };
    const option_value options[] = { { "keymap", true, &line->keymap, NULL, NULL } };
    int operands = read_options(argc, argv, options, 1);
    if (operands < 0 || operands > 1)
        return operands < 0 ? 2 : usage("keymap takes one name");
    buffer_init(&keys, 0);
    recto_status status = tui_print_keys(&keys, operands == 1 ? argv[1] : line->keymap, &error);
    if (status == RECTO_OK)
        print(line, buffer_text(&keys));
    buffer_release(&keys);
    return status == RECTO_OK ? 0 : report(&error);
}
