/* src/catalog/gateway.c - one record from Connexion through the corridor, and its answer. @spec gateway.md section 5
 *
 * Logon, profile and decoding come first; then one write transaction holds the look for an earlier answer, the corridor, the
 * audit row and the row of the log, so that what was answered with success is saved, and two exports of one number at the same
 * moment are one record (GW-43). A refusal writes its row of the log and nothing else (GW-44). */
#include "gateway_inside.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char SYSTEM_USER[] = "System", ACTOR[] = "gateway";

/* ---- the desk */

recto_status gateway_desk_new(gateway_desk **out, catalog *catalog, recto_error *error)
{
    if (sodium_init() < 0)
        return recto_fail(error, RECTO_EIO, NULL, NULL, "no source of randomness");
    gateway_desk *made = calloc(1, sizeof *made);
    if (made == NULL)
        return recto_fail_memory(error, "opening the gateway's desk");
    made->catalog = catalog;
    randombytes_buf(made->key, sizeof made->key);
    (void)catalog_tables(catalog); /* the first record must not wait for them */
    *out = made;
    return RECTO_OK;
}

void gateway_desk_free(gateway_desk *desk)
{
    if (desk == NULL)
        return;
    desk_profiles_free(desk->profiles);
    marc_reader_free(desk->reader);
    sodium_memzero(desk, sizeof *desk);
    free(desk);
}

bool gateway_knows_institution(gateway_desk *desk, text logon)
{
    return gateway_institution(desk->catalog, text_trim(logon)) != NULL;
}

/* ---- who sits at the desk while a record is worked on: the System, for the institution that was named (GW-48) */

typedef struct seat {
    char user[CATALOG_NAME], actor[CATALOG_NAME], session[CATALOG_NAME], institution[CATALOG_NAME];
    unsigned privileges;
    const repo_zone *own;
} seat;

static void copy_name(char out[static CATALOG_NAME], const char *name)
{
    snprintf(out, CATALOG_NAME, "%s", name);
}

static void seat_take(seat *kept, catalog *desk, const repo_zone *institution)
{
    copy_name(kept->user, desk->user);
    copy_name(kept->actor, desk->actor);
    copy_name(kept->session, desk->session);
    copy_name(kept->institution, desk->institution);
    kept->privileges = desk->privileges;
    kept->own = desk->own;
    copy_name(desk->user, SYSTEM_USER);
    copy_name(desk->actor, ACTOR);
    desk->session[0] = '\0'; /* what somebody at this desk is editing is locked for the System, too */
    desk->privileges = (1u << PRIVILEGE_CATALOG) | (1u << PRIVILEGE_CATALOG_NETWORK);
    if (institution == NULL)
        return;
    copy_name(desk->institution, institution->code);
    if (institution->kind == ZONE_INSTITUTION)
        desk->own = institution;
}

static void seat_leave(const seat *kept, catalog *desk)
{
    copy_name(desk->user, kept->user);
    copy_name(desk->actor, kept->actor);
    copy_name(desk->session, kept->session);
    copy_name(desk->institution, kept->institution);
    desk->privileges = kept->privileges;
    desk->own = kept->own;
}

/* ---- an earlier answer to the same bytes (GW-42) */

static void make_digest(gateway_walk *walk)
{
    crypto_generichash_state state;
    const int zones[2] = { walk->institution->id, walk->profile->settings.target };
    const text record = walk->request->record;
    (void)crypto_generichash_init(&state, NULL, 0, LOGON_DIGEST);
    (void)crypto_generichash_update(&state, (const unsigned char *)zones, sizeof zones);
    (void)crypto_generichash_update(&state, (const unsigned char *)record.bytes, record.length);
    (void)crypto_generichash_final(&state, walk->digest, LOGON_DIGEST);
}

static text digest_of(const gateway_walk *walk)
{
    return text_of((const char *)walk->digest, sizeof walk->digest);
}

