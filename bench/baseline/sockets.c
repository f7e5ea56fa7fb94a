/* Plain one-to-one SCTP sockets as a C programmer would first use them: one
 * blocking send() or recvmsg() for each message, and one association after the
 * other. */
#include "sockets.h"

#include <errno.h>
#include <netinet/sctp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

int listener = -1, association = -1;
static bool is_told, has_shut_down;

/* ------------------------------------------------ any socket */

int open_socket(int flags) {
  const int on = 1;
  const int send_bytes = KERNEL_SEND_BYTES;
  const int receive_bytes = KERNEL_RECEIVE_BYTES;
  const int fd =
      socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, IPPROTO_SCTP);
  if (fd < 0)
    give_up("socket", errno);
  setsockopt(fd, IPPROTO_SCTP, SCTP_NODELAY, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &send_bytes, sizeof send_bytes);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_bytes,
             sizeof receive_bytes);
  return fd;
}

void grow_receive_buffer(int fd) {
  const int bytes = 4 * KERNEL_RECEIVE_BYTES;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
}

struct sockaddr_in loopback(uint16_t port) {
  return (struct sockaddr_in){
      .sin_family = AF_INET,
      .sin_port = htons(port),
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
  };
}

uint16_t listen_with(int fd) {
  struct sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  if (bind(fd, (struct sockaddr *)&address, size) < 0 ||
      listen(fd, BACKLOG) < 0 ||
      getsockname(fd, (struct sockaddr *)&address, &size) < 0)
    give_up("listen", errno);
  return ntohs(address.sin_port);
}

void shut_down_socket(uint32_t fd) {
  if (shutdown((int)fd, SHUT_WR) < 0)
    give_up("shutdown", errno);
}

/* ------------------------------------------------ one at a time */

uint16_t listen_blocking(void) {
  listener = open_socket(0);
  return listen_with(listener);
}

/* The timer's signal may interrupt connect(), which then goes on by itself. */
static int await_connection(int fd) {
  struct pollfd waited = {.fd = fd, .events = POLLOUT};
  int error = 0;
  socklen_t size = sizeof error;
  while (poll(&waited, 1, -1) < 0)
    ;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  return error;
}

void connect_blocking(uint16_t port) {
  const struct sockaddr_in address = loopback(port);
  association = open_socket(0);
  if (connect(association, (const struct sockaddr *)&address, sizeof address) ==
      0)
    return;
  int error = errno;
  if (error == EINTR || error == EALREADY)
    error = await_connection(association);
  if (error && error != EISCONN)
    give_up("connect", error);
}

bool begin_association(const struct load *load) {
  if (is_told)
    return false;
  if (association < 0)
    association = accept(listener, NULL, NULL);
  if (association < 0) {
    if (errno == EINTR)
      return true;
    give_up("accept", errno);
  }
  is_told = true;
  grow_receive_buffer(association);
  load->on_up((uint32_t)association);
  return true;
}

bool is_end_of_ours(void) { return has_shut_down && errno == ENOTCONN; }

void shut_down_blocking(uint32_t fd) {
  has_shut_down = true;
  shut_down_socket(fd);
}

void close_blocking(uint32_t fd) {
  close((int)fd);
  association = -1;
  is_told = has_shut_down = false;
}

/* ------------------------------------------------ one message at a time */

static uint32_t most_at_once(uint32_t size) {
  (void)size;
  return 1;
}

static void send_one(uint32_t fd, const uint8_t *message, uint32_t size) {
  if (send((int)fd, message, size, MSG_NOSIGNAL) < 0)
    give_up("send", errno);
}

static void flush(void) {}

static void wait_blocking(const struct load *load) {
  static uint8_t buffer[256 * 1024];
  if (begin_association(load))
    return;
  struct iovec part = {buffer, sizeof buffer};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  const uint32_t from = (uint32_t)association;
  const ssize_t length = recvmsg(association, &message, 0);
  if (length > 0)
    deliver(load, from, buffer, (uint32_t)length, message.msg_flags & MSG_EOR);
  else if (length == 0 || is_end_of_ours())
    load->on_end(from);
  else if (errno != EINTR)
    give_up("recvmsg", errno);
}

const struct transport *sockets_transport(void) {
  static const struct transport transport = {
      most_at_once, listen_blocking, connect_blocking,   wait_blocking,
      send_one,     flush,           shut_down_blocking, close_blocking,
  };
  return &transport;
}
