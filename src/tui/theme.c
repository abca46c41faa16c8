/* src/tui/theme.c - reads theme files and gives every role its look.
 *
 * Lines are gathered as name and look, section by section as far as the terminal's colors reach; then each role takes the
 * longest name that it begins with. A fault costs its line. */
#include "theme.h"

#include "command.h"
#include "setting_lines.h"
#include "recto/base/nearest.h"
#include "recto/base/resource.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 400, INHERIT_DEPTH = 4, THEME_BYTES = 256 * 1024, NAME_LENGTH = 40 };

typedef struct rule {
    char name[NAME_LENGTH];
    look look;
} rule;

typedef struct reader {
    setting_lines lines;
    int colors;
    int section; /* 16, 256, 1 << 24, 0 mono; -1 before the first */
    rule *rules;
    size_t rule_count;
} reader;

static const char *const color_names[] = { "black",        "red",           "green",       "yellow",         "blue",
                                           "magenta",      "cyan",          "white",       "bright-black",   "bright-red",
                                           "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
                                           "bright-white" };
static const char *const attribute_names[] = { "bold", "dim", "italic", "underline", "reverse" }; /* bits of LOOK_ */
static const struct {
    const char *name;
    int colors;
} sections[] = { { "16", 16 }, { "256", 256 }, { "true", 1 << 24 }, { "mono", 0 } };

static void fault(reader *reader, const char *what, text name, const char *nearest)
{
    setting_fault(&reader->lines, what, name, nearest);
}

/* A role, or what some roles begin with: "alert" for "alert.block". */
static bool begins_a_role(const char *name)
{
    size_t length = strlen(name);
    for (int i = 0; i < ROLE_COUNT; i++) {
        const char *role = role_name((enum role)i);
        if (strncmp(role, name, length) == 0 && (role[length] == '\0' || role[length] == '.'))
            return true;
    }
    return false;
}

static void read_section(void *model, text name)
{
    reader *reader = model;
    const char *names[sizeof sections / sizeof *sections];
    char wanted[NAME_LENGTH] = "";
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        names[i] = sections[i].name;
        if (text_equal(name, text_from(names[i]))) {
            reader->section = sections[i].colors;
            return;
        }
    }
    reader->section = -1;
    setting_copy(wanted, sizeof wanted, name);
    const char *near = nearest_name(wanted, names, sizeof sections / sizeof *sections);
    fault(reader, "unknown section", name, near != NULL ? near : "16, 256, true, mono");
}

static bool read_color(int *out, text word)
{
    int64_t number;
    if (text_equal(word, TEXT("default"))) {
        *out = COLOR_DEFAULT;
        return true;
    }
    for (int i = 0; i < 16; i++)
        if (text_equal(word, text_from(color_names[i]))) {
            *out = i;
            return true;
        }
    if (word.length == 7 && word.bytes[0] == '#') {
        char digits[7] = { 0 };
        memcpy(digits, word.bytes + 1, 6);
        if (strspn(digits, "0123456789abcdefABCDEF") != 6)
            return false;
        *out = COLOR_RGB | (int)strtol(digits, NULL, 16);
        return true;
    }
    if (!text_to_integer(word, &number) || number < 0 || number > 255)
        return false;
    *out = (int)number;
    return true;
}

static bool read_attribute(unsigned *attributes, text word)
{
    for (unsigned i = 0; i < sizeof attribute_names / sizeof *attribute_names; i++)
        if (text_equal(word, text_from(attribute_names[i]))) {
            *attributes |= 1U << i;
            return true;
        }
    return text_equal(word, TEXT("normal"));
}

static void unknown_word(reader *reader, text word)
{
    const char *names[32];
    char wanted[NAME_LENGTH] = "";
    size_t count = 0;
    for (size_t i = 0; i < 16; i++)
        names[count++] = color_names[i];
    for (size_t i = 0; i < sizeof attribute_names / sizeof *attribute_names; i++)
        names[count++] = attribute_names[i];
    setting_copy(wanted, sizeof wanted, word);
    fault(reader, "unknown colour or attribute", word, nearest_name(wanted, names, count));
}

static bool read_look(reader *reader, look *out, text value)
{
    int colors = 0;
    *out = (look){ COLOR_DEFAULT, COLOR_DEFAULT, 0 };
    while (value.bytes != NULL && value.length > 0) {
        text word = text_trim(text_next_field(&value, ' '));
        if (word.length == 0 || read_attribute(&out->attributes, word))
            continue;
        int color;
        if (!read_color(&color, word)) {
            unknown_word(reader, word);
            return false;
        }
        if (reader->section == 0 && color != COLOR_DEFAULT) {
            fault(reader, "[mono] has attributes only, not", word, NULL);
            return false;
        }
        if (++colors > 2) {
            fault(reader, "more than a foreground and a background:", word, NULL);
            return false;
        }
        *(colors == 1 ? &out->foreground : &out->background) = color;
    }
    return true;
}

