/* What c/rfc6458 is compiled against: the kernel's stack. */
#ifndef NETSCTP_KERNEL_VENDOR_H
#define NETSCTP_KERNEL_VENDOR_H

#include "kernel/kernel.h"

#define NETSCTP__STACK_NAME "the kernel's stack"

#define NETSCTP__IF_KERNEL(...) __VA_ARGS__
#define NETSCTP__IF_BOTH(...) __VA_ARGS__
#define NETSCTP__IF_USERSPACE(...)

/* The rows of sctp_options.def that quirks.c alone knows. */
#define NETSCTP__QUIRKS(QUIRK)                                                 \
  QUIRK(BACKLOG)                                                               \
  QUIRK(IPV6_ONLY)                                                             \
  QUIRK(LOCAL_UDP_PORT)

/* Linux has it since 5.11, and libsctp's header from then on. */
#ifndef SCTP_REMOTE_UDP_ENCAPS_PORT
#define SCTP_REMOTE_UDP_ENCAPS_PORT 132
struct sctp_udpencaps {
  sctp_assoc_t sue_assoc_id;
  struct sockaddr_storage sue_address;
  uint16_t sue_port;
};
#endif

/* setsockopt() and getsockopt(): 0 or -errno. */
int netsctp__vendor_set(struct netsctp__socket *, int level, int option,
                        const void *value, socklen_t size);
int netsctp__vendor_get(struct netsctp__socket *, int level, int option,
                        void *value, socklen_t size);

#endif
