/* src/catalog/gateway_reply.c - what the gateway answers: one table of first lines, and the second lines that say what to do.
 *
 * Pure ASCII, the first line at most 200 bytes, the whole under 1,024 (GW-31). @spec gateway.md section 6, seeds 000 and 003 */
#include "gateway_inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MATCHES_NAMED = 10, SECOND_LINE = 600 };

typedef struct answer_words {
    const char *code, *line;
} answer_words;

static const answer_words ANSWERS[] = {
    [ANSWER_LOGON] = { "logon", "Import failed. Reason: Logon failed - the Logon ID and/or password is/are not valid." },
    [ANSWER_PROFILE] = { "profile", "Import failed. Reason: no integration profile found for institution " },
    [ANSWER_RATE] = { "rate", "Import failed. Reason: too many attempts, try again later." },
    [ANSWER_UNREADABLE] = { "unreadable", "Import failed. Reason: the record could not be read." },
    [ANSWER_NOT_BIBLIOGRAPHIC] = { "not_bibliographic", "Import failed. Reason: the record is not a bibliographic record." },
    [ANSWER_NOT_APPLIED] = { "refused", "Import failed. Reason: the profile could not be applied." },
    [ANSWER_NOT_AVAILABLE] = { "unavailable", "Import failed. Reason: the repository is not available, try again." },
};

static const char *reason_of(outcome_kind kind)
{
    switch (kind) {
    case OUTCOME_MULTI_MATCH:
        return "Import failed. Reason: Multi matches found for this record.";
    case OUTCOME_NOT_ADDED_LOCKED:
        return "Import failed. Reason: NOT_ADDED_LOCKED.";
    case OUTCOME_NOT_ADDED_BRIEF:
        return "Import failed. Reason: NOT_ADDED_BRIEF.";
    case OUTCOME_NOT_ADDED_OLD:
        return "Import failed. Reason: NOT_ADDED_OLD.";
    case OUTCOME_CZ_LINKED:
        return "Import failed. Reason: NOT_ADDED_CZ_LINKED.";
    default: /* invalid, and what an indication rule of the institution refused */
        return "Import failed. Reason: NOT_ADDED_INVALID.";
    }
}

void gateway_plain(char *out, size_t capacity, text value)
{
    size_t used = 0;
    for (size_t i = 0; i < value.length && used + 1 < capacity; i++) {
        const unsigned char byte = (unsigned char)value.bytes[i];
        if ((byte & 0xC0) == 0x80 && i > 0 && (unsigned char)value.bytes[i - 1] >= 0x80)
            continue; /* one mark for a character, not one for each of its bytes */
        out[used++] = byte >= ' ' && byte < 0x7F ? (char)byte : '?';
    }
    out[used] = '\0';
}

static void first_line(gateway_walk *walk, const char *code, const char *line)
{
    buffer_clear(&walk->reply);
    buffer_append_string(&walk->reply, line);
    snprintf(walk->row.code, sizeof walk->row.code, "%s", code);
}

static void add_line(gateway_walk *walk, text line)
{
    char plain[SECOND_LINE];
    gateway_plain(plain, sizeof plain, line);
    buffer_append_char(&walk->reply, '\n');
    buffer_append_string(&walk->reply, plain);
}

static void name_institution(gateway_walk *walk)
{
    char plain[64];
    const text logon = walk->request->logon;
    gateway_plain(plain, sizeof plain, logon);
    buffer_append_format(&walk->reply, "%s%s.", plain, logon.length >= sizeof plain ? "..." : "");
}

void walk_refuse(gateway_walk *walk, gateway_answer answer, const char *format, ...)
{
    char line[SECOND_LINE];
    va_list arguments;
    first_line(walk, ANSWERS[answer].code, ANSWERS[answer].line);
    if (answer == ANSWER_PROFILE)
        name_institution(walk);
    if (format != NULL) {
        va_start(arguments, format);
        vsnprintf(line, sizeof line, format, arguments);
        va_end(arguments);
        add_line(walk, text_from(line));
    }
    walk->refused = true;
    walk->out->kind = OUTCOME_REFUSED;
    walk->out->logon_failed = answer == ANSWER_LOGON;
}

