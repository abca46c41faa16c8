/* src/tui/decoder.c - the terminal's bytes to keys, pastes and the test barrier.
 *
 * Bytes wait in `pending` until they make a whole key, or until the time is up: then an Escape is an Escape and the beginning
 * of a sequence that never ended is reported. Every byte here is hostile: nothing grows without a limit. */
#include "decoder.h"

#include "recto/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ESCAPE = 0x1B, SEQUENCE_MAX = 64, LEARNED_MAX = 32, LEARNED_BYTES = 16, STRING_TIMEOUT_MS = 1000 };
enum { PENDING_MAX = 1 << 20, PASTE_MAX = 32 << 20 };

typedef struct learned {
    char sent[LEARNED_BYTES];
    size_t length;
    key_name name;
} learned;

struct decoder {
    buffer pending;
    size_t start; /* bytes of pending already used */
    buffer paste;
    bool in_paste, paste_ready, is_linux, backspace_is_08, after_escape;
    int delay_ms;
    int64_t fed_at;
    learned learned[LEARNED_MAX];
    size_t learned_count;
};

typedef enum outcome { NEED_MORE, GIVEN, SWALLOWED } outcome;

static const struct {
    const char *capability;
    key_name name;
} capabilities[] = {
    { "kf1", KEY_NAME_F1 },       { "kf2", KEY_NAME_F2 },       { "kf3", KEY_NAME_F3 },       { "kf4", KEY_NAME_F4 },
    { "kf5", KEY_NAME_F5 },       { "kf6", KEY_NAME_F6 },       { "kf7", KEY_NAME_F7 },       { "kf8", KEY_NAME_F8 },
    { "kf9", KEY_NAME_F9 },       { "kf10", KEY_NAME_F10 },     { "kf11", KEY_NAME_F11 },     { "kf12", KEY_NAME_F12 },
    { "kcuu1", KEY_NAME_UP },     { "kcud1", KEY_NAME_DOWN },   { "kcuf1", KEY_NAME_RIGHT },  { "kcub1", KEY_NAME_LEFT },
    { "khome", KEY_NAME_HOME },   { "kend", KEY_NAME_END },     { "kpp", KEY_NAME_PAGE_UP },  { "knp", KEY_NAME_PAGE_DOWN },
    { "kich1", KEY_NAME_INSERT }, { "kdch1", KEY_NAME_DELETE }, { "kcbt", KEY_NAME_BACKTAB },
};

/* CSI n ~ (rxvt ends it with ^ for Ctrl and @ for Ctrl+Shift). */
static const struct {
    int number;
    key_name name;
} tilde_keys[] = {
    { 1, KEY_NAME_HOME },      { 2, KEY_NAME_INSERT }, { 3, KEY_NAME_DELETE }, { 4, KEY_NAME_END },  { 5, KEY_NAME_PAGE_UP },
    { 6, KEY_NAME_PAGE_DOWN }, { 7, KEY_NAME_HOME },   { 8, KEY_NAME_END },    { 11, KEY_NAME_F1 },  { 12, KEY_NAME_F2 },
    { 13, KEY_NAME_F3 },       { 14, KEY_NAME_F4 },    { 15, KEY_NAME_F5 },    { 17, KEY_NAME_F6 },  { 18, KEY_NAME_F7 },
    { 19, KEY_NAME_F8 },       { 20, KEY_NAME_F9 },    { 21, KEY_NAME_F10 },   { 23, KEY_NAME_F11 }, { 24, KEY_NAME_F12 },
};

/* CSI letter, CSI 1 ; m letter, and SS3 letter. */
static const struct {
    char letter;
    key_name name;
} letter_keys[] = {
    { 'A', KEY_NAME_UP },  { 'B', KEY_NAME_DOWN }, { 'C', KEY_NAME_RIGHT }, { 'D', KEY_NAME_LEFT }, { 'H', KEY_NAME_HOME },
    { 'F', KEY_NAME_END }, { 'P', KEY_NAME_F1 },   { 'Q', KEY_NAME_F2 },    { 'R', KEY_NAME_F3 },   { 'S', KEY_NAME_F4 },
};

