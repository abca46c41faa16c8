/* src/repo/authority_headings.c - headings, references and numbers of an authority record.
 *
 * The subfields that make a key are those that the browse lists take from the fields of bibs (headings.c), so that the same
 * heading has the same key here and there. @spec editor.md ED-115, ED-116 */
#include "authority_headings.h"
#include "headings.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The codes of a name go by the kind of name, as in headings.c. */
static const char *codes_of(int nature, const char *tag)
{
    if (nature == NATURE_NAME)
        return strcmp(tag + 1, "00") == 0 ? "abcdgjq" : strcmp(tag + 1, "10") == 0 ? "abcdgn" : "acdengq";
    return nature == NATURE_TITLE ? "abcdfghjklmnopqrst" : "abcdfghjklmnopqrstvxyz";
}

static bool has_code(const marc_field *field, const char *codes)
{
    marc_subfield subfield;
    size_t offset = 0;
    while (marc_field_next_subfield(field, &offset, &subfield))
        if (subfield.code != '\0' && strchr(codes, subfield.code) != NULL)
            return true;
    return false;
}

/* X00, X10, X11 with a title are a work; with a subdivision they are good for subjects alone. */
static int nature_of(const marc_field *field, const char *tag)
{
    const bool name = strcmp(tag + 1, "00") == 0 || strcmp(tag + 1, "10") == 0 || strcmp(tag + 1, "11") == 0;
    if (has_code(field, "vxyz") || (!name && strcmp(tag + 1, "30") != 0))
        return NATURE_SUBJECT;
    return name && !has_code(field, "t") ? NATURE_NAME : NATURE_TITLE;
}

static void join_heading(buffer *shown, const marc_field *field, const char *codes)
{
    marc_subfield subfield;
    size_t offset = 0;
    while (marc_field_next_subfield(field, &offset, &subfield)) {
        if (subfield.code == '\0' || strchr(codes, subfield.code) == NULL)
            continue;
        if (shown->length > 0)
            buffer_append_string(shown, strchr("vxyz", subfield.code) != NULL ? " -- " : " ");
        buffer_append_text(shown, subfield.value);
    }
    while (shown->length > 0 && strchr(" ,;:/=", shown->bytes[shown->length - 1]) != NULL)
        shown->bytes[--shown->length] = '\0';
}

/* The tag of the heading it is, or of the field it renders; *form says what it is. False: no heading. */
static bool form_of(const marc_field *field, char tag[static 4], authority_form *form)
{
    text link = { NULL, 0 };
    memcpy(tag, field->tag, 4);
    if (strcmp(field->tag, "880") == 0) {
        if (!marc_field_subfield(field, '6', &link) || link.length < 3 || (link.bytes[0] != '1' && link.bytes[0] != '4'))
            return false;
        memcpy(tag, link.bytes, 3);
        *form = AUTHORITY_SEE;
        return marc_tag_matches(tag, "XXX");
    }
    if (!marc_tag_matches(tag, "1XX") && !marc_tag_matches(tag, "4XX") && !marc_tag_matches(tag, "5XX"))
        return false;
    *form = (authority_form)(tag[0] - '0');
    return true;
}

static unsigned column_for(int nature)
{
    static const unsigned columns[] = {
        [NATURE_NAME] = POSTING_HEADING_NAME, [NATURE_TITLE] = POSTING_HEADING_TITLE, [NATURE_SUBJECT] = POSTING_HEADING_SUBJECT
    };
    return columns[nature];
}

bool authority_headings(const marc_record *record, bool (*visit)(void *context, const authority_heading *heading), void *context)
{
    buffer shown, key;
    bool go_on = true, failed = false;
    buffer_init(&shown, 0);
    buffer_init(&key, 0);
    for (size_t i = 0; i < marc_record_count(record) && go_on && !failed; i++) {
        const marc_field *field = marc_record_field(record, i);
        authority_heading heading;
        if (!form_of(field, heading.tag, &heading.form))
            continue;
        heading.nature = nature_of(field, heading.tag);
        buffer_clear(&shown);
        buffer_clear(&key);
        join_heading(&shown, field, codes_of(heading.nature, heading.tag));
        heading_key(&key, column_for(heading.nature), buffer_text(&shown));
        heading.key = buffer_text(&key);
        heading.shown = buffer_text(&shown);
        failed = buffer_failed(&shown) || buffer_failed(&key);
        if (key.length > 0 && !failed)
            go_on = visit(context, &heading);
    }
    buffer_release(&shown);
    buffer_release(&key);
    return !failed;
}

/* ---- numbers ---- */

