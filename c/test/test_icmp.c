/* ICMP errors on the userspace stack: those about our own packets say at once
 * that nobody is there; forged ones change nothing. */
#include "udp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void is_refused_at(const char *address) {
  struct host *host = host_open();
  const char *const addresses[] = {address, NULL};
  const uint16_t udp = free_udp_port();
  struct peer *client = start_connecting(host, addresses, udp);
  UNTIL(host, client->error);
  EQUAL(client->error, ECONNREFUSED);
  EQUAL(client->reason.refused_udp_port, udp);
  EQUAL(client->reason.by, NETSCTP_BY_NETWORK);
  EQUAL(client->states[NETSCTP_ASSOC_CANNOT_START], 1);
  host_close(host);
}

USERSPACE_TEST(nobody_on_the_udp_port_is_refused) {
  is_refused_at("127.0.0.1");
}

USERSPACE_TEST(nobody_on_the_udp_port_is_refused_ipv6) {
  needs_ipv6();
  is_refused_at("::1");
}

/* Whether an INIT has come; reads all that has. */
static bool has_init(int fd) {
  uint8_t packet[2048];
  bool found = false;
  while (recv(fd, packet, sizeof packet, 0) > 12)
    found |= packet[12] == 1;
  return found;
}

USERSPACE_TEST(of_several_addresses_all_have_to_refuse) {
  struct host *host = host_open();
  uint16_t udp = free_udp_port();
  const char *const addresses[] = {"127.0.0.1", "127.0.0.2", "127.0.0.3", NULL};
  int silent = udp_socket_on("127.0.0.3", udp);
  int64_t before = now_ms();
  struct peer *client = start_connecting(host, addresses, udp);
  UNTIL(host, has_init(silent));
  CHECK(now_ms() - before < 2500); /* the first time-out is at 3000 */
  EQUAL(client->error, 0);
  close(silent);
  UNTIL(host, client->error); /* the next INIT finds nobody */
  EQUAL(client->error, ECONNREFUSED);
  host_close(host);
}

USERSPACE_TEST(a_peer_that_was_killed_is_reset) {
  struct echo_process echo = echo_start(free_udp_port());
  struct host *host = host_open();
  struct peer *client = connect_at(host, echo.port, echo.udp_port);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  echo_kill(&echo);
  EQUAL(send_text(client, 0, 0, "never read"), 1);
  UNTIL(host, client->error);
  EQUAL(client->error, ECONNRESET);
  EQUAL(client->states[NETSCTP_ASSOC_LOST], 1);
  host_close(host);
}

/* Errors of one peer must not cost another one's packets. */
USERSPACE_TEST(others_go_on_beside_errors) {
  struct host *host = host_open();
  struct pair pair = pair_at(host, free_udp_port());
  const char *const addresses[] = {"127.0.0.1", NULL};
  int64_t before = now_ms();
  for (int round = 0; round < 100; round++) {
    struct peer *refused = start_connecting(host, addresses, free_udp_port());
    EQUAL(send_text(pair.client, 0, 0, "beside"), 1);
    UNTIL(host, refused->error);
    UNTIL(host, pair.server->message_count == round + 1);
    close_peer(refused, NETSCTP_CLOSE_RELEASE);
  }
  CHECK(now_ms() - before < 10000); /* a lost packet would cost a second */
  host_close(host);
}

/* ------------------------------------------------------------ forged ones */

/* A network of this test's own, where it may forge. */
static int forging_socket(void) {
  struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP};
  if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
    skip("no network namespace of one's own here");
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  CHECK(fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &loopback) == 0);
  close(fd);
  fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
  if (fd < 0)
    skip("no raw socket here");
  return fd;
}

struct forged {
  uint8_t code;
  uint16_t udp_from, udp_to, from, to; /* of the quoted packet */
  uint32_t tag;
  uint8_t chunk; /* 1: INIT */
  uint32_t initiate_tag;
  size_t quoted; /* bytes from the SCTP header on */
};

static uint16_t sum_of(const void *bytes, size_t size) {
  uint32_t sum = 0;
  for (size_t i = 0; i + 1 < size; i += 2) {
    uint16_t word;
    memcpy(&word, (const uint8_t *)bytes + i, 2);
    sum += word;
  }
  while (sum >> 16)
    sum = (sum & 0xffff) + (sum >> 16);
  return (uint16_t)~sum;
}

static void forge(int fd, struct forged f) {
  struct {
    struct icmphdr icmp;
    struct iphdr ip;
    struct udphdr udp;
    uint32_t sctp[8];
  } packet = {
      .icmp = {.type = ICMP_DEST_UNREACH, .code = f.code},
      .ip = {.version = 4,
             .ihl = 5,
             .ttl = 64,
             .protocol = IPPROTO_UDP,
             .saddr = htonl(INADDR_LOOPBACK),
             .daddr = htonl(INADDR_LOOPBACK)},
      .udp = {.source = htons(f.udp_from), .dest = htons(f.udp_to)},
  };
  packet.sctp[0] = htonl((uint32_t)f.from << 16 | f.to);
  packet.sctp[1] = htonl(f.tag);
  packet.sctp[3] = htonl((uint32_t)f.chunk << 24 | 20);
  packet.sctp[4] = htonl(f.initiate_tag);
  const size_t heads = sizeof packet - sizeof packet.sctp;
  packet.ip.tot_len = htons((uint16_t)(sizeof packet - sizeof packet.icmp));
  packet.icmp.checksum = sum_of(&packet, heads + f.quoted);
  struct sockaddr_in to = {.sin_family = AF_INET};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  CHECK(sendto(fd, &packet, heads + f.quoted, 0, (struct sockaddr *)&to,
               sizeof to) > 0);
}

