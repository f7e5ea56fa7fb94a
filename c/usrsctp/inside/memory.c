/* Lists of free blocks, one for each size in steps of 64 bytes. What is given
 * back is taken next, while the processor still has it at hand. */
#include "usrsctp/inside/memory.h"

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
_Static_assert(sizeof(struct block) <= HEAD, "a block's head must fit");

static struct block *free_blocks[CLASSES];
static size_t free_bytes;

static size_t size_of(uint32_t class) { return (class + 1) * (size_t)STEP; }

void *netsctp__memory_take(size_t size) {
  const size_t total = size + HEAD;
  if (total < size)
    return NULL;
  const uint32_t class =
      total <= size_of(CLASSES - 1) ? (uint32_t)((total - 1) / STEP) : CLASSES;
  struct block *block;
  if (class < CLASSES && (block = free_blocks[class]) != NULL) {
    free_blocks[class] = block->next;
    free_bytes -= size_of(class);
  } else {
    block = malloc(class < CLASSES ? size_of(class) : total);
    if (block == NULL)
      return NULL;
    block->class = class;
  }
  return (uint8_t *)block + HEAD;
}

void *netsctp__memory_take_zeroed(size_t count, size_t size) {
  size_t total;
  if (__builtin_mul_overflow(count, size, &total))
    return NULL;
  /* Fresh pages are zero: what is large is not touched before it is used. */
  if (total > size_of(CLASSES - 1) - HEAD) {
    struct block *block =
        total > SIZE_MAX - HEAD ? NULL : calloc(1, total + HEAD);
    if (block == NULL)
      return NULL;
    block->class = CLASSES;
    return (uint8_t *)block + HEAD;
  }
  void *taken = netsctp__memory_take(total);
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
