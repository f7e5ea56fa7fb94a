/* Timers in a hierarchical wheel: setting and stopping one costs the same
 * however many there are, and only those that are due are touched when time
 * passes. Knows no clock and no stack: time is a number of milliseconds. */
#ifndef NETSCTP_TIMER_WHEEL_H
#define NETSCTP_TIMER_WHEEL_H

#include <stdbool.h>
#include <stdint.h>

enum { NETSCTP__WHEEL_LEVELS = 5, NETSCTP__WHEEL_SLOTS = 64 };

/* Lies in the memory of whoever owns it; unlinked it may be any bytes. */
struct netsctp__timer {
  struct netsctp__timer *next, *previous;
  uint32_t due; /* the low half of the time */
};

struct netsctp__wheel {
  uint64_t now; /* the time up to which timers were popped */
  uint64_t
      used[NETSCTP__WHEEL_LEVELS]; /* slots that may hold one, a bit each */
  struct netsctp__timer slots[NETSCTP__WHEEL_LEVELS][NETSCTP__WHEEL_SLOTS];
};

/* An empty wheel, which cannot be moved afterwards. */
void netsctp__wheel_init(struct netsctp__wheel *, uint64_t now);

/* Sets a timer that is not set to be due after so many milliseconds from
 * `now`, at least 1. `now` must not be before the last pop's. */
void netsctp__wheel_set(struct netsctp__wheel *, struct netsctp__timer *,
                        uint64_t now, uint32_t after);

/* Stops one that is set. */
void netsctp__wheel_stop(struct netsctp__timer *);

/* Takes out a timer that is due at `now`, the earliest first; NULL when none
 * is left. */
struct netsctp__timer *netsctp__wheel_pop(struct netsctp__wheel *,
                                          uint64_t now);

/* When to pop next, once none is left to pop: when the first is due, or earlier
 * where that is far off. UINT64_MAX: none is set. */
uint64_t netsctp__wheel_next(struct netsctp__wheel *);

#endif
