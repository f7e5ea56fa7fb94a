/* What a peer, or somebody who is none, could do to usrsctp 0.9.5.0 by single
 * packets: hang the process, end or rob an association whose tags he does not
 * know, make it read what was freed. Each is a packet or a few, by hand. */
#include "scene.h"

#include <unistd.h>

/* ----------------------------------------------------------- INIT, forged */

USERSPACE_TEST(init_with_an_empty_parameter_hangs_nobody) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  struct raw stranger = stranger_of(&scene, &raw);
  struct packet packet;
  begin(&packet, raw.port, scene.port, 0);
  put_init(&packet, C_INIT, stranger.tag, 1 << 17, 10, 10, 1);
  put(&packet, "\x80\x08\0\0\0\0\0\0\0\0\0", 12);
  only_chunk(&packet);
  struct raw *who[] = {&raw, &stranger};
  for (int i = 0; i < 2; i++) {
    raw_send(who[i], &packet, 0);
    CHECK(raw_wait(who[i], 0, C_ABORT, 5000));
    EQUAL(who[i]->packet_tag, stranger.tag);
    EQUAL(who[i]->flags, 0);
    EQUAL(read_u16(who[i]->body), 13); /* Protocol Violation */
    check_talk(&scene, &raw);
  }
  EQUAL(counters().refused_packets, 2);
  host_close(scene.host);
}

USERSPACE_TEST(no_init_ends_an_association) {
  static const struct {
    uint32_t tag, rwnd;
    uint16_t outbound, inbound, cause; /* 0: no answer */
  } forms[] = {{9, 1 << 17, 0, 10, 7},
               {9, 1 << 17, 10, 0, 7},
               {9, 1499, 10, 10, 7},
               {9, 0, 10, 10, 7},
               {0, 1 << 17, 10, 10, 0}};
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  struct raw stranger = stranger_of(&scene, &raw);
  struct packet packet;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    begin(&packet, raw.port, scene.port, 0);
    put_init(&packet, C_INIT, forms[i].tag, forms[i].rwnd, forms[i].outbound,
             forms[i].inbound, 1);
    raw_send(&stranger, &packet, 0);
    EQUAL(raw_wait(&stranger, 0, C_ABORT, forms[i].cause ? 5000 : 100),
          forms[i].cause != 0);
    if (forms[i].cause) {
      EQUAL(read_u16(stranger.body), forms[i].cause);
      EQUAL(stranger.packet_tag, forms[i].tag);
    }
    check_talk(&scene, &raw);
  }
  /* One that is cut off, one that never ends. */
  static const uint8_t zeros[5000];
  begin(&packet, raw.port, scene.port, 0);
  put_chunk(&packet, C_INIT, 0, 8);
  put(&packet, zeros, 8);
  raw_send(&stranger, &packet, 0);
  check_talk(&scene, &raw);
  begin(&packet, raw.port, scene.port, 0);
  put_init(&packet, C_INIT, 9, 1 << 17, 10, 10, 1);
  put_parameter(&packet, 0x8fff, zeros, sizeof zeros);
  only_chunk(&packet);
  raw_send(&stranger, &packet, 0);
  CHECK(raw_wait(&stranger, 0, C_ABORT, 5000));
  EQUAL(read_u16(stranger.body), 4); /* Out of Resource */
  check_talk(&scene, &raw);
  EQUAL(counters().malformed_packets, 2);
  host_close(scene.host);
}

/* What usrsctp dislikes of AUTH (RFC 4895 section 6.1, RFC 5061 section 4.2.7).
 */
USERSPACE_TEST(no_parameter_for_auth_ends_an_association) {
  static const struct {
    uint16_t type, size;
    uint8_t bytes[4];
  } forms[] = {{0x8004, 2, {0, 3}},        /* HMACs without SHA-1 */
               {0x8003, 1, {0}},           /* chunks, but no RANDOM */
               {0x8008, 2, {0xc1, 0x80}}}; /* ASCONF, but no AUTH */
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  struct raw stranger = stranger_of(&scene, &raw);
  struct packet packet;
  for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
    begin(&packet, raw.port, scene.port, 0);
    put_init(&packet, C_INIT, stranger.tag, 1 << 17, 10, 10, 1);
    put_parameter(&packet, forms[i].type, forms[i].bytes, forms[i].size);
    only_chunk(&packet);
    raw_send(&stranger, &packet, 0);
    CHECK(raw_wait(&stranger, 0, C_ABORT, 5000));
    EQUAL(stranger.packet_tag, stranger.tag);
    check_talk(&scene, &raw);
  }
  /* A newer one sends that ABORT itself, which nobody counts. */
  EQUAL(counters().refused_packets, is_newer_usrsctp() ? 0 : 3);
  host_close(scene.host);
}

