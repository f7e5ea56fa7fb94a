/* An end that moves to another address (RFC 5061), and what was on its way. */
#include "auth.h"

#define O(name) NETSCTP_OPTION_##name

/* No time-out sends anything again before a test is over. */
static void wait_for_ever(struct peer *peer) {
  struct request request = {0};
  add_option(&request, O(RTO_INITIAL), 120000);
  add_option(&request, O(RTO_MIN), 120000);
  add_option(&request, O(RTO_MAX), 120000);
  EQUAL(configure(peer->handle, &request), 0);
}

/* At the old address there may be nobody any more. */
USERSPACE_TEST(an_asconf_is_answered_where_it_came_from_each_time) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  for (int i = 0; i < 3; i++)
    auth_change_path(&raw, &auth, 1, raw.tsn, ADD_ADDRESS, "127.0.0.2");
  CHECK(!raw_wait(&raw, 0, C_ASCONF_ACK, 0));
  check_talk(&scene, &raw);
  host_close(scene.host);
}

USERSPACE_TEST(an_asconf_with_a_sack_is_answered_where_it_came_from) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  struct packet packet;
  EQUAL(send_text(scene.server, 0, 7, "acknowledged"), 1);
  CHECK(raw_wait(&raw, 0, C_DATA, 5000));
  auth_begin(&packet, &raw);
  const size_t at = asconf_begin(&packet, raw.tsn);
  asconf_put(&packet, ADD_ADDRESS, "127.0.0.2");
  asconf_end(&packet, at);
  put_chunk(&packet, C_SACK, 0, 12);
  put(&packet, raw.body, 4);
  put_u32(&packet, 1 << 17);
  put_u32(&packet, 0);
  auth_sign(&auth, &packet);
  raw_send(&raw, &packet, 1);
  CHECK(raw_wait(&raw, 1, C_ASCONF_ACK, 5000));
  CHECK(!raw_wait(&raw, 0, C_ASCONF_ACK, 0));
  host_close(scene.host);
}

USERSPACE_TEST(what_was_sent_to_a_removed_address_is_sent_to_another_at_once) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  wait_for_ever(scene.server);
  EQUAL(send_text(scene.server, 0, 7, "to both"), 1);
  CHECK(raw_wait(&raw, 0, C_DATA, 5000));
  auth_change_path(&raw, &auth, 1, raw.tsn, ADD_ADDRESS, "127.0.0.2");
  auth_change_path(&raw, &auth, 1, raw.tsn + 1, DELETE_ADDRESS, "127.0.0.1");
  CHECK(raw_wait(&raw, 1, C_DATA, 5000));
  EQUAL(raw.body_length, 12 + 7);
  CHECK(memcmp(raw.body + 12, "to both", 7) == 0);
  host_close(scene.host);
}

static void acknowledge(struct raw *raw, const struct auth *auth,
                        uint32_t serial) {
  struct packet packet;
  auth_begin(&packet, raw);
  put_chunk(&packet, C_ASCONF_ACK, 0, 4);
  put_u32(&packet, serial);
  auth_sign(auth, &packet);
  raw_send(raw, &packet, 0);
}

/* What the peer has sent to it before it knew is no packet out of the blue,
 * which would be answered by an ABORT. */
USERSPACE_TEST(a_removed_address_is_listened_at_until_the_peer_knows) {
  struct scene scene = scene_open("127.0.0.2");
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  const uint32_t old = raw.peer_address;
  struct request request = {0};
  wait_for_ever(scene.server);
  add_local(&request, "127.0.0.1", 0);
  add_scoped(&request, O(REMOVE_ADDRESS), 1, 0);
  EQUAL(configure(scene.server->handle, &request), 0);
  CHECK(raw_wait(&raw, 0, C_ASCONF, 5000));
  const uint32_t serial = read_u32(raw.body);
  EQUAL(raw.from - old, 1);
  raw_say(&raw, 0, "to the old one");
  UNTIL(scene.host, scene.server->message_count == 1);
  CHECK(raw_wait(&raw, 0, C_SACK, 5000));
  EQUAL(raw.from - old, 1);
  raw.peer_address = old + 1;
  acknowledge(&raw, &auth, serial);
  raw_say(&raw, 0, "to the new one");
  UNTIL(scene.host, scene.server->message_count == 2);
  raw.peer_address = old;
  raw_say(&raw, 0, "to nobody");
  CHECK(raw_wait(&raw, 0, C_ABORT, 5000));
  EQUAL(scene.server->error, 0);
  host_close(scene.host);
}