decoder *decoder_new(int delay_ms)
{
    decoder *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NULL;
    buffer_init(&made->pending, PENDING_MAX);
    buffer_init(&made->paste, PASTE_MAX);
    made->delay_ms = delay_ms < DECODER_DELAY_MIN_MS ? DECODER_DELAY_MIN_MS : delay_ms;
    if (made->delay_ms > DECODER_DELAY_MAX_MS)
        made->delay_ms = DECODER_DELAY_MAX_MS;
    return made;
}

void decoder_free(decoder *decoder)
{
    if (decoder == NULL)
        return;
    buffer_release(&decoder->pending);
    buffer_release(&decoder->paste);
    free(decoder);
}

void decoder_set_linux(decoder *decoder, bool is_linux)
{
    decoder->is_linux = is_linux;
}

void decoder_learn(decoder *decoder, const char *capability, const char *sent)
{
    size_t length = strlen(sent);
    if (strcmp(capability, "kbs") == 0)
        decoder->backspace_is_08 = length == 1 && sent[0] == '\b';
    if (length < 2 || length >= LEARNED_BYTES || decoder->learned_count == LEARNED_MAX)
        return; /* single bytes are read below as every terminal sends them */
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
        if (strcmp(capabilities[i].capability, capability) == 0) {
            learned *made = &decoder->learned[decoder->learned_count++];
            memcpy(made->sent, sent, length);
            made->length = length;
            made->name = capabilities[i].name;
        }
}

void decoder_feed(decoder *decoder, const char *bytes, size_t length, int64_t now_ms)
{
    size_t left = decoder->pending.length - decoder->start;
    if (left == 0) {
        buffer_clear(&decoder->pending);
    } else if (decoder->start > 0) {
        memmove(decoder->pending.bytes, decoder->pending.bytes + decoder->start, left);
        decoder->pending.length = left;
    }
    decoder->start = 0;
    buffer_append(&decoder->pending, bytes, length);
    decoder->fed_at = now_ms;
}

/* ---- what is given out ------------------------------------------------------------------------------------------- */

static outcome give_key(event *out, key_name name, int modifiers)
{
    *out = (event){ .kind = EVENT_KEY };
    out->key.name = name;
    out->key.shift = (modifiers & 1) != 0;
    out->key.alt = (modifiers & (2 | 8)) != 0;
    out->key.ctrl = (modifiers & 4) != 0;
    if (name == KEY_NAME_TAB && out->key.shift) {
        out->key.name = KEY_NAME_BACKTAB;
        out->key.shift = false;
    }
    return GIVEN;
}

static outcome give_text(event *out, const char *bytes, size_t length, bool alt)
{
    *out = (event){ .kind = EVENT_KEY };
    memcpy(out->key.text, bytes, length);
    out->key.alt = alt;
    return GIVEN;
}

static void show_sequence(char *out, size_t capacity, const char *bytes, size_t length)
{
    size_t at = 0;
    for (size_t i = 0; i < length && at + 5 < capacity; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte == ESCAPE)
            at += (size_t)snprintf(out + at, capacity - at, "Esc ");
        else if (byte < 0x20 || byte == 0x7F)
            at += (size_t)snprintf(out + at, capacity - at, "^%c", byte ^ 0x40);
        else if (byte < 0x7F)
            out[at++] = (char)byte;
        else
            at += (size_t)snprintf(out + at, capacity - at, "<%02X>", byte);
    }
    out[at] = '\0';
}

static outcome give_unknown(event *out, const char *bytes, size_t length)
{
    *out = (event){ .kind = EVENT_UNKNOWN };
    show_sequence(out->shown, sizeof out->shown, bytes, length);
    return GIVEN;
}

