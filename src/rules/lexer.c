/* src/rules/lexer.c - bytes of a rule file to tokens. @spec rules.md 1
 *
 * Columns count characters from 1. Every byte is hostile: what is no UTF-8 or a control character is a token of its own that
 * says so, and reading goes on behind it. */
#include "lexer.h"

#include "recto/base/utf8.h"

#include <stdio.h>
#include <string.h>

static const char byte_order_mark[] = "\xEF\xBB\xBF";

void lexer_init(lexer *lexer, text source)
{
    *lexer = (struct lexer){ .source = source, .line = 1, .column = 1, .line_is_fresh = true };
    if (text_starts(source, text_from(byte_order_mark)))
        lexer->at = sizeof byte_order_mark - 1;
}

static bool at_end(const lexer *lexer)
{
    return lexer->at >= lexer->source.length;
}

/* The byte `ahead` of the present one; 0 behind the end. */
static char peek(const lexer *lexer, size_t ahead)
{
    return lexer->source.length - lexer->at > ahead ? lexer->source.bytes[lexer->at + ahead] : '\0';
}

static int32_t character(const lexer *lexer, size_t *length)
{
    int32_t code = 0;
    *length = utf8_decode(lexer->source.bytes + lexer->at, lexer->source.length - lexer->at, &code);
    return code;
}

/* One character on; CR LF is one line end. */
static void step(lexer *lexer)
{
    char byte = peek(lexer, 0);
    size_t length = 1;
    if (byte == '\n' || byte == '\r') {
        lexer->at += byte == '\r' && peek(lexer, 1) == '\n' ? 2 : 1;
        lexer->line++;
        lexer->column = 1;
        lexer->line_is_fresh = true;
        return;
    }
    (void)character(lexer, &length);
    lexer->at += length;
    lexer->column++;
}

static bool at_line_end(const lexer *lexer)
{
    char byte = peek(lexer, 0);
    return at_end(lexer) || byte == '\n' || byte == '\r';
}

static bool is_blank(const lexer *lexer)
{
    char byte = peek(lexer, 0);
    if (at_end(lexer))
        return false;
    if (byte == ' ' || byte == '\t' || byte == '\f' || byte == '\n' || byte == '\r')
        return true;
    return byte == '\xC2' && peek(lexer, 1) == '\xA0'; /* NBSP */
}

static void note_comment(lexer *lexer)
{
    if (lexer->comment_line == 0) {
        lexer->comment_line = lexer->line;
        lexer->comment_column = lexer->column;
    }
}

static void skip_line(lexer *lexer)
{
    note_comment(lexer);
    while (!at_line_end(lexer))
        step(lexer);
}

/* false: it has no end; then nothing was skipped but the sign itself */
static bool skip_block(lexer *lexer)
{
    text rest = text_of(lexer->source.bytes + lexer->at + 2, lexer->source.length - lexer->at - 2);
    const char *end = rest.length == 0 || lexer->no_block_end ? NULL : memmem(rest.bytes, rest.length, "*/", 2);
    note_comment(lexer);
    if (end == NULL) {
        lexer->no_block_end = true;
        return false;
    }
    size_t stop = (size_t)(end - lexer->source.bytes) + 2;
    while (lexer->at < stop)
        step(lexer);
    return true;
}

static bool skip_trivia(lexer *lexer)
{
    for (;;) {
        if (is_blank(lexer))
            step(lexer);
        else if (peek(lexer, 0) == '#' || (peek(lexer, 0) == '/' && peek(lexer, 1) == '/'))
            skip_line(lexer);
        else if (peek(lexer, 0) == '/' && peek(lexer, 1) == '*') {
            if (!skip_block(lexer))
                return false;
        } else
            return true;
    }
}

static void finish(const lexer *lexer, token *out, token_kind kind)
{
    out->kind = kind;
    out->end = lexer->at;
    out->text = text_of(lexer->source.bytes + out->start, out->end - out->start);
    if (lexer->line == out->line)
        out->length = lexer->column - out->column;
}

