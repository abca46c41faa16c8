/* src/rules/expression.c - regular expressions in Java's syntax, run by PCRE2 within limits.
 *
 * Rule writers know Java's. PCRE2 takes [a-z&&[^aeiou]] and matches something else, so what differs in meaning is refused with
 * its position; \uXXXX and \p{IsLatin} are translated. An expression comes from a stranger: matching has a limit. */
#include "pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

struct expression {
    pcre2_code *code;
    pcre2_match_context *limits;
};

/* ---- translation ------------------------------------------------------------------------------------------------- */

typedef struct translator {
    text source;
    size_t at;
    bool in_class;
    const char *code;
    buffer out;
    text_fault *fault;
} translator;

static bool refuse(const translator *t, size_t at, const char *what)
{
    return text_fault_set(t->fault, t->code, "regular expression, character %zu: %s", at + 1, what);
}

static size_t backslash_run(const translator *t)
{
    size_t run = 0;
    while (run < 4 && t->at + run < t->source.length && t->source.bytes[t->at + run] == '\\')
        run++;
    return run;
}

/* Java's POSIX classes are ASCII; its properties with Is are scripts, or binary properties under their long names. */
static const char *const properties[][2] = {
    { "Lower", "[:lower:]" }, { "Upper", "[:upper:]" }, { "ASCII", "[:ascii:]" }, { "Alpha", "[:alpha:]" },
    { "Digit", "[:digit:]" }, { "Alnum", "[:alnum:]" }, { "Punct", "[:punct:]" }, { "Graph", "[:graph:]" },
    { "Print", "[:print:]" }, { "Blank", "[:blank:]" }, { "Cntrl", "[:cntrl:]" }, { "XDigit", "[:xdigit:]" },
    { "Space", "[:space:]" }, { "IsAlphabetic", "L" },  { "IsLetter", "L" },      { "IsDigit", "Nd" },
    { "IsUppercase", "Lu" },  { "IsLowercase", "Ll" },  { "IsPunctuation", "P" }, { "IsWhite_Space", "Z" },
};

static const char *property_named(text name)
{
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
        if (text_equal(name, text_from(properties[i][0])))
            return properties[i][1];
    return NULL;
}

static void put_posix(translator *t, bool negated, const char *class)
{
    buffer_append_format(&t->out, t->in_class ? "[:%s%s" : "[[:%s%s", negated ? "^" : "", class + 2);
    if (!t->in_class)
        buffer_append_char(&t->out, ']');
}

/* \p{Name} or \P{Name}; t->at is at the letter. */
static bool translate_property(translator *t)
{
    bool negated = t->source.bytes[t->at] == 'P';
    const char *begin = t->source.bytes + t->at;
    size_t left = t->source.length - t->at;
    const char *close = left > 1 && begin[1] == '{' ? memchr(begin, '}', left) : NULL;
    if (close == NULL) { /* \pL is the same in both */
        buffer_append_format(&t->out, "\\%c", begin[0]);
        t->at++;
        return true;
    }
    text name = text_of(begin + 2, (size_t)(close - begin) - 2);
    const char *known = property_named(name);
    if (known != NULL && known[0] == '[') {
        put_posix(t, negated, known);
    } else if (known != NULL) {
        buffer_append_format(&t->out, "\\%c{%s}", begin[0], known);
    } else if (text_starts(name, TEXT("In")) || text_starts(name, TEXT("java")) || memchr(name.bytes, '=', name.length) != NULL) {
        return refuse(t, t->at, "a block or named property has no equal here, expected a script such as \\p{IsLatin}");
    } else {
        text plain = text_starts(name, TEXT("Is")) ? text_of(name.bytes + 2, name.length - 2) : name;
        buffer_append_format(&t->out, "\\%c{%.*s}", begin[0], (int)plain.length, plain.bytes);
    }
    t->at += name.length + 3;
    return true;
}

static bool translate_escape(translator *t)
{
    size_t begin = t->at;
    t->at += backslash_run(t);
    if (t->at == t->source.length)
        return refuse(t, begin, "\\ at the end");
    char letter = t->source.bytes[t->at];
    if (letter == 'p' || letter == 'P')
        return translate_property(t);
    if (letter == 'u') {
        if (t->source.length - t->at < 5 || strspn(t->source.bytes + t->at + 1, "0123456789abcdefABCDEF") < 4)
            return refuse(t, begin, "\\u without four hexadecimal digits");
        buffer_append_format(&t->out, "\\x{%.4s}", t->source.bytes + t->at + 1);
        t->at += 5;
        return true;
    }
    if (letter == 'C' || letter == 'K' || letter == 'g')
        return refuse(t, begin, "this escape is not one of Java's");
    buffer_append_char(&t->out, '\\');
    buffer_append_char(&t->out, letter);
    t->at++;
    return true;
}

static bool translate_in_class(translator *t)
{
    char sign = t->source.bytes[t->at];
    if (sign == '[')
        return refuse(t, t->at, "a class inside a class (union) is not supported");
    if (sign == '&' && t->at + 1 < t->source.length && t->source.bytes[t->at + 1] == '&')
        return refuse(t, t->at, "intersection of classes (&&) is not supported");
    if (sign == ']')
        t->in_class = false;
    buffer_append_char(&t->out, sign);
    t->at++;
    return true;
}

