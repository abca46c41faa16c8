/* src/marc/validate_profile.c - validation profiles: which severity a finding has, in general and for one tag or subfield.
 *
 * A profile is a severity for each row of the table and a short list of exceptions. What is built in is read by the same
 * rules as a file, and data/validation/default.txt says the same in words. */
#include "validate_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct exception {
    uint16_t kind;
    char tag[MARC_TAG_LENGTH + 1]; /* a pattern: X stands for any digit */
    char subfield;                 /* 0: any */
    signed char severity;
} exception;

struct marc_validation_profile {
    char name[80];
    bool has_line[FINDING_KIND_COUNT]; /* a line for all tags: the built-in exceptions of that code hold no longer */
    signed char severity[FINDING_KIND_COUNT];
    exception *exceptions;
    size_t count, capacity;
    bool excepted[FINDING_KIND_COUNT]; /* some exception is of this kind */
};

/* match-merge.md section 9: what is an error though others of its kind are warnings */
static const exception built_in[] = {
    { FINDING_FIELD_MISSING, "245", 0, MARC_SEVERITY_BLOCK },  { FINDING_FIELD_EMPTY, "245", 0, MARC_SEVERITY_BLOCK },
    { FINDING_FIELD_REPEATED, "100", 0, MARC_SEVERITY_BLOCK }, { FINDING_FIELD_REPEATED, "110", 0, MARC_SEVERITY_BLOCK },
    { FINDING_FIELD_REPEATED, "111", 0, MARC_SEVERITY_BLOCK }, { FINDING_FIELD_REPEATED, "245", 0, MARC_SEVERITY_BLOCK },
};

enum { BUILT_IN = sizeof built_in / sizeof *built_in };

const char *const *marc_validation_profile_files(size_t *count)
{
    static const char *const files[] = { "data/validation/default.txt", "data/validation/marcxml-bib-import.txt" };

    *count = sizeof files / sizeof *files;
    return files;
}

/* --- asking --- */

static int narrowness(const exception *line)
{
    int narrow = line->subfield != 0 ? 8 : 0;

    for (int i = 0; i < MARC_TAG_LENGTH; i++)
        narrow += line->tag[i] != 'X';
    return narrow;
}

static const exception *narrowest(const exception *lines, size_t count, size_t kind, const char *tag, char subfield)
{
    const exception *found = NULL;

    for (size_t i = 0; i < count; i++)
        if (lines[i].kind == kind && (lines[i].subfield == 0 || lines[i].subfield == subfield) &&
            marc_tag_matches(tag, lines[i].tag) && (found == NULL || narrowness(&lines[i]) >= narrowness(found)))
            found = &lines[i];
    return found;
}

marc_severity profile_severity(const marc_validation_profile *profile, size_t kind, const char *tag, char subfield)
{
    const exception *found = NULL;

    if (strlen(tag) == MARC_TAG_LENGTH) {
        if (profile != NULL && profile->excepted[kind])
            found = narrowest(profile->exceptions, profile->count, kind, tag, subfield);
        if (found == NULL && (profile == NULL || !profile->has_line[kind]))
            found = narrowest(built_in, BUILT_IN, kind, tag, subfield);
    }
    if (found != NULL)
        return (marc_severity)found->severity;
    return profile != NULL ? (marc_severity)profile->severity[kind] : finding_kinds[kind].severity;
}

bool profile_names_subfield(const marc_validation_profile *profile, size_t kind, const char *tag, char subfield)
{
    const exception *found = NULL;

    if (profile != NULL && profile->excepted[kind])
        found = narrowest(profile->exceptions, profile->count, kind, tag, subfield);
    return found != NULL && found->subfield != 0;
}

static bool kind_named(size_t *out, text code)
{
    for (size_t i = 0; i < FINDING_KIND_COUNT; i++)
        if (text_equal(code, text_from(finding_kinds[i].code))) {
            *out = i;
            return true;
        }
    return false;
}

marc_severity marc_validation_severity(const marc_validation_profile *profile, const char *code, const char *tag, char subfield)
{
    size_t kind = 0;

    return kind_named(&kind, text_from(code)) ? profile_severity(profile, kind, tag != NULL ? tag : "", subfield)
                                              : MARC_SEVERITY_WARNING;
}

const char *marc_validation_profile_name(const marc_validation_profile *profile)
{
    return profile->name;
}

/* --- reading --- */

typedef struct profile_reading {
    marc_validation_profile *profile;
    const char *name;
    size_t line;
    marc_profile_report report;
    void *context;
    recto_status status;
    recto_error *error; /* the first fault */
} profile_reading;

