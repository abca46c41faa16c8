/* src/catalog/edit_match.c - Copy & Merge and Copy & Overlay onto the open record, previewed, done and undone.
 *
 * From the match list the open record becomes the matched one: its MMS ID, version and lock (SR-91). That change of identity
 * belongs to the undo step that brought it, so undo and redo of a session go through this file.
 *
 * Who is primary (rules.md 2.2, decisions.md 3): in the match list the repository's record, always. From Search Resources the
 * external record, where the zone has chosen a rule file for copy cataloging; such a rule is written for that. The predefined
 * methods are written the other way round, "the Alma record" and "the external record" (seed 002): with one of them the
 * repository's record, which is the open one, stays the primary, whichever way the copy goes. */
#include "inside.h"
#include "recto/catalog/rules.h"

#include <stdio.h>
#include <string.h>

/* ---- what would come out */

static bool is_predefined(const merge_program *program)
{
    size_t count;
    const merge_method_info *methods = merge_methods(&count);
    for (size_t i = 0; i < count; i++)
        if (merge_method_program(methods[i].method) == program)
            return true;
    return false;
}

/* What was previewed is what may be taken (SR-97). */
static void remember_preview(edit_session *session, mms_id match, int version, bool overlay)
{
    marc_edit_settle(session->edit);
    session->previewed = (struct previewed){
        .match = match, .version = version, .revision = marc_edit_revision(session->edit), .overlay = overlay, .made = true
    };
}

static recto_status check_preview(edit_session *session, mms_id match, bool overlay, recto_error *error)
{
    const struct previewed *seen = &session->previewed;
    marc_edit_settle(session->edit);
    if (!seen->made || seen->match != match || seen->overlay != overlay)
        return recto_fail(error, RECTO_EREFUSED, NULL, "look at the preview first", "this merge was not previewed");
    if (seen->revision != marc_edit_revision(session->edit))
        return recto_fail(error, RECTO_EREFUSED, NULL, "look at the preview again",
                          "the open record was changed since the preview");
    return RECTO_OK;
}

static recto_status external_copy(marc_record **out, edit_session *session, const marc_record *external, recto_error *error)
{
    recto_status status = marc_record_copy(out, external, error);
    if (status != RECTO_OK)
        return status;
    status = normalize_initial(*out, session->catalog, error); /* its number stays as a 035 (SR-32) */
    const size_t at = status == RECTO_OK ? marc_record_find(*out, "001", 0) : SIZE_MAX;
    if (at != SIZE_MAX)
        marc_record_remove(*out, at);
    return status;
}

static recto_status put_control(marc_record *record, const marc_record *from, const char *tag, recto_error *error)
{
    const size_t at = marc_record_find(record, tag, 0), source = marc_record_find(from, tag, 0);
    if (at != SIZE_MAX)
        marc_record_remove(record, at);
    if (source == SIZE_MAX)
        return RECTO_OK;
    return marc_record_insert(record, marc_record_place(record, tag), tag, marc_record_field(from, source)->content, error);
}

/* In the match list the overlay takes the match's 001 too: it is the record that lives on (decisions.md 2). */
static recto_status overlay_with_match(merge_result **out, marc_record *open, const marc_record *match, recto_error *error)
{
    static const char *const tags[] = { "001", "003", "005" };
    recto_status status = RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < sizeof tags / sizeof tags[0]; i++)
        status = put_control(open, match, tags[i], error);
    return status == RECTO_OK ? match_overlay(out, open, match, error) : status;
}

static recto_status merge_with_match(merge_result **out, catalog *catalog, int zone, const marc_record *match,
                                     const marc_record *incoming, recto_error *error)
{
    const merge_program *program = NULL;
    recto_status status = catalog_merge_program(&program, catalog, zone, RULE_USE_MATCH_MERGE, error);
    return status == RECTO_OK ? match_merge_run(out, program, match, incoming, error) : status;
}

