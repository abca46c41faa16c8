/* tests/marc/reference_test.c - the shipped MARC 21 tables against every reference table of ../shared/data/reference.
 *
 * Each difference becomes one line: SOURCE KIND PLACE: what they have, what we have. tests/marc/reference_differences.txt
 * explains them, one line a difference with a tab and the reason. A difference without a reason fails, and so does a reason
 * without its difference. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recto/base/resource.h"
#include "recto/marc/tables.h"
#include "support/json_tree.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define REFERENCE    "../shared/data/reference/"
#define EXPLANATIONS "tests/marc/reference_differences.txt"

typedef struct comparison {
    marc_tables *tables;
    const char *source;
    marc_family family;
    bool marks_obsolete; /* does the source mark what is obsolete? */
    buffer lines;
    size_t compared;
} comparison;

static void difference(comparison *at, const char *kind, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void difference(comparison *at, const char *kind, const char *format, ...)
{
    char line[300];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    buffer_append_format(&at->lines, "%s %s %s\n", at->source, kind, line);
}

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "rb");
    enum { FILE_MAX = 1 << 23 };
    char *bytes = file != NULL ? calloc(FILE_MAX + 1, 1) : NULL;

    if (bytes != NULL)
        (void)!fread(bytes, 1, FILE_MAX, file);
    if (file != NULL)
        fclose(file);
    return bytes;
}

/* --- labels: of the same substance when they share a word of some length, or one is short --- */

static size_t take_word(const char **at, char *out, size_t size)
{
    size_t length = 0;

    while (**at != '\0' && !isalnum((unsigned char)**at) && (**at & 0x80) == 0)
        ++*at;
    for (; **at != '\0' && (isalnum((unsigned char)**at) || (**at & 0x80) != 0); ++*at)
        if (length + 1 < size)
            out[length++] = (char)tolower((unsigned char)**at);
    out[length] = '\0';
    return length;
}

static bool share_a_word(const char *a, const char *b)
{
    char left[64];
    char right[64];

    for (const char *at = a; take_word(&at, left, sizeof left) > 0;)
        for (const char *other = b; take_word(&other, right, sizeof right) > 0;) {
            size_t shorter = strlen(left) < strlen(right) ? strlen(left) : strlen(right);
            size_t enough = shorter > 5 ? 5 : shorter; /* "reproduction" and "reproduced" */
            if ((shorter >= 3 || strcmp(left, right) == 0) && strncmp(left, right, enough) == 0)
                return true;
        }
    return false;
}

static void compare_label(comparison *at, const char *place, const char *theirs, text ours)
{
    char own[300];

    snprintf(own, sizeof own, "%.*s", (int)ours.length, ours.bytes);
    if (theirs[0] != '\0' && !share_a_word(theirs, own))
        difference(at, "label", "%s: %.80s / %.80s", place, theirs, own);
}

/* --- fields --- */

static const char *member_label(const json_node *node)
{
    return node->value != NULL ? node->value : json_tree_string(node, "label");
}

static bool is_deprecated(const json_node *node)
{
    return json_tree_true(node, "deprecated") || strstr(member_label(node), "OBSOLETE") != NULL;
}

static void compare_indicator(comparison *at, const char *tag, const marc_field_definition *field, int which,
                              const json_node *theirs)
{
    const json_node *codes = json_tree_member(theirs, "codes") != NULL ? json_tree_member(theirs, "codes") : theirs;
    char seen[128] = "";

    for (const json_node *code = codes != NULL ? codes->first : NULL; code != NULL; code = code->next) {
        char value = code->key[0] == '#' ? ' ' : code->key[0];
        char place[32];
        if (strlen(code->key) != 1) /* "1-9" or "label" */
            continue;
        const marc_code *ours = marc_definition_indicator(field, which, value);
        snprintf(place, sizeof place, "%s ind%d=%c", tag, which, value == ' ' ? '#' : value);
        seen[(unsigned char)value & 127] = 1;
        at->compared++;
        if (field->indicator_count[which - 1] == 0)
            continue;
        if (ours == NULL)
            difference(at, "indicator-not-here", "%s: %.60s", place, member_label(code));
        else if (at->marks_obsolete && ours->obsolete != is_deprecated(code))
            difference(at, "indicator-obsolete", "%s: %s there, %s here", place, is_deprecated(code) ? "obsolete" : "current",
                       ours->obsolete ? "obsolete" : "current");
        if (ours != NULL && !text_equal(ours->label, TEXT("undefined")))
            compare_label(at, place, member_label(code), ours->label);
    }
    for (size_t i = 0; codes != NULL && codes->first != NULL && i < field->indicator_count[which - 1]; i++) {
        const marc_code *ours = &field->indicator_values[which - 1][i];
        char value = ours->code.bytes[0] == '#' ? ' ' : ours->code.bytes[0];
        if (!seen[(unsigned char)value & 127] && !ours->obsolete)
            difference(at, "indicator-only-here", "%s ind%d=%c: %.*s", tag, which, ours->code.bytes[0], (int)ours->label.length,
                       ours->label.bytes);
    }
}

