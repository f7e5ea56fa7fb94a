/* What an ICMP error means for the association whose packet it quotes (RFC 9260
 * section 10), where SCTP travels in UDP (RFC 6951 section 5.5): "port
 * unreachable" is what "protocol unreachable" is elsewhere, the news that no
 * SCTP is there. What says that the way there is broken may pass, and is only
 * remembered. What is too big for a link is cut smaller. usrsctp's own code for
 * all this is left out of its userspace build. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctp_input.h>
#include <netinet/sctp_output.h>
#include <netinet/sctp_timer.h>
#include <netinet/sctputil.h>

#include <string.h>

#include "usrsctp/icmp.h"
#include "usrsctp/inside/io.h"
#include "usrsctp/inside/tags.h"
#include "usrsctp/stack.h"

/* The start of a packet of ours, as far as it matters here. */
struct quoted {
  struct sctphdr head;
  struct sctp_chunkhdr chunk;
  uint32_t initiate_tag;
};

static bool is_init(const struct quoted *quoted) {
  return quoted->head.v_tag == 0;
}

/* Whether the packet carries a tag that only we and the peer know: the peer's,
 * or in an INIT our own. */
static bool is_ours(const struct sctp_association *asoc,
                    const struct quoted *quoted, uint32_t length) {
  if (!is_init(quoted))
    return ntohl(quoted->head.v_tag) == asoc->peer_vtag;
  return length >= sizeof *quoted &&
         quoted->chunk.chunk_type == SCTP_INITIATION &&
         ntohl(quoted->initiate_tag) == asoc->my_vtag;
}

/* --------------------------------------------------- nobody is there */

struct sctp_nets *netsctp__io_other_path(struct sctp_tcb *stcb,
                                         const struct sctp_nets *refused) {
  const uint16_t unwanted = SCTP_GET_STATE(stcb) == SCTP_STATE_COOKIE_WAIT
                                ? 0
                                : SCTP_ADDR_UNCONFIRMED;
  struct sctp_nets *net;
  TAILQ_FOREACH(net, &stcb->asoc.nets, sctp_next)
  if (net != refused && (net->dest_state & SCTP_ADDR_REACHABLE) &&
      !(net->dest_state & unwanted))
    return net;
  return NULL;
}

/* As the T1 timer does it, but now. */
static void try_other(struct sctp_tcb *stcb, struct sctp_nets *refused,
                      struct sctp_nets *other) {
  if (stcb->asoc.primary_destination != refused)
    return;
  sctp_timer_stop(SCTP_TIMER_TYPE_INIT, stcb->sctp_ep, stcb, refused, 0);
  sctp_move_chunks_from_net(stcb, refused);
  stcb->asoc.primary_destination = other;
  sctp_send_initiate(stcb->sctp_ep, stcb, SCTP_SO_NOT_LOCKED);
}

/* The others are asked at once: if the peer is gone, it is so on all of them.
 * Who was never proved to be the peer gets no packets by that. */
static void ask_others(struct sctp_tcb *stcb) {
  struct sctp_nets *net;
  TAILQ_FOREACH(net, &stcb->asoc.nets, sctp_next)
  if ((net->dest_state & SCTP_ADDR_REACHABLE) &&
      !(net->dest_state & SCTP_ADDR_UNCONFIRMED))
    sctp_send_hb(stcb, net, SCTP_SO_NOT_LOCKED);
  sctp_chunk_output(stcb->sctp_ep, stcb, SCTP_OUTPUT_FROM_HB_TMR,
                    SCTP_SO_NOT_LOCKED);
}

/* Ends it as an ABORT of the peer's would: by one that says what it would have
 * to say. */
