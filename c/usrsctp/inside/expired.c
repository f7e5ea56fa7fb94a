/* Messages whose time to live is over before they were sent.
 *
 * usrsctp looks at the time of a message when it would send it again, so that
 * one that has waited for a window, for room, or for its turn goes out however
 * old it is. Here it is given up (RFC 3758 section 3.5): one that is still
 * whole in the queue of its stream without a trace, and one that was cut into
 * chunks, which have their TSNs, by a FORWARD TSN. Associations that never had
 * a message with a time to live are left alone. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctp_indata.h>
#include <netinet/sctp_output.h>
#include <netinet/sctputil.h>

#include "usrsctp/inside/io.h"
#include "usrsctp/stack.h"

extern const struct sctp_ss_functions sctp_ss_functions[];

/* As usrsctp compares it. */
static bool is_over(unsigned flags, const struct timeval *deadline) {
  struct timeval now;
  (void)SCTP_GETTIME_TIMEVAL(&now);
  return PR_SCTP_TTL_ENABLED(flags) && timercmp(&now, deadline, >);
}

static struct sctp_nets *way_of(const struct sctp_association *asoc) {
  return asoc->alternate != NULL ? asoc->alternate : asoc->primary_destination;
}

/* ------------------------------------------- messages that are still whole */

/* usrsctp ends a shutdown when a SACK has come for the last of the data, before
 * it looks for more to send: if that has expired, no SACK will come. */
static void go_on_with_shutdown(struct sctp_tcb *stcb) {
  struct sctp_association *asoc = &stcb->asoc;
  struct sctp_nets *way = way_of(asoc);
  const bool is_asked = SCTP_GET_STATE(stcb) == SCTP_STATE_SHUTDOWN_RECEIVED;
  if ((!is_asked && !(asoc->state & SCTP_STATE_SHUTDOWN_PENDING)) ||
      asoc->stream_queue_cnt > 0 || !TAILQ_EMPTY(&asoc->send_queue) ||
      !TAILQ_EMPTY(&asoc->sent_queue))
    return;
  SCTP_STAT_DECR_GAUGE32(sctps_currestab);
  SCTP_SET_STATE(stcb, is_asked ? SCTP_STATE_SHUTDOWN_ACK_SENT
                                : SCTP_STATE_SHUTDOWN_SENT);
  sctp_stop_timers_for_shutdown(stcb);
  if (is_asked)
    sctp_send_shutdown_ack(stcb, way);
  else
    sctp_send_shutdown(stcb, way);
  sctp_timer_start(is_asked ? SCTP_TIMER_TYPE_SHUTDOWNACK
                            : SCTP_TIMER_TYPE_SHUTDOWN,
                   stcb->sctp_ep, stcb, way);
  if (!is_asked)
    sctp_timer_start(SCTP_TIMER_TYPE_SHUTDOWNGUARD, stcb->sctp_ep, stcb, NULL);
}

static void drop(struct sctp_tcb *stcb, struct sctp_stream_out *stream,
                 struct sctp_stream_queue_pending *sp) {
  struct sctp_association *asoc = &stcb->asoc;
  asoc->abandoned_unsent[0]++;
  asoc->abandoned_unsent[PR_SCTP_POLICY(sp->act_flags)]++;
  stream->abandoned_unsent[0]++;
  netsctp__io_tell_waiting(stcb, sp);
  asoc->stream_queue_cnt--;
  TAILQ_REMOVE(&stream->outqueue, sp, next);
  asoc->ss_functions.sctp_ss_remove_from_stream(stcb, asoc, stream, sp, 1);
  if (stream->state == SCTP_STREAM_RESET_PENDING &&
      stream->chunks_on_queues == 0 && TAILQ_EMPTY(&stream->outqueue))
    asoc->trigger_reset = 1;
  if (sp->net != NULL)
    sctp_free_remote_addr(sp->net);
  sp->net = NULL;
  sctp_free_a_strmoq(stcb, sp, SCTP_SO_LOCKED);
}

static bool drop_expired(struct sctp_tcb *stcb,
                         struct sctp_stream_out *stream) {
  struct sctp_stream_queue_pending *message;
  bool has_dropped = false;
  while ((message = TAILQ_FIRST(&stream->outqueue)) != NULL &&
         stcb->sctp_socket != NULL && message->sender_all_done &&
         !message->some_taken && is_over(message->act_flags, &message->ts)) {
    drop(stcb, stream, message);
    has_dropped = true;
  }
  if (!has_dropped)
    return false;
  netsctp__stack_touch(netsctp__io_id(stcb->sctp_ep)); /* there is room */
  go_on_with_shutdown(stcb);
  return true;
}

/* In place of a scheduler's function: the stream whose turn it is. */
static struct sctp_stream_out *select_in_time(struct sctp_tcb *stcb,
                                              struct sctp_nets *net,
                                              struct sctp_association *asoc) {
  const struct sctp_ss_functions *theirs =
      &sctp_ss_functions[asoc->stream_scheduling_module];
  struct sctp_stream_out *stream;
  while ((stream = theirs->sctp_ss_select_stream(stcb, net, asoc)) != NULL &&
         asoc->prsctp_supported) {
    const bool has_dropped = drop_expired(stcb, stream);
    if (!TAILQ_EMPTY(&stream->outqueue))
      break;
    /* Without this the same empty stream has its turn for ever: usrsctp keeps
     * to the one whose message is begun, of which nothing may be left. */
    if (stream == asoc->ss_data.locked_on_sending)
      asoc->ss_data.locked_on_sending = NULL;
    else if (!has_dropped)
      return NULL;
  }
  return stream;
}

