/* tests/catalog/desk_test.c - who may sit down, what a role may do, holdings and items. */
#include "catalog/room.h"

#include "recto/catalog/custody.h"

/* ---- who is who (decisions.md 13) */

static void only_the_password_or_the_file_makes_one_somebody_else(void **state)
{
    static const struct {
        const char *name, *user, *login;
        bool owner;
        const char *password;
        recto_status want;
    } cases[] = {
        { "oneself", NULL, "cat", false, NULL, RECTO_OK },
        { "oneself by name", "cat", "cat", false, NULL, RECTO_OK },
        { "another without a password", "chief", "cat", false, NULL, RECTO_EREFUSED },
        { "another with a wrong one", "cat2", "cat", false, "not the password", RECTO_EREFUSED },
        { "another with hers", "cat2", "cat", false, "correct horse", RECTO_OK },
        { "one without any password", "cat", "cat2", false, "", RECTO_EREFUSED },
        { "nobody", "nobody-here", "cat", false, "correct horse", RECTO_EREFUSED },
        { "the owner as another", "cat2", "root", true, NULL, RECTO_OK },
        { "the owner as nobody", "nobody-here", "root", true, NULL, RECTO_ENOTFOUND },
        { "somebody not entered", NULL, "guest", false, NULL, RECTO_OK },
        { "somebody inactive", NULL, "gone", false, NULL, RECTO_EREFUSED },
    };
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    room_open(&here);
    room_user(&here, "cat", "CAT");
    room_user(&here, "cat2", "CAT");
    catalog *chief = room_desk(&here, "chief"), *desk = NULL;
    must(catalog_password_set(chief, "cat2", "correct horse", &error), &error);
    repo_user gone = { .name = "gone", .roles = "CAT", .active = false };
    must(catalog_user_put(chief, &gone, &error), &error);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        recto_status status = room_try(&here, &desk, cases[i].user, cases[i].login, cases[i].owner, cases[i].password, &error);
        if (status != cases[i].want)
            fail_msg("%s: status %d, wanted %d: %s", cases[i].name, (int)status, (int)cases[i].want, error.what);
        if (status != RECTO_OK)
            continue;
        assert_string_equal(catalog_user(desk), cases[i].user != NULL ? cases[i].user : cases[i].login);
        room_leave(&here, desk);
    }
    room_close(&here);
}

static void passwords_are_set_by_oneself_or_an_administrator(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    buffer hash;
    room_open(&here);
    room_user(&here, "cat", "CAT");
    catalog *cat = room_desk(&here, "cat");
    assert_int_equal(catalog_password_set(cat, "chief", "a good password", &error), RECTO_EREFUSED);
    assert_int_equal(catalog_password_set(cat, "cat", "short", &error), RECTO_EINVALID);
    assert_int_equal(catalog_password_set(cat, "cat", "", &error), RECTO_EINVALID);
    assert_int_equal(catalog_password_set(cat, "cat", "alma1234", &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "default"));
    must(catalog_password_set(cat, "cat", "a good password", &error), &error);
    buffer_init(&hash, 0);
    must(repo_user_password(catalog_repo(cat), "cat", &hash, &error), &error);
    assert_true(text_starts(buffer_text(&hash), TEXT("$argon2id$")));
    buffer_release(&hash);
    room_close(&here);
}

