/* include/recto/catalog/templates.h - record templates, text strings and macros: what a cataloger would otherwise type again.
 *
 * A template is a record whose text may hold values in braces: {today:%Y%m%d}, {008date} (yymmdd), {year}, {user}, {symbol} (the
 * setting "symbol" of the institution), {cursor}; and prompts: {ask:Place of publication}, {ask:Year/4} (of exactly four bytes,
 * for fixed fields), {choose:a|b|c}, {choose:Language?eng=English|fre=French}. It is kept and exported as mnemonic text (.mrk).
 * Those that Recto delivers have "(Default)" in the name and are only duplicated. @spec editor.md section 11, ED-91 */
#ifndef RECTO_CATALOG_TEMPLATES_H
#define RECTO_CATALOG_TEMPLATES_H

#include "recto/catalog/catalog.h"

typedef enum template_scope {
    TEMPLATE_PRIVATE, /* its owner's alone */
    TEMPLATE_SHARED,  /* of the institution */
    TEMPLATE_NETWORK, /* of the network, always shared */
    TEMPLATE_DELIVERED
} template_scope;
const char *template_scope_name(template_scope scope); /* "private", "shared", "network", "delivered" */
bool template_scope_named(template_scope *out, const char *name);

typedef struct catalog_template {
    mms_id id; /* by which it is locked; 0: delivered */
    template_scope scope;
    int zone; /* 0: delivered */
    char name[120];
    char family[16]; /* "bib", "holdings", "authority" */
    char title[80];  /* what kind of thing: material type by its leader */
    int version;
    int64_t saved_at;
    char saved_by[64], note[160];
    char locked_by[64]; /* "": nobody has it open */
    bool is_default, is_own_default;
} catalog_template;

/** All that the user may use: defaults first, then by scope and name. Yours to free(). */
recto_status catalog_templates(catalog_template **out, size_t *count, catalog *catalog, recto_error *error);
/** By name, case of ASCII letters aside; the narrower scope wins. ENOTFOUND says how to see them all. */
recto_status catalog_template_find(catalog_template *out, catalog *catalog, const char *name, recto_error *error);
/** Its text (.mrk), appended, and itself as a record; either may be NULL. @param version  0: the newest */
recto_status catalog_template_load(buffer *source, marc_record **record, catalog *catalog, const catalog_template *info,
                                   int version, recto_error *error);
/** Why the user may not change or delete it; NULL: may (ED-135, ED-136). Lent. */
const char *catalog_template_cannot(catalog *catalog, const catalog_template *info);
/** Stores the next version. EREFUSED: rights, "(Default)" in the name, or not `expected_version` (0: there must be none).
 *  EDATA: nothing in it, or a prompt that cannot be read. Audited. @param out  may be NULL */
recto_status catalog_template_save(catalog_template *out, catalog *catalog, template_scope scope, const char *name,
                                   const marc_record *record, int expected_version, const char *note, recto_error *error);
recto_status catalog_template_delete(catalog *catalog, const catalog_template *info, recto_error *error); /* ELOCKED */

/** As a file for others: name and scope as comments, then the text; and back. Import makes the next version. */
recto_status catalog_template_export(buffer *out, catalog *catalog, const catalog_template *info, recto_error *error);
/** @param name, scope  NULL: as the file says (a file without: EINVALID; without a scope: private) */
recto_status catalog_template_import(catalog_template *out, catalog *catalog, text file, const char *name, const char *scope,
                                     recto_error *error);

/** The default for new records of a family in a zone: one's own choice, else everybody's (ED-137). ENOTFOUND without `error`. */
recto_status catalog_template_default(catalog_template *out, catalog *catalog, int zone, const char *family, recto_error *error);
/** Makes it the default, for everybody (Cataloger Extended) or for oneself; NULL: none any more. EDATA: it gives no value for a
 *  mandatory field (ED-138). Audited. */
recto_status catalog_template_set_default(catalog *catalog, int zone, const char *family, const catalog_template *info,
                                          bool for_everybody, recto_error *error);

/** Opens it in an editing session, locked as a record is; another's lock: view only (ED-91). */
recto_status catalog_template_edit(edit_session **out, catalog *catalog, const catalog_template *info, recto_error *error);
/** Saves the session of a template as its next version, which then has `*version`; 0: there were no changes. */
recto_status edit_save_template(int *version, edit_session *session, const char *note, recto_error *error);