/* One control byte or 7F; `alt` when an Escape stood before it. */
static outcome give_control(const decoder *decoder, event *out, unsigned char byte, bool alt)
{
    int modifiers = alt ? 2 : 0;
    switch (byte) {
    case 0x09:
        return give_key(out, alt && decoder->is_linux ? KEY_NAME_BACKTAB : KEY_NAME_TAB,
                        alt && decoder->is_linux ? 0 : modifiers);
    case 0x0A:
    case 0x0D:
        return give_key(out, KEY_NAME_ENTER, modifiers);
    case 0x7F:
        return give_key(out, KEY_NAME_BACKSPACE, modifiers);
    case 0x08:
        if (!alt || decoder->backspace_is_08)
            return give_key(out, KEY_NAME_BACKSPACE, modifiers);
        break; /* 1B 08 is Ctrl+Alt+H where Backspace sends 7F (ED-194) */
    case ESCAPE:
        return give_key(out, KEY_NAME_ESCAPE, modifiers);
    default:
        break;
    }
    char letter = byte == 0 ? ' ' : (char)(byte | 0x40);
    if (letter >= 'A' && letter <= 'Z')
        letter = (char)(letter + 32);
    give_text(out, &letter, 1, alt);
    out->key.ctrl = true;
    return GIVEN;
}

/* ---- sequences --------------------------------------------------------------------------------------------------- */

/* Codes of CSI n u and CSI 27 ; m ; n ~, by which some terminals send what has no other form. */
static outcome give_code(const decoder *decoder, event *out, int code, int modifiers, text whole)
{
    char bytes[4];
    if (code < 0x20 || code == 0x7F) {
        outcome outcome = give_control(decoder, out, (unsigned char)code, (modifiers & 2) != 0);
        if (out->key.name == KEY_NAME_TAB && (modifiers & 1))
            out->key.name = KEY_NAME_BACKTAB;
        return outcome;
    }
    size_t length = utf8_encode(code, bytes);
    if (length == 0)
        return give_unknown(out, whole.bytes, whole.length);
    if ((modifiers & 1) && code >= 'a' && code <= 'z' && !(modifiers & 4))
        bytes[0] = (char)(bytes[0] - 32);
    give_text(out, bytes, length, (modifiers & (2 | 8)) != 0);
    out->key.ctrl = (modifiers & 4) != 0;
    return GIVEN;
}

static size_t csi_numbers(int numbers[static 3], const char *bytes, size_t length)
{
    size_t count = 0;
    numbers[0] = numbers[1] = numbers[2] = 0;
    for (size_t i = 0; i < length; i++) {
        if (count == 0)
            count = 1;
        if (bytes[i] >= '0' && bytes[i] <= '9' && count <= 3) {
            if (numbers[count - 1] < 10000000)
                numbers[count - 1] = numbers[count - 1] * 10 + (bytes[i] - '0');
        } else if (bytes[i] == ';') {
            count++;
        }
    }
    return count;
}

static outcome tilde_key(decoder *decoder, event *out, const int numbers[static 3], int modifiers, text whole)
{
    if (numbers[0] == 200 || numbers[0] == 201) {
        decoder->in_paste = numbers[0] == 200;
        return SWALLOWED;
    }
    if (numbers[0] == 27)
        return give_code(decoder, out, numbers[2], modifiers, whole);
    for (size_t i = 0; i < sizeof tilde_keys / sizeof *tilde_keys; i++)
        if (tilde_keys[i].number == numbers[0])
            return give_key(out, tilde_keys[i].name, modifiers);
    return give_unknown(out, whole.bytes, whole.length);
}

/* CSI < button ; column ; row M or m, the form 1006. Bits 4, 8 and 16 are Shift, Alt and Ctrl; 32 is a movement. */
static outcome give_mouse(event *out, const int numbers[static 3], bool pressed, text whole)
{
    if (numbers[1] < 1 || numbers[2] < 1 || numbers[0] > 255)
        return give_unknown(out, whole.bytes, whole.length);
    *out = (event){ .kind = EVENT_MOUSE };
    out->button = numbers[0] & ~28;
    out->column = numbers[1] - 1;
    out->row = numbers[2] - 1;
    out->pressed = pressed && (numbers[0] & 32) == 0;
    return GIVEN;
}

