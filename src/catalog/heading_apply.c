/* src/catalog/heading_apply.c - a heading from the list put into a field: what it controls is replaced, the rest stays (ED-122).
 */
#include "recto/catalog/headings.h"
#include "heading_apply.h"
#include "inside.h"

#include <ctype.h>
#include <string.h>

bool catalog_controlled(browse_kind *kind, const char *tag)
{
    static const struct {
        const char *tag;
        browse_kind kind;
    } controlled[] = {
        { "100", BROWSE_NAMES },    { "110", BROWSE_NAMES },    { "111", BROWSE_NAMES },    { "130", BROWSE_TITLES },
        { "440", BROWSE_SERIES },   { "490", BROWSE_SERIES },   { "600", BROWSE_SUBJECTS }, { "610", BROWSE_SUBJECTS },
        { "611", BROWSE_SUBJECTS }, { "620", BROWSE_SUBJECTS }, { "630", BROWSE_SUBJECTS }, { "648", BROWSE_SUBJECTS },
        { "650", BROWSE_SUBJECTS }, { "651", BROWSE_SUBJECTS }, { "654", BROWSE_SUBJECTS }, { "655", BROWSE_SUBJECTS },
        { "700", BROWSE_NAMES },    { "710", BROWSE_NAMES },    { "711", BROWSE_NAMES },    { "730", BROWSE_TITLES },
        { "748", BROWSE_SUBJECTS }, { "751", BROWSE_SUBJECTS }, { "754", BROWSE_SUBJECTS }, { "800", BROWSE_SERIES },
        { "81X", BROWSE_SERIES },   { "830", BROWSE_SERIES },
    };
    for (size_t i = 0; i < sizeof controlled / sizeof *controlled; i++)
        if (marc_tag_matches(tag, controlled[i].tag)) {
            *kind = controlled[i].kind;
            return true;
        }
    return false;
}

/* Which subfields of a field are its heading. $e is a relator but in X11, where it is a part of the name and $j the relator. */
const char *heading_codes(const char *tag, browse_kind kind)
{
    const bool meeting = strcmp(tag + 1, "11") == 0, name = strcmp(tag + 1, "00") == 0 || strcmp(tag + 1, "10") == 0 || meeting;
    if (strcmp(tag, "490") == 0)
        return "a";
    if (kind == BROWSE_NAMES)
        return meeting ? "acdegnq" : strcmp(tag + 1, "10") == 0 ? "abcdgn" : "abcdgjq";
    if (kind == BROWSE_SUBJECTS)
        return meeting ? "acdefghklnpqstvxyz" : name ? "abcdfghjklmnopqrstvxyz" : "abcdfghklmnopqrstvxyz";
    return meeting ? "acdefghklnpqst" : name ? "abcdfghjklmnopqrst" : "adfghklmnoprst";
}

static void put_subfield(buffer *out, char code, text value)
{
    buffer_append_char(out, MARC_SUBFIELD_DELIMITER);
    buffer_append_char(out, code);
    buffer_append_text(out, value);
}

static bool is_heading(const char *codes, char code)
{
    return code != '\0' && strchr(codes, code) != NULL;
}

static bool in_tail(const applying *work, text value)
{
    return work->tail != NULL && value.bytes > work->tail;
}

/* A name ends where a work of its author begins: the title and what follows it are not the name's. */
static bool ends_name(browse_kind kind, char code)
{
    return kind == BROWSE_NAMES && code == 't';
}

/* A full stop that ends a field, and not an initial or an abbreviation. */
static bool is_closing_stop(text value)
{
    size_t letters = 0;
    if (value.length == 0 || value.bytes[value.length - 1] != '.')
        return false;
    for (size_t at = value.length - 1;
         at > 0 && (isalnum((unsigned char)value.bytes[at - 1]) || (unsigned char)value.bytes[at - 1] >= 0x80); at--)
        letters++;
    return letters > 3 || (value.length > 1 && value.bytes[value.length - 2] == ')');
}

static text without_mark(text value, bool own_field)
{
    while (value.length > 0 && strchr(" ,", value.bytes[value.length - 1]) != NULL)
        value.length--;
    if (own_field && is_closing_stop(value))
        value.length--;
    return value;
}

/* What follows the heading in the field that stays: it says which mark ends the heading. */
static bool has_relator(const applying *work)
{
    const char relator = strcmp(work->field->tag + 1, "11") == 0 ? 'j' : 'e';
    marc_subfield subfield;
    size_t offset = 0;
    while (marc_field_next_subfield(work->field, &offset, &subfield)) {
        if (ends_name(work->kind, subfield.code))
            return false;
        if (subfield.code == relator && work->kind != BROWSE_SUBJECTS)
            return true;
    }
    return false;
}

