/* How large packets may be. */
#include "usrsctp/stack.h"

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

void netsctp__expect_mtu(struct socket *socket, int mtu) {
  if (mtu >= LOOPBACK_MTU)
    mtu = LOOPBACK_MTU;
  else if (mtu >= ASSUMED_MTU || mtu < LEAST_IPV6_MTU)
    return;
  else
    mtu -= NETSCTP__IPV6_HEAD + NETSCTP__UDP_HEAD +
           NETSCTP__SCTP_HEAD; /* or less: it is for paths of either kind */
  const struct sctp_paddrparams path = {
      .spp_address = {.ss_family = AF_INET},
      .spp_flags = SPP_PMTUD_DISABLE,
      .spp_pathmtu = (uint32_t)mtu,
  };
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
  path.spp_pathmtu =
      (mtu < least ? least : mtu) - NETSCTP__UDP_HEAD - NETSCTP__SCTP_HEAD;
  path.spp_pathmtu -= is_ipv6 ? NETSCTP__IPV6_HEAD : NETSCTP__IPV4_HEAD;
  memcpy(&path.spp_address, peer, sizeof *peer);
  memcpy(&info.spinfo_address, peer, sizeof *peer);
  if (usrsctp_getsockopt(socket, IPPROTO_SCTP, SCTP_GET_PEER_ADDR_INFO, &info,
                         &size) == 0 &&
      path.spp_pathmtu < info.spinfo_mtu)
    usrsctp_setsockopt(socket, IPPROTO_SCTP, SCTP_PEER_ADDR_PARAMS, &path,
                       sizeof path);
}
