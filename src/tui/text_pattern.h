/* src/tui/text_pattern.h - what is looked for and what takes its place: plain text, or a regular expression of PCRE2.
 *
 * `/New (York|Jersey)/i` is an expression, with the flags i (letters of either case) and w (whole words); all else is plain
 * text, in which letters of either case are found as long as none of it is a capital. Matching has limits, so that no
 * expression can hold up the editor: over them a text counts as one that was not searched. */
#ifndef RECTO_TUI_TEXT_PATTERN_H
#define RECTO_TUI_TEXT_PATTERN_H

#include "recto/base/error.h"
#include "recto/base/text.h"

typedef struct text_pattern text_pattern;

/** EINVALID: no expression; where says the column. ENOMEM. */
recto_status text_pattern_new(text_pattern **out, text typed, recto_error *error);
void text_pattern_free(text_pattern *pattern);
bool text_pattern_is_expression(const text_pattern *pattern);
/** The first match at or behind `from`; an empty match is none. @return false: none, or over the limits (counted) */
bool text_pattern_find(text_pattern *pattern, text subject, size_t from, size_t *start, size_t *length);
size_t text_pattern_limits_met(const text_pattern *pattern); /* texts that could not be searched to their end */
/** Appends `subject` with every match replaced. In the replacement of an expression $1 and ${name} are groups and $$ is a
 *  dollar; of plain text it is taken as it stands. *count grows by the matches. EINVALID: a group that is none; ELIMIT. */
recto_status text_pattern_replace(text_pattern *pattern, buffer *out, size_t *count, text subject, text replacement,
                                  recto_error *error);

#endif
