/* Listening, connecting and accepting over the kernel's stack. */
#include "kernel/kernel.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "rfc6458/notifications.h"
#include "rfc6458/options.h"
#include "rfc6458/status.h"
#include "shim/route.h"

enum { DEFAULT_BACKLOG = 511 };

static int set_flag(int fd, int level, int name, int value) {
  NETSCTP__SYSCALL();
  return setsockopt(fd, level, name, &value, sizeof value) < 0 ? -errno : 0;
}

/* Gives the handle a socket with the request's options. */
static int open_socket(struct netsctp__handle *handle, bool ipv6,
                       const struct netsctp__request *request) {
  NETSCTP__SYSCALL();
  int fd = socket(ipv6 ? AF_INET6 : AF_INET,
                  SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_SCTP);
  if (fd < 0) {
    const int error = errno;
    const bool is_refused = error == EPROTONOSUPPORT ||
                            error == ESOCKTNOSUPPORT || error == EACCES ||
                            error == EPERM;
    /* Explains why there is no SCTP; where only IPv6 is refused, there is. */
    const int why = is_refused ? netsctp__backend_probe() : 0;
    return why < 0 ? why : -error;
  }
  int result = netsctp__kernel_adopt(handle, fd);
  if (result < 0)
    return result;
  netsctp__subscribe_usual(
      handle->socket); /* before an option asks for other events */
  netsctp__kernel_expose_failing_paths(handle->socket);
  result = netsctp__backend_configure(handle, request);
  /* RFC 6458 5.3.5: each message comes with its stream, PPID and flags. */
  if (result >= 0)
    result = set_flag(fd, IPPROTO_SCTP, SCTP_RECVRCVINFO, 1);
  if (result < 0)
    netsctp__kernel_drop(handle);
  return result;
}

/* One by one, so that the one that fails is known; all get the first one's
 * port. */
static int bind_all(int fd, struct netsctp__addresses *local) {
  for (uint32_t i = 0; i < local->count; i++) {
    NETSCTP__SYSCALL();
    if (sctp_bindx(fd, &local->list[i].any, 1, SCTP_BINDX_ADD_ADDR) < 0)
      return netsctp__blame_local(i, -errno);
  }
  return 0;
}

/* The end of opening: the loop watches the socket, or what failed so far
 * (`result`), or just now, leaves nothing open. */
static int watch_or_drop(struct netsctp__handle *handle, int result) {
  if (result >= 0)
    result = netsctp__kernel_watch(handle);
  if (result < 0)
    netsctp__kernel_drop(handle);
  return result;
}

/* ------------------------------------------------ listening */

static int listen_on(struct netsctp__handle *handle,
                     struct netsctp__addresses *local,
                     const struct netsctp__request *request) {
  int result = open_socket(handle, local->has_ipv6, request);
  if (result < 0)
    return result;
  const int fd = handle->socket->fd;
  result = set_flag(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (result >= 0 && local->has_ipv6)
    result = set_flag(fd, IPPROTO_IPV6, IPV6_V6ONLY,
                      netsctp__requested(request, NETSCTP_OPTION_IPV6_ONLY, 0));
  if (result >= 0)
    result = bind_all(fd, local);
  if (result >= 0) {
    NETSCTP__SYSCALL();
    const int backlog =
        netsctp__requested(request, NETSCTP_OPTION_BACKLOG, DEFAULT_BACKLOG);
    result = listen(fd, backlog) < 0 ? -errno : 0;
  }
  return watch_or_drop(handle, result);
}

int netsctp__backend_listen(struct netsctp__handle *handle,
                            const struct netsctp__request *request) {
  static const union netsctp__sockaddr any = {.ipv6.sin6_family = AF_INET6};
  struct netsctp__addresses local;
  int result = netsctp__local_of(request, &local);
  if (result < 0)
    return result;
  if (local.count == 0)
    netsctp__add_address(&local, &any);
  result = listen_on(handle, &local, request);

  /* "Any" on a machine without IPv6 is any IPv4 address. */
  if ((result == -EAFNOSUPPORT || result == -EADDRNOTAVAIL) &&
      local.count == 1 && local.has_ipv6 && netsctp__is_any(&local.list[0]) &&
      !netsctp__requested(request, NETSCTP_OPTION_IPV6_ONLY, 0)) {
    const in_port_t port = local.list[0].ipv6.sin6_port;
    local.list[0].ipv4 =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_port = port};
    local.has_ipv6 = false;
    result = listen_on(handle, &local, request);
  }
  return result;
}

/* ------------------------------------------------ connecting */

/* Only where a socket is bound to addresses by name can they change later. What
 * was not named are those that the kernel would send from. */
static int name_addresses(const struct netsctp__request *request,
                          struct netsctp__addresses *local,
                          const struct netsctp__addresses *remote) {
  struct netsctp__addresses sources;
  int mtu;
  if (!netsctp__names_none(local) ||
      !netsctp__requested(request, NETSCTP_OPTION_DYNAMIC_ADDRESSES, 0))
    return 0;
  const int result = netsctp__sources(remote, &sources, &mtu, netsctp__route);
  if (result >= 0)
    netsctp__bind_to_sources(local, &sources);
  return result;
}

int netsctp__backend_connect(struct netsctp__handle *handle,
                             const struct netsctp__request *request) {
  struct netsctp__addresses local, remote;
  int result = netsctp__local_of(request, &local);
  if (result >= 0)
    result = netsctp__remote_of(request, &remote);
  if (result >= 0)
    result = name_addresses(request, &local, &remote);
  if (result < 0)
    return result;

  result = open_socket(handle, local.has_ipv6 || remote.has_ipv6, request);
  if (result < 0)
    return result;
  const int fd = handle->socket->fd;
  result = bind_all(fd, &local);
  if (result >= 0) {
    uint8_t packed[sizeof remote.list];
    netsctp__pack(&remote, packed);
    NETSCTP__SYSCALL();
    result = sctp_connectx(fd, (struct sockaddr *)packed, (int)remote.count,
                           NULL) < 0 &&
                     errno != EINPROGRESS
                 ? -errno
                 : 0;
  }
  result = watch_or_drop(handle, result);
  if (result < 0)
    return result;
  netsctp__kernel_begun(handle->socket, handle->socket->receive_window);
  handle->peer = remote.list[0];
  return 0;
}

/* ------------------------------------------------ accepting */

int netsctp__backend_accept(struct netsctp__handle *listener,
                            struct netsctp__handle *fresh,
                            struct netsctp_accepted *out) {
  /* Asked for the peer's address, the kernel closes the sockets of peers that
   * left again already, with all they had sent. */
  NETSCTP__SYSCALL();
  int fd =
      accept4(listener->socket->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  /* Others take nothing off the queue: they would come again for ever. */
  if (fd < 0)
    return errno == EINTR || errno == EPROTO ? -ECONNABORTED : -errno;
  int result = netsctp__kernel_adopt(fresh, fd);
  if (result >= 0)
    result = watch_or_drop(fresh, 0);
  if (result < 0)
    return result;

  netsctp__kernel_begun(fresh->socket, listener->socket->receive_window);
  struct sctp_status status;
  if (netsctp__sctp_status(fresh->socket, &status)) {
    out->outbound_streams = status.sstat_outstrms;
    out->inbound_streams = status.sstat_instrms;
    netsctp__kernel_first_addresses(fresh, &status, &out->local, &out->remote);
  } else { /* it has left already */
    netsctp__backend_addresses(fresh, NETSCTP_SIDE_LOCAL, &out->local, 1);
  }
  return 0;
}
