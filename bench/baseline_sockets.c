/* Plain one-to-one SCTP sockets as a C programmer would first use them: one
 * blocking send() or recvmsg() for each message. */
#include "baseline.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/sctp.h>
#include <sys/socket.h>
#include <unistd.h>

static int listener = -1, association = -1;
static bool has_shut_down;
static uint8_t buffer[256 * 1024];

static uint32_t most_at_once(uint32_t size) {
  (void)size;
  return 1;
}

static int open_socket(void) {
  const int on = 1;
  const int send_bytes = KERNEL_SEND_BYTES;
  const int receive_bytes = KERNEL_RECEIVE_BYTES;
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);
  if (fd < 0)
    give_up("socket", errno);
  setsockopt(fd, IPPROTO_SCTP, SCTP_NODELAY, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &send_bytes, sizeof send_bytes);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_bytes,
             sizeof receive_bytes);
  return fd;
}

static struct sockaddr_in loopback(uint16_t port) {
  return (struct sockaddr_in){
      .sin_family = AF_INET,
      .sin_port = htons(port),
      .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
  };
}

static uint16_t listen_on_any(void) {
  struct sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  listener = open_socket();
  if (bind(listener, (struct sockaddr *)&address, size) < 0 ||
      listen(listener, 1) < 0 ||
      getsockname(listener, (struct sockaddr *)&address, &size) < 0)
    give_up("listen", errno);
  return ntohs(address.sin_port);
}

static void accept_one(void) {
  const int on = 1;
  association = accept(listener, NULL, NULL);
  if (association < 0)
    give_up("accept", errno);
  setsockopt(association, IPPROTO_SCTP, SCTP_NODELAY, &on, sizeof on);
}

static void connect_to(uint16_t port) {
  const struct sockaddr_in address = loopback(port);
  association = open_socket();
  if (connect(association, (const struct sockaddr *)&address, sizeof address) <
      0)
    give_up("connect", errno);
}

static void send_all(const uint8_t *const *messages, uint32_t count,
                     uint32_t size) {
  for (uint32_t i = 0; i < count; i++)
    if (send(association, messages[i], size, MSG_NOSIGNAL) < 0)
      give_up("send", errno);
}

static bool receive(struct run *run) {
  struct iovec part = {buffer, sizeof buffer};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  const ssize_t length = recvmsg(association, &message, 0);
  if (length < 0 && !(has_shut_down && errno == ENOTCONN))
    give_up("recvmsg", errno);
  if (length <= 0)
    return false;
  on_piece(run, buffer, (uint32_t)length, message.msg_flags & MSG_EOR);
  return true;
}

static void shut_down(void) {
  has_shut_down = true;
  shutdown(association, SHUT_WR);
}

static void close_all(void) {
  close(association);
  if (listener >= 0)
    close(listener);
}

static bool counters(uint32_t out[COUNTERS]) {
  (void)out;
  return false;
}

const struct transport *sockets_transport(void) {
  static const struct transport transport = {
      most_at_once, listen_on_any, accept_one, connect_to, send_all,
      receive,      shut_down,     close_all,  counters,
  };
  return &transport;
}
