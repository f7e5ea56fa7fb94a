/* ICMP errors that our own packets caused: read from the UDP sockets' error
 * queues (usrsctp/icmp.c), and what they mean for an association
 * (usrsctp/inside/unreachable.c). All calls are made with the stack's lock
 * held. */
#ifndef NETSCTP_USRSCTP_ICMP_H
#define NETSCTP_USRSCTP_ICMP_H

#include "usrsctp/udp.h"

enum netsctp__icmp {
  NETSCTP__ICMP_PORT_UNREACHABLE, /* or the protocol: nobody is there */
  NETSCTP__ICMP_HOST_UNREACHABLE, /* or the net, or it is prohibited */
  NETSCTP__ICMP_TOO_BIG
};

struct netsctp__icmp_error {
  enum netsctp__icmp kind;
  int error;    /* the errno it stands for */
  uint32_t mtu; /* of TOO_BIG alone: of the next link, the IP header counted */
  union netsctp__sockaddr local;
  union netsctp__sockaddr peer; /* with its UDP port, as the packet had it */
};

/* Reads the errors that wait on a socket of netsctp__udp_watch()'s, at most
 * about `limit`, and gives each to netsctp__io_unreachable(). Until that was
 * done, its event comes again as FAILED. */
void netsctp__icmp_receive(uint32_t event, unsigned limit);

/* `quoted` is what the error quotes of our packet, from the SCTP header on. One
 * that does not prove to be about a packet of ours changes nothing (RFC 9260
 * section 10, RFC 6951 section 5.5). */
void netsctp__io_unreachable(const struct netsctp__icmp_error *,
                             const uint8_t *quoted, uint32_t length);

#endif
