/* A peer that keeps its window closed is there (RFC 9260 section 6.1, A):
 * probes that it answers without taking them do not count as errors. usrsctp
 * counts each, and the short way of its SACKs takes none back, so that an
 * association whose reader had stopped for Association.Max.Retrans probes was
 * ended. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctp_indata.h>

#include "usrsctp/inside/io.h"

NETSCTP__WRAPS(sctp_express_handle_sack);
void __wrap_sctp_express_handle_sack(struct sctp_tcb *stcb, uint32_t cumack,
                                     uint32_t rwnd, int *abort_now,
                                     int ecne_seen) {
  struct sctp_association *asoc = &stcb->asoc;
  const bool takes_nothing = cumack == asoc->last_acked_seq;
  __real_sctp_express_handle_sack(stcb, cumack, rwnd, abort_now, ecne_seen);
  if (takes_nothing && !*abort_now && asoc->peers_rwnd == 0)
    asoc->overall_error_count = 0;
}
