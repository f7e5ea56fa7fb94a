/* A peer that may change its addresses (RFC 5061), and asks for what cannot be.
 */
#include "auth.h"

#define O(name) NETSCTP_OPTION_##name

/* Error causes, RFC 5061 section 4.3. */
enum {
  UNRESOLVABLE = 5,
  INVALID_PARAMETER = 7,
  LAST_ADDRESS = 0xa0,
  SOURCE_ADDRESS = 0xa2,
  ILLEGAL_ACK = 0xa3,
  REFUSED = 0xa4
};

static int last_change(const struct peer *peer) {
  return LAST(peer, NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE).state;
}

static int changes_told(const struct peer *peer) {
  return SEEN(peer, NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE);
}

/* ------------------------------------------------------------ which addresses
 */

USERSPACE_TEST(addresses_that_cannot_be_are_not_added) {
  static const struct {
    uint16_t what;
    const char *address;
    int cause, paths;
  } forms[] = {
      {ADD_ADDRESS, "255.255.255.255", INVALID_PARAMETER, 1},
      {ADD_ADDRESS, "224.0.0.1", INVALID_PARAMETER, 1},
      {ADD_ADDRESS, "239.255.255.255", INVALID_PARAMETER, 1},
      {ADD_ADDRESS, "0.0.0.0", 0, 1}, /* where it comes from: it is there */
      {DELETE_ADDRESS, "127.0.0.1", SOURCE_ADDRESS, 1},
      {DELETE_ADDRESS, "0.0.0.0", 0, 1}, /* all but where it comes from */
      {SET_PRIMARY, "127.0.0.9", UNRESOLVABLE, 1},
      {SET_PRIMARY, "224.0.0.1", UNRESOLVABLE, 1},
      {SET_PRIMARY, "0.0.0.0", 0, 1},
      {ADD_ADDRESS, "127.0.0.2", 0, 2},
      {ADD_ADDRESS, "127.0.0.2", 0, 2}, /* once more */
      {DELETE_ADDRESS, "0.0.0.0", 0, 1},
      {DELETE_ADDRESS, "127.0.0.2", 0, 1}, /* it has gone */
  };
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    EQUAL(auth_ask(&raw, &auth, 0, forms[i].what, forms[i].address),
          forms[i].cause);
    EQUAL(count_paths(scene.server), forms[i].paths);
    check_talk(&scene, &raw);
  }
  host_close(scene.host);
}

/* What comes from an address that the association does not have is answered
 * at the one that it has. */
USERSPACE_TEST(no_address_that_is_none_takes_the_others_away) {
  static const struct {
    uint16_t what;
    const char *address;
    int cause;
  } forms[] = {{DELETE_ADDRESS, "127.0.0.1", LAST_ADDRESS},
               {DELETE_ADDRESS, "127.0.0.2", SOURCE_ADDRESS},
               {DELETE_ADDRESS, "0.0.0.0", REFUSED},
               {SET_PRIMARY, "0.0.0.0", UNRESOLVABLE}};
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    struct packet packet;
    auth_begin(&packet, &raw);
    const size_t at = asconf_begin(&packet, raw.serial++);
    asconf_put(&packet, forms[i].what, forms[i].address);
    asconf_end(&packet, at);
    auth_sign(&auth, &packet);
    raw_send(&raw, &packet, 1);
    CHECK(raw_wait(&raw, 0, C_ASCONF_ACK, 5000));
    EQUAL(read_u16(raw.body + 12), forms[i].cause);
    EQUAL(count_paths(scene.server), 1);
    check_talk(&scene, &raw);
  }
  host_close(scene.host);
}

/* Two peers with the same SCTP port. What one says of the other's address is
 * about its own association. */
