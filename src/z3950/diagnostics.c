/* src/z3950/diagnostics.c - codes to sentences: one table, in the words of SR-104.
 *
 * What the target says itself is quoted in brackets behind our sentence, with control characters made visible and the
 * account's password blotted out, should a target be rude enough to send it back. */
#include "diagnostics.h"
#include "recto/base/utf8.h"
#include <string.h>
#include <yaz/diagbib1.h>
#include <yaz/srw.h>

enum { DETAIL_MAX = 4000 }; /* of the target's words, before the password is blotted out and the sentence is cut */

/* {target} {host} {port} {database} {box} {term} {n} {seconds} {limit} and {text}, the standard's words for the code */
static const struct sentence {
    diagnostic_set set;
    int first, last;
    const char *pattern;
} sentences[] = {
    { SET_ZOOM, LOCAL_NAME_NOT_FOUND, LOCAL_NAME_NOT_FOUND, "Cannot reach {target}: name {host} not found." },
    { SET_ZOOM, LOCAL_REFUSED, LOCAL_REFUSED, "Cannot reach {target}: {host} refused port {port}." },
    { SET_ZOOM, LOCAL_NO_ROUTE, LOCAL_NO_ROUTE, "Cannot reach {target}: no route to {host}, or a firewall blocks port {port}." },
    { SET_ZOOM, LOCAL_TOO_MUCH, LOCAL_TOO_MUCH, "{target} sent more than {limit} MiB; stopped." },
    { SET_ZOOM, LOCAL_NOT_THE_PROTOCOL, LOCAL_NOT_THE_PROTOCOL,
      "{target} answered something that is not Z39.50. Check host and port." },
    { SET_ZOOM, LOCAL_NO_ACCOUNT, LOCAL_NO_ACCOUNT,
      "{target} needs an account, and none is set up here. It is a line of the file target-accounts: man recto." },
    { SET_ZOOM, 10000, 10000, "Cannot reach {target}: no connection to {host}, port {port}." },
    { SET_ZOOM, 10003, 10003, "{target} answered something that is not Z39.50. Check host and port." },
    { SET_ZOOM, 10004, 10004,
      "{target} closed the connection. Try again; if it repeats, your address may not be allowed there." },
    { SET_ZOOM, 10005, 10005, "{target} did not accept the session. Usually the user or password is wrong." },
    { SET_ZOOM, 10007, 10007, "{target} did not answer in {seconds} seconds. Other targets are unaffected." },
    { SET_ZOOM, 10000, 19999, "The search at {target} failed: {text}." },
    { SET_HTTP, 400, 599, "{target} answered something that is not Z39.50. Check host and port." },
    { SET_HTTP, 0, 999, "{target} answered {text}. Check host and port." },
    { SET_BIB1, 1, 2, "{target} has a fault of its own: {text}. Try later." },
    { SET_BIB1, 100, 100, "{target} has a fault of its own: {text}. Try later." },
    { SET_BIB1, 3, 3, "{target} cannot run this combination of boxes. Try fewer." },
    { SET_BIB1, 107, 108, "{target} cannot run this combination of boxes. Try fewer." },
    { SET_BIB1, 110, 110, "{target} cannot run this combination of boxes. Try fewer." },
    { SET_BIB1, 4, 4, "Only very common words for {target}: add one that is not." },
    { SET_BIB1, 6, 6, "Too many boxes for {target}. Fewer boxes." },
    { SET_BIB1, 7, 7, "Too many shortened words for {target}. Shorten fewer words." },
    { SET_BIB1, 9, 9, "Too short a beginning of a word for {target}. Use longer word beginnings." },
    { SET_BIB1, 5, 5, "Too many words for {target}. Use fewer words." },
    { SET_BIB1, 11, 12, "Too many results at {target}. Add a word, a date or an identifier." },
    { SET_BIB1, 31, 33, "Too many results at {target}. Add a word, a date or an identifier." },
    { SET_BIB1, 10, 10, "{target} does not accept '{term}' in {box}." },
    { SET_BIB1, 125, 126, "{target} does not accept '{term}' in {box}." },
    { SET_BIB1, 13, 13, "{target} has no more records." },
    { SET_BIB1, 14, 14, "{target} has record {n} but cannot send it as MARC 21." },
    { SET_BIB1, 227, 227, "{target} has record {n} but cannot send it as MARC 21." },
    { SET_BIB1, 238, 239, "{target} has record {n} but cannot send it as MARC 21." },
    { SET_BIB1, 16, 17, "Record {n} is larger than {target} will send." },
    { SET_BIB1, 27, 27, "The result at {target} expired. Search again." },
    { SET_BIB1, 30, 30, "The result at {target} expired. Search again." },
    { SET_BIB1, 101, 101, "{target} needs an account, or yours may not use {database}." },
    { SET_BIB1, 236, 236, "{target} needs an account, or yours may not use {database}." },
    { SET_BIB1, 109, 109, "{target} has no database '{database}' now. Check the resource; it may be in maintenance." },
    { SET_BIB1, 235, 235, "{target} has no database '{database}' now. Check the resource; it may be in maintenance." },
    { SET_BIB1, 113, 123, "{target} cannot search by {box}." },
    { SET_BIB1, 205, 205, "{target} cannot browse lists." },
    { SET_BIB1, 1025, 1025, "{target} cannot browse lists." },
    { SET_BIB1, 1010, 1011, "User or password for {target} not accepted. An administrator must change it under Resources." },
    { SET_BIB1, 1012, 1012, "The account's paid searches at {target} are used up." },
    { SET_BIB1, 1013, 1013, "The account at {target} may not be used for Z39.50." },
    { SET_BIB1, 1014, 1014, "{target} is not available now: {text}." },
    { SET_BIB1, 1018, 1020, "{target} is not available now: {text}." },
    { SET_BIB1, 1015, 1015, "All sessions for the account at {target} are in use. Close one, or wait." },
    { SET_BIB1, 1016, 1016, "{target} does not accept connections from this server's address." },
    { SET_BIB1, 1017, 1017, "The account has no database at {target}." },
    { SET_BIB1, 1021, 1021, "The account at {target} has expired." },
    { SET_BIB1, 1022, 1023, "The account at {target} has expired: its password must be renewed." },
};

