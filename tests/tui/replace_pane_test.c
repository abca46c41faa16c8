/* tests/tui/replace_pane_test.c - a replacement that is asked about while its records are changed or closed. */
#include "editor_bench.h"

#include "../../src/tui/replace.h"

static const char OTHER[] = "=LDR  00000cam a2200000 i 4500\n"
                            "=245  10$aSolitude of another\n"
                            "=500  \\\\$aSolitude once more\n"
                            "=500  \\\\$aSolitude at last\n\n";

/* BOOK and OTHER are open, OTHER in front, and what is asked stands at its desk. */
static void asks_about_both(bench *bench)
{
    workstation *station = bench->station;
    put_down(bench, OTHER);
    snprintf(station->find_typed, sizeof station->find_typed, "Solitude");
    snprintf(station->replace_typed, sizeof station->replace_typed, "Company");
    replace_pane_open(station, true, TEXT(""));
    assert_non_null(station_find(station, &replace_pane));
}

static void append_letter(buffer *line, const cell *cell)
{
    buffer_append_char(line, cell->text[0] > 0 && cell->text[0] < 0x7F ? (char)cell->text[0] : '.');
}

static void is_drawn(bench *bench, const char *wanted)
{
    screen screen;
    buffer line;
    bool found = false;
    assert_true(screen_init(&screen, 24, 80, true));
    surface all = screen_surface(&screen);
    buffer_init(&line, 0);
    replace_pane.draw(station_find(bench->station, &replace_pane), &all, true);
    for (int row = 0; row < screen.rows && !found; row++) {
        buffer_clear(&line);
        for (int column = 0; column < screen.columns; column++)
            append_letter(&line, &screen.cells[(size_t)row * (size_t)screen.columns + (size_t)column]);
        found = strstr(buffer_string(&line), wanted) != NULL;
    }
    if (!found)
        fail_msg("'%s' is not on the screen", wanted);
    buffer_release(&line);
    screen_release(&screen);
}

static void goes_to_last_change(bench *bench)
{
    const command *last = command_named("list.end");
    assert_non_null(last);
    is_drawn(bench, "Company at last"); /* the list is measured when it is drawn */
    assert_true(replace_pane.run(station_find(bench->station, &replace_pane), last, NULL, bench->station));
}

static void a_change_is_named_as_alerts_name_fields(void **state)
{
    bench bench;
    (void)state;
    sit_down(&bench, BOOK);
    asks_about_both(&bench);
    goes_to_last_change(&bench);
    is_drawn(&bench, "500[2] $$a of record");
    stand_up(&bench);
}

static void a_field_that_is_gone_is_not_looked_for(void **state)
{
    bench bench;
    recto_error error;
    (void)state;
    sit_down(&bench, BOOK);
    asks_about_both(&bench);
    goes_to_last_change(&bench);
    marc_edit *edit = edit_of(station_session(bench.station));
    while (marc_record_count(marc_edit_record(edit)) > 0)
        must(marc_edit_remove(edit, 0, &error), &error);
    is_drawn(&bench, "500 $$a of record");
    stand_up(&bench);
}

/* The one at whose desk it is asked stays open: the question would lead to a record that is no longer there. */
static void it_goes_with_any_of_its_records(void **state)
{
    bench bench;
    recto_error error;
    (void)state;
    sit_down(&bench, BOOK);
    edit_session *first = station_session(bench.station), *closed = first;
    asks_about_both(&bench);
    must(edit_release(&first, &error), &error);
    station_close_session(bench.station, closed);
    assert_int_equal(station_session_count(bench.station), 1);
    assert_null(station_find(bench.station, &replace_pane));
    stand_up(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_named_as_alerts_name_fields),
        cmocka_unit_test(a_field_that_is_gone_is_not_looked_for),
        cmocka_unit_test(it_goes_with_any_of_its_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
