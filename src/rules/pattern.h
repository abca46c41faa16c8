/* src/rules/pattern.h - the small languages inside the quotes: tags, field paths, wildcards, regular expressions.
 *
 * Everything that no source settles about them ([U] of rules.md) is one function in one of the files named here. */
#ifndef RECTO_RULES_PATTERN_H
#define RECTO_RULES_PATTERN_H

#include "recto/base/arena.h"
#include "recto/base/error.h"
#include "recto/base/text.h"

/* A quoted text as written, without the quotes, and where its opening quote stands. */
typedef struct quoted {
    text raw;
    int line, column, length;
} quoted;

/* What is wrong inside quotes: a code of part E, and words that go behind the place. */
typedef struct text_fault {
    const char *code; /* NULL: no memory */
    char message[160];
} text_fault;
bool text_fault_set(text_fault *fault, const char *code, const char *message, ...) __attribute__((format(printf, 3, 4)));

/* ---- escapes (rules.md 1.1): unescape.c ---------------------------------------------------------------------------------- */

/** Backslash runs removed: one byte of `plain` for each byte of `bytes` says whether a wildcard there is one. */
typedef struct unescaped {
    text bytes;
    const bool *plain;
} unescaped;
bool text_unescape(unescaped *out, arena *memory, text raw, text_fault *fault);
/** The text that is put into a record. */
bool text_created(text *out, arena *memory, text raw, text_fault *fault);

/* ---- wildcards (1.3, 3.4): glob.c ---------------------------------------------------------------------------------------- */

typedef struct glob_branch {
    const text *pieces; /* between the asterisks, none empty */
    size_t count;
    bool open_start, open_end; /* an asterisk stands there */
} glob_branch;
typedef struct glob {
    const glob_branch *branches; /* alternatives */
    size_t count;
} glob;
/** @param alternatives  a plain | separates; else it is text */
bool glob_compile(glob *out, arena *memory, text raw, bool alternatives, text_fault *fault);
bool glob_matches(const glob *glob, text value); /* the whole value */
/** The leftmost, longest stretch that matches the first branch. */
bool glob_find(const glob *glob, text value, size_t *start, size_t *length);
const char *text_find(text whole, text piece); /* NULL: not in it; an empty piece is found at once */

/* ---- tags (1.2): tag_pattern.c --------------------------------------------------------------------------------------------- */

enum { TAG_LIMIT = 9 };
typedef struct tag_pattern {
    char text[TAG_LIMIT + 1];
    unsigned char length;
    unsigned char prefix; /* characters before the first asterisk */
    bool wild;            /* has an asterisk */
    bool open;            /* and nothing but asterisks behind the prefix */
    int number;           /* of an exact tag of three digits; -1 for others */
} tag_pattern;
bool tag_pattern_parse(tag_pattern *out, text raw, text_fault *fault); /* E20 */
bool tag_pattern_matches(const tag_pattern *pattern, const char *tag); /* the letters alone; see run.c for control fields */
bool tag_pattern_is_control(const tag_pattern *pattern);               /* exactly 00X or LDR */
bool tag_pattern_is_leader(const tag_pattern *pattern);
bool tag_patterns_meet(const tag_pattern *a, const tag_pattern *b); /* may one tag match both? */
bool tag_pattern_never(const tag_pattern *pattern);                 /* can no tag of three characters match? W05 */
/** An indicator as written: blanks around it do not count. 0: any; ' ': blank. E24. [U] for - and # in merge rules */
bool indicator_parse(char *out, text raw, text_fault *fault);
bool code_parse(char *out, text raw, text_fault *fault); /* E26 */

/* ---- regular expressions: expression.c --------------------------------------------------------------------------- */

typedef struct expression expression;
typedef enum expression_answer { EXPRESSION_NO, EXPRESSION_YES, EXPRESSION_LIMIT, EXPRESSION_NO_MEMORY } expression_answer;
enum { EXPRESSION_MATCH_LIMIT = 200000, EXPRESSION_DEPTH_LIMIT = 2000, EXPRESSION_LENGTH_LIMIT = 8192, EXPRESSION_GROUPS = 32 };
/** Java's syntax; what PCRE2 would take for something else is refused with its position. @param whole  anchored at both ends
 *  @return false with fault->code set by the caller's wish (see `code`) or NULL: no memory */
bool expression_compile(expression **out, text java, bool whole, const char *code, text_fault *fault);
void expression_free(expression *expression);
/** @param spans  start and end of each group, SIZE_MAX when unset; 2 * EXPRESSION_GROUPS of them */
expression_answer expression_find(const expression *expression, text value, size_t *spans);
bool expression_matches(const void *expression, text value); /* a merge_expression */

/* ---- field paths (1.2): path.c ----------------------------------------------------------------------------------- */

typedef enum path_use {
    PATH_SELECT, /* the value selects: alternatives and wildcards */
    PATH_SEARCH, /* the value is looked for and replaced: wildcards, regular expressions */
    PATH_CREATE  /* the value is put into the record */
} path_use;

typedef struct rule_path {
    quoted source;
    tag_pattern tag;
    bool control; /* read as a ctlpath */
    bool has_indicators;
    char indicators[2]; /* 0: any */
    bool has_slice;
    size_t position, slice_length;
    char code;      /* 0: no subfield is named; '*': any */
    bool any_value; /* T.value without a code: the value may be of any subfield */
    bool has_value;
    glob value;             /* SELECT and SEARCH */
    text words;             /* SEARCH: the text without backslashes; CREATE: what is put in */
    bool has_wildcard;      /* SEARCH: `value` is to be used, not `words` */
    expression *expression; /* SEARCH; NULL: none */
    char *no_expression;    /* SEARCH: what looks like a regular expression and is none: why; NULL */
} rule_path;
/** @param keep  takes over an expression, to be freed with the file */
typedef struct path_context {
    arena *memory;
    bool (*keep)(void *keeper, expression *expression);
    void *keeper;
} path_context;
bool path_parse(rule_path *out, const path_context *context, quoted source, path_use use, bool control, text_fault *fault);

#endif
