/* src/repo/queue.h - inside of the room: the fair queue before writing. */
#ifndef RECTO_SRC_REPO_QUEUE_H
#define RECTO_SRC_REPO_QUEUE_H

#include "store.h"

/** Waits in the order of coming, at most ten seconds: RECTO_EBUSY with who holds it and how long (RL-71). Without `wait` it
 *  does not, and RECTO_EBUSY comes without a word when somebody writes or waits. */
recto_status queue_enter(repo *repo, bool wait, recto_error *error);
void queue_leave(repo *repo);

#endif
