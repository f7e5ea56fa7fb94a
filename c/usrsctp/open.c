/* Listening, connecting and accepting in the userspace stack. */
#include "usrsctp/vendor.h"

#include <errno.h>
#include <string.h>

#include "rfc6458/notifications.h"
#include "rfc6458/options.h"
#include "rfc6458/status.h"
#include "shim/route.h"
#include "usrsctp/inside/io.h"

#define BACKLOG 128

/* Gives the handle a socket with the request's options. SCTP_NODELAY is on
 * unless they say otherwise. */
static int open_for(struct netsctp__handle *h, bool ipv6, int udp,
                    const struct netsctp__request *request) {
  struct socket *socket = usrsctp_socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM,
                                         IPPROTO_SCTP, NULL, NULL, 0, NULL);
  if (socket == NULL)
    return -errno;
  struct netsctp__socket *s = netsctp__socket_adopt(socket, h, (unsigned)udp);
  if (s == NULL)
    return -ENOMEM;
  const int on = 1;
  int result =
      netsctp__vendor_set(s, IPPROTO_SCTP, SCTP_RECVRCVINFO, &on, sizeof on);
  if (result == 0)
    result = netsctp__vendor_set(s, IPPROTO_SCTP, SCTP_NODELAY, &on, sizeof on);
  netsctp__subscribe_usual(s);
  return result < 0 ? result : netsctp__backend_configure(h, request);
}

/* What failed leaves nothing open. */
static int drop(struct netsctp__handle *h, int result) {
  if (h->socket != NULL)
    netsctp__socket_close(h->socket, true);
  h->socket = NULL;
  return result;
}

/* ------------------------------------------------------------- binding */

int netsctp__socket_bind(struct socket *socket,
                         union netsctp__sockaddr *address, bool is_ours,
                         bool is_first) {
  if (!netsctp__is_any(address)) {
    int result = is_ours ? 0 : netsctp__udp_can_bind(address);
    if (result == 0)
      result = netsctp__io_know_address(address);
    if (result < 0)
      return result;
  }
  if (is_first)
    return usrsctp_bind(socket, &address->any,
                        netsctp__sockaddr_size(address)) < 0
               ? -errno
               : 0;
  return usrsctp_bindx(socket, &address->any, 1, SCTP_BINDX_ADD_ADDR) < 0
             ? -errno
             : 0;
}

/* The port a socket got; 0 if it is not bound. */
static uint16_t bound_port(struct socket *socket) {
  struct sockaddr *list = NULL;
  if (usrsctp_getladdrs(socket, 0, &list) <= 0)
    return 0;
  const union netsctp__sockaddr *first = (const void *)list;
  const uint16_t port = netsctp__port(first);
  usrsctp_freeladdrs(list);
  return port;
}

/* `are_ours`: found for the request, which then has one address at most, and
 * that stands for all. */
static int bind_all(struct socket *socket, struct netsctp__addresses *local,
                    bool are_ours, uint32_t asked_for) {
  for (uint32_t i = 0; i < local->count; i++) {
    const int result =
        netsctp__socket_bind(socket, &local->list[i], are_ours, i == 0);
    const uint32_t blamed = are_ours ? 0 : i;
    if (result < 0)
      return blamed < asked_for ? netsctp__blame_local(blamed, result) : result;
    /* All addresses of an endpoint share one port. */
    if (i == 0 && local->count > 1) {
      const uint16_t port = bound_port(socket);
      for (uint32_t j = 1; j < local->count; j++)
        netsctp__set_port(&local->list[j], port);
    }
  }
  return 0;
}

/* ------------------------------------------------------------- listening */

static const union netsctp__sockaddr any = {.ipv6.sin6_family = AF_INET6};

int netsctp__backend_listen(struct netsctp__handle *h,
                            const struct netsctp__request *request) {
  static struct netsctp__addresses
      local; /* large, and the stack's lock is held */
  int result = netsctp__local_of(request, &local);
  if (result < 0)
    return result;
  const int udp = netsctp__stack_listen_on_udp(
      netsctp__requested(request, NETSCTP_OPTION_LOCAL_UDP_PORT, -1));
  if (udp < 0)
    return udp;
  if (local.count == 0)
    netsctp__add_address(&local, &any);
  result = open_for(h, local.has_ipv6, udp, request);
  if (result == 0)
    result = bind_all(h->socket->socket, &local, false, request->local_count);
  if (result == 0 &&
      usrsctp_listen(
          h->socket->socket,
          netsctp__requested(request, NETSCTP_OPTION_BACKLOG, BACKLOG)) < 0)
    result = -errno;
  return result < 0 ? drop(h, result) : 0;
}

/* ------------------------------------------------------------- connecting */

