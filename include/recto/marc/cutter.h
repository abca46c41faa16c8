/* include/recto/marc/cutter.h - author numbers by the Cutter table of the Library of Congress. */
#ifndef RECTO_MARC_CUTTER_H
#define RECTO_MARC_CUTTER_H

#include "recto/marc/record.h"

enum { CUTTER_LENGTH = 4 };

/** Letter and two digits for a heading: "Rulfo, Juan" gives "R85". Marks and case do not count; what stands before the first
 *  letter is passed over. @return false: it has no letter of the Latin alphabet. @spec editor.md section 4 (author number), K30
 */
bool marc_cutter(char out[static CUTTER_LENGTH], text heading);

/** What the record is entered under: $a of its 100, 110, 111 or 130, else its title without the leading article. Lent. */
text marc_main_heading(const marc_record *record);

#endif
