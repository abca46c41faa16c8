/* src/marc/mrk_names.h - the names in braces of the mnemonic format. */
#ifndef RECTO_MARC_MRK_NAMES_H
#define RECTO_MARC_MRK_NAMES_H

#include "recto/base/text.h"

/** The character that `{name}` stands for; *mark is set when it is a mark that belongs on the next character, and *base to the
 *  letter that carries it when the name has one ({eacute}). 0: unknown. */
int32_t mrk_name_code(text name, bool *mark, int32_t *base);

#endif
