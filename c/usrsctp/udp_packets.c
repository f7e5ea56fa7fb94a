/* The packets of the userspace stack, through its UDP sockets in batches. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "usrsctp/udp.h"

unsigned netsctp__udp_arrival = NETSCTP__UDP_PORTS;

/* ------------------------------------------------------------- receiving */

#define BATCH 32
#define DATAGRAM 65536
#define CONTROL_BYTES 128

static uint8_t arrived[BATCH][DATAGRAM];
static union netsctp__sockaddr arrived_from[BATCH];
static _Alignas(struct cmsghdr) char arrived_control[BATCH][CONTROL_BYTES];

bool netsctp__udp_local(const struct cmsghdr *c, union netsctp__sockaddr *out,
                        bool *is_shared) {
  if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
    struct in_pktinfo info;
    memcpy(&info, CMSG_DATA(c), sizeof info);
    out->ipv4 =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = info.ipi_addr};
    /* The two differ for a broadcast; SCTP has neither that nor multicast. */
    *is_shared = info.ipi_addr.s_addr != info.ipi_spec_dst.s_addr ||
                 IN_MULTICAST(ntohl(info.ipi_addr.s_addr));
    return true;
  }
  if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
    struct in6_pktinfo info;
    memcpy(&info, CMSG_DATA(c), sizeof info);
    out->ipv6 = (struct sockaddr_in6){.sin6_family = AF_INET6,
                                      .sin6_addr = info.ipi6_addr};
    *is_shared = IN6_IS_ADDR_MULTICAST(&info.ipi6_addr);
    return true;
  }
  return false;
}

struct msghdr netsctp__udp_message(union netsctp__sockaddr *name,
                                   struct iovec *part, void *control,
                                   size_t control_size) {
  return (struct msghdr){.msg_name = name,
                         .msg_namelen = sizeof *name,
                         .msg_iov = part,
                         .msg_iovlen = 1,
                         .msg_control = control,
                         .msg_controllen = control_size};
}

/* Where a datagram was sent to; false if to more than one host. */
static bool read_control(struct msghdr *head, union netsctp__sockaddr *to) {
  bool found = false, is_shared = false;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(head); c; c = CMSG_NXTHDR(head, c))
    found |= netsctp__udp_local(c, to, &is_shared);
  return found && !is_shared;
}

/* An ICMP error is told to whatever call comes next, which then has done
 * nothing. It stands in the error queue too. */
static bool was_told_of_error(int error) {
  return error != EAGAIN && error != EWOULDBLOCK && error != ENOBUFS &&
         error != ENOMEM;
}

unsigned netsctp__udp_receive(uint32_t event, unsigned limit,
                              netsctp__udp_sink *sink) {
  const uint32_t index = event - NETSCTP__UDP_FIRST_EVENT;
  unsigned total = 0, errors = 0;
  while (total < limit) {
    const int fd = netsctp__udp_fd(index / 2, index % 2);
    if (fd < 0)
      break;
    struct mmsghdr messages[BATCH];
    struct iovec parts[BATCH];
    for (unsigned i = 0; i < BATCH; i++) {
      parts[i] = (struct iovec){arrived[i], DATAGRAM};
      messages[i].msg_hdr = netsctp__udp_message(
          &arrived_from[i], &parts[i], arrived_control[i], CONTROL_BYTES);
    }
    const int count = recvmmsg(fd, messages, BATCH, MSG_DONTWAIT, NULL);
    NETSCTP__COUNT(receive_syscalls, 1);
    if (count < 0 && was_told_of_error(errno) && errors++ < limit)
      continue;
    if (count <= 0)
      break;
    netsctp__udp_arrival = index / 2;
    for (int i = 0; i < count; i++) {
      union netsctp__sockaddr to;
      if (!(messages[i].msg_hdr.msg_flags & MSG_TRUNC) &&
          read_control(&messages[i].msg_hdr, &to))
        sink(arrived[i], messages[i].msg_len, &arrived_from[i], &to);
    }
    netsctp__udp_arrival = NETSCTP__UDP_PORTS;
    total += (unsigned)count;
    if (count < BATCH)
      break;
  }
  return total;
}

/* --------------------------------------------------------------- sending */

