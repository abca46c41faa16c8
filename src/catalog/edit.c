/* src/catalog/edit.c - opening, saving, releasing and leaving a record, and the undo that knows whom the record has become.
 *
 * @spec editor.md sections 5 to 7, reliability.md sections 3 and 4, decisions.md 5 to 7 and 14 */
#include "inside.h"

#include "recto/repo/authorities.h"

#include <stdio.h>
#include <string.h>

const char SAVE_STEP[] = "Save";
const char SESSION_PUSHED[] = "opened to be viewed";

static recto_status no_such_record(mms_id id, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    mms_id_format(where, id);
    return recto_fail(error, RECTO_ENOTFOUND, where, NULL, "no such record");
}

/* ---- opening */

static recto_status open_stored(edit_session **out, catalog *catalog, mms_id id, recto_error *error)
{
    marc_record *record = NULL;
    bib_info info;
    if (!catalog_sees(catalog, id))
        return no_such_record(id, error);
    recto_status status = repo_bib_load(catalog->repo, id, &record, &info, catalog_now(catalog), error);
    if (status == RECTO_OK)
        status = session_new(out, catalog, &record, error);
    marc_record_free(record);
    if (status == RECTO_OK)
        session_set_identity(*out, id, info.version, false);
    return status;
}

/* Between the reading and the lock somebody may have saved: what is edited must be what is stored now. */
recto_status session_refresh(edit_session *session, recto_error *error)
{
    catalog *desk = session->catalog;
    marc_record *record = NULL;
    bib_info info;
    recto_status status = session_fill_info(session, error);
    if (status != RECTO_OK || !session->state.superseded)
        return status;
    status = repo_bib_load(desk->repo, session->state.id, &record, &info, catalog_now(desk), error);
    if (status != RECTO_OK)
        return status;
    marc_edit_free(session->edit);
    session->edit = NULL;
    status = marc_edit_new(&session->edit, &record, error);
    marc_record_free(record);
    if (status != RECTO_OK)
        return status;
    session_set_identity(session, session->state.id, info.version, false);
    session->kept_revision = marc_edit_revision(session->edit);
    return session_fill_info(session, error);
}

static recto_status open_for_edit(edit_session **out, catalog *catalog, mms_id id, recto_error *error)
{
    edit_session *session = NULL;
    recto_status status = open_stored(&session, catalog, id, error);
    if (status != RECTO_OK || session == NULL)
        return status;
    status = session_take_lock(session, error);
    if (status == RECTO_OK)
        status = session_refresh(session, error);
    if (status == RECTO_OK && session->state.view_only)
        session_drop_lock(session);
    if (status != RECTO_OK) {
        session_drop_lock(session);
        session_free(session);
        return status;
    }
    *out = session;
    return RECTO_OK;
}

recto_status edit_open(edit_session **out, catalog *catalog, mms_id id, recto_error *error)
{
    char where[MMS_ID_LENGTH];
    bool found = false;
    mms_id_format(where, id);
    if (session_open_for(catalog, id) != NULL)
        return recto_fail(error, RECTO_EREFUSED, where, "it is in your list", "this record is open already");
    recto_status status = session_resume(out, catalog, id, &found, error);
    if (status == RECTO_OK && !found)
        status = open_for_edit(out, catalog, id, error);
    return status;
}

recto_status edit_open_view(edit_session **out, catalog *catalog, mms_id id, recto_error *error)
{
    recto_status status = open_stored(out, catalog, id, error);
    if (status != RECTO_OK)
        return status;
    session_show_only(*out, SESSION_PUSHED);
    (*out)->state.pushed = (*out)->state.was_pushed = true;
    status = session_fill_info(*out, error);
    if (status != RECTO_OK) {
        session_free(*out);
        *out = NULL;
    }
    return status;
}

/* A name that is kept in one line of the draft. */
static void copy_line(char *out, size_t capacity, const char *name)
{
    snprintf(out, capacity, "%s", name != NULL ? name : "");
    for (char *at = out; *at != '\0'; at++)
        if ((unsigned char)*at < ' ')
            *at = ' ';
}

void session_remember_source(edit_session *session, const marc_record *source, const char *system)
{
    const text stamp = marc_record_control(source, "005");
    int64_t ticks;
    if (!clock_parse_005(&ticks, stamp.bytes, stamp.length))
        return;
    copy_line(session->system, sizeof session->system, system);
    snprintf(session->system_version, sizeof session->system_version, "%.*s", (int)stamp.length, stamp.bytes);
}

