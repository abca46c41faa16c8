/* src/cli/targets.h - the targets a library has: those shipped, those configured, and their accounts. */
#ifndef RECTO_CLI_TARGETS_H
#define RECTO_CLI_TARGETS_H

#include "recto/z3950/z3950.h"

/** All of data/targets/, built in and configured, and target-accounts of the configuration where it exists. */
recto_status open_targets(target_list **out, recto_error *error);

#endif
