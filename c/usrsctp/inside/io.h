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
struct mbuf;
struct sctp_nets;
struct sctp_stream_queue_pending;
struct sctp_tcb;
struct sockaddr;
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

/* The association is about to end, or its peer has restarted: gives its user
 * back what was not delivered. */
void netsctp__io_tell_undelivered(struct sctp_tcb *, uint32_t error,
                                  int is_locked);

/* The same of a message that is given up while it is still whole. */
void netsctp__io_tell_waiting(struct sctp_tcb *,
                              struct sctp_stream_queue_pending *);

/* From now on messages of the association are given up when their time to live
 * is over before they were sent. */
void netsctp__io_watch_expiry(struct socket *);

/* The number we gave the socket of an endpoint of usrsctp's, 0 if it has none
 * (any more). */
uint32_t netsctp__io_id(const struct sctp_inpcb *);

/* A socket's association; NULL: there is none (any more). */
struct sctp_tcb *netsctp__io_association(struct socket *);

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

/* Aborts the association of a socket, if it has one still, which gives back
 * what was not delivered. */
void netsctp__io_give_up(struct socket *);

/* Aborts the association of a socket, if it has one still, with a reason of the
 * user's for the peer. usrsctp_sendv() with SCTP_ABORT does not while the send
 * buffer is full, or stream 0 is being reset. */
void netsctp__io_abort_for(struct socket *, const uint8_t *reason,
                           uint32_t length);

/* Why this end has aborted an association that nobody had accepted: an error
 * cause, or 0. */
uint16_t netsctp__io_own_cause(const struct socket *);

/* Whether the send buffer has room for a message of so many bytes. */
bool netsctp__io_has_room(struct socket *, uint32_t length);
/* Of how many of the last messages it may still have one. */
uint32_t netsctp__io_most_held(struct socket *);

/* Whether the message that is read next has no end and never will: the stack
 * says that it is whole. */
bool netsctp__io_is_cut(struct socket *);

/* DATA chunks, sent or not, that the peer has not acknowledged cumulatively,
 * and messages not cut into chunks yet; 0 without an association. */
uint32_t netsctp__io_outstanding(struct socket *);
/* Another number when the peer has acknowledged more, or keeps its window
 * closed. */
uint32_t netsctp__io_acknowledged(struct socket *);

/* What SCTP_STATUS does not tell of an association. False: there is none. */
bool netsctp__io_status(struct socket *, struct netsctp_status *);

/* Tells the user which path is the primary one: this end has just set it. */
void netsctp__io_tell_primary(struct socket *);

/* Whether the path to an address is potentially failed (RFC 7829). */
bool netsctp__io_is_failing(struct socket *, const union netsctp__sockaddr *);

/* The user is told that a path is unreachable. */
void netsctp__io_path_failed(struct sctp_tcb *, struct sctp_nets *);

/* After an INIT was taken over: of a restart, with the INIT ACK at that place
 * behind it, it gives the association keys of its own. */
void netsctp__io_renew_keys(struct sctp_tcb *, struct mbuf *, int at);

/* Whether the address that the peer has just deleted was one of its own. */
bool netsctp__io_has_removed(void);

/* Whether the user may be told of something that a peer causes at will. */
bool netsctp__io_may_tell(const struct sctp_tcb *);

/* Where no path works and data waits, asks whether one works again. False: one
 * does, or there is no association. */
bool netsctp__io_ask_if_cut_off(struct socket *);

/* A path is no longer one of the association's: what was on its way there takes
 * another one, when the stack sends next. */
void netsctp__io_leave_path(struct sctp_tcb *, struct sctp_nets *);
/* The host has lost an address that the association sent from: what was on its
 * way is sent again, when the stack sends next. */
void netsctp__io_leave_address(struct socket *);

/* After an association's path MTU was raised: messages are cut to it, and the
 * first window is counted in it, as had it been known from the start. */
void netsctp__io_use_path_mtu(struct socket *);
/* After the path MTU of some were changed: messages are cut to the least. */
void netsctp__io_find_smallest_mtu(struct socket *);

/* Whether it is one of IPv6, for peers of both kinds. */
bool netsctp__io_is_ipv6(const struct socket *);

/* SCTP_NODELAY, without what getsockopt and setsockopt cost. */
bool netsctp__io_is_no_delay(const struct socket *);
void netsctp__io_set_no_delay(struct socket *, bool on);

void netsctp__io_set_ipv6_only(struct socket *);

/* The address packets to the primary path are sent from. False: unknown. */
bool netsctp__io_source(struct socket *, union netsctp__sockaddr *);

/* Addresses of this end that the peer was told of and has not acknowledged, or
 * those in use, where it is bound by name. How many there are; as many as have
 * room are written. */
uint32_t netsctp__io_own_addresses(struct socket *, bool is_pending,
                                   union netsctp__sockaddr *out, uint32_t most);

/* Where a packet came to, for the stack: another address of the association's
 * if that one was removed, and the peer has not acknowledged it yet. */
struct sockaddr *netsctp__io_came_to(struct sctp_tcb *, struct sockaddr *to);

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
