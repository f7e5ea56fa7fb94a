/* The paths of an association: what a peer may add and take away, and that
 * nothing leads to those that have gone. */
#include "auth.h"

#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* -------------------------------------------------------- the primary path */

/* The INIT of a restart from an address that was never confirmed, with ASCONF
 * but without AUTH, passes usrsctp's first look at it. Its second look refuses
 * the COOKIE ECHO when all other paths have gone. A newer one then ends the
 * association. */
static struct raw lose_confirmed_paths(struct scene *scene) {
  static const uint8_t random[32] = {0};
  struct raw raw = let_in(scene, true);
  struct packet packet;
  raw.tag += 0x100;
  raw.tsn = 5000;
  begin(&packet, raw.port, scene->port, 0);
  put_init(&packet, C_INIT, raw.tag, 1 << 17, 10, 10, raw.tsn);
  put_parameter(&packet, 0x8008, "\xc1\x80", 2);
  put_parameter(&packet, 0x8002, random, sizeof random);
  put_parameter(&packet, 0x8003, "\xc1\x80", 2);
  put_parameter(&packet, 0x8004, "\0\1", 2);
  raw_ask(&raw, &packet, 1);
  raw_cookie_echo(&raw, 1);
  if (is_newer_usrsctp()) {
    CHECK(raw_wait(&raw, 1, C_ABORT, 5000));
    UNTIL(scene->host, scene->server->error != 0);
    skip("a newer usrsctp ends the association then");
  }
  /* The new tag counts, and the only path is the one from there. */
  begin(&packet, raw.port, scene->port, raw.peer_tag);
  put_chunk(&packet, C_HEARTBEAT, 0, 8);
  put(&packet, "\0\1\0\10abcd", 8);
  raw_send(&raw, &packet, 1);
  CHECK(raw_wait(&raw, 1, C_HEARTBEAT_ACK, 5000));
  EQUAL(scene->server->states[NETSCTP_ASSOC_RESTART], 0);
  EQUAL(count_paths(scene->server), 1);
  return raw;
}

USERSPACE_TEST(a_restart_that_is_refused_when_the_paths_have_gone) {
  struct scene scene = scene_open(NULL);
  struct raw raw = lose_confirmed_paths(&scene);
  EQUAL(sctp.shutdown(scene.server->handle), 0);
  CHECK(raw_wait(&raw, 1, C_SHUTDOWN, 5000));
  host_close(scene.host);
}

/* It comes from elsewhere, and names an address that was tried before behind a
 * parameter at which one has to stop: usrsctp finds the association by it, and
 * then takes all paths away, that one as well. */
USERSPACE_TEST(an_init_ack_that_takes_all_paths_away) {
  struct host *host = host_open();
  struct raw server = raw_peer(host, 5000, 0);
  const char *const addresses[] = {"127.0.0.1", "127.0.0.3", NULL};
  const uint16_t udp = udp_port_of(server.fd[0]);
  const int third = udp_socket_on("127.0.0.3", udp);
  struct packet packet;
  struct peer *client = start_connecting(host, addresses, udp);
  UNTIL(host, raw_has_chunk(third, C_INIT, &server));
  begin(&packet, server.port, server.peer_port, server.peer_tag);
  put_init(&packet, C_INIT_ACK, server.tag, 1 << 17, 10, 10, server.tsn);
  put_parameter(&packet, 7, "a cookie", 8);
  put_parameter(&packet, 0x4666, NULL, 0);
  put_address(&packet, "127.0.0.1");
  only_chunk(&packet);
  raw_send(&server, &packet, 1);
  CHECK(raw_wait(&server, 1, C_ERROR, 5000)); /* on what it did not know */
  EQUAL(client->error, 0);
  close(third);
  host_close(host);
}

/* ------------------------------------------------------------------ ASCONF */

enum { MOST_PATHS = 64, A_CHUNK = 20 };

/* One ASCONF that adds so many addresses, of which `first` is the first. */
static void add_addresses(struct packet *packet, uint32_t serial, int first,
                          int count) {
  const size_t at = asconf_begin(packet, serial);
  for (int i = first; i < first + count; i++) {
    char address[32];
    snprintf(address, sizeof address, "127.0.%d.%d", 1 + i / 250, 1 + i % 250);
    asconf_put(packet, ADD_ADDRESS, address);
  }
  asconf_end(packet, at);
}

