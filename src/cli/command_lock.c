/* src/cli/command_lock.c - recto lock: who holds what, since when; and breaking a lock, with a reason, audited. */
#include "command_line.h"

#include <stdio.h>
#include <string.h>

static void print_lock(void *context, const repo_lock *lock)
{
    command_line *line = context;
    char id[MMS_ID_LENGTH], taken[CLOCK_ISO_LENGTH], expires[CLOCK_ISO_LENGTH] = "";
    json_writer json;
    mms_id_format(id, lock->id);
    clock_format_iso(taken, lock->taken_at);
    if (lock->expires_at > 0)
        clock_format_iso(expires, lock->expires_at);
    if (!line->json) {
        print_format(line, "%s\t%s\t%s\tsince %s%s%s", id, lock->owner, lock->institution, taken,
                     expires[0] == '\0' ? "" : "\tuntil ", expires);
        print_end(line);
        return;
    }
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    json_string(&json, "mms_id", id);
    json_string(&json, "owner", lock->owner);
    json_string(&json, "institution", lock->institution);
    json_string(&json, "taken_at", taken);
    json_time(&json, "last_seen_at", lock->last_seen_at);
    json_time(&json, "expires_at", lock->expires_at);
    json_close(&json, '}');
    print_end(line);
}

static recto_status list_locks(command_line *line, recto_error *error)
{
    catalog *catalog = NULL;
    recto_status status = open_catalog(&catalog, line, REPO_READ_ONLY, false, error);
    if (status == RECTO_OK)
        status = repo_locks(catalog_repo(catalog), catalog_now(catalog), print_lock, line, error);
    catalog_close(catalog);
    return status;
}

static recto_status break_lock(command_line *line, mms_id id, const char *reason, recto_error *error)
{
    catalog *catalog = NULL;
    recto_status status = open_catalog(&catalog, line, REPO_READ_WRITE, false, error);
    if (status == RECTO_OK)
        status = catalog_lock_break(catalog, id, reason, error);
    if (status == RECTO_OK && !line->json)
        print_format(line, "The lock of %lld is broken; its holder's text is kept as a draft.\n", (long long)id);
    catalog_close(catalog);
    return status;
}

int command_lock(command_line *line, int argc, char **argv)
{
    const char *reason = NULL;
    const option_value options[] = { { "reason", true, &reason, NULL, NULL } };
    recto_error error = { 0 };
    mms_id id;
    int operands = read_options(argc, argv, options, 1);
    if (operands < 0)
        return 2;
    if (operands == 1 && strcmp(argv[1], "list") == 0)
        return list_locks(line, &error) == RECTO_OK ? 0 : report(&error);
    if (operands != 2 || strcmp(argv[1], "break") != 0)
        return usage("lock takes `list`, or `break MMSID --reason TEXT`");
    if (!mms_id_parse(&id, text_from(argv[2])))
        return usage("'%s' is no MMS ID; it has 8 to 19 digits", argv[2]);
    if (reason == NULL || reason[0] == '\0')
        return usage("breaking a lock needs --reason TEXT; it is kept in the audit");
    return break_lock(line, id, reason, &error) == RECTO_OK ? 0 : report(&error);
}
