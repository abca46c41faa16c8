/* src/tui/character_picker.h - the box from which a character is chosen: by name, code point, mnemonic, or out of its table. */
#ifndef RECTO_TUI_CHARACTER_PICKER_H
#define RECTO_TUI_CHARACTER_PICKER_H

#include "workstation.h"

/** Opens the box over everything. `done` gets the character in UTF-8, or an empty text when the cataloger went back. */
void character_picker_open(workstation *station, void (*done)(workstation *station, void *context, text character),
                           void *context);
/** Notes that a character was put in: it goes to the front of the recent ones. */
void character_used(workstation *station, text character);
/** "U+00E9 latin small letter e with acute; MARC-8: ANSEL, in parts" for each code point of a grapheme; at most three. */
void character_describe(buffer *out, text grapheme);

#endif
