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
  QUIRK(SOFT_ERROR)                                                            \
  QUIRK(OUTSTANDING)                                                           \
  QUIRK(ACKNOWLEDGED)                                                          \
  QUIRK(GIVE_UP)

/* What there is under no name, or under another one. */
#define SCTP_PR_SCTP_PRIO SCTP_PR_SCTP_BUF
#define SCTP_PR_SCTP_ALL 0x000f
#define SCTP_ADDR_POTENTIALLY_FAILED NETSCTP__POTENTIALLY_FAILED
#define SCTP_PF (-1)

/* RFC 7829, which usrsctp.h leaves out. */
#define SCTP_PEER_ADDR_THLDS_V2 0x23
struct sctp_paddrthlds_v2 {
  struct sockaddr_storage spt_address;
  sctp_assoc_t spt_assoc_id;
  uint16_t spt_pathmaxrxt;
  uint16_t spt_pathpfthld;
  uint16_t spt_pathcpthld;
};

/* Error causes come in host order; those of an ABORT behind its chunk's head.
 */
#define NETSCTP__VENDOR_CAUSE(error) (error)
#define NETSCTP__VENDOR_ABORT_HEAD 4

/* Subscribes to all these types in one call; false: it cannot. */
static inline bool netsctp__vendor_subscribe(struct netsctp__socket *socket,
                                             const uint16_t *types,
                                             size_t count) {
  (void)socket, (void)types, (void)count;
  return false;
}

/* setsockopt() and getsockopt() of usrsctp: 0 or -errno. */
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
