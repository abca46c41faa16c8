/* src/service/z3950_session.c - one session: search, result sets, records; for Z39.50 and, the same, for SRU.
 *
 * A result set is its query, not a list of records: pages of it are searched again when they are fetched, so that a session
 * with a million hits holds fifty of them. The repository is opened read only by the session itself. */
#include "z3950_session.h"
#include "recto/base/utf8.h"
#include "recto/marc/formats.h"
#include "z3950_query.h"
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <yaz/diagbib1.h>
#include <yaz/oid_db.h>
#include <yaz/querytowrbuf.h>
#include <yaz/srw.h>

enum { SETS_MAX = 50, PAGE = 50, ZONES_MAX = 64, ARENA_MAX = 32 * 1024 * 1024, SET_NAME = 64 };

typedef struct result_set {
    char name[SET_NAME];
    const query_node *query; /* NULL: every record */
    int zones[ZONES_MAX];
    size_t zone_count;
    char database[SET_NAME];
    size_t total;
    size_t page_start, page_count; /* the records at hand: from page_start on */
    mms_id page[PAGE];
} result_set;

typedef struct session {
    const service_z3950_options *options;
    const char *peer;
    repo *repo;
    arena *arena; /* the queries of all sets: they refer to each other */
    repo_zone zones[ZONES_MAX];
    size_t zone_count, own;
    result_set sets[SETS_MAX];
    size_t set_count;
} session;

/* ---- the log ---- */

void z3950_log(const service_z3950_options *options, const char *peer, const char *format, ...)
{
    char when[CLOCK_ISO_LENGTH], plain[2000];
    buffer line;
    va_list arguments;
    if (options->quiet)
        return;
    va_start(arguments, format);
    vsnprintf(plain, sizeof plain, format, arguments);
    va_end(arguments);
    clock_format_iso(when, recto_clock_now(&options->clock));
    buffer_init(&line, 16 * 1024);
    buffer_append_format(&line, "%s z3950 ", when);
    if (peer != NULL)
        buffer_append_format(&line, "%s ", peer);
    display_append(&line, text_from(plain), true); /* queries come from outside */
    buffer_append_char(&line, '\n');
    (void)fwrite(buffer_string(&line), 1, line.length, stderr);
    buffer_release(&line);
}

/* ---- databases ---- */

static void add_zone(result_set *set, const repo_zone *zone)
{
    for (size_t i = 0; i < set->zone_count; i++)
        if (set->zones[i] == zone->id)
            return;
    if (set->zone_count < ZONES_MAX)
        set->zones[set->zone_count++] = zone->id;
}

/* Default is what the institution sees: its own zone and the network's. A union catalog is one whole. */
static bool zone_belongs(const session *session, size_t index, const char *database)
{
    zone_kind kind = session->zones[index].kind;
    bool own = index == session->own;
    if (session->options->as_union_catalog)
        return true;
    if (strcasecmp(database, "IZ") == 0)
        return own;
    if (strcasecmp(database, "NZ") == 0)
        return kind == ZONE_NETWORK;
    if (strcasecmp(database, "CZ") == 0)
        return kind == ZONE_COMMUNITY;
    return own || kind == ZONE_NETWORK;
}

static bool database_known(const session *session, const char *database)
{
    static const char *const names[] = { "Default", "IZ", "NZ", "CZ" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcasecmp(database, names[i]) == 0)
            return true;
    return session->options->database != NULL && strcasecmp(database, session->options->database) == 0;
}

static bool choose_zones(const session *session, result_set *set, char **databases, int count)
{
    for (int i = 0; i < count; i++) {
        if (!database_known(session, databases[i]))
            return false;
        for (size_t zone = 0; zone < session->zone_count; zone++)
            if (zone_belongs(session, zone, databases[i]))
                add_zone(set, &session->zones[zone]);
    }
    if (count > 0)
        snprintf(set->database, sizeof set->database, "%s", databases[0]);
    return count > 0;
}

/* ---- result sets ---- */

static result_set *find_set(session *session, const char *name)
{
    for (size_t i = 0; i < session->set_count; i++)
        if (strcmp(session->sets[i].name, name) == 0)
            return &session->sets[i];
    return NULL;
}

static const query_node *set_query(void *context, const char *name)
{
    const result_set *set = find_set(context, name);
    return set == NULL ? NULL : set->query;
}

static bool keep_row(void *context, const bib_info *row)
{
    result_set *set = context;
    if (set->page_count < PAGE)
        set->page[set->page_count++] = row->id;
    return set->page_count < PAGE;
}