static int start_connecting(struct socket *socket,
                            const struct netsctp__addresses *remote,
                            uint16_t remote_udp_port) {
  const struct sctp_udpencaps encaps = {.sue_port = htons(remote_udp_port)};
  if (usrsctp_setsockopt(socket, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT,
                         &encaps, sizeof encaps) < 0)
    return -errno;
  int result;
  if (remote->count == 1) {
    union netsctp__sockaddr peer = remote->list[0];
    result = usrsctp_connect(socket, &peer.any, netsctp__sockaddr_size(&peer));
  } else {
    /* usrsctp wants them one after the other without gaps. */
    static uint8_t packed[sizeof remote->list];
    netsctp__pack(remote, packed);
    result = usrsctp_connectx(socket, (struct sockaddr *)packed,
                              (int)remote->count, NULL);
  }
  return result < 0 && errno != EINPROGRESS ? -errno : 0;
}

/* 0, where none is fixed on this machine: the peer is in this process, if
 * anything listens here. */
static uint16_t remote_udp_port(const struct netsctp__request *request) {
  const uint16_t port = (uint16_t)netsctp__requested(
      request, NETSCTP_OPTION_REMOTE_UDP_PORT, NETSCTP__UDP_DEFAULT_PORT);
  const uint16_t own = netsctp__udp_port(netsctp__udp_listening());
  if (port != 0)
    return port;
  return own != 0 ? own : NETSCTP__UDP_DEFAULT_PORT;
}

int netsctp__backend_connect(struct netsctp__handle *h,
                             const struct netsctp__request *request) {
  static struct netsctp__addresses local, remote, sources;
  int mtu = 0;
  int result = netsctp__local_of(request, &local);
  if (result == 0)
    result = netsctp__remote_of(request, &remote);
  if (result == 0)
    result = netsctp__sources(&remote, &sources, &mtu, netsctp__stack_route);
  if (result < 0)
    return result;
  const int udp = netsctp__stack_connect_from_udp(
      netsctp__requested(request, NETSCTP_OPTION_LOCAL_UDP_PORT, -1));
  if (udp < 0)
    return udp;
  bool are_ours = true;
  if (netsctp__names_none(&local))
    netsctp__bind_to_sources(&local, &sources);
  else
    are_ours = false;
  result = open_for(h, local.has_ipv6 || remote.has_ipv6, udp, request);
  if (result == 0)
    result =
        bind_all(h->socket->socket, &local, are_ours, request->local_count);
  if (result == 0) {
    netsctp__expect_mtu(h->socket->socket, mtu);
    result =
        start_connecting(h->socket->socket, &remote, remote_udp_port(request));
  }
  if (result < 0)
    return drop(h, result);
  h->peer = remote.list[0];
  netsctp__stack_touch(h->socket->id);
  return 0;
}

/* ------------------------------------------------------------- accepting */

/* Addresses that the peer adds later are reached by the UDP port it has now.
 * Without one, the first packets to them would have to leave as raw IP. */
static void keep_udp_port(struct netsctp__socket *s,
                          const union netsctp__sockaddr *peer) {
  struct sctp_udpencaps encaps = {0};
  memcpy(&encaps.sue_address, peer, netsctp__sockaddr_size(peer));
  if (netsctp__vendor_get(s, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &encaps,
                          sizeof encaps) < 0)
    return;
  const struct sctp_udpencaps any = {.sue_address = {.ss_family = AF_INET},
                                     .sue_port = encaps.sue_port};
  netsctp__vendor_set(s, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &any,
                      sizeof any);
}

int netsctp__backend_accept(struct netsctp__handle *listener,
                            struct netsctp__handle *fresh,
                            struct netsctp_accepted *out) {
  union netsctp__sockaddr peer, source;
  memset(&peer, 0, sizeof peer);
  socklen_t size = sizeof peer;
  struct netsctp__socket *head = listener->socket;
  struct socket *socket = usrsctp_accept(head->socket, &peer.any, &size);
  if (socket == NULL) {
    if (errno == EWOULDBLOCK)
      return -EAGAIN;
    return errno == EMFILE || errno == ENOMEM || errno == ENOBUFS
               ? -errno
               : -ECONNABORTED;
  }
  struct netsctp__socket *s = netsctp__socket_adopt(socket, fresh, head->udp);
  if (s == NULL)
    return -ENOMEM;

  struct sctp_status status;
  if (netsctp__sctp_status(s, &status)) {
    out->outbound_streams = status.sstat_outstrms;
    out->inbound_streams = status.sstat_instrms;
    /* usrsctp_accept() leaves out the interface of a link-local address. */
    memcpy(&peer, &status.sstat_primary.spinfo_address, sizeof peer);
  }
  if (peer.any.sa_family != AF_UNSPEC) {
    netsctp__from_sockaddr(&peer, &out->remote);
    keep_udp_port(s, &peer);
  }
  fresh->peer = peer;
  if (netsctp__io_source(socket, &source))
    netsctp__from_sockaddr(&source, &out->local);
  int mtu;
  if (peer.any.sa_family != AF_UNSPEC &&
      netsctp__stack_route(&peer, &source, &mtu) == 0)
    netsctp__expect_mtu(socket, mtu);
  /* What came before the upcall was set made none. */
  netsctp__mark_ready(fresh, NETSCTP_READY_READABLE);
  return 0;
}
