/* src/cli/targets.c - the targets a library has: those shipped, those configured, and their accounts. */
#include "targets.h"

#include "recto/base/resource.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct loader {
    target_list *list;
    recto_status status;
    recto_error *error;
} loader;

static void add_file(void *context, const char *name)
{
    loader *loader = context;
    resource file = { 0 };
    size_t length = strlen(name);
    if (loader->status != RECTO_OK || length < 7 || strcmp(name + length - 7, ".target") != 0)
        return;
    loader->status = resource_open(&file, name, 256 * 1024, loader->error);
    if (loader->status == RECTO_OK)
        loader->status = target_list_add(loader->list, file.content, file.origin, loader->error);
    resource_release(&file);
}

/* Users and passwords lie outside of the repository, in a file of mode 0600 (SR-6, RL-161). */
static recto_status add_credentials(target_list *list, recto_error *error)
{
    char folder[4096], path[4096 + 20];
    if (!resource_configuration(folder, sizeof folder))
        return RECTO_OK;
    snprintf(path, sizeof path, "%s/target-accounts", folder);
    recto_status status = target_list_credentials(list, path, error);
    return status == RECTO_ENOTFOUND ? RECTO_OK : status;
}

recto_status open_targets(target_list **out, recto_error *error)
{
    loader loader = { .error = error };
    *out = NULL;
    loader.status = target_list_new(&loader.list, error);
    if (loader.status == RECTO_OK)
        resource_list("data/targets/", add_file, &loader);
    if (loader.status == RECTO_OK)
        loader.status = add_credentials(loader.list, error);
    if (loader.status != RECTO_OK) {
        target_list_free(loader.list);
        return loader.status;
    }
    *out = loader.list;
    return RECTO_OK;
}
