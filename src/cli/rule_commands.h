/* src/cli/rule_commands.h - the acts of `recto rule`; each is a function of one of the files command_rule*.c. */
#ifndef RECTO_CLI_RULE_COMMANDS_H
#define RECTO_CLI_RULE_COMMANDS_H

#include "command_line.h"

/* argv[0] is the act's name; each gives the exit status. */
int command_rule_check(command_line *line, int argc, char **argv);
int command_rule_print(command_line *line, int argc, char **argv);
int command_rule_apply(command_line *line, int argc, char **argv);
int command_rule_list(command_line *line, int argc, char **argv);
int command_rule_show(command_line *line, int argc, char **argv);
int command_rule_save(command_line *line, int argc, char **argv);
int command_rule_versions(command_line *line, int argc, char **argv);
int command_rule_delete(command_line *line, int argc, char **argv);
int command_rule_use(command_line *line, int argc, char **argv);

#endif
