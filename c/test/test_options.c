/* Heartbeats and subscriptions: set before, inherited, changed later. */
#include "udp.h"

static int32_t option(const struct peer *peer, uint32_t name) {
  return get_option(peer->handle, name);
}

SOCKET_TEST(heartbeat_of_an_open_association) {
  struct pair pair = pair_open("127.0.0.1");
  const struct peer *ends[] = {pair.client, pair.server, pair.listener};
  for (int i = 0; i < 3; i++) {
    uint32_t handle = ends[i]->handle;
    EQUAL(option(ends[i], NETSCTP_OPTION_HEARTBEAT), 1);
    CHECK(option(ends[i], NETSCTP_OPTION_HEARTBEAT_INTERVAL) > 1000);
    EQUAL(set_option(handle, NETSCTP_OPTION_HEARTBEAT_INTERVAL, 7000), 0);
    EQUAL(option(ends[i], NETSCTP_OPTION_HEARTBEAT_INTERVAL), 7000);
    EQUAL(set_option(handle, NETSCTP_OPTION_HEARTBEAT, 0), 0);
    EQUAL(option(ends[i], NETSCTP_OPTION_HEARTBEAT), 0);
    /* An interval alone switches nothing on, and outlives the switch. */
    EQUAL(set_option(handle, NETSCTP_OPTION_HEARTBEAT_INTERVAL, 8000), 0);
    EQUAL(option(ends[i], NETSCTP_OPTION_HEARTBEAT), 0);
    EQUAL(set_option(handle, NETSCTP_OPTION_HEARTBEAT, 1), 0);
    EQUAL(option(ends[i], NETSCTP_OPTION_HEARTBEAT), 1);
    EQUAL(option(ends[i], NETSCTP_OPTION_HEARTBEAT_INTERVAL), 8000);
    EQUAL(set_option(handle, NETSCTP_OPTION_HEARTBEAT, 2), -EINVAL);
    EQUAL(set_option(handle, NETSCTP_OPTION_HEARTBEAT_INTERVAL, 0), -EINVAL);
  }
  pair_close(&pair);
}

SOCKET_TEST(heartbeat_is_inherited) {
  struct request request = {0};
  add_option(&request, NETSCTP_OPTION_HEARTBEAT, 0);
  /* The kernel rounds to its clock's ticks: a multiple of any. */
  add_option(&request, NETSCTP_OPTION_HEARTBEAT_INTERVAL, 12000);
  struct pair pair = pair_with("127.0.0.1", &request);
  const struct peer *ends[] = {pair.client, pair.server, pair.listener};
  for (int i = 0; i < 3; i++) {
    EQUAL(option(ends[i], NETSCTP_OPTION_HEARTBEAT), 0);
    EQUAL(option(ends[i], NETSCTP_OPTION_HEARTBEAT_INTERVAL), 12000);
  }
  pair_close(&pair);
}

/* Options that a listener's associations inherit, and that can be changed while
 * they are up where `later` is not 0. */
static const struct {
  uint32_t name;
  int32_t early, later;
  bool is_kernels;
} numbers[] = {
    {NETSCTP_OPTION_RTO_INITIAL, 2500, 3500, false},
    {NETSCTP_OPTION_RTO_MIN, 400, 600, false},
    {NETSCTP_OPTION_RTO_MAX, 9000, 8000, false},
    {NETSCTP_OPTION_ASSOCIATION_RETRANSMISSIONS, 4, 5, false},
    {NETSCTP_OPTION_PATH_RETRANSMISSIONS, 3, 2, false},
    {NETSCTP_OPTION_POTENTIALLY_FAILED, 1, 2, false},
    {NETSCTP_OPTION_PRIMARY_SWITCHOVER, 7, 6, true},
    {NETSCTP_OPTION_COOKIE_LIFE, 20000, 30000, false},
    {NETSCTP_OPTION_PATH_MTU, 1000, 1200, false},
    {NETSCTP_OPTION_PROBE_INTERVAL, 8000, 9000, true},
    {NETSCTP_OPTION_DSCP, 46, 0, false},
    {NETSCTP_OPTION_FLOW_LABEL, 0xabcde, 0x12345, true},
    {NETSCTP_OPTION_MAX_BURST, 7, 3, false},
    {NETSCTP_OPTION_MAX_SEGMENT, 700, 900, false},
    {NETSCTP_OPTION_ADAPTATION, -2, 0, false},
};
enum { NUMBERS = sizeof numbers / sizeof numbers[0] };

