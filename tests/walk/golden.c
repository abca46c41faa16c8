/* tests/walk/golden.c - whole screens with their looks, against files or into them. */
#include "walk/walk.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A blank has no weight and no colour of letters: what it wears depends on the way there. */
static bool is_bare_blank(const VTermScreenCell *cell)
{
    return (cell->chars[0] == 0 || cell->chars[0] == ' ') && !cell->attrs.reverse && !cell->attrs.underline &&
           VTERM_COLOR_IS_DEFAULT_BG(&cell->bg);
}

/* One letter a cell: b bold, u underlined, r reverse, c coloured, . plain; rows that are all plain have none. */
static void looks_of_row(const terminal *terminal, int row, char *out)
{
    int used = 0;
    for (int column = 0; column < terminal->columns; column++) {
        VTermScreenCell cell;
        char look = '.';
        if (!vterm_screen_get_cell(terminal->screen, (VTermPos){ row, column }, &cell) || cell.chars[0] == (uint32_t)-1)
            continue;
        if (is_bare_blank(&cell))
            look = '.';
        else if (cell.attrs.reverse)
            look = 'r';
        else if (cell.attrs.bold)
            look = 'b';
        else if (cell.attrs.underline)
            look = 'u';
        else if (!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))
            look = 'c';
        out[column] = look;
        if (look != '.')
            used = column + 1;
    }
    out[used] = '\0';
}

/* "0.02 s": how long a search took is of the machine, not of the screen. In place. */
static void without_seconds(char *row)
{
    for (char *at = row; (at = strstr(at, " s")) != NULL; at++)
        if (at - row >= 4 && isdigit((unsigned char)at[-1]) && isdigit((unsigned char)at[-2]) && at[-3] == '.' &&
            isdigit((unsigned char)at[-4]) && (at[2] == ' ' || at[2] == '\0'))
            at[-1] = at[-2] = at[-4] = '0';
}

static void write_screen(const terminal *terminal, FILE *out)
{
    char row[LINE], looks[LINE];
    VTermPos cursor;
    vterm_state_get_cursorpos(vterm_obtain_state(terminal->vterm), &cursor);
    for (int i = 0; i < terminal->rows; i++) {
        memset(looks, '.', sizeof looks);
        screen_text(terminal, i, row, sizeof row);
        without_seconds(row);
        looks_of_row(terminal, i, looks);
        fprintf(out, "%2d|%s\n", i, row);
        if (looks[0] != '\0')
            fprintf(out, "  :%s\n", looks);
    }
    fprintf(out, "cursor %d,%d\n", cursor.row, cursor.col);
}

/* Says the first line that is not as it was. */
static void compare_screens(walk *walk, const char *path, FILE *wanted, FILE *seen)
{
    char one[LINE] = "", other[LINE] = "";
    for (;;) {
        char *had = fgets(one, sizeof one, wanted), *has = fgets(other, sizeof other, seen);
        if (had == NULL && has == NULL)
            return;
        if (had == NULL || has == NULL || strcmp(one, other) != 0)
            fail(walk, "%s says\n%sbut the screen is\n%s", path, had == NULL ? "(end)\n" : one, has == NULL ? "(end)\n" : other);
    }
}

void golden(walk *walk, const char *name)
{
    char path[LINE];
    const char *update = getenv("UPDATE"), *slash = strstr(walk->script, "walks/");
    int folder = slash == NULL ? 0 : (int)(slash - walk->script);
    snprintf(path, sizeof path, "%.*sgolden/%s.%dx%d.%s", folder, walk->script, name, walk->at->columns, walk->at->rows,
             walk->term);
    bool renew = update != NULL && strcmp(update, "1") == 0;
    FILE *file = fopen(path, renew ? "we" : "re"), *seen = renew ? file : tmpfile();
    if (file == NULL || seen == NULL)
        fail(walk, "%s: %s; UPDATE=1 writes it", path, strerror(errno));
    write_screen(walk->at, seen);
    if (!renew) {
        rewind(seen);
        compare_screens(walk, path, file, seen);
        fclose(seen);
    }
    fclose(file);
}
