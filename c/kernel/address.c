/* Who is at either end of a kernel association, and its state. */
#include "kernel/vendor.h"

#include <errno.h>
#include <string.h>

#include "rfc6458/status.h"

static void swap(struct netsctp_address *a, struct netsctp_address *b) {
  struct netsctp_address kept = *a;
  *a = *b;
  *b = kept;
}

enum { MOST = 256 };

/* All of one side of an association; 0 if the kernel does not say. */
static int list(struct netsctp__socket *socket, sctp_assoc_t id, bool is_remote,
                struct netsctp_address out[MOST]) {
  struct sockaddr *packed;
  NETSCTP__SYSCALL();
  int total =
      (is_remote ? sctp_getpaddrs : sctp_getladdrs)(socket->fd, id, &packed);
  if (total <= 0)
    return 0;
  if (total > MOST)
    total = MOST;
  /* Addresses of either family, without gaps. */
  const uint8_t *at = (const uint8_t *)packed;
  for (int i = 0; i < total; i++) {
    netsctp__from_sockaddr(at, &out[i]);
    at += netsctp__sockaddr_size((const void *)at);
  }
  (is_remote ? sctp_freepaddrs : sctp_freeladdrs)(packed);
  return total;
}

static int remote_addresses(struct netsctp__socket *socket,
                            struct netsctp_address out[MOST]) {
  struct sctp_status status;
  if (!netsctp__sctp_status(socket, &status))
    return -ENOTCONN;
  const int total = list(socket, status.sstat_assoc_id, true, out);
  if (total == 0)
    return -ENOTCONN;
  struct netsctp_address primary;
  netsctp__from_sockaddr(&status.sstat_primary.spinfo_address, &primary);
  for (int i = 1; i < total; i++)
    if (memcmp(&out[i], &primary, sizeof primary) == 0)
      swap(&out[0], &out[i]);
  return total;
}

static int own_name(int fd, union netsctp__sockaddr *out) {
  socklen_t size = sizeof *out;
  memset(out, 0, sizeof *out);
  NETSCTP__SYSCALL();
  return getsockname(fd, &out->any, &size) < 0 ? -errno : 0;
}

/* The peer's primary address, by which it is known from then on. */
static void note_primary(struct netsctp__handle *handle,
                         const struct sctp_status *status) {
  memcpy(&handle->peer, &status->sstat_primary.spinfo_address,
         sizeof handle->peer);
}

/* All of an association's, the one that is used first, or 0 if the kernel does
 * not say. */
static int list_local(struct netsctp__handle *handle, sctp_assoc_t id,
                      struct netsctp_address out[MOST]) {
  const int total = list(handle->socket, id, false, out);
  if (total > 0 && handle->kind == NETSCTP__ASSOCIATION) {
    struct netsctp_address peer;
    netsctp__from_sockaddr(&handle->peer, &peer);
    const int used = netsctp__kernel_source(&peer, out, total);
    if (used > 0)
      swap(&out[0], &out[used]);
  }
  return total;
}

static int local_addresses(struct netsctp__handle *handle,
                           struct netsctp_address out[MOST]) {
  union netsctp__sockaddr name;
  int result = own_name(handle->socket->fd, &name);
  if (result < 0)
    return result;
  struct sctp_status status = {0};
  int total = 0;
  if (handle->kind == NETSCTP__ENDPOINT
          ? !netsctp__is_any(&name)
          : netsctp__sctp_status(handle->socket, &status)) {
    if (handle->kind == NETSCTP__ASSOCIATION)
      note_primary(handle, &status);
    total = list_local(handle, status.sstat_assoc_id, out);
  }
  if (total > 0)
    return total;
  netsctp__from_sockaddr(&name, &out[0]);
  return 1;
}

/* The first of each side, as netsctp__backend_addresses() has it, of an
 * association whose state is known. */
void netsctp__kernel_first_addresses(struct netsctp__handle *handle,
                                     const struct sctp_status *status,
                                     struct netsctp_address *local,
                                     struct netsctp_address *remote) {
  note_primary(handle, status);
  netsctp__from_sockaddr(&handle->peer, remote);
  struct netsctp_address all[MOST];
  if (list_local(handle, status->sstat_assoc_id, all) > 0)
    *local = all[0];
}

int netsctp__backend_addresses(struct netsctp__handle *handle, uint32_t side,
                               struct netsctp_address *out, uint32_t count) {
  struct netsctp_address found[MOST];
  int total = side == NETSCTP_SIDE_LOCAL
                  ? local_addresses(handle, found)
                  : remote_addresses(handle->socket, found);
  if (total == -ENOTCONN && handle->peer.any.sa_family != AF_UNSPEC) {
    netsctp__from_sockaddr(&handle->peer, &found[0]);
    total = 1;
  }
  if (total < 0)
    return total;
  uint32_t written = (uint32_t)total < count ? (uint32_t)total : count;
  memcpy(out, found, written * sizeof *out);
  return (uint32_t)total > count ? -ENOBUFS : total;
}

/* ------------------------------------------------ changing them */

static int change(struct netsctp__socket *socket,
                  union netsctp__sockaddr *address, int how) {
  netsctp__kernel_tell_peer(socket);
  NETSCTP__SYSCALL();
  return sctp_bindx(socket->fd, &address->any, 1, how) < 0 ? -errno : 0;
}

int netsctp__vendor_add_address(struct netsctp__socket *socket,
                                union netsctp__sockaddr *address) {
  return change(socket, address, SCTP_BINDX_ADD_ADDR);
}

int netsctp__vendor_remove_address(struct netsctp__socket *socket,
                                   union netsctp__sockaddr *address) {
  return change(socket, address, SCTP_BINDX_REM_ADDR);
}
