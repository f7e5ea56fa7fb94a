/* Heartbeats and subscriptions: set before, inherited, changed later. */
#include "host.h"

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

SOCKET_TEST(rto_is_inherited_and_changed) {
  struct request request = {0};
  add_option(&request, NETSCTP_OPTION_RTO_INITIAL, 2500);
  struct pair pair = pair_with("127.0.0.1", &request);
  const struct peer *ends[] = {pair.client, pair.server, pair.listener};
  for (int i = 0; i < 3; i++) {
    EQUAL(option(ends[i], NETSCTP_OPTION_RTO_INITIAL), 2500);
    EQUAL(set_option(ends[i]->handle, NETSCTP_OPTION_RTO_INITIAL, 3500), 0);
    EQUAL(option(ends[i], NETSCTP_OPTION_RTO_INITIAL), 3500);
  }
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