SOCKET_TEST(numbers_are_inherited_and_changed) {
  struct request request = {0};
  for (size_t i = 0; i < NUMBERS; i++)
    if (is_kernel() || !numbers[i].is_kernels)
      add_option(&request, numbers[i].name, numbers[i].early);
  struct pair pair = pair_with("::1", &request);
  const struct peer *ends[] = {pair.client, pair.server, pair.listener};
  for (size_t i = 0; i < NUMBERS; i++) {
    if (!is_kernel() && numbers[i].is_kernels) {
      EQUAL(set_option(pair.client->handle, numbers[i].name, numbers[i].later),
            -EOPNOTSUPP);
      EQUAL(sctp.lacking_option(), (int32_t)numbers[i].name);
      continue;
    }
    for (int end = 0; end < 3; end++) {
      /* usrsctp tells the peer the listener's, and does not hand it down. */
      if (!is_kernel() && ends[end] == pair.server &&
          numbers[i].name == NETSCTP_OPTION_ADAPTATION)
        continue;
      EQUAL(option(ends[end], numbers[i].name), numbers[i].early);
    }
    for (int end = 0; numbers[i].later && end < 3; end++) {
      EQUAL(set_option(ends[end]->handle, numbers[i].name, numbers[i].later),
            0);
      EQUAL(option(ends[end], numbers[i].name), numbers[i].later);
    }
  }
  pair_close(&pair);
}

/* Neither stack says what is wrong with it, and the kernel's takes it. */
SOCKET_TEST(an_rto_outside_of_its_limits_is_explained) {
  struct pair pair = pair_open("127.0.0.1");
  const uint32_t handle = pair.client->handle;
  const int32_t before = get_option(handle, NETSCTP_OPTION_RTO_INITIAL);
  EQUAL(set_option(handle, NETSCTP_OPTION_RTO_INITIAL, 500), -EINVAL);
  SAYS("sctp.rto would be initial 500, min 1000, max 60000, and must be min <= "
       "initial <= max: set what lies outside, too");
  EQUAL(set_option(handle, NETSCTP_OPTION_RTO_MAX, 900), -EINVAL);
  EQUAL(get_option(handle, NETSCTP_OPTION_RTO_INITIAL), before);
  struct request request = {0};
  add_option(&request, NETSCTP_OPTION_RTO_MAX, 600);
  add_option(&request, NETSCTP_OPTION_RTO_INITIAL, 500);
  add_option(&request, NETSCTP_OPTION_RTO_MIN, 400);
  EQUAL(configure(handle, &request), 0);
  EQUAL(get_option(handle, NETSCTP_OPTION_RTO_INITIAL), 500);
  pair_close(&pair);
}

/* ------------------------------------------------ EVENT */

static void exchange(struct peer *from, struct peer *to) {
  int before = to->message_count;
  EQUAL(send_text(from, 0, 0, "x"), 1);
  UNTIL(from->host, to->message_count == before + 1);
}

/* Both ways, so that what was sent is acknowledged by the time the last one is
 * there, and would have been told of. */
static void talk(struct peer *one, struct peer *other) {
  for (int i = 0; i < 5; i++) {
    exchange(one, other);
    exchange(other, one);
  }
}

SOCKET_TEST(sender_dry_is_left_out) {
  struct pair pair = pair_open("127.0.0.1");
  talk(pair.client, pair.server);
  EQUAL(sctp.shutdown(pair.client->handle), 0);
  UNTIL(pair.host, pair.client->has_ended && pair.server->has_ended);
  EQUAL(SEEN(pair.client, NETSCTP_NOTIFICATION_SENDER_DRY), 0);
  EQUAL(SEEN(pair.server, NETSCTP_NOTIFICATION_SENDER_DRY), 0);
  EQUAL(SEEN(pair.client, NETSCTP_NOTIFICATION_AUTHENTICATION), 0);
  EQUAL(SEEN(pair.server, NETSCTP_NOTIFICATION_AUTHENTICATION), 0);
  pair_close(&pair);
}

/* Without them, nobody would learn what became of the association. */
SOCKET_TEST(events_that_are_needed_stay_on) {
  static const uint32_t needed[] = {NETSCTP_NOTIFICATION_ASSOC_CHANGE,
                                    NETSCTP_NOTIFICATION_SHUTDOWN,
                                    NETSCTP_NOTIFICATION_PARTIAL_DELIVERY};
  struct pair pair = pair_open("127.0.0.1");
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
    EQUAL(set_event(pair.client->handle, needed[i], false), -EINVAL);
    EQUAL(set_event(pair.listener->handle, needed[i], false), -EINVAL);
    EQUAL(get_event(pair.client->handle, needed[i]), 1);
  }
  EQUAL(
      set_event(pair.client->handle, NETSCTP_NOTIFICATION_REMOTE_ERROR, false),
      0);
  pair_close(&pair);
}

static void check_dry(const struct peer *peer) {
  const struct netsctp_notification *dry =
      &LAST(peer, NETSCTP_NOTIFICATION_SENDER_DRY);
  EQUAL(dry->type, NETSCTP_NOTIFICATION_SENDER_DRY);
  EQUAL(dry->assoc_id, LAST(peer, NETSCTP_NOTIFICATION_ASSOC_CHANGE).assoc_id);
}

