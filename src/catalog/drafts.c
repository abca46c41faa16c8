/* src/catalog/drafts.c - working copies in the repository: what was typed comes back, with undo, cursor and identity.
 *
 * A draft belongs to its user and goes only by that user's hand (decisions.md 7). The draft's state bytes begin with our own
 * lines, "name value", up to an empty line; what the screen wants back stands behind it and is not looked into. */
#include "inside.h"

#include "recto/repo/custody.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- our lines in front of the screen's */

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

/* Our first line is the leader's: it is wanted before there is a session to read the others into. */
static void restore_leader(marc_record *record, text state)
{
    char leader[MARC_LEADER_LENGTH];
    text line = text_next_field(&state, '\n');
    if (text_equal(text_next_field(&line, ' '), TEXT("leader")) && line.bytes != NULL && read_leader(leader, line))
        marc_record_set_leader(record, leader);
}

static void write_state(buffer *out, const edit_session *session, text view)
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

static void read_state(edit_session *session, text state)
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

/* ---- storing */

static void copy_whole_characters(char *out, size_t capacity, text from)
{
    size_t length = from.length < capacity ? from.length : capacity - 1;
    while (length > 0 && length < from.length && ((unsigned char)from.bytes[length] & 0xC0) == 0x80)
        length--;
    snprintf(out, capacity, "%.*s", (int)length, length > 0 ? from.bytes : "");
}

static void say_not_stored(edit_session *session, const recto_error *failure)
{
    edit_state *state = &session->state;
    state->draft_failed = true;
    snprintf(state->draft_failure, sizeof state->draft_failure, "%.150s", failure->what);
}

recto_status draft_store(edit_session *session, text view, recto_error *error)
{
    catalog *desk = session->catalog;
    const marc_record *record = marc_edit_record(session->edit);
    const int64_t now = catalog_now(desk);
    recto_error failure = { .status = RECTO_OK };
    buffer bytes, log, state, title;
    buffer_init(&bytes, 0);
    buffer_init(&log, 0);
    buffer_init(&state, 0);
    buffer_init(&title, 0);
    repo_draft draft = {
        .id = session->state.id, .zone = session->state.zone, .base_version = session->state.version, .changed_at = now
    };
    snprintf(draft.owner, sizeof draft.owner, "%s", desk->user);
    recto_status status = repo_record_encode(&bytes, record, &failure);
    if (status == RECTO_OK)
        status = marc_edit_log_write(&log, session->edit, &failure);
    if (status == RECTO_OK) {
        write_state(&state, session, view);
        if (session->state.is_template)
            buffer_append_format(&title, "Template: %s", session->state.template_name);
        else
            marc_record_title(&title, record);
        copy_whole_characters(draft.title, sizeof draft.title, buffer_text(&title));
        draft.record = buffer_text(&bytes);
        draft.log = buffer_text(&log);
        draft.state = buffer_text(&state);
        status = buffer_failed(&state) ? recto_fail_memory(&failure, "keeping the draft")
                                       : repo_draft_put(desk->repo, &draft, &failure);
    }
    if (status == RECTO_OK) {
        session->state.draft_failed = false;
        session->state.has_draft = true;
        session->state.draft_at = now;
        session->kept = true;
        session->kept_revision = marc_edit_revision(session->edit);
    } else {
        say_not_stored(session, &failure);
        if (error != NULL)
            *error = failure;
    }
    buffer_release(&title);
    buffer_release(&state);
    buffer_release(&log);
    buffer_release(&bytes);
    return status;
}

/* Two sessions of one cataloger have one working copy: whoever holds the lock writes it (RL-28). */
static bool was_fetched(edit_session *session)
{
    catalog *desk = session->catalog;
    repo_lock holder;
    char sentence[128];
    if (!session->holds_lock || repo_lock_get(desk->repo, session->state.id, catalog_now(desk), &holder, NULL) != RECTO_OK ||
        strcmp(holder.owner, desk->user) != 0 || strcmp(holder.session, desk->session) == 0)
        return false;
    session->holds_lock = false;
    lock_sentence(sentence, sizeof sentence, desk, &holder);
    session_show_only(session, sentence);
    return true;
}

