/* src/tui/dialog.c - what lies over the panes: the stack of overlays, questions with choices, and one line of input.
 *
 * A dialog is a table of choices; its answer goes to whoever asked. It is taken off before the answer is given, so that the
 * answer may ask the next question. */
#include "macros.h"
#include "station.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 40, BUTTON_GAP = 2 };

bool station_add_overlay(workstation *station, const overlay *overlay)
{
    station->dirty = true;
    if (station->overlay_count == OVERLAYS_MAX) {
        if (overlay->release != NULL)
            overlay->release(overlay->model);
        return false;
    }
    station->overlays[station->overlay_count++] = *overlay;
    return true;
}

void station_drop_overlay(workstation *station, const void *model)
{
    for (size_t i = 0; i < station->overlay_count; i++)
        if (station->overlays[i].model == model) {
            overlay gone = station->overlays[i];
            memmove(&station->overlays[i], &station->overlays[i + 1], (station->overlay_count - i - 1) * sizeof(overlay));
            station->overlay_count--;
            station->dirty = true;
            if (gone.release != NULL)
                gone.release(gone.model);
            return;
        }
}

surface overlay_box(const surface *whole, int rows, int columns, const char *title, const char *right)
{
    rows = rows + 2 > whole->rows ? whole->rows : rows + 2;
    columns = columns + 4 > whole->columns ? whole->columns : columns + 4;
    surface box = surface_part(whole, (whole->rows - rows) / 2, (whole->columns - columns) / 2, rows, columns);
    surface_clear(&box, ROLE_DIALOG);
    surface_rule(&box, 0, true, title, right);
    surface_rule(&box, rows - 1, true, NULL, NULL);
    surface_put(&box, rows - 1, 1, ROLE_RULE_FOCUS, "═");
    for (int row = 1; row < rows - 1; row++) {
        surface_put(&box, row, 0, ROLE_RULE_FOCUS, "│");
        surface_put(&box, row, columns - 1, ROLE_RULE_FOCUS, "│");
    }
    return surface_part(&box, 1, 2, rows - 2, columns - 4);
}

/* ---- questions --------------------------------------------------------------------------------------------------- */

typedef struct question {
    char *title;
    char *lines[LINES_MAX];
    size_t line_count, choice_count, current, top;
    const dialog_choice *choices;
    const char *escape;
    void (*done)(workstation *station, void *context, const char *choice);
    void *context;
} question;

static void question_release(void *model)
{
    question *question = model;
    for (size_t i = 0; i < question->line_count; i++)
        free(question->lines[i]);
    free(question->title);
    free(question);
}

static int choice_columns(const dialog_choice *choice)
{
    return display_width(text_from(choice->label), true) + 4; /* letter, blank, and a bracket on each side */
}

static int all_choices_columns(const question *question)
{
    int columns = 0;
    for (size_t i = 0; i < question->choice_count; i++)
        columns += choice_columns(&question->choices[i]) + (i > 0 ? BUTTON_GAP : 0);
    return columns;
}

static void draw_choice(const surface *inside, int row, int column, const dialog_choice *choice, bool current)
{
    int columns = surface_format(inside, row, column, ROLE_DIALOG, "%c%c %s%c", current ? '[' : ' ', choice->letter,
                                 choice->label, current ? ']' : ' ');
    if (current) {
        surface_paint(inside, row, column, columns, ROLE_DIALOG_CURRENT);
        surface_cursor(inside, row, column + 1);
    } else {
        surface_paint(inside, row, column + 1, 1, ROLE_HINT_KEY);
    }
}

static int lines_columns(const question *question)
{
    int widest = display_width(text_from(question->title), true) + 8;
    for (size_t i = 0; i < question->line_count; i++) {
        int columns = display_width(text_from(question->lines[i]), true);
        widest = columns > widest ? columns : widest;
    }
    return widest;
}

/* Wraps at blanks; returns how many rows it took. `area` NULL only counts. */
static int wrap_line(const surface *area, int row, int columns, const char *line)
{
    text rest = text_from(line);
    int rows = 0;
    do {
        size_t taken = 0, blank = 0, at = 0;
        int used = 0;
        while (at < rest.length) {
            display_unit unit;
            display_next(&unit, rest.bytes + at, rest.length - at, area == NULL || surface_utf8(area));
            if (used + unit.width > columns)
                break;
            if (rest.bytes[at] == ' ')
                blank = at;
            used += unit.width;
            at += unit.bytes;
        }
        taken = at == rest.length || blank == 0 ? at : blank;
        if (taken == 0 && rest.length > 0)
            taken = utf8_grapheme(rest.bytes, rest.length);
        if (area != NULL)
            surface_data(area, row + rows, 0, columns, ROLE_DIALOG, text_of(rest.bytes, taken), false);
        rest = text_of(rest.bytes + taken, rest.length - taken);
        while (rest.length > 0 && taken > 0 && rest.bytes[0] == ' ')
            rest = text_of(rest.bytes + 1, rest.length - 1);
        rows++;
    } while (rest.length > 0);
    return rows;
}

