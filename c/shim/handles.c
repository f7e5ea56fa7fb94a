/* The handle table: 31-bit ids over memory that never moves nor goes back.
 *
 * A handle is generation << 20 | index. Looking one up takes no lock, because
 * chunks of endpoints are only ever added: a stale handle finds an endpoint
 * whose handle has become another one. Closed slots queue up and at least
 * SPARE of them wait before the oldest is used again, so a number comes back
 * only after some two million more sockets were opened. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "shim/internal.h"

enum {
  INDEX_BITS = 20,
  GENERATIONS = 1 << (31 - INDEX_BITS),
  CHUNK = 256,
  CHUNKS = (1 << INDEX_BITS) / CHUNK,
  SPARE = 1024
};

/* `handle` is 0 while the slot is free. */
static struct netsctp__endpoint *chunks[CHUNKS];

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static uint32_t used;       /* slots that were ever handed out */
static uint32_t free_count; /* of those, how many are free */
static uint32_t free_first = UINT32_MAX, free_last;
static uint32_t *links;       /* next free slot, by index */
static uint16_t *generations; /* by index */

static struct netsctp__endpoint *slot(uint32_t index) {
  struct netsctp__endpoint *chunk =
      __atomic_load_n(&chunks[index / CHUNK], __ATOMIC_ACQUIRE);
  return chunk ? &chunk[index % CHUNK] : NULL;
}

/* One more chunk, and room for its links and generations. */
static bool grow(void) {
  size_t slots = (size_t)used + CHUNK;
  uint32_t *more_links = realloc(links, slots * sizeof *links);
  if (!more_links)
    return false;
  links = more_links;
  uint16_t *more = realloc(generations, slots * sizeof *generations);
  if (!more)
    return false;
  generations = more;
  memset(generations + used, 0, CHUNK * sizeof *generations);
  struct netsctp__endpoint *chunk = calloc(CHUNK, sizeof *chunk);
  if (!chunk)
    return false;
  __atomic_store_n(&chunks[used / CHUNK], chunk, __ATOMIC_RELEASE);
  return true;
}

static uint32_t take_slot(void) {
  bool is_full = used == CHUNK * CHUNKS;
  if (free_count > SPARE || (is_full && free_count)) {
    uint32_t index = free_first;
    free_first = links[index];
    free_count--;
    return index;
  }
  if (is_full || (used % CHUNK == 0 && !grow()))
    return UINT32_MAX;
  return used++;
}

struct netsctp__endpoint *netsctp__handle_open(struct netsctp__loop *loop,
                                               enum netsctp__role role) {
  pthread_mutex_lock(&table);
  uint32_t index = take_slot();
  struct netsctp__endpoint *endpoint = NULL;
  if (index != UINT32_MAX) {
    /* Generation 0 is left out, so no handle is 0. */
    uint32_t generation = generations[index] % (GENERATIONS - 1) + 1;
    generations[index] = (uint16_t)generation;
    endpoint = slot(index);
    memset(endpoint, 0, sizeof *endpoint);
    endpoint->role = role;
    endpoint->loop = loop;
    endpoint->fd = -1;
    __atomic_store_n(&endpoint->handle, generation << INDEX_BITS | index,
                     __ATOMIC_RELEASE);
    NETSCTP__COUNT(open_handles, 1);
  }
  pthread_mutex_unlock(&table);
  return endpoint;
}

void netsctp__handle_close(struct netsctp__endpoint *endpoint) {
  uint32_t index = endpoint->handle & ((1u << INDEX_BITS) - 1);
  pthread_mutex_lock(&table);
  endpoint->loop = NULL;
  __atomic_store_n(&endpoint->handle, 0, __ATOMIC_RELEASE);
  if (free_count++)
    links[free_last] = index;
  else
    free_first = index;
  free_last = index;
  NETSCTP__COUNT(open_handles, -1);
  pthread_mutex_unlock(&table);
}

struct netsctp__endpoint *netsctp__find(uint32_t handle) {
  if (handle == 0 || handle > INT32_MAX)
    return NULL;
  struct netsctp__endpoint *endpoint = slot(handle & ((1u << INDEX_BITS) - 1));
  if (!endpoint ||
      __atomic_load_n(&endpoint->handle, __ATOMIC_ACQUIRE) != handle)
    return NULL;
  return endpoint;
}

struct netsctp__endpoint *netsctp__next_endpoint(struct netsctp__loop *loop,
                                                 uint32_t *cursor) {
  pthread_mutex_lock(&table);
  struct netsctp__endpoint *found = NULL;
  while (*cursor < used && !found) {
    struct netsctp__endpoint *endpoint = slot((*cursor)++);
    if (endpoint->handle && endpoint->loop == loop)
      found = endpoint;
  }
  pthread_mutex_unlock(&table);
  return found;
}
