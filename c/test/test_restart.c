/* A client that crashed comes back with the same SCTP port: from its UDP port
 * of before, or from another one. Nobody else gets in by that. */
#include "udp.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct place {
  uint16_t port, udp_port; /* the client's */
  uint16_t server_port, server_udp_port;
};

static struct peer *connect_from(struct host *host, const struct place *place) {
  struct request request = {0};
  uint64_t bytes[256];
  add_local(&request, "127.0.0.1", place->port);
  add_remote(&request, "127.0.0.1", place->server_port);
  add_option(&request, NETSCTP_OPTION_REMOTE_UDP_PORT, place->server_udp_port);
  add_option(&request, NETSCTP_OPTION_LOCAL_UDP_PORT, place->udp_port);
  int32_t handle = sctp.connect((uint32_t)host->loop, (uint8_t *)bytes,
                                pack_request(&request, bytes));
  CHECK(handle > 0);
  return adopt(host, (uint32_t)handle, false);
}

/* A process that connects once it is told where, and lives until it is killed,
 * or could not connect. */
struct client {
  pid_t pid;
  int start;
};

static struct client client_fork(void) {
  int start[2];
  CHECK(pipe(start) == 0);
  fflush(stdout);
  struct client client = {.pid = fork(), .start = start[1]};
  CHECK(client.pid >= 0);
  if (client.pid == 0) {
    struct place place;
    close(start[1]);
    if (read(start[0], &place, sizeof place) != sizeof place)
      _exit(0);
    struct host *host = host_open();
    struct peer *peer = connect_from(host, &place);
    while (!peer->error)
      host_turn(host, 1000);
    _exit(peer->error);
  }
  close(start[0]);
  return client;
}

static void client_start(const struct client *client,
                         const struct place *place) {
  CHECK(write(client->start, place, sizeof *place) == sizeof *place);
}

static void client_kill(const struct client *client) {
  kill(client->pid, SIGKILL);
  CHECK(waitpid(client->pid, NULL, 0) == client->pid);
}

/* A server, a client of it, and one to come. They are forked before this
 * process has a stack. */
struct scene {
  struct host *host;
  struct peer *listener, *server;
  struct place place;
  struct client first, second;
};

static struct scene scene_open(void) {
  struct scene scene = {.place = {.port = 4711,
                                  .udp_port = free_udp_port(),
                                  .server_udp_port = free_udp_port()},
                        .first = client_fork(),
                        .second = client_fork()};
  scene.host = host_open();
  scene.listener = adopt(
      scene.host,
      (uint32_t)listen_at(scene.host, "127.0.0.1", scene.place.server_udp_port),
      true);
  scene.place.server_port = port_of(scene.listener);
  client_start(&scene.first, &scene.place);
  scene.server = accept_one(scene.listener);
  return scene;
}

USERSPACE_TEST(a_client_is_back_on_its_udp_port) {
  struct scene scene = scene_open();
  client_kill(&scene.first);
  client_start(&scene.second, &scene.place);
  UNTIL(scene.host, scene.server->states[NETSCTP_ASSOC_RESTART]);
  EQUAL(scene.server->error, 0);
  EQUAL(LAST(scene.server, NETSCTP_NOTIFICATION_ASSOC_CHANGE).outbound_streams,
        2048);
  EQUAL(LAST(scene.server, NETSCTP_NOTIFICATION_ASSOC_CHANGE).inbound_streams,
        2048);
  client_kill(&scene.second);
  host_close(scene.host);
}

USERSPACE_TEST(a_client_is_back_on_another_udp_port) {
  struct scene scene = scene_open();
  client_kill(&scene.first);
  scene.place.udp_port = free_udp_port();
  int64_t before = now_ms();
  client_start(&scene.second, &scene.place);
  accept_one(scene.listener);
  CHECK(now_ms() - before < 2500); /* the INIT was not sent again, at 3000 */
  UNTIL(scene.host, scene.server->error);
  EQUAL(scene.server->error, ECONNRESET);
  client_kill(&scene.second);
  host_close(scene.host);
}

USERSPACE_TEST(another_program_does_not_get_in_for_a_client_that_lives) {
  struct scene scene = scene_open();
  struct place other = scene.place;
  other.udp_port = free_udp_port();
  int64_t before = now_ms();
  client_start(&scene.second, &other);
  int status = 0;
  while (waitpid(scene.second.pid, &status, WNOHANG) == 0)
    host_turn(scene.host, 20);
  CHECK(WIFEXITED(status));
  EQUAL(WEXITSTATUS(status), ECONNREFUSED);
  CHECK(now_ms() - before < 5000);
  EQUAL(scene.server->error, 0);
  EQUAL(scene.server->states[NETSCTP_ASSOC_RESTART], 0);
  client_kill(&scene.first);
  host_close(scene.host);
}

/* Without the tag, no packet from another UDP port moves ours there. */
USERSPACE_TEST(the_udp_port_of_a_path_is_not_moved_blindly) {
  struct scene scene = scene_open();
  int fd = udp_socket(0);
  const struct place *place = &scene.place;
  struct sockaddr_in to = {.sin_family = AF_INET,
                           .sin_port = htons(place->server_udp_port)};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  static const uint8_t types[] = {0, 3,  4,  5,  6,    7,   8,
                                  9, 10, 11, 14, 0x80, 0xc1};
  for (size_t i = 0; i < sizeof types; i++) {
    uint32_t packet[8] = {
        htonl((uint32_t)place->port << 16 | place->server_port), htonl(7), 0,
        htonl((uint32_t)types[i] << 24 | 20)};
    CHECK(sendto(fd, packet, sizeof packet, 0, (struct sockaddr *)&to,
                 sizeof to) > 0);
  }
  for (int turns = 0; turns < 20; turns++)
    host_turn(scene.host, 10);
  EQUAL(get_option(scene.server->handle, NETSCTP_OPTION_REMOTE_UDP_PORT),
        place->udp_port);
  EQUAL(scene.server->error, 0);
  close(fd);
  client_kill(&scene.first);
  client_kill(&scene.second);
  host_close(scene.host);
}
