/* include/recto/marc/heading.h - headings as the NACO Authority File Comparison Rules compare them.
 *
 * Two headings conflict, or are the same, when their comparison forms are the same bytes. The form is for comparing only: the
 * record keeps what it received. After the published rules (PCC, "Authority File Comparison Rules", revised 2007 and 2009:
 * capitals, non-sorting pieces and compatibility decomposition first, then the substitutions of its section 3.6, then what
 * becomes of each general category of Unicode, the first comma of $a, the decimal digits and the blanks):
 *  - what is marked as non-sorting goes, with its marks: U+0098 to U+009C (or U+0088 to U+0089) and <<The>>;
 *  - compatibility decomposition and capital letters, so that composed and decomposed, full-width and superscript are one;
 * decimal digits of any script become 0 to 9;
 *  - marks go; AE, OE, TH, SS, D, L, O, I stand for the letters that Unicode does not take apart (ash, ethel, thorn, sharp s,
 * crossed d and eth, crossed l, crossed o, dotless i);
 *  - control and format characters go (joiners, direction marks, soft hyphens), and so do apostrophes, square brackets, ayn,
 * alif, soft and hard sign;
 *  - # & + @, flat and sharp, currency signs and the first comma of $a stay; other punctuation and symbols become a blank; blanks
 *    at the ends go and several become one.
 * Where we leave the letter of the rules: of a heading that nothing is left of, nothing is compared (they have a step for
 * that); curly apostrophes go like straight ones; marks and modifier letters that tell words apart stay (vowel signs of the
 * scripts of India and its neighbours, voicing marks and the long vowel of kana, the iteration mark), as search.md has it for
 * SE-34. */
#ifndef RECTO_MARC_HEADING_H
#define RECTO_MARC_HEADING_H

#include "recto/marc/record.h"

/** Appends the comparison form of `heading` (UTF-8; a byte that is none counts as a blank). Nothing is appended when nothing is
 *  left of it. Without memory the buffer fails.
 *  @param first_comma  the first comma stays unless it is the last character: for $a of a heading */
void marc_naco_normalize(buffer *out, text heading, bool first_comma);

/** Appends the comparison form of a heading field of any family (1XX, 4XX to 8XX): its subfields in their order, each
 *  with 0x1F and code before it, except an $a at the beginning. What is no part of the heading is left out: codes that are no
 * small letters, $i, $u, $w, relators ($e, in X11 $j), and $v and $x where they are volume and ISSN. Nothing for a control field.
 * Indicators and tag do not matter.
 *  @return whether something was appended */
bool marc_naco_heading(buffer *out, const marc_field *field);

#endif
