/* Messages whose time to live is over before the userspace stack has sent them,
 * or all of them. */
#include "scene.h"

enum { LIFE_MS = 50, OPEN = 1 << 17, WHOLE = 3 };

static void say_sack(struct raw *raw, uint32_t tsn, uint32_t window) {
  struct packet packet;
  begin(&packet, raw->port, raw->peer_port, raw->peer_tag);
  put_chunk(&packet, C_SACK, 0, 12);
  put_u32(&packet, tsn);
  put_u32(&packet, window);
  put_u32(&packet, 0);
  raw_send(raw, &packet, 0);
}

/* The first packets of a message are on their way, the most of it waits. */
static void begin_message(const struct scene *scene, struct raw *raw,
                          const uint8_t *bytes, uint32_t length,
                          uint32_t life_ms) {
  const struct netsctp_outbound head = {.length = length,
                                        .policy = NETSCTP_POLICY_TIME_TO_LIVE,
                                        .policy_value = life_ms};
  EQUAL(set_option(scene->server->handle, NETSCTP_OPTION_PATH_MTU, 1000), 0);
  EQUAL(sctp.send_one(scene->server->handle, (const uint8_t *)&head, bytes,
                      length),
        1);
  CHECK(raw_wait(raw, 0, C_DATA, 5000));
}

/* At its turn, long before anything of it would be sent again. */
USERSPACE_TEST(what_expires_after_it_was_begun_is_skipped) {
  static uint8_t bytes[60000];
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (uint8_t)(i >> 6);
  begin_message(&scene, &raw, bytes, sizeof bytes, LIFE_MS);
  const uint32_t first = read_u32(raw.body);
  while (host_turn(scene.host, LIFE_MS + 10))
    continue;
  say_sack(&raw, first, OPEN);
  CHECK(raw_wait(&raw, 0, C_FORWARD_TSN, 500));
  const uint32_t skipped = read_u32(raw.body) - first;
  CHECK(skipped > 0 && skipped < 10);
  /* All but what was acknowledged comes back, the rest after its fragments. */
  const uint32_t back = scene.server->undelivered_length;
  CHECK(back > sizeof bytes - 1000 && back < sizeof bytes);
  CHECK(memcmp(scene.server->undelivered, bytes + sizeof bytes - back, back) ==
        0);
  host_close(scene.host);
}

/* A shutdown that only a message waits for which expires: nothing is left to be
 * acknowledged, so the shutdown has to go on by itself. */

/* One message is on its way, the peer's window is closed, and one that lives
 * briefly waits. Returns the TSN of the first. */
static uint32_t begin_with_a_closed_window(struct scene *scene,
                                           struct raw *raw) {
  const struct netsctp_outbound brief = {.length = 4,
                                         .policy = NETSCTP_POLICY_TIME_TO_LIVE,
                                         .policy_value = LIFE_MS};
  EQUAL(send_text(scene->server, 0, 0, "first"), 1);
  CHECK(raw_wait(raw, 0, C_DATA, 5000));
  const uint32_t tsn = read_u32(raw->body);
  say_sack(raw, tsn - 1, 0);
  host_turn(scene->host, 50);
  EQUAL(sctp.send_one(scene->server->handle, (const uint8_t *)&brief,
                      (const uint8_t *)"late", 4),
        1);
  return tsn;
}

static void check_given_back(struct scene *scene) {
  UNTIL(scene->host, scene->server->undelivered_length == 4);
  CHECK(memcmp(scene->server->undelivered, "late", 4) == 0);
  EQUAL(LAST(scene->server, NETSCTP_NOTIFICATION_SEND_FAILED).send_flags &
            WHOLE,
        WHOLE);
}

USERSPACE_TEST(shutdown_when_the_last_message_expires) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  const uint32_t tsn = begin_with_a_closed_window(&scene, &raw);
  EQUAL(sctp.shutdown(scene.server->handle), 0);
  while (host_turn(scene.host, LIFE_MS + 10))
    continue;
  say_sack(&raw, tsn, OPEN);
  CHECK(raw_wait(&raw, 0, C_SHUTDOWN, 5000));
  check_given_back(&scene);
  host_close(scene.host);
}

USERSPACE_TEST(shutdown_by_the_peer_when_the_last_message_expires) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  struct packet packet;
  const uint32_t tsn = begin_with_a_closed_window(&scene, &raw);
  begin(&packet, raw.port, raw.peer_port, raw.peer_tag);
  put_chunk(&packet, C_SHUTDOWN, 0, 4);
  put_u32(&packet, tsn - 1);
  raw_send(&raw, &packet, 0);
  while (host_turn(scene.host, LIFE_MS + 10))
    continue;
  say_sack(&raw, tsn, OPEN);
  CHECK(raw_wait(&raw, 0, C_SHUTDOWN_ACK, 5000));
  check_given_back(&scene);
  host_close(scene.host);
}

/* A stream whose message was begun keeps its turn until all of it has left. A
 * restart takes the rest away: without the turn's end, send() would look for
 * something to send there for ever. */
USERSPACE_TEST(a_restart_ends_the_turn_of_a_begun_message) {
  static const uint8_t bytes[60000];
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  begin_message(&scene, &raw, bytes, sizeof bytes, 60000);
  raw.tag++;
  raw_connect(&raw, false);
  UNTIL(scene.host, scene.server->states[NETSCTP_ASSOC_RESTART]);
  EQUAL(send_text(scene.server, 1, 0, "on"), 1);
  CHECK(raw_wait(&raw, 0, C_DATA, 5000));
  host_close(scene.host);
}
