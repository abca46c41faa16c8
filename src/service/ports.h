/* src/service/ports.h - listening on a port, and who has it when it is taken (RL-192). */
#ifndef RECTO_SRC_SERVICE_PORTS_H
#define RECTO_SRC_SERVICE_PORTS_H

#include "recto/base/error.h"

/** Opens a listening socket. @param port  0: a free one; *chosen tells which.
 *  RECTO_EINVALID: no such address; RECTO_EIO: "port 2100 on 127.0.0.1 is in use (by PID n, NAME)" */
recto_status port_listen(int *descriptor, int *chosen, const char *address, int port, recto_error *error);

#endif
