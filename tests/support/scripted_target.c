/* tests/support/scripted_target.c - a Z39.50 target that misbehaves as it is told.
 *
 * One child process listens and forks once more for each session, so that a session that hangs hangs alone. */
#include "support/scripted_target.h"
#include <arpa/inet.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <yaz/comstack.h>
#include <yaz/diagbib1.h>
#include <yaz/logrpn.h>
#include <yaz/oid_db.h>
#include <yaz/otherinfo.h>
#include <yaz/proto.h>
#include <yaz/querytowrbuf.h>

typedef struct session {
    const scripted_target *script;
    int descriptor;
    ODR in, out;
    char *bytes;
    int length, capacity;
    int searches, presents;
    char password[100];
} session;

static void send_bytes(session *session, const char *bytes, int length)
{
    while (length > 0) {
        ssize_t sent = send(session->descriptor, bytes, (size_t)length, MSG_NOSIGNAL);
        if (sent <= 0)
            _exit(0);
        bytes += sent;
        length -= (int)sent;
    }
}

/* Repeatable by its seed: up to four bytes become others, sometimes the end is missing. */
static void mutate(session *session, char *bytes, int *length)
{
    unsigned seed =
        (unsigned)session->script->code * 2654435761U + (unsigned)session->searches * 40503U + (unsigned)session->presents;
    int changes = rand_r(&seed) % 5;
    for (int i = 0; i<changes && * length> 0; i++)
        bytes[rand_r(&seed) % *length] = (char)rand_r(&seed);
    if (rand_r(&seed) % 8 == 0)
        *length -= rand_r(&seed) % (*length + 1);
}

static void send_apdu(session *session, Z_APDU *apdu)
{
    int length = 0;
    if (!z_APDU(session->out, &apdu, 0, 0))
        _exit(3);
    char *bytes = odr_getbuf(session->out, &length, 0);
    if (session->script->fault == FAULT_MUTATED)
        mutate(session, bytes, &length);
    send_bytes(session, bytes, session->script->fault == FAULT_CLOSE_IN_RECORD && session->searches > 0 ? length / 2 : length);
    if (session->script->fault == FAULT_CLOSE_IN_RECORD && session->searches > 0)
        _exit(0);
    odr_reset(session->out);
}

static Z_APDU *receive_apdu(session *session)
{
    Z_APDU *apdu = NULL;
    int complete = 0;
    while ((complete = completeBER(session->bytes, session->length)) == 0) {
        if (session->length + 4096 > session->capacity)
            session->bytes = realloc(session->bytes, (size_t)(session->capacity = session->capacity * 2 + 8192));
        ssize_t got = recv(session->descriptor, session->bytes + session->length, 4096, 0);
        if (got <= 0)
            return NULL;
        session->length += (int)got;
    }
    odr_reset(session->in);
    odr_setbuf(session->in, session->bytes, complete, 0);
    if (!z_APDU(session->in, &apdu, 0, 0))
        return NULL;
    memmove(session->bytes, session->bytes + complete, (size_t)(session->length -= complete));
    return apdu;
}

static void hang(void)
{
    for (;;)
        pause();
}

/* ---- Init ---- */

static void note_password(session *session, const Z_InitRequest *request)
{
    const Z_IdAuthentication *account = request->idAuthentication;
    if (account != NULL && account->which == Z_IdAuthentication_idPass && account->u.idPass->password != NULL)
        snprintf(session->password, sizeof session->password, "%s", account->u.idPass->password);
}

static Z_APDU *init_response(session *session, const Z_InitRequest *request)
{
    Z_APDU *apdu = zget_APDU(session->out, Z_APDU_initResponse);
    Z_InitResponse *response = apdu->u.initResponse;
    ODR_MASK_SET(response->options, Z_Options_search);
    ODR_MASK_SET(response->options, Z_Options_present);
    ODR_MASK_SET(response->options, Z_Options_namedResultSets);
    ODR_MASK_SET(response->protocolVersion, Z_ProtocolVersion_1);
    ODR_MASK_SET(response->protocolVersion, Z_ProtocolVersion_2);
    ODR_MASK_SET(response->protocolVersion, Z_ProtocolVersion_3);
    if (request != NULL) {
        *response->preferredMessageSize = *request->preferredMessageSize;
        *response->maximumRecordSize = *request->maximumRecordSize;
    }
    if (session->script->fault == FAULT_INIT_REJECTED)
        *response->result = 0;
    if (session->script->fault == FAULT_INIT_DIAGNOSTIC) {
        char detail[200];
        snprintf(detail, sizeof detail, "you sent %s", session->password);
        *response->result = 0;
        response->userInformationField = zget_init_diagnostics(session->out, session->script->code, detail);
    }
    return apdu;
}

/* ---- records ---- */

