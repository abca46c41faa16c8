/* src/tui/take.c - see take.h. */
#include "take.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- doing ----------------------------------------------------------------------------------------------------------------- */

static void close_kind(workstation *station, const pane_kind *kind)
{
    void *model = station_find(station, kind);

    if (model != NULL)
        station_pop(station, model);
}

static void say_taken(workstation *station, edit_session *session, const take_source *source, bool overlay)
{
    const edit_state *state = edit_state_of(session);
    const char *from = source->target != NULL ? source->target : "the other library";
    char id[MMS_ID_LENGTH];

    if (source->match == 0) {
        station_say(station,
                    overlay ? "Copied over with the record from %s. Not yet saved; Undo takes it back"
                            : "Merged with the record from %s. Not yet saved; Undo takes it back",
                    from);
        return;
    }
    mms_id_format(id, state->will_update != 0 ? state->will_update : source->match);
    station_say(station,
                overlay ? "Copied over with %s: Save will update that record. Undo takes it back"
                        : "Merged with %s: Save will update that record. Undo takes it back",
                id);
}

static recto_status take(edit_session *session, const take_source *source, bool overlay, recto_error *error)
{
    if (source->match != 0 && source->result != NULL)
        return edit_take_match_result(session, source->match, overlay, source->result, error);
    if (source->match != 0)
        return edit_take_match(session, source->match, overlay, error);
    if (source->result != NULL)
        return edit_take_external_result(session, source->external, overlay, source->target, source->result, error);
    return edit_take_external(session, source->external, overlay, source->target, error);
}

bool take_now(workstation *station, edit_session *session, const take_source *source, bool overlay)
{
    recto_error error;
    recto_status status = take(session, source, overlay, &error);

    if (status != RECTO_OK) {
        station_error(station, &error);
        return false;
    }
    station_record_changed(station, session);
    say_taken(station, session, source, overlay);
    close_kind(station, &preview_pane); /* from here on the source may be gone: it belonged to one of these */
    close_kind(station, &matches_pane);
    focus_editor(station);
    return true;
}

/* ---- asking ---------------------------------------------------------------------------------------------------------------- */

typedef struct overlay_question {
    session_tie tie;
    mms_id match;
    marc_record *listed;
    const merge_result *result; /* lent by the preview, which stays while the question is asked; NULL: there is none */
    char target[120];
} overlay_question;

static const dialog_choice overlay_choices[] = {
    { "cancel", "Cancel", 'c' },
    { "overlay", "Copy & Overlay", 'o' },
    { NULL, NULL, 0 },
};

static void overlay_answered(workstation *station, void *context, const char *choice)
{
    overlay_question *question = context;
    edit_session *session = session_tied(&question->tie, station);
    take_source source = {
        .match = question->match, .external = question->listed, .target = question->target, .result = question->result
    };

    if (strcmp(choice, "overlay") != 0)
        station_say(station, "Nothing was changed");
    else if (session == NULL)
        station_say(station, "The open record has gone; nothing was changed");
    else
        take_now(station, session, &source, true);
    marc_record_free(question->listed);
    free(question);
}

static void put_line(char *out, size_t capacity, const char *before, const char *name, const marc_record *record,
                     const char *after)
{
    buffer title;

    buffer_init(&title, 0);
    append_title(&title, record);
    snprintf(out, capacity, "%s %s: \"%.*s\"%s", before, name, FIT(buffer_string(&title), 120), after);
    buffer_release(&title);
}

static void ask(workstation *station, edit_session *session, overlay_question *question)
{
    const marc_record *open = marc_edit_record(edit_of(session));
    char listed_name[MMS_ID_LENGTH + 8] = "";
    char open_name[MMS_ID_LENGTH + 8];
    char listed_line[400];
    char open_line[400];
    char lost_line[240];
    buffer tags;
    size_t lost;

    buffer_init(&tags, 0);
    lost = fields_lost(&tags, open, question->listed);
    mms_id_format(open_name, edit_state_of(session)->id);
    if (question->match != 0)
        mms_id_format(listed_name, question->match);
    put_line(listed_line, sizeof listed_line, "Taken: ", question->match != 0 ? listed_name : question->target, question->listed,
             "");
    put_line(open_line, sizeof open_line, "Loses its content: the open record", open_name, open, "");
    snprintf(lost_line, sizeof lost_line, "%zu of its fields are not in the other record%s%.120s", lost, lost > 0 ? ": " : "",
             buffer_string(&tags));
    station_ask(station, &(dialog){ .title = "Copy & Overlay",
                                    .lines = (const char *const[]){ "The listed record replaces all of the open one.",
                                                                    listed_line, open_line, lost_line,
                                                                    "Nothing is stored before Save; Undo brings it back.", NULL },
                                    .choices = overlay_choices,
                                    .initial = "cancel",
                                    .escape = "cancel",
                                    .done = overlay_answered,
                                    .context = question });
    buffer_release(&tags);
}

static recto_status load_listed(overlay_question *question, workstation *station, const take_source *source, recto_error *error)
{
    bib_info info;

    if (source->match != 0)
        return catalog_load(station_catalog(station), source->match, &question->listed, &info, error);
    return marc_record_copy(&question->listed, source->external, error);
}

void take_overlay_ask(workstation *station, edit_session *session, const take_source *source)
{
    overlay_question *question = calloc(1, sizeof *question);
    recto_error error;

    if (question == NULL) {
        station_no_memory(station, "asking about Copy & Overlay");
        return;
    }
    if (load_listed(question, station, source, &error) != RECTO_OK) {
        free(question);
        station_error(station, &error);
        return;
    }
    question->tie = session_tie_to(session);
    question->match = source->match;
    question->result = source->result;
    snprintf(question->target, sizeof question->target, "%s", source->target != NULL ? source->target : "");
    ask(station, session, question);
}

/* ---- looking ahead ----------------------------------------------------------------------------------------------- */

void take_preview(workstation *station, edit_session *session, const take_source *source, bool overlay)
{
    merge_result *result = NULL;
    recto_error error;
    recto_status status = source->match != 0 ? edit_preview_match(&result, session, source->match, overlay, &error)
                                             : edit_preview_external(&result, session, source->external, overlay, &error);

    if (status != RECTO_OK) {
        station_error(station, &error);
        return;
    }
    preview_pane_open(station, session, result, overlay, source->match, source->external, source->target);
}
