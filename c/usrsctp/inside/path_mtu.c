/* What an association makes of how large the packets of its paths may be. See
 * usrsctp/inside/io.h. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include "usrsctp/inside/io.h"

void netsctp__io_find_smallest_mtu(struct socket *socket) {
  struct sctp_tcb *stcb = netsctp__io_association(socket);
  if (stcb == NULL)
    return;
  uint32_t smallest = UINT16_MAX;
  struct sctp_nets *net;
  TAILQ_FOREACH(net, &stcb->asoc.nets, sctp_next)
  if (net->mtu < smallest)
    smallest = net->mtu;
  stcb->asoc.smallest_mtu = smallest;
}

void netsctp__io_use_path_mtu(struct socket *socket) {
  struct sctp_tcb *stcb = netsctp__io_association(socket);
  if (stcb == NULL || stcb->asoc.total_flight != 0)
    return;
  netsctp__io_find_smallest_mtu(socket);
  struct sctp_nets *net;
  TAILQ_FOREACH(net, &stcb->asoc.nets, sctp_next)
  stcb->asoc.cc_functions.sctp_set_initial_cc_param(stcb, net);
}
