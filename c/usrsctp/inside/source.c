/* Which of this host's addresses a packet leaves from. See usrsctp/inside/io.h.
 *
 * usrsctp knows no routes: it takes every packet to leave by the loopback
 * interface, and then the address that was bound last, or the first of another
 * interface. Here the kernel is asked (RFC 1122 section 3.3.4.3), and an answer
 * leaves from the address that was asked as long as the association is not up.
 * usrsctp asks for a source once a path, and again after the path has failed to
 * answer: no packet of a path that works costs a look at the routes.
 *
 * usrsctp/inside/config.h makes the two functions of usrsctp weak that are
 * replaced here: they are called where they are defined, so `ld --wrap` misses
 * them. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctp_asconf.h>
#include <netinet/sctp_output.h>
#include <netinet/sctputil.h>

#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>

#include "shim/route.h"
#include "usrsctp/inside/io.h"
#include "usrsctp/stack.h"

/* What getifaddrs() said is good for so long: it is asked for each INIT. */
#define GOOD_FOR_MS 1000

/* How many addresses that no interface has are learnt from INITs. */
#define MOST_LEARNT 64

/* In sctp_ifa.flags, which usrsctp does not use here: no interface has the
 * address, but Linux takes it (127.0.0.2). It cannot go away. */
#define ON_NO_INTERFACE 1u

/* ------------------------------------------------------------- addresses */

static struct sctp_ifa *find(const struct sockaddr *address) {
  return sctp_find_ifa_by_addr((struct sockaddr *)(uintptr_t)address,
                               SCTP_DEFAULT_VRFID, SCTP_ADDR_NOT_LOCKED);
}

static struct sctp_ifa *add(const struct sockaddr *address, const char *name,
                            uint32_t flags) {
  union netsctp__sockaddr plain = {0};
  memcpy(&plain, address, netsctp__sockaddr_size((const void *)address));
  netsctp__set_port(&plain, 0);
  return sctp_add_addr_to_vrf(SCTP_DEFAULT_VRFID, NULL, if_nametoindex(name), 0,
                              name, NULL, &plain.any, flags, 0);
}

static void suspect_all(void) {
  struct sctp_ifn *interface;
  struct sctp_ifa *ifa;
  LIST_FOREACH(interface, &sctp_find_vrf(SCTP_DEFAULT_VRFID)->ifnlist, next_ifn)
  LIST_FOREACH(ifa, &interface->ifalist, next_ifa)
  if (!(ifa->flags & ON_NO_INTERFACE))
    ifa->localifa_flags |= SCTP_ADDR_IFA_UNUSEABLE;
}

static void trust(struct sctp_ifa *ifa) {
  ifa->localifa_flags &= ~SCTP_ADDR_IFA_UNUSEABLE;
}

/* Reads the addresses of this host, unless that was done a moment ago. */
static void refresh(void) {
  static uint64_t until;
  struct ifaddrs *all;
  if (netsctp__stack_now < until)
    return;
  until = netsctp__stack_now + GOOD_FOR_MS;
  if (getifaddrs(&all) < 0)
    return;
  suspect_all();
  for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next) {
    if (one->ifa_addr == NULL || (one->ifa_addr->sa_family != AF_INET &&
                                  one->ifa_addr->sa_family != AF_INET6))
      continue;
    struct sctp_ifa *ifa = add(one->ifa_addr, one->ifa_name, 0);
    if (ifa != NULL) {
      ifa->flags = 0;
      trust(ifa);
    }
  }
  freeifaddrs(all);
}

