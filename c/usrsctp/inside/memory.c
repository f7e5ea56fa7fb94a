/* Lists of free blocks, one for each size in steps of 64 bytes. What is given
 * back is taken next, while the processor still has it at hand. */
#include "usrsctp/inside/memory.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define STEP 64u
#define CLASSES 40u /* up to 2,560 bytes: a cluster and its head fit */

/* What a burst has left behind goes back to the process beyond this. */
#define MOST_FREE_BYTES (8u << 20)

struct block {
  uint32_t class; /* CLASSES: none */
  struct block *next;
};

/* In front of the caller's bytes, which are aligned as malloc() has it. */
#define HEAD 16u
#define MOST_LISTED (CLASSES * (size_t)STEP - HEAD)
_Static_assert(sizeof(struct block) <= HEAD, "a block's head must fit");

static struct block *free_blocks[CLASSES];
static size_t free_bytes;

static size_t size_of(uint32_t class) { return (class + 1) * (size_t)STEP; }

static void *take_listed(size_t size) {
  const uint32_t class = (uint32_t)((size + HEAD - 1) / STEP);
  struct block *block = free_blocks[class];
  if (block != NULL) {
    free_blocks[class] = block->next;
    free_bytes -= size_of(class);
  } else {
    block = malloc(size_of(class));
    if (block == NULL)
      return NULL;
    block->class = class;
  }
  return (uint8_t *)block + HEAD;
}

/* Fresh pages are zero: they are not touched before they are used. */
static void *take_large(size_t size, bool is_zeroed) {
  const size_t total = size + HEAD;
  if (total < size)
    return NULL;
  struct block *block = is_zeroed ? calloc(1, total) : malloc(total);
  if (block == NULL)
    return NULL;
  block->class = CLASSES;
  return (uint8_t *)block + HEAD;
}

void *netsctp__memory_take(size_t size) {
  return size <= MOST_LISTED ? take_listed(size) : take_large(size, false);
}

void *netsctp__memory_take_zeroed(size_t count, size_t size) {
  size_t total;
  if (__builtin_mul_overflow(count, size, &total))
    return NULL;
  if (total > MOST_LISTED)
    return take_large(total, true);
  void *taken = take_listed(total);
  return taken == NULL ? NULL : memset(taken, 0, total);
}

void netsctp__memory_give(void *given) {
  if (given == NULL)
    return;
  struct block *block = (void *)((uint8_t *)given - HEAD);
  const uint32_t class = block->class;
  if (class == CLASSES || free_bytes >= MOST_FREE_BYTES) {
    free(block);
    return;
  }
  block->next = free_blocks[class];
  free_blocks[class] = block;
  free_bytes += size_of(class);
}
