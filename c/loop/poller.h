/* Waiting for many descriptors at once: the only thing a loop asks of the
 * system that systems do not share. poller_epoll.c is Linux's.
 *
 * Another system's, say of kqueue(2), has to give the same: a descriptor that
 * others can poll and that is readable while there is an event to wait for
 * (a kqueue's own is); events that come once for each arrival (EV_CLEAR); a way
 * to make it readable from any thread (EVFILT_USER). The userspace stack adds a
 * timer's descriptor, whose place a descriptor of another kind would have to
 * take (a kqueue with EVFILT_TIMER in it is one). */
#ifndef NETSCTP_POLLER_H
#define NETSCTP_POLLER_H

#include <stdbool.h>
#include <stdint.h>

struct netsctp__poller {
  int descriptor; /* others can poll it: readable while there is an event */
  int waker;      /* what netsctp__poller_wake() makes readable */
};

/* What is waited for, and what has come. */
enum {
  NETSCTP__POLL_READABLE = 1,
  NETSCTP__POLL_WRITABLE = 2,
  NETSCTP__POLL_FAILED = 4, /* an error or a hang-up; told unasked */
  NETSCTP__POLL_ONCE = 8,   /* asked for: told once for each arrival */
};

struct netsctp__poll_event {
  uint64_t tag; /* as it was given; 0: netsctp__poller_wake() */
  uint32_t what;
};

/* 0 or -errno. */
int netsctp__poller_open(struct netsctp__poller *);
void netsctp__poller_close(struct netsctp__poller *);

/* A descriptor that is closed leaves by itself, unless another process holds a
 * copy. 0 or -errno; -ENOBUFS: the system watches as many as it may. */
int netsctp__poller_add(struct netsctp__poller *, int fd, uint32_t what,
                        uint64_t tag);
/* Also tells at once what is there already. */
void netsctp__poller_modify(struct netsctp__poller *, int fd, uint32_t what,
                            uint64_t tag);
void netsctp__poller_remove(struct netsctp__poller *, int fd);

/* Waits for at most so long, 0: not at all. The number of events, or -errno. */
int netsctp__poller_wait(struct netsctp__poller *,
                         struct netsctp__poll_event *out, int room,
                         int timeout_ms);

/* Makes the descriptor readable, until it is called with false. Any thread. */
void netsctp__poller_wake(struct netsctp__poller *, bool on);

#endif
