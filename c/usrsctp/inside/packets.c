/* The way of packets into usrsctp and out of it. See usrsctp/inside/io.h, and
 * usrsctp/inside/README.md for __wrap_. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctp_input.h>
#include <netinet/sctputil.h>

#include <stddef.h>
#include <string.h>

#include "usrsctp/guard.h"
#include "usrsctp/inside/io.h"
#include "usrsctp/inside/tags.h"
#include "usrsctp/stack.h"
#include "usrsctp/udp.h"

static const struct netsctp__io_packet *in_hand;
static bool lacks_scope; /* its association does not know its interface */

/* The UDP port a packet leaves from: the one its association began on, so that
 * neither the peer nor a NAT between sees it change. */
static unsigned choose_port(const struct netsctp__socket *s) {
  unsigned which = s == NULL ? netsctp__udp_arrival : s->udp;
  if (netsctp__udp_port(which) == 0)
    which = netsctp__udp_arrival;
  return netsctp__udp_port(which) == 0 ? netsctp__udp_first() : which;
}

static struct mbuf *to_mbuf(const uint8_t *packet, uint32_t length) {
  const int heads = sizeof(struct sctphdr) + sizeof(struct sctp_chunkhdr);
  struct mbuf *m = sctp_get_mbuf_for_msg(length, 1, M_NOWAIT, 0, MT_DATA);
  if (m == NULL)
    return NULL;
  /* m_copyback() goes by the lengths that the chain says it has. */
  uint32_t rest = length;
  m->m_pkthdr.len = 0;
  for (struct mbuf *part = m; part != NULL; part = part->m_next) {
    part->m_len = (int)min((uint32_t)M_SIZE(part), rest);
    m->m_pkthdr.len += part->m_len;
    rest -= (uint32_t)part->m_len;
  }
  m_copyback(m, 0, (int)length, (caddr_t)(uintptr_t)packet);
  return SCTP_BUF_LEN(m) < heads ? m_pullup(m, heads) : m;
}

/* The stack is not asked: an association of the same addresses is no concern
 * of who sends an INIT that cannot be. */
static void refuse(const uint8_t *packet, uint16_t cause,
                   const union netsctp__sockaddr *from,
                   const union netsctp__sockaddr *to) {
  NETSCTP__COUNT(refused_packets, 1);
  uint8_t *room = netsctp__udp_room(NETSCTP__REFUSAL_BYTES);
  netsctp__guard_refuse(packet, cause, room);
  const uint32_t checksum = netsctp__checksum(room, NETSCTP__REFUSAL_BYTES);
  memcpy(room + offsetof(struct sctphdr, checksum), &checksum, sizeof checksum);
  netsctp__udp_push(choose_port(NULL), to, from, NETSCTP__REFUSAL_BYTES, 0);
}

static bool is_intact(const uint8_t *packet, uint32_t length,
                      const union netsctp__sockaddr *from,
                      const union netsctp__sockaddr *to) {
  if (length < sizeof(struct sctphdr))
    return false;
  if (SCTP_BASE_SYSCTL(sctp_no_csum_on_loopback) &&
      netsctp__is_same_host(from, to))
    return true;
  const uint32_t checksum = netsctp__checksum(packet, length);
  return memcmp(packet + offsetof(struct sctphdr, checksum), &checksum,
                sizeof checksum) == 0;
}

/* Who can be answered, and only that. */
static bool is_host(const union netsctp__sockaddr *from) {
  if (from->any.sa_family == AF_INET6)
    return from->ipv6.sin6_port != 0 &&
           !IN6_IS_ADDR_UNSPECIFIED(&from->ipv6.sin6_addr) &&
           !IN6_IS_ADDR_MULTICAST(&from->ipv6.sin6_addr);
  const uint32_t address = ntohl(from->ipv4.sin_addr.s_addr);
  return from->ipv4.sin_port != 0 && address != INADDR_ANY &&
         address != INADDR_BROADCAST && !IN_MULTICAST(address);
}

static bool passes_guard(uint8_t *packet, uint32_t length,
                         const union netsctp__sockaddr *from,
                         const union netsctp__sockaddr *to,
                         struct netsctp__judgement *judgement) {
  if (!is_host(from) || length > UINT16_MAX) {
    NETSCTP__COUNT(malformed_packets, 1);
    return false;
  }
  if (!is_intact(packet, length, from, to)) {
    NETSCTP__COUNT(damaged_packets, 1);
    return false;
  }
  *judgement = netsctp__guard_judge(packet, length);
  if (judgement->verdict == NETSCTP__PASS)
    return true;
  if (judgement->verdict == NETSCTP__REFUSE)
    refuse(packet, judgement->cause, from, to);
  else
    NETSCTP__COUNT(malformed_packets, 1);
  return false;
}

