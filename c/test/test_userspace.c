/* What only the userspace stack has: its UDP ports, and processes that share
 * the machine's. */
#include "udp.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void exchange(struct peer *from, struct peer *to, const char *text) {
  int before = to->message_count;
  EQUAL(send_text(from, 0, 7, text), 1);
  UNTIL(to->host, to->message_count > before);
  EQUAL(to->messages[before].length, strlen(text));
  CHECK(memcmp(to->messages[before].bytes, text, strlen(text)) == 0);
}

USERSPACE_TEST(udp_port_taken_is_explained) {
  struct host *host = host_open();
  int other = udp_socket(0);
  uint16_t port = udp_port_of(other);
  char number[8], why[400] = {0};
  snprintf(number, sizeof number, "%u", port);
  EQUAL(listen_at(host, "127.0.0.1", port), -EADDRINUSE);
  CHECK(sctp.explain((uint8_t *)why, sizeof why - 1) > 0);
  CHECK(strstr(why, number) && strstr(why, "NETSCTP_UDP_PORT"));
  close(other);
  CHECK(listen_at(host, "127.0.0.1", port) > 0);
  host_close(host);
}

static uint16_t udp_port_listened_on(int32_t handle) {
  CHECK(handle > 0);
  return (uint16_t)get_option((uint32_t)handle, NETSCTP_OPTION_LOCAL_UDP_PORT);
}

USERSPACE_TEST(servers_share_a_udp_port_unless_told_otherwise) {
  struct host *host = host_open();
  uint16_t port = free_udp_port(), other = free_udp_port();
  EQUAL(udp_port_listened_on(listen_at(host, "127.0.0.1", port)), port);
  EQUAL(udp_port_listened_on(listen_at(host, "127.0.0.1", port)), port);
  EQUAL(udp_port_listened_on(listen_at(host, "127.0.0.1", 0)), port);
  EQUAL(udp_port_listened_on(listen_at(host, "127.0.0.1", other)), other);
  host_close(host);
}

/* A port is given back soon after its last user, whatever else is open. */
USERSPACE_TEST(each_udp_port_is_free_when_unused) {
  struct host *host = host_open();
  uint16_t kept = free_udp_port(), given_back = free_udp_port();
  CHECK(listen_at(host, "127.0.0.1", kept) > 0);
  int32_t handle = listen_at(host, "127.0.0.1", given_back);
  EQUAL(udp_socket(given_back), -EADDRINUSE);
  EQUAL(sctp.close((uint32_t)handle, NETSCTP_CLOSE_RELEASE), 0);
  int fd;
  UNTIL(host, (fd = udp_socket(given_back)) >= 0);
  close(fd);
  EQUAL(udp_socket(kept), -EADDRINUSE);
  host_close(host);
}

USERSPACE_TEST(more_udp_ports_than_there_can_be) {
  struct host *host = host_open();
  int32_t result, opened = 0;
  while ((result = listen_at(host, "127.0.0.1", free_udp_port())) > 0)
    opened++;
  EQUAL(result, -EMFILE);
  CHECK(opened >= 32);
  host_close(host);
}

USERSPACE_TEST(the_udp_port_is_free_after_the_last_close) {
  struct host *host = host_open();
  uint16_t udp = free_udp_port();
  struct pair pair = pair_at(host, udp);
  EQUAL(get_option(pair.client->handle, NETSCTP_OPTION_LOCAL_UDP_PORT), udp);
  close_peer(pair.listener, NETSCTP_CLOSE_RELEASE);
  EQUAL(udp_socket(udp), -EADDRINUSE);
  EQUAL(sctp.shutdown(pair.client->handle), 0);
  UNTIL(host, pair.client->has_ended && pair.server->has_ended);
  close_peer(pair.client, NETSCTP_CLOSE_RELEASE);
  close_peer(pair.server, NETSCTP_CLOSE_RELEASE);
  int fd;
  UNTIL(host, (fd = udp_socket(udp)) >= 0);
  close(fd);
  host_close(host);
}

USERSPACE_TEST(connect_first_listen_later) {
  struct echo_process echo = echo_start(free_udp_port());
  uint16_t other_udp = 0;
  struct host *host = host_open();
  /* The echoing process listens in its UDP port; ours is ephemeral. */
  struct peer *out = connect_at(host, echo.port, echo.udp_port);
  UNTIL(host, out->states[NETSCTP_ASSOC_UP]);
  exchange(out, out, "before");
  int32_t ephemeral = get_option(out->handle, NETSCTP_OPTION_LOCAL_UDP_PORT);
  CHECK(ephemeral > 0);
  EQUAL(get_option(out->handle, NETSCTP_OPTION_REMOTE_UDP_PORT), echo.udp_port);

  other_udp = free_udp_port();
  struct peer *listener =
      adopt(host, (uint32_t)listen_at(host, "127.0.0.1", other_udp), true);
  exchange(out, out, "while listening");
  EQUAL(get_option(out->handle, NETSCTP_OPTION_LOCAL_UDP_PORT), ephemeral);
  struct peer *client = connect_at(host, port_of(listener), other_udp);
  struct peer *server = accept_one(listener);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  exchange(client, server, "inside");
  exchange(server, client, "back");
  close_peer(listener, NETSCTP_CLOSE_RELEASE);
  exchange(out, out, "after");
  exchange(client, server, "after");
  host_close(host);
  echo_stop(&echo);
}

