/* The way into usrsctp that its public header does not offer: packets, timers,
 * and a few numbers. All calls are made with the stack's lock held. */
#ifndef NETSCTP_USRSCTP_IO_H
#define NETSCTP_USRSCTP_IO_H

#include <stdbool.h>
#include <stdint.h>

/* A function of usrsctp's that has ours in its place, __wrap_name(); theirs can
 * still be called as __real_name(). */
#define NETSCTP__WRAPS(name) __typeof__(name) __real_##name, __wrap_##name

/* One that is weak in usrsctp (config.h): the definition is ours. */
#define NETSCTP__REPLACES(name) __typeof__(name) name

struct sctp_inpcb;
struct sctp_nets;
struct sctp_tcb;
struct socket;
struct netsctp_status;
union netsctp__sockaddr;

/* Before usrsctp is started: its clock begins now. */
void netsctp__io_start(void);

/* A packet came in: an SCTP header and chunks, without IP and UDP. The guard
 * may overwrite some of it. */
void netsctp__io_input(uint8_t *packet, uint32_t length,
                       const union netsctp__sockaddr *from,
                       const union netsctp__sockaddr *to);
/* The packet being processed; NULL: none is. */
struct netsctp__io_packet {
  const uint8_t *bytes;
  uint32_t length;
  uint16_t udp_port; /* it came from, in network order */
  const union netsctp__sockaddr *from, *to;
};
const struct netsctp__io_packet *netsctp__io_packet(void);
/* Answers the packet being processed, an INIT: with an ABORT to its sender
 * alone, whatever associations there are. */
void netsctp__io_refuse(uint16_t cause);

/* Gives one to the stack as it is: one of our own making, or that was let in.
 */
void netsctp__io_process(const uint8_t *packet, uint32_t length,
                         const union netsctp__sockaddr *from,
                         const union netsctp__sockaddr *to);

/* The checksum of a whole packet, in network order, whatever it bears itself.
 */
uint32_t netsctp__checksum(const uint8_t *packet, uint32_t length);

/* Runs the timers that are due. True if any ran. */
bool netsctp__io_run_timers(void);

/* When to run them next, or earlier; UINT64_MAX if none is set. */
uint64_t netsctp__io_deadline(void);

/* The number we gave the socket of an endpoint of usrsctp's, 0 if it has none
 * (any more). */
uint32_t netsctp__io_id(const struct sctp_inpcb *);

/* Finishes what a call or a packet has begun: deferred work of the stack, and
 * the packets that wait to be sent. */
void netsctp__io_settle(void);

/* The associations there are, those without a socket counted. */
uint32_t netsctp__io_associations(void);

/* A COOKIE ACK has come, and the stack has not seen it yet: time-outs in the
 * handshake do not count any more. */
void netsctp__io_handshake_ends(struct sctp_tcb *);

/* A SHUTDOWN or SHUTDOWN ACK has come, and the stack has not seen it yet.
 * False: data is missing, and the association was aborted for that. */
bool netsctp__io_shutdown_is_legal(struct sctp_tcb *, uint8_t type);

/* Another way to the peer than this one, that works as far as is known; of
 * those that are not confirmed only while there are no others. */
struct sctp_nets *netsctp__io_other_path(struct sctp_tcb *,
                                         const struct sctp_nets *);

/* Aborts an association, which is gone then, for this error cause: the peer and
 * the user get the text. */
void netsctp__io_abort(struct sctp_tcb *, uint16_t code, const char *text);

/* Why this end has aborted an association that nobody had accepted: an error
 * cause, or 0. */
uint16_t netsctp__io_own_cause(const struct socket *);

/* Whether the send buffer has room for a message of so many bytes. */
bool netsctp__io_has_room(struct socket *, uint32_t length);

/* Whether the message that is read next has no end and never will: the stack
 * says that it is whole. */
bool netsctp__io_is_cut(struct socket *);

/* What SCTP_STATUS does not tell of an association. False: there is none. */
bool netsctp__io_status(struct socket *, struct netsctp_status *);

/* After an association's path MTU was raised: messages are cut to it, and the
 * first window is counted in it, as had it been known from the start. */
void netsctp__io_use_path_mtu(struct socket *);

/* SCTP_NODELAY, without what getsockopt and setsockopt cost. */
bool netsctp__io_is_no_delay(const struct socket *);
void netsctp__io_set_no_delay(struct socket *, bool on);

void netsctp__io_set_ipv6_only(struct socket *);

/* The address packets to the primary path are sent from. False: unknown. */
bool netsctp__io_source(struct socket *, union netsctp__sockaddr *);

/* Whether it is bound to any address, and then to which kind of any. */
bool netsctp__io_wildcard(struct socket *, union netsctp__sockaddr *);

/* Makes the stack know an address of this host, also one that it did not read
 * at its start. 0 or -errno. */
int netsctp__io_know_address(const union netsctp__sockaddr *);

/* A peer asks for this one, so it is one: the host may just have got it. */
void netsctp__io_learn_address(const union netsctp__sockaddr *);

/* Whether this host has it (still). */
bool netsctp__io_has_address(const union netsctp__sockaddr *);

/* Writes down on which interface a link-local address of a peer is: while the
 * stack answers a COOKIE ECHO, which does not tell it, nobody can. Only for the
 * association whose tag the packet bears: another peer can have the same
 * address on another link. */
void netsctp__io_keep_scope(union netsctp__sockaddr *from,
                            union netsctp__sockaddr *to, uint32_t tag);

/* Peers that come back on another UDP port: INITs that wait until it is known
 * whether the port of before is still there. */

/* The association with this tag of ours is over, as its peer is gone. */
void netsctp__restart_ended(uint32_t tag);
/* Refuses what has waited long enough; when to do that next. */
void netsctp__restart_expire(void);
uint64_t netsctp__restart_deadline(void);
/* A packet was processed. */
void netsctp__restart_answered(void);

#endif
