/* src/catalog/template_text.h - a template as text, private to catalog/. */
#ifndef CATALOG_TEMPLATE_TEXT_H
#define CATALOG_TEMPLATE_TEXT_H

#include "recto/catalog/templates.h"
#include "recto/marc/formats.h"

enum { TEMPLATE_FILE_MAX = 256 * 1024 };

typedef struct template_head { /* comment lines "# name: Book" and "# scope: shared"; "" where there is none */
    char name[120], scope[16];
} template_head;

/** Mnemonic text, appended, in which braces of values stand as they are typed. */
recto_status template_text_write(buffer *out, const marc_record *record, recto_error *error);
/** The same back. @param head  may be NULL */
recto_status template_text_read(marc_record **out, template_head *head, text source, const char *name, recto_error *error);

#endif