static void wrong(const lexer *lexer, token *out, const char *code, const char *message)
{
    finish(lexer, out, TOKEN_WRONG);
    out->code = code;
    (void)snprintf(out->message, sizeof out->message, "%s", message);
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* A quote is escaped by an odd number of backslashes, as in Java. [U] */
static bool is_closing_quote(const lexer *lexer)
{
    size_t run = 0;
    while (run < lexer->at && lexer->source.bytes[lexer->at - 1 - run] == '\\')
        run++;
    return run % 2 == 0;
}

static bool is_bad_character(int32_t code)
{
    return code < 0 || (code < ' ' && code != '\t') || code == 0x7F;
}

static void tell_bad_character(const lexer *lexer, token *out, int32_t code, const char *where)
{
    char message[sizeof out->message];
    if (code < 0)
        (void)snprintf(message, sizeof message, "byte %02X is not UTF-8%s, expected a file in UTF-8",
                       (unsigned)(unsigned char)lexer->source.bytes[lexer->at], where);
    else
        (void)snprintf(message, sizeof message, "control character U+%04X%s, expected a printable character", (unsigned)code,
                       where);
    wrong(lexer, out, "E04", message);
}

static void read_string(lexer *lexer, token *out)
{
    bool typographic = false;
    step(lexer);
    size_t begin = lexer->at;
    while (!at_line_end(lexer) && !(peek(lexer, 0) == '"' && is_closing_quote(lexer))) {
        size_t length = 0;
        int32_t code = character(lexer, &length);
        if (is_bad_character(code)) {
            out->column = lexer->column;
            tell_bad_character(lexer, out, code, " in a quoted text");
            out->length = 1;
            return;
        }
        typographic |= code == 0x201C || code == 0x201D;
        step(lexer);
    }
    if (at_line_end(lexer)) {
        wrong(lexer, out, "E01",
              typographic ? "quoted text is not closed on its line, expected \", found a typographic quotation mark"
                          : "quoted text is not closed on its line, expected a closing \"");
        return;
    }
    step(lexer);
    finish(lexer, out, TOKEN_STRING);
    out->text = text_of(lexer->source.bytes + begin, lexer->at - begin - 1);
}

static void read_other(lexer *lexer, token *out)
{
    size_t length = 0;
    int32_t code = character(lexer, &length);
    char next = peek(lexer, 1), sign = peek(lexer, 0);
    if (is_bad_character(code)) {
        tell_bad_character(lexer, out, code, "");
        step(lexer);
        out->length = 1;
        return;
    }
    step(lexer);
    if ((sign == '&' || sign == '|') && next == sign) {
        step(lexer);
        finish(lexer, out, TOKEN_SIGN);
    } else if (sign != '\0' && strchr("().,!", sign) != NULL) {
        finish(lexer, out, TOKEN_SIGN);
    } else if (code == 0x201C || code == 0x201D || code == 0x2018 || code == 0x2019) {
        wrong(lexer, out, "E03", "typographic quotation mark, expected the plain \" of the keyboard");
    } else if (sign == '&' || sign == '|') {
        wrong(lexer, out, "E04", sign == '&' ? "single &, expected && or AND" : "single |, expected || or OR");
    } else if (sign == '\'' || sign == '`') {
        wrong(lexer, out, "E04", "this quotation mark starts nothing, expected \"");
    } else {
        char message[sizeof out->message];
        (void)snprintf(message, sizeof message, "character '%.*s' starts nothing", (int)length, lexer->source.bytes + out->start);
        wrong(lexer, out, "E04", message);
    }
}

/* "/ *" without an end: the next token begins behind the sign, so that the rest of the file is not lost. */
static void tell_open_comment(lexer *lexer, token *out)
{
    step(lexer);
    step(lexer);
    wrong(lexer, out, "E02", "comment is not closed, expected */");
}

static void begin_token(lexer *lexer, token *out)
{
    *out = (token){ .start = lexer->at, .line = lexer->line, .column = lexer->column, .first_on_line = lexer->line_is_fresh };
    out->length = 1;
    lexer->line_is_fresh = false;
}

void lexer_next(lexer *lexer, token *out)
{
    bool closed = skip_trivia(lexer);
    begin_token(lexer, out);
    if (!closed) {
        tell_open_comment(lexer, out);
        return;
    }
    if (at_end(lexer)) {
        finish(lexer, out, TOKEN_END);
        out->length = 1;
        return;
    }
    char byte = peek(lexer, 0);
    if (byte == '"') {
        read_string(lexer, out);
    } else if (is_letter(byte)) {
        while (is_letter(peek(lexer, 0)) || is_digit(peek(lexer, 0)) || peek(lexer, 0) == '_')
            step(lexer);
        finish(lexer, out, TOKEN_WORD);
    } else if (is_digit(byte) || (byte == '-' && is_digit(peek(lexer, 1)))) {
        do
            step(lexer);
        while (is_digit(peek(lexer, 0)));
        finish(lexer, out, TOKEN_INTEGER);
    } else {
        read_other(lexer, out);
    }
}
