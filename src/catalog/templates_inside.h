/* src/catalog/templates_inside.h - what listing (templates.c), saving (template_save.c) and the defaults (template_defaults.c)
 * share; private to catalog/. */
#ifndef CATALOG_TEMPLATES_INSIDE_H
#define CATALOG_TEMPLATES_INSIDE_H

#include "inside.h"

#include "recto/catalog/templates.h"
#include "recto/repo/templates.h"

/* templates.c */
extern const char TEMPLATE_KIND[]; /* what the repository keeps them under */
/** What the list shows of a stored one; family and title are read from its text. */
void template_describe_stored(catalog_template *out, catalog *catalog, const repo_template *info, text source);
const char *template_owner(const catalog *catalog, template_scope scope); /* "": everybody's. Lent by the catalog */

/* template_defaults.c */
/** Sets is_default and is_own_default in the rows that the zone's settings name; a zone of NULL has none. */
void template_defaults_mark(catalog_template *rows, size_t count, catalog *catalog, const repo_zone *zone);

#endif
