/* src/rules/parse.h - what the parsers of the four languages share: the token at hand, faults, and what is expected next.
 *
 * Recursive descent. A function returns false when it has reported an error (or there is no memory): the rule is given up, and
 * reading goes on at the next `rule` at the beginning of a line. So each rule has at most one error. */
#ifndef RECTO_RULES_PARSE_H
#define RECTO_RULES_PARSE_H

#include "lexer.h"
#include "tree.h"

typedef struct parser {
    lexer lexer;
    token token; /* the next one, not yet consumed */
    rule_file *file;
    const char *name;
    rule_fault_report report;
    void *context;
    recto_error *error; /* filled by the first error */
    size_t errors;
    bool no_memory;
    int depth;
} parser;

typedef struct place {
    int line, column, length;
} place;
place place_of_token(const token *token);
place place_of_quoted(const quoted *quoted);
place place_of_condition(const condition *condition);

/* Reports; always false. `expected` with what stands there instead. */
bool parse_error(parser *p, place at, const char *code, const char *message, ...) __attribute__((format(printf, 4, 5)));
void parse_warning(parser *p, place at, const char *code, const char *message, ...) __attribute__((format(printf, 4, 5)));
/** "expected WHAT, found 'x'", at the present token; a token that is wrong in itself says so with its own code. */
bool parse_expected(parser *p, const char *code, const char *what);
/** The same with "; did you mean a, b or c?" from the names that are nearest. */
bool parse_unknown(parser *p, const char *code, const char *what, const char *const *names, size_t count);
bool parse_text_fault(parser *p, const quoted *source, const text_fault *fault); /* at the opening quote */
bool parse_no_memory(parser *p);

void parse_next(parser *p);                            /* consumes the token */
bool parse_at_word(const parser *p, const char *word); /* as written */
bool parse_at_any_case(const parser *p, const char *word);
bool parse_at_sign(const parser *p, const char *sign);
bool parse_take_word(parser *p, const char *word, const char *code);
bool parse_take_sign(parser *p, const char *sign);                /* E12 */
bool parse_take_string(parser *p, quoted *out, const char *what); /* E11 */
path_context parse_path_context(parser *p);

/* The languages. */
bool parse_condition(parser *p, condition **out);           /* everything up to `then` */
bool parse_bracketed_condition(parser *p, condition **out); /* of an `if` */
bool parse_action(parser *p, rule_action **out);
bool parse_merge_step(parser *p, merge_step **out);

/** What is wrong in a sound tree: E28, W04, W05. */
bool check_action(parser *p, const rule_action *action);
void check_rule_name(parser *p, const rule_node *rule);

/** Appends up to three of `names`, the nearest first: "; did you mean a, b or c?". @param synonyms  verbs count too */
void suggest(buffer *out, text found, const char *const *names, size_t count);

#endif