static outcome csi_key(decoder *decoder, event *out, char final, text parameters, text whole)
{
    int numbers[3];
    size_t count = csi_numbers(numbers, parameters.bytes, parameters.length);
    int modifiers = count >= 2 && numbers[1] >= 2 && numbers[1] <= 16 ? numbers[1] - 1 : 0;
    bool is_private = parameters.length > 0 && strchr("<=>?", parameters.bytes[0]) != NULL;
    if (is_private && parameters.bytes[0] == '<' && (final == 'M' || final == 'm') && count == 3)
        return give_mouse(out, numbers, final == 'M', whole);
    if (is_private)
        return give_unknown(out, whole.bytes, whole.length);
    if (final == '~' || final == '^' || final == '@')
        return tilde_key(decoder, out, numbers, modifiers | (final == '~' ? 0 : final == '^' ? 4 : 5), whole);
    if (final == 'u')
        return give_code(decoder, out, numbers[0], modifiers, whole);
    if (final == 'Z')
        return give_key(out, KEY_NAME_BACKTAB, 0);
    if (final >= 'a' && final <= 'd' && count == 0) /* rxvt: Shift and an arrow */
        return give_key(out, letter_keys[final - 'a'].name, 1);
    for (size_t i = 0; i < sizeof letter_keys / sizeof *letter_keys; i++)
        if (letter_keys[i].letter == final && (count == 0 || (count <= 2 && numbers[0] <= 1 && (count == 1 || modifiers > 0))))
            return give_key(out, letter_keys[i].name, modifiers);
    return give_unknown(out, whole.bytes, whole.length);
}

/* `bytes` begins with Escape and '['. */
static outcome read_csi(decoder *decoder, event *out, const char *bytes, size_t length, size_t *used)
{
    size_t at = 2;
    if (length == 2)
        return NEED_MORE;
    if (bytes[2] == '[') { /* linux console: CSI [ A to E */
        if (length == 3)
            return NEED_MORE;
        *used = 4;
        return bytes[3] >= 'A' && bytes[3] <= 'E' ? give_key(out, KEY_NAME_F1 + (bytes[3] - 'A'), 0)
                                                  : give_unknown(out, bytes, 4);
    }
    while (at < length && bytes[at] >= 0x20 && bytes[at] <= 0x3F && at < SEQUENCE_MAX)
        at++;
    if (at == length)
        return NEED_MORE;
    unsigned char final = (unsigned char)bytes[at];
    if (at >= SEQUENCE_MAX || final < 0x40 || final > 0x7E) { /* broken off: what follows is read anew */
        *used = at;
        return give_unknown(out, bytes, at);
    }
    *used = at + 1;
    if (final == 'M' && at == 2) { /* old mouse report: three bytes follow */
        if (length < 6)
            return NEED_MORE;
        *used = 6;
        return give_unknown(out, bytes, 3);
    }
    if (at > 2 && bytes[at - 1] < 0x30) /* an intermediate byte: no key has one */
        return give_unknown(out, bytes, at + 1);
    return csi_key(decoder, out, (char) final, text_of(bytes + 2, at - 2), text_of(bytes, at + 1));
}

static outcome read_ss3(event *out, const char *bytes, size_t length, size_t *used)
{
    static const char keypad[] = "0123456789"; /* SS3 p to y */
    size_t at = 2;
    int modifiers = 0;
    while (at < length && bytes[at] >= '0' && bytes[at] <= '9' && at < 4)
        modifiers = bytes[at++] - '1';
    if (at == length)
        return NEED_MORE;
    *used = at + 1;
    if (modifiers < 0 || modifiers > 15)
        modifiers = 0;
    for (size_t i = 0; i < sizeof letter_keys / sizeof *letter_keys; i++)
        if (letter_keys[i].letter == bytes[at])
            return give_key(out, letter_keys[i].name, modifiers);
    if (bytes[at] >= 'a' && bytes[at] <= 'd') /* rxvt: Ctrl and an arrow */
        return give_key(out, letter_keys[bytes[at] - 'a'].name, 4);
    if (bytes[at] == 'M')
        return give_key(out, KEY_NAME_ENTER, 0);
    if (bytes[at] >= 'p' && bytes[at] <= 'y')
        return give_text(out, keypad + (bytes[at] - 'p'), 1, false);
    if ((unsigned char)bytes[at] < 0x20) /* broken off */
        *used = at;
    return give_unknown(out, bytes, *used);
}

