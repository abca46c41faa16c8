/* tests/walk/walk.h - inside of the walker (tools/walk.c): the program's terminal, a script's words, and what statements do.
 *
 * Whatever fails ends the walk: there is nothing to give back. */
#ifndef WALK_WALK_H
#define WALK_WALK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <vterm.h>

#include "support/stream_check.h"

enum { TERMINALS = 2, VARIABLES = 32, LINE = 4096, SCREEN = 200 * 400 * 8, TIMEOUT_MS = 20000, ESCAPE_MS = 150, WORDS = 64 };

typedef struct terminal {
    int master;
    pid_t pid;
    VTerm *vterm;
    VTermScreen *screen;
    int rows, columns, barrier;
    char tail[64]; /* the end of the output, where the barrier's answer is looked for */
    size_t tail_length;
    bool answered, ended;
    int apc; /* 0 outside, 1 after ESC, 2 inside an answer, 3 inside after ESC */
    int status;
    stream_check check;
    char *arguments[WORDS + 2]; /* what it was started with */
} terminal;

typedef struct walk {
    const char *script, *term, *program;
    int line, rows, columns;
    char directory[200];
    struct {
        char name[40], value[400];
    } variables[VARIABLES];
    size_t variable_count;
    terminal terminals[TERMINALS], *at;
} walk;

/* terminal.c */
/** The words of a row, from 0, as UTF-8, without the blanks at its end. */
void screen_text(const terminal *terminal, int row, char *out, size_t capacity);
void dump(const terminal *terminal); /* prints the screen */
/** Says script and line, prints the screen, and ends with 1. */
void fail(walk *walk, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));
void stop_all(walk *walk); /* ends what still runs, and removes the directory; WALK_KEEP in the environment keeps it */
int64_t now_ms(void);
/** Takes what the program sends. @return false: nothing came within `wait_ms`, or it has ended */
bool pump(terminal *terminal, int wait_ms);
void send_bytes(walk *walk, const char *bytes, size_t length);
/** What tells Escape from the beginning of a sequence is that nothing follows it for a while: waits so long. */
void await_escape(walk *walk);
void check_stream(walk *walk); /* fails when a control byte out of data was sent */
void barrier(walk *walk);      /* waits until the program has drawn all that it was sent */
/** Starts the program; arguments end with NULL. */
void start(walk *walk, char **arguments);

/* words.c */
/** "Ctrl+S", "Alt+M", "Ctrl+Alt+R", "Alt+Shift+R": as a terminal sends them. @return bytes, 0: no such key */
size_t key_bytes(const char *name, char out[static 16]);
void set_variable(walk *walk, const char *name, const char *value);
void expand(walk *walk, const char *in, char out[static LINE]); /* ${NAME} replaced */
/** Takes the line apart in place; a word in quotes keeps the first one. @return words, at most WORDS */
size_t split(char *line, char **words);
const char *unquoted(const char *word);

/* statements.c */
void type_words(walk *walk, char **words, size_t count);
void type_hex(walk *walk, char **words, size_t count);
bool on_screen(const walk *walk, const char *text, int first, int last); /* in the rows first to last */
void see(walk *walk, char **words, size_t count);
void see_cursor(walk *walk, const char *text);
void capture(walk *walk, const char *name, const char *pattern);
void shell(walk *walk, const char *command);
void await_exit(walk *walk, int wanted); /* -1: however it ends */
void resize(walk *walk, const char *size);

/* monkeys.c */
/** @param path  names of commands, one a line; NULL: none */
void run_monkey(walk *walk, uint64_t seed, uint64_t count, const char *path);
void run_editing(walk *walk, uint64_t seed, uint64_t count);

/* golden.c */
void golden(walk *walk, const char *name);

#endif
