/* Adding and removing an address of an association's own end in the userspace
 * stack. */
#include "usrsctp/vendor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "usrsctp/inside/io.h"

/* Whether it would leave the association without one in use, for a while. */
static bool is_last_in_use(struct netsctp__socket *s,
                           const union netsctp__sockaddr *address) {
  union netsctp__sockaddr used = {0};
  return netsctp__io_own_addresses(s->socket, true, NULL, 0) > 0 &&
         netsctp__io_own_addresses(s->socket, false, &used, 1) == 1 &&
         netsctp__is_same_host(&used, address);
}

/* Where the host has lost it before that, what was sent from it is lost. */
static int remove_now(struct netsctp__socket *s,
                      union netsctp__sockaddr *address) {
  if (usrsctp_bindx(s->socket, &address->any, 1, SCTP_BINDX_REM_ADDR) < 0)
    return -errno;
  if (netsctp__udp_can_bind(address) < 0)
    netsctp__io_leave_address(s->socket);
  return 0;
}

int netsctp__vendor_add_address(struct netsctp__socket *s,
                                union netsctp__sockaddr *address) {
  /* The routes change with it: by one of before the peer would not hear of it.
   */
  netsctp__stack_forget_routes();
  if (!netsctp__is_same_host(s->leaving, address))
    return netsctp__socket_bind(s->socket, address, false, false);
  free(s->leaving); /* it is still there */
  s->leaving = NULL;
  return 0;
}

int netsctp__vendor_remove_address(struct netsctp__socket *s,
                                   union netsctp__sockaddr *address) {
  if (s->leaving != NULL || !is_last_in_use(s, address))
    return remove_now(s, address);
  s->leaving = malloc(sizeof *address);
  if (s->leaving == NULL)
    return -ENOMEM;
  *s->leaving = *address;
  return 0;
}

void netsctp__stack_acknowledged(uint32_t id) {
  struct netsctp__socket *s = netsctp__stack_find(id);
  if (s == NULL || s->leaving == NULL || is_last_in_use(s, s->leaving))
    return;
  remove_now(s, s->leaving);
  free(s->leaving);
  s->leaving = NULL;
}
