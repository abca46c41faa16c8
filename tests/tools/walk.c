/* tests/tools/walk.c - drives the real program in a pseudo-terminal by a script, and looks at the cells of its screen.
 *
 * usage: walk SCRIPT ROWSxCOLUMNS TERM RECTO        (RECTO: the program; the walk runs in a new temporary directory)
 *
 * A script has one statement a line; `#` begins a comment; ${NAME} is replaced by what was captured or set.
 *   only 80 | only vt100        the rest of the line holds only at this width or on this terminal; `unless` is its opposite
 *   shell COMMAND               run by sh, must end with 0; $RECTO is the program
 *   env NAME=VALUE              for what is run from now on
 *   terminal A|B                which of the two terminals the next statements are about
 *   run ARGUMENT...             starts the program and waits until it has drawn
 *   keys "text" Name ...        types; a barrier follows: the program answers once it has drawn what it was sent
 *   type "text" Name ...        types without waiting
 *   bytes 1B5B41 13 ...         sends these bytes as one terminal would send one key each; a barrier follows
 *   held COUNT Name ...         as held keys come, COUNT rounds of them, each once the one before has been answered;
 *                               the screen that stands in the end must be what a whole redraw draws
 *   mouse ROW COLUMN            clicks there, counted from 0; mouse up, mouse down turn the wheel
 *   see "text"                  somewhere on the screen; see row N "text"; see not "text";
 *                               see status "text" (a message can go over several rows)
 *   cursor in "text"            the cursor's row holds the text
 *   capture NAME REGEX          the first group of an extended regular expression found on the screen
 *   set NAME VALUE
 *   resize ROWSxCOLUMNS         hangup (the line is cut)     kill (SIGKILL)     exits N (within 5 s)
 *   monkey SEED COUNT [FILE]    types COUNT random keys, now and then in another size;
 *                               FILE has names of commands, one a line
 *   golden NAME                 the whole screen with its looks is tests/tui/golden/NAME.SIZE.TERM; UPDATE=1 writes it anew
 *   editing SEED COUNT          COUNT random keys of the record editor, then undo until there is nothing to undo
 *   dump                        prints the screen
 *
 * With WALK_STEADY set, the screen is drawn anew after each `keys`, and must be the same; the status line is not looked at.
 * (libvterm 0.1.4 shows stale cells after some deletions of characters where other terminals do not: read its findings so.)
 * Every byte that the program sends is looked at (support/stream_check.h): a control byte out of data ends the walk. No statement
 * sleeps, but for Esc, which is told from a sequence by time. The first that fails prints the screen and ends the walk with 1. */
#include "walk/walk.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Is this walk of the width, or on the terminal, that the first word names? */
static bool here(const walk *walk, const char *word)
{
    size_t length = strcspn(word, " ");
    return atoi(word) == walk->columns || (strlen(walk->term) == length && strncmp(walk->term, word, length) == 0);
}

/* What was drawn by small changes must be what a whole redraw draws; the two last rows say what the last key did. */
static void stand_steady(walk *walk)
{
    static char before[200][LINE];
    char after[LINE];
    int rows = walk->at->rows - 2;
    for (int row = 0; row < rows && row < 200; row++)
        screen_text(walk->at, row, before[row], sizeof before[row]);
    send_bytes(walk, "\x0c", 1);
    barrier(walk);
    for (int row = 0; row < rows && row < 200; row++) {
        screen_text(walk->at, row, after, sizeof after);
        if (strcmp(before[row], after) != 0)
            fail(walk, "row %d was drawn as |%s|", row, before[row]);
    }
}

/* Soon after one another, so that what only follows the cursor waits; whole drawings come between when the machine is slow. */
static void hold(walk *walk, char **words, size_t count)
{
    enum { BETWEEN_KEYS_MS = 15 };
    for (int round = atoi(words[0]); round > 0; round--)
        for (size_t i = 1; i < count; i++) {
            type_words(walk, words + i, 1);
            pump(walk->at, BETWEEN_KEYS_MS);
        }
    barrier(walk);
    stand_steady(walk);
}

