/* Messages that choose their destination (RFC 6458 section 5.3.4,
 * SCTP_ADDR_OVER). See usrsctp/inside/io.h.
 *
 * Asked which stream is the next to fill a packet for one path, usrsctp's
 * schedulers pass over those whose first message is for another one. Where that
 * is all there are, they look for ever. They do not look at paths where
 * concurrent multipath transfer may be on, of which this is all that they ask;
 * and chunks know their path themselves. So it may be on, and is off in each
 * socket. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_sysctl.h>

#include "usrsctp/inside/io.h"

NETSCTP__WRAPS(sctp_inpcb_alloc);
int __wrap_sctp_inpcb_alloc(struct socket *socket, uint32_t vrf) {
  SCTP_BASE_SYSCTL(sctp_cmt_on_off) = 1;
  const int result = __real_sctp_inpcb_alloc(socket, vrf);
  if (result == 0)
    ((struct sctp_inpcb *)socket->so_pcb)->sctp_cmt_on_off = 0;
  return result;
}
