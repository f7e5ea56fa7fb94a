/* What the files of the kernel's stack share. They and rfc6458/ include the
 * vendor header, <netinet/sctp.h>, which comes with libsctp. */
#ifndef NETSCTP_KERNEL_H
#define NETSCTP_KERNEL_H

#include <netinet/in.h>
#include <netinet/sctp.h>

#include "rfc6458/contexts.h"
#include "shim/backend.h"
#include "shim/close_reason.h"

#ifndef HAVE_SCTP_SENDV
#error                                                                         \
    "this libsctp has no sctp_sendv(): netsctp needs lksctp-tools 1.0.17 or newer (Debian, Ubuntu: libsctp-dev; Fedora: lksctp-tools-devel; Alpine: lksctp-tools-dev)"
#endif

#define NETSCTP__SYSCALL() NETSCTP__COUNT(other_syscalls, 1)

/* What a peer has acknowledged, as of the last SACK that was looked at. */
struct netsctp__progress {
  uint64_t sacks, sent; /* SACKs that came, DATA chunks that left */
  uint32_t unacknowledged;
  uint32_t steps; /* how often that was more than before */
};

/* One of the kernel's sockets: one-to-one, so that it has one association, or
 * listens. */
struct netsctp__socket {
  int fd;
  int32_t receive_window;       /* that was asked for, 0: as it comes */
  struct netsctp__kept *kept;   /* kernel/receive.c: a notification, or NULL */
  struct netsctp__cause *cause; /* of the end that is to come, or NULL */
  struct netsctp__progress progress; /* kernel/progress.c */
  struct netsctp__contexts contexts;
  uint32_t most_held;   /* messages in the send buffer, 0: it is to be asked */
  uint32_t highest_rto; /* that was told, ms */
  uint32_t slot_room;   /* what a slot of a batch holds */
  int16_t error;        /* kept until receive can report it */
  bool is_drained : 1;  /* the next receive need not ask the kernel */
  bool was_refused : 1; /* the room was less than a slot's */
  bool is_delay_known : 1;   /* is_without_delay is what the kernel says */
  bool is_without_delay : 1; /* SCTP_NODELAY is on */
  bool has_begun : 1;        /* its association has: not one that listens */
};

/* kernel/backend.c */
/* Gives a handle its socket; -ENOMEM: the descriptor was closed. */
int netsctp__kernel_adopt(struct netsctp__handle *, int fd);
/* Adds the socket to the loop. */
int netsctp__kernel_watch(struct netsctp__handle *);
/* Closes the socket, and forgets it. */
void netsctp__kernel_drop(struct netsctp__handle *);
/* Whether the loop also tells when it can be written to. */
void netsctp__kernel_watch_writable(struct netsctp__handle *, bool on);

/* kernel/quirks.c: an association began on the socket, with the window that was
 * asked for, 0: as it comes. */
void netsctp__kernel_begun(struct netsctp__socket *, int32_t window);

/* kernel/status.c: what the kernel has counted. It forgets the highest RTO when
 * that is read, which is kept here. False: there is no association. */
bool netsctp__kernel_counts(struct netsctp__handle *,
                            struct sctp_assoc_stats *);

/* kernel/progress.c: the rows OUTSTANDING and ACKNOWLEDGED. 0 or -errno. */
int netsctp__kernel_outstanding(struct netsctp__socket *, int32_t *bytes);
int netsctp__kernel_acknowledged(struct netsctp__handle *, int32_t *steps);

/* kernel/quirks.c: its associations tell when a path is potentially failed. */
void netsctp__kernel_expose_failing_paths(struct netsctp__socket *);

/* kernel/quirks.c: what is changed of its addresses, the peer is told. */
void netsctp__kernel_tell_peer(struct netsctp__socket *);

/* kernel/address.c: what accept tells. */
void netsctp__kernel_first_addresses(struct netsctp__handle *,
                                     const struct sctp_status *,
                                     struct netsctp_address *local,
                                     struct netsctp_address *remote);

/* kernel/source.c: which of an association's own addresses it sends from to one
 * of its peer's: an index, -1 if none is of that family. */
int netsctp__kernel_source(const struct netsctp_address *peer,
                           const struct netsctp_address *own, int count);

#endif
