/* include/recto/base/nearest.h - "did you mean": which of the known names is nearest to what was written. */
#ifndef RECTO_BASE_NEAREST_H
#define RECTO_BASE_NEAREST_H

#include "recto/base/text.h"

/** Letters to change, add, leave out or exchange with their neighbour to make one name of the other; upper and lower case are the
 *  same. Names of more than 48 bytes are far from all: SIZE_MAX. */
size_t name_distance(text one, text other);

/** The name nearest to `wanted`, when no more than a third of its letters and one are wrong; of equals the first.
 *  @return one of `names`, or NULL */
const char *nearest_name(const char *wanted, const char *const *names, size_t count);

#endif
