/* src/rules/tree.h - a rule file as a tree. All of it lies in the file's arena; texts point into its copy of the source. */
#ifndef RECTO_RULES_TREE_H
#define RECTO_RULES_TREE_H

#include "pattern.h"
#include "recto/rules/rules.h"

/* ---- conditions (rules.md 3.1) ----------------------------------------------------------------------------------- */

typedef enum condition_kind {
    CONDITION_TRUE,
    CONDITION_FALSE,
    CONDITION_ALL, /* AND: first and its siblings, two at least */
    CONDITION_ANY, /* OR */
    CONDITION_NOT, /* first */
    CONDITION_EXISTS,
    CONDITION_EXISTS_CONTROL,
    CONDITION_EXISTS_MORE,
    CONDITION_DUPLICATES
} condition_kind;

typedef struct condition {
    condition_kind kind;
    int line, column, length;
    struct condition *first, *next;
    rule_path path;
    quoted codes, value; /* of recordHasDuplicateSubfields */
    bool has_value;
    glob pattern;
} condition;

/* ---- actions (3.3) ----------------------------------------------------------------------------------------------- */

typedef enum argument_shape {
    SHAPE_NONE,
    SHAPE_FIELDS,        /* T, T.{i,j}, T.c, T.c.value */
    SHAPE_SUBFIELDS,     /* T.{i,j}.c[.value] */
    SHAPE_SEARCH,        /* the same; the value is looked for */
    SHAPE_SEPARATOR,     /* the same; a value there must be */
    SHAPE_CONTROLS,      /* T */
    SHAPE_SLICE,         /* T.{position,length}[.value] */
    SHAPE_SOURCE,        /* T.c, or a control field */
    SHAPE_NEW_FIELD,     /* T.{i,j}.c.value, T without wildcards */
    SHAPE_NEW_SUBFIELD,  /* T.{i,j}.c.value */
    SHAPE_NEW_CONTROL,   /* T.value */
    SHAPE_TARGET,        /* U, U.{i,j}, U.c */
    SHAPE_TARGET_CODE,   /* U.{i,j}.c */
    SHAPE_TAG,           /* U */
    SHAPE_TAGS,          /* T,T,T */
    SHAPE_CODES,         /* c,c,c */
    SHAPE_CODES_OR_NONE, /* the same, or nothing */
    SHAPE_CODE,
    SHAPE_INDICATOR,
    SHAPE_TEXT,
    SHAPE_TRUE,  /* "true" */
    SHAPE_LEVEL, /* "01" to "10" */
    SHAPE_COUNT
} argument_shape;

typedef enum action_kind {
    ACTION_ADD_FIELD,
    ACTION_ADD_SUBFIELD,
    ACTION_ADD_CONTROL,
    ACTION_REMOVE_FIELD,
    ACTION_REMOVE_SUBFIELD,
    ACTION_REMOVE_CONTROL,
    ACTION_CHANGE_FIELD,
    ACTION_CHANGE_CONTROL,
    ACTION_CHANGE_SUBFIELD,
    ACTION_CHANGE_SUBFIELD_BUT_FIRST,
    ACTION_FIRST_INDICATOR,
    ACTION_SECOND_INDICATOR,
    ACTION_COPY_FIELD,
    ACTION_COPY_CONTROL,
    ACTION_COMBINE,
    ACTION_DUPLICATE_FIELDS,
    ACTION_DUPLICATE_SUBFIELDS,
    ACTION_MOVE_TO_END,
    ACTION_REPLACE,
    ACTION_REPLACE_BUT_FIRST,
    ACTION_REPLACE_ONLY_FIRST,
    ACTION_REPLACE_CONTROL,
    ACTION_PREFIX,
    ACTION_SUFFIX,
    ACTION_PREFIX_SUBFIELD,
    ACTION_SUFFIX_SUBFIELD,
    ACTION_SPLIT,
    ACTION_SYSTEM_NUMBER,
    ACTION_INDICATION,
    ACTION_BRIEF_LEVEL,
    ACTION_COUNT
} action_kind;

typedef enum action_target { TARGET_DATA, TARGET_CONTROL, TARGET_EITHER, TARGET_FLAG } action_target;
enum { ACTION_ARGUMENTS = 3 };
typedef struct action_form {
    const char *name;
    action_target target;
    struct {
        const char *word; /* before the argument: "with"; two words have a blank between. NULL: none */
        argument_shape shape;
    } arguments[ACTION_ARGUMENTS];
} action_form;
const action_form *action_form_of(action_kind kind);
bool action_named(action_kind *out, text name, rule_language language); /* letter case does not count */

typedef struct action_argument {
    quoted source;
    rule_path path;
    text words;     /* TEXT; CODES: one byte each */
    char character; /* CODE, INDICATOR */
    int number;     /* LEVEL; TRUE: 0 or 1 */
    const tag_pattern *tags;
    size_t tag_count;
} action_argument;

typedef struct rule_action {
    action_kind kind;
    int line, column;
    action_argument *arguments;
    size_t argument_count;
    condition *only_if;
    struct rule_action *next;
} rule_action;

/* ---- merge actions (rules.md 2.1) -------------------------------------------------------------------------------- */

typedef struct merge_spec {
    bool control; /* MARC.control."008" */
    quoted tags;
    int wildcards; /* X or XX behind the quotes */
    bool has_indicators;
    quoted indicators[2];
    merge_selector selector;
} merge_spec;

typedef struct merge_node {
    merge_clause_kind kind;
    bool negated, plain_tags; /* excluding "001,035" */
    merge_spec spec;
    int which;
    quoted code, value;
    merge_comparison comparison;
    char character, code_character;
    text words;
    expression *expression;
    struct merge_node *next;
} merge_node;

typedef struct merge_step {
    merge_verb verb;
    int line, column;
    merge_spec spec;
    merge_node *clauses;
    size_t clause_count;
    struct merge_step *next;
} merge_step;

/* ---- rules and files --------------------------------------------------------------------------------------------- */

typedef struct rule_node {
    quoted name;
    const char *shown; /* the name, terminated */
    int line, priority;
    size_t order;
    condition *when;
    rule_action *actions;
    merge_step *steps;
    size_t action_count;
    struct rule_node *next;
} rule_node;

struct rule_file {
    arena *memory;
    char *name;
    rule_language language;
    rule_node *first;
    size_t count;
    rule_node **rules;     /* as they stand in the file */
    rule_node **execution; /* in the order of 3.5 */
    merge_program program;
    expression **expressions; /* owned */
    size_t expression_count, expression_capacity;
};
/** Takes over an expression; a path_context's keep. */
bool rule_file_keep(void *file, expression *expression);
/** Fills rules and execution, and the merge program of a merge file. */
bool rule_file_finish(rule_file *file);
bool merge_program_build(rule_file *file);

#endif
