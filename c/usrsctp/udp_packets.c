/* The packets of the userspace stack, through its UDP sockets in batches. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "usrsctp/icmp.h"
#include "usrsctp/udp.h"

unsigned netsctp__udp_arrival = NETSCTP__UDP_PORTS;

/* ------------------------------------------------------------- receiving */

#define BATCH 32
#define DATAGRAM 65536
#define CONTROL_BYTES 128

static uint8_t arrived[BATCH][DATAGRAM];
static union netsctp__sockaddr arrived_from[BATCH];
static _Alignas(struct cmsghdr) char arrived_control[BATCH][CONTROL_BYTES];

/* Where a datagram was sent to; false if to more than one host. */
static bool read_control(struct msghdr *head, union netsctp__sockaddr *to) {
  bool found = false;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(head); c; c = CMSG_NXTHDR(head, c)) {
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
      struct in_pktinfo info;
      memcpy(&info, CMSG_DATA(c), sizeof info);
      to->ipv4 = (struct sockaddr_in){.sin_family = AF_INET,
                                      .sin_addr = info.ipi_addr};
      /* The two differ for a broadcast; SCTP has neither that nor multicast. */
      found = info.ipi_addr.s_addr == info.ipi_spec_dst.s_addr &&
              !IN_MULTICAST(ntohl(info.ipi_addr.s_addr));
    } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
      struct in6_pktinfo info;
      memcpy(&info, CMSG_DATA(c), sizeof info);
      to->ipv6 = (struct sockaddr_in6){.sin6_family = AF_INET6,
                                       .sin6_addr = info.ipi6_addr};
      found = !IN6_IS_ADDR_MULTICAST(&info.ipi6_addr);
    }
  }
  return found;
}

static void take_datagram(struct mmsghdr *message, unsigned slot,
                          netsctp__udp_sink *sink) {
  union netsctp__sockaddr to;
  if (!(message->msg_hdr.msg_flags & MSG_TRUNC) &&
      read_control(&message->msg_hdr, &to))
    sink(arrived[slot], message->msg_len, &arrived_from[slot], &to);
}

void netsctp__udp_receive_errors(uint32_t event, unsigned limit) {
  const uint32_t index = event - NETSCTP__UDP_FIRST_EVENT;
  const int fd = netsctp__udp_fd(index / 2, index % 2);
  if (fd >= 0)
    netsctp__icmp_receive(fd, limit);
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
      messages[i].msg_hdr = (struct msghdr){
          .msg_name = &arrived_from[i],
          .msg_namelen = sizeof arrived_from[i],
          .msg_iov = &parts[i],
          .msg_iovlen = 1,
          .msg_control = arrived_control[i],
          .msg_controllen = CONTROL_BYTES,
      };
    }
    const int count = recvmmsg(fd, messages, BATCH, MSG_DONTWAIT, NULL);
    NETSCTP__COUNT(receive_syscalls, 1);
    if (count < 0 && was_told_of_error(errno) && errors++ < limit)
      continue;
    if (count <= 0)
      break;
    netsctp__udp_arrival = index / 2;
    for (int i = 0; i < count; i++)
      take_datagram(&messages[i], (unsigned)i, sink);
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
                      const union netsctp__sockaddr *to, uint32_t length) {
  const int fd = netsctp__udp_fd(which, to->any.sa_family == AF_INET6);
  if (fd < 0)
    return -EHOSTUNREACH;
  slots[slot_count++] = (struct slot){fd, *from, *to, outgoing_used, length};
  outgoing_used += length;
  return 0;
}

static void write_control(struct msghdr *head, const struct slot *slot) {
  struct cmsghdr *c = CMSG_FIRSTHDR(head);
  if (slot->to.any.sa_family == AF_INET) {
    const struct in_pktinfo info = {.ipi_spec_dst = slot->from.ipv4.sin_addr};
    c->cmsg_level = IPPROTO_IP;
    c->cmsg_type = IP_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(c), &info, sizeof info);
    head->msg_controllen = CMSG_SPACE(sizeof info);
  } else {
    const struct in6_pktinfo info = {.ipi6_addr = slot->from.ipv6.sin6_addr};
    c->cmsg_level = IPPROTO_IPV6;
    c->cmsg_type = IPV6_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof info);
    memcpy(CMSG_DATA(c), &info, sizeof info);
    head->msg_controllen = CMSG_SPACE(sizeof info);
  }
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
    messages[i].msg_hdr = (struct msghdr){
        .msg_name = &slots[i].to,
        .msg_namelen = netsctp__sockaddr_size(&slots[i].to),
        .msg_iov = &parts[i],
        .msg_iovlen = 1,
        .msg_control = control[i],
        .msg_controllen = CONTROL_BYTES,
    };
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
