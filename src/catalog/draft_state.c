/* src/catalog/draft_state.c - what a draft keeps beside record and undo log: our lines in front of the screen's.
 *
 * A line is read as far as it can be understood: a draft of an earlier or later Recto, or a damaged one, still opens. */
#include "drafts.h"

#include <stdio.h>
#include <string.h>

static void write_hex(buffer *out, text bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.length; i++) {
        const unsigned char byte = (unsigned char)bytes.bytes[i];
        buffer_append_char(out, digits[byte >> 4]);
        buffer_append_char(out, digits[byte & 15]);
    }
    buffer_append_char(out, '\n');
}

/* Storing computes the leader's lengths; the undo log fits only the very record it was written for. */
static void write_leader(buffer *out, const char *leader)
{
    buffer_append_string(out, "leader ");
    write_hex(out, text_of(leader, MARC_LEADER_LENGTH));
}

static int hex_digit(char digit)
{
    return digit >= '0' && digit <= '9' ? digit - '0' : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static bool read_leader(char leader[static MARC_LEADER_LENGTH], text hex)
{
    if (hex.length != (size_t)2 * MARC_LEADER_LENGTH)
        return false;
    for (size_t i = 0; i < MARC_LEADER_LENGTH; i++) {
        const int high = hex_digit(hex.bytes[2 * i]), low = hex_digit(hex.bytes[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        leader[i] = (char)(high * 16 + low);
    }
    return true;
}

void draft_leader_restore(marc_record *record, text state)
{
    char leader[MARC_LEADER_LENGTH];
    text line = text_next_field(&state, '\n');
    if (text_equal(text_next_field(&line, ' '), TEXT("leader")) && line.bytes != NULL && read_leader(leader, line))
        marc_record_set_leader(record, leader);
}

void draft_state_write(buffer *out, const edit_session *session, text view)
{
    write_leader(out, marc_record_leader(marc_edit_record(session->edit)));
    buffer_append_format(out, "steps %zu\n", marc_edit_steps(session->edit));
    if (session->origin[0] != '\0')
        buffer_append_format(out, "origin %s\n", session->origin);
    if (session->state.is_template)
        buffer_append_format(out, "template %d %d %s\n", session->template_scope, session->state.template_version,
                             session->state.template_name);
    if (session->state.is_holdings)
        buffer_append_format(out, "holdings %lld %d\n", (long long)session->state.holdings_of, session->state.holdings_version);
    if (session->system[0] != '\0')
        buffer_append_format(out, "system %s\n", session->system);
    if (session->system_version[0] != '\0')
        buffer_append_format(out, "system-version %s\n", session->system_version);
    if (session->linked_to != 0)
        buffer_append_format(out, "linked %lld\n", (long long)session->linked_to);
    if (session->copied_from != 0)
        buffer_append_format(out, "copied %lld\n", (long long)session->copied_from);
    if (session->merged_step != 0) {
        buffer_append_format(out, "merged %zu %s\nincoming ", session->merged_step, session->merged_note);
        write_hex(out, buffer_text(&session->merged_incoming));
    }
    for (size_t i = 0; i < session->taken_count; i++) {
        const taken_match *taken = &session->taken[i];
        buffer_append_format(out, "taken %zu %lld %lld %d %d %d %d %d %s\n", taken->step, (long long)taken->before,
                             (long long)taken->after, taken->before_version, taken->after_version, taken->before_new,
                             taken->applied, taken->saved, taken->title);
    }
    buffer_append_char(out, '\n');
    buffer_append_text(out, view);
}

static int64_t next_number(text *rest)
{
    int64_t number = 0;
    return text_to_integer(text_next_field(rest, ' '), &number) ? number : 0;
}

static void read_taken(edit_session *session, text line)
{
    if (session->taken_count == TAKEN_MAX)
        return;
    taken_match *taken = &session->taken[session->taken_count++];
    taken->step = (size_t)next_number(&line);
    taken->before = next_number(&line);
    taken->after = next_number(&line);
    taken->before_version = (int)next_number(&line);
    taken->after_version = (int)next_number(&line);
    taken->before_new = next_number(&line) != 0;
    taken->applied = next_number(&line) != 0;
    taken->saved = next_number(&line) != 0;
    if (line.bytes != NULL)
        snprintf(taken->title, sizeof taken->title, "%.*s", (int)line.length, line.bytes);
}

static void read_merged(edit_session *session, text line)
{
    session->merged_step = (size_t)next_number(&line);
    if (line.bytes != NULL)
        snprintf(session->merged_note, sizeof session->merged_note, "%.*s", (int)line.length, line.bytes);
}

static void read_template(edit_session *session, text line)
{
    edit_state *state = &session->state;
    session->template_scope = (int)next_number(&line);
    state->template_version = (int)next_number(&line);
    state->is_template = line.bytes != NULL;
    if (line.bytes != NULL)
        snprintf(state->template_name, sizeof state->template_name, "%.*s", (int)line.length, line.bytes);
}

static void read_holdings(edit_session *session, text line)
{
    edit_state *state = &session->state;
    state->holdings_of = next_number(&line);
    state->holdings_version = (int)next_number(&line);
    state->is_holdings = state->holdings_of != 0;
}

static void read_incoming(edit_session *session, text hex)
{
    buffer_clear(&session->merged_incoming);
    for (size_t i = 0; i + 1 < hex.length; i += 2) {
        const int high = hex_digit(hex.bytes[i]), low = hex_digit(hex.bytes[i + 1]);
        if (high < 0 || low < 0) {
            buffer_clear(&session->merged_incoming);
            return;
        }
        buffer_append_char(&session->merged_incoming, (char)(high * 16 + low));
    }
}

static void read_state_line(edit_session *session, text name, text value, size_t *steps)
{
    int64_t number = 0;
    if (text_equal(name, TEXT("steps")) && text_to_integer(value, &number))
        *steps = (size_t)number;
    else if (text_equal(name, TEXT("origin")))
        snprintf(session->origin, sizeof session->origin, "%.*s", (int)value.length, value.bytes);
    else if (text_equal(name, TEXT("system")))
        snprintf(session->system, sizeof session->system, "%.*s", (int)value.length, value.bytes);
    else if (text_equal(name, TEXT("system-version")))
        snprintf(session->system_version, sizeof session->system_version, "%.*s", (int)value.length, value.bytes);
    else if (text_equal(name, TEXT("linked")) && text_to_integer(value, &number))
        session->linked_to = number;
    else if (text_equal(name, TEXT("copied")) && text_to_integer(value, &number))
        session->copied_from = number;
    else if (text_equal(name, TEXT("template")))
        read_template(session, value);
    else if (text_equal(name, TEXT("holdings")))
        read_holdings(session, value);
    else if (text_equal(name, TEXT("taken")))
        read_taken(session, value);
    else if (text_equal(name, TEXT("merged")))
        read_merged(session, value);
    else if (text_equal(name, TEXT("incoming")))
        read_incoming(session, value);
}

/* The log keeps at least the last 100 steps: where it has lost older ones, our step numbers move with it. */
static void shift_taken(edit_session *session, size_t steps_then)
{
    const size_t steps = marc_edit_steps(session->edit);
    const size_t lost = steps_then > steps ? steps_then - steps : 0;
    size_t kept = 0;
    if (session->merged_step != 0) /* the merge is in the record, whether its step can still be undone or not */
        session->merged_step = session->merged_step > lost ? session->merged_step - lost : 1;
    for (size_t i = 0; i < session->taken_count; i++) {
        if (session->taken[i].step <= lost)
            continue;
        session->taken[kept] = session->taken[i];
        session->taken[kept++].step -= lost;
    }
    session->taken_count = kept;
}

static void set_will_update(edit_session *session)
{
    for (size_t i = 0; i < session->taken_count; i++)
        if (session->taken[i].applied && !session->taken[i].saved)
            session->state.will_update = session->taken[i].after;
}

void draft_state_read(edit_session *session, text state)
{
    size_t steps = 0;
    text rest = state;
    while (rest.length > 0) {
        text line = text_next_field(&rest, '\n');
        if (line.length == 0)
            break;
        const text name = text_next_field(&line, ' ');
        read_state_line(session, name, line.bytes != NULL ? line : TEXT(""), &steps);
    }
    set_will_update(session);
    shift_taken(session, steps);
    buffer_clear(&session->view);
    if (rest.bytes != NULL)
        buffer_append_text(&session->view, rest);
}
