/* src/cli/rule_trial.h - a normalization rule on a set of the repository: the dry run, and doing exactly what it showed. */
#ifndef RECTO_CLI_RULE_TRIAL_H
#define RECTO_CLI_RULE_TRIAL_H

#include "command_line.h"

typedef struct trial_options { /* as given; NULL: not given */
    const char *dry_run, *set, *index, *type, *sample, *diff, *run;
} trial_options;

/** @param rule  a file or a name; @param zone  iz, nz; NULL: iz. @return the exit status */
int trial_run(command_line *line, const char *rule, const char *zone, const trial_options *options);
int trial_apply(command_line *line, const trial_options *options);

#endif
