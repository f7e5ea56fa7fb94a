/* What a stack counts of an association. */
#include "scene.h"

static struct netsctp_statistics statistics_of(const struct peer *peer) {
  _Alignas(8) struct netsctp_statistics statistics;
  EQUAL(
      sctp.statistics(peer->handle, (uint8_t *)&statistics, sizeof statistics),
      0);
  return statistics;
}

static int32_t try_statistics(uint32_t handle) {
  _Alignas(8) struct netsctp_statistics statistics;
  return sctp.statistics(handle, (uint8_t *)&statistics, sizeof statistics);
}

static int32_t send_with(struct peer *peer, struct netsctp_outbound head,
                         const char *text) {
  head.length = (uint32_t)strlen(text);
  return sctp.send_one(peer->handle, (uint8_t *)&head, (const uint8_t *)text,
                       head.length);
}

SOCKET_TEST(statistics_of_a_talk) {
  enum { COUNT = 20 };
  struct pair pair = pair_open("127.0.0.1");
  const struct netsctp_outbound unordered = {.flags = NETSCTP_FLAG_UNORDERED};
  for (int i = 0; i < COUNT; i++) {
    EQUAL(send_text(pair.client, 0, 0, "in order"), 1);
    EQUAL(send_with(pair.client, unordered, "or not"), 1);
  }
  UNTIL(pair.host, pair.server->message_count == 2 * COUNT);
  UNTIL(pair.host, statistics_of(pair.client).sacks_in > 0);
  const struct netsctp_statistics client = statistics_of(pair.client),
                                  server = statistics_of(pair.server);
  CHECK(client.packets_out > 0 && client.packets_in > 0);
  CHECK(server.packets_out > 0 && server.packets_in > 0);
  CHECK(server.packets_in <= client.packets_out);
  EQUAL(client.unordered_out, COUNT);
  EQUAL(client.unordered_in, 0);
  EQUAL(server.unordered_in, COUNT);
  EQUAL(server.unordered_out, 0);
  CHECK(server.sacks_out >= client.sacks_in && client.sacks_in > 0);
  EQUAL(client.sacks_out, 0);
  EQUAL(client.retransmitted, 0);
  EQUAL(server.duplicates, 0);
  EQUAL(client.gaps, 0);
  EQUAL(client.abandoned_sent + client.abandoned_unsent, 0);
  pair_close(&pair);
}

/* Messages whose time is over while the peer takes nothing. */
SOCKET_TEST(statistics_of_messages_abandoned_unsent) {
  static const uint8_t bytes[5000];
  const struct netsctp_outbound brief = {.policy = NETSCTP_POLICY_TIME_TO_LIVE,
                                         .policy_value = 1};
  struct request small = {0};
  add_option(&small, NETSCTP_OPTION_RECEIVE_BUFFER, 10000);
  struct pair pair = pair_with("127.0.0.1", &small);
  pair.server->is_paused = true;
  for (int i = 0; i < 10; i++) /* more than the window */
    EQUAL(send_big(pair.client, 0, bytes, sizeof bytes), 1);
  EQUAL(send_with(pair.client, brief, "gone soon"), 1);
  while (host_turn(pair.host, 50))
    continue;
  EQUAL(statistics_of(pair.client).abandoned_unsent, 0);
  pair.server->is_paused = false;
  drain(pair.server);
  UNTIL(pair.host, statistics_of(pair.client).abandoned_unsent == 1);
  EQUAL(statistics_of(pair.client).abandoned_sent, 0);
  pair_close(&pair);
}

/* Those at the front were cut into chunks, which have TSNs: the peer skips
 * them.
 */
