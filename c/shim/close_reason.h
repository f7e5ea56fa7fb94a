/* Why an association has ended: by whom, with what errno and error cause. */
#ifndef NETSCTP_CLOSE_REASON_H
#define NETSCTP_CLOSE_REASON_H

#include <stdbool.h>

#include "sctp_shim.h"

/* Of the information in a cause, whichever way it goes. */
enum { NETSCTP__MOST_CAUSE_BYTES = 1024 };

/* An error cause (RFC 9260 section 3.3.10), kept from where it is said until
 * END or ERROR is written. */
struct netsctp__cause {
  uint16_t code;
  uint16_t length;
  uint8_t bytes[];
};

/* Keeps the first of the causes that an ABORT carried, as they are on the wire.
 * `code` is what the stack says it is. Without memory, nothing is kept. */
void netsctp__keep_cause(struct netsctp__cause **kept, uint16_t code,
                         const uint8_t *causes, uint32_t length);

/* What a backend knows of an end. */
struct netsctp__end {
  uint32_t association;               /* the stack's number of it */
  int error;                          /* 0: it ended in order */
  bool is_by_peer;                    /* in order: the peer began it */
  uint16_t refused_udp_port;          /* or 0 */
  const struct netsctp__cause *cause; /* or NULL */
};

/* Writes END or ERROR; there is room for NETSCTP__LEAST_ROOM bytes. Returns 1.
 */
int netsctp__write_end(struct netsctp_inbound *out, struct netsctp__end);

#endif
