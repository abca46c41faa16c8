/* tests/repo/codec_damage_test.c - bytes that claim to be a stored record: each single one changed, cut off anywhere, and numbers
 * of people that are none. No byte may lead outside of them. */
#include "room.h"

static void encode(buffer *out, marc_record *record)
{
    recto_error error;
    buffer_init(out, 0);
    must(repo_record_encode(out, record, &error), &error);
    marc_record_free(record);
}

/* Either it is refused as data, or what is read has no more than the bytes have. */
static void is_read_or_refused(text bytes)
{
    recto_error error = { .status = RECTO_OK };
    marc_record *record = NULL;
    char *exact = malloc(bytes.length + 1); /* so that a reader that goes too far is seen by the sanitizers */
    size_t held = 0;
    assert_non_null(exact);
    memcpy(exact, bytes.bytes, bytes.length);
    const recto_status status = repo_record_decode(&record, text_of(exact, bytes.length), &error);
    assert_true(status == RECTO_OK || status == RECTO_EDATA);
    for (size_t i = 0; status == RECTO_OK && i < marc_record_count(record); i++)
        held += marc_record_field(record, i)->content.length;
    assert_true(held <= bytes.length * (bytes.length / 12 + 1));
    marc_record_free(record);
    free(exact);
}

static void every_byte__may_be_another(void **state)
{
    static const char others[] = { '\0', '/', ':', '9', '\x1E', '\x1D', '\xFF' };
    char *giant = malloc(120001);
    buffer narrow, wide;
    (void)state;
    assert_non_null(giant);
    memset(giant, 'x', 120000);
    memcpy(giant, "500    $a", 9);
    giant[120000] = '\0';
    encode(&narrow, RECORD("001 991", "245 10 $aTitle$bmore", "650  0 $aSubject"));
    encode(&wide, RECORD("001 991", giant));
    const buffer *const samples[] = { &narrow, &wide };
    for (size_t sample = 0; sample < 2; sample++) {
        const size_t heads = samples[sample]->length < 200 ? samples[sample]->length : 140;
        for (size_t at = 0; at < heads; at++)
            for (size_t i = 0; i < sizeof others; i++) {
                const char before = samples[sample]->bytes[at];
                samples[sample]->bytes[at] = others[i];
                is_read_or_refused(text_of(samples[sample]->bytes, samples[sample]->length));
                samples[sample]->bytes[at] = before;
            }
        for (size_t length = 0; length < heads; length++)
            is_read_or_refused(text_of(samples[sample]->bytes, length));
        is_read_or_refused(text_of(samples[sample]->bytes, samples[sample]->length));
    }
    buffer_release(&narrow);
    buffer_release(&wide);
    free(giant);
}

static void a_number__is_read_as_people_write_it(void **state)
{
    static const struct {
        const char *typed;
        bool is_one;
    } cases[] = { { "991000000000015801", true },
                  { "MMS ID: 991000000000015801", true },
                  { "mms 991000000000015801", true },
                  { "ID 991000000000015801", false },
                  { "MMS", false },
                  { "MMS ID", false },
                  { "MMSID:991000000000015801 ", true },
                  { "", false },
                  { "9910000000000158011234", false },
                  { "99100000000001580x", false } };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mms_id id = 0;
        if (mms_id_parse(&id, text_from(cases[i].typed)) != cases[i].is_one)
            fail_msg("\"%s\": %lld", cases[i].typed, (long long)id);
        assert_true(!cases[i].is_one || id == 991000000000015801);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte__may_be_another),
        cmocka_unit_test(a_number__is_read_as_people_write_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
