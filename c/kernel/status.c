/* How an association and its paths are, over the kernel's stack.
 *
 * SCTP_STATUS tells half of it. The other half is in struct sctp_info, for
 * which there is no socket option: it is asked for by netlink (sock_diag(7)),
 * as `ss -S -i` does, which needs no privilege but the module sctp_diag. */
#include "kernel/vendor.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "rfc6458/status.h"

/* ------------------------------------------------ sctp_info, by netlink */

struct question {
  struct nlmsghdr head;
  struct inet_diag_req_v2 body;
};

static bool put_address(const struct netsctp_address *address, int *family,
                        __be16 *port, __be32 out[4]) {
  union netsctp__sockaddr full;
  if (netsctp__to_sockaddr(address, &full) < 0)
    return false;
  *family = full.any.sa_family;
  *port = htons(netsctp__port(&full));
  if (full.any.sa_family == AF_INET6)
    memcpy(out, &full.ipv6.sin6_addr, sizeof full.ipv6.sin6_addr);
  else
    memcpy(out, &full.ipv4.sin_addr, sizeof full.ipv4.sin_addr);
  return true;
}

/* The association between two addresses, one of each side. */
static bool ask_for(const struct netsctp_address *local,
                    const struct netsctp_address *remote,
                    struct question *out) {
  int here, there;
  struct inet_diag_sockid *id = &out->body.id;
  *out =
      (struct question){.head = {.nlmsg_len = sizeof *out,
                                 .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                                 .nlmsg_flags = NLM_F_REQUEST},
                        .body = {.sdiag_protocol = IPPROTO_SCTP,
                                 .idiag_ext = 1 << (INET_DIAG_INFO - 1),
                                 .idiag_states = UINT32_MAX,
                                 .id = {.idiag_cookie = {INET_DIAG_NOCOOKIE,
                                                         INET_DIAG_NOCOOKIE}}}};
  if (!put_address(local, &here, &id->idiag_sport, id->idiag_src) ||
      !put_address(remote, &there, &id->idiag_dport, id->idiag_dst) ||
      here != there)
    return false;
  out->body.sdiag_family = (uint8_t)here;
  return true;
}

/* Whether the answer has what was asked for. A kernel may know fewer fields or
 * more of them. */
static bool read_answer(const struct nlmsghdr *answer, uint32_t length,
                        struct sctp_info *out) {
  const uint32_t lead = NLMSG_ALIGN(sizeof(struct inet_diag_msg));
  if (!NLMSG_OK(answer, length) || answer->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
      answer->nlmsg_len < NLMSG_LENGTH(lead))
    return false;
  const uint8_t *at = (const uint8_t *)NLMSG_DATA(answer) + lead;
  const uint8_t *end = (const uint8_t *)answer + answer->nlmsg_len;
  while ((size_t)(end - at) >= sizeof(struct nlattr)) {
    const struct nlattr *attribute = (const void *)at;
    if (attribute->nla_len < NLA_HDRLEN ||
        attribute->nla_len > (size_t)(end - at))
      break;
    if ((attribute->nla_type & NLA_TYPE_MASK) == INET_DIAG_INFO) {
      size_t size = attribute->nla_len - (size_t)NLA_HDRLEN;
      memset(out, 0, sizeof *out);
      memcpy(out, at + NLA_HDRLEN, size < sizeof *out ? size : sizeof *out);
      return true;
    }
    const size_t step = NLA_ALIGN((size_t)attribute->nla_len);
    if (step > (size_t)(end - at))
      break;
    at += step;
  }
  return false;
}

/* The kernel answers within send(), so there is nothing to wait for. */
static bool converse(int fd, const struct question *question,
                     struct sctp_info *out) {
  _Alignas(struct nlmsghdr) uint8_t answer[1 << 14];
  struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  NETSCTP__COUNT(other_syscalls, 2);
  if (sendto(fd, question, sizeof *question, MSG_DONTWAIT,
             (struct sockaddr *)&kernel, sizeof kernel) < 0)
    return false;
  ssize_t length = recv(fd, answer, sizeof answer, MSG_DONTWAIT);
  return length > 0 && read_answer((const void *)answer, (uint32_t)length, out);
}