/* Fills an association up with more addresses than it takes, by one packet.
 * The serials after the first TSN were used then. */
static uint32_t fill_up(struct scene *scene, struct auth *auth,
                        struct raw *raw) {
  struct packet packet;
  uint32_t serial = raw->tsn;
  auth_begin(&packet, raw);
  for (int i = 0; i < 6; i++)
    add_addresses(&packet, serial++, i * A_CHUNK, A_CHUNK);
  auth_sign(auth, &packet);
  raw_send(raw, &packet, 0);
  CHECK(raw_wait(raw, 0, C_ASCONF_ACK, 5000));
  EQUAL(count_paths(scene->server), MOST_PATHS);
  return serial;
}

USERSPACE_TEST(one_packet_adds_no_more_paths_than_there_may_be) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  fill_up(&scene, &auth, &raw);
  check_talk(&scene, &raw);
  host_close(scene.host);
}

USERSPACE_TEST(a_path_can_be_removed_where_there_are_as_many_as_may_be) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  uint32_t serial = fill_up(&scene, &auth, &raw);
  struct packet packet;
  for (int round = 0; round < 2; round++) {
    while (raw_wait(&raw, 0, C_ASCONF_ACK, 0))
      ;
    auth_begin(&packet, &raw);
    const size_t at = asconf_begin(&packet, serial++);
    asconf_put(&packet, round == 0 ? DELETE_ADDRESS : ADD_ADDRESS, "127.0.1.1");
    asconf_end(&packet, at);
    auth_sign(&auth, &packet);
    raw_send(&raw, &packet, 0);
    CHECK(raw_wait(&raw, 0, C_ASCONF_ACK, 5000));
    EQUAL(count_paths(scene.server), MOST_PATHS - 1 + round);
  }
  check_talk(&scene, &raw);
  host_close(scene.host);
}

/* All chunks of a type that came to 127.0.0.1 before an answer to a heartbeat.
 */
static int count_chunks(struct raw *raw, uint8_t type) {
  static uint8_t bytes[65536];
  int count = 0;
  struct packet packet;
  begin(&packet, raw->port, raw->peer_port, raw->peer_tag);
  put_chunk(&packet, C_HEARTBEAT, 0, 8);
  put(&packet, "\0\1\0\10abcd", 8);
  raw_send(raw, &packet, 0);
  const int64_t until = now_ms() + 5000;
  for (bool is_over = false; !is_over;) {
    const ssize_t got = recv(raw->fd[0], bytes, sizeof bytes, 0);
    CHECK(now_ms() < until);
    if (got < 0)
      host_turn(raw->host, 5);
    for (size_t at = 12; got > 0 && at + 4 <= (size_t)got;
         at += (read_u16(bytes + at + 2) + 3u) & ~3u) {
      count += bytes[at] == type;
      is_over |= bytes[at] == C_HEARTBEAT_ACK;
    }
  }
  return count;
}

/* An ASCONF without effect. */
static void add_known(struct packet *packet, uint32_t serial) {
  const size_t at = asconf_begin(packet, serial);
  asconf_put(packet, ADD_ADDRESS, "127.0.0.1");
  asconf_end(packet, at);
}

/* Each packet begins with an ASCONF that was answered long ago, which is what
 * makes usrsctp keep all answers, and send all that it has. */
USERSPACE_TEST(answers_to_asconf_are_not_kept_for_ever) {
  enum { A_PACKET = 100, KEPT = 128 };
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  uint32_t serial = raw.tsn;
  int answers = 0;
  for (int i = 0; i < 8; i++) {
    struct packet packet;
    auth_begin(&packet, &raw);
    add_known(&packet, raw.tsn);
    for (int j = 0; j < A_PACKET; j++)
      add_known(&packet, serial++);
    auth_sign(&auth, &packet);
    raw_send(&raw, &packet, 0);
    answers = count_chunks(&raw, C_ASCONF_ACK);
    CHECK(answers >= A_PACKET);
  }
  CHECK(answers <= A_PACKET + KEPT);
  check_talk(&scene, &raw);
  host_close(scene.host);
}

/* ------------------------------------------------------ paths that have gone
 */

/* DATA waits for the first path when that is removed, and the timer for it goes
 * on to the next path of the list, which has gone meanwhile as well. */