USERSPACE_TEST(the_address_of_another_association_stays_its_own) {
  struct scene scene = scene_open(NULL);
  struct auth auth, others;
  struct raw raw = auth_let_in(&scene, &auth);
  struct raw other = raw_peer(scene.host, scene.port, scene.udp);
  struct peer *server = scene.server;
  other.port = raw.port;
  auth_connect(&other, &others, 1);
  struct peer *another = accept_one(scene.listener);
  const int told = changes_told(another);
  EQUAL(auth_ask(&other, &others, 1, DELETE_ADDRESS, "127.0.0.1"), 0);
  EQUAL(auth_ask(&other, &others, 1, SET_PRIMARY, "127.0.0.1"), UNRESOLVABLE);
  check_talk(&scene, &raw);
  EQUAL(changes_told(another), told); /* it never had that address */
  EQUAL(auth_ask(&other, &others, 1, ADD_ADDRESS, "127.0.0.1"), 0);
  EQUAL(auth_ask(&other, &others, 1, SET_PRIMARY, "127.0.0.1"), 0);
  check_talk(&scene, &raw);
  EQUAL(auth_ask(&other, &others, 1, DELETE_ADDRESS, "127.0.0.1"), 0);
  UNTIL(scene.host, last_change(another) == NETSCTP_PATH_REMOVED);
  check_talk(&scene, &raw);
  EQUAL(count_paths(server), 1);
  EQUAL(changes_told(server), 1); /* it is confirmed */
  EQUAL(auth_ask(&raw, &auth, 0, ADD_ADDRESS, "127.0.0.3"), 0);
  EQUAL(another->error, 0);
  host_close(scene.host);
}

static struct netsctp_path first_path(const struct peer *peer) {
  _Alignas(8) struct netsctp_path paths[8];
  CHECK(sctp.paths(peer->handle, (uint8_t *)paths, sizeof paths) > 0);
  return paths[0];
}

/* usrsctp has it reachable and watched then, whatever it was. */
USERSPACE_TEST(a_path_that_is_added_again_stays_as_it_is) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  EQUAL(set_option(scene.server->handle, O(HEARTBEAT), 0), 0);
  EQUAL(auth_ask(&raw, &auth, 0, ADD_ADDRESS, "127.0.0.1"), 0);
  EQUAL(first_path(scene.server).heartbeat_ms, 0);
  check_talk(&scene, &raw);
  host_close(scene.host);
}

/* ----------------------------------------------------------------- how many */

static void send_many(struct raw *raw, const struct auth *auth, int count,
                      const char *address) {
  struct packet packet;
  auth_begin(&packet, raw);
  const size_t at = asconf_begin(&packet, raw->serial);
  for (int i = 0; i < count; i++)
    asconf_put(&packet, ADD_ADDRESS, address);
  asconf_end(&packet, at);
  auth_sign(auth, &packet);
  raw_send(raw, &packet, 0);
}

/* Each fault takes 28 bytes of the answer, which is larger than a packet of the
 * path may be. */
USERSPACE_TEST(an_asconf_of_many_faults_is_answered) {
  enum { MOST = 128 };
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  send_many(&raw, &auth, MOST, "224.0.0.1");
  CHECK(raw_wait(&raw, 0, C_ASCONF_ACK, 5000));
  EQUAL(raw.body_length, 4 + MOST * 28);
  raw.serial++;
  check_talk(&scene, &raw);
  /* One more, and nobody looks at it. */
  send_many(&raw, &auth, MOST + 1, "127.0.0.2");
  UNTIL(scene.host, counters().malformed_packets == 1);
  EQUAL(count_paths(scene.server), 1);
  EQUAL(auth_ask(&raw, &auth, 0, ADD_ADDRESS, "127.0.0.2"), 0);
  check_talk(&scene, &raw);
  host_close(scene.host);
}

/* The two upper bits say whether to go on behind it. One that is longer than
 * usrsctp reads is as if it had not come. */
USERSPACE_TEST(parameters_that_nobody_knows_end_nothing) {
  static const uint8_t zeros[600];
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  for (unsigned bits = 0; bits < 4; bits++)
    for (int is_long = 0; is_long < 2; is_long++) {
      struct packet packet;
      auth_begin(&packet, &raw);
      const size_t at = asconf_begin(&packet, raw.serial);
      put_parameter(&packet, (uint16_t)(bits << 14 | 0x2ff), zeros,
                    is_long ? sizeof zeros : 8);
      asconf_put(&packet, ADD_ADDRESS, "127.0.0.2");
      asconf_end(&packet, at);
      auth_sign(&auth, &packet);
      raw_send(&raw, &packet, 0);
      check_talk(&scene, &raw);
      EQUAL(count_paths(scene.server), bits >= 2 && !is_long ? 2 : 1);
      raw.serial += !is_long;
      EQUAL(auth_ask(&raw, &auth, 0, DELETE_ADDRESS, "127.0.0.2"), 0);
      EQUAL(count_paths(scene.server), 1);
    }
  EQUAL(counters().malformed_packets, 4);
  host_close(scene.host);
}

