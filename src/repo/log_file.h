/* src/repo/log_file.h - the file of the write-ahead log: a commit writes it in few large pieces. */
#ifndef RECTO_SRC_REPO_LOG_FILE_H
#define RECTO_SRC_REPO_LOG_FILE_H

#include <sqlite3.h>
#include <stdbool.h>

/** The file system, for sqlite3_open_v2, in which logs can gather. NULL: there is no memory for it, and SQLite's own will do. */
const char *log_file_system(void);
/** Before COMMIT on, behind it off: writes to the log that stand behind each other go to the file together. What the commit wrote
 *  is in the file before its last write returns; if it failed, the rest is thrown away. */
void log_file_gather(sqlite3 *database, bool on);

#endif
