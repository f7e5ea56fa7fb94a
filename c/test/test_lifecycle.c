/* Peers that follow no life cycle of RFC 9260: floods of handshakes that are
 * never finished, cookies that are old, used twice or another's, collisions,
 * chunks that come out of the blue or when none can come, extensions nobody
 * agreed on. Whatever they do, who comes without tricks is served. */
#include "scene.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

static void check_service(struct scene *scene) {
  struct raw fresh = let_in(scene, false);
  check_talk(scene, &fresh);
  raw_close(&fresh);
}

static void send_chunk(struct raw *raw, uint8_t type, uint8_t flags,
                       const void *body, size_t length) {
  struct packet packet;
  begin(&packet, raw->port, raw->peer_port, raw->peer_tag);
  put_chunk(&packet, type, flags, length);
  put(&packet, body, length);
  pad(&packet);
  raw_send(raw, &packet, 0);
}

/* ------------------------------------------------------------- handshakes */

/* An INIT costs the listener no memory: the cookie has it all. */
USERSPACE_TEST(a_flood_of_inits_leaves_nothing) {
  struct scene scene = scene_open(NULL);
  struct raw raw = raw_peer(scene.host, scene.port, scene.udp);
  struct packet packet;
  for (int i = 0; i < 20000; i++) {
    begin(&packet, (uint16_t)(1 + i % 60000), scene.port, 0);
    put_init(&packet, C_INIT, 1 + (uint32_t)i, 1 << 17, 65535, 65535, 1);
    raw_send(&raw, &packet, 0);
    if (i % 100 == 99)
      host_turn(scene.host, 0);
  }
  EQUAL(counters().open_handles, 1);
  while (raw_wait(&raw, 0, C_INIT_ACK, 0))
    ;
  check_service(&scene);
  host_close(scene.host);
}

/* Half-open: a COOKIE ECHO each, and then silence. They take what the backlog
 * gives, and no more. */
USERSPACE_TEST(peers_that_fall_silent_do_not_keep_others_out) {
  struct scene scene = scene_open(NULL);
  for (int i = 0; i < 300; i++) {
    struct raw raw = raw_peer(scene.host, scene.port, scene.udp);
    raw_connect(&raw, false);
    close_peer(accept_one(scene.listener), NETSCTP_CLOSE_ABORT);
    raw_close(&raw);
  }
  check_service(&scene);
  EQUAL(counters().open_handles, 2);
  host_close(scene.host);
}

/* Section 5.2.4: the second COOKIE ECHO is acknowledged, and changes nothing.
 */
USERSPACE_TEST(a_cookie_counts_once) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  for (int i = 0; i < 20; i++) {
    raw_cookie_echo(&raw, 0);
    CHECK(raw_wait(&raw, 0, C_COOKIE_ACK, 5000));
  }
  EQUAL(counters().open_handles, 2);
  EQUAL(scene.server->states[NETSCTP_ASSOC_RESTART], 0);
  check_talk(&scene, &raw);
  host_close(scene.host);
}

/* After the association: the cookie is good for its life time, and another
 * association may come of it (section 5.1.5), but one at a time. */
USERSPACE_TEST(a_cookie_after_the_end) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  close_peer(scene.server, NETSCTP_CLOSE_ABORT);
  CHECK(raw_wait(&raw, 0, C_ABORT, 5000));
  for (int i = 0; i < 10; i++)
    raw_cookie_echo(&raw, 0);
  close_peer(accept_one(scene.listener), NETSCTP_CLOSE_ABORT);
  host_turn(scene.host, 100);
  EQUAL(scene.listener->accepted_count, 0);
  EQUAL(counters().open_handles, 1);
  check_service(&scene);
  host_close(scene.host);
}

