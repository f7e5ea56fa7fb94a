/* A peer never makes the process die: rubbish, torn and altered packets at the
 * UDP port. Best run under the sanitizers. NETSCTP_TEST_ROUNDS makes it last.
 */
#include "scene.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

/* A generator of one's own, so that a run can be repeated. */
static uint32_t seed = 1;
static uint32_t chance(uint32_t below) {
  seed ^= seed << 13;
  seed ^= seed >> 17;
  seed ^= seed << 5;
  return seed % below;
}

static void throw_at(int fd, uint16_t port, const uint8_t *bytes, size_t size) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sendto(fd, bytes, size, 0, (struct sockaddr *)&to, sizeof to);
}

static int rounds_of(int usual) {
  const char *wanted = getenv("NETSCTP_TEST_ROUNDS");
  return wanted ? atoi(wanted) : usual;
}

/* The stack still serves who comes without tricks. */
static void check_service(struct host *host, struct peer *listener,
                          uint16_t udp) {
  struct peer *client = connect_at(host, port_of(listener), udp);
  while (listener->accepted_count)
    close_peer(accept_one(listener), NETSCTP_CLOSE_ABORT);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP] || client->error);
  EQUAL(client->error, 0);
  EQUAL(send_text(client, 0, 1, "still there"), 1);
  struct peer *server = accept_one(listener);
  UNTIL(host, server->message_count == 1);
  close_peer(client, NETSCTP_CLOSE_RELEASE);
  close_peer(server, NETSCTP_CLOSE_RELEASE);
}

USERSPACE_TEST(rubbish_of_every_length) {
  struct host *host = host_open();
  uint16_t udp = free_udp_port();
  struct peer *listener =
      adopt(host, (uint32_t)listen_at(host, "127.0.0.1", udp), true);
  uint16_t port = port_of(listener);
  int fd = udp_socket(0);
  static uint8_t bytes[65507];
  for (size_t size = 0; size <= 2048; size++) {
    for (size_t i = 0; i < size; i++)
      bytes[i] = (uint8_t)chance(256);
    throw_at(fd, udp, bytes, size);
    /* The same as if it were for the listener, a chunk of each kind. */
    const uint8_t head[] = {
        0x13, 0x88, (uint8_t)(port >> 8), (uint8_t)port, 0, 0, 0, 0};
    if (size >= 16) {
      memcpy(bytes, head, sizeof head);
      bytes[12] = (uint8_t)size;
      bytes[14] = 0;
      bytes[15] = (uint8_t)(size % 3 ? size - 12 : chance(256));
      throw_at(fd, udp, bytes, size);
    }
    if (size % 64 == 0)
      host_turn(host, 0);
  }
  throw_at(fd, udp, bytes, sizeof bytes);
  check_service(host, listener, udp);
  close(fd);
  host_close(host);
}

/* ------------------------------------------------ altered conversations */

/* Carries packets between a client and a server, altering some: the client
 * sends to `near`, the server sees them come from `far`. */
struct forger {
  int near, far, stop;
  uint16_t server_udp, client_udp;
  pthread_t thread;
};

static size_t alter(uint8_t *bytes, size_t size, size_t room) {
  enum { HEADER = 12 };
  switch (chance(6)) {
  case 0: /* torn */
    return 1 + chance((uint32_t)size);
  case 1: /* too long */
    for (size_t more = 1 + chance(40); more-- && size < room;)
      bytes[size++] = (uint8_t)chance(256);
    return size;
  case 2: /* the first chunk's type, flags or length */
    if (size > HEADER + 4)
      bytes[HEADER + chance(4)] = (uint8_t)chance(256);
    return size;
  case 3: /* a small number where there was another: lengths, streams */
    if (size > HEADER + 8) {
      size_t at = HEADER + chance((uint32_t)size - HEADER - 1);
      bytes[at] = 0;
      bytes[at + 1] = (uint8_t)chance(20);
    }
    return size;
  default:
    for (int times = 1 + (int)chance(4); times-- && size > HEADER;)
      bytes[HEADER + chance((uint32_t)size - HEADER)] = (uint8_t)chance(256);
    return size;
  }
}

static void *forge(void *argument) {
  struct forger *forger = argument;
  static uint8_t bytes[65536];
  struct pollfd waiting[] = {{.fd = forger->near, .events = POLLIN},
                             {.fd = forger->far, .events = POLLIN},
                             {.fd = forger->stop, .events = POLLIN}};
  for (;;) {
    if (poll(waiting, 3, -1) < 0 || waiting[2].revents)
      return NULL;
    for (int side = 0; side < 2; side++) {
      ssize_t got = waiting[side].revents
                        ? recv(waiting[side].fd, bytes, sizeof bytes, 0)
                        : 0;
      if (got <= 0)
        continue;
      size_t size = (size_t)got;
      int to = side ? forger->near : forger->far;
      uint16_t port = side ? forger->client_udp : forger->server_udp;
      if (chance(6) == 0) {
        if (chance(2)) /* beside the sound one, so that things go on */
          throw_at(to, port, bytes, size);
        size = alter(bytes, size, 60000);
      }
      throw_at(to, port, bytes, size);
    }
  }
}

static void forger_start(struct forger *forger, uint16_t udp, int stop) {
  *forger = (struct forger){.near = udp_socket(0),
                            .far = udp_socket(0),
                            .stop = stop,
                            .server_udp = udp,
                            .client_udp = udp};
  EQUAL(pthread_create(&forger->thread, NULL, forge, forger), 0);
}

