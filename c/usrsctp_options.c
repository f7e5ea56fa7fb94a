/* Options and addresses of the userspace stack's sockets. */
#include "usrsctp_stack.h"

#include <errno.h>
#include <string.h>
#include <usrsctp.h>

#include "usrsctp_io.h"

/* RFC 9260 section 16: what the stack starts from, and never goes below. */
#define RTO_INITIAL_MS 3000
#define RTO_MIN_MS 1000

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

/* Not SENDER_DRY: it would come once for every message of a quiet talk. */
static const uint16_t events[] = {
    SCTP_ASSOC_CHANGE,           SCTP_PEER_ADDR_CHANGE,
    SCTP_REMOTE_ERROR,           SCTP_SEND_FAILED_EVENT,
    SCTP_SHUTDOWN_EVENT,         SCTP_ADAPTATION_INDICATION,
    SCTP_PARTIAL_DELIVERY_EVENT, SCTP_AUTHENTICATION_EVENT,
    SCTP_STREAM_RESET_EVENT,     SCTP_ASSOC_RESET_EVENT,
    SCTP_STREAM_CHANGE_EVENT,
};

static int set_basics(struct socket *socket) {
  const int on = 1;
  int result = set(socket, SCTP_RECVRCVINFO, &on, sizeof on);
  if (result == 0)
    result = set(socket, SCTP_NODELAY, &on, sizeof on);
  for (size_t i = 0; result == 0 && i < sizeof events / sizeof *events; i++) {
    const struct sctp_event event = {
        .se_assoc_id = SCTP_FUTURE_ASSOC, .se_type = events[i], .se_on = 1};
    result = set(socket, SCTP_EVENT, &event, sizeof event);
  }
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
      .sinit_num_ostreams = REQUESTED(OUTBOUND_STREAMS),
      .sinit_max_instreams = REQUESTED(INBOUND_STREAMS),
      .sinit_max_attempts = REQUESTED(INIT_ATTEMPTS),
      .sinit_max_init_timeo = REQUESTED(INIT_TIMEOUT_MS),
  };
