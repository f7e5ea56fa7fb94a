/* Peers that shut down before all of their messages are here. */
#ifndef NETSCTP_USRSCTP_SHUTDOWN_H
#define NETSCTP_USRSCTP_SHUTDOWN_H

#include <stdbool.h>
#include <stdint.h>

struct sctp_tcb;

/* A SHUTDOWN or SHUTDOWN ACK has come, and the stack has not seen it yet.
 * False: data is missing, and the association was aborted for that. */
bool netsctp__shutdown_is_legal(struct sctp_tcb *, uint8_t type);

#endif
