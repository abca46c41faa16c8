/* tests/fault/scarce_reading.c - a small repository with one of everything, and jobs that read it, run while memory or a
 * statement of SQLite fails (scarce.h). */
#include "scarce.h"

#include "recto/repo/authorities.h"
#include "recto/repo/custody.h"
#include "recto/repo/gateway.h"
#include "recto/repo/jobs.h"
#include "recto/repo/links.h"
#include "recto/repo/profiles.h"
#include "recto/repo/rules.h"
#include "recto/repo/sets.h"
#include "recto/repo/templates.h"

/* ---- searching --------------------------------------------------------------------------------------------------- */

static bool note_row(void *context, const bib_info *row)
{
    buffer_append_format(context, "%lld %s %s %s\n", (long long)row->id, row->title, row->creator, row->locked_by);
    return true;
}

static recto_status find(buffer *out, const scarce_stage *stage, const search_request *request, recto_error *error)
{
    size_t count = 0;
    recto_status status = repo_search(stage->repo, request, note_row, out, &count, error);
    buffer_append_format(out, "%zu hits\n", count);
    return status;
}

static recto_status find_term(buffer *out, const scarce_stage *stage, const char *index, search_operator operator,
                              const char * value, recto_error *error)
{
    const query_node term = { .kind = QUERY_TERM,
                              .index = repo_search_index(index),
                              .operator= operator,
                              .value = text_from(value),
                              .value_to = TEXT("1999") };
    return find(out, stage, &(search_request){ .query = &term, .sort = SORT_MMS_ID, .limit = 5, .now = SCARCE_NOW }, error);
}

typedef struct term {
    const char *index;
    search_operator operator;
    const char *value;
} term;

static recto_status find_terms(buffer *out, const scarce_stage *stage, const term *terms, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (; terms->index != NULL; terms++)
        THEN(find_term(out, stage, terms->index, terms->operator, terms->value, error));
    return status;
}

static recto_status search_words(buffer *out, const scarce_stage *stage, recto_error *error)
{
    static const term terms[] = { { "kw", SEARCH_KEYWORDS, "solitude harp*" },
                                  { "ti", SEARCH_PHRASE, "hundred years" },
                                  { "ti", SEARCH_STARTS_WITH, "one hundred" },
                                  { "ti", SEARCH_EQUALS, "solitude" },
                                  { "au", SEARCH_NOT_KEYWORDS, "nobody" },
                                  { "su", SEARCH_NOT_EQUALS, "solitude" },
                                  { "se", SEARCH_EMPTY, "" },
                                  { "pub", SEARCH_NOT_EMPTY, "" },
                                  { "l998", SEARCH_EQUALS, "NO-OVERLAY" },
                                  { "l998", SEARCH_NOT_EMPTY, "" },
                                  { "ti", SEARCH_IN_LIST, "solitude\nnothing" },
                                  { "kw", SEARCH_STARTS_WITH, "one hund" },
                                  { .index = NULL } };
    return find_terms(out, stage, terms, error);
}

static recto_status search_values(buffer *out, const scarce_stage *stage, recto_error *error)
{
    static const term terms[] = { { "oclcz", SEARCH_EQUALS, "(OCoLC)456" },
                                  { "isbn", SEARCH_EQUALS, "0306406152" },
                                  { "yr", SEARCH_BETWEEN, "1960" },
                                  { "yr", SEARCH_AT_LEAST, "1960" },
                                  { "cdate", SEARCH_AT_MOST, "2099" },
                                  { "lang", SEARCH_EQUALS, "eng" },
                                  { "bc", SEARCH_EQUALS, "3011" },
                                  { "cn", SEARCH_STARTS_WITH, "PQ" },
                                  { "cby", SEARCH_EQUALS, "chief" },
                                  { "set", SEARCH_EQUALS, "1" },
                                  { "lib", SEARCH_EQUALS, "MAIN" },
                                  { "ti", SEARCH_IN_LIST, "solitude\nnothing\n" },
                                  { "osysid", SEARCH_EQUALS, "(DLC)77" },
                                  { "sync", SEARCH_EQUALS, "bib" },
                                  { "supp", SEARCH_NOT_EQUALS, "yes" },
                                  { "has", SEARCH_EQUALS, "physical" },
                                  { "brief", SEARCH_AT_LEAST, "2" },
                                  { "isbn", SEARCH_STARTS_WITH, "0306" },
                                  { "stdno", SEARCH_NOT_EMPTY, "" },
                                  { "oclc", SEARCH_STARTS_WITH, "12" },
                                  { "mms", SEARCH_NOT_EMPTY, "" },
                                  { "cby", SEARCH_STARTS_WITH, "ch" },
                                  { "loc", SEARCH_EMPTY, "" },
                                  { .index = NULL } };
    return find_terms(out, stage, terms, error);
}

