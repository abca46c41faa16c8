/* tests/support/monkey.h - random keys, the same for the same seed: what hands, line noise and pasting send to a terminal
 * program. */
#ifndef RECTO_TESTS_SUPPORT_MONKEY_H
#define RECTO_TESTS_SUPPORT_MONKEY_H

#include <stddef.h>
#include <stdint.h>

enum { MONKEY_KEY_MAX = 2048 };

typedef struct monkey {
    uint64_t state;
    const char *const *commands; /* names to be run through the palette; lent */
    size_t command_count;
} monkey;

void monkey_init(monkey *monkey, uint64_t seed, const char *const *commands, size_t command_count);
uint32_t monkey_below(monkey *monkey, uint32_t limit); /* 0 to limit - 1 */
/** The bytes of the next key, paste or command. A lone ESC is the Escape key. @return length */
size_t monkey_key(monkey *monkey, char out[static MONKEY_KEY_MAX]);

/** The bytes of the next key in the record editor: typing, moving, fields, subfields, undo, the form; nothing that saves, leaves
 *  or opens something else. @return length */
size_t monkey_editing_key(monkey *monkey, char out[static MONKEY_KEY_MAX]);

#endif
