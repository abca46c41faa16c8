/* src/marc/validate_findings.c - the table of findings: code, severity by default, sentence.
 *
 * Severities are those of match-merge.md section 9 (as delivered by Alma): few things block. What that section does not name
 * is a warning where the record contradicts the format, and information where it is likely but not sure to be wrong. The few
 * tags for which a finding weighs more stand in validate_profile.c. */
#include "validate_check.h"

#define BLOCK   MARC_SEVERITY_BLOCK
#define WARNING MARC_SEVERITY_WARNING
#define INFO    MARC_SEVERITY_INFO

const marc_finding_kind finding_kinds[FINDING_KIND_COUNT] = {
    /* the record */
    [FINDING_LEADER_MISSING] = { "leader-missing", BLOCK, "the leader is missing; a record needs its 24 bytes" },
    [FINDING_LEADER_VALUE] = { "leader-value", INFO, "the leader has \"{1}\" here, where every record has \"{2}\"" },
    [FINDING_RECORD_TOO_LONG] = { "record-too-long", WARNING,
                                  "the record takes {1} bytes; ISO 2709 holds 99999, MARCXML and JSON hold it whole" },
    [FINDING_TAG_MALFORMED] = { "tag-malformed", BLOCK, "the tag \"{1}\" is not made of three digits or letters" },
    [FINDING_FIELD_MISSING] = { "field-missing", WARNING, "there is no {1}; a record has one field {2}" },
    [FINDING_FIELD_EMPTY] = { "field-empty", WARNING,
                              "{1} is empty; remove it or fill it|245 is empty; a record needs a title in $a" },
    [FINDING_FIELD_REPEATED] = { "field-repeated", WARNING, "{1} stands {2} times; it may stand once" },
    [FINDING_FIELD_DUPLICATE] = { "field-duplicate", WARNING, "the same as {1}, \"{2}\"; once is enough" },
    [FINDING_FIELD_UNDEFINED] = { "field-undefined", WARNING, "{1} is not defined in MARC 21; local fields have a 9 in the tag" },
    [FINDING_FIELD_OBSOLETE] = { "field-obsolete", INFO, "{1} ({2}) is obsolete|{1} ({2}) is obsolete; {3+}" },
    [FINDING_FIELD_TOO_LONG] = { "field-too-long", WARNING,
                                 "{1} takes {2} bytes; ISO 2709 holds 9999, MARCXML and JSON hold it whole" },
    [FINDING_MAIN_ENTRY_REPEATED] = { "main-entry-repeated", WARNING,
                                      "{1} stands beside {2}; a record has one 1XX, and further names go into 7XX" },
    /* indicators and subfields */
    [FINDING_INDICATOR_INVALID] = { "indicator-invalid", WARNING, "indicator {1} is \"{2}\"; {3+} would be right ({4})" },
    [FINDING_INDICATOR_OBSOLETE] = { "indicator-obsolete", INFO,
                                     "indicator {1} is \"{2}\" ({3}), which is obsolete|indicator {1} is \"{2}\" ({3}), which is "
                                     "obsolete; {4+}" },
    [FINDING_SUBFIELD_MALFORMED] = { "subfield-malformed", WARNING,
                                     "text before the first subfield, or a delimiter without a code|"
                                     "the subfield code \"{1}\" is no letter and no digit" },
    [FINDING_SUBFIELD_EMPTY] = { "subfield-empty", WARNING, "${1} is empty; remove it or fill it" },
    [FINDING_SUBFIELD_MISSING] = { "subfield-missing", WARNING, "{1} has no ${2}" },
    [FINDING_SUBFIELD_REPEATED] = { "subfield-repeated", WARNING, "${1} ({2}) stands more than once; it may stand once" },
    [FINDING_SUBFIELD_UNDEFINED] = { "subfield-undefined", WARNING, "${1} is not defined in {2} ({3})" },
    [FINDING_SUBFIELD_OBSOLETE] = { "subfield-obsolete", INFO,
                                    "${1} ({2}) is obsolete in {3}|${1} ({2}) is obsolete in {3}; {4+}" },
    [FINDING_SUBFIELD_ORDER] = { "subfield-order", WARNING, "${1} is not the first subfield|$6 stands before all others" },
    [FINDING_SOURCE_MISSING] = { "source-missing", WARNING, "indicator {1} is 7, so $2 must name the source; there is no $2" },
    [FINDING_SOURCE_UNASKED] = { "source-unasked", INFO,
                                 "$2 names a source, but indicator {1} is \"{2}\"; 7 would be right, or no $2" },
    /* characters */
    [FINDING_NOT_UTF8] = { "not-utf8", WARNING, "byte {1} ({2}) is not UTF-8; look at the encoding the record came in" },
    [FINDING_CONTROL_CHARACTER] = { "control-character", WARNING, "control character {1} at byte {2}; remove it" },
    [FINDING_TERMINATOR_INSIDE] = { "terminator-inside", BLOCK,
                                    "{1} at byte {2} would end the field or record here; remove it|"
                                    "a control field has no subfields, but there is a delimiter at byte {2}" },
    [FINDING_REPLACEMENT_CHARACTER] = { "replacement-character", INFO,
                                        "a character at byte {1} was lost in some conversion (U+FFFD stands for it)" },
    /* leader and control fields */
    [FINDING_FIXED_LENGTH] = { "fixed-length", WARNING, "{1} has {2} bytes; {3} would be right ({4})" },
    [FINDING_FIXED_BLANK] = { "fixed-blank", WARNING,
                              "{1} is blank where it describes the material ({2}); code it, or fill it with |" },
    [FINDING_FIXED_CODE] = { "fixed-code", WARNING,
                             "{1} ({2}) is \"{3}\", which is not defined; right would be {4+}|"
                             "the first byte is \"{1}\", which names no kind of material" },
    [FINDING_FIXED_CODE_OBSOLETE] = { "fixed-code-obsolete", INFO, "{1} is \"{2}\" ({3}), which is obsolete" },
    [FINDING_FIXED_DATE] = { "fixed-date", WARNING, "{1} is \"{2}\"; {3+} would be right" },
    [FINDING_FIXED_FORM] = { "fixed-form", INFO, "{1} is \"{2}\"; {3+}" },
    [FINDING_DATE_COMBINATION] = { "date-combination", WARNING,
                                   "type of date {1} wants {2+}, but Date1 is \"{3}\" and Date2 is \"{4}\"" },
    [FINDING_DATE_DIFFERS] = { "date-differs", WARNING,
                               "\"{1}\" gives no year that 008 has (Date1 {2}, Date2 {3})|\"{1}\" gives no year that 008 has "
                               "(Date1 {2})" },
    /* standard numbers */
    [FINDING_ISBN_CHECK_DIGIT] = { "isbn-check-digit", WARNING,
                                   "ISBN {1}: the check digit {2} is wrong, {3} would be right; "
                                   "a number printed wrong goes into $z" },
    [FINDING_ISBN_FORM] = { "isbn-form", WARNING,
                            "\"{1}\" ({2} characters) is no ISBN; 10, or 13 from 978 or 979, would be right|"
                            "\"{1}\" does not begin with an ISBN; words around it go into $q" },
    [FINDING_ISBN_QUALIFIER] = { "isbn-qualifier", INFO, "\"{1}\": a blank goes before the parenthesis; today it is $q" },
    [FINDING_ISBN_CANCELED_VALID] = { "isbn-canceled-valid", INFO,
                                      "ISBN {1} in $z has a right check digit; $z also holds valid numbers of other editions" },
    [FINDING_ISSN_CHECK_DIGIT] = { "issn-check-digit", WARNING,
                                   "ISSN {1}: the check digit is wrong, {2} would be right; an incorrect ISSN goes into $y" },
    [FINDING_ISSN_FORM] = { "issn-form", WARNING, "\"{1}\" is no ISSN; four digits, a hyphen and four would be right" },
    [FINDING_NUMBER_CHECK_DIGIT] = { "number-check-digit", WARNING,
                                     "{1} {2}: the check digit is wrong, {3} would be right; an invalid one goes into $z" },
    [FINDING_NUMBER_FORM] = { "number-form", WARNING, "\"{1}\" is no {2}; {3+} would be right" },
    [FINDING_LCCN_FORM] = { "lccn-form", WARNING, "\"{1}\" is no LCCN; {2+} would be right" },
    [FINDING_LCCN_PADDING] = { "lccn-padding", INFO, "\"{1}\" is not padded as MARC 21 wants; \"{2}\" would be right" },
    [FINDING_SYSTEM_NUMBER_FORM] = { "system-number-form", INFO,
                                     "\"{1}\" does not begin with the code of an agency in parentheses, as in (OCoLC)" },
    [FINDING_OCLC_FORM] = { "oclc-form", WARNING, "\"{1}\" is no OCLC number; (OCoLC) and its digits would be right" },
    /* codes */
    [FINDING_CODE_UNDEFINED] = { "code-undefined", WARNING,
                                 "\"{1}\" is not in the list of {2} codes|"
                                 "\"{1}\" is not in the list of {2} codes; \"{3}\" is" },
    [FINDING_CODE_OBSOLETE] = { "code-obsolete", INFO,
                                "the {1} code \"{2}\" ({3}) is discontinued|"
                                "the {1} code \"{2}\" ({3}) is discontinued; use {4}" },
    [FINDING_CODE_LENGTH] = { "code-length", WARNING, "\"{1}\" has {2} characters; {3} codes have {4}" },
    /* one part of the record against another */
    [FINDING_LANGUAGE_DIFFERS] = { "language-differs", WARNING,
                                   "041 ${1} begins with \"{2}\", 008/35-37 is \"{3}\"; they are the same language" },
    [FINDING_TRANSLATION_DIFFERS] = { "translation-differs", INFO,
                                      "indicator 1 says no translation, but $h names an original language|"
                                      "indicator 1 says translation, but no $h names the original language" },
    [FINDING_TITLE_ENTRY] = { "title-entry", INFO,
                              "indicator 1 is 0, but there is a {1}; 1 would be right|"
                              "indicator 1 is 1, but there is no 1XX; 0 would be right" },
    [FINDING_NONFILING_ARTICLE] = { "nonfiling-article", WARNING,
                                    "\"{1}\" may be an article; indicator {2} is {3}, {4} would be right" },
    [FINDING_NONFILING_COUNT] = { "nonfiling-count", WARNING,
                                  "indicator {1} leaves out {2} characters, which ends inside a word of \"{3}\"|"
                                  "indicator {1} leaves out {2} characters; \"{3}\" has not so many" },
    [FINDING_NONFILING_NO_ARTICLE] = { "nonfiling-no-article", INFO,
                                       "indicator {1} leaves out {2} characters, but \"{3}\" is no article that we know" },
    [FINDING_PUNCTUATION] = { "punctuation", INFO, "{1+}" },
    [FINDING_SERIES_UNTRACED] = { "series-untraced", WARNING,
                                  "indicator 1 says that the series is traced, but there is no 800 to 830" },
    [FINDING_HOST_MISSING] = { "host-missing", INFO, "leader/07 says a component part; 773 names what it is part of" },
    [FINDING_TERM_DIFFERS] = { "term-differs", WARNING, "$a \"{1}\" and $b \"{2}\" differ; {2} means \"{3}\"" },
    [FINDING_CONTENT_TYPE_DIFFERS] = { "content-type-differs", WARNING,
                                       "leader/06 is {1}, but no 336 has a content type that fits; {2+} would" },
    [FINDING_CARRIER_MEDIA_DIFFERS] = { "carrier-media-differs", WARNING,
                                        "carrier {1} ({2}) belongs to media type {3}, which no 337 has" },
    [FINDING_CATEGORY_MEDIA_DIFFERS] = { "category-media-differs", WARNING,
                                         "007/00 is {1} ({2}), but no 337 has a media type that fits; {3} would" },
    [FINDING_EXTENT_CARRIER_DIFFERS] = { "extent-carrier-differs", WARNING, "\"{1}\" is carrier {2}, but no 338 has that" },
    [FINDING_FORM_CARRIER_DIFFERS] = { "form-carrier-differs", INFO,
                                       "338 says online resource, but form of item is \"{1}\"; o would be right" },
    /* 880 */
    [FINDING_LINK_MISSING] = { "link-missing", WARNING, "880 has no $6; it names the field it belongs to, as in 245-01" },
    [FINDING_LINK_MALFORMED] = { "link-malformed", WARNING, "$6 is \"{1}\"; {2} would be right" },
    [FINDING_LINK_BROKEN] = { "link-broken", WARNING,
                              "no 880 has $6 {1}-{2}; add it, or take this $6 away|"
                              "no field {1} has $6 880-{2}; number this one {1}-00 if it stands alone" },
    [FINDING_LINK_AMBIGUOUS] = { "link-ambiguous", WARNING,
                                 "{1}-{2} is the number of more than one pair; each pair has its own|"
                                 "880-{2} stands in more than one {1}; each pair has its own number" },
    [FINDING_LINK_NUMBER_REUSED] = { "link-number-reused", INFO,
                                     "number {1} links {2} here and {3} elsewhere; each pair has its own number" },
    [FINDING_LINK_SCRIPT] = { "link-script", WARNING, "\"{1}\" is no script; (3 (B $1 (N (S (2 or four letters would be right" },
};

const marc_finding_kind *marc_validate_findings(size_t *count)
{
    *count = FINDING_KIND_COUNT;
    return finding_kinds;
}
