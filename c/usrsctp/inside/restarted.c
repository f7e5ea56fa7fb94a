/* Sending to a peer that has restarted (RFC 9260 section 5.2.4 action A).
 *
 * usrsctp gives back what was for its first life, and goes on as if that were
 * still on its way: a path whose congestion window was full never sends again,
 * as what would empty it is not there to be acknowledged; a fast recovery ends
 * with a TSN of the first life; a timer that runs for it is a fault of the
 * peer's. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctputil.h>

#include "usrsctp/inside/io.h"

/* With the congestion control of a new path. */
static void begin_path_again(struct sctp_tcb *stcb, struct sctp_nets *net) {
  sctp_timer_stop(SCTP_TIMER_TYPE_SEND, stcb->sctp_ep, stcb, net,
                  SCTP_FROM_SCTP_OUTPUT);
  stcb->asoc.cc_functions.sctp_set_initial_cc_param(stcb, net);
  net->flight_size = 0;
  net->partial_bytes_acked = 0;
  net->fast_retran_loss_recovery = 0;
  net->fast_retran_ip = 0;
  net->window_probe = 0;
}

static void begin_sending_again(struct sctp_tcb *stcb) {
  struct sctp_association *asoc = &stcb->asoc;
  struct sctp_nets *net;
  TAILQ_FOREACH(net, &asoc->nets, sctp_next)
  begin_path_again(stcb, net);
  asoc->sent_queue_retran_cnt = 0;
  asoc->fast_retran_loss_recovery = 0;
  asoc->overall_error_count = 0; /* it lives */
}

/* usrsctp calls it from another file for a restart alone. */
NETSCTP__WRAPS(sctp_report_all_outbound);
void __wrap_sctp_report_all_outbound(struct sctp_tcb *stcb, uint16_t error,
                                     int is_locked) {
  netsctp__io_tell_undelivered(stcb, error, is_locked);
  __real_sctp_report_all_outbound(stcb, error, is_locked);
  begin_sending_again(stcb);
}
