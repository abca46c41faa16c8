/* src/cli/command_rule_apply.c - recto rule apply on a file of records: a stream, in constant memory, no repository.
 *
 * The way is that of recto convert, with the rule between reading and writing; so formats, messages about odd records and exit
 * statuses are the same. What a rule has emptied is dropped, as the task "clear empty fields" does after every run of rules. */
#include "convert.h"

#include "recto/base/plural.h"
#include "rule_commands.h"
#include "rule_sources.h"
#include "rule_trial.h"

#include <stdio.h>
#include <string.h>

typedef enum selection { SELECT_ALL, SELECT_KEPT, SELECT_REJECTED } selection;

typedef struct application {
    command_line *line;
    const char *name; /* of the input */
    rule_file *rules;
    rule_language language;
    selection selection;
    bool tells;      /* a line about each record in place of the record */
    bool why;        /* each step on standard error */
    bool keep_empty; /* subfields without a value stay */
    size_t number;   /* of the record at work, for the trace */
    size_t printed;  /* records, or lines; of one job only */
} application;

/* ---- telling */

static void append_shown(buffer *out, const char *tag, bool is, text content)
{
    marc_field field = { .content = content };
    if (!is)
        return;
    snprintf(field.tag, sizeof field.tag, "%s", tag);
    append_field_line(out, &field);
}

/* "FILE: record 3: rule 'Drop vendor fields', line 5, removeField: 938 \\ $a..." and, where it changed, " -> ..." */
static void tell_step(void *context, const rule_event *event)
{
    const application *act = context;
    buffer before, after;
    buffer_init(&before, 0);
    buffer_init(&after, 0);
    append_shown(&before, event->tag, event->had, event->before);
    append_shown(&after, event->tag, event->has, event->after);
    note("%s: record %zu: rule '%s', line %d, %s: %s%s%s", act->name, act->number, event->rule, event->line, event->action,
         event->had ? buffer_string(&before) : "new ", event->had ? event->has ? " -> " : " removed" : "", buffer_string(&after));
    buffer_release(&before);
    buffer_release(&after);
}

static void tell_unfired(const application *act, const marc_record *record)
{
    buffer said;
    buffer_init(&said, 0);
    rule_file_explain(&said, act->rules, record);
    for (text rest = buffer_text(&said); rest.bytes != NULL && rest.length > 0;) {
        text one = text_next_field(&rest, '\n');
        if (one.length > 0)
            note("%s: record %zu: %.*s", act->name, act->number, (int)one.length, one.bytes);
    }
    buffer_release(&said);
}

/* What an indication or brief level rule says of a record, in place of the record. */
static void print_verdict(const application *act, const rule_result *result, buffer *out)
{
    json_writer json;
    if (!act->line->json && act->language == RULES_INDICATION) {
        buffer_append_format(out, "%zu\t%s\n", act->number, result->indication ? "true" : "false");
    } else if (!act->line->json && result->brief_level == 0) {
        buffer_append_format(out, "%zu\t-\n", act->number);
    } else if (!act->line->json) {
        buffer_append_format(out, "%zu\t%02d\n", act->number, result->brief_level);
    } else {
        json_init(&json, out);
        json_open(&json, NULL, '{');
        json_integer(&json, "record", (int64_t)act->number);
        if (act->language == RULES_INDICATION)
            json_bool(&json, "indication", result->indication);
        else if (result->brief_level > 0)
            json_integer(&json, "brief_level", result->brief_level);
        json_integer(&json, "rules_fired", (int64_t)result->rules_fired);
        json_close(&json, '}');
        buffer_append_char(out, '\n');
    }
}

/* ---- one record */

static recto_status apply_quickly(void *context, marc_record *record, size_t number, buffer *out, bool *keep, recto_error *error)
{
    const application *act = context;
    rule_result result;
    (void)number;
    (void)out;
    (void)keep;
    return act->keep_empty ? rule_file_apply(&result, act->rules, record, NULL, NULL, error)
                           : rule_file_normalize(&result, act->rules, record, NULL, NULL, error);
}

