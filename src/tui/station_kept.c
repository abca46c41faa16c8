/* src/tui/station_kept.c - where a draft goes that the repository does not take: its file was replaced, its disk is full or may
 * be read only (RL-93, RL-26). A file of one's own, written anew as long as that lasts, and gone with the draft's coming through.
 */
#include "station.h"

#include "recto/base/folder.h"
#include "recto/base/whole_file.h"
#include "recto/marc/formats.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char prefix[] = "kept-", suffix[] = ".mrk";

enum { PLACES = 2 };

/* What belongs to the user and outlives the session comes first; then what there is always. */
static bool place_named(char out[static PATH_MAX], int number)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME"), *temporary = getenv("TMPDIR");
    int length = 0;
    if (number == 1)
        length = snprintf(out, PATH_MAX, "%s", temporary != NULL && temporary[0] == '/' ? temporary : "/tmp");
    else if (state != NULL && state[0] == '/')
        length = snprintf(out, PATH_MAX, "%s/recto", state);
    else if (home != NULL && home[0] == '/')
        length = snprintf(out, PATH_MAX, "%s/.local/state/recto", home);
    return length > 0 && length < PATH_MAX;
}

static bool write_again(const char *path, text content)
{
    return whole_file_write(path, WHOLE_FILE_AGAIN, content, NULL) == RECTO_OK;
}

/* A name that nobody has; `path` ends with its XXXXXX and the suffix. */
static bool write_new(char *path, text content)
{
    const int file = mkostemps(path, (int)sizeof suffix - 1, O_CLOEXEC);
    if (file < 0)
        return false;
    if (close(file) == 0 && write_again(path, content))
        return true;
    (void)unlink(path);
    return false;
}

/* @return the path, yours to free(); NULL: there is no place for it */
static char *write_anywhere(mms_id id, text content)
{
    char folder[PATH_MAX], path[PATH_MAX];
    for (int i = 0; i < PLACES; i++)
        if (place_named(folder, i) && make_folders(folder) &&
            snprintf(path, sizeof path, "%s/%s%lld-XXXXXX%s", folder, prefix, (long long)id, suffix) < (int)sizeof path &&
            write_new(path, content))
            return strdup(path);
    return NULL;
}

/* Where the file cannot be written again, another place may do: its folder was removed, its disk is full. */
static bool keep(desk *desk, text content)
{
    if (desk->elsewhere != NULL && write_again(desk->elsewhere, content))
        return true;
    char *path = write_anywhere(edit_state_of(desk->session)->id, content);
    if (path == NULL)
        return false;
    station_drop_elsewhere(desk); /* it has less of the text */
    desk->elsewhere = path;
    return true;
}

void station_keep_elsewhere(desk *desk)
{
    const marc_writer_options options = { .format = MARC_FORMAT_MRK };
    buffer content;
    if (station_kept_elsewhere(desk) != NULL)
        return;
    buffer_init(&content, 0);
    if (marc_write_record(&content, marc_edit_record(edit_of(desk->session)), &options, NULL) == RECTO_OK &&
        keep(desk, buffer_text(&content)))
        desk->elsewhere_revision = marc_edit_revision(edit_of(desk->session));
    buffer_release(&content);
}

void station_drop_elsewhere(desk *desk)
{
    if (desk->elsewhere != NULL)
        (void)unlink(desk->elsewhere);
    free(desk->elsewhere);
    desk->elsewhere = NULL;
}

const char *station_kept_elsewhere(const desk *desk)
{
    const bool is_all = desk->elsewhere != NULL && desk->elsewhere_revision == marc_edit_revision(edit_of(desk->session));
    return is_all && access(desk->elsewhere, F_OK) == 0 ? desk->elsewhere : NULL; /* somebody may have tidied up */
}

static size_t count_kept(const char *folder)
{
    size_t count = 0;
    DIR *directory = opendir(folder);
    if (directory == NULL)
        return 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        count += strncmp(entry->d_name, prefix, sizeof prefix - 1) == 0;
    (void)closedir(directory);
    return count;
}

/* What lies in the folder for what is temporary may be anybody's. */
void station_tell_kept(workstation *station)
{
    char folder[PATH_MAX];
    const size_t count = place_named(folder, 0) ? count_kept(folder) : 0;
    if (count > 0)
        station_say(station, "%zu text%s that could not be stored as a draft: in %s", count, count == 1 ? "" : "s", folder);
}