static recto_status answer_again(bool *again, gateway_walk *walk)
{
    catalog *desk = walk->desk->catalog;
    bib_info info;
    mms_id id = 0;
    int version = 0;
    *again = false;
    buffer_clear(&walk->reply);
    recto_status status = repo_gateway_answered(desk->repo, digest_of(walk), catalog_now(desk) - REPLAY_SECONDS, &walk->reply,
                                                &id, &version, walk->error);
    if (status == RECTO_OK)
        status = repo_bib_info(desk->repo, id, &info, catalog_now(desk), NULL);
    if (status != RECTO_OK)
        return status == RECTO_ENOTFOUND ? RECTO_OK : status;
    if (info.deleted || info.version != version)
        return RECTO_OK;
    *again = true;
    walk->out->replayed = true;
    walk->out->kind = OUTCOME_UNCHANGED;
    walk->out->id = walk->row.id = id;
    walk->row.version = version;
    snprintf(walk->row.code, sizeof walk->row.code, "replayed");
    return RECTO_OK;
}

/* ---- the log */

static void note_request(gateway_walk *walk)
{
    static const char *const forms[] = { "none", "one-byte", "decimal" };
    const gateway_request *request = walk->request;
    repo_gateway_row *row = &walk->row;
    row->at = catalog_now(walk->desk->catalog);
    row->connection = (int64_t)request->connection;
    row->record = (int64_t)request->record_number;
    row->bytes = (int)request->record.length;
    gateway_plain(row->institution, sizeof row->institution, text_trim(request->logon));
    gateway_plain(row->peer, sizeof row->peer, text_from(request->peer));
    gateway_plain(row->user, sizeof row->user, request->user);
    snprintf(row->form, sizeof row->form, "%s", (size_t)request->form < 3 ? forms[request->form] : "none");
    if (request->record.length > 9)
        gateway_plain(row->encoding, sizeof row->encoding, text_of(request->record.bytes + 9, 1));
    if (request->wire_warning != NULL)
        gateway_plain(row->warning, sizeof row->warning, text_from(request->wire_warning));
}

static void note_stages(gateway_walk *walk, const ingest_trace *trace)
{
    static const char *const names[INGEST_STAGES] = { "normalize", "validate", "match", "check", "merge", "save" };
    size_t used = 0;
    for (size_t i = 0; i < INGEST_STAGES && used < sizeof walk->row.stages; i++)
        used += (size_t)snprintf(walk->row.stages + used, sizeof walk->row.stages - used, "%s%s %d", i > 0 ? ", " : "", names[i],
                                 trace->milliseconds[i]);
}

/* A logon that was refused is an event of the audit trail (RA-46); the password is never part of it. */
static recto_status audit_logon(gateway_walk *walk)
{
    char detail[200];
    if (!walk->out->logon_failed || walk->institution == NULL)
        return RECTO_OK;
    snprintf(detail, sizeof detail, "peer %s%s%s", walk->row.peer, walk->row.user[0] != '\0' ? "; user " : "", walk->row.user);
    return catalog_audit(walk->desk->catalog, "gateway.logon", walk->row.institution, walk->institution->id, "refused", detail,
                         walk->error);
}

static recto_status write_log(gateway_walk *walk, int64_t began)
{
    const bool saved = !walk->refused && !walk->out->replayed;
    walk->row.reply = buffer_string(&walk->reply);
    walk->row.milliseconds = (int)(recto_clock_monotonic_ms() - began);
    recto_status status = audit_logon(walk);
    if (status == RECTO_OK)
        status = repo_gateway_add(walk->desk->catalog->repo, &walk->row, saved ? digest_of(walk) : TEXT(""),
                                  walk->refused && walk->keep && !walk->trusted ? walk->request->record : TEXT(""), walk->error);
    return status;
}

static recto_status log_alone(gateway_walk *walk, int64_t began)
{
    transaction change = { .repo = NULL };
    gateway_desk *desk = walk->desk;
    recto_status status = transaction_begin(&change, desk->catalog, desk->together, walk->error);
    if (status == RECTO_OK)
        status = write_log(walk, began);
    status = transaction_end(&change, status, walk->error);
    desk->together_failed = desk->together_failed || (desk->together && status != RECTO_OK);
    return status;
}

/* ---- the corridor */

/* "institution 01EXAMPLE; profile IZ_OCLC; user 100-200-300; peer 192.0.2.7" */
static void name_sender(char *out, size_t capacity, const gateway_walk *walk)
{
    snprintf(out, capacity, "institution %s; profile %s%s%s; peer %s", walk->institution->code, walk->profile->settings.code,
             walk->row.user[0] != '\0' ? "; user " : "", walk->row.user, walk->row.peer);
}

