/* tests/repo/pack_test.c - records as they are stored: packed, also as they were stored before, and whatever is put there
 * instead. */
#include "room.h"

#include "recto/base/resource.h"

#include <sodium.h>
#include <sqlite3.h>
#include <zstd.h>

static marc_record *long_enough(void)
{
    return RECORD("008 010101s2001    nyu           000 1 eng d",
                  "245 10 $aA title that is long enough to be packed /$cby somebody.",
                  "264  1 $aNew York :$bOxford University Press,$c2001.", "300    $axii, 240 pages :$billustrations ;$c24 cm",
                  "336    $atext$btxt$2rdacontent", "504    $aIncludes bibliographical references and index.");
}

/* By its bytes, which it frees: of a stored record the leader holds the lengths. */
static void assert_is_it(marc_record *loaded)
{
    marc_record *record = long_enough();
    buffer wanted, found;
    recto_error error = { .status = RECTO_OK };
    buffer_init(&wanted, 0);
    buffer_init(&found, 0);
    must(repo_record_encode(&wanted, record, &error), &error);
    must(repo_record_encode(&found, loaded, &error), &error);
    assert_true(text_equal(buffer_text(&wanted), buffer_text(&found)));
    buffer_release(&wanted);
    buffer_release(&found);
    marc_record_free(record);
    marc_record_free(loaded);
}

/* The stored bytes of the newest version there is. */
static void stored_bytes(buffer *out, const room *room)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *row = NULL;
    buffer_clear(out);
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(database, "SELECT record FROM version ORDER BY doc DESC, version DESC LIMIT 1", -1, &row, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    buffer_append(out, sqlite3_column_blob(row, 0), (size_t)sqlite3_column_bytes(row, 0));
    sqlite3_finalize(row);
    sqlite3_close(database);
}

static void put_bytes(const room *room, text bytes)
{
    sqlite3 *database = NULL;
    sqlite3_stmt *row = NULL;
    assert_int_equal(sqlite3_open(room->path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, "UPDATE version SET record = ?1", -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_bind_blob(row, 1, bytes.bytes, (int)bytes.length, SQLITE_TRANSIENT), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_DONE);
    sqlite3_finalize(row);
    sqlite3_close(database);
}

/* What was packed with a dictionary can only be read with it: a better one gets another number. */
static void the_dictionaries__are_what_they_were(void **state)
{
    static const struct {
        const char *name, *known;
    } files[] = { { "data/records/dictionary-1.txt", "57c8847e07ee03f48a6e8e7ee5aedfdd" },
                  { "data/records/dictionary-2.tables", "ff625b42666bd33cc8d5cbd47f8e7ce7" } };
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        unsigned char hash[16];
        char digits[2 * sizeof hash + 1];
        resource dictionary;
        recto_error error = { .status = RECTO_OK };
        must(resource_open_built_in(&dictionary, files[i].name, &error), &error);
        crypto_generichash(hash, sizeof hash, (const unsigned char *)dictionary.content.bytes, dictionary.content.length, NULL,
                           0);
        assert_string_equal(sodium_bin2hex(digits, sizeof digits, hash, sizeof hash), files[i].known);
        resource_release(&dictionary);
    }
}

static void a_record__is_packed_and_comes_back(void **state)
{
    room *room = *state;
    marc_record *record = long_enough(), *loaded = NULL;
    buffer packed, plain;
    recto_error error = { .status = RECTO_OK };
    buffer_init(&packed, 0);
    buffer_init(&plain, 0);
    must(repo_record_encode(&plain, record, &error), &error);
    const mms_id id = room_add(room->repo, INSTITUTION, record);
    stored_bytes(&packed, room);
    assert_memory_equal(packed.bytes, "Z2", 2);
    assert_true(packed.length < plain.length * 2 / 3);
    must(repo_version_load(room->repo, id, 1, &loaded, &error), &error);
    assert_is_it(loaded);
    buffer_release(&packed);
    buffer_release(&plain);
}

