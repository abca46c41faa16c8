/* tests/tui/decoder_test.c - bytes of many terminals to keys: the table of ED-190 to ED-199, pastes, the barrier, hostile bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/tui/decoder.h"
#include "../../src/tui/keymap.h"

enum { MUCH_LATER = 5000 };

/* Feeds all bytes, lets the time pass, and writes down what came: "Ctrl+S Alt+I". */
static void decode(buffer *out, decoder *decoder, const char *bytes, size_t length)
{
    event event;
    decoder_feed(decoder, bytes, length, 0);
    for (int64_t now = 0; now <= MUCH_LATER; now += MUCH_LATER)
        while (decoder_next(decoder, &event, now)) {
            if (out->length > 0)
                buffer_append_char(out, ' ');
            if (event.kind == EVENT_KEY)
                key_write(out, &event.key, false);
            else if (event.kind == EVENT_PASTE)
                buffer_append_format(out, "paste{%.*s}", (int)event.paste.length,
                                     event.paste.length > 0 ? event.paste.bytes : "");
            else if (event.kind == EVENT_BARRIER)
                buffer_append_format(out, "barrier{%s}", event.shown);
            else if (event.kind == EVENT_MOUSE)
                buffer_append_format(out, "mouse{%d %s %d,%d}", event.button, event.pressed ? "down" : "up", event.row,
                                     event.column);
            else
                buffer_append_format(out, "unknown{%s}", event.shown);
        }
}

static void check(decoder *decoder, const char *bytes, size_t length, const char *want)
{
    buffer out;
    buffer_init(&out, 0);
    decode(&out, decoder, bytes, length);
    assert_string_equal(buffer_string(&out), want);
    buffer_release(&out);
}

