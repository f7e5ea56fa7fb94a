/* Addresses that come and go (RFC 5061). See usrsctp/inside/io.h.
 *
 * usrsctp has a new address in its lists, and does not use it, until the peer
 * has acknowledged it. Neither the last one that is in use nor the new one can
 * go before that: told so, usrsctp takes it away here, and never from the peer.
 * One that has gone is the association's until the peer has acknowledged that
 * (section 5.3): usrsctp answers what comes to it meanwhile with an ABORT,
 * which the peer obeys. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctp_asconf.h>
#include <netinet/sctp_output.h>
#include <netinet/sctp_timer.h>

#include "usrsctp/inside/io.h"
#include "usrsctp/inside/tags.h"
#include "usrsctp/stack.h"

/* ------------------------------------------------------------- of this end */

/* Whether the peer has not acknowledged yet that an address comes, or goes. */
static bool is_changing(const struct sctp_association *asoc,
                        const struct sockaddr *address, uint16_t how) {
  const struct sctp_asconf_addr *change;
  TAILQ_FOREACH(change, &asoc->asconf_queue, next)
  if (change->ap.aph.ph.param_type == how && change->ifa != NULL &&
      netsctp__is_same_host(&change->ifa->address, (const void *)address))
    return true;
  return false;
}

uint32_t netsctp__io_own_addresses(struct socket *socket, bool is_pending,
                                   union netsctp__sockaddr *out,
                                   uint32_t most) {
  const struct sctp_inpcb *inp = socket->so_pcb;
  struct sctp_tcb *stcb = inp == NULL ? NULL : LIST_FIRST(&inp->sctp_asoc_list);
  const struct sctp_laddr *bound;
  uint32_t count = 0;
  if (stcb == NULL || (inp->sctp_flags & SCTP_PCB_FLAGS_BOUNDALL))
    return 0;
  LIST_FOREACH(bound, &inp->sctp_addr_list, sctp_nxt_addr) {
    if (bound->ifa == NULL || bound->action == SCTP_DEL_IP_ADDRESS)
      continue;
    const bool is_in_use = !sctp_is_addr_restricted(stcb, bound->ifa);
    const struct sockaddr *address = &bound->ifa->address.sa;
    if (is_pending ? is_in_use ||
                         !is_changing(&stcb->asoc, address, SCTP_ADD_IP_ADDRESS)
                   : !is_in_use)
      continue;
    if (count < most) {
      memcpy(&out[count], &bound->ifa->address,
             netsctp__sockaddr_size((const void *)&bound->ifa->address));
      netsctp__set_port(&out[count], ntohs(inp->sctp_lport));
    }
    count++;
  }
  return count;
}

struct sockaddr *netsctp__io_came_to(struct sctp_tcb *stcb,
                                     struct sockaddr *to) {
  const struct sctp_laddr *bound;
  if (!is_changing(&stcb->asoc, to, SCTP_DEL_IP_ADDRESS))
    return to;
  LIST_FOREACH(bound, &stcb->sctp_ep->sctp_addr_list, sctp_nxt_addr)
  if (bound->ifa != NULL && !sctp_is_addr_restricted(stcb, bound->ifa))
    return &bound->ifa->address.sa;
  return to;
}

/* An answer to what was never asked ends the association where nothing else is
 * to be answered, and is dropped otherwise (section 5.3). usrsctp
 * takes it for the answer to its next request, which it then repeats until the
 * peer counts as dead. */
NETSCTP__WRAPS(sctp_handle_asconf_ack);
void __wrap_sctp_handle_asconf_ack(struct mbuf *m, int offset,
                                   struct sctp_asconf_ack_chunk *chunk,
                                   struct sctp_tcb *stcb, struct sctp_nets *net,
                                   int *is_aborted) {
  const uint32_t id = netsctp__io_id(stcb->sctp_ep);
  const struct sctp_association *asoc = &stcb->asoc;
  const uint32_t serial = ntohl(chunk->serial_number);
  if (SCTP_TSN_GE(serial, asoc->asconf_seq_out)) { /* never sent */
    if (asoc->asconf_seq_out_acked + 1 == asoc->asconf_seq_out) {
      netsctp__io_abort(stcb, SCTP_CAUSE_ILLEGAL_ASCONF_ACK, "");
      *is_aborted = 1;
    }
    return;
  }
  __real_sctp_handle_asconf_ack(m, offset, chunk, stcb, net, is_aborted);
  netsctp__stack_acknowledged(id);
}

