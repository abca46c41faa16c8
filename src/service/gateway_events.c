/* src/service/gateway_events.c - what the gateway tells: log lines, and rows for requests that never became a record. */
#include "gateway_server.h"

#include <string.h>

enum { NOTES_A_MINUTE = 60, MINUTE_MS = 60 * 1000, LEADER_CODING = 9 };

static const char *form_name(frame_form form)
{
    static const char *const names[] = { "none", "one-byte", "decimal" };
    return names[form];
}

void gateway_tell(gateway_server *server, const char *event, const char *detail)
{
    gateway_line line;
    gateway_line_begin(&line, &server->log, event);
    gateway_line_string(&line, "detail", detail);
    gateway_line_end(&line);
}

void gateway_tell_connection(gateway_server *server, const gateway_connection *connection, const char *event, const char *detail)
{
    gateway_line line;
    gateway_line_begin(&line, &server->log, event);
    gateway_line_number(&line, "connection", (int64_t)connection->number);
    gateway_line_string(&line, "peer", connection->peer);
    gateway_line_text(&line, "logon", frame_logon(&connection->frame));
    gateway_line_text(&line, "user", frame_user(&connection->frame));
    if (connection->records > 0)
        gateway_line_number(&line, "record", (int64_t)connection->records);
    gateway_line_string(&line, "detail", detail);
    gateway_line_end(&line);
}

static void add_outcome(gateway_line *line, const gateway_job *job)
{
    char id[MMS_ID_LENGTH];
    if (job->outcome.id != 0) {
        mms_id_format(id, job->outcome.id);
        gateway_line_string(line, "mms_id", id);
    }
    if (job->outcome.replayed)
        gateway_line_string(line, "replayed", "yes");
    if (job->ended_ms > 0) {
        gateway_line_number(line, "waited_ms", job->begun_ms - job->queued_ms);
        gateway_line_number(line, "work_ms", job->ended_ms - job->begun_ms);
    }
    if (job->error.status != RECTO_OK) {
        char why[RECTO_ERROR_WHAT + RECTO_ERROR_WHERE + RECTO_ERROR_TODO];
        recto_error_line(why, sizeof why, &job->error);
        gateway_line_string(line, "error", why);
    }
}

/* GW-80: one line a record. */
void gateway_tell_record(gateway_server *server, const gateway_job *job, const char *code, const char *reply)
{
    const gateway_request *request = &job->request;
    gateway_line line;
    gateway_line_begin(&line, &server->log, "record");
    gateway_line_number(&line, "connection", (int64_t)request->connection);
    gateway_line_number(&line, "record", (int64_t)request->record_number);
    gateway_line_string(&line, "peer", request->peer);
    gateway_line_text(&line, "logon", request->logon);
    gateway_line_text(&line, "user", request->user);
    gateway_line_string(&line, "form", form_name((frame_form)request->form));
    gateway_line_number(&line, "bytes", (int64_t)request->record.length);
    if (request->record.length > LEADER_CODING)
        gateway_line_text(&line, "coding", text_of(request->record.bytes + LEADER_CODING, 1));
    gateway_line_string(&line, "oclc", job->outcome.oclc);
    gateway_line_string(&line, "title", job->outcome.title);
    gateway_line_string(&line, "outcome", code);
    add_outcome(&line, job);
    gateway_line_string(&line, "warning", job->wire_warning);
    gateway_line_text(&line, "reply", text_of(reply, strcspn(reply, "\n")));
    gateway_line_end(&line);
}

gateway_request connection_request(const gateway_connection *connection)
{
    const frame_reader *frame = &connection->frame;
    gateway_request request = { .logon = frame_logon(frame),
                                .password = frame_password(frame),
                                .user = frame_user(frame),
                                .record = frame->record,
                                .form = (gateway_length_form)frame->form,
                                .connection = connection->number,
                                .record_number = connection->records,
                                .wire_warning = frame->warning };
    memcpy(request.peer, connection->peer, sizeof request.peer);
    return request;
}

/* Anyone can send rubbish: no more than so many rows a minute. The service's log has a line for each. */
static bool may_note(gateway_server *server)
{
    if (server->now - server->notes_since >= MINUTE_MS) {
        server->notes_since = server->now;
        server->notes = 0;
    }
    return server->notes++ < NOTES_A_MINUTE;
}

void gateway_note_fault(gateway_server *server, gateway_connection *connection, gateway_words words)
{
    char detail[300];
    const char *spoke = connection->frame.spoke;
    buffer text = { 0 };
    buffer_init(&text, sizeof detail);
    buffer_append_format(&text, "%s%s%s", words.line, spoke == NULL ? "" : " The peer spoke ", spoke == NULL ? "" : spoke);
    gateway_tell_connection(server, connection, words.code, buffer_string(&text));
    buffer_release(&text);
    gateway_request request = connection_request(connection);
    request.record = text_of(NULL, 0);
    gateway_job *job = may_note(server) ? gateway_job_new(&request) : NULL;
    if (job == NULL)
        return;
    job->kind = JOB_NOTE;
    memcpy(job->code, words.code, strlen(words.code) + 1);
    memcpy(job->reply, words.line, strlen(words.line) + 1);
    if (!gateway_work_offer(server->work, job))
        gateway_job_free(job);
}
