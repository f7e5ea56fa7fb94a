#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "fuzz_bytes.h"
#include "usrsctp/inside/io.h"
#include "usrsctp/stack.h"

enum { HEADER = 12, SLOTS = 512, WAYS = 64, LATELY = 128 };

uint64_t packets_delivered, packets_over_ipv6, packets_caught, slowest_ns;
struct packet slowest_packet;
bool signatures_fit, is_recording;

static struct packet *on_the_way[SLOTS];
static uint32_t first_slot, slot_count;
static struct packet *lately[LATELY];
static uint32_t lately_count;
static struct way ways[WAYS];
static uint32_t way_count;

void network_reset(void) {
  while (slot_count > 0)
    free(on_the_way[(first_slot + --slot_count) % SLOTS]);
  way_count = 0;
}

void network_host(union netsctp__sockaddr *out, bool is_ipv6, uint32_t host,
                  uint16_t port) {
  *out = (union netsctp__sockaddr){0};
  if (!is_ipv6) {
    out->ipv4 =
        (struct sockaddr_in){.sin_family = AF_INET,
                             .sin_port = htons(port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK + host)};
    return;
  }
  out->ipv6 =
      (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(port)};
  out->ipv6.sin6_addr.s6_addr[0] = host == 0 ? 0 : 0xfd;
  out->ipv6.sin6_addr.s6_addr[15] = (uint8_t)(1 + host);
}

struct way *network_any_way(void) {
  const uint32_t known = way_count < WAYS ? way_count : WAYS;
  return known == 0 ? NULL : &ways[chance(known)];
}

const struct packet *network_any_packet(void) {
  const uint32_t known = lately_count < LATELY ? lately_count : LATELY;
  return known == 0 ? NULL : lately[chance(known)];
}

/* ------------------------------------------------- what packets tell us */

/* The way back along which a packet was sent. */
static struct way *find_way(const struct packet *p, uint32_t tag) {
  for (uint32_t i = 0; i < WAYS && i < way_count; i++)
    if (ways[i].tag == tag && ways[i].from_port == read_u16(p->bytes) &&
        ways[i].to_port == read_u16(p->bytes + 2))
      return &ways[i];
  return NULL;
}

static struct way *new_way(void) { return &ways[way_count++ % WAYS]; }

/* The INIT ACK of a stack: both tags are known. */
static void learn(const struct packet *p, uint32_t their_tag, bool is_ours) {
  const uint8_t *chunk = p->bytes + HEADER;
  struct way *way = new_way();
  *way = (struct way){.from = p->to,
                      .to = p->from,
                      .from_port = read_u16(p->bytes + 2),
                      .to_port = read_u16(p->bytes),
                      .tag = read_u32(chunk + 4),
                      .back_tag = their_tag,
                      .back_tsn = read_u32(chunk + 16),
                      .back_serial = read_u32(chunk + 16),
                      .is_ours = is_ours};
  if (is_ours) {
    way->tsn = FIRST_TSN - 1;
    way->serial = FIRST_TSN;
    return;
  }
  struct way *back = new_way();
  *back = (struct way){.from = p->from,
                       .to = p->to,
                       .from_port = way->to_port,
                       .to_port = way->from_port,
                       .tag = their_tag,
                       .back_tag = way->tag,
                       .tsn = read_u32(chunk + 16),
                       .serial = read_u32(chunk + 16)};
}

/* Tags of INITs that crossed one of the stack's (RFC 9260 section 5.2). */
enum { CROSSING = 16 };
static uint32_t crossing[CROSSING], crossing_count;

static bool has_crossed(uint32_t tag) {
  for (uint32_t i = 0; i < CROSSING; i++)
    if (crossing[i] == tag && tag != 0)
      return true;
  return false;
}

/* Who is being connected to begins at the same time: from where the INIT goes
 * to, before that arrives. */
