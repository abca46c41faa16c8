/* src/cli/files.c - record files in, whole files out, and the repository as the global options name it. */
#include "command_line.h"

#include "recto/base/whole_file.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

ssize_t record_file_read(void *context, char *bytes, size_t capacity, recto_error *error)
{
    const record_file *file = context;
    ssize_t got;
    do
        got = read(file->descriptor, bytes, capacity);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        recto_fail_system(error, errno, file->name, "cannot read");
    return got;
}

bool format_named(marc_format *out, const char *name, marc_format otherwise)
{
    *out = name == NULL ? otherwise : marc_format_named(name);
    if (name == NULL || *out != MARC_FORMAT_UNKNOWN)
        return true;
    usage("there is no format '%s'; there are marc, marcxml, mrk, json and line", name);
    return false;
}

static recto_status open_descriptor(record_file *out, recto_error *error)
{
    struct stat about;
    out->descriptor = strcmp(out->name, "-") == 0 ? dup(STDIN_FILENO) : open(out->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (out->descriptor < 0 || fstat(out->descriptor, &about) != 0)
        return recto_fail(error, RECTO_EIO, out->name, "check the name and your rights", "cannot open: %s", strerror(errno));
    if (S_ISDIR(about.st_mode))
        return recto_fail(error, RECTO_EIO, out->name, "name a file", "this is a directory");
    out->size = S_ISREG(about.st_mode) ? about.st_size : -1;
    return RECTO_OK;
}

recto_status record_file_open(record_file *out, const char *name, const char *format, const char *encoding,
                              const marc_reader_options *more, recto_error *error)
{
    marc_reader_options options = { 0 };
    if (more != NULL)
        options = *more;
    *out = (record_file){ .descriptor = -1, .name = name, .size = -1 };
    if (format != NULL && (options.format = marc_format_named(format)) == MARC_FORMAT_UNKNOWN)
        return recto_fail(error, RECTO_EUSAGE, format, "there are marc, marcxml, mrk, json and line", "there is no such format");
    if (encoding != NULL && !marc_encoding_named(&options.encoding, encoding))
        return recto_fail(error, RECTO_EUSAGE, encoding, "there are auto, utf-8, marc-8 and latin-1",
                          "there is no such encoding");
    if (options.format == MARC_FORMAT_UNKNOWN)
        options.format = marc_format_of_file(name);
    out->options = options;
    recto_status status = open_descriptor(out, error);
    if (status == RECTO_OK)
        status = marc_reader_new(&out->reader, record_file_read, out, name, &options, error);
    if (status != RECTO_OK)
        record_file_close(out);
    return status;
}

void record_file_close(record_file *file)
{
    marc_reader_free(file->reader);
    if (file->descriptor >= 0)
        close(file->descriptor);
    file->reader = NULL;
    file->descriptor = -1;
}

recto_status record_file_first(marc_record **out, const char *name, const char *format, recto_error *error)
{
    record_file file;
    *out = NULL;
    recto_status status = record_file_open(&file, name, format, NULL, NULL, error);
    if (status != RECTO_OK)
        return status;
    status = marc_record_new(out, error);
    if (status == RECTO_OK)
        status = marc_reader_next(file.reader, *out, error);
    if (status == RECTO_END)
        status = recto_fail(error, RECTO_EDATA, name, "name a file of MARC records", "there is no record in it");
    record_file_close(&file);
    if (status != RECTO_OK) {
        marc_record_free(*out);
        *out = NULL;
    }
    return status;
}

recto_status file_bytes(buffer *out, const char *name, size_t limit, recto_error *error)
{
    buffer_init(out, limit + 1);
    int descriptor = strcmp(name, "-") == 0 ? dup(STDIN_FILENO) : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return recto_fail(error, RECTO_EIO, name, "check the name and your rights", "cannot open: %s", strerror(errno));
    recto_status status = whole_file_read(out, descriptor, name, error);
    close(descriptor);
    return status;
}

recto_status in_file(recto_error *error, const char *file)
{
    char place[sizeof error->where];
    (void)snprintf(place, sizeof place, "%.*s%s%.60s", (int)(sizeof place - 64), file, error->where[0] == '\0' ? "" : ": ",
                   error->where);
    memcpy(error->where, place, sizeof place);
    return error->status;
}

void repository_path(const command_line *line, char *out, size_t capacity)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (line->repository != NULL && line->repository[0] != '\0')
        snprintf(out, capacity, "%s", line->repository);
    else if (data != NULL && data[0] == '/')
        snprintf(out, capacity, "%s/recto/repository.db", data);
    else
        snprintf(out, capacity, "%s/.local/share/recto/repository.db", home == NULL ? "" : home);
}

