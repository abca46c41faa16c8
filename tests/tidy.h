/* tests/tidy.h - included before each file that clang-tidy reads, and by nothing else: the analyzer sees one file at a time, and
 * would follow every error that is reported into the world where reporting it gave RECTO_OK. The functions give what they were
 * given (include/recto/base/error.h), which is all that is said here. */
#include "recto/base/error.h"

#define recto_fail(error, code, ...)                       ((void)(recto_fail)(error, code, __VA_ARGS__), (code))
#define recto_fail_memory(error, while_doing)              ((void)(recto_fail_memory)(error, while_doing), RECTO_ENOMEM)
#define recto_fail_system(error, saved_errno, where, what) ((void)(recto_fail_system)(error, saved_errno, where, what), RECTO_EIO)