USERSPACE_TEST(statistics_of_messages_that_expire_as_chunks) {
  enum { COUNT = 40, LIFE_MS = 300 };
  static const uint8_t bytes[1000];
  const struct netsctp_outbound brief = {.length = sizeof bytes,
                                         .policy = NETSCTP_POLICY_TIME_TO_LIVE,
                                         .policy_value = LIFE_MS};
  struct request small = {0};
  add_option(&small, NETSCTP_OPTION_RECEIVE_BUFFER, 10000);
  struct pair pair = pair_with("127.0.0.1", &small);
  pair.server->is_paused = true;
  for (int i = 0; i < COUNT; i++)
    EQUAL(sctp.send_one(pair.client->handle, (const uint8_t *)&brief, bytes,
                        sizeof bytes),
          1);
  while (host_turn(pair.host, LIFE_MS))
    continue;
  pair.server->is_paused = false;
  drain(pair.server);
  EQUAL(send_text(pair.client, 0, 0, "after"), 1);
  UNTIL(pair.host,
        pair.server->message_count > 0 &&
            pair.server->messages[pair.server->message_count - 1].length ==
                strlen("after"));
  const struct netsctp_statistics client = statistics_of(pair.client);
  CHECK(client.abandoned_unsent > 0);
  EQUAL(pair.server->message_count + client.abandoned_unsent +
            client.abandoned_sent,
        COUNT + 1);
  pair_close(&pair);
}

SOCKET_TEST(statistics_of_what_has_none) {
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  struct peer *client = connect_to(host, "127.0.0.1", port_of(listener));
  EQUAL(try_statistics(client->handle), -ENOTCONN);
  EQUAL(try_statistics(listener->handle), -EINVAL);
  struct peer *server = accept_one(listener);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  EQUAL(try_statistics(client->handle), 0);
  _Alignas(8) uint8_t room[sizeof(struct netsctp_statistics)];
  EQUAL(sctp.statistics(client->handle, room, sizeof room - 1), -ENOBUFS);
  EQUAL(sctp.statistics(client->handle, room + 1, sizeof room), -EINVAL);
  EQUAL(sctp.shutdown(server->handle), 0);
  UNTIL(host, client->has_ended && server->has_ended);
  EQUAL(try_statistics(client->handle), -ENOTCONN);
  close_peer(client, NETSCTP_CLOSE_RELEASE);
  host_close(host);
}

/* What is not acknowledged is sent again, and counted each time. */
USERSPACE_TEST(statistics_of_retransmissions) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  EQUAL(send_text(scene.server, 0, 0, "again"), 1);
  CHECK(raw_wait(&raw, 0, C_DATA, 5000));
  EQUAL(statistics_of(scene.server).retransmitted, 0);
  CHECK(raw_wait(&raw, 0, C_DATA, 5000));
  EQUAL(statistics_of(scene.server).retransmitted, 1);
  host_close(scene.host);
}

/* What may not be sent again is given up when its time-out has come. */
USERSPACE_TEST(statistics_of_messages_abandoned_sent) {
  const struct netsctp_outbound once = {.policy =
                                            NETSCTP_POLICY_RETRANSMISSIONS};
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  EQUAL(send_with(scene.server, once, "once"), 1);
  UNTIL(scene.host, statistics_of(scene.server).abandoned_sent == 1);
  EQUAL(statistics_of(scene.server).abandoned_unsent, 0);
  EQUAL(statistics_of(scene.server).retransmitted, 0);
  raw_close(&raw);
  host_close(scene.host);
}

static void put_sack(struct packet *packet, uint32_t tsn, uint16_t gaps) {
  put_chunk(packet, C_SACK, 0, 12 + 4u * gaps);
  put_u32(packet, tsn);
  put_u32(packet, 1 << 17);
  put_u16(packet, gaps);
  put_u16(packet, 0);
  for (uint16_t i = 1; i <= gaps; i++) {
    put_u16(packet, 2u * i);
    put_u16(packet, 2u * i);
  }
}

USERSPACE_TEST(statistics_of_duplicates_and_gaps) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  struct packet packet;
  const uint32_t tsn = raw.tsn;
  raw_say(&raw, 0, "once");
  UNTIL(scene.host, scene.server->message_count == 1);
  raw_data(&raw, 0, tsn, 3, 0, 0, "once");
  UNTIL(scene.host, statistics_of(scene.server).duplicates == 1);

  EQUAL(send_text(scene.server, 0, 0, "lost"), 1);
  EQUAL(send_text(scene.server, 0, 0, "here"), 1);
  CHECK(raw_wait(&raw, 0, C_DATA, 5000));
  const uint32_t first = read_u32(raw.body);
  begin(&packet, raw.port, raw.peer_port, raw.peer_tag);
  put_sack(&packet, first - 1, 1);
  raw_send(&raw, &packet, 0);
  UNTIL(scene.host, statistics_of(scene.server).gaps == 1);
  host_close(scene.host);
}