USERSPACE_TEST(a_removed_path_leads_to_no_other) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  uint32_t serial = raw.tsn;
  auth_change_path(&raw, &auth, 0, serial++, ADD_ADDRESS, "127.0.0.2");
  raw_confirm(&raw, 1);
  EQUAL(send_text(scene.server, 0, 7, "not acknowledged"), 1);
  CHECK(raw_wait(&raw, 0, C_DATA, 5000));
  auth_change_path(&raw, &auth, 1, serial++, DELETE_ADDRESS, "127.0.0.1");
  auth_change_path(&raw, &auth, 1, serial++, ADD_ADDRESS, "127.0.0.1");
  raw_confirm(&raw, 0);
  auth_change_path(&raw, &auth, 0, serial++, DELETE_ADDRESS, "127.0.0.2");
  /* With one path alone usrsctp looks for no other. */
  auth_change_path(&raw, &auth, 0, serial++, ADD_ADDRESS, "127.0.0.3");
  CHECK(raw_wait(&raw, 0, C_DATA, 10000)); /* again */
  raw_say(&raw, 0, "still there");
  UNTIL(scene.host, scene.server->message_count == 1);
  host_close(scene.host);
}

/* An address of the peer's list that was never proved to be the peer's says
 * nothing of the others: they would be asked once for each that refuses. */
USERSPACE_TEST(an_unconfirmed_path_that_refuses_has_no_other_asked) {
  struct scene scene = scene_open(NULL);
  struct raw raw = raw_peer(scene.host, scene.port, scene.udp);
  close(raw.fd[1]);
  raw.fd[1] = udp_socket_on("127.0.0.3", 0); /* nobody is at 127.0.0.2 */
  raw_connect(&raw, true);
  scene.server = accept_one(scene.listener);
  UNTIL(scene.host,
        LAST(scene.server, NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE).state ==
            NETSCTP_PATH_UNREACHABLE);
  CHECK(!raw_wait(&raw, 0, C_HEARTBEAT, 0));
  check_talk(&scene, &raw);
  EQUAL(scene.server->error, 0);
  raw_close(&raw);
  host_close(scene.host);
}

/* Nor does it end the association where it is the only path: nobody there was
 * proved to be the peer. */
USERSPACE_TEST(an_unconfirmed_path_that_refuses_ends_nothing) {
  struct scene scene = scene_open(NULL);
  struct raw raw = lose_confirmed_paths(&scene);
  const uint16_t udp = udp_port_of(raw.fd[1]);
  close(raw.fd[1]);
  EQUAL(sctp.shutdown(scene.server->handle), 0);
  UNTIL(scene.host, counters().icmp_taken > 0);
  EQUAL(scene.server->error, 0);
  raw.fd[1] = udp_socket_on("127.0.0.2", udp);
  CHECK(raw_wait(&raw, 1, C_SHUTDOWN, 10000)); /* again */
  EQUAL(scene.server->error, 0);
  raw_close(&raw);
  host_close(scene.host);
}

static uint32_t errors_of(struct peer *peer) {
  _Alignas(8) struct netsctp_status status;
  EQUAL(sctp.status(peer->handle, (uint8_t *)&status, sizeof status), 0);
  return status.overall_error;
}

/* Heartbeats to a path that a restart took away would leave on no other, and
 * would count as unanswered until the association ends. */
USERSPACE_TEST(a_restart_ends_the_heartbeats_of_paths_that_it_takes_away) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, true);
  struct peer *server = scene.server;
  struct raw other = let_in(&scene, false); /* whose heartbeats are the clock */
  for (int i = 0; i < 2; i++) {
    const uint32_t handle = i ? scene.server->handle : server->handle;
    set_option(handle, NETSCTP_OPTION_HEARTBEAT_INTERVAL, 50);
    EQUAL(set_option(handle, NETSCTP_OPTION_HEARTBEAT, 1), 0);
  }
  raw_confirm(&raw, 1);
  raw.tag += 0x100;
  raw.tsn = 5000;
  raw_connect(&raw, false);
  EQUAL(server->states[NETSCTP_ASSOC_RESTART], 1);
  EQUAL(count_paths(server), 1);
  raw_confirm(&raw, 0); /* to the one that is left they go on */
  EQUAL(set_option(server->handle, NETSCTP_OPTION_HEARTBEAT, 0), 0);
  for (int i = 0; i < 3; i++)
    raw_confirm(&other, 0);
  EQUAL(errors_of(server), 0);
  scene.server = server;
  check_talk(&scene, &raw);
  host_close(scene.host);
}
