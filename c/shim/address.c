/* Addresses between text, as JavaScript has them, and struct sockaddr. */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim/backend.h"

_Static_assert(sizeof(((struct netsctp_address *)0)->text) >=
                   INET6_ADDRSTRLEN + 1 + IF_NAMESIZE,
               "the longest scoped address fits");

/* A scope is an interface's name or its number; 0 if it is neither. */
static uint32_t scope_of(const char *name) {
  uint32_t index = if_nametoindex(name);
  if (index)
    return index;
  char *end;
  unsigned long number = strtoul(name, &end, 10);
  return *name >= '0' && *name <= '9' && !*end && number <= UINT32_MAX
             ? (uint32_t)number
             : 0;
}

static int to_ipv6(char *text, uint16_t port, struct sockaddr_storage *out) {
  struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;
  char *percent = strchr(text, '%');
  if (percent)
    *percent = 0;
  if (inet_pton(AF_INET6, text, &in6->sin6_addr) != 1)
    return -EINVAL;
  in6->sin6_family = AF_INET6;
  in6->sin6_port = htons(port);
  if (percent && !(in6->sin6_scope_id = scope_of(percent + 1)))
    return -EINVAL;

  /* ::ffff:a.b.c.d means the IPv4 address, and only that works everywhere:
   * neither stack takes the mapped form on all kinds of socket. */
  if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) {
    struct in_addr mapped;
    memcpy(&mapped, in6->sin6_addr.s6_addr + 12, sizeof mapped);
    memset(out, 0, sizeof *out);
    struct sockaddr_in *in = (struct sockaddr_in *)out;
    in->sin_family = AF_INET;
    in->sin_port = htons(port);
    in->sin_addr = mapped;
  }
  return 0;
}

int netsctp__to_sockaddr(const struct netsctp_address *address,
                         struct sockaddr_storage *out) {
  char text[sizeof address->text + 1];
  memset(out, 0, sizeof *out);
  if (address->text_length == 0 ||
      address->text_length > sizeof address->text ||
      memchr(address->text, 0, address->text_length))
    return -EINVAL;
  memcpy(text, address->text, address->text_length);
  text[address->text_length] = 0;

  if (address->family == NETSCTP_FAMILY_IPV6)
    return to_ipv6(text, address->port, out);
  if (address->family != NETSCTP_FAMILY_IPV4)
    return -EINVAL;
  struct sockaddr_in *in = (struct sockaddr_in *)out;
  in->sin_family = AF_INET;
  in->sin_port = htons(address->port);
  return inet_pton(AF_INET, text, &in->sin_addr) == 1 ? 0 : -EINVAL;
}

void netsctp__from_sockaddr(const void *sockaddr, struct netsctp_address *out) {
  const union netsctp__sockaddr *address = sockaddr;
  char text[sizeof out->text];
  memset(out, 0, sizeof *out);
  if (address->any.sa_family == AF_INET) {
    const struct sockaddr_in *in = &address->ipv4;
    out->family = NETSCTP_FAMILY_IPV4;
    out->port = ntohs(in->sin_port);
    inet_ntop(AF_INET, &in->sin_addr, text, sizeof text);
  } else if (address->any.sa_family == AF_INET6) {
    const struct sockaddr_in6 *in6 = &address->ipv6;
    bool is_mapped = IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr);
    out->family = is_mapped ? NETSCTP_FAMILY_IPV4 : NETSCTP_FAMILY_IPV6;
    out->port = ntohs(in6->sin6_port);
    if (is_mapped)
      inet_ntop(AF_INET, in6->sin6_addr.s6_addr + 12, text, sizeof text);
    else
      inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text);
    if (in6->sin6_scope_id && IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr)) {
      char name[IF_NAMESIZE];
      size_t length = strlen(text);
      if (!if_indextoname(in6->sin6_scope_id, name))
        snprintf(name, sizeof name, "%u", in6->sin6_scope_id);
      snprintf(text + length, sizeof text - length, "%%%s", name);
    }
  } else {
    return; /* family NONE */
  }
  out->text_length = (uint16_t)strlen(text);
  memcpy(out->text, text, out->text_length);
}