typedef struct statement {
    char *rest; /* the line behind the verb, as it stands */
    char **words;
    size_t count;
} statement;

static void run_env(walk *walk, const statement *statement)
{
    char *equals = strchr(statement->rest, '=');
    if (equals == NULL)
        fail(walk, "env NAME=VALUE");
    *equals = '\0';
    setenv(statement->rest, equals + 1, 1);
}

static void run_terminal(walk *walk, const statement *statement)
{
    walk->at = &walk->terminals[statement->words[0][0] == 'B'];
}

static void run_program(walk *walk, const statement *statement)
{
    char *arguments[WORDS + 2] = { (char *)(uintptr_t)walk->program };
    for (size_t i = 0; i < statement->count; i++)
        arguments[i + 1] = (char *)(uintptr_t)unquoted(statement->words[i]);
    start(walk, arguments);
}

static void run_keys(walk *walk, const statement *statement)
{
    type_words(walk, statement->words, statement->count);
    barrier(walk);
    if (getenv("WALK_STEADY") != NULL)
        stand_steady(walk);
}

static void run_bytes(walk *walk, const statement *statement)
{
    type_hex(walk, statement->words, statement->count);
    barrier(walk);
}

static void run_held(walk *walk, const statement *statement)
{
    hold(walk, statement->words, statement->count);
}

static void run_type(walk *walk, const statement *statement)
{
    type_words(walk, statement->words, statement->count);
}

static void run_see(walk *walk, const statement *statement)
{
    see(walk, statement->words, statement->count);
}

static void run_cursor(walk *walk, const statement *statement)
{
    see_cursor(walk, unquoted(statement->words[1]));
}

static void run_capture(walk *walk, const statement *statement)
{
    capture(walk, statement->words[0], statement->rest + strlen(statement->words[0]) + 1);
}

static void run_set(walk *walk, const statement *statement)
{
    set_variable(walk, statement->words[0], unquoted(statement->words[1]));
}

static void run_resize(walk *walk, const statement *statement)
{
    resize(walk, statement->words[0]);
}

static void run_hangup(walk *walk, const statement *statement)
{
    (void)statement;
    close(walk->at->master);
    walk->at->master = -1;
}

static void run_kill(walk *walk, const statement *statement)
{
    (void)statement;
    kill(walk->at->pid, SIGKILL);
    await_exit(walk, -1);
}

static void run_exits(walk *walk, const statement *statement)
{
    await_exit(walk, atoi(statement->words[0]));
}

static void run_random(walk *walk, const statement *statement)
{
    run_monkey(walk, strtoull(statement->words[0], NULL, 10), strtoull(statement->words[1], NULL, 10),
               statement->count == 3 ? statement->words[2] : NULL);
}

static void run_mouse(walk *walk, const statement *statement)
{
    char report[64];
    char **words = statement->words;
    bool wheel = statement->count == 1;
    int length = wheel ? snprintf(report, sizeof report, "\x1b[<%d;1;5M", words[0][0] == 'u' ? 64 : 65)
                       : snprintf(report, sizeof report, "\x1b[<0;%d;%dM\x1b[<0;%d;%dm", atoi(words[1]) + 1, atoi(words[0]) + 1,
                                  atoi(words[1]) + 1, atoi(words[0]) + 1);
    send_bytes(walk, report, (size_t)length);
    barrier(walk);
}

static void run_edits(walk *walk, const statement *statement)
{
    run_editing(walk, strtoull(statement->words[0], NULL, 10), strtoull(statement->words[1], NULL, 10));
}

static void run_golden(walk *walk, const statement *statement)
{
    golden(walk, statement->words[0]);
}

static void run_dump(walk *walk, const statement *statement)
{
    (void)statement;
    dump(walk->at);
}