/* Each address is a path that heartbeats go to, and is looked for in a list. */
USERSPACE_TEST(init_with_thousands_of_addresses_is_refused) {
  struct scene scene = scene_open(NULL);
  struct raw raw = raw_peer(scene.host, scene.port, scene.udp);
  struct packet packet;
  begin(&packet, raw.port, scene.port, 0);
  put_init(&packet, C_INIT, raw.tag, 1 << 17, 10, 10, 1);
  for (int i = 0; i < 7000; i++) {
    const uint8_t address[] = {10, 0, (uint8_t)(i / 250),
                               (uint8_t)(i % 250 + 1)};
    put_parameter(&packet, 5, address, sizeof address);
  }
  only_chunk(&packet);
  raw_send(&raw, &packet, 0);
  CHECK(raw_wait(&raw, 0, C_ABORT, 5000));
  EQUAL(read_u16(raw.body), 4);
  host_close(scene.host);
}

/* Who asks for usrsctp's support of NAT got a second association on the same
 * addresses and ports. */
USERSPACE_TEST(no_second_association_on_the_same_addresses) {
  struct scene scene = scene_open(NULL);
  for (int i = 0; i < 2; i++) {
    struct raw raw = raw_peer(scene.host, scene.port, scene.udp);
    struct packet packet;
    raw.port = 4321;
    begin(&packet, raw.port, scene.port, 0);
    put_init(&packet, C_INIT, raw.tag, 1 << 17, 10, 10, raw.tsn);
    put_parameter(&packet, 0xc007, NULL, 0);
    only_chunk(&packet);
    raw_send(&raw, &packet, 0);
    if (i == 1) {
      struct netsctp_counters before = counters();
      host_turn(scene.host, 200);
      EQUAL(counters().refused_packets, before.refused_packets);
      break;
    }
    CHECK(raw_wait(&raw, 0, C_INIT_ACK, 5000));
    for (size_t at = 16; at + 4 <= raw.body_length;
         at += (read_u16(raw.body + at + 2) + 3u) & ~3u)
      CHECK(read_u16(raw.body + at) != 0xc007);
  }
  host_close(scene.host);
}

/* -------------------------------------------------------- tags, forged too */

/* The UDP port that packets go to changes with the peer's (RFC 6951 section
 * 5.4), but only after the tag was looked at. */
USERSPACE_TEST(a_stranger_gets_no_ones_messages) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  struct raw stranger = stranger_of(&scene, &raw);
  struct packet packet;
  const uint8_t types[] = {C_DATA,     C_SACK,        C_HEARTBEAT,
                           C_ABORT,    C_SHUTDOWN,    C_SHUTDOWN_ACK,
                           C_ERROR,    C_COOKIE_ECHO, C_COOKIE_ACK,
                           C_INIT_ACK, C_FORWARD_TSN};
  const uint8_t lengths[] = {13, 12, 8, 0, 4, 0, 4, 16, 0, 16, 4};
  for (size_t i = 0; i < sizeof types; i++)
    for (int reflects = 0; reflects < 2; reflects++) {
      begin(&packet, raw.port, scene.port, stranger.peer_tag);
      if (types[i] == C_INIT_ACK) {
        put_init(&packet, C_INIT_ACK, 5, 1 << 17, 1, 1, 1);
        put_address(&packet, "127.0.0.1");
        only_chunk(&packet);
      } else {
        put_chunk(&packet, types[i], (uint8_t)reflects, lengths[i]);
        if (types[i] == C_HEARTBEAT)
          put(&packet, "\0\1\0\10abcd", 8);
        else if (types[i] == C_ERROR)
          put(&packet, "\0\x0c\0\4", 4);
        else
          put(&packet, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", lengths[i]);
        pad(&packet);
      }
      raw_send(&stranger, &packet, 0);
      host_turn(scene.host, 50);
      check_talk(&scene, &raw);
    }
  CHECK(counters().foreign_packets >= 18);
  EQUAL(counters().malformed_packets, 0);
  host_close(scene.host);
}

