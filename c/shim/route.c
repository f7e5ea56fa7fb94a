/* What the kernel says of the way to an address. */
#include "shim/route.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "shim/backend.h"

/* Any will do: nothing is sent. */
#define PORT 9

static socklen_t size_of(const struct sockaddr_storage *address) {
  return address->ss_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                        : sizeof(struct sockaddr_in);
}

static void set_port(struct sockaddr_storage *address, uint16_t port) {
  if (address->ss_family == AF_INET6)
    ((struct sockaddr_in6 *)address)->sin6_port = htons(port);
  else
    ((struct sockaddr_in *)address)->sin_port = htons(port);
}

int netsctp__route(const struct sockaddr_storage *to,
                   struct sockaddr_storage *from, int *mtu) {
  const int fd = socket(to->ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -errno;
  /* Connecting a UDP socket sends nothing: it only looks the route up. */
  struct sockaddr_storage peer = *to;
  set_port(&peer, PORT);
  *from = (struct sockaddr_storage){0};
  socklen_t size = sizeof *from;
  int result = 0;
  if (connect(fd, (struct sockaddr *)&peer, size_of(&peer)) < 0 ||
      getsockname(fd, (struct sockaddr *)from, &size) < 0)
    result = -errno;
  *mtu = 0;
  size = sizeof *mtu;
  if (to->ss_family == AF_INET6)
    getsockopt(fd, IPPROTO_IPV6, IPV6_MTU, mtu, &size);
  else
    getsockopt(fd, IPPROTO_IP, IP_MTU, mtu, &size);
  if (result == 0)
    set_port(from, 0);
  close(fd);
  NETSCTP__COUNT(other_syscalls, 5);
  return result;
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
                const void *value, unsigned short size) {
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

uint32_t netsctp__route_interface(const struct sockaddr_storage *to,
                                  const struct sockaddr_storage *from) {
  const bool is_ipv6 = to->ss_family == AF_INET6;
  struct question question = {
      .head = {.nlmsg_len = NLMSG_LENGTH(sizeof question.about),
               .nlmsg_type = RTM_GETROUTE,
               .nlmsg_flags = NLM_F_REQUEST},
      .about = {.rtm_family = (unsigned char)to->ss_family,
                .rtm_dst_len = is_ipv6 ? 128 : 32,
                .rtm_src_len = is_ipv6 ? 128 : 32},
  };
  if (is_ipv6) {
    const struct sockaddr_in6 *peer = (const void *)to;
    add(&question, RTA_DST, &peer->sin6_addr, 16);
    add(&question, RTA_SRC, &((const struct sockaddr_in6 *)from)->sin6_addr,
        16);
    if (peer->sin6_scope_id != 0)
      add(&question, RTA_OIF, &peer->sin6_scope_id, 4);
  } else {
    add(&question, RTA_DST, &((const struct sockaddr_in *)to)->sin_addr, 4);
    add(&question, RTA_SRC, &((const struct sockaddr_in *)from)->sin_addr, 4);
  }
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0)
    return 0;
  uint32_t interface = 0;
  union answer answer;
  if (send(fd, &question, question.head.nlmsg_len, 0) >= 0) {
    const ssize_t size = recv(fd, &answer, sizeof answer, MSG_DONTWAIT);
    if (size > 0)
      interface = interface_in(&answer, (int)size);
  }
  close(fd);
  NETSCTP__COUNT(other_syscalls, 4);
  return interface;
}
