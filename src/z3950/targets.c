/* src/z3950/targets.c - the list of targets and their accounts.
 *
 * Entries keep their address for the life of the list, because searches and screens hold pointers to them: one that is
 * replaced by a later file of the same name moves to the retired ones and is freed with the list. */
#include "targets.h"
#include "recto/base/clock.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaz/log.h>

enum { TARGETS_MAX = 200, CREDENTIALS_MAX = 64 * 1024, SESSION_KEPT_MS = 5 * 60 * 1000 };

struct target_list {
    target_entry *entries[TARGETS_MAX];
    size_t count;
    target_entry *retired[TARGETS_MAX];
    size_t retired_count;
};

/* ---- entries ---- */

const char *target_entry_keep(target_entry *entry, text value)
{
    return arena_copy(entry->arena, value.bytes, value.length);
}

recto_status target_entry_new(target_entry **out, const char *name, recto_error *error)
{
    target_entry *entry = calloc(1, sizeof *entry);
    if (entry == NULL || (entry->arena = arena_new(0)) == NULL) {
        free(entry);
        return recto_fail_memory(error, "adding a target");
    }
    entry->shown.name = target_entry_keep(entry, text_from(name));
    if (entry->shown.name == NULL) {
        target_entry_free(entry);
        return recto_fail_memory(error, "adding a target");
    }
    entry->shown.label = entry->shown.name;
    entry->shown.database = "Default";
    entry->shown.syntax = "usmarc";
    entry->shown.charset = "auto";
    entry->shown.note = "";
    entry->shown.enabled = true;
    entry->sru_version = "1.1";
    entry->connect_seconds = 8;
    entry->answer_seconds = 30;
    entry->total_seconds = 120;
    entry->page_size = 10;
    entry->message_bytes = 1024 * 1024;
    entry->answer_bytes = 16 * 1024 * 1024;
    entry->piggyback = true;
    *out = entry;
    return RECTO_OK;
}

