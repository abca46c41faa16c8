/* src/tui/key.h - one key press, decoded from the terminal's bytes. */
#ifndef RECTO_TUI_KEY_H
#define RECTO_TUI_KEY_H

#include "recto/base/text.h"

typedef enum key_name { /* keys that are no characters */
                        KEY_IS_TEXT = 0,
                        KEY_NAME_ENTER,
                        KEY_NAME_TAB,
                        KEY_NAME_BACKTAB,
                        KEY_NAME_ESCAPE,
                        KEY_NAME_BACKSPACE,
                        KEY_NAME_DELETE,
                        KEY_NAME_INSERT,
                        KEY_NAME_UP,
                        KEY_NAME_DOWN,
                        KEY_NAME_LEFT,
                        KEY_NAME_RIGHT,
                        KEY_NAME_HOME,
                        KEY_NAME_END,
                        KEY_NAME_PAGE_UP,
                        KEY_NAME_PAGE_DOWN,
                        KEY_NAME_F1,
                        KEY_NAME_F2,
                        KEY_NAME_F3,
                        KEY_NAME_F4,
                        KEY_NAME_F5,
                        KEY_NAME_F6,
                        KEY_NAME_F7,
                        KEY_NAME_F8,
                        KEY_NAME_F9,
                        KEY_NAME_F10,
                        KEY_NAME_F11,
                        KEY_NAME_F12
} key_name;

typedef struct key {
    key_name name;
    char text[32];         /* of KEY_IS_TEXT: one grapheme or code point in UTF-8; with ctrl or alt the base letter */
    bool ctrl, alt, shift; /* shift only where the terminal tells (named keys) */
} key;

#endif