int netsctp__io_know_address(const union netsctp__sockaddr *address) {
  struct sctp_ifa *ifa = find(&address->any);
  if (ifa != NULL && !(ifa->localifa_flags & SCTP_ADDR_IFA_UNUSEABLE))
    return 0;
  struct ifaddrs *all = NULL;
  const char *name = NULL;
  if (getifaddrs(&all) < 0 && (errno == EMFILE || errno == ENFILE ||
                               errno == ENOMEM || errno == ENOBUFS))
    return -errno; /* else it would be taken for one on no interface for ever */
  if (all != NULL)
    for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next)
      if (netsctp__is_same_host(one->ifa_addr, &address->any))
        name = one->ifa_name;
  ifa = name ? add(&address->any, name, 0)
             : add(&address->any, "lo", ON_NO_INTERFACE);
  if (all != NULL)
    freeifaddrs(all);
  if (ifa == NULL)
    return -ENOMEM;
  trust(ifa);
  return 0;
}

void netsctp__io_learn_address(const union netsctp__sockaddr *address) {
  static unsigned learnt;
  refresh();
  if (find(&address->any) != NULL || learnt == MOST_LEARNT)
    return;
  if (netsctp__io_know_address(address) < 0)
    return; /* the next INIT to it tries again */
  const struct sctp_ifa *ifa = find(&address->any);
  if (ifa != NULL && (ifa->flags & ON_NO_INTERFACE))
    learnt++;
}

/* ------------------------------------------------------------- candidates */

/* What may be told to the peer as an address of ours. Link-local ones if the
 * association is between such: the interface is the peer's business. */
NETSCTP__REPLACES(sctp_is_address_in_scope);
int sctp_is_address_in_scope(struct sctp_ifa *ifa, struct sctp_scoping *scope,
                             int do_update) {
  (void)do_update;
  const struct sockaddr *address = &ifa->address.sa;
  if ((ifa->localifa_flags & SCTP_ADDR_IFA_UNUSEABLE) ||
      (!scope->loopback_scope && ifa->ifn_p != NULL &&
       SCTP_IFN_IS_IFT_LOOP(ifa->ifn_p)))
    return false;
  if (address->sa_family == AF_INET) {
    const struct in_addr *ipv4 = &ifa->address.sin.sin_addr;
    return scope->ipv4_addr_legal && ipv4->s_addr != htonl(INADDR_ANY) &&
           (scope->ipv4_local_scope || !IN4_ISPRIVATE_ADDRESS(ipv4));
  }
  if (address->sa_family != AF_INET6 || !scope->ipv6_addr_legal)
    return false;
  const struct in6_addr *ipv6 = &ifa->address.sin6.sin6_addr;
  if (IN6_IS_ADDR_LINKLOCAL(ipv6))
    return scope->local_scope ||
           (netsctp__io_packet() != NULL &&
            netsctp__is_link_local(&netsctp__io_packet()->from->any));
  return !IN6_IS_ADDR_UNSPECIFIED(ipv6) &&
         (scope->site_scope || !IN6_IS_ADDR_SITELOCAL(ipv6));
}

struct choice {
  struct sctp_inpcb *inp;
  struct sctp_tcb *stcb; /* NULL: there is no association yet */
  const union netsctp__sockaddr *to;
  bool may_be_pending; /* an address that the peer is only being told of */
};

/* usrsctp's own test takes what was added by bindx for not yet bound. */
static bool is_bound(const struct sctp_inpcb *inp, const struct sctp_ifa *ifa) {
  const struct sctp_laddr *bound;
  LIST_FOREACH(bound, &inp->sctp_addr_list, sctp_nxt_addr)
  if (bound->ifa == ifa && bound->action != SCTP_DEL_IP_ADDRESS)
    return true;
  return false;
}

/* Whether the association, or whoever answers for none, may send from it. */
static bool is_allowed(const struct choice *choice, struct sctp_ifa *ifa) {
  if (ifa->address.sa.sa_family != choice->to->any.sa_family ||
      (ifa->localifa_flags & SCTP_BEING_DELETED))
    return false;
  if (choice->stcb != NULL && sctp_is_addr_restricted(choice->stcb, ifa) &&
      !(choice->may_be_pending && sctp_is_addr_pending(choice->stcb, ifa)))
    return false;
  return (choice->inp->sctp_flags & SCTP_PCB_FLAGS_BOUNDALL) ||
         is_bound(choice->inp, ifa);
}

