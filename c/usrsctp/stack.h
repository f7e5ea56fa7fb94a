/* The userspace backend inside: what its files share.
 *
 *   backend.c        the stack: its lock, loops, timer, probe
 *   sockets.c        the table of sockets, readiness, lingering ones
 *   open.c           listen, connect, accept
 *   quirks.c         options as usrsctp has them
 *   mtu.c            how large packets may be, and what is set of a path
 *   address.c        addresses, what is its own in status and paths
 *   local_addresses.c  addresses that come and go
 *   message.c        send, receive
 *   route.c          where the kernel would send from
 *   udp.c            UDP sockets and their ports
 *   udp_packets.c    packets in batches
 *   icmp.c           the ICMP errors that our packets caused
 *   guard.c          what of a packet may reach usrsctp
 *   tally.c          what packets brought and took, counted
 *   inside/          usrsctp's internals: inside/README.md
 *
 * There is one stack per process, and one mutex, which is the stack: whoever
 * enters it holds it. It has no thread. It runs when a loop is woken by its UDP
 * sockets or its timer, and in the calls; several loops share it, and whichever
 * comes first does the work of all. */
#ifndef NETSCTP_USRSCTP_STACK_H
#define NETSCTP_USRSCTP_STACK_H

#include <stdbool.h>
#include <stdint.h>

#include "rfc6458/contexts.h"
#include "shim/backend.h"
#include "shim/close_reason.h"
#include "usrsctp/tally.h"
#include "usrsctp/udp.h"

struct sctp_paddrparams;
struct socket;
struct timeval;

/* One of usrsctp's sockets. It outlives its handle while it is closing. */
struct netsctp__socket {
  uint32_t id; /* what upcalls carry */
  struct socket *socket;
  struct netsctp__handle *handle; /* NULL: it was given up */
  struct netsctp__socket *next_touched;
  struct netsctp__socket *previous, *next; /* of those that linger */
  unsigned udp;                            /* the port its packets leave from */
  bool is_touched;
  bool has_ended;     /* END or ERROR was written */
  int end_error;      /* and which: 0 for END */
  uint16_t own_cause; /* why this end aborted it, an error cause, or 0 */
  struct netsctp__cause *cause; /* of the end that is to come, or NULL */
  int soft_error;       /* the last that a router told of the way, or 0 */
  uint16_t refused_udp; /* nobody has it, said ICMP, and that was the end */
  char *why;            /* why it ended, as far as the error does not say */
  bool may_be_cut_off;  /* a path failed, and no other was seen to work */
  bool has_rest;        /* a notification of which a part has been given */
  uint8_t ending;       /* enum netsctp__ending */
  uint32_t wanted;      /* the size of a message that found no room */
  struct netsctp__contexts contexts;
  uint64_t linger_until;       /* when a socket that was given up is aborted */
  struct netsctp__tally tally; /* of its packets */
  struct netsctp__leaving *leaving; /* addresses: usrsctp/local_addresses.c */
};

/* Bytes in front of the chunks of a packet. */
enum {
  NETSCTP__IPV4_HEAD = 20,
  NETSCTP__IPV6_HEAD = 40,
  NETSCTP__UDP_HEAD = 8,
  NETSCTP__SCTP_HEAD = 12
};

/* The state in SCTP_PEER_ADDR_CHANGE that usrsctp lacks (RFC 7829 section 7.2):
 * usrsctp/inside/paths.c tells it. */
enum { NETSCTP__POTENTIALLY_FAILED = 0x1000 };

/* What a notification said about the end that is to come. */
enum netsctp__ending {
  NETSCTP__NOT_ENDING,
  NETSCTP__ENDING_IN_ORDER,
  NETSCTP__ENDING_LOST,
  NETSCTP__ENDING_NOT_STARTED
};

/* ------------------------------------------------ usrsctp/backend.c */

/* Milliseconds, as of the last time the stack looked. */
extern uint64_t netsctp__stack_now;
/* The same for usrsctp, to the microsecond: usrsctp/inside/config.h. */
void netsctp__stack_time(struct timeval *);

/* Makes sure that there is a UDP port to listen on or connect from. `port` is
 * the one asked for, 0: any, -1: none was. Its place or -errno, explained. */
int netsctp__stack_listen_on_udp(int32_t port);
int netsctp__stack_connect_from_udp(int32_t port);

/* ------------------------------------------------ usrsctp/route.c */

/* As netsctp__route(), as of a moment ago. */
int netsctp__stack_route(const union netsctp__sockaddr *to,
                         union netsctp__sockaddr *from, int *mtu);
void netsctp__stack_forget_routes(void);

/* ------------------------------------------------ usrsctp/open.c */

/* Binds to one more address, or to the first. `is_ours`: the kernel has just
 * said that it is one of this host. */
int netsctp__socket_bind(struct socket *, union netsctp__sockaddr *,
                         bool is_ours, bool is_first);

/* ------------------------------------------------ usrsctp/local_addresses.c */

/* The peer has acknowledged a change of addresses. */
void netsctp__stack_acknowledged(uint32_t id);

/* Whether an address was removed, and waits for the stack to be told. */
bool netsctp__socket_is_leaving(struct netsctp__socket *,
                                const union netsctp__sockaddr *);

void netsctp__socket_drop_leaving(struct netsctp__socket *);

/* ------------------------------------------------ usrsctp/sockets.c */

/* Takes a socket of usrsctp's over for a handle; NULL: out of memory, and
 * the socket was closed. */
struct netsctp__socket *
netsctp__socket_adopt(struct socket *, struct netsctp__handle *, unsigned udp);
/* Closes it, with an ABORT or as usrsctp sees fit, and forgets it. */
void netsctp__socket_close(struct netsctp__socket *, bool abort);
/* Shuts it down and closes it in the background. */
void netsctp__socket_linger(struct netsctp__socket *);

bool netsctp__sockets_are_none(void);
/* Aborts what has lingered too long by then; when to do that next. */
void netsctp__sockets_expire(uint64_t now);
uint64_t netsctp__sockets_deadline(void);
/* Has the next so many of all sockets looked at, all in turn. */
void netsctp__sockets_touch_some(uint32_t count);
/* Looks at the sockets that were touched, marking handles ready. */
void netsctp__sockets_look(void);

/* The socket of a number; NULL: it was closed meanwhile. */
struct netsctp__socket *netsctp__stack_find(uint32_t id);
/* Something happened to a socket: look at it before the stack is left. */
void netsctp__stack_touch(uint32_t id);
/* This end aborts it, for this error cause; `text` may say more. */
void netsctp__stack_aborts(uint32_t id, uint16_t cause, const char *text);
/* No process has the peer's UDP port, which is the end. */
void netsctp__stack_refused(uint32_t id, uint16_t udp_port, bool was_up);

/* ------------------------------------------------ usrsctp/mtu.c */

/* SCTP_PEER_ADDR_PARAMS, with whole IP packets as the path MTU. 0 or -errno. */
int netsctp__set_path(struct socket *, const struct sctp_paddrparams *);
int netsctp__get_path(struct socket *, struct sctp_paddrparams *);

/* What the route to a new association's peer has, INT_MAX: nothing in the way.
 */
void netsctp__expect_mtu(struct socket *, int mtu);
/* A link on the way to one of a peer's addresses takes no more. */
void netsctp__lower_mtu(struct socket *, const union netsctp__sockaddr *,
                        uint32_t mtu);

/* How long the stack waits for an answer before it has measured a path, and at
 * the least (RFC 9260 section 16). */
#define NETSCTP__RTO_MS 1000

#endif