static void fault(profile_reading *at, const char *todo, const char *what, text piece)
{
    recto_error found = { 0 };
    char where[80];
    int shown = (int)(piece.length < 40 ? piece.length : 40);

    (void)snprintf(where, sizeof where, "%.60s:%zu", at->name, at->line);
    (void)recto_fail(&found, RECTO_EDATA, where, todo, "%s: \"%.*s\"", what, shown, piece.bytes != NULL ? piece.bytes : "");
    if (at->report != NULL)
        at->report(at->context, at->line, &found);
    if (at->status == RECTO_OK && at->error != NULL)
        *at->error = found;
    at->status = RECTO_EDATA;
}

static text take_word(text *line)
{
    size_t length = 0;
    text word;

    while (length < line->length && line->bytes[length] != ' ' && line->bytes[length] != '\t')
        length++;
    word = text_of(line->bytes, length);
    *line = text_trim(text_of(line->bytes + length, line->length - length));
    return word;
}

static void read_name(profile_reading *at, text name)
{
    size_t room = sizeof at->profile->name - 1;

    if (name.length == 0 || name.length > room) {
        fault(at, "give a name of up to 79 bytes", "this name cannot be taken", name);
        return;
    }
    memcpy(at->profile->name, name.bytes, name.length);
    at->profile->name[name.length] = '\0';
}

static bool add_exception(marc_validation_profile *profile, exception line)
{
    if (profile->count == profile->capacity) {
        size_t capacity = profile->capacity == 0 ? 16 : profile->capacity * 2;
        exception *grown = realloc(profile->exceptions, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        profile->exceptions = grown;
        profile->capacity = capacity;
    }
    profile->exceptions[profile->count++] = line;
    profile->excepted[line.kind] = true;
    return true;
}

/** "590" or "590 $9" */
static bool read_target(exception *out, text tag, text subfield)
{
    if (tag.length != MARC_TAG_LENGTH || (subfield.length != 0 && (subfield.length != 2 || subfield.bytes[0] != '$')))
        return false;
    memcpy(out->tag, tag.bytes, MARC_TAG_LENGTH);
    out->subfield = subfield.length == 2 ? subfield.bytes[1] : '\0';
    return true;
}

static void read_severity_line(profile_reading *at, text line)
{
    text words[5] = { { NULL, 0 } };
    size_t count = 0;
    size_t kind = 0;
    marc_severity severity = MARC_SEVERITY_INFO;
    exception narrow = { 0 };

    for (text rest = line; rest.length > 0 && count < 5;)
        words[count++] = take_word(&rest);
    if (!kind_named(&kind, words[0])) {
        fault(at, "recto validate --codes lists the codes", "there is no finding of this code", words[0]);
    } else if (count < 2 || count > 4) {
        fault(at, "write CODE SEVERITY, CODE TAG SEVERITY or CODE TAG $x SEVERITY", "this line cannot be read", line);
    } else if (!marc_severity_named(&severity, words[count - 1])) {
        fault(at, "write block, warning, info or ignore", "there is no such severity", words[count - 1]);
    } else if (count == 2) {
        at->profile->severity[kind] = (signed char)severity;
        at->profile->has_line[kind] = true;
    } else if (!read_target(&narrow, words[1], count == 4 ? words[2] : TEXT(""))) {
        fault(at, "write a tag such as 590 or 6XX, and a subfield such as $9", "this tag or subfield cannot be read",
              count == 4 ? words[2] : words[1]);
    } else {
        narrow.kind = (uint16_t)kind;
        narrow.severity = (signed char)severity;
        if (!add_exception(at->profile, narrow))
            at->status = recto_fail_memory(at->error, "reading a validation profile");
    }
}

static void read_lines(profile_reading *at, text rest)
{
    while (at->status != RECTO_ENOMEM && rest.bytes != NULL && rest.length > 0) {
        text line = text_trim(text_next_field(&rest, '\n'));
        text behind = line;
        at->line++;
        if (line.length == 0 || line.bytes[0] == '#')
            continue;
        if (text_equal(take_word(&behind), TEXT("name")))
            read_name(at, behind);
        else
            read_severity_line(at, line);
    }
}

recto_status marc_validation_profile_parse(marc_validation_profile **out, text file, const char *name, marc_profile_report report,
                                           void *context, recto_error *error)
{
    profile_reading at = { .name = name, .report = report, .context = context, .status = RECTO_OK, .error = error };

    *out = NULL;
    at.profile = calloc(1, sizeof *at.profile);
    if (at.profile == NULL)
        return recto_fail_memory(error, "reading a validation profile");
    for (size_t i = 0; i < FINDING_KIND_COUNT; i++)
        at.profile->severity[i] = (signed char)finding_kinds[i].severity;
    read_lines(&at, file);
    if (at.status == RECTO_OK)
        *out = at.profile;
    else
        marc_validation_profile_free(at.profile);
    return at.status;
}

void marc_validation_profile_free(marc_validation_profile *profile)
{
    if (profile == NULL)
        return;
    free(profile->exceptions);
    free(profile);
}
