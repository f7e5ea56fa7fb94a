/* See usrsctp/inside/tags.h. One of the files that see usrsctp's insides.
 *
 * usrsctp takes the UDP port of a packet for the path's before it has looked at
 * the tag, and lets packets end or restart an association in ways that leave
 * pointers to freed paths behind. What that is, and since when upstream has it
 * right, is in docs/decisions/0024-upstream-fixes.md. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctp_output.h>
#include <netinet/sctputil.h>

#include "usrsctp/inside/tags.h"

#include "shim/backend.h"
#include "usrsctp/inside/io.h"
#include "usrsctp/stack.h"

#define MOST_HELD 256
/* As many ASCONFs as a packet can have: their answers are kept for when the
 * packet comes again. */
#define MOST_ANSWERS 128

/* Of the packet that the stack has now. */
static struct {
  struct sctp_inpcb *inp; /* held, while an association is watched */
  struct sctp_tcb *stcb;
  uint32_t tag;
  struct sctp_nets *claimed; /* the path whose UDP port it must not change */
  uint16_t port;
  struct sctp_nets *held[MOST_HELD];
  unsigned held_count;
  bool skips;
  bool has_asconf;
} now;

/* ------------------------------------------------------------ whose it is */

struct sctp_tcb *netsctp__tags_owner(const struct sctphdr *head) {
  const uint32_t tag = ntohl(head->v_tag);
  struct sctp_tcb *stcb;
  LIST_FOREACH(
      stcb,
      &SCTP_BASE_INFO(
          sctp_asochash)[SCTP_PCBHASH_ASOC(tag, SCTP_BASE_INFO(hashasocmark))],
      sctp_asocs)
  if (stcb->asoc.my_vtag == tag && stcb->rport == head->src_port &&
      stcb->sctp_ep->sctp_lport == head->dest_port)
    return stcb;
  return NULL;
}

struct sctp_tcb *netsctp__tags_find(union netsctp__sockaddr *from,
                                    union netsctp__sockaddr *to,
                                    struct sctp_nets **net) {
  struct sctp_inpcb *inp = NULL;
  struct sctp_tcb *stcb = sctp_findassociation_addr_sa(
      &from->any, &to->any, &inp, net, 1, SCTP_DEFAULT_VRFID);
  if (stcb == NULL && inp != NULL)
    SCTP_INP_DECR_REF(inp);
  return stcb;
}

/* Section 8.5.1: what an association takes that does not bear its tag. */
static bool is_exception(const struct sctp_tcb *stcb,
                         const struct sctphdr *head,
                         const struct sctp_chunkhdr *chunk) {
  switch (chunk->chunk_type) {
  case SCTP_COOKIE_ECHO: /* the peer restarted: the cookie says if it did */
    return true;
  case SCTP_SHUTDOWN_ACK: /* of an earlier association: it is told so */
    return SCTP_GET_STATE(stcb) == SCTP_STATE_COOKIE_WAIT ||
           SCTP_GET_STATE(stcb) == SCTP_STATE_COOKIE_ECHOED;
  case SCTP_ABORT_ASSOCIATION:
  case SCTP_SHUTDOWN_COMPLETE:
  case SCTP_PACKET_DROPPED: /* the peer reflects its own */
    return (chunk->chunk_flags & SCTP_HAD_NO_TCB) &&
           stcb->asoc.peer_vtag != 0 &&
           ntohl(head->v_tag) == stcb->asoc.peer_vtag;
  default:
    return false;
  }
}

/* ----------------------------------------------------- around the packet */

static void watch(struct sctp_tcb *stcb) {
  now.stcb = stcb;
  now.tag = stcb->asoc.my_vtag;
  now.inp = stcb->sctp_ep;
  SCTP_INP_INCR_REF(now.inp);
}

/* A path that the packet removes stays in memory until it is through: usrsctp
 * goes on with the one that it arrived on. */
static void hold_paths(void) {
  struct sctp_nets *net;
  TAILQ_FOREACH(net, &now.stcb->asoc.nets, sctp_next) {
    if (now.held_count == MOST_HELD)
      break;
    atomic_add_int(&net->ref_count, 1);
    now.held[now.held_count++] = net;
  }
}

