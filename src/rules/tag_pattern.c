/* src/rules/tag_pattern.c - tags, indicators and subfield codes as they stand in rules. @spec rules.md 1.2 */
#include "pattern.h"

#include "recto/marc/record.h"

#include <string.h>

static bool is_tag_character(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '*';
}

static int tag_number(const tag_pattern *pattern)
{
    int number = 0;
    if (pattern->length != MARC_TAG_LENGTH)
        return -1;
    for (size_t i = 0; i < MARC_TAG_LENGTH; i++) {
        if (pattern->text[i] < '0' || pattern->text[i] > '9')
            return -1;
        number = number * 10 + (pattern->text[i] - '0');
    }
    return number;
}

bool tag_pattern_parse(tag_pattern *out, text raw, text_fault *fault)
{
    *out = (tag_pattern){ .number = -1 };
    if (raw.length == 0)
        return text_fault_set(fault, "E20", "tag is missing, expected a tag such as 245 or 6**");
    for (size_t i = 0; i < raw.length; i++)
        if (!is_tag_character(raw.bytes[i]))
            return text_fault_set(fault, "E20", "bad tag, expected letters, digits or * before the first period");
    if (raw.length > TAG_LIMIT)
        return text_fault_set(fault, "E20", "tag of %zu characters, expected at most %d", raw.length, TAG_LIMIT);
    memcpy(out->text, raw.bytes, raw.length);
    out->length = (unsigned char)raw.length;
    while (out->prefix < out->length && out->text[out->prefix] != '*')
        out->prefix++;
    out->wild = out->prefix < out->length;
    out->open = out->wild && strspn(out->text + out->prefix, "*") == (size_t)(out->length - out->prefix);
    out->number = tag_number(out);
    return true;
}

/* Two patterns of at most nine characters: recursion is at most eighteen deep, and asterisks in a row are one. */
static bool meet(const char *a, const char *b)
{
    if (*a == '\0' && *b == '\0')
        return true;
    if (*a == '*' || *b == '*') {
        const char *star = *a == '*' ? a : b;
        const char *other = *a == '*' ? b : a;
        return meet(star + 1, other) || (*other != '\0' && meet(star, other + 1));
    }
    return *a != '\0' && *a == *b && meet(a + 1, b + 1);
}

bool tag_pattern_matches(const tag_pattern *pattern, const char *tag)
{
    if (!pattern->wild)
        return strcmp(pattern->text, tag) == 0;
    if (strncmp(pattern->text, tag, pattern->prefix) != 0)
        return false;
    return pattern->open || meet(pattern->text + pattern->prefix, tag + pattern->prefix);
}

bool tag_pattern_is_leader(const tag_pattern *pattern)
{
    return strcmp(pattern->text, "LDR") == 0;
}

bool tag_pattern_is_control(const tag_pattern *pattern)
{
    return tag_pattern_is_leader(pattern) ||
           (!pattern->wild && pattern->length == MARC_TAG_LENGTH && marc_tag_is_control(pattern->text));
}

bool tag_patterns_meet(const tag_pattern *a, const tag_pattern *b)
{
    return meet(a->text, b->text);
}

bool tag_pattern_never(const tag_pattern *pattern)
{
    size_t letters = 0;
    for (size_t i = 0; i < pattern->length; i++)
        letters += pattern->text[i] != '*';
    return pattern->wild ? letters > MARC_TAG_LENGTH : letters < MARC_TAG_LENGTH;
}

bool indicator_parse(char *out, text raw, text_fault *fault)
{
    text trimmed = text_trim(raw);
    if (trimmed.length > 1)
        return text_fault_set(fault, "E24",
                              "indicator longer than one character, expected one character, * for any or - for blank");
    char sign = trimmed.length == 0 ? ' ' : trimmed.bytes[0];
    *out = sign == '*' ? '\0' : sign == '-' || sign == '#' ? ' ' : sign;
    return true;
}

bool code_parse(char *out, text raw, text_fault *fault)
{
    if (raw.length != 1 || raw.bytes[0] < '!' || raw.bytes[0] > '~')
        return text_fault_set(fault, "E26", "subfield code is not one character, expected a code such as a");
    *out = raw.bytes[0];
    return true;
}
