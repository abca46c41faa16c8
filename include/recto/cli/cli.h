/* include/recto/cli/cli.h - recto on the command line: names, options, JSON keys and exit statuses as cli.md fixes them. */
#ifndef RECTO_CLI_CLI_H
#define RECTO_CLI_CLI_H

/** Runs one command, or the workstation where none is named. @return the exit status: 0 to 5 */
int recto_command_line(int argc, char **argv);

#endif