static recto_status combine_with_match(merge_result **out, edit_session *session, mms_id id, bool overlay, int *version,
                                       recto_error *error)
{
    catalog *desk = session->catalog;
    marc_record *match = NULL, *incoming = NULL;
    bib_info info;
    recto_status status = repo_bib_load(desk->repo, id, &match, &info, catalog_now(desk), error);
    if (status == RECTO_OK)
        status = external_copy(&incoming, session, marc_edit_record(session->edit), error);
    if (status == RECTO_OK && overlay)
        status = overlay_with_match(out, incoming, match, error);
    else if (status == RECTO_OK)
        status = merge_with_match(out, desk, info.zone, match, incoming, error);
    if (status == RECTO_OK && version != NULL)
        *version = info.version;
    marc_record_free(incoming);
    marc_record_free(match);
    return status;
}

recto_status edit_preview_match(merge_result **out, edit_session *session, mms_id match, bool overlay, recto_error *error)
{
    int version = 0;
    recto_status status = combine_with_match(out, session, match, overlay, &version, error);
    if (status == RECTO_OK)
        remember_preview(session, match, version, overlay);
    return status;
}

/* The external record as the primary of a rule file, with the numbers of the record that it will become. */
static recto_status merge_external(merge_result **out, edit_session *session, marc_record *incoming, recto_error *error)
{
    static const char *const tags[] = { "001", "003", "005" };
    const marc_record *open = marc_edit_record(session->edit);
    const merge_program *program = NULL;
    recto_status status = catalog_merge_program(&program, session->catalog, session->state.zone, RULE_USE_COPY_MERGE, error);
    if (status != RECTO_OK)
        return status;
    if (is_predefined(program))
        return match_merge_run(out, program, open, incoming, error);
    for (size_t i = 0; status == RECTO_OK && i < sizeof tags / sizeof tags[0]; i++)
        status = put_control(incoming, open, tags[i], error);
    return status == RECTO_OK ? match_merge_run(out, program, incoming, open, error) : status;
}

static recto_status combine_with_external(merge_result **out, edit_session *session, const marc_record *external, bool overlay,
                                          recto_error *error)
{
    marc_record *incoming = NULL;
    recto_status status = external_copy(&incoming, session, external, error);
    if (status == RECTO_OK)
        status = catalog_normalize(session->catalog, session->state.zone, RULE_USE_NORMALIZE_EXTERNAL, incoming, error);
    if (status == RECTO_OK)
        status = overlay ? match_overlay(out, marc_edit_record(session->edit), incoming, error)
                         : merge_external(out, session, incoming, error);
    marc_record_free(incoming);
    return status;
}

recto_status edit_preview_external(merge_result **out, edit_session *session, const marc_record *external, bool overlay,
                                   recto_error *error)
{
    recto_status status = combine_with_external(out, session, external, overlay, error);
    if (status == RECTO_OK)
        remember_preview(session, 0, 0, overlay);
    return status;
}

recto_status edit_find_matches(match_hit **out, size_t *count, edit_session *session, recto_error *error)
{
    ingest_policy policy;
    match_list list;
    const edit_state *state = &session->state;
    const mms_id self = state->is_new ? 0 : state->id;
    recto_status status = catalog_policy_for(&policy, session->catalog, "ask", state->zone, error);
    if (status == RECTO_OK)
        status = matches_find(&list, session->catalog, marc_edit_record(session->edit), self, session->copied_from, state->zone,
                              &policy, error);
    if (status != RECTO_OK)
        return status;
    *out = list.hits;
    *count = list.count;
    return RECTO_OK;
}

/* ---- doing it */

/* The step just made will be told by the version that the save makes, so that it can be taken back then. */
static void remember_merge(edit_session *session, const char *title)
{
    session->merged_step = marc_edit_steps(session->edit);
    if (title != session->merged_note)
        string_keep(session->merged_note, sizeof session->merged_note, text_from(title));
    session->previewed.made = false;
}

