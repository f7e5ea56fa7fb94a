/* A peer that shuts down although data of it is missing: the messages that came
 * whole are delivered, and then there is an error that says so. Newer sources
 * of usrsctp notice it themselves, and have texts of their own. */
#include "scene.h"

enum { UNORDERED = 4, BEGIN = 2, END = 1 };

static void say_shutdown(struct raw *raw, uint8_t type, uint32_t seen) {
  struct packet packet;
  begin(&packet, raw->port, raw->peer_port, raw->peer_tag);
  if (type == C_SHUTDOWN) {
    put_chunk(&packet, C_SHUTDOWN, 0, 4);
    put_u32(&packet, seen);
  } else {
    put_chunk(&packet, type, 0, 0);
  }
  raw_send(raw, &packet, 0);
}

static void ends_by_violation(struct scene *scene, struct raw *raw,
                              const char *text) {
  CHECK(raw_wait(raw, 0, C_ABORT, 5000));
  EQUAL(read_u16(raw->body), 13); /* Protocol Violation */
  EQUAL(raw->packet_tag, raw->tag);
  CHECK(memmem(raw->body + 4, raw->body_length - 4, text, strlen(text)));
  UNTIL(scene->host, scene->server->error || scene->server->has_ended);
  EQUAL(scene->server->error, ECONNABORTED);
  EQUAL(scene->server->reason.by, NETSCTP_BY_LOCAL);
  EQUAL(scene->server->reason.cause, 13);
  host_close(scene->host);
}

USERSPACE_TEST(shutdown_within_a_message) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  raw_data(&raw, 0, raw.tsn, BEGIN | END, 0, 0, "whole");
  raw_data(&raw, 0, raw.tsn + 1, BEGIN, 0, 1, "begin");
  UNTIL(scene.host, scene.server->message_count == 1);
  say_shutdown(&raw, C_SHUTDOWN, raw.peer_tsn - 1);
  ends_by_violation(&scene, &raw, "SHUTDOWN, but part of a message is missing");
}

USERSPACE_TEST(shutdown_within_a_message_that_nobody_has_accepted) {
  struct scene scene = scene_open(NULL);
  struct raw raw = raw_peer(scene.host, scene.port, scene.udp);
  scene.listener->is_paused = true;
  raw_connect(&raw, false);
  raw_data(&raw, 0, raw.tsn, BEGIN, 0, 0, "begin");
  say_shutdown(&raw, C_SHUTDOWN, raw.peer_tsn - 1);
  CHECK(raw_wait(&raw, 0, C_ABORT, 5000));
  accept_all(scene.listener);
  scene.server = accept_one(scene.listener);
  UNTIL(scene.host, scene.server->error || scene.server->has_ended);
  EQUAL(scene.server->error, ECONNABORTED);
  EQUAL(scene.server->reason.by, NETSCTP_BY_LOCAL);
  EQUAL(scene.server->reason.cause, 13);
  host_close(scene.host);
}

/* Behind a COOKIE ECHO, which may come with another tag. */
USERSPACE_TEST(a_stranger_shuts_nobody_down_within_a_message) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  struct raw stranger = stranger_of(&scene, &raw);
  raw_data(&raw, 0, raw.tsn, BEGIN, 0, 0, "begin, ");
  CHECK(raw_wait(&raw, 0, C_SACK, 5000));
  struct packet packet;
  begin(&packet, raw.port, scene.port, stranger.peer_tag);
  put_chunk(&packet, C_COOKIE_ECHO, 0, 64);
  put(&packet, (const uint8_t[64]){1}, 64);
  put_chunk(&packet, C_SHUTDOWN, 0, 4);
  put_u32(&packet, raw.peer_tsn - 1);
  raw_send(&stranger, &packet, 0);
  CHECK(!raw_wait(&raw, 0, C_ABORT, 100));
  raw_data(&raw, 0, raw.tsn + 1, END, 0, 0, "end");
  UNTIL(scene.host, scene.server->message_count == 1);
  EQUAL(scene.server->error, 0);
  host_close(scene.host);
}