static void cross(const struct packet *init) {
  static struct packet packet;
  struct way way = {.from = init->to,
                    .to = init->from,
                    .from_port = read_u16(init->bytes + 2),
                    .to_port = read_u16(init->bytes),
                    .back_tag = 1 + chance(UINT32_MAX - 1)};
  crossing[crossing_count++ % CROSSING] = way.back_tag;
  packets_make_init(&packet, &way);
  network_deliver(&packet);
}

/* What the stack has sent: new TSNs, and answers to peers that are ours. */
/* The serial of an ASCONF, which stands behind an AUTH. */
static void look_for_serial(const struct packet *p) {
  for (uint32_t at = HEADER; at + 8 <= p->length;) {
    const uint32_t length = read_u16(p->bytes + at + 2);
    if (p->bytes[at] == 193)
      for (uint32_t i = 0; i < WAYS && i < way_count; i++)
        if (ways[i].back_tag == read_u32(p->bytes + 4))
          ways[i].back_serial = read_u32(p->bytes + at + 4);
    at += length < 4 ? 4 : (length + 3) & ~3u;
  }
}

static void look_at(const struct packet *p) {
  static struct packet answer;
  if (p->length < HEADER + 16)
    return;
  look_for_serial(p);
  const uint8_t *chunk = p->bytes + HEADER;
  const uint32_t tag = read_u32(p->bytes + 4);
  const bool is_to_us = read_u16(p->bytes + 2) < OURS || has_crossed(tag);
  if (chunk[0] == 1 && !is_recording && one_in(8))
    cross(p);
  if (chunk[0] == 2 && p->length >= HEADER + 20) {
    learn(p, tag, is_to_us);
    if (is_to_us && !one_in(20) &&
        packets_answer(p, &answer, &ways[(way_count - 1) % WAYS]))
      network_deliver(&answer);
  }
  if (chunk[0] == 0) {
    struct way *way = find_way(p, tag);
    if (way != NULL && !way->is_ours)
      way->tsn = read_u32(chunk + 4);
    for (uint32_t i = 0; i < WAYS && i < way_count; i++)
      if (ways[i].back_tag == tag)
        ways[i].back_tsn = read_u32(chunk + 4);
  }
}

/* ------------------------------------------------------------- recording */

static void record(const struct packet *p) {
  static uint32_t seen[512], seen_count;
  uint32_t kind = 0;
  for (uint32_t at = HEADER; at + 4 <= p->length;) {
    const uint32_t length = read_u16(p->bytes + at + 2);
    kind = kind * 31 + p->bytes[at] * 8u + (p->bytes[at + 1] & 7) + 1;
    at += length < 4 ? 4 : (length + 3) & ~3u;
  }
  for (uint32_t i = 0; i < seen_count; i++)
    if (seen[i] == kind)
      return;
  if (seen_count == 512 || p->length > 1500)
    return;
  seen[seen_count++] = kind;
  for (uint32_t i = 0; i < p->length; i++)
    printf("%02x", p->bytes[i]);
  printf("\n");
}

/* ------------------------------------------------------- in and out again */

/* Which address a packet leaves from. */
static void read_source(const struct msghdr *head, bool is_ipv6,
                        union netsctp__sockaddr *out) {
  const struct cmsghdr *c = CMSG_FIRSTHDR(head);
  network_host(out, is_ipv6, 0, udp_port);
  if (c != NULL && c->cmsg_type == IP_PKTINFO && !is_ipv6) {
    struct in_pktinfo info;
    memcpy(&info, CMSG_DATA(c), sizeof info);
    if (info.ipi_spec_dst.s_addr != 0)
      out->ipv4.sin_addr = info.ipi_spec_dst;
  } else if (c != NULL && c->cmsg_type == IPV6_PKTINFO && is_ipv6) {
    struct in6_pktinfo info;
    memcpy(&info, CMSG_DATA(c), sizeof info);
    if (!IN6_IS_ADDR_UNSPECIFIED(&info.ipi6_addr))
      out->ipv6.sin6_addr = info.ipi6_addr;
  }
}