/* Adopts the record of the result as one undo step. @param incoming  what came in; NULL: the record that was open */
static recto_status become_result(edit_session *session, const merge_result *result, const marc_record *incoming,
                                  const char *title, recto_error *error)
{
    buffer_clear(&session->merged_incoming);
    recto_status status =
        repo_record_encode(&session->merged_incoming, incoming != NULL ? incoming : marc_edit_record(session->edit), error);
    if (status == RECTO_OK)
        status = marc_edit_become(session->edit, merge_result_record(result), title, error);
    if (status == RECTO_OK)
        remember_merge(session, title);
    return status;
}

static recto_status take_external(edit_session *session, const marc_record *external, bool overlay, const char *target,
                                  const merge_result *result, recto_error *error)
{
    char title[120];
    snprintf(title, sizeof title, "%s from %.*s", overlay ? "Copy & Overlay" : "Copy & Merge",
             FIT(target != NULL ? target : "a target", 80));
    recto_status status = become_result(session, result, external, title, error);
    if (status == RECTO_OK)
        session_remember_source(session, external, target);
    return status;
}

recto_status edit_take_external(edit_session *session, const marc_record *external, bool overlay, const char *target,
                                recto_error *error)
{
    merge_result *result = NULL;
    recto_status status = session_needs_edit(session, error);
    if (status == RECTO_OK)
        status = combine_with_external(&result, session, external, overlay, error);
    if (status == RECTO_OK)
        status = take_external(session, external, overlay, target, result, error);
    merge_result_free(result);
    return status;
}

recto_status edit_take_external_result(edit_session *session, const marc_record *external, bool overlay, const char *target,
                                       const merge_result *result, recto_error *error)
{
    recto_status status = session_needs_edit(session, error);
    if (status == RECTO_OK)
        status = check_preview(session, 0, overlay, error);
    return status == RECTO_OK ? take_external(session, external, overlay, target, result, error) : status;
}

static recto_status may_take(edit_session *session, mms_id match, recto_error *error)
{
    catalog *desk = session->catalog;
    const repo_zone *zone = catalog_zone_of(desk, match);
    char where[MMS_ID_LENGTH];
    mms_id_format(where, match);
    recto_status status = session_needs_edit(session, error);
    if (status != RECTO_OK)
        return status;
    if (zone == NULL || match == session->state.id)
        return recto_fail(error, RECTO_EINVALID, where, NULL, "this is no match of the open record");
    if (zone->kind == ZONE_COMMUNITY)
        return recto_fail(error, RECTO_EREFUSED, where, NULL, "%s", CANNOT_CHANGE_COMMUNITY);
    if (!catalog_may_in(desk, zone))
        return refuse_privilege(desk, PRIVILEGE_CATALOG, "bib.merge", where, false, error);
    if (session_open_for(desk, match) != NULL)
        return recto_fail(error, RECTO_EREFUSED, where, "release it first", "the match is open in your list");
    if (draft_exists(desk, match))
        return recto_fail(error, RECTO_EREFUSED, where, "resume or discard it first", "you have a draft of the match");
    return RECTO_OK;
}

static recto_status lock_match(catalog *catalog, mms_id match, recto_error *error)
{
    recto_status status = catalog_session_needed(catalog, error);
    if (status != RECTO_OK)
        return status;
    return repo_lock_take(catalog->repo, match, catalog->user, catalog->institution, catalog->session, catalog_now(catalog), NULL,
                          error);
}

static void unlock(catalog *catalog, mms_id id)
{
    repo_lock_release(catalog->repo, id, catalog->session, NULL);
}

/* Steps that were undone and then written over will never be redone. */
static void forget_undone(edit_session *session)
{
    size_t kept = 0;
    for (size_t i = 0; i < session->taken_count; i++)
        if (session->taken[i].applied)
            session->taken[kept++] = session->taken[i];
    session->taken_count = kept;
    if (session->taken_count == TAKEN_MAX) {
        memmove(session->taken, session->taken + 1, (TAKEN_MAX - 1) * sizeof session->taken[0]);
        session->taken_count--;
    }
}

/* From one record to the other, with what goes with it: lock known as held, header facts, draft under the new number. */
static void become_record(edit_session *session, mms_id id, int version, bool is_new, bool locked)
{
    const mms_id before = session->state.id;
    session_set_identity(session, id, version, is_new);
    session->holds_lock = locked;
    session_fill_info(session, NULL);
    if (draft_store(session, buffer_text(&session->view), NULL) == RECTO_OK)
        draft_remove(session->catalog, before, NULL);
}