/* One that was altered, or is another's, or came from elsewhere. */
USERSPACE_TEST(a_forged_cookie_begins_nothing) {
  struct scene scene = scene_open(NULL);
  struct raw raw = raw_peer(scene.host, scene.port, scene.udp);
  raw_init(&raw, false);
  const struct raw before = raw;
  for (uint32_t at = 0; at < raw.cookie_length; at += 3) {
    raw = before;
    raw.cookie[at] ^= 0x40;
    raw_cookie_echo(&raw, 0);
  }
  for (uint32_t length = 1; length < raw.cookie_length; length += 7) {
    raw = before;
    raw.cookie_length = length;
    raw_cookie_echo(&raw, 0);
  }
  raw = before;
  raw.port++;
  raw_cookie_echo(&raw, 0);
  raw = before;
  raw.peer_tag ^= 1;
  raw_cookie_echo(&raw, 0);
  host_turn(scene.host, 200);
  EQUAL(counters().open_handles, 1);
  raw = before; /* the true one still counts */
  raw_cookie_echo(&raw, 0);
  CHECK(raw_wait(&raw, 0, C_COOKIE_ACK, 5000));
  host_close(scene.host);
}

/* Has the client of a raw server send its COOKIE ECHO. */
static void answer_init(struct raw *server) {
  struct packet packet;
  begin(&packet, server->port, server->peer_port, server->peer_tag);
  put_init(&packet, C_INIT_ACK, server->tag, 1 << 17, 10, 10, server->tsn);
  put_parameter(&packet, 7, "a cookie", 8);
  only_chunk(&packet);
  raw_send(server, &packet, 0);
  CHECK(raw_wait(server, 0, C_COOKIE_ECHO, 5000));
}

/* A server that never likes the cookie it gave. */
USERSPACE_TEST(stale_cookies_end_the_attempt) {
  struct host *host = host_open();
  struct raw server = raw_peer(host, 5000, 0);
  struct peer *client = connect_at(host, 5000, udp_port_of(server.fd[0]));
  int inits = 0;
  while (!client->error) {
    UNTIL(host, raw_has_chunk(server.fd[0], C_INIT, &server) || client->error);
    if (client->error)
      break;
    CHECK(++inits < 100);
    answer_init(&server);
    send_chunk(&server, C_ERROR, 0, "\0\3\0\10\0\0\0\0", 8);
  }
  CHECK(inits <= 20);
  EQUAL(client->states[NETSCTP_ASSOC_UP], 0);
  EQUAL(client->states[NETSCTP_ASSOC_CANNOT_START], 1);
  host_close(host);
}

/* Both begin at once (section 5.2.1), and one of them ever again. */
USERSPACE_TEST(inits_that_collide_make_one_association) {
  struct host *host = host_open();
  struct raw server = raw_peer(host, 5000, 0);
  struct peer *client = connect_at(host, 5000, udp_port_of(server.fd[0]));
  struct packet packet;
  UNTIL(host, raw_has_chunk(server.fd[0], C_INIT, &server));
  const uint32_t tag = server.peer_tag;
  for (int i = 0; i < 50; i++) {
    begin(&packet, server.port, server.peer_port, 0);
    put_init(&packet, C_INIT, server.tag, 1 << 17, 10, 10, server.tsn);
    only_chunk(&packet);
    raw_send(&server, &packet, 0);
    CHECK(raw_wait(&server, 0, C_INIT_ACK, 5000));
    EQUAL(read_u32(server.body), tag); /* section 5.2.1: the same */
  }
  answer_init(&server);
  send_chunk(&server, C_COOKIE_ACK, 0, NULL, 0);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  EQUAL(client->error, 0);
  EQUAL(counters().open_handles, 1);
  host_close(host);
}

/* Who shares the peer's address, behind a NAT or on its host, gets nothing by
 * an INIT of his while that one is being connected to. */