/* DCS, SOS, OSC, PM, APC: a string up to ST or BEL. The test barrier is the APC "recto;N". */
static outcome read_string(event *out, const char *bytes, size_t length, size_t *used)
{
    static const char barrier[] = "recto;";
    for (size_t at = 2; at < length; at++) {
        bool bell = bytes[at] == '\a', end = bytes[at] == ESCAPE && at + 1 < length && bytes[at + 1] == '\\';
        bool broken = bytes[at] == ESCAPE && at + 1 < length && bytes[at + 1] != '\\';
        if (!bell && !end && !broken)
            continue;
        text content = text_of(bytes + 2, at - 2);
        *used = at + (bell ? 1 : end ? 2 : 0);
        if (bytes[1] == '_' && text_starts(content, TEXT(barrier)) && content.length < sizeof out->shown) {
            *out = (event){ .kind = EVENT_BARRIER };
            memcpy(out->shown, content.bytes + sizeof barrier - 1, content.length - (sizeof barrier - 1));
            return GIVEN;
        }
        return give_unknown(out, bytes, at);
    }
    return NEED_MORE;
}

static outcome read_learned(const decoder *decoder, event *out, const char *bytes, size_t length, size_t *used)
{
    bool may_become = false;
    for (size_t i = 0; i < decoder->learned_count; i++) {
        const learned *known = &decoder->learned[i];
        if (length >= known->length && memcmp(known->sent, bytes, known->length) == 0) {
            *used = known->length;
            return give_key(out, known->name, 0);
        }
        may_become |= length < known->length && memcmp(known->sent, bytes, length) == 0;
    }
    return may_become ? NEED_MORE : SWALLOWED;
}

static size_t utf8_length(unsigned char first)
{
    return first >= 0xF0 && first < 0xF5 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
}

static outcome read_character(event *out, const char *bytes, size_t length, bool alt, size_t *used)
{
    unsigned char first = (unsigned char)bytes[0];
    int32_t code;
    if (first < 0x80) {
        *used = 1;
        return give_text(out, bytes, 1, alt);
    }
    size_t wanted = utf8_length(first), has = 1;
    while (has < wanted && has < length && ((unsigned char)bytes[has] & 0xC0) == 0x80)
        has++;
    if (has < wanted && has == length)
        return NEED_MORE;
    *used = utf8_decode(bytes, has, &code);
    if (code < 0xA0) /* invalid, or a C1 control */
        return give_unknown(out, bytes, *used);
    return give_text(out, bytes, *used, alt);
}

static outcome read_escape(decoder *decoder, event *out, const char *bytes, size_t length, bool time_is_up, size_t *used)
{
    outcome outcome = read_learned(decoder, out, bytes, length, used);
    if (outcome == GIVEN || (outcome == NEED_MORE && !time_is_up))
        return outcome;
    if (length == 1) {
        *used = 1;
        return give_key(out, KEY_NAME_ESCAPE, 0);
    }
    unsigned char second = (unsigned char)bytes[1];
    if (second == ESCAPE) { /* Esc Esc: one at once; the other may begin a sequence */
        *used = 1;
        decoder->after_escape = true;
        return give_key(out, KEY_NAME_ESCAPE, 0);
    }
    outcome = second == '['                                       ? read_csi(decoder, out, bytes, length, used)
              : second == 'O'                                     ? read_ss3(out, bytes, length, used)
              : strchr("P]X^_", second) != NULL && second != '\0' ? read_string(out, bytes, length, used)
                                                                  : SWALLOWED;
    if (outcome == NEED_MORE && time_is_up && length > 2) {
        *used = length; /* never ended: reported, not typed */
        return give_unknown(out, bytes, length < SEQUENCE_MAX ? length : SEQUENCE_MAX);
    }
    if ((outcome == NEED_MORE && !time_is_up) || outcome == GIVEN || *used > 0)
        return outcome;
    if (second < 0x20 || second == 0x7F) {
        *used = 2;
        return give_control(decoder, out, second, true);
    }
    outcome = read_character(out, bytes + 1, length - 1, true, used);
    if (outcome == NEED_MORE && time_is_up) {
        *used = length - 1;
        outcome = give_unknown(out, bytes, length);
    }
    *used += 1;
    return outcome;
}