static bool ended_in_stop(const applying *work)
{
    marc_subfield subfield;
    text last = { NULL, 0 };
    size_t offset = 0;
    while (marc_field_next_subfield(work->field, &offset, &subfield))
        if (is_heading(work->codes, subfield.code) && !in_tail(work, subfield.value))
            last = subfield.value;
    return last.length > 0 && last.bytes[last.length - 1] == '.';
}

static void end_heading(applying *work, text last)
{
    const char end = last.length > 0 ? last.bytes[last.length - 1] : ' ';
    if (has_relator(work) && end != '-' && end != ',')
        buffer_append_char(work->out, ',');
    else if (!has_relator(work) && ended_in_stop(work) && strchr(".)-!?\"", end) == NULL)
        buffer_append_char(work->out, '.');
}

static void put_heading(applying *work)
{
    marc_subfield subfield;
    size_t offset = 0, count = 0, seen = 0;
    text last = { NULL, 0 };
    while (marc_field_next_subfield(work->source, &offset, &subfield) && !ends_name(work->kind, subfield.code))
        count += is_heading(work->source_codes, subfield.code);
    offset = 0;
    while (seen < count && marc_field_next_subfield(work->source, &offset, &subfield)) {
        if (!is_heading(work->source_codes, subfield.code))
            continue;
        last = subfield.value;
        if (++seen == count)
            last = without_mark(last, work->heading->authority == 0);
        put_subfield(work->out, subfield.code, last);
    }
    end_heading(work, last);
}

/* The second indicator of a subject says the list; 7 says that $2 does. */
static char list_indicator(const char *vocabulary)
{
    static const struct {
        const char *name;
        char indicator;
    } lists[] = { { "lcsh", '0' }, { "naf", '0' },  { "lcshac", '1' }, { "mesh", '2' },
                  { "nal", '3' },  { "cash", '5' }, { "rvm", '6' } };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (strcmp(lists[i].name, vocabulary) == 0)
            return lists[i].indicator;
    return vocabulary[0] != '\0' ? '7' : '4';
}

static bool tag_has_list(const char *tag)
{
    return tag[0] == '6' && strcmp(tag, "654") != 0;
}

bool heading_list_agrees(const marc_field *field, const char *vocabulary)
{
    const char wanted = list_indicator(vocabulary), list = marc_field_indicator(field, 2);
    text named = TEXT("");
    if (!tag_has_list(field->tag))
        return true;
    (void)marc_field_subfield(field, '2', &named);
    return list == wanted && (list != '7' || text_equal(text_trim(named), text_from(vocabulary)));
}

static void put_indicators(const applying *work)
{
    char first = marc_field_indicator(work->field, 1), second = marc_field_indicator(work->field, 2);
    const char *kind = work->field->tag + 1, *source = work->source->tag + 1;
    const bool name = strcmp(kind, "00") == 0 || strcmp(kind, "10") == 0 || strcmp(kind, "11") == 0;
    if (name && strcmp(kind, source) == 0) /* the kind of name */
        first = marc_field_indicator(work->source, 1);
    if (tag_has_list(work->field->tag) && !work->same)
        second = work->heading->authority != 0 ? list_indicator(work->heading->vocabulary)
                 : work->source->tag[0] == '6' ? marc_field_indicator(work->source, 2)
                                               : second;
    buffer_append_char(work->out, first);
    buffer_append_char(work->out, second);
}

static bool is_of_old_heading(const applying *work, char code)
{
    if (code == '0' || code == '1')
        return !work->same || (code == '0' && work->control.length > 0);
    return code == '2' && tag_has_list(work->field->tag) && !work->same;
}

static void put_source(const applying *work)
{
    text list = { NULL, 0 };
    if (tag_has_list(work->field->tag) && !work->same) {
        if (work->heading->authority == 0)
            (void)marc_field_subfield(work->source, '2', &list);
        else if (list_indicator(work->heading->vocabulary) == '7')
            list = text_from(work->heading->vocabulary);
    }
    if (list.length > 0)
        put_subfield(work->out, '2', list);
    if (work->control.length > 0)
        put_subfield(work->out, '0', work->control);
}

/* What stood before the heading stays before it ($i, $3, $6), all else behind it. */
void heading_put(applying *work)
{
    marc_subfield subfield;
    size_t offset = 0;
    bool done = false, over = false;
    put_indicators(work);
    while (marc_field_next_subfield(work->field, &offset, &subfield)) {
        over = over || ends_name(work->kind, subfield.code) || in_tail(work, subfield.value);
        if (!over && is_heading(work->codes, subfield.code)) {
            if (!done)
                put_heading(work);
            done = true;
        } else if (!is_of_old_heading(work, subfield.code)) {
            put_subfield(work->out, subfield.code, subfield.value);
        }
    }
    if (!done)
        put_heading(work);
    put_source(work);
}

