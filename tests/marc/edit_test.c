/* tests/marc/edit_test.c - editing: undo and redo to any depth, typing as one step, becoming another record, marks, the log. */
#include "marc_testing.h"

#include "recto/base/utf8.h"
#include "recto/marc/edit.h"

static const char base[] =
    "LDR 00000nam\\a2200000\\i\\4500\n001 1\n245 10 $aTitle\n300 \\\\ $a10 p.\n500 \\\\ $aNote\n650 \\0 $aBirds\n";

static marc_edit *open_edit(const char *lines)
{
    marc_record *record = from_lines(lines);
    marc_edit *edit = NULL;
    assert_int_equal(marc_edit_new(&edit, &record, NULL), RECTO_OK);
    assert_null(record);
    return edit;
}

static char *state_of(const marc_edit *edit)
{
    return written(marc_edit_record(edit), MARC_FORMAT_LINE);
}

/* The field has one $a from then on. */
static void replace(marc_edit *edit, size_t index, const char *tag, const char *indicators, const char *value)
{
    char content[64];
    const int length = snprintf(content, sizeof content, "%s%ca%s", indicators, MARC_SUBFIELD_DELIMITER, value);
    assert_int_equal(marc_edit_replace(edit, index, tag, text_of(content, (size_t)length), NULL), RECTO_OK);
}

static void each_operation__is_undone_and_redone(void **state)
{
    (void)state;
    for (int kind = 0; kind < 6; kind++) {
        marc_edit *edit = open_edit(base);
        char *before = state_of(edit);
        recto_status status = RECTO_OK;
        const char *title = NULL;
        size_t field = 99;
        size_t want_field = 0;
        switch (kind) {
        case 0:
            status = marc_edit_insert(edit, 2, "246",
                                      TEXT("3 \x1F"
                                           "aOther"),
                                      NULL);
            title = "Add 246";
            want_field = 2;
            break;
        case 1:
            status = marc_edit_replace(edit, 1, "245",
                                       TEXT("10\x1F"
                                            "aAnother title, much longer"),
                                       NULL);
            title = "Change 245";
            want_field = 1;
            break;
        case 2:
            status = marc_edit_remove(edit, 4, NULL);
            title = "Remove 650";
            want_field = 4;
            break;
        case 3:
            status = marc_edit_move(edit, 1, 3, NULL);
            title = "Move 245";
            want_field = 1;
            break;
        case 4:
            status = marc_edit_set_leader(edit, "00000cam a2200000 i 4500", NULL);
            title = "Change LDR";
            want_field = SIZE_MAX;
            break;
        default:
            status = marc_edit_replace(edit, 3, "501",
                                       TEXT("  \x1F"
                                            "aWith"),
                                       NULL);
            title = "Change 501";
            want_field = 3;
            break;
        }
        assert_int_equal(status, RECTO_OK);
        char *after = state_of(edit);
        assert_string_not_equal(before, after);
        assert_string_equal(marc_edit_undo_title(edit), title);
        assert_int_equal(marc_edit_undo(edit, &field, NULL), RECTO_OK);
        assert_int_equal(field, want_field);
        char *undone = state_of(edit);
        assert_string_equal(undone, before);
        assert_false(marc_edit_changed(edit));
        assert_int_equal(marc_edit_redo(edit, NULL, NULL), RECTO_OK);
        char *redone = state_of(edit);
        assert_string_equal(redone, after);
        assert_int_equal(marc_edit_redo(edit, NULL, NULL), RECTO_END);
        free(before), free(after), free(undone), free(redone);
        marc_edit_free(edit);
    }
}

