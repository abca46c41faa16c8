/* src/cli/record_changes.h - what is different between two states of a record, field by field, in the line format. */
#ifndef RECTO_CLI_RECORD_CHANGES_H
#define RECTO_CLI_RECORD_CHANGES_H

#include "command_line.h"

/** Tells of each field that went ('-') or came ('+'), in the order of the record; what stayed is not told. RECTO_ENOMEM. */
recto_status record_changes(const marc_record *before, const marc_record *after,
                            void (*visit)(void *context, char sign, text line), void *context, recto_error *error);

#endif