static void set_will_update(edit_session *session)
{
    session->state.will_update = 0;
    for (size_t i = 0; i < session->taken_count; i++)
        if (session->taken[i].applied && !session->taken[i].saved)
            session->state.will_update = session->taken[i].after;
}

static void apply_taken(edit_session *session, taken_match *taken)
{
    taken->applied = true;
    become_record(session, taken->after, taken->after_version, false, true);
    set_will_update(session);
}

static void unapply_taken(edit_session *session, taken_match *taken)
{
    taken->applied = false;
    unlock(session->catalog, taken->after);
    become_record(session, taken->before, taken->before_version, taken->before_new, !taken->before_new);
    set_will_update(session);
}

/* Read behind the lock, so that what is merged is what is there now (SR-97). */
static recto_status make_result(merge_result **made, taken_match *taken, edit_session *session, bool overlay, recto_error *error)
{
    return combine_with_match(made, session, taken->after, overlay, &taken->after_version, error);
}

/* The previewed result stands if the match is still the version that it was made of. */
static recto_status check_result(taken_match *taken, edit_session *session, recto_error *error)
{
    bib_info info;
    char where[MMS_ID_LENGTH];
    mms_id_format(where, taken->after);
    recto_status status = repo_bib_info(session->catalog->repo, taken->after, &info, catalog_now(session->catalog), error);
    if (status == RECTO_OK && (info.deleted || info.version != session->previewed.version))
        return recto_fail(error, RECTO_EREFUSED, where, "look at the preview again",
                          info.deleted ? "the match was deleted by %s since the preview"
                                       : "the match was saved by %s since the preview",
                          info.modified_by);
    taken->after_version = info.version;
    return status;
}

static void add_taken(edit_session *session, taken_match *taken)
{
    forget_undone(session);
    taken->step = marc_edit_steps(session->edit);
    session->taken[session->taken_count++] = *taken;
    apply_taken(session, &session->taken[session->taken_count - 1]);
}

/* @param result  what was previewed; NULL: it is made now */
static recto_status take_match(edit_session *session, mms_id match, bool overlay, const merge_result *result, recto_error *error)
{
    merge_result *made = NULL;
    taken_match taken = {
        .before = session->state.id, .after = match, .before_version = session->state.version, .before_new = session->state.is_new
    };
    recto_status status = may_take(session, match, error);
    if (status == RECTO_OK)
        status = lock_match(session->catalog, match, error);
    if (status != RECTO_OK)
        return status;
    status = result != NULL ? check_result(&taken, session, error) : make_result(&made, &taken, session, overlay, error);
    snprintf(taken.title, sizeof taken.title, "%s with MMS ID %lld", overlay ? "Copy & Overlay" : "Copy & Merge",
             (long long)match);
    if (status == RECTO_OK)
        status = become_result(session, result != NULL ? result : made, NULL, taken.title, error);
    merge_result_free(made);
    if (status == RECTO_OK)
        add_taken(session, &taken);
    else
        unlock(session->catalog, match);
    return status;
}

recto_status edit_take_match(edit_session *session, mms_id match, bool overlay, recto_error *error)
{
    return take_match(session, match, overlay, NULL, error);
}

recto_status edit_take_match_result(edit_session *session, mms_id match, bool overlay, const merge_result *result,
                                    recto_error *error)
{
    recto_status status = session_needs_edit(session, error);
    if (status == RECTO_OK)
        status = check_preview(session, match, overlay, error);
    return status == RECTO_OK ? take_match(session, match, overlay, result, error) : status;
}

void taken_mark_saved(edit_session *session)
{
    for (size_t i = 0; i < session->taken_count; i++) {
        taken_match *taken = &session->taken[i];
        if (taken->applied && !taken->saved && !taken->before_new)
            unlock(session->catalog, taken->before);
        taken->saved = taken->saved || taken->applied;
    }
}

