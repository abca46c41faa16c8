/* tests/repo/room.h - a repository of its own for each test, and records made in a line. */
#ifndef TESTS_REPO_ROOM_H
#define TESTS_REPO_ROOM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "recto/repo/repo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NOON = 1763812800, INSTITUTION = 1, OTHER = 2, NETWORK = 3, COMMUNITY = 4 };

typedef struct room {
    char folder[64], path[128];
    repo *repo;
} room;

static inline void must(recto_status status, const recto_error *error)
{
    char line[600];
    if (status == RECTO_OK)
        return;
    recto_error_line(line, sizeof line, error);
    fail_msg("status %d: %s", (int)status, line);
}

static inline int room_open(void **state)
{
    static const char *const institutions[] = { "01EXAMPLE", "02OTHER" };
    const repo_plan plan = {
        .institutions = institutions, .institution_count = 2, .network = "NETWORK", .owner = "chief", .now = NOON
    };
    recto_error error = { .status = RECTO_OK };
    room *room = calloc(1, sizeof *room);
    assert_non_null(room);
    snprintf(room->folder, sizeof room->folder, "/tmp/recto-repo-XXXXXX");
    assert_non_null(mkdtemp(room->folder));
    snprintf(room->path, sizeof room->path, "%s/test.recto", room->folder);
    must(repo_create(room->path, &plan, &error), &error);
    must(repo_open(&room->repo, room->path, REPO_READ_WRITE, &error), &error);
    *state = room;
    return 0;
}

static inline int room_close(void **state)
{
    static const char *const endings[] = { "",          "-wal",      "-shm",        "-queue", ".copy",
                                           ".copy-wal", ".copy-shm", ".copy-queue", ".other" };
    room *room = *state;
    char name[160];
    repo_close(room->repo);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(name, sizeof name, "%s%s", room->path, endings[i]);
        (void)unlink(name);
    }
    int left = rmdir(room->folder);
    free(room);
    return left; /* nothing else was left behind */
}

/* "245 10 $aTitle" a line; control fields "008 content". */
static inline marc_record *record_of(const char *const *lines)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    must(marc_record_new(&record, &error), &error);
    for (; *lines != NULL; lines++) {
        const char *line = *lines;
        const char tag[4] = { line[0], line[1], line[2], '\0' };
        if (marc_tag_is_control(tag)) {
            must(marc_record_append(record, tag, text_from(line + 4), &error), &error);
        } else {
            const char indicators[3] = { line[4], line[5], '\0' };
            must(marc_record_append_line(record, tag, indicators, line + 7, &error), &error);
        }
    }
    return record;
}
#define RECORD(...) record_of((const char *const[]){ __VA_ARGS__, NULL })

static inline recto_status room_try_write(repo *repo, mms_id id, int zone, const marc_record *record, int expected, int *version,
                                          recto_error *error)
{
    const bib_write write = { .id = id,
                              .zone = zone,
                              .record = record,
                              .expected_version = expected,
                              .user = "cat1",
                              .origin = "editor",
                              .now = NOON + expected,
                              .suppressed = -1,
                              .brief_level = 8 };
    return repo_bib_write(repo, &write, version, error);
}

/* Adds the record in a transaction of its own and frees it. */
static inline mms_id room_add(repo *repo, int zone, marc_record *record)
{
    recto_error error = { .status = RECTO_OK };
    mms_id id = 0;
    must(repo_begin(repo, &error), &error);
    must(repo_bib_new_id(repo, zone, &id, &error), &error);
    must(room_try_write(repo, id, zone, record, 0, NULL, &error), &error);
    must(repo_commit(repo, &error), &error);
    marc_record_free(record);
    return id;
}

static inline mms_id room_add_title(repo *repo, int zone, const char *title)
{
    char line[300];
    snprintf(line, sizeof line, "245 10 $a%s", title);
    return room_add(repo, zone, RECORD(line));
}

static inline recto_status room_change(repo *repo, mms_id id, const marc_record *record, int expected, int *version,
                                       recto_error *error)
{
    recto_status status = repo_begin(repo, error);
    if (status != RECTO_OK)
        return status;
    status = room_try_write(repo, id, INSTITUTION, record, expected, version, error);
    if (status != RECTO_OK) {
        repo_rollback(repo);
        return status;
    }
    return repo_commit(repo, error);
}

typedef struct findings {
    size_t count;
    char first[64], all[2000];
} findings;

static inline void note_finding(void *context, const check_finding *finding)
{
    findings *found = context;
    if (found->count++ == 0)
        snprintf(found->first, sizeof found->first, "%s", finding->kind);
    size_t used = strlen(found->all);
    snprintf(found->all + used, sizeof found->all - used, "%s %lld: %s\n", finding->kind, (long long)finding->id,
             finding->message);
}

static inline check_verdict room_check(repo *repo, findings *found)
{
    recto_error error = { .status = RECTO_OK };
    check_verdict verdict;
    memset(found, 0, sizeof *found);
    must(repo_check(repo, true, note_finding, found, &verdict, &error), &error);
    return verdict;
}

static inline void assert_sound(repo *repo)
{
    findings found;
    check_verdict verdict = room_check(repo, &found);
    if (!verdict.sound)
        fail_msg("not sound: %s", found.all);
}

#endif
