/* Adding and removing an address of an association's own end in the userspace
 * stack. */
#include "usrsctp/vendor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "usrsctp/inside/io.h"

struct netsctp__leaving {
  struct netsctp__leaving *next;
  union netsctp__sockaddr address;
};

/* Whether usrsctp would not tell the peer that it goes, for a while: it is the
 * only one in use, or the peer has not acknowledged yet that it has come. */
static bool has_to_wait(struct netsctp__socket *s,
                        const union netsctp__sockaddr *address) {
  union netsctp__sockaddr pending[NETSCTP__MOST_ADDRESSES] = {0}, used = {0};
  uint32_t count = netsctp__io_own_addresses(s->socket, true, pending,
                                             NETSCTP__MOST_ADDRESSES);
  if (count == 0)
    return false;
  if (count > NETSCTP__MOST_ADDRESSES)
    count = NETSCTP__MOST_ADDRESSES;
  for (uint32_t i = 0; i < count; i++)
    if (netsctp__is_same_host(&pending[i], address))
      return true;
  return netsctp__io_own_addresses(s->socket, false, &used, 1) == 1 &&
         netsctp__is_same_host(&used, address);
}

/* Where an address stands in the list, or the end of the list. */
static struct netsctp__leaving **find(struct netsctp__socket *s,
                                      const union netsctp__sockaddr *address) {
  struct netsctp__leaving **link = &s->leaving;
  while (*link != NULL && !netsctp__is_same_host(&(*link)->address, address))
    link = &(*link)->next;
  return link;
}

static void drop(struct netsctp__leaving **link) {
  struct netsctp__leaving *dropped = *link;
  *link = dropped->next;
  free(dropped);
}

void netsctp__socket_drop_leaving(struct netsctp__socket *s) {
  while (s->leaving != NULL)
    drop(&s->leaving);
}

bool netsctp__socket_is_leaving(struct netsctp__socket *s,
                                const union netsctp__sockaddr *address) {
  return *find(s, address) != NULL;
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
  struct netsctp__leaving **leaving = find(s, address);
  if (*leaving == NULL)
    return netsctp__socket_bind(s->socket, address, false, false);
  drop(leaving); /* it is still there */
  return 0;
}

int netsctp__vendor_remove_address(struct netsctp__socket *s,
                                   union netsctp__sockaddr *address) {
  if (!has_to_wait(s, address))
    return remove_now(s, address);
  struct netsctp__leaving *leaving = malloc(sizeof *leaving);
  if (leaving == NULL)
    return -ENOMEM;
  *leaving = (struct netsctp__leaving){s->leaving, *address};
  s->leaving = leaving;
  return 0;
}

void netsctp__stack_acknowledged(uint32_t id) {
  struct netsctp__socket *s = netsctp__stack_find(id);
  struct netsctp__leaving **link = s == NULL ? NULL : &s->leaving;
  while (link != NULL && *link != NULL) {
    if (has_to_wait(s, &(*link)->address)) {
      link = &(*link)->next;
      continue;
    }
    remove_now(s, &(*link)->address);
    drop(link);
  }
}
