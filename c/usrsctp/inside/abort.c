/* Why this end's stack aborts an association: usrsctp tells its peer, but not
 * its user, for whom that looks like a peer that does not answer. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctputil.h>

#include "usrsctp/inside/io.h"
#include "usrsctp/stack.h"

/* The first of the causes that an ABORT carries; 0 without one. */
static uint16_t code_of(struct mbuf *causes) {
  struct sctp_paramhdr head;
  if (causes == NULL || SCTP_BUF_LEN(causes) < (int)sizeof head)
    return 0;
  m_copydata(causes, 0, (int)sizeof head, (caddr_t)&head);
  return ntohs(head.param_type);
}

/* An INIT has no proof of who sent it. usrsctp ends the association that is
 * there when it dislikes the parameters for AUTH of an INIT. */
static bool is_in_hand_an_init(void) {
  const struct netsctp__io_packet *packet = netsctp__io_packet();
  return packet != NULL &&
         packet->bytes[sizeof(struct sctphdr)] == SCTP_INITIATION;
}

/* A socket that nobody has accepted has no id yet. In its place it keeps the
 * cause, with a bit that no id has. */
static const uint32_t IS_CAUSE = UINT32_C(1) << 31;

uint16_t netsctp__io_own_cause(const struct socket *socket) {
  const uint32_t kept = (uint32_t)(uintptr_t)socket->so_upcallarg;
  return kept & IS_CAUSE ? (uint16_t)kept : 0;
}

/* The cause that the ABORT carries, with usrsctp's text. Without one, nothing
 * was wrong with what the peer sent. */
static void note(const struct sctp_tcb *stcb, struct mbuf *causes) {
  struct {
    struct sctp_paramhdr head;
    char text[SCTP_DIAG_INFO_LEN];
  } cause = {0};
  const uint16_t code = code_of(causes);
  if (stcb == NULL || code == 0 || code == SCTP_CAUSE_USER_INITIATED_ABT)
    return;
  struct socket *socket = stcb->sctp_socket;
  if (socket != NULL && socket->so_upcallarg == NULL)
    socket->so_upcallarg = (void *)(uintptr_t)(IS_CAUSE | code);
  const unsigned size = (unsigned)SCTP_BUF_LEN(causes);
  m_copydata(causes, 0, (int)min(size, sizeof cause - 1), (caddr_t)&cause);
  netsctp__stack_aborts(netsctp__io_id(stcb->sctp_ep), code,
                        code == SCTP_CAUSE_PROTOCOL_VIOLATION ? cause.text
                                                              : "");
}

/* Newer sources of usrsctp have one argument more, which usrsctp.mk looks for.
 */
NETSCTP__WRAPS(sctp_abort_an_association);
void __wrap_sctp_abort_an_association(
    struct sctp_inpcb *inp, struct sctp_tcb *stcb, struct mbuf *causes,
    NETSCTP_TIMED_OUT(bool timed_out) int is_locked) {
  note(stcb, causes);
  netsctp__io_tell_undelivered(stcb, 0, is_locked);
  __real_sctp_abort_an_association(inp, stcb, causes,
                                   NETSCTP_TIMED_OUT(timed_out) is_locked);
}

NETSCTP__WRAPS(sctp_abort_association);
void __wrap_sctp_abort_association(struct sctp_inpcb *inp,
                                   struct sctp_tcb *stcb, struct mbuf *m,
                                   int heads, struct sockaddr *from,
                                   struct sockaddr *to, struct sctphdr *head,
                                   struct mbuf *causes, uint32_t vrf_id,
                                   uint16_t port) {
  if (is_in_hand_an_init()) {
    const uint16_t code = code_of(causes);
    netsctp__io_refuse(code ? code : SCTP_CAUSE_PROTOCOL_VIOLATION);
    if (causes != NULL)
      sctp_m_freem(causes);
    return;
  }
  note(stcb, causes);
  netsctp__io_tell_undelivered(stcb, 0, SCTP_SO_NOT_LOCKED);
  __real_sctp_abort_association(inp, stcb, m, heads, from, to, head, causes,
                                vrf_id, port);
}

NETSCTP__WRAPS(sctp_abort_notification);
void __wrap_sctp_abort_notification(struct sctp_tcb *stcb,
                                    NETSCTP_SWITCH is_by_peer,
                                    NETSCTP_TIMED_OUT(bool timed_out)
                                        uint16_t error,
                                    struct sctp_abort_chunk *abort,
                                    int is_locked) {
  netsctp__io_tell_undelivered(stcb, error, is_locked);
  __real_sctp_abort_notification(
      stcb, is_by_peer, NETSCTP_TIMED_OUT(timed_out) error, abort, is_locked);
}

static void abort_and_tell(struct sctp_tcb *stcb, struct mbuf *cause) {
  const uint32_t id = netsctp__io_id(stcb->sctp_ep);
  __wrap_sctp_abort_an_association(stcb->sctp_ep, stcb, cause,
                                   NETSCTP_TIMED_OUT(false) SCTP_SO_NOT_LOCKED);
  netsctp__stack_touch(id);
}

void netsctp__io_abort(struct sctp_tcb *stcb, uint16_t code, const char *text) {
  abort_and_tell(stcb, sctp_generate_cause(code, (char *)(uintptr_t)text));
}

void netsctp__io_give_up(struct socket *socket) {
  struct sctp_tcb *stcb = netsctp__io_association(socket);
  if (stcb != NULL)
    abort_and_tell(stcb, NULL);
}

void netsctp__io_abort_for(struct socket *socket, const uint8_t *reason,
                           uint32_t length) {
  struct sctp_tcb *stcb = netsctp__io_association(socket);
  if (stcb == NULL)
    return;
  const uint32_t size = (uint32_t)sizeof(struct sctp_paramhdr) + length;
  struct mbuf *cause = sctp_get_mbuf_for_msg(size, 0, M_NOWAIT, 1, MT_DATA);
  if (cause != NULL) { /* without memory, the ABORT goes without it */
    struct sctp_paramhdr *head = mtod(cause, struct sctp_paramhdr *);
    head->param_type = htons(SCTP_CAUSE_USER_INITIATED_ABT);
    head->param_length = htons((uint16_t)size);
    memcpy(head + 1, reason, length);
    SCTP_BUF_LEN(cause) = (int)size;
  }
  __real_sctp_abort_an_association(stcb->sctp_ep, stcb, cause,
                                   NETSCTP_TIMED_OUT(false) SCTP_SO_NOT_LOCKED);
}
