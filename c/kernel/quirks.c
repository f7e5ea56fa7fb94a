/* Options that the kernel's stack has in a way of its own. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/vendor.h"
#include "rfc6458/option_structs.h"
#include "rfc6458/options.h"

int netsctp__vendor_set(struct netsctp__socket *socket, int level, int option,
                        const void *value, socklen_t size) {
  NETSCTP__SYSCALL();
  return setsockopt(socket->fd, level, option, value, size) < 0 ? -errno : 0;
}

int netsctp__vendor_get(struct netsctp__socket *socket, int level, int option,
                        void *value, socklen_t size) {
  NETSCTP__SYSCALL();
  return getsockopt(socket->fd, level, option, value, &size) < 0 ? -errno : 0;
}

/* Else a path that fails is told of only once it is unreachable (RFC 7829
 * section 7.3). An older kernel has no such state. */
void netsctp__kernel_expose_failing_paths(struct netsctp__socket *socket) {
  enum { SHOWN = 2 };
  const struct sctp_assoc_value shown = {.assoc_value = SHOWN};
  netsctp__vendor_set(socket, IPPROTO_SCTP,
                      SCTP_EXPOSE_POTENTIALLY_FAILED_STATE, &shown,
                      sizeof shown);
}

/* A socket that was accepted has not inherited that it tells its peer of
 * addresses. Whether this peer is told, the association has settled. */
void netsctp__kernel_tell_peer(struct netsctp__socket *socket) {
  const struct sctp_assoc_value on = {.assoc_value = 1};
  netsctp__vendor_set(socket, IPPROTO_SCTP, SCTP_ASCONF_SUPPORTED, &on,
                      sizeof on);
}

/* Beyond the system's limit only the privileged get; others get the limit. */
static int set_buffer(struct netsctp__socket *socket, int forced, int option,
                      int32_t value) {
  int result =
      netsctp__vendor_set(socket, SOL_SOCKET, forced, &value, sizeof value);
  if (result < 0)
    result =
        netsctp__vendor_set(socket, SOL_SOCKET, option, &value, sizeof value);
  return result < 0 ? result : NETSCTP__MINE;
}

/* The kernel charges the receive buffer what a message occupies, but opens and
 * closes the window by its bytes: a reader that is behind with messages of 64
 * bytes has a full buffer while the peer is still told to send. What comes then
 * is dropped, and sent again a second later. A window is half of the buffer
 * there was when its association began, and stays: with a buffer that grows
 * after that, the window closes first. Four times as much is enough for
 * messages from 22 bytes on; with more the kernel, which waits for a sixteenth
 * of the buffer to be read, would open the window too late. */
enum { HEADROOM = 4 };

static int set_receive_buffer(struct netsctp__socket *socket, int32_t window) {
  const int32_t most = netsctp__options[NETSCTP_OPTION_RECEIVE_BUFFER].most;
  socket->receive_window = window; /* a listener's, of associations to come */
  if (socket->has_begun)
    window = window > most / HEADROOM ? most : window * HEADROOM;
  return set_buffer(socket, SO_RCVBUFFORCE, SO_RCVBUF, window);
}

void netsctp__kernel_begun(struct netsctp__socket *socket, int32_t window) {
  socket->has_begun = true;
  if (window)
    set_receive_buffer(socket, window);
}

/* The UDP port that this network namespace takes SCTP on, 0: none, -1: nobody
 * says. */
static int udp_port(void) {
  int port = -1;
  FILE *file = fopen("/proc/sys/net/sctp/udp_port", "re");
  if (!file)
    return -1;
  if (fscanf(file, "%d", &port) != 1)
    port = -1;
  fclose(file);
  return port;
}

static int no_udp_port(void) {
  return netsctp__explain(EOPNOTSUPP, "the kernel has no UDP port for SCTP: "
                                      "`sysctl net.sctp.udp_port=9899`");
}

/* Without a port of its own the kernel would take the peer's, and send packets
 * that are in no UDP all the same. */
static int check_udp(void) { return udp_port() == 0 ? no_udp_port() : 0; }

static int check_local_udp_port(int32_t port) {
  if (udp_port() == port)
    return NETSCTP__MINE;
  netsctp__explain(EOPNOTSUPP,
                   "the kernel has one UDP port for all sockets, which the "
                   "network namespace chooses: `sysctl net.sctp.udp_port=%d`",
                   port);
  return netsctp__blame_lacking(NETSCTP_OPTION_LOCAL_UDP_PORT);
}

enum { COOKIE_ECHO = 10 }; /* RFC 9260 section 3.2 */

static int no_signed_cookie(void) {
  netsctp__explain(EOPNOTSUPP,
                   "with COOKIE ECHO (10) among them no association ever comes "
                   "up: leave it out, or use the userspace stack");
  return netsctp__blame_lacking(NETSCTP_OPTION_AUTH_CHUNK);
}