USERSPACE_TEST(no_init_from_another_udp_port_takes_a_connect) {
  struct host *host = host_open();
  struct raw server = raw_peer(host, 5000, 0);
  struct raw stranger = raw_peer(host, 5000, 0);
  struct peer *client = connect_at(host, 5000, udp_port_of(server.fd[0]));
  UNTIL(host, raw_has_chunk(server.fd[0], C_INIT, &server));
  stranger.port = server.port;
  stranger.peer_port = server.peer_port;
  stranger.peer_udp = server.peer_udp;
  for (uint64_t count = 1; count <= 2; count++) {
    raw_send_init(&stranger, false, 0);
    UNTIL(host, counters().foreign_packets == count ||
                    raw_wait(&stranger, 0, C_INIT_ACK, 0));
    EQUAL(counters().foreign_packets, count);
    if (count == 1) /* before the COOKIE ECHO, then behind it */
      answer_init(&server);
  }
  send_chunk(&server, C_COOKIE_ACK, 0, NULL, 0);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  host_close(host);
}

/* ------------------------------------------------------- out of the blue */

/* Section 8.4: one answer at the most to each, and never to an ABORT. */
USERSPACE_TEST(nothing_out_of_the_blue_is_answered_twice) {
  enum { FLAGS = 2, LENGTHS = 6, TAGS = 256 * FLAGS * LENGTHS };
  static const uint8_t zeros[4 * LENGTHS];
  static int answers[TAGS];
  struct scene scene = scene_open(NULL);
  struct raw raw = raw_peer(scene.host, scene.port, scene.udp);
  for (uint32_t tag = 1; tag < TAGS; tag++) {
    raw.peer_tag = tag;
    send_chunk(&raw, (uint8_t)(tag / (FLAGS * LENGTHS)), tag % FLAGS, zeros,
               tag / FLAGS % LENGTHS * 4);
    if (tag % 16 == 0)
      host_turn(scene.host, 1);
  }
  host_turn(scene.host, 100);
  uint8_t bytes[2048];
  while (recv(raw.fd[0], bytes, sizeof bytes, 0) > 0) {
    const uint32_t tag = read_u32(bytes + 4);
    CHECK(bytes[12] == C_ABORT || bytes[12] == C_SHUTDOWN_COMPLETE);
    EQUAL(bytes[13] & 1, 1); /* it reflects the tag: section 8.5.1 */
    CHECK(tag > 0 && tag < TAGS);
    if (++answers[tag] > 1)
      fail(__FILE__, __LINE__, "two answers to a chunk of type %u",
           tag / (FLAGS * LENGTHS));
  }
  for (uint32_t i = 0; i < FLAGS * LENGTHS; i++) {
    EQUAL(answers[C_ABORT * FLAGS * LENGTHS + i], 0);
    EQUAL(answers[C_SHUTDOWN_COMPLETE * FLAGS * LENGTHS + i], 0);
  }
  EQUAL(counters().open_handles, 1);
  check_service(&scene);
  host_close(scene.host);
}

/* A SHUTDOWN ACK when nobody shuts down (section 8.5.1), a COOKIE ACK when
 * nobody waits for it (section 5.2.5), a SHUTDOWN COMPLETE too early. */
USERSPACE_TEST(chunks_of_another_state_change_nothing) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  const uint8_t types[] = {C_SHUTDOWN_ACK, C_COOKIE_ACK, C_SHUTDOWN_COMPLETE};
  for (int round = 0; round < 20; round++)
    for (size_t i = 0; i < sizeof types; i++)
      send_chunk(&raw, types[i], (uint8_t)(round & 1), NULL, 0);
  host_turn(scene.host, 50);
  EQUAL(scene.server->error, 0);
  CHECK(!scene.server->has_ended);
  check_talk(&scene, &raw);
  host_close(scene.host);
}

/* ------------------------------------------- extensions nobody agreed on */