static void read_role(void *model, text left, text right)
{
    reader *reader = model;
    rule made = { 0 };
    if (!setting_copy(made.name, sizeof made.name, left) || made.name[0] == '\0' || !begins_a_role(made.name)) {
        const char *names[ROLE_COUNT];
        for (int i = 0; i < ROLE_COUNT; i++)
            names[i] = role_name((enum role)i);
        fault(reader, "unknown role", left, nearest_name(made.name, names, ROLE_COUNT));
        return;
    }
    if (reader->section == -1 || !read_look(reader, &made.look, right))
        return;
    bool holds = reader->section == 0 ? reader->colors == 0
                                      : reader->colors > 0 && reader->section <= (reader->colors < 16 ? 16 : reader->colors);
    if (!holds)
        return;
    for (size_t i = 0; i < reader->rule_count; i++)
        if (strcmp(reader->rules[i].name, made.name) == 0) {
            reader->rules[i] = made;
            return;
        }
    if (reader->rule_count < LINES_MAX)
        reader->rules[reader->rule_count++] = made;
}

/* A # begins a comment at the start of a line or after a blank; #rrggbb has a digit behind it. */
static text without_comment(text line)
{
    for (size_t i = 0; i < line.length; i++)
        if (line.bytes[i] == '#' && (i == 0 || ((line.bytes[i - 1] == ' ' || line.bytes[i - 1] == '\t') &&
                                                (i + 1 == line.length || line.bytes[i + 1] == ' '))))
            return text_trim(text_of(line.bytes, i));
    return text_trim(line);
}

static const char *find_equals(text line)
{
    return memchr(line.bytes, '=', line.length);
}

static void reader_init(reader *reader, const char *origin, int colors, buffer *faults)
{
    *reader = (struct reader){ .colors = colors, .section = -1 };
    reader->lines = (setting_lines){ .origin = origin,
                                     .faults = faults,
                                     .section = read_section,
                                     .setting = read_role,
                                     .strip = without_comment,
                                     .equals = find_equals,
                                     .form = "role = look",
                                     .unknown = "no such theme",
                                     .reader = reader };
}

static void read_all(reader *reader, text content)
{
    reader->section = -1;
    setting_lines_read(&reader->lines, content);
}

/* The longest rule name that is the role or its beginning up to a full stop; else "text"; else nothing. */
static const rule *rule_for(const reader *reader, const char *role)
{
    const rule *best = NULL, *plain = NULL;
    for (size_t i = 0; i < reader->rule_count; i++) {
        const rule *one = &reader->rules[i];
        size_t length = strlen(one->name);
        if (strcmp(one->name, "text") == 0)
            plain = one;
        if (strncmp(role, one->name, length) == 0 && (role[length] == '\0' || role[length] == '.') &&
            (best == NULL || length > strlen(best->name)))
            best = one;
    }
    return best != NULL ? best : plain;
}

static void give_looks(look out[static ROLE_COUNT], const reader *reader)
{
    for (int i = 0; i < ROLE_COUNT; i++) {
        const rule *found = rule_for(reader, role_name((role)i));
        if (found != NULL)
            out[i] = found->look;
    }
}

static recto_status load_file(reader *outer, const char *name, int depth, recto_error *error)
{
    char path[128];
    resource file;
    if (!setting_name_is_sound(name))
        return recto_fail(error, RECTO_EINVALID, name, "letters, digits, - and _", "not a name of a theme");
    snprintf(path, sizeof path, "themes/%s.theme", name);
    recto_status status = setting_file_open(&file, path, THEME_BYTES, true, outer->lines.faults, error);
    if (status == RECTO_ENOTFOUND)
        return recto_fail(error, RECTO_EINVALID, name, "slate, paper, high-contrast, mono, solarized", "no such theme");
    if (status != RECTO_OK)
        return status;
    reader first;
    reader_init(&first, file.origin, outer->colors, outer->lines.faults);
    if (depth < INHERIT_DEPTH)
        setting_lines_find_inherit(&first.lines, file.content);
    if (first.lines.inherit[0] != '\0')
        status = load_file(outer, first.lines.inherit, depth + 1, error);
    if (status == RECTO_OK) {
        outer->lines.origin = file.origin;
        read_all(outer, file.content);
    }
    resource_release(&file);
    return status;
}

static void plain_looks(look out[static ROLE_COUNT])
{
    for (int i = 0; i < ROLE_COUNT; i++)
        out[i] = (look){ COLOR_DEFAULT, COLOR_DEFAULT, 0 };
}

recto_status theme_load(look out[static ROLE_COUNT], const char *name, int colors, buffer *faults, recto_error *error)
{
    reader reader;
    reader_init(&reader, name, colors, faults);
    reader.rules = calloc(LINES_MAX, sizeof(rule));
    if (reader.rules == NULL)
        return recto_fail_memory(error, "reading the theme");
    recto_status status = load_file(&reader, name, 0, error);
    if (status == RECTO_OK) {
        plain_looks(out);
        give_looks(out, &reader);
    }
    free(reader.rules);
    return status;
}

size_t theme_read(look out[static ROLE_COUNT], const char *origin, text content, int colors, buffer *faults)
{
    reader reader;
    reader_init(&reader, origin, colors, faults);
    reader.rules = calloc(LINES_MAX, sizeof(rule));
    if (reader.rules == NULL)
        return 1;
    read_all(&reader, content);
    give_looks(out, &reader);
    free(reader.rules);
    return reader.lines.fault_count;
}
