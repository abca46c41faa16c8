/* src/tui/pane_prompts.c - what a template asks, as a form: one line a prompt, in the order of the fields it goes into.
 *
 * A prompt with choices takes Left and Right, a letter, or the code itself; what is left empty is left out of the record. */
#include "pane_common.h"
#include "template_panes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_BYTES = 4096, FIRST_ROW = 2, CHOICE_BYTES = 80 };

typedef struct prompts_model {
    char title[160], action[60];
    template_prompt *prompts;
    line_input *inputs;
    list_view lines;
    size_t rows_shown;
    bool (*done)(workstation *station, void *context, const char *const *answers);
    void (*release)(void *context);
    void *context;
} prompts_model;

/* ---- choices: "eng=English|fre=French" ----------------------------------------------------------------------------- */

static size_t choice_count(const template_prompt *prompt)
{
    size_t count = prompt->choices[0] != '\0';
    for (const char *at = prompt->choices; *at != '\0'; at++)
        count += *at == '|';
    return count;
}

/* @return false: there are not so many */
static bool choice_at(const template_prompt *prompt, size_t index, text *code, text *label)
{
    text rest = text_from(prompt->choices), one = { 0 };
    for (size_t i = 0; i <= index; i++) {
        if (rest.bytes == NULL)
            return false;
        one = text_next_field(&rest, '|');
    }
    *code = text_next_field(&one, '=');
    *label = one.bytes != NULL ? one : *code;
    return true;
}

/* The choice that was typed, by its code or its label; SIZE_MAX: none. */
static size_t choice_typed(const template_prompt *prompt, text typed)
{
    text code, label;
    for (size_t i = 0; choice_at(prompt, i, &code, &label); i++)
        if (text_equal_ascii_case(typed, code) || text_equal_ascii_case(typed, label))
            return i;
    return SIZE_MAX;
}

static void set_choice(prompts_model *model, size_t index, size_t choice)
{
    char code[CHOICE_BYTES];
    text found, label;
    if (!choice_at(&model->prompts[index], choice, &found, &label))
        return;
    string_keep(code, sizeof code, found);
    line_input_set(&model->inputs[index], code, true);
}

static void step_choice(prompts_model *model, bool forward)
{
    const size_t index = model->lines.current, count = choice_count(&model->prompts[index]);
    const size_t now = choice_typed(&model->prompts[index], buffer_text(&model->inputs[index].text));
    set_choice(model, index, now == SIZE_MAX ? (forward ? 0 : count - 1) : (now + (forward ? 1 : count - 1)) % count);
}

/* A letter chooses the next one that begins with it. */
static bool choose_by_letter(prompts_model *model, const char *letter)
{
    const size_t index = model->lines.current, count = choice_count(&model->prompts[index]);
    const size_t now = choice_typed(&model->prompts[index], buffer_text(&model->inputs[index].text));
    text code, label;
    for (size_t i = 1; i <= count; i++) {
        const size_t at = ((now == SIZE_MAX ? count - 1 : now) + i) % count;
        if (choice_at(&model->prompts[index], at, &code, &label) && label.length > 0 &&
            text_equal_ascii_case(text_of(label.bytes, 1), text_from(letter))) {
            set_choice(model, index, at);
            return true;
        }
    }
    return false;
}

/* ---- drawing ----------------------------------------------------------------------------------------------------- */

static int label_columns(const prompts_model *model, int columns)
{
    int widest = 10;
    for (size_t i = 0; i < model->lines.count; i++) {
        const int width = display_width(text_from(model->prompts[i].label), true);
        widest = width > widest ? width : widest;
    }
    return widest > columns / 2 ? columns / 2 : widest;
}