USERSPACE_TEST(extensions_that_were_not_agreed_on) {
  static const uint8_t body[40] = {0, 0, 0, 1, 0, 5, 0, 8, 127, 0, 0, 1};
  const uint8_t types[] = {C_AUTH,
                           C_NR_SACK,
                           C_I_DATA,
                           C_ASCONF_ACK,
                           C_PKTDROP,
                           C_RE_CONFIG,
                           C_ASCONF,
                           C_FORWARD_TSN,
                           C_I_FORWARD_TSN,
                           12,
                           13,
                           0x3f,
                           0x7e,
                           0xbf,
                           0xfe};
  struct scene scene = scene_open(NULL);
  for (size_t i = 0; i < sizeof types; i++) {
    struct raw raw = raw_peer(scene.host, scene.port, scene.udp);
    raw.is_plain = true;
    raw_connect(&raw, false);
    scene.server = accept_one(scene.listener);
    for (size_t length = 0; length <= sizeof body; length += 4)
      send_chunk(&raw, types[i], 0, body, length);
    host_turn(scene.host, 20);
    if (scene.server->error == 0)
      check_talk(&scene, &raw);
    else
      EQUAL(scene.server->error, ECONNABORTED);
    raw_close(&raw);
  }
  check_service(&scene);
  host_close(scene.host);
}

/* ------------------------------------------------------- long and many */

/* ERROR with as many causes as fit, each one that usrsctp acts on: features
 * that it thinks the peer lacks, cookies that are stale. */
USERSPACE_TEST(chains_of_error_causes) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  static const uint8_t codes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13};
  struct packet packet;
  for (size_t i = 0; i < sizeof codes; i++) {
    begin(&packet, raw.port, raw.peer_port, raw.peer_tag);
    put_chunk(&packet, C_ERROR, 0, 0);
    for (int causes = 0; causes < 8000; causes++) {
      put_u16(&packet, codes[i]);
      put_u16(&packet, 8);
      put_u32(&packet, 0x00400004);
    }
    only_chunk(&packet);
    raw_send(&raw, &packet, 0);
  }
  host_turn(scene.host, 100);
  EQUAL(scene.server->error, 0);
  check_talk(&scene, &raw);
  host_close(scene.host);
}

/* The receive window is the peer's to respect: what is beyond it is dropped,
 * and takes no memory. */
USERSPACE_TEST(data_beyond_the_window) {
  static char text[1401];
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  memset(text, 'x', sizeof text - 1);
  scene.server->is_paused = true;
  for (int i = 0; i < 20000; i++) {
    raw_data(&raw, 0, raw.tsn + (uint32_t)i, 7, 0, 0, text);
    if (i % 16 == 15)
      host_turn(scene.host, 0);
  }
  scene.server->is_paused = false;
  drain(scene.server);
  host_turn(scene.host, 100);
  uint64_t bytes = 0;
  for (int i = 0; i < scene.server->message_count; i++)
    bytes += scene.server->messages[i].length;
  CHECK(bytes < 4u << 20);
  EQUAL(scene.server->error, 0);
  check_service(&scene);
  host_close(scene.host);
}

/* Messages of which an end never comes: no more of them than the window. */
USERSPACE_TEST(messages_without_an_end) {
  static char text[1401];
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  memset(text, 'x', sizeof text - 1);
  for (int i = 0; i < 20000; i++) {
    raw_data(&raw, 0, raw.tsn + (uint32_t)i, i % 2 ? 6 : 2, (uint16_t)(i % 10),
             (uint16_t)(i / 10), text);
    if (i % 16 == 15)
      host_turn(scene.host, 0);
  }
  host_turn(scene.host, 100);
  check_service(&scene);
  host_close(scene.host);
}

/* A peer whose UDP port is another one with each packet (RFC 6951 section
 * 5.4). */
USERSPACE_TEST(a_udp_port_that_never_stays) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  for (int i = 0; i < 200; i++) {
    struct raw moved = stranger_of(&scene, &raw);
    moved.peer_tag = raw.peer_tag;
    moved.tsn = raw.tsn++;
    raw_say(&moved, 0, "moved");
    UNTIL(scene.host, scene.server->message_count == i + 1);
    raw_close(&moved);
  }
  raw_say(&raw, 0, "back");
  UNTIL(scene.host, scene.server->message_count == 201);
  check_talk(&scene, &raw);
  host_close(scene.host);
}
