/* What the kernel says of the way to an address, for both stacks. */
#ifndef NETSCTP_ROUTE_H
#define NETSCTP_ROUTE_H

#include "shim/address.h"

/* The source address (port 0) that the kernel would take, and the path's MTU as
 * far as it is known. 0 or -errno. */
int netsctp__route(const union netsctp__sockaddr *to,
                   union netsctp__sockaddr *from, int *mtu);

/* The interface that packets with this source would leave by: its index, or 0
 * if the kernel does not say. */
uint32_t netsctp__route_interface(const union netsctp__sockaddr *to,
                                  const union netsctp__sockaddr *from);

#endif