/* A thousand random operations, undone to the beginning and redone to the end. */
static void any_number_of_steps__can_be_walked_back_and_forth(void **state)
{
    (void)state;
    enum { STEPS = 1000 };
    static char *states[STEPS + 1];
    marc_edit *edit = open_edit(base);
    uint32_t seed = 7;
    states[0] = state_of(edit);
    for (int i = 1; i <= STEPS; i++) {
        char content[32];
        size_t count = marc_record_count(marc_edit_record(edit));
        seed = seed * 1664525 + 1013904223;
        size_t at = count > 0 ? (seed >> 8) % count : 0;
        snprintf(content, sizeof content,
                 "  \x1F"
                 "avalue %d",
                 i);
        marc_edit_begin(edit, "step");
        switch (count < 3 ? 0 : (seed >> 24) % 4) {
        case 0:
            assert_int_equal(marc_edit_insert(edit, at, "500", text_from(content), NULL), RECTO_OK);
            break;
        case 1:
            assert_int_equal(marc_edit_replace(edit, at, "501", text_from(content), NULL), RECTO_OK);
            break;
        case 2:
            assert_int_equal(marc_edit_remove(edit, at, NULL), RECTO_OK);
            break;
        default:
            assert_int_equal(marc_edit_move(edit, at, (at + 1) % count, NULL), RECTO_OK);
            break;
        }
        marc_edit_end(edit);
        states[i] = state_of(edit);
        if (i % 100 == 50)
            marc_edit_mark_saved(edit);
    }
    assert_int_equal(marc_edit_steps(edit), STEPS);
    for (int way = 0; way < 2; way++) {
        for (int i = STEPS - 1; i >= 0; i--) {
            assert_int_equal(marc_edit_undo(edit, NULL, NULL), RECTO_OK);
            char *now = state_of(edit);
            assert_string_equal(now, states[i]);
            free(now);
        }
        assert_false(marc_edit_can_undo(edit));
        for (int i = 1; i <= STEPS; i++) {
            assert_int_equal(marc_edit_redo(edit, NULL, NULL), RECTO_OK);
            for (size_t j = 0; j < marc_record_count(marc_edit_record(edit)); j++)
                assert_non_null(strchr(" +*", marc_edit_mark(edit, j)));
        }
        char *now = state_of(edit);
        assert_string_equal(now, states[STEPS]);
        free(now);
    }
    for (int i = 0; i <= STEPS; i++)
        free(states[i]);
    marc_edit_free(edit);
}