static recto_status load_page(session *session, result_set *set, size_t first, recto_error *error)
{
    search_request request = { .type = SEARCH_ALL_TITLES,
                               .zones = set->zones,
                               .zone_count = set->zone_count,
                               .query = set->query,
                               .sort = SORT_MMS_ID,
                               .offset = first,
                               .limit = PAGE,
                               .now = recto_clock_now(&session->options->clock) };
    set->page_start = first;
    set->page_count = 0;
    if (set->zone_count == 0) { /* a database with no zone behind it, such as NZ where there is no network */
        set->total = 0;
        return RECTO_OK;
    }
    return repo_search(session->repo, &request, keep_row, set, &set->total, error);
}

/* ---- search ---- */

static void search_fails(bend_search_rr *rr, int code, const char *detail)
{
    rr->errcode = code;
    rr->errstring = detail == NULL ? NULL : odr_strdup(rr->stream, detail);
}

static bool translate(session *session, bend_search_rr *rr, result_set *set)
{
    query_maker maker = {
        .arena = session->arena, .union_catalog = session->options->as_union_catalog, .find_set = set_query, .context = session
    };
    switch (rr->query->which) {
    case Z_Query_type_1:
    case Z_Query_type_101:
        set->query = query_from_rpn(&maker, rr->query->u.type_1);
        break;
    case Z_Query_type_104:
        if (rr->query->u.type_104->which == Z_External_CQL) {
            set->query = query_from_cql(&maker, rr->query->u.type_104->u.cql);
            break;
        }
        /* fall through */
    default:
        maker.diagnostic = YAZ_BIB1_QUERY_TYPE_UNSUPP;
    }
    if (maker.diagnostic != 0)
        search_fails(rr, maker.diagnostic, maker.detail);
    return maker.diagnostic == 0;
}

static int code_of_failure(recto_status status)
{
    switch (status) {
    case RECTO_EINVALID:
        return YAZ_BIB1_MALFORMED_SEARCH_TERM;
    case RECTO_ELIMIT:
        return YAZ_BIB1_TOO_MANY_ARGUMENT_WORDS;
    default:
        return YAZ_BIB1_TEMPORARY_SYSTEM_ERROR;
    }
}

static bool place_set(session *session, bend_search_rr *rr, const result_set *made)
{
    result_set *place = find_set(session, made->name);
    if (place == NULL && session->set_count == SETS_MAX) {
        search_fails(rr, YAZ_BIB1_TOO_MANY_RESULT_SETS_CREATED, NULL);
        return false;
    }
    if (place == NULL)
        place = &session->sets[session->set_count++];
    *place = *made;
    return true;
}

static void describe_query(char *out, size_t capacity, const Z_Query *query)
{
    WRBUF text = wrbuf_alloc();
    yaz_query_to_wrbuf(text, query);
    snprintf(out, capacity, "%s", wrbuf_cstr(text));
    wrbuf_destroy(text);
}

static void do_search(session *session, bend_search_rr *rr)
{
    result_set made = { .query = NULL };
    recto_error error;
    snprintf(made.name, sizeof made.name, "%s", rr->setname);
    if (strlen(rr->setname) >= SET_NAME || arena_bytes(session->arena) > ARENA_MAX)
        search_fails(rr, YAZ_BIB1_RESOURCES_EXHAUSTED_NO_RESULTS_AVAILABLE, NULL);
    else if (!rr->replace_set && find_set(session, rr->setname) != NULL)
        search_fails(rr, YAZ_BIB1_RESULT_SET_EXISTS_AND_REPLACE_INDICATOR_OFF, rr->setname);
    else if (!choose_zones(session, &made, rr->basenames, rr->num_bases))
        search_fails(rr, YAZ_BIB1_DATABASE_UNAVAILABLE, rr->num_bases > 0 ? rr->basenames[0] : NULL);
    else if (translate(session, rr, &made)) {
        recto_status status = load_page(session, &made, 0, &error);
        if (status != RECTO_OK)
            search_fails(rr, code_of_failure(status), error.what);
        else if (place_set(session, rr, &made))
            rr->hits = (Odr_int)made.total;
    }
}

