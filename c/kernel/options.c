/* The options of NETSCTP_OPTION_* in terms of the kernel's socket options. */
#include "kernel/kernel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int set(int fd, int level, int name, const void *value, socklen_t size) {
  NETSCTP__SYSCALL();
  return setsockopt(fd, level, name, value, size) < 0 ? -errno : 0;
}

static int get(int fd, int level, int name, void *value, socklen_t size) {
  NETSCTP__SYSCALL();
  return getsockopt(fd, level, name, value, &size) < 0 ? -errno : 0;
}

/* Beyond the system's limit only the privileged get; others get the limit. */
static int set_buffer(int fd, int forced, int name, int32_t value) {
  if (set(fd, SOL_SOCKET, forced, &value, sizeof value) == 0)
    return 0;
  return set(fd, SOL_SOCKET, name, &value, sizeof value);
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

static int set_headroom(int fd, int32_t window) {
  const int32_t most = INT32_MAX / 2;
  return set_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF,
                    window > most / HEADROOM ? most : window * HEADROOM);
}

void netsctp__kernel_begun(int fd, int32_t window) {
  if (window)
    set_headroom(fd, window);
}

/* A field that is 0 stays as it is; a frequency of 1 is no delay at all, which
 * the kernel does not take as a delay of 0. */
static int set_sack(int fd, uint32_t delay_ms, uint32_t frequency) {
  struct sctp_sack_info sack = {.sack_delay = delay_ms, .sack_freq = frequency};
  return set(fd, IPPROTO_SCTP, SCTP_DELAYED_SACK, &sack, sizeof sack);
}

/* Of an association and all its paths if there is one, else of those to come.
 * Read: only what belongs to the heartbeat. */
static int get_heartbeat(int fd, struct sctp_paddrparams *out) {
  *out = (struct sctp_paddrparams){0};
  return get(fd, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, out, sizeof *out);
}

static int set_heartbeat(int fd, bool on, uint32_t interval_ms) {
  struct sctp_paddrparams paths = {.spp_flags =
                                       on ? SPP_HB_ENABLE : SPP_HB_DISABLE,
                                   .spp_hbinterval = interval_ms};
  return set(fd, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &paths, sizeof paths);
}

/* The kernel takes an interval only along with "on". */
static int set_heartbeat_interval(int fd, uint32_t interval_ms) {
  struct sctp_paddrparams before;
  int result = get_heartbeat(fd, &before);
  if (result >= 0)
    result = set_heartbeat(fd, true, interval_ms);
  if (result >= 0 && before.spp_flags & SPP_HB_DISABLE)
    result = set_heartbeat(fd, false, 0);
  return result;
}

static int set_remote_udp_port(int fd, int32_t port) {
#ifdef SCTP_REMOTE_UDP_ENCAPS_PORT
  struct sctp_udpencaps encapsulation = {.sue_port = htons((uint16_t)port)};
  int result = set(fd, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT,
                   &encapsulation, sizeof encapsulation);
  if (result != -ENOPROTOOPT)
    return result;
#else
  (void)fd, (void)port;
#endif
  return netsctp__explain(EOPNOTSUPP,
                          "REMOTE_UDP_PORT needs Linux 5.11 or newer");
}

int netsctp__backend_set_option(struct netsctp__handle *handle, uint32_t name,
                                int32_t value) {
  int fd = handle->socket->fd;
  switch (name) {
  case NETSCTP_OPTION_NO_DELAY:
    handle->socket->is_delay_known = false;
    return set(fd, IPPROTO_SCTP, SCTP_NODELAY, &value, sizeof value);
  case NETSCTP_OPTION_SACK_DELAY_MS:
    return set_sack(fd, (uint32_t)value, value == 0);
  case NETSCTP_OPTION_SACK_FREQUENCY:
    return set_sack(fd, 0, (uint32_t)value);
  case NETSCTP_OPTION_SEND_BUFFER:
    return set_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF, value);
  case NETSCTP_OPTION_RECEIVE_BUFFER:
    if (handle->kind == NETSCTP__ASSOCIATION)
      return set_headroom(fd, value);
    handle->socket->receive_window = value; /* of the associations to come */
    return set_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF, value);
  case NETSCTP_OPTION_HEARTBEAT:
    return set_heartbeat(fd, value, 0);
  case NETSCTP_OPTION_HEARTBEAT_INTERVAL_MS:
    return set_heartbeat_interval(fd, (uint32_t)value);
  case NETSCTP_OPTION_ALL_EVENTS:
    return netsctp__kernel_subscribe_rest(fd, value);
  case NETSCTP_OPTION_REMOTE_UDP_PORT:
    return set_remote_udp_port(fd, value);
  case NETSCTP_OPTION_LOCAL_UDP_PORT:
    return netsctp__explain(
        EOPNOTSUPP,
        "LOCAL_UDP_PORT is not a socket's choice in the kernel's "
        "stack but the network namespace's: `sysctl "
        "net.sctp.udp_port=%d`",
        value);
  default:
    return -EOPNOTSUPP;
  }
}