static recto_status apply_one(void *context, marc_record *record, size_t number, buffer *out, bool *keep, recto_error *error)
{
    application *act = context;
    rule_result result;
    act->number = number;
    if (act->why)
        tell_unfired(act, record);
    const rule_trace trace = act->why ? tell_step : NULL;
    recto_status status = act->keep_empty ? rule_file_apply(&result, act->rules, record, trace, act, error)
                                          : rule_file_normalize(&result, act->rules, record, trace, act, error);
    if (status != RECTO_OK)
        return status;
    if (act->selection != SELECT_ALL)
        *keep = result.indication == (act->selection == SELECT_KEPT);
    if (act->tells)
        print_verdict(act, &result, out);
    act->printed += *keep;
    return RECTO_OK;
}

/* ---- the command */

typedef struct apply_options {
    const char *rule, *from, *to, *from_encoding, *to_encoding, *language, *zone, *jobs;
    const char *keep, *reject, *why, *keep_empty, *lossy, *references, *long_records;
    trial_options trial;
} apply_options;

/* Which of the two ways, and what comes out; false after a message. */
static bool choose_output(conversion *conversion, application *act, const apply_options *given)
{
    int64_t jobs = 1;
    const bool selects = given->keep != NULL || given->reject != NULL;
    if (given->keep != NULL && given->reject != NULL)
        return usage("--keep prints the records for which the rule says true, --reject the others; name one"), false;
    if (selects && act->language != RULES_INDICATION)
        return usage("--keep and --reject need an indication rule; this is a %s rule", rule_language_name(act->language)), false;
    if (given->jobs != NULL && !option_number("jobs", given->jobs, 1, 64, &jobs))
        return false;
    act->selection = given->keep != NULL ? SELECT_KEPT : given->reject != NULL ? SELECT_REJECTED : SELECT_ALL;
    act->why = given->why != NULL;
    act->keep_empty = given->keep_empty != NULL;
    act->tells = act->language != RULES_NORMALIZATION && !selects;
    if (act->line->json && !act->tells && given->to == NULL)
        conversion->writing.format = MARC_FORMAT_JSON;
    conversion->writes = !act->tells && (given->to == NULL || strcmp(given->to, "none") != 0);
    if (conversion->writes && conversion->writing.format == MARC_FORMAT_ISO2709 && act->line->out_is_terminal)
        return usage("binary MARC would upset the terminal; use > FILE or --to mrk"), false;
    const bool plain = act->language == RULES_NORMALIZATION && !act->why;
    conversion->jobs = plain ? (int)jobs : 1;
    conversion->step = plain ? apply_quickly : apply_one;
    return true;
}

static bool understand(conversion *conversion, const apply_options *given)
{
    marc_writer_options *writing = &conversion->writing;
    if (given->to == NULL || strcmp(given->to, "none") != 0)
        if (!format_named(&writing->format, given->to, MARC_FORMAT_LINE))
            return false;
    if (given->to_encoding != NULL && !marc_encoding_named(&writing->encoding, given->to_encoding))
        return usage("there is no encoding '%s'; there are utf-8 and marc-8", given->to_encoding), false;
    if (given->references != NULL && given->lossy != NULL)
        return usage("--references keeps what --lossy gives up; name one of them"), false;
    writing->lossy_references = given->references != NULL;
    writing->lossy = given->lossy != NULL;
    writing->long_records = given->long_records != NULL;
    return true;
}

static void note_oddity(void *context, const marc_oddity *oddity)
{
    convert_note(context, oddity);
}

static int apply_to_file(application *act, conversion *conversion, const apply_options *given)
{
    marc_reader_options reading = { .references = given->references != NULL,
                                    .report = note_oddity,
                                    .report_context = conversion };
    record_file file;
    recto_error error = { 0 };
    recto_status status = record_file_open(&file, act->name, given->from, given->from_encoding, &reading, &error);
    if (status != RECTO_OK)
        return report(&error);
    status = convert_file(conversion, &file, &error);
    record_file_close(&file);
    if (status != RECTO_OK)
        return report(&error);
    if (conversion->losses > 0)
        note("%s: %zu %s that MARC-8 lacks %s written as %s", act->name, conversion->losses,
             plural(conversion->losses, "character", "characters"), plural(conversion->losses, "was", "were"),
             given->references != NULL ? "references" : "question marks");
    int result = convert_exit_status(conversion);
    return result == 0 && act->selection != SELECT_ALL && act->printed == 0 ? 1 : result; /* nothing found, as grep */
}

