/* src/marc/mrk_names.c - the names in braces of the .mrk format: those of the MARCMaker table of the Library of Congress, which
 * MarcEdit reads too, and some more that are in use.
 *
 * Records in memory are in UTF-8, and so a name is the character that it says: {laquo} is the guillemet and {Acy} the Cyrillic
 * letter, where MARCMaker, which knew no more than ANSEL, made a quotation mark and a Latin A of them. {E9} is a code of ANSEL,
 * {A} itself. A letter with a mark is named by letter and mark ({eacute}, {Ouml}), so that one table of marks serves all letters.
 * A mark alone comes before its letter, as in MARC-8. {U+1234} and {&#x1234;} name any character. Where several names mean one
 * character, the first is written. */
#include "mrk_names.h"
#include "recto/base/utf8.h"

#include <string.h>

typedef struct named_code {
    const char *name;
    int32_t code;
} named_code;

static const named_code marks[] = {
    { "acute", 0x301 },    { "grave", 0x300 },   { "circ", 0x302 },    { "tilde", 0x303 },    { "uml", 0x308 },
    { "caron", 0x30C },    { "cedil", 0x327 },   { "macr", 0x304 },    { "breve", 0x306 },    { "dot", 0x307 },
    { "dotb", 0x323 },     { "ring", 0x30A },    { "ringb", 0x325 },   { "ogon", 0x328 },     { "dblac", 0x30B },
    { "hooka", 0x309 },    { "dbldotb", 0x324 }, { "under", 0x332 },   { "dblunder", 0x333 }, { "breveb", 0x32E },
    { "commab", 0x326 },   { "commaa", 0x313 },  { "rcommaa", 0x315 }, { "rcedil", 0x31C },   { "candra", 0x310 },
    { "vlineb", 0x329 },   { "circb", 0x32D },   { "llig", 0x361 },    { "rlig", 0xFE21 },    { "ldbltil", 0x360 },
    { "rdbltil", 0xFE23 }, { "diaer", 0x308 },   { "hacek", 0x30C },   { "hookr", 0x328 },    { "hookl", 0x326 },
};