recto_status edit_new(edit_session **out, catalog *catalog, int zone, marc_record **record, const char *origin,
                      recto_error *error)
{
    const repo_zone *place = catalog_zone_by_id(catalog, zone);
    edit_session *session = NULL;
    mms_id id = 0;
    if (place == NULL)
        return recto_fail(error, RECTO_EINVALID, NULL, NULL, "no such zone");
    if (place->kind == ZONE_COMMUNITY)
        return recto_fail(error, RECTO_EREFUSED, place->code, NULL, "%s", CANNOT_CHANGE_COMMUNITY);
    if (!catalog_may_in(catalog, place))
        return refuse_privilege(catalog, PRIVILEGE_CATALOG, "bib.new", place->code, false, error);
    recto_status status = catalog_session_needed(catalog, error);
    if (status == RECTO_OK)
        status = marc_family_of(*record) == MARC_AUTHORITY ? repo_authority_new_id(catalog->repo, zone, &id, error)
                                                           : repo_bib_new_id(catalog->repo, zone, &id, error);
    if (status == RECTO_OK)
        status = session_new(&session, catalog, record, error);
    if (status != RECTO_OK)
        return status;
    session_set_identity(session, id, 0, true);
    copy_line(session->origin, sizeof session->origin, origin);
    if (origin != NULL && origin[0] != '\0')
        session_remember_source(session, marc_edit_record(session->edit), origin);
    *out = session;
    return session_fill_info(session, error);
}

static void remove_tag(marc_record *record, const char *tag)
{
    for (size_t at = marc_record_find(record, tag, 0); at != SIZE_MAX; at = marc_record_find(record, tag, at))
        marc_record_remove(record, at);
}

recto_status edit_copy_to_catalog(edit_session **out, catalog *catalog, mms_id id, bool link, recto_error *error)
{
    marc_record *record = NULL;
    char origin[ORIGIN_LENGTH], where[MMS_ID_LENGTH];
    const repo_zone *from = catalog_zone_of(catalog, id);
    mms_id_format(where, id);
    if (from == catalog->own)
        return recto_fail(error, RECTO_EREFUSED, where, "open it instead", "this record is in the own institution already");
    recto_status status = catalog_load(catalog, id, &record, NULL, error);
    if (status != RECTO_OK)
        return status;
    remove_tag(record, "001");
    remove_tag(record, "003");
    remove_tag(record, "005");
    snprintf(origin, sizeof origin, "copy of %s", where);
    status = edit_new(out, catalog, catalog->own->id, &record, origin, error);
    marc_record_free(record);
    if (status == RECTO_OK) {
        (*out)->copied_from = id;
        (*out)->linked_to = link ? id : 0;
    }
    return status;
}

/* ---- giving back */

void session_drop_lock(edit_session *session)
{
    if (session->holds_lock)
        repo_lock_release(session->catalog->repo, session->state.id, session->catalog->session, NULL);
    session->holds_lock = false;
}

recto_status edit_release(edit_session **session, recto_error *error)
{
    edit_session *open = *session;
    if (open == NULL)
        return RECTO_OK;
    /* A text shown beside another's lock is not ours to throw away; the owner discards it by name (ED-84). */
    if (!open->state.view_only) {
        recto_status status = draft_remove(open->catalog, open->state.id, error);
        if (status != RECTO_OK)
            return status;
        session_drop_lock(open);
        taken_release(open);
    }
    session_free(open);
    *session = NULL;
    return RECTO_OK;
}

void edit_leave(edit_session **session)
{
    edit_session *open = *session;
    if (open == NULL)
        return;
    if (!open->state.view_only)
        draft_store(open, buffer_text(&open->view), NULL);
    session_free(open);
    *session = NULL;
}

recto_status edit_rebase(edit_session *session, recto_error *error)
{
    edit_state *state = &session->state;
    recto_status status = session_needs_edit(session, error);
    if (status == RECTO_OK)
        status = session_fill_info(session, error);
    if (status != RECTO_OK || !state->superseded)
        return status;
    state->version = state->stored_version;
    state->superseded = false;
    return draft_store(session, buffer_text(&session->view), error);
}

/* ---- saving */

static recto_status show_saved(edit_session *session, recto_error *error)
{
    catalog *desk = session->catalog;
    marc_record *stored = NULL;
    bib_info info;
    recto_status status = repo_bib_load(desk->repo, session->state.id, &stored, &info, catalog_now(desk), error);
    if (status == RECTO_OK)
        status = marc_edit_become(session->edit, stored, SAVE_STEP, error);
    if (status == RECTO_OK)
        marc_edit_mark_saved(session->edit);
    marc_record_free(stored);
    return status;
}

void session_follow(catalog *catalog, mms_id id)
{
    for (edit_session *session = catalog->sessions; session != NULL; session = session->next) {
        edit_state *state = &session->state;
        if ((id != 0 && state->id != id) || state->is_new || session_fill_info(session, NULL) != RECTO_OK)
            continue;
        if (state->view_only) {
            session_drop_lock(session);
        } else if (state->superseded && !marc_edit_changed(session->edit) && show_saved(session, NULL) == RECTO_OK) {
            session_set_identity(session, state->id, state->stored_version, false);
            session->kept_revision = marc_edit_revision(session->edit);
        }
    }
}

