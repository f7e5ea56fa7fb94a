/* Numbers for things (shim/id_table.c), which is linked here by itself. */
#include "harness.h"
#include "shim/id_table.h"

struct thing {
  uint32_t number;
  uint32_t rest[4];
};

static struct thing *open_thing(struct netsctp__id_table *table) {
  struct thing *thing = netsctp__id_open(table);
  CHECK(thing != NULL);
  CHECK(netsctp__id_find(table, thing->number) == thing);
  for (int i = 0; i < 4; i++)
    EQUAL(thing->rest[i], 0);
  memset(thing->rest, 0xff, sizeof thing->rest);
  return thing;
}

NETSCTP__ID_TABLE(single, struct thing, 1);

TEST(a_number_of_the_past_finds_nothing) {
  uint32_t before = 0;
  for (int i = 0; i < 5000; i++) { /* more than there are generations */
    struct thing *thing = open_thing(&single);
    CHECK(thing->number != before && thing->number <= INT32_MAX);
    CHECK(netsctp__id_find(&single, before) == NULL);
    CHECK(netsctp__id_open(&single) == NULL);
    before = thing->number;
    netsctp__id_close(&single, thing);
    CHECK(netsctp__id_find(&single, before) == NULL);
    CHECK(netsctp__id_at(&single, 0) == NULL);
  }
  CHECK(netsctp__id_find(&single, 0) == NULL);
  CHECK(netsctp__id_find(&single, NETSCTP__ID_MOST - 1) == NULL);
  CHECK(netsctp__id_find(&single, UINT32_MAX) == NULL);
}

NETSCTP__ID_TABLE(many, struct thing, NETSCTP__ID_MOST);

TEST(things_stay_where_they_are_and_are_listed) {
  enum { COUNT = 3 * NETSCTP__ID_CHUNK };
  static struct thing *things[COUNT];
  for (uint32_t i = 0; i < COUNT; i++)
    things[i] = open_thing(&many);
  EQUAL(many.used, COUNT);
  for (uint32_t i = 0; i < COUNT; i++) {
    CHECK(netsctp__id_find(&many, things[i]->number) == things[i]);
    CHECK(netsctp__id_at(&many, i) == things[i]);
  }
}

NETSCTP__ID_TABLE(resting, struct thing, NETSCTP__ID_MOST);

TEST(a_number_s_place_rests_before_it_is_used_again) {
  struct thing *first = open_thing(&resting);
  const uint32_t number = first->number;
  netsctp__id_close(&resting, first);
  for (uint32_t i = 0; i < NETSCTP__ID_SPARE; i++) {
    struct thing *other = open_thing(&resting);
    CHECK(other != first);
    netsctp__id_close(&resting, other);
  }
  CHECK(open_thing(&resting) == first);
  CHECK(first->number != number);
  EQUAL(resting.used, NETSCTP__ID_SPARE + 1);
}