static const named_code characters[] = {
    { "dollar", 0x24 },    { "lcub", 0x7B },      { "rcub", 0x7D },      { "bsol", 0x5C },     { "quot", 0x22 },
    { "amp", 0x26 },       { "apos", 0x27 },      { "lt", 0x3C },        { "gt", 0x3E },       { "num", 0x23 },
    { "percnt", 0x25 },    { "space", 0x20 },     { "excl", 0x21 },      { "lpar", 0x28 },     { "rpar", 0x29 },
    { "ast", 0x2A },       { "plus", 0x2B },      { "comma", 0x2C },     { "hyphen", 0x2D },   { "period", 0x2E },
    { "sol", 0x2F },       { "colon", 0x3A },     { "semi", 0x3B },      { "equals", 0x3D },   { "quest", 0x3F },
    { "commat", 0x40 },    { "lsqb", 0x5B },      { "rsqb", 0x5D },      { "spcirc", 0x5E },   { "spundscr", 0x5F },
    { "spgrave", 0x60 },   { "verbar", 0x7C },    { "pipe", 0x7C },      { "squf", 0x7C },     { "sptilde", 0x7E },
    { "esc", 0x1B },       { "gs", 0x1D },        { "rs", 0x1E },        { "us", 0x1F },       { "joiner", 0x200D },
    { "nonjoin", 0x200C }, { "nsb", 0x98 },       { "nse", 0x9C },       { "Lstrok", 0x141 },  { "Ostrok", 0xD8 },
    { "Dstrok", 0x110 },   { "THORN", 0xDE },     { "AElig", 0xC6 },     { "OElig", 0x152 },   { "softsign", 0x2B9 },
    { "middot", 0xB7 },    { "flat", 0x266D },    { "reg", 0xAE },       { "plusmn", 0xB1 },   { "Ohorn", 0x1A0 },
    { "Uhorn", 0x1AF },    { "mlrhring", 0x2BC }, { "mllhring", 0x2BB }, { "lstrok", 0x142 },  { "ostrok", 0xF8 },
    { "dstrok", 0x111 },   { "thorn", 0xFE },     { "aelig", 0xE6 },     { "oelig", 0x153 },   { "hardsign", 0x2BA },
    { "inodot", 0x131 },   { "pound", 0xA3 },     { "eth", 0xF0 },       { "ohorn", 0x1A1 },   { "uhorn", 0x1B0 },
    { "deg", 0xB0 },       { "scriptl", 0x2113 }, { "phono", 0x2117 },   { "copy", 0xA9 },     { "sharp", 0x266F },
    { "iquest", 0xBF },    { "iexcl", 0xA1 },     { "szlig", 0xDF },     { "euro", 0x20AC },   { "alif", 0x2BC },
    { "ayn", 0x2BB },      { "mlprime", 0x2B9 },  { "mlPrime", 0x2BA },  { "ETH", 0xD0 },      { "esszet", 0xDF },
    { "eszett", 0xDF },    { "nbsp", 0xA0 },      { "cent", 0xA2 },      { "curren", 0xA4 },   { "yen", 0xA5 },
    { "brvbar", 0xA6 },    { "sect", 0xA7 },      { "para", 0xB6 },      { "ordf", 0xAA },     { "ordm", 0xBA },
    { "laquo", 0xAB },     { "raquo", 0xBB },     { "shy", 0xAD },       { "sup1", 0xB9 },     { "sup2", 0xB2 },
    { "sup3", 0xB3 },      { "sup0", 0x2070 },    { "frac14", 0xBC },    { "frac12", 0xBD },   { "frac34", 0xBE },
    { "times", 0xD7 },     { "divide", 0xF7 },    { "IJlig", 0x132 },    { "ijlig", 0x133 },   { "fnof", 0x192 },
    { "asuper", 0xAA },    { "osuper", 0xBA },    { "ndash", 0x2013 },   { "mdash", 0x2014 },  { "lsquo", 0x2018 },
    { "rsquo", 0x2019 },   { "lsquor", 0x201A },  { "rsquor", 0x201B },  { "ldquo", 0x201C },  { "rdquo", 0x201D },
    { "ldquor", 0x201E },  { "rdquor", 0x201F },  { "rdquofh", 0x201D }, { "dagger", 0x2020 }, { "Dagger", 0x2021 },
    { "bull", 0x2022 },    { "hellip", 0x2026 },  { "trade", 0x2122 },   { "No", 0x2116 },     { "agr", 0x3B1 },
    { "bgr", 0x3B2 },      { "ggr", 0x3B3 },      { "alpha", 0x3B1 },    { "beta", 0x3B2 },    { "gamma", 0x3B3 },
    { "Acy", 0x410 },      { "Bcy", 0x411 },      { "Vcy", 0x412 },      { "Gcy", 0x413 },     { "Dcy", 0x414 },
    { "YEcy", 0x415 },     { "ZHcy", 0x416 },     { "Zcy", 0x417 },      { "Icy", 0x418 },     { "Jcy", 0x419 },
    { "Kcy", 0x41A },      { "Lcy", 0x41B },      { "Mcy", 0x41C },      { "Ncy", 0x41D },     { "Ocy", 0x41E },
    { "Pcy", 0x41F },      { "Rcy", 0x420 },      { "Scy", 0x421 },      { "Tcy", 0x422 },     { "Ucy", 0x423 },
    { "Fcy", 0x424 },      { "KHcy", 0x425 },     { "TScy", 0x426 },     { "CHcy", 0x427 },    { "SHcy", 0x428 },
    { "SHCHcy", 0x429 },   { "HARDcy", 0x42A },   { "Ycy", 0x42B },      { "SOFTcy", 0x42C },  { "Ecy", 0x42D },
    { "YUcy", 0x42E },     { "YAcy", 0x42F },     { "acy", 0x430 },      { "bcy", 0x431 },     { "vcy", 0x432 },
    { "gcy", 0x433 },      { "dcy", 0x434 },      { "yecy", 0x435 },     { "zhcy", 0x436 },    { "zcy", 0x437 },
    { "icy", 0x438 },      { "jcy", 0x439 },      { "kcy", 0x43A },      { "lcy", 0x43B },     { "mcy", 0x43C },
    { "ncy", 0x43D },      { "ocy", 0x43E },      { "pcy", 0x43F },      { "rcy", 0x440 },     { "scy", 0x441 },
    { "tcy", 0x442 },      { "ucy", 0x443 },      { "fcy", 0x444 },      { "khcy", 0x445 },    { "tscy", 0x446 },
    { "chcy", 0x447 },     { "shcy", 0x448 },     { "shchcy", 0x449 },   { "hardcy", 0x44A },  { "ycy", 0x44B },
    { "softcy", 0x44C },   { "ecy", 0x44D },      { "yucy", 0x44E },     { "yacy", 0x44F },    { "IOcy", 0x401 },
    { "DJEcy", 0x402 },    { "GJEcy", 0x403 },    { "IEcy", 0x404 },     { "DZEcy", 0x405 },   { "IYcy", 0x406 },
    { "YIcy", 0x407 },     { "JEcy", 0x408 },     { "LJEcy", 0x409 },    { "NJEcy", 0x40A },   { "TSHEcy", 0x40B },
    { "KJEcy", 0x40C },    { "Ubrevecy", 0x40E }, { "DZHEcy", 0x40F },   { "GHcy", 0x490 },    { "iocy", 0x451 },
    { "djecy", 0x452 },    { "gjecy", 0x453 },    { "iecy", 0x454 },     { "dzecy", 0x455 },   { "iycy", 0x456 },
    { "yicy", 0x457 },     { "jecy", 0x458 },     { "ljecy", 0x459 },    { "njecy", 0x45A },   { "tshecy", 0x45B },
    { "kjecy", 0x45C },    { "ubrevecy", 0x45E }, { "dzhecy", 0x45F },   { "ghcy", 0x491 },    { "GEcy", 0x413 },
    { "gecy", 0x433 },     { "Hcy", 0x425 },      { "hcy", 0x445 },      { "JIcy", 0x407 },    { "jicy", 0x457 },
    { "Iumlcy", 0x407 },   { "iumlcy", 0x457 },   { "ZHuacy", 0x416 },   { "zhuacy", 0x436 },
};