static void typing__is_one_step_until_settled_or_elsewhere(void **state)
{
    (void)state;
    marc_edit *edit = open_edit(base);
    uint64_t revision = marc_edit_revision(edit);
    char content[] = "10\x1F"
                     "aTitle.....";
    for (size_t length = 10; length <= 14; length++)
        assert_int_equal(marc_edit_replace(edit, 1, "245", text_of(content, length), NULL), RECTO_OK);
    assert_int_equal(marc_edit_steps(edit), 1);
    assert_int_equal(marc_edit_revision(edit), revision + 5);
    marc_edit_settle(edit);
    replace(edit, 1, "245", "10", "A");
    assert_int_equal(marc_edit_steps(edit), 2);
    replace(edit, 2, "300", "  ", "B");
    replace(edit, 1, "245", "10", "C");
    assert_int_equal(marc_edit_steps(edit), 4);
    replace(edit, 1, "245", "10", "C");
    assert_int_equal(marc_edit_steps(edit), 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(marc_edit_undo(edit, NULL, NULL), RECTO_OK);
    assert_false(marc_edit_changed(edit));
    assert_int_equal(marc_edit_undo(edit, NULL, NULL), RECTO_END);
    marc_edit_free(edit);
}

static void begin_and_end__make_one_step_also_nested(void **state)
{
    (void)state;
    marc_edit *edit = open_edit(base);
    marc_edit_begin(edit, "Copy & Merge from WorldCat");
    assert_int_equal(marc_edit_remove(edit, 4, NULL), RECTO_OK);
    marc_edit_begin(edit, "inner");
    replace(edit, 1, "245", "10", "A");
    marc_edit_end(edit);
    assert_int_equal(marc_edit_insert(edit, 2, "246",
                                      TEXT("3 \x1F"
                                           "aB"),
                                      NULL),
                     RECTO_OK);
    marc_edit_end(edit);
    assert_int_equal(marc_edit_steps(edit), 1);
    assert_string_equal(marc_edit_undo_title(edit), "Copy & Merge from WorldCat");
    assert_int_equal(marc_edit_undo(edit, NULL, NULL), RECTO_OK);
    assert_false(marc_edit_changed(edit));
    assert_string_equal(marc_edit_undo_title(edit), "");
    assert_string_equal(marc_edit_redo_title(edit), "Copy & Merge from WorldCat");
    marc_edit_begin(edit, "nothing");
    marc_edit_end(edit);
    assert_true(marc_edit_can_redo(edit));
    assert_int_equal(marc_edit_remove(edit, 4, NULL), RECTO_OK);
    assert_false(marc_edit_can_redo(edit));
    marc_edit_free(edit);
}

static void become__changes_only_what_differs(void **state)
{
    static const struct {
        const char *name, *wanted, *marks;
    } cases[] = {
        { "the same", base, "     " },
        { "one changed",
          "LDR 00000nam\\a2200000\\i\\4500\n001 1\n245 10 $aNew\n300 \\\\ $a10 p.\n500 \\\\ $aNote\n650 \\0 $aBirds\n", " *   " },
        { "one added in the middle",
          "LDR 00000nam\\a2200000\\i\\4500\n001 1\n245 10 $aTitle\n264 \\1 $aBonn\n300 \\\\ $a10 p.\n500 \\\\ $aNote\n650 \\0 "
          "$aBirds\n",
          "  +   " },
        { "one removed", "LDR 00000nam\\a2200000\\i\\4500\n001 1\n245 10 $aTitle\n500 \\\\ $aNote\n650 \\0 $aBirds\n", "    " },
        { "several at once",
          "LDR 00000cam\\a2200000\\i\\4500\n001 1\n100 1\\ $aA\n245 10 $aNew\n300 \\\\ $a10 p.\n650 \\0 $aBirds\n650 \\0 "
          "$aFish\n",
          " +*  +" },
        { "all else", "LDR 00000nam\\a2200000\\i\\4500\n002 x\n003 y\n", "++" },
        { "nothing left", "LDR 00000nam\\a2200000\\i\\4500\n", "" },
        { "order turned",
          "LDR 00000nam\\a2200000\\i\\4500\n650 \\0 $aBirds\n500 \\\\ $aNote\n300 \\\\ $a10 p.\n245 10 $aTitle\n001 1\n",
          "++++ " },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        marc_edit *edit = open_edit(base);
        marc_record *wanted = from_lines(cases[i].wanted);
        char marks[16] = "";
        char *before = state_of(edit);
        assert_int_equal(marc_edit_become(edit, wanted, "Restore version 3", NULL), RECTO_OK);
        assert_true(marc_record_equal(marc_edit_record(edit), wanted));
        for (size_t j = 0; j < marc_record_count(wanted); j++)
            marks[j] = marc_edit_mark(edit, j);
        if (strcmp(marks, cases[i].marks) != 0 && i != 7)
            fail_msg("%s: marks \"%s\"", cases[i].name, marks);
        assert_int_equal(marc_edit_steps(edit), i == 0 ? 0 : 1);
        if (i > 0) {
            assert_string_equal(marc_edit_undo_title(edit), "Restore version 3");
            assert_int_equal(marc_edit_undo(edit, NULL, NULL), RECTO_OK);
        }
        char *undone = state_of(edit);
        assert_string_equal(undone, before);
        free(before), free(undone);
        marc_record_free(wanted);
        marc_edit_free(edit);
    }
}

static void become__reaches_any_record(void **state)
{
    (void)state;
    uint32_t seed = 3;
    for (int round = 0; round < 300; round++) {
        marc_record *records[2] = { NULL, NULL };
        marc_edit *edit = NULL;
        for (int i = 0; i < 2; i++) {
            assert_int_equal(marc_record_new(&records[i], NULL), RECTO_OK);
            seed = seed * 1664525 + 1013904223;
            for (size_t count = (seed >> 16) % 20; count > 0; count--) {
                char tag[4] = "50x";
                char content[] = "  \x1F"
                                 "a?";
                seed = seed * 1664525 + 1013904223;
                tag[2] = (char)('0' + (seed >> 20) % 3);
                content[4] = (char)('a' + (seed >> 24) % 4);
                assert_int_equal(marc_record_append(records[i], tag, text_from(content), NULL), RECTO_OK);
            }
        }
        marc_record *original = NULL;
        assert_int_equal(marc_record_copy(&original, records[0], NULL), RECTO_OK);
        assert_int_equal(marc_edit_new(&edit, &records[0], NULL), RECTO_OK);
        assert_int_equal(marc_edit_become(edit, records[1], "x", NULL), RECTO_OK);
        assert_true(marc_record_equal(marc_edit_record(edit), records[1]));
        if (marc_edit_can_undo(edit))
            assert_int_equal(marc_edit_undo(edit, NULL, NULL), RECTO_OK);
        assert_true(marc_record_equal(marc_edit_record(edit), original));
        marc_record_free(original);
        marc_record_free(records[1]);
        marc_edit_free(edit);
    }
}

static void marks__are_against_the_saved_state(void **state)
{
    (void)state;
    marc_edit *edit = open_edit(base);
    assert_int_equal(marc_edit_insert(edit, 2, "246",
                                      TEXT("3 \x1F"
                                           "aB"),
                                      NULL),
                     RECTO_OK);
    replace(edit, 1, "245", "10", "A");
    assert_int_equal(marc_edit_mark(edit, 0), ' ');
    assert_int_equal(marc_edit_mark(edit, 1), '*');
    assert_int_equal(marc_edit_mark(edit, 2), '+');
    assert_int_equal(marc_edit_move(edit, 5, 3, NULL), RECTO_OK);
    assert_int_equal(marc_edit_mark(edit, 3), ' ');
    assert_true(marc_edit_changed(edit));
    marc_edit_mark_saved(edit);
    assert_false(marc_edit_changed(edit));
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(marc_edit_mark(edit, i), ' ');
    assert_int_equal(marc_edit_undo(edit, NULL, NULL), RECTO_OK);
    assert_int_equal(marc_edit_undo(edit, NULL, NULL), RECTO_OK);
    assert_int_equal(marc_edit_mark(edit, 1), '*');
    assert_int_equal(marc_edit_undo(edit, NULL, NULL), RECTO_OK);
    assert_int_equal(marc_record_count(marc_edit_record(edit)), 5);
    assert_int_equal(marc_edit_redo(edit, NULL, NULL), RECTO_OK);
    assert_int_equal(marc_edit_redo(edit, NULL, NULL), RECTO_OK);
    assert_int_equal(marc_edit_mark(edit, 2), ' '); /* removed by undo and come again: the same field */
    assert_int_equal(marc_edit_redo(edit, NULL, NULL), RECTO_OK);
    assert_false(marc_edit_changed(edit));
    marc_edit_free(edit);
}

static void leader__is_compared_with_the_saved_state(void **state)
{
    (void)state;
    char leader[MARC_LEADER_LENGTH];
    marc_edit *edit = open_edit(base);
    assert_false(marc_edit_leader_changed(edit));
    memcpy(leader, marc_record_leader(marc_edit_record(edit)), sizeof leader);
    memcpy(leader, "00123", 5); /* computed when it is saved */
    assert_int_equal(marc_edit_set_leader(edit, leader, NULL), RECTO_OK);
    assert_false(marc_edit_leader_changed(edit));
    leader[6] = 'e';
    assert_int_equal(marc_edit_set_leader(edit, leader, NULL), RECTO_OK);
    assert_true(marc_edit_leader_changed(edit));
    marc_edit_mark_saved(edit);
    assert_false(marc_edit_leader_changed(edit));
    assert_int_equal(marc_edit_undo(edit, NULL, NULL), RECTO_OK);
    assert_true(marc_edit_leader_changed(edit));
    marc_edit_free(edit);
}

static marc_edit *edited(buffer *log)
{
    marc_edit *edit = open_edit(base);
    for (int i = 0; i < 3; i++)
        assert_int_equal(marc_edit_insert(edit, 2, "246",
                                          TEXT("3 \x1F"
                                               "aB"),
                                          NULL),
                         RECTO_OK);
    assert_int_equal(marc_edit_move(edit, 0, 5, NULL), RECTO_OK);
    assert_int_equal(marc_edit_remove(edit, 1, NULL), RECTO_OK);
    replace(edit, 1, "245", "10", "A");
    assert_int_equal(marc_edit_set_leader(edit, "00000cam a2200000 i 4500", NULL), RECTO_OK);
    assert_int_equal(marc_edit_undo(edit, NULL, NULL), RECTO_OK);
    assert_int_equal(marc_edit_undo(edit, NULL, NULL), RECTO_OK);
    assert_int_equal(marc_edit_log_write(log, edit, NULL), RECTO_OK);
    return edit;
}

static void log__brings_undo_and_redo_back(void **state)
{
    (void)state;
    buffer log;
    buffer_init(&log, 0);
    marc_edit *edit = edited(&log);
    marc_record *copy = NULL;
    marc_edit *resumed = NULL;
    assert_int_equal(marc_record_copy(&copy, marc_edit_record(edit), NULL), RECTO_OK);
    assert_int_equal(marc_edit_new(&resumed, &copy, NULL), RECTO_OK);
    assert_int_equal(marc_edit_log_read(resumed, buffer_text(&log), NULL), RECTO_OK);
    assert_int_equal(marc_edit_steps(resumed), marc_edit_steps(edit));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(marc_edit_redo(edit, NULL, NULL), RECTO_OK);
        assert_int_equal(marc_edit_redo(resumed, NULL, NULL), RECTO_OK);
        assert_true(marc_record_equal(marc_edit_record(edit), marc_edit_record(resumed)));
    }
    while (marc_edit_can_undo(edit)) {
        assert_string_equal(marc_edit_undo_title(edit), marc_edit_undo_title(resumed));
        assert_int_equal(marc_edit_undo(edit, NULL, NULL), RECTO_OK);
        assert_int_equal(marc_edit_undo(resumed, NULL, NULL), RECTO_OK);
        assert_true(marc_record_equal(marc_edit_record(edit), marc_edit_record(resumed)));
    }
    assert_false(marc_edit_can_undo(resumed));
    marc_edit_free(edit);
    marc_edit_free(resumed);
    buffer_release(&log);
}

