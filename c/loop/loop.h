/* A loop: what its files share with each other and with the shim's calls. */
#ifndef NETSCTP_LOOP_H
#define NETSCTP_LOOP_H

#include <pthread.h>

#include "loop/poller.h"
#include "loop/wake_socket.h"
#include "shim/backend.h"

struct netsctp__node_function;
struct netsctp__waker;

struct netsctp__loop {
  uint32_t id;
  struct netsctp__poller poller;
  pthread_t owner; /* the loop ends with it */

  pthread_mutex_t lock; /* what follows, up to the waker */
  struct netsctp__handle *first_ready;
  struct netsctp__handle *last_ready;
  bool is_taking; /* the owner is in netsctp_take(): no kick needed */
  bool is_kicked;
  bool is_pumped; /* the owner's alone: the next netsctp_take() need not */

  const struct netsctp__waker *waker;
  void (*wake)(uint32_t loop);        /* NULL: by `socket` */
  struct netsctp__wake_socket socket; /* its ends are -1 without one */
  void *wake_state;                   /* the waker's own */
  struct netsctp__node_function
      *function; /* JavaScript's, which `wake` calls */
};

/* ------------------------------------------------ loop/loop.c */

struct netsctp__loop *netsctp__loop_find(uint32_t id);

/* ------------------------------------------------ loop/ready.c */

/* Makes the poller readable until the next netsctp_take(). */
void netsctp__loop_kick(struct netsctp__loop *);

/* For a waker on the owner's thread: handles the input there is, and says
 * whether that is news to the host. If not, it need not be woken. */
bool netsctp__loop_look(struct netsctp__loop *);

/* The owner is about to drain the handle: news from now on is reported. */
void netsctp__ready_again(struct netsctp__handle *);
/* The handle is going away: nothing of it may stay in the list. */
void netsctp__ready_forget(struct netsctp__handle *);

/* ------------------------------------------------ loop/wake_*.c */

/* A way to wait for a loop's poller and wake its host. */
struct netsctp__waker {
  int (*start)(struct netsctp__loop *);
  /* netsctp_take() is through: wake may be called again. */
  void (*rearm)(struct netsctp__loop *);
  /* Whether the loop keeps the host going; NULL: it never does. */
  void (*ref)(struct netsctp__loop *, bool on);
  /* After it the host is not woken and the loop is not looked at. */
  void (*stop)(struct netsctp__loop *);
};

extern const struct netsctp__waker netsctp__waker_uv;
extern const struct netsctp__waker netsctp__waker_thread;
extern const struct netsctp__waker netsctp__waker_ring;

#endif