static int on_search(void *handle, bend_search_rr *rr)
{
    session *session = handle;
    char query[1000] = "";
    const char *database = rr->num_bases > 0 ? rr->basenames[0] : "";
    do_search(session, rr);
    if (!session->options->quiet)
        describe_query(query, sizeof query, rr->query);
    if (rr->errcode != 0)
        z3950_log(session->options, session->peer, "search %s %s: diagnostic %d %s", database, query, rr->errcode,
                  rr->errstring == NULL ? "" : rr->errstring);
    else
        z3950_log(session->options, session->peer, "search %s %s: %lld hits", database, query, (long long)rr->hits);
    return 0;
}

/* ---- records ---- */

/* A union catalog's records go by their OCLC number, as WorldCat's do: 001 with its prefix, and 003. */
static recto_status number_as_union(marc_record *record, recto_error *error)
{
    buffer number, control;
    recto_status status = RECTO_OK;
    size_t at = marc_record_find(record, "001", 0), system = marc_record_find(record, "003", 0);
    buffer_init(&number, 4096);
    buffer_init(&control, 4096);
    for (size_t i = marc_record_find(record, "035", 0); i != SIZE_MAX && number.length == 0;
         i = marc_record_find(record, "035", i + 1)) {
        text value;
        if (marc_field_subfield(marc_record_field(record, i), 'a', &value))
            number_oclc_key(&number, value);
    }
    if (number.length > 0 && at != SIZE_MAX) {
        int digits = (int)number.length;
        buffer_append_format(&control, "%s%.*s%s",
                             digits <= 8   ? "ocm"
                             : digits == 9 ? "ocn"
                                           : "on",
                             digits < 8 ? 8 - digits : 0, "00000000", buffer_string(&number));
        status = marc_record_replace(record, at, "001", buffer_text(&control), error);
        if (status == RECTO_OK && system != SIZE_MAX)
            status = marc_record_replace(record, system, "003", TEXT("OCoLC"), error);
        else if (status == RECTO_OK)
            status = marc_record_insert(record, at + 1, "003", TEXT("OCoLC"), error);
    }
    buffer_release(&number);
    buffer_release(&control);
    return status;
}

static recto_status write_record(session *session, mms_id id, bool xml, buffer *out, recto_error *error)
{
    marc_record *record = NULL;
    marc_writer_options options = { .format = xml ? MARC_FORMAT_MARCXML : MARC_FORMAT_ISO2709, .encoding = MARC_ENCODING_UTF8 };
    recto_status status = repo_bib_load(session->repo, id, &record, NULL, recto_clock_now(&session->options->clock), error);
    if (status == RECTO_OK && session->options->as_union_catalog)
        status = number_as_union(record, error);
    if (status == RECTO_OK)
        status = marc_write_record(out, record, &options, error);
    marc_record_free(record);
    return status;
}

static bool wants_xml(const Odr_oid *syntax)
{
    return syntax != NULL && oid_oidcmp(syntax, yaz_oid_recsyn_xml) == 0;
}

static bool syntax_known(const Odr_oid *syntax)
{
    return syntax == NULL || wants_xml(syntax) || oid_oidcmp(syntax, yaz_oid_recsyn_usmarc) == 0;
}