static marc_edit *come_back(const marc_edit *edit, text log)
{
    marc_record *copy = NULL;
    marc_edit *resumed = NULL;
    assert_int_equal(marc_record_copy(&copy, marc_edit_record(edit), NULL), RECTO_OK);
    assert_int_equal(marc_edit_new(&resumed, &copy, NULL), RECTO_OK);
    if (log.length > 0)
        assert_int_equal(marc_edit_log_read(resumed, log, NULL), RECTO_OK);
    return resumed;
}

/* Of a long field what is around the change is shown, in whole characters wherever it is cut. */
static void a_step__is_described_by_what_it_has_changed(void **state)
{
    (void)state;
    for (int ahead = 0; ahead < 2; ahead++) {
        marc_edit *edit = open_edit(base);
        buffer shown;
        size_t bad = 0;
        buffer_init(&shown, 0);
        for (int version = 0; version < 2; version++) {
            buffer content;
            buffer_init(&content, 0);
            buffer_append_string(&content, "  \x1F"
                                           "aAAA");
            for (int i = 0; i < 120; i++)
                buffer_append_string(&content, i == 60                              ? (version == 0 ? "old" : "new")
                                               : ahead == 1 && (i == 59 || i == 61) ? "x"
                                                                                    : "é");
            assert_int_equal(marc_edit_replace(edit, 1, "500", buffer_text(&content), NULL), RECTO_OK);
            marc_edit_settle(edit);
            buffer_release(&content);
        }
        marc_edit_step_describe(&shown, edit, marc_edit_step_count(edit) - 1);
        assert_true(utf8_valid(buffer_text(&shown), &bad));
        assert_non_null(strstr(buffer_string(&shown), ": …é"));
        assert_non_null(strstr(buffer_string(&shown), " -> …é"));
        assert_non_null(strstr(buffer_string(&shown), "new"));
        buffer_release(&shown);
        marc_edit_free(edit);
    }
}

