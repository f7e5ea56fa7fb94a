/* What c/rfc6458 is compiled against: the userspace stack. */
#ifndef NETSCTP_USRSCTP_VENDOR_H
#define NETSCTP_USRSCTP_VENDOR_H

#include <usrsctp.h>

#include "usrsctp/stack.h"

#define NETSCTP__STACK_NAME "the userspace stack"

#define NETSCTP__IF_KERNEL(...)
#define NETSCTP__IF_BOTH(...) __VA_ARGS__
#define NETSCTP__IF_USERSPACE(...) __VA_ARGS__

/* The rows of sctp_options.def that quirks.c alone knows. */
#define NETSCTP__QUIRKS(QUIRK)                                                 \
  QUIRK(BACKLOG)                                                               \
  QUIRK(IPV6_ONLY)                                                             \
  QUIRK(LOCAL_UDP_PORT)                                                        \
  QUIRK(SOFT_ERROR)

/* setsockopt() and getsockopt() of usrsctp: 0 or -errno. */
int netsctp__vendor_set(struct netsctp__socket *, int level, int option,
                        const void *value, socklen_t size);
int netsctp__vendor_get(struct netsctp__socket *, int level, int option,
                        void *value, socklen_t size);

#endif
