/* Numbers for things. See shim/id_table.h. */
#include "shim/id_table.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { INDEX_BITS = 20, GENERATIONS = 1 << (31 - INDEX_BITS) };

/* What is kept in place of a thing that is closed. */
struct closed {
  uint32_t number; /* 0 */
  uint32_t next;   /* of those that are closed, by index */
  uint32_t generation;
};

static uint32_t index_of(uint32_t number) {
  return number & (NETSCTP__ID_MOST - 1);
}

static void *place(const struct netsctp__id_table *table, uint32_t index) {
  if (index >= table->most)
    return NULL;
  uint8_t *chunk = __atomic_load_n(&table->chunks[index / NETSCTP__ID_CHUNK],
                                   __ATOMIC_ACQUIRE);
  return chunk ? chunk + index % NETSCTP__ID_CHUNK * table->size : NULL;
}

static uint32_t number_of(const void *thing) {
  return __atomic_load_n((const uint32_t *)thing, __ATOMIC_ACQUIRE);
}

void *netsctp__id_at(const struct netsctp__id_table *table, uint32_t index) {
  void *thing = place(table, index);
  return thing && number_of(thing) ? thing : NULL;
}

void *netsctp__id_find(const struct netsctp__id_table *table, uint32_t number) {
  if (number == 0 || number > INT32_MAX)
    return NULL;
  void *thing = place(table, index_of(number));
  return thing && number_of(thing) == number ? thing : NULL;
}

static bool grow(struct netsctp__id_table *table) {
  void *chunk = calloc(NETSCTP__ID_CHUNK, table->size);
  if (!chunk)
    return false;
  __atomic_store_n(&table->chunks[table->used / NETSCTP__ID_CHUNK], chunk,
                   __ATOMIC_RELEASE);
  return true;
}

static uint32_t take_place(struct netsctp__id_table *table) {
  const bool is_full = table->used == table->most;
  if (table->free_count > NETSCTP__ID_SPARE || (is_full && table->free_count)) {
    const uint32_t index = table->free_first;
    table->free_first = ((struct closed *)place(table, index))->next;
    table->free_count--;
    return index;
  }
  if (is_full || (table->used % NETSCTP__ID_CHUNK == 0 && !grow(table)))
    return UINT32_MAX;
  return table->used++;
}

void *netsctp__id_open(struct netsctp__id_table *table) {
  const uint32_t index = take_place(table);
  if (index == UINT32_MAX)
    return NULL;
  uint32_t *thing = place(table, index);
  /* Generation 0 is left out, so that no number is 0. */
  const uint32_t generation =
      ((struct closed *)thing)->generation % (GENERATIONS - 1) + 1;
  memset(thing, 0, table->size);
  __atomic_store_n(thing, generation << INDEX_BITS | index, __ATOMIC_RELEASE);
  return thing;
}

void netsctp__id_close(struct netsctp__id_table *table, void *thing) {
  const uint32_t number = number_of(thing), index = index_of(number);
  struct closed *closed = thing;
  __atomic_store_n(&closed->number, 0, __ATOMIC_RELEASE);
  closed->generation = number >> INDEX_BITS;
  if (table->free_count++)
    ((struct closed *)place(table, table->free_last))->next = index;
  else
    table->free_first = index;
  table->free_last = index;
}