/* The stack wants SCTP's ports in the addresses, and UDP's aside. */
static uint16_t change_ports(const uint8_t *packet,
                             union netsctp__sockaddr *from,
                             union netsctp__sockaddr *to) {
  const struct sctphdr *head = (const void *)packet;
  const uint16_t udp_port = htons(netsctp__port(from));
  netsctp__set_port(from, ntohs(head->src_port));
  netsctp__set_port(to, ntohs(head->dest_port));
  return udp_port;
}

void netsctp__io_process(const uint8_t *packet, uint32_t length,
                         const union netsctp__sockaddr *from,
                         const union netsctp__sockaddr *to) {
  union netsctp__sockaddr source = *from, destination = *to;
  const uint16_t udp_port = change_ports(packet, &source, &destination);
  struct mbuf *m = to_mbuf(packet, length);
  if (m == NULL)
    return;
  struct sctphdr *head = mtod(m, struct sctphdr *);
  struct sctp_chunkhdr *chunk = (struct sctp_chunkhdr *)(head + 1);
  const uint32_t tag = ntohl(head->v_tag);
  SCTP_STAT_INCR(sctps_recvpackets);
  SCTP_STAT_INCR_COUNTER64(sctps_inpackets);
  const struct netsctp__io_packet current = {packet, length, udp_port, from,
                                             to};
  in_hand = &current;
  if (chunk->chunk_type == SCTP_INITIATION)
    netsctp__io_learn_address(to);
  else if (chunk->chunk_type == SCTP_HEARTBEAT_REQUEST &&
           netsctp__is_link_local(from))
    netsctp__io_keep_scope(&source, &destination, tag);
  sctp_common_input_processing(&m, 0, sizeof *head, (int)length, &source.any,
                               &destination.any, head, chunk, 0, 0,
                               SCTP_DEFAULT_VRFID, udp_port);
  in_hand = NULL;
  netsctp__restart_answered();
  if (lacks_scope) {
    lacks_scope = false;
    netsctp__io_keep_scope(&source, &destination, tag);
  }
  if (m != NULL)
    sctp_m_freem(m);
}

const struct netsctp__io_packet *netsctp__io_packet(void) { return in_hand; }

void netsctp__io_refuse(uint16_t cause) {
  refuse(in_hand->bytes, cause, in_hand->from, in_hand->to);
}

void netsctp__io_input(uint8_t *packet, uint32_t length,
                       const union netsctp__sockaddr *from,
                       const union netsctp__sockaddr *to) {
  struct netsctp__judgement judgement;
  if (!passes_guard(packet, length, from, to, &judgement))
    return;
  union netsctp__sockaddr source = *from, destination = *to;
  change_ports(packet, &source, &destination);
  if (netsctp__tags_admit(packet, length, &judgement, &source, &destination)) {
    netsctp__io_process(packet, length, from, to);
    netsctp__tags_settle();
  }
}

/* `heads` bytes of IP and UDP header lead the packet; to and from are read. */
static int send_packet(struct mbuf *m, uint32_t heads,
                       const struct sctp_tcb *stcb,
                       union netsctp__sockaddr *from,
                       union netsctp__sockaddr *to, uint8_t traffic_class) {
  uint32_t length = 0;
  for (const struct mbuf *part = m; part != NULL; part = part->m_next)
    length += (uint32_t)part->m_len;
  if (length <= heads)
    return EINVAL;
  length -= heads;
  uint8_t *room = netsctp__udp_room(length);
  if (room == NULL)
    return EMSGSIZE;
  m_copydata(m, (int)heads, (int)length, (caddr_t)room);
  struct netsctp__socket *s =
      stcb == NULL ? NULL : netsctp__stack_find(netsctp__io_id(stcb->sctp_ep));
  if (s != NULL)
    netsctp__tally_out(&s->tally, room, length);
  return -netsctp__udp_push(choose_port(s), from, to, length, traffic_class);
}

/* Who sends it. The stack says which association; since December 2021 (upstream
 * 2dfe194a) it says which endpoint, and usrsctp.mk looks which it is. Endpoints
 * of ours have one association at most. */
