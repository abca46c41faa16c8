/* include/recto/base/plural.h - "1 record", "2 records": a count and its noun, as one says it. */
#ifndef RECTO_BASE_PLURAL_H
#define RECTO_BASE_PLURAL_H

#include <stdint.h>

/** The noun that goes with a count; both are constant, and one of them is returned. */
static inline const char *plural(uint64_t count, const char *one, const char *several)
{
    return count == 1 ? one : several;
}

#endif
