/* The numbers of the messages that a stack has taken, by which those that come
 * back are put in order, and the contexts that the program gave them. The same
 * code for either stack: compiled against the vendor.h of each. */
#ifndef NETSCTP_RFC6458_CONTEXTS_H
#define NETSCTP_RFC6458_CONTEXTS_H

#include <stdint.h>

#include "shim/backend.h"

/* Of one socket; all zero at first. */
struct netsctp__contexts {
  uint64_t sent;              /* messages, which are numbered from 0 */
  struct netsctp__ring *ring; /* of contexts, or NULL */
};

/* The stack of this socket has taken a message, which had the number `sent` as
 * its context. */
void netsctp__note_sent(struct netsctp__socket *, struct netsctp__contexts *,
                        uint32_t context);
/* Of a SEND_FAILED: puts the program's context where the stack has the
 * message's number, and returns that. Of others: 0. */
uint32_t netsctp__restore_context(const struct netsctp__contexts *,
                                  uint8_t *raw, uint32_t length);
void netsctp__free_contexts(struct netsctp__contexts *);

/* Each stack's own: of how many of the last messages it may still have one. */
uint32_t netsctp__most_held(struct netsctp__socket *);

#endif