SOCKET_TEST(event_of_a_fresh_association) {
  struct request request = {0};
  add_event(&request, NETSCTP_NOTIFICATION_SENDER_DRY, true);
  struct pair pair = pair_with("127.0.0.1", &request);
  EQUAL(send_text(pair.client, 0, 0, "x"), 1);
  UNTIL(pair.host, SEEN(pair.client, NETSCTP_NOTIFICATION_SENDER_DRY));
  EQUAL(send_text(pair.server, 0, 0, "y"), 1);
  UNTIL(pair.host, SEEN(pair.server, NETSCTP_NOTIFICATION_SENDER_DRY));
  check_dry(pair.client);
  check_dry(pair.server);
  EQUAL(get_event(pair.client->handle, NETSCTP_NOTIFICATION_SENDER_DRY), 1);
  EQUAL(get_event(pair.client->handle, NETSCTP_NOTIFICATION_AUTHENTICATION), 0);
  EQUAL(get_event(pair.server->handle, NETSCTP_NOTIFICATION_SHUTDOWN), 1);
  pair_close(&pair);
}

/* One that is dry already says so at once (RFC 6458 section 6.1.9). */
SOCKET_TEST(event_of_an_open_association) {
  struct pair pair = pair_open("127.0.0.1");
  talk(pair.client, pair.server);
  EQUAL(set_event(pair.client->handle, NETSCTP_NOTIFICATION_SENDER_DRY, true),
        0);
  UNTIL(pair.host, SEEN(pair.client, NETSCTP_NOTIFICATION_SENDER_DRY) >= 1);
  int before = SEEN(pair.client, NETSCTP_NOTIFICATION_SENDER_DRY);
  EQUAL(send_text(pair.client, 0, 0, "x"), 1);
  UNTIL(pair.host, SEEN(pair.client, NETSCTP_NOTIFICATION_SENDER_DRY) > before);
  check_dry(pair.client);

  EQUAL(set_event(pair.client->handle, NETSCTP_NOTIFICATION_SENDER_DRY, false),
        0);
  drain(pair.client);
  before = SEEN(pair.client, NETSCTP_NOTIFICATION_SENDER_DRY);
  talk(pair.client, pair.server);
  EQUAL(SEEN(pair.client, NETSCTP_NOTIFICATION_SENDER_DRY), before);
  EQUAL(SEEN(pair.server, NETSCTP_NOTIFICATION_SENDER_DRY), 0);
  pair_close(&pair);
}

/* The port is the network namespace's, in which the test is alone. */
static void set_udp_port(const char *port) {
  FILE *file = fopen("/proc/sys/net/sctp/udp_port", "w");
  if (!file)
    skip("net.sctp.udp_port cannot be set");
  fputs(port, file);
  EQUAL(fclose(file), 0);
}

KERNEL_TEST(udp_needs_a_port_of_the_kernels) {
  struct host *host = host_open();
  struct request request = {0};
  add_remote(&request, "127.0.0.1", 5000);
  add_option(&request, NETSCTP_OPTION_REMOTE_UDP_PORT, 9899);
  set_udp_port("0");
  EQUAL(try_connect(host, &request), -EOPNOTSUPP);
  SAYS("sysctl net.sctp.udp_port=9899");
  EQUAL(sctp.supports(NETSCTP_OPTION_REMOTE_UDP_PORT), -EOPNOTSUPP);
  SAYS("sysctl net.sctp.udp_port=9899");

  const uint16_t port = free_udp_port();
  char text[8];
  snprintf(text, sizeof text, "%u", port);
  set_udp_port(text);
  EQUAL(sctp.supports(NETSCTP_OPTION_REMOTE_UDP_PORT), 0);
  EQUAL(sctp.supports(NETSCTP_OPTION_LOCAL_UDP_PORT), 0);
  CHECK(try_connect(host, &request) > 0);
  struct request listening = {0};
  add_local(&listening, "127.0.0.1", 0);
  add_option(&listening, NETSCTP_OPTION_LOCAL_UDP_PORT, port);
  CHECK(try_listen(host, &listening) > 0);
  listening.options[0].value = port + 1;
  EQUAL(try_listen(host, &listening), -EOPNOTSUPP);
  SAYS("the network namespace chooses");
  set_udp_port("0");
  host_close(host);
}

SOCKET_TEST(what_is_supported) {
  EQUAL(sctp.supports(0), -EINVAL);
  EQUAL(sctp.supports(9999), -EINVAL);
  EQUAL(sctp.supports(NETSCTP_OPTION_NO_DELAY), 0);
  EQUAL(sctp.supports(NETSCTP_OPTION_BACKLOG), 0);
  EQUAL(sctp.supports(NETSCTP_OPTION_SEND_HEARTBEAT), 0);
  EQUAL(sctp.supports(NETSCTP_OPTION_POTENTIALLY_FAILED), 0);
  EQUAL(sctp.supports(NETSCTP_OPTION_FLOW_LABEL),
        is_kernel() ? 0 : -EOPNOTSUPP);
  if (!is_kernel())
    SAYS("sctp.flowLabel");
}
