/* Options of the userspace stack's sockets. */
#include "usrsctp/stack.h"

#include <errno.h>
#include <string.h>
#include <usrsctp.h>

#include "usrsctp/inside/io.h"

static int set(struct socket *socket, int name, const void *value,
               socklen_t size) {
  return usrsctp_setsockopt(socket, IPPROTO_SCTP, name, value, size) < 0
             ? -errno
             : 0;
}

static int get(struct socket *socket, int name, void *value, socklen_t size) {
  return usrsctp_getsockopt(socket, IPPROTO_SCTP, name, value, &size) < 0
             ? -errno
             : 0;
}

int32_t netsctp__requested(const struct netsctp__request *request,
                           uint32_t name, int32_t otherwise) {
  for (uint32_t i = 0; i < request->option_count; i++)
    if (request->options[i].name == name)
      otherwise = request->options[i].value;
  return otherwise;
}

/* ---------------------------------------------------- on a new socket */

static int subscribe(struct socket *socket, uint16_t type, bool on) {
  const struct sctp_event event = {
      .se_assoc_id = SCTP_FUTURE_ASSOC, .se_type = type, .se_on = on};
  return set(socket, SCTP_EVENT, &event, sizeof event);
}

static int set_basics(struct socket *socket) {
  static const uint16_t events[] = {
      SCTP_ASSOC_CHANGE,           SCTP_PEER_ADDR_CHANGE,
      SCTP_REMOTE_ERROR,           SCTP_SEND_FAILED_EVENT,
      SCTP_SHUTDOWN_EVENT,         SCTP_ADAPTATION_INDICATION,
      SCTP_PARTIAL_DELIVERY_EVENT, SCTP_STREAM_RESET_EVENT,
      SCTP_ASSOC_RESET_EVENT,      SCTP_STREAM_CHANGE_EVENT,
  };
  const int on = 1;
  int result = set(socket, SCTP_RECVRCVINFO, &on, sizeof on);
  if (result == 0)
    result = set(socket, SCTP_NODELAY, &on, sizeof on);
  for (size_t i = 0; result == 0 && i < sizeof events / sizeof *events; i++)
    result = subscribe(socket, events[i], true);
  return result;
}

/* ALL_EVENTS. Left out otherwise: SENDER_DRY, which would come once for every
 * message of a quiet talk, and AUTHENTICATION, as nothing here sets keys. */
static int subscribe_rest(struct socket *socket, bool on) {
  const int result = subscribe(socket, SCTP_AUTHENTICATION_EVENT, on);
  return result < 0 ? result : subscribe(socket, SCTP_SENDER_DRY_EVENT, on);
}

/* Of an association and all its paths if there is one, else of those to come.
 * usrsctp wants an address, be it none. */
static int get_heartbeat(struct socket *socket, struct sctp_paddrparams *out) {
  *out = (struct sctp_paddrparams){.spp_address = {.ss_family = AF_INET}};
  return get(socket, SCTP_PEER_ADDR_PARAMS, out, sizeof *out);
}

static int set_heartbeat(struct socket *socket, bool on, uint32_t interval_ms) {
  const struct sctp_paddrparams paths = {
      .spp_address = {.ss_family = AF_INET},
      .spp_flags = on ? SPP_HB_ENABLE : SPP_HB_DISABLE,
      .spp_hbinterval = interval_ms,
  };
  return set(socket, SCTP_PEER_ADDR_PARAMS, &paths, sizeof paths);
}

/* An interval is taken only along with "on". */
static int set_heartbeat_interval(struct socket *socket, uint32_t interval_ms) {
  enum { MOST = 4 * 3600 * 1000 }; /* what usrsctp silently cuts more to */
  struct sctp_paddrparams before;
  if (interval_ms > MOST)
    return netsctp__explain(EINVAL,
                            "HEARTBEAT_INTERVAL_MS of the userspace stack is "
                            "%d at most, not %u",
                            MOST, interval_ms);
  int result = get_heartbeat(socket, &before);
  if (result == 0)
    result = set_heartbeat(socket, true, interval_ms);
  if (result == 0 && before.spp_flags & SPP_HB_DISABLE)
    result = set_heartbeat(socket, false, 0);
  return result;
}

static int set_buffer(struct socket *socket, int name, int32_t bytes) {
  return usrsctp_setsockopt(socket, SOL_SOCKET, name, &bytes, sizeof bytes) < 0
             ? -errno
             : 0;
}