static int apply_stream(command_line *line, const char *name, const apply_options *given)
{
    static const rule_language languages[] = { RULES_NORMALIZATION, RULES_INDICATION, RULES_BRIEF_LEVEL };
    conversion conversion = { .line = line, .name = name };
    application act = { .line = line, .name = name };
    rule_source source;
    recto_error error = { 0 };
    rule_language named;
    int result = 2;
    if (!understand(&conversion, given) || !language_named(&named, given->language))
        return 2;
    recto_status status = rule_source_find(&source, line, given->rule, given->zone, named != RULES_UNKNOWN ? &named : languages,
                                           named != RULES_UNKNOWN ? 1 : sizeof languages / sizeof *languages, &error);
    if (status == RECTO_OK && source.is_file)
        source.language = named;
    if (status == RECTO_OK)
        status = rule_source_parse(&act.rules, &source, &error);
    if (status == RECTO_OK && rule_file_language(act.rules) == RULES_MERGE)
        status = recto_fail(&error, RECTO_EUSAGE, source.name, "use it with recto merge", "a merge rule needs two records");
    conversion.step_context = &act;
    if (status == RECTO_OK) {
        act.language = rule_file_language(act.rules);
        if (choose_output(&conversion, &act, given))
            result = apply_to_file(&act, &conversion, given);
    }
    rule_file_free(act.rules);
    rule_source_release(&source);
    return status == RECTO_OK ? result : report(&error);
}

int command_rule_apply(command_line *line, int argc, char **argv)
{
    apply_options given = { 0 };
    trial_options *trial = &given.trial;
    const option_value options[] = {
        { "rule", true, &given.rule, NULL, NULL },
        { "from", true, &given.from, NULL, NULL },
        { "to", true, &given.to, NULL, NULL },
        { "from-encoding", true, &given.from_encoding, NULL, NULL },
        { "to-encoding", true, &given.to_encoding, NULL, NULL },
        { "language", true, &given.language, NULL, NULL },
        { "zone", true, &given.zone, NULL, NULL },
        { "jobs", true, &given.jobs, NULL, NULL },
        { "keep", false, &given.keep, NULL, NULL },
        { "reject", false, &given.reject, NULL, NULL },
        { "why", false, &given.why, NULL, NULL },
        { "keep-empty", false, &given.keep_empty, NULL, NULL },
        { "lossy", false, &given.lossy, NULL, NULL },
        { "references", false, &given.references, NULL, NULL },
        { "long-records", false, &given.long_records, NULL, NULL },
        { "dry-run", false, &trial->dry_run, NULL, NULL },
        { "set", true, &trial->set, NULL, NULL },
        { "index", true, &trial->index, NULL, NULL },
        { "type", true, &trial->type, NULL, NULL },
        { "sample", true, &trial->sample, NULL, NULL },
        { "diff", false, &trial->diff, NULL, NULL },
        { "apply-exactly", true, &trial->run, NULL, NULL },
    };
    int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands < 0)
        return 2;
    if (trial->run != NULL)
        return operands > 0 || given.rule != NULL || trial->set != NULL
                   ? usage("--apply-exactly takes the number of a dry run and nothing else: the rule and the set are its own")
                   : trial_apply(line, trial);
    if (given.rule == NULL)
        return usage("rule apply needs --rule FILE|NAME");
    if (trial->dry_run != NULL || trial->set != NULL)
        return operands > 0             ? usage("with --set the records are the repository's; name no file")
               : trial->set == NULL     ? usage("--dry-run needs --set QUERY")
               : trial->dry_run == NULL ? usage("on a set a rule is tried first: add --dry-run, then use --apply-exactly RUN")
                                        : trial_run(line, given.rule, given.zone, trial);
    if (operands > 1)
        return usage("rule apply takes one file of records; give several one after the other with cat");
    return apply_stream(line, operands == 1 ? argv[1] : "-", &given);
}