static Z_Records *diagnostic_records(session *session, int code, const char *detail)
{
    Z_Records *records = odr_malloc(session->out, sizeof *records);
    records->which = Z_Records_NSD;
    records->u.nonSurrogateDiagnostic = zget_DefaultDiagFormat(session->out, code, detail);
    return records;
}

static const Odr_oid *syntax_of(const scripted_target *script)
{
    if (script->fault == FAULT_ONLY_XML || (script->syntax != NULL && strcmp(script->syntax, "xml") == 0))
        return yaz_oid_recsyn_xml;
    return script->syntax != NULL ? yaz_oid_recsyn_sutrs : yaz_oid_recsyn_usmarc;
}

static Z_NamePlusRecord *one_record(session *session, size_t index)
{
    const scripted_target *script = session->script;
    if (script->fault == FAULT_RECORD_DIAGNOSTIC && index == 1)
        return zget_surrogateDiagRec(session->out, "Default", script->code, script->detail);
    Z_NamePlusRecord *record = odr_malloc(session->out, sizeof *record);
    record->databaseName = odr_strdup(session->out, "Default");
    record->which = Z_NamePlusRecord_databaseRecord;
    record->u.databaseRecord =
        z_ext_record_oid(session->out, syntax_of(script), script->records[index], (int)script->record_lengths[index]);
    return record;
}

static Z_Records *some_records(session *session, long long first, long long count, Odr_int *returned)
{
    const scripted_target *script = session->script;
    Z_Records *records = odr_malloc(session->out, sizeof *records);
    Z_NamePlusRecordList *list = odr_malloc(session->out, sizeof *list);
    long long left = (long long)script->record_count - first;
    count = count > left ? left : count;
    *returned = 0;
    if (count <= 0)
        return NULL;
    records->which = Z_Records_DBOSD;
    records->u.databaseOrSurDiagnostics = list;
    list->num_records = (int)count;
    list->records = odr_malloc(session->out, sizeof *list->records * (size_t)count);
    for (long long i = 0; i < count; i++)
        list->records[i] = one_record(session, (size_t)(first + i));
    *returned = count;
    return records;
}

static bool syntax_refused(const session *session, const Odr_oid *wanted)
{
    return session->script->fault == FAULT_ONLY_XML && (wanted == NULL || oid_oidcmp(wanted, yaz_oid_recsyn_xml) != 0);
}

/* ---- Search and Present ---- */

static const char *note_query(session *session, const Z_SearchRequest *request)
{
    WRBUF text = wrbuf_alloc();
    static char copy[4000];
    yaz_query_to_wrbuf(text, request->query);
    snprintf(copy, sizeof copy, "%s", wrbuf_cstr(text));
    wrbuf_destroy(text);
    FILE *log = session->script->log == NULL ? NULL : fopen(session->script->log, "a");
    if (log != NULL) {
        fprintf(log, "%s\n", copy);
        fclose(log);
    }
    return copy;
}

static int refused_code(const scripted_target *script, const char *query)
{
    if (script->fault == FAULT_SEARCH_DIAGNOSTIC)
        return script->code;
    if (script->fault == FAULT_REFUSE_TRUNCATION && strstr(query, "@attr 5=") != NULL)
        return YAZ_BIB1_UNSUPP_TRUNCATION_ATTRIBUTE;
    if ((script->fault == FAULT_REFUSE_STRUCTURE || script->fault == FAULT_REFUSE_TRUNCATION) &&
        strstr(query, "@attr 4=") != NULL)
        return YAZ_BIB1_UNSUPP_STRUCTURE_ATTRIBUTE;
    return 0;
}

static void answer_search(session *session, const Z_SearchRequest *request)
{
    const scripted_target *script = session->script;
    Z_APDU *apdu = zget_APDU(session->out, Z_APDU_searchResponse);
    Z_SearchResponse *response = apdu->u.searchResponse;
    const char *query = note_query(session, request);
    int code = refused_code(script, query);
    long long hits = script->hits >= 0 ? script->hits : (long long)script->record_count;
    session->searches++;
    if (script->fault == FAULT_HANG_SEARCH)
        hang();
    if (script->fault == FAULT_STALE && session->searches > 1)
        _exit(0);
    *response->resultCount = script->fault == FAULT_NEGATIVE_HITS ? -5 : script->fault == FAULT_HUGE_HITS ? 1LL << 40 : hits;
    *response->searchStatus = code == 0;
    if (code != 0) {
        *response->resultCount = 0;
        response->records = diagnostic_records(session, code, script->detail);
    } else if (*request->mediumSetPresentNumber > 0 && hits > 0 && script->fault != FAULT_HANG_PRESENT &&
               script->fault != FAULT_PRESENT_DIAGNOSTIC && script->fault != FAULT_LOST_RESULT) {
        response->records = syntax_refused(session, request->preferredRecordSyntax)
                                ? diagnostic_records(session, YAZ_BIB1_RECORD_SYNTAX_UNSUPP, "USmarc")
                                : some_records(session, 0, *request->mediumSetPresentNumber, response->numberOfRecordsReturned);
    }
    if (script->fault == FAULT_SECOND_INIT) { /* in one packet, so that it waits in the reader's own buffer */
        int first = 0, second = 0;
        char *both = calloc(1, 200000);
        z_APDU(session->out, &apdu, 0, 0);
        char *encoded = odr_getbuf(session->out, &first, 0);
        memcpy(both, encoded, (size_t)first);
        odr_reset(session->out);
        apdu = init_response(session, NULL);
        z_APDU(session->out, &apdu, 0, 0);
        encoded = odr_getbuf(session->out, &second, 0);
        memcpy(both + first, encoded, (size_t)second);
        send_bytes(session, both, first + second);
        hang();
    }
    send_apdu(session, apdu);
}

