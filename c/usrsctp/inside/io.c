/* The way into usrsctp: numbers, and deferred work. See usrsctp/inside/io.h,
 * and usrsctp/inside/README.md for __wrap_. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctp_bsd_addr.h>
#include <netinet/sctp_indata.h>
#include <netinet/sctp_output.h>
#include <netinet/sctputil.h>

#include "usrsctp/inside/io.h"
#include "usrsctp/stack.h"
#include "usrsctp/udp.h"

static bool has_iterator_work;

/* --------------------------------------------------------------- sockets */

uint32_t netsctp__io_id(const struct sctp_inpcb *inp) {
  const uint32_t gone =
      SCTP_PCB_FLAGS_SOCKET_GONE | SCTP_PCB_FLAGS_SOCKET_ALLGONE;
  if (inp == NULL || (inp->sctp_flags & gone) || inp->sctp_socket == NULL)
    return 0;
  return (uint32_t)(uintptr_t)inp->sctp_socket->so_upcallarg;
}

struct sctp_tcb *netsctp__io_association(struct socket *socket) {
  struct sctp_inpcb *inp = socket->so_pcb;
  return inp == NULL ? NULL : LIST_FIRST(&inp->sctp_asoc_list);
}

uint32_t netsctp__io_associations(void) {
  return SCTP_BASE_INFO(ipi_count_asoc);
}

bool netsctp__io_has_room(struct socket *socket, uint32_t length) {
  const struct sctp_tcb *stcb = netsctp__io_association(socket);
  if (stcb == NULL)
    return true; /* it has ended: a send will say so */
  const struct sctp_association *asoc = &stcb->asoc;
  /* The test of sctp_lower_sosend(), and a quarter of the buffer on top, so
   * that a full buffer does not make a wake of every acknowledged packet. */
  const uint32_t limit = SCTP_SB_LIMIT_SND(socket);
  const uint32_t headers =
      asoc->chunks_on_out_queue * SCTP_DATA_CHUNK_OVERHEAD(stcb);
  const uint32_t queued = asoc->total_output_queue_size > headers
                              ? asoc->total_output_queue_size - headers
                              : 0;
  uint32_t wanted = length > limit / 4 ? length : limit / 4;
  const uint32_t max_chunks = SCTP_BASE_SYSCTL(sctp_max_chunks_on_queue);
  return queued + wanted + asoc->sb_send_resv <= limit &&
         asoc->chunks_on_out_queue <= max_chunks - max_chunks / 4;
}

bool netsctp__io_is_cut(struct socket *socket) {
  const struct sctp_inpcb *inp = (const struct sctp_inpcb *)socket->so_pcb;
  if (inp == NULL)
    return false;
  const struct sctp_queued_to_read *next = TAILQ_FIRST(&inp->read_queue);
  /* Of these nothing is left: sctp_sorecvmsg() passes them over. */
  while (next != NULL && next->length == 0 && next->end_added)
    next = TAILQ_NEXT(next, next);
  return next != NULL && next->pdapi_aborted;
}

/* In the places that Linux has for them in sctpi_peer_capable. */
static uint32_t capabilities_of(const struct sctp_association *asoc) {
  uint32_t bits = asoc->idata_supported;
  bits = bits << 1 | asoc->ecn_supported;
  bits = bits << 1 | asoc->scope.ipv4_addr_legal;
  bits = bits << 1 | asoc->scope.ipv6_addr_legal;
  bits = bits << 1 | asoc->reconfig_supported;
  bits = bits << 1 | asoc->asconf_supported;
  bits = bits << 1 | asoc->prsctp_supported;
  return bits << 1 | asoc->auth_supported;
}

uint32_t netsctp__io_outstanding(struct socket *socket) {
  const struct sctp_tcb *stcb = netsctp__io_association(socket);
  if (stcb == NULL)
    return 0;
  /* A probe of a closed window goes back among what was not sent. */
  return stcb->asoc.sent_queue_cnt + stcb->asoc.send_queue_cnt +
         stcb->asoc.stream_queue_cnt;
}

/* The limit in chunks leaves out what was not cut into chunks yet, and that in
 * bytes would be a million: so as many as wait just now, and at least as many
 * as there may be chunks, for streams that overtake others. */
uint32_t netsctp__io_most_held(struct socket *socket) {
  const uint32_t waiting = netsctp__io_outstanding(socket) + 1;
  const uint32_t chunks = SCTP_BASE_SYSCTL(sctp_max_chunks_on_queue);
  return waiting > chunks ? waiting : chunks;
}