int netsctp__quirk_set(struct netsctp__handle *handle,
                       const struct netsctp_option *option) {
  switch (option->name) {
  case NETSCTP_OPTION_NO_DELAY:
    handle->socket->is_delay_known = false;
    return 0;
  case NETSCTP_OPTION_SEND_BUFFER:
    handle->socket->most_held = 0;
    return set_buffer(handle->socket, SO_SNDBUFFORCE, SO_SNDBUF, option->value);
  case NETSCTP_OPTION_RECEIVE_BUFFER:
    return set_receive_buffer(handle->socket, option->value);
  case NETSCTP_OPTION_BACKLOG:
  case NETSCTP_OPTION_IPV6_ONLY:
    return NETSCTP__MINE; /* kernel/open.c asks for them */
  case NETSCTP_OPTION_REQUEST_PRIMARY:
    netsctp__kernel_tell_peer(handle->socket);
    return 0;
  case NETSCTP_OPTION_AUTH_CHUNK:
    return option->scope == COOKIE_ECHO ? no_signed_cookie() : 0;
  case NETSCTP_OPTION_LOCAL_UDP_PORT:
    return check_local_udp_port(option->value);
  case NETSCTP_OPTION_REMOTE_UDP_PORT:
    if (option->value && check_udp() < 0)
      return netsctp__blame_lacking(option->name);
    return 0;
  default:
    return 0;
  }
}

/* Of the primary path, while there is one. The association's own is that of
 * paths to come, and stays when a path gets another. */
static int get_remote_udp_port(struct netsctp__socket *socket, int32_t *out) {
  struct sctp_status status = {0};
  struct sctp_udpencaps encaps = {0};
  if (netsctp__vendor_get(socket, IPPROTO_SCTP, SCTP_STATUS, &status,
                          sizeof status) < 0)
    return 0;
  memcpy(&encaps.sue_address, &status.sstat_primary.spinfo_address,
         sizeof encaps.sue_address);
  const int result =
      netsctp__vendor_get(socket, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT,
                          &encaps, sizeof encaps);
  if (result < 0)
    return 0; /* an older kernel's, which is explained elsewhere */
  *out = ntohs(encaps.sue_port);
  return NETSCTP__MINE;
}

int netsctp__quirk_get(struct netsctp__handle *handle,
                       struct netsctp_option *option) {
  int result = 0;
  option->value = 0;
  switch (option->name) {
  case NETSCTP_OPTION_LOCAL_UDP_PORT:
    option->value = udp_port();
    return option->value > 0 ? NETSCTP__MINE : no_udp_port();
  case NETSCTP_OPTION_REMOTE_UDP_PORT:
    return get_remote_udp_port(handle->socket, &option->value);
  case NETSCTP_OPTION_OUTSTANDING:
    result = netsctp__kernel_outstanding(handle->socket, &option->value);
    break;
  case NETSCTP_OPTION_ACKNOWLEDGED:
    result = netsctp__kernel_acknowledged(handle, &option->value);
    break;
  default:
    return 0;
  }
  return result < 0 ? result : NETSCTP__MINE;
}

int netsctp__backend_supports(uint32_t name) {
  struct netsctp_option row = {.name = (uint16_t)name}, read;
  const struct netsctp__request request = {.option_count = 1, .options = &row};
  struct netsctp__answer answer = {.options = &read};
  if (name == NETSCTP_OPTION_REMOTE_UDP_PORT && check_udp() < 0)
    return -EOPNOTSUPP;
  if (name == NETSCTP_OPTION_LOCAL_UDP_PORT)
    return check_udp();
  if (!netsctp__fields[name].size ||
      !netsctp__is_number(&netsctp__options[name]))
    return 0; /* it cannot be read */
  NETSCTP__COUNT(other_syscalls, 2);
  struct netsctp__socket socket_of_none = {
      .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP)};
  struct netsctp__handle handle = {.socket = &socket_of_none};
  if (socket_of_none.fd < 0)
    return 0;
  const int result = netsctp__backend_inspect(&handle, &request, &answer);
  close(socket_of_none.fd);
  return result == -EOPNOTSUPP ? result : 0;
}

/* SCTP_EVENTS takes a byte for each type, up to the last one the kernel knows:
 * one call for all, that fails on a kernel which knows fewer. */
bool netsctp__vendor_subscribe(struct netsctp__socket *socket,
                               const uint16_t *types, size_t count) {
  uint8_t wanted[64] = {0};
  socklen_t size = 0;
  for (size_t i = 0; i < count; i++) {
    const socklen_t place = types[i] - SCTP_SN_TYPE_BASE;
    wanted[place] = 1;
    if (place >= size)
      size = place + 1;
  }
  return netsctp__vendor_set(socket, IPPROTO_SCTP, SCTP_EVENTS, wanted, size) ==
         0;
}