static const char unknown_code[] = "{target} reports a fault: {text}.";
static const char *const set_names[] = { [SET_ZOOM] = "ZOOM", [SET_BIB1] = "Bib-1", [SET_SRU] = "SRU", [SET_HTTP] = "HTTP" };

diagnostic_set diagnostic_set_named(const char *name)
{
    if (name == NULL || strcmp(name, "ZOOM") == 0)
        return SET_ZOOM;
    if (strcmp(name, "HTTP") == 0)
        return SET_HTTP;
    return strncmp(name, "info:srw", 8) == 0 ? SET_SRU : SET_BIB1;
}

/* SRU numbers its diagnostics anew; the sentences are those of their Bib-1 counterparts. */
static diagnostic as_bib1(const diagnostic *found)
{
    diagnostic same = *found;
    if (found->set == SET_SRU) {
        same.set = SET_BIB1;
        same.code = yaz_diag_srw_to_bib1(found->code);
    }
    return same;
}

static bool is_bib1(const diagnostic *found, int first, int last)
{
    diagnostic same = as_bib1(found);
    return same.set == SET_BIB1 && same.code >= first && same.code <= last;
}

bool diagnostic_is_attribute(const diagnostic *found)
{
    return is_bib1(found, 113, 123);
}

bool diagnostic_is_syntax(const diagnostic *found)
{
    return is_bib1(found, 227, 227) || is_bib1(found, 238, 239);
}

bool diagnostic_is_lost_result(const diagnostic *found)
{
    return is_bib1(found, 27, 27) || is_bib1(found, 30, 30);
}

bool diagnostic_is_lost_session(const diagnostic *found)
{
    return found->set == SET_HTTP || found->set == SET_ZOOM;
}