static recto_status search_and_sort(buffer *out, const scarce_stage *stage, recto_error *error)
{
    const query_node all = {
        .kind = QUERY_TERM, .index = repo_search_index("kw"), .operator= SEARCH_KEYWORDS, .value = TEXT("solitude")
    };
    const query_node one = {
        .kind = QUERY_TERM, .index = repo_search_index("ti"), .operator= SEARCH_KEYWORDS, .value = TEXT("nothing")
    };
    const query_node no = { .kind = QUERY_NOT, .left = &all, .right = &one };
    const query_node or = { .kind = QUERY_OR, .left = &no, .right = &one };
    const query_node query = { .kind = QUERY_AND, .left = &all, .right = & or };
    recto_status status = RECTO_OK;
    for (int sort = SORT_RANK; sort <= SORT_CALL_NUMBER_BACKWARDS; sort++)
        THEN(find(out, stage, &(search_request){ .query = &query, .sort = (search_sort)sort, .limit = 2, .now = SCARCE_NOW },
                  error));
    return status;
}

static recto_status search_types(buffer *out, const scarce_stage *stage, recto_error *error)
{
    const facet_choice choices[] = { { FACET_LANGUAGE, TEXT("eng") },
                                     { FACET_LANGUAGE, TEXT("spa") },
                                     { FACET_MATERIAL, TEXT("Book") } };
    recto_status status = RECTO_OK;
    for (int type = SEARCH_ALL_TITLES; type <= SEARCH_AUTHORITIES; type++)
        THEN(find(out, stage,
                  &(search_request){ .type = (search_type)type,
                                     .zones = &stage->zone,
                                     .zone_count = 1,
                                     .sort = SORT_TITLE,
                                     .limit = 5,
                                     .now = SCARCE_NOW },
                  error));
    THEN(find(out, stage, &(search_request){ .choices = choices, .choice_count = 3, .sort = SORT_RANK, .limit = 5 }, error));
    return status;
}

static bool note_facet(void *context, search_facet facet, text value, size_t count)
{
    buffer_append_format(context, "%d %.*s %zu\n", (int)facet, (int)value.length, value.bytes, count);
    return true;
}

static recto_status count_facets(buffer *out, const scarce_stage *stage, recto_error *error)
{
    const facet_choice choice = { FACET_LANGUAGE, TEXT("eng") };
    const search_request request = { .choices = &choice, .choice_count = 1, .zones = &stage->zone, .zone_count = 1 };
    return repo_facets(stage->repo, &request, note_facet, out, error);
}

static bool note_id(void *context, mms_id id)
{
    buffer_append_format(context, "%lld ", (long long)id);
    return true;
}

static bool note_heading(void *context, const browse_row *row)
{
    buffer_append_format(context, "%s %.*s %zu %d\n", row->tag, (int)row->shown.length, row->shown.bytes, row->count,
                         row->before);
    return true;
}

static recto_status browse(buffer *out, const scarce_stage *stage, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (int kind = BROWSE_NAMES; kind <= BROWSE_SHELF; kind++) {
        const browse_request request = {
            .kind = (browse_kind)kind, .zones = &stage->zone, .zone_count = 1, .from = TEXT("p"), .before = 2, .after = 2
        };
        THEN(repo_browse(stage->repo, &request, note_heading, out, error));
    }
    return status;
}

static recto_status browse_shelves(buffer *out, const scarce_stage *stage, recto_error *error)
{
    recto_status status = RECTO_OK;
    for (int level = SHELF_HOLDINGS; level <= SHELF_ALL_LEVELS; level++) {
        const shelf_limits limits = { .level = (shelf_level)level, .type = "0", .library = "MAIN" };
        const browse_request request = { .kind = BROWSE_SHELF, .shelf = &limits, .from = TEXT("PQ2"), .before = 2, .after = 2 };
        THEN(repo_browse(stage->repo, &request, note_heading, out, error));
    }
    return status;
}