#undef REQUESTED
  int result = set(socket, SCTP_INITMSG, &init, sizeof init);
  /* The first INIT waits for the initial RTO, whatever the limit says. */
  const uint32_t limit = init.sinit_max_init_timeo;
  if (result == 0 && limit != 0 && limit < RTO_INITIAL_MS) {
    struct sctp_rtoinfo rto = {.srto_initial = limit};
    if (limit < RTO_MIN_MS)
      rto.srto_min = limit;
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

static struct socket *socket_of(struct netsctp__endpoint *e) {
  return ((struct netsctp__socket *)e->stack)->socket;
}

static int set_locked(struct netsctp__endpoint *e, uint32_t name,
                      int32_t value) {
  struct socket *socket = socket_of(e);
  int result;
  switch (name) {
  case NETSCTP_OPTION_NO_DELAY:
    result = set(socket, SCTP_NODELAY, &value, sizeof value);
    if (result == 0)
      ((struct netsctp__socket *)e->stack)->is_no_delay = value != 0;
    return result;
  case NETSCTP_OPTION_SACK_DELAY_MS:
    return set_sack(socket, value, -1);
  case NETSCTP_OPTION_SACK_FREQUENCY:
    return set_sack(socket, -1, value);
  case NETSCTP_OPTION_SEND_BUFFER:
    return set_buffer(socket, SO_SNDBUF, value);
  case NETSCTP_OPTION_RECEIVE_BUFFER:
    return set_buffer(socket, SO_RCVBUF, value);
  default:
    return -EOPNOTSUPP;
  }
}

int netsctp__backend_set_option(struct netsctp__endpoint *e, uint32_t name,
                                int32_t value) {
  netsctp__stack_enter();
  const int result = set_locked(e, name, value);
  /* More room, or no Nagle any more, may be what somebody waits for. */
  netsctp__stack_touch(((struct netsctp__socket *)e->stack)->id);
  netsctp__stack_leave();
  return result;
}

static int get_streams(struct netsctp__endpoint *e, bool outbound) {
  if (e->role == NETSCTP__LISTENER || !e->is_up) {
    struct sctp_initmsg init = {0};
    const int result = get(socket_of(e), SCTP_INITMSG, &init, sizeof init);
    if (result < 0)
      return result;
    return outbound ? init.sinit_num_ostreams : init.sinit_max_instreams;
  }
  struct sctp_status status = {0};
  const int result = get(socket_of(e), SCTP_STATUS, &status, sizeof status);
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

static int get_remote_udp_port(struct netsctp__endpoint *e) {
  struct sctp_udpencaps encaps = {0};
  struct sockaddr *peers = NULL;
  const int count = usrsctp_getpaddrs(socket_of(e), 0, &peers);
  if (count <= 0)
    return -ENOTCONN;
  memcpy(&encaps.sue_address, peers,
         peers->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                      : sizeof(struct sockaddr_in));
  usrsctp_freepaddrs(peers);
  const int result =
      get(socket_of(e), SCTP_REMOTE_UDP_ENCAPS_PORT, &encaps, sizeof encaps);
  return result < 0 ? -ENOTCONN : ntohs(encaps.sue_port);
}

static int get_locked(struct netsctp__endpoint *e, uint32_t name) {
  const struct netsctp__socket *s = e->stack;
  int on = 0;
  switch (name) {
  case NETSCTP_OPTION_NO_DELAY: {
    const int result = get(s->socket, SCTP_NODELAY, &on, sizeof on);
    return result < 0 ? result : on != 0;
  }
  case NETSCTP_OPTION_OUTBOUND_STREAMS:
    return get_streams(e, true);
  case NETSCTP_OPTION_INBOUND_STREAMS:
    return get_streams(e, false);
  case NETSCTP_OPTION_SACK_DELAY_MS:
    return get_sack(s->socket, true);
  case NETSCTP_OPTION_SACK_FREQUENCY:
    return get_sack(s->socket, false);
  case NETSCTP_OPTION_SEND_BUFFER:
    return get_buffer(s->socket, SO_SNDBUF);
  case NETSCTP_OPTION_RECEIVE_BUFFER:
    return get_buffer(s->socket, SO_RCVBUF);
  case NETSCTP_OPTION_LOCAL_UDP_PORT:
    return netsctp__udp_port(s->udp);
  case NETSCTP_OPTION_REMOTE_UDP_PORT:
    return get_remote_udp_port(e);
  default:
    return -EOPNOTSUPP;
  }
}

int netsctp__backend_get_option(struct netsctp__endpoint *e, uint32_t name) {
  netsctp__stack_enter();
  const int result = get_locked(e, name);
  netsctp__stack_leave();
  return result;
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

/* Copies usrsctp's packed list, what equals `first` to its head. */
static int copy_list(const struct sockaddr *list, int total,
                     const struct netsctp_address *first,
                     struct netsctp_address *out, uint32_t count) {
  const uint8_t *at = (const uint8_t *)list;
  if ((uint32_t)total > count)
    return -ENOBUFS;
  for (int i = 0; i < total; i++) {
    const struct sockaddr *one = (const struct sockaddr *)at;
    to_record(one, &out[i]);
    if (i > 0 && is_same_record(&out[i], first)) {
      const struct netsctp_address moved = out[i];
      memmove(out + 1, out, (size_t)i * sizeof *out);
      out[0] = moved;
    }
    at += size_of(one);
  }
  return total;
}

static int get_remote(struct netsctp__endpoint *e, struct netsctp_address *out,
                      uint32_t count) {
  struct sockaddr *list = NULL;
  const int total = usrsctp_getpaddrs(socket_of(e), 0, &list);
  if (total <= 0) {
    /* usrsctp forgets them with the association; we have kept one. */
    if (e->peer.family == NETSCTP_FAMILY_NONE)
      return -ENOTCONN;
    if (count == 0)
      return -ENOBUFS;
    out[0] = e->peer;
    return 1;
  }
  struct sctp_status status = {0};
  struct netsctp_address primary = {0};
  if (get(socket_of(e), SCTP_STATUS, &status, sizeof status) == 0)
    netsctp__from_sockaddr(&status.sstat_primary.spinfo_address, &primary);
  const int result = copy_list(list, total, &primary, out, count);
  usrsctp_freepaddrs(list);
  return result;
}

static int get_local(struct netsctp__endpoint *e, struct netsctp_address *out,
                     uint32_t count) {
  const struct netsctp__socket *s = e->stack;
  union netsctp__sockaddr source;
  struct netsctp_address first = {0};
  if (netsctp__io_wildcard(s->socket, &source)) {
    /* A listener that is bound to no address in particular says just that. */
    if (s->is_listener) {
      if (count == 0)
        return -ENOBUFS;
      to_record(&source.any, out);
      return 1;
    }
  }
  if (!s->is_listener && netsctp__io_source(s->socket, &source))
    to_record(&source.any, &first);
  struct sockaddr *list = NULL;
  const int total = usrsctp_getladdrs(s->socket, 0, &list);
  if (total <= 0)
    return -ENOTCONN;
  const int result = copy_list(list, total, &first, out, count);
  usrsctp_freeladdrs(list);
  return result;
}

int netsctp__backend_addresses(struct netsctp__endpoint *e, uint32_t side,
                               struct netsctp_address *out, uint32_t count) {
  netsctp__stack_enter();
  const int result = side == NETSCTP_SIDE_REMOTE ? get_remote(e, out, count)
                                                 : get_local(e, out, count);
  netsctp__stack_leave();
  return result;
}
