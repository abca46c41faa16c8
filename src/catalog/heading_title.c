/* src/catalog/heading_title.c - the uniform title (240): with the name of the record's 1XX it is the heading of a work.
 *
 * Authority records have name and title in one field, a bib has them in two. What is browsed for a 240 is the two together; what
 * is put into it is the title alone, and a $0 only where the name is the same here and there. */
#include "heading_apply.h"
#include "inside.h"

#include <string.h>

bool catalog_is_uniform_title(const marc_record *record, const char *tag)
{
    return marc_family_of(record) == MARC_BIBLIOGRAPHIC && strcmp(tag, "240") == 0;
}

static bool is_name(const char *tag)
{
    return strcmp(tag, "100") == 0 || strcmp(tag, "110") == 0 || strcmp(tag, "111") == 0;
}

static const marc_field *main_name(const marc_record *record)
{
    for (size_t i = 0; i < marc_record_count(record); i++)
        if (is_name(marc_record_field(record, i)->tag))
            return marc_record_field(record, i);
    return NULL;
}

bool catalog_main_name(buffer *out, const marc_record *record)
{
    const marc_field *main = main_name(record);
    buffer key;
    buffer_init(&key, 0);
    const bool named = main != NULL && repo_field_heading(out, &key, main, BROWSE_NAMES) && !buffer_failed(out);
    buffer_release(&key);
    if (named)
        buffer_append_string(out, strchr(".-?!", out->bytes[out->length - 1]) != NULL ? " " : ". ");
    return named && !buffer_failed(out);
}

/* @param name  out: how much of it is the name, with what divides the two */
static bool name_title(buffer *out, size_t *name, const marc_record *record, const marc_field *title)
{
    const size_t before = out->length;
    buffer key;
    buffer_init(&key, 0);
    (void)catalog_main_name(out, record);
    *name = out->length - before;
    (void)repo_field_heading(out, &key, title, BROWSE_TITLES);
    buffer_release(&key);
    return out->length > before && !buffer_failed(out);
}

static bool has_works(catalog *catalog, text name)
{
    const browse_request request = { .kind = BROWSE_TITLES, .from = name, .after = 1 };
    heading_list list;
    buffer key;
    if (catalog_headings(&list, catalog, (zone_kind)0, &request, "*", NULL) != RECTO_OK)
        return false;
    buffer_init(&key, 0);
    repo_heading_key(&key, BROWSE_TITLES, name);
    const bool has = list.count > 0 && key.length > 0 && list.rows[0].key_length > key.length &&
                     memcmp(list.rows[0].key, key.bytes, key.length) == 0;
    buffer_release(&key);
    heading_list_release(&list);
    return has;
}

bool catalog_uniform_title_heading(buffer *out, catalog *catalog, const marc_record *record, const marc_field *title)
{
    buffer both;
    size_t name;
    buffer_init(&both, 0);
    if (name_title(&both, &name, record, title)) {
        const text all = buffer_text(&both);
        if (name > 0 && has_works(catalog, text_trim(text_of(all.bytes, name))))
            buffer_append_text(out, text_trim(all)); /* of an empty 240: all that was written under the name */
        else
            buffer_append_text(out, text_of(all.bytes + name, all.length - name));
    }
    buffer_release(&both);
    return out->length > 0 && !buffer_failed(out);
}

/* The key of the name that a field of a heading begins with; empty: it has none. */
static void name_key(buffer *out, const marc_field *field)
{
    buffer shown;
    buffer_init(&shown, 0);
    if (field != NULL && is_name(field->tag))
        (void)repo_field_heading(&shown, out, field, BROWSE_NAMES);
    buffer_release(&shown);
}

static bool is_same_name(bool *other_name, const marc_record *record, const marc_field *source)
{
    buffer here, there;
    buffer_init(&here, 0);
    buffer_init(&there, 0);
    name_key(&here, main_name(record));
    name_key(&there, source);
    const bool same = text_equal(buffer_text(&here), buffer_text(&there));
    *other_name = !same && there.length > 0;
    buffer_release(&here);
    buffer_release(&there);
    return same;
}

/* Characters of a leading article, as the source counts them; an authority record of name and title leaves articles out. */
static char nonfiling_of(const marc_field *source, bool authority)
{
    static const struct {
        const char *tag;
        int indicator;
        bool authority;
    } counted[] = { { "130", 2, true },  { "130", 1, false }, { "240", 2, false }, { "245", 2, false },
                    { "247", 2, false }, { "730", 1, false }, { "740", 1, false } };
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++)
        if (strcmp(counted[i].tag, source->tag) == 0 && counted[i].authority == authority) {
            const char digit = marc_field_indicator(source, counted[i].indicator);
            return digit >= '0' && digit <= '9' ? digit : '0';
        }
    return '0';
}

/* From $t on, which becomes $a: the title of a field that is name and title. @return false: it is a title alone */
static bool title_of_work(buffer *out, const marc_field *source)
{
    marc_subfield subfield;
    size_t offset = 0;
    bool found = false;
    buffer_append_string(out, "  ");
    while (is_name(source->tag) && marc_field_next_subfield(source, &offset, &subfield)) {
        found = found || subfield.code == 't';
        if (!found)
            continue;
        buffer_append_char(out, MARC_SUBFIELD_DELIMITER);
        buffer_append_char(out, subfield.code == 't' ? 'a' : subfield.code);
        buffer_append_text(out, subfield.value);
    }
    return found;
}

static bool stands_there(const marc_record *record, const marc_field *title, const catalog_heading *heading)
{
    buffer shown, key;
    size_t name;
    buffer_init(&shown, 0);
    buffer_init(&key, 0);
    if (heading->form != AUTHORITY_SEE && name_title(&shown, &name, record, title))
        repo_heading_key(&key, BROWSE_TITLES, buffer_text(&shown));
    const bool same = key.length > 0 && text_equal(buffer_text(&key), text_of(heading->key, heading->key_length));
    buffer_release(&shown);
    buffer_release(&key);
    return same;
}

recto_status catalog_uniform_title_apply(buffer *content, bool *other_name, catalog *catalog, const marc_record *record,
                                         const marc_field *title, const catalog_heading *heading, recto_error *error)
{
    applying work = { .out = content, .field = title, .heading = heading, .kind = BROWSE_TITLES };
    marc_record *from = NULL;
    marc_field alone = { .tag = "240" };
    authority_info authority = { .id = 0 };
    buffer part;
    const size_t start = content->length;
    *other_name = false;
    buffer_init(&part, 0);
    recto_status status = heading_source(&from, &work.source, &authority, catalog, BROWSE_TITLES, heading, error);
    if (status == RECTO_OK) {
        const char nonfiling = nonfiling_of(work.source, heading->authority != 0);
        if (is_same_name(other_name, record, work.source) && heading->authority != 0)
            work.control = text_from(authority.control);
        if (title_of_work(&part, work.source)) {
            alone.content = buffer_text(&part);
            work.source = &alone;
        }
        work.codes = heading_codes(title->tag, BROWSE_TITLES);
        work.source_codes = heading_codes(work.source->tag, BROWSE_TITLES);
        work.same = stands_there(record, title, heading);
        heading_put(&work);
        if (!buffer_failed(content))
            content->bytes[start + 1] = nonfiling;
    }
    const bool failed = buffer_failed(content) || buffer_failed(&part);
    buffer_release(&part);
    marc_record_free(from);
    return status == RECTO_OK && failed ? recto_fail_memory(error, "putting a heading into a field") : status;
}