static recto_status browse_to_records(buffer *out, const scarce_stage *stage, recto_error *error)
{
    const browse_request request = { .kind = BROWSE_SUBJECTS };
    buffer key;
    buffer_init(&key, 0);
    repo_heading_key(&key, BROWSE_SUBJECTS, TEXT("Solitude -- Fiction"));
    recto_status status = scarce_end(&key, RECTO_OK, error);
    THEN(repo_browse_records(stage->repo, &request, buffer_text(&key), note_id, out, error));
    buffer_release(&key);
    return status;
}

static bool note_authority(void *context, const authority_row *row)
{
    buffer_append_format(context, "%s %d %.*s\n", row->tag, (int)row->form, (int)row->shown.length, row->shown.bytes);
    return true;
}

static recto_status ask_authorities(buffer *out, const scarce_stage *stage, recto_error *error)
{
    const browse_request request = { .kind = BROWSE_NAMES, .from = TEXT("garcia"), .before = 2, .after = 3 };
    repo *repo = stage->repo;
    authority_info info = { .id = 0 };
    mms_id known = 0, other = 0, named = 0;
    size_t uses = 0, longer = 0, references = 0, bibs = 0;
    recto_status status = repo_authority_known(&known, &other, repo, stage->zone, stage->authority, 0, error);
    THEN(repo_authority_info(repo, stage->heading, &info, error));
    THEN(repo_authority_named(&named, repo, &stage->zone, 1, TEXT("(DLC)n  79021164"), error));
    THEN(repo_authority_browse(repo, &request, "", note_authority, out, error));
    THEN(repo_authority_references(repo, stage->heading, note_authority, out, error));
    THEN(repo_authority_uses(&uses, repo, stage->authority, NULL, 0, note_id, out, error));
    THEN(repo_authority_longer(&longer, repo, stage->authority, &stage->zone, 1, note_id, out, error));
    THEN(repo_authority_counts(&references, &bibs, repo, stage->heading, NULL, 0, error));
    buffer_append_format(out, "%lld %lld %lld %s %zu %zu %zu %zu\n", (long long)known, (long long)other, (long long)named,
                         info.shown, uses, longer, references, bibs);
    return status;
}

/* ---- what is stored ---------------------------------------------------------------------------------------------- */

static void note_version(void *context, const bib_version *version)
{
    buffer_append_format(context, "%d %s %s\n", version->version, version->saved_by, version->note);
}

static void note_holding(void *context, const holding *holding)
{
    buffer_append_format(context, "%lld %s %d\n", (long long)holding->id, holding->call_number, holding->items);
}

static void note_item(void *context, const item *item)
{
    buffer_append_format(context, "%lld %s\n", (long long)item->id, item->barcode);
}

static recto_status read_records(buffer *out, const scarce_stage *stage, recto_error *error)
{
    repo *repo = stage->repo;
    marc_record *record = NULL, *earlier = NULL, *held = NULL;
    bib_info info = { .id = 0 };
    holding holding;
    recto_status status = repo_bib_load(repo, stage->bib, &record, &info, SCARCE_NOW, error);
    THEN(repo_version_load(repo, stage->bib, 1, &earlier, error));
    THEN(repo_holding_load(repo, stage->shelf, &held, &holding, error));
    THEN(scarce_put_record(out, record, error));
    THEN(scarce_put_record(out, earlier, error));
    THEN(scarce_put_record(out, held, error));
    THEN(repo_versions(repo, stage->bib, note_version, out, error));
    THEN(repo_holdings(repo, stage->bib, note_holding, out, error));
    THEN(repo_items(repo, stage->shelf, note_item, out, error));
    THEN(repo_items(repo, stage->bib, note_item, out, error));
    buffer_append_format(out, "%s %s %d\n", info.title, info.created_by, info.items);
    marc_record_free(record);
    marc_record_free(earlier);
    marc_record_free(held);
    return status;
}