static int set_sack(struct socket *socket, int32_t delay_ms, int32_t every) {
  struct sctp_sack_info sack = {.sack_assoc_id = SCTP_FUTURE_ASSOC};
  /* usrsctp takes 0 for "as it is"; without delay means at every packet. */
  if (delay_ms > 0)
    sack.sack_delay = (uint32_t)delay_ms;
  if (delay_ms == 0)
    sack.sack_freq = 1;
  if (every > 0)
    sack.sack_freq = (uint32_t)every;
  return set(socket, SCTP_DELAYED_SACK, &sack, sizeof sack);
}

static int set_init(struct socket *socket,
                    const struct netsctp__request *request) {
#define REQUESTED(name)                                                        \
  (uint16_t) netsctp__requested(request, NETSCTP_OPTION_##name, 0)
  const struct sctp_initmsg init = {
      .sinit_num_ostreams = netsctp__outbound_streams(
          REQUESTED(OUTBOUND_STREAMS), REQUESTED(INBOUND_STREAMS)),
      .sinit_max_instreams = REQUESTED(INBOUND_STREAMS),
      .sinit_max_attempts = REQUESTED(INIT_ATTEMPTS),
      .sinit_max_init_timeo = REQUESTED(INIT_TIMEOUT_MS),
  };
#undef REQUESTED
  int result = set(socket, SCTP_INITMSG, &init, sizeof init);
  /* The first INIT waits for the initial RTO, whatever the limit says. */
  const uint32_t limit = init.sinit_max_init_timeo;
  if (result == 0 && limit != 0 && limit < NETSCTP__RTO_MS) {
    const struct sctp_rtoinfo rto = {.srto_initial = limit, .srto_min = limit};
    result = set(socket, SCTP_RTOINFO, &rto, sizeof rto);
  }
  return result;
}

int netsctp__apply_options(struct socket *socket,
                           const struct netsctp__request *request,
                           bool is_listener) {
  int result = set_basics(socket);
  if (result == 0)
    result = set_init(socket, request);
  for (uint32_t i = 0; result == 0 && i < request->option_count; i++) {
    const struct netsctp_option *option = &request->options[i];
    switch (option->name) {
    case NETSCTP_OPTION_NO_DELAY:
      result = set(socket, SCTP_NODELAY, &option->value, sizeof option->value);
      break;
    case NETSCTP_OPTION_SACK_DELAY_MS:
      result = set_sack(socket, option->value, -1);
      break;
    case NETSCTP_OPTION_SACK_FREQUENCY:
      result = set_sack(socket, -1, option->value);
      break;
    case NETSCTP_OPTION_SEND_BUFFER:
      result = set_buffer(socket, SO_SNDBUF, option->value);
      break;
    case NETSCTP_OPTION_RECEIVE_BUFFER:
      result = set_buffer(socket, SO_RCVBUF, option->value);
      break;
    case NETSCTP_OPTION_HEARTBEAT:
      result = set_heartbeat(socket, option->value, 0);
      break;
    case NETSCTP_OPTION_HEARTBEAT_INTERVAL_MS:
      result = set_heartbeat_interval(socket, (uint32_t)option->value);
      break;
    case NETSCTP_OPTION_ALL_EVENTS:
      result = subscribe_rest(socket, option->value);
      break;
    case NETSCTP_OPTION_IPV6_ONLY:
      if (option->value && is_listener)
        netsctp__io_set_ipv6_only(socket);
      break;
    default: /* done elsewhere */
      break;
    }
  }
  return result;
}

/* ---------------------------------------------------- on an open handle */

static struct socket *socket_of(struct netsctp__handle *h) {
  return h->socket->socket;
}

static int set_locked(struct netsctp__handle *h, uint32_t name, int32_t value) {
  struct socket *socket = socket_of(h);
  int result;
  switch (name) {
  case NETSCTP_OPTION_NO_DELAY:
    result = set(socket, SCTP_NODELAY, &value, sizeof value);
    if (result == 0)
      h->socket->is_no_delay = value != 0;
    return result;
  case NETSCTP_OPTION_SACK_DELAY_MS:
    return set_sack(socket, value, -1);
  case NETSCTP_OPTION_SACK_FREQUENCY:
    return set_sack(socket, -1, value);
  case NETSCTP_OPTION_SEND_BUFFER:
    return set_buffer(socket, SO_SNDBUF, value);
  case NETSCTP_OPTION_RECEIVE_BUFFER:
    return set_buffer(socket, SO_RCVBUF, value);
  case NETSCTP_OPTION_HEARTBEAT:
    return set_heartbeat(socket, value, 0);
  case NETSCTP_OPTION_HEARTBEAT_INTERVAL_MS:
    return set_heartbeat_interval(socket, (uint32_t)value);
  case NETSCTP_OPTION_ALL_EVENTS:
    return subscribe_rest(socket, value);
  default:
    return -EOPNOTSUPP;
  }
}

int netsctp__backend_set_option(struct netsctp__handle *h, uint32_t name,
                                int32_t value) {
  netsctp__stack_enter();
  const int result = set_locked(h, name, value);
  /* More room, or no Nagle any more, may be what somebody waits for. */
  netsctp__stack_touch(h->socket->id);
  netsctp__stack_leave();
  return result;
}

static int get_streams(struct netsctp__handle *h, bool outbound) {
  if (h->kind == NETSCTP__ENDPOINT || !h->is_up) {
    struct sctp_initmsg init = {0};
    const int result = get(socket_of(h), SCTP_INITMSG, &init, sizeof init);
    if (result < 0)
      return result;
    return outbound ? init.sinit_num_ostreams : init.sinit_max_instreams;
  }
  struct sctp_status status = {0};
  const int result = get(socket_of(h), SCTP_STATUS, &status, sizeof status);
  if (result < 0)
    return -ENOTCONN;
  return outbound ? status.sstat_outstrms : status.sstat_instrms;
}

static int get_sack(struct socket *socket, bool delay) {
  struct sctp_sack_info sack = {0};
  const int result = get(socket, SCTP_DELAYED_SACK, &sack, sizeof sack);
  if (result < 0)
    return result;
  return (int)(delay ? sack.sack_delay : sack.sack_freq);
}

static int get_buffer(struct socket *socket, int name) {
  int bytes = 0;
  socklen_t size = sizeof bytes;
  return usrsctp_getsockopt(socket, SOL_SOCKET, name, &bytes, &size) < 0
             ? -errno
             : bytes;
}

static int get_remote_udp_port(struct netsctp__handle *h) {
  struct sctp_udpencaps encaps = {0};
  struct sockaddr *peers = NULL;
  const int count = usrsctp_getpaddrs(socket_of(h), 0, &peers);
  if (count <= 0)
    return -ENOTCONN;
  memcpy(&encaps.sue_address, peers,
         peers->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                      : sizeof(struct sockaddr_in));
  usrsctp_freepaddrs(peers);
  const int result =
      get(socket_of(h), SCTP_REMOTE_UDP_ENCAPS_PORT, &encaps, sizeof encaps);
  return result < 0 ? -ENOTCONN : ntohs(encaps.sue_port);
}

static int get_locked(struct netsctp__handle *h, uint32_t name) {
  const struct netsctp__socket *s = h->socket;
  int on = 0;
  switch (name) {
  case NETSCTP_OPTION_NO_DELAY: {
    const int result = get(s->socket, SCTP_NODELAY, &on, sizeof on);
    return result < 0 ? result : on != 0;
  }
  case NETSCTP_OPTION_OUTBOUND_STREAMS:
    return get_streams(h, true);
  case NETSCTP_OPTION_INBOUND_STREAMS:
    return get_streams(h, false);
  case NETSCTP_OPTION_SACK_DELAY_MS:
    return get_sack(s->socket, true);
  case NETSCTP_OPTION_SACK_FREQUENCY:
    return get_sack(s->socket, false);
  case NETSCTP_OPTION_SEND_BUFFER:
    return get_buffer(s->socket, SO_SNDBUF);
  case NETSCTP_OPTION_RECEIVE_BUFFER:
    return get_buffer(s->socket, SO_RCVBUF);
  case NETSCTP_OPTION_HEARTBEAT:
  case NETSCTP_OPTION_HEARTBEAT_INTERVAL_MS: {
    struct sctp_paddrparams paths;
    const int result = get_heartbeat(s->socket, &paths);
    if (result < 0)
      return result;
    return name == NETSCTP_OPTION_HEARTBEAT
               ? (paths.spp_flags & SPP_HB_ENABLE) != 0
               : (int)paths.spp_hbinterval;
  }
  case NETSCTP_OPTION_LOCAL_UDP_PORT:
    return netsctp__udp_port(s->udp);
  case NETSCTP_OPTION_REMOTE_UDP_PORT:
    return get_remote_udp_port(h);
  case NETSCTP_OPTION_SOFT_ERROR:
    return s->soft_error;
  default:
    return -EOPNOTSUPP;
  }
}

int netsctp__backend_get_option(struct netsctp__handle *h, uint32_t name) {
  netsctp__stack_enter();
  const int result = get_locked(h, name);
  netsctp__stack_leave();
  return result;
}