/* What was acknowledged, cumulatively or ahead of a gap, is a number of chunks
 * that only grows. The clock stands for a window that is closed. */
uint32_t netsctp__io_acknowledged(struct socket *socket) {
  const struct sctp_tcb *stcb = netsctp__io_association(socket);
  if (stcb == NULL)
    return 0;
  uint32_t count = stcb->asoc.last_acked_seq;
  const struct sctp_tmit_chunk *chunk;
  TAILQ_FOREACH(chunk, &stcb->asoc.sent_queue, sctp_next)
  count += chunk->sent > SCTP_DATAGRAM_RESEND;
  return stcb->asoc.peers_rwnd == 0 ? count + (uint32_t)netsctp__stack_now
                                    : count;
}

bool netsctp__io_status(struct socket *socket, struct netsctp_status *out) {
  struct sctp_tcb *stcb = netsctp__io_association(socket);
  if (stcb == NULL)
    return false;
  struct sctp_association *asoc = &stcb->asoc;
  const struct sctp_queued_to_read *message;
  out->tag = asoc->my_vtag;
  out->rwnd = sctp_calc_rwnd(stcb, asoc);
  TAILQ_FOREACH(message, &stcb->sctp_ep->read_queue, next)
  out->incoming_queue++;
  out->outgoing_queue = asoc->send_queue_cnt + asoc->stream_queue_cnt;
  out->overall_error = asoc->overall_error_count;
  out->max_burst = asoc->max_burst;
  /* 0 is newer sources' word for no limit. */
  out->max_segment = asoc->sctp_frag_point ? asoc->sctp_frag_point : 65535;
  out->peer_tag = asoc->peer_vtag;
  out->peer_capabilities = capabilities_of(asoc);
  out->peer_sack = (uint32_t)(asoc->send_sack != 0) << 2;
  return true;
}

bool netsctp__io_is_ipv6(const struct socket *socket) {
  const struct sctp_inpcb *inp = socket->so_pcb;
  return inp != NULL && (inp->sctp_flags & SCTP_PCB_FLAGS_BOUND_V6) != 0;
}

bool netsctp__io_is_no_delay(const struct socket *socket) {
  const struct sctp_inpcb *inp = socket->so_pcb;
  return inp != NULL && sctp_is_feature_on(inp, SCTP_PCB_FLAGS_NODELAY);
}

void netsctp__io_set_no_delay(struct socket *socket, bool on) {
  struct sctp_inpcb *inp = socket->so_pcb;
  if (inp == NULL)
    return;
  if (on)
    sctp_feature_on(inp, SCTP_PCB_FLAGS_NODELAY);
  else
    sctp_feature_off(inp, SCTP_PCB_FLAGS_NODELAY);
}

void netsctp__io_set_ipv6_only(struct socket *socket) {
  struct sctp_inpcb *inp = socket->so_pcb;
  inp->ip_inp.inp.inp_flags |= IN6P_IPV6_V6ONLY;
}

bool netsctp__io_wildcard(struct socket *socket, union netsctp__sockaddr *out) {
  const struct sctp_inpcb *inp = socket->so_pcb;
  if (inp == NULL || !(inp->sctp_flags & SCTP_PCB_FLAGS_BOUNDALL))
    return false;
  if (inp->sctp_flags & SCTP_PCB_FLAGS_BOUND_V6)
    out->ipv6 = (struct sockaddr_in6){.sin6_family = AF_INET6,
                                      .sin6_port = inp->sctp_lport};
  else
    out->ipv4 = (struct sockaddr_in){.sin_family = AF_INET,
                                     .sin_port = inp->sctp_lport};
  return true;
}

/* -------------------------------------------------------------- iterator */

/* Work over all endpoints (address changes) is queued for a thread, which
 * exists even without threads. Refusing it leaves the queue to us; the stack
 * does not insist. */
NETSCTP__WRAPS(sctp_userspace_thread_create);
int __wrap_sctp_userspace_thread_create(userland_thread_t *thread,
                                        start_routine_t routine) {
  (void)thread, (void)routine;
  return EPERM;
}

NETSCTP__WRAPS(sctp_wakeup_iterator);
void __wrap_sctp_wakeup_iterator(void) { has_iterator_work = true; }

void netsctp__io_settle(void) {
  while (has_iterator_work) {
    has_iterator_work = false;
    sctp_iterator_worker();
  }
  netsctp__udp_flush();
}