void edit_note_view(edit_session *session, text view)
{
    buffer_clear(&session->view);
    buffer_append_text(&session->view, view);
}

recto_status edit_keep_draft(edit_session *session, text view, recto_error *error)
{
    const bool changed = marc_edit_revision(session->edit) != session->kept_revision;
    const bool never_stored = session->state.is_new && !session->kept;
    if (session->state.view_only || (!changed && !never_stored && !session->state.draft_failed) || was_fetched(session))
        return RECTO_OK;
    edit_note_view(session, view);
    return draft_store(session, view, error);
}

recto_status draft_remove(catalog *catalog, mms_id id, recto_error *error)
{
    recto_status status = repo_draft_remove(catalog->repo, catalog->user, id, error);
    if (status == RECTO_OK)
        status = repo_notices_settle(catalog->repo, catalog->user, id, error);
    if (status != RECTO_ENOTFOUND)
        return status;
    recto_error_clear(error);
    return RECTO_OK;
}

/* ---- reading back */

typedef struct draft_copy {
    mms_id wanted;
    bool found, failed;
    int zone, base_version;
    int64_t changed_at;
    buffer record, log, state;
} draft_copy;

static void copy_draft(void *context, const repo_draft *draft)
{
    draft_copy *copy = context;
    if (draft->id != copy->wanted)
        return;
    copy->found = true;
    copy->zone = draft->zone;
    copy->base_version = draft->base_version;
    copy->changed_at = draft->changed_at;
    buffer_append_text(&copy->record, draft->record);
    buffer_append_text(&copy->log, draft->log);
    buffer_append_text(&copy->state, draft->state);
    copy->failed = buffer_failed(&copy->record) || buffer_failed(&copy->log) || buffer_failed(&copy->state);
}

static recto_status find_draft(draft_copy *copy, catalog *catalog, mms_id id, recto_error *error)
{
    *copy = (draft_copy){ .wanted = id };
    buffer_init(&copy->record, 0);
    buffer_init(&copy->log, 0);
    buffer_init(&copy->state, 0);
    recto_status status = repo_drafts(catalog->repo, catalog->user, copy_draft, copy, error);
    return status == RECTO_OK && copy->failed ? recto_fail_memory(error, "reading a draft") : status;
}

static void release_copy(draft_copy *copy)
{
    buffer_release(&copy->record);
    buffer_release(&copy->log);
    buffer_release(&copy->state);
}

bool draft_exists(catalog *catalog, mms_id id)
{
    draft_copy copy;
    const bool found = find_draft(&copy, catalog, id, NULL) == RECTO_OK && copy.found;
    release_copy(&copy);
    return found;
}

/* What came back differs from what is stored, until it is saved: else it would be released, or overtaken, as unchanged. */
static recto_status compare_with_stored(edit_session *session, const draft_copy *copy, recto_error *error)
{
    marc_record *stored = NULL;
    if (copy->base_version > 0 &&
        repo_version_load(session->catalog->repo, copy->wanted, copy->base_version, &stored, error) != RECTO_OK)
        recto_error_clear(error); /* a version that cannot be read is told where versions are */
    recto_status status = marc_edit_saved_is(session->edit, stored, error);
    marc_record_free(stored);
    return status;
}

/* A record that was only open has a working copy, too; it is no draft (ED-18, ED-69). */
static bool holds_changes(const edit_session *session)
{
    return session->state.is_new || session->state.is_template || marc_edit_changed(session->edit);
}