/* (?U) is Unicode classes in Java and lazy matching in PCRE2; (*...) and (?R) Java does not know. */
static bool check_group(const translator *t)
{
    text rest = text_of(t->source.bytes + t->at + 1, t->source.length - t->at - 1);
    if (text_starts(rest, TEXT("*")))
        return refuse(t, t->at, "(* is not one of Java's groups");
    if (!text_starts(rest, TEXT("?")))
        return true;
    for (size_t i = 1; i < rest.length; i++) {
        char sign = rest.bytes[i];
        if (strchr("imsx-", sign) != NULL && sign != '\0')
            continue;
        if (strchr(":)=!<>", sign) != NULL && sign != '\0')
            return true;
        return refuse(t, t->at, "a group or flag that has no equal here");
    }
    return true;
}

static bool open_class(translator *t)
{
    t->in_class = true;
    buffer_append_char(&t->out, t->source.bytes[t->at++]);
    if (t->at < t->source.length && t->source.bytes[t->at] == '^')
        buffer_append_char(&t->out, t->source.bytes[t->at++]);
    if (t->at < t->source.length && t->source.bytes[t->at] == ']')
        return refuse(t, t->at, "an empty class, expected \\] for the character itself");
    return true;
}

static bool translate_one(translator *t)
{
    char sign = t->source.bytes[t->at];
    if (sign == '\\')
        return translate_escape(t);
    if (t->in_class)
        return translate_in_class(t);
    if (sign == '[')
        return open_class(t);
    if (sign == '(' && !check_group(t))
        return false;
    buffer_append_char(&t->out, sign);
    t->at++;
    return true;
}

/* ---- compiling --------------------------------------------------------------------------------------------------- */

static bool compile_translated(expression *made, const translator *t, bool whole)
{
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY | PCRE2_DOTALL;
    char words[100] = "";
    int number = 0;
    size_t offset = 0;
    if (whole)
        options |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    made->code = pcre2_compile((PCRE2_SPTR)buffer_string(&t->out), t->out.length, options, &number, &offset, NULL);
    if (made->code == NULL) {
        if (number == PCRE2_ERROR_NOMEMORY)
            return false;
        pcre2_get_error_message(number, (PCRE2_UCHAR *)words, sizeof words);
        return refuse(t, offset, words);
    }
    made->limits = pcre2_match_context_create(NULL);
    if (made->limits == NULL)
        return false;
    pcre2_set_match_limit(made->limits, EXPRESSION_MATCH_LIMIT);
    pcre2_set_depth_limit(made->limits, EXPRESSION_DEPTH_LIMIT);
    (void)pcre2_jit_compile(made->code, PCRE2_JIT_COMPLETE); /* where there is none, matches take longer */
    return true;
}

bool expression_compile(expression **out, text java, bool whole, const char *code, text_fault *fault)
{
    translator t = { .source = java, .code = code, .fault = fault };
    expression *made = NULL;
    bool good = false;

    fault->code = NULL;
    if (java.length > EXPRESSION_LENGTH_LIMIT)
        return text_fault_set(fault, code, "regular expression longer than %d bytes", EXPRESSION_LENGTH_LIMIT);
    buffer_init(&t.out, 16 * EXPRESSION_LENGTH_LIMIT);
    while (t.at < java.length)
        if (!translate_one(&t))
            goto out;
    made = calloc(1, sizeof *made);
    good = made != NULL && !buffer_failed(&t.out) && compile_translated(made, &t, whole);
    if (good) {
        *out = made;
        made = NULL;
    }
out:
    expression_free(made);
    buffer_release(&t.out);
    return good;
}

void expression_free(expression *expression)
{
    if (expression == NULL)
        return;
    pcre2_match_context_free(expression->limits);
    pcre2_code_free(expression->code);
    free(expression);
}

/* ---- matching ---------------------------------------------------------------------------------------------------- */

expression_answer expression_find(const expression *expression, text value, size_t *spans)
{
    pcre2_match_data *found = pcre2_match_data_create(EXPRESSION_GROUPS, NULL);
    if (found == NULL)
        return EXPRESSION_NO_MEMORY;
    int count = pcre2_match(expression->code, (PCRE2_SPTR)(value.length > 0 ? value.bytes : ""), value.length, 0, 0, found,
                            expression->limits);
    expression_answer answer = count >= 0                      ? EXPRESSION_YES
                               : count == PCRE2_ERROR_NOMATCH  ? EXPRESSION_NO
                               : count == PCRE2_ERROR_NOMEMORY ? EXPRESSION_NO_MEMORY
                                                               : EXPRESSION_LIMIT;
    if (count >= 0 && spans != NULL) {
        const size_t *vector = pcre2_get_ovector_pointer(found);
        size_t set = count == 0 ? EXPRESSION_GROUPS : (size_t)count;
        for (size_t i = 0; i < 2 * (size_t)EXPRESSION_GROUPS; i++)
            spans[i] = i < 2 * set ? vector[i] : SIZE_MAX;
    }
    pcre2_match_data_free(found);
    return answer;
}

bool expression_matches(const void *expression, text value)
{
    return expression_find(expression, value, NULL) == EXPRESSION_YES;
}
