/* tests/coverage.h - included before each file of a coverage build, and by nothing else: a child that ends with _exit, as
 * children of a fork do, leaves no counts behind unless it is told to. */
#ifndef TESTS_COVERAGE_H
#define TESTS_COVERAGE_H

#include <unistd.h>

void __gcov_dump(void); /* of libgcov: writes the counts */

#define _exit(status) (__gcov_dump(), (_exit)(status))

#endif
