/* src/rules/checks.c - see checks.h. Each condition becomes an indication rule of its own, so that what a rule can ask, a
 * check can.
 *
 * The rule's text keeps the lines of the file, so that faults are told with the line that the library sees. */
#include "recto/rules/checks.h"

#include "recto/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_BYTES = 80, TEXT_BYTES = 160, LEAST_LINES_BEFORE = 2 };

typedef struct kept_check {
    local_check said;
    char name[NAME_BYTES], text[TEXT_BYTES];
    rule_file *condition;
    bool of_bibs, of_authorities;
} kept_check;

struct local_checks {
    kept_check **list;
    size_t count, capacity;
};

void local_checks_free(local_checks *checks)
{
    if (checks == NULL)
        return;
    for (size_t i = 0; i < checks->count; i++) {
        rule_file_free(checks->list[i]->condition);
        free(checks->list[i]);
    }
    free(checks->list);
    free(checks);
}

size_t local_checks_count(const local_checks *checks)
{
    return checks != NULL ? checks->count : 0;
}

const local_check *local_checks_get(const local_checks *checks, size_t index)
{
    return &checks->list[index]->said;
}

/* ---- reading --------------------------------------------------------------------------------------------------------- */

typedef struct reading {
    local_checks *checks;
    const char *name;
    size_t line, when_line; /* when_line 0: no condition yet */
    buffer condition;
    recto_error *error;
} reading;

static recto_status fault(const reading *at, size_t line, const char *todo, const char *what, text piece)
{
    char where[120];
    snprintf(where, sizeof where, "%.90s:%zu", at->name, line);
    return recto_fail(at->error, RECTO_EDATA, where, todo, "%s: '%.*s'", what, (int)(piece.length < 40 ? piece.length : 40),
                      piece.bytes != NULL ? piece.bytes : "");
}

static kept_check *current(const reading *at)
{
    return at->checks->count > 0 ? at->checks->list[at->checks->count - 1] : NULL;
}

/* The condition, on its own lines, as the only rule of a file. */
static recto_status close_check(reading *at)
{
    kept_check *check = current(at);
    buffer source;
    if (check == NULL)
        return RECTO_OK;
    if (at->when_line == 0)
        return fault(at, check->said.line, "add a line such as: when exists \"590\"", "this check has no condition",
                     text_from(check->name));
    if (check->text[0] == '\0')
        return fault(at, check->said.line, "add a line: text WHAT TO SAY", "this check says nothing", text_from(check->name));
    buffer_init(&source, (size_t)LOCAL_CHECKS_BYTES * 2);
    for (size_t i = LEAST_LINES_BEFORE; i < at->when_line; i++)
        buffer_append_char(&source, '\n');
    buffer_append_string(&source, at->when_line >= LEAST_LINES_BEFORE ? "rule \"check\"\n" : "rule \"check\" ");
    buffer_append_text(&source, buffer_text(&at->condition));
    buffer_append_string(&source, "then\n  set indication.\"true\"\nend\n");
    const bool starved = buffer_failed(&source) || buffer_failed(&at->condition);
    recto_status status =
        starved ? recto_fail_memory(at->error, "reading local checks")
                : rule_file_parse(&check->condition, buffer_text(&source), at->name, RULES_INDICATION, NULL, NULL, at->error);
    buffer_release(&source);
    buffer_clear(&at->condition);
    at->when_line = 0;
    return status;
}

static bool quoted(char *out, size_t capacity, text value)
{
    if (value.length >= 2 && value.bytes[0] == '"' && value.bytes[value.length - 1] == '"')
        value = text_of(value.bytes + 1, value.length - 2);
    if (value.length == 0 || value.length >= capacity || memchr(value.bytes, '"', value.length) != NULL)
        return false;
    memcpy(out, value.bytes, value.length);
    out[value.length] = '\0';
    return true;
}

