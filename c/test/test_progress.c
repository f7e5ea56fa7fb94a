/* What is outstanding, and whether the peer acknowledges it. */
#include "scene.h"

static int32_t outstanding(const struct peer *peer) {
  return get_option(peer->handle, NETSCTP_OPTION_OUTSTANDING);
}

static int32_t acknowledged(const struct peer *peer) {
  return get_option(peer->handle, NETSCTP_OPTION_ACKNOWLEDGED);
}

SOCKET_TEST(what_was_acknowledged_is_not_outstanding) {
  struct pair pair = pair_open("127.0.0.1");
  EQUAL(outstanding(pair.client), 0);
  for (int i = 1; i <= 3; i++) {
    const int32_t before = acknowledged(pair.client);
    EQUAL(send_text(pair.client, 0, 7, "text"), 1);
    UNTIL(pair.host, pair.server->message_count == i);
    UNTIL(pair.host, outstanding(pair.client) == 0);
    CHECK(acknowledged(pair.client) != before);
  }
  EQUAL(acknowledged(pair.client), acknowledged(pair.client));
  pair_close(&pair);
}

/* The peer's answers to probes of its window are all there is. */
SOCKET_TEST(a_closed_window_is_no_silence) {
  static const uint8_t much[16384];
  struct request options = {0};
  add_option(&options, NETSCTP_OPTION_RTO_INITIAL, 100);
  add_option(&options, NETSCTP_OPTION_RTO_MIN, 100);
  add_option(&options, NETSCTP_OPTION_RTO_MAX, 200);
  add_option(&options, NETSCTP_OPTION_RECEIVE_BUFFER, 65536);
  struct pair pair = pair_with("127.0.0.1", &options);
  pair.server->is_paused = true;
  while (send_big(pair.client, 0, much, sizeof much) == 1)
    ;
  CHECK(outstanding(pair.client) > 0);
  for (int i = 0; i < 5; i++) {
    const int32_t before = acknowledged(pair.client);
    UNTIL(pair.host, acknowledged(pair.client) != before);
  }
  CHECK(outstanding(pair.client) > 0);
  pair_close(&pair);
}

/* A SACK that acknowledges nothing is followed by a message, so that it is
 * known to have come. */
USERSPACE_TEST(a_sack_need_not_acknowledge_anything) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  EQUAL(outstanding(scene.server), 0);
  EQUAL(send_text(scene.server, 0, 7, "one"), 1);
  EQUAL(send_text(scene.server, 0, 7, "two"), 1);
  CHECK(raw_wait(&raw, 0, C_DATA, 5000));
  const uint32_t first = read_u32(raw.body);
  EQUAL(outstanding(scene.server), 2);
  const int32_t none = acknowledged(scene.server);
  raw_sack(&raw, first - 1);
  raw_say(&raw, 0, "said");
  UNTIL(scene.host, scene.server->message_count == 1);
  EQUAL(acknowledged(scene.server), none);
  raw_sack(&raw, first);
  UNTIL(scene.host, outstanding(scene.server) == 1);
  CHECK(acknowledged(scene.server) != none);
  raw_sack(&raw, first + 1);
  UNTIL(scene.host, outstanding(scene.server) == 0);
  host_close(scene.host);
}
