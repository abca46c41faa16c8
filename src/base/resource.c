/* src/base/resource.c - data, keymaps and themes: configured files first, then what was built in (Makefile, resources.S). */
#include "recto/base/resource.h"

#include "recto/base/whole_file.h"

#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct built_in {
    const char *name, *bytes;
    size_t length;
} built_in;
extern const built_in recto_resources[]; /* ends with a NULL name */

enum { DEFAULT_LIMIT = 16 * 1024 * 1024, DIRECTORIES = 2 };

bool resource_configuration(char *out, size_t capacity)
{
    const char *named = getenv("RECTO_CONFIG"), *configured = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    int length = -1;
    if (named != NULL && named[0] != '\0')
        length = snprintf(out, capacity, "%s", named);
    else if (configured != NULL && configured[0] == '/')
        length = snprintf(out, capacity, "%s/recto", configured);
    else if (home != NULL && home[0] == '/')
        length = snprintf(out, capacity, "%s/.config/recto", home);
    return length > 0 && (size_t)length < capacity;
}

/* Directory number 0 or 1 that may override: the user's, then the machine's; false when it does not exist as a name. */
static bool directory(int number, char *out, size_t capacity)
{
    return number == 0 ? resource_configuration(out, capacity) : (size_t)snprintf(out, capacity, "/etc/recto") < capacity;
}

static recto_status read_all(int file, resource *out, size_t limit, recto_error *error)
{
    buffer content;
    buffer_init(&content, limit + 1); /* room to see that there is more */
    const recto_status status = whole_file_read(&content, file, out->origin, error);
    if (status != RECTO_OK) {
        buffer_release(&content);
        return status;
    }
    out->content.length = content.length;
    out->owned = buffer_take(&content);
    out->content.bytes = out->owned == NULL ? "" : out->owned;
    return RECTO_OK;
}

static recto_status open_configured(resource *out, const char *name, size_t limit, recto_error *error)
{
    for (int i = 0; i < DIRECTORIES; i++) {
        char path[sizeof out->origin];
        if (!directory(i, path, sizeof path - strlen(name) - 1))
            continue;
        snprintf(out->origin, sizeof out->origin, "%.*s/%s", (int)(sizeof path - strlen(name) - 2), path, name);
        int file = open(out->origin, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (file < 0 && (errno == ENOENT || errno == ENOTDIR))
            continue;
        if (file < 0)
            return recto_fail_system(error, errno, out->origin, "cannot open");
        recto_status status = read_all(file, out, limit, error);
        close(file);
        return status;
    }
    return RECTO_ENOTFOUND;
}

recto_status resource_open_built_in(resource *out, const char *name, recto_error *error)
{
    memset(out, 0, sizeof *out);
    for (const built_in *at = recto_resources; at->name != NULL; at++)
        if (strcmp(at->name, name) == 0) {
            out->content = text_of(at->bytes, at->length);
            snprintf(out->origin, sizeof out->origin, "built-in %s", name);
            return RECTO_OK;
        }
    return recto_fail(error, RECTO_ENOTFOUND, name, NULL, "there is no such file, configured or built in");
}

recto_status resource_open(resource *out, const char *name, size_t limit_bytes, recto_error *error)
{
    memset(out, 0, sizeof *out);
    if (name[0] == '/' || strstr(name, "..") != NULL || strlen(name) > 120)
        return recto_fail(error, RECTO_EINVALID, name, "give a plain name",
                          "this cannot be the name of a theme, keymap or table");
    recto_status status = open_configured(out, name, limit_bytes == 0 ? DEFAULT_LIMIT : limit_bytes, error);
    return status == RECTO_ENOTFOUND ? resource_open_built_in(out, name, error) : status;
}

void resource_release(resource *resource)
{
    free(resource->owned);
    memset(resource, 0, sizeof *resource);
}

typedef struct name_list {
    char **names;
    size_t count, capacity;
} name_list;

static void add_name(name_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->names[i], name) == 0)
            return;
    if (list->count == list->capacity) {
        size_t capacity = list->capacity * 2 + 16;
        char **names = realloc(list->names, capacity * sizeof *names);
        if (names == NULL)
            return;
        list->names = names;
        list->capacity = capacity;
    }
    char *copy = strdup(name);
    if (copy != NULL)
        list->names[list->count++] = copy;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_directory(name_list *list, int number, const char *prefix)
{
    char base[200], path[400];
    if (!directory(number, base, sizeof base))
        return;
    snprintf(path, sizeof path, "%s/%s", base, prefix);
    DIR *open_directory = opendir(path);
    if (open_directory == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(open_directory)) != NULL;) {
        char name[400];
        if (entry->d_name[0] != '.' && snprintf(name, sizeof name, "%s%s", prefix, entry->d_name) < (int)sizeof name)
            add_name(list, name);
    }
    closedir(open_directory);
}

void resource_list(const char *prefix, void (*visit)(void *context, const char *name), void *context)
{
    name_list list = { 0 };
    for (const built_in *at = recto_resources; at->name != NULL; at++)
        if (strncmp(at->name, prefix, strlen(prefix)) == 0)
            add_name(&list, at->name);
    for (int i = 0; i < DIRECTORIES; i++)
        add_directory(&list, i, prefix);
    if (list.count > 0)
        qsort(list.names, list.count, sizeof *list.names, by_name);
    for (size_t i = 0; i < list.count; i++) {
        visit(context, list.names[i]);
        free(list.names[i]);
    }
    free(list.names);
}