static recto_status find_candidates(buffer *out, const scarce_stage *stage, recto_error *error)
{
    static const struct {
        marc_key_kind kind;
        const char *key;
    } keys[] = { { MARC_KEY_OCLC, "123" }, { MARC_KEY_ISBN, "9780306406157" }, { MARC_KEY_TITLE, "solitude" } };
    recto_status status = RECTO_OK;
    mms_id linked = 0;
    bool apart = false;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        THEN(repo_find_by_key(stage->repo, keys[i].kind, text_from(keys[i].key), &stage->zone, 1, note_id, out, error));
    THEN(repo_find_by_barcode(stage->repo, TEXT("3011"), note_id, out, error));
    THEN(repo_bibs_naming(stage->repo, stage->bib, note_id, out, error));
    THEN(repo_bibs_linked(stage->repo, stage->bib, note_id, out, error));
    THEN(repo_bib_linked(stage->repo, stage->bib, stage->zone, &linked, error));
    THEN(repo_apart(stage->repo, stage->bib, stage->second, &apart, error));
    return status;
}

static void note_draft(void *context, const repo_draft *draft)
{
    buffer_append_format(context, "%s %.*s\n", draft->title, (int)draft->log.length, draft->log.bytes);
}

static void note_notice(void *context, const repo_notice *notice)
{
    buffer_append_format(context, "%s %s\n", notice->kind, notice->reason);
}

static void note_lock(void *context, const repo_lock *lock)
{
    buffer_append_format(context, "%lld %s\n", (long long)lock->id, lock->owner);
}

static void note_user(void *context, const repo_user *user)
{
    buffer_append_format(context, "%s %s\n", user->name, user->roles);
}

static void note_setting(void *context, const char *name, text value)
{
    buffer_append_format(context, "%s %.*s\n", name, (int)value.length, value.bytes);
}

static recto_status read_people(buffer *out, const scarce_stage *stage, recto_error *error)
{
    repo *repo = stage->repo;
    repo_user user;
    uint64_t bytes = 0, records = 0;
    int level = 0;
    recto_status status = repo_drafts(repo, "chief", note_draft, out, error);
    THEN(repo_notices(repo, "chief", true, note_notice, out, error));
    THEN(repo_locks(repo, SCARCE_NOW, note_lock, out, error));
    THEN(repo_users(repo, note_user, out, error));
    THEN(repo_user_get(repo, "chief", &user, error));
    THEN(repo_user_level(repo, "chief", &level, error));
    THEN(repo_setting_get(repo, stage->zone, "lock_minutes", out, error));
    THEN(repo_settings(repo, stage->zone, "lock", note_setting, out, error));
    THEN(repo_load_place_get(repo, TEXT("file"), &bytes, &records, error));
    buffer_append_format(out, "%d %llu\n", level, (unsigned long long)bytes);
    return status;
}

static bool note_set(void *context, const record_set *set, text query)
{
    buffer_append_format(context, "%s %zu %.*s\n", set->name, set->members, (int)query.length, query.bytes);
    return true;
}

static bool note_member(void *context, mms_id id, bool gone)
{
    buffer_append_format(context, "%lld %d\n", (long long)id, gone);
    return true;
}

static void note_job(void *context, const repo_job *job)
{
    buffer_append_format(context, "%s %s %zu\n", job->title, job->status, job->changed);
}

static bool note_job_row(void *context, const repo_job_row *row)
{
    buffer_append_format(context, "%s %.*s\n", row->outcome, (int)row->detail.length, row->detail.bytes);
    return true;
}

static bool note_deleted(void *context, const repo_deleted_inventory *row)
{
    buffer_append_format(context, "%c %s\n", row->kind, row->what);
    return true;
}

static recto_status read_lists(buffer *out, const scarce_stage *stage, recto_error *error)
{
    repo *repo = stage->repo;
    record_set set = { .number = 0 };
    repo_job job;
    repo_job_row row;
    int64_t number = 0;
    size_t open = 0;
    recto_status status = repo_sets(repo, stage->zone, note_set, out, error);
    THEN(repo_set_named(repo, stage->zone, "mine", &set, out, error));
    THEN(repo_set_get(repo, set.number, &set, out, error));
    THEN(repo_set_members(repo, set.number, note_member, out, error));
    THEN(repo_jobs(repo, 5, note_job, out, error));
    THEN(repo_job_of_version(repo, stage->bib, 2, &number, error));
    THEN(repo_job_get(repo, number, &job, out, error));
    THEN(repo_job_rows(repo, number, 0, 5, note_job_row, out, error));
    THEN(repo_job_row_get(repo, number, stage->bib, &row, out, error));
    THEN(repo_job_open_rows(repo, number, &open, error));
    THEN(repo_deleted(repo, &stage->zone, 1, SCARCE_NOW, note_row, out, error));
    THEN(repo_deleted_below(repo, stage->zone, 0, note_deleted, out, error));
    return status;
}

