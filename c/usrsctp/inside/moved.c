/* Data on its way where nobody is any more, as an address of either end has
 * gone (RFC 5061). See usrsctp/inside/io.h.
 *
 * usrsctp leaves it to the path that it was sent to. Where that is gone it is
 * sent there again until the association is aborted for it, or never: no timer
 * runs for it, and no gap in a SACK counts for a path that nothing new has been
 * acknowledged on. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctp_indata.h>
#include <netinet/sctp_output.h>
#include <netinet/sctputil.h>

#include "usrsctp/inside/io.h"

static void mark(struct sctp_tcb *stcb, struct sctp_tmit_chunk *chunk) {
  sctp_flight_size_decrease(chunk);
  sctp_total_flight_decrease(stcb, chunk);
  stcb->asoc.peers_rwnd +=
      chunk->send_size + SCTP_BASE_SYSCTL(sctp_peer_chunk_oh);
  chunk->sent = SCTP_DATAGRAM_RESEND;
  chunk->rec.data.doing_fast_retransmit = 0;
  chunk->whoTo->rto_needed |= chunk->do_rtt;
  chunk->do_rtt = 0; /* it would measure the two sendings as one */
  sctp_ucount_incr(stcb->asoc.sent_queue_retran_cnt);
}

/* All that was sent to a path, and is not acknowledged, is to be sent again: to
 * the other, which may be the same. */
static void move_sent(struct sctp_tcb *stcb, struct sctp_nets *from,
                      struct sctp_nets *to) {
  struct sctp_tmit_chunk *chunk;
  sctp_timer_stop(SCTP_TIMER_TYPE_SEND, stcb->sctp_ep, stcb, from,
                  SCTP_FROM_SCTP_OUTPUT);
  TAILQ_FOREACH(chunk, &stcb->asoc.sent_queue, sctp_next) {
    if (chunk->whoTo != from)
      continue;
    if (chunk->sent < SCTP_DATAGRAM_RESEND)
      mark(stcb, chunk);
    chunk->whoTo = to;
    atomic_add_int(&to->ref_count, 1);
    sctp_free_remote_addr(from);
  }
}

void netsctp__io_leave_path(struct sctp_tcb *stcb, struct sctp_nets *gone) {
  struct sctp_association *asoc = &stcb->asoc;
  struct sctp_nets *other =
      asoc->alternate != NULL ? asoc->alternate : asoc->primary_destination;
  if (other == NULL)
    return;
  move_sent(stcb, gone, other);
  sctp_move_chunks_from_net(stcb, gone);
}

void netsctp__io_leave_address(struct socket *socket) {
  struct sctp_tcb *stcb = netsctp__io_association(socket);
  struct sctp_nets *net;
  if (stcb == NULL)
    return;
  TAILQ_FOREACH(net, &stcb->asoc.nets, sctp_next) {
    /* The way is another one, of which nothing is known. */
    stcb->asoc.cc_functions.sctp_set_initial_cc_param(stcb, net);
    net->RTO = 0;
    net->error_count = 0;
    move_sent(stcb, net, net);
  }
  stcb->asoc.overall_error_count = 0;
}