/* Whether the two came as far as talking. */
static bool talk(struct host *host, struct peer *listener, uint16_t udp) {
  static uint8_t text[5000];
  struct peer *client = connect_at(host, port_of(listener), udp);
  struct peer *server = NULL;
  int64_t until = now_ms() + 30 + chance(40);
  bool is_shut = false;
  while (now_ms() < until && !client->has_ended && !client->error) {
    host_turn(host, 5);
    if (!server && listener->accepted_count)
      server = accept_one(listener);
    if (client->states[NETSCTP_ASSOC_UP] && !is_shut)
      send_big(client, (uint16_t)chance(10), text, 1 + chance(sizeof text));
    if (server && !server->has_ended && !server->error)
      send_big(server, (uint16_t)chance(10), text, 1 + chance(sizeof text));
    if (client->states[NETSCTP_ASSOC_UP] && chance(8) == 0)
      is_shut = sctp.shutdown(client->handle) == 0;
  }
  bool has_talked = server && server->records > 0;
  close_peer(client, chance(2) ? NETSCTP_CLOSE_ABORT : NETSCTP_CLOSE_RELEASE);
  if (server)
    close_peer(server, chance(2) ? NETSCTP_CLOSE_ABORT : NETSCTP_CLOSE_RELEASE);
  return has_talked;
}

USERSPACE_TEST(altered_packets) {
  struct host *host = host_open();
  uint16_t udp = free_udp_port();
  struct peer *listener =
      adopt(host, (uint32_t)listen_at(host, "127.0.0.1", udp), true);
  struct forger forger;
  int stop[2];
  CHECK(pipe(stop) == 0);
  if (getenv("NETSCTP_TEST_SEED"))
    seed = (uint32_t)atoi(getenv("NETSCTP_TEST_SEED"));
  forger_start(&forger, udp, stop[0]);
  int talks = 0, rounds = rounds_of(60);
  for (int round = 0; round < rounds; round++)
    talks += talk(host, listener, udp_port_of(forger.near));
  CHECK(talks > rounds / 3); /* else it is not tried what it is to try */
  CHECK(write(stop[1], "", 1) == 1);
  EQUAL(pthread_join(forger.thread, NULL), 0);
  check_service(host, listener, udp);
  host_close(host);
  close(forger.near);
  close(forger.far);
}

/* 128 notifications by one packet of 524 bytes, for a user who does not read:
 * they do not fill the memory, and hide neither messages nor the end. */
USERSPACE_TEST(notifications_that_nobody_reads_have_a_bound) {
  enum { PACKETS = 500, ERRORS = 128 };
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  struct packet packet;
  scene.server->is_paused = true;
  for (int i = 0; i < PACKETS; i++) {
    begin(&packet, raw.port, scene.port, raw.peer_tag);
    for (int k = 0; k < ERRORS; k++)
      put_chunk(&packet, C_ERROR, 0, 0);
    raw_send(&raw, &packet, 0);
    host_turn(scene.host, 0);
  }
  raw_say(&raw, 0, "behind all of them");
  CHECK(raw_wait(&raw, 0, C_SACK, 5000));
  drain(scene.server);
  EQUAL(scene.server->message_count, 1);
  CHECK(SEEN(scene.server, NETSCTP_NOTIFICATION_REMOTE_ERROR) > 1000);
  CHECK(SEEN(scene.server, NETSCTP_NOTIFICATION_REMOTE_ERROR) <
        PACKETS * ERRORS / 4);

  /* Who reads gets the next ones. */
  const int before = SEEN(scene.server, NETSCTP_NOTIFICATION_REMOTE_ERROR);
  scene.server->is_paused = false;
  begin(&packet, raw.port, scene.port, raw.peer_tag);
  put_chunk(&packet, C_ERROR, 0, 0);
  raw_send(&raw, &packet, 0);
  UNTIL(scene.host,
        SEEN(scene.server, NETSCTP_NOTIFICATION_REMOTE_ERROR) == before + 1);
  check_talk(&scene, &raw);
  host_close(scene.host);
}

/* An INIT from another UDP port waits until the one of before was asked. Of
 * those that wait there is a fixed number: one more is dropped, and comes again
 * as INITs do. */
USERSPACE_TEST(an_init_that_finds_no_place_to_wait_comes_again) {
  enum { PLACES = 32, PEERS = PLACES + 1 };
  struct scene scene = scene_open(NULL);
  struct raw peers[PEERS], strangers[PEERS];
  struct peer *servers[PEERS];
  for (int i = 0; i < PEERS; i++) {
    peers[i] = let_in(&scene, false);
    servers[i] = scene.server;
    strangers[i] = stranger_of(&scene, &peers[i]);
  }
  struct raw *last = &strangers[PLACES];
  for (int i = 0; i < PEERS; i++)
    raw_send_init(&strangers[i], false, 0);
  UNTIL(scene.host, counters().unwanted_packets == 1);
  for (int i = 0; i < PLACES; i++)
    CHECK(raw_wait(&strangers[i], 0, C_ABORT, 5000));
  CHECK(!raw_wait(last, 0, C_ABORT, 0));
  CHECK(!raw_wait(&peers[PLACES], 0, C_HEARTBEAT, 0));

  raw_send_init(last, false, 0);
  CHECK(raw_wait(&peers[PLACES], 0, C_HEARTBEAT, 5000));
  CHECK(raw_wait(last, 0, C_ABORT, 5000));
  EQUAL(counters().unwanted_packets, 1);
  for (int i = 0; i < PEERS; i++) {
    scene.server = servers[i];
    EQUAL(scene.server->error, 0);
    check_talk(&scene, &peers[i]);
  }
  host_close(scene.host);
}
