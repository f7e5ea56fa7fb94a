/* Data that waits while no path works.
 *
 * usrsctp hands data to paths that are reachable. Where none is, and nothing
 * that was sent before is left to be sent again (it was abandoned, or only
 * heartbeats went unanswered), the data waits for the next heartbeat that is
 * answered, which may be half a minute away or, without heartbeats, never. Here
 * heartbeats go on in its place as retransmissions would: at once, then at
 * the primary path's RTO, which doubles, and they count as those would. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctp_output.h>
#include <netinet/sctputil.h>

#include "usrsctp/inside/io.h"

static bool is_stuck(struct sctp_tcb *stcb) {
  const struct sctp_association *asoc = &stcb->asoc;
  struct sctp_nets *net;
  if (asoc->alternate != NULL || SCTP_GET_STATE(stcb) < SCTP_STATE_OPEN ||
      (asoc->stream_queue_cnt == 0 && TAILQ_EMPTY(&asoc->send_queue)))
    return false;
  TAILQ_FOREACH(net, &asoc->nets, sctp_next)
  if ((net->dest_state & SCTP_ADDR_REACHABLE) ||
      SCTP_OS_TIMER_PENDING(&net->rxt_timer.timer))
    return false;
  return true;
}

/* No more often than an answer can be given up. */
static bool awaits_answer(const struct sctp_association *asoc,
                          const struct sctp_nets *net) {
  const uint32_t patience = net->RTO != 0 ? net->RTO : asoc->initial_rto;
  struct timeval now, gone;
  if (net->hb_responded)
    return false;
  (void)SCTP_GETTIME_TIMEVAL(&now);
  timersub(&now, &net->last_sent_time, &gone);
  return (uint64_t)gone.tv_sec * 1000 + (uint64_t)gone.tv_usec / 1000 <
         patience;
}

/* Those of a path that is potentially failed come at its RTO, until it answers.
 */
static void hasten_heartbeats(struct sctp_tcb *stcb, struct sctp_nets *net) {
  if (net->dest_state & SCTP_ADDR_PF)
    return;
  net->dest_state |= SCTP_ADDR_PF;
  sctp_timer_stop(SCTP_TIMER_TYPE_HEARTBEAT, stcb->sctp_ep, stcb, net,
                  SCTP_FROM_SCTP_OUTPUT);
  sctp_timer_start(SCTP_TIMER_TYPE_HEARTBEAT, stcb->sctp_ep, stcb, net);
}

bool netsctp__io_ask_if_cut_off(struct socket *socket) {
  struct sctp_tcb *stcb = netsctp__io_association(socket);
  struct sctp_nets *net;
  bool has_asked = false;
  if (stcb == NULL)
    return false;
  TAILQ_FOREACH(net, &stcb->asoc.nets, sctp_next)
  if (net->dest_state & SCTP_ADDR_REACHABLE)
    return false;
  if (!is_stuck(stcb))
    return true;
  TAILQ_FOREACH(net, &stcb->asoc.nets, sctp_next) {
    if (net->dest_state & SCTP_ADDR_UNCONFIRMED)
      continue;
    if (!awaits_answer(&stcb->asoc, net)) {
      sctp_send_hb(stcb, net, SCTP_SO_LOCKED);
      has_asked = true;
    }
    if (net == stcb->asoc.primary_destination)
      hasten_heartbeats(stcb, net);
  }
  if (has_asked)
    sctp_chunk_output(stcb->sctp_ep, stcb, SCTP_OUTPUT_FROM_HB_TMR,
                      SCTP_SO_LOCKED);
  return true;
}
