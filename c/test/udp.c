#include "udp.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

int udp_socket(uint16_t port) {
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(port)};
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  CHECK(fd >= 0);
  if (bind(fd, (struct sockaddr *)&name, sizeof name) == 0)
    return fd;
  int error = errno;
  close(fd);
  return -error;
}

uint16_t udp_port_of(int fd) {
  struct sockaddr_in name;
  socklen_t size = sizeof name;
  CHECK(getsockname(fd, (struct sockaddr *)&name, &size) == 0);
  return ntohs(name.sin_port);
}

uint16_t free_udp_port(void) {
  int fd = udp_socket(0);
  uint16_t port = udp_port_of(fd);
  close(fd);
  return port;
}

int32_t listen_at(struct host *host, const char *address, uint16_t udp_port) {
  struct request request = {0};
  uint64_t bytes[256];
  add_local(&request, address, 0);
  if (udp_port)
    add_option(&request, NETSCTP_OPTION_LOCAL_UDP_PORT, udp_port);
  return sctp.listen((uint32_t)host->loop, (uint8_t *)bytes,
                     pack_request(&request, bytes));
}

struct peer *connect_at(struct host *host, uint16_t port, uint16_t udp_port) {
  struct request request = {0};
  uint64_t bytes[256];
  add_remote(&request, "127.0.0.1", port);
  add_option(&request, NETSCTP_OPTION_REMOTE_UDP_PORT, udp_port);
  int32_t handle = sctp.connect((uint32_t)host->loop, (uint8_t *)bytes,
                                pack_request(&request, bytes));
  if (handle <= 0)
    fail(__FILE__, __LINE__, "connect gives %d", handle);
  return adopt(host, (uint32_t)handle, false);
}

struct pair pair_at(struct host *host, uint16_t udp_port) {
  const int32_t handle = listen_at(host, "127.0.0.1", udp_port);
  CHECK(handle > 0);
  struct pair pair = {.host = host,
                      .listener = adopt(host, (uint32_t)handle, true)};
  pair.client = connect_at(host, port_of(pair.listener), udp_port);
  pair.server = accept_one(pair.listener);
  UNTIL(host, pair.client->states[NETSCTP_ASSOC_UP]);
  return pair;
}

/* ------------------------------------------------ a process that echoes */

/* Sends back what came whole, and gives up who has gone. */
static void echo_peer(struct peer *peer) {
  for (int i = 0; i < peer->message_count && !peer->is_inside; i++) {
    const struct message *message = &peer->messages[i];
    send_big(peer, message->sid, message->bytes, message->length);
    free(message->bytes);
  }
  if (!peer->is_inside)
    peer->message_count = 0;
  if (peer->has_ended || peer->error)
    close_peer(peer, NETSCTP_CLOSE_RELEASE);
}

static void echo_peers(struct host *host) {
  struct peer *next;
  for (struct peer *peer = host->peers; peer; peer = next) {
    next = peer->next;
    if (!peer->is_listener)
      echo_peer(peer);
  }
}

static _Noreturn void echo_run(uint16_t udp_port, int from_parent,
                               int to_parent) {
  struct host *host = host_open();
  int32_t handle = listen_at(host, "127.0.0.1", udp_port);
  if (handle <= 0)
    fail(__FILE__, __LINE__, "echo listen gives %d", handle);
  struct peer *listener = adopt(host, (uint32_t)handle, true);
  uint16_t port = port_of(listener);
  CHECK(write(to_parent, &port, sizeof port) == sizeof port);
  struct pollfd parent = {.fd = from_parent, .events = POLLIN};
  while (poll(&parent, 1, 0) == 0) {
    host_turn(host, 50);
    while (listener->accepted_count)
      accept_one(listener);
    echo_peers(host);
  }
  host_close(host);
  exit(0);
}

struct echo_process echo_start(uint16_t udp_port) {
  struct echo_process echo = {.udp_port = udp_port};
  int down[2], up[2];
  CHECK(pipe(down) == 0 && pipe(up) == 0);
  fflush(stdout);
  echo.pid = fork();
  CHECK(echo.pid >= 0);
  if (echo.pid == 0) {
    close(down[1]);
    close(up[0]);
    echo_run(udp_port, down[0], up[1]);
  }
  close(down[0]);
  close(up[1]);
  echo.to_child = down[1];
  if (read(up[0], &echo.port, sizeof echo.port) != sizeof echo.port)
    fail(__FILE__, __LINE__, "the echoing process did not start");
  close(up[0]);
  return echo;
}

void echo_stop(struct echo_process *echo) {
  int status;
  close(echo->to_child);
  CHECK(waitpid(echo->pid, &status, 0) == echo->pid);
  EQUAL(status, 0);
}

void echo_kill(struct echo_process *echo) {
  close(echo->to_child);
  kill(echo->pid, SIGKILL);
  CHECK(waitpid(echo->pid, NULL, 0) == echo->pid);
}

struct peer *connect_by(struct host *host, const struct request *request) {
  uint64_t bytes[256];
  int32_t handle = sctp.connect((uint32_t)host->loop, (uint8_t *)bytes,
                                pack_request(request, bytes));
  CHECK(handle > 0);
  return adopt(host, (uint32_t)handle, false);
}

struct peer *start_connecting(struct host *host, const char *const *addresses,
                              uint16_t udp_port) {
  struct request request = {0};
  for (; *addresses; addresses++)
    add_remote(&request, *addresses, 5000);
  add_option(&request, NETSCTP_OPTION_REMOTE_UDP_PORT, udp_port);
  return connect_by(host, &request);
}

int udp_socket_on(const char *address, uint16_t port) {
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(port)};
  CHECK(inet_pton(AF_INET, address, &name.sin_addr) == 1);
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  CHECK(bind(fd, (struct sockaddr *)&name, sizeof name) == 0);
  return fd;
}
