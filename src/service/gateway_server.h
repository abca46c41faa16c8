/* src/service/gateway_server.h - the running gateway: its connections, and the loop that serves them.
 *
 * One thread reads, frames and answers; another works on records (gateway_work.h), in the order in which they came, so that
 * replies leave in the order of the records. What a peer has sent ahead goes to work with the record before it; what does not fit
 * waits in the kernel. */
#ifndef RECTO_SRC_SERVICE_GATEWAY_SERVER_H
#define RECTO_SRC_SERVICE_GATEWAY_SERVER_H

#include "gateway_frame.h"
#include "gateway_guard.h"
#include "gateway_log.h"
#include "gateway_proxy.h"
#include "gateway_reply.h"
#include "gateway_settings.h"
#include "gateway_sockets.h"
#include "gateway_work.h"
#include <poll.h>

typedef enum connection_state {
    CONNECTION_READING,  /* for a header, a record, or the end */
    CONNECTION_WAITING,  /* a record is complete, and the worker's queue is full */
    CONNECTION_WORKING,  /* the worker has it */
    CONNECTION_DELAYED,  /* the reply waits: too many failed logons (GW-72) */
    CONNECTION_CLOSING,  /* the last reply is being sent */
    CONNECTION_DRAINING, /* our side is shut; what still arrives is dropped (GW-40) */
    CONNECTION_CLOSED
} connection_state;

typedef struct gateway_server gateway_server;

typedef struct gateway_connection {
    int descriptor;
    uint64_t number, ready_order;
    uint64_t serial; /* of the last job in work */
    size_t in_work;  /* jobs, with serials up to that one */
    char peer[PEER_LENGTH];
    connection_state state;
    frame_reader frame;
    frame_phase phase;
    bool ended, broken, permanent, replied, paused;
    bool proven;      /* its last logon was right */
    bool overtime;    /* its save was being made final when the time was over */
    frame_event held; /* what stands behind the records in work; FRAME_MORE: nothing was seen */
    bool wants_proxy;
    char proxy_line[PROXY_LINE_MOST + 1];
    size_t proxy_length, records;
    buffer out;
    size_t sent;
    int64_t opened, phase_began, last_byte, since; /* monotonic; since: of this state, or of the last reply */
    int64_t due;                                   /* of a delayed reply */
} gateway_connection;

struct gateway_server {
    const gateway_corridor *corridor;
    gateway_settings settings;
    gateway_log log;
    gateway_work *work;
    gateway_guard *guard;
    gateway_listeners listeners;
    gateway_connection **connections;
    struct pollfd *polled;
    size_t count, capacity;
    uint64_t connection_number, serial, ready_order;
    size_t waiting; /* connections in CONNECTION_WAITING */
    int64_t now, stop_at, prune_at, notes_since;
    int notes;
    int signals, spare;
    bool stopping;
    unsigned char *scratch;
};

enum { SCRATCH = 64 * 1024, GRACE_MS = 1000 }; /* grace: for a record that is half here when the service stops */

/* gateway_connection.c */
gateway_connection *connection_new(gateway_server *server, int descriptor, const char *peer); /* NULL: no memory */
void connection_free(gateway_connection *connection);
void connection_refuse(gateway_server *server, gateway_connection *connection, gateway_words words); /* reply, close */
short connection_events(const gateway_connection *connection); /* for poll; 0: leave its descriptor alone */
int64_t connection_deadline(const gateway_server *server, const gateway_connection *connection);
void connection_ready(gateway_server *server, gateway_connection *connection); /* to be read or written */
void connection_timeout(gateway_server *server, gateway_connection *connection);
void connection_submit(gateway_server *server, gateway_connection *connection); /* its complete record, when there is room */
bool connection_awaits(const gateway_connection *connection, uint64_t serial);
void connection_answer(gateway_server *server, gateway_connection *connection, const gateway_job *job);
void connection_send(gateway_server *server, gateway_connection *connection); /* the answers so far, while others are made */
void connection_stop(gateway_server *server, gateway_connection *connection); /* SIGTERM: what is complete is finished */

/* gateway_events.c: what is told */
void gateway_tell(gateway_server *server, const char *event, const char *detail);
void gateway_tell_connection(gateway_server *server, const gateway_connection *connection, const char *event, const char *detail);
void gateway_tell_record(gateway_server *server, const gateway_job *job, const char *code, const char *reply);
void gateway_note_fault(gateway_server *server, gateway_connection *connection, gateway_words words);
gateway_request connection_request(const gateway_connection *connection);

/* gateway_loop.c */
recto_status gateway_serve(const service_gateway_options *options, const gateway_settings *settings,
                           const gateway_corridor *corridor, recto_error *error);

#endif
