/* Who is at either end of an association of the userspace stack, and how it and
 * its paths are. */
#include "usrsctp/stack.h"

#include <errno.h>
#include <string.h>
#include <usrsctp.h>

#include "usrsctp/inside/io.h"

static int get(struct socket *socket, int name, void *value, socklen_t size) {
  return usrsctp_getsockopt(socket, IPPROTO_SCTP, name, value, &size) < 0
             ? -errno
             : 0;
}

static struct socket *socket_of(struct netsctp__handle *h) {
  return h->socket->socket;
}

/* --------------------------------------------------------------- addresses */

static socklen_t size_of(const struct sockaddr *address) {
  return address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                        : sizeof(struct sockaddr_in);
}

static void to_record(const struct sockaddr *address,
                      struct netsctp_address *out) {
  struct sockaddr_storage storage = {0};
  memcpy(&storage, address, size_of(address));
  netsctp__from_sockaddr(&storage, out);
}

static bool is_same_record(const struct netsctp_address *a,
                           const struct netsctp_address *b) {
  return a->family == b->family && a->text_length == b->text_length &&
         memcmp(a->text, b->text, a->text_length) == 0;
}

/* Copies usrsctp's packed list, which may have the last first; what equals
 * `first` then goes to its head. */
static int copy_list(const struct sockaddr *list, int total, bool is_reversed,
                     const struct netsctp_address *first,
                     struct netsctp_address *out, uint32_t count) {
  const uint8_t *at = (const uint8_t *)list;
  if ((uint32_t)total > count)
    return -ENOBUFS;
  for (int i = 0; i < total; i++) {
    const struct sockaddr *one = (const struct sockaddr *)at;
    to_record(one, &out[is_reversed ? total - 1 - i : i]);
    at += size_of(one);
  }
  for (int i = 1; i < total; i++)
    if (is_same_record(&out[i], first)) {
      const struct netsctp_address moved = out[i];
      memmove(out + 1, out, (size_t)i * sizeof *out);
      out[0] = moved;
    }
  return total;
}

static int get_remote(struct netsctp__handle *h, struct netsctp_address *out,
                      uint32_t count) {
  struct sockaddr *list = NULL;
  const int total = usrsctp_getpaddrs(socket_of(h), 0, &list);
  if (total <= 0) {
    /* usrsctp forgets them with the association; we have kept one. */
    if (h->peer.family == NETSCTP_FAMILY_NONE)
      return -ENOTCONN;
    if (count == 0)
      return -ENOBUFS;
    out[0] = h->peer;
    return 1;
  }
  struct sctp_status status = {0};
  struct netsctp_address primary = {0};
  if (get(socket_of(h), SCTP_STATUS, &status, sizeof status) == 0)
    netsctp__from_sockaddr(&status.sstat_primary.spinfo_address, &primary);
  const int result = copy_list(list, total, false, &primary, out, count);
  usrsctp_freepaddrs(list);
  return result;
}

/* usrsctp lists what it ever knew. What a socket was bound to by name stays. */
static int drop_vanished(struct sockaddr *list, int total) {
  const uint8_t *at = (const uint8_t *)list;
  uint8_t *end = (uint8_t *)list;
  int kept = 0;
  for (int i = 0; i < total; i++) {
    union netsctp__sockaddr address = {0};
    const size_t size = size_of((const struct sockaddr *)at);
    memcpy(&address, at, size);
    at += size;
    if (!netsctp__io_has_address(&address))
      continue;
    memcpy(end, &address, size);
    end += size;
    kept++;
  }
  return kept;
}

static int get_local(struct netsctp__handle *h, struct netsctp_address *out,
                     uint32_t count) {
  const struct netsctp__socket *s = h->socket;
  union netsctp__sockaddr source;
  struct netsctp_address first = {0};
  const bool is_wildcard = netsctp__io_wildcard(s->socket, &source);
  /* A listener that is bound to no address in particular says just that. */
  if (is_wildcard && h->kind == NETSCTP__ENDPOINT) {
    if (count == 0)
      return -ENOBUFS;
    to_record(&source.any, out);
    return 1;
  }
  if (h->kind == NETSCTP__ASSOCIATION && netsctp__io_source(s->socket, &source))
    to_record(&source.any, &first);
  struct sockaddr *list = NULL;
  int total = usrsctp_getladdrs(s->socket, 0, &list);
  if (total <= 0)
    return -ENOTCONN;
  if (is_wildcard)
    total = drop_vanished(list, total);
  const int result = copy_list(list, total, !is_wildcard, &first, out, count);
  usrsctp_freeladdrs(list);
  return result;
}

