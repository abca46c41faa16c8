/* tests/repo/refusals_test.c - whoever may only read changes nothing, whichever door he takes; and what is not there is not
 * changed. */
#include "room.h"

#include "recto/repo/authorities.h"
#include "recto/repo/bulk.h"
#include "recto/repo/custody.h"
#include "recto/repo/jobs.h"
#include "recto/repo/links.h"
#include "recto/repo/profiles.h"
#include "recto/repo/rules.h"
#include "recto/repo/sets.h"
#include "recto/repo/templates.h"

typedef struct held {
    mms_id bib, holding, item;
    int64_t set;
} held;

static held fill(room *room)
{
    recto_error error;
    held out = { .bib = room_add_title(room->repo, INSTITUTION, "Held") };
    marc_record *record = RECORD("852 0  $bMAIN$hQA76");
    must(repo_holding_write(room->repo, &out.holding, out.bib, INSTITUTION, record, 0, "cat1", NOON, &error), &error);
    marc_record_free(record);
    item piece = { .holding = out.holding, .barcode = "1" };
    must(repo_item_write(room->repo, &piece, "cat1", NOON, &error), &error);
    out.item = piece.id;
    record_set set = { .zone = INSTITUTION, .name = "one", .owner = "cat1" };
    must(repo_set_put(room->repo, &set, TEXT(""), NOON, &error), &error);
    out.set = set.number;
    return out;
}

#define REFUSED(call) assert_int_equal((call), RECTO_EREFUSED)

static void change_records(repo *repo, const held *held, recto_error *error)
{
    marc_record *record = RECORD("852 0  $bMAIN$hQA77");
    item piece = { .id = held->item, .holding = held->holding, .barcode = "2" };
    mms_id id = held->holding, fresh = 0;
    REFUSED(repo_bib_new_id(repo, INSTITUTION, &fresh, error));
    REFUSED(repo_authority_new_id(repo, INSTITUTION, &fresh, error));
    REFUSED(repo_bib_set_tags(repo, held->bib, 'N', 1, "cat1", NOON, error));
    REFUSED(repo_bib_set_level(repo, held->bib, 10, "cat1", NOON, error));
    REFUSED(repo_bib_set_link(repo, held->bib, 0, error));
    REFUSED(repo_bib_set_survivor(repo, held->bib, 0, error));
    REFUSED(repo_apart_put(repo, held->bib, held->bib + 10000, "why", "cat1", NOON, error));
    REFUSED(repo_holding_write(repo, &id, held->bib, INSTITUTION, record, 1, "cat1", NOON, error));
    REFUSED(repo_holding_move(repo, id, held->bib, record, 1, "cat1", NOON, error));
    REFUSED(repo_holding_delete(repo, id, "cat1", NOON, error));
    REFUSED(repo_holding_undelete(repo, id, "cat1", NOON, error));
    REFUSED(repo_item_write(repo, &piece, "cat1", NOON, error));
    REFUSED(repo_item_delete(repo, held->item, "cat1", NOON, error));
    REFUSED(repo_item_undelete(repo, held->item, "cat1", NOON, error));
    marc_record_free(record);
}

static void change_lists(repo *repo, const held *held, recto_error *error)
{
    record_set set = { .zone = INSTITUTION, .name = "two", .owner = "cat1" };
    repo_job job = { .type = "rules", .title = "A job", .user = "cat1", .zone = INSTITUTION, .started_at = NOON };
    REFUSED(repo_set_put(repo, &set, TEXT(""), NOON, error));
    REFUSED(repo_set_add(repo, held->set, &held->bib, 1, NOON, NULL, error));
    REFUSED(repo_set_take_out(repo, held->set, &held->bib, 1, NOON, NULL, error));
    REFUSED(repo_set_combine(repo, held->set, held->set, SET_UNITE, NOON, error));
    REFUSED(repo_set_remove(repo, held->set, error));
    REFUSED(repo_job_begin(repo, &job, TEXT(""), error));
    REFUSED(repo_job_end(repo, 1, "done", NOON, error));
    REFUSED(repo_load_place_set(repo, TEXT("file"), 1, 1, error));
    REFUSED(repo_load_place_clear(repo, TEXT("file"), error));
    REFUSED(repo_setting_set(repo, 0, "name", "value", error));
    REFUSED(repo_rebuild_indexes(repo, error));
    REFUSED(repo_begin(repo, error));
}