static recto_status begin_check(reading *at, text name)
{
    local_checks *checks = at->checks;
    recto_status status = close_check(at);
    if (status != RECTO_OK)
        return status;
    if (checks->count == LOCAL_CHECKS_MOST)
        return recto_fail(at->error, RECTO_ELIMIT, at->name, "at most 500", "there are too many checks");
    if (checks->count == checks->capacity) {
        size_t capacity = checks->capacity * 2 + 8;
        kept_check **grown = realloc(checks->list, capacity * sizeof(kept_check *));
        if (grown == NULL)
            return recto_fail_memory(at->error, "reading local checks");
        checks->list = grown;
        checks->capacity = capacity;
    }
    kept_check *check = calloc(1, sizeof *check);
    if (check == NULL)
        return recto_fail_memory(at->error, "reading local checks");
    checks->list[checks->count++] = check;
    check->said = (local_check){ .name = check->name, .text = check->text, .severity = MARC_SEVERITY_WARNING, .line = at->line };
    check->of_bibs = true;
    if (!quoted(check->name, sizeof check->name, name))
        return fault(at, at->line, "write: check \"NAME\", up to 79 bytes", "this name cannot be taken", name);
    for (size_t i = 0; i + 1 < checks->count; i++)
        if (strcmp(checks->list[i]->name, check->name) == 0)
            return fault(at, at->line, "give it another name", "there is a check of this name already", name);
    return RECTO_OK;
}

/* "590", "6XX", "590 $a" */
static bool read_place(local_check *check, text value)
{
    const bool has_code = value.length == 6 && value.bytes[3] == ' ' && value.bytes[4] == '$';
    if (value.length != MARC_TAG_LENGTH && !has_code)
        return false;
    for (size_t i = 0; i < MARC_TAG_LENGTH; i++)
        if ((value.bytes[i] < '0' || value.bytes[i] > '9') && value.bytes[i] != 'X')
            return false;
    memcpy(check->tag, value.bytes, MARC_TAG_LENGTH);
    check->subfield = has_code ? value.bytes[5] : '\0';
    return true;
}

static bool read_family(kept_check *check, text value)
{
    const bool all = text_equal(value, TEXT("all"));
    check->of_bibs = all || text_equal(value, TEXT("bib"));
    check->of_authorities = all || text_equal(value, TEXT("authority"));
    return check->of_bibs || check->of_authorities;
}

static void add_condition(reading *at, text line)
{
    buffer_append_text(&at->condition, line);
    buffer_append_char(&at->condition, '\n');
}

static recto_status read_word(reading *at, text word, text value, text line)
{
    kept_check *check = current(at);
    if (text_equal(word, TEXT("check")))
        return begin_check(at, value);
    if (check == NULL)
        return fault(at, at->line, "begin with: check \"NAME\"", "this line belongs to no check", line);
    if (at->when_line > 0) {
        add_condition(at, line);
        return RECTO_OK;
    }
    if (text_equal(word, TEXT("when"))) {
        at->when_line = at->line;
        add_condition(at, line);
    } else if (text_equal(word, TEXT("severity"))) {
        if (!marc_severity_named(&check->said.severity, value) || check->said.severity == MARC_SEVERITY_IGNORE)
            return fault(at, at->line, "write block, warning or info", "there is no such severity", value);
    } else if (text_equal(word, TEXT("text"))) {
        if (value.length == 0 || !quoted(check->text, sizeof check->text, value))
            return fault(at, at->line, "give up to 159 bytes without quotation marks", "this text cannot be taken", value);
    } else if (text_equal(word, TEXT("field"))) {
        if (!read_place(&check->said, value))
            return fault(at, at->line, "write a tag such as 590 or 6XX, and a subfield such as $a", "this is no place", value);
    } else if (text_equal(word, TEXT("records"))) {
        if (!read_family(check, value))
            return fault(at, at->line, "write bib, authority or all", "there is no such family of records", value);
    } else {
        return fault(at, at->line, "there are check, severity, text, records, field and when", "this line cannot be read", word);
    }
    return RECTO_OK;
}