/* It need not even come from the peer's address: an INIT ACK names it. */
USERSPACE_TEST(an_init_ack_from_elsewhere_moves_nothing) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  struct raw stranger = stranger_of(&scene, &raw);
  struct packet packet;
  begin(&packet, raw.port, scene.port, stranger.peer_tag);
  put_init(&packet, C_INIT_ACK, 5, 1 << 17, 1, 1, 1);
  put_address(&packet, "127.0.0.1");
  only_chunk(&packet);
  raw_send(&stranger, &packet, 1);
  host_turn(scene.host, 50);
  check_talk(&scene, &raw);
  host_close(scene.host);
}

/* The peer may move, as a NAT makes it do. */
USERSPACE_TEST(a_peer_is_followed_to_another_udp_port) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  struct raw moved = stranger_of(&scene, &raw);
  moved.peer_tag = raw.peer_tag;
  moved.tsn = raw.tsn;
  raw_say(&moved, 0, "from here");
  UNTIL(scene.host, scene.server->message_count == 1);
  check_talk(&scene, &moved);
  host_close(scene.host);
}

/* An INIT ACK for what is up already: RFC 9260 section 5.2.3. */
USERSPACE_TEST(a_late_init_ack_ends_nothing) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  struct packet packet;
  begin(&packet, raw.port, scene.port, raw.peer_tag);
  put_init(&packet, C_INIT_ACK, 5, 1 << 17, 0, 0, 1);
  raw_send(&raw, &packet, 0);
  host_turn(scene.host, 50);
  check_talk(&scene, &raw);
  EQUAL(counters().unwanted_packets, 1);
  host_close(scene.host);
}

USERSPACE_TEST(damaged_packets_are_counted) {
  struct scene scene = scene_open("127.0.0.2");
  struct raw raw = let_in(&scene, false);
  struct packet packet;
  begin(&packet, raw.port, scene.port, raw.peer_tag);
  put_chunk(&packet, C_ABORT, 0, 0);
  raw_send(&raw, &packet, 0);
  UNTIL(scene.host, scene.server->error);
  /* From another address than it goes to: there checksums count. */
  const uint32_t before = counters().damaged_packets;
  raw_send(&raw, &packet, 1);
  host_turn(scene.host, 50);
  EQUAL(counters().damaged_packets, before);
  packet.bytes[8] ^= 1;
  raw_send_as_it_is(&raw, &packet, 1);
  UNTIL(scene.host, counters().damaged_packets == before + 1);
  host_close(scene.host);
}

/* ------------------------------------------------------------------ restart */

/* Without heartbeats a path is asked once whether it is there. As long as the
 * timer for that runs, the path is in memory: nothing tells that it does not.
 */
static void confirm_second_path(struct raw *raw) {
  raw_confirm(raw, 1);
  const int64_t until = now_ms() + 2500;
  while (now_ms() < until)
    host_turn(raw->host, 100);
}

/* A peer of two addresses, whose last DATA came from the second, restarts with
 * the first alone: the SACK that waits would go to a path that was freed. */
USERSPACE_TEST(a_restart_with_fewer_addresses) {
  struct scene scene = scene_open(NULL);
  for (int from = 0; from < 3; from++) {
    struct raw raw = let_in(&scene, true);
    confirm_second_path(&raw);
    raw_say(&raw, 0, "one");
    UNTIL(scene.host, scene.server->message_count == 1);
    const uint32_t old_tag = raw.peer_tag;
    const uint32_t tsn = raw.tsn;
    raw.tag += 0x100;
    raw.tsn = 5000;
    raw_init(&raw, false);
    const uint32_t new_tag = raw.peer_tag;
    raw.peer_tag = old_tag;
    raw_data(&raw, 1, tsn, 7, 0, 0, "two");
    raw.peer_tag = new_tag;
    UNTIL(scene.host, scene.server->message_count == 2);
    /* The cookie may come from the address that goes, and from one that the
     * association does not have: it names the association. */
    struct raw elsewhere = raw;
    if (from == 2)
      elsewhere.fd[1] = udp_socket_on("127.0.0.3", udp_port_of(raw.fd[0]));
    raw_cookie_echo(&elsewhere, from > 0);
    UNTIL(scene.host, scene.server->states[NETSCTP_ASSOC_RESTART]);
    const int64_t until = now_ms() + 300; /* the delayed SACK is due */
    while (now_ms() < until)
      host_turn(scene.host, 20);
    check_talk(&scene, &raw);
    if (from == 2)
      close(elsewhere.fd[1]);
    raw_close(&raw);
  }
  host_close(scene.host);
}

