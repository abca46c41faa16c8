/* tests/catalog/settings_test.c - settings of zones and the placement they decide, a pushed record's lock, withdrawal with what
 * hangs on it, values in use, local checks and normalization at a save (ED-36, ED-52, ED-106a, ED-106b, ED-146, ED-187). */
#include "room.h"

#include "recto/catalog/custody.h"
#include "recto/catalog/lists.h"
#include "recto/catalog/rules.h"
#include "recto/catalog/settings.h"

static void placement__is_the_networks_when_it_says_so(void **unused)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    bool enforced = true;
    (void)unused;
    room_open(&room);
    room_user(&room, "boss", "CAT,CATX,CA,GSA");
    room_user(&room, "cat1", "CAT");
    catalog *boss = room_desk(&room, "boss"), *one = room_desk(&room, "cat1");
    const repo_zone *network = catalog_zone(one, ZONE_NETWORK);
    assert_ptr_equal(catalog_placement(&enforced, one, "local"), catalog_zone(one, ZONE_INSTITUTION));
    assert_false(enforced);
    assert_ptr_equal(catalog_placement(&enforced, one, ""), network);
    assert_int_equal(catalog_setting_set(one, network, "central_record_management", "ENFORCE_NETWORK", &error), RECTO_EREFUSED);
    must(catalog_setting_set(boss, catalog_zone(boss, ZONE_NETWORK), "central_record_management", "ENFORCE_NETWORK", &error),
         &error);
    assert_ptr_equal(catalog_placement(&enforced, one, "local"), network);
    assert_true(enforced);
    assert_int_equal(catalog_setting_set(boss, catalog_zone(boss, ZONE_NETWORK), "central_record_management", "x", &error),
                     RECTO_EINVALID);
    assert_int_equal(catalog_setting_set(boss, NULL, "lock_timeout_minutes", "99999", &error), RECTO_EINVALID);
    must(catalog_setting_set(boss, NULL, "lock_timeout_minutes", "90", &error), &error);
    room_close(&room);
}

static void labels_of_local_fields__are_checked(void **unused)
{
    static const char *const good[] = { "910=Fund", "910=Fund|949=Donor = friend", "" };
    static const char *const bad[] = {
        "110=Author", "9=x", "910=", "910", "910=Fund||949=x", "910=a label that is much too long for the form of search"
    };
    room room;
    recto_error error = { .status = RECTO_OK };
    (void)unused;
    room_open(&room);
    room_user(&room, "boss", "CAT,CATX,CA,GSA");
    catalog *boss = room_desk(&room, "boss");
    const repo_zone *own = catalog_zone(boss, ZONE_INSTITUTION);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        must(catalog_setting_set(boss, own, "index_labels", good[i], &error), &error);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(catalog_setting_set(boss, own, "index_labels", bad[i], &error), RECTO_EINVALID);
    room_close(&room);
}

static void pushed_record__is_locked_when_it_is_edited(void **unused)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    edit_session *pushed = NULL, *other = NULL;
    (void)unused;
    room_open(&room);
    room_user(&room, "cat1", "CAT,CATX");
    room_user(&room, "cat2", "CAT,CATX");
    catalog *one = room_desk(&room, "cat1"), *two = room_desk(&room, "cat2");
    const mms_id id = store(one, ZONE_INSTITUTION, book("1", "Sea"));
    must(edit_open_view(&pushed, one, id, &error), &error);
    assert_true(edit_state_of(pushed)->pushed && edit_state_of(pushed)->view_only);
    must(edit_open(&other, two, id, &error), &error); /* nobody has it */
    assert_false(edit_state_of(other)->view_only);
    assert_int_equal(edit_begin(pushed, &error), RECTO_EREFUSED);
    assert_non_null(strstr(edit_state_of(pushed)->view_only_reason, "cat2"));
    must(edit_release(&other, &error), &error);
    must(edit_begin(pushed, &error), &error); /* the next key tries again */
    assert_false(edit_state_of(pushed)->view_only || edit_state_of(pushed)->pushed);
    must(edit_open(&other, two, id, &error), &error);
    assert_true(edit_state_of(other)->view_only);
    must(edit_release(&other, &error), &error);
    must(edit_release(&pushed, &error), &error);
    room_close(&room);
}

