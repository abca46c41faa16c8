/* src/cli/merge_print.h - a line of a merge preview: the sign of its origin, the field, the rule; or the keys of cli.md. */
#ifndef RECTO_CLI_MERGE_PRINT_H
#define RECTO_CLI_MERGE_PRINT_H

#include "command_line.h"

void print_merge_line(command_line *line, const merge_line *at);

#endif