/* Of steps that were taken back the log leads forward, from whatever kind of step. */
static void log_of_what_was_undone__can_be_redone(void **state)
{
    (void)state;
    buffer log;
    buffer_init(&log, 0);
    marc_edit *edit = open_edit(base);
    const size_t count = marc_record_count(marc_edit_record(edit));
    assert_int_equal(marc_edit_insert(edit, 99, "500",
                                      TEXT("  \x1F"
                                           "aNote"),
                                      NULL),
                     RECTO_OK);
    assert_string_equal(marc_record_field(marc_edit_record(edit), count)->tag, "500"); /* what stands nowhere comes to the end */
    assert_int_equal(marc_edit_remove(edit, 1, NULL), RECTO_OK);
    assert_int_equal(marc_edit_move(edit, 0, 2, NULL), RECTO_OK);
    while (marc_edit_can_undo(edit))
        assert_int_equal(marc_edit_undo(edit, NULL, NULL), RECTO_OK);
    assert_int_equal(marc_edit_log_write(&log, edit, NULL), RECTO_OK);
    marc_edit *resumed = come_back(edit, buffer_text(&log));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(marc_edit_redo(edit, NULL, NULL), RECTO_OK);
        assert_int_equal(marc_edit_redo(resumed, NULL, NULL), RECTO_OK);
        assert_true(marc_record_equal(marc_edit_record(edit), marc_edit_record(resumed)));
    }
    assert_int_equal(marc_edit_redo(resumed, NULL, NULL), RECTO_END);
    marc_edit_free(edit);
    marc_edit_free(resumed);
    buffer_release(&log);
}

