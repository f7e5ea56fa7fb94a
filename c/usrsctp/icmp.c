/* ICMP errors out of the UDP sockets' error queues. Knows nothing of SCTP.
 *
 * The kernel only queues an error that quotes a packet from a UDP port of ours.
 * Anybody can send such a one, so that alone means nothing yet. */
#include "usrsctp/icmp.h"

#include <errno.h>
#include <time.h> /* which linux/errqueue.h wants */

#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>

#include "shim/backend.h"

#define BATCH 16
/* A quoted packet: IPv6's least MTU is more than any router quotes. */
#define QUOTED_BYTES 1280
#define CONTROL_BYTES 512

/* False for what is no reason to do anything. */
static bool classify(const struct sock_extended_err *in,
                     struct netsctp__icmp_error *out) {
  out->error = (int)in->ee_errno;
  out->mtu = 0;
  if (in->ee_origin == SO_EE_ORIGIN_ICMP && in->ee_type == ICMP_DEST_UNREACH) {
    switch (in->ee_code) {
    case ICMP_PORT_UNREACH:
    case ICMP_PROT_UNREACH:
      out->kind = NETSCTP__ICMP_PORT_UNREACHABLE;
      return true;
    case ICMP_FRAG_NEEDED:
      out->kind = NETSCTP__ICMP_TOO_BIG;
      out->mtu = in->ee_info;
      return true;
    default:
      out->kind = NETSCTP__ICMP_HOST_UNREACHABLE;
      return true;
    }
  }
  if (in->ee_origin != SO_EE_ORIGIN_ICMP6)
    return false;
  switch (in->ee_type) {
  case ICMP6_DST_UNREACH:
    out->kind = in->ee_code == ICMP6_DST_UNREACH_NOPORT
                    ? NETSCTP__ICMP_PORT_UNREACHABLE
                    : NETSCTP__ICMP_HOST_UNREACHABLE;
    return true;
  case ICMP6_PACKET_TOO_BIG:
    out->kind = NETSCTP__ICMP_TOO_BIG;
    out->mtu = in->ee_info;
    return true;
  case ICMP6_PARAM_PROB:
    out->kind = NETSCTP__ICMP_PORT_UNREACHABLE;
    return in->ee_code == ICMP6_PARAMPROB_NEXTHEADER;
  default:
    return false;
  }
}

/* The packet went out from where the error came to. */
static bool read_address(const struct cmsghdr *c,
                         union netsctp__sockaddr *out) {
  if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
    struct in_pktinfo info;
    memcpy(&info, CMSG_DATA(c), sizeof info);
    out->ipv4 =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_addr = info.ipi_addr};
    return true;
  }
  if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
    struct in6_pktinfo info;
    memcpy(&info, CMSG_DATA(c), sizeof info);
    out->ipv6 = (struct sockaddr_in6){.sin6_family = AF_INET6,
                                      .sin6_addr = info.ipi6_addr};
    return true;
  }
  return false;
}

static bool read_control(struct msghdr *head, struct netsctp__icmp_error *out) {
  bool is_error = false, has_address = false;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(head); c; c = CMSG_NXTHDR(head, c)) {
    if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
        (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR)) {
      struct sock_extended_err error;
      memcpy(&error, CMSG_DATA(c), sizeof error);
      is_error = classify(&error, out);
    } else {
      has_address |= read_address(c, &out->local);
    }
  }
  return is_error && has_address;
}

void netsctp__icmp_receive(int fd, unsigned limit) {
  static uint8_t quoted[BATCH][QUOTED_BYTES];
  static _Alignas(struct cmsghdr) char control[BATCH][CONTROL_BYTES];
  for (unsigned total = 0; total < limit; total += BATCH) {
    struct netsctp__icmp_error errors[BATCH];
    struct mmsghdr messages[BATCH];
    struct iovec parts[BATCH];
    for (unsigned i = 0; i < BATCH; i++) {
      parts[i] = (struct iovec){quoted[i], QUOTED_BYTES};
      messages[i].msg_hdr = (struct msghdr){
          .msg_name = &errors[i].peer,
          .msg_namelen = sizeof errors[i].peer,
          .msg_iov = &parts[i],
          .msg_iovlen = 1,
          .msg_control = control[i],
          .msg_controllen = CONTROL_BYTES,
      };
    }
    const int count =
        recvmmsg(fd, messages, BATCH, MSG_ERRQUEUE | MSG_DONTWAIT, NULL);
    NETSCTP__COUNT(receive_syscalls, 1);
    for (int i = 0; i < count; i++)
      if (read_control(&messages[i].msg_hdr, &errors[i]))
        netsctp__io_unreachable(&errors[i], quoted[i], messages[i].msg_len);
      else
        NETSCTP__COUNT(icmp_ignored, 1);
    if (count < BATCH)
      break;
  }
}