void taken_release(edit_session *session)
{
    taken_mark_saved(session); /* the same locks go, whether by save or by release */
}

/* ---- undo and redo */

static taken_match *taken_at(edit_session *session, size_t step, bool applied)
{
    for (size_t i = session->taken_count; i-- > 0;)
        if (session->taken[i].step == step && session->taken[i].applied == applied)
            return &session->taken[i];
    return NULL;
}

/* What a save wrote into the grid (001, 005) goes with the user's own step; nobody wants to undo it by itself. */
static size_t undo_saves(edit_session *session)
{
    size_t undone = 0;
    while (marc_edit_can_undo(session->edit) && strcmp(marc_edit_undo_title(session->edit), SAVE_STEP) == 0 &&
           marc_edit_undo(session->edit, NULL, NULL) == RECTO_OK)
        undone++;
    return undone;
}

static void redo_saves(edit_session *session)
{
    while (marc_edit_can_redo(session->edit) && strcmp(marc_edit_redo_title(session->edit), SAVE_STEP) == 0 &&
           marc_edit_redo(session->edit, NULL, NULL) == RECTO_OK)
        continue;
}

recto_status edit_undo(edit_session *session, size_t *field, recto_error *error)
{
    recto_status status = session_needs_edit(session, error);
    if (status != RECTO_OK)
        return status;
    marc_edit_settle(session->edit);
    undo_saves(session);
    taken_match *taken = taken_at(session, marc_edit_steps(session->edit), true);
    if (!marc_edit_can_undo(session->edit))
        status = recto_fail(error, RECTO_EREFUSED, NULL, NULL, "nothing to undo");
    else if (taken != NULL && taken->saved)
        status = recto_fail(error, RECTO_EREFUSED, NULL, "restore an earlier version of it instead",
                            "the merge with the match has been saved");
    else
        status = marc_edit_undo(session->edit, field, error);
    if (status != RECTO_OK)
        redo_saves(session);
    else if (taken != NULL)
        unapply_taken(session, taken);
    if (marc_edit_steps(session->edit) < session->merged_step)
        session->merged_step = 0;
    return status;
}

/* The match may have changed hands or content while its merge was undone. */
static recto_status take_again(edit_session *session, const taken_match *taken, recto_error *error)
{
    catalog *desk = session->catalog;
    bib_info info;
    char where[MMS_ID_LENGTH];
    mms_id_format(where, taken->after);
    recto_status status = lock_match(desk, taken->after, error);
    if (status != RECTO_OK)
        return status;
    status = repo_bib_info(desk->repo, taken->after, &info, catalog_now(desk), error);
    if (status == RECTO_OK && info.version != taken->after_version)
        status = recto_fail(error, RECTO_EREFUSED, where, "find matches again", "the match was saved by %s meanwhile",
                            info.modified_by);
    if (status != RECTO_OK)
        unlock(desk, taken->after);
    return status;
}

recto_status edit_redo(edit_session *session, size_t *field, recto_error *error)
{
    recto_status status = session_needs_edit(session, error);
    if (status != RECTO_OK)
        return status;
    if (!marc_edit_can_redo(session->edit))
        return recto_fail(error, RECTO_EREFUSED, NULL, NULL, "nothing to redo");
    const bool merges = strcmp(session->merged_note, marc_edit_redo_title(session->edit)) == 0;
    taken_match *taken = taken_at(session, marc_edit_steps(session->edit) + 1, false);
    if (taken != NULL && strcmp(taken->title, marc_edit_redo_title(session->edit)) != 0)
        taken = NULL;
    if (taken != NULL)
        status = take_again(session, taken, error);
    if (status != RECTO_OK)
        return status;
    status = marc_edit_redo(session->edit, field, error);
    if (status != RECTO_OK && taken != NULL)
        unlock(session->catalog, taken->after);
    if (status != RECTO_OK)
        return status;
    if (merges)
        remember_merge(session, session->merged_note);
    if (taken != NULL)
        apply_taken(session, taken);
    redo_saves(session);
    return RECTO_OK;
}
