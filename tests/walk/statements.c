/* tests/walk/statements.c - what a script types, looks for, captures and waits for. */
#include "walk/walk.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

void type_words(walk *walk, char **words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char bytes[16];
        size_t length = words[i][0] == '"' ? 0 : key_bytes(words[i], bytes);
        if (words[i][0] != '"' && length == 0)
            fail(walk, "unknown key %s", words[i]);
        if (words[i][0] == '"')
            send_bytes(walk, words[i] + 1, strlen(words[i] + 1));
        else
            send_bytes(walk, bytes, length);
        if (length == 1 && bytes[0] == '\x1b')
            await_escape(walk);
    }
}

/* Each word is one key: what it sends stands in hexadecimal digits. */
void type_hex(walk *walk, char **words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char bytes[LINE / 2];
        size_t length = 0;
        for (const char *at = words[i]; *at != '\0'; at += 2) {
            const char digits[3] = { at[0], at[1], '\0' };
            char *end;
            bytes[length++] = (char)strtoul(digits, &end, 16);
            if (*end != '\0' || at[1] == '\0')
                fail(walk, "no bytes in hexadecimal digits: %s", words[i]);
        }
        send_bytes(walk, bytes, length);
        if (length == 1 && bytes[0] == '\x1b')
            await_escape(walk);
    }
}

bool on_screen(const walk *walk, const char *text, int first, int last)
{
    char row[LINE];
    for (int i = first; i <= last; i++) {
        screen_text(walk->at, i, row, sizeof row);
        if (strstr(row, text) != NULL)
            return true;
    }
    return false;
}

/* A long message goes on over as many as four rows; a blank is where a row ends. */
static bool is_said(const walk *walk, const char *wanted, int last)
{
    char said[LINE * 5] = "", row[LINE];
    for (int at = last; at > last - 4 && at > 0; at--) {
        char joined[LINE * 6 + 2];
        screen_text(walk->at, at, row, sizeof row);
        size_t length = strlen(row), from = row[0] == ' ' ? 1 : 0;
        while (length > from && row[length - 1] == ' ')
            length--;
        snprintf(joined, sizeof joined, "%.*s %s", (int)(length - from), row + from, said);
        snprintf(said, sizeof said, "%.*s", (int)sizeof said - 1, joined);
        if (strstr(said, wanted) != NULL)
            return true;
    }
    return false;
}

void see(walk *walk, char **words, size_t count)
{
    int last = walk->at->rows - 1;
    if (count == 1 && !on_screen(walk, unquoted(words[0]), 0, last))
        fail(walk, "not on the screen: %s", unquoted(words[0]));
    if (count == 2 && strcmp(words[0], "not") == 0 && on_screen(walk, unquoted(words[1]), 0, last))
        fail(walk, "on the screen: %s", unquoted(words[1]));
    if (count == 2 && strcmp(words[0], "status") == 0 && getenv("WALK_STEADY") == NULL &&
        !on_screen(walk, unquoted(words[1]), last - 1, last - 1) && !is_said(walk, unquoted(words[1]), last - 1))
        fail(walk, "the status line does not say: %s", unquoted(words[1]));
    if (count == 3 && strcmp(words[0], "row") == 0 && !on_screen(walk, unquoted(words[2]), atoi(words[1]), atoi(words[1])))
        fail(walk, "row %s does not hold: %s", words[1], unquoted(words[2]));
    if (count < 1 || count > 3)
        fail(walk, "see: text, not text, status text, or row N text");
}

void see_cursor(walk *walk, const char *text)
{
    VTermPos position;
    char row[LINE];
    vterm_state_get_cursorpos(vterm_obtain_state(walk->at->vterm), &position);
    screen_text(walk->at, position.row, row, sizeof row);
    if (strstr(row, text) == NULL)
        fail(walk, "the cursor is in row %d, which does not hold: %s", position.row, text);
}

void capture(walk *walk, const char *name, const char *pattern)
{
    static char all[SCREEN];
    char row[LINE], value[400];
    regex_t regex;
    regmatch_t groups[2];
    size_t used = 0;
    for (int i = 0; i < walk->at->rows; i++) {
        screen_text(walk->at, i, row, sizeof row);
        used += (size_t)snprintf(all + used, sizeof all - used, "%s\n", row);
    }
    if (regcomp(&regex, pattern, REG_EXTENDED | REG_NEWLINE) != 0)
        fail(walk, "bad expression %s", pattern);
    if (regexec(&regex, all, 2, groups, 0) != 0 || groups[1].rm_so < 0)
        fail(walk, "not found: %s", pattern);
    snprintf(value, sizeof value, "%.*s", (int)(groups[1].rm_eo - groups[1].rm_so), all + groups[1].rm_so);
    regfree(&regex);
    set_variable(walk, name, value);
}

void shell(walk *walk, const char *command)
{
    fflush(stdout);
    pid_t child = fork();
    int status = 0;
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        fail(walk, "shell ended with %d: %s", WIFEXITED(status) ? WEXITSTATUS(status) : -1, command);
}

void await_exit(walk *walk, int wanted)
{
    int64_t until = now_ms() + 5000;
    int status;
    while (waitpid(walk->at->pid, &status, WNOHANG) == 0) {
        if (now_ms() > until)
            fail(walk, "the program has not ended");
        if (!pump(walk->at, 20))
            usleep(2000);
    }
    for (int i = 0; i < 16 && pump(walk->at, 0); i++) {
        /* its last words */
    }
    walk->at->ended = true;
    check_stream(walk);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    if (wanted >= 0 && code != wanted)
        fail(walk, "the program ended with %d, not %d", code, wanted);
}

void resize(walk *walk, const char *size)
{
    int rows, columns;
    if (sscanf(size, "%dx%d", &rows, &columns) != 2)
        fail(walk, "resize: ROWSxCOLUMNS");
    struct winsize wanted = { (unsigned short)rows, (unsigned short)columns, 0, 0 };
    vterm_set_size(walk->at->vterm, rows, columns);
    walk->at->rows = rows;
    walk->at->columns = columns;
    ioctl(walk->at->master, TIOCSWINSZ, &wanted);
    barrier(walk);
}
