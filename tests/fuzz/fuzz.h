/* tests/fuzz/fuzz.h - what is done with hostile bytes, one target for every reader of the marc room, and one for the way there
 * and back. libFuzzer drives the targets (make fuzz); tests/marc/hostile_test.c drives the same ones with fixed inputs.
 *
 * A target ends the program (abort, with a sentence on standard error) when something that it read or wrote is not as
 * include/recto/marc/formats.h says: that is how a finding is told to libFuzzer. */
#ifndef RECTO_TESTS_FUZZ_H
#define RECTO_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

typedef struct fuzz_target {
    const char *name; /* iso2709, marcxml, mrk, json, line, marc8, roundtrip */
    void (*run)(const uint8_t *bytes, size_t size);
} fuzz_target;

const fuzz_target *fuzz_target_named(const char *name); /* NULL: none */
const fuzz_target *fuzz_targets(size_t *count);

/* Memory. What a target may have in use at once, besides its input, is FUZZ_MEMORY_MULTIPLE times the input and a constant
 * (formats.h); whoever runs a target asks before and after. */
enum { FUZZ_MEMORY_MULTIPLE = 16, FUZZ_MEMORY_CONSTANT = 2 << 20 };
void fuzz_memory_begin(void);
size_t fuzz_memory_most(void); /* bytes in use at once since begin, beyond those in use then */

/** Runs a target on bytes, and ends the program when it took more memory than that. */
void fuzz_run(const fuzz_target *target, const uint8_t *bytes, size_t size);

#endif