static void after_save(edit_session *session, const ingest_outcome *outcome)
{
    edit_state *state = &session->state;
    const bool was_new = state->is_new;
    session_set_identity(session, outcome->id, outcome->version, false);
    taken_mark_saved(session);
    show_saved(session, NULL); /* the save stands; at worst the grid shows the old 005 */
    state->will_update = 0;
    session->merged_step = 0;
    state->has_draft = state->was_pushed = false;
    state->draft_failed = false;
    session->kept = false;
    session->kept_revision = marc_edit_revision(session->edit);
    session->system[0] = '\0';
    session->system_version[0] = '\0';
    if (was_new) /* now it can be wanted by others (ED-60: a save keeps the lock) */
        session_take_lock(session, NULL);
    session_fill_info(session, NULL);
}

/* Refused, perhaps because somebody was faster: the text is kept, and the header tells how things stand. */
static void after_refusal(edit_session *session)
{
    repo_lock holder;
    if (!session->state.is_new) {
        session_fill_info(session, NULL);
        if (lock_refuses(session->catalog, session->state.id, &holder))
            session->holds_lock = false;
    }
    draft_store(session, buffer_text(&session->view), NULL);
}

/* The editor offered fields to fill in; what was copied or imported has the fields that somebody gave it. */
static bool is_from_frame(const edit_session *session)
{
    static const char *const origins[] = { "new", "template", "brief form" };
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++)
        if (strcmp(session->origin, origins[i]) == 0)
            return session->state.is_new;
    return false;
}

static recto_status run_save(ingest_outcome *out, edit_session *session, bool ignore_matches, recto_error *error)
{
    const edit_state *state = &session->state;
    char note[VERSION_NOTE] = "";
    ingest_policy policy;
    recto_status status = catalog_policy_for(&policy, session->catalog, "ask", state->zone, error);
    if (status != RECTO_OK)
        return status;
    if (session->system[0] != '\0')
        policy.originating_system = session->system;
    if (state->is_new && session->origin[0] != '\0')
        snprintf(note, sizeof note, "from %s", session->origin);
    if (session->apart_reason != NULL)
        snprintf(note, sizeof note, "separate record: %.*s", FIT(session->apart_reason, 120));
    else if (session->merged_step > 0 && !state->is_new)
        snprintf(note, sizeof note, "%s%s", MERGED_NOTE, session->merged_note);
    else if (session->note != NULL)
        snprintf(note, sizeof note, "%s", session->note);
    const ingest_request request = { .record = marc_edit_record(session->edit),
                                     .id = state->id,
                                     .base_version = state->version,
                                     .zone = state->zone,
                                     .policy = &policy,
                                     .ignore_matches = ignore_matches,
                                     .note = note[0] != '\0' ? note : NULL };
    const ingest_extra extra = { .draft = state->id,
                                 .framed = is_from_frame(session),
                                 .linked_to = state->is_new ? session->linked_to : 0,
                                 .copied_from = session->copied_from,
                                 .merged_incoming =
                                     session->merged_step > 0 ? buffer_text(&session->merged_incoming) : text_of("", 0),
                                 .originating_version = session->system_version[0] != '\0' ? session->system_version : NULL };
    return ingest_run(out, session->catalog, &request, &extra, error);
}

recto_status edit_save(ingest_outcome *out, edit_session *session, bool ignore_matches, recto_error *error)
{
    if (session->state.view_only) {
        *out = (ingest_outcome){ .first_block_field = SIZE_MAX, .id = session->state.id, .version = session->state.version };
        outcome_say(out, OUTCOME_REFUSED, "View only: %s.", session->state.view_only_reason);
        return RECTO_OK;
    }
    if (session->state.is_template)
        return recto_fail(error, RECTO_EREFUSED, session->state.template_name, "make a record from it first",
                          "a template is no record");
    if (session->state.is_holdings)
        return recto_fail(error, RECTO_EREFUSED, NULL, NULL, "holdings are saved as such");
    marc_edit_settle(session->edit);
    recto_status status = run_save(out, session, ignore_matches, error);
    if (status != RECTO_OK) {
        draft_store(session, buffer_text(&session->view), NULL);
        return status;
    }
    switch (out->kind) {
    case OUTCOME_ADDED:
    case OUTCOME_UPDATED:
    case OUTCOME_MERGED:
    case OUTCOME_OVERLAID:
    case OUTCOME_UNCHANGED:
        after_save(session, out);
        break;
    case OUTCOME_NEEDS_DECISION:
    case OUTCOME_INVALID:
        break;
    default:
        after_refusal(session);
    }
    return status;
}

recto_status edit_restore_version(edit_session *session, int version, recto_error *error)
{
    marc_record *record = NULL;
    char title[64];
    recto_status status = session_needs_edit(session, error);
    if (status == RECTO_OK)
        status = catalog_version_load(session->catalog, session->state.id, version, &record, error);
    snprintf(title, sizeof title, "Restore of version %d", version);
    if (status == RECTO_OK)
        status = marc_edit_become(session->edit, record, title, error);
    marc_record_free(record);
    return status;
}
