/* What the kernel says of the way to an address. */
#include "shim/route.h"

#include <errno.h>
#include <limits.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "shim/backend.h"

/* Any will do: nothing is sent. */
#define PORT 9

int netsctp__route(const union netsctp__sockaddr *to,
                   union netsctp__sockaddr *from, int *mtu) {
  const bool is_ipv6 = to->any.sa_family == AF_INET6;
  const int fd = socket(to->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -errno;
  /* Connecting a UDP socket sends nothing: it only looks the route up. */
  union netsctp__sockaddr peer = *to;
  netsctp__set_port(&peer, PORT);
  socklen_t size = sizeof *from;
  int result = 0;
  if (connect(fd, &peer.any, netsctp__sockaddr_size(&peer)) < 0 ||
      getsockname(fd, &from->any, &size) < 0)
    result = -errno;
  else
    netsctp__set_port(from, 0);
  *mtu = 0;
  size = sizeof *mtu;
  getsockopt(fd, is_ipv6 ? IPPROTO_IPV6 : IPPROTO_IP,
             is_ipv6 ? IPV6_MTU : IP_MTU, mtu, &size);
  close(fd);
  NETSCTP__COUNT(other_syscalls, 5);
  return result;
}

/* ------------------------------------------------------------- the sources */

static bool contains(const struct netsctp__addresses *list,
                     const union netsctp__sockaddr *address) {
  for (uint32_t i = 0; i < list->count; i++)
    if (netsctp__is_same_host(&list->list[i], address))
      return true;
  return false;
}

int netsctp__sources(const struct netsctp__addresses *remote,
                     struct netsctp__addresses *out, int *mtu,
                     netsctp__router *route) {
  int result = -EHOSTUNREACH;
  *out = (struct netsctp__addresses){0};
  *mtu = INT_MAX;
  for (uint32_t i = 0; i < remote->count; i++) {
    union netsctp__sockaddr source;
    int path_mtu;
    const int error = route(&remote->list[i], &source, &path_mtu);
    if (error < 0) {
      result = out->count ? 0 : error;
      continue;
    }
    result = 0;
    if (path_mtu < *mtu)
      *mtu = path_mtu;
    if (!contains(out, &source))
      netsctp__add_address(out, &source);
  }
  return result;
}

bool netsctp__names_none(const struct netsctp__addresses *local) {
  return local->count == 0 ||
         (local->count == 1 && netsctp__is_any(&local->list[0]));
}

void netsctp__bind_to_sources(struct netsctp__addresses *local,
                              const struct netsctp__addresses *sources) {
  const uint16_t port = local->count ? netsctp__port(&local->list[0]) : 0;
  *local = *sources;
  for (uint32_t i = 0; i < local->count; i++)
    netsctp__set_port(&local->list[i], port);
}

/* ----------------------------------------------------------- the interface */

/* A question to the kernel, and the longest that its answer is. */
struct question {
  struct nlmsghdr head;
  struct rtmsg about;
  uint8_t attributes[64];
};
union answer {
  struct nlmsghdr head;
  uint8_t bytes[1024];
};

static void add(struct question *question, unsigned short type,
                const void *value, uint32_t size) {
  struct rtattr *attribute =
      (struct rtattr *)((uint8_t *)question +
                        NLMSG_ALIGN(question->head.nlmsg_len));
  attribute->rta_type = type;
  attribute->rta_len = (unsigned short)RTA_LENGTH(size);
  memcpy(RTA_DATA(attribute), value, size);
  question->head.nlmsg_len =
      NLMSG_ALIGN(question->head.nlmsg_len) + RTA_LENGTH(size);
}

static uint32_t interface_in(const union answer *answer, int size) {
  const struct nlmsghdr *head = &answer->head;
  if (!NLMSG_OK(head, (unsigned)size) || head->nlmsg_type != RTM_NEWROUTE)
    return 0;
  const struct rtmsg *about = NLMSG_DATA(head);
  int length = (int)RTM_PAYLOAD(head);
  for (const struct rtattr *one = RTM_RTA(about); RTA_OK(one, length);
       one = RTA_NEXT(one, length))
    if (one->rta_type == RTA_OIF) {
      uint32_t index;
      memcpy(&index, RTA_DATA(one), sizeof index);
      return index;
    }
  return 0;
}

uint32_t netsctp__route_interface(const union netsctp__sockaddr *to,
                                  const union netsctp__sockaddr *from) {
  const uint32_t size = netsctp__host_size(to);
  struct question question = {
      .head = {.nlmsg_len = NLMSG_LENGTH(sizeof question.about),
               .nlmsg_type = RTM_GETROUTE,
               .nlmsg_flags = NLM_F_REQUEST},
      .about = {.rtm_family = (unsigned char)to->any.sa_family,
                .rtm_dst_len = (unsigned char)(size * 8),
                .rtm_src_len = (unsigned char)(size * 8)},
  };
  add(&question, RTA_DST, netsctp__host(to), size);
  add(&question, RTA_SRC, netsctp__host(from), size);
  if (to->any.sa_family == AF_INET6 && to->ipv6.sin6_scope_id != 0)
    add(&question, RTA_OIF, &to->ipv6.sin6_scope_id, 4);
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0)
    return 0;
  uint32_t interface = 0;
  union answer answer;
  if (send(fd, &question, question.head.nlmsg_len, 0) >= 0) {
    const ssize_t got = recv(fd, &answer, sizeof answer, MSG_DONTWAIT);
    if (got > 0)
      interface = interface_in(&answer, (int)got);
  }
  close(fd);
  NETSCTP__COUNT(other_syscalls, 4);
  return interface;
}
