/* tests/support/monkey.c - the table of what a monkey types. */
#include "support/monkey.h"

#include <stdio.h>
#include <string.h>

typedef struct bytes {
    const char *bytes;
    size_t length;
} bytes;

#define BYTES(literal)                                                                                                           \
    {                                                                                                                            \
        literal, sizeof(literal) - 1                                                                                             \
    }

static const bytes named[] = {
    /* keys as xterm, the VT220 and the Linux console send them */
    BYTES("\r"),           BYTES("\r"),         BYTES("\r"),         BYTES("\t"),        BYTES("\t"),        BYTES("\x1b"),
    BYTES("\x1b"),         BYTES("\x7f"),       BYTES("\x08"),       BYTES(" "),         BYTES("\x1b[A"),    BYTES("\x1b[B"),
    BYTES("\x1b[B"),       BYTES("\x1b[C"),     BYTES("\x1b[D"),     BYTES("\x1bOA"),    BYTES("\x1bOB"),    BYTES("\x1b[Z"),
    BYTES("\x1b[1~"),      BYTES("\x1b[2~"),    BYTES("\x1b[3~"),    BYTES("\x1b[4~"),   BYTES("\x1b[5~"),   BYTES("\x1b[6~"),
    BYTES("\x1b[H"),       BYTES("\x1b[F"),     BYTES("\x1bOP"),     BYTES("\x1bOQ"),    BYTES("\x1bOR"),    BYTES("\x1bOS"),
    BYTES("\x1b[15~"),     BYTES("\x1b[17~"),   BYTES("\x1b[18~"),   BYTES("\x1b[19~"),  BYTES("\x1b[20~"),  BYTES("\x1b[21~"),
    BYTES("\x1b[23~"),     BYTES("\x1b[24~"),   BYTES("\x1b[[A"),    BYTES("\x1b[1;5A"), BYTES("\x1b[1;5B"), BYTES("\x1b[1;3C"),
    BYTES("\x1b[1;2D"),    BYTES("\x1b[17;5~"), BYTES("\x1b[18;2~"), BYTES("\x1b[3;3~"), BYTES("\x1b[2;3~"), BYTES("\x1b[115;5u"),
    BYTES("\x1b[27;5;9~"),
};

static const bytes noise[] = {
    /* what no key sends, or not whole */
    BYTES("\xff"),
    BYTES("\xc3"),
    BYTES("\x9b"),
    BYTES("\xed\xa0\x80"),
    BYTES("\xf4\x90\x80\x80"),
    BYTES("\xc0\xaf"),
    BYTES("\xe2\x82"),
    BYTES("\0"),
    BYTES("\x1b["),
    BYTES("\x1b[200~"),
    BYTES("\x1b[201~"),
    BYTES("\x1b[999999999999;;;;1~"),
    BYTES("\x1b[<0;10;10M"),
    BYTES("\x1b[M !!"),
    BYTES("\x1b[I"),
    BYTES("\x1b[O"),
    BYTES("\x1b]0;title\x07"),
    BYTES("\x1bP1$r0m\x1b\\"),
    BYTES("\x1b[?62;c"),
    BYTES("\x1b[12;40R"),
    BYTES("\x1b\x1b[A"),
    BYTES("\x1b^x\x1b\\"),
    BYTES("\x1b_recto\x1b\\"),
    BYTES("\x1bO"),
    BYTES("\x1b["
          ";;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;A"),
};

static const bytes written[] = {
    /* text beyond ASCII */
    BYTES("\xc3\xa9"),
    BYTES("e\xcc\x81"),
    BYTES("\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"),
    BYTES("\xe6\xbc\xa2\xe5\xad\x97"),
    BYTES("\xe0\xa4\x95\xe0\xa5\x8d\xe0\xa4\xb7"),
    BYTES("\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb"),
    BYTES("\xe2\x80\xae"),
    BYTES("\xc2\x9b"),
    BYTES("\xee\x80\x80"),
    BYTES("\xe2\x80\x8b"),
    BYTES("\xef\xbb\xbf"),
    BYTES("a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"),
    BYTES("\xed\x95\x9c"),
    BYTES("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab"),
};

static const bytes pasted[] = {
    BYTES("one line"),
    BYTES("two\rlines\rof text"),
    BYTES("=245  10$aPasted title /$cby somebody.\n=500  \\\\$aA note.\n"),
    BYTES("500\t##\t$a Note $b more"),
    BYTES("\x1b[31mred\x1b]0;PWNED\x07"),
    BYTES("\x00\x01\x02\x1d\x1e\x1f"),
    BYTES("\xff\xfe\xc3"),
    BYTES(""),
    BYTES("00714cam a2200205 a 4500\x1e"),
    BYTES("\xd7\x90\xd7\x91 \xe2\x80\xaeoverride"),
    BYTES("$$a x $9 y $\xc3\xa9 z"),
};

static const bytes phrases[] = {
    /* the ways into the house, so that more than its door is tried */
    BYTES("\x1bOS\x15the\r"),
    BYTES("\x1bOS\x15*\r\x1b[B\r"),
    BYTES("\x1bOS\x15valley of mills\r"),
    BYTES("\r\r"),
    BYTES("e"),
    BYTES("i"),
    BYTES("\x1br\t\t\t70007919\r"),
    BYTES("\x1b[19~500  A note"),
    BYTES("\x1b[19~24510"),
    BYTES("\x1b[20~b"),
    BYTES("\x06"),
    BYTES("\x1bm"),
    BYTES("\x1bOQ"),
    BYTES("\x1bOQy"),
    BYTES("\x1bs"),
    BYTES("\x1a"),
    BYTES("\x19"),
    BYTES("p"),
    BYTES("m"),
    BYTES("oo"),
    BYTES("y"),
    BYTES("n"),
    BYTES("\x1b[17~"),
    BYTES("\x1b[21~\x1b[B\x1b[B\r"),
};

