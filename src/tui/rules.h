/* src/tui/rules.h - the panes of rules and jobs, and what they ask of each other. */
#ifndef RECTO_TUI_RULES_H
#define RECTO_TUI_RULES_H

#include "recto/catalog/jobs.h"
#include "workstation.h"

void rules_pane_open(workstation *station); /* pane_rules.c */
void rules_pane_touched(workstation *station,
                        const catalog_rule *saved); /* a rule was saved: the list is read again, with the cursor on it */

/** The text of a rule in the editor. @param zone  where Save puts it; rule->zone 0: a shipped one */
void rule_text_pane_open(workstation *station, int zone, const catalog_rule *rule);
/** The same with another text than the stored one, which is then unsaved: a new rule, a restored version, a kept draft. */
void rule_text_pane_open_with(workstation *station, int zone, const catalog_rule *rule, text source, bool is_new);
void rule_versions_pane_open(workstation *station, int zone, rule_language language, const char *name);

/** Tries a rule text on a record: the open one, else one that is asked for. Merge rules ask for the other record, too. */
void rule_try(workstation *station, rule_language language, const char *name, text source);
/** Asks for a search and tries the text on all it finds, as a job that changes nothing.
 *  @param stored  the text is the rule's newest version, so that the job can name it */
void rule_trial(workstation *station, int zone, rule_language language, const char *name, text source, bool stored);

void jobs_pane_open(workstation *station); /* pane_jobs.c */
void jobs_pane_touched(workstation *station);
/** One job, record by record. @param source  text of the rule that was tried, for the reasons; may be NULL */
void job_pane_open(workstation *station, int64_t job, const char *source, rule_language language);

extern const pane_kind rules_pane, rule_text_pane, rule_try_pane, rule_versions_pane, jobs_pane, job_pane;

#endif
