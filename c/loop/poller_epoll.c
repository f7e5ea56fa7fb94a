/* Linux's way to wait for many descriptors: epoll(7), and an eventfd to wake
 * it. */
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "loop/poller.h"
#include "shim/backend.h"

static int control(struct netsctp__poller *poller, int operation, int fd,
                   uint32_t what, uint64_t tag) {
  struct epoll_event event = {.data.u64 = tag};
  if (what & NETSCTP__POLL_READABLE)
    event.events |= EPOLLIN | EPOLLRDHUP;
  if (what & NETSCTP__POLL_WRITABLE)
    event.events |= EPOLLOUT;
  if (what & NETSCTP__POLL_ONCE)
    event.events |= EPOLLET;
  NETSCTP__COUNT(other_syscalls, 1);
  if (epoll_ctl(poller->descriptor, operation, fd, &event) == 0)
    return 0;
  return errno == ENOSPC ? -ENOBUFS : -errno; /* fs.epoll.max_user_watches */
}

int netsctp__poller_open(struct netsctp__poller *poller) {
  poller->descriptor = epoll_create1(EPOLL_CLOEXEC);
  poller->waker = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  int result = poller->descriptor < 0 || poller->waker < 0
                   ? -errno
                   : netsctp__poller_add(poller, poller->waker,
                                         NETSCTP__POLL_READABLE, 0);
  if (result < 0)
    netsctp__poller_close(poller);
  return result;
}

void netsctp__poller_close(struct netsctp__poller *poller) {
  if (poller->descriptor >= 0)
    close(poller->descriptor);
  if (poller->waker >= 0)
    close(poller->waker);
}

int netsctp__poller_add(struct netsctp__poller *poller, int fd, uint32_t what,
                        uint64_t tag) {
  return control(poller, EPOLL_CTL_ADD, fd, what, tag);
}

void netsctp__poller_modify(struct netsctp__poller *poller, int fd,
                            uint32_t what, uint64_t tag) {
  control(poller, EPOLL_CTL_MOD, fd, what, tag);
}

void netsctp__poller_remove(struct netsctp__poller *poller, int fd) {
  control(poller, EPOLL_CTL_DEL, fd, 0, 0);
}

int netsctp__poller_wait(struct netsctp__poller *poller,
                         struct netsctp__poll_event *out, int room,
                         int timeout_ms) {
  enum { AT_ONCE = 64 };
  struct epoll_event events[AT_ONCE];
  NETSCTP__COUNT(other_syscalls, 1);
  int count = epoll_wait(poller->descriptor, events,
                         room < AT_ONCE ? room : AT_ONCE, timeout_ms);
  for (int i = 0; i < count; i++) {
    const uint32_t come = events[i].events;
    out[i] = (struct netsctp__poll_event){
        .tag = events[i].data.u64,
        .what = (come & (EPOLLIN | EPOLLRDHUP) ? NETSCTP__POLL_READABLE : 0u) |
                (come & EPOLLOUT ? NETSCTP__POLL_WRITABLE : 0u) |
                (come & (EPOLLERR | EPOLLHUP) ? NETSCTP__POLL_FAILED : 0u)};
  }
  return count < 0 ? -errno : count;
}

void netsctp__poller_wake(struct netsctp__poller *poller, bool on) {
  uint64_t times = 1;
  if (on)
    (void)!write(poller->waker, &times, sizeof times);
  else
    (void)!read(poller->waker, &times, sizeof times);
}
