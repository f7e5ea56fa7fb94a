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
  QUIRK(LOCAL_UDP_PORT)                                                        \
  QUIRK(OUTSTANDING)                                                           \
  QUIRK(ACKNOWLEDGED)

/* Linux has it since 5.11, and libsctp's header from then on. */
#ifndef SCTP_REMOTE_UDP_ENCAPS_PORT
#define SCTP_REMOTE_UDP_ENCAPS_PORT 132
struct sctp_udpencaps {
  sctp_assoc_t sue_assoc_id;
  struct sockaddr_storage sue_address;
  uint16_t sue_port;
};
#endif

/* Linux has it since 5.5. */
#ifndef SCTP_EXPOSE_POTENTIALLY_FAILED_STATE
#define SCTP_EXPOSE_POTENTIALLY_FAILED_STATE 131
#endif

/* RFC 6458's names, where Linux has others. */
#define sn_auth_event sn_authkey_event
#define ssfe_flags ssf_flags
#define ssfe_error ssf_error
#define ssfe_assoc_id ssf_assoc_id

/* Error causes come as they are on the wire, whatever RFC 6458 says; those of
 * an ABORT without its chunk's head. */
#define NETSCTP__VENDOR_CAUSE(error) ntohs((uint16_t)(error))
#define NETSCTP__VENDOR_ABORT_HEAD 0

/* Subscribes to all these types in one call; false: it cannot. */
bool netsctp__vendor_subscribe(struct netsctp__socket *, const uint16_t *types,
                               size_t count);

/* setsockopt() and getsockopt(): 0 or -errno. */
int netsctp__vendor_set(struct netsctp__socket *, int level, int option,
                        const void *value, socklen_t size);
int netsctp__vendor_get(struct netsctp__socket *, int level, int option,
                        void *value, socklen_t size);

/* Adds an address of this end or removes it: 0 or -errno. */
int netsctp__vendor_add_address(struct netsctp__socket *,
                                union netsctp__sockaddr *);
int netsctp__vendor_remove_address(struct netsctp__socket *,
                                   union netsctp__sockaddr *);

#endif
