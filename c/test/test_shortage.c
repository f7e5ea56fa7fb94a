/* Descriptors or memory run out, or the system lacks something: nothing is lost
 * for good by it, and nothing fails in silence. */
#include "raw.h"

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What adding to an epoll fails with, 0: it does not; and how often it works
 * before. */
static int add_fails_with, adds_that_work;

/* The library calls this in place of the C library's. */
int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event) {
  if (operation == EPOLL_CTL_ADD && add_fails_with && adds_that_work-- == 0) {
    adds_that_work = 0;
    errno = add_fails_with;
    return -1;
  }
  return (int)syscall(SYS_epoll_ctl, epoll, operation, fd, event);
}

/* Whether this system cannot tell where a datagram was sent to. */
static bool lacks_pktinfo, lacks_ipv6_pktinfo;

int setsockopt(int fd, int level, int name, const void *value, socklen_t size) {
  if ((lacks_pktinfo && level == IPPROTO_IP && name == IP_PKTINFO) ||
      (lacks_ipv6_pktinfo && level == IPPROTO_IPV6 &&
       name == IPV6_RECVPKTINFO)) {
    errno = ENOPROTOOPT;
    return -1;
  }
  return (int)syscall(SYS_setsockopt, fd, level, name, value, size);
}

/* A policy that allows SCTP, but not over IPv6; one that allows no accept(). */
static bool refuses_ipv6, refuses_accept;

int socket(int family, int type, int protocol) {
  if (refuses_ipv6 && family == AF_INET6) {
    errno = EACCES;
    return -1;
  }
  return (int)syscall(SYS_socket, family, type, protocol);
}

int accept4(int fd, struct sockaddr *address, socklen_t *size, int flags) {
  if (refuses_accept) {
    errno = EPERM;
    return -1;
  }
  return (int)syscall(SYS_accept4, fd, address, size, flags);
}

/* Lets this process open no more descriptors, or as many as before. With a
 * limit of 0, poll() would refuse to wait for those there are. */
static void allow_descriptors(bool on) {
  static struct rlimit before;
  if (before.rlim_cur == 0)
    getrlimit(RLIMIT_NOFILE, &before);
  const struct rlimit none = {.rlim_cur = 1, .rlim_max = before.rlim_max};
  CHECK(setrlimit(RLIMIT_NOFILE, on ? &before : &none) == 0);
}

/* A loop that cannot wait for a port would never hear of its packets. */
USERSPACE_TEST(a_udp_port_that_cannot_be_watched) {
  struct host *host = host_open();
  const uint16_t port = free_udp_port();
  const int before = open_descriptors();
  add_fails_with = ENOMEM;
  EQUAL(listen_at(host, "127.0.0.1", port), -ENOMEM);
  add_fails_with = 0;
  EQUAL(open_descriptors(), before);
  struct pair pair = pair_at(host, port);
  EQUAL(send_text(pair.client, 0, 0, "here"), 1);
  UNTIL(host, pair.server->message_count == 1);
  host_close(host);
}

/* What arrives could never be taken. */
USERSPACE_TEST(a_system_that_does_not_tell_where_a_packet_came_to) {
  struct host *host = host_open();
  lacks_ipv6_pktinfo = true;
  struct pair pair = pair_at(host, free_udp_port()); /* IPv4 is enough */
  EQUAL(send_text(pair.client, 0, 0, "here"), 1);
  UNTIL(host, pair.server->message_count == 1);
  lacks_pktinfo = true;
  EQUAL(listen_at(host, "127.0.0.1", free_udp_port()), -ENOPROTOOPT);
  host_close(host);
}

SOCKET_TEST(a_loop_that_cannot_be_opened_keeps_nothing) {
  host_close(host_open()); /* what is opened once for all */
  const int before = open_descriptors();
  int32_t loop = -1;
  for (int works = 0; loop < 0; works++) {
    adds_that_work = works;
    add_fails_with = ENOMEM;
    loop = sctp.loop_open(NETSCTP_WAKE_SOCKET, NULL);
    add_fails_with = 0;
    if (loop < 0) {
      EQUAL(loop, -ENOMEM);
      EQUAL(open_descriptors(), before);
    }
  }
  EQUAL(sctp.loop_close((uint32_t)loop), 0);
  EQUAL(open_descriptors(), before);
}