static void wipe(char *secret)
{
    if (secret != NULL)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

void target_entry_free(target_entry *entry)
{
    if (entry == NULL)
        return;
    target_session_keep(entry, NULL, NULL, 0);
    wipe(entry->user);
    wipe(entry->password);
    arena_free(entry->arena);
    free(entry);
}

/* ---- kept sessions (SR-106) ---- */

ZOOM_connection target_session_take(target_entry *entry, int64_t now_ms, relay **relay)
{
    if (entry->kept != NULL && now_ms - entry->kept_since_ms > SESSION_KEPT_MS)
        target_session_keep(entry, NULL, NULL, 0);
    ZOOM_connection kept = entry->kept;
    *relay = entry->kept_relay;
    entry->kept = NULL;
    entry->kept_relay = NULL;
    return kept;
}

void target_session_keep(target_entry *entry, ZOOM_connection connection, relay *relay, int64_t now_ms)
{
    ZOOM_connection_destroy(entry->kept);
    relay_free(entry->kept_relay);
    entry->kept = connection;
    entry->kept_relay = relay;
    entry->kept_since_ms = now_ms;
}

/* ---- the list ---- */

recto_status target_list_new(target_list **out, recto_error *error)
{
    *out = calloc(1, sizeof **out);
    if (*out == NULL)
        return recto_fail_memory(error, "reading the targets");
    yaz_log_init_level(0); /* YAZ would write warnings to stderr, that is: over the screen */
    return RECTO_OK;
}

void target_list_free(target_list *list)
{
    if (list == NULL)
        return;
    for (size_t i = 0; i < list->count; i++)
        target_entry_free(list->entries[i]);
    for (size_t i = 0; i < list->retired_count; i++)
        target_entry_free(list->retired[i]);
    free(list);
}

size_t target_list_count(const target_list *list)
{
    return list->count;
}

const target *target_list_get(const target_list *list, size_t index)
{
    return index < list->count ? &list->entries[index]->shown : NULL;
}

static size_t position_of(const target_list *list, const char *name)
{
    size_t at = 0;
    while (at < list->count && !text_equal_ascii_case(text_from(list->entries[at]->shown.name), text_from(name)))
        at++;
    return at;
}

const target *target_list_find(const target_list *list, const char *name)
{
    return target_list_get(list, position_of(list, name));
}

target_entry *target_list_entry(target_list *list, const target *target)
{
    for (size_t i = 0; i < list->count; i++)
        if (&list->entries[i]->shown == target)
            return list->entries[i];
    for (size_t i = 0; i < list->retired_count; i++)
        if (&list->retired[i]->shown == target)
            return list->retired[i];
    return NULL;
}

bool target_supports(const target_list *list, const target *target, external_box box)
{
    for (size_t i = 0; i < list->count; i++)
        if (&list->entries[i]->shown == target)
            return list->entries[i]->boxes[box].supported;
    return false;
}

/* Takes the entry, also when it fails. An account given earlier for a target of this name stays with the name. */
static recto_status put_entry(target_list *list, target_entry *entry, recto_error *error)
{
    size_t at = position_of(list, entry->shown.name);
    bool replaces = at < list->count;
    if ((replaces ? list->retired_count : list->count) == TARGETS_MAX) {
        target_entry_free(entry);
        return recto_fail(error, RECTO_ELIMIT, NULL, NULL, "more than %d targets", TARGETS_MAX);
    }
    if (replaces) {
        target_entry *old = list->entries[at];
        entry->user = old->user;
        entry->password = old->password;
        old->user = old->password = NULL;
        list->retired[list->retired_count++] = old;
    } else {
        list->count++;
    }
    list->entries[at] = entry;
    return RECTO_OK;
}

/* The name a target goes by is that of its file: "data/targets/loc.target" is loc. */
static void name_from_file(char *out, size_t capacity, const char *file_name)
{
    const char *slash = strrchr(file_name, '/');
    snprintf(out, capacity, "%s", slash == NULL ? file_name : slash + 1);
    char *ending = strstr(out, ".target");
    if (ending != NULL)
        *ending = '\0';
}

recto_status target_list_add(target_list *list, text file, const char *name, recto_error *error)
{
    char short_name[64];
    target_entry *entry = NULL;
    name_from_file(short_name, sizeof short_name, name);
    recto_status status = target_entry_new(&entry, short_name, error);
    if (status != RECTO_OK || entry == NULL)
        return status;
    status = target_file_read(entry, file, name, error);
    if (status != RECTO_OK) {
        target_entry_free(entry);
        return status;
    }
    return put_entry(list, entry, error);
}

/* Attributes for an address of which nothing else is known: what Recto's own target and most others answer. */
static const char general_target[] = "box ti = use 4, structure 6\n"
                                     "box au = use 1003, structure 6\n"
                                     "box isbn = use 7, structure 1, form isbn\n"
                                     "box issn = use 8, structure 1, form issn\n"
                                     "box lccn = use 9, structure 1, form lccn\n"
                                     "box sys = use 12, structure 1, form oclc\n"
                                     "box kw = use 1016, structure 6\n"
                                     "box pub = use 1018, structure 6\n"
                                     "box yr = use 31, structure 1, form plain\n"
                                     "box su = use 21, structure 6\n"
                                     "box stdno = use 1007, structure 1, form plain\n"
                                     "box se = use 5, structure 6\n"
                                     "box lang = use 54, structure 1, form plain\n";

recto_status target_list_add_address(target_list *list, const char *name, const char *label, const char *host, int port,
                                     const char *database, recto_error *error)
{
    target_entry *entry = NULL;
    recto_status status = target_entry_new(&entry, name, error);
    if (status != RECTO_OK || entry == NULL)
        return status;
    entry->shown.label = target_entry_keep(entry, text_from(label == NULL ? name : label));
    entry->shown.host = target_entry_keep(entry, text_from(host));
    entry->shown.database = target_entry_keep(entry, text_from(database == NULL ? "Default" : database));
    entry->shown.port = port;
    if (entry->shown.label == NULL || entry->shown.host == NULL || entry->shown.database == NULL)
        status = recto_fail_memory(error, "adding a target");
    else
        status = target_file_read(entry, text_from(general_target), name, error);
    if (status != RECTO_OK) {
        target_entry_free(entry);
        return status;
    }
    return put_entry(list, entry, error);
}

/* ---- accounts ---- */

static recto_status check_secrecy(int descriptor, const char *path, recto_error *error)
{
    struct stat facts;
    char todo[RECTO_ERROR_TODO];
    if (fstat(descriptor, &facts) != 0)
        return recto_fail_system(error, errno, path, "cannot read the accounts of targets");
    if (!S_ISREG(facts.st_mode))
        return recto_fail(error, RECTO_EREFUSED, path, NULL, "the file with the accounts of targets is not a regular file");
    if ((facts.st_mode & 0177) == 0)
        return RECTO_OK;
    snprintf(todo, sizeof todo, "run: chmod 600 %.150s", path);
    return recto_fail(error, RECTO_EREFUSED, path, todo, "others may read the file with the accounts of targets (mode %03o)",
                      (unsigned)(facts.st_mode & 0777));
}

static recto_status read_secret_file(buffer *out, const char *path, recto_error *error)
{
    ssize_t got = 0;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0)
        return recto_fail_system(error, errno, path, "cannot read the accounts of targets");
    recto_status status = check_secrecy(descriptor, path, error);
    char *room = status == RECTO_OK ? buffer_reserve(out, CREDENTIALS_MAX + 1) : NULL;
    while (room != NULL && out->length <= CREDENTIALS_MAX &&
           (got = read(descriptor, room + out->length, CREDENTIALS_MAX + 1 - out->length)) > 0)
        buffer_grow(out, (size_t)got);
    if (status == RECTO_OK && room == NULL)
        status = recto_fail_memory(error, "reading the accounts of targets");
    else if (status == RECTO_OK && got < 0)
        status = recto_fail_system(error, errno, path, "cannot read the accounts of targets");
    else if (status == RECTO_OK && out->length > CREDENTIALS_MAX)
        status = recto_fail(error, RECTO_ELIMIT, path, NULL, "the file with the accounts of targets is larger than 64 KiB");
    close(descriptor);
    return status;
}

