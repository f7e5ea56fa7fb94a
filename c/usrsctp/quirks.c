/* Options that the userspace stack has in a way of its own. */
#include <errno.h>
#include <string.h>

#include "rfc6458/options.h"
#include "usrsctp/inside/io.h"
#include "usrsctp/vendor.h"

int netsctp__vendor_set(struct netsctp__socket *s, int level, int option,
                        const void *value, socklen_t size) {
  /* More room, or no Nagle any more, may be what somebody waits for. */
  netsctp__stack_touch(s->id);
  if (level == IPPROTO_SCTP && option == SCTP_PEER_ADDR_PARAMS)
    return netsctp__set_path(s->socket, value);
  if (usrsctp_setsockopt(s->socket, level, option, value, size) < 0)
    return -errno;
  if (level == IPPROTO_SCTP && option == SCTP_PRIMARY_ADDR)
    netsctp__io_tell_primary(s->socket);
  return 0;
}

int netsctp__vendor_get(struct netsctp__socket *s, int level, int option,
                        void *value, socklen_t size) {
  if (level == IPPROTO_SCTP && option == SCTP_PEER_ADDR_PARAMS)
    return netsctp__get_path(s->socket, value);
  return usrsctp_getsockopt(s->socket, level, option, value, &size) < 0 ? -errno
                                                                        : 0;
}

int netsctp__backend_supports(uint32_t option) {
  (void)option; /* it is built with all that it has */
  return 0;
}

enum {
  /* An AUTH chunk and padding go off what fits into a packet: with less, no
   * byte of a message would be left, and nothing would ever be sent. */
  LEAST_SEGMENT = 44
};

/* Each of the peer's addresses has its own. Before there is a peer,
 * usrsctp/open.c asks for it. */
static int set_remote_udp_port(struct netsctp__socket *s,
                               const struct netsctp_option *option) {
  struct sockaddr *peers = NULL;
  const int count = usrsctp_getpaddrs(s->socket, 0, &peers);
  int result = NETSCTP__MINE;
  if (count <= 0)
    return NETSCTP__MINE;
  if (option->value == 0)
    result = netsctp__explain(
        EINVAL, "in userspace SCTP goes over UDP alone: give the peer's port");
  else if (option->scope != 0)
    result = 0;
  const uint8_t *at = (const void *)peers;
  for (int i = 0; result == NETSCTP__MINE && i < count; i++) {
    struct sctp_udpencaps encaps = {.sue_port = htons((uint16_t)option->value)};
    const uint32_t size = netsctp__sockaddr_size((const void *)at);
    memcpy(&encaps.sue_address, at, size);
    at += size;
    const int set = netsctp__vendor_set(
        s, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &encaps, sizeof encaps);
    if (set < 0)
      result = set;
  }
  usrsctp_freepaddrs(peers);
  return result;
}

int netsctp__quirk_set(struct netsctp__handle *handle,
                       const struct netsctp_option *option) {
  struct netsctp__socket *s = handle->socket;
  switch (option->name) {
  case NETSCTP_OPTION_MAX_SEGMENT:
    return option->value == 0 || option->value >= LEAST_SEGMENT
               ? 0
               : netsctp__explain(EINVAL,
                                  "the userspace stack refuses sctp.maxSegment "
                                  "%d: give 0, or %d at the least",
                                  option->value, LEAST_SEGMENT);
  case NETSCTP_OPTION_IPV6_ONLY:
    if (option->value)
      netsctp__io_set_ipv6_only(s->socket);
    return NETSCTP__MINE;
  case NETSCTP_OPTION_BACKLOG:
  case NETSCTP_OPTION_LOCAL_UDP_PORT:
    return NETSCTP__MINE; /* usrsctp/open.c asks for them */
  case NETSCTP_OPTION_REMOTE_UDP_PORT:
    return set_remote_udp_port(s, option);
  case NETSCTP_OPTION_GIVE_UP:
    netsctp__io_give_up(s->socket);
    return NETSCTP__MINE;
  default:
    return 0;
  }
}

static int get_remote_udp_port(struct netsctp__socket *s, int32_t *port) {
  struct sctp_udpencaps encaps = {0};
  struct sockaddr *peers = NULL;
  if (usrsctp_getpaddrs(s->socket, 0, &peers) <= 0)
    return -ENOTCONN;
  memcpy(&encaps.sue_address, peers,
         netsctp__sockaddr_size((const void *)peers));
  usrsctp_freepaddrs(peers);
  if (netsctp__vendor_get(s, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &encaps,
                          sizeof encaps) < 0)
    return -ENOTCONN;
  *port = ntohs(encaps.sue_port);
  return NETSCTP__MINE;
}

int netsctp__quirk_get(struct netsctp__handle *handle,
                       struct netsctp_option *option) {
  struct netsctp__socket *s = handle->socket;
  switch (option->name) {
  case NETSCTP_OPTION_LOCAL_UDP_PORT:
    option->value = netsctp__udp_port(s->udp);
    return NETSCTP__MINE;
  case NETSCTP_OPTION_REMOTE_UDP_PORT:
    return option->scope ? 0 : get_remote_udp_port(s, &option->value);
  case NETSCTP_OPTION_SOFT_ERROR:
    option->value = s->soft_error;
    return NETSCTP__MINE;
  case NETSCTP_OPTION_OUTSTANDING:
    option->value = (int32_t)netsctp__io_outstanding(s->socket);
    return NETSCTP__MINE;
  case NETSCTP_OPTION_ACKNOWLEDGED:
    option->value = (int32_t)netsctp__io_acknowledged(s->socket);
    return NETSCTP__MINE;
  default:
    return 0;
  }
}
