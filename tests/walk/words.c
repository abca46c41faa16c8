/* tests/walk/words.c - the words of a statement: keys by name, variables, quotes. */
#include "walk/walk.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *bytes;
} key_names[] = {
    { "Enter", "\r" },
    { "Tab", "\t" },
    { "Esc", "\x1b" },
    { "Backspace", "\x7f" },
    { "Space", " " },
    { "Up", "\x1b[A" },
    { "Down", "\x1b[B" },
    { "Right", "\x1b[C" },
    { "Left", "\x1b[D" },
    { "Home", "\x1b[1~" },
    { "End", "\x1b[4~" },
    { "PgUp", "\x1b[5~" },
    { "PgDn", "\x1b[6~" },
    { "Insert", "\x1b[2~" },
    { "Delete", "\x1b[3~" },
    { "Shift+Tab", "\x1b[Z" },
    { "F1", "\x1bOP" },
    { "F2", "\x1bOQ" },
    { "F3", "\x1bOR" },
    { "F4", "\x1bOS" },
    { "F5", "\x1b[15~" },
    { "F6", "\x1b[17~" },
    { "F7", "\x1b[18~" },
    { "F8", "\x1b[19~" },
    { "F9", "\x1b[20~" },
    { "F10", "\x1b[21~" },
    { "F11", "\x1b[23~" },
    { "F12", "\x1b[24~" },
    { "Ctrl+F6", "\x1b[17;5~" },
    { "Ctrl+Up", "\x1b[1;5A" },
    { "Ctrl+Down", "\x1b[1;5B" },
    { "Quote", "\"" },
};

/* "Ctrl+S", "Alt+M", "Ctrl+Alt+R", "Alt+Shift+R": as a terminal sends them. @return bytes, 0: no such key */
size_t key_bytes(const char *name, char out[static 16])
{
    bool alt = false, ctrl = false, shift = false;
    for (size_t i = 0; i < sizeof key_names / sizeof *key_names; i++)
        if (strcmp(key_names[i].name, name) == 0) {
            size_t length = strlen(key_names[i].bytes);
            memcpy(out, key_names[i].bytes, length);
            return length;
        }
    if (strlen(name) == 1) {
        out[0] = name[0];
        return 1;
    }
    for (;; name = strchr(name, '+') + 1) {
        if (strncmp(name, "Ctrl+", 5) == 0)
            ctrl = true;
        else if (strncmp(name, "Alt+", 4) == 0)
            alt = true;
        else if (strncmp(name, "Shift+", 6) == 0)
            shift = true;
        else
            break;
    }
    if (strlen(name) != 1 || !(alt || ctrl))
        return 0;
    size_t length = 0;
    if (alt)
        out[length++] = '\x1b';
    char letter = shift ? (char)toupper((unsigned char)name[0]) : (char)tolower((unsigned char)name[0]);
    out[length++] = ctrl ? (char)(letter & 0x1F) : letter;
    return length;
}

static const char *variable(walk *walk, const char *name, size_t length)
{
    for (size_t i = 0; i < walk->variable_count; i++)
        if (strlen(walk->variables[i].name) == length && strncmp(walk->variables[i].name, name, length) == 0)
            return walk->variables[i].value;
    return NULL;
}

void set_variable(walk *walk, const char *name, const char *value)
{
    size_t i = 0;
    while (i < walk->variable_count && strcmp(walk->variables[i].name, name) != 0)
        i++;
    if (i == VARIABLES)
        fail(walk, "too many variables");
    snprintf(walk->variables[i].name, sizeof walk->variables[i].name, "%s", name);
    snprintf(walk->variables[i].value, sizeof walk->variables[i].value, "%s", value);
    if (i == walk->variable_count)
        walk->variable_count++;
}

void expand(walk *walk, const char *in, char out[static LINE])
{
    size_t used = 0;
    while (*in != '\0' && used + 1 < LINE) {
        const char *end = strncmp(in, "${", 2) == 0 ? strchr(in, '}') : NULL;
        const char *value = end == NULL ? NULL : variable(walk, in + 2, (size_t)(end - in - 2));
        if (end != NULL && value == NULL)
            fail(walk, "nothing was captured as %.*s", (int)(end - in - 2), in + 2);
        if (value != NULL) {
            used += (size_t)snprintf(out + used, LINE - used, "%s", value);
            in = end + 1;
        } else {
            out[used++] = *in++;
        }
    }
    out[used < LINE ? used : LINE - 1] = '\0';
}

/* Splits into words; a quoted word keeps its opening quote as a mark. In place. */
size_t split(char *line, char **words)
{
    size_t count = 0;
    char *at = line;
    while (count < WORDS) {
        while (*at == ' ')
            at++;
        if (*at == '\0')
            break;
        words[count++] = at;
        if (*at == '"') {
            at = strchr(at + 1, '"');
            if (at == NULL)
                break;
        } else {
            at += strcspn(at, " ");
        }
        if (*at == '\0')
            break;
        *at++ = '\0';
    }
    return count;
}

const char *unquoted(const char *word)
{
    return word[0] == '"' ? word + 1 : word;
}
