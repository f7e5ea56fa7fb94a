/* Changes of addresses (RFC 5061) asked for by those who may not. */
#include "auth.h"

#include <unistd.h>

/* A request of one parameter, which names 127.0.0.1. */
static void put_request(struct packet *packet, uint32_t serial, uint16_t what,
                        const char *address) {
  const size_t at = asconf_begin(packet, serial);
  asconf_put(packet, what, address);
  asconf_end(packet, at);
}

static void begin_request(struct packet *packet, const struct raw *raw,
                          uint32_t serial) {
  auth_begin(packet, raw);
  put_request(packet, serial, ADD_ADDRESS, "127.0.0.2");
}

/* Somebody at another address, who knows an address and the SCTP ports of an
 * association. The request names that address, by which usrsctp finds it. */
USERSPACE_TEST(no_asconf_out_of_the_blue_moves_a_udp_port) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  struct raw stranger = stranger_of(&scene, &raw);
  struct packet packet;
  begin_request(&packet, &stranger, raw.tsn);
  raw_send(&stranger, &packet, 1);
  CHECK(raw_wait(&stranger, 1, C_ABORT, 5000));
  /* An HMAC that does not exist, which only a peer is told. */
  packet.bytes[19] = 9;
  raw_send(&stranger, &packet, 1);
  CHECK(raw_wait(&stranger, 1, C_ABORT, 5000));
  CHECK(!raw_wait(&raw, 0, C_ERROR, 0));
  check_talk(&scene, &raw);
  EQUAL(count_paths(scene.server), 1);
  host_close(scene.host);
}

/* The same by a peer who has an association of its own with the same ports. */
USERSPACE_TEST(no_asconf_of_another_association_moves_a_udp_port) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  struct peer *server = scene.server;
  struct raw other = stranger_of(&scene, &raw);
  close(other.fd[1]);
  other.fd[1] = udp_socket_on("127.0.0.3", 0);
  raw_init_from(&other, false, 1);
  raw_cookie_echo(&other, 1);
  CHECK(raw_wait(&other, 1, C_COOKIE_ACK, 5000));
  struct peer *others = accept_one(scene.listener);
  close(other.fd[1]);
  other.fd[1] = udp_socket_on("127.0.0.2", 0);
  struct packet packet;
  begin_request(&packet, &other, raw.tsn);
  raw_send(&other, &packet, 1);
  CHECK(raw_wait(&other, 1, C_ABORT, 5000));
  scene.server = server;
  check_talk(&scene, &raw);
  EQUAL(count_paths(server), 1);
  EQUAL(count_paths(others), 1);
  EQUAL(others->error, 0);
  host_close(scene.host);
}

/* A NAT gives the new address a UDP port of its own (RFC 6951 section 5.4). */
USERSPACE_TEST(a_new_address_has_its_own_udp_port) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  struct packet packet;
  close(raw.fd[1]);
  raw.fd[1] = udp_socket_on("127.0.0.2", 0);
  begin_request(&packet, &raw, raw.tsn);
  auth_sign(&auth, &packet);
  raw_send(&raw, &packet, 1);
  CHECK(raw_wait(&raw, 1, C_ASCONF_ACK, 5000));
  EQUAL(count_paths(scene.server), 2);
  check_talk(&scene, &raw); /* at the old one */
  host_close(scene.host);
}

/* ----------------------------------------------------- who has the tag alone
 */

static int changes_told(const struct peer *peer) {
  return SEEN(peer, NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE);
}

static void check_unchanged(struct scene *scene, struct raw *raw) {
  check_talk(scene, raw);
  EQUAL(count_paths(scene->server), 1);
  EQUAL(changes_told(scene->server), 1); /* the first path is confirmed */
  for (int address = 0; address < 2; address++)
    CHECK(!raw_wait(raw, address, C_ASCONF_ACK, 0));
}

USERSPACE_TEST(no_asconf_without_the_key_changes_anything) {
  enum { BARE, CUT_OFF, OTHER_SECRET, OTHER_KEY, OTHER_HMAC, FORMS };
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  struct auth wrong = auth;
  wrong.key[wrong.length - 1] ^= 1;
  for (int form = 0; form < FORMS; form++)
    for (int from = 0; from < 2; from++) {
      struct packet packet;
      if (form == BARE || form == CUT_OFF) {
        begin(&packet, raw.port, raw.peer_port, raw.peer_tag);
        if (form == CUT_OFF) {
          put_chunk(&packet, C_AUTH, 0, 8);
          put(&packet, "\0\0\0\1half", 8);
        }
        put_request(&packet, raw.tsn, ADD_ADDRESS, "127.0.0.2");
      } else {
        begin_request(&packet, &raw, raw.tsn);
        auth_sign(form == OTHER_SECRET ? &wrong : &auth, &packet);
        if (form == OTHER_KEY)
          packet.bytes[17] = 3;
        if (form == OTHER_HMAC)
          packet.bytes[19] = 9;
      }
      raw_send(&raw, &packet, from);
      check_unchanged(&scene, &raw);
    }
  host_close(scene.host);
}

/* That ACK would say that a request was sent which was not, which ends an
 * association (RFC 5061 section 5.3), or that one has succeeded. */
USERSPACE_TEST(no_asconf_ack_without_the_key_changes_anything) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  auth.key[0] ^= 1;
  for (int is_signed = 0; is_signed < 2; is_signed++)
    for (uint32_t ahead = 0; ahead < 3; ahead++) {
      struct packet packet;
      if (is_signed)
        auth_begin(&packet, &raw);
      else
        begin(&packet, raw.port, raw.peer_port, raw.peer_tag);
      put_chunk(&packet, C_ASCONF_ACK, 0, 4);
      put_u32(&packet, raw.peer_tsn - 1 + ahead);
      if (is_signed)
        auth_sign(&auth, &packet);
      raw_send(&raw, &packet, 0);
      check_unchanged(&scene, &raw);
    }
  host_close(scene.host);
}

/* Whoever has recorded a signed request, and sends it again later. */
USERSPACE_TEST(an_old_asconf_changes_nothing) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  struct packet add, ahead;
  uint32_t serial = raw.tsn;
  begin_request(&add, &raw, serial++);
  auth_sign(&auth, &add);
  raw_send(&raw, &add, 0);
  CHECK(raw_wait(&raw, 0, C_ASCONF_ACK, 5000));
  auth_change_path(&raw, &auth, 0, serial++, DELETE_ADDRESS, "127.0.0.2");
  const int told = changes_told(scene.server);
  begin_request(&ahead, &raw, serial + 7);
  auth_sign(&auth, &ahead);
  struct packet *packets[] = {&add, &ahead};
  for (int i = 0; i < 4; i++) {
    raw_send(&raw, packets[i / 2], i % 2);
    check_talk(&scene, &raw);
    EQUAL(count_paths(scene.server), 1);
  }
  while (raw_wait(&raw, 0, C_ASCONF_ACK, 0))
    EQUAL(read_u32(raw.body), serial - 1);
  EQUAL(changes_told(scene.server), told);
  auth_change_path(&raw, &auth, 0, serial, ADD_ADDRESS, "127.0.0.2");
  EQUAL(count_paths(scene.server), 2);
  host_close(scene.host);
}
