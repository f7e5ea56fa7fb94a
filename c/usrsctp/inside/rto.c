/* How long usrsctp waits for an answer, to begin with. See usrsctp/inside/io.h.
 *
 * A round trip is not to be measured by what may have been sent again (RFC 9260
 * section 6.3.1). usrsctp does so in the handshake: one packet lost there, and
 * the association waits for seconds, whenever another one is lost later. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctp_timer.h>
#include <netinet/sctputil.h>

#include "usrsctp/inside/io.h"

NETSCTP__WRAPS(sctp_calculate_rto);

/* Whether INIT was sent more than once: then a path has backed off. What paths
 * have backed off to in the handshake is then no longer theirs. */
static bool forget_handshake(struct sctp_association *asoc) {
  bool has_backed_off = false;
  struct sctp_nets *net;
  TAILQ_FOREACH(net, &asoc->nets, sctp_next)
  if (!net->RTO_measured && net->RTO != 0) {
    has_backed_off = true;
    net->RTO = 0; /* as at first: the initial one */
  }
  return has_backed_off;
}

/* As it was when its round trip was measured. */
static void forget_back_off(const struct sctp_association *asoc,
                            struct sctp_nets *net) {
  net->RTO = (uint32_t)(net->lastsa >> SCTP_RTT_SHIFT) + (uint32_t)net->lastsv;
  net->RTO = max(net->RTO, asoc->minrto);
  net->RTO = min(net->RTO, asoc->maxrto);
}

/* Newer sources of usrsctp do not measure a COOKIE ECHO that was sent again,
 * and leave it at that. */
void netsctp__io_handshake_ends(struct sctp_tcb *stcb) {
  struct sctp_nets *net;
  if (SCTP_GET_STATE(stcb) != SCTP_STATE_COOKIE_ECHOED)
    return;
  forget_handshake(&stcb->asoc);
  TAILQ_FOREACH(net, &stcb->asoc.nets, sctp_next)
  if (net->RTO_measured)
    forget_back_off(&stcb->asoc, net);
}

int __wrap_sctp_calculate_rto(struct sctp_tcb *stcb,
                              struct sctp_association *asoc,
                              struct sctp_nets *net, struct timeval *since,
                              int kind) {
  const struct netsctp__io_packet *packet = netsctp__io_packet();
  const bool is_control = kind == SCTP_RTT_FROM_NON_DATA && packet != NULL;
  switch (is_control ? packet->bytes[sizeof(struct sctphdr)] : SCTP_DATA) {
  case SCTP_INITIATION_ACK:
    if (forget_handshake(asoc))
      return 0;
    break;
  case SCTP_COOKIE_ECHO: /* one cannot see whether it is the first */
    forget_handshake(asoc);
    return 0;
  case SCTP_COOKIE_ACK: /* `since` is when the handshake began */
    return 0;
  default:
    break;
  }
  return __real_sctp_calculate_rto(stcb, asoc, net, since, kind);
}
