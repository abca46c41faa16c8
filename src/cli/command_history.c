/* src/cli/command_history.c - recto diff, blame and restore: what became of a record, who did it, and taking it back.
 *
 * Fields are told in the line format. What the system keeps (005, the leader's lengths) differs between any two versions and is
 * left out of diff unless --all is given. */
#include "command_line.h"

#include "recto/catalog/history.h"

#include <stdlib.h>
#include <string.h>

static void put_id(json_writer *json, mms_id id)
{
    char digits[MMS_ID_LENGTH];
    mms_id_format(digits, id);
    json_string(json, "mms_id", digits);
}

/* ---- diff */

typedef struct comparison {
    command_line *line;
    mms_id id;
    int from, to;
    marc_record *left, *right;
    bool all;
    size_t shown;
    buffer text;
} comparison;

static void find_newest(void *context, const bib_version *version)
{
    int *newest = context;
    if (version->version > *newest)
        *newest = version->version;
}

static text field_text(comparison *work, const marc_record *record, size_t index)
{
    const marc_field field = record_difference_field(record, index);
    buffer_clear(&work->text);
    append_field_line(&work->text, &field);
    return buffer_text(&work->text);
}

static size_t occurrence_of(const marc_record *record, size_t index)
{
    size_t count = 1;
    for (size_t i = 0; index != DIFFERENCE_LEADER && i < index; i++)
        count += strcmp(marc_record_field(record, i)->tag, marc_record_field(record, index)->tag) == 0;
    return count;
}

static void print_difference_json(comparison *work, const record_difference *difference)
{
    static const char *const kinds[] = { "same", "removed", "added", "changed" };
    const bool of_left = difference->kind != DIFFERENCE_ONLY_RIGHT, of_right = difference->kind != DIFFERENCE_ONLY_LEFT;
    const marc_record *record = of_right ? work->right : work->left;
    const size_t index = of_right ? difference->right : difference->left;
    json_writer json;
    json_init(&json, &work->line->out);
    json_open(&json, NULL, '{');
    put_id(&json, work->id);
    json_integer(&json, "from_version", work->from);
    json_integer(&json, "to_version", work->to);
    json_string(&json, "kind", kinds[difference->kind]);
    json_string(&json, "tag", record_difference_field(record, index).tag);
    json_integer(&json, "occurrence", (int64_t)occurrence_of(record, index));
    if (of_left)
        json_text(&json, "before", field_text(work, work->left, difference->left));
    if (of_right)
        json_text(&json, "after", field_text(work, work->right, difference->right));
    json_close(&json, '}');
    print_end(work->line);
}

static void print_signed(comparison *work, char sign, const marc_record *record, size_t index)
{
    const text content = field_text(work, record, index);
    print_format(work->line, "%c", sign);
    print(work->line, content);
    print_end(work->line);
}

static void print_difference(comparison *work, const record_difference *difference)
{
    if (work->line->json) {
        print_difference_json(work, difference);
        return;
    }
    if (work->shown == 0)
        print_format(work->line, "--- %lld version %d\n+++ %lld version %d\n", (long long)work->id, work->from,
                     (long long)work->id, work->to);
    if (difference->kind != DIFFERENCE_ONLY_RIGHT)
        print_signed(work, '-', work->left, difference->left);
    if (difference->kind != DIFFERENCE_ONLY_LEFT)
        print_signed(work, '+', work->right, difference->right);
}

static recto_status print_differences(comparison *work, recto_error *error)
{
    record_difference *lines = NULL;
    size_t count = 0;
    recto_status status = record_difference_make(&lines, &count, work->left, work->right, error);
    for (size_t i = 0; status == RECTO_OK && i < count; i++) {
        if (lines[i].kind == DIFFERENCE_NONE || (!work->all && record_difference_is_system(&lines[i], work->left, work->right)))
            continue;
        print_difference(work, &lines[i]);
        work->shown++;
    }
    free(lines);
    return status;
}

