/* tests/walk/monkeys.c - random keys: anywhere, or in the record editor and then everything undone. */
#include "walk/walk.h"

#include "support/monkey.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MONKEY_ROUND = 40, MONKEY_RESIZES = 400, MONKEY_COMMANDS = 300 };

static size_t read_commands(walk *walk, const char *path, char **commands)
{
    char line[200];
    size_t count = 0;
    FILE *file = fopen(path, "re");
    if (file == NULL)
        fail(walk, "cannot open %s", path);
    while (count < MONKEY_COMMANDS && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        commands[count++] = strdup(line);
    }
    fclose(file);
    return count;
}

/* Bytes that may leave the program in the middle of a sequence or a paste are followed by the ends of both. A monkey may also
 * leave: that is no fault when the status says so. @return false: it left */
static bool monkey_barrier(walk *walk, uint64_t key)
{
    static const char ends[] = "\x1b\\\x1b[201~";
    char question[32];
    int64_t until = now_ms() + 2 * TIMEOUT_MS;
    terminal *at = walk->at;
    at->barrier++;
    at->answered = false;
    int length = snprintf(question, sizeof question, "\x1b_recto;%d\x1b\\", at->barrier);
    bool there = write(at->master, ends, sizeof ends - 1) > 0 && write(at->master, question, (size_t)length) > 0;
    while (there && !at->answered) {
        there = pump(at, 100);
        if (now_ms() > until)
            fail(walk, "key %llu: no answer", (unsigned long long)key);
    }
    check_stream(walk);
    return there;
}

static void monkey_resize(walk *walk, monkey *monkey)
{
    static const int sizes[][2] = { { 12, 40 }, { 11, 39 },  { 3, 10 },  { 1, 1 },  { 60, 200 },
                                    { 24, 80 }, { 24, 300 }, { 13, 41 }, { 5, 132 } };
    uint32_t chosen = monkey_below(monkey, sizeof sizes / sizeof *sizes + 3);
    bool back = chosen >= sizeof sizes / sizeof *sizes;
    int rows = back ? walk->rows : sizes[chosen][0], columns = back ? walk->columns : sizes[chosen][1];
    struct winsize wanted = { (unsigned short)rows, (unsigned short)columns, 0, 0 };
    vterm_set_size(walk->at->vterm, rows < 2 ? 2 : rows, columns < 2 ? 2 : columns);
    walk->at->rows = rows < 2 ? 2 : rows;
    walk->at->columns = columns < 2 ? 2 : columns;
    ioctl(walk->at->master, TIOCSWINSZ, &wanted);
}

static void monkey_types(walk *walk, monkey *monkey, FILE *log)
{
    char bytes[MONKEY_KEY_MAX];
    size_t length = monkey_key(monkey, bytes);
    if (log != NULL) {
        for (size_t i = 0; i < length; i++)
            fprintf(log, "%02x", (unsigned char)bytes[i]);
        fprintf(log, "\n");
    }
    for (size_t done = 0; done < length;) {
        ssize_t written = write(walk->at->master, bytes + done, length - done);
        if (written <= 0)
            return; /* it has left: the barrier will tell */
        done += (size_t)written;
        pump(walk->at, 0);
    }
    if (length == 1 && bytes[0] == '\x1b' && monkey_below(monkey, 4) == 0)
        await_escape(walk);
}

void run_monkey(walk *walk, uint64_t seed, uint64_t count, const char *path)
{
    static char *commands[MONKEY_COMMANDS];
    monkey monkey;
    const char *log_name = getenv("WALK_KEYS");
    FILE *log = log_name == NULL ? NULL : fopen(log_name, "we");
    monkey_init(&monkey, seed, (const char *const *)commands, path == NULL ? 0 : read_commands(walk, path, commands));
    for (uint64_t key = 0; key < count; key++) {
        monkey_types(walk, &monkey, log);
        if (key % MONKEY_RESIZES == MONKEY_RESIZES - 1)
            monkey_resize(walk, &monkey);
        if (key % MONKEY_ROUND == MONKEY_ROUND - 1 && !monkey_barrier(walk, key)) {
            if (log != NULL)
                fflush(log);
            await_exit(walk, 0);
            close(walk->at->master);
            start(walk, walk->at->arguments);
        }
    }
    if (log != NULL)
        fclose(log);
    struct winsize wanted = { (unsigned short)walk->rows, (unsigned short)walk->columns, 0, 0 };
    vterm_set_size(walk->at->vterm, walk->rows, walk->columns);
    walk->at->rows = walk->rows;
    walk->at->columns = walk->columns;
    ioctl(walk->at->master, TIOCSWINSZ, &wanted);
}

/* ---- a monkey in the record editor, and everything undone ---- */

static bool status_says(walk *walk, const char *text)
{
    return on_screen(walk, text, walk->at->rows - 2, walk->at->rows - 2);
}

/* Out of the form, out of the field; then one step back after the other. */
static void undo_all(walk *walk)
{
    enum { UNDO_MOST = 50000 };
    char escape[] = "Esc", *escapes[] = { escape, escape };
    type_words(walk, escapes, 2);
    barrier(walk);
    for (int step = 0; step < UNDO_MOST; step++) {
        send_bytes(walk, "\x1a", 1);
        barrier(walk);
        if (status_says(walk, "nothing to undo"))
            return;
    }
    fail(walk, "after %d keys there is still something to undo", UNDO_MOST);
}

void run_editing(walk *walk, uint64_t seed, uint64_t count)
{
    char bytes[MONKEY_KEY_MAX];
    monkey monkey;
    const char *log_name = getenv("WALK_KEYS");
    FILE *log = log_name == NULL ? NULL : fopen(log_name, "we");
    monkey_init(&monkey, seed, NULL, 0);
    for (uint64_t key = 0; key < count; key++) {
        size_t length = monkey_editing_key(&monkey, bytes);
        for (size_t i = 0; log != NULL && i < length; i++)
            fprintf(log, "%02x%s", (unsigned char)bytes[i], i + 1 == length ? "\n" : "");
        send_bytes(walk, bytes, length);
        if (key % MONKEY_ROUND == MONKEY_ROUND - 1)
            barrier(walk);
    }
    if (log != NULL)
        fclose(log);
    barrier(walk);
    undo_all(walk);
}
