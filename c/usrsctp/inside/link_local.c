/* Several link-local addresses at each end. See usrsctp/inside/io.h.
 *
 * usrsctp takes none but the first of them for an address of both ends, as what
 * a peer lists does not say on which interface it is. Whoever connected was
 * told; the other end learns it from the heartbeats that come in. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctputil.h>

#include <string.h>

#include "usrsctp/inside/io.h"
#include "usrsctp/inside/tags.h"
#include "usrsctp/udp.h"

/* More of them than that a peer does not have. */
#define MOST 16

/* Before addresses are added: whether others like the first are. */
static bool widen_scope(struct sctp_association *asoc) {
  const struct sctp_nets *net;
  TAILQ_FOREACH(net, &asoc->nets, sctp_next)
  if (netsctp__is_link_local(&net->ro._l_addr.sa))
    asoc->scope.local_scope = 1;
  return asoc->scope.local_scope;
}

void netsctp__io_keep_scope(union netsctp__sockaddr *from,
                            union netsctp__sockaddr *to, uint32_t tag) {
  struct sctp_nets *net = NULL;
  struct sctp_tcb *stcb = netsctp__tags_find(from, to, &net);
  if (stcb != NULL && net != NULL && stcb->asoc.my_vtag == tag &&
      net->ro._l_addr.sin6.sin6_scope_id != from->ipv6.sin6_scope_id) {
    net->ro._l_addr.sin6.sin6_scope_id = from->ipv6.sin6_scope_id;
    /* The source was chosen for another interface. */
    if (net->ro._s_addr != NULL)
      sctp_free_ifa(net->ro._s_addr);
    net->ro._s_addr = NULL;
    net->src_addr_selected = 0;
  }
}

NETSCTP__WRAPS(sctp_add_remote_addr);
int __wrap_sctp_add_remote_addr(struct sctp_tcb *stcb, struct sockaddr *address,
                                struct sctp_nets **net, uint16_t port,
                                int sets_scope, int from) {
  if (from == SCTP_ADDR_DYNAMIC_ADDED) {
    /* usrsctp would have the path reachable and watched, whatever it is. */
    if (sctp_findnet(stcb, address) != NULL)
      return 0;
    /* One packet may have thousands (ASCONF). */
    if (stcb->asoc.numnets >= NETSCTP__MOST_PATHS)
      return -1;
  }
  if (netsctp__is_link_local(address))
    widen_scope(&stcb->asoc);
  return __real_sctp_add_remote_addr(stcb, address, net, port, sets_scope,
                                     from);
}

/* Adds the link-local ones of what an INIT or an INIT ACK lists. */
static void load(struct sctp_tcb *stcb, struct mbuf *m, int offset, int limit,
                 const struct sockaddr_in6 *known, unsigned count,
                 uint16_t port) {
  struct sctp_ipv6addr_param buffer;
  unsigned added = 0;
  while (offset < limit && added < MOST) {
    const struct sctp_ipv6addr_param *one = (void *)sctp_get_next_param(
        m, offset, (struct sctp_paramhdr *)&buffer, sizeof buffer);
    if (one == NULL)
      return; /* too near to the end to be one */
    const uint16_t length = ntohs(one->ph.param_length);
    if (length < sizeof one->ph)
      return;
    offset += SCTP_SIZE32(length);
    union netsctp__sockaddr address = {
        .ipv6 = {.sin6_family = AF_INET6, .sin6_port = stcb->rport}};
    memcpy(&address.ipv6.sin6_addr, one->addr, sizeof one->addr);
    if (ntohs(one->ph.param_type) != SCTP_IPV6_ADDRESS ||
        length != sizeof *one || !netsctp__is_link_local(&address.any) ||
        sctp_findnet(stcb, &address.any) != NULL)
      continue;
    for (unsigned i = 0; i < count; i++)
      if (IN6_ARE_ADDR_EQUAL(&known[i].sin6_addr, &address.ipv6.sin6_addr))
        address.ipv6.sin6_scope_id = known[i].sin6_scope_id;
    __real_sctp_add_remote_addr(stcb, &address.any, NULL, port,
                                SCTP_DONOT_SETSCOPE, SCTP_LOAD_ADDR_5);
    added++;
  }
}

NETSCTP__WRAPS(sctp_load_addresses_from_init);
int __wrap_sctp_load_addresses_from_init(struct sctp_tcb *stcb, struct mbuf *m,
                                         int offset, int limit,
                                         struct sockaddr *from,
                                         struct sockaddr *to,
                                         struct sockaddr *other,
                                         uint16_t port) {
  netsctp__tags_hold(stcb);
  const bool is_local = widen_scope(&stcb->asoc);
  /* Those that the peer was connected by are lost if they come no more. */
  struct sockaddr_in6 known[MOST];
  unsigned count = 0;
  struct sctp_nets *net;
  TAILQ_FOREACH(net, &stcb->asoc.nets, sctp_next)
  if (count < MOST && netsctp__is_link_local(&net->ro._l_addr.sa))
    known[count++] = net->ro._l_addr.sin6;
  const int result = __real_sctp_load_addresses_from_init(
      stcb, m, offset, limit, from, to, other, port);
  netsctp__io_renew_keys(stcb, m, limit);
  if (is_local && result == 0)
    load(stcb, m, offset, limit, known, count, port);
  /* usrsctp 0.9.5.0 is without a primary path where an INIT or an INIT ACK
   * takes all paths away that were confirmed, and does not look whether there
   * is one when it sends. A cookie that proves a restart gives it one, but not
   * if the rest of the INIT is refused when the paths have gone already. */
  if (stcb->asoc.primary_destination == NULL)
    stcb->asoc.primary_destination = TAILQ_FIRST(&stcb->asoc.nets);
  return result;
}