static const struct sctp_tcb *sender_of(const void *given) {
#if NETSCTP_OUTPUT_GIVES_ENDPOINT
  const struct sctp_inpcb *inp = given;
  return inp == NULL ? NULL : LIST_FIRST(&inp->sctp_asoc_list);
#else
  return given;
#endif
}

/* A link-local address alone does not say on which interface it is. The path
 * does, or the packet in hand if it is answered; else our own address does. */
static uint32_t scope_of(const struct sctp_tcb *stcb,
                         union netsctp__sockaddr *from,
                         const union netsctp__sockaddr *to) {
  const struct sctp_nets *net;
  if (stcb != NULL)
    TAILQ_FOREACH(net, &stcb->asoc.nets, sctp_next)
  if (netsctp__is_same_host(&net->ro._l_addr, to) &&
      net->ro._l_addr.sin6.sin6_scope_id != 0)
    return net->ro._l_addr.sin6.sin6_scope_id;
  const union netsctp__sockaddr *sender =
      in_hand == NULL ? NULL : in_hand->from;
  if (netsctp__is_same_host(sender, to)) {
    lacks_scope = stcb != NULL;
    return sender->ipv6.sin6_scope_id;
  }
  const struct sctp_ifa *ifa = sctp_find_ifa_by_addr(
      &from->any, SCTP_DEFAULT_VRFID, SCTP_ADDR_NOT_LOCKED);
  return ifa == NULL || ifa->ifn_p == NULL ? 0 : ifa->ifn_p->ifn_index;
}

union heads {
  struct {
    struct ip ip;
    uint16_t udp[4];
  } ipv4;
  struct {
    struct ip6_hdr ip;
    uint16_t udp[4];
  } ipv6;
};

static int output(struct mbuf *m, const struct sctp_tcb *stcb, bool is_ipv6) {
  union heads head;
  const uint32_t size = is_ipv6 ? sizeof head.ipv6 : sizeof head.ipv4;
  m_copydata(m, 0, (int)min(size, (uint32_t)SCTP_HEADER_LEN(m)),
             (caddr_t)&head);
  union netsctp__sockaddr from = {.ipv6 = {0}}, to = {.ipv6 = {0}};
  if (is_ipv6) {
    from.ipv6.sin6_addr = head.ipv6.ip.ip6_src;
    to.ipv6.sin6_addr = head.ipv6.ip.ip6_dst;
    to.ipv6.sin6_port = head.ipv6.udp[1];
    from.any.sa_family = to.any.sa_family = AF_INET6;
    if (IN6_IS_ADDR_LINKLOCAL(&to.ipv6.sin6_addr))
      to.ipv6.sin6_scope_id = scope_of(stcb, &from, &to);
  } else {
    from.ipv4.sin_addr = head.ipv4.ip.ip_src;
    to.ipv4.sin_addr = head.ipv4.ip.ip_dst;
    to.ipv4.sin_port = head.ipv4.udp[1];
    from.any.sa_family = to.any.sa_family = AF_INET;
  }
  /* The code point (RFC 2474) without the marks of ECN, which nobody reads
   * where packets come in. */
  const uint32_t class =
      is_ipv6 ? ntohl(head.ipv6.ip.ip6_flow) >> 20 : head.ipv4.ip.ip_tos;
  const uint8_t code_point = class & 0xfc;
  /* Without a UDP port it would have to go out as raw IP. */
  const int protocol = is_ipv6 ? head.ipv6.ip.ip6_nxt : head.ipv4.ip.ip_p;
  const int result = protocol == IPPROTO_UDP
                         ? send_packet(m, size, stcb, &from, &to, code_point)
                         : EHOSTUNREACH;
  sctp_m_freem(m);
  return result;
}

NETSCTP__WRAPS(sctp_userspace_ip_output);
void __wrap_sctp_userspace_ip_output(int *result, struct mbuf *m,
                                     sctp_route_t *route, void *given,
                                     uint32_t vrf_id) {
  (void)route, (void)vrf_id;
  *result = output(m, sender_of(given), false);
}

NETSCTP__WRAPS(sctp_userspace_ip6_output);
void __wrap_sctp_userspace_ip6_output(int *result, struct mbuf *m,
                                      struct route_in6 *route, void *given,
                                      uint32_t vrf_id) {
  (void)route, (void)vrf_id;
  *result = output(m, sender_of(given), true);
}