static bool schema_known(const char *schema)
{
    static const char *const names[] = { "marcxml", "info:srw/schema/1/marcxml-v1.1", "http://www.loc.gov/MARC21/slim" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (schema == NULL || schema[0] == '\0' || strcasecmp(schema, names[i]) == 0)
            return true;
    return false;
}

static void fetch_fails(bend_fetch_rr *rr, int code, const char *detail, bool this_record_only)
{
    rr->errcode = code;
    rr->errstring = detail == NULL ? NULL : odr_strdup(rr->stream, detail);
    rr->surrogate_flag = this_record_only;
}

/* A record that stands alone names its namespace itself; in a collection its parent would. */
static char *alone(ODR stream, text record)
{
    static const char begins[] = "<record>", named[] = "<record xmlns=\"http://www.loc.gov/MARC21/slim\">";
    record = text_trim(record);
    if (!text_starts(record, TEXT("<record>")))
        return odr_strdupn(stream, record.bytes, record.length);
    char *copy = odr_malloc(stream, record.length + sizeof named);
    size_t rest = record.length - (sizeof begins - 1);
    memcpy(copy, named, sizeof named - 1);
    memcpy(copy + sizeof named - 1, record.bytes + sizeof begins - 1, rest);
    copy[sizeof named - 1 + rest] = '\0';
    return copy;
}

static void give_record(session *session, bend_fetch_rr *rr, const result_set *set, mms_id id)
{
    buffer bytes;
    recto_error error;
    bool xml = wants_xml(rr->request_format);
    buffer_init(&bytes, 0);
    recto_status status = write_record(session, id, xml, &bytes, &error);
    rr->basename = odr_strdup(rr->stream, set->database);
    if (status == RECTO_ELIMIT) {
        fetch_fails(rr, YAZ_BIB1_RECORD_EXCEEDS_MAXIMUM_RECORD_SIZE, error.what, true);
    } else if (status != RECTO_OK || buffer_failed(&bytes)) {
        fetch_fails(rr, YAZ_BIB1_SYSTEM_ERROR_IN_PRESENTING_RECORDS, error.what, true);
    } else {
        rr->record = xml ? alone(rr->stream, buffer_text(&bytes)) : odr_strdupn(rr->stream, bytes.bytes, bytes.length);
        rr->len = xml ? (int)strlen(rr->record) : (int)bytes.length;
        rr->output_format = odr_oiddup(rr->stream, xml ? yaz_oid_recsyn_xml : yaz_oid_recsyn_usmarc);
        rr->schema = xml ? odr_strdup(rr->stream, "info:srw/schema/1/marcxml-v1.1") : NULL;
    }
    buffer_release(&bytes);
}

static int on_fetch(void *handle, bend_fetch_rr *rr)
{
    char oid[OID_STR_MAX];
    session *session = handle;
    recto_error error;
    result_set *set = find_set(session, rr->setname);
    if (set == NULL) {
        fetch_fails(rr, YAZ_BIB1_SPECIFIED_RESULT_SET_DOES_NOT_EXIST, rr->setname, false);
        return 0;
    }
    if (rr->number < 1 || (size_t)rr->number > set->total) {
        fetch_fails(rr, YAZ_BIB1_PRESENT_REQUEST_OUT_OF_RANGE, NULL, false);
        return 0;
    }
    if (!syntax_known(rr->request_format)) {
        fetch_fails(rr, YAZ_BIB1_RECORD_SYNTAX_UNSUPP, oid_oid_to_dotstring(rr->request_format, oid), false);
        return 0;
    }
    if (wants_xml(rr->request_format) && !schema_known(rr->schema)) {
        fetch_fails(rr, YAZ_BIB1_ELEMENT_SET_NAMES_UNSUPP, rr->schema, false);
        return 0;
    }
    size_t at = (size_t)rr->number - 1;
    if ((at < set->page_start || at >= set->page_start + set->page_count) &&
        load_page(session, set, at / PAGE * PAGE, &error) != RECTO_OK) {
        fetch_fails(rr, YAZ_BIB1_SYSTEM_ERROR_IN_PRESENTING_RECORDS, error.what, false);
        return 0;
    }
    if (at >= set->page_start + set->page_count) { /* records have gone since the search */
        fetch_fails(rr, YAZ_BIB1_SYSTEM_ERROR_IN_PRESENTING_RECORDS, "the record has gone since the search", true);
        return 0;
    }
    rr->last_in_set = at + 1 == set->total;
    give_record(session, rr, set, set->page[at - set->page_start]);
    return 0;
}

/* ---- explain ---- */

/* The address this client has reached us by. */
static void own_address(char host[static 64], char port[static 8])
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(STDIN_FILENO, (struct sockaddr *)&address, &length) != 0 ||
        getnameinfo((const struct sockaddr *)&address, length, host, 64, port, 8, NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        snprintf(host, 64, "localhost");
        snprintf(port, 8, "210");
    }
}

static int on_explain(void *handle, bend_explain_rr *rr)
{
    static const char pattern[] =
        "<explain xmlns=\"http://explain.z3950.org/dtd/2.0/\"><serverInfo protocol=\"SRU\" version=\"1.2\">"
        "<host>%s</host><port>%s</port><database>%s</database></serverInfo>"
        "<databaseInfo><title>Recto</title></databaseInfo><indexInfo>"
        "<set name=\"cql\" identifier=\"info:srw/cql-context-set/1/cql-v1.2\"/>"
        "<set name=\"dc\" identifier=\"info:srw/cql-context-set/1/dc-v1.1\"/>"
        "<set name=\"bath\" identifier=\"http://zing.z3950.org/cql/bath/2.0/\"/>"
        "<set name=\"rec\" identifier=\"info:srw/cql-context-set/2/rec-1.1\"/>%s</indexInfo>"
        "<schemaInfo><schema name=\"marcxml\" identifier=\"info:srw/schema/1/marcxml-v1.1\"><title>MARCXML</title></schema>"
        "</schemaInfo></explain>";
    static const char *const indexes[][2] = {
        { "cql", "serverChoice" }, { "dc", "title" },  { "dc", "creator" },  { "dc", "subject" },
        { "dc", "publisher" },     { "dc", "date" },   { "dc", "language" }, { "bath", "isbn" },
        { "bath", "issn" },        { "bath", "lccn" }, { "rec", "id" },
    };
    const session *session = handle;
    char host[64], port[8];
    buffer list, whole;
    buffer_init(&list, 64 * 1024);
    buffer_init(&whole, 128 * 1024);
    for (size_t i = 0; i < sizeof indexes / sizeof *indexes; i++)
        buffer_append_format(&list, "<index><map><name set=\"%s\">%s</name></map></index>", indexes[i][0], indexes[i][1]);
    own_address(host, port);
    bool known = rr->database != NULL && database_known(session, rr->database);
    buffer_append_format(&whole, pattern, host, port, known ? rr->database : "Default", buffer_string(&list));
    rr->explain_buf = odr_strdup(rr->stream, buffer_string(&whole));
    buffer_release(&list);
    buffer_release(&whole);
    return 0;
}