USERSPACE_TEST(shutdown_within_an_unordered_message) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  raw_data(&raw, 0, raw.tsn, UNORDERED | BEGIN, 0, 0, "begin");
  say_shutdown(&raw, C_SHUTDOWN, raw.peer_tsn - 1);
  ends_by_violation(&scene, &raw, "SHUTDOWN, but part of a message is missing");
}

USERSPACE_TEST(shutdown_before_an_earlier_message) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  raw_data(&raw, 0, raw.tsn, BEGIN | END, 0, 1, "second, without the first");
  say_shutdown(&raw, C_SHUTDOWN, raw.peer_tsn - 1);
  ends_by_violation(&scene, &raw, "SHUTDOWN, but part of a message is missing");
}

/* The same where this end began to shut down. */
USERSPACE_TEST(shutdown_ack_within_a_message) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  EQUAL(sctp.shutdown(scene.server->handle), 0);
  CHECK(raw_wait(&raw, 0, C_SHUTDOWN, 5000));
  raw_data(&raw, 0, raw.tsn, BEGIN, 0, 0, "begin");
  say_shutdown(&raw, C_SHUTDOWN_ACK, 0);
  ends_by_violation(&scene, &raw, "SHUTDOWN, but part of a message is missing");
}

/* A peer that cannot give messages up has lost one. */
USERSPACE_TEST(shutdown_before_a_tsn) {
  struct scene scene = scene_open(NULL);
  struct raw raw = raw_peer(scene.host, scene.port, scene.udp);
  raw.is_plain = true;
  raw_connect(&raw, false);
  scene.server = accept_one(scene.listener);
  raw_data(&raw, 0, raw.tsn + 1, UNORDERED | BEGIN | END, 0, 0, "behind a gap");
  UNTIL(scene.host, scene.server->message_count == 1);
  say_shutdown(&raw, C_SHUTDOWN, raw.peer_tsn - 1);
  ends_by_violation(&scene, &raw, "SHUTDOWN, but a TSN is missing");
}

static void ends_in_order(struct scene *scene, struct raw *raw) {
  CHECK(raw_wait(raw, 0, C_SHUTDOWN_ACK, 5000));
  say_shutdown(raw, C_SHUTDOWN_COMPLETE, 0);
  UNTIL(scene->host, scene->server->error || scene->server->has_ended);
  EQUAL(scene->server->error, 0);
  host_close(scene->host);
}

/* What was given up is not missing, ordered or not. */
USERSPACE_TEST(shutdown_after_messages_were_given_up) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  struct packet packet;
  raw_data(&raw, 0, raw.tsn, UNORDERED | BEGIN, 0, 0, "begin");
  raw_data(&raw, 0, raw.tsn + 1, BEGIN, 1, 0, "begin");
  begin(&packet, raw.port, raw.peer_port, raw.peer_tag);
  put_chunk(&packet, C_FORWARD_TSN, 0, 8);
  put_u32(&packet, raw.tsn + 3);
  put_u16(&packet, 1);
  put_u16(&packet, 0);
  raw_send(&raw, &packet, 0);
  say_shutdown(&raw, C_SHUTDOWN, raw.peer_tsn - 1);
  ends_in_order(&scene, &raw);
}

/* And the news of it may get lost. */
USERSPACE_TEST(shutdown_before_a_tsn_of_a_peer_that_gives_up) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  raw_data(&raw, 0, raw.tsn + 1, UNORDERED | BEGIN | END, 0, 0, "behind a gap");
  UNTIL(scene.host, scene.server->message_count == 1);
  say_shutdown(&raw, C_SHUTDOWN, raw.peer_tsn - 1);
  UNTIL(scene.host, SEEN(scene.server, NETSCTP_NOTIFICATION_SHUTDOWN) ||
                        scene.server->error);
  if (LAST(scene.server, NETSCTP_NOTIFICATION_ASSOC_CHANGE).error == 13)
    skip("these sources of usrsctp abort it themselves");
  ends_in_order(&scene, &raw);
}
