/* A packet for an association, from another UDP port of the peer's address than
 * its path has.
 *
 * RFC 6951 section 5.4: the port is stored after the verification tag was
 * checked. usrsctp does it before, so that anybody could send our packets to
 * nowhere; here such a packet without the tag is dropped unseen.
 *
 * An INIT has no tag. It may be the peer, which has crashed and is back on a
 * UDP port of another number; or a stranger who shares its address, behind a
 * NAT or on the same host, and must not take over what is alive. So the port
 * that the path has is asked first, by a heartbeat, and the INIT waits. If ICMP
 * says that nobody is there any more the association is over, and the INIT
 * begins a new one. Else usrsctp refuses it, as it does without this. While
 * this side connects there is nothing to ask yet, and such an INIT is dropped.
 */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctp_output.h>
#include <netinet/sctputil.h>

#include <string.h>

#include "usrsctp/inside/io.h"
#include "usrsctp/inside/tags.h"
#include "usrsctp/stack.h"

/* How long the old port has to show that it is gone. */
#define ASKING_MS 1000

/* INITs that wait; one that finds no place is dropped, and comes again. */
#define WAITING 32
#define INIT_BYTES 1472

struct waiting {
  uint32_t tag; /* of the association it is for; 0: none */
  uint64_t until;
  unsigned arrival;
  union netsctp__sockaddr from, to;
  uint32_t length;
  uint8_t packet[INIT_BYTES];
};

static struct waiting waiting[WAITING];
static uint64_t first_until = UINT64_MAX;
static bool is_decided; /* the INIT in hand has waited */

uint64_t netsctp__restart_deadline(void) { return first_until; }

static struct waiting *find(uint32_t tag) {
  for (unsigned i = 0; i < WAITING; i++)
    if (waiting[i].tag == tag)
      return &waiting[i];
  return NULL;
}

static void find_deadline(void) {
  first_until = UINT64_MAX;
  for (unsigned i = 0; i < WAITING; i++)
    if (waiting[i].tag != 0 && waiting[i].until < first_until)
      first_until = waiting[i].until;
}

static void decide(struct waiting *init) {
  const struct waiting copy = *init;
  init->tag = 0;
  find_deadline();
  is_decided = true;
  netsctp__udp_arrival = copy.arrival;
  netsctp__io_process(copy.packet, copy.length, &copy.from, &copy.to);
  netsctp__udp_arrival = NETSCTP__UDP_PORTS;
  is_decided = false;
}

void netsctp__restart_ended(uint32_t tag) {
  struct waiting *init = tag == 0 ? NULL : find(tag);
  if (init != NULL)
    decide(init);
}

void netsctp__restart_expire(void) {
  if (netsctp__stack_now < first_until)
    return;
  for (unsigned i = 0; i < WAITING; i++)
    if (waiting[i].tag != 0 && waiting[i].until <= netsctp__stack_now)
      decide(&waiting[i]);
}

static void wait_for(struct sctp_tcb *stcb, struct sctp_nets *net,
                     const struct netsctp__io_packet *packet) {
  struct waiting *init = find(stcb->asoc.my_vtag);
  const bool is_asked = init != NULL;
  if (init == NULL)
    init = find(0);
  if (init == NULL) {
    NETSCTP__COUNT(unwanted_packets, 1); /* no place: it comes again */
    return;
  }
  if (!is_asked) {
    init->tag = stcb->asoc.my_vtag;
    init->until = netsctp__stack_now + ASKING_MS;
    sctp_send_hb(stcb, net, SCTP_SO_NOT_LOCKED);
    sctp_chunk_output(stcb->sctp_ep, stcb, SCTP_OUTPUT_FROM_HB_TMR,
                      SCTP_SO_NOT_LOCKED);
  }
  init->arrival = netsctp__udp_arrival;
  init->from = *packet->from;
  init->to = *packet->to;
  init->length = packet->length;
  memcpy(init->packet, packet->bytes, packet->length);
  find_deadline();
}

