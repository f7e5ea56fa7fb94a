/* Loops: opening, closing, and the end of their thread.
 *
 * The host waits for one poller per loop, by one of the wakers. Whatever can
 * have news is in it: the backend's descriptors, and a kick for news that come
 * from elsewhere than input. */
#include <errno.h>
#include <stdlib.h>

#include "loop/loop.h"
#include "shim/internal.h"

/* A loop's number is generation << 8 | index, so that an old one finds
 * nothing. Loops are few, one per thread. */
enum { LOOPS = 256, LOOP_GENERATIONS = 1 << 23 };

static pthread_mutex_t loops_lock = PTHREAD_MUTEX_INITIALIZER;
static struct netsctp__loop *loops[LOOPS];
static uint32_t opened; /* loops ever opened */

struct netsctp__loop *netsctp__loop_find(uint32_t id) {
  struct netsctp__loop *loop =
      __atomic_load_n(&loops[id % LOOPS], __ATOMIC_ACQUIRE);
  return loop && loop->id == id ? loop : NULL;
}

struct netsctp__poller *netsctp__loop_poller(struct netsctp__loop *loop) {
  return &loop->poller;
}

static int enlist(struct netsctp__loop *loop) {
  int result = -EMFILE;
  pthread_mutex_lock(&loops_lock);
  for (uint32_t index = 0; index < LOOPS; index++) {
    if (loops[index])
      continue;
    loop->id = opened++ % LOOP_GENERATIONS * LOOPS + index;
    __atomic_store_n(&loops[index], loop, __ATOMIC_RELEASE);
    result = 0;
    break;
  }
  pthread_mutex_unlock(&loops_lock);
  return result;
}

static void delist(struct netsctp__loop *loop) {
  pthread_mutex_lock(&loops_lock);
  __atomic_store_n(&loops[loop->id % LOOPS], NULL, __ATOMIC_RELEASE);
  pthread_mutex_unlock(&loops_lock);
}

/* ------------------------------------------------ the end of a thread */

/* A thread that ends takes its loops with it. So peers of a worker that was
 * terminated hear of it, though its JavaScript had no chance to close them. */
static pthread_key_t thread_end;
static pthread_once_t thread_end_once = PTHREAD_ONCE_INIT;

static struct netsctp__loop *loop_of_this_thread(void) {
  struct netsctp__loop *found = NULL;
  pthread_mutex_lock(&loops_lock); /* others may be freed meanwhile */
  for (uint32_t index = 0; index < LOOPS && !found; index++)
    if (loops[index] && pthread_equal(loops[index]->owner, pthread_self()))
      found = loops[index];
  pthread_mutex_unlock(&loops_lock);
  return found;
}

static void close_loops(void *unused) {
  (void)unused;
  struct netsctp__loop *loop;
  while ((loop = loop_of_this_thread()))
    netsctp_loop_close(loop->id);
}

static void make_thread_end(void) {
  pthread_key_create(&thread_end, close_loops);
}

static void own(struct netsctp__loop *loop) {
  loop->owner = pthread_self();
  pthread_once(&thread_end_once, make_thread_end);
  pthread_setspecific(thread_end, loop); /* any value has it called */
}

/* ------------------------------------------------ open, close */

static const struct netsctp__waker *waker_of(uint32_t wake_mode) {
  switch (wake_mode) {
  case NETSCTP_WAKE_UV:
    return &netsctp__waker_uv;
  case NETSCTP_WAKE_THREAD:
  case NETSCTP_WAKE_SOCKET:
    return &netsctp__waker_thread;
  case NETSCTP_WAKE_RING:
    return &netsctp__waker_ring;
  default:
    return NULL;
  }
}

/* Nobody is woken any more: what the backend may still wait for is its own. */
static void close_backend(struct netsctp__loop *loop) {
  netsctp__poller_wake(&loop->poller, false);
  netsctp__backend_loop_close(loop);
}

static int start(struct netsctp__loop *loop) {
  int result = netsctp__backend_loop_open(loop);
  if (result < 0)
    return result;
  result = enlist(loop);
  if (result >= 0) {
    result = loop->waker->start(loop);
    if (result < 0)
      delist(loop);
  }
  if (result < 0)
    close_backend(loop);
  return result;
}

static void free_loop(struct netsctp__loop *loop) {
  netsctp__poller_close(&loop->poller);
  pthread_mutex_destroy(&loop->lock);
  free(loop);
}

int32_t netsctp_loop_open(uint32_t wake_mode, void (*wake)(uint32_t loop)) {
  netsctp__enter();
  const struct netsctp__waker *waker = waker_of(wake_mode);
  const bool is_read =
      wake_mode == NETSCTP_WAKE_SOCKET || wake_mode == NETSCTP_WAKE_RING;
  if (!waker || (wake == NULL) != is_read)
    return -EINVAL;
  struct netsctp__loop *loop = calloc(1, sizeof *loop);
  if (!loop)
    return -ENOMEM;
  loop->socket = -1;
  loop->wake = wake;
  loop->waker = waker;
  int result = netsctp__poller_open(&loop->poller);
  if (result < 0) {
    free(loop);
    return result;
  }
  pthread_mutex_init(&loop->lock, NULL);
  own(loop);
  result = start(loop);
  if (result < 0) {
    free_loop(loop);
    return result;
  }
  return (int32_t)loop->id;
}

int32_t netsctp_loop_ref(uint32_t id, uint32_t on) {
  netsctp__enter();
  struct netsctp__loop *loop = netsctp__loop_find(id);
  return loop ? loop->waker->ref(loop, on != 0) : -EBADF;
}

int32_t netsctp_loop_socket(uint32_t id) {
  netsctp__enter();
  struct netsctp__loop *loop = netsctp__loop_find(id);
  return loop ? loop->socket : -EBADF;
}

int32_t netsctp_loop_close(uint32_t id) {
  netsctp__enter();
  struct netsctp__loop *loop = netsctp__loop_find(id);
  if (!loop)
    return -EBADF;
  loop->waker->stop(loop);
  struct netsctp__handle *handle;
  uint32_t cursor = 0;
  while ((handle = netsctp__next_handle(loop, &cursor))) {
    /* Who has begun a SHUTDOWN was promised that all it sent arrives. */
    netsctp__backend_close(handle, !handle->is_shut_down);
    netsctp__ready_forget(handle);
    netsctp__handle_close(handle);
  }
  delist(loop);
  close_backend(loop);
  free_loop(loop);
  return 0;
}
