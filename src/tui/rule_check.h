/* src/tui/rule_check.h - what the rules room says of a text that is being written: faults, and the order of execution. */
#ifndef RECTO_TUI_RULE_CHECK_H
#define RECTO_TUI_RULE_CHECK_H

#include "recto/rules/rules.h"

enum { RULE_FAULTS_SHOWN = 200 };

typedef struct rule_check {
    rule_file *file; /* NULL: there are errors */
    rule_fault *faults;
    size_t count, capacity, errors, warnings;
    rule_info *order; /* in the order of execution; empty while there are errors */
    size_t order_count;
    recto_error error; /* when there is no file and no fault tells why (a limit) */
} rule_check;

void rule_check_run(rule_check *check, text source, const char *name, rule_language language); /* anew */
void rule_check_release(rule_check *check);
/** The first fault behind (before) a place, round the end; SIZE_MAX: there is none. Lines and columns from 1. */
size_t rule_check_next(const rule_check *check, int line, int column);
size_t rule_check_previous(const rule_check *check, int line, int column);
const rule_fault *rule_check_on_line(const rule_check *check, int line); /* an error before a warning; NULL: none */

#endif
