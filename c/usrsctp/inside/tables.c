/* The sizes of usrsctp's hash tables. See usrsctp/inside/io.h.
 *
 * An INIT and a COOKIE ECHO find the associations they may belong to by ports
 * alone: the accepted sockets of one listener share a chain with all others
 * whose port, or'ed with the listener's, comes to the same bits. Of 10,000 that
 * is hundreds at usrsctp's sizes. Larger tables cost address space only, since
 * what is not used is never touched. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>

#include <netinet/sctp_sysctl.h>

#include <stdlib.h>

#include "usrsctp/inside/io.h"

#define PORTS_AND_TAGS 65536

NETSCTP__WRAPS(sctp_init_sysctls);
void __wrap_sctp_init_sysctls(void) {
  __real_sctp_init_sysctls();
  /* By ports, and by tags. */
  SCTP_BASE_SYSCTL(sctp_hashtblsize) = PORTS_AND_TAGS;
  /* In each socket, for associations; ours have no more than one. */
  SCTP_BASE_SYSCTL(sctp_pcbtblsize) = 1;
#ifdef __SANITIZE_ADDRESS__
  /* usrsctp keeps freed chunks for later ones, where nobody would notice that
   * they are still used. */
  SCTP_BASE_SYSCTL(sctp_asoc_free_resc_limit) = 0;
  SCTP_BASE_SYSCTL(sctp_system_free_resc_limit) = 0;
#endif
}

NETSCTP__WRAPS(sctp_hashinit_flags);
void *__wrap_sctp_hashinit_flags(int elements, struct malloc_type *type,
                                 u_long *mask, int flags) {
  (void)type, (void)flags;
  u_long size = 1;
  while (size * 2 <= (u_long)elements && size < PORTS_AND_TAGS)
    size *= 2;
  *mask = size - 1;
  return calloc(size, sizeof(LIST_HEAD(, sctp_tcb))); /* all empty */
}
