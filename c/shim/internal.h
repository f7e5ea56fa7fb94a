/* What the shim's own files share with each other and not with a backend. */
#ifndef NETSCTP_INTERNAL_H
#define NETSCTP_INTERNAL_H

#include <pthread.h>

#include "shim/backend.h"

/* ------------------------------------------------ shim/calls.c */

/* Opens every exported call that can fail: counts it, and forgets what
 * netsctp_explain() knew about the one before. */
void netsctp__enter(void);

/* ------------------------------------------------ shim/options.c */

/* Whether a request's options exist and may be what they are, for this role. 0
 * or -errno, explained. */
int netsctp__check_options(const struct netsctp__request *, enum netsctp__kind);

/* ------------------------------------------------ shim/handles.c */

/* A fresh handle with a number, NULL when there are 2^20 already or no
 * memory. */
struct netsctp__handle *netsctp__handle_open(struct netsctp__loop *,
                                             enum netsctp__kind);
void netsctp__handle_close(struct netsctp__handle *);

/* The handles that are open on the loop, one after the other; the cursor
 * starts at 0. */
struct netsctp__handle *netsctp__next_handle(struct netsctp__loop *,
                                             uint32_t *cursor);

/* ------------------------------------------------ loop/loop.c */

struct netsctp__waker;

struct netsctp__loop {
  uint32_t id;
  int epoll;
  int kick;        /* eventfd in `epoll` */
  pthread_t owner; /* the loop ends with it */

  pthread_mutex_t lock; /* what follows, up to the waker */
  struct netsctp__handle *first_ready;
  struct netsctp__handle *last_ready;
  bool is_taking; /* the owner is in netsctp_take(): no kick needed */
  bool is_kicked;
  bool is_pumped; /* the owner's alone: the next netsctp_take() need not */

  const struct netsctp__waker *waker;
  void (*wake)(uint32_t loop); /* NULL: by `socket` */
  int socket;                  /* the host's end, or -1 */
  void *wake_state;            /* the waker's own */
  struct netsctp__node_function
      *function; /* JavaScript's, which `wake` calls */
};

struct netsctp__loop *netsctp__loop_find(uint32_t id);

/* Makes the epoll descriptor readable until the next netsctp_take(). */
void netsctp__loop_kick(struct netsctp__loop *);

/* For a waker on the owner's thread: handles the input there is, and says
 * whether that is news to the host. If not, it need not be woken. */
bool netsctp__loop_look(struct netsctp__loop *);

/* The owner is about to drain the handle: news from now on are told. */
void netsctp__ready_again(struct netsctp__handle *);
/* The handle is going away: nothing of it may stay in the list. */
void netsctp__ready_forget(struct netsctp__handle *);

/* ------------------------------------------------ wake_*.c */

/* A way to wait on a loop's epoll descriptor and wake its host. */
struct netsctp__waker {
  int (*start)(struct netsctp__loop *);
  /* netsctp_take() is through: wake may be called again. */
  void (*rearm)(struct netsctp__loop *);
  int (*ref)(struct netsctp__loop *, bool on);
  /* After it the host is not woken and the loop is not looked at. */
  void (*stop)(struct netsctp__loop *);
};

extern const struct netsctp__waker netsctp__waker_uv;
extern const struct netsctp__waker netsctp__waker_thread;
extern const struct netsctp__waker netsctp__waker_ring;

/* ------------------------------------------------ shim/node_addon.c */

/* The libuv loop of this thread. -ENOSYS, explained, where it is not one of
 * Node's that has loaded the library as an addon. */
int netsctp__node_loop(void **uv_loop);

/* Has a function called when this thread's JavaScript has ended, be it by
 * Worker.terminate(). */
void netsctp__node_at_end(void (*)(void *), void *);

/* Calls `wake` as a turn of JavaScript's own: its ticks and microtasks are run
 * at the end, and exceptions in them are uncaught ones. Without that, what
 * JavaScript puts in line meanwhile would be run by whatever native call comes
 * next: in the middle of an HTTP parser, or a second later. */
void netsctp__node_turn(void (*wake)(uint32_t), uint32_t loop);

/* A function of JavaScript's that is kept for a loop. The one that is now being
 * opened has to take what it was given; NULL where the caller is not
 * JavaScript.
 */
struct netsctp__node_function;
struct netsctp__node_function *netsctp__node_take_function(void);
void netsctp__node_drop(struct netsctp__node_function *);

#endif
