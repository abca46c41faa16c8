/* tests/catalog/combine_room.h - two records to be made one, with all that hangs on the second, and what tells whether they are
 * one, or two as before. */
#ifndef TESTS_CATALOG_COMBINE_ROOM_H
#define TESTS_CATALOG_COMBINE_ROOM_H

#include "catalog/room.h"

#include "recto/catalog/jobs.h"
#include "recto/repo/links.h"

#include <sqlite3.h>

/* The primary and the secondary, both of the own institution; the secondary has two holdings with three items. */
typedef struct two {
    room room;
    catalog *desk;
    mms_id primary, secondary, holdings[2];
} two;

static inline mms_id hang_holdings(catalog *desk, mms_id bib, const char *place)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    mms_id id = 0;
    must(catalog_holding_template(&record, desk, bib, &error), &error);
    const size_t at = marc_record_find(record, "852", 0);
    marc_record_remove(record, at);
    add_line(record, "852", "0 ", place);
    must(catalog_holding_save(desk, &id, bib, record, 0, &error), &error);
    marc_record_free(record);
    return id;
}

static inline void hang_item(catalog *desk, mms_id holdings, const char *barcode)
{
    recto_error error = { .status = RECTO_OK };
    item item = { .holding = holdings };
    snprintf(item.barcode, sizeof item.barcode, "%s", barcode);
    must(catalog_item_save(desk, &item, &error), &error);
}

static inline void two_open(two *two, zone_kind zone)
{
    room_open(&two->room);
    room_user(&two->room, "cat1", "CAT,CATX,PIO,PIOX,CM");
    room_user(&two->room, "cat2", "CAT");
    two->desk = room_desk(&two->room, "cat1");
    marc_record *first = book("1001", "The Whale"), *second = book("1002", "The whale, or, Moby");
    add_line(second, "650", " 0", "$aWhales.");
    two->primary = store(two->desk, zone, first);
    two->secondary = store(two->desk, zone, second);
    if (zone != ZONE_INSTITUTION)
        return;
    two->holdings[0] = hang_holdings(two->desk, two->secondary, "$bMAIN$cSTACKS$hPS1$i.W1");
    two->holdings[1] = hang_holdings(two->desk, two->secondary, "$bLAW$cREF");
    hang_item(two->desk, two->holdings[0], "30001");
    hang_item(two->desk, two->holdings[0], "30002");
    hang_item(two->desk, two->holdings[1], "30003");
}

static inline void two_close(two *two)
{
    room_close(&two->room);
}

static inline mms_id name_it(catalog *desk, mms_id named, zone_kind zone, const char *prefix)
{
    char line[120];
    marc_record *record = book(NULL, "Names another");
    snprintf(line, sizeof line, "$iPrint version:$tWhale$w%s%lld$w(OCoLC)77", prefix, (long long)named);
    add_line(record, "776", "08", line);
    return store(desk, zone, record);
}

static inline bib_info info_of(catalog *desk, mms_id id)
{
    recto_error error = { .status = RECTO_OK };
    bib_info info;
    must(repo_bib_info(catalog_repo(desk), id, &info, catalog_now(desk), &error), &error);
    return info;
}

static inline mms_id bib_of(catalog *desk, mms_id holdings)
{
    recto_error error = { .status = RECTO_OK };
    holding info;
    char number[MMS_ID_LENGTH];
    marc_record *record = NULL;
    must(catalog_holding_load(desk, holdings, &record, &info, &error), &error);
    mms_id_format(number, info.bib);
    assert_true(text_equal(marc_record_control(record, "004"), text_from(number)));
    marc_record_free(record);
    return info.bib;
}

static inline combine_plan look(catalog *desk, mms_id primary, mms_id secondary, const char *rule)
{
    recto_error error = { .status = RECTO_OK };
    combine_plan plan;
    must(catalog_combine_plan(&plan, desk, primary, secondary, rule, &error), &error);
    return plan;
}

static inline int64_t combine(two *two, const char *rule, combine_secondary what)
{
    recto_error error = { .status = RECTO_OK };
    int64_t job = 0;
    combine_plan plan = look(two->desk, two->primary, two->secondary, rule);
    assert_string_equal(plan.refusal, "");
    must(catalog_combine(&job, two->desk, two->primary, two->secondary, what, &plan, &error), &error);
    combine_plan_release(&plan);
    assert_true(job > 0);
    return job;
}

static inline mms_id first_hit(catalog *desk, search_type type, const char *index, const char *text)
{
    recto_error error = { .status = RECTO_OK };
    catalog_hits found;
    const catalog_query query = { .type = type, .index = index, .text = text, .limit = 5 };
    must(catalog_search(&found, desk, &query, &error), &error);
    const mms_id id = found.total == 1 ? found.rows[0].id : 0;
    catalog_hits_release(&found);
    return id;
}

static inline void assert_whole(catalog *desk)
{
    recto_error error = { .status = RECTO_OK };
    check_verdict verdict;
    must(repo_check(catalog_repo(desk), true, NULL, NULL, &verdict, &error), &error);
    assert_true(verdict.sound);
}

static inline size_t audit_rows(room *room, const char *act)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, "SELECT count(*) FROM audit WHERE act = ?1", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_bind_text(statement, 1, act, -1, SQLITE_STATIC), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const size_t count = (size_t)sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    return count;
}

static inline void as_before(two *two)
{
    const bib_info primary = info_of(two->desk, two->primary), secondary = info_of(two->desk, two->secondary);
    assert_false(secondary.deleted);
    assert_false(secondary.suppressed);
    assert_int_equal(primary.holdings, 0);
    assert_int_equal(primary.items, 0);
    assert_int_equal(secondary.holdings, 2);
    assert_int_equal(secondary.items, 3);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(bib_of(two->desk, two->holdings[i]), two->secondary);
    assert_true(stored_has(two->desk, two->primary, "245", "The Whale"));
    assert_false(stored_has(two->desk, two->primary, "650", "Whales"));
    assert_false(stored_has(two->desk, two->primary, "035", "1002"));
    assert_true(stored_has(two->desk, two->secondary, "650", "Whales"));
    assert_int_equal(first_hit(two->desk, SEARCH_PHYSICAL_ITEMS, "bc", "30002"), two->secondary);
    assert_whole(two->desk);
}

#endif