/* Whether the peer knows it, and this host still has it. */
static bool is_good(const struct choice *choice, struct sctp_ifa *ifa) {
  if (!is_allowed(choice, ifa) ||
      (ifa->localifa_flags & (SCTP_ADDR_IFA_UNUSEABLE | SCTP_ADDR_DEFER_USE)))
    return false;
  return !(choice->inp->sctp_flags & SCTP_PCB_FLAGS_BOUNDALL) ||
         choice->stcb == NULL ||
         sctp_is_address_in_scope(ifa, &choice->stcb->asoc.scope, 0);
}

/* Whether packets from it to there leave by the interface that has it. */
static bool is_on_the_way(const struct choice *choice,
                          const struct sctp_ifa *ifa) {
  const uint32_t interface =
      netsctp__route_interface(choice->to, (const void *)&ifa->address);
  return interface != 0 && ifa->ifn_p != NULL &&
         ifa->ifn_p->ifn_index == interface;
}

/* In how many of its first bits an address is like where it goes to. */
static unsigned common_bits(const union netsctp__sockaddr *a,
                            const union netsctp__sockaddr *b) {
  const uint8_t *one = netsctp__host(a), *other = netsctp__host(b);
  const unsigned length = netsctp__host_size(a);
  unsigned bytes = 0;
  while (bytes < length && one[bytes] == other[bytes])
    bytes++;
  return bytes == length
             ? 8 * length
             : 8 * bytes + (unsigned)__builtin_clz(one[bytes] ^ other[bytes]) -
                   24;
}

struct best {
  struct sctp_ifa *ifa;
  unsigned rank;
};

enum { LIKE = 1, ON_LINK = 1000, GOOD = 2000, ON_THE_WAY = 4000 };

static void consider(const struct choice *choice, struct sctp_ifa *ifa,
                     struct best *best) {
  if (!is_allowed(choice, ifa))
    return;
  unsigned rank = LIKE + common_bits(choice->to, (const void *)&ifa->address);
  /* From one link to another there is no way for link-local addresses. */
  const bool is_local = netsctp__is_link_local(&choice->to->any);
  if (is_local == netsctp__is_link_local(&ifa->address.sa) &&
      (!is_local || (ifa->ifn_p != NULL &&
                     ifa->ifn_p->ifn_index == choice->to->ipv6.sin6_scope_id)))
    rank += ON_LINK;
  if (is_good(choice, ifa))
    rank += GOOD;
  if (rank >= GOOD && rank > best->rank && is_on_the_way(choice, ifa))
    rank += ON_THE_WAY;
  if (rank > best->rank)
    *best = (struct best){ifa, rank};
}

static struct sctp_ifa *best_of_all(const struct choice *choice) {
  struct best best = {0};
  if (choice->inp->sctp_flags & SCTP_PCB_FLAGS_BOUNDALL) {
    struct sctp_ifn *interface;
    struct sctp_ifa *ifa;
    LIST_FOREACH(interface, &sctp_find_vrf(SCTP_DEFAULT_VRFID)->ifnlist,
                 next_ifn)
    LIST_FOREACH(ifa, &interface->ifalist, next_ifa)
    consider(choice, ifa, &best);
  } else {
    struct sctp_laddr *bound;
    LIST_FOREACH(bound, &choice->inp->sctp_addr_list, sctp_nxt_addr)
    if (bound->ifa != NULL && bound->action != SCTP_DEL_IP_ADDRESS)
      consider(choice, bound->ifa, &best);
  }
  return best.ifa;
}

/* ------------------------------------------------------------- the choice */

/* The address that the packet in hand was sent to, if it is the one being
 * answered. */
static struct sctp_ifa *asked(const struct choice *choice) {
  const struct netsctp__io_packet *packet = netsctp__io_packet();
  return packet != NULL &&
                 netsctp__is_same_host(&packet->from->any, &choice->to->any)
             ? find(&packet->to->any)
             : NULL;
}

