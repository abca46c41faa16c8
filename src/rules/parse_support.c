/* src/rules/parse_support.c - faults and the tokens that are expected. See parse.h. */
#include "parse.h"

#include "recto/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

place place_of_token(const token *token)
{
    return (place){ token->line, token->column, token->length };
}

place place_of_quoted(const quoted *quoted)
{
    return (place){ quoted->line, quoted->column, quoted->length };
}

place place_of_condition(const condition *condition)
{
    return (place){ condition->line, condition->column, condition->length };
}

static void deliver(parser *p, place at, bool warning, const char *code, const char *message)
{
    rule_fault fault = {
        .line = at.line, .column = at.column, .length = at.length < 1 ? 1 : at.length, .warning = warning, .code = code
    };
    buffer shown;
    buffer_init(&shown, 0);
    (void)display_cut(&shown, text_from(message), (int)sizeof fault.message / 4 * 3, true);
    (void)snprintf(fault.message, sizeof fault.message, "%s", buffer_string(&shown));
    p->no_memory = p->no_memory || buffer_failed(&shown);
    buffer_release(&shown);
    if (p->report != NULL)
        p->report(p->context, &fault);
    if (warning || p->errors++ > 0)
        return;
    char where[RECTO_ERROR_WHERE];
    (void)snprintf(where, sizeof where, "%.*s:%d:%d", RECTO_ERROR_WHERE - 30, p->name, at.line, at.column);
    recto_fail(p->error, RECTO_EDATA, where, "correct the rule file", "%s %s", code, fault.message);
}

bool parse_error(parser *p, place at, const char *code, const char *message, ...)
{
    char words[480];
    va_list arguments;
    va_start(arguments, message);
    (void)vsnprintf(words, sizeof words, message, arguments);
    va_end(arguments);
    deliver(p, at, false, code, words);
    return false;
}

void parse_warning(parser *p, place at, const char *code, const char *message, ...)
{
    char words[480];
    va_list arguments;
    va_start(arguments, message);
    (void)vsnprintf(words, sizeof words, message, arguments);
    va_end(arguments);
    deliver(p, at, true, code, words);
}

static void append_found(buffer *out, const parser *p)
{
    if (p->token.kind == TOKEN_END) {
        buffer_append_string(out, "end of file");
        return;
    }
    buffer_append_string(out, "'");
    (void)display_cut(out, p->token.text, 40, true);
    buffer_append_string(out, "'");
}

bool parse_unknown(parser *p, const char *code, const char *what, const char *const *names, size_t count)
{
    buffer words;
    if (p->token.kind == TOKEN_WRONG)
        return parse_error(p, place_of_token(&p->token), p->token.code, "%s", p->token.message);
    buffer_init(&words, 4096);
    buffer_append_format(&words, "expected %s, found ", what);
    append_found(&words, p);
    if (p->token.kind == TOKEN_WORD)
        suggest(&words, p->token.text, names, count);
    p->no_memory = p->no_memory || buffer_failed(&words);
    parse_error(p, place_of_token(&p->token), code, "%s", buffer_string(&words));
    buffer_release(&words);
    return false;
}

bool parse_expected(parser *p, const char *code, const char *what)
{
    return parse_unknown(p, code, what, NULL, 0);
}

bool parse_no_memory(parser *p)
{
    p->no_memory = true;
    return false;
}

bool parse_text_fault(parser *p, const quoted *source, const text_fault *fault)
{
    if (fault->code == NULL)
        return parse_no_memory(p);
    return parse_error(p, place_of_quoted(source), fault->code, "%s", fault->message);
}

void parse_next(parser *p)
{
    lexer_next(&p->lexer, &p->token);
}

bool parse_at_word(const parser *p, const char *word)
{
    return p->token.kind == TOKEN_WORD && text_equal(p->token.text, text_from(word));
}

bool parse_at_any_case(const parser *p, const char *word)
{
    return p->token.kind == TOKEN_WORD && text_equal_ascii_case(p->token.text, text_from(word));
}

bool parse_at_sign(const parser *p, const char *sign)
{
    return p->token.kind == TOKEN_SIGN && text_equal(p->token.text, text_from(sign));
}

bool parse_take_word(parser *p, const char *word, const char *code)
{
    char what[40];
    if (parse_at_word(p, word)) {
        parse_next(p);
        return true;
    }
    (void)snprintf(what, sizeof what, "\"%s\"", word);
    return parse_unknown(p, code, what, &word, 1);
}

bool parse_take_sign(parser *p, const char *sign)
{
    char what[20];
    if (parse_at_sign(p, sign)) {
        parse_next(p);
        return true;
    }
    (void)snprintf(what, sizeof what, "%s", sign);
    return parse_expected(p, "E12", what);
}

bool parse_take_string(parser *p, quoted *out, const char *what)
{
    char words[80];
    if (p->token.kind == TOKEN_STRING) {
        *out = (quoted){ p->token.text, p->token.line, p->token.column, p->token.length };
        parse_next(p);
        return true;
    }
    (void)snprintf(words, sizeof words, "a quoted %s", what);
    return parse_expected(p, "E11", words);
}

path_context parse_path_context(parser *p)
{
    return (path_context){ p->file->memory, rule_file_keep, p->file };
}
