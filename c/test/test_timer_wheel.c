/* The wheel of timers (usrsctp/inside/timer_wheel.c), which is linked here by
 * itself. */
#include "harness.h"
#include "usrsctp/inside/timer_wheel.h"

enum { TIMERS = 2000, DAY_MS = 86400000 };

static struct netsctp__wheel wheel;

static uint32_t random_state = 1;
static uint32_t random_below(uint32_t limit) {
  random_state = random_state * 1664525u + 1013904223u;
  return (uint32_t)((uint64_t)random_state * limit >> 32);
}

/* Pops at each time that the wheel asks for, until `end`. */
static int count_until(uint64_t end, uint64_t *last) {
  int count = 0;
  uint64_t now;
  while ((now = netsctp__wheel_next(&wheel)) <= end)
    while (netsctp__wheel_pop(&wheel, now)) {
      count++;
      *last = now;
    }
  return count;
}

TEST(timer_is_popped_when_it_is_due_and_not_before) {
  static const uint32_t after[] = {
      1,      2,      62,       63,       64,     65,          127,
      128,    4032,   4095,     4096,     4097,   30000,       262143,
      262144, 262145, 16777215, 16777216, DAY_MS, 13 * DAY_MS, 24 * DAY_MS};
  static const uint64_t starts[] = {0,          1,          63,
                                    64,         4095,       UINT32_MAX - 63,
                                    UINT32_MAX, 1ull << 40, 987654321012345};
  for (unsigned s = 0; s < sizeof starts / sizeof *starts; s++)
    for (unsigned i = 0; i < sizeof after / sizeof *after; i++) {
      struct netsctp__timer timer;
      uint64_t last = 0;
      const uint64_t due = starts[s] + after[i];
      netsctp__wheel_init(&wheel, starts[s]);
      netsctp__wheel_set(&wheel, &timer, starts[s], after[i]);
      EQUAL(count_until(due - 1, &last), 0);
      CHECK(netsctp__wheel_pop(&wheel, due - 1) == NULL);
      CHECK(netsctp__wheel_pop(&wheel, due) == &timer);
      CHECK(netsctp__wheel_pop(&wheel, due) == NULL);
      CHECK(netsctp__wheel_next(&wheel) == UINT64_MAX);
    }
}

TEST(timer_that_was_stopped_neither_comes_nor_is_waited_for) {
  struct netsctp__timer timers[3];
  netsctp__wheel_init(&wheel, 1000);
  for (int i = 0; i < 3; i++)
    netsctp__wheel_set(&wheel, &timers[i], 1000, 50);
  netsctp__wheel_stop(&timers[1]);
  CHECK(netsctp__wheel_pop(&wheel, 1050) == &timers[0]);
  netsctp__wheel_stop(&timers[2]);
  CHECK(netsctp__wheel_pop(&wheel, 1050) == NULL);
  CHECK(netsctp__wheel_next(&wheel) == UINT64_MAX);
}

TEST(timers_come_in_the_order_of_their_times_however_late_it_is) {
  static struct netsctp__timer timers[TIMERS];
  netsctp__wheel_init(&wheel, 12345);
  for (int i = 0; i < TIMERS; i++)
    netsctp__wheel_set(&wheel, &timers[i], 12345,
                       random_below(i % 2 ? 100000 : 300));
  uint32_t before = 0;
  for (int i = 0; i < TIMERS; i++) {
    const struct netsctp__timer *timer =
        netsctp__wheel_pop(&wheel, 12345 + 100000);
    CHECK(timer && timer->due >= before);
    before = timer->due;
  }
  CHECK(netsctp__wheel_pop(&wheel, 12345 + 100000) == NULL);
}

/* Against a list that is searched: set, stop and pop in any order, with time
 * that goes on in steps of any size. */
TEST(wheel_agrees_with_a_plain_list) {
  static struct netsctp__timer timers[TIMERS];
  static uint64_t due[TIMERS]; /* 0: not set */
  uint64_t now = 7;
  netsctp__wheel_init(&wheel, now);
  for (int step = 0; step < 20000; step++) {
    const uint32_t i = random_below(TIMERS);
    if (due[i]) {
      netsctp__wheel_stop(&timers[i]);
      due[i] = 0;
    } else {
      const uint32_t after = 1 + random_below(1u << random_below(20));
      netsctp__wheel_set(&wheel, &timers[i], now, after);
      due[i] = now + after;
    }
    if (step % 10)
      continue;
    now += random_below(1u << random_below(12));
    uint64_t first = UINT64_MAX;
    struct netsctp__timer *timer;
    while ((timer = netsctp__wheel_pop(&wheel, now))) {
      CHECK(due[timer - timers] != 0 && due[timer - timers] <= now);
      due[timer - timers] = 0;
    }
    for (int k = 0; k < TIMERS; k++)
      if (due[k]) {
        CHECK(due[k] > now);
        if (due[k] < first)
          first = due[k];
      }
    CHECK(netsctp__wheel_next(&wheel) <= first);
    CHECK(netsctp__wheel_next(&wheel) > now);
  }
}