static void an_older_form__is_read(void **state)
{
    room *room = *state;
    marc_record *record = long_enough(), *loaded = NULL;
    check_verdict verdict;
    buffer plain;
    recto_error error = { .status = RECTO_OK };
    buffer_init(&plain, 0);
    must(repo_record_encode(&plain, record, &error), &error);
    const mms_id id = room_add(room->repo, INSTITUTION, record);
    put_bytes(room, buffer_text(&plain));
    must(repo_version_load(room->repo, id, 1, &loaded, &error), &error);
    assert_is_it(loaded);
    must(repo_check(room->repo, true, NULL, NULL, &verdict, &error), &error);
    assert_true(verdict.sound);
    buffer_release(&plain);
}

/* As repositories have it that were made before there was a second dictionary. */
static void what_was_packed_with_the_first_dictionary__is_read(void **state)
{
    room *room = *state;
    marc_record *record = long_enough(), *loaded = NULL;
    resource dictionary;
    buffer plain, packed;
    recto_error error = { .status = RECTO_OK };
    ZSTD_CCtx *context = ZSTD_createCCtx();
    buffer_init(&plain, 0);
    buffer_init(&packed, 0);
    must(repo_record_encode(&plain, record, &error), &error);
    must(resource_open_built_in(&dictionary, "data/records/dictionary-1.txt", &error), &error);
    buffer_append_string(&packed, "Z1");
    const size_t room_for_it = ZSTD_compressBound(plain.length);
    const size_t got = ZSTD_compress_usingDict(context, buffer_reserve(&packed, room_for_it), room_for_it, plain.bytes,
                                               plain.length, dictionary.content.bytes, dictionary.content.length, 1);
    assert_int_equal(ZSTD_isError(got), 0);
    buffer_grow(&packed, got);
    const mms_id id = room_add(room->repo, INSTITUTION, record);
    put_bytes(room, buffer_text(&packed));
    must(repo_version_load(room->repo, id, 1, &loaded, &error), &error);
    assert_is_it(loaded);
    (void)ZSTD_freeCCtx(context);
    resource_release(&dictionary);
    buffer_release(&plain);
    buffer_release(&packed);
}

/* Whatever stands there: the record, or the word that the version is damaged. */
static void any_byte_changed__is_damage_told(void **state)
{
    room *room = *state;
    buffer packed, changed;
    recto_error error = { .status = RECTO_OK };
    const mms_id id = room_add(room->repo, INSTITUTION, long_enough());
    buffer_init(&packed, 0);
    buffer_init(&changed, 0);
    stored_bytes(&packed, room);
    for (size_t i = 0; i < packed.length; i++) {
        marc_record *loaded = NULL;
        buffer_clear(&changed);
        buffer_append_text(&changed, buffer_text(&packed));
        changed.bytes[i] = (char)(changed.bytes[i] ^ (1 << i % 8));
        put_bytes(room, buffer_text(&changed));
        recto_status status = repo_version_load(room->repo, id, 1, &loaded, &error);
        if (status == RECTO_OK) { /* a bit of the frame that says nothing */
            assert_is_it(loaded);
        } else {
            assert_int_equal(status, RECTO_EDATA);
            assert_non_null(strstr(error.what, "version 1 is damaged"));
        }
    }
    buffer_release(&packed);
    buffer_release(&changed);
}

static void a_frame_that_claims_too_much__is_refused(void **state)
{
    static const char *const frames[] = { "Z",
                                          "Z1",
                                          "Z2abc",
                                          "Z3abc",
                                          "Z1\x28\xB5\x2F\xFD\xE0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F\x01",
                                          "Z1\x28\xB5\x2F\xFD\xA0\xFF\xFF\xFF\x0F\x01" };
    room *room = *state;
    marc_record *loaded = NULL;
    recto_error error = { .status = RECTO_OK };
    const mms_id id = room_add(room->repo, INSTITUTION, long_enough());
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        put_bytes(room, text_from(frames[i]));
        assert_int_equal(repo_version_load(room->repo, id, 1, &loaded, &error), RECTO_EDATA);
    }
}

#define IN_ROOM(test) cmocka_unit_test_setup_teardown(test, room_open, room_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_dictionaries__are_what_they_were),
        IN_ROOM(a_record__is_packed_and_comes_back),
        IN_ROOM(what_was_packed_with_the_first_dictionary__is_read),
        IN_ROOM(an_older_form__is_read),
        IN_ROOM(any_byte_changed__is_damage_told),
        IN_ROOM(a_frame_that_claims_too_much__is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