static recto_status read_lines(reading *at, text rest)
{
    recto_status status = RECTO_OK;
    while (status == RECTO_OK && rest.bytes != NULL) {
        const text line = text_trim(text_next_field(&rest, '\n'));
        size_t length = 0;
        at->line++;
        if (line.length == 0 || line.bytes[0] == '#') {
            if (at->when_line > 0)
                add_condition(at, TEXT(""));
            continue;
        }
        while (length < line.length && line.bytes[length] != ' ' && line.bytes[length] != '\t')
            length++;
        status = read_word(at, text_of(line.bytes, length), text_trim(text_of(line.bytes + length, line.length - length)), line);
    }
    return status == RECTO_OK ? close_check(at) : status;
}

recto_status local_checks_parse(local_checks **out, text source, const char *name, recto_error *error)
{
    size_t bad;
    reading at = { .name = name, .error = error };
    *out = NULL;
    if (source.length > LOCAL_CHECKS_BYTES)
        return recto_fail(error, RECTO_ELIMIT, name, "at most 256 KiB", "this file of checks is too long");
    if (!utf8_valid(source, &bad))
        return recto_fail(error, RECTO_EDATA, name, "save it as UTF-8", "byte %zu is no UTF-8", bad + 1);
    at.checks = calloc(1, sizeof *at.checks);
    if (at.checks == NULL)
        return recto_fail_memory(error, "reading local checks");
    buffer_init(&at.condition, (size_t)LOCAL_CHECKS_BYTES * 2);
    recto_status status = read_lines(&at, source);
    buffer_release(&at.condition);
    if (status == RECTO_OK)
        *out = at.checks;
    else
        local_checks_free(at.checks);
    return status;
}

/* ---- running --------------------------------------------------------------------------------------------------------- */

static bool has_subfield(const marc_field *field, char code, size_t *offset)
{
    marc_subfield subfield;
    for (size_t at = 0; marc_field_next_subfield(field, &at, &subfield);)
        if (subfield.code == code) {
            *offset = (size_t)(subfield.value.bytes - field->content.bytes);
            return true;
        }
    return false;
}

/* Where the check points: the first field of its tag that has its subfield. */
static void find_place(marc_finding *finding, const local_check *check, const marc_record *record)
{
    size_t occurrence = 0;
    finding->field = SIZE_MAX;
    snprintf(finding->where, sizeof finding->where, "%s", check->tag[0] != '\0' ? check->tag : "record");
    for (size_t i = 0; check->tag[0] != '\0' && i < marc_record_count(record); i++) {
        const marc_field *field = marc_record_field(record, i);
        if (!marc_tag_matches(field->tag, check->tag))
            continue;
        occurrence++;
        if (check->subfield != 0 && (marc_tag_is_control(field->tag) || !has_subfield(field, check->subfield, &finding->offset)))
            continue;
        finding->field = i;
        finding->subfield = check->subfield;
        size_t used = (size_t)snprintf(finding->where, sizeof finding->where, "%s", field->tag);
        if (occurrence > 1)
            used += (size_t)snprintf(finding->where + used, sizeof finding->where - used, "[%zu]", occurrence);
        if (check->subfield != 0)
            snprintf(finding->where + used, sizeof finding->where - used, " $%c", check->subfield);
        return;
    }
}

static bool is_of(const kept_check *check, const marc_record *record)
{
    return marc_family_of(record) == MARC_AUTHORITY ? check->of_authorities : check->of_bibs;
}

recto_status local_checks_run(const local_checks *checks, const marc_record *record, marc_severity least,
                              void (*visit)(void *context, const marc_finding *finding), void *context, recto_error *error)
{
    marc_record *copy = NULL;
    recto_status status = local_checks_count(checks) > 0 ? marc_record_copy(&copy, record, error) : RECTO_OK;
    for (size_t i = 0; status == RECTO_OK && i < local_checks_count(checks); i++) {
        const kept_check *check = checks->list[i];
        rule_result result = { .indication = false };
        if (check->said.severity < least || !is_of(check, record))
            continue;
        status = rule_file_apply(&result, check->condition, copy, NULL, NULL, error);
        if (status != RECTO_OK || !result.indication)
            continue;
        marc_finding finding = { .severity = check->said.severity, .code = "local-check" };
        find_place(&finding, &check->said, record);
        snprintf(finding.message, sizeof finding.message, "%s (%.30s)", check->text, check->name);
        visit(context, &finding);
    }
    marc_record_free(copy);
    return status;
}