/* None of the paths that are left is confirmed, so usrsctp has no primary one
 * until the restart is through. */
USERSPACE_TEST(a_restart_with_an_unconfirmed_address_alone) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, true);
  raw.tag += 0x100;
  raw.tsn = 5000;
  raw_init_from(&raw, false, 1);
  raw_cookie_echo(&raw, 1);
  UNTIL(scene.host, scene.server->states[NETSCTP_ASSOC_RESTART]);
  send_text(scene.server, 0, 7, "answered");
  CHECK(raw_wait(&raw, 1, C_DATA, 5000));
  EQUAL(sctp.shutdown(scene.server->handle), 0);
  host_close(scene.host);
}

/* Section 5.1, also where the association has that address and its primary path
 * is another one: that may have failed. */
USERSPACE_TEST(an_init_is_answered_where_it_came_from) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, true);
  for (int address = 1; address >= 0; address--) {
    struct packet packet;
    while (raw_wait(&raw, 0, C_INIT_ACK, 0))
      ;
    begin(&packet, raw.port, scene.port, 0);
    put_init(&packet, C_INIT, raw.tag + 0x100, 1 << 17, 10, 10, 1);
    put_address(&packet, "127.0.0.1");
    put_address(&packet, "127.0.0.2");
    only_chunk(&packet);
    raw_send(&raw, &packet, address);
    CHECK(raw_wait(&raw, address, C_INIT_ACK, 5000));
    EQUAL(raw.packet_tag, raw.tag + 0x100);
  }
  check_talk(&scene, &raw); /* its primary path is the one of before */
  host_close(scene.host);
}

/* ----------------------------------------------------- unordered messages */

/* Its end is there, its beginning is not, and a whole one has TSN 0. */
USERSPACE_TEST(a_whole_unordered_message_of_tsn_zero) {
  enum { UNORDERED = 4, BEGIN = 2, END = 1 };
  struct scene scene = scene_open(NULL);
  struct raw raw = raw_peer(scene.host, scene.port, scene.udp);
  raw.tsn = UINT32_MAX - 1;
  raw_connect(&raw, false);
  scene.server = accept_one(scene.listener);
  raw_data(&raw, 0, UINT32_MAX, UNORDERED | END, 0, 0, "end");
  raw_data(&raw, 0, 0, UNORDERED | BEGIN | END, 0, 0, "whole");
  raw_data(&raw, 0, UINT32_MAX - 1, UNORDERED | BEGIN, 0, 0, "the ");
  UNTIL(scene.host, scene.server->message_count == 2 || scene.server->error);
  EQUAL(scene.server->error, 0);
  EQUAL(scene.server->messages[0].length, 5);
  EQUAL(scene.server->messages[1].length, 7);
  raw.tsn = 1;
  check_talk(&scene, &raw);
  host_close(scene.host);
}

/* FORWARD TSN gives up the beginning of a message whose end came already: the
 * next whole one is not taken for its middle. */
USERSPACE_TEST(a_message_that_was_given_up_takes_no_other_with_it) {
  enum { UNORDERED = 4, BEGIN = 2, END = 1 };
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  const uint32_t tsn = raw.tsn;
  /* A beginning, a gap, an end: not delivered. */
  raw_data(&raw, 0, tsn, UNORDERED | BEGIN, 0, 0, "begin");
  raw_data(&raw, 0, tsn + 3, UNORDERED | END, 0, 0, "end");
  struct packet packet;
  begin(&packet, raw.port, scene.port, raw.peer_tag);
  put_chunk(&packet, C_FORWARD_TSN, 0, 4);
  put_u32(&packet, tsn + 1);
  raw_send(&raw, &packet, 0);
  raw_data(&raw, 0, tsn + 2, UNORDERED | BEGIN | END, 0, 0, "whole");
  UNTIL(scene.host, scene.server->message_count == 1 || scene.server->error);
  EQUAL(scene.server->error, 0);
  EQUAL(scene.server->messages[0].length, 5);
  raw.tsn = tsn + 4;
  check_talk(&scene, &raw);
  host_close(scene.host);
}