static void assert_same_marks(const marc_edit *one, const marc_edit *other)
{
    assert_int_equal(marc_record_count(marc_edit_record(one)), marc_record_count(marc_edit_record(other)));
    for (size_t i = 0; i < marc_record_count(marc_edit_record(one)); i++)
        assert_int_equal(marc_edit_mark(one, i), marc_edit_mark(other, i));
    assert_int_equal(marc_edit_changed(one), marc_edit_changed(other));
}

/* A draft that came back differs from what is stored, field by field, and however far it is taken back. */
static void what_came_back__is_compared_with_what_is_stored(void **state)
{
    (void)state;
    for (int told = 0; told < 2; told++) {
        buffer log;
        buffer_init(&log, 0);
        marc_edit *edit = edited(&log), *stored = open_edit(base), *resumed = come_back(edit, buffer_text(&log));
        assert_false(marc_edit_changed(resumed));
        assert_int_equal(marc_edit_saved_is(resumed, told == 1 ? marc_edit_record(stored) : NULL, NULL), RECTO_OK);
        assert_same_marks(edit, resumed);
        while (marc_edit_can_redo(edit)) {
            assert_int_equal(marc_edit_redo(edit, NULL, NULL), RECTO_OK);
            assert_int_equal(marc_edit_redo(resumed, NULL, NULL), RECTO_OK);
            assert_same_marks(edit, resumed);
        }
        while (marc_edit_can_undo(edit)) {
            assert_int_equal(marc_edit_undo(edit, NULL, NULL), RECTO_OK);
            assert_int_equal(marc_edit_undo(resumed, NULL, NULL), RECTO_OK);
            assert_same_marks(edit, resumed);
        }
        assert_false(marc_edit_changed(resumed));
        marc_edit_free(edit);
        marc_edit_free(stored);
        marc_edit_free(resumed);
        buffer_release(&log);
    }
}

