/* What begins again with a peer that has restarted (RFC 9260 section 5.2.4
 * action A).
 *
 * Sending: usrsctp gives back what was for its first life, and goes on as if
 * that were still on its way: a path whose congestion window was full never
 * sends again, as what would empty it is not there to be acknowledged; a fast
 * recovery ends with a TSN of the first life; a timer that runs for it is a
 * fault of the peer's.
 *
 * Signatures: the keys are made of what both ends have said in this handshake
 * (RFC 4895 section 6.1). usrsctp goes on with what it has said itself in the
 * one before, so that nothing that either end signs is taken by the other; but
 * what somebody has recorded would be, if the peer's INIT is recorded, too. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctp_auth.h>
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

static const struct sctp_tcb *restarting;

/* Of what there is to make keys of, ours is in the INIT ACK, which the cookie
 * has behind the INIT. The keys that the user has set are not the handshake's:
 * usrsctp would take them from the endpoint, deleted ones as well. */
void netsctp__io_renew_keys(struct sctp_tcb *stcb, struct mbuf *m, int at) {
  struct sctp_init_ack_chunk buffer;
  const struct sctp_init_ack_chunk *init_ack =
      (void *)sctp_m_getptr(m, at, sizeof buffer, (uint8_t *)&buffer);
  const bool is_restart = stcb == restarting;
  restarting = NULL;
  if (!is_restart || init_ack == NULL || !stcb->asoc.auth_supported)
    return;
  struct sctp_keyhead *keys = &stcb->sctp_ep->sctp_ep.shared_keys;
  const struct sctp_keyhead kept = *keys;
  const uint16_t active = stcb->asoc.authinfo.active_keyid;
  LIST_INIT(keys);
  sctp_auth_get_cookie_params(stcb, m, (uint32_t)at + (uint32_t)sizeof buffer,
                              ntohs(init_ack->ch.chunk_length) -
                                  (uint32_t)sizeof buffer);
  *keys = kept;
  stcb->asoc.authinfo.active_keyid = active;
}

/* usrsctp calls it from another file for a restart alone. */
NETSCTP__WRAPS(sctp_report_all_outbound);
void __wrap_sctp_report_all_outbound(struct sctp_tcb *stcb, uint16_t error,
                                     int is_locked) {
  netsctp__io_tell_undelivered(stcb, error, is_locked);
  __real_sctp_report_all_outbound(stcb, error, is_locked);
  begin_sending_again(stcb);
  restarting = stcb;
}