static bytes pick(monkey *monkey, const bytes *from, size_t count)
{
    return from[monkey_below(monkey, (uint32_t)count)];
}

#define PICK(monkey, table) pick(monkey, table, sizeof(table) / sizeof *(table))

void monkey_init(monkey *monkey, uint64_t seed, const char *const *commands, size_t command_count)
{
    monkey->state = seed * 2862933555777941757U + 3037000493U;
    monkey->commands = commands;
    monkey->command_count = command_count;
}

uint32_t monkey_below(monkey *monkey, uint32_t limit)
{
    monkey->state = monkey->state * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(monkey->state >> 33) % limit;
}

static size_t type_command(monkey *monkey, char *out)
{
    const char *name = monkey->commands[monkey_below(monkey, (uint32_t)monkey->command_count)];
    return (size_t)snprintf(out, MONKEY_KEY_MAX, ":%.100s\r", name);
}

static size_t paste(monkey *monkey, char *out)
{
    size_t used = 0;
    bytes text = PICK(monkey, pasted);
    uint32_t times = monkey_below(monkey, 10) == 0 ? 20 : 1;
    memcpy(out, "\x1b[200~", 6);
    used = 6;
    for (uint32_t i = 0; i < times; i++) {
        memcpy(out + used, text.bytes, text.length);
        used += text.length;
    }
    memcpy(out + used, "\x1b[201~", 6);
    return used + 6;
}

size_t monkey_key(monkey *monkey, char out[static MONKEY_KEY_MAX])
{
    uint32_t kind = monkey_below(monkey, 100);
    bytes key = { out, 1 };
    if (kind < 30) {
        out[0] = (char)(' ' + monkey_below(monkey, 95));
    } else if (kind < 36) {
        out[0] = (char)monkey_below(monkey, 32); /* Ctrl and a letter */
    } else if (kind < 44) {
        out[0] = '\x1b'; /* Alt and a key, shifted or with Ctrl too */
        out[1] = (char)(1 + monkey_below(monkey, 126));
        key.length = 2;
    } else if (kind < 70) {
        key = PICK(monkey, named);
    } else if (kind < 74) {
        key = PICK(monkey, noise);
    } else if (kind < 79) {
        key = PICK(monkey, written);
    } else if (kind < 92) {
        key = PICK(monkey, phrases);
    } else if (kind < 95) {
        key.length = paste(monkey, out);
    } else if (monkey->command_count > 0) {
        key.length = type_command(monkey, out);
    } else {
        out[0] = '\r';
    }
    if (key.bytes != out)
        memcpy(out, key.bytes, key.length);
    return key.length;
}

/* ---- in the record editor ---- */

static const bytes editing[] = {
    BYTES("\x1b[A"),
    BYTES("\x1b[B"),
    BYTES("\x1b[C"),
    BYTES("\x1b[D"),
    BYTES("\x1b[B"),
    BYTES("\x1b[C"),
    BYTES("\x1b[5~"),
    BYTES("\x1b[6~"),
    BYTES("\x1b[1~"),
    BYTES("\x1b[4~"),
    BYTES("\t"),
    BYTES("\x1b[Z"),
    BYTES("\x7f"),
    BYTES("\x7f"),
    BYTES("\x1b[3~"),
    BYTES("\x1b[3~"),
    BYTES("\x1b[19~"),
    BYTES("\x1b[20~"),
    BYTES("\x1b[2~"),
    BYTES("\x04"),
    BYTES("\x1b"
          "d"),
    BYTES("\x18"),
    BYTES("\x03"),
    BYTES("\x16"),
    BYTES("\x1a"),
    BYTES("\x1a"),
    BYTES("\x19"),
    BYTES("\x1b[1;5A"),
    BYTES("\x1b[1;5B"),
    BYTES("\x1b[1;5C"),
    BYTES("\x1b[1;5D"),
    BYTES("\x1b[1;5H"),
    BYTES("\x1b[1;5F"),
    BYTES("\r"),
    BYTES("\x1b[18~"),
    BYTES("\x06"),
    BYTES("\x1b[3;5~"),
    BYTES("$$a"),
    BYTES("$$x Value"),
    BYTES("245"),
    BYTES("880"),
    BYTES("\xc3\xa9"),
    BYTES("e\xcc\x81"),
    BYTES("\xd7\xa9\xd7\x9c"),
    BYTES("\xe4\xba\xba"),
    BYTES("{dollar}"),
    BYTES("#"),
    BYTES("|"),
};

static const bytes editing_pastes[] = {
    BYTES("\x1b[200~words with a\nline end\x1b[201~"),
    BYTES("\x1b[200~=650  \\0$aHistory.$zSpain\n=500  \\\\$aA note\x1b[201~"),
    BYTES("\x1b[200~\xd9\x83\xd8\xaa\xd8\xa7\xd8\xa8 $$b x\x1b[201~"),
};

size_t monkey_editing_key(monkey *monkey, char out[static MONKEY_KEY_MAX])
{
    uint32_t kind = monkey_below(monkey, 100);
    bytes key = { out, 1 };
    if (kind < 45)
        out[0] = (char)(' ' + monkey_below(monkey, 95));
    else if (kind < 97)
        key = PICK(monkey, editing);
    else
        key = PICK(monkey, editing_pastes);
    if (key.bytes != out)
        memcpy(out, key.bytes, key.length);
    return key.length;
}
