/* src/tui/rule_text_acts.c - what is done with the whole text of a rule: save with a note, leave, edit elsewhere, versions. */
#include "rule_text_model.h"
#include "rules.h"
#include "station.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static text source_of(const rule_text_model *model)
{
    return text_of(buffer_string(&model->edit.text), model->edit.text.length);
}

/* ---- save -------------------------------------------------------------------------------------------------------- */

static void note_typed(workstation *station, void *context, const char *answer)
{
    rule_text_model *model = context;
    int version = 0;
    recto_error error;

    if (answer == NULL) {
        station_say(station, "Not saved");
        return;
    }
    if (catalog_rule_save(station_catalog(station), model->zone, model->rule.language, model->rule.name, source_of(model),
                          model->rule.zone == 0 ? 0 : model->rule.version, answer, &version, &error) != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    model->rule.zone = model->zone;
    model->rule.version = version;
    model->rule.saved_at = catalog_now(station_catalog(station));
    snprintf(model->rule.saved_by, sizeof model->rule.saved_by, "%s", catalog_user(station_catalog(station)));
    model->is_new = false;
    text_edit_mark_saved(&model->edit);
    model->keep_at_ms = 0;
    rule_draft_forget(station);
    rules_pane_touched(station, &model->rule);
    station_say(station, "Saved as version %d of \"%s\"", version, model->rule.name);
}

void rule_text_save(rule_text_model *model)
{
    if (!text_edit_changed(&model->edit) && !model->is_new)
        station_say(model->station, "No changes to save.");
    else if (rule_text_is_sound(model, "Not saved"))
        station_prompt(model->station, "Note (what was changed, and why):", "", note_typed, model);
}

/* ---- leave ------------------------------------------------------------------------------------------------------- */

static void leave_answered(workstation *station, void *context, const char *choice)
{
    rule_text_model *model = context;

    if (strcmp(choice, "save") == 0) {
        rule_text_save(model);
        return;
    }
    if (strcmp(choice, "stay") == 0)
        return;
    if (strcmp(choice, "later") == 0)
        rule_draft_keep(model);
    else
        rule_draft_forget(station);
    model->closing = true;
    model->keep_at_ms = 0;
    station_pop(station, model);
    station_say(station, strcmp(choice, "later") == 0 ? "Kept; it comes back when the rule is opened again"
                                                      : "Thrown away; the stored text is as it was");
}

void rule_text_ask_to_leave(rule_text_model *model)
{
    static const dialog_choice choices[] = { { "stay", "Go on editing", 'g' },
                                             { "save", "Save", 's' },
                                             { "later", "Keep for later", 'k' },
                                             { "lose", "Throw away", 't' },
                                             { NULL, NULL, 0 } };
    char line[200];

    snprintf(line, sizeof line, "\"%s\" has changes that are not saved.", model->rule.name);
    const char *const lines[] = { line, NULL };
    station_ask(model->station, &(dialog){ .title = "Leave the rule",
                                           .lines = lines,
                                           .choices = choices,
                                           .initial = "stay",
                                           .escape = "stay",
                                           .done = leave_answered,
                                           .context = model });
}

/* ---- versions ---------------------------------------------------------------------------------------------------- */

void rule_text_versions(rule_text_model *model)
{
    rule_versions_pane_open(model->station, model->zone, model->rule.language, model->rule.name);
}

/* ---- the cataloger's own editor ---------------------------------------------------------------------------------- */

static recto_status write_all(int file, text content, const char *path, recto_error *error)
{
    while (content.length > 0) {
        ssize_t written = write(file, content.bytes, content.length);
        if (written < 0 && errno != EINTR)
            return recto_fail_system(error, errno, path, "cannot write the text");
        if (written > 0)
            content = text_of(content.bytes + written, content.length - (size_t)written);
    }
    return RECTO_OK;
}

static recto_status read_all(buffer *out, const char *path, recto_error *error)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return recto_fail_system(error, errno, path, "cannot read the text again");
    for (;;) {
        char *room = buffer_reserve(out, 64 * 1024);
        size_t got = room == NULL ? 0 : fread(room, 1, 64 * 1024, file);
        if (got == 0)
            break;
        buffer_grow(out, got);
    }
    fclose(file);
    return buffer_failed(out) ? recto_fail(error, RECTO_ELIMIT, path, NULL, "the text is larger than a rule file may be")
                              : RECTO_OK;
}

/* The editor's command may have arguments ("emacs -nw"): a shell splits them, the path comes as its own word. */
static recto_status run_editor(workstation *station, const char *path, recto_error *error)
{
    const char *visual = getenv("VISUAL");
    const char *editor = visual != NULL && *visual != '\0' ? visual : getenv("EDITOR");
    char command[1024];
    int status = 0;

    if (editor == NULL || *editor == '\0')
        return recto_fail(error, RECTO_EINVALID, NULL, "set EDITOR, for example to vi", "no editor is named");
    snprintf(command, sizeof command, "%s \"$1\"", editor);
    station_suspend(station);
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command, "sh", path, (char *)NULL);
        _exit(127);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    int saved_errno = errno;
    recto_status resumed = station_resume(station, error);
    if (resumed != RECTO_OK)
        return resumed;
    if (child < 0)
        return recto_fail_system(error, saved_errno, editor, "cannot start the editor");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return recto_fail(error, RECTO_EIO, editor, "the text is as it was", "the editor ended with a failure");
    return RECTO_OK;
}

static void take_edited(rule_text_model *model, const buffer *edited)
{
    text now = text_of(buffer_string(edited), edited->length);
    size_t bad;

    if (text_equal(now, source_of(model)))
        station_say(model->station, "The text is as it was");
    else if (!utf8_valid(now, &bad))
        station_say(model->station, "Not taken: byte %zu is no UTF-8", bad + 1);
    else if (!text_edit_become(&model->edit, now))
        station_say(model->station, "Not taken: no memory for the text");
    else
        station_say(model->station, "Taken from the editor, not yet saved; Ctrl+Z takes it back");
}

void rule_text_external_editor(rule_text_model *model)
{
    const char *directory = getenv("TMPDIR");
    char path[300];
    buffer edited;
    recto_error error;
    int file;

    snprintf(path, sizeof path, "%.200s/recto-rule-XXXXXX", directory != NULL && *directory == '/' ? directory : "/tmp");
    file = mkstemp(path); /* for its owner alone */
    if (file < 0) {
        recto_fail_system(&error, errno, path, "cannot make a file for the editor");
        station_error(model->station, &error);
        return;
    }
    buffer_init(&edited, RULES_FILE_LIMIT);
    recto_status status = write_all(file, source_of(model), path, &error);
    close(file);
    if (status == RECTO_OK)
        status = run_editor(model->station, path, &error);
    if (status == RECTO_OK)
        status = read_all(&edited, path, &error);
    unlink(path);
    if (status == RECTO_OK)
        take_edited(model, &edited);
    else
        station_error(model->station, &error);
    buffer_release(&edited);
}