/* -------------------------------------------------------------------- ASCONF
 * ACK
 */

static void acknowledge(struct raw *raw, const struct auth *auth,
                        uint32_t serial, size_t error_bytes) {
  static const uint8_t zeros[1000];
  struct packet packet;
  auth_begin(&packet, raw);
  put_chunk(&packet, C_ASCONF_ACK, 0, 4 + (error_bytes ? 12 + error_bytes : 0));
  put_u32(&packet, serial);
  if (error_bytes) {
    put_u16(&packet, 0xc003); /* for a request of another number */
    put_u16(&packet, (uint32_t)error_bytes + 12);
    put_u32(&packet, 77);
    put_u16(&packet, REFUSED);
    put_u16(&packet, (uint32_t)error_bytes + 4);
    put(&packet, zeros, error_bytes);
  }
  auth_sign(auth, &packet);
  raw_send(raw, &packet, 0);
}

/* The first request has the serial of the first TSN. */
USERSPACE_TEST(an_answer_to_what_was_never_asked_ends_the_association) {
  for (uint32_t ahead = 0; ahead < 3; ahead++) {
    struct scene scene = scene_open("127.0.0.2");
    struct auth auth;
    struct raw raw = auth_let_in(&scene, &auth);
    acknowledge(&raw, &auth, raw.peer_tsn - 1, 0); /* of before: dropped */
    check_talk(&scene, &raw);
    acknowledge(&raw, &auth, raw.peer_tsn + ahead * 1000, 0);
    CHECK(raw_wait(&raw, 0, C_ABORT, 5000));
    EQUAL(read_u16(raw.body), ILLEGAL_ACK);
    UNTIL(scene.host, scene.server->error != 0);
    host_close(scene.host);
  }
}

/* This end's own address: ADD_ADDRESS or REMOVE_ADDRESS. */
static void change_address(const struct scene *scene, uint16_t how) {
  struct request request = {0};
  add_local(&request, "127.0.0.1", 0);
  add_scoped(&request, how, 1, 0);
  EQUAL(configure(scene->server->handle, &request), 0);
}

/* Each time usrsctp gave a reference to the path up that it did not have. */
USERSPACE_TEST(a_request_is_sent_again_on_the_only_path) {
  struct scene scene = scene_open("127.0.0.2");
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  struct request brief = {0};
  add_option(&brief, O(RTO_MIN), 10);
  add_option(&brief, O(RTO_INITIAL), 50);
  add_option(&brief, O(RTO_MAX), 50);
  EQUAL(configure(scene.server->handle, &brief), 0);
  change_address(&scene, O(REMOVE_ADDRESS));
  for (int i = 0; i < 4; i++)
    CHECK(raw_wait(&raw, 0, C_ASCONF, 10000));
  raw.peer_address++;
  acknowledge(&raw, &auth, read_u32(raw.body), 0);
  check_talk(&scene, &raw);
  EQUAL(count_paths(scene.server), 1);
  host_close(scene.host);
}

/* While something is to be answered, only that is. */
USERSPACE_TEST(an_answer_to_something_else_is_dropped) {
  struct scene scene = scene_open("127.0.0.2");
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  change_address(&scene, O(REMOVE_ADDRESS));
  CHECK(raw_wait(&raw, 0, C_ASCONF, 5000));
  const uint32_t serial = read_u32(raw.body);
  raw.peer_address++;
  for (uint32_t i = 1; i < 3; i++) {
    acknowledge(&raw, &auth, serial + i, 0);
    acknowledge(&raw, &auth, serial - i, 400);
    check_talk(&scene, &raw);
  }
  acknowledge(&raw, &auth, serial, 1000); /* longer than usrsctp reads */
  CHECK(raw_wait(&raw, 0, C_ASCONF, 10000));
  EQUAL(read_u32(raw.body), serial); /* again */
  acknowledge(&raw, &auth, serial, 400);
  check_talk(&scene, &raw);
  change_address(&scene, O(ADD_ADDRESS));
  do
    CHECK(raw_wait(&raw, 0, C_ASCONF, 5000));
  while (read_u32(raw.body) == serial);
  EQUAL(read_u32(raw.body), serial + 1);
  host_close(scene.host);
}