void netsctp__io_watch_expiry(struct socket *socket) {
  struct sctp_tcb *stcb = netsctp__io_association(socket);
  if (stcb != NULL)
    stcb->asoc.ss_functions.sctp_ss_select_stream = select_in_time;
}

/* ------------------------------------------------------ chunks with a TSN */

/* The first that is still here of the message of which some was sent, and not
 * all; NULL: there is no such message. */
static struct sctp_tmit_chunk *begun(struct sctp_association *asoc) {
  struct sctp_tmit_chunk *first = NULL, *sent;
  TAILQ_FOREACH_REVERSE(sent, &asoc->sent_queue, sctpchunk_listhead,
                        sctp_next) {
    if (first == NULL ? sent->rec.data.rcv_flags & SCTP_DATA_LAST_FRAG
                      : first->rec.data.rcv_flags & SCTP_DATA_FIRST_FRAG)
      break;
    if (sent->sent == SCTP_DATAGRAM_RESEND)
      sctp_ucount_decr(asoc->sent_queue_retran_cnt);
    first = sent;
  }
  return first;
}

/* What waits to be skipped by the peer is among what was sent. */
static void move_to_sent(struct sctp_association *asoc,
                         struct sctp_tmit_chunk *chunk) {
  TAILQ_REMOVE(&asoc->send_queue, chunk, sctp_next);
  asoc->send_queue_cnt--;
  TAILQ_INSERT_TAIL(&asoc->sent_queue, chunk, sctp_next);
  asoc->sent_queue_cnt++;
  chunk->sent = SCTP_DATAGRAM_ACKED; /* that is, not in flight */
  if (chunk->whoTo == NULL) {
    chunk->whoTo = way_of(asoc);
    atomic_add_int(&chunk->whoTo->ref_count, 1);
  }
}

static void give_up(struct sctp_tcb *stcb, struct sctp_tmit_chunk *chunk) {
  struct sctp_association *asoc = &stcb->asoc;
  struct sctp_tmit_chunk *first = begun(asoc);
  const uint32_t window = asoc->peers_rwnd;
  if (first != NULL) {
    sctp_release_pr_sctp_chunk(stcb, first, true, SCTP_SO_LOCKED);
    return;
  }
  move_to_sent(asoc, chunk);
  sctp_release_pr_sctp_chunk(stcb, chunk, false, SCTP_SO_LOCKED);
  asoc->peers_rwnd = window; /* it had taken nothing of it */
}

/* The rest of a message, which is not cut into chunks yet. */
static bool give_up_rest(struct sctp_tcb *stcb) {
  struct sctp_association *asoc = &stcb->asoc;
  const struct sctp_stream_out *stream = asoc->ss_data.locked_on_sending;
  const struct sctp_stream_queue_pending *rest =
      stream != NULL ? TAILQ_FIRST(&stream->outqueue) : NULL;
  struct sctp_tmit_chunk *first;
  if (rest == NULL || !rest->some_taken || rest->length == 0 ||
      !is_over(rest->act_flags, &rest->ts) || !TAILQ_EMPTY(&asoc->send_queue) ||
      (first = begun(asoc)) == NULL)
    return false;
  sctp_release_pr_sctp_chunk(stcb, first, true, SCTP_SO_LOCKED);
  return true;
}

/* The peer is to skip what was given up, if that is what comes next. */
static void tell_to_skip(struct sctp_tcb *stcb) {
  struct sctp_association *asoc = &stcb->asoc;
  const struct sctp_tmit_chunk *last =
      sctp_try_advance_peer_ack_point(stcb, asoc);
  if (!SCTP_TSN_GT(asoc->advanced_peer_ack_point, asoc->last_acked_seq))
    return;
  send_forward_tsn(stcb, asoc);
  while (last != NULL && last->whoTo == NULL)
    last = TAILQ_NEXT(last, sctp_next);
  if (last != NULL && !SCTP_OS_TIMER_PENDING(&last->whoTo->rxt_timer.timer))
    sctp_timer_start(SCTP_TIMER_TYPE_SEND, stcb->sctp_ep, stcb, last->whoTo);
}

/* Of the chunks that wait for a window, which are a packet's worth, those that
 * come first: the fragments of a message have to stay together. */
static void give_up_chunks(struct sctp_tcb *stcb) {
  struct sctp_association *asoc = &stcb->asoc;
  struct sctp_tmit_chunk *chunk;
  bool has_given_up = give_up_rest(stcb);
  while ((chunk = TAILQ_FIRST(&asoc->send_queue)) != NULL &&
         is_over(chunk->flags, &chunk->rec.data.timetodrop)) {
    give_up(stcb, chunk);
    has_given_up = true;
  }
  if (has_given_up)
    tell_to_skip(stcb);
}

NETSCTP__WRAPS(sctp_chunk_output);
void __wrap_sctp_chunk_output(struct sctp_inpcb *inp, struct sctp_tcb *stcb,
                              int from, int is_locked) {
  const struct sctp_association *asoc = &stcb->asoc;
  if (asoc->ss_functions.sctp_ss_select_stream == select_in_time &&
      asoc->prsctp_supported && !asoc->idata_supported)
    give_up_chunks(stcb);
  __real_sctp_chunk_output(inp, stcb, from, is_locked);
}