/* Without numbers: the last save. With one: what was done since that version. */
static recto_status choose_versions(comparison *work, catalog *catalog, recto_error *error)
{
    int newest = 0;
    recto_status status = RECTO_OK;
    if (work->from == 0 || work->to == 0)
        status = catalog_versions(catalog, work->id, find_newest, &newest, error);
    if (status != RECTO_OK || newest == 0)
        return status;
    work->from = work->from != 0 ? work->from : newest > 1 ? newest - 1 : newest;
    work->to = newest;
    return RECTO_OK;
}

static recto_status compare(comparison *work, recto_error *error)
{
    catalog *catalog = NULL;
    recto_status status = open_catalog(&catalog, work->line, REPO_READ_ONLY, false, error);
    if (status == RECTO_OK)
        status = choose_versions(work, catalog, error);
    if (status == RECTO_OK)
        status = catalog_version_load(catalog, work->id, work->from, &work->left, error);
    if (status == RECTO_OK)
        status = catalog_version_load(catalog, work->id, work->to, &work->right, error);
    if (status == RECTO_OK)
        status = print_differences(work, error);
    catalog_close(catalog);
    return status;
}

static bool read_version(int *out, const char *typed)
{
    int64_t number = 0;
    if (typed == NULL)
        return true;
    if (!text_to_integer(text_from(typed), &number) || number < 1 || number > 1000000000) {
        usage("'%s' is no version; versions are numbers from 1, and recto versions lists them", typed);
        return false;
    }
    *out = (int)number;
    return true;
}

int command_diff(command_line *line, int argc, char **argv)
{
    const char *all = NULL;
    const option_value options[] = { { "all", false, &all, NULL, NULL } };
    comparison work = { .line = line };
    recto_error error = { 0 };
    int operands = read_options(argc, argv, options, 1);
    if (operands < 1 || operands > 3 || !mms_id_parse(&work.id, text_from(argv[1])))
        return operands < 0 ? 2 : usage("diff takes one MMS ID, and no, one or two version numbers");
    if (!read_version(&work.from, operands > 1 ? argv[2] : NULL) || !read_version(&work.to, operands > 2 ? argv[3] : NULL))
        return 2;
    work.all = all != NULL;
    buffer_init(&work.text, 0);
    recto_status status = compare(&work, &error);
    if (status == RECTO_OK && work.from == work.to && operands < 3)
        note("%lld has no version to compare its version %d with", (long long)work.id, work.from);
    else if (status == RECTO_OK && work.shown == 0)
        note("version %d and version %d of %lld do not differ", work.from, work.to, (long long)work.id);
    marc_record_free(work.left);
    marc_record_free(work.right);
    buffer_release(&work.text);
    return status != RECTO_OK ? report(&error) : work.shown > 0 ? 0 : 1;
}

/* ---- blame */

static void print_who(json_writer *json, const record_blame *blame, size_t version)
{
    const bib_version *made = &blame->versions[version];
    json_integer(json, "version", made->version);
    json_time(json, "saved_at", made->saved_at);
    json_string(json, "saved_by", made->saved_by);
    json_string(json, "origin", made->origin);
}