static void change_people(repo *repo, const held *held, recto_error *error)
{
    const repo_user user = { .name = "cat2", .roles = "CAT", .active = true };
    const repo_draft draft = { .owner = "cat1", .id = held->bib, .zone = INSTITUTION, .record = TEXT("r") };
    const repo_notice notice = { .owner = "cat1", .id = held->bib, .kind = "taken", .by = "cat2", .at = NOON };
    char session[64] = "";
    REFUSED(repo_user_put(repo, &user, error));
    REFUSED(repo_user_set_password(repo, "chief", "hash", error));
    REFUSED(repo_user_set_level(repo, "chief", 20, error));
    REFUSED(repo_draft_put(repo, &draft, error));
    REFUSED(repo_draft_remove(repo, "cat1", held->bib, error));
    REFUSED(repo_draft_hand_over(repo, held->bib, "cat1", "cat2", error));
    REFUSED(repo_notice_add(repo, &notice, error));
    REFUSED(repo_notices_told(repo, "cat1", error));
    REFUSED(repo_notices_settle(repo, "cat1", held->bib, error));
    REFUSED(repo_session_begin(repo, "cat1", "01EXAMPLE", NOON, session, error));
    REFUSED(repo_session_seen(repo, "none", NOON, error));
    REFUSED(repo_session_end(repo, "none", NOON, error));
    REFUSED(repo_lock_take(repo, held->bib, "cat1", "01EXAMPLE", "none", NOON, NULL, error));
    REFUSED(repo_lock_release(repo, held->bib, "none", error));
    REFUSED(repo_lock_break(repo, held->bib, "chief", "why", NOON, error));
}

static void a_reader__changes_nothing(void **state)
{
    room *room = *state;
    recto_error error;
    repo *reader = NULL;
    const held held = fill(room);
    must(repo_open(&reader, room->path, REPO_READ_ONLY, &error), &error);
    change_records(reader, &held, &error);
    change_lists(reader, &held, &error);
    change_people(reader, &held, &error);
    repo_close(reader);
    bib_info info;
    must(repo_bib_info(room->repo, held.bib, &info, NOON, &error), &error);
    assert_int_equal(info.version, 1);
    assert_int_equal(info.holdings, 1);
    assert_int_equal(info.items, 1);
    assert_sound(room->repo);
}

#define MISSING(call) assert_int_equal((call), RECTO_ENOTFOUND)

static void what_is_not_there__is_not_changed(void **state)
{
    enum { NONE = 990000 };
    room *room = *state;
    repo *repo = room->repo;
    recto_error error;
    mms_id id = 220000000000015801, to = 0;
    marc_record *record = RECORD("852 0  $bMAIN$hQA77");
    const held held = fill(room);
    bib_info info;
    int version = 0;
    item piece = { .id = 230000000000995801, .holding = held.holding };
    authority_info authority;
    MISSING(repo_bib_info(repo, NONE, &info, NOON, &error));
    MISSING(repo_bib_set_tags(repo, NONE, 0, -1, "cat1", NOON, &error));
    MISSING(repo_bib_set_level(repo, NONE, 10, "cat1", NOON, &error));
    MISSING(repo_holding_write(repo, &id, held.bib, INSTITUTION, record, 1, "cat1", NOON, &error));
    MISSING(repo_holding_load(repo, NONE, NULL, NULL, &error));
    must(repo_holding_load(repo, held.holding, NULL, NULL, &error), &error);
    MISSING(repo_holding_move(repo, NONE, held.bib, record, 1, "cat1", NOON, &error));
    MISSING(repo_holding_move(repo, held.holding, NONE, record, 1, "cat1", NOON, &error));
    MISSING(repo_holding_delete(repo, NONE, "cat1", NOON, &error));
    MISSING(repo_holding_undelete(repo, NONE, "cat1", NOON, &error));
    MISSING(repo_item_write(repo, &piece, "cat1", NOON, &error));
    MISSING(repo_item_delete(repo, NONE, "cat1", NOON, &error));
    MISSING(repo_item_undelete(repo, NONE, "cat1", NOON, &error));
    MISSING(repo_user_set_password(repo, "nobody", "hash", &error));
    MISSING(repo_user_set_level(repo, "nobody", 10, &error));
    MISSING(repo_draft_hand_over(repo, held.bib, "cat1", "cat2", &error));
    MISSING(repo_lock_break(repo, held.bib, "chief", "why", NOON, &error));
    MISSING(repo_version_load(repo, NONE, 1, &record, &error));
    MISSING(repo_authority_info(repo, NONE, &authority, &error));
    must(repo_begin(repo, &error), &error);
    MISSING(repo_bib_delete(repo, NONE, 1, "cat1", NOON, &error));
    MISSING(repo_profile_delete(repo, INSTITUTION, "NONE", "cat1", NOON, &error));
    MISSING(repo_profile_set_password(repo, INSTITUTION, "NONE", "hash", &error));
    assert_int_equal(repo_bib_new_id(repo, 77, &to, &error), RECTO_EINVALID);
    assert_int_equal(room_try_write(repo, 990000000000995801, 77, record, 0, &version, &error), RECTO_EINVALID);
    assert_int_equal(repo_bib_delete(repo, held.bib, 1, "cat1", NOON, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "1 holdings record"));
    repo_rollback(repo);
    must(repo_bib_linked(repo, held.bib, NETWORK, &to, &error), &error);
    assert_int_equal(to, 0);
    must(repo_deletion_step(&(int64_t){ 7 }, repo, NONE, &error), &error);
    const repo_user nameless = { .name = "" };
    assert_int_equal(repo_user_put(repo, &nameless, &error), RECTO_EINVALID);
    marc_record_free(record);
    assert_sound(repo);
}

