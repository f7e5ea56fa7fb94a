/* Who is at either end of an association of the userspace stack, and how it and
 * its paths are. */
#include <errno.h>
#include <string.h>

#include "rfc6458/status.h"
#include "usrsctp/inside/io.h"
#include "usrsctp/vendor.h"

/* --------------------------------------------------------------- addresses */

/* Copies usrsctp's packed list, which may have the last first, or what of it
 * this host still has: usrsctp lists what it ever knew. What equals `first`
 * goes to the head. */
static int copy_list(const struct sockaddr *list, int total, bool is_reversed,
                     bool drops_vanished, const struct netsctp_address *first,
                     struct netsctp_address *out, uint32_t count) {
  const uint8_t *at = (const uint8_t *)list;
  uint32_t kept = 0, head = 0; /* 1: `first` is there */
  for (int i = 0; i < total; i++) {
    const union netsctp__sockaddr *one = (const void *)at;
    at += netsctp__sockaddr_size(one);
    if (drops_vanished && !netsctp__io_has_address(one))
      continue;
    if (kept == count)
      return -ENOBUFS;
    struct netsctp_address address;
    netsctp__from_sockaddr(one, &address);
    const bool is_first = memcmp(&address, first, sizeof address) == 0;
    const uint32_t place = is_first ? 0 : is_reversed ? head : kept;
    memmove(&out[place + 1], &out[place], (kept++ - place) * sizeof *out);
    out[place] = address;
    head |= is_first;
  }
  return (int)kept;
}

static int get_remotes(struct netsctp__handle *h, struct netsctp_address *out,
                       uint32_t count) {
  struct sockaddr *list = NULL;
  const int total = usrsctp_getpaddrs(h->socket->socket, 0, &list);
  if (total <= 0) {
    /* usrsctp forgets them with the association; we have kept one. */
    if (h->peer.any.sa_family == AF_UNSPEC)
      return -ENOTCONN;
    if (count == 0)
      return -ENOBUFS;
    netsctp__from_sockaddr(&h->peer, out);
    return 1;
  }
  struct sctp_status status;
  struct netsctp_address primary = {0};
  if (netsctp__sctp_status(h->socket, &status))
    netsctp__from_sockaddr(&status.sstat_primary.spinfo_address, &primary);
  const int result = copy_list(list, total, false, false, &primary, out, count);
  usrsctp_freepaddrs(list);
  return result;
}

/* What was added and removed counts at once, as in the kernel, although it is
 * used, or not any more, when the peer has acknowledged it. */
static int change_list(struct netsctp__socket *s, struct netsctp_address *out,
                       int kept, uint32_t count) {
  union netsctp__sockaddr pending[NETSCTP__MOST_ADDRESSES] = {0}, address;
  uint32_t more = netsctp__io_own_addresses(s->socket, true, pending,
                                            NETSCTP__MOST_ADDRESSES);
  uint32_t total = 0;
  for (int i = 0; i < kept; i++)
    if (netsctp__to_sockaddr(&out[i], &address) < 0 ||
        !netsctp__socket_is_leaving(s, &address))
      out[total++] = out[i];
  if (more > NETSCTP__MOST_ADDRESSES)
    more = NETSCTP__MOST_ADDRESSES;
  for (uint32_t i = 0; i < more; i++) {
    if (netsctp__socket_is_leaving(s, &pending[i]))
      continue;
    if (total == count)
      return -ENOBUFS;
    netsctp__from_sockaddr(&pending[i], &out[total++]);
  }
  return (int)total;
}

static int get_local(struct netsctp__handle *h, struct netsctp_address *out,
                     uint32_t count) {
  struct netsctp__socket *s = h->socket;
  union netsctp__sockaddr source;
  struct netsctp_address first = {0};
  const bool is_wildcard = netsctp__io_wildcard(s->socket, &source);
  /* A listener that is bound to no address in particular says just that. */
  if (is_wildcard && h->kind == NETSCTP__ENDPOINT) {
    if (count == 0)
      return -ENOBUFS;
    netsctp__from_sockaddr(&source, out);
    return 1;
  }
  if (h->kind == NETSCTP__ASSOCIATION && netsctp__io_source(s->socket, &source))
    netsctp__from_sockaddr(&source, &first);
  struct sockaddr *list = NULL;
  const int total = usrsctp_getladdrs(s->socket, 0, &list);
  if (total <= 0)
    return -ENOTCONN;
  /* What a socket was bound to by name stays. */
  const int result =
      copy_list(list, total, !is_wildcard, is_wildcard, &first, out, count);
  usrsctp_freeladdrs(list);
  return result < 0 || h->kind == NETSCTP__ENDPOINT
             ? result
             : change_list(s, out, result, count);
}

int netsctp__backend_addresses(struct netsctp__handle *h, uint32_t side,
                               struct netsctp_address *out, uint32_t count) {
  return side == NETSCTP_SIDE_REMOTE ? get_remotes(h, out, count)
                                     : get_local(h, out, count);
}

/* ------------------------------------------ status, statistics and paths */

bool netsctp__quirk_status(struct netsctp__handle *h,
                           struct netsctp_status *out) {
  out->known = 1;
  return netsctp__io_status(h->socket->socket, out);
}

bool netsctp__quirk_statistics(struct netsctp__handle *h,
                               struct netsctp_statistics *out) {
  netsctp__tally_read(&h->socket->tally, out);
  return true;
}

/* usrsctp says what is left for chunks, not how large IP packets are; and until
 * its round trip was measured a path has no time-out of its own. */
void netsctp__quirk_path(struct netsctp__socket *s, struct netsctp_path *path) {
  struct sctp_rtoinfo rto = {0};
  union netsctp__sockaddr address;
  path->mtu += NETSCTP__SCTP_HEAD + NETSCTP__UDP_HEAD;
  path->mtu += path->address.family == NETSCTP_FAMILY_IPV6 ? NETSCTP__IPV6_HEAD
                                                           : NETSCTP__IPV4_HEAD;
  if (path->state == NETSCTP_PATH_STATUS_ACTIVE &&
      netsctp__to_sockaddr(&path->address, &address) == 0 &&
      netsctp__io_is_failing(s->socket, &address))
    path->state = NETSCTP_PATH_STATUS_POTENTIALLY_FAILED;
  if (path->rto_ms == 0 &&
      netsctp__vendor_get(s, IPPROTO_SCTP, SCTP_RTOINFO, &rto, sizeof rto) == 0)
    path->rto_ms = rto.srto_initial;
}
