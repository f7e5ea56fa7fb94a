/* Waking by a thread that does nothing else. It waits for the poller
 * to become readable, wakes the host once, and waits for netsctp_take() before
 * it looks again: the descriptor stays readable until then.
 *
 * It wakes by a callback, or by a byte in a socket that the host reads. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop/loop.h"

struct thread_state {
  uint32_t id;
  int poller;
  void (*wake)(uint32_t loop); /* NULL: by `socket` */
  int socket;                  /* our end */

  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t changed;
  bool is_armed;
  bool is_stopped;
  bool is_waking; /* inside the host's callback */
  int users;      /* the loop and the thread; the last one frees */
};

/* Called with the lock held, gives it back. */
static void drop(struct thread_state *state) {
  bool is_last = --state->users == 0;
  pthread_mutex_unlock(&state->lock);
  if (!is_last)
    return;
  pthread_mutex_destroy(&state->lock);
  pthread_cond_destroy(&state->changed);
  free(state);
}

static void wake(const struct thread_state *state) {
  NETSCTP__COUNT(wakes, 1);
  if (state->wake)
    state->wake(state->id);
  else
    send(state->socket, "", 1, MSG_NOSIGNAL);
}

static void *wait_and_wake(void *argument) {
  struct thread_state *state = argument;
  pthread_mutex_lock(&state->lock);
  while (!state->is_stopped) {
    if (!state->is_armed) {
      pthread_cond_wait(&state->changed, &state->lock);
      continue;
    }
    pthread_mutex_unlock(&state->lock);
    struct pollfd waited = {.fd = state->poller, .events = POLLIN};
    int count = poll(&waited, 1, -1);
    pthread_mutex_lock(&state->lock);
    if (count <= 0 || state->is_stopped)
      continue;
    state->is_armed = false;
    state->is_waking = true;
    pthread_mutex_unlock(&state->lock);
    wake(state);
    pthread_mutex_lock(&state->lock);
    state->is_waking = false;
  }
  drop(state);
  return NULL;
}

static int start(struct netsctp__loop *loop) {
  struct thread_state *state = calloc(1, sizeof *state);
  if (!state)
    return -ENOMEM;
  state->id = loop->id;
  state->poller = loop->poller.descriptor;
  state->wake = loop->wake;
  state->socket = loop->socket.own;
  state->is_armed = true;
  state->users = 2;
  pthread_mutex_init(&state->lock, NULL);
  pthread_cond_init(&state->changed, NULL);

  /* The host's signals are for the host's threads. */
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = pthread_create(&state->thread, NULL, wait_and_wake, state);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (error) {
    free(state);
    return -error;
  }
  loop->wake_state = state;
  return 0;
}

static void rearm(struct netsctp__loop *loop) {
  struct thread_state *state = loop->wake_state;
  pthread_mutex_lock(&state->lock);
  if (!state->is_armed) {
    state->is_armed = true;
    pthread_cond_signal(&state->changed);
  }
  pthread_mutex_unlock(&state->lock);
}

static void stop(struct netsctp__loop *loop) {
  struct thread_state *state = loop->wake_state;
  pthread_t thread = state->thread;
  pthread_mutex_lock(&state->lock);
  state->is_stopped = true;
  pthread_cond_signal(&state->changed);
  /* A host may run the callback on this very thread and hold ours until it is
   * through (foreign function interfaces do): to join then would wait for
   * ever. The thread ends by itself when its call returns. */
  bool is_waiting_for_host = state->is_waking && state->wake;
  pthread_mutex_unlock(&state->lock);
  netsctp__loop_kick(loop);
  if (is_waiting_for_host)
    pthread_detach(thread);
  else
    pthread_join(thread, NULL);
  pthread_mutex_lock(&state->lock);
  drop(state);
}

const struct netsctp__waker netsctp__waker_thread = {start, rearm, NULL, stop};
