/* Why this end's stack aborts an association: usrsctp tells its peer, but not
 * its user, for whom that looks like a peer that does not answer. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctputil.h>

#include "usrsctp_io.h"
#include "usrsctp_stack.h"

/* The cause that the ABORT carries, with usrsctp's text. Without one, nothing
 * was wrong with what the peer sent. */
static void note(const struct sctp_tcb *stcb, struct mbuf *causes) {
  struct {
    struct sctp_paramhdr head;
    char text[SCTP_DIAG_INFO_LEN];
  } cause = {0};
  if (stcb == NULL || causes == NULL)
    return;
  const int size = SCTP_BUF_LEN(causes);
  if (size < (int)sizeof cause.head)
    return;
  m_copydata(causes, 0, (int)min((unsigned)size, sizeof cause - 1),
             (caddr_t)&cause);
  const uint16_t code = ntohs(cause.head.param_type);
  if (code == 0 || code == SCTP_CAUSE_USER_INITIATED_ABT)
    return;
  netsctp__stack_aborts(netsctp__io_id(stcb->sctp_ep), code,
                        code == SCTP_CAUSE_PROTOCOL_VIOLATION ? cause.text
                                                              : "");
}

void __real_sctp_abort_an_association(struct sctp_inpcb *, struct sctp_tcb *,
                                      struct mbuf *, int);
void __wrap_sctp_abort_an_association(struct sctp_inpcb *, struct sctp_tcb *,
                                      struct mbuf *, int);
void __wrap_sctp_abort_an_association(struct sctp_inpcb *inp,
                                      struct sctp_tcb *stcb,
                                      struct mbuf *causes, int is_locked) {
  note(stcb, causes);
  __real_sctp_abort_an_association(inp, stcb, causes, is_locked);
}

void __real_sctp_abort_association(struct sctp_inpcb *, struct sctp_tcb *,
                                   struct mbuf *, int, struct sockaddr *,
                                   struct sockaddr *, struct sctphdr *,
                                   struct mbuf *, uint32_t, uint16_t);
void __wrap_sctp_abort_association(struct sctp_inpcb *, struct sctp_tcb *,
                                   struct mbuf *, int, struct sockaddr *,
                                   struct sockaddr *, struct sctphdr *,
                                   struct mbuf *, uint32_t, uint16_t);
void __wrap_sctp_abort_association(struct sctp_inpcb *inp,
                                   struct sctp_tcb *stcb, struct mbuf *m,
                                   int heads, struct sockaddr *from,
                                   struct sockaddr *to, struct sctphdr *head,
                                   struct mbuf *causes, uint32_t vrf_id,
                                   uint16_t port) {
  note(stcb, causes);
  __real_sctp_abort_association(inp, stcb, m, heads, from, to, head, causes,
                                vrf_id, port);
}

void netsctp__io_abort(struct sctp_tcb *stcb, uint16_t code, const char *text) {
  const uint32_t id = netsctp__io_id(stcb->sctp_ep);
  __wrap_sctp_abort_an_association(
      stcb->sctp_ep, stcb, sctp_generate_cause(code, (char *)(uintptr_t)text),
      SCTP_SO_NOT_LOCKED);
  netsctp__stack_touch(id);
}
