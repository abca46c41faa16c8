/* src/tui/record_as_text.h - a record as text for the cataloger's own editor, and back with every fault by its line. */
#ifndef RECTO_TUI_RECORD_AS_TEXT_H
#define RECTO_TUI_RECORD_AS_TEXT_H

#include "recto/marc/record.h"

/** Appends the record in MarcEdit's form, one field a line, behind remarks that say what to do. */
recto_status record_as_text(buffer *out, const marc_record *record, const char *number, recto_error *error);
/** The record that a text is; yours to free. Every line that is no field is a line in `faults`, "line 12: ...", not only the
 *  first. What the system keeps (001, 005, the computed positions of the leader) is as in `former`, whatever the text says;
 *  *kept says that the text would have changed it.
 *  @return RECTO_EDATA: there are faults, *out is left alone; RECTO_ENOMEM */
recto_status record_from_text(marc_record **out, buffer *faults, size_t *fault_count, bool *kept, text content,
                              const marc_record *former, recto_error *error);

#endif
