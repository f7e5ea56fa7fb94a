/* Options that the kernel's stack has in a way of its own. */
#include <errno.h>
#include <stdio.h>

#include "kernel/vendor.h"
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

int netsctp__quirk_set(struct netsctp__handle *handle,
                       const struct netsctp_option *option) {
  switch (option->name) {
  case NETSCTP_OPTION_NO_DELAY:
    handle->socket->is_delay_known = false;
    return 0;
  case NETSCTP_OPTION_SEND_BUFFER:
    return set_buffer(handle->socket, SO_SNDBUFFORCE, SO_SNDBUF, option->value);
  case NETSCTP_OPTION_RECEIVE_BUFFER:
    return set_receive_buffer(handle->socket, option->value);
  case NETSCTP_OPTION_BACKLOG:
  case NETSCTP_OPTION_IPV6_ONLY:
    return NETSCTP__MINE; /* kernel/open.c asks for them */
  case NETSCTP_OPTION_LOCAL_UDP_PORT:
    return netsctp__explain(
        EOPNOTSUPP,
        "LOCAL_UDP_PORT is not a socket's choice in the kernel's "
        "stack but the network namespace's: `sysctl "
        "net.sctp.udp_port=%d`",
        option->value);
  default:
    return 0;
  }
}

static int get_local_udp_port(int32_t *port) {
  FILE *file = fopen("/proc/sys/net/sctp/udp_port", "re");
  if (file) {
    if (fscanf(file, "%d", port) != 1)
      *port = 0;
    fclose(file);
  }
  if (*port)
    return NETSCTP__MINE;
  return netsctp__explain(EOPNOTSUPP, "the kernel does not take SCTP in UDP "
                                      "(net.sctp.udp_port is 0)");
}

int netsctp__quirk_get(struct netsctp__handle *handle,
                       struct netsctp_option *option) {
  (void)handle;
  option->value = 0;
  return option->name == NETSCTP_OPTION_LOCAL_UDP_PORT
             ? get_local_udp_port(&option->value)
             : 0;
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