static void keys__come_from_the_bytes_of_the_table(void **state)
{
    static const struct {
        const char *bytes, *want;
    } cases[] = {
        { "\x13", "Ctrl+S" },
        { "\x1b\x12", "Ctrl+Alt+R" },
        { "\x1bR", "Alt+Shift+R" },
        { "\x1b\x13", "Ctrl+Alt+S" },
        { "\x1b[19~", "F8" },
        { "\x1b[20~", "F9" },
        { "\x1b[17;5~", "Ctrl+F6" },
        { "\x06", "Ctrl+F" },
        { "\x1bOR", "F3" },
        { "\x1b[[C", "F3" },
        { "\x1b\x08", "Ctrl+Alt+H" },
        { "\x1bi", "Alt+I" },
        { "\x09", "Tab" },
        { "\x1b\x0f", "Ctrl+Alt+O" },
        { "\x1b\x1f", "Ctrl+Alt+_" },
        { "\x1b\x16", "Ctrl+Alt+V" },
        { "\x0d", "Enter" },
        { "\x1b\x0d", "Alt+Enter" },
        { "\x1b\x31", "Alt+1" },
        { "\x1a", "Ctrl+Z" },
        { "\x19", "Ctrl+Y" },
        { "\x1b[17~", "F6" },
        { "\x05", "Ctrl+E" },
        { "\x1b[18;2~", "Shift+F7" },
        { "\x18\x03\x16", "Ctrl+X Ctrl+C Ctrl+V" },
        { "\x1b[A\x1b[B\x1bOA\x1bOB", "Up Down Up Down" },
        { "\x1b[1;5A\x1b[1;5B", "Ctrl+Up Ctrl+Down" },
        { "\x1b[Z", "Shift+Tab" },
        { "\x1bn\x1bp", "Alt+N Alt+P" },
        { ":", ":" },
        { "\x1bOP", "F1" },
        { "\x1b[3;3~", "Alt+Delete" },
        { "\x7f\x08", "Backspace Backspace" },
        { "\x1b[2~\x1b[3~\x1b[5~\x1b[6~", "Insert Delete PageUp PageDown" },
        { "\x1b[H\x1b[F\x1b[1~\x1b[4~\x1bOH\x1bOF", "Home End Home End Home End" },
        { "\x1b[24~\x1b[23~\x1b[21~", "F12 F11 F10" },
        { "\x1b[115;5u", "Ctrl+S" },
        { "\x1b[3^", "Ctrl+Delete" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        decoder *decoder = decoder_new(50);
        check(decoder, cases[i].bytes, strlen(cases[i].bytes), cases[i].want);
        decoder_free(decoder);
    }
}

static void keys__are_the_same_when_bytes_come_one_by_one(void **state)
{
    static const char bytes[] = "a\x1b[17;5~\xd7\x90\x1bi\x1bOA\xe7\x99\xbe\x1b[200~x\x1b[201~";
    buffer out;
    event event;
    (void)state;
    decoder *decoder = decoder_new(50);
    buffer_init(&out, 0);
    for (size_t i = 0; i < sizeof bytes - 1; i++) {
        decoder_feed(decoder, bytes + i, 1, (int64_t)i);
        while (decoder_next(decoder, &event, (int64_t)i)) {
            if (event.kind == EVENT_KEY)
                key_write(&out, &event.key, false);
            else if (event.kind == EVENT_PASTE)
                buffer_append_format(&out, "paste{%.*s}", (int)event.paste.length, event.paste.bytes);
            buffer_append_char(&out, ' ');
        }
    }
    assert_string_equal(buffer_string(&out), "a Ctrl+F6 \xd7\x90 Alt+I Up \xe7\x99\xbe paste{x} ");
    buffer_release(&out);
    decoder_free(decoder);
}

static void escape__waits_for_its_delay_and_no_longer(void **state)
{
    event event;
    (void)state;
    decoder *decoder = decoder_new(50);
    decoder_feed(decoder, "\x1b", 1, 1000);
    assert_false(decoder_next(decoder, &event, 1000));
    assert_int_equal(decoder_timeout(decoder, 1010), 40);
    assert_false(decoder_next(decoder, &event, 1049));
    assert_true(decoder_next(decoder, &event, 1050));
    assert_int_equal(event.key.name, KEY_NAME_ESCAPE);
    assert_int_equal(decoder_timeout(decoder, 1050), -1);
    decoder_free(decoder);
}

static void escape_escape__is_one_plain_escape_at_once(void **state)
{
    event event;
    (void)state;
    decoder *decoder = decoder_new(50);
    decoder_feed(decoder, "\x1b\x1b", 2, 1000);
    assert_true(decoder_next(decoder, &event, 1000));
    assert_int_equal(event.key.name, KEY_NAME_ESCAPE);
    assert_false(event.key.alt);
    assert_false(decoder_next(decoder, &event, 1000));
    assert_false(decoder_next(decoder, &event, 2000));
    check(decoder, "x", 1, "x");
    decoder_free(decoder);
}

static void escape__before_a_barrier_is_an_escape(void **state)
{
    (void)state;
    decoder *decoder = decoder_new(50);
    check(decoder, "\x1b\x1b_recto;12\x1b\\", 13, "Esc barrier{12}");
    check(decoder, "\x1b\x1b[A", 4, "Esc Up");
    decoder_free(decoder);
}

static void mouse_reports__name_button_and_cell(void **state)
{
    static const struct {
        const char *bytes, *want;
    } cases[] = {
        { "\x1b[<0;10;20Mq", "mouse{0 down 19,9} q" },
        { "\x1b[<0;10;20m", "mouse{0 up 19,9}" },
        { "\x1b[<65;1;1M", "mouse{65 down 0,0}" },
        { "\x1b[<0;0;1Mq", "unknown{Esc [<0;0;1M} q" },
    };
    decoder *decoder = decoder_new(0);
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(decoder, cases[i].bytes, strlen(cases[i].bytes), cases[i].want);
    decoder_free(decoder);
}

static void unknown_sequences__are_swallowed_whole_and_reported(void **state)
{
    static const struct {
        const char *bytes, *want;
    } cases[] = {
        { "\x1b[99;7xq", "unknown{Esc [99;7x} q" },
        { "\x1b[?62;22cq", "unknown{Esc [?62;22c} q" },
        { "\x1b]11;rgb:0000/0000/0000\aq", "unknown{Esc ]11;rgb:0000/0000/0000} q" },
        { "\x1bP1$r0m\x1b\\q", "unknown{Esc P1$r0m} q" },
        { "\x1b[12;", "unknown{Esc [12;}" },
        { "\xff"
          "a\xc3",
          "unknown{<FF>} a unknown{<C3>}" },
        { "\xc2\x9b"
          "31m",
          "unknown{<C2><9B>} 3 1 m" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        decoder *decoder = decoder_new(50);
        check(decoder, cases[i].bytes, strlen(cases[i].bytes), cases[i].want);
        decoder_free(decoder);
    }
}

static void control_alt_h__is_alt_backspace_where_backspace_sends_08(void **state)
{
    (void)state;
    decoder *decoder = decoder_new(50);
    decoder_learn(decoder, "kbs", "\b");
    check(decoder, "\x1b\b", 2, "Alt+Backspace");
    decoder_free(decoder);
}

static void shift_tab__of_the_linux_console_is_escape_tab(void **state)
{
    (void)state;
    decoder *decoder = decoder_new(50);
    check(decoder, "\x1b\t", 2, "Alt+Tab");
    decoder_set_linux(decoder, true);
    check(decoder, "\x1b\t", 2, "Shift+Tab");
    decoder_free(decoder);
}

static void learned_sequences__are_keys(void **state)
{
    (void)state;
    decoder *decoder = decoder_new(50);
    decoder_learn(decoder, "kf5", "\x1b?t");
    decoder_learn(decoder, "kcuu1", "\x1bQ");
    check(decoder, "\x1b?t\x1bQ", 5, "F5 Up");
    decoder_free(decoder);
}

static void paste__is_one_event_whatever_it_contains(void **state)
{
    static const char bytes[] = "\x1b[200~a\x13\x1b[A\r\nb\x1b[201~c";
    (void)state;
    decoder *decoder = decoder_new(50);
    check(decoder, bytes, sizeof bytes - 1, "paste{a\x13\x1b[A\r\nb} c");
    check(decoder, "\x1b[200~never ended", 18, "paste{never ended}");
    check(decoder, "x", 1, "x");
    decoder_free(decoder);
}

static void any_bytes__give_no_text_that_is_a_control_character(void **state)
{
    char bytes[512];
    event event;
    uint32_t seed = 12345;
    (void)state;
    decoder *decoder = decoder_new(50);
    for (int round = 0; round < 4000; round++) {
        for (size_t i = 0; i < sizeof bytes; i++) {
            static const char likely[] = "\x1b\x1b[O;?0123~P]_\\";
            seed = seed * 1103515245U + 12345U;
            bytes[i] = (seed >> 16) % 3 == 0 ? likely[(seed >> 20) % (sizeof likely - 1)] : (char)(seed >> 18);
        }
        decoder_feed(decoder, bytes, (seed >> 8) % sizeof bytes, round);
        while (decoder_next(decoder, &event, round + (round % 7 == 0 ? 3000 : 0)))
            if (event.kind == EVENT_KEY && event.key.name == KEY_IS_TEXT) {
                assert_true((unsigned char)event.key.text[0] >= ' ');
                assert_true(event.key.text[0] != 0x7F);
            } else if (event.kind == EVENT_UNKNOWN) {
                for (const char *at = event.shown; *at != '\0'; at++)
                    assert_true(*at >= ' ' && *at < 0x7F);
            }
    }
    decoder_free(decoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys__come_from_the_bytes_of_the_table),
        cmocka_unit_test(keys__are_the_same_when_bytes_come_one_by_one),
        cmocka_unit_test(escape__waits_for_its_delay_and_no_longer),
        cmocka_unit_test(escape_escape__is_one_plain_escape_at_once),
        cmocka_unit_test(escape__before_a_barrier_is_an_escape),
        cmocka_unit_test(mouse_reports__name_button_and_cell),
        cmocka_unit_test(unknown_sequences__are_swallowed_whole_and_reported),
        cmocka_unit_test(control_alt_h__is_alt_backspace_where_backspace_sends_08),
        cmocka_unit_test(shift_tab__of_the_linux_console_is_escape_tab),
        cmocka_unit_test(learned_sequences__are_keys),
        cmocka_unit_test(paste__is_one_event_whatever_it_contains),
        cmocka_unit_test(any_bytes__give_no_text_that_is_a_control_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
