/* src/marc/formats.c - the names of the formats and of the encodings, and which format some bytes are in. */
#include "recto/marc/formats.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    marc_format format;
    const char *endings[3];
} formats[] = {
    { "marc", MARC_FORMAT_ISO2709, { "mrc", "marc", "iso" } }, { "marcxml", MARC_FORMAT_MARCXML, { "xml", "marcxml", "mrx" } },
    { "mrk", MARC_FORMAT_MRK, { "mrk", "mrk8", NULL } },       { "json", MARC_FORMAT_JSON, { "json", "jsonl", "mij" } },
    { "line", MARC_FORMAT_LINE, { "line", "lines", NULL } },
};

enum { FORMAT_COUNT = sizeof formats / sizeof *formats };

marc_format marc_format_named(const char *name)
{
    for (size_t i = 0; name != NULL && i < FORMAT_COUNT; i++)
        if (strcmp(formats[i].name, name) == 0)
            return formats[i].format;
    return MARC_FORMAT_UNKNOWN;
}

const char *marc_format_name(marc_format format)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (formats[i].format == format)
            return formats[i].name;
    return "unknown";
}

marc_format marc_format_of_file(const char *file_name)
{
    const char *dot = file_name != NULL ? strrchr(file_name, '.') : NULL;
    if (dot == NULL || strchr(dot, '/') != NULL)
        return MARC_FORMAT_UNKNOWN;
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        for (size_t j = 0; j < 3 && formats[i].endings[j] != NULL; j++)
            if (strcasecmp(dot + 1, formats[i].endings[j]) == 0)
                return formats[i].format;
    return MARC_FORMAT_UNKNOWN;
}

static bool looks_like_iso2709(text bytes)
{
    size_t digits = 0;
    for (size_t i = 12; i < 17 && i < bytes.length; i++)
        digits += bytes.bytes[i] >= '0' && bytes.bytes[i] <= '9';
    if (digits == 5)
        return true;
    return bytes.length > 0 && (memchr(bytes.bytes, MARC_FIELD_TERMINATOR, bytes.length) != NULL ||
                                memchr(bytes.bytes, MARC_SUBFIELD_DELIMITER, bytes.length) != NULL);
}

static bool looks_like_line(text bytes)
{
    return text_starts(bytes, TEXT("LDR ")) ||
           (bytes.length > 4 && bytes.bytes[3] == ' ' && strspn(bytes.bytes, "0123456789") >= 3 && bytes.bytes[4] != ' ');
}

const char *marc_sniff_container(text beginning)
{
    static const struct {
        const char *name;
        text bytes;
    } containers[] = {
        { "gzip", { "\x1F\x8B\x08", 3 } },
        { "bzip2", { "BZh", 3 } },
        { "xz",
          { "\xFD"
            "7zXZ",
            5 } },
        { "zstd", { "(\xB5/\xFD", 4 } },
        { "zip", { "PK\x03\x04", 4 } },
        { "compress", { "\x1F\x9D", 2 } },
        { "7z", { "7z\xBC\xAF\x27", 5 } },
    };
    for (size_t i = 0; i < sizeof containers / sizeof *containers; i++)
        if (text_starts(beginning, containers[i].bytes))
            return containers[i].name;
    return NULL;
}

marc_format marc_format_sniff(text beginning)
{
    if (marc_sniff_container(beginning) != NULL)
        return MARC_FORMAT_UNKNOWN;
    if (text_starts(beginning, TEXT("\xEF\xBB\xBF")))
        beginning = text_of(beginning.bytes + 3, beginning.length - 3);
    while (beginning.length > 0 && memchr(" \t\r\n\x1A", beginning.bytes[0], 6) != NULL)
        beginning = text_of(beginning.bytes + 1, beginning.length - 1);
    if (beginning.length == 0)
        return MARC_FORMAT_UNKNOWN;
    if (beginning.bytes[0] == '<' || text_starts(beginning, TEXT("\xFF\xFE<")) || text_starts(beginning, TEXT("\xFE\xFF")))
        return MARC_FORMAT_MARCXML;
    if (beginning.bytes[0] == '{' || beginning.bytes[0] == '[')
        return MARC_FORMAT_JSON;
    if (beginning.bytes[0] == '=' && beginning.length > 6)
        return MARC_FORMAT_MRK;
    if (looks_like_line(beginning) && memchr(beginning.bytes, MARC_FIELD_TERMINATOR, beginning.length) == NULL)
        return MARC_FORMAT_LINE;
    return looks_like_iso2709(beginning) ? MARC_FORMAT_ISO2709 : MARC_FORMAT_UNKNOWN;
}

bool marc_encoding_named(marc_encoding *out, const char *name)
{
    static const struct {
        const char *name;
        marc_encoding encoding;
    } encodings[] = {
        { "auto", MARC_ENCODING_AUTO },     { "utf-8", MARC_ENCODING_UTF8 },        { "utf8", MARC_ENCODING_UTF8 },
        { "marc-8", MARC_ENCODING_MARC8 },  { "marc8", MARC_ENCODING_MARC8 },       { "latin-1", MARC_ENCODING_LATIN1 },
        { "latin1", MARC_ENCODING_LATIN1 }, { "iso-8859-1", MARC_ENCODING_LATIN1 },
    };
    for (size_t i = 0; name != NULL && i < sizeof encodings / sizeof *encodings; i++) {
        if (strcasecmp(encodings[i].name, name) == 0) {
            *out = encodings[i].encoding;
            return true;
        }
    }
    return false;
}