static void note_rule(void *context, const repo_rule *rule)
{
    buffer_append_format(context, "%s %d\n", rule->name, rule->version);
}

static void note_profile(void *context, const repo_profile *profile)
{
    buffer_append_format(context, "%s %d\n", profile->code, profile->version);
}

static void note_template(void *context, const repo_template *info, text source)
{
    buffer_append_format(context, "%s %.*s\n", info->name, (int)source.length, source.bytes);
}

static void note_gateway(void *context, const repo_gateway_row *row)
{
    buffer_append_format(context, "%s %s %s\n", row->code, row->title, row->reply);
}

static recto_status read_texts(buffer *out, const scarce_stage *stage, recto_error *error)
{
    const repo_gateway_query query = { .institution = "XXX", .words = "title", .limit = 5 };
    repo *repo = stage->repo;
    repo_rule rule;
    repo_profile profile;
    repo_template template = { .id = 0 };
    size_t count = 0;
    mms_id id = 0;
    int version = 0;
    recto_status status = repo_rules(repo, stage->zone, NULL, note_rule, out, error);
    THEN(repo_rule_get(repo, stage->zone, "norm", "ours", 0, &rule, out, error));
    THEN(repo_rule_versions(repo, stage->zone, "norm", "ours", note_rule, out, error));
    THEN(repo_profiles(repo, 0, note_profile, out, error));
    THEN(repo_profile_get(repo, stage->zone, "GATE", &profile, out, error));
    THEN(repo_profile_active(repo, stage->zone, "gateway", &profile, out, &count, error));
    THEN(repo_templates(repo, "template", stage->zone, NULL, note_template, out, error));
    THEN(repo_template_get(repo, stage->zone, "template", "chief", "Book", 0, &template, out, error));
    THEN(repo_template_by_id(repo, template.id, &template, out, error));
    THEN(repo_template_versions(repo, template.id, note_template, out, error));
    THEN(repo_gateway_rows(repo, &query, note_gateway, out, error));
    THEN(repo_gateway_kept(repo, 1, out, error));
    THEN(repo_gateway_answered(repo, TEXT("digest"), 0, out, &id, &version, error));
    return status;
}

static void note_finding(void *context, const check_finding *finding)
{
    buffer_append_format(context, "%s %lld %s\n", finding->kind, (long long)finding->id, finding->message);
}

static recto_status check_all(buffer *out, const scarce_stage *stage, recto_error *error)
{
    check_verdict verdict = { .sound = false };
    recto_status status = repo_check(stage->repo, true, note_finding, out, &verdict, error);
    buffer_append_format(out, "%d %llu\n", verdict.sound, (unsigned long long)verdict.records);
    return status;
}

const scarce_job scarce_reading_jobs[] = {
    { "searching words", SCARCE_ALONE, search_words },
    { "searching values", SCARCE_ALONE, search_values },
    { "sorting", SCARCE_ALONE, search_and_sort },
    { "searching types", SCARCE_ALONE, search_types },
    { "facets", SCARCE_ALONE, count_facets },
    { "browsing", SCARCE_ALONE, browse },
    { "browsing shelves", SCARCE_ALONE, browse_shelves },
    { "records of a heading", SCARCE_ALONE, browse_to_records },
    { "authorities", SCARCE_ALONE, ask_authorities },
    { "records read", SCARCE_ALONE, read_records },
    { "candidates", SCARCE_ALONE, find_candidates },
    { "people", SCARCE_ALONE, read_people },
    { "sets and jobs", SCARCE_ALONE, read_lists },
    { "texts", SCARCE_ALONE, read_texts },
    { "checking", SCARCE_ALONE, check_all },
    { .name = NULL },
};