/* Who found a record locked need not open it again: the key after the lock was given back takes it, with what was saved. */
static void locked_record__is_taken_by_the_key_after_its_release(void **unused)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    edit_session *holder = NULL, *waiting = NULL;
    ingest_outcome outcome = { 0 };
    (void)unused;
    room_open(&room);
    room_user(&room, "cat1", "CAT,CATX");
    room_user(&room, "cat2", "CAT,CATX");
    catalog *one = room_desk(&room, "cat1"), *two = room_desk(&room, "cat2");
    const mms_id id = store(one, ZONE_INSTITUTION, book("1", "Sea"));
    must(edit_open(&holder, one, id, &error), &error);
    must(edit_open(&waiting, two, id, &error), &error);
    assert_true(edit_state_of(waiting)->view_only);
    assert_false(edit_is_free(waiting));
    assert_int_equal(edit_begin(waiting, &error), RECTO_EREFUSED);
    assert_non_null(strstr(edit_state_of(waiting)->view_only_reason, "cat1"));
    const size_t end = marc_record_count(marc_edit_record(edit_of(holder)));
    must(marc_edit_insert(edit_of(holder), end, "500",
                          text_from("  \x1f"
                                    "aSeen."),
                          &error),
         &error);
    must(edit_save(&outcome, holder, true, &error), &error);
    must(edit_release(&holder, &error), &error);
    assert_true(edit_is_free(waiting));
    must(edit_begin(waiting, &error), &error);
    assert_false(edit_state_of(waiting)->view_only);
    assert_int_equal(edit_state_of(waiting)->version, 2);
    assert_int_not_equal(marc_record_find(marc_edit_record(edit_of(waiting)), "500", 0), SIZE_MAX);
    must(edit_release(&waiting, &error), &error);
    room_close(&room);
}

static mms_id add_item(catalog *desk, mms_id bib, const char *barcode, item *out)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    mms_id holding = 0;
    must(catalog_holding_template(&record, desk, bib, &error), &error);
    must(catalog_holding_save(desk, &holding, bib, record, 0, &error), &error);
    marc_record_free(record);
    *out = (item){ .holding = holding, .copy = 1 };
    snprintf(out->barcode, sizeof out->barcode, "%s", barcode);
    must(catalog_item_save(desk, out, &error), &error);
    return holding;
}

static void count_holding(void *context, const holding *holding)
{
    (void)holding;
    (*(size_t *)context)++;
}

static void withdrawn_comes_back(catalog *desk, mms_id id, item *first, item *second)
{
    recto_error error = { .status = RECTO_OK };
    deleted_row *rows = NULL;
    size_t count = 0;
    bool more = false;
    undeleted back;
    bib_info info;
    /* ED-150: two steps, five rows; the newest step has the bib in it. */
    must(catalog_deleted(&rows, &count, &more, desk, "", 100, &error), &error);
    assert_int_equal(count, 5);
    assert_int_equal(rows[0].kind, 'B');
    free(rows);
    must(catalog_deleted(&rows, &count, &more, desk, "2", 100, &error), &error); /* numbers that begin so: holdings and items */
    assert_int_equal(count, 4);
    free(rows);
    /* The bib comes back with what went in its step, not with the other item. */
    must(catalog_undelete(&back, desk, id, &error), &error);
    assert_int_equal(back.bibs, 1);
    assert_int_equal(back.holdings, 1);
    assert_int_equal(back.items, 1);
    must(repo_bib_info(catalog_repo(desk), id, &info, 0, &error), &error);
    assert_int_equal(info.holdings, 1);
    assert_int_equal(info.items, 1);
    /* Another item takes the barcode of the first one meanwhile. */
    item thief = { .holding = second->holding, .barcode = "1" };
    must(catalog_item_save(desk, &thief, &error), &error);
    assert_int_equal(catalog_undelete(&back, desk, first->id, &error), RECTO_EINVALID);
    snprintf(thief.barcode, sizeof thief.barcode, "9");
    must(catalog_item_save(desk, &thief, &error), &error);
    /* An item brings its holdings back. */
    must(catalog_undelete(&back, desk, first->id, &error), &error);
    assert_int_equal(back.bibs, 0);
    assert_int_equal(back.holdings, 1);
    assert_int_equal(back.items, 1);
    must(catalog_deleted(&rows, &count, &more, desk, "", 100, &error), &error);
    assert_int_equal(count, 0);
    free(rows);
    must(repo_bib_info(catalog_repo(desk), id, &info, 0, &error), &error);
    assert_int_equal(info.holdings, 2);
    assert_int_equal(info.items, 3);
    /* All goes again, item by item; then an item brings holdings and bib. */
    must(catalog_withdraw(desk, &thief, WITHDRAW_ITEM, &error), &error);
    must(catalog_withdraw(desk, first, WITHDRAW_HOLDINGS, &error), &error);
    must(catalog_withdraw(desk, second, WITHDRAW_BIB, &error), &error);
    must(catalog_undelete(&back, desk, first->id, &error), &error);
    assert_int_equal(back.bibs, 1);
    assert_int_equal(back.holdings, 1);
    assert_int_equal(back.items, 1);
    must(catalog_withdraw(desk, first, WITHDRAW_BIB, &error), &error);
}