/* What names say that stand behind {esc}. */
static const struct {
    const char *name, *sequence;
} sets[] = {
    { "greek", "g" }, { "sub", "b" },    { "super", "p" },   { "latin", "(B" },
    { "arab", "(3" }, { "cyril", "(N" }, { "hebrew", "(2" }, { "cjk", "$1" },
};

/* ANSEL, from 0xA1 and from 0xE0, as the names that stand for its codes; NULL where it has none. */
static const char *const ansel_characters[] = {
    "Lstrok", "Ostrok", "Dstrok",   "THORN",  "AElig", "OElig", "softsign", "middot", "flat",   "reg",
    "plusmn", "Ohorn",  "Uhorn",    "alif",   NULL,    "ayn",   "lstrok",   "ostrok", "dstrok", "thorn",
    "aelig",  "oelig",  "hardsign", "inodot", "pound", "eth",   NULL,       "ohorn",  "uhorn",  NULL,
    NULL,     "deg",    "scriptl",  "phono",  "copy",  "sharp", "iquest",   "iexcl",  "szlig",  "euro",
};
static const char *const ansel_marks[] = {
    "hooka", "grave",  "acute",   "circ",   "tilde",   "macr",    "breve", "dot",  "uml",     "caron", "ring",
    "llig",  "rlig",   "rcommaa", "dblac",  "candra",  "cedil",   "ogon",  "dotb", "dbldotb", "ringb", "dblunder",
    "under", "commab", "rcedil",  "breveb", "ldbltil", "rdbltil", NULL,    NULL,   "commaa",  NULL,
};