USERSPACE_TEST(two_processes) {
  struct echo_process echo = echo_start(free_udp_port());
  struct host *host = host_open();
  struct peer *client = connect_at(host, echo.port, echo.udp_port);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  static uint8_t big[200000];
  for (size_t i = 0; i < sizeof big; i++)
    big[i] = (uint8_t)(i * 2654435761u >> 24);
  for (int round = 0; round < 20; round++) {
    EQUAL(send_big(client, 1, big, sizeof big), 1);
    UNTIL(host, client->message_count > round && !client->is_inside);
    EQUAL(client->messages[round].length, sizeof big);
    CHECK(memcmp(client->messages[round].bytes, big, sizeof big) == 0);
  }
  /* Bound to the one address the kernel would send from, and to no other. */
  _Alignas(8) struct netsctp_address local[16];
  EQUAL(sctp.addresses(client->handle, NETSCTP_SIDE_LOCAL, (uint8_t *)local,
                       sizeof local),
        1);
  host_close(host);
  echo_stop(&echo);
}

USERSPACE_TEST(nobody_there_is_a_time_out) {
  struct host *host = host_open();
  int silent = udp_socket(0);
  struct request request = {0};
  uint64_t bytes[256];
  add_remote(&request, "127.0.0.1", 5000);
  add_option(&request, NETSCTP_OPTION_REMOTE_UDP_PORT, udp_port_of(silent));
  add_option(&request, NETSCTP_OPTION_INIT_ATTEMPTS, 2);
  add_option(&request, NETSCTP_OPTION_INIT_TIMEOUT, 100);
  add_option(&request, NETSCTP_OPTION_RTO_INITIAL, 1200);
  const int64_t before = now_ms();
  struct peer *client =
      adopt(host,
            (uint32_t)sctp.connect((uint32_t)host->loop, (uint8_t *)bytes,
                                   pack_request(&request, bytes)),
            false);
  EQUAL(get_option(client->handle, NETSCTP_OPTION_RTO_INITIAL), 1200);
  UNTIL(host, client->error);
  /* The first wait is RTO.Initial, the others are no longer than the limit. */
  const int64_t took = now_ms() - before;
  CHECK(took >= 1200 && took < 2300);
  EQUAL(client->error, ETIMEDOUT);
  EQUAL(client->reason.by, NETSCTP_BY_NETWORK);
  EQUAL(client->states[NETSCTP_ASSOC_UP], 0);
  close(silent);
  host_close(host);
}

/* Nothing answers the shutdown: the background close must not last. */
USERSPACE_TEST(release_with_a_dead_peer_is_bounded) {
  struct echo_process echo = echo_start(free_udp_port());
  struct host *host = host_open();
  uint16_t udp = free_udp_port();
  CHECK(listen_at(host, "127.0.0.1", udp) > 0);
  struct peer *client = connect_at(host, echo.port, echo.udp_port);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  kill(echo.pid, SIGSTOP); /* killed, it would be known to be gone */
  EQUAL(send_text(client, 0, 0, "never read"), 1);
  close_peer(client, NETSCTP_CLOSE_RELEASE);
  /* The loop's end waits for it, but not long. */
  int64_t before = now_ms();
  host_close(host);
  int64_t took = now_ms() - before;
  CHECK(took >= 1000 && took < 3500);
  int fd = udp_socket(udp);
  CHECK(fd >= 0);
  close(fd);
  echo_kill(&echo);
}

USERSPACE_TEST(release_lingers_for_seconds_only) {
  struct echo_process echo = echo_start(free_udp_port());
  struct host *host = host_open();
  struct peer *client = connect_at(host, echo.port, echo.udp_port);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  int32_t udp = get_option(client->handle, NETSCTP_OPTION_LOCAL_UDP_PORT);
  kill(echo.pid, SIGSTOP); /* killed, it would be known to be gone */
  close_peer(client, NETSCTP_CLOSE_RELEASE);
  int64_t before = now_ms();
  int fd;
  UNTIL(host, (fd = udp_socket((uint16_t)udp)) >= 0);
  CHECK(now_ms() - before < 9000);
  close(fd);
  host_close(host);
  echo_kill(&echo);
}

USERSPACE_TEST(idle_sockets_make_no_wakes) {
  struct host *host = host_open();
  uint16_t udp = free_udp_port();
  struct peer *listener =
      adopt(host, (uint32_t)listen_at(host, "127.0.0.1", udp), true);
  struct pollfd woken = {.fd = host->woken, .events = POLLIN};
  while (host_turn(host, 300))
    ;
  EQUAL(poll(&woken, 1, 2000), 0);
  /* With an association too, but for a heartbeat every half minute. */
  struct peer *client = connect_at(host, port_of(listener), udp);
  accept_one(listener);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  while (host_turn(host, 1500))
    ;
  EQUAL(poll(&woken, 1, 2000), 0);
  host_close(host);
}

USERSPACE_TEST(a_new_loop_after_the_last_one) {
  for (int round = 0; round < 3; round++) {
    struct pair pair = pair_open(round % 2 && has_ipv6() ? "::1" : "127.0.0.1");
    exchange(pair.client, pair.server, "hello");
    pair_close(&pair);
  }
}

/* Linux takes all of 127/8 for the loopback device's, of which usrsctp, going
 * by the interfaces' lists, knows one. */
USERSPACE_TEST(addresses_that_no_interface_lists) {
  struct pair pair = pair_open("127.0.0.2");
  exchange(pair.client, pair.server, "hello");
  pair_close(&pair);
  struct host *host = host_open();
  EQUAL(listen_at(host, "192.0.2.77", free_udp_port()), -EADDRNOTAVAIL);
  host_close(host);
}
