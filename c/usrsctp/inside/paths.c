/* What usrsctp keeps to itself of an association's paths: that this end has
 * made one the primary, and that one is potentially failed (RFC 7829 section
 * 5.1) or no longer is. The kernel's stack tells both. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctp_indata.h>
#include <netinet/sctp_output.h>
#include <netinet/sctputil.h>

#include <string.h>

#include "usrsctp/inside/io.h"
#include "usrsctp/stack.h"

NETSCTP__WRAPS(sctp_send_hb);

/* Of sctp_nets.dest_state, where usrsctp leaves it free: the user knows that
 * the path is potentially failed. */
#define TOLD 0x4000
_Static_assert(!(TOLD &
                 (SCTP_ADDR_REACHABLE | SCTP_ADDR_NO_PMTUD | SCTP_ADDR_NOHB |
                  SCTP_ADDR_BEING_DELETED | SCTP_ADDR_NOT_IN_ASSOC |
                  SCTP_ADDR_OUT_OF_SCOPE | SCTP_ADDR_UNCONFIRMED |
                  SCTP_ADDR_REQ_PRIMARY | SCTP_ADDR_PF)),
               "a bit that usrsctp does not use");

void netsctp__io_tell_primary(struct socket *socket) {
  struct sctp_tcb *stcb = netsctp__io_association(socket);
  if (stcb != NULL)
    sctp_ulp_notify(SCTP_NOTIFY_ASCONF_SET_PRIMARY, stcb, 0,
                    &stcb->asoc.primary_destination->ro._l_addr.sa,
                    SCTP_SO_LOCKED);
}

bool netsctp__io_is_failing(struct socket *socket,
                            const union netsctp__sockaddr *address) {
  union netsctp__sockaddr sought = *address;
  struct sctp_tcb *stcb = netsctp__io_association(socket);
  const struct sctp_nets *net =
      stcb == NULL ? NULL : sctp_findnet(stcb, &sought.any);
  return net != NULL && (net->dest_state & SCTP_ADDR_PF);
}

/* usrsctp has no notification of it: this is what sctputil.c does for those
 * that it has. */
static void tell_failing(struct sctp_tcb *stcb, const struct sctp_nets *net) {
  struct sctp_paddr_change *change;
  struct sctp_queued_to_read *entry = NULL;
  if (netsctp__io_id(stcb->sctp_ep) == 0 || !netsctp__io_may_tell(stcb) ||
      (stcb->asoc.state & SCTP_STATE_CLOSED_SOCKET) ||
      sctp_stcb_is_feature_off(stcb->sctp_ep, stcb,
                               SCTP_PCB_FLAGS_RECVPADDREVNT))
    return;
  struct mbuf *m =
      sctp_get_mbuf_for_msg(sizeof *change, 0, M_NOWAIT, 1, MT_DATA);
  if (m == NULL)
    return;
  change = mtod(m, struct sctp_paddr_change *);
  *change = (struct sctp_paddr_change){
      .spc_type = SCTP_PEER_ADDR_CHANGE,
      .spc_length = sizeof *change,
      .spc_state = NETSCTP__POTENTIALLY_FAILED,
      .spc_assoc_id = sctp_get_associd(stcb),
  };
  memcpy(&change->spc_aaddr, &net->ro._l_addr, sizeof net->ro._l_addr);
  SCTP_BUF_LEN(m) = sizeof *change;
  entry = sctp_build_readq_entry(stcb, stcb->asoc.primary_destination, 0, 0,
                                 stcb->asoc.context, 0, 0, 0, m);
  if (entry == NULL) {
    sctp_m_freem(m);
    return;
  }
  entry->length = SCTP_BUF_LEN(m);
  entry->spec_flags = M_NOTIFICATION;
  entry->tail_mbuf = m;
  sctp_add_to_readq(stcb->sctp_ep, stcb, entry, &stcb->sctp_socket->so_rcv, 1,
                    SCTP_READ_LOCK_NOT_HELD, SCTP_SO_LOCKED);
}

/* One for all associations: whatever their congestion control, it is the same
 * function. */
static void (*update_window)(struct sctp_tcb *, struct sctp_nets *);

/* In place of that: a path is no longer potentially failed. */
static void recovered(struct sctp_tcb *stcb, struct sctp_nets *net) {
  struct sctp_nets *other;
  update_window(stcb, net);
  TAILQ_FOREACH(other, &stcb->asoc.nets, sctp_next)
  if ((other->dest_state & TOLD) && !(other->dest_state & SCTP_ADDR_PF)) {
    other->dest_state &= ~TOLD;
    sctp_ulp_notify(SCTP_NOTIFY_INTERFACE_UP, stcb, 0, other,
                    SCTP_SO_NOT_LOCKED);
  }
}

/* Whatever makes a path potentially failed asks there at once. */
void __wrap_sctp_send_hb(struct sctp_tcb *stcb, struct sctp_nets *net,
                         int is_locked) {
  __real_sctp_send_hb(stcb, net, is_locked);
  if (net == NULL || !(net->dest_state & SCTP_ADDR_REACHABLE) ||
      !(net->dest_state & SCTP_ADDR_PF))
    return;
  if (net->dest_state & TOLD)
    return;
  net->dest_state |= TOLD;
  if (stcb->asoc.cc_functions.sctp_cwnd_update_exit_pf != recovered)
    update_window = stcb->asoc.cc_functions.sctp_cwnd_update_exit_pf;
  stcb->asoc.cc_functions.sctp_cwnd_update_exit_pf = recovered;
  tell_failing(stcb, net);
}

void netsctp__io_path_failed(struct sctp_tcb *stcb, struct sctp_nets *net) {
  struct netsctp__socket *s =
      netsctp__stack_find(netsctp__io_id(stcb->sctp_ep));
  net->dest_state &= ~TOLD;
  if (s != NULL)
    s->may_be_cut_off = true;
}
