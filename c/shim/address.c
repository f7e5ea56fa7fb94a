#include "shim/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim/backend.h"

uint16_t netsctp__port(const union netsctp__sockaddr *address) {
  return ntohs(address->any.sa_family == AF_INET6 ? address->ipv6.sin6_port
                                                  : address->ipv4.sin_port);
}

void netsctp__set_port(union netsctp__sockaddr *address, uint16_t port) {
  if (address->any.sa_family == AF_INET6)
    address->ipv6.sin6_port = htons(port);
  else
    address->ipv4.sin_port = htons(port);
}

bool netsctp__is_any(const union netsctp__sockaddr *address) {
  return address->any.sa_family == AF_INET6
             ? IN6_IS_ADDR_UNSPECIFIED(&address->ipv6.sin6_addr)
             : address->ipv4.sin_addr.s_addr == htonl(INADDR_ANY);
}

bool netsctp__is_link_local(const void *sockaddr) {
  const union netsctp__sockaddr *address = sockaddr;
  return address->any.sa_family == AF_INET6 &&
         IN6_IS_ADDR_LINKLOCAL(&address->ipv6.sin6_addr);
}

bool netsctp__is_same_host(const void *one, const void *other) {
  const union netsctp__sockaddr *a = one, *b = other;
  return a != NULL && a->any.sa_family == b->any.sa_family &&
         (a->any.sa_family == AF_INET || a->any.sa_family == AF_INET6) &&
         memcmp(netsctp__host(a), netsctp__host(b), netsctp__host_size(a)) == 0;
}

/* ------------------------------------------------ text */

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

static int to_ipv6(char *text, uint16_t port, union netsctp__sockaddr *out) {
  struct sockaddr_in6 *in6 = &out->ipv6;
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
    out->ipv4 = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = mapped};
  }
  return 0;
}

int netsctp__to_sockaddr(const struct netsctp_address *address,
                         union netsctp__sockaddr *out) {
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
  out->ipv4.sin_family = AF_INET;
  out->ipv4.sin_port = htons(address->port);
  return inet_pton(AF_INET, text, &out->ipv4.sin_addr) == 1 ? 0 : -EINVAL;
}

void netsctp__from_sockaddr(const void *sockaddr, struct netsctp_address *out) {
  const union netsctp__sockaddr *address = sockaddr;
  const bool is_ipv6 = address->any.sa_family == AF_INET6;
  const bool is_mapped =
      is_ipv6 && IN6_IS_ADDR_V4MAPPED(&address->ipv6.sin6_addr);
  char text[sizeof out->text];
  memset(out, 0, sizeof *out);
  if (!is_ipv6 && address->any.sa_family != AF_INET)
    return; /* family NONE */
  out->port = netsctp__port(address);
  if (is_ipv6 && !is_mapped) {
    out->family = NETSCTP_FAMILY_IPV6;
    inet_ntop(AF_INET6, netsctp__host(address), text, sizeof text);
  } else {
    out->family = NETSCTP_FAMILY_IPV4;
    inet_ntop(AF_INET, netsctp__host(address) + (is_mapped ? 12 : 0), text,
              sizeof text);
  }
  if (netsctp__is_link_local(address) && address->ipv6.sin6_scope_id) {
    char name[IF_NAMESIZE];
    size_t length = strlen(text);
    if (!if_indextoname(address->ipv6.sin6_scope_id, name))
      snprintf(name, sizeof name, "%u", address->ipv6.sin6_scope_id);
    snprintf(text + length, sizeof text - length, "%%%s", name);
  }
  out->text_length = (uint16_t)strlen(text);
  memcpy(out->text, text, out->text_length);
}

/* ------------------------------------------------ of a request */

void netsctp__add_address(struct netsctp__addresses *addresses,
                          const union netsctp__sockaddr *address) {
  addresses->list[addresses->count++] = *address;
  addresses->has_ipv6 |= address->any.sa_family == AF_INET6;
}

static int read_one(const struct netsctp_address *record, uint16_t port,
                    union netsctp__sockaddr *out) {
  if (netsctp__to_sockaddr(record, out) < 0) {
    const bool is_text = record->text_length <= sizeof record->text;
    return netsctp__explain(EINVAL, "'%.*s' is not an IP address",
                            is_text ? record->text_length : 0, record->text);
  }
  if (record->port != port)
    return netsctp__explain(EINVAL,
                            "an association has one port: %u and %u cannot go "
                            "together",
                            port, record->port);
  if (netsctp__is_link_local(out) && out->ipv6.sin6_scope_id == 0)
    return netsctp__explain(EINVAL,
                            "%.*s is a link-local address and needs its "
                            "interface: %.*s%%eth0, or whatever its name is",
                            record->text_length, record->text,
                            record->text_length, record->text);
  return 0;
}

/* After a failure, those before the one that is at fault are there. */
static int read_all(const struct netsctp_address *records, uint32_t count,
                    struct netsctp__addresses *out) {
  *out = (struct netsctp__addresses){0};
  for (uint32_t i = 0; i < count; i++) {
    union netsctp__sockaddr one;
    const int result = read_one(&records[i], records[0].port, &one);
    if (result < 0)
      return result;
    netsctp__add_address(out, &one);
  }
  return 0;
}

int netsctp__local_of(const struct netsctp__request *request,
                      struct netsctp__addresses *out) {
  const int result = read_all(request->local, request->local_count, out);
  return result < 0 ? netsctp__blame_local(out->count, result) : 0;
}

int netsctp__remote_of(const struct netsctp__request *request,
                       struct netsctp__addresses *out) {
  return read_all(request->remote, request->remote_count, out);
}

void netsctp__pack(
    const struct netsctp__addresses *addresses,
    uint8_t out[sizeof(((struct netsctp__addresses *)0)->list)]) {
  for (uint32_t i = 0; i < addresses->count; i++) {
    const socklen_t size = netsctp__sockaddr_size(&addresses->list[i]);
    memcpy(out, &addresses->list[i], size);
    out += size;
  }
}
