/* What the kernel says of the way to an address, for both stacks. */
#ifndef NETSCTP_ROUTE_H
#define NETSCTP_ROUTE_H

#include "shim/address.h"

/* The source address (port 0) that the kernel would take, and the path's MTU as
 * far as it is known. 0 or -errno. */
int netsctp__route(const union netsctp__sockaddr *to,
                   union netsctp__sockaddr *from, int *mtu);

typedef int netsctp__router(const union netsctp__sockaddr *to,
                            union netsctp__sockaddr *from, int *mtu);

/* Where the kernel would send from, to each peer address that it has a way to,
 * and the smallest path MTU. 0, or -errno where there is no way at all. */
int netsctp__sources(const struct netsctp__addresses *remote,
                     struct netsctp__addresses *out, int *mtu,
                     netsctp__router *);

/* Whether these leave the choice to us, as only a port is asked for at most;
 * and the choice, with that port. */
bool netsctp__names_none(const struct netsctp__addresses *local);
void netsctp__bind_to_sources(struct netsctp__addresses *local,
                              const struct netsctp__addresses *sources);

/* The interface that packets with this source would leave by: its index, or 0
 * if the kernel does not say. */
uint32_t netsctp__route_interface(const union netsctp__sockaddr *to,
                                  const union netsctp__sockaddr *from);

#endif