static void answer_present(session *session, const Z_PresentRequest *request)
{
    const scripted_target *script = session->script;
    Z_APDU *apdu = zget_APDU(session->out, Z_APDU_presentResponse);
    Z_PresentResponse *response = apdu->u.presentResponse;
    session->presents++;
    if (script->fault == FAULT_HANG_PRESENT)
        hang();
    if (script->fault == FAULT_PRESENT_DIAGNOSTIC)
        response->records = diagnostic_records(session, script->code, script->detail);
    else if (script->fault == FAULT_LOST_RESULT && session->presents == 1)
        response->records = diagnostic_records(session, YAZ_BIB1_RESULT_SET_NO_LONGER_EXISTS_UNILATERALLY_DELETED_BY_, NULL);
    else if (syntax_refused(session, request->preferredRecordSyntax))
        response->records = diagnostic_records(session, YAZ_BIB1_RECORD_SYNTAX_UNSUPP, "USmarc");
    else
        response->records = some_records(session, *request->resultSetStartPoint - 1, *request->numberOfRecordsRequested,
                                         response->numberOfRecordsReturned);
    send_apdu(session, apdu);
}

/* ---- sessions ---- */

static void say_something_else(session *session)
{
    static const char web[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    static const char endless[] = { (char)0xB5, (char)0x80 };
    static const char huge[] = { (char)0xB5, (char)0x84, 0x7F, (char)0xFF, (char)0xFF, (char)0xFF };
    char filler[65536];
    memset(filler, 4, sizeof filler);
    switch (session->script->fault) {
    case FAULT_SILENT:
        hang();
        return;
    case FAULT_CLOSE_AT_ONCE:
        _exit(0);
    case FAULT_WEB_SERVER:
        recv(session->descriptor, filler, sizeof filler, 0);
        send_bytes(session, web, sizeof web - 1);
        _exit(0);
    case FAULT_GARBAGE:
        send_bytes(session, "\033[2Jwelcome to the line printer\r\n", 33);
        hang();
        return;
    case FAULT_HUGE_MESSAGE:
        send_bytes(session, huge, sizeof huge);
        for (;;)
            send_bytes(session, filler, sizeof filler);
    case FAULT_ENDLESS_MESSAGE:
        send_bytes(session, endless, sizeof endless);
        for (;;)
            send_bytes(session, filler, sizeof filler);
    default:
        return;
    }
}

static void serve_session(int descriptor, const scripted_target *script)
{
    Z_APDU *request = NULL;
    session session = { .script = script, .descriptor = descriptor };
    session.in = odr_createmem(ODR_DECODE);
    session.out = odr_createmem(ODR_ENCODE);
    say_something_else(&session);
    while ((request = receive_apdu(&session)) != NULL) {
        if (request->which == Z_APDU_initRequest) {
            note_password(&session, request->u.initRequest);
            send_apdu(&session, init_response(&session, request->u.initRequest));
        } else if (request->which == Z_APDU_searchRequest) {
            answer_search(&session, request->u.searchRequest);
        } else if (request->which == Z_APDU_presentRequest) {
            answer_present(&session, request->u.presentRequest);
        }
    }
    _exit(0);
}

static void serve(int listener, const scripted_target *script)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int descriptor = accept(listener, NULL, NULL);
        if (descriptor < 0)
            _exit(2);
        if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            close(listener);
            serve_session(descriptor, script);
        }
        close(descriptor);
    }
}

int scripted_target_start(pid_t *pid, const scripted_target *script)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    *pid = 0;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        return 0;
    if (script->fault != FAULT_REFUSE) {
        if (listen(listener, 16) != 0)
            return 0;
        *pid = fork();
        if (*pid == 0)
            serve(listener, script);
    }
    close(listener);
    return ntohs(address.sin_port);
}

void scripted_target_stop(pid_t pid)
{
    if (pid <= 0)
        return;
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}