static void question_draw(void *model, const surface *whole, workstation *station)
{
    question *question = model;
    int columns = lines_columns(question), buttons = all_choices_columns(question), text_rows = 0;
    columns = columns < buttons && buttons < whole->columns - 4 ? buttons : columns;
    columns = columns > whole->columns - 4 ? whole->columns - 4 : columns;
    bool in_one_row = buttons <= columns && !station_is_linear(station); /* line by line, a choice is a line */
    int button_rows = in_one_row ? 1 : (int)question->choice_count;
    for (size_t i = 0; i < question->line_count; i++)
        text_rows += wrap_line(NULL, 0, columns, question->lines[i]);
    int room = whole->rows - 4 - button_rows - 1;
    int shown = text_rows < room ? text_rows : room;
    surface inside = overlay_box(whole, shown + 1 + button_rows, columns, question->title, NULL);
    surface texts = surface_part(&inside, 0, 0, shown, inside.columns);
    for (size_t i = 0, row = 0; i < question->line_count && (int)row < shown; i++)
        row += (size_t)wrap_line(&texts, (int)row, inside.columns, question->lines[i]);
    if (text_rows > shown && shown > 0)
        surface_put(&texts, shown - 1, inside.columns - 1, ROLE_TEXT_DIM, "…");
    for (size_t i = 0, column = 0; i < question->choice_count; i++) {
        draw_choice(&inside, shown + 1 + (in_one_row ? 0 : (int)i), (int)column, &question->choices[i], i == question->current);
        column += in_one_row ? (size_t)(choice_columns(&question->choices[i]) + BUTTON_GAP) : 0;
    }
}

static void answer(workstation *station, question *question, const char *choice)
{
    void (*done)(workstation * station, void *context, const char *choice) = question->done;
    void *context = question->context;
    station_drop_overlay(station, question);
    macro_note_answer(station, "choose", choice);
    done(station, context, choice);
}

static void question_typed(void *model, const key *key, workstation *station)
{
    question *question = model;
    size_t count = question->choice_count;
    switch (key->name) {
    case KEY_NAME_ESCAPE:
        answer(station, question, question->escape);
        return;
    case KEY_NAME_ENTER:
        answer(station, question, question->choices[question->current].id);
        return;
    case KEY_NAME_LEFT:
    case KEY_NAME_UP:
    case KEY_NAME_BACKTAB:
        question->current = (question->current + count - 1) % count;
        return;
    case KEY_NAME_RIGHT:
    case KEY_NAME_DOWN:
    case KEY_NAME_TAB:
        question->current = (question->current + 1) % count;
        return;
    case KEY_IS_TEXT:
        break;
    default:
        return;
    }
    for (size_t i = 0; i < count && !key->ctrl && key->text[1] == '\0'; i++)
        if (tolower((unsigned char)question->choices[i].letter) == tolower((unsigned char)key->text[0])) {
            answer(station, question, question->choices[i].id);
            return;
        }
}

bool station_answer_choice(workstation *station, const char *choice)
{
    const overlay *top = station->overlay_count > 0 ? &station->overlays[station->overlay_count - 1] : NULL;
    if (top == NULL || top->typed != question_typed) {
        station_say(station, "no question is open");
        return false;
    }
    question *question = top->model;
    for (size_t i = 0; i < question->choice_count; i++)
        if (strcmp(question->choices[i].id, choice) == 0) {
            answer(station, question, question->choices[i].id);
            return true;
        }
    station_say(station, "the question has no choice '%s'", choice);
    return false;
}

static char *copy_of(const char *from)
{
    return strdup(from == NULL ? "" : from);
}

void station_ask(workstation *station, const dialog *dialog)
{
    question *made = calloc(1, sizeof *made);
    if (made != NULL && (made->title = copy_of(dialog->title)) == NULL) {
        free(made);
        made = NULL;
    }
    if (made == NULL) {
        dialog->done(station, dialog->context, dialog->escape);
        return;
    }
    made->choices = dialog->choices;
    made->escape = dialog->escape;
    made->done = dialog->done;
    made->context = dialog->context;
    for (size_t i = 0; dialog->lines != NULL && dialog->lines[i] != NULL && made->line_count < LINES_MAX; i++)
        if ((made->lines[made->line_count] = copy_of(dialog->lines[i])) != NULL)
            made->line_count++;
    for (size_t i = 0; dialog->choices[i].id != NULL; i++) {
        made->choice_count++;
        if (dialog->initial != NULL && strcmp(dialog->choices[i].id, dialog->initial) == 0)
            made->current = i;
    }
    const overlay layer = { question_draw,    question_typed, NULL,
                            question_release, made,           "Enter Choose  Tab Next  Esc Back; or the letter" };
    if (!station_add_overlay(station, &layer)) /* which has released it */
        dialog->done(station, dialog->context, dialog->escape);
}

/* ---- one line of input ------------------------------------------------------------------------------------------- */