void authority_number_key(buffer *out, text number)
{
    for (size_t i = 0; i < number.length; i++)
        if (!isspace((unsigned char)number.bytes[i]) && (unsigned char)number.bytes[i] >= 0x20)
            buffer_append_char(out, (char)tolower((unsigned char)number.bytes[i]));
}

typedef struct number_work {
    buffer key;
    bool (*visit)(void *context, text number);
    void *context;
    size_t given;
} number_work;

static bool give_number(number_work *work, const char *prefix, text number)
{
    buffer_clear(&work->key);
    buffer_append_string(&work->key, prefix);
    authority_number_key(&work->key, number);
    if (buffer_failed(&work->key))
        return false;
    if (number.length == 0)
        return true;
    work->given++;
    return work->visit(work->context, buffer_text(&work->key));
}

static bool give_own_number(number_work *work, const marc_record *record)
{
    char prefix[40];
    text number = text_trim(marc_record_control(record, "001")), system = text_trim(marc_record_control(record, "003"));
    buffer lower;
    mms_id own;
    if (number.length == 0 || system.length > sizeof prefix - 3 || (mms_id_parse(&own, number) && repo_is_authority(own)))
        return true;
    if (system.length == 0) /* a bare number is only good where there is no better one */
        return work->given > 0 || give_number(work, "001:", number);
    buffer_init(&lower, sizeof prefix);
    authority_number_key(&lower, system);
    (void)snprintf(prefix, sizeof prefix, "(%s)", buffer_string(&lower));
    const bool starved = buffer_failed(&lower);
    buffer_release(&lower);
    work->key.failed = work->key.failed || starved;
    return !starved && give_number(work, prefix, number);
}

bool authority_numbers(const marc_record *record, bool (*visit)(void *context, text number), void *context)
{
    number_work work = { .visit = visit, .context = context };
    bool go_on = true;
    buffer_init(&work.key, 0);
    for (size_t i = 0; i < marc_record_count(record) && go_on; i++) {
        const marc_field *field = marc_record_field(record, i);
        text number;
        if (strcmp(field->tag, "010") == 0 && marc_field_subfield(field, 'a', &number))
            go_on = give_number(&work, "(dlc)", text_trim(number));
        else if (strcmp(field->tag, "035") == 0 && marc_field_subfield(field, 'a', &number))
            go_on = give_number(&work, "", text_trim(number));
    }
    if (go_on)
        (void)give_own_number(&work, record);
    bool failed = buffer_failed(&work.key);
    buffer_release(&work.key);
    return !failed;
}

void authority_control(char *out, size_t capacity, const marc_record *record)
{
    text library = text_trim(marc_record_text(record, "010", 'a')), other = text_trim(marc_record_text(record, "035", 'a'));
    text number = text_trim(marc_record_control(record, "001")), system = text_trim(marc_record_control(record, "003"));
    out[0] = '\0';
    mms_id own;
    const bool ours = mms_id_parse(&own, number) && repo_is_authority(own);
    if (library.length > 0)
        (void)snprintf(out, capacity, "(DLC)%.*s", (int)library.length, library.bytes);
    else if (number.length > 0 && system.length > 0 && !ours)
        (void)snprintf(out, capacity, "(%.*s)%.*s", (int)system.length, system.bytes, (int)number.length, number.bytes);
    else if (other.length > 0 || ours)
        string_keep(out, capacity, other.length > 0 ? other : number);
}

static const char *by_letter(char letter)
{
    static const struct {
        char letter;
        const char *name;
    } names[] = { { 'a', "lcsh" }, { 'b', "lcshac" }, { 'c', "mesh" },  { 'd', "nal" },
                  { 'k', "cash" }, { 'r', "aat" },    { 's', "sears" }, { 'v', "rvm" } };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].letter == letter)
            return names[i].name;
    return NULL;
}

/* 040 $f names the list where there is one; subjects have a letter in 008/11; names with a number of the Library of Congress are
 * of the name authority file. */
void authority_vocabulary(char *out, size_t capacity, const marc_record *record)
{
    text named = text_trim(marc_record_text(record, "040", 'f')), number = text_trim(marc_record_text(record, "010", 'a'));
    text fixed = marc_record_control(record, "008");
    const char *letter = fixed.length > 11 ? by_letter(fixed.bytes[11]) : NULL;
    out[0] = '\0';
    if (named.length > 0)
        string_keep(out, capacity, named);
    else if (number.length > 1 && number.bytes[0] == 'n')
        (void)snprintf(out, capacity, "naf");
    else if (number.length > 1 && number.bytes[0] == 'g')
        (void)snprintf(out, capacity, "lcgft");
    else if (letter != NULL)
        (void)snprintf(out, capacity, "%s", letter);
}
