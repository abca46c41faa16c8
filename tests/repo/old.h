/* tests/repo/old.h - the repository of a test's room made one of an earlier schema (old_schema.h). */
#ifndef TESTS_REPO_OLD_H
#define TESTS_REPO_OLD_H

#include "room.h"

#define OLD_FAILED(...) fail_msg(__VA_ARGS__)
#include "old_schema.h"

/* Closes the repository of the room; its file is of that schema then. */
static inline void room_make_old(room *room, int schema)
{
    char other[160];
    repo_close(room->repo);
    room->repo = NULL;
    snprintf(other, sizeof other, "%s.other", room->path);
    old_make(other, room->path, schema);
    assert_int_equal(rename(other, room->path), 0);
    snprintf(other, sizeof other, "%s-wal", room->path);
    (void)unlink(other);
    snprintf(other, sizeof other, "%s-shm", room->path);
    (void)unlink(other);
}

#endif
