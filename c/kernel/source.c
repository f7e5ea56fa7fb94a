/* Which local address packets leave from. The kernel does not say it, so it is
 * found as the kernel finds it: the one that the route to the peer has, else
 * the first whose interface is the way out, else the first of that family. */
#include "kernel/kernel.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>

#include "shim/route.h"

static bool is_same(const struct sockaddr *a,
                    const struct sockaddr_storage *b) {
  if (a == NULL || a->sa_family != b->ss_family)
    return false;
  if (a->sa_family == AF_INET6)
    return IN6_ARE_ADDR_EQUAL(&((const struct sockaddr_in6 *)a)->sin6_addr,
                              &((const struct sockaddr_in6 *)b)->sin6_addr);
  return ((const struct sockaddr_in *)a)->sin_addr.s_addr ==
         ((const struct sockaddr_in *)b)->sin_addr.s_addr;
}

static bool is_on_the_way(const struct ifaddrs *all,
                          const struct sockaddr_storage *peer,
                          const struct sockaddr_storage *own) {
  const uint32_t interface = netsctp__route_interface(peer, own);
  for (const struct ifaddrs *one = all; interface && one; one = one->ifa_next)
    if (is_same(one->ifa_addr, own))
      return if_nametoindex(one->ifa_name) == interface;
  return false;
}

static int first_on_the_way(const struct sockaddr_storage *peer,
                            const struct netsctp_address *own, int count,
                            int otherwise) {
  struct ifaddrs *all;
  int found = otherwise;
  if (getifaddrs(&all) < 0)
    return otherwise;
  for (int i = otherwise; i < count; i++) {
    struct sockaddr_storage one;
    if (netsctp__to_sockaddr(&own[i], &one) < 0 ||
        one.ss_family != peer->ss_family || !is_on_the_way(all, peer, &one))
      continue;
    found = i;
    break;
  }
  freeifaddrs(all);
  return found;
}

int netsctp__kernel_source(const struct netsctp_address *peer,
                           const struct netsctp_address *own, int count) {
  struct sockaddr_storage to, routed, one;
  int mtu, first = -1, candidates = 0;
  for (int i = count - 1; i >= 0; i--)
    if (own[i].family == peer->family) {
      first = i;
      candidates++;
    }
  if (candidates < 2 || netsctp__to_sockaddr(peer, &to) < 0 ||
      netsctp__route(&to, &routed, &mtu) < 0)
    return first;
  for (int i = first; i < count; i++)
    if (netsctp__to_sockaddr(&own[i], &one) == 0 &&
        is_same((const struct sockaddr *)&routed, &one))
      return i;
  return first_on_the_way(&to, own, count, first);
}
