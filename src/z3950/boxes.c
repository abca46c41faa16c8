/* src/z3950/boxes.c - the boxes of the form: their labels and their codes, one table. */
#include "recto/base/text.h"
#include "recto/z3950/z3950.h"
#include <assert.h>

static const struct box {
    const char *label, *code;
} boxes[BOX_COUNT] = {
    [BOX_TITLE] = { "Title", "ti" },
    [BOX_AUTHOR] = { "Author", "au" },
    [BOX_ISBN] = { "ISBN", "isbn" },
    [BOX_ISSN] = { "ISSN", "issn" },
    [BOX_LCCN] = { "LCCN", "lccn" },
    [BOX_SYSTEM_NUMBER] = { "System Number", "sys" },
    [BOX_KEYWORD] = { "Keywords", "kw" },
    [BOX_PUBLISHER] = { "Publisher", "pub" },
    [BOX_DATE] = { "Date of Publication", "yr" },
    [BOX_SUBJECT] = { "Subject", "su" },
    [BOX_STANDARD_NUMBER] = { "Standard Number", "stdno" },
    [BOX_SERIES] = { "Series", "se" },
    [BOX_LANGUAGE] = { "Language", "lang" },
};

/* What else people and scripts call a box: the repository's own index codes among them. */
static const struct {
    const char *name;
    external_box box;
} aliases[] = {
    { "keyword", BOX_KEYWORD }, { "oclc", BOX_SYSTEM_NUMBER }, { "sysno", BOX_SYSTEM_NUMBER }, { "creator", BOX_AUTHOR },
    { "year", BOX_DATE },       { "date", BOX_DATE },          { "subjects", BOX_SUBJECT },    { "stdid", BOX_STANDARD_NUMBER },
};

const char *external_box_label(external_box box)
{
    assert(box < BOX_COUNT);
    return boxes[box].label;
}

bool external_box_named(external_box *out, const char *code_or_label)
{
    text wanted = text_from(code_or_label);
    for (size_t i = 0; i < BOX_COUNT; i++) {
        if (text_equal_ascii_case(wanted, text_from(boxes[i].code)) || text_equal_ascii_case(wanted, text_from(boxes[i].label))) {
            *out = (external_box)i;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++) {
        if (text_equal_ascii_case(wanted, text_from(aliases[i].name))) {
            *out = aliases[i].box;
            return true;
        }
    }
    return false;
}