enum { PROMPT_LIMIT = 4096, SECRET_LIMIT = 255 };

typedef struct prompt {
    char *label;
    line_input input;
    void (*done)(workstation *station, void *context, const char *answer);
    void *context;
    bool secret; /* not shown, and wiped */
} prompt;

static void wipe(const prompt *prompt)
{
    if (prompt->secret && prompt->input.text.bytes != NULL) /* which never moved: see station_prompt_secret */
        explicit_bzero(prompt->input.text.bytes, SECRET_LIMIT + 1);
}

static void prompt_release(void *model)
{
    prompt *prompt = model;
    wipe(prompt);
    line_input_release(&prompt->input);
    free(prompt->label);
    free(prompt);
}

/* What is asked is read whole, as long as some room is left for the answer, which scrolls in it. */
static int label_columns(int columns)
{
    enum { ANSWER_COLUMNS = 22 };
    return columns / 2 > columns - ANSWER_COLUMNS ? columns / 2 : columns - ANSWER_COLUMNS;
}

static void prompt_draw(void *model, const surface *whole, workstation *station)
{
    prompt *prompt = model;
    surface row = surface_part(whole, whole->rows - 2, 0, 1, whole->columns);
    (void)station;
    surface_fill(&row, 0, 0, row.columns, ' ', ROLE_STATUS);
    int column = 1 + surface_data(&row, 0, 1, label_columns(row.columns), ROLE_LABEL, text_from(prompt->label), true) + 1;
    if (!prompt->secret)
        line_input_draw(&prompt->input, &row, 0, column, row.columns - column - 1, true);
    else
        surface_cursor(&row, 0, column + surface_put(&row, 0, column, ROLE_STATUS, "(not shown) "));
}

static void prompt_answer(workstation *station, prompt *prompt, bool given)
{
    void (*done)(workstation * station, void *context, const char *answer) = prompt->done;
    void *context = prompt->context;
    const bool secret = prompt->secret;
    char *answer = given ? copy_of(buffer_string(&prompt->input.text)) : NULL;
    station_drop_overlay(station, prompt);
    if (!secret && answer != NULL)
        macro_note_answer(station, "answer", answer);
    done(station, context, answer);
    if (secret && answer != NULL)
        explicit_bzero(answer, strlen(answer));
    free(answer);
}

static void prompt_typed(void *model, const key *key, workstation *station)
{
    prompt *prompt = model;
    if (key->name == KEY_NAME_ESCAPE || key->name == KEY_NAME_ENTER)
        prompt_answer(station, prompt, key->name == KEY_NAME_ENTER);
    else
        line_input_typed(&prompt->input, key);
}

bool station_answer_prompt(workstation *station, const char *answer)
{
    const overlay *top = station->overlay_count > 0 ? &station->overlays[station->overlay_count - 1] : NULL;
    if (top == NULL || top->typed != prompt_typed || ((prompt *)top->model)->secret) {
        station_say(station, "nothing is asked that this answers");
        return false;
    }
    prompt *prompt = top->model;
    line_input_set(&prompt->input, answer, false);
    prompt_answer(station, prompt, true);
    return true;
}

static void prompt_paste(void *model, text pasted)
{
    prompt *prompt = model;
    line_input_paste(&prompt->input, pasted);
}

static void open_prompt(workstation *station, prompt *made)
{
    void (*done)(workstation * station, void *context, const char *answer) = made->done;
    void *context = made->context;
    const overlay layer = { prompt_draw, prompt_typed, prompt_paste, prompt_release, made, "Enter Accept  Esc Back" };
    if (!station_add_overlay(station, &layer)) /* which has released it */
        done(station, context, NULL);
}

static prompt *new_prompt(const char *label, size_t limit, void (*done)(workstation *station, void *context, const char *answer),
                          void *context)
{
    prompt *made = calloc(1, sizeof *made);
    if (made == NULL || (made->label = copy_of(label)) == NULL) {
        free(made);
        return NULL;
    }
    line_input_init(&made->input, limit);
    made->done = done;
    made->context = context;
    return made;
}

void station_prompt(workstation *station, const char *label, const char *initial,
                    void (*done)(workstation *station, void *context, const char *answer), void *context)
{
    prompt *made = new_prompt(label, PROMPT_LIMIT, done, context);
    if (made == NULL) {
        done(station, context, NULL);
        return;
    }
    line_input_set(&made->input, initial, initial != NULL && *initial != '\0');
    open_prompt(station, made);
}

void station_prompt_secret(workstation *station, const char *label,
                           void (*done)(workstation *station, void *context, const char *answer), void *context)
{
    prompt *made = new_prompt(label, SECRET_LIMIT, done, context);
    /* all its room at once, so that no copy stays behind when it grows */
    if (made == NULL || buffer_reserve(&made->input.text, SECRET_LIMIT) == NULL) {
        if (made != NULL)
            prompt_release(made);
        done(station, context, NULL);
        return;
    }
    made->secret = true;
    open_prompt(station, made);
}
