/* include/recto/base/whole_file.h - files that appear whole or not at all, and are still there after a crash (RL-5); and all of a
 * file.
 *
 * What is written goes to a file of its own beside the name, and gets the name when all of it is on the disk. Whoever stops
 * halfway, or is stopped, leaves what the name stood for before. */
#ifndef RECTO_BASE_WHOLE_FILE_H
#define RECTO_BASE_WHOLE_FILE_H

#include "recto/base/error.h"
#include "recto/base/text.h"

#include <limits.h>

typedef enum whole_file_kind {
    WHOLE_FILE_NEW,  /* the name must be free, at the end, too; the umask gives the rights */
    WHOLE_FILE_AGAIN /* takes the place of a file and its rights; where there is none, it is for its owner alone */
} whole_file_kind;

typedef struct whole_file {
    const char *name; /* lent until whole_file_close */
    whole_file_kind kind;
    int descriptor;        /* private */
    char beside[PATH_MAX]; /* private */
} whole_file;

/** Begins a file. RECTO_EREFUSED: WHOLE_FILE_NEW and the name is taken, or the name is of a folder, a device or a pipe;
 *  RECTO_EIO: nothing can be made there. After a failure there is nothing to close. */
recto_status whole_file_open(whole_file *out, const char *name, whole_file_kind kind, recto_error *error);
/** Adds a piece. RECTO_EIO, as when the disk is full. */
recto_status whole_file_add(whole_file *file, text piece, recto_error *error);
/** Ends it, in any case. @param status  of what was written: RECTO_OK gives the file its name, synced, and its folder synced;
 *  anything else drops the file and is given back. RECTO_EREFUSED: somebody took the name meanwhile; RECTO_EIO. */
recto_status whole_file_close(whole_file *file, recto_status status, recto_error *error);
/** All three for content that is there already. */
recto_status whole_file_write(const char *name, whole_file_kind kind, text content, recto_error *error);

/** Appends all that comes from a descriptor, which need not be a file; bytes of before stay. @param name  for messages.
 *  RECTO_ELIMIT: it would be `out`'s limit or more; RECTO_EIO: it cannot be read, or is a folder; RECTO_ENOMEM. */
recto_status whole_file_read(buffer *out, int descriptor, const char *name, recto_error *error);

/** Writes all of it to what need not be a file, whatever signals come and however little goes at once; waits as write does.
 *  False, with errno: a part may be written. */
bool write_all(int descriptor, text content);

#endif