static void compare_subfields(comparison *at, const char *tag, const marc_field_definition *field, const json_node *theirs)
{
    for (const json_node *node = theirs != NULL ? theirs->first : NULL; node != NULL; node = node->next) {
        char place[32];
        if (strlen(node->key) != 1)
            continue;
        const marc_subfield_definition *ours = marc_definition_subfield(field, node->key[0]);
        snprintf(place, sizeof place, "%s $%s", tag, node->key);
        at->compared++;
        if (ours == NULL) {
            difference(at, "subfield-not-here", "%s: %.60s%s", place, member_label(node),
                       is_deprecated(node) ? " (obsolete)" : "");
            continue;
        }
        if (ours->code == '*')
            continue;
        bool known_obsolete = ours->obsolete || is_deprecated(node);
        if (json_tree_member(node, "repeatable") != NULL && !known_obsolete &&
            json_tree_true(node, "repeatable") != ours->repeatable)
            difference(at, "subfield-repeatable", "%s: %s there, %s here", place, json_tree_true(node, "repeatable") ? "R" : "NR",
                       ours->repeatable ? "R" : "NR");
        if (ours->obsolete != is_deprecated(node))
            difference(at, "subfield-obsolete", "%s: %s there, %s here", place, is_deprecated(node) ? "obsolete" : "current",
                       ours->obsolete ? "obsolete" : "current");
        compare_label(at, place, member_label(node), ours->label);
    }
    for (size_t i = 0; theirs != NULL && i < field->subfield_count; i++) {
        const marc_subfield_definition *ours = &field->subfields[i];
        char code[2] = { ours->code, '\0' };
        if (!ours->obsolete && ours->code != '*' && json_tree_member(theirs, code) == NULL)
            difference(at, "subfield-only-here", "%s $%s: %.*s", tag, code, (int)ours->label.length, ours->label.bytes);
    }
}

static void compare_fields(comparison *at, const json_node *fields)
{
    for (const json_node *node = fields->first; node != NULL; node = node->next) {
        const marc_field_definition *ours = marc_tables_field(at->tables, at->family, node->key);
        if (strcmp(node->key, "LDR") == 0)
            continue;
        at->compared++;
        if (ours == NULL) {
            difference(at, "field-not-here", "%s: %.60s", node->key, json_tree_string(node, "label"));
            continue;
        }
        compare_label(at, node->key, json_tree_string(node, "label"), ours->label);
        if (json_tree_member(node, "repeatable") != NULL && json_tree_true(node, "repeatable") != ours->repeatable)
            difference(at, "field-repeatable", "%s: %s there, %s here", node->key,
                       json_tree_true(node, "repeatable") ? "R" : "NR", ours->repeatable ? "R" : "NR");
        if (ours->obsolete != is_deprecated(node))
            difference(at, "field-obsolete", "%s: %s there, %s here", node->key, is_deprecated(node) ? "obsolete" : "current",
                       ours->obsolete ? "obsolete" : "current");
        for (int which = 1; which <= 2; which++)
            compare_indicator(at, node->key, ours, which, json_tree_member(node, which == 1 ? "indicator1" : "indicator2"));
        compare_subfields(at, node->key, ours, json_tree_member(node, "subfields"));
    }
    for (int number = 1; number < 900; number++) {
        const char tag[4] = { (char)('0' + number / 100), (char)('0' + number / 10 % 10), (char)('0' + number % 10), '\0' };
        const marc_field_definition *ours = marc_tables_field(at->tables, at->family, tag);
        if (ours != NULL && !ours->obsolete && json_tree_member(fields, tag) == NULL)
            difference(at, "field-only-here", "%s: %.*s", tag, (int)ours->label.length, ours->label.bytes);
    }
}

/* --- positions --- */

static const marc_position *position_at(const marc_fixed_layout *layout, size_t start, size_t length)
{
    for (size_t i = 0; i < layout->position_count; i++)
        if (layout->positions[i].offset == start && layout->positions[i].length == length)
            return &layout->positions[i];
    return NULL;
}