static void a_role_gives_its_privileges_and_no_more(void **state)
{
    static const struct {
        const char *roles;
        privilege privilege;
        bool may;
    } cases[] = {
        { "", PRIVILEGE_SEARCH, true },
        { "", PRIVILEGE_CATALOG, false },
        { "CAT", PRIVILEGE_CATALOG, true },
        { "CAT", PRIVILEGE_CATALOG_NETWORK, true },
        { "CAT", PRIVILEGE_DELETE, false },
        { "CATX", PRIVILEGE_DELETE, false },
        { "CAT,CATX", PRIVILEGE_DELETE, true },
        { "CM, CATX", PRIVILEGE_DELETE, true },
        { "CAT", PRIVILEGE_INVENTORY, false },
        { "PIO", PRIVILEGE_INVENTORY, true },
        { "PIOX", PRIVILEGE_WITHDRAW, false },
        { "PIO,PIOX", PRIVILEGE_WITHDRAW, true },
        { "CA", PRIVILEGE_LOCK_BREAK, true },
        { "CM", PRIVILEGE_LOCK_BREAK, false },
        { "GSA", PRIVILEGE_ADMINISTER, true },
        { "GSA", PRIVILEGE_CATALOG, false },
        { "CA", PRIVILEGE_ADMINISTER, false },
        { "CAT", PRIVILEGE_HOLDINGS, true },
        { "PO", PRIVILEGE_HOLDINGS, true },
        { "PO", PRIVILEGE_INVENTORY, false },
        { "RM", PRIVILEGE_HOLDINGS, true },
        { "PIOL@LAW", PRIVILEGE_HOLDINGS, true },
        { "PIO@LAW,PIOX", PRIVILEGE_WITHDRAW, true },
        { "PIO@LAW,PIOX@ART", PRIVILEGE_WITHDRAW, false },
    };
    (void)state;
    room here;
    room_open(&here);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        room_user(&here, "who", cases[i].roles);
        catalog *desk = room_desk(&here, "who");
        if (catalog_may(desk, cases[i].privilege) != cases[i].may)
            fail_msg("roles '%s', privilege %d", cases[i].roles, (int)cases[i].privilege);
        room_leave(&here, desk);
    }
    assert_string_equal(privilege_sentence(PRIVILEGE_DELETE), "needs role Cataloger Extended");
    room_close(&here);
}

static void the_first_user_may_do_everything(void **state)
{
    (void)state;
    room here;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    for (privilege each = PRIVILEGE_SEARCH; each <= PRIVILEGE_WITHDRAW; each++)
        assert_true(catalog_may(chief, each));
    room_close(&here);
}

static void unknown_roles_and_users_are_refused(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    repo_user user = { .name = "new", .roles = "CAT,BOSS", .active = true };
    room_open(&here);
    room_user(&here, "cat", "CAT");
    catalog *chief = room_desk(&here, "chief"), *cat = room_desk(&here, "cat");
    assert_int_equal(catalog_user_put(chief, &user, &error), RECTO_EINVALID);
    assert_non_null(strstr(error.what, "BOSS"));
    snprintf(user.roles, sizeof user.roles, "CAT");
    assert_int_equal(catalog_user_put(cat, &user, &error), RECTO_EREFUSED);
    room_close(&here);
}

static void an_unknown_institution_is_answered_with_the_known_ones(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    catalog *desk = NULL;
    room_open(&here);
    const catalog_options options = { .repository = here.path, .login = "chief", .institution = "03NONE", .clock = here.clock };
    assert_int_equal(catalog_open(&desk, &options, &error), RECTO_ENOTFOUND);
    assert_non_null(strstr(error.todo, "01EXAMPLE, 02OTHER"));
    room_close(&here);
}

/* ---- inventory */