/* ---- the session's life ---- */

static recto_status find_zones(session *session, recto_error *error)
{
    recto_status status = repo_zones(session->repo, session->zones, ZONES_MAX, &session->zone_count, error);
    const char *wanted = session->options->institution;
    for (size_t i = 0; status == RECTO_OK && i < session->zone_count && i < ZONES_MAX; i++) {
        if (session->zones[i].kind == ZONE_INSTITUTION && (wanted == NULL || strcmp(session->zones[i].code, wanted) == 0)) {
            session->own = i;
            return RECTO_OK;
        }
    }
    return status != RECTO_OK ? status
                              : recto_fail(error, RECTO_ENOTFOUND, wanted, NULL, "the repository has no such institution");
}

static void session_free(session *session)
{
    if (session == NULL)
        return;
    repo_close(session->repo);
    arena_free(session->arena);
    free(session);
}

static recto_status session_new(session **out, const service_z3950_options *options, const char *peer, recto_error *error)
{
    session *session = calloc(1, sizeof *session);
    recto_status status = RECTO_OK;
    if (session == NULL)
        return recto_fail_memory(error, "opening a session");
    session->options = options;
    session->peer = peer;
    session->arena = arena_new(0);
    if (session->arena == NULL)
        status = recto_fail_memory(error, "opening a session");
    if (status == RECTO_OK)
        status = repo_open(&session->repo, options->repository, REPO_READ_ONLY, error);
    if (status == RECTO_OK)
        status = find_zones(session, error);
    if (status != RECTO_OK) {
        session_free(session);
        return status;
    }
    *out = session;
    return RECTO_OK;
}

typedef struct serving { /* through the library's control block to on_init */
    const service_z3950_options *options;
    const char *peer;
} serving;

static bend_initresult *on_init(bend_initrequest *request)
{
    const serving *serving = statserv_getcontrol()->handle;
    recto_error error;
    session *session = NULL;
    bend_initresult *result = odr_malloc(request->stream, sizeof *result);
    result->errcode = 0;
    result->errstring = NULL;
    result->handle = NULL;
    request->implementation_name = odr_strdup(request->stream, "Recto");
    request->implementation_version = odr_strdup(request->stream, RECTO_VERSION);
    request->query_charset = odr_strdup(request->stream, "UTF-8");
    request->bend_search = on_search;
    request->bend_fetch = on_fetch;
    request->bend_explain = on_explain;
    request->named_result_sets = 1;
    if (session_new(&session, serving->options, serving->peer, &error) != RECTO_OK) {
        z3950_log(serving->options, serving->peer, "refused: %s", error.what);
        result->errcode = YAZ_BIB1_TEMPORARY_SYSTEM_ERROR;
        result->errstring = odr_strdup(request->stream, error.what);
    }
    result->handle = session;
    return result;
}

static void on_close(void *handle)
{
    session_free(handle);
}

void z3950_session_serve(const service_z3950_options *options, const char *peer)
{
    char name[] = "recto", inetd[] = "-i", verbose[] = "-v", nothing[] = "none", limit[] = "-k", kilobytes[] = "1024";
    char *arguments[] = { name, inetd, verbose, nothing, limit, kilobytes, NULL };
    serving serving = { options, peer };
    statserv_getcontrol()->handle = &serving;
    z3950_log(options, peer, "session opened");
    statserv_main(sizeof arguments / sizeof *arguments - 1, arguments, on_init, on_close);
    z3950_log(options, peer, "session ended");
}
