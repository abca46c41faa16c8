/* src/tui/matches.h - the question that is owed when a save finds matches. */
#ifndef RECTO_TUI_MATCHES_H
#define RECTO_TUI_MATCHES_H

#include "workstation.h"

/** Asks whether to view the matches of a save that needs a decision (SR-81, SR-85): Yes opens the match list and nothing is
 *  saved; No saves anyway, and releases when `release_after`; Cancel leaves all as it is. Takes the matches out of `outcome`. */
void matches_ask(workstation *station, edit_session *session, ingest_outcome *outcome, bool release_after);

/** Saves a new record beside the matches, and releases it when `release_after`. */
void matches_save_anyway(workstation *station, edit_session *session, bool release_after);
/** The same with a reason, which is asked for and kept: the pair is not reported again (SR-93). */
void matches_save_separate(workstation *station, edit_session *session);

/** Why the open record matches a stored one, or why not, as a dialog; _ask asks for the MMS ID first (match_reasons.c). */
void match_reasons_show(workstation *station, edit_session *session, mms_id candidate);
void match_reasons_ask(workstation *station);

#endif