/* By its new tag, it is one that has restarted. */
void netsctp__tags_hold(struct sctp_tcb *stcb) {
  if (now.inp != NULL)
    return;
  watch(stcb);
  now.tag = 0;
  hold_paths();
}

void netsctp__tags_keep_port(struct sctp_nets *net) {
  now.claimed = net;
  now.port = net->port;
}

/* A whole unordered message whose TSN is 0 is taken for the rest of one of
 * which no beginning has come, as that counts from -1. */
static void let_tsn_zero_in(const struct sctp_tcb *stcb, uint16_t sid) {
  struct sctp_queued_to_read *control;
  if (stcb->asoc.idata_supported || sid >= stcb->asoc.streamincnt)
    return;
  TAILQ_FOREACH(control, &stcb->asoc.strmin[sid].uno_inqueue, next_instrm)
  if (!control->first_frag_seen && control->fsn_included == UINT32_MAX)
    control->fsn_included = INT32_MAX; /* overwritten by the beginning's */
}

bool netsctp__tags_admit(const uint8_t *packet, uint32_t length,
                         const struct netsctp__judgement *judgement,
                         union netsctp__sockaddr *from,
                         union netsctp__sockaddr *to) {
  const struct sctphdr *head = (const void *)packet;
  const struct sctp_chunkhdr *chunk = (const void *)(head + 1);
  if (chunk->chunk_type == SCTP_INITIATION)
    return true;
  struct sctp_tcb *stcb = netsctp__tags_owner(head);
  if (stcb == NULL) {
    struct sctp_nets *net = NULL;
    if (chunk->chunk_type == SCTP_INITIATION_ACK) {
      NETSCTP__COUNT(foreign_packets, 1);
      return false;
    }
    stcb = netsctp__tags_find(from, to, &net);
    if (stcb == NULL)
      return true; /* out of the blue, or a new one's COOKIE ECHO */
    if (!is_exception(stcb, head, chunk)) {
      NETSCTP__COUNT(foreign_packets, 1);
      return false;
    }
    /* Whatever follows in the packet proves nothing either. */
    watch(stcb);
    now.claimed = net;
    now.port = net == NULL ? 0 : net->port;
    if (judgement->changes_paths)
      hold_paths();
    return true;
  }
  if (chunk->chunk_type == SCTP_INITIATION_ACK && /* section 5.2.3 */
      SCTP_GET_STATE(stcb) != SCTP_STATE_COOKIE_WAIT) {
    NETSCTP__COUNT(unwanted_packets, 1);
    return false;
  }
  if (judgement->has_cookie_ack)
    netsctp__io_handshake_ends(stcb);
  /* What it gives up in the same packet is not missing. */
  if (judgement->shutdown != 0 && !judgement->skips &&
      !netsctp__io_shutdown_is_legal(stcb, judgement->shutdown))
    return false;
  if (judgement->changes_paths || judgement->skips)
    watch(stcb);
  if (judgement->changes_paths)
    hold_paths();
  now.skips = judgement->skips;
  now.has_asconf = judgement->has_asconf;
  if (judgement->tsn_zero_stream >= 0)
    let_tsn_zero_in(stcb, (uint16_t)judgement->tsn_zero_stream);
  struct netsctp__socket *s =
      netsctp__stack_find(netsctp__io_id(stcb->sctp_ep));
  if (s != NULL)
    netsctp__tally_in(&s->tally, packet, length);
  return true;
}

static bool is_alive(void) {
  struct sctp_tcb *stcb;
  LIST_FOREACH(stcb, &now.inp->sctp_asoc_list, sctp_tcblist)
  if (stcb == now.stcb)
    return true;
  return false;
}

static bool has_path(const struct sctp_association *asoc,
                     const struct sctp_nets *wanted) {
  const struct sctp_nets *net;
  TAILQ_FOREACH(net, &asoc->nets, sctp_next)
  if (net == wanted)
    return true;
  return false;
}

/* Who has gone may still be waited for, by a timer or by a chunk that was sent
 * to it. From there usrsctp goes on to the next path in the list, as it was
 * when this one left it: to what may have been freed since. Nor are heartbeats
 * for it, which a restart does not stop. */
static void cut_off(struct sctp_nets *net) {
  net->sctp_next.tqe_next = NULL;
  sctp_timer_stop(SCTP_TIMER_TYPE_HEARTBEAT, now.inp, now.stcb, net, 0);
  netsctp__io_leave_path(now.stcb, net);
}