static char *copy_secret(text value)
{
    char *copy = malloc(value.length + 1);
    if (copy != NULL) {
        memcpy(copy, value.bytes, value.length);
        copy[value.length] = '\0';
    }
    return copy;
}

/* A line is `TARGET USER PASSWORD`; the password is all that follows the second gap, blanks within it kept. */
static recto_status take_account(target_list *list, text line, const char *path, size_t number, recto_error *error)
{
    char where[RECTO_ERROR_WHERE], name[64];
    text rest = line, words[2];
    for (size_t i = 0; i < 2; i++) {
        words[i] = text_next_field(&rest, ' ');
        rest = text_trim(rest);
    }
    snprintf(where, sizeof where, "%.120s:%zu", path, number);
    if (rest.length == 0 || words[0].length >= sizeof name)
        return recto_fail(error, RECTO_EDATA, where, "write: TARGET USER PASSWORD", "the line is not an account");
    snprintf(name, sizeof name, "%.*s", (int)words[0].length, words[0].bytes);
    size_t at = position_of(list, name);
    if (at == list->count)
        return RECTO_OK; /* an account for a target that is not set up here does no harm */
    target_entry *entry = list->entries[at];
    wipe(entry->user);
    wipe(entry->password);
    entry->user = copy_secret(words[1]);
    entry->password = copy_secret(rest);
    return entry->user == NULL || entry->password == NULL ? recto_fail_memory(error, "reading the accounts of targets")
                                                          : RECTO_OK;
}

recto_status target_list_credentials(target_list *list, const char *path, recto_error *error)
{
    buffer file;
    size_t number = 0;
    buffer_init(&file, 2 * CREDENTIALS_MAX);
    recto_status status = read_secret_file(&file, path, error);
    for (text rest = buffer_text(&file); status == RECTO_OK && rest.bytes != NULL;) {
        text line = text_trim(text_next_field(&rest, '\n'));
        number++;
        if (line.length > 0 && line.bytes[0] != '#')
            status = take_account(list, line, path, number, error);
    }
    if (file.bytes != NULL)
        explicit_bzero(file.bytes, file.length);
    buffer_release(&file);
    return status;
}
