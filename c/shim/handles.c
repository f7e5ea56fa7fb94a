/* The handle table: 31-bit ids over memory that never moves nor goes back.
 *
 * A number is generation << 20 | index. Looking one up takes no lock, because
 * chunks are only ever added: a stale number finds a handle whose number
 * has become another one. Closed slots queue up and at least
 * SPARE of them wait before the oldest is used again, so a number comes back
 * only after some two million more sockets were opened. */
#include <errno.h>
#include <pthread.h>
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

/* `number` is 0 while the slot is free. */
static struct netsctp__handle *chunks[CHUNKS];

static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static uint32_t used;       /* slots that were ever handed out */
static uint32_t free_count; /* of those, how many are free */
static uint32_t free_first = UINT32_MAX, free_last;
static uint32_t *links;       /* next free slot, by index */
static uint16_t *generations; /* by index */

static struct netsctp__handle *slot(uint32_t index) {
  struct netsctp__handle *chunk =
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
  struct netsctp__handle *chunk = calloc(CHUNK, sizeof *chunk);
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

struct netsctp__handle *netsctp__handle_open(struct netsctp__loop *loop,
                                             enum netsctp__kind kind) {
  pthread_mutex_lock(&table);
  uint32_t index = take_slot();
  struct netsctp__handle *handle = NULL;
  if (index != UINT32_MAX) {
    /* Generation 0 is left out, so no number is 0. */
    uint32_t generation = generations[index] % (GENERATIONS - 1) + 1;
    generations[index] = (uint16_t)generation;
    handle = slot(index);
    memset(handle, 0, sizeof *handle);
    handle->kind = (uint8_t)kind;
    handle->loop = loop;
    __atomic_store_n(&handle->number, generation << INDEX_BITS | index,
                     __ATOMIC_RELEASE);
    NETSCTP__COUNT(open_handles, 1);
  }
  pthread_mutex_unlock(&table);
  return handle;
}

void netsctp__handle_close(struct netsctp__handle *handle) {
  uint32_t index = handle->number & ((1u << INDEX_BITS) - 1);
  pthread_mutex_lock(&table);
  handle->loop = NULL;
  __atomic_store_n(&handle->number, 0, __ATOMIC_RELEASE);
  if (free_count++)
    links[free_last] = index;
  else
    free_first = index;
  free_last = index;
  NETSCTP__COUNT(open_handles, -1);
  pthread_mutex_unlock(&table);
}

struct netsctp__handle *netsctp__find(uint32_t number) {
  if (number == 0 || number > INT32_MAX)
    return NULL;
  struct netsctp__handle *handle = slot(number & ((1u << INDEX_BITS) - 1));
  if (!handle || __atomic_load_n(&handle->number, __ATOMIC_ACQUIRE) != number)
    return NULL;
  return handle;
}

struct netsctp__handle *netsctp__next_handle(struct netsctp__loop *loop,
                                             uint32_t *cursor) {
  pthread_mutex_lock(&table);
  struct netsctp__handle *found = NULL;
  while (*cursor < used && !found) {
    struct netsctp__handle *handle = slot((*cursor)++);
    if (handle->number && handle->loop == loop)
      found = handle;
  }
  pthread_mutex_unlock(&table);
  return found;
}