static void compare_codes(comparison *at, const char *place, const marc_position *ours, const json_node *codes)
{
    for (const json_node *code = codes->first; code != NULL; code = code->next) {
        char name[96];
        const marc_code *found = NULL;
        if (strlen(code->key) != ours->unit_length)
            continue; /* a range in words; what it stands for is compared by its ends */
        found = marc_position_code(ours, text_from(code->key));
        snprintf(name, sizeof name, "%s=%s", place, code->key);
        at->compared++;
        if (found == NULL) {
            if (strspn(code->key, "|") != strlen(code->key)) /* fill is legal anywhere, list or not */
                difference(at, "code-not-here", "%s: %.60s%s", name, member_label(code),
                           is_deprecated(code) ? " (obsolete)" : "");
            continue;
        }
        if (found->obsolete != is_deprecated(code))
            difference(at, "code-obsolete", "%s: %s there, %s here", name, is_deprecated(code) ? "obsolete" : "current",
                       found->obsolete ? "obsolete" : "current");
        compare_label(at, name, member_label(code), found->label);
    }
    for (size_t i = 0; codes->first != NULL && i < ours->code_count; i++) {
        char key[8] = "";
        const marc_code *code = &ours->codes[i];
        if (code->obsolete || code->code.length >= sizeof key || code->code.bytes[0] == '|')
            continue;
        for (size_t j = 0; j < code->code.length; j++)
            key[j] = code->code.bytes[j] == '#' ? ' ' : code->code.bytes[j];
        if (code->code.length == ours->unit_length && json_tree_member(codes, key) == NULL)
            difference(at, "code-only-here", "%s=%s: %.*s", place, key, (int)code->label.length, code->label.bytes);
    }
}

static void compare_positions(comparison *at, const char *name, const marc_fixed_layout *layout, const json_node *positions)
{
    for (const json_node *node = positions->first; node != NULL; node = node->next) {
        size_t start = strtoul(json_tree_string(node, "start"), NULL, 10);
        size_t end = strtoul(json_tree_string(node, "end"), NULL, 10);
        const marc_position *ours = position_at(layout, start, end - start + 1);
        const json_node *codes = json_tree_member(node, "codes");
        char place[80];
        snprintf(place, sizeof place, "%s/%s", name, node->key);
        at->compared++;
        if (ours == NULL) {
            difference(at, "position-not-here", "%s: %.60s", place, json_tree_string(node, "label"));
            continue;
        }
        compare_label(at, place, json_tree_string(node, "label"), ours->label);
        if (codes != NULL && codes->first != NULL && ours->code_count > 0)
            compare_codes(at, place, ours, codes);
        else if (codes != NULL && codes->first != NULL)
            difference(at, "position-uncoded", "%s: coded there, any text here", place);
    }
}

/** Our layout of that name, whatever leader or first byte it takes. */
static const marc_fixed_layout *layout_named(const comparison *at, const char *tag, const char *name)
{
    static const char types[] = "aabcdefghijkmopqrstvz";

    for (size_t i = 0; types[i] != '\0'; i++) {
        for (const char *level = "ms"; *level != '\0'; level++) {
            char leader[] = "00000nam a2200000 i 4500";
            leader[6] = types[i];
            leader[7] = *level;
            const marc_fixed_layout *layout = marc_tables_fixed(at->tables, at->family, tag, leader, text_of(&types[i], 1));
            if (layout != NULL && text_equal(layout->name, text_from(name)))
                return layout;
        }
    }
    return NULL;
}

static void compare_types(comparison *at, const json_node *fields)
{
    static const char *const tags[] = { "006", "007", "008" };

    for (size_t i = 0; i < COUNT(tags); i++) {
        const json_node *types = json_tree_member(json_tree_member(fields, tags[i]), "types");
        for (const json_node *type = types != NULL ? types->first : NULL; type != NULL; type = type->next) {
            bool common = strcmp(type->key, "All Materials") == 0 || strcmp(type->key, "Common") == 0;
            const marc_fixed_layout *layout = layout_named(at, tags[i],
                                                           !common                       ? type->key
                                                           : strcmp(tags[i], "007") == 0 ? "Map"
                                                                                         : "Books");
            char name[64];
            snprintf(name, sizeof name, "%s %s", tags[i], type->key);
            if (layout == NULL)
                difference(at, "layout-not-here", "%s", name);
            else
                compare_positions(at, name, layout, json_tree_member(type, "positions"));
        }
    }
}

static void compare_plain_layout(comparison *at, const json_node *fields, const char *tag, char type)
{
    const json_node *positions = json_tree_member(json_tree_member(fields, tag), "positions");
    char leader[] = "00000nam a2200000 i 4500";

    leader[6] = type;
    if (positions != NULL)
        compare_positions(at, tag, marc_tables_fixed(at->tables, at->family, tag, leader, TEXT("")), positions);
}