/* Where a path of an association leaves from. `asked_for` stays, as with TCP,
 * where the peer has no other way to us or the kernel would use it as well:
 * what is between may let through only what it has seen asked for. */
static struct sctp_ifa *choose(const struct choice *choice,
                               struct sctp_ifa *asked_for) {
  union netsctp__sockaddr from;
  int mtu;
  const bool has_route = netsctp__stack_route(choice->to, &from, &mtu) == 0;
  if (asked_for != NULL && is_allowed(choice, asked_for) &&
      (choice->stcb->asoc.numnets == 1 ||
       (has_route &&
        netsctp__is_same_host(&from.any, &asked_for->address.sa)) ||
       is_on_the_way(choice, asked_for)))
    return asked_for;
  struct sctp_ifa *routed = has_route ? find(&from.any) : NULL;
  if (routed != NULL && is_good(choice, routed))
    return routed;
  struct sctp_ifa *best = best_of_all(choice);
  if (best != NULL && is_good(choice, best))
    return best;
  /* What the peer was not told is still better than what leads nowhere. */
  return routed != NULL && is_allowed(choice, routed) ? routed : best;
}

/* The source of packets over a route of usrsctp's, which holds no more than
 * where they go. NULL: there is none. The caller has to release it. */
NETSCTP__REPLACES(sctp_source_address_selection);
struct sctp_ifa *
sctp_source_address_selection(struct sctp_inpcb *inp, struct sctp_tcb *stcb,
                              sctp_route_t *route, struct sctp_nets *net,
                              int may_be_pending, uint32_t vrf_id) {
  if (route->ro_rt == NULL)
    SCTP_RTALLOC(route, vrf_id, inp->fibnum);
  if (route->ro_rt == NULL)
    return NULL;
  (void)net, (void)vrf_id;
  /* A route of IPv4's has no room for more than an address of IPv4's. */
  union netsctp__sockaddr to = {0};
  memcpy(&to, &route->ro_dst,
         route->ro_dst.sa_family == AF_INET6 ? sizeof to.ipv6 : sizeof to.ipv4);
  const struct choice choice = {inp, stcb, &to, may_be_pending != 0};
  struct sctp_ifa *chosen = asked(&choice);
  if (stcb != NULL || chosen == NULL) {
    refresh();
    chosen = choose(&choice, chosen);
  }
  if (chosen != NULL)
    atomic_add_int(&chosen->refcount, 1);
  return chosen;
}

/* ------------------------------------------------------------- the outside */

bool netsctp__io_source(struct socket *socket, union netsctp__sockaddr *out) {
  struct sctp_inpcb *inp = socket->so_pcb;
  struct sctp_tcb *stcb = inp == NULL ? NULL : LIST_FIRST(&inp->sctp_asoc_list);
  if (stcb == NULL || stcb->asoc.primary_destination == NULL)
    return false;
  struct sctp_nets *net = stcb->asoc.primary_destination;
  struct sctp_ifa *ifa = net->ro._s_addr;
  if (ifa == NULL)
    ifa = net->ro._s_addr = sctp_source_address_selection(
        inp, stcb, (sctp_route_t *)&net->ro, net, 0, SCTP_DEFAULT_VRFID);
  if (ifa == NULL)
    return false;
  net->src_addr_selected = 1;
  if (ifa->address.sa.sa_family == AF_INET6)
    out->ipv6 = ifa->address.sin6;
  else
    out->ipv4 = ifa->address.sin;
  netsctp__set_port(out, ntohs(inp->sctp_lport));
  return true;
}

bool netsctp__io_has_address(const union netsctp__sockaddr *address) {
  refresh();
  const struct sctp_ifa *ifa = find(&address->any);
  return ifa != NULL && !(ifa->localifa_flags & SCTP_ADDR_IFA_UNUSEABLE);
}
