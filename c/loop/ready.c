/* The ready list: which handles have news, and netsctp_take(). */
#include <errno.h>

#include "loop/loop.h"
#include "shim/internal.h"

static void kick_locked(struct netsctp__loop *loop) {
  if (loop->is_kicked)
    return;
  loop->is_kicked = true;
  netsctp__poller_wake(&loop->poller, true);
}

void netsctp__loop_kick(struct netsctp__loop *loop) {
  pthread_mutex_lock(&loop->lock);
  kick_locked(loop);
  pthread_mutex_unlock(&loop->lock);
}

void netsctp__mark_ready(struct netsctp__handle *handle, uint32_t events) {
  struct netsctp__loop *loop = handle->loop;
  pthread_mutex_lock(&loop->lock);
  if (handle->is_told)
    events &= ~(uint32_t)NETSCTP_READY_READABLE;
  if (events) {
    if (!handle->ready) {
      handle->next_ready = NULL;
      if (loop->first_ready)
        loop->last_ready->next_ready = handle;
      else
        loop->first_ready = handle;
      loop->last_ready = handle;
    }
    handle->ready |= events;
    if (!loop->is_taking)
      kick_locked(loop);
  }
  pthread_mutex_unlock(&loop->lock);
}

void netsctp__ready_again(struct netsctp__handle *handle) {
  pthread_mutex_lock(&handle->loop->lock);
  handle->is_told = false;
  pthread_mutex_unlock(&handle->loop->lock);
}

void netsctp__ready_forget(struct netsctp__handle *handle) {
  struct netsctp__loop *loop = handle->loop;
  pthread_mutex_lock(&loop->lock);
  if (handle->ready) {
    struct netsctp__handle *before = NULL, **link = &loop->first_ready;
    while (*link != handle) {
      before = *link;
      link = &before->next_ready;
    }
    *link = handle->next_ready;
    if (loop->last_ready == handle)
      loop->last_ready = before;
    handle->ready = 0;
  }
  pthread_mutex_unlock(&loop->lock);
}

/* The first of the list, taken off it. */
static struct netsctp_ready pop_locked(struct netsctp__loop *loop) {
  struct netsctp__handle *handle = loop->first_ready;
  struct netsctp_ready ready = {handle->number, handle->ready};
  loop->first_ready = handle->next_ready;
  if (handle->ready & NETSCTP_READY_READABLE)
    handle->is_told = true;
  handle->ready = 0;
  return ready;
}

/* Handles the input there is, which marks handles ready. */
static int pump(struct netsctp__loop *loop) {
  pthread_mutex_lock(&loop->lock);
  loop->is_taking = true;
  if (loop->is_kicked) {
    netsctp__poller_wake(&loop->poller, false);
    loop->is_kicked = false;
  }
  pthread_mutex_unlock(&loop->lock);
  return netsctp__backend_pump(loop);
}

bool netsctp__loop_look(struct netsctp__loop *loop) {
  int result = pump(loop);
  pthread_mutex_lock(&loop->lock);
  loop->is_taking = false;
  bool has_news = result < 0 || loop->first_ready;
  pthread_mutex_unlock(&loop->lock);
  loop->is_pumped = has_news && result >= 0;
  return has_news;
}

int32_t netsctp_take(uint32_t id, uint8_t *out, uint32_t capacity) {
  netsctp__enter();
  struct netsctp__loop *loop = netsctp__loop_find(id);
  if (!loop)
    return -EBADF;
  if (!netsctp__is_aligned(out))
    return -EINVAL;
  struct netsctp_ready *ready = (struct netsctp_ready *)out;
  int32_t most = (int32_t)(capacity / sizeof *ready), count = 0;
  if (most == 0)
    return -ENOBUFS;

  int result = loop->is_pumped ? 0 : pump(loop);
  loop->is_pumped = false;

  pthread_mutex_lock(&loop->lock);
  while (loop->first_ready && count < most)
    ready[count++] = pop_locked(loop);
  /* What did not fit would be waited for in vain: the input that caused it
   * has been handled. */
  if (loop->first_ready)
    kick_locked(loop);
  loop->is_taking = false;
  pthread_mutex_unlock(&loop->lock);

  loop->waker->rearm(loop);
  return result < 0 && count == 0 ? result : count;
}