static const named_code *find_named(const named_code *table, size_t count, text name)
{
    for (size_t i = 0; i < count; i++)
        if (name.bytes[0] == table[i].name[0] && text_equal(name, text_from(table[i].name)))
            return &table[i];
    return NULL;
}
#define FIND(table, name) find_named(table, sizeof(table) / sizeof *(table), name)

/* Hexadecimal digits, all of the text. -1: they are not, or too many. */
static int32_t hexadecimal(text digits, bool lower_too)
{
    int32_t code = 0;
    if (digits.length == 0 || digits.length > 6)
        return -1;
    for (size_t i = 0; i < digits.length; i++) {
        char digit = digits.bytes[i];
        if (digit >= '0' && digit <= '9')
            code = code * 16 + (digit - '0');
        else if (digit >= 'A' && digit <= 'F')
            code = code * 16 + (digit - 'A' + 10);
        else if (lower_too && digit >= 'a' && digit <= 'f')
            code = code * 16 + (digit - 'a' + 10);
        else
            return -1;
    }
    return code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF) ? -1 : code;
}

/* {U+1234}, {&#x1234;} */
static int32_t numbered_code(text name)
{
    if (text_starts(name, TEXT("U+")))
        return hexadecimal(text_of(name.bytes + 2, name.length - 2), false);
    if (text_starts(name, TEXT("&#x")) && name.bytes[name.length - 1] == ';')
        return hexadecimal(text_of(name.bytes + 3, name.length - 4), true);
    return -1;
}

static bool is_letter(char byte)
{
    return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

/* {5}, {A}, {41}, {E2} */
static bool find_code(mrk_name *out, text name)
{
    int32_t code = name.length == 2 ? hexadecimal(name, false) : -1;
    const char *known = NULL;
    if (name.length == 1 && (is_letter(name.bytes[0]) || (name.bytes[0] >= '0' && name.bytes[0] <= '9')))
        code = (unsigned char)name.bytes[0];
    if (code >= 0 && code < 0x80) {
        out->code = code;
        return true;
    }
    if (code >= 0xA1 && code < 0xA1 + (int32_t)(sizeof ansel_characters / sizeof *ansel_characters))
        known = ansel_characters[code - 0xA1];
    else if (code >= 0xE0)
        known = ansel_marks[code - 0xE0];
    else if (code == 0x88 || code == 0x89)
        known = code == 0x88 ? "nsb" : "nse";
    else if (code == 0x8D || code == 0x8E)
        known = code == 0x8D ? "joiner" : "nonjoin";
    return known != NULL && mrk_name_find(out, text_from(known));
}

/* {eacute}: a letter, and the name of a mark. */
static bool find_letter_with_mark(mrk_name *out, text name)
{
    const named_code *mark = NULL;
    if (name.length > 1 && is_letter(name.bytes[0]))
        mark = FIND(marks, text_of(name.bytes + 1, name.length - 1));
    if (mark == NULL)
        return false;
    out->base = (unsigned char)name.bytes[0];
    out->code = mark->code;
    return true;
}

bool mrk_name_find(mrk_name *out, text name)
{
    *out = (mrk_name){ 0 };
    if (name.length == 0)
        return false;
    const named_code *known = FIND(characters, name);
    if (known == NULL) {
        known = FIND(marks, name);
        out->mark = known != NULL;
    }
    if (known != NULL) {
        out->code = known->code;
        return true;
    }
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        if (text_equal(name, text_from(sets[i].name))) {
            out->code = -1;
            out->sequence = sets[i].sequence;
            return true;
        }
    }
    out->code = numbered_code(name);
    return out->code >= 0 || find_code(out, name) || find_letter_with_mark(out, name);
}

const char *mrk_name_of(int32_t code, bool mark)
{
    const named_code *table = mark ? marks : characters;
    size_t count = mark ? sizeof marks / sizeof *marks : sizeof characters / sizeof *characters;
    for (size_t i = 0; i < count; i++)
        if (table[i].code == code)
            return table[i].name;
    return NULL;
}
