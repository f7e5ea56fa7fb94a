/* How many notifications may wait for a user who does not read.
 *
 * A peer causes them at will, 128 by one small packet, and no window closes for
 * them as one does for data. usrsctp keeps them all: whoever is connected to a
 * socket that is paused could fill the memory of its process. Here those beyond
 * the room that they have are dropped. What says that the association has begun
 * or ended, or that a message was not sent, never is. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctputil.h>

#include "usrsctp/inside/io.h"

/* This is beside the room for data, and for more than a thousand of them. */
#define ROOM_BYTES (256u * 1024u)

static bool is_at_will(uint32_t notification) {
  switch (notification) {
  case SCTP_NOTIFY_REMOTE_ERROR:
  case SCTP_NOTIFY_ASCONF_ADD_IP:
  case SCTP_NOTIFY_ASCONF_DELETE_IP:
  case SCTP_NOTIFY_ASCONF_SET_PRIMARY:
  case SCTP_NOTIFY_INTERFACE_CONFIRMED:
  case SCTP_NOTIFY_INTERFACE_UP:
  case SCTP_NOTIFY_INTERFACE_DOWN:
    return true;
  default:
    return false;
  }
}

/* Buffers are counted, as the bytes in them are few. */
bool netsctp__io_may_tell(const struct sctp_tcb *stcb) {
  const struct socket *socket = stcb->sctp_socket;
  return socket == NULL ||
         socket->so_rcv.sb_mbcnt < SCTP_SB_LIMIT_RCV(socket) + ROOM_BYTES;
}

NETSCTP__WRAPS(sctp_ulp_notify);
void __wrap_sctp_ulp_notify(uint32_t notification, struct sctp_tcb *stcb,
                            uint32_t error, void *data, int is_locked) {
  if (stcb != NULL && notification == SCTP_NOTIFY_INTERFACE_DOWN)
    netsctp__io_path_failed(stcb, data);
  if (notification == SCTP_NOTIFY_ASCONF_DELETE_IP &&
      !netsctp__io_has_removed())
    return;
  if (stcb == NULL || !is_at_will(notification) || netsctp__io_may_tell(stcb))
    __real_sctp_ulp_notify(notification, stcb, error, data, is_locked);
}
