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
  return usrsctp_setsockopt(s->socket, level, option, value, size) < 0 ? -errno
                                                                       : 0;
}

int netsctp__vendor_get(struct netsctp__socket *s, int level, int option,
                        void *value, socklen_t size) {
  return usrsctp_getsockopt(s->socket, level, option, value, &size) < 0 ? -errno
                                                                        : 0;
}

int netsctp__quirk_set(struct netsctp__handle *handle,
                       const struct netsctp_option *option) {
  enum { LONGEST_RTO = 60000 }; /* RTO.Max, RFC 9260 section 16 */
  struct netsctp__socket *s = handle->socket;
  switch (option->name) {
  case NETSCTP_OPTION_RTO_INITIAL:
    if (option->value >= NETSCTP__RTO_MS && option->value <= LONGEST_RTO)
      return 0;
    return netsctp__explain(EINVAL,
                            "sctp.rto.initial must be between %d and %d ms in "
                            "the userspace stack, not %d",
                            NETSCTP__RTO_MS, LONGEST_RTO, option->value);
  case NETSCTP_OPTION_IPV6_ONLY:
    if (option->value)
      netsctp__io_set_ipv6_only(s->socket);
    return NETSCTP__MINE;
  case NETSCTP_OPTION_BACKLOG:
  case NETSCTP_OPTION_LOCAL_UDP_PORT:
  case NETSCTP_OPTION_REMOTE_UDP_PORT:
    return NETSCTP__MINE; /* usrsctp/open.c asks for them */
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
    return get_remote_udp_port(s, &option->value);
  case NETSCTP_OPTION_SOFT_ERROR:
    option->value = s->soft_error;
    return NETSCTP__MINE;
  default:
    return 0;
  }
}