/* Packets wait in `outgoing`, one after the other, for one sendmmsg(). UDP GSO
 * would halve the cost on a link of 1500 bytes, but a Linux 6.1 that gets such
 * packets from its own host at the UDP port of its kernel's SCTP panics. */
#define SLOTS 64
#define OUTGOING_BYTES (1024 * 1024)
#define MAX_DATAGRAM 65507

struct slot {
  int fd;
  union netsctp__sockaddr from, to;
  uint32_t offset, length;
  uint8_t traffic_class;
};

static uint8_t outgoing[OUTGOING_BYTES];
static uint32_t outgoing_used;
static struct slot slots[SLOTS];
static unsigned slot_count;

uint8_t *netsctp__udp_room(uint32_t length) {
  if (length > MAX_DATAGRAM)
    return NULL;
  if (outgoing_used + length > OUTGOING_BYTES || slot_count == SLOTS)
    netsctp__udp_flush();
  return outgoing + outgoing_used;
}

int netsctp__udp_push(unsigned which, const union netsctp__sockaddr *from,
                      const union netsctp__sockaddr *to, uint32_t length,
                      uint8_t traffic_class) {
  const int fd = netsctp__udp_fd(which, to->any.sa_family == AF_INET6);
  if (fd < 0)
    return -EHOSTUNREACH;
  slots[slot_count++] =
      (struct slot){fd, *from, *to, outgoing_used, length, traffic_class};
  outgoing_used += length;
  return 0;
}

static size_t write_one(struct cmsghdr *c, int level, int type,
                        const void *value, size_t size) {
  c->cmsg_level = level;
  c->cmsg_type = type;
  c->cmsg_len = CMSG_LEN(size);
  memcpy(CMSG_DATA(c), value, size);
  return CMSG_SPACE(size);
}

static void write_control(struct msghdr *head, const struct slot *slot) {
  const bool is_ipv6 = slot->to.any.sa_family == AF_INET6;
  const int level = is_ipv6 ? IPPROTO_IPV6 : IPPROTO_IP;
  const struct in_pktinfo ipv4 = {.ipi_spec_dst = slot->from.ipv4.sin_addr};
  const struct in6_pktinfo ipv6 = {.ipi6_addr = slot->from.ipv6.sin6_addr};
  struct cmsghdr *c = CMSG_FIRSTHDR(head);
  size_t used = is_ipv6 ? write_one(c, level, IPV6_PKTINFO, &ipv6, sizeof ipv6)
                        : write_one(c, level, IP_PKTINFO, &ipv4, sizeof ipv4);
  if (slot->traffic_class != 0) {
    const int value = slot->traffic_class;
    c = (struct cmsghdr *)((char *)c + used);
    used += write_one(c, level, is_ipv6 ? IPV6_TCLASS : IP_TOS, &value,
                      sizeof value);
  }
  head->msg_controllen = used;
}

/* Sends slots first..end, which share a socket. What the kernel refuses twice,
 * so that it was not an error of before, is lost, as on any network: SCTP sends
 * it again. */
static void send_run(unsigned first, unsigned end) {
  bool was_refused = false;
  struct mmsghdr messages[SLOTS];
  struct iovec parts[SLOTS];
  static _Alignas(struct cmsghdr) char control[SLOTS][CONTROL_BYTES];
  for (unsigned i = first; i < end; i++) {
    parts[i] = (struct iovec){outgoing + slots[i].offset, slots[i].length};
    messages[i].msg_hdr = netsctp__udp_message(&slots[i].to, &parts[i],
                                               control[i], CONTROL_BYTES);
    write_control(&messages[i].msg_hdr, &slots[i]);
  }
  while (first < end) {
    NETSCTP__COUNT(send_syscalls, 1);
    const int sent =
        sendmmsg(slots[first].fd, messages + first, end - first, MSG_DONTWAIT);
    if (sent > 0) {
      first += (unsigned)sent;
      was_refused = false;
    } else if (errno != EINTR) {
      const bool is_lost = was_refused || !was_told_of_error(errno);
      first += is_lost;
      was_refused = !is_lost;
    }
  }
}

void netsctp__udp_flush(void) {
  for (unsigned first = 0, end; first < slot_count; first = end) {
    for (end = first + 1; end < slot_count; end++)
      if (slots[end].fd != slots[first].fd)
        break;
    send_run(first, end);
  }
  slot_count = 0;
  outgoing_used = 0;
}