static void draw_line(prompts_model *model, size_t index, const surface *canvas, int row, int labels)
{
    const template_prompt *prompt = &model->prompts[index];
    const bool here = index == model->lines.current;
    const int left = 2 + 8 + labels + 1;
    const int width = prompt->choices[0] != '\0' ? 12 : prompt->width > 0 ? (int)prompt->width + 2 : canvas->columns - left - 1;
    text code, label;
    surface_put(canvas, row, 0, ROLE_TEXT, here ? ">" : " ");
    surface_data(canvas, row, 2, 7, ROLE_TEXT_DIM, text_from(prompt->place), true);
    surface_data(canvas, row, 10, labels, here ? ROLE_LABEL : ROLE_TEXT, text_from(prompt->label), true);
    line_input_draw(&model->inputs[index], canvas, row, left, width, here);
    if (prompt->choices[0] == '\0')
        return;
    const size_t chosen = choice_typed(prompt, buffer_text(&model->inputs[index].text));
    if (chosen != SIZE_MAX && choice_at(prompt, chosen, &code, &label))
        surface_data(canvas, row, left + width + 1, canvas->columns - left - width - 2, ROLE_TEXT, label, true);
}

static void draw_help(const prompts_model *model, const surface *canvas, int row)
{
    const template_prompt *prompt = &model->prompts[model->lines.current];
    char line[600];
    surface_rule(canvas, row, false, prompt->label, prompt->choices[0] != '\0' ? "Left and Right choose" : "");
    if (prompt->choices[0] == '\0') {
        if (prompt->width > 0)
            snprintf(line, sizeof line, "Exactly %zu character%s; left empty, fill characters stand there.", prompt->width,
                     prompt->width == 1 ? "" : "s");
        else
            snprintf(line, sizeof line, "Goes into %s. Left empty, it is left out.", prompt->place);
        surface_data(canvas, row + 1, 1, canvas->columns - 2, ROLE_TEXT_DIM, text_from(line), true);
        return;
    }
    size_t used = 0;
    text code, label;
    line[0] = '\0';
    for (size_t i = 0; choice_at(prompt, i, &code, &label) && used + 100 < sizeof line; i++)
        used += (size_t)snprintf(line + used, sizeof line - used, "%s%.*s%s%.*s", i > 0 ? "  " : "", (int)code.length, code.bytes,
                                 code.bytes != label.bytes ? " " : "", code.bytes != label.bytes ? (int)label.length : 0,
                                 label.bytes);
    draw_wrapped(canvas, row + 1, 1, canvas->rows - row - 1, ROLE_TEXT_DIM, text_from(line));
}

static void prompts_draw(void *state, const surface *canvas, bool focused)
{
    prompts_model *model = state;
    enum { HELP_ROWS = 3 };
    const int labels = label_columns(model, canvas->columns), rows = canvas->rows - FIRST_ROW - HELP_ROWS;
    surface_clear(canvas, ROLE_TEXT);
    surface_rule(canvas, 0, focused, model->title, "");
    model->rows_shown = rows > 0 ? (size_t)rows : 1;
    list_view_fit(&model->lines, model->rows_shown);
    for (size_t i = 0; i < model->rows_shown && model->lines.top + i < model->lines.count; i++)
        draw_line(model, model->lines.top + i, canvas, FIRST_ROW + (int)i, labels);
    draw_help(model, canvas, canvas->rows - HELP_ROWS);
}

/* ---- keys and commands ------------------------------------------------------------------------------------------- */

static void step(prompts_model *model, bool forward)
{
    const size_t count = model->lines.count;
    model->lines.current = (model->lines.current + (forward ? 1 : count - 1)) % count;
}

/* What is wrong with an answer; false: nothing. A choice may be its label, too: it becomes the code. */
static bool is_wrong(prompts_model *model, size_t index, workstation *station)
{
    const template_prompt *prompt = &model->prompts[index];
    const text typed = text_trim(buffer_text(&model->inputs[index].text));
    if (typed.length == 0)
        return false;
    if (prompt->choices[0] != '\0') {
        const size_t chosen = choice_typed(prompt, typed);
        if (chosen == SIZE_MAX)
            station_say(station, "%s: '%.*s' is none of the choices", prompt->label, (int)typed.length, typed.bytes);
        else
            set_choice(model, index, chosen);
        return chosen == SIZE_MAX;
    }
    if (prompt->width > 0 && typed.length > prompt->width) {
        station_say(station, "%s: at most %zu character%s", prompt->label, prompt->width, prompt->width == 1 ? "" : "s");
        return true;
    }
    return false;
}

