/* tests/fault/scarce_repo.c - the small repository of tests/fault/scarce, with one of everything (scarce.h). */
#include "scarce.h"

#include "recto/repo/authorities.h"
#include "recto/repo/custody.h"
#include "recto/repo/gateway.h"
#include "recto/repo/jobs.h"
#include "recto/repo/links.h"
#include "recto/repo/profiles.h"
#include "recto/repo/rules.h"
#include "recto/repo/sets.h"
#include "recto/repo/templates.h"

#include <stdio.h>
#include <stdlib.h>

static recto_status write_bib(scarce_stage *stage, mms_id *id, const marc_record *record, int expected, recto_error *error)
{
    const bib_write write = { .id = *id,
                              .zone = stage->zone,
                              .record = record,
                              .expected_version = expected,
                              .user = "chief",
                              .origin = "editor",
                              .note = "a note",
                              .now = SCARCE_NOW + expected,
                              .brief_level = 8,
                              .suppressed = -1,
                              .originating_system = "OCLC",
                              .originating_version = "20260101" };
    return repo_bib_write(stage->repo, &write, NULL, error);
}

static recto_status fill_records(scarce_stage *stage, recto_error *error)
{
    repo *repo = stage->repo;
    item item = { .copy = 1, .barcode = "3011", .material = "BOOK", .description = "v.1", .call_number = "PQ1 .A1" };
    recto_status status = repo_bib_new_id(repo, stage->zone, &stage->bib, error);
    THEN(write_bib(stage, &stage->bib, stage->own, 0, error));
    THEN(write_bib(stage, &stage->bib, stage->own, 1, error));
    THEN(repo_authority_new_id(repo, stage->zone, &stage->heading, error));
    THEN(write_bib(stage, &stage->heading, stage->authority, 0, error));
    THEN(repo_holding_write(repo, &stage->shelf, stage->bib, stage->zone, stage->holdings, 0, "chief", SCARCE_NOW, error));
    item.holding = stage->shelf;
    THEN(repo_item_write(repo, &item, "chief", SCARCE_NOW, error));
    stage->piece = item.id;
    return status;
}

static recto_status fill_texts(scarce_stage *stage, recto_error *error)
{
    repo *repo = stage->repo;
    repo_rule rule = { .zone = stage->zone, .language = "norm", .name = "ours", .saved_at = SCARCE_NOW, .saved_by = "chief" };
    repo_profile profile = { .zone = stage->zone,
                             .code = "GATE",
                             .type = "gateway",
                             .name = "Gateway",
                             .active = true,
                             .saved_at = SCARCE_NOW,
                             .saved_by = "chief" };
    repo_template template = {
        .zone = stage->zone, .kind = "template", .owner = "chief", .name = "Book", .saved_at = SCARCE_NOW, .saved_by = "chief"
    };
    repo_gateway_row row = { .at = SCARCE_NOW,
                             .zone = stage->zone,
                             .institution = "XXX",
                             .code = "ok",
                             .title = "Title",
                             .reply = "saved",
                             .id = stage->bib,
                             .version = 2,
                             .oclc = "123" };
    recto_status status = repo_rule_put(repo, &rule, TEXT("rule \"a\" when TRUE then end"), 0, error);
    THEN(repo_profile_put(repo, &profile, TEXT("port 5500"), error));
    THEN(repo_profile_set_password(repo, stage->zone, "GATE", "hash", error));
    THEN(repo_template_put(repo, &template, TEXT("=245  10$aTitle"), 0, error));
    THEN(repo_gateway_add(repo, &row, TEXT("digest"), TEXT("bytes"), error));
    THEN(repo_setting_set(repo, stage->zone, "lock_minutes", "60", error));
    return status;
}

static recto_status fill_lists(scarce_stage *stage, recto_error *error)
{
    repo *repo = stage->repo;
    record_set set = { .zone = stage->zone, .name = "mine", .owner = "chief" };
    repo_job job = { .type = "rules", .title = "A job", .user = "chief", .zone = stage->zone, .started_at = SCARCE_NOW };
    repo_job_row row = {
        .id = stage->bib, .kind = 'B', .version_before = 1, .version_after = 2, .outcome = "changed", .detail = TEXT("detail")
    };
    const repo_notice notice = {
        .owner = "chief", .id = stage->bib, .kind = "taken", .by = "cat2", .reason = "why", .at = SCARCE_NOW
    };
    const repo_draft draft = { .owner = "chief",
                               .id = stage->bib,
                               .zone = stage->zone,
                               .base_version = 2,
                               .changed_at = SCARCE_NOW,
                               .record = TEXT("record"),
                               .log = TEXT("log"),
                               .state = TEXT("state"),
                               .title = "Title" };
    size_t added = 0;
    recto_status status = repo_set_put(repo, &set, TEXT(""), SCARCE_NOW, error);
    THEN(repo_set_add(repo, set.number, &stage->bib, 1, SCARCE_NOW, &added, error));
    THEN(repo_job_begin(repo, &job, TEXT("parameters"), error));
    THEN(repo_job_row_add(repo, job.id, &row, error));
    THEN(repo_job_end(repo, job.id, "done", SCARCE_NOW + 5, error));
    THEN(repo_notice_add(repo, &notice, error));
    THEN(repo_draft_put(repo, &draft, error));
    THEN(repo_load_place_set(repo, TEXT("file"), 100, 2, error));
    return status;
}

/* Of what is searched a part is in segments, another waits. */
static recto_status fill(scarce_stage *stage, recto_error *error)
{
    bool more = true;
    recto_status status = repo_begin(stage->repo, error);
    THEN(fill_records(stage, error));
    THEN(fill_texts(stage, error));
    THEN(fill_lists(stage, error));
    THEN(repo_commit(stage->repo, error));
    while (status == RECTO_OK && more)
        status = repo_tidy(stage->repo, &more, error);
    THEN(repo_begin(stage->repo, error));
    THEN(repo_bib_new_id(stage->repo, stage->zone, &stage->second, error));
    THEN(write_bib(stage, &stage->second, stage->other, 0, error));
    THEN(repo_commit(stage->repo, error));
    return status;
}

void scarce_fill_repo(scarce_stage *stage, const char *path)
{
    static const char *const institutions[] = { "01EXAMPLE" };
    const repo_plan plan = {
        .institutions = institutions, .institution_count = 1, .network = "NETWORK", .owner = "chief", .now = SCARCE_NOW
    };
    recto_error error = { .status = RECTO_OK };
    repo_zone zones[4];
    size_t count = 0;
    recto_status status = repo_create(path, &plan, &error);
    THEN(repo_open(&stage->repo, path, REPO_READ_WRITE, &error));
    THEN(repo_zones(stage->repo, zones, sizeof zones / sizeof *zones, &count, &error));
    stage->zone = zones[0].id;
    THEN(fill(stage, &error));
    if (status != RECTO_OK) {
        (void)fprintf(stderr, "scarce: %s: %s\n", error.where, error.what);
        exit(2);
    }
}
