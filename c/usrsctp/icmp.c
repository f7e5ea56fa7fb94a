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

#define BATCH 16
/* A quoted packet: IPv6's least MTU is more than any router quotes. */
#define QUOTED_BYTES 1280
#define CONTROL_BYTES 512

/* False for what is no reason to do anything. */
static bool classify(const struct sock_extended_err *in,
                     struct netsctp__icmp_error *out) {
  const uint8_t type = in->ee_type, code = in->ee_code;
  out->error = (int)in->ee_errno;
  out->mtu = in->ee_info;
  out->kind = NETSCTP__ICMP_HOST_UNREACHABLE;
  switch (in->ee_origin) {
  case SO_EE_ORIGIN_ICMP:
    if (code == ICMP_PORT_UNREACH || code == ICMP_PROT_UNREACH)
      out->kind = NETSCTP__ICMP_PORT_UNREACHABLE;
    else if (code == ICMP_FRAG_NEEDED)
      out->kind = NETSCTP__ICMP_TOO_BIG;
    return type == ICMP_DEST_UNREACH;
  case SO_EE_ORIGIN_ICMP6:
    if (type == ICMP6_PACKET_TOO_BIG)
      out->kind = NETSCTP__ICMP_TOO_BIG;
    else if (type == ICMP6_PARAM_PROB || code == ICMP6_DST_UNREACH_NOPORT)
      out->kind = NETSCTP__ICMP_PORT_UNREACHABLE;
    return type == ICMP6_DST_UNREACH || type == ICMP6_PACKET_TOO_BIG ||
           (type == ICMP6_PARAM_PROB && code == ICMP6_PARAMPROB_NEXTHEADER);
  default:
    return false;
  }
}

static bool read_control(struct msghdr *head, struct netsctp__icmp_error *out) {
  bool is_error = false, has_address = false, is_shared;
  for (struct cmsghdr *c = CMSG_FIRSTHDR(head); c; c = CMSG_NXTHDR(head, c)) {
    if ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR) ||
        (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR)) {
      struct sock_extended_err error;
      memcpy(&error, CMSG_DATA(c), sizeof error);
      is_error = classify(&error, out);
    } else {
      has_address |= netsctp__udp_local(c, &out->local, &is_shared);
    }
  }
  return is_error && has_address;
}

void netsctp__icmp_receive(uint32_t event, unsigned limit) {
  static uint8_t quoted[BATCH][QUOTED_BYTES];
  static _Alignas(struct cmsghdr) char control[BATCH][CONTROL_BYTES];
  const uint32_t index = event - NETSCTP__UDP_FIRST_EVENT;
  const int fd = netsctp__udp_fd(index / 2, index % 2);
  for (unsigned total = 0; fd >= 0 && total < limit; total += BATCH) {
    struct netsctp__icmp_error errors[BATCH];
    struct mmsghdr messages[BATCH];
    struct iovec parts[BATCH];
    for (unsigned i = 0; i < BATCH; i++) {
      parts[i] = (struct iovec){quoted[i], QUOTED_BYTES};
      messages[i].msg_hdr = netsctp__udp_message(&errors[i].peer, &parts[i],
                                                 control[i], CONTROL_BYTES);
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