int netsctp__kernel_options(int fd, const struct netsctp__request *request,
                            struct netsctp__kernel_choice *choice) {
  /* Of associations to come, at either end. */
  struct netsctp__socket socket = {.fd = fd};
  struct netsctp__handle handle = {.kind = NETSCTP__ENDPOINT,
                                   .socket = &socket};
  struct sctp_initmsg init = {0}; /* 0: the system's default */
  for (uint32_t i = 0; i < request->option_count; i++) {
    int32_t value = request->options[i].value;
    int result = 0;
    switch (request->options[i].name) {
    case NETSCTP_OPTION_OUTBOUND_STREAMS:
      init.sinit_num_ostreams = (uint16_t)value;
      break;
    case NETSCTP_OPTION_INBOUND_STREAMS:
      init.sinit_max_instreams = (uint16_t)value;
      break;
    case NETSCTP_OPTION_INIT_ATTEMPTS:
      init.sinit_max_attempts = (uint16_t)value;
      break;
    case NETSCTP_OPTION_INIT_TIMEOUT_MS:
      init.sinit_max_init_timeo = (uint16_t)value;
      break;
    case NETSCTP_OPTION_BACKLOG:
      choice->backlog = value;
      break;
    case NETSCTP_OPTION_IPV6_ONLY:
      choice->is_ipv6_only = value;
      break;
    default:
      result =
          netsctp__backend_set_option(&handle, request->options[i].name, value);
    }
    if (result < 0)
      return result;
  }
  choice->receive_window = socket.receive_window;
  init.sinit_num_ostreams = netsctp__outbound_streams(init.sinit_num_ostreams,
                                                      init.sinit_max_instreams);
  return set(fd, IPPROTO_SCTP, SCTP_INITMSG, &init, sizeof init);
}

/* ------------------------------------------------ reading */

static int get_streams(struct netsctp__handle *handle, uint32_t name) {
  bool is_outbound = name == NETSCTP_OPTION_OUTBOUND_STREAMS;
  if (handle->kind == NETSCTP__ENDPOINT) {
    struct sctp_initmsg init;
    int result =
        get(handle->socket->fd, IPPROTO_SCTP, SCTP_INITMSG, &init, sizeof init);
    if (result < 0)
      return result;
    return is_outbound ? init.sinit_num_ostreams : init.sinit_max_instreams;
  }
  struct sctp_status status;
  if (!netsctp__kernel_status(handle->socket->fd, &status))
    return -ENOTCONN;
  return is_outbound ? status.sstat_outstrms : status.sstat_instrms;
}

static int get_remote_udp_port(int fd) {
#ifdef SCTP_REMOTE_UDP_ENCAPS_PORT
  struct sctp_udpencaps encapsulation = {0};
  int result = get(fd, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT,
                   &encapsulation, sizeof encapsulation);
  if (result >= 0)
    return ntohs(encapsulation.sue_port);
#else
  (void)fd;
#endif
  return netsctp__explain(EOPNOTSUPP,
                          "REMOTE_UDP_PORT needs Linux 5.11 or newer");
}

static int get_local_udp_port(void) {
  int port = 0;
  FILE *file = fopen("/proc/sys/net/sctp/udp_port", "re");
  if (file) {
    if (fscanf(file, "%d", &port) != 1)
      port = 0;
    fclose(file);
  }
  if (port)
    return port;
  return netsctp__explain(EOPNOTSUPP, "the kernel does not take SCTP in UDP "
                                      "(net.sctp.udp_port is 0)");
}

int netsctp__backend_get_option(struct netsctp__handle *handle, uint32_t name) {
  int fd = handle->socket->fd, value = 0, result;
  struct sctp_sack_info sack = {0};
  struct sctp_paddrparams paths;
  switch (name) {
  case NETSCTP_OPTION_NO_DELAY:
    result = get(fd, IPPROTO_SCTP, SCTP_NODELAY, &value, sizeof value);
    break;
  case NETSCTP_OPTION_SACK_DELAY_MS:
  case NETSCTP_OPTION_SACK_FREQUENCY:
    result = get(fd, IPPROTO_SCTP, SCTP_DELAYED_SACK, &sack, sizeof sack);
    value = (int)(name == NETSCTP_OPTION_SACK_DELAY_MS ? sack.sack_delay
                                                       : sack.sack_freq);
    break;
  case NETSCTP_OPTION_SEND_BUFFER:
    result = get(fd, SOL_SOCKET, SO_SNDBUF, &value, sizeof value);
    break;
  case NETSCTP_OPTION_RECEIVE_BUFFER:
    result = get(fd, SOL_SOCKET, SO_RCVBUF, &value, sizeof value);
    break;
  case NETSCTP_OPTION_HEARTBEAT:
  case NETSCTP_OPTION_HEARTBEAT_INTERVAL_MS:
    result = get_heartbeat(fd, &paths);
    value = name == NETSCTP_OPTION_HEARTBEAT
                ? (paths.spp_flags & SPP_HB_ENABLE) != 0
                : (int)paths.spp_hbinterval;
    break;
  case NETSCTP_OPTION_OUTBOUND_STREAMS:
  case NETSCTP_OPTION_INBOUND_STREAMS:
    return get_streams(handle, name);
  case NETSCTP_OPTION_REMOTE_UDP_PORT:
    return get_remote_udp_port(fd);
  case NETSCTP_OPTION_LOCAL_UDP_PORT:
    return get_local_udp_port();
  default:
    return -EOPNOTSUPP;
  }
  return result < 0 ? result : value;
}