static const struct {
    const char *verb;
    size_t least, most; /* words behind it */
    void (*run)(walk *walk, const statement *statement);
} verbs[] = {
    { "env", 0, WORDS, run_env },         { "terminal", 1, 1, run_terminal }, { "run", 0, WORDS, run_program },
    { "keys", 0, WORDS, run_keys },       { "bytes", 0, WORDS, run_bytes },   { "held", 2, WORDS, run_held },
    { "type", 0, WORDS, run_type },       { "see", 0, WORDS, run_see },       { "cursor", 2, 2, run_cursor },
    { "capture", 2, WORDS, run_capture }, { "set", 2, 2, run_set },           { "resize", 1, 1, run_resize },
    { "hangup", 0, WORDS, run_hangup },   { "kill", 0, WORDS, run_kill },     { "exits", 1, 1, run_exits },
    { "monkey", 2, 3, run_random },       { "mouse", 1, 2, run_mouse },       { "editing", 2, 2, run_edits },
    { "golden", 1, 1, run_golden },       { "dump", 0, WORDS, run_dump },
};

static void run_statement(walk *walk, char *line)
{
    char *words[WORDS + 1], copy[LINE], verb[40] = "";
    line += strspn(line, " ");
    sscanf(line, "%39s", verb);
    char *rest = line + strlen(verb);
    rest += strspn(rest, " ");
    if (verb[0] == '\0' || verb[0] == '#')
        return;
    if (strcmp(verb, "only") == 0 || strcmp(verb, "unless") == 0) {
        if (here(walk, rest) == (verb[0] == 'o'))
            run_statement(walk, rest + strcspn(rest, " "));
        return;
    }
    if (strcmp(verb, "shell") == 0) { /* its quotes are the shell's */
        shell(walk, rest);
        return;
    }
    snprintf(copy, sizeof copy, "%s", rest);
    const statement statement = { rest, words, split(copy, words) };
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verb, verbs[i].verb) == 0 && statement.count >= verbs[i].least && statement.count <= verbs[i].most) {
            verbs[i].run(walk, &statement);
            return;
        }
    fail(walk, "unknown statement: %s", line);
}

static void prepare(walk *walk)
{
    static const char *const unset[] = { "RECTO_USER", "RECTO_INSTITUTION", "RECTO_CONFIG", "NO_COLOR", "XDG_RUNTIME_DIR" };
    char path[300];
    snprintf(walk->directory, sizeof walk->directory, "%s/recto-walk-XXXXXX",
             getenv("TMPDIR") == NULL ? "/tmp" : getenv("TMPDIR"));
    if (mkdtemp(walk->directory) == NULL)
        fail(walk, "no temporary directory");
    for (size_t i = 0; i < sizeof unset / sizeof *unset; i++)
        unsetenv(unset[i]);
    snprintf(path, sizeof path, "%s/repository.db", walk->directory);
    setenv("RECTO_REPO", path, 1);
    setenv("HOME", walk->directory, 1);
    snprintf(path, sizeof path, "%s/config", walk->directory);
    setenv("XDG_CONFIG_HOME", path, 1);
    setenv("XDG_DATA_HOME", walk->directory, 1);
    setenv("XDG_STATE_HOME", walk->directory, 1);
    setenv("RECTO", walk->program, 1);
    setenv("WALK_DIR", walk->directory, 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("TZ", "UTC", 1);
    set_variable(walk, "DIR", walk->directory);
}

int main(int argc, char **argv)
{
    static walk walk;
    char line[LINE], expanded[LINE];
    if (argc != 5 || sscanf(argv[2], "%dx%d", &walk.rows, &walk.columns) != 2) {
        fprintf(stderr, "usage: walk SCRIPT ROWSxCOLUMNS TERM RECTO\n");
        return 2;
    }
    walk.script = argv[1];
    walk.term = argv[3];
    walk.program = realpath(argv[4], NULL);
    walk.at = &walk.terminals[0];
    FILE *script = fopen(argv[1], "re");
    if (script == NULL || walk.program == NULL) {
        fprintf(stderr, "cannot open %s or %s\n", argv[1], argv[4]);
        return 2;
    }
    prepare(&walk);
    while (fgets(line, sizeof line, script) != NULL) {
        walk.line++;
        line[strcspn(line, "\n")] = '\0';
        if (line[strspn(line, " ")] == '#')
            continue;
        expand(&walk, line, expanded);
        run_statement(&walk, expanded);
    }
    fclose(script);
    stop_all(&walk);
    return 0;
}