static recto_status open_copy(edit_session **out, catalog *catalog, draft_copy *copy, recto_error *error)
{
    marc_record *record = NULL;
    edit_session *session = NULL;
    recto_status status = repo_record_decode(&record, buffer_text(&copy->record), error);
    if (status == RECTO_OK)
        restore_leader(record, buffer_text(&copy->state));
    if (status == RECTO_OK)
        status = session_new(&session, catalog, &record, error);
    if (status != RECTO_OK) {
        marc_record_free(record);
        return status;
    }
    session->state.zone = copy->zone;
    session_set_identity(session, copy->wanted, copy->base_version, copy->base_version == 0);
    marc_edit_log_read(session->edit, buffer_text(&copy->log), NULL); /* a lost log loses only undo (RL-25) */
    status = compare_with_stored(session, copy, error);
    read_state(session, buffer_text(&copy->state));
    session->state.has_draft = holds_changes(session);
    session->state.draft_at = copy->changed_at;
    session->kept = true;
    session->kept_revision = marc_edit_revision(session->edit);
    if (status == RECTO_OK)
        status = session_take_lock(session, error);
    if (status == RECTO_OK)
        status = session_fill_info(session, error);
    if (status == RECTO_ENOTFOUND) {
        recto_error_clear(error);
        session_show_only(session, "the record is no longer in the repository");
        status = RECTO_OK;
    }
    if (status != RECTO_OK)
        session_free(session);
    else
        *out = session;
    return status;
}

static recto_status take_text(edit_session *session, draft_copy *copy, recto_error *error)
{
    marc_record *record = NULL;
    marc_edit *edit = NULL;
    recto_status status = repo_record_decode(&record, buffer_text(&copy->record), error);
    if (status == RECTO_OK)
        restore_leader(record, buffer_text(&copy->state));
    if (status == RECTO_OK)
        status = marc_edit_new(&edit, &record, error);
    marc_record_free(record);
    if (status != RECTO_OK)
        return status;
    marc_edit_free(session->edit);
    session->edit = edit;
    session_set_identity(session, copy->wanted, copy->base_version, copy->base_version == 0);
    marc_edit_log_read(session->edit, buffer_text(&copy->log), NULL);
    read_state(session, buffer_text(&copy->state));
    session->state.has_draft = holds_changes(session);
    session->state.draft_at = copy->changed_at;
    session->kept = true;
    session->kept_revision = marc_edit_revision(session->edit);
    return RECTO_OK;
}

recto_status session_adopt_draft(edit_session *session, recto_error *error)
{
    draft_copy copy;
    recto_status status = find_draft(&copy, session->catalog, session->state.id, error);
    if (status == RECTO_OK && copy.found)
        status = take_text(session, &copy, error);
    release_copy(&copy);
    return status;
}

recto_status session_resume(edit_session **out, catalog *catalog, mms_id id, bool *found, recto_error *error)
{
    draft_copy copy;
    recto_status status = find_draft(&copy, catalog, id, error);
    *found = copy.found;
    if (status == RECTO_OK && copy.found)
        status = open_copy(out, catalog, &copy, error);
    release_copy(&copy);
    return status;
}

recto_status edit_resume(edit_session **out, catalog *catalog, mms_id id, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    bool found = false;
    mms_id_format(where, id);
    if (session_open_for(catalog, id) != NULL)
        return recto_fail(error, RECTO_EREFUSED, where, "it is in your list", "this record is open already");
    recto_status status = session_resume(out, catalog, id, &found, error);
    if (status == RECTO_OK && !found)
        return recto_fail(error, RECTO_ENOTFOUND, where, NULL, "you have no draft of this record");
    return status;
}

/* A text of one's own comes first: it is opened from the list, not written over. */
static recto_status refuse_own_draft(edit_session *session, recto_error *error)
{
    draft_copy copy;
    char where[MMS_ID_LENGTH];
    mms_id_format(where, session->state.id);
    recto_status status = find_draft(&copy, session->catalog, session->state.id, error);
    if (status == RECTO_OK && copy.found)
        status = recto_fail(error, RECTO_EREFUSED, where, "release this view of it, and open the draft from the list",
                            "you have a draft of this record");
    release_copy(&copy);
    return status;
}

recto_status edit_begin(edit_session *session, recto_error *error)
{
    edit_state *state = &session->state;
    if (!state->pushed)
        return session_needs_edit(session, error);
    recto_status status = refuse_own_draft(session, error);
    if (status != RECTO_OK)
        return status;
    state->view_only = false;
    state->view_only_reason[0] = '\0';
    status = session_take_lock(session, error);
    if (status == RECTO_OK && !state->view_only)
        status = session_refresh(session, error);
    if (status == RECTO_OK && !state->view_only) {
        state->pushed = false;
        return RECTO_OK;
    }
    session_drop_lock(session);
    if (status != RECTO_OK)
        session_show_only(session, SESSION_PUSHED);
    return status == RECTO_OK ? session_needs_edit(session, error) : status;
}