/* What is deleted comes back in its order: a holdings record needs its bib, an item its holdings. */
static void what_is_deleted__comes_back_from_above(void **state)
{
    room *room = *state;
    repo *repo = room->repo;
    recto_error error;
    const held held = fill(room);
    assert_int_equal(repo_holding_delete(repo, held.holding, "cat1", NOON, &error), RECTO_EREFUSED);
    assert_non_null(strstr(error.what, "1 item"));
    must(repo_item_delete(repo, held.item, "cat1", NOON, &error), &error);
    must(repo_holding_delete(repo, held.holding, "cat1", NOON, &error), &error);
    must(repo_begin(repo, &error), &error);
    must(repo_bib_delete(repo, held.bib, 1, "cat1", NOON, &error), &error);
    must(repo_commit(repo, &error), &error);
    assert_int_equal(repo_holding_undelete(repo, held.holding, "cat1", NOON, &error), RECTO_EREFUSED);
    assert_int_equal(repo_item_undelete(repo, held.item, "cat1", NOON, &error), RECTO_EREFUSED);
    marc_record *again = RECORD("245 10 $aHeld");
    must(room_change(repo, held.bib, again, 1, NULL, &error), &error);
    marc_record_free(again);
    must(repo_holding_undelete(repo, held.holding, "cat1", NOON, &error), &error);
    must(repo_item_undelete(repo, held.item, "cat1", NOON, &error), &error);
    assert_sound(repo);
}

static void a_version_of_what_is_not_there__is_refused(void **state)
{
    repo *repo = ((room *)*state)->repo;
    recto_error error;
    repo_rule rule = { .zone = INSTITUTION, .language = "norm", .name = "None", .saved_by = "cat1" };
    repo_template template = { .zone = INSTITUTION, .kind = "template", .owner = "cat1", .name = "None", .saved_by = "cat1" };
    must(repo_begin(repo, &error), &error);
    REFUSED(repo_rule_put(repo, &rule, TEXT("rule"), 1, &error));
    assert_string_equal(error.what, "the rule is not there any more");
    REFUSED(repo_template_put(repo, &template, TEXT("text"), 1, &error));
    assert_string_equal(error.what, "it is not there any more");
    repo_rollback(repo);
}

static void a_record__stays_in_its_zone(void **state)
{
    repo *repo = ((room *)*state)->repo;
    recto_error error;
    bib_info info;
    const mms_id id = room_add_title(repo, INSTITUTION, "Ours");
    marc_record *record = RECORD("245 10 $aTheirs");
    must(repo_begin(repo, &error), &error);
    REFUSED(room_try_write(repo, id, OTHER, record, 1, NULL, &error));
    assert_string_equal(error.what, "the record belongs to another zone");
    repo_rollback(repo);
    marc_record_free(record);
    must(repo_bib_info(repo, id, &info, NOON, &error), &error);
    assert_int_equal(info.version, 1);
    assert_int_equal(info.zone, INSTITUTION);
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_ROOM(a_reader__changes_nothing),
        IN_ROOM(what_is_not_there__is_not_changed),
        IN_ROOM(what_is_deleted__comes_back_from_above),
        IN_ROOM(a_version_of_what_is_not_there__is_refused),
        IN_ROOM(a_record__stays_in_its_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