static void withdrawal__does_all_or_nothing(void **unused)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    item first, second;
    bib_info info;
    size_t holdings = 0;
    marc_record *record = NULL;
    (void)unused;
    room_open(&room);
    room_user(&room, "cat1", "CAT,CATX,PIO,PIOX");
    catalog *one = room_desk(&room, "cat1");
    const mms_id id = store(one, ZONE_INSTITUTION, book("1", "Sea"));
    add_item(one, id, "1", &first);
    /* Without the right to delete bibs, or to withdraw: words, and nothing happens. */
    room_user(&room, "stacks", "PIO,PIOX");
    room_user(&room, "plain", "CAT");
    catalog *stacks = room_desk(&room, "stacks"), *plain = room_desk(&room, "plain");
    assert_int_equal(catalog_withdraw(stacks, &first, WITHDRAW_BIB, &error), RECTO_EREFUSED);
    assert_int_equal(catalog_withdraw(stacks, &first, WITHDRAW_AND_SUPPRESS, &error), RECTO_EREFUSED);
    assert_int_equal(catalog_withdraw(plain, &first, WITHDRAW_ITEM, &error), RECTO_EREFUSED);
    add_item(one, id, "2", &second);
    assert_int_equal(catalog_withdraw(one, &first, WITHDRAW_BIB, &error),
                     RECTO_EREFUSED); /* the other holdings stand in the way */
    must(catalog_holdings(one, id, count_holding, &holdings, &error), &error);
    assert_int_equal(holdings, 2);
    must(catalog_withdraw(one, &first, WITHDRAW_AND_SUPPRESS, &error), &error);
    must(catalog_load(one, id, &record, &info, &error), &error);
    marc_record_free(record);
    assert_true(info.suppressed);
    assert_int_equal(info.holdings, 1);
    must(catalog_withdraw(one, &second, WITHDRAW_BIB, &error), &error);
    withdrawn_comes_back(one, id, &first, &second);
    must(catalog_load(one, id, &record, &info, &error), &error);
    marc_record_free(record);
    assert_true(info.deleted);
    room_close(&room);
}

static marc_record *imprint(const char *number, const char *publisher)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = book(number, "Sea");
    buffer content;
    buffer_init(&content, 400);
    buffer_append_format(&content, " 1\x1f%s", publisher);
    must(marc_record_append(record, "264", buffer_text(&content), &error), &error);
    buffer_release(&content);
    return record;
}

static void values_in_use__are_whole_and_counted(void **unused)
{
    room room;
    recto_error error = { .status = RECTO_OK };
    used_values values = { .count = 0 };
    (void)unused;
    room_open(&room);
    room_user(&room, "cat1", "CAT,CATX");
    catalog *one = room_desk(&room, "cat1");
    store(one, ZONE_INSTITUTION, imprint("1", "bFondo de Cultura Econ\xc3\xb3mica,"));
    store(one, ZONE_INSTITUTION, imprint("2", "bFondo de Cultura Econ\xc3\xb3mica ;"));
    store(one, ZONE_INSTITUTION, imprint("3", "bF\xc3\xb3ndo chico,"));
    store(one, ZONE_INSTITUTION, imprint("4", "bOtro Fondo,"));
    assert_true(catalog_offers_used_values("264", 'b'));
    assert_false(catalog_offers_used_values("245", 'a'));
    must(catalog_used_values(&values, one, "264", 'b', TEXT("fon"), &error), &error);
    assert_int_equal(values.count, 2);
    assert_string_equal(values.list[0].value, "Fondo de Cultura Econ\xc3\xb3mica");
    assert_int_equal(values.list[0].records, 2);
    used_values_release(&values);
    must(catalog_used_values(&values, one, "264", 'b', TEXT("\"*("), &error), &error);
    assert_int_equal(values.count, 0);
    used_values_release(&values);
    room_close(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(placement__is_the_networks_when_it_says_so),
        cmocka_unit_test(labels_of_local_fields__are_checked),
        cmocka_unit_test(pushed_record__is_locked_when_it_is_edited),
        cmocka_unit_test(locked_record__is_taken_by_the_key_after_its_release),
        cmocka_unit_test(withdrawal__does_all_or_nothing),
        cmocka_unit_test(values_in_use__are_whole_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
