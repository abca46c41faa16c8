/* src/tui/record_difference.h - what differs between two fields, to be marked on the screen; that of two records is marc/'s. */
#ifndef RECTO_TUI_RECORD_DIFFERENCE_H
#define RECTO_TUI_RECORD_DIFFERENCE_H

#include "recto/marc/difference.h"

#include "command.h"

/** Marks the bytes of `one` that are not in `other`: marks[i] is true for byte i. marks has room for
 *  one.length; nothing is marked when both are equal. */
void text_difference(bool *marks, text one, text other);

#endif