static void holdings_are_proposed_from_the_class_number(void **state)
{
    static const struct {
        const char *tag, *line;
        char scheme;
        const char *want;
    } cases[] = {
        { "050", "$aPS3515.E37$bO4 1952", '0', "PS3515.E37 O4 1952" },
        { "090", "$aML410.B41$bF679 1998", '0', "ML410.B41 F679 1998" },
        { "082", "$a813.52", '1', "813.52" },
        { "500", "$aNo class number", ' ', "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        room here;
        recto_error error = { .status = RECTO_OK };
        marc_record *record = book("123", "Classed"), *holdings = NULL, *back = NULL;
        char digits[MMS_ID_LENGTH];
        holding info;
        mms_id id = 0;
        room_open(&here);
        catalog *chief = room_desk(&here, "chief");
        add_line(record, cases[i].tag, "  ", cases[i].line);
        const mms_id bib = store(chief, ZONE_INSTITUTION, record);
        must(catalog_holding_template(&holdings, chief, bib, &error), &error);
        mms_id_format(digits, bib);
        assert_true(text_equal(marc_record_control(holdings, "004"), text_from(digits)));
        assert_int_equal(marc_record_control(holdings, "008").length, 32);
        assert_int_equal(marc_family_of(holdings), MARC_HOLDINGS);
        assert_int_equal(marc_field_indicator(marc_record_field(holdings, marc_record_find(holdings, "852", 0)), 1),
                         cases[i].scheme);
        must(catalog_holding_save(chief, &id, bib, holdings, 0, &error), &error);
        must(catalog_holding_load(chief, id, &back, &info, &error), &error);
        assert_string_equal(info.call_number, cases[i].want);
        mms_id_format(digits, id);
        assert_true(text_equal(marc_record_control(back, "001"), text_from(digits)));
        marc_record_free(back);
        marc_record_free(holdings);
        room_close(&here);
    }
}

static void inventory_needs_a_saved_record_of_the_institution(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    marc_record *holdings = NULL, *record = book("5", "Not saved");
    edit_session *session = NULL;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id network = store(chief, ZONE_NETWORK, book("123", "Network"));
    assert_int_equal(catalog_holding_template(&holdings, chief, network, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "Network Zone holds no inventory"));
    must(edit_new(&session, chief, catalog_zone(chief, ZONE_INSTITUTION)->id, &record, NULL, &error), &error);
    assert_int_equal(catalog_holding_template(&holdings, chief, edit_state_of(session)->id, &error), RECTO_EREFUSED);
    assert_string_equal(error.todo, "save the bibliographic record first");
    must(edit_release(&session, &error), &error);
    room_close(&here);
}

static void a_barcode_is_given_once(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    marc_record *holdings = NULL;
    mms_id holding_id = 0;
    room_open(&here);
    catalog *chief = room_desk(&here, "chief");
    const mms_id bib = store(chief, ZONE_INSTITUTION, book("123", "Items"));
    must(catalog_holding_template(&holdings, chief, bib, &error), &error);
    must(catalog_holding_save(chief, &holding_id, bib, holdings, 0, &error), &error);
    item first = { .holding = holding_id, .barcode = " 33110001 " }, second = { .holding = holding_id, .barcode = "33110001" },
         none = { .holding = holding_id };
    must(catalog_item_save(chief, &first, &error), &error);
    assert_true(first.id != 0);
    assert_true(first.bib == bib);
    assert_int_equal(first.copy, 1);
    assert_int_equal(catalog_item_save(chief, &second, &error), RECTO_EINVALID);
    assert_int_equal(catalog_item_save(chief, &none, &error), RECTO_EINVALID);
    assert_int_equal(count_hits(chief, SEARCH_PHYSICAL_ITEMS, ZONE_INSTITUTION, "bc", "33110001", NULL), 1);
    assert_int_equal(catalog_holding_delete(chief, holding_id, &error), RECTO_EREFUSED);
    assert_int_equal(catalog_delete(chief, bib, 1, &error), RECTO_EREFUSED);
    must(catalog_withdraw(chief, &first, WITHDRAW_ITEM, &error), &error);
    must(catalog_holding_delete(chief, holding_id, &error), &error);
    must(catalog_delete(chief, bib, 1, &error), &error);
    assert_int_equal(count_hits(chief, SEARCH_ALL_TITLES, 0, "ti", "Items", NULL), 0);
    marc_record_free(holdings);
    room_close(&here);
}

static void who_makes_items_needs_the_role(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    marc_record *holdings = NULL;
    mms_id holding_id = 0;
    room_open(&here);
    room_user(&here, "cat", "CAT");
    catalog *chief = room_desk(&here, "chief"), *cat = room_desk(&here, "cat");
    const mms_id bib = store(chief, ZONE_INSTITUTION, book("123", "Roles"));
    must(catalog_holding_template(&holdings, cat, bib, &error), &error);
    must(catalog_holding_save(cat, &holding_id, bib, holdings, 0, &error), &error); /* holdings.edit is a cataloger's */
    item item = { .holding = holding_id, .barcode = "1" };
    assert_int_equal(catalog_item_save(cat, &item, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "needs role Physical Inventory Operator"));
    marc_record_free(holdings);
    room_close(&here);
}

/* ED-2, ED-6: inventory roles may be of one library, cataloging roles are of the institution. */
static void a_role_of_one_library_ends_at_its_doors(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    marc_record *law = NULL, *main = NULL;
    mms_id law_id = 0, main_id = 0;
    char own[64];
    repo_user user = { .name = "new", .roles = "CAT@LAW", .active = true };
    room_open(&here);
    room_user(&here, "law", "PIO@LAW,PIOX@LAW");
    catalog *chief = room_desk(&here, "chief"), *desk = room_desk(&here, "law");
    const mms_id bib = store(chief, ZONE_INSTITUTION, book("123", "Scopes"));
    must(catalog_holding_template(&main, chief, bib, &error), &error);
    must(catalog_holding_save(chief, &main_id, bib, main, 0, &error), &error);
    assert_true(catalog_may(desk, PRIVILEGE_INVENTORY));
    assert_true(catalog_may_at(desk, PRIVILEGE_WITHDRAW, "LAW"));
    assert_false(catalog_may_at(desk, PRIVILEGE_INVENTORY, "MAIN"));
    assert_false(catalog_may(desk, PRIVILEGE_CATALOG));
    catalog_own_library(own, desk);
    assert_string_equal(own, "LAW");
    catalog_own_library(own, chief);
    assert_string_equal(own, "");
    must(catalog_holding_template(&law, desk, bib, &error), &error); /* proposed where the role holds */
    must(catalog_holding_save(desk, &law_id, bib, law, 0, &error), &error);
    item here_item = { .holding = law_id, .barcode = "1" }, there_item = { .holding = main_id, .barcode = "2" };
    must(catalog_item_save(desk, &here_item, &error), &error);
    assert_int_equal(catalog_item_save(desk, &there_item, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "in the library MAIN"));
    assert_int_equal(catalog_holding_save(desk, &main_id, bib, main, 1, &error), RECTO_EREFUSED);
    assert_int_equal(catalog_holding_save(desk, &main_id, bib, law, 1, &error), RECTO_EREFUSED); /* nor taken over to LAW */
    assert_int_equal(catalog_holding_save(desk, &law_id, bib, main, 1, &error), RECTO_EREFUSED); /* nor given away */
    assert_int_equal(catalog_holding_delete(desk, main_id, &error), RECTO_EREFUSED);
    must(catalog_withdraw(desk, &here_item, WITHDRAW_ITEM, &error), &error);
    must(catalog_holding_delete(desk, law_id, &error), &error);
    assert_int_equal(catalog_user_put(chief, &user, &error), RECTO_EINVALID);
    assert_non_null(strstr(error.what, "for the whole institution only is role 'CAT@LAW'"));
    snprintf(user.roles, sizeof user.roles, "PIO@");
    assert_int_equal(catalog_user_put(chief, &user, &error), RECTO_EINVALID);
    marc_record_free(law);
    marc_record_free(main);
    room_close(&here);
}

static void tags_are_kept_and_a_lock_guards_them(void **state)
{
    (void)state;
    room here;
    recto_error error = { .status = RECTO_OK };
    edit_session *session = NULL;
    room_open(&here);
    room_user(&here, "cat2", "CAT");
    catalog *chief = room_desk(&here, "chief"), *cat2 = room_desk(&here, "cat2");
    const mms_id id = store(chief, ZONE_INSTITUTION, book("123", "Tags"));
    must(catalog_set_tags(chief, id, 'N', 1, &error), &error);
    bib_info info;
    marc_record *record = NULL;
    must(catalog_load(chief, id, &record, &info, &error), &error);
    assert_int_equal(info.sync, 'N');
    assert_true(info.suppressed);
    marc_record_free(record);
    must(edit_open(&session, cat2, id, &error), &error);
    assert_int_equal(catalog_set_tags(chief, id, 'B', 0, &error), RECTO_ELOCKED);
    must(edit_release(&session, &error), &error);
    room_close(&here);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_password_or_the_file_makes_one_somebody_else),
        cmocka_unit_test(passwords_are_set_by_oneself_or_an_administrator),
        cmocka_unit_test(a_role_gives_its_privileges_and_no_more),
        cmocka_unit_test(the_first_user_may_do_everything),
        cmocka_unit_test(unknown_roles_and_users_are_refused),
        cmocka_unit_test(an_unknown_institution_is_answered_with_the_known_ones),
        cmocka_unit_test(holdings_are_proposed_from_the_class_number),
        cmocka_unit_test(inventory_needs_a_saved_record_of_the_institution),
        cmocka_unit_test(a_barcode_is_given_once),
        cmocka_unit_test(who_makes_items_needs_the_role),
        cmocka_unit_test(a_role_of_one_library_ends_at_its_doors),
        cmocka_unit_test(tags_are_kept_and_a_lock_guards_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