bool diagnostic_is_partial(const diagnostic *found)
{
    return is_bib1(found, 33, 33);
}

static const char *pattern_of(const diagnostic *found)
{
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        const struct sentence *row = &sentences[i];
        if (row->set == found->set && found->code >= row->first && found->code <= row->last)
            return row->pattern;
    }
    return unknown_code;
}

static const char *standard_words(const diagnostic *found)
{
    switch (found->set) {
    case SET_BIB1:
        return diagbib1_str(found->code);
    case SET_SRU:
        return yaz_diag_srw_str(found->code);
    case SET_HTTP:
        return "a web page's error";
    default:
        return found->code < LOCAL_NAME_NOT_FOUND ? ZOOM_diag_str(found->code) : "";
    }
}

static void append_value(buffer *out, text name, const target_entry *entry, const diagnostic *found)
{
    if (text_equal(name, TEXT("target")))
        buffer_append_string(out, entry->shown.label);
    else if (text_equal(name, TEXT("host")))
        buffer_append_string(out, entry->shown.host);
    else if (text_equal(name, TEXT("port")))
        buffer_append_format(out, "%d", entry->shown.port);
    else if (text_equal(name, TEXT("database")))
        buffer_append_string(out, entry->shown.database);
    else if (text_equal(name, TEXT("box")))
        buffer_append_string(out, found->boxes == NULL || found->boxes[0] == '\0' ? "this search" : found->boxes);
    else if (text_equal(name, TEXT("term")))
        buffer_append_string(out, found->term == NULL ? "" : found->term);
    else if (text_equal(name, TEXT("n")))
        buffer_append_format(out, "%zu", found->record);
    else if (text_equal(name, TEXT("seconds")))
        buffer_append_format(out, "%d", found->seconds);
    else if (text_equal(name, TEXT("limit")))
        buffer_append_format(out, "%zu", (entry->answer_bytes + 1048575) / 1048576);
    else
        buffer_append_string(out, standard_words(found));
}

static void append_pattern(buffer *out, const char *pattern, const target_entry *entry, const diagnostic *found)
{
    for (const char *at = pattern; *at != '\0';) {
        const char *end = *at == '{' ? strchr(at, '}') : NULL;
        if (end == NULL) {
            buffer_append_char(out, *at++);
            continue;
        }
        append_value(out, text_of(at + 1, (size_t)(end - at - 1)), entry, found);
        at = end + 1;
    }
}

static void append_bracket(buffer *out, const diagnostic *found)
{
    const char *words = standard_words(found);
    if (found->code >= LOCAL_NAME_NOT_FOUND)
        return; /* a code of ours tells nobody anything */
    buffer_append_format(out, " [%s %d", set_names[found->set], found->code);
    if (words[0] != '\0')
        buffer_append_format(out, " %s", words);
    if (found->detail != NULL && found->detail[0] != '\0')
        buffer_append_format(out, ": %.*s", DETAIL_MAX, found->detail);
    buffer_append_char(out, ']');
}

static void blot_out(char *where, const char *secret)
{
    size_t length = secret == NULL ? 0 : strlen(secret);
    if (length == 0)
        return;
    for (char *at = where; (at = strstr(at, secret)) != NULL; at += length)
        memset(at, '*', length);
}

void diagnostic_sentence(char out[static DIAGNOSTIC_SENTENCE], const target_entry *entry, const diagnostic *found)
{
    buffer plain, shown;
    diagnostic same = as_bib1(found);
    buffer_init(&plain, 16 * 1024);
    buffer_init(&shown, 64 * 1024);
    append_pattern(&plain, pattern_of(&same), entry, &same);
    append_bracket(&plain, found);
    if (plain.bytes != NULL)
        blot_out(plain.bytes, entry->password);
    display_append(&shown, buffer_text(&plain), true);
    string_keep(out, DIAGNOSTIC_SENTENCE, buffer_text(&shown));
    buffer_release(&plain);
    buffer_release(&shown);
}