/* Whether the kernel tells. A local address that the association has not got
 * (the kernel names all of the machine's) finds nothing: then the next one. */
static bool get_info(struct netsctp__handle *handle, struct sctp_info *out) {
  enum { MOST = 256 };
  struct netsctp_address local[MOST], remote;
  int total =
      netsctp__backend_addresses(handle, NETSCTP_SIDE_LOCAL, local, MOST);
  int peers =
      netsctp__backend_addresses(handle, NETSCTP_SIDE_REMOTE, &remote, 1);
  if ((peers < 0 && peers != -ENOBUFS) || total < 0)
    return false;
  NETSCTP__COUNT(other_syscalls, 2);
  int fd = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (fd < 0)
    return false;
  bool found = false;
  for (int i = 0; i < total && !found; i++) {
    struct question question;
    if (ask_for(&local[i], &remote, &question))
      found = converse(fd, &question, out);
  }
  close(fd);
  return found;
}

/* The kernel gives spinfo_srtt and sas_maxrto, alone of all times, in ticks of
 * its clock. The resolution of the coarse clock is the length of one. */
static uint32_t ticks_to_ms(uint64_t ticks) {
  struct timespec tick;
  if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) < 0)
    return 0;
  return (uint32_t)(ticks * (uint64_t)tick.tv_nsec / 1000000);
}

/* ------------------------------------------------ the association */

bool netsctp__quirk_status(struct netsctp__handle *handle,
                           struct netsctp_status *out) {
  struct sctp_assoc_value burst = {0};
  struct sctp_info info;
  netsctp__vendor_get(handle->socket, IPPROTO_SCTP, SCTP_MAX_BURST, &burst,
                      sizeof burst);
  out->max_segment = out->fragmentation_point;
  out->max_burst = burst.assoc_value;
  if (!get_info(handle, &info))
    return true;
  out->known = 1;
  out->tag = info.sctpi_tag;
  out->rwnd = info.sctpi_rwnd;
  out->incoming_queue = info.sctpi_inqueue;
  out->outgoing_queue = info.sctpi_outqueue;
  out->overall_error = info.sctpi_overall_error;
  out->max_segment = info.sctpi_maxseg;
  out->peer_tag = info.sctpi_peer_tag;
  /* Linux has no names for these bits: sctp_records.def lists them. */
  out->peer_capabilities = info.sctpi_peer_capable;
  out->peer_sack = info.sctpi_peer_sack;
  return true;
}

bool netsctp__kernel_counts(struct netsctp__handle *handle,
                            struct sctp_assoc_stats *out) {
  struct netsctp__socket *socket = handle->socket;
  *out = (struct sctp_assoc_stats){.sas_assoc_id =
                                       (sctp_assoc_t)handle->association_id};
  if (netsctp__vendor_get(socket, IPPROTO_SCTP, SCTP_GET_ASSOC_STATS, out,
                          sizeof *out) < 0)
    return false;
  if (out->sas_maxrto > socket->highest_rto)
    socket->highest_rto = (uint32_t)out->sas_maxrto;
  out->sas_maxrto = socket->highest_rto;
  return true;
}

bool netsctp__quirk_statistics(struct netsctp__handle *handle,
                               struct netsctp_statistics *out) {
  struct sctp_assoc_stats counts;
  if (!netsctp__kernel_counts(handle, &counts))
    return false;
  out->packets_in = counts.sas_ipackets;
  out->packets_out = counts.sas_opackets;
  out->retransmitted = counts.sas_rtxchunks;
  out->sacks_in = counts.sas_isacks;
  out->sacks_out = counts.sas_osacks;
  out->duplicates = counts.sas_idupchunks;
  out->gaps = counts.sas_gapcnt;
  out->unordered_in = counts.sas_iuodchunks;
  out->unordered_out = counts.sas_ouodchunks;
  out->highest_rto_ms = ticks_to_ms(counts.sas_maxrto);
  return true;
}

/* ------------------------------------------------ its paths */

void netsctp__quirk_path(struct netsctp__socket *socket,
                         struct netsctp_path *path) {
  (void)socket;
  path->srtt_ms = ticks_to_ms(path->srtt_ms);
}
