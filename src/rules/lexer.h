/* src/rules/lexer.h - the words of a rule file, with their places. The same for all four languages. */
#ifndef RECTO_RULES_LEXER_H
#define RECTO_RULES_LEXER_H

#include "recto/base/text.h"

typedef enum token_kind {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_STRING,
    TOKEN_INTEGER,
    TOKEN_SIGN,
    TOKEN_WRONG /* code and message say what is wrong */
} token_kind;

typedef struct token {
    token_kind kind;
    text text;         /* of a string: between the quotes */
    size_t start, end; /* bytes of the source, quotes included */
    int line, column, length;
    bool first_on_line;
    const char *code;
    char message[120];
} token;

typedef struct lexer {
    text source;
    size_t at;
    int line, column;
    bool line_is_fresh;               /* nothing but blanks so far on this line */
    bool no_block_end;                /* it is known that no more comment sign closes one */
    int comment_line, comment_column; /* of the first comment; 0: none yet */
} lexer;

void lexer_init(lexer *lexer, text source); /* a BOM is passed over */
void lexer_next(lexer *lexer, token *out);  /* TOKEN_END again and again at the end */

#endif