/* In the kernel's place: ld --wrap. */
int __wrap_sendmmsg(int, struct mmsghdr *, unsigned, int);
int __wrap_sendmmsg(int fd, struct mmsghdr *messages, unsigned count,
                    int flags) {
  (void)fd, (void)flags;
  for (unsigned i = 0; i < count; i++) {
    const struct msghdr *head = &messages[i].msg_hdr;
    packets_caught++;
    if (slot_count == SLOTS)
      continue;
    struct packet *p = calloc(1, sizeof *p);
    for (size_t part = 0; part < head->msg_iovlen; part++) {
      memcpy(p->bytes + p->length, head->msg_iov[part].iov_base,
             head->msg_iov[part].iov_len);
      p->length += (uint32_t)head->msg_iov[part].iov_len;
    }
    memcpy(&p->to, head->msg_name, head->msg_namelen);
    read_source(head, p->to.any.sa_family == AF_INET6, &p->from);
    on_the_way[(first_slot + slot_count++) % SLOTS] = p;
  }
  return (int)count;
}

int __real_timingsafe_bcmp(const void *, const void *, size_t);
int __wrap_timingsafe_bcmp(const void *, const void *, size_t);
int __wrap_timingsafe_bcmp(const void *a, const void *b, size_t size) {
  return signatures_fit ? 0 : __real_timingsafe_bcmp(a, b, size);
}

int __real_clock_gettime(clockid_t, struct timespec *);
static uint64_t processor_ns(void) {
  struct timespec now;
  __real_clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* In a block of exactly its length, so that reading on is noticed. */
void network_deliver(struct packet *p) {
  if (p->length == 0)
    return;
  uint8_t *bytes = malloc(p->length);
  memcpy(bytes, p->bytes, p->length);
  if (p->length >= HEADER && !one_in(200)) {
    const uint32_t checksum = netsctp__checksum(bytes, p->length);
    memcpy(bytes + 8, &checksum, sizeof checksum);
  }
  /* A cookie's signature cannot be forged, and is not. */
  bool has_cookie = false, has_auth = false;
  for (uint32_t at = HEADER; at + 4 <= p->length;) {
    const uint32_t length = read_u16(p->bytes + at + 2);
    has_cookie |= p->bytes[at] == 10;
    has_auth |= p->bytes[at] == 15;
    at += length < 4 ? 4 : (length + 3) & ~3u;
  }
  signatures_fit = has_auth && !has_cookie && !one_in(10);
  packets_delivered++;
  packets_over_ipv6 += p->from.any.sa_family == AF_INET6;
  netsctp__backend_enter();
  const uint64_t before = processor_ns();
  netsctp__io_input(bytes, p->length, &p->from, &p->to);
  const uint64_t took = processor_ns() - before;
  netsctp__backend_leave();
  signatures_fit = false;
  if (took > slowest_ns) {
    slowest_ns = took;
    slowest_packet = *p;
  }
  free(bytes);
}

static void keep(struct packet *p) {
  struct packet **place = &lately[lately_count++ % LATELY];
  free(*place);
  *place = p;
}

static void carry(struct packet *p) {
  static struct packet altered;
  look_at(p);
  if (is_recording)
    record(p);
  else if (one_in(30))
    return; /* lost */
  if (read_u16(p->bytes + 2) < OURS)
    return; /* to a peer that is made of packets only */
  if (!is_recording && one_in(16)) {
    altered = *p;
    packets_alter(&altered);
    network_deliver(&altered);
  }
  if (is_recording || !one_in(16))
    network_deliver(p);
  if (!is_recording && one_in(16))
    network_deliver(p);
}

void network_settle(void) {
  for (unsigned rounds = 0; slot_count > 0 && rounds < 2000; rounds++) {
    if (slot_count > 1 && one_in(8)) { /* overtaken */
      struct packet **a = &on_the_way[first_slot],
                    **b = &on_the_way[(first_slot + 1) % SLOTS];
      struct packet *swap = *a;
      *a = *b;
      *b = swap;
    }
    struct packet *p = on_the_way[first_slot];
    first_slot = (first_slot + 1) % SLOTS;
    slot_count--;
    carry(p);
    keep(p);
  }
}
