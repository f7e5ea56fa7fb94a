/* Addresses as the socket API has them, as records have them, and those of a
 * request. */
#ifndef NETSCTP_ADDRESS_H
#define NETSCTP_ADDRESS_H

#include <netinet/in.h>

#include "shim/request.h"

union netsctp__sockaddr {
  struct sockaddr any;
  struct sockaddr_in ipv4;
  struct sockaddr_in6 ipv6;
};

static inline socklen_t
netsctp__sockaddr_size(const union netsctp__sockaddr *address) {
  return address->any.sa_family == AF_INET6 ? sizeof address->ipv6
                                            : sizeof address->ipv4;
}

/* An address alone, without port and interface, and its size. */
static inline const uint8_t *
netsctp__host(const union netsctp__sockaddr *address) {
  return address->any.sa_family == AF_INET6
             ? address->ipv6.sin6_addr.s6_addr
             : (const uint8_t *)&address->ipv4.sin_addr;
}
static inline uint32_t
netsctp__host_size(const union netsctp__sockaddr *address) {
  return address->any.sa_family == AF_INET6 ? 16 : 4;
}

/* Ports are in host order. */
uint16_t netsctp__port(const union netsctp__sockaddr *);
void netsctp__set_port(union netsctp__sockaddr *, uint16_t port);

bool netsctp__is_any(const union netsctp__sockaddr *);

/* These take any struct sockaddr. Of the same host: ports and interfaces do not
 * count, and NULL is nobody's. */
bool netsctp__is_link_local(const void *sockaddr);
bool netsctp__is_same_host(const void *one, const void *other);

/* From text, and into it; -EINVAL for text that is no address. */
int netsctp__to_sockaddr(const struct netsctp_address *,
                         union netsctp__sockaddr *);
void netsctp__from_sockaddr(const void *sockaddr, struct netsctp_address *);

struct netsctp__addresses {
  union netsctp__sockaddr list[NETSCTP__MOST_ADDRESSES];
  uint32_t count;
  bool has_ipv6;
};

void netsctp__add_address(struct netsctp__addresses *,
                          const union netsctp__sockaddr *);

/* The addresses of either side of a request, which have one port: 0 or -errno,
 * explained. */
int netsctp__local_of(const struct netsctp__request *,
                      struct netsctp__addresses *);
int netsctp__remote_of(const struct netsctp__request *,
                       struct netsctp__addresses *);

/* One after the other without gaps, as sctp_connectx() wants them. */
void netsctp__pack(const struct netsctp__addresses *,
                   uint8_t out[sizeof(((struct netsctp__addresses *)0)->list)]);

#endif
