/* Numbers for things (shim/id_table.c), which is linked here by itself. */
#include "harness.h"
#include "shim/id_table.h"

struct thing {
  uint32_t number;
  uint32_t rest[4];
};

/* Large, and never freed: that is what a table promises. */
static struct netsctp__id_table make_table(uint32_t most) {
  return (struct netsctp__id_table){.size = sizeof(struct thing), .most = most};
}

static struct thing *open_thing(struct netsctp__id_table *table) {
  struct thing *thing = netsctp__id_open(table);
  CHECK(thing != NULL);
  CHECK(netsctp__id_find(table, thing->number) == thing);
  for (int i = 0; i < 4; i++)
    EQUAL(thing->rest[i], 0);
  memset(thing->rest, 0xff, sizeof thing->rest);
  return thing;
}

TEST(a_number_of_the_past_finds_nothing) {
  static struct netsctp__id_table table;
  table = make_table(1);
  uint32_t before = 0;
  for (int i = 0; i < 5000; i++) { /* more than there are generations */
    struct thing *thing = open_thing(&table);
    CHECK(thing->number != before && thing->number <= INT32_MAX);
    CHECK(netsctp__id_find(&table, before) == NULL);
    CHECK(netsctp__id_open(&table) == NULL);
    before = thing->number;
    netsctp__id_close(&table, thing);
    CHECK(netsctp__id_find(&table, before) == NULL);
    CHECK(netsctp__id_at(&table, 0) == NULL);
  }
  CHECK(netsctp__id_find(&table, 0) == NULL);
  CHECK(netsctp__id_find(&table, NETSCTP__ID_MOST - 1) == NULL);
  CHECK(netsctp__id_find(&table, UINT32_MAX) == NULL);
}

TEST(things_stay_where_they_are_and_are_listed) {
  enum { COUNT = 3 * NETSCTP__ID_CHUNK };
  static struct netsctp__id_table table;
  static struct thing *things[COUNT];
  table = make_table(NETSCTP__ID_MOST);
  for (uint32_t i = 0; i < COUNT; i++)
    things[i] = open_thing(&table);
  EQUAL(table.used, COUNT);
  for (uint32_t i = 0; i < COUNT; i++) {
    CHECK(netsctp__id_find(&table, things[i]->number) == things[i]);
    CHECK(netsctp__id_at(&table, i) == things[i]);
  }
}

TEST(a_number_s_place_rests_before_it_is_used_again) {
  static struct netsctp__id_table table;
  table = make_table(NETSCTP__ID_MOST);
  struct thing *first = open_thing(&table);
  const uint32_t number = first->number;
  netsctp__id_close(&table, first);
  for (uint32_t i = 0; i < NETSCTP__ID_SPARE; i++) {
    struct thing *other = open_thing(&table);
    CHECK(other != first);
    netsctp__id_close(&table, other);
  }
  CHECK(open_thing(&table) == first);
  CHECK(first->number != number);
  EQUAL(table.used, NETSCTP__ID_SPARE + 1);
}