/* ---- the list */

typedef struct draft_list {
    draft_row *rows;
    size_t count, capacity;
    int64_t now;
    bool failed;
} draft_list;

static draft_age age_of(int64_t changed_at, int64_t now)
{
    enum { DAY = 24 * 60 * 60 };
    const int64_t days = (now - changed_at) / DAY;
    return days >= DRAFT_YEAR_DAYS ? DRAFT_PAST_ITS_YEAR : days >= DRAFT_RESTS_AFTER_DAYS ? DRAFT_RESTING : DRAFT_IN_USE;
}

static marc_family family_of_bytes(text stored)
{
    marc_record *record = NULL;
    marc_family family = MARC_BIBLIOGRAPHIC;
    if (repo_record_decode(&record, stored, NULL) == RECTO_OK)
        family = marc_family_of(record);
    marc_record_free(record);
    return family;
}

static void add_row(void *context, const repo_draft *draft)
{
    draft_list *list = context;
    if (list->count == list->capacity && !list->failed) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 8;
        draft_row *grown = realloc(list->rows, capacity * sizeof *grown);
        list->failed = grown == NULL;
        if (grown != NULL) {
            list->rows = grown;
            list->capacity = capacity;
        }
    }
    if (list->failed)
        return;
    draft_row *row = &list->rows[list->count++];
    *row = (draft_row){ .id = draft->id,
                        .zone = draft->zone,
                        .changed_at = draft->changed_at,
                        .base_version = draft->base_version,
                        .family = family_of_bytes(draft->record),
                        .age = age_of(draft->changed_at, list->now) };
    snprintf(row->title, sizeof row->title, "%s", draft->title);
}

static int newest_first(const void *left, const void *right)
{
    const draft_row *a = left, *b = right;
    if (a->changed_at != b->changed_at)
        return a->changed_at < b->changed_at ? 1 : -1;
    return a->id < b->id ? 1 : a->id > b->id ? -1 : 0;
}

recto_status catalog_drafts(draft_row **out, size_t *count, catalog *catalog, recto_error *error)
{
    draft_list list = { .now = catalog_now(catalog) };
    recto_status status = repo_drafts(catalog->repo, catalog->user, add_row, &list, error);
    if (status == RECTO_OK && list.failed)
        status = recto_fail_memory(error, "listing drafts");
    if (status != RECTO_OK) {
        free(list.rows);
        return status;
    }
    for (size_t i = 0; i < list.count; i++) {
        bib_info info;
        draft_row *row = &list.rows[i];
        if (row->base_version > 0 && repo_bib_info(catalog->repo, row->id, &info, catalog_now(catalog), NULL) == RECTO_OK)
            row->record_changed_since = info.version != row->base_version;
    }
    if (list.count > 1)
        qsort(list.rows, list.count, sizeof *list.rows, newest_first);
    *out = list.rows;
    *count = list.count;
    return RECTO_OK;
}

recto_status catalog_discard_draft(catalog *catalog, mms_id id, recto_error *error)
{
    repo_lock lock;
    char where[MMS_ID_LENGTH];
    mms_id_format(where, id);
    recto_status status = repo_draft_remove(catalog->repo, catalog->user, id, error);
    if (status == RECTO_ENOTFOUND)
        return recto_fail(error, RECTO_ENOTFOUND, where, NULL, "you have no draft of this record");
    if (status == RECTO_OK)
        status = repo_notices_settle(catalog->repo, catalog->user, id, error);
    /* The lock of the session that left it has nothing to wait for any more. */
    if (status == RECTO_OK && repo_lock_get(catalog->repo, id, catalog_now(catalog), &lock, NULL) == RECTO_OK &&
        strcmp(lock.owner, catalog->user) == 0 && !lock.attached)
        repo_lock_release(catalog->repo, id, lock.session, NULL);
    return status;
}