static void end(struct sctp_tcb *stcb, const struct netsctp__icmp_error *error,
                const struct quoted *quoted) {
  const struct {
    struct sctphdr head;
    struct sctp_chunkhdr abort;
  } packet = {
      .head = {.src_port = quoted->head.dest_port,
               .dest_port = quoted->head.src_port,
               .v_tag = htonl(stcb->asoc.my_vtag)},
      .abort = {.chunk_type = SCTP_ABORT_ASSOCIATION,
                .chunk_length = htons(sizeof packet.abort)},
  };
  netsctp__stack_refused(netsctp__io_id(stcb->sctp_ep),
                         netsctp__port(&error->peer),
                         SCTP_GET_STATE(stcb) != SCTP_STATE_COOKIE_WAIT);
  const uint32_t tag = stcb->asoc.my_vtag;
  netsctp__io_process((const uint8_t *)&packet, sizeof packet, &error->peer,
                      &error->local);
  netsctp__restart_ended(tag);
}

static void refuse(struct sctp_tcb *stcb, struct sctp_nets *net,
                   const struct netsctp__icmp_error *error,
                   const struct quoted *quoted) {
  const bool is_connecting = SCTP_GET_STATE(stcb) == SCTP_STATE_COOKIE_WAIT;
  /* Whoever is there was never proved to be the peer. */
  const bool is_foreign =
      !is_connecting && (net->dest_state & SCTP_ADDR_UNCONFIRMED);
  struct sctp_nets *other = netsctp__io_other_path(stcb, net);
  const bool is_news = net->dest_state & SCTP_ADDR_REACHABLE;
  if (other == NULL && !is_foreign) {
    end(stcb, error, quoted);
    return;
  }
  net->dest_state &= ~(SCTP_ADDR_REACHABLE | SCTP_ADDR_PF);
  if (is_connecting) {
    try_other(stcb, net, other);
  } else if (is_news) {
    sctp_ulp_notify(SCTP_NOTIFY_INTERFACE_DOWN, stcb, 0, net,
                    SCTP_SO_NOT_LOCKED);
    if (!is_foreign)
      ask_others(stcb);
  }
}

/* ------------------------------------------------------- packets too big */

/* What is on its way and too long goes out again at once, in fragments of IP;
 * what is cut from now on fits. */
static void shrink(struct sctp_tcb *stcb, const struct sctp_nets *net,
                   uint32_t mtu) {
  union netsctp__sockaddr peer = {0};
  memcpy(&peer, &net->ro._l_addr, sizeof peer);
  if (stcb->sctp_socket == NULL)
    return;
  netsctp__lower_mtu(stcb->sctp_socket, &peer, mtu);
  sctp_chunk_output(stcb->sctp_ep, stcb, SCTP_OUTPUT_FROM_T3,
                    SCTP_SO_NOT_LOCKED);
}

/* --------------------------------------------------------------- errors */

void netsctp__io_unreachable(const struct netsctp__icmp_error *error,
                             const uint8_t *bytes, uint32_t length) {
  struct quoted quoted = {0};
  struct sctp_nets *net = NULL;
  struct sctp_tcb *stcb = NULL;
  union netsctp__sockaddr local = error->local, peer = error->peer;
  memcpy(&quoted, bytes, length < sizeof quoted ? length : sizeof quoted);
  netsctp__set_port(&peer, ntohs(quoted.head.dest_port));
  netsctp__set_port(&local, ntohs(quoted.head.src_port));
  if (length >= sizeof quoted.head)
    stcb = netsctp__tags_find(&peer, &local, &net);
  /* An INIT that was answered since is no news any more. */
  if (stcb == NULL || net == NULL ||
      ntohs(net->port) != netsctp__port(&error->peer) ||
      !is_ours(&stcb->asoc, &quoted, length) ||
      (is_init(&quoted) && SCTP_GET_STATE(stcb) != SCTP_STATE_COOKIE_WAIT)) {
    NETSCTP__COUNT(icmp_ignored, 1);
    return;
  }
  NETSCTP__COUNT(icmp_taken, 1);
  const uint32_t id = netsctp__io_id(stcb->sctp_ep);
  struct netsctp__socket *socket = netsctp__stack_find(id);
  if (error->kind == NETSCTP__ICMP_PORT_UNREACHABLE)
    refuse(stcb, net, error, &quoted);
  else if (error->kind == NETSCTP__ICMP_TOO_BIG)
    shrink(stcb, net, error->mtu);
  else if (socket != NULL)
    socket->soft_error = error->error;
  netsctp__stack_touch(id);
}