/* ---- values and prompts: pure ---------------------------------------------------------------------------------------------- */

enum { TEMPLATE_PROMPTS_MAX = 60, TEMPLATE_LABEL = 80, TEMPLATE_CHOICES = 400 };

typedef struct template_prompt {
    char label[TEMPLATE_LABEL];     /* equal labels are asked once */
    char choices[TEMPLATE_CHOICES]; /* "eng=English|fre=French"; "": free text */
    size_t width;                   /* exactly so many bytes; 0: any */
    char place[16];                 /* where it goes first: "264 $a" */
} template_prompt;

typedef struct template_values {
    const char *user, *symbol;
    int64_t now;
    const template_prompt *prompts;
    const char *const *answers; /* by prompt; NULL or "": none was given */
    size_t prompt_count;
} template_values;

typedef struct template_cursor { /* where {cursor} stood */
    size_t field, offset;        /* index of the field, bytes within its content; SIZE_MAX: there was none */
} template_cursor;

/** The prompts of a template, each once; `out` has room for TEMPLATE_PROMPTS_MAX. ELIMIT: more than that. EDATA: one that cannot
 *  be read. */
recto_status template_prompts(template_prompt *out, size_t *count, const marc_record *record, recto_error *error);
/** The same of one text. @param place  where it stands, for the prompt */
recto_status template_text_prompts(template_prompt *out, size_t *count, text source, const char *place, recto_error *error);
/** A record of one's own from a template. A subfield whose prompts were all left empty is left out; a field of which nothing is
 *  left goes, unless the cursor is in it. In a fixed field such a prompt becomes fill characters. */
recto_status template_fill(marc_record **out, template_cursor *cursor, const marc_record *record, const template_values *values,
                           recto_error *error);
/** One text with its values. @param cursor  bytes, SIZE_MAX: none; may be NULL */
void template_fill_text(buffer *out, size_t *cursor, text source, const template_values *values);
/** The values that need no answer, of this catalog and moment; `symbol` is filled for them. */
void catalog_template_values(template_values *out, buffer *symbol, catalog *catalog);

/** Expand from Template (ED-140): absent fields are added at their place; a field that is there is left alone when it cannot be
 *  repeated, else added when none is identical; fixed fields are filled at blank and fill positions only. A template field
 * without any value counts as a frame: it is added only where there is no such field. */
recto_status template_expand(marc_record **out, const marc_record *record, const marc_record *filled, const marc_tables *tables,
                             recto_error *error);
/** Duplicate Record (ED-142): all but 001, 003, 005 and OCLC's 035. */
recto_status template_duplicate(marc_record **out, const marc_record *record, recto_error *error);

typedef struct brief_record { /* the short form; empty ones are left out */
    const char *title, *author, *isbn, *publisher, *year;
} brief_record;
/** A brief record of encoding level 3 or so. EINVALID: no title, an ISBN that is none, a year that is none. */
recto_status template_brief(marc_record **out, const brief_record *wanted, const template_values *values, recto_error *error);

/* ---- text strings and macros: one text a user, one that is shared ---------------------------------------------------------- */

typedef enum text_kind { TEXT_STRINGS, TEXT_MACROS } text_kind;
/** The text that is kept, appended; nothing when none is. @param version  out, to save on top of; may be NULL */
recto_status catalog_text_load(buffer *out, int *version, catalog *catalog, text_kind kind, bool shared, recto_error *error);
/** EREFUSED: not `expected_version`, or a shared one without Cataloger Extended. EDATA: line and what is wrong with it. */
recto_status catalog_text_save(catalog *catalog, text_kind kind, bool shared, text source, int expected_version, int *version,
                               recto_error *error);

/* A text of either kind is entries: `[name]` or `[name] KEYS` on a line of its own, then its lines up to the next entry. A line
 * that begins with # before the first entry, or between a blank line and an entry, is a comment. */
typedef struct text_entry {
    char name[64], keys[64]; /* keys as a keymap has them: "Alt+Q r"; "" none */
    text body;               /* lent from the source; without blank lines at its end */
    int line;                /* of its head, from 1 */
} text_entry;
/** Walks the entries; start with *rest = the text and *line = 0. @return false: no more */
bool text_entry_next(text_entry *out, text *rest, int *line);
/** Is it well-formed: heads that can be read, names that are there once? EDATA with the line. */
recto_status text_entries_check(text source, recto_error *error);

#endif
