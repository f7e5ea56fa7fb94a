/* Loops: opening, closing, and the end of their thread.
 *
 * The host waits for one poller per loop, by one of the wakers. Whatever can
 * have news is in it: the backend's descriptors, and a kick for news that come
 * from elsewhere than input. */
#include <errno.h>

#include "loop/loop.h"
#include "shim/id_table.h"
#include "shim/internal.h"

/* Few, one per thread. */
static pthread_mutex_t loops_lock = PTHREAD_MUTEX_INITIALIZER;
NETSCTP__ID_TABLE(loops, struct netsctp__loop, NETSCTP__LOOPS);

struct netsctp__loop *netsctp__loop_find(uint32_t id) {
  return netsctp__id_find(&loops, id);
}

struct netsctp__poller *netsctp__loop_poller(struct netsctp__loop *loop) {
  return &loop->poller;
}

/* ------------------------------------------------ the end of a thread */

/* A thread that ends takes its loops with it. So peers of a worker that was
 * terminated hear of it, though its JavaScript had no chance to close them. */
static pthread_key_t thread_end;
static pthread_once_t thread_end_once = PTHREAD_ONCE_INIT;

static struct netsctp__loop *loop_of_this_thread(void) {
  struct netsctp__loop *found = NULL;
  pthread_mutex_lock(&loops_lock);
  for (uint32_t index = 0; index < loops.used && !found; index++) {
    struct netsctp__loop *loop = netsctp__id_at(&loops, index);
    if (loop && pthread_equal(loop->owner, pthread_self()))
      found = loop;
  }
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

/* ------------------------------------------------ open, close */

static struct netsctp__loop *make_loop(void) {
  pthread_mutex_lock(&loops_lock);
  struct netsctp__loop *loop = netsctp__id_open(&loops);
  if (loop)
    loop->owner = pthread_self();
  pthread_mutex_unlock(&loops_lock);
  if (!loop)
    return NULL;
  loop->socket = (struct netsctp__wake_socket){.own = -1, .host = -1};
  pthread_mutex_init(&loop->lock, NULL);
  pthread_once(&thread_end_once, make_thread_end);
  pthread_setspecific(thread_end, loop); /* any value has it called */
  return loop;
}

static void drop_loop(struct netsctp__loop *loop) {
  netsctp__node_drop(loop->function);
  netsctp__wake_socket_close(&loop->socket);
  pthread_mutex_destroy(&loop->lock);
  pthread_mutex_lock(&loops_lock);
  netsctp__id_close(&loops, loop);
  pthread_mutex_unlock(&loops_lock);
}

static const struct netsctp__waker *const wakers[] = {
    [NETSCTP_WAKE_UV] = &netsctp__waker_uv,
    [NETSCTP_WAKE_THREAD] = &netsctp__waker_thread,
    [NETSCTP_WAKE_SOCKET] = &netsctp__waker_thread,
    [NETSCTP_WAKE_RING] = &netsctp__waker_ring,
};

/* Nobody is woken any more: what the backend may still wait for is its own. */
static void close_backend(struct netsctp__loop *loop) {
  netsctp__poller_wake(&loop->poller, false);
  netsctp__backend_loop_close(loop);
}

/* What has been opened when it fails is closed again. */
static int start(struct netsctp__loop *loop) {
  int result = loop->wake ? 0 : netsctp__wake_socket_open(&loop->socket);
  if (result >= 0)
    result = netsctp__poller_open(&loop->poller);
  if (result < 0)
    return result;
  result = netsctp__backend_loop_open(loop);
  if (result >= 0) {
    result = loop->waker->start(loop);
    if (result >= 0)
      return 0;
    close_backend(loop);
  }
  netsctp__poller_close(&loop->poller);
  return result;
}

int32_t netsctp_loop_open(uint32_t wake_mode, void (*wake)(uint32_t loop)) {
  netsctp__enter();
  struct netsctp__node_function *function = netsctp__node_take_function();
  const struct netsctp__waker *waker =
      wake_mode < sizeof wakers / sizeof wakers[0] ? wakers[wake_mode] : NULL;
  const bool is_read =
      wake_mode == NETSCTP_WAKE_SOCKET || wake_mode == NETSCTP_WAKE_RING;
  const bool is_wrong = !waker || (wake == NULL) != is_read;
  struct netsctp__loop *loop = is_wrong ? NULL : make_loop();
  if (!loop) {
    netsctp__node_drop(function);
    return is_wrong ? -EINVAL : -EMFILE;
  }
  loop->function = function;
  loop->wake = wake;
  loop->waker = waker;
  int result = start(loop);
  if (result < 0) {
    drop_loop(loop);
    return result;
  }
  return (int32_t)loop->id;
}

int32_t netsctp_loop_ref(uint32_t id, uint32_t on) {
  netsctp__enter();
  struct netsctp__loop *loop = netsctp__loop_find(id);
  if (!loop)
    return -EBADF;
  if (loop->waker->ref)
    loop->waker->ref(loop, on != 0);
  return 0;
}

int32_t netsctp_loop_socket(uint32_t id) {
  netsctp__enter();
  struct netsctp__loop *loop = netsctp__loop_find(id);
  return loop ? loop->socket.host : -EBADF;
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
  close_backend(loop);
  netsctp__poller_close(&loop->poller);
  drop_loop(loop);
  return 0;
}