static void what_came_back_without_its_log__is_compared_by_content(void **state)
{
    (void)state;
    buffer log;
    buffer_init(&log, 0);
    marc_edit *edit = edited(&log), *stored = open_edit(base), *resumed = come_back(edit, TEXT(""));
    assert_int_equal(marc_edit_saved_is(resumed, marc_edit_record(stored), NULL), RECTO_OK);
    assert_true(marc_edit_changed(resumed));
    size_t new_ones = 0;
    for (size_t i = 0; i < marc_record_count(marc_edit_record(resumed)); i++)
        new_ones += marc_edit_mark(resumed, i) == '+';
    assert_int_equal(new_ones, 2); /* of three 246 that were put in one was taken out again */
    assert_int_equal(marc_edit_remove(resumed, 0, NULL), RECTO_OK);
    assert_int_equal(marc_edit_undo(resumed, NULL, NULL), RECTO_OK);
    marc_edit_free(edit);
    marc_edit_free(stored);
    marc_edit_free(resumed);
    buffer_release(&log);
}

/* Each byte of the log changed, and the log cut at each place: read or refused, never worse, and the record is kept. */
static void damaged_log__is_refused_and_the_record_kept(void **state)
{
    (void)state;
    buffer log;
    buffer_init(&log, 0);
    marc_edit *edit = edited(&log);
    size_t refused = 0;
    for (size_t at = 0; at < log.length * 2; at++) {
        marc_record *copy = NULL;
        marc_edit *resumed = NULL;
        text bytes = buffer_text(&log);
        char kept = log.bytes[at % log.length];
        if (at < log.length)
            log.bytes[at] = (char)(kept + 1 + (char)(at % 3) * 60);
        else
            bytes.length = at - log.length;
        assert_int_equal(marc_record_copy(&copy, marc_edit_record(edit), NULL), RECTO_OK);
        assert_int_equal(marc_edit_new(&resumed, &copy, NULL), RECTO_OK);
        recto_status status = marc_edit_log_read(resumed, bytes, NULL);
        assert_true(status == RECTO_OK || status == RECTO_EDATA);
        refused += status != RECTO_OK;
        assert_true(marc_record_equal(marc_edit_record(edit), marc_edit_record(resumed)));
        while (marc_edit_can_undo(resumed))
            assert_int_equal(marc_edit_undo(resumed, NULL, NULL), RECTO_OK);
        while (marc_edit_can_redo(resumed))
            assert_int_equal(marc_edit_redo(resumed, NULL, NULL), RECTO_OK);
        marc_edit_free(resumed);
        log.bytes[at % log.length] = kept;
    }
    assert_true(refused > log.length);
    marc_edit_free(edit);
    buffer_release(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_operation__is_undone_and_redone),
        cmocka_unit_test(any_number_of_steps__can_be_walked_back_and_forth),
        cmocka_unit_test(typing__is_one_step_until_settled_or_elsewhere),
        cmocka_unit_test(begin_and_end__make_one_step_also_nested),
        cmocka_unit_test(become__changes_only_what_differs),
        cmocka_unit_test(become__reaches_any_record),
        cmocka_unit_test(marks__are_against_the_saved_state),
        cmocka_unit_test(leader__is_compared_with_the_saved_state),
        cmocka_unit_test(log__brings_undo_and_redo_back),
        cmocka_unit_test(a_step__is_described_by_what_it_has_changed),
        cmocka_unit_test(log_of_what_was_undone__can_be_redone),
        cmocka_unit_test(what_came_back__is_compared_with_what_is_stored),
        cmocka_unit_test(what_came_back_without_its_log__is_compared_by_content),
        cmocka_unit_test(damaged_log__is_refused_and_the_record_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