/* In a paste everything up to CSI 201 ~ is content, Escapes too (they are filtered where they are shown). */
static bool collect_paste(decoder *decoder, const char *bytes, size_t length)
{
    static const char end[] = "\033[201~";
    const size_t end_length = sizeof end - 1;
    const char *found = memmem(bytes, length, end, end_length);
    size_t content = found != NULL ? (size_t)(found - bytes) : length;
    if (found == NULL) /* its beginning may have come already */
        for (size_t keep = end_length - 1; keep > 0; keep--)
            if (keep <= length && memcmp(bytes + length - keep, end, keep) == 0) {
                content = length - keep;
                break;
            }
    if (decoder->paste.length + content <= PASTE_MAX)
        buffer_append(&decoder->paste, bytes, content);
    decoder->start += content + (found != NULL ? end_length : 0);
    return found != NULL;
}

static bool give_paste(decoder *decoder, event *out)
{
    decoder->in_paste = false;
    decoder->paste_ready = true;
    *out = (event){ .kind = EVENT_PASTE, .paste = buffer_text(&decoder->paste) };
    return true;
}

static bool time_is_up(const decoder *decoder, int64_t now_ms)
{
    return decoder_timeout(decoder, now_ms) == 0;
}

bool decoder_next(decoder *decoder, event *out, int64_t now_ms)
{
    if (decoder->paste_ready) {
        buffer_clear(&decoder->paste);
        decoder->paste_ready = false;
    }
    for (;;) {
        size_t used = 0, length = decoder->pending.length - decoder->start;
        if (decoder->in_paste) {
            bool late = time_is_up(decoder, now_ms); /* before the content is taken out */
            if ((length > 0 && collect_paste(decoder, decoder->pending.bytes + decoder->start, length)) || late)
                return give_paste(decoder, out);
            return false;
        }
        if (length == 0)
            return false;
        const char *bytes = decoder->pending.bytes + decoder->start;
        bool late = time_is_up(decoder, now_ms), second_escape = decoder->after_escape && length == 1 && bytes[0] == ESCAPE;
        outcome outcome;
        if (bytes[0] == ESCAPE && length == 1 && !late)
            outcome = NEED_MORE;
        else if (second_escape) { /* Esc Esc is one plain Esc (ED-196) */
            used = 1;
            outcome = SWALLOWED;
        } else if (bytes[0] == ESCAPE)
            outcome = read_escape(decoder, out, bytes, length, late, &used);
        else if ((unsigned char)bytes[0] < 0x20 || bytes[0] == 0x7F) {
            used = 1;
            outcome = give_control(decoder, out, (unsigned char)bytes[0], false);
        } else
            outcome = read_character(out, bytes, length, false, &used);
        if (outcome == NEED_MORE && !late)
            return false;
        if (outcome == NEED_MORE) {
            used = length;
            outcome = give_unknown(out, bytes, length);
        }
        decoder->start += used;
        if (!(outcome == GIVEN && out->kind == EVENT_KEY && out->key.name == KEY_NAME_ESCAPE && used == 1))
            decoder->after_escape = false;
        if (outcome == GIVEN)
            return true;
    }
}

/* A string of the terminal may be long and slow; a key is not. */
static int patience(const decoder *decoder)
{
    size_t length = decoder->pending.length - decoder->start;
    const char *bytes = decoder->pending.bytes + decoder->start;
    if (decoder->in_paste)
        return 2 * STRING_TIMEOUT_MS;
    if (length > 2 && bytes[0] == ESCAPE && bytes[1] != '\0' && strchr("P]X^_", bytes[1]) != NULL)
        return STRING_TIMEOUT_MS;
    return decoder->delay_ms;
}

int decoder_timeout(const decoder *decoder, int64_t now_ms)
{
    if (!decoder->in_paste && decoder->start == decoder->pending.length)
        return -1;
    int64_t left = decoder->fed_at + patience(decoder) - now_ms;
    return left < 0 ? 0 : (int)left;
}
