/* src/catalog/drafts.h - a draft's state bytes, between drafts.c, which stores and reopens, and draft_state.c; private to
 * catalog/.
 *
 * They begin with our own lines, "name value", up to an empty line: leader, identity, what was taken over and merged. What the
 * screen wants back stands behind it and is not looked into. */
#ifndef CATALOG_DRAFTS_H
#define CATALOG_DRAFTS_H

#include "inside.h"

/** Appends our lines and behind them `view`. */
void draft_state_write(buffer *out, const edit_session *session, text view);
/** Gives the session what the lines say, and its `view` what is behind them; a line it does not know is passed over. The edit's
 * log must have been read: steps that it has lost are left out of ours. */
void draft_state_read(edit_session *session, text state);
/** Gives the record the leader of the first line, if there is one: storing has computed lengths into the stored one, and the undo
 *  log fits only the very record it was written for. It is wanted before there is a session to read the other lines into. */
void draft_leader_restore(marc_record *record, text state);

#endif
