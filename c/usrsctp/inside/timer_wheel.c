/* A slot of level 0 is one millisecond, and one of each further level all 64
 * slots of the level below it. A timer lies in the lowest level whose 64 slots
 * reach its time; when time comes to the slot it is in, it moves down. So it
 * moves four times at most, and most timers of a stack are stopped before they
 * have moved at all. */
#include "usrsctp/inside/timer_wheel.h"

#include <stddef.h>

#define BITS 6u
#define MASK (NETSCTP__WHEEL_SLOTS - 1u)
/* Further off than the wheel reaches (12 days): looked at again then. */
#define REACH (1u << NETSCTP__WHEEL_LEVELS * BITS)

static bool is_empty(const struct netsctp__timer *slot) {
  return slot->next == slot;
}

void netsctp__wheel_stop(struct netsctp__timer *timer) {
  timer->next->previous = timer->previous;
  timer->previous->next = timer->next;
}

void netsctp__wheel_init(struct netsctp__wheel *wheel, uint64_t now) {
  wheel->now = now;
  for (unsigned level = 0; level < NETSCTP__WHEEL_LEVELS; level++) {
    wheel->used[level] = 0;
    for (unsigned i = 0; i < NETSCTP__WHEEL_SLOTS; i++) {
      struct netsctp__timer *slot = &wheel->slots[level][i];
      slot->next = slot->previous = slot;
    }
  }
}

/* Into the slot of its time, as seen from the wheel's. */
static void place(struct netsctp__wheel *wheel, struct netsctp__timer *timer) {
  uint32_t left = timer->due - (uint32_t)wheel->now;
  if (left >= REACH)
    left = REACH - 1;
  unsigned level = 0;
  while (left >> (level + 1) * BITS)
    level++;
  const unsigned index = (unsigned)((wheel->now + left) >> level * BITS) & MASK;
  struct netsctp__timer *slot = &wheel->slots[level][index];
  timer->next = slot;
  timer->previous = slot->previous;
  slot->previous->next = timer;
  slot->previous = timer;
  wheel->used[level] |= UINT64_C(1) << index;
}

void netsctp__wheel_set(struct netsctp__wheel *wheel,
                        struct netsctp__timer *timer, uint64_t now,
                        uint32_t after) {
  timer->due = (uint32_t)now + (after ? after : 1);
  place(wheel, timer);
}

/* When time comes to the first used slot of a level. Slots that were emptied
 * by stopping what was in them are only noticed here. */
static uint64_t next_of(struct netsctp__wheel *wheel, unsigned level) {
  const uint64_t here = wheel->now >> level * BITS;
  while (wheel->used[level]) {
    /* The slot of now is 64 slots away, not 0: what it held has moved down. */
    const unsigned first = (unsigned)(here + 1) & MASK;
    const uint64_t used = wheel->used[level];
    const uint64_t from_first =
        first ? used >> first | used << (NETSCTP__WHEEL_SLOTS - first) : used;
    const unsigned away = (unsigned)__builtin_ctzll(from_first);
    const unsigned index = (first + away) & MASK;
    if (!is_empty(&wheel->slots[level][index]))
      return (here + 1 + away) << level * BITS;
    wheel->used[level] &= ~(UINT64_C(1) << index);
  }
  return UINT64_MAX;
}

uint64_t netsctp__wheel_next(struct netsctp__wheel *wheel) {
  uint64_t next = UINT64_MAX;
  for (unsigned level = 0; level < NETSCTP__WHEEL_LEVELS; level++) {
    const uint64_t one = next_of(wheel, level);
    if (one < next)
      next = one;
  }
  return next;
}

/* Time has come to these slots: what is in them belongs further down. */
static void move_down(struct netsctp__wheel *wheel) {
  for (unsigned level = NETSCTP__WHEEL_LEVELS - 1; level > 0; level--) {
    if (wheel->now & ((UINT64_C(1) << level * BITS) - 1))
      continue;
    const unsigned index = (unsigned)(wheel->now >> level * BITS) & MASK;
    struct netsctp__timer *slot = &wheel->slots[level][index];
    wheel->used[level] &= ~(UINT64_C(1) << index);
    struct netsctp__timer *timer = slot->next;
    slot->next = slot->previous = slot;
    while (timer != slot) {
      struct netsctp__timer *next = timer->next;
      place(wheel, timer);
      timer = next;
    }
  }
}

struct netsctp__timer *netsctp__wheel_pop(struct netsctp__wheel *wheel,
                                          uint64_t now) {
  for (;;) {
    struct netsctp__timer *slot = &wheel->slots[0][(unsigned)wheel->now & MASK];
    if (!is_empty(slot)) {
      struct netsctp__timer *timer = slot->next;
      netsctp__wheel_stop(timer);
      return timer;
    }
    const uint64_t next = netsctp__wheel_next(wheel);
    if (next > now) {
      wheel->now = now;
      return NULL;
    }
    wheel->now = next;
    move_down(wheel);
  }
}