const char *login_name(char *out, size_t capacity)
{
    char space[4096];
    struct passwd entry, *found = NULL;
    if (getpwuid_r(geteuid(), &entry, space, sizeof space, &found) == 0 && found != NULL)
        snprintf(out, capacity, "%s", entry.pw_name);
    else
        snprintf(out, capacity, "uid%lu", (unsigned long)geteuid());
    return out;
}

static recto_status read_password(char *out, size_t capacity, const char *file, recto_error *error)
{
    FILE *in = fopen(file, "re");
    if (in == NULL)
        return recto_fail_system(error, errno, file, "cannot read the password");
    (void)setvbuf(in, NULL, _IONBF, 0); /* no copy of it stays in memory (RL-164) */
    if (fgets(out, (int)capacity, in) == NULL)
        out[0] = '\0';
    fclose(in);
    out[strcspn(out, "\r\n")] = '\0';
    return RECTO_OK;
}

/* ---- a repository of an older schema ------------------------------------------------------------------------------------- */

/* Nothing is said of one that is over in a moment. */
void tell_migration(void *context, const repo_migration *now)
{
    enum { QUIET_MS = 1000, BETWEEN_MS = 5000 };
    migration_words *words = context;
    const int64_t clock = recto_clock_monotonic_ms();
    if (words->next_ms == 0)
        words->next_ms = clock + QUIET_MS;
    if (now->over && words->said)
        note("%s: brought up to date", now->path);
    if (now->over || clock < words->next_ms)
        return;
    if (!words->said)
        note("%s is of an older schema (%d; this is %d): it is brought up to date, once; others can save when that is over",
             now->path, now->from, now->to);
    else if (now->records > 0)
        note("%s: %lld of %lld records", now->path, (long long)now->done, (long long)now->records);
    words->said = true;
    words->next_ms = clock + (now->records > 0 ? BETWEEN_MS : QUIET_MS);
}

recto_status open_repository(repo **out, const command_line *line, repo_mode mode, recto_error *error)
{
    char path[4096];
    migration_words words = { 0 };
    repository_path(line, path, sizeof path);
    return repo_open_telling(out, path, mode, tell_migration, &words, error);
}

recto_status open_catalog(catalog **out, const command_line *line, repo_mode mode, bool with_session, recto_error *error)
{
    char path[4096], login[64], password[1024] = "";
    struct stat about;
    migration_words words = { 0 };
    repository_path(line, path, sizeof path);
    catalog_options options = { .repository = path,
                                .user = line->user,
                                .login = login_name(login, sizeof login),
                                .mode = mode,
                                .institution = line->institution,
                                .clock = line->clock,
                                .tell_migration = tell_migration,
                                .tell_context = &words,
                                .with_session = with_session };
    options.owns_file = stat(path, &about) == 0 && about.st_uid == geteuid();
    if (line->password_file != NULL) {
        recto_status status = read_password(password, sizeof password, line->password_file, error);
        if (status != RECTO_OK)
            return status;
        options.password = password;
    }
    recto_status status = catalog_open(out, &options, error);
    explicit_bzero(password, sizeof password);
    return status;
}

void warn_of_place(const repo *repo)
{
    const char *system = repo_doubtful_system(repo);
    if (system != NULL)
        note("%s lies on %s: what is saved there is as safe as that is; a disk of this machine is better", repo_path(repo),
             system);
}

static const struct {
    const char *name;
    zone_kind kind;
} zone_names[] = { { "iz", ZONE_INSTITUTION }, { "nz", ZONE_NETWORK }, { "cz", ZONE_COMMUNITY } };
enum { ZONE_NAMES = sizeof zone_names / sizeof *zone_names };

const char *zone_name(zone_kind kind)
{
    for (size_t i = 0; i < ZONE_NAMES; i++)
        if (zone_names[i].kind == kind)
            return zone_names[i].name;
    return "all";
}

recto_status zone_named(const repo_zone **out, const catalog *catalog, const char *name, recto_error *error)
{
    for (size_t i = 0; i < ZONE_NAMES; i++)
        if (strcmp(name == NULL ? "iz" : name, zone_names[i].name) == 0) {
            *out = catalog_zone(catalog, zone_names[i].kind);
            if (*out == NULL)
                return recto_fail(error, RECTO_EINVALID, name, "recto init --network CODE makes one",
                                  "this repository has no such zone");
            return RECTO_OK;
        }
    return recto_fail(error, RECTO_EUSAGE, name, "there are iz, nz and cz", "there is no such zone");
}
