/* Which local address packets leave from. The kernel does not say it, so it is
 * found as the kernel finds it: the one that the route to the peer has, else
 * the first whose interface is the way out, else the first of that family. */
#include "kernel/kernel.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>

#include "shim/route.h"

static bool is_on_the_way(const struct ifaddrs *all,
                          const union netsctp__sockaddr *peer,
                          const union netsctp__sockaddr *own) {
  const uint32_t interface = netsctp__route_interface(peer, own);
  for (const struct ifaddrs *one = all; interface && one; one = one->ifa_next)
    if (netsctp__is_same_host(one->ifa_addr, own))
      return if_nametoindex(one->ifa_name) == interface;
  return false;
}

static int first_on_the_way(const union netsctp__sockaddr *peer,
                            const struct netsctp_address *own, int count,
                            int otherwise) {
  struct ifaddrs *all;
  int found = otherwise;
  if (getifaddrs(&all) < 0)
    return otherwise;
  for (int i = otherwise; i < count; i++) {
    union netsctp__sockaddr one;
    if (netsctp__to_sockaddr(&own[i], &one) < 0 ||
        one.any.sa_family != peer->any.sa_family ||
        !is_on_the_way(all, peer, &one))
      continue;
    found = i;
    break;
  }
  freeifaddrs(all);
  return found;
}

int netsctp__kernel_source(const struct netsctp_address *peer,
                           const struct netsctp_address *own, int count) {
  union netsctp__sockaddr to, routed, one;
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
        netsctp__is_same_host(&routed, &one))
      return i;
  return first_on_the_way(&to, own, count, first);
}
