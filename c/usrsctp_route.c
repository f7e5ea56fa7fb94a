/* Where the kernel would send from. See usrsctp_stack.h.
 *
 * Asking costs five system calls, and each connection asks, at either end. An
 * answer is good for a moment: a route that changes while a connection is made
 * may as well have changed right after. */
#include "usrsctp_stack.h"

#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GOOD_FOR_MS 100
#define ROUTES 64

struct route {
  union netsctp__sockaddr to, from;
  int mtu;
  uint64_t until; /* 0: none */
};

static struct route routes[ROUTES];

static uint32_t hash(const union netsctp__sockaddr *to) {
  uint32_t sum = to->any.sa_family;
  const uint8_t *bytes = to->any.sa_family == AF_INET6
                             ? to->ipv6.sin6_addr.s6_addr
                             : (const uint8_t *)&to->ipv4.sin_addr;
  const unsigned length = to->any.sa_family == AF_INET6 ? 16 : 4;
  for (unsigned i = 0; i < length; i++)
    sum = sum * 31 + bytes[i];
  return sum;
}

static bool is_same(const union netsctp__sockaddr *a,
                    const union netsctp__sockaddr *b) {
  if (a->any.sa_family != b->any.sa_family)
    return false;
  if (a->any.sa_family == AF_INET6)
    return memcmp(&a->ipv6.sin6_addr, &b->ipv6.sin6_addr,
                  sizeof a->ipv6.sin6_addr) == 0 &&
           a->ipv6.sin6_scope_id == b->ipv6.sin6_scope_id;
  return a->ipv4.sin_addr.s_addr == b->ipv4.sin_addr.s_addr;
}

int netsctp__stack_route(const union netsctp__sockaddr *to,
                         union netsctp__sockaddr *from, int *mtu) {
  struct route *route = &routes[hash(to) % ROUTES];
  if (route->until <= netsctp__stack_now || !is_same(&route->to, to)) {
    route->until = 0;
    const int result = netsctp__udp_route(to, &route->from, &route->mtu);
    if (result < 0)
      return result;
    route->to = *to;
    route->until = netsctp__stack_now + GOOD_FOR_MS;
  }
  *from = route->from;
  *mtu = route->mtu;
  return 0;
}

/* ------------------------------------------------------------- the way out */

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

uint32_t netsctp__stack_way_out(const union netsctp__sockaddr *to,
                                const union netsctp__sockaddr *from) {
  const bool is_ipv6 = to->any.sa_family == AF_INET6;
  struct question question = {
      .head = {.nlmsg_len = NLMSG_LENGTH(sizeof question.about),
               .nlmsg_type = RTM_GETROUTE,
               .nlmsg_flags = NLM_F_REQUEST},
      .about = {.rtm_family = (unsigned char)to->any.sa_family,
                .rtm_dst_len = is_ipv6 ? 128 : 32,
                .rtm_src_len = is_ipv6 ? 128 : 32},
  };
  if (is_ipv6) {
    add(&question, RTA_DST, &to->ipv6.sin6_addr, 16);
    add(&question, RTA_SRC, &from->ipv6.sin6_addr, 16);
    if (to->ipv6.sin6_scope_id != 0)
      add(&question, RTA_OIF, &to->ipv6.sin6_scope_id, 4);
  } else {
    add(&question, RTA_DST, &to->ipv4.sin_addr, 4);
    add(&question, RTA_SRC, &from->ipv4.sin_addr, 4);
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