/* --- code lists --- */

/** "code<TAB>label" with "-" before a discontinued code, or "code: label" and "'code': 'label'". */
static bool read_pair(char *line, char **code, char **label, bool *discontinued)
{
    char *separator = strchr(line, '\t');

    if (line[0] == '#' || line[0] == '\0' || strncmp(line, "code\t", 5) == 0 || strncmp(line, "---", 3) == 0)
        return false;
    *discontinued = separator != NULL && line[0] == '-';
    *code = line + (*discontinued ? 1 : 0);
    if (separator == NULL)
        separator = strchr(line, ':');
    if (separator == NULL)
        return false;
    *separator = '\0';
    *label = separator + 1 + strspn(separator + 1, " ");
    for (char **part = code; part != NULL; part = part == code ? label : NULL) {
        size_t length = strlen(*part);
        if (length >= 2 && (**part == '\'' || **part == '"') && (*part)[length - 1] == **part) {
            (*part)[length - 1] = '\0';
            ++*part;
        }
    }
    return true;
}

static void compare_list(comparison *at, char *bytes, const char *list, bool whole)
{
    size_t count = 0;
    const marc_code *codes = marc_tables_list(at->tables, list, &count);
    bool *seen = calloc(count + 1, sizeof *seen);

    assert_non_null(seen);
    for (char *line = strtok_r(bytes, "\r\n", &bytes); line != NULL; line = strtok_r(NULL, "\r\n", &bytes)) {
        char *code = NULL;
        char *label = NULL;
        bool discontinued = false;
        if (strncmp(line, "# ISO 639-3", 11) == 0) /* what follows is another list than MARC's */
            break;
        if (!read_pair(line, &code, &label, &discontinued))
            continue;
        while (strlen(code) > 0 && code[strlen(code) - 1] == '-')
            code[strlen(code) - 1] = '\0';
        const marc_code *ours = marc_tables_code(at->tables, list, text_from(code));
        at->compared++;
        if (ours == NULL) {
            difference(at, "code-not-here", "%s %s: %.60s", list, code, label);
            continue;
        }
        seen[ours - codes] = true;
        if (at->marks_obsolete && ours->obsolete != discontinued)
            difference(at, "code-obsolete", "%s %s: %s there, %s here", list, code, discontinued ? "discontinued" : "current",
                       ours->obsolete ? "discontinued" : "current");
        compare_label(at, code, label, ours->label);
    }
    for (size_t i = 0; whole && i < count; i++)
        if (!seen[i] && codes[i].code.bytes[0] != '|')
            difference(at, "code-only-here", "%s %.*s: %.*s", list, (int)codes[i].code.length, codes[i].code.bytes,
                       (int)codes[i].label.length, codes[i].label.bytes);
    free(seen);
}

/* --- all sources --- */

static void compare_avram(comparison *at, const char *file, const char *source, marc_family family)
{
    char *bytes = read_all(file);
    json_node *tree = bytes != NULL ? json_tree_parse(bytes) : NULL;
    const json_node *fields = json_tree_member(tree, "fields");

    assert_non_null(fields);
    at->source = source;
    at->family = family;
    at->marks_obsolete = family == MARC_BIBLIOGRAPHIC;
    compare_fields(at, fields);
    compare_plain_layout(at, fields, "LDR", family == MARC_AUTHORITY ? 'z' : 'a');
    if (family == MARC_AUTHORITY)
        compare_plain_layout(at, fields, "008", 'z');
    else
        compare_types(at, fields);
    json_tree_free(tree);
    free(bytes);
}

static void compare_tag_tables(comparison *at)
{
    static const struct {
        const char *name, *source;
        marc_family family;
    } formats[] = {
        { "bibliographic", "tags-bib", MARC_BIBLIOGRAPHIC },
        { "authority", "tags-auth", MARC_AUTHORITY },
        { "holdings", "tags-hold", MARC_HOLDINGS },
    };
    char *bytes = read_all(REFERENCE "marc21-tag-tables.json");
    json_node *tree = bytes != NULL ? json_tree_parse(bytes) : NULL;

    assert_non_null(tree);
    at->marks_obsolete = false;
    for (size_t i = 0; i < COUNT(formats); i++) {
        at->source = formats[i].source;
        at->family = formats[i].family;
        compare_fields(at, json_tree_member(json_tree_member(tree, "formats"), formats[i].name));
    }
    json_tree_free(tree);
    free(bytes);
}

