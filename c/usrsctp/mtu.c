/* How large packets may be, and what else is set of a path: the stack counts
 * what is left for chunks, and everybody else IP packets. */
#include "usrsctp/stack.h"

#include <errno.h>
#include <string.h>
#include <usrsctp.h>

#include "usrsctp/inside/io.h"

/* The stack assumes 1500 bytes everywhere. Over the loopback device packets
 * may be larger, and ought to be: throughput is several times as high. More
 * than this brings no more, and few such packets fill the window of a kernel's
 * stack (106 kB), which then waits with its SACK for another. */
#define LOOPBACK_MTU 16384
#define ASSUMED_MTU 1500

/* No link is believed to take less: what Linux itself believes of IPv4
 * (net.ipv4.route.min_pmtu), and what IPv6 has to take. */
#define LEAST_IPV4_MTU 552
#define LEAST_IPV6_MTU 1280

/* ------------------------------------------------------------- one path */

static uint32_t heads(bool is_ipv6) {
  return (is_ipv6 ? NETSCTP__IPV6_HEAD : NETSCTP__IPV4_HEAD) +
         NETSCTP__UDP_HEAD + NETSCTP__SCTP_HEAD;
}

/* Of all paths: of any that the socket may have. */
static uint32_t heads_of(struct socket *socket,
                         const struct sctp_paddrparams *path) {
  union netsctp__sockaddr address;
  memcpy(&address, &path->spp_address, sizeof address);
  return heads(netsctp__is_any(&address) ? netsctp__io_is_ipv6(socket)
                                         : address.any.sa_family == AF_INET6);
}

static int set_path(struct socket *socket, struct sctp_paddrparams path) {
  if (path.spp_flags & SPP_PMTUD_DISABLE)
    path.spp_pathmtu -= heads_of(socket, &path);
  return usrsctp_setsockopt(socket, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &path,
                            sizeof path) < 0
             ? -errno
             : 0;
}

/* Sets the packets of each path there is, whose heads differ. */
static void set_each_mtu(struct socket *socket, uint32_t mtu) {
  struct sockaddr *peers = NULL;
  const int count = usrsctp_getpaddrs(socket, 0, &peers);
  const uint8_t *next = (const void *)peers;
  for (int i = 0; i < count; i++) {
    struct sctp_paddrparams path = {.spp_flags = SPP_PMTUD_DISABLE,
                                    .spp_pathmtu = mtu};
    const socklen_t size = netsctp__sockaddr_size((const void *)next);
    memcpy(&path.spp_address, next, size);
    set_path(socket, path);
    next += size;
  }
  if (count > 0)
    usrsctp_freepaddrs(peers);
  netsctp__io_find_smallest_mtu(socket);
}

int netsctp__set_path(struct socket *socket,
                      const struct sctp_paddrparams *path) {
  union netsctp__sockaddr address;
  memcpy(&address, &path->spp_address, sizeof address);
  const int result = set_path(socket, *path);
  if (result < 0)
    return result;
  if (path->spp_flags & SPP_PMTUD_DISABLE && netsctp__is_any(&address))
    set_each_mtu(socket, path->spp_pathmtu);
  else if (path->spp_flags & SPP_PMTUD_DISABLE)
    netsctp__io_find_smallest_mtu(socket);
  return 0;
}

int netsctp__get_path(struct socket *socket, struct sctp_paddrparams *path) {
  socklen_t size = sizeof *path;
  if (usrsctp_getsockopt(socket, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, path,
                         &size) < 0)
    return -errno;
  if (path->spp_pathmtu != 0)
    path->spp_pathmtu += heads_of(socket, path);
  return 0;
}

/* ------------------------------------------------------------- discovery */

void netsctp__expect_mtu(struct socket *socket, int mtu) {
  struct sctp_paddrparams path = {.spp_address = {.ss_family = AF_INET}};
  if (netsctp__get_path(socket, &path) == 0 && path.spp_pathmtu != 0) {
    set_each_mtu(socket, path.spp_pathmtu); /* as the program has said */
    return;
  }
  if (mtu >= LOOPBACK_MTU)
    mtu = LOOPBACK_MTU;
  else if (mtu >= ASSUMED_MTU || mtu < LEAST_IPV6_MTU)
    return;
  else
    mtu -= (int)heads(true); /* or less: it is for paths of either kind */
  path = (struct sctp_paddrparams){.spp_address = {.ss_family = AF_INET},
                                   .spp_flags = SPP_PMTUD_DISABLE,
                                   .spp_pathmtu = (uint32_t)mtu};
  if (usrsctp_setsockopt(socket, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &path,
                         sizeof path) == 0)
    netsctp__io_use_path_mtu(socket);
}

void netsctp__lower_mtu(struct socket *socket,
                        const union netsctp__sockaddr *peer, uint32_t mtu) {
  const bool is_ipv6 = peer->any.sa_family == AF_INET6;
  const uint32_t least = is_ipv6 ? LEAST_IPV6_MTU : LEAST_IPV4_MTU;
  struct sctp_paddrinfo info = {0};
  struct sctp_paddrparams path = {.spp_flags = SPP_PMTUD_DISABLE};
  socklen_t size = sizeof info;
  path.spp_pathmtu = (mtu < least ? least : mtu) - heads(is_ipv6);
  memcpy(&path.spp_address, peer, sizeof *peer);
  memcpy(&info.spinfo_address, peer, sizeof *peer);
  if (usrsctp_getsockopt(socket, IPPROTO_SCTP, SCTP_GET_PEER_ADDR_INFO, &info,
                         &size) == 0 &&
      path.spp_pathmtu < info.spinfo_mtu)
    usrsctp_setsockopt(socket, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &path,
                       sizeof path);
}