/* A request that is sent again leaves the path that it was sent to. Where there
 * is no other one usrsctp gives its reference to the path up all the same: the
 * next time, or at the end, the path would be freed while it is in use. */
NETSCTP__WRAPS(sctp_asconf_timer);
int __wrap_sctp_asconf_timer(struct sctp_inpcb *inp, struct sctp_tcb *stcb,
                             struct sctp_nets *net) {
  struct sctp_tmit_chunk *request = TAILQ_FIRST(&stcb->asoc.asconf_send_queue);
  if (request == NULL)
    return __real_sctp_asconf_timer(inp, stcb, net);
  struct sctp_nets *path = request->whoTo;
  atomic_add_int(&path->ref_count, 1);
  const int is_over = __real_sctp_asconf_timer(inp, stcb, net);
  if (is_over || TAILQ_FIRST(&stcb->asoc.asconf_send_queue) != request ||
      request->whoTo != path)
    sctp_free_remote_addr(path);
  return is_over;
}

/* ------------------------------------------------------------ of the peer */

/* usrsctp says of any address that the peer deletes that it has gone, also of
 * one that was none of its own. */
static bool is_anothers;

NETSCTP__WRAPS(sctp_del_remote_addr);
int __wrap_sctp_del_remote_addr(struct sctp_tcb *stcb,
                                struct sockaddr *address) {
  const int result = __real_sctp_del_remote_addr(stcb, address);
  is_anothers = result == -2;
  return result;
}

bool netsctp__io_has_removed(void) {
  const bool has_removed = !is_anothers;
  is_anothers = false;
  return has_removed;
}

/* From an address that the association does not have yet, a request names one
 * that it has. Whose it is the tag says all the same: by the address alone
 * anybody could point at an association, have its path's UDP port changed to
 * his own, and have it answer signatures that do not fit. */
NETSCTP__WRAPS(sctp_findassociation_ep_asconf);
struct sctp_tcb *__wrap_sctp_findassociation_ep_asconf(
    struct mbuf *m, int offset, struct sockaddr *to, struct sctphdr *head,
    struct sctp_inpcb **inp, struct sctp_nets **net, uint32_t vrf_id) {
  struct sctp_tcb *owner = netsctp__tags_owner(head);
  struct sctp_inpcb *endpoint = *inp;
  if (owner == NULL)
    return NULL;
  struct sctp_tcb *stcb = __real_sctp_findassociation_ep_asconf(
      m, offset, netsctp__io_came_to(owner, to), head, inp, net, vrf_id);
  if (stcb == NULL)
    return NULL;
  if (stcb == owner) {
    netsctp__tags_keep_port(*net);
    return stcb;
  }
  *inp = endpoint;
  *net = NULL;
  SCTP_INP_INCR_REF(endpoint); /* which it has given up for what it found */
  return NULL;
}

/* The answer goes to where the request came from (section 5.2). usrsctp sends
 * it to the address that the request names to be found by, where there may be
 * nobody any more, and the answer to a repeated request elsewhere. */
NETSCTP__WRAPS(sctp_send_asconf_ack);
void __wrap_sctp_send_asconf_ack(struct sctp_tcb *stcb) {
  const struct netsctp__io_packet *packet = netsctp__io_packet();
  struct sctp_asconf_ack *answer =
      TAILQ_LAST(&stcb->asoc.asconf_ack_sent, sctp_asconf_ackhead);
  union netsctp__sockaddr from = *packet->from;
  struct sctp_nets *net = sctp_findnet(stcb, &from.any);
  if (net != NULL && answer != NULL) {
    net->port = packet->udp_port; /* the path may be a new one */
    stcb->asoc.last_control_chunk_from = net;
    answer->last_sent_to = NULL;
  }
  __real_sctp_send_asconf_ack(stcb);
}
