/* Changes of addresses (RFC 5061) asked for by those who may not. */
#include "auth.h"

#include <unistd.h>

static int32_t count_paths(const struct peer *peer) {
  static _Alignas(8) struct netsctp_path paths[128];
  return sctp.paths(peer->handle, (uint8_t *)paths, sizeof paths);
}

/* A request to add 127.0.0.2, which names 127.0.0.1. */
static void put_request(struct packet *packet, const struct raw *raw,
                        uint32_t serial) {
  auth_begin(packet, raw);
  const size_t at = asconf_begin(packet, serial);
  asconf_put(packet, ADD_ADDRESS, "127.0.0.2");
  asconf_end(packet, at);
}

/* Somebody at another address, who knows an address and the SCTP ports of an
 * association. The request names that address, by which usrsctp finds it. */
USERSPACE_TEST(no_asconf_out_of_the_blue_moves_a_udp_port) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  struct raw stranger = stranger_of(&scene, &raw);
  struct packet packet;
  put_request(&packet, &stranger, raw.tsn);
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
  put_request(&packet, &other, raw.tsn);
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
  put_request(&packet, &raw, raw.tsn);
  auth_sign(&auth, &packet);
  raw_send(&raw, &packet, 1);
  CHECK(raw_wait(&raw, 1, C_ASCONF_ACK, 5000));
  EQUAL(count_paths(scene.server), 2);
  check_talk(&scene, &raw); /* at the old one */
  host_close(scene.host);
}
