/* The guard in front of usrsctp: a packet is judged by its bytes alone before
 * the stack sees it. Knows neither usrsctp nor associations; whose a packet is
 * is usrsctp/inside/tags.c's to say. docs/decisions/0023-guard.md has the
 * reasons. */
#ifndef NETSCTP_USRSCTP_GUARD_H
#define NETSCTP_USRSCTP_GUARD_H

#include <stdbool.h>
#include <stdint.h>

enum netsctp__verdict {
  NETSCTP__PASS,
  NETSCTP__DROP,  /* silently */
  NETSCTP__REFUSE /* an INIT: with an ABORT to whoever sent it */
};

struct netsctp__judgement {
  enum netsctp__verdict verdict;
  uint16_t cause; /* REFUSE: the error cause (RFC 9260 section 3.3.10) */
  bool has_asconf;
  bool changes_paths; /* ASCONF, COOKIE ECHO, INIT ACK */
  bool skips;         /* it has a FORWARD TSN */
  bool has_cookie_ack;
  bool has_data;           /* it has a DATA chunk */
  uint8_t shutdown;        /* the type of a SHUTDOWN or SHUTDOWN ACK; 0: none */
  int32_t tsn_zero_stream; /* of DATA with this TSN, unordered and whole; -1 */
};

/* What to do with a packet of SCTP's. Parameters and causes
 * that ask for usrsctp's unfinished support of NAT are overwritten. */
struct netsctp__judgement netsctp__guard_judge(uint8_t *packet,
                                               uint32_t length);

/* The answer to a packet that is refused: the ABORT, whose checksum is still
 * to be filled in. */
#define NETSCTP__REFUSAL_BYTES 20u
void netsctp__guard_refuse(const uint8_t *packet, uint16_t cause,
                           uint8_t out[NETSCTP__REFUSAL_BYTES]);

#endif