static void finish(prompts_model *model, workstation *station)
{
    const char *answers[TEMPLATE_PROMPTS_MAX];
    for (size_t i = 0; i < model->lines.count; i++) {
        if (is_wrong(model, i, station)) {
            model->lines.current = i;
            return;
        }
        answers[i] = buffer_string(&model->inputs[i].text);
    }
    if (model->done(station, model->context, answers))
        station_pop(station, model);
}

static bool prompts_run(void *state, const command *command_row, const char *argument, workstation *station)
{
    prompts_model *model = state;
    const char *name = command_row->name;
    (void)argument;
    if (strcmp(name, "prompt.done") == 0)
        finish(model, station);
    else if (strcmp(name, "box.next") == 0)
        step(model, true);
    else if (strcmp(name, "box.previous") == 0)
        step(model, false);
    else
        return false;
    return true;
}

static bool prompts_typed(void *state, const key *pressed, workstation *station)
{
    prompts_model *model = state;
    const size_t index = model->lines.current;
    const bool chooses = model->prompts[index].choices[0] != '\0' && !pressed->alt && !pressed->ctrl;
    if (pressed->name == KEY_NAME_UP || pressed->name == KEY_NAME_DOWN) {
        step(model, pressed->name == KEY_NAME_DOWN);
        return true;
    }
    if (pressed->name == KEY_NAME_ENTER) {
        if (index + 1 == model->lines.count)
            finish(model, station);
        else
            step(model, true);
        return true;
    }
    if (chooses && (pressed->name == KEY_NAME_LEFT || pressed->name == KEY_NAME_RIGHT)) {
        step_choice(model, pressed->name == KEY_NAME_RIGHT);
        return true;
    }
    if (chooses && pressed->name == KEY_IS_TEXT && (model->inputs[index].prefilled || model->inputs[index].text.length == 0) &&
        choose_by_letter(model, pressed->text))
        return true;
    return line_input_typed(&model->inputs[index], pressed);
}

static void prompts_paste(void *state, text pasted, workstation *station)
{
    prompts_model *model = state;
    size_t bad;
    if (utf8_valid(pasted, &bad))
        line_input_paste(&model->inputs[model->lines.current], pasted);
    else
        station_say(station, "not pasted: byte %zu is no UTF-8", bad + 1);
}

static void prompts_position(void *state, buffer *out)
{
    const prompts_model *model = state;
    buffer_append_format(out, "%zu/%zu", model->lines.current + 1, model->lines.count);
}

static void prompts_release(void *state, workstation *station)
{
    prompts_model *model = state;
    (void)station;
    for (size_t i = 0; model->inputs != NULL && i < model->lines.count; i++)
        line_input_release(&model->inputs[i]);
    if (model->release != NULL)
        model->release(model->context);
    free(model->inputs);
    free(model->prompts);
    free(model);
}

const pane_kind prompts_pane = {
    .name = "prompts",
    .title = "Prompts",
    .draw = prompts_draw,
    .run = prompts_run,
    .typed = prompts_typed,
    .paste = prompts_paste,
    .position = prompts_position,
    .release = prompts_release,
    .takes_letters = true,
};

void prompts_pane_open(workstation *station, const prompt_request *request)
{
    if (request->count == 0) {
        request->done(station, request->context, NULL);
        if (request->release != NULL)
            request->release(request->context);
        return;
    }
    prompts_model *model = calloc(1, sizeof *model);
    if (model != NULL) {
        model->prompts = calloc(request->count, sizeof *model->prompts);
        model->inputs = calloc(request->count, sizeof *model->inputs);
    }
    if (model == NULL || model->prompts == NULL || model->inputs == NULL) {
        station_no_memory(station, "asking for values");
        if (model != NULL)
            prompts_release(model, station);
        if (request->release != NULL)
            request->release(request->context);
        return;
    }
    memcpy(model->prompts, request->prompts, request->count * sizeof *model->prompts);
    for (size_t i = 0; i < request->count; i++)
        line_input_init(&model->inputs[i], ANSWER_BYTES);
    model->lines.count = request->count;
    snprintf(model->title, sizeof model->title, "%s", request->title);
    snprintf(model->action, sizeof model->action, "%s", request->action);
    model->done = request->done;
    model->release = request->release;
    model->context = request->context;
    station_push(station, request->area, request->place, &prompts_pane, model);
    station_say(station, "F2: %s", model->action);
}