static bool is_of_profile(const ingest_trace *trace, recto_status status)
{
    const bool rules = trace->stage == INGEST_NORMALIZE || trace->stage == INGEST_VALIDATE || trace->stage == INGEST_CHECK ||
                       trace->stage == INGEST_MERGE;
    return rules && (status == RECTO_EDATA || status == RECTO_ENOTFOUND || status == RECTO_ELIMIT || status == RECTO_EINVALID);
}

/* The corridor itself failed: nothing was changed. Either a rule of the profile is to blame, or the repository. */
static void refuse_failure(gateway_walk *walk, const ingest_trace *trace, recto_status status, const recto_error *cause)
{
    walk->keep = true;
    if (is_of_profile(trace, status))
        walk_refuse(walk, ANSWER_NOT_APPLIED, "%s: %s", cause->where, cause->what);
    else
        walk_refuse(walk, ANSWER_NOT_AVAILABLE, "Reference: connection %lld, record %lld.", (long long)walk->row.connection,
                    (long long)walk->row.record);
    if (walk->error != NULL && !is_of_profile(trace, status)) {
        *walk->error = *cause;
        walk->error->status = status;
    }
}

static recto_status ingest_joined(gateway_walk *walk, ingest_trace *trace, recto_error *cause)
{
    char sender[300];
    ingest_outcome outcome;
    const connexion_profile *settings = &walk->profile->settings;
    name_sender(sender, sizeof sender, walk);
    const ingest_extra extra = { .normalization = settings->normalization[0] != '\0' ? settings->normalization : NULL,
                                 .validation = settings->validation[0] != '\0' ? settings->validation : NULL,
                                 .tags_on_merge = true,
                                 .audit = sender,
                                 .trace = trace };
    const ingest_request request = {
        .record = walk->record, .zone = settings->target, .policy = &settings->policy, .join_transaction = true
    };
    trace->since = recto_clock_monotonic_ms();
    recto_status status = ingest_run(&outcome, walk->desk->catalog, &request, &extra, cause);
    trace->milliseconds[trace->stage] += (int)(recto_clock_monotonic_ms() - trace->since);
    if (status != RECTO_OK)
        return status;
    walk_answer(walk, &outcome);
    ingest_outcome_release(&outcome);
    return RECTO_OK;
}

static recto_status work_inside(gateway_walk *walk, ingest_trace *trace, int64_t began, recto_error *cause)
{
    bool again = false;
    recto_status status = answer_again(&again, walk);
    if (status == RECTO_OK && !again)
        status = ingest_joined(walk, trace, cause);
    note_stages(walk, trace);
    return status == RECTO_OK ? write_log(walk, began) : status;
}

/* A merge rule that is gone is told at once, and not only to the record that happens to match (GW-56). */
static bool has_merge_rule(gateway_walk *walk)
{
    recto_error cause = { .status = RECTO_OK };
    const merge_program *program = NULL;
    const connexion_profile *settings = &walk->profile->settings;
    recto_status status = policy_merge_program(&program, walk->desk->catalog, &settings->policy, settings->target, &cause);
    const ingest_trace trace = { .stage = INGEST_MERGE };
    if (status != RECTO_OK)
        refuse_failure(walk, &trace, status, &cause);
    return status == RECTO_OK;
}

/* Nobody waits for the answer any longer (GW-41): what is not final yet is taken back. */
static recto_status ask_keep(const gateway_walk *walk, recto_error *cause)
{
    const gateway_request *request = walk->request;
    if (walk->desk->together || request->keep == NULL || request->keep(request->keep_context))
        return RECTO_OK;
    return recto_fail(cause, RECTO_ELIMIT, NULL, "send it again", "the time for its answer was over before it was saved");
}

