/* src/cli/search_export.h - all hits of a search as a file (search_export.c). */
#ifndef CLI_SEARCH_EXPORT_H
#define CLI_SEARCH_EXPORT_H

#include "command_line.h"

typedef struct search_export {
    bool as_table; /* CSV */
    marc_format format;
} search_export;

/** "csv", or a format of records. @return false after a message */
bool search_export_named(search_export *out, const char *name);
/** Prints all hits up to the query's limit. @return the exit status: 1 nothing was found */
int search_export_print(command_line *line, const catalog_query *query, const search_export *as);

#endif