static const marc_field *source_field(const marc_record *record, browse_kind kind, const catalog_heading *heading)
{
    size_t at = heading->authority != 0 ? marc_record_find(record, "1XX", 0)
                                        : repo_heading_field(record, kind, text_of(heading->key, heading->key_length));
    return at == SIZE_MAX ? NULL : marc_record_field(record, at);
}

static const char *first_subdivision(const marc_field *field)
{
    marc_subfield subfield;
    size_t offset = 0;
    while (marc_field_next_subfield(field, &offset, &subfield))
        if (is_heading("vxyz", subfield.code))
            return subfield.value.bytes - 2; /* its delimiter */
    return NULL;
}

/* A subject that was chosen without subdivisions replaces the subject, and not what the cataloger added to it. A heading of bibs
 * is a whole string, and so is a reference with subdivisions of its own. */
static const char *tail_that_stays(const applying *work)
{
    const catalog_heading *heading = work->heading;
    if (work->kind != BROWSE_SUBJECTS || heading->authority == 0 || strstr(heading->shown, " -- ") != NULL ||
        first_subdivision(work->source) != NULL)
        return NULL;
    return first_subdivision(work->field);
}

/* The very heading stands there already, of the same list. */
static bool begins_so(const applying *work)
{
    const catalog_heading *heading = work->heading;
    marc_field head = *work->field;
    buffer shown, key;
    head.content.length = (size_t)(work->tail - head.content.bytes);
    buffer_init(&shown, 0);
    buffer_init(&key, 0);
    const bool same = repo_field_heading(&shown, &key, &head, work->kind) && heading->form != AUTHORITY_SEE &&
                      text_equal(buffer_text(&key), text_of(heading->key, heading->key_length)) &&
                      heading_list_agrees(work->field, heading->vocabulary);
    buffer_release(&shown);
    buffer_release(&key);
    return same;
}

static void apply(applying *work, const char *control, const catalog_heading *heading)
{
    buffer shown, key;
    if (work->tail != NULL) { /* a number is that of the whole, of which the authority record is but the beginning */
        work->same = work->same || begins_so(work);
        heading_put(work);
        return;
    }
    buffer_init(&shown, 0);
    buffer_init(&key, 0);
    work->same = repo_field_heading(&shown, &key, work->field, work->kind) && heading->form != AUTHORITY_SEE &&
                 text_equal(buffer_text(&key), text_of(heading->key, heading->key_length));
    if (strcmp(work->field->tag, "490") == 0) /* a series as it stands on the piece is not controlled: it has no $0 */
        work->control = TEXT("");
    else if (heading->authority != 0)
        work->control = text_from(control);
    else
        (void)marc_field_subfield(work->source, '0', &work->control);
    heading_put(work);
    buffer_release(&shown);
    buffer_release(&key);
}

recto_status heading_source(marc_record **record, const marc_field **field, authority_info *authority, catalog *catalog,
                            browse_kind kind, const catalog_heading *heading, recto_error *error)
{
    bib_info bib;
    recto_status status = heading->authority != 0
                              ? catalog_authority_load(catalog, heading->authority, 0, record, authority, error)
                              : catalog_load(catalog, heading->example, record, &bib, error);
    *field = status == RECTO_OK ? source_field(*record, kind, heading) : NULL;
    if (status == RECTO_OK && *field == NULL)
        return recto_fail(error, RECTO_ENOTFOUND, heading->shown, "ask for the list again", "the heading is gone meanwhile");
    return status;
}

recto_status heading_apply_before(buffer *content, catalog *catalog, const marc_field *field, browse_kind kind,
                                  const catalog_heading *heading, const char *tail, recto_error *error)
{
    applying work = {
        .out = content, .field = field, .heading = heading, .kind = kind, .codes = heading_codes(field->tag, kind), .tail = tail
    };
    marc_record *record = NULL;
    authority_info authority = { .id = 0 };
    recto_status status = heading_source(&record, &work.source, &authority, catalog, kind, heading, error);
    if (status == RECTO_OK) {
        work.source_codes = heading_codes(work.source->tag, kind);
        work.same = tail != NULL;
        if (tail == NULL)
            work.tail = tail_that_stays(&work);
        apply(&work, authority.control, heading);
    }
    marc_record_free(record);
    return status == RECTO_OK && buffer_failed(content) ? recto_fail_memory(error, "putting a heading into a field") : status;
}

recto_status catalog_heading_apply(buffer *content, catalog *catalog, const marc_field *field, browse_kind kind,
                                   const catalog_heading *heading, recto_error *error)
{
    return heading_apply_before(content, catalog, field, kind, heading, NULL, error);
}
