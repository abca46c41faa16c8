/* src/marc/mrk_names.c - the common mnemonics of the .mrk format.
 *
 * A letter with a mark is named by the letter and the mark ({eacute}, {Ouml}), so one table of marks serves all letters. The
 * marks alone ({acute}e) come before their letter, as in MARC-8. {U+1234} names any character. */
#include "mrk_names.h"

#include <string.h>

static const struct {
    const char *name;
    int32_t code;
} marks[] = {
    { "acute", 0x0301 },   { "grave", 0x0300 },   { "circ", 0x0302 },   { "tilde", 0x0303 },    { "uml", 0x0308 },
    { "caron", 0x030C },   { "cedil", 0x0327 },   { "macr", 0x0304 },   { "breve", 0x0306 },    { "dot", 0x0307 },
    { "dotb", 0x0323 },    { "ring", 0x030A },    { "ringb", 0x0325 },  { "ogon", 0x0328 },     { "dblac", 0x030B },
    { "hooka", 0x0309 },   { "dbldotb", 0x0324 }, { "under", 0x0332 },  { "dblunder", 0x0333 }, { "breveb", 0x032E },
    { "commab", 0x0326 },  { "rcommaa", 0x0315 }, { "candra", 0x0310 }, { "llig", 0xFE20 },     { "rlig", 0xFE21 },
    { "ldbltil", 0xFE22 }, { "rdbltil", 0xFE23 },
};

static const struct {
    const char *name;
    int32_t code;
} characters[] = {
    { "dollar", '$' },     { "lcub", '{' },       { "rcub", '}' },      { "bsol", '\\' },      { "quot", '"' },
    { "amp", '&' },        { "lt", '<' },         { "gt", '>' },        { "num", '#' },        { "percnt", '%' },
    { "AElig", 0xC6 },     { "aelig", 0xE6 },     { "OElig", 0x152 },   { "oelig", 0x153 },    { "Ostrok", 0xD8 },
    { "ostrok", 0xF8 },    { "Lstrok", 0x141 },   { "lstrok", 0x142 },  { "Dstrok", 0x110 },   { "dstrok", 0x111 },
    { "THORN", 0xDE },     { "thorn", 0xFE },     { "eth", 0xF0 },      { "esszet", 0xDF },    { "szlig", 0xDF },
    { "inodot", 0x131 },   { "Ohorn", 0x1A0 },    { "ohorn", 0x1A1 },   { "Uhorn", 0x1AF },    { "uhorn", 0x1B0 },
    { "softsign", 0x2B9 }, { "hardsign", 0x2BA }, { "ayn", 0x2BB },     { "mllhring", 0x2BB }, { "mlrhring", 0x2BC },
    { "alif", 0x2BC },     { "middot", 0xB7 },    { "flat", 0x266D },   { "sharp", 0x266F },   { "reg", 0xAE },
    { "copy", 0xA9 },      { "phono", 0x2117 },   { "plusmn", 0xB1 },   { "pound", 0xA3 },     { "euro", 0x20AC },
    { "deg", 0xB0 },       { "scriptl", 0x2113 }, { "iexcl", 0xA1 },    { "iquest", 0xBF },    { "laquo", 0xAB },
    { "raquo", 0xBB },     { "sup0", 0x2070 },    { "sup1", 0xB9 },     { "sup2", 0xB2 },      { "sup3", 0xB3 },
    { "alpha", 0x3B1 },    { "beta", 0x3B2 },     { "gamma", 0x3B3 },   { "frac12", 0xBD },    { "frac14", 0xBC },
    { "frac34", 0xBE },    { "esc", 0x1B },       { "joiner", 0x200D }, { "nonjoin", 0x200C }, { "nsb", 0x98 },
    { "nse", 0x9C },
};

static bool is_named(text name, const char *known)
{
    return name.length == strlen(known) && memcmp(name.bytes, known, name.length) == 0;
}

static int32_t mark_code(text name)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (is_named(name, marks[i].name))
            return marks[i].code;
    return 0;
}

/* U+ and one to six hexadecimal digits. */
static int32_t numbered_code(text name)
{
    int32_t code = 0;
    if (name.length < 3 || name.length > 8 || memcmp(name.bytes, "U+", 2) != 0)
        return 0;
    for (size_t i = 2; i < name.length; i++) {
        char digit = name.bytes[i];
        if (digit >= '0' && digit <= '9')
            code = code * 16 + (digit - '0');
        else if (digit >= 'A' && digit <= 'F')
            code = code * 16 + (digit - 'A' + 10);
        else
            return 0;
    }
    return code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF) ? 0 : code;
}

int32_t mrk_name_code(text name, bool *mark, int32_t *base)
{
    *mark = false;
    *base = 0;
    for (size_t i = 0; i < sizeof characters / sizeof *characters; i++)
        if (is_named(name, characters[i].name))
            return characters[i].code;
    int32_t code = mark_code(name);
    if (code != 0) {
        *mark = true;
        return code;
    }
    bool letter =
        name.length > 1 && ((name.bytes[0] >= 'A' && name.bytes[0] <= 'Z') || (name.bytes[0] >= 'a' && name.bytes[0] <= 'z'));
    code = letter ? mark_code(text_of(name.bytes + 1, name.length - 1)) : 0;
    if (code != 0) {
        *base = (unsigned char)name.bytes[0];
        return code;
    }
    return numbered_code(name);
}
