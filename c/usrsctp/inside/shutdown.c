/* Peers that shut down before all of their messages are here. See
 * usrsctp/inside/io.h.
 *
 * Who shuts down says that all of its data was acknowledged (RFC 9260 section
 * 9.2). usrsctp 0.9.5.0 believes it, and throws away without a word what it has
 * of a message whose rest never came, or that waits for one before it. Upstream
 * aborts since f4d39960, and so does this: the user learns that a message is
 * missing. One that is being delivered in parts is left to its reader, who sees
 * that it has no end. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include "usrsctp/inside/io.h"

/* Who may give messages up may have done so here: the FORWARD TSN that says it
 * can be lost, and is not sent again by all. */
static bool lacks_tsn(const struct sctp_association *asoc) {
  return !asoc->prsctp_supported &&
         (SCTP_TSN_GT(asoc->highest_tsn_inside_map, asoc->cumulative_tsn) ||
          SCTP_TSN_GT(asoc->highest_tsn_inside_nr_map, asoc->cumulative_tsn));
}

/* What a FORWARD TSN has emptied may still be in a queue. */
static bool has_part(const struct sctp_readhead *queue) {
  const struct sctp_queued_to_read *message;
  TAILQ_FOREACH(message, queue, next_instrm)
  if (!message->on_read_q &&
      (message->data != NULL || !TAILQ_EMPTY(&message->reasm)))
    return true;
  return false;
}

static bool has_part_of_message(const struct sctp_association *asoc) {
  for (unsigned i = 0; i < asoc->streamincnt; i++)
    if (has_part(&asoc->strmin[i].inqueue) ||
        has_part(&asoc->strmin[i].uno_inqueue))
      return true;
  return false;
}

/* In other states usrsctp ignores it. */
static bool is_acted_on(const struct sctp_tcb *stcb, uint8_t type) {
  const int state = SCTP_GET_STATE(stcb);
  if (stcb->asoc.state & SCTP_STATE_ABOUT_TO_BE_FREED)
    return false;
  if (type == SCTP_SHUTDOWN_ACK)
    return state == SCTP_STATE_SHUTDOWN_SENT ||
           state == SCTP_STATE_SHUTDOWN_ACK_SENT;
  return state != SCTP_STATE_EMPTY && state != SCTP_STATE_COOKIE_WAIT &&
         state != SCTP_STATE_COOKIE_ECHOED;
}

bool netsctp__io_shutdown_is_legal(struct sctp_tcb *stcb, uint8_t type) {
  if (!is_acted_on(stcb, type))
    return true;
  const bool lacks = lacks_tsn(&stcb->asoc);
  if (!lacks && !has_part_of_message(&stcb->asoc))
    return true;
  netsctp__io_abort(stcb, SCTP_CAUSE_PROTOCOL_VIOLATION,
                    lacks ? "SHUTDOWN, but a TSN is missing"
                          : "SHUTDOWN, but part of a message is missing");
  return false;
}