/* The association's own tag, or with the T bit the one that is the peer's. */
static bool has_tag(const struct sctp_association *asoc,
                    const struct sctphdr *head,
                    const struct sctp_chunkhdr *chunk) {
  const uint32_t tag = ntohl(head->v_tag);
  if (tag == asoc->my_vtag)
    return true;
  return (chunk->chunk_type == SCTP_ABORT_ASSOCIATION ||
          chunk->chunk_type == SCTP_SHUTDOWN_COMPLETE) &&
         (chunk->chunk_flags & SCTP_HAD_NO_TCB) && asoc->peer_vtag != 0 &&
         tag == asoc->peer_vtag;
}

static bool is_let_in(struct sctp_tcb *stcb, struct sctp_nets *net,
                      const struct sctphdr *head,
                      const struct sctp_chunkhdr *chunk) {
  const struct netsctp__io_packet *packet = netsctp__io_packet();
  if (packet == NULL || packet->udp_port == net->port)
    return true;
  if (chunk->chunk_type != SCTP_INITIATION)
    return has_tag(&stcb->asoc, head, chunk);
  if (is_decided || packet->length > INIT_BYTES)
    return true;
  /* Who is being connected to was named with its UDP port, and begins from
   * there if both sides begin at once. Whatever a NAT makes of its port, it
   * answers the INIT of this side, with the tag. */
  if (SCTP_GET_STATE(stcb) == SCTP_STATE_COOKIE_WAIT ||
      SCTP_GET_STATE(stcb) == SCTP_STATE_COOKIE_ECHOED)
    NETSCTP__COUNT(foreign_packets, 1);
  else
    wait_for(stcb, net, packet);
  return false;
}

/* ------------------------------------------------- where it is answered */

/* While an INIT is answered: whose primary path is another one, and which it
 * was. */
static struct {
  struct sctp_tcb *stcb;
  struct sctp_nets *primary;
} answered;

/* The answer goes to the address that the INIT came from (RFC 9260 section
 * 5.1). For an association that it has, usrsctp sends it to the primary path,
 * which may be the one that has failed. */
static void answer_at(struct sctp_tcb *stcb, struct sctp_nets *net,
                      struct sockaddr *from) {
  struct sctp_nets *primary = stcb->asoc.primary_destination;
  if (net == primary || sctp_findnet(stcb, from) != net)
    return;
  answered.stcb = stcb;
  answered.primary = primary;
  stcb->asoc.primary_destination = net;
}

void netsctp__restart_answered(void) {
  if (answered.stcb != NULL)
    answered.stcb->asoc.primary_destination = answered.primary;
  answered.stcb = NULL;
}

NETSCTP__WRAPS(sctp_findassociation_addr);
struct sctp_tcb *__wrap_sctp_findassociation_addr(
    struct mbuf *m, int offset, struct sockaddr *from, struct sockaddr *to,
    struct sctphdr *head, struct sctp_chunkhdr *chunk, struct sctp_inpcb **inp,
    struct sctp_nets **net, uint32_t vrf_id) {
  struct sctp_tcb *owner = netsctp__tags_owner(head);
  if (owner != NULL)
    to = netsctp__io_came_to(owner, to);
  struct sctp_tcb *stcb = __real_sctp_findassociation_addr(
      m, offset, from, to, head, chunk, inp, net, vrf_id);
  if (stcb == NULL && *inp == NULL && owner != NULL &&
      (chunk->chunk_type == SCTP_AUTHENTICATION ||
       chunk->chunk_type == SCTP_ASCONF)) {
    /* From an address that the peer has not told of yet, as an ASCONF may be,
     * which says whose it is. usrsctp would look no further than for a
     * listener, which need not have the address that this end has by now. */
    *inp = owner->sctp_ep;
    SCTP_INP_INCR_REF(*inp);
  }
  if (stcb == NULL || *net == NULL)
    return stcb;
  if (is_let_in(stcb, *net, head, chunk)) {
    if (chunk->chunk_type == SCTP_INITIATION)
      answer_at(stcb, *net, from);
    return stcb;
  }
  *inp = NULL;
  *net = NULL;
  /* Out of the blue, and of a kind that nobody answers. */
  chunk->chunk_type = SCTP_ABORT_ASSOCIATION;
  return NULL;
}
