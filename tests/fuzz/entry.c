/* tests/fuzz/entry.c - where libFuzzer comes in. FUZZ_TARGET names the target. */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const fuzz_target *target;
    if (target == NULL) {
        const char *name = getenv("FUZZ_TARGET");
        target = fuzz_target_named(name != NULL ? name : "");
        if (target == NULL) {
            fprintf(stderr, "FUZZ_TARGET must name a target of tests/fuzz/targets.c\n");
            exit(2);
        }
    }
    fuzz_run(target, bytes, size);
    return 0;
}