static void compare_lists(comparison *at)
{
    static const struct {
        const char *file, *list;
        bool marks, whole;
    } lists[] = {
        { "countries.tsv", "country", true, true },
        { "languages.tsv", "language", true, true },
        { "relators.tsv", "relator", true, true },
        { "geographic-areas.tsv", "gac", true, true },
        { "countries-trln.yaml", "country", false, true },
        { "relators-trln.yaml", "relator", false, true },
        { "geographic-areas-traject.yaml", "gac", false, true },
        { "languages-traject.yaml", "language", false, true },
    };

    for (size_t i = 0; i < COUNT(lists); i++) {
        char path[160];
        snprintf(path, sizeof path, REFERENCE "%s", lists[i].file);
        char *bytes = read_all(path);
        assert_non_null(bytes);
        at->source = lists[i].file;
        at->marks_obsolete = lists[i].marks;
        compare_list(at, bytes, lists[i].list, lists[i].whole);
        free(bytes);
    }
}

/* --- explanations --- */

static bool has_line(const char *lines, const char *line, size_t length)
{
    for (const char *at = strstr(lines, ""); (at = memmem(at, strlen(at), line, length)) != NULL; at += length)
        if ((at == lines || at[-1] == '\n') && (at[length] == '\n' || at[length] == '\t'))
            return true;
    return false;
}

static size_t count_unexplained(const char *differences, const char *explanations)
{
    size_t unexplained = 0;

    for (const char *at = differences; *at != '\0'; at += strcspn(at, "\n") + 1) {
        size_t length = strcspn(at, "\n");
        if (has_line(explanations, at, length))
            continue;
        if (++unexplained <= 20)
            print_message("           no reason: %.*s\n", (int)length, at);
    }
    return unexplained;
}

static size_t count_outlived(const char *differences, const char *explanations)
{
    size_t outlived = 0;

    for (const char *at = explanations; *at != '\0'; at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n')) {
        size_t length = strcspn(at, "\t\n");
        if (at[0] == '#' || length == 0)
            continue;
        bool reasoned = at[length] == '\t' && strcspn(at + length + 1, "\n") > 3;
        if (reasoned && has_line(differences, at, length))
            continue;
        if (++outlived <= 20)
            print_message("           %s: %.*s\n", reasoned ? "no longer so" : "without a reason", (int)length, at);
    }
    return outlived;
}

static void load_shipped(marc_tables **out)
{
    size_t count = 0;
    const char *const *files = marc_tables_files(&count);

    assert_int_equal(marc_tables_new(out, NULL), RECTO_OK);
    for (size_t i = 0; i < count; i++) {
        resource file;
        assert_int_equal(resource_open_built_in(&file, files[i], NULL), RECTO_OK);
        assert_int_equal(marc_tables_add(*out, file.content, files[i], NULL), RECTO_OK);
        resource_release(&file);
    }
}

static void shipped__differs_from_the_references_only_with_a_reason(void **state)
{
    comparison at = { .tables = NULL };
    char *explanations = read_all(EXPLANATIONS);
    FILE *there = fopen(REFERENCE "marc21-tag-tables.json", "rb");
    const char *keep = getenv("REFERENCE_DIFFERENCES"); /* a file for all differences, to write reasons from */

    (void)state;
    if (there == NULL) {
        print_message("skipped: ../shared/data/reference is not here\n");
        free(explanations);
        skip();
        return;
    }
    fclose(there);
    load_shipped(&at.tables);
    buffer_init(&at.lines, 0);
    compare_avram(&at, REFERENCE "marc21-bibliographic.avram.json", "avram-bib", MARC_BIBLIOGRAPHIC);
    compare_avram(&at, REFERENCE "marc21-authority.avram.json", "avram-auth", MARC_AUTHORITY);
    compare_tag_tables(&at);
    compare_lists(&at);
    const char *differences = buffer_string(&at.lines);
    FILE *kept = keep != NULL ? fopen(keep, "w") : NULL;
    if (kept != NULL) {
        fputs(differences, kept);
        fclose(kept);
    }
    assert_true(at.compared > 10000);
    size_t unexplained = count_unexplained(differences, explanations != NULL ? explanations : "");
    size_t outlived = count_outlived(differences, explanations != NULL ? explanations : "");
    print_message("           %zu facts compared, %zu differences without a reason, %zu reasons without a difference\n",
                  at.compared, unexplained, outlived);
    buffer_release(&at.lines);
    marc_tables_free(at.tables);
    free(explanations);
    assert_int_equal(unexplained, 0);
    assert_int_equal(outlived, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(shipped__differs_from_the_references_only_with_a_reason) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