int netsctp__backend_addresses(struct netsctp__handle *h, uint32_t side,
                               struct netsctp_address *out, uint32_t count) {
  netsctp__stack_enter();
  const int result = side == NETSCTP_SIDE_REMOTE ? get_remote(h, out, count)
                                                 : get_local(h, out, count);
  netsctp__stack_leave();
  return result;
}

/* ------------------------------------------------------------------ status */

static uint32_t association_status(int32_t state) {
  switch (state) {
#define SAME(name)                                                             \
  case SCTP_##name:                                                            \
    return NETSCTP_ASSOC_STATUS_##name
    SAME(CLOSED);
    SAME(COOKIE_WAIT);
    SAME(COOKIE_ECHOED);
    SAME(ESTABLISHED);
    SAME(SHUTDOWN_PENDING);
    SAME(SHUTDOWN_SENT);
    SAME(SHUTDOWN_RECEIVED);
    SAME(SHUTDOWN_ACK_SENT);
#undef SAME
  default:
    return NETSCTP_ASSOC_STATUS_EMPTY;
  }
}

static int get_status(struct netsctp__handle *h, struct netsctp_status *out) {
  struct sctp_status status = {0};
  if (get(socket_of(h), SCTP_STATUS, &status, sizeof status) < 0 ||
      !netsctp__io_status(socket_of(h), out))
    return -ENOTCONN;
  out->known = 1;
  out->state = association_status(status.sstat_state);
  out->unacknowledged = status.sstat_unackdata;
  out->pending = status.sstat_penddata;
  out->inbound_streams = status.sstat_instrms;
  out->outbound_streams = status.sstat_outstrms;
  out->fragmentation_point = status.sstat_fragmentation_point;
  out->peer_rwnd = status.sstat_rwnd;
  return 0;
}

int netsctp__backend_status(struct netsctp__handle *h,
                            struct netsctp_status *out) {
  netsctp__stack_enter();
  const int result = get_status(h, out);
  netsctp__stack_leave();
  return result;
}

/* ------------------------------------------------------------------- paths */

static uint32_t path_status(int32_t state) {
  switch (state) {
  case SCTP_INACTIVE:
    return NETSCTP_PATH_STATUS_INACTIVE;
  case SCTP_ACTIVE:
    return NETSCTP_PATH_STATUS_ACTIVE;
  case SCTP_UNCONFIRMED:
    return NETSCTP_PATH_STATUS_UNCONFIRMED;
  default:
    return NETSCTP_PATH_STATUS_UNKNOWN;
  }
}

/* usrsctp says what is left for chunks, not how large IP packets are. */
static uint32_t packet_size(const struct netsctp_path *path, uint32_t room) {
  enum { IPV4 = 20, IPV6 = 40, UDP = 8, SCTP = 12 };
  return room + SCTP + UDP +
         (path->address.family == NETSCTP_FAMILY_IPV6 ? IPV6 : IPV4);
}

static void read_path(struct socket *socket, struct netsctp_path *path) {
  struct sctp_paddrinfo info = {0};
  path->state = NETSCTP_PATH_STATUS_UNKNOWN;
  if (netsctp__to_sockaddr(&path->address, &info.spinfo_address) < 0 ||
      get(socket, SCTP_GET_PEER_ADDR_INFO, &info, sizeof info) < 0)
    return;
  path->state = path_status(info.spinfo_state);
  path->cwnd = info.spinfo_cwnd;
  path->srtt_ms = info.spinfo_srtt;
  path->rto_ms = info.spinfo_rto;
  /* Until its round trip was measured a path has none of its own. */
  struct sctp_rtoinfo rto = {0};
  if (path->rto_ms == 0 && get(socket, SCTP_RTOINFO, &rto, sizeof rto) == 0)
    path->rto_ms = rto.srto_initial;
  path->mtu = packet_size(path, info.spinfo_mtu);
}

static int get_paths(struct netsctp__handle *h, struct netsctp_path *out,
                     uint32_t count) {
  static struct netsctp_address addresses[256]; /* the stack's lock is held */
  struct sctp_status status = {0};
  if (get(socket_of(h), SCTP_STATUS, &status, sizeof status) < 0)
    return -ENOTCONN;
  const int total =
      get_remote(h, addresses, sizeof addresses / sizeof *addresses);
  if (total < 0)
    return total;
  if ((uint32_t)total > count)
    return -ENOBUFS;
  for (int i = 0; i < total; i++) {
    out[i] = (struct netsctp_path){.address = addresses[i]};
    read_path(socket_of(h), &out[i]);
  }
  return total;
}

int netsctp__backend_paths(struct netsctp__handle *h, struct netsctp_path *out,
                           uint32_t count) {
  netsctp__stack_enter();
  const int result = get_paths(h, out, count);
  netsctp__stack_leave();
  return result;
}
