/* src/cli/rule_sources.h - the rule that a command line names: a file, the zone's own, a predefined method, or a shipped one. */
#ifndef RECTO_CLI_RULE_SOURCES_H
#define RECTO_CLI_RULE_SOURCES_H

#include "command_line.h"
#include "recto/catalog/rules.h"

typedef struct rule_source {
    buffer text;
    char name[300];         /* for messages: the path, or the rule's name */
    bool is_file;           /* read from a path or standard input */
    rule_language language; /* RULES_UNKNOWN: of a file, found out when it is parsed */
    int version;            /* of a zone's own rule; 0: none */
} rule_source;
void rule_source_release(rule_source *source);

/** The text of what GIVEN names. "-", a name with a slash, and a file that is there are files; anything else is looked for
 *  among the zone's own rules where there is a repository, then among the shipped ones.
 *  @param languages, count  in which a name is looked for, in this order
 *  RECTO_ENOTFOUND names the nearest name; RECTO_EIO; RECTO_ELIMIT */
recto_status rule_source_find(rule_source *out, command_line *line, const char *given, const char *zone,
                              const rule_language *languages, size_t count, recto_error *error);
bool is_rule_path(const char *given);
bool repository_is_there(const command_line *line);

/** Parses; every fault but the first, and all warnings, are told on standard error; the first error is the command's. */
recto_status rule_source_parse(rule_file **out, const rule_source *source, recto_error *error);

/** --language: false after a message. NULL leaves RULES_UNKNOWN. */
bool language_named(rule_language *out, const char *name);
/** The languages in which a name is looked for: that of --language, or all. @return how many; 0 after a message */
size_t rule_languages(rule_language out[static 4], const char *name);

#endif
