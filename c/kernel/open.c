/* Listening, connecting and accepting over the kernel's stack. */
#include "kernel/kernel.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "rfc6458/notifications.h"
#include "rfc6458/options.h"

enum { MOST = 64, DEFAULT_BACKLOG = 511 };

/* Addresses one after the other without gaps, as sctp_connectx() wants them. */
struct packed {
  uint8_t bytes[MOST * sizeof(struct sockaddr_in6)];
  int count;  /* after a failure: those before the one that is at fault */
  int family; /* AF_INET6 if one of them is */
};

static int pack(const struct netsctp_address *addresses, uint32_t count,
                struct packed *out) {
  size_t used = 0;
  out->family = AF_INET;
  for (uint32_t i = 0; i < count; i++) {
    out->count = (int)i;
    struct sockaddr_storage address;
    if (netsctp__to_sockaddr(&addresses[i], &address) < 0)
      return netsctp__explain(EINVAL, "'%.*s' is not an IP address",
                              addresses[i].text_length <=
                                      sizeof addresses[i].text
                                  ? addresses[i].text_length
                                  : 0,
                              addresses[i].text);
    if (addresses[i].port != addresses[0].port)
      return netsctp__explain(EINVAL,
                              "an association has one port: %u and %u "
                              "cannot go together",
                              addresses[0].port, addresses[i].port);
    if (address.ss_family == AF_INET6)
      out->family = AF_INET6;
    memcpy(out->bytes + used, &address, netsctp__sockaddr_length(&address));
    used += netsctp__sockaddr_length(&address);
  }
  out->count = (int)count;
  return 0;
}

static int pack_local(const struct netsctp__request *request,
                      struct packed *out) {
  int result = pack(request->local, request->local_count, out);
  return result < 0 ? netsctp__blame_local((uint32_t)out->count, result) : 0;
}

static int set_flag(int fd, int level, int name, int value) {
  NETSCTP__SYSCALL();
  return setsockopt(fd, level, name, &value, sizeof value) < 0 ? -errno : 0;
}

/* Gives the handle a socket with the request's options. */
static int open_socket(struct netsctp__handle *handle, int family,
                       const struct netsctp__request *request) {
  NETSCTP__SYSCALL();
  int fd =
      socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_SCTP);
  if (fd < 0) {
    int error = errno;
    if (family == AF_INET6 && error == EAFNOSUPPORT)
      return -EAFNOSUPPORT;
    errno = error;
    return error == EPROTONOSUPPORT || error == ESOCKTNOSUPPORT ||
                   error == EACCES || error == EPERM
               ? netsctp__backend_probe()
               : -error;
  }
  int result = netsctp__kernel_adopt(handle, fd);
  if (result < 0)
    return result;
  netsctp__subscribe_usual(
      handle->socket); /* before an option asks for other events */
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
static int bind_all(int fd, const struct packed *local) {
  const uint8_t *at = local->bytes;
  for (int i = 0; i < local->count; i++) {
    struct sockaddr_storage address = {0};
    memcpy(&address.ss_family, at, sizeof address.ss_family);
    socklen_t size = netsctp__sockaddr_length(&address);
    memcpy(&address, at, size);
    at += size;
    NETSCTP__SYSCALL();
    if (sctp_bindx(fd, (struct sockaddr *)&address, 1, SCTP_BINDX_ADD_ADDR) < 0)
      return netsctp__blame_local((uint32_t)i, -errno);
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

static int listen_on(struct netsctp__handle *handle, struct packed *local,
                     const struct netsctp__request *request) {
  int result = open_socket(handle, local->family, request);
  if (result < 0)
    return result;
  const int fd = handle->socket->fd;
  result = set_flag(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (result >= 0 && local->family == AF_INET6)
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

static bool is_ipv6_any(const struct packed *local) {
  const struct sockaddr_in6 *in6 = (const void *)local->bytes;
  return local->count == 1 && in6->sin6_family == AF_INET6 &&
         IN6_IS_ADDR_UNSPECIFIED(&in6->sin6_addr);
}

int netsctp__backend_listen(struct netsctp__handle *handle,
                            const struct netsctp__request *request) {
  static const struct netsctp_address any = {
      .family = NETSCTP_FAMILY_IPV6, .text_length = 2, .text = "::"};
  struct packed local;
  int result = request->local_count ? pack_local(request, &local)
                                    : pack(&any, 1, &local);
  if (result < 0)
    return result;
  result = listen_on(handle, &local, request);

  /* "Any" on a machine without IPv6 is any IPv4 address. */
  if ((result == -EAFNOSUPPORT || result == -EADDRNOTAVAIL) &&
      is_ipv6_any(&local) &&
      !netsctp__requested(request, NETSCTP_OPTION_IPV6_ONLY, 0)) {
    in_port_t port = ((struct sockaddr_in6 *)local.bytes)->sin6_port;
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = port};
    memcpy(local.bytes, &in, sizeof in);
    local.family = AF_INET;
    result = listen_on(handle, &local, request);
  }
  return result;
}

/* ------------------------------------------------ connecting */

int netsctp__backend_connect(struct netsctp__handle *handle,
                             const struct netsctp__request *request) {
  struct packed local, remote;
  int result = pack_local(request, &local);
  if (result >= 0)
    result = pack(request->remote, request->remote_count, &remote);
  if (result < 0)
    return result;

  int family = local.family == AF_INET6 ? AF_INET6 : remote.family;
  result = open_socket(handle, family, request);
  if (result < 0)
    return result;
  const int fd = handle->socket->fd;
  result = bind_all(fd, &local);
  if (result >= 0) {
    NETSCTP__SYSCALL();
    result = sctp_connectx(fd, (struct sockaddr *)remote.bytes, remote.count,
                           NULL) < 0 &&
                     errno != EINPROGRESS
                 ? -errno
                 : 0;
  }
  result = watch_or_drop(handle, result);
  if (result < 0)
    return result;
  netsctp__kernel_begun(handle->socket, handle->socket->receive_window);
  memcpy(&handle->peer, remote.bytes, sizeof handle->peer);
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
  if (fd < 0) {
    switch (errno) {
    case EWOULDBLOCK:
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return -errno;
    default:
      return -ECONNABORTED;
    }
  }
  int result = netsctp__kernel_adopt(fresh, fd);
  if (result >= 0)
    result = watch_or_drop(fresh, 0);
  if (result < 0)
    return result;

  netsctp__kernel_begun(fresh->socket, listener->socket->receive_window);
  struct sctp_status status;
  if (netsctp__kernel_status(fd, &status)) {
    out->outbound_streams = status.sstat_outstrms;
    out->inbound_streams = status.sstat_instrms;
    netsctp__kernel_first_addresses(fresh, &status, &out->local, &out->remote);
  } else { /* it has left already */
    netsctp__backend_addresses(fresh, NETSCTP_SIDE_LOCAL, &out->local, 1);
  }
  return 0;
}
