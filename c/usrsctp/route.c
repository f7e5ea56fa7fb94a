/* Where the kernel would send from. See usrsctp/stack.h.
 *
 * Asking costs five system calls, and each connection asks, at either end. An
 * answer is good for a moment: a route that changes while a connection is made
 * may as well have changed right after. An address that is added is such a
 * change, and all of them are forgotten then. */
#include "usrsctp/stack.h"

#include <string.h>
#include <sys/socket.h>

#include "shim/route.h"

#define GOOD_FOR_MS 100
#define ROUTES 64

struct route {
  union netsctp__sockaddr to, from;
  int mtu;
  uint64_t until; /* 0: none */
};

static struct route routes[ROUTES];

static uint32_t hash(const union netsctp__sockaddr *to) {
  uint32_t sum = to->any.sa_family;
  for (uint32_t i = 0; i < netsctp__host_size(to); i++)
    sum = sum * 31 + netsctp__host(to)[i];
  return sum;
}

/* An interface counts, too. */
static bool is_same(const union netsctp__sockaddr *a,
                    const union netsctp__sockaddr *b) {
  return netsctp__is_same_host(a, b) &&
         (a->any.sa_family != AF_INET6 ||
          a->ipv6.sin6_scope_id == b->ipv6.sin6_scope_id);
}

int netsctp__stack_route(const union netsctp__sockaddr *to,
                         union netsctp__sockaddr *from, int *mtu) {
  struct route *route = &routes[hash(to) % ROUTES];
  if (route->until <= netsctp__stack_now || !is_same(&route->to, to)) {
    route->until = 0;
    const int result = netsctp__route(to, &route->from, &route->mtu);
    if (result < 0)
      return result;
    route->to = *to;
    route->until = netsctp__stack_now + GOOD_FOR_MS;
  }
  *from = route->from;
  *mtu = route->mtu;
  return 0;
}

void netsctp__stack_forget_routes(void) {
  for (unsigned i = 0; i < ROUTES; i++)
    routes[i].until = 0;
}
