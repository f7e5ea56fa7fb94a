/* Messages that were not delivered are all given back to their sender.
 *
 * usrsctp drops such a message where what the peer has sent fills the receive
 * buffer, and those that wait for their turn come back as ordered ones. So they
 * are told of here, ahead of usrsctp, which finds nothing to tell then. Each of
 * them has found room once, in the send buffer: that is the limit. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctputil.h>

#include "usrsctp/inside/io.h"

/* Notifications find room, however full the receive buffer is. Returns its
 * limit, for lower_limit(). */
static u_int lift_limit(struct sctp_tcb *stcb) {
  const u_int most = stcb->sctp_socket->so_rcv.sb_hiwat;
  stcb->sctp_socket->so_rcv.sb_hiwat = INT_MAX;
  return most;
}

static void lower_limit(struct sctp_tcb *stcb, u_int most) {
  stcb->sctp_socket->so_rcv.sb_hiwat = most;
}

/* One whose memory the notification takes over; it is freed if there is none.
 */
static void tell(struct sctp_tcb *stcb, uint32_t notification, uint32_t error,
                 void *message, struct mbuf **data, int is_locked) {
  sctp_ulp_notify(notification, stcb, error, message, is_locked);
  if (*data != NULL)
    sctp_m_freem(*data);
  *data = NULL;
}

static void tell_chunks(struct sctp_tcb *stcb, struct sctpchunk_listhead *queue,
                        uint32_t notification, uint32_t error, int is_locked) {
  struct sctp_tmit_chunk *chunk;
  TAILQ_FOREACH(chunk, queue, sctp_next) {
    if (chunk->data == NULL)
      continue;
    sctp_free_bufspace(stcb, &stcb->asoc, chunk, 1);
    tell(stcb, notification, error, chunk, &chunk->data, is_locked);
  }
}

/* What was told last is of an unordered message. */
static void mark_unordered(struct sctp_tcb *stcb) {
  const struct sctp_queued_to_read *last =
      TAILQ_LAST(&stcb->sctp_ep->read_queue, sctp_readhead);
  if (last == NULL || !(last->spec_flags & M_NOTIFICATION))
    return;
  struct sctp_send_failed_event *told =
      mtod(last->data, struct sctp_send_failed_event *);
  if (told->ssfe_type == SCTP_SEND_FAILED_EVENT)
    told->ssfe_info.snd_flags |= SCTP_DATA_UNORDERED;
}

/* A message that was not cut into chunks yet, or the rest of one that was. */
static void tell_rest(struct sctp_tcb *stcb,
                      struct sctp_stream_queue_pending *message, uint32_t error,
                      int is_locked) {
  if (message->data == NULL)
    return;
  sctp_free_spbufspace(stcb, &stcb->asoc, message);
  tell(stcb, SCTP_NOTIFY_SPECIAL_SP_FAIL, error, message, &message->data,
       is_locked);
  message->tail_mbuf = NULL;
  message->length = 0;
  if (message->sinfo_flags & SCTP_UNORDERED)
    mark_unordered(stcb);
}

static void tell_waiting(struct sctp_tcb *stcb, struct sctp_stream_out *stream,
                         uint32_t error, int is_locked) {
  struct sctp_stream_queue_pending *message;
  TAILQ_FOREACH(message, &stream->outqueue, next)
  tell_rest(stcb, message, error, is_locked);
}

void netsctp__io_tell_undelivered(struct sctp_tcb *stcb, uint32_t error,
                                  int is_locked) {
  if (stcb == NULL || stcb->sctp_socket == NULL ||
      stcb->asoc.state & SCTP_STATE_ABOUT_TO_BE_FREED ||
      stcb->asoc.state & SCTP_STATE_CLOSED_SOCKET ||
      stcb->sctp_ep->sctp_flags &
          (SCTP_PCB_FLAGS_SOCKET_GONE | SCTP_PCB_FLAGS_SOCKET_ALLGONE))
    return;
  struct sctp_association *association = &stcb->asoc;
  const u_int most = lift_limit(stcb);
  tell_chunks(stcb, &association->sent_queue, SCTP_NOTIFY_SENT_DG_FAIL, error,
              is_locked);
  tell_chunks(stcb, &association->send_queue, SCTP_NOTIFY_UNSENT_DG_FAIL, error,
              is_locked);
  for (unsigned i = 0; i < association->streamoutcnt; i++)
    tell_waiting(stcb, &association->strmout[i], error, is_locked);
  lower_limit(stcb, most);
}

/* What of a message was not cut into chunks yet: usrsctp would throw it away.
 */
static struct sctp_stream_queue_pending *
rest_behind(struct sctp_tcb *stcb, const struct sctp_tmit_chunk *chunk) {
  struct sctp_stream_queue_pending *first =
      TAILQ_FIRST(&stcb->asoc.strmout[chunk->rec.data.sid].outqueue);
  return first != NULL && first->some_taken && !first->discard_rest ? first
                                                                    : NULL;
}

/* One that is given up. */
NETSCTP__WRAPS(sctp_release_pr_sctp_chunk);
int __wrap_sctp_release_pr_sctp_chunk(struct sctp_tcb *stcb,
                                      struct sctp_tmit_chunk *chunk,
                                      uint8_t is_sent, int is_locked) {
  if (stcb->sctp_socket == NULL)
    return __real_sctp_release_pr_sctp_chunk(stcb, chunk, is_sent, is_locked);
  const u_int most = lift_limit(stcb);
  struct sctp_stream_queue_pending *rest = rest_behind(stcb, chunk);
  struct mbuf *kept = NULL;
  if (rest != NULL) {
    kept = rest->data;
    rest->data = NULL;
  }
  const int freed =
      __real_sctp_release_pr_sctp_chunk(stcb, chunk, is_sent, is_locked);
  if (rest != NULL)
    rest->data = kept;
  if (rest != NULL && rest->discard_rest) /* it was this message's */
    tell_rest(stcb, rest, 0, is_locked);
  lower_limit(stcb, most);
  return freed;
}

/* One that is given up before any of it was cut into a chunk. */
void netsctp__io_tell_waiting(struct sctp_tcb *stcb,
                              struct sctp_stream_queue_pending *message) {
  const u_int most = lift_limit(stcb);
  tell_rest(stcb, message, 0, SCTP_SO_LOCKED);
  lower_limit(stcb, most);
}
