/* The UDP sockets SCTP packets travel in (RFC 6951). Knows nothing of SCTP.
 *
 * A process may have several ports, each with an IPv4 and an IPv6 socket: those
 * that were asked for by number, and one that the kernel chose, for all that do
 * not mind (NETSCTP__UDP_ANY). All calls are made with the stack's lock held.
 */
#ifndef NETSCTP_USRSCTP_UDP_H
#define NETSCTP_USRSCTP_UDP_H

#include "shim/backend.h"

struct netsctp__poller;

/* What a process listens on unless told otherwise (IANA: sctp-tunneling). */
#define NETSCTP__UDP_DEFAULT_PORT 9899

/* Places for ports. The first is that of the port the kernel chose; the number
 * of places, as a place, is none. */
#define NETSCTP__UDP_ANY 0u
#define NETSCTP__UDP_PORTS 64u

/* Opens the two sockets of a port, 0: the one the kernel chooses, unless it is
 * open already. Its place or -errno; -ENOSPC: there are as many as can be. */
int netsctp__udp_open(uint16_t port);
void netsctp__udp_close_all(void);

/* The number of an open port, 0 if it is not open. */
uint16_t netsctp__udp_port(unsigned which);
/* A socket of one, -1 if the port or the family is not there. */
int netsctp__udp_fd(unsigned which, bool is_ipv6);

/* An open port, of those that are listened on if there is one; PORTS: none. */
unsigned netsctp__udp_first(void);
/* One that is listened on; PORTS: none. */
unsigned netsctp__udp_listening(void);
/* From now on it is, until it is closed. */
void netsctp__udp_listen(unsigned which);

/* Counts those who use a port. */
void netsctp__udp_use(unsigned which);
void netsctp__udp_release(unsigned which);

/* Closes the ports that nobody has used for a while. `is_idle`: nothing is open
 * at all, so that what was asked for by number is closed at once. Returns when
 * to ask again, UINT64_MAX: not before something is released. */
uint64_t netsctp__udp_close_unused(uint64_t now_ms, bool is_idle);

/* Adds what is open, now and later, to a loop's poller; takes it out again. An
 * event's tag is then the number to give to netsctp__udp_receive(). */
int netsctp__udp_watch(struct netsctp__poller *);
void netsctp__udp_unwatch(struct netsctp__poller *);
#define NETSCTP__UDP_FIRST_EVENT 1u
#define NETSCTP__UDP_LAST_EVENT                                                \
  (NETSCTP__UDP_FIRST_EVENT + 2u * NETSCTP__UDP_PORTS - 1u)

/* Takes a packet, which it may overwrite. */
typedef void netsctp__udp_sink(uint8_t *packet, uint32_t length,
                               const union netsctp__sockaddr *from,
                               const union netsctp__sockaddr *to);

/* Receives what waits on one socket, at most about `limit` packets, and gives
 * each to the sink. Returns their number. */
unsigned netsctp__udp_receive(uint32_t event, unsigned limit,
                              netsctp__udp_sink *);

/* Where a packet came to, or one left from that an error quotes, if a control
 * message says it. `is_shared`: that is not one host's address. */
bool netsctp__udp_local(const struct cmsghdr *, union netsctp__sockaddr *out,
                        bool *is_shared);
/* A message of one part, for recvmmsg() and sendmmsg(). */
struct msghdr netsctp__udp_message(union netsctp__sockaddr *name,
                                   struct iovec *part, void *control,
                                   size_t control_size);

/* The port that the packet being processed came in on; PORTS if none is. */
extern unsigned netsctp__udp_arrival;

/* Room for the next packet to send, flushing if there is none left; NULL if it
 * is longer than a datagram. Then push it: it goes out with the next flush, and
 * with this in its IP head's type of service, or traffic class. */
uint8_t *netsctp__udp_room(uint32_t length);
int netsctp__udp_push(unsigned which, const union netsctp__sockaddr *from,
                      const union netsctp__sockaddr *to, uint32_t length,
                      uint8_t traffic_class);
void netsctp__udp_flush(void);

/* Whether the kernel lets a socket be bound to this address: 0 or -errno. */
int netsctp__udp_can_bind(const union netsctp__sockaddr *);

#endif
