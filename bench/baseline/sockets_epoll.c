/* Many plain sockets, non-blocking, under one epoll. */
#include "sockets.h"

#include <errno.h>
#include <netinet/sctp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int epoll = -1;

static void watch(int operation, int fd, uint32_t events) {
  struct epoll_event event = {.events = events, .data.fd = fd};
  if (epoll < 0)
    epoll = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ctl(epoll, operation, fd, &event) < 0)
    give_up("epoll_ctl", errno);
}

static uint16_t listen_non_blocking(void) {
  listener = open_socket(SOCK_NONBLOCK);
  const uint16_t port = listen_with(listener);
  watch(EPOLL_CTL_ADD, listener, EPOLLIN);
  return port;
}

static void connect_non_blocking(uint16_t port) {
  const struct sockaddr_in address = loopback(port);
  const int fd = open_socket(SOCK_NONBLOCK);
  if (connect(fd, (const struct sockaddr *)&address, sizeof address) < 0 &&
      errno != EINPROGRESS)
    give_up("connect", errno);
  watch(EPOLL_CTL_ADD, fd, EPOLLOUT);
}

static void accept_all(const struct load *load) {
  int fd;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >=
         0) {
    watch(EPOLL_CTL_ADD, fd, EPOLLIN);
    grow_receive_buffer(fd);
    load->on_up((uint32_t)fd);
  }
  if (errno != EAGAIN && errno != EINTR)
    give_up("accept", errno);
}

static void finish_connecting(const struct load *load, int fd) {
  int error = 0;
  socklen_t size = sizeof error;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error)
    give_up("connect", error);
  watch(EPOLL_CTL_MOD, fd, EPOLLIN);
  grow_receive_buffer(fd);
  load->on_up((uint32_t)fd);
}

/* That our own SHUTDOWN is through only a notification says: without it, the
 * socket just stays silent. */
static void shut_down_and_hear(uint32_t fd) {
  const struct sctp_event_subscribe wanted = {.sctp_association_event = 1};
  setsockopt((int)fd, IPPROTO_SCTP, SCTP_EVENTS, &wanted, sizeof wanted);
  shut_down_socket(fd);
}

static bool is_shutdown_complete(const uint8_t *bytes, ssize_t length) {
  const struct sctp_assoc_change *change = (const void *)bytes;
  return length >= (ssize_t)sizeof *change &&
         change->sac_type == SCTP_ASSOC_CHANGE &&
         change->sac_state == SCTP_SHUTDOWN_COMP;
}

/* One message: if there are more, epoll says so again. */
static void receive(const struct load *load, int fd) {
  static _Alignas(8) uint8_t buffer[256 * 1024];
  struct iovec part = {buffer, sizeof buffer};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  const ssize_t length = recvmsg(fd, &message, 0);
  if (length > 0 && message.msg_flags & MSG_NOTIFICATION) {
    if (is_shutdown_complete(buffer, length))
      load->on_end((uint32_t)fd);
  } else if (length > 0)
    deliver(load, (uint32_t)fd, buffer, (uint32_t)length,
            message.msg_flags & MSG_EOR);
  else if (length == 0 || errno == ENOTCONN)
    load->on_end((uint32_t)fd);
  else if (errno != EAGAIN && errno != EINTR)
    give_up("recvmsg", errno);
}

static void wait_for_any(const struct load *load) {
  struct epoll_event events[256];
  const int count = epoll_wait(epoll, events, 256, -1);
  for (int i = 0; i < count; i++) {
    const int fd = events[i].data.fd;
    if (fd == listener)
      accept_all(load);
    else if (events[i].events & EPOLLOUT)
      finish_connecting(load, fd);
    else
      receive(load, fd);
  }
}

static uint32_t most_at_once(uint32_t size) {
  (void)size;
  return 1;
}

static void send_one(uint32_t fd, const uint8_t *message, uint32_t size) {
  while (send((int)fd, message, size, MSG_NOSIGNAL) < 0) {
    struct pollfd full = {.fd = (int)fd, .events = POLLOUT};
    if (errno != EAGAIN)
      give_up("send", errno);
    poll(&full, 1, -1);
  }
}

static void flush(void) {}

static void close_socket(uint32_t fd) { close((int)fd); }

const struct transport *epoll_transport(void) {
  static const struct transport transport = {
      most_at_once,
      listen_non_blocking,
      connect_non_blocking,
      wait_for_any,
      send_one,
      flush,
      shut_down_and_hear,
      close_socket,
  };
  return &transport;
}
