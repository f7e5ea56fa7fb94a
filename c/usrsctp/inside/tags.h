/* Whose a packet is, by its verification tag (RFC 9260 section 8.5), and what
 * has to be put right around usrsctp's handling of it. */
#ifndef NETSCTP_USRSCTP_TAGS_H
#define NETSCTP_USRSCTP_TAGS_H

#include <stdbool.h>
#include <stdint.h>

#include "usrsctp/guard.h"

struct sctp_nets;
struct sctp_tcb;
struct sctphdr;
union netsctp__sockaddr;

/* Of one peer; each is looked for in a list, and has timers. */
#define NETSCTP__MOST_PATHS 64

/* The association that has the tag and the ports of a packet; NULL: none. */
struct sctp_tcb *netsctp__tags_owner(const struct sctphdr *);

/* The association of these addresses, with SCTP's ports, and its path to
 * `from`; NULL: there is none. */
struct sctp_tcb *netsctp__tags_find(union netsctp__sockaddr *from,
                                    union netsctp__sockaddr *to,
                                    struct sctp_nets **net);

/* Before the stack sees a well-formed packet: the addresses have SCTP's ports.
 * False: it is a stranger's, or asks for too much, and is dropped. */
bool netsctp__tags_admit(const uint8_t *packet, uint32_t length,
                         const struct netsctp__judgement *,
                         union netsctp__sockaddr *from,
                         union netsctp__sockaddr *to);

/* Before the paths of an association are loaded from an INIT. The cookie of a
 * restart names the association, wherever it came from. */
void netsctp__tags_hold(struct sctp_tcb *);

/* The packet in hand says nothing of this path's UDP port, as it came from
 * another address. */
void netsctp__tags_keep_port(struct sctp_nets *);

/* After the stack has seen it. */
void netsctp__tags_settle(void);

#endif
