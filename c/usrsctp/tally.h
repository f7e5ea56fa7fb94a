/* What the packets of an association brought and took, counted: usrsctp counts
 * for all associations together. Knows nothing of usrsctp. */
#ifndef NETSCTP_USRSCTP_TALLY_H
#define NETSCTP_USRSCTP_TALLY_H

#include <stdbool.h>
#include <stdint.h>

struct netsctp_statistics;

struct netsctp__tally {
  uint64_t packets_in, packets_out, retransmitted, sacks_in, sacks_out,
      duplicates, gaps, unordered_in, unordered_out;
  uint32_t highest_tsn; /* sent, where has_sent */
  bool has_sent;
};

/* A packet of SCTP's was let in, or is sent. */
void netsctp__tally_in(struct netsctp__tally *, const uint8_t *packet,
                       uint32_t length);
void netsctp__tally_out(struct netsctp__tally *, const uint8_t *packet,
                        uint32_t length);

void netsctp__tally_read(const struct netsctp__tally *,
                         struct netsctp_statistics *out);

#endif
