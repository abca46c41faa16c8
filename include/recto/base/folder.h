/* include/recto/base/folder.h - folders are made as far as they are missing, and what was made or renamed in one stays (RL-5). */
#ifndef RECTO_BASE_FOLDER_H
#define RECTO_BASE_FOLDER_H

#include <stdbool.h>

/** Makes a folder, and all that it lies in, where they are missing: for their owner alone (0700).
 *  False, with errno: `path` ends with the one that could not be made, for the message. */
bool make_folders(char *path);
/** The entry of a file that was made or renamed is on the disk then. @param name  of the file. False, with errno. */
bool sync_folder_of(const char *name);

#endif