static void work(gateway_walk *walk, int64_t began)
{
    recto_error cause = { .status = RECTO_OK };
    ingest_trace trace = { .stage = INGEST_NORMALIZE };
    transaction change = { .repo = NULL };
    make_digest(walk);
    if (!has_merge_rule(walk)) {
        (void)log_alone(walk, began);
        return;
    }
    recto_error *told = walk->error;
    walk->error = &cause;
    recto_status status = transaction_begin(&change, walk->desk->catalog, walk->desk->together, &cause);
    if (status != RECTO_OK)
        trace.stage = INGEST_SAVE;
    if (status == RECTO_OK)
        status = work_inside(walk, &trace, began, &cause);
    if (status == RECTO_OK)
        trace.stage = INGEST_SAVE;
    if (status == RECTO_OK)
        status = ask_keep(walk, &cause);
    status = transaction_end(&change, status, &cause);
    walk->error = told;
    if (status == RECTO_OK)
        return;
    if (walk->desk->together) { /* all of them go back, and come again one by one */
        walk->desk->together_failed = true;
        return;
    }
    refuse_failure(walk, &trace, status, &cause);
    walk->out->id = walk->row.id = 0;
    walk->row.version = 0;
    recto_error *silent = walk->error;
    walk->error = NULL; /* the first failure is the one to be told */
    if (status != RECTO_EBUSY)
        (void)log_alone(walk, began);
    walk->error = silent;
}

/* ---- the whole walk */

static void give_reply(gateway_walk *walk)
{
    gateway_outcome *out = walk->out;
    if (buffer_failed(&walk->reply) || walk->reply.length == 0)
        walk_refuse(walk, ANSWER_NOT_AVAILABLE, NULL);
    snprintf(out->reply, sizeof out->reply, "%s", buffer_string(&walk->reply));
    snprintf(out->code, sizeof out->code, "%s", walk->row.code);
    snprintf(out->oclc, sizeof out->oclc, "%s", walk->row.oclc);
    snprintf(out->title, sizeof out->title, "%s", walk->row.title);
}

recto_status gateway_walk_run(gateway_outcome *out, gateway_desk *desk, const gateway_request *request, bool trusted,
                              recto_error *error)
{
    const int64_t began = recto_clock_monotonic_ms();
    gateway_walk walk = { .desk = desk, .request = request, .trusted = trusted, .out = out, .error = error };
    seat kept;
    *out = (gateway_outcome){ .kind = OUTCOME_REFUSED };
    if (desk->together && desk->together_failed)
        return RECTO_EREFUSED; /* the transaction may be gone already: nothing more is written */
    buffer_init(&walk.reply, GATEWAY_REPLY_LENGTH - 1);
    note_request(&walk);
    seat_take(&kept, desk->catalog, gateway_institution(desk->catalog, text_trim(request->logon)));
    walk_logon(&walk);
    if (!walk.refused)
        walk_decode(&walk);
    else
        walk_glance(&walk);
    if (walk.refused)
        (void)log_alone(&walk, began);
    else
        work(&walk, began);
    give_reply(&walk);
    seat_leave(&kept, desk->catalog);
    buffer_release(&walk.reply);
    marc_record_free(walk.record);
    return walk.refused ? RECTO_EREFUSED : RECTO_OK;
}

void gateway_receive(gateway_outcome *out, gateway_desk *desk, const gateway_request *request, recto_error *error)
{
    (void)gateway_walk_run(out, desk, request, false, error);
}

recto_status gateway_together_begin(gateway_desk *desk, recto_error *error)
{
    recto_status status = repo_begin(desk->catalog->repo, error);
    desk->together = status == RECTO_OK;
    desk->together_failed = false;
    return status;
}

bool gateway_together_end(gateway_desk *desk, bool wanted)
{
    desk->together = false;
    if (wanted && !desk->together_failed)
        return repo_commit(desk->catalog->repo, NULL) == RECTO_OK;
    repo_rollback(desk->catalog->repo);
    return false;
}

void gateway_note(gateway_desk *desk, const gateway_request *request, const char *code, const char *reply)
{
    gateway_outcome outcome = { .kind = OUTCOME_REFUSED };
    seat kept;
    gateway_walk walk = { .desk = desk, .request = request, .out = &outcome, .refused = true };
    const int64_t began = recto_clock_monotonic_ms();
    buffer_init(&walk.reply, GATEWAY_REPLY_LENGTH - 1);
    buffer_append_string(&walk.reply, reply);
    note_request(&walk);
    snprintf(walk.row.code, sizeof walk.row.code, "%s", code);
    walk.institution = gateway_institution(desk->catalog, text_trim(request->logon));
    walk.row.zone = walk.institution != NULL ? walk.institution->id : 0;
    seat_take(&kept, desk->catalog, walk.institution);
    (void)log_alone(&walk, began);
    seat_leave(&kept, desk->catalog);
    buffer_release(&walk.reply);
}