static const char *what_was_done(outcome_kind kind)
{
    return kind == OUTCOME_UNCHANGED ? "Existing record already up to date." : "Existing record updated.";
}

static void say_success(gateway_walk *walk, const ingest_outcome *outcome)
{
    char line[GATEWAY_LINE], id[MMS_ID_LENGTH];
    const repo_zone *zone = catalog_zone_of(walk->desk->catalog, outcome->id);
    mms_id_format(id, outcome->id);
    snprintf(line, sizeof line, "The record has been processed successfully. MMS ID: %s", id);
    first_line(walk, outcome_name(outcome->kind), line);
    if (outcome->kind == OUTCOME_ADDED)
        snprintf(line, sizeof line, "New record in %s.", zone != NULL ? zone->code : "the repository");
    else
        snprintf(line, sizeof line, "%s", what_was_done(outcome->kind));
    add_line(walk, text_from(line));
}

static void say_matches(gateway_walk *walk, const ingest_outcome *outcome)
{
    char id[MMS_ID_LENGTH];
    buffer line;
    buffer_init(&line, SECOND_LINE);
    buffer_append_string(&line, "Matches: ");
    for (size_t i = 0; i < outcome->match_count && i < MATCHES_NAMED; i++) {
        mms_id_format(id, outcome->matches[i].info.id);
        buffer_append_format(&line, "%s%s", i > 0 ? ", " : "", id);
    }
    add_line(walk, buffer_text(&line));
    buffer_release(&line);
}

static void say_findings(gateway_walk *walk, const ingest_outcome *outcome)
{
    char line[SECOND_LINE];
    const size_t more = outcome->findings[MARC_SEVERITY_BLOCK] > 0 ? outcome->findings[MARC_SEVERITY_BLOCK] - 1 : 0;
    if (outcome->first_block[0] == '\0')
        return;
    if (more > 0)
        snprintf(line, sizeof line, "%s; %zu more.", outcome->first_block, more);
    else
        snprintf(line, sizeof line, "%s.", outcome->first_block);
    add_line(walk, text_from(line));
}

/* What the corridor says after the sentence that all doors have in common. */
static void say_detail(gateway_walk *walk, const ingest_outcome *outcome)
{
    const char *common = outcome_message(outcome->kind);
    const size_t length = strlen(common);
    const bool begins = strncmp(outcome->message, common, length) == 0;
    const text detail = text_trim(text_from(outcome->message + (begins ? length : 0)));
    if (detail.length > 0)
        add_line(walk, detail);
    if (outcome->kind == OUTCOME_NOT_ADDED_BRIEF)
        add_line(walk, TEXT("Raise the encoding level in WorldCat, or import another way and merge by hand."));
}

void walk_answer(gateway_walk *walk, const ingest_outcome *outcome)
{
    walk->out->kind = outcome->kind;
    walk->out->id = outcome->id;
    walk->row.id = outcome->id;
    walk->row.version = outcome->version;
    walk->row.matches = (int)outcome->match_count;
    if (walk->row.warning[0] == '\0' && outcome->findings[MARC_SEVERITY_WARNING] > 0)
        snprintf(walk->row.warning, sizeof walk->row.warning, "%zu warning%s of the validation",
                 outcome->findings[MARC_SEVERITY_WARNING], outcome->findings[MARC_SEVERITY_WARNING] == 1 ? "" : "s");
    switch (outcome->kind) {
    case OUTCOME_ADDED:
    case OUTCOME_MERGED:
    case OUTCOME_OVERLAID:
    case OUTCOME_UPDATED:
    case OUTCOME_UNCHANGED:
        say_success(walk, outcome);
        return;
    default:
        walk->refused = walk->keep = true;
        first_line(walk, outcome_name(outcome->kind), reason_of(outcome->kind));
    }
    if (outcome->kind == OUTCOME_MULTI_MATCH)
        say_matches(walk, outcome);
    else if (outcome->kind == OUTCOME_INVALID)
        say_findings(walk, outcome);
    else
        say_detail(walk, outcome);
}
