/* SCTP as the Linux kernel has it: one-to-one sockets, one descriptor each, in
 * the loop's poller. */
#include "kernel/kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loop/poller.h"

int netsctp__backend_stack(void) { return NETSCTP_STACK_KERNEL; }

int netsctp__backend_probe(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);
  if (fd >= 0) {
    close(fd);
    return 0;
  }
  switch (errno) {
  case EPROTONOSUPPORT:
  case ESOCKTNOSUPPORT:
    return netsctp__explain(
        errno, "the kernel's sctp module is not loaded: try `modprobe sctp`; "
               "if there is none, install the distribution's package of extra "
               "modules (Ubuntu: linux-modules-extra-$(uname -r), Fedora and "
               "RHEL: kernel-modules-extra)");
  case EACCES:
  case EPERM:
    return netsctp__explain(
        errno, "this process may not open SCTP sockets: a seccomp filter, "
               "SELinux or the container's policy forbids it");
  case EAFNOSUPPORT:
    return netsctp__explain(errno, "this kernel has no IP sockets");
  default:
    return -errno;
  }
}

/* ------------------------------------------------ the loop */

/* The kernel has its own locks. */
void netsctp__backend_enter(void) {}
void netsctp__backend_leave(void) {}

int netsctp__backend_loop_open(struct netsctp__loop *loop) {
  (void)loop;
  return 0;
}

/* What lingers is the kernel's business. */
void netsctp__backend_loop_close(struct netsctp__loop *loop) { (void)loop; }

int netsctp__kernel_adopt(struct netsctp__handle *handle, int fd) {
  handle->socket = calloc(1, sizeof *handle->socket);
  if (!handle->socket) {
    close(fd);
    return -ENOMEM;
  }
  handle->socket->fd = fd;
  return 0;
}

/* Told apart by number: an event for a socket just closed finds nothing. */
int netsctp__kernel_watch(struct netsctp__handle *handle) {
  return netsctp__poller_add(
      netsctp__loop_poller(handle->loop), handle->socket->fd,
      NETSCTP__POLL_READABLE | NETSCTP__POLL_ONCE, handle->number);
}

void netsctp__kernel_drop(struct netsctp__handle *handle) {
  close(handle->socket->fd);
  netsctp__free_contexts(&handle->socket->contexts);
  free(handle->socket->kept);
  free(handle->socket->cause);
  free(handle->socket);
  handle->socket = NULL;
}

/* WRITABLE is asked for only while a send came back short: told once or not,
 * every acknowledgement would wake the loop for it. Asking again also tells at
 * once if there is room by now, so nothing is missed in between. */
void netsctp__kernel_watch_writable(struct netsctp__handle *handle, bool on) {
  if (handle->wants_write == on && !on)
    return;
  handle->wants_write = on;
  netsctp__poller_modify(netsctp__loop_poller(handle->loop), handle->socket->fd,
                         NETSCTP__POLL_READABLE | NETSCTP__POLL_ONCE |
                             (on ? NETSCTP__POLL_WRITABLE : 0u),
                         handle->number);
}

static void take_event(const struct netsctp__poll_event *event) {
  struct netsctp__handle *handle = netsctp__find((uint32_t)event->tag);
  if (!handle)
    return; /* the loop was woken, or closed */
  uint32_t ready = 0;
  /* Errors and hang-ups too are found by receiving. */
  if (event->what & (NETSCTP__POLL_READABLE | NETSCTP__POLL_FAILED))
    ready |= NETSCTP_READY_READABLE;
  if (handle->wants_write &&
      (event->what & (NETSCTP__POLL_WRITABLE | NETSCTP__POLL_FAILED))) {
    netsctp__kernel_watch_writable(handle, false);
    ready |= NETSCTP_READY_WRITABLE;
  }
  if (ready)
    netsctp__mark_ready(handle, ready);
}

int netsctp__backend_pump(struct netsctp__loop *loop) {
  enum { AT_ONCE = 64 };
  struct netsctp__poll_event events[AT_ONCE];
  for (;;) {
    int count =
        netsctp__poller_wait(netsctp__loop_poller(loop), events, AT_ONCE, 0);
    if (count < 0)
      return count == -EINTR ? 0 : count;
    for (int i = 0; i < count; i++)
      take_event(&events[i]);
    if (count < AT_ONCE)
      return 0;
  }
}

/* ------------------------------------------------ closing */

int netsctp__backend_shutdown(struct netsctp__handle *handle) {
  NETSCTP__SYSCALL();
  if (shutdown(handle->socket->fd, SHUT_WR) < 0)
    return errno == ESHUTDOWN ? -EPIPE : -errno;
  return 0;
}

/* The kernel aborts an association that is closed while data waits to be read.
 * So reading is given up first, which makes it throw away what still arrives,
 * and what is there already is read. */
static void discard_unread(int fd) {
  static const size_t size = 1 << 16;
  NETSCTP__SYSCALL();
  shutdown(fd, SHUT_RD);
  void *scratch = malloc(size);
  ssize_t count = 1;
  while (scratch && (count > 0 || (count < 0 && errno == EINTR))) {
    NETSCTP__COUNT(receive_syscalls, 1);
    count = recv(fd, scratch, size, MSG_DONTWAIT);
  }
  free(scratch);
}

void netsctp__backend_close(struct netsctp__handle *handle, bool abort) {
  struct netsctp__socket *socket = handle->socket;
  /* A listener's connections that nobody accepted go with it at once. */
  if (abort || handle->kind == NETSCTP__ENDPOINT) {
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    NETSCTP__SYSCALL();
    setsockopt(socket->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  } else if (!handle->is_finished && handle->is_up) {
    discard_unread(socket->fd);
  }
  /* By closing it would stay in the poller while a child holds a copy. */
  netsctp__poller_remove(netsctp__loop_poller(handle->loop), socket->fd);
  NETSCTP__SYSCALL();
  netsctp__kernel_drop(handle);
}

/* sendmsg() with SCTP_ABORT, whose payload it would be (RFC 6458
 * section 5.3.4), is EINVAL for a one-to-one socket, and what close() sends has
 * no reason. */
int netsctp__backend_abort(struct netsctp__handle *handle,
                           const uint8_t *reason, uint32_t length) {
  (void)handle, (void)reason, (void)length;
  return netsctp__explain(EOPNOTSUPP, "the kernel's stack lets no one-to-one "
                                      "socket say why it aborts");
}
