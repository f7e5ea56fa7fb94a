/* Data that waits while no path works: it goes out soon after one works again,
 * whatever the time between heartbeats. The peer is deaf until it answers. */
#include "scene.h"

enum { RTO_MS = 50, INTERVAL_MS = 600000 };

static void answer_heartbeat(struct raw *raw) {
  struct packet packet;
  CHECK(raw_wait(raw, 0, C_HEARTBEAT, 5000));
  begin(&packet, raw->port, raw->peer_port, raw->peer_tag);
  put_chunk(&packet, C_HEARTBEAT_ACK, 0, raw->body_length);
  put(&packet, raw->body, raw->body_length);
  pad(&packet);
  raw_send(raw, &packet, 0);
}

/* An association whose only path has failed under a message that was abandoned
 * then. That the peer has seen the FORWARD TSN does not count for the path, and
 * nothing is left to be sent again. */
static struct raw cut_off(struct scene *scene, bool has_heartbeats) {
  struct raw raw = let_in(scene, false);
  struct request request = {0};
  add_option(&request, NETSCTP_OPTION_RTO_INITIAL, RTO_MS);
  add_option(&request, NETSCTP_OPTION_RTO_MIN, RTO_MS);
  add_option(&request, NETSCTP_OPTION_RTO_MAX, 2 * RTO_MS);
  add_option(&request, NETSCTP_OPTION_PATH_RETRANSMISSIONS, 1);
  add_option(&request, NETSCTP_OPTION_ASSOCIATION_RETRANSMISSIONS, 100);
  if (has_heartbeats) {
    add_option(&request, NETSCTP_OPTION_HEARTBEAT, 1);
    add_option(&request, NETSCTP_OPTION_HEARTBEAT_INTERVAL, INTERVAL_MS);
  }
  EQUAL(configure(scene->server->handle, &request), 0);
  _Alignas(8) struct netsctp_outbound head = {
      .policy = NETSCTP_POLICY_RETRANSMISSIONS, .policy_value = 1};
  EQUAL(sctp.send_one(scene->server->handle, (uint8_t *)&head,
                      (const uint8_t *)"given up", 8),
        1);
  UNTIL(scene->host, SEEN(scene->server, NETSCTP_NOTIFICATION_SEND_FAILED));
  EQUAL(LAST(scene->server, NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE).state,
        NETSCTP_PATH_UNREACHABLE);
  while (raw_wait(&raw, 0, C_DATA, 0))
    ;
  CHECK(raw_wait(&raw, 0, C_FORWARD_TSN, 5000));
  raw_sack(&raw, read_u32(raw.body));
  return raw;
}

static void check_data(struct raw *raw, const char *text) {
  CHECK(raw_wait(raw, 0, C_DATA, 5000));
  EQUAL(raw->body_length, 12 + strlen(text));
  CHECK(memcmp(raw->body + 12, text, strlen(text)) == 0);
}

USERSPACE_TEST(a_send_asks_whether_the_path_works_again) {
  for (int has_heartbeats = 0; has_heartbeats < 2; has_heartbeats++) {
    struct scene scene = scene_open(NULL);
    struct raw raw = cut_off(&scene, has_heartbeats);
    EQUAL(send_text(scene.server, 0, 7, "later"), 1);
    answer_heartbeat(&raw);
    check_data(&raw, "later");
    host_close(scene.host);
  }
}

/* The first heartbeats are lost as well: others follow as retransmissions
 * would, each of which counts. */
USERSPACE_TEST(heartbeats_go_on_while_data_waits) {
  struct scene scene = scene_open(NULL);
  struct raw raw = cut_off(&scene, true);
  EQUAL(send_text(scene.server, 0, 7, "later"), 1);
  for (int i = 0; i < 3; i++)
    CHECK(raw_wait(&raw, 0, C_HEARTBEAT, 5000));
  answer_heartbeat(&raw);
  check_data(&raw, "later");
  host_close(scene.host);
}

/* Each unanswered heartbeat counts: a peer that has gone is given up. */
USERSPACE_TEST(a_peer_that_stays_deaf_is_given_up) {
  struct scene scene = scene_open(NULL);
  cut_off(&scene, true);
  EQUAL(set_option(scene.server->handle,
                   NETSCTP_OPTION_ASSOCIATION_RETRANSMISSIONS, 6),
        0);
  EQUAL(send_text(scene.server, 0, 7, "in vain"), 1);
  UNTIL(scene.host, scene.server->error != 0);
  EQUAL(scene.server->error, ETIMEDOUT);
  host_close(scene.host);
}

/* Sends do not ask more often than the path's time-out. */
USERSPACE_TEST(many_sends_ask_once) {
  struct scene scene = scene_open(NULL);
  struct raw raw = cut_off(&scene, false);
  for (int i = 0; i < 200; i++)
    EQUAL(send_text(scene.server, 0, 7, "later"), 1);
  CHECK(raw_wait(&raw, 0, C_HEARTBEAT, 5000));
  CHECK(!raw_wait(&raw, 0, C_HEARTBEAT, 0));
  host_close(scene.host);
}
