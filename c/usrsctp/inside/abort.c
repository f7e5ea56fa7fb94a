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
  __real_sctp_abort_association(inp, stcb, m, heads, from, to, head, causes,
                                vrf_id, port);
}

void netsctp__io_abort(struct sctp_tcb *stcb, uint16_t code, const char *text) {
  const uint32_t id = netsctp__io_id(stcb->sctp_ep);
  __wrap_sctp_abort_an_association(
      stcb->sctp_ep, stcb, sctp_generate_cause(code, (char *)(uintptr_t)text),
      NETSCTP_TIMED_OUT(false) SCTP_SO_NOT_LOCKED);
  netsctp__stack_touch(id);
}