KERNEL_TEST(a_policy_that_refuses_ipv6) {
  struct host *host = host_open();
  struct request any = {0}, ipv4 = {0};
  refuses_ipv6 = true;
  EQUAL(try_listen(host, &any), -EACCES);
  add_local(&ipv4, "127.0.0.1", 0);
  CHECK(try_listen(host, &ipv4) > 0);
  host_close(host);
}

/* It takes nothing off the queue: to try again at once would never end. */
KERNEL_TEST(an_accept_that_is_refused_is_told) {
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  struct netsctp_accepted accepted;
  refuses_accept = true;
  EQUAL(sctp.accept(listener->handle, (uint8_t *)&accepted, sizeof accepted),
        -EPERM);
  host_close(host);
}

enum { MESSAGES = 100 };

/* Exits with 0 once the peer has ended in order, after all its messages. */
static _Noreturn void receive_all(uint16_t udp_port, int to_parent) {
  struct host *host = host_open();
  struct peer *listener =
      adopt(host, (uint32_t)listen_at(host, "127.0.0.1", udp_port), true);
  const uint16_t port = port_of(listener);
  CHECK(write(to_parent, &port, sizeof port) == sizeof port);
  struct peer *server = accept_one(listener);
  UNTIL(host, server->has_ended || server->error);
  EQUAL(server->error, 0);
  EQUAL(server->message_count, MESSAGES);
  host_close(host);
  exit(0);
}

/* What was closed in order is finished as the last loop goes. */
USERSPACE_TEST(the_last_loop_finishes_without_a_descriptor) {
  const uint16_t udp_port = free_udp_port();
  uint16_t port;
  int up[2], status;
  CHECK(pipe(up) == 0);
  fflush(stdout);
  const int child = fork();
  CHECK(child >= 0);
  if (child == 0)
    receive_all(udp_port, up[1]);
  CHECK(read(up[0], &port, sizeof port) == sizeof port);
  struct host *host = host_open();
  struct peer *client = connect_at(host, port, udp_port);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  for (int i = 0; i < MESSAGES; i++)
    EQUAL(send_text(client, 0, 0, "the last words"), 1);
  allow_descriptors(false);
  close_peer(client, NETSCTP_CLOSE_RELEASE);
  host_close(host);
  allow_descriptors(true);
  CHECK(waitpid(child, &status, 0) == child);
  EQUAL(status, 0);
}

/* Which of this host's addresses no interface has is learnt from INITs, and
 * only so many of them: one that could not be looked up is none of those. */
USERSPACE_TEST(addresses_are_learnt_after_a_shortage) {
  enum { MORE_THAN_ARE_LEARNT = 100, FIRST = 0x7f000101 };
  struct host *host = host_open();
  const uint16_t udp_port = free_udp_port();
  struct peer *listener =
      adopt(host, (uint32_t)listen_at(host, "0.0.0.0", udp_port), true);
  struct raw raw = raw_peer(host, port_of(listener), udp_port);
  allow_descriptors(false);
  for (int i = 0; i < MORE_THAN_ARE_LEARNT; i++) {
    raw.peer_address = FIRST + (uint32_t)i;
    raw_send_init(&raw, false, 0);
  }
  struct packet last = {.length = 100}; /* without a checksum */
  raw_send_as_it_is(&raw, &last, 0);
  UNTIL(host, counters().damaged_packets == 1);
  allow_descriptors(true);
  raw.peer_address = FIRST + MORE_THAN_ARE_LEARNT;
  raw_connect(&raw, false);
  struct peer *server = accept_one(listener);
  EQUAL(send_text(server, 0, 0, "from where I was asked"), 1);
  CHECK(raw_wait(&raw, 0, C_DATA, 5000));
  EQUAL(raw.from, raw.peer_address);
  raw_close(&raw);
  host_close(host);
}
