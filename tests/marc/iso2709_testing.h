/* tests/marc/iso2709_testing.h - a sound record to read and to damage, and a reader of its bytes. */
#ifndef RECTO_TESTS_ISO2709_TESTING_H
#define RECTO_TESTS_ISO2709_TESTING_H

#include "marc_testing.h"

#define MINIMAL                                                                                                                  \
    "00040nam a2200037 i 4500"                                                                                                   \
    "001000200000"                                                                                                               \
    "\x1E"                                                                                                                       \
    "1\x1E\x1D"

/* A record of three fields to damage: 001, 245, 300. */
static const char sound[] = "00094nam a2200061 i 4500"
                            "001000400000"
                            "245001500004"
                            "300001300019"
                            "\x1E"
                            "abc\x1E"
                            "10\x1F"
                            "aTitle /\x1F"
                            "cB\x1E"
                            "  \x1F"
                            "a12 pages\x1E\x1D";

enum { SOUND_LENGTH = sizeof sound - 1, DIRECTORY = 24, DATA = 61 };

__attribute__((unused)) static marc_reader *open_bytes(text bytes, marc_reader_options *options)
{
    marc_reader *reader = NULL;
    options->format = MARC_FORMAT_ISO2709;
    assert_int_equal(marc_reader_new_bytes(&reader, bytes, "test", options, NULL), RECTO_OK);
    return reader;
}

#endif