/* usrsctp forgets answers only at the first ASCONF of a packet, and sends all
 * that it has: a peer whose packets begin with an old one would have it keep,
 * and send, ever more of them. */
static void forget_answers(struct sctp_association *asoc) {
  struct sctp_asconf_ack *answer;
  unsigned count = 0;
  TAILQ_FOREACH(answer, &asoc->asconf_ack_sent, next)
  count++;
  for (; count > MOST_ANSWERS; count--) {
    answer = TAILQ_FIRST(&asoc->asconf_ack_sent);
    TAILQ_REMOVE(&asoc->asconf_ack_sent, answer, next);
    if (answer->data != NULL)
      sctp_m_freem(answer->data);
    SCTP_ZONE_FREE(SCTP_BASE_INFO(ipi_zone_asconf_ack), answer);
  }
}

/* Paths that have gone are not for a SACK to be sent to later. */
static void forget_paths(struct sctp_association *asoc) {
  if (!has_path(asoc, asoc->last_data_chunk_from))
    asoc->last_data_chunk_from = TAILQ_FIRST(&asoc->nets);
  if (!has_path(asoc, asoc->last_control_chunk_from))
    asoc->last_control_chunk_from = NULL;
  if (!has_path(asoc, asoc->last_net_cmt_send_started))
    asoc->last_net_cmt_send_started = NULL;
  if (asoc->alternate != NULL && !has_path(asoc, asoc->alternate)) {
    sctp_free_remote_addr(asoc->alternate);
    asoc->alternate = NULL;
  }
}

/* A restart throws the requests away that were on their way to the peer, and
 * still knows the last of them. */
static void forget_requests(struct sctp_association *asoc) {
  const struct sctp_tmit_chunk *chunk;
  bool is_there = false;
  asoc->ctrl_queue_cnt = 0;
  TAILQ_FOREACH(chunk, &asoc->control_send_queue, sctp_next) {
    is_there |= chunk == asoc->str_reset;
    asoc->ctrl_queue_cnt++;
  }
  if (asoc->str_reset != NULL && !is_there) {
    asoc->str_reset = NULL;
    asoc->stream_reset_outstanding = 0;
  }
}

/* FORWARD TSN drops what was there of an unordered message. If it is the middle
 * of it, the rest would be put behind nothing. */
static void begin_dropped_messages_again(const struct sctp_association *asoc) {
  struct sctp_queued_to_read *control;
  for (unsigned i = 0; i < asoc->streamincnt; i++)
    TAILQ_FOREACH(control, &asoc->strmin[i].uno_inqueue, next_instrm)
  if (control->first_frag_seen && control->data == NULL &&
      !control->on_read_q) {
    control->fsn_included = UINT32_MAX;
    control->first_frag_seen = 0;
    control->last_frag_seen = 0;
  }
}

void netsctp__tags_settle(void) {
  if (now.inp == NULL)
    return;
  if (is_alive()) {
    struct sctp_association *asoc = &now.stcb->asoc;
    if (asoc->my_vtag != now.tag)
      forget_requests(asoc);
    else if (now.claimed != NULL && has_path(asoc, now.claimed))
      now.claimed->port = now.port;
    if (now.held_count > 0)
      forget_paths(asoc);
    bool is_less = false;
    for (unsigned i = 0; i < now.held_count; i++)
      if (!has_path(asoc, now.held[i])) {
        cut_off(now.held[i]);
        is_less = true;
      }
    if (now.has_asconf)
      forget_answers(asoc);
    if (now.skips && !asoc->idata_supported)
      begin_dropped_messages_again(asoc);
    if (is_less) /* and that may end it */
      sctp_chunk_output(now.inp, now.stcb, SCTP_OUTPUT_FROM_T3,
                        SCTP_SO_NOT_LOCKED);
  }
  while (now.held_count > 0) {
    struct sctp_nets *net = now.held[--now.held_count]; /* it is a macro */
    sctp_free_remote_addr(net);
  }
  SCTP_INP_DECR_REF(now.inp);
  now.inp = NULL;
  now.claimed = NULL;
  now.skips = false;
  now.has_asconf = false;
}