static struct netsctp_status status_of(struct peer *peer) {
  _Alignas(8) struct netsctp_status status;
  EQUAL(sctp.status(peer->handle, (uint8_t *)&status, sizeof status), 0);
  return status;
}

/* Waits until so many errors were seen to. */
#define UNTIL_COUNTED(host, ignored, taken)                                    \
  UNTIL(host, counters().icmp_ignored == (ignored) &&                          \
                  counters().icmp_taken == (taken))

USERSPACE_TEST(forged_icmp_changes_nothing) {
  int fd = forging_socket();
  struct host *host = host_open();
  uint16_t udp = free_udp_port(), client_udp = free_udp_port();
  struct peer *listener =
      adopt(host, (uint32_t)listen_at(host, "127.0.0.1", udp), true);
  struct request request = {0};
  add_remote(&request, "127.0.0.1", port_of(listener));
  add_option(&request, NETSCTP_OPTION_REMOTE_UDP_PORT, udp);
  add_option(&request, NETSCTP_OPTION_LOCAL_UDP_PORT, client_udp);
  struct peer *client = connect_by(host, &request);
  struct peer *server = accept_one(listener);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  const struct netsctp_status status = status_of(client);
  _Alignas(8) struct netsctp_address local;
  CHECK(sctp.addresses(client->handle, NETSCTP_SIDE_LOCAL, (uint8_t *)&local,
                       sizeof local) > 0);

  const struct forged right = {.code = ICMP_PORT_UNREACH,
                               .udp_from = client_udp,
                               .udp_to = udp,
                               .from = local.port,
                               .to = port_of(listener),
                               .tag = status.peer_tag,
                               .quoted = 32};
  struct forged wrong[10];
  for (int i = 0; i < 10; i++)
    wrong[i] = right;
  wrong[0].tag = status.peer_tag ^ 1;
  wrong[1].tag = status.tag; /* reflected */
  wrong[2].tag = 0;          /* an INIT's, without one */
  wrong[3].tag = 0;
  wrong[3].chunk = 1; /* an INIT that was answered long ago */
  wrong[3].initiate_tag = status.tag;
  wrong[4].udp_to = (uint16_t)(udp + 1);
  wrong[5].from = (uint16_t)(local.port ^ 1);
  wrong[6].to = (uint16_t)(right.to ^ 1);
  wrong[7].quoted = 0; /* what a router of old quotes: eight bytes */
  wrong[8].quoted = 8;
  wrong[9].tag = 0;
  wrong[9].chunk = 1;
  wrong[9].initiate_tag = 77;
  for (int i = 0; i < 10; i++)
    forge(fd, wrong[i]);
  UNTIL_COUNTED(host, 10, 0);

  /* What says that the way is broken, or narrow, is no end either. */
  struct forged soft = right;
  soft.code = ICMP_HOST_UNREACH;
  forge(fd, soft);
  UNTIL_COUNTED(host, 10, 1);
  EQUAL(get_option(client->handle, NETSCTP_OPTION_SOFT_ERROR), EHOSTUNREACH);
  soft.code = ICMP_FRAG_NEEDED;
  forge(fd, soft);
  UNTIL_COUNTED(host, 10, 2);
  EQUAL(send_text(client, 0, 0, "still there"), 1);
  UNTIL(host, server->message_count == 1);
  EQUAL(client->error, 0);

  /* The one that proves itself ends it: all the above were well formed. */
  forge(fd, right);
  UNTIL(host, client->error);
  EQUAL(client->error, ECONNRESET);
  close(fd);
  host_close(host);
}

/* They are read as fast as they come, and in turn with packets. */
USERSPACE_TEST(a_flood_of_forged_icmp_is_borne) {
  int fd = forging_socket();
  struct host *host = host_open();
  uint16_t udp = free_udp_port();
  struct pair pair = pair_at(host, udp);
  for (int round = 0; round < 200; round++) {
    for (int i = 0; i < 100; i++)
      forge(fd, (struct forged){.code = ICMP_PORT_UNREACH,
                                .udp_from = udp,
                                .udp_to = (uint16_t)(round * 100 + i),
                                .tag = 1,
                                .quoted = 32});
    EQUAL(send_text(pair.client, 0, 0, "still there"), 1);
    UNTIL(host, pair.server->message_count == round + 1);
  }
  CHECK(counters().icmp_ignored > 10000);
  EQUAL(counters().icmp_taken, 0);
  close(fd);
  host_close(host);
}
