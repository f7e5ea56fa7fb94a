/* What comes and goes with a message (RFC 6458 section 5.3), the same code for
 * either stack: compiled against the vendor.h of each. */
#ifndef NETSCTP_RFC6458_MESSAGES_H
#define NETSCTP_RFC6458_MESSAGES_H

#include <stdbool.h>

#include "sctp_shim.h"

struct sctp_prinfo;
struct sctp_rcvinfo;
struct sctp_sndinfo;

/* Writes the head of a (piece of a) message that has come. */
void netsctp__write_message(struct netsctp_inbound *out, uint32_t length,
                            bool is_last, const struct sctp_rcvinfo *);

/* What a message is sent with. True: `policy`, too. */
bool netsctp__send_info(const struct netsctp_outbound *, struct sctp_sndinfo *,
                        struct sctp_prinfo *policy);

#endif