static void print_blame_json(command_line *line, mms_id id, const record_blame *blame, size_t at, const char *tag, text content)
{
    const blame_field *field = &blame->fields[at];
    json_writer json;
    json_init(&json, &line->out);
    json_open(&json, NULL, '{');
    put_id(&json, id);
    json_string(&json, "tag", tag);
    json_integer(&json, "occurrence", (int64_t)occurrence_of(blame->record, at == 0 ? DIFFERENCE_LEADER : at - 1));
    json_text(&json, "text", content);
    print_who(&json, blame, field->version);
    json_open(&json, "subfields", '[');
    for (size_t i = 1; i < field->part_count; i++) {
        const blame_part *part = &blame->parts[field->first_part + i];
        const char code[] = { part->code, '\0' };
        json_open(&json, NULL, '{');
        json_string(&json, "code", code);
        print_who(&json, blame, part->version);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    print_end(line);
}

static void print_blame(command_line *line, mms_id id, const record_blame *blame, bool subfields)
{
    buffer content;
    buffer_init(&content, 0);
    for (size_t i = 0; i < blame->field_count; i++) {
        const marc_field field = record_difference_field(blame->record, i == 0 ? DIFFERENCE_LEADER : i - 1);
        const blame_field *told = &blame->fields[i];
        const bib_version *version = &blame->versions[told->version];
        char saved[CLOCK_ISO_LENGTH];
        buffer_clear(&content);
        append_field_line(&content, &field);
        if (line->json) {
            print_blame_json(line, id, blame, i, field.tag, buffer_text(&content));
            continue;
        }
        clock_format_iso(saved, version->saved_at);
        print_format(line, "%d\t%s\t%s\t%s\t", version->version, saved, version->saved_by, version->origin);
        print(line, buffer_text(&content));
        for (size_t n = 1; subfields && n < told->part_count; n++) {
            const blame_part *part = &blame->parts[told->first_part + n];
            print_format(line, "%s%c:%d", n == 1 ? "\t" : " ", part->code != '\0' ? part->code : '?',
                         blame->versions[part->version].version);
        }
        print_end(line);
    }
    buffer_release(&content);
}

int command_blame(command_line *line, int argc, char **argv)
{
    const char *subfields = NULL;
    const option_value options[] = { { "subfields", false, &subfields, NULL, NULL } };
    catalog *catalog = NULL;
    record_blame blame = { .record = NULL };
    recto_error error = { 0 };
    mms_id id;
    int operands = read_options(argc, argv, options, 1);
    if (operands != 1 || !mms_id_parse(&id, text_from(argv[1])))
        return operands < 0 ? 2 : usage("blame takes one MMS ID");
    recto_status status = open_catalog(&catalog, line, REPO_READ_ONLY, false, &error);
    if (status == RECTO_OK)
        status = catalog_blame(&blame, catalog, id, NULL, &error);
    if (status == RECTO_OK && blame.record == NULL)
        status = recto_fail(&error, RECTO_ENOTFOUND, argv[1], NULL, "no such record");
    if (status == RECTO_OK)
        print_blame(line, id, &blame, subfields != NULL);
    if (status == RECTO_OK && blame.damaged > 0)
        note("%zu version%s could not be read; what changed there is told of the next", blame.damaged,
             blame.damaged == 1 ? "" : "s");
    record_blame_release(&blame);
    catalog_close(catalog);
    return status == RECTO_OK ? 0 : report(&error);
}

/* ---- restore */

/* "245", "650[2]". The tag goes to `tag` (4 bytes). */
static bool read_field(char *tag, size_t *occurrence, const char *typed)
{
    const size_t length = strlen(typed);
    int64_t number = 0;
    if (length == 3 || (length > 5 && typed[3] == '[' && typed[length - 1] == ']' &&
                        text_to_integer(text_of(typed + 4, length - 5), &number) && number > 0)) {
        memcpy(tag, typed, 3);
        tag[3] = '\0';
        *occurrence = (size_t)number;
        return true;
    }
    usage("--field takes a tag, or a tag and which of its fields: 245, 650[2]; not '%s'", typed);
    return false;
}

int command_restore(command_line *line, int argc, char **argv)
{
    const char *version_text = NULL, *field = NULL;
    const option_value options[] = { { "version", true, &version_text, NULL, NULL }, { "field", true, &field, NULL, NULL } };
    catalog *catalog = NULL;
    ingest_outcome outcome = { 0 };
    recto_error error = { 0 };
    char tag[4] = "";
    size_t occurrence = 0;
    int version = 0;
    mms_id id;
    int operands = read_options(argc, argv, options, 2);
    if (operands < 1 || operands > 2 || (operands == 2) == (version_text != NULL) || !mms_id_parse(&id, text_from(argv[1])))
        return operands < 0 ? 2 : usage("restore takes one MMS ID and one version: restore MMSID N, or --version N");
    if (!read_version(&version, operands == 2 ? argv[2] : version_text) ||
        (field != NULL && !read_field(tag, &occurrence, field)))
        return 2;
    recto_status status = open_catalog(&catalog, line, REPO_READ_WRITE, true, &error);
    if (status == RECTO_OK)
        status = catalog_restore(&outcome, catalog, id, version, field != NULL ? tag : NULL, occurrence, &error);
    if (status == RECTO_OK)
        print_save_outcome(line, &outcome);
    int result = status == RECTO_OK ? status_of_outcome(outcome.kind) : report(&error);
    ingest_outcome_release(&outcome);
    catalog_close(catalog);
    return result;
}
