/* The handles, by their numbers. */
#include <errno.h>
#include <pthread.h>

#include "shim/id_table.h"
#include "shim/internal.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
NETSCTP__ID_TABLE(handles, struct netsctp__handle, NETSCTP__ID_MOST);

struct netsctp__handle *netsctp__handle_open(struct netsctp__loop *loop,
                                             enum netsctp__kind kind) {
  pthread_mutex_lock(&lock);
  struct netsctp__handle *handle = netsctp__id_open(&handles);
  if (handle) {
    handle->kind = (uint8_t)kind;
    handle->loop = loop;
    NETSCTP__COUNT(open_handles, 1);
  }
  pthread_mutex_unlock(&lock);
  return handle;
}

void netsctp__handle_close(struct netsctp__handle *handle) {
  pthread_mutex_lock(&lock);
  netsctp__id_close(&handles, handle);
  NETSCTP__COUNT(open_handles, -1);
  pthread_mutex_unlock(&lock);
}

struct netsctp__handle *netsctp__find(uint32_t number) {
  return netsctp__id_find(&handles, number);
}

struct netsctp__handle *netsctp__next_handle(struct netsctp__loop *loop,
                                             uint32_t *cursor) {
  struct netsctp__handle *found = NULL;
  pthread_mutex_lock(&lock);
  while (*cursor < handles.used && !found) {
    struct netsctp__handle *handle = netsctp__id_at(&handles, (*cursor)++);
    if (handle && handle->loop == loop)
      found = handle;
  }
  pthread_mutex_unlock(&lock);
  return found;
}

int netsctp__enter_association(uint32_t number, struct netsctp__handle **out) {
  netsctp__enter();
  *out = netsctp__find(number);
  if (!*out)
    return -EBADF;
  return (*out)->kind == NETSCTP__ASSOCIATION ? 0 : -EINVAL;
}
