/* Messages both ways: what was sent is what comes, no more and no less. */
#include "host.h"

#include <sys/resource.h>

static void check_message(const struct peer *peer, int index, uint16_t sid,
                          uint32_t ppid, const char *text) {
  CHECK(index < peer->message_count);
  const struct message *message = &peer->messages[index];
  EQUAL(message->sid, sid);
  EQUAL(message->ppid, ppid);
  EQUAL(message->length, strlen(text));
  CHECK(memcmp(message->bytes, text, message->length) == 0);
}

static void echo(const char *address) {
  struct pair pair = pair_open(address);
  EQUAL(send_text(pair.client, 3, 0x12345678, "there"), 1);
  UNTIL(pair.host, pair.server->message_count == 1);
  check_message(pair.server, 0, 3, 0x12345678, "there");
  EQUAL(send_text(pair.server, 1, 46, "and back"), 1);
  UNTIL(pair.host, pair.client->message_count == 1);
  check_message(pair.client, 0, 1, 46, "and back");
  pair_close(&pair);
}

SOCKET_TEST(echo_over_ipv4) { echo("127.0.0.1"); }
SOCKET_TEST(echo_over_ipv6) {
  needs_ipv6();
  echo("::1");
}

SOCKET_TEST(ppid_is_host_order_on_the_wire) {
  struct pair pair = pair_open("127.0.0.1");
  EQUAL(send_text(pair.client, 0, 1, "x"), 1);
  EQUAL(send_text(pair.client, 0, 0xfffffffe, "y"), 1);
  UNTIL(pair.host, pair.server->message_count == 2);
  EQUAL(pair.server->messages[0].ppid, 1);
  EQUAL(pair.server->messages[1].ppid, 0xfffffffe);
  EQUAL(pair.server->messages[1].ssn, pair.server->messages[0].ssn + 1);
  pair_close(&pair);
}

SOCKET_TEST(unordered_is_marked) {
  struct pair pair = pair_open("127.0.0.1");
  _Alignas(8) struct {
    struct netsctp_outbound head;
    uint8_t payload[8];
  } record = {
      .head = {.size = sizeof record,
               .length = 2,
               .flags = NETSCTP_FLAG_UNORDERED | NETSCTP_FLAG_SACK_IMMEDIATELY},
      .payload = "ab"};
  EQUAL(sctp.send(pair.client->handle, (uint8_t *)&record, sizeof record, 1),
        1);
  record.head.flags = NETSCTP_FLAG_UNORDERED;
  EQUAL(sctp.send(pair.client->handle, (uint8_t *)&record, sizeof record, 1),
        1);
  EQUAL(sctp.send_one(pair.client->handle, (uint8_t *)&record.head,
                      record.payload, 2),
        1);
  UNTIL(pair.host, pair.server->message_count == 3);
  for (int i = 0; i < 3; i++)
    CHECK(pair.server->messages[i].flags & NETSCTP_FLAG_UNORDERED);
  pair_close(&pair);
}

/* Whatever may be given up arrives where nothing is in its way. */
SOCKET_TEST(messages_of_each_policy) {
  struct pair pair = pair_open("127.0.0.1");
  const int most =
      is_kernel() ? NETSCTP_POLICY_PRIORITY : NETSCTP_POLICY_RETRANSMISSIONS;
  for (uint16_t policy = 0; policy <= most; policy++) {
    _Alignas(8) struct netsctp_outbound head = {.policy = policy,
                                                .policy_value = 5000};
    EQUAL(sctp.send_one(pair.client->handle, (uint8_t *)&head,
                        (const uint8_t *)"some", 4),
          1);
  }
  UNTIL(pair.host, pair.server->message_count == most + 1);
  pair_close(&pair);
}

/* The kernel's send that finds no room makes some, and still says that there is
 * none. */
SOCKET_TEST(what_is_less_important_makes_room) {
  if (!is_kernel())
    skip("the userspace stack gives nothing up by priority");
  enum { LENGTH = 8000, MOST = 10000 };
  static const uint8_t payload[LENGTH];
  _Alignas(8) struct netsctp_outbound head = {.policy = NETSCTP_POLICY_PRIORITY,
                                              .policy_value = 9};
  struct pair pair = pair_open("127.0.0.1");
  pair.server->is_paused = true;
  int32_t taken = 0, sent = 0;
  /* Until the peer takes no more: what is under way makes no room at once. */
  for (int32_t before = -1; before != sent; host_turn(pair.host, 500)) {
    before = sent;
    while ((taken = sctp.send_one(pair.client->handle, (uint8_t *)&head,
                                  payload, LENGTH)) == 1)
      CHECK(++sent < MOST);
  }
  EQUAL(taken, 0);
  head.policy_value = 8;
  _Alignas(8) struct {
    struct netsctp_outbound head;
    uint8_t payload[LENGTH];
  } batch = {.head = head};
  batch.head.length = LENGTH;
  batch.head.size = sizeof batch;
  EQUAL(sctp.send(pair.client->handle, (uint8_t *)&batch, sizeof batch, 1), 1);
  head.policy_value = 7;
  EQUAL(sctp.send_one(pair.client->handle, (uint8_t *)&head, payload, LENGTH),
        1);
  pair_close(&pair);
}

/* What usrsctp would take, and forget. */
SOCKET_TEST(priority_is_refused_where_it_does_nothing) {
  if (is_kernel())
    skip("the kernel's stack has it");
  struct pair pair = pair_open("127.0.0.1");
  _Alignas(8) struct netsctp_outbound head = {.size = sizeof head + 8,
                                              .length = 4,
                                              .policy = NETSCTP_POLICY_PRIORITY,
                                              .policy_value = 1};
  EQUAL(sctp.send_one(pair.client->handle, (uint8_t *)&head,
                      (const uint8_t *)"some", 4),
        -EOPNOTSUPP);
  char why[400] = {0};
  sctp.explain((uint8_t *)why, sizeof why - 1);
  CHECK(strstr(why, "PRIORITY: choose TIME_TO_LIVE"));
  uint64_t batch[5] = {0};
  memcpy(batch, &head, sizeof head);
  EQUAL(sctp.send(pair.client->handle, (uint8_t *)batch, sizeof batch, 1),
        -EOPNOTSUPP);
  pair_close(&pair);
}

/* A key of its own is the kernel's alone, too; the fault must be told. */
SOCKET_TEST(a_key_of_one_message_is_refused_in_userspace) {
  if (is_kernel())
    skip("the kernel's stack has it");
  struct pair pair = pair_open("127.0.0.1");
  _Alignas(8) struct netsctp_outbound head = {.flags = NETSCTP_FLAG_KEY};
  EQUAL(sctp.send_one(pair.client->handle, (uint8_t *)&head,
                      (const uint8_t *)"some", 4),
        -EOPNOTSUPP);
  pair_close(&pair);
}

/* A message to one address of the peer's, by itself and as the second of a
 * batch. */
static int32_t send_to(const struct peer *peer, const char *address) {
  _Alignas(8) struct {
    struct netsctp_outbound first;
    uint8_t before[8];
    struct netsctp_outbound second;
    struct netsctp_address destination;
    uint8_t payload[8];
  } batch = {
      .first = {.size = 40, .length = 6},
      .before = "before",
      .second = {.size = 120, .length = 5, .flags = NETSCTP_FLAG_DESTINATION},
      .destination = {.family = NETSCTP_FAMILY_IPV4},
      .payload = "there"};
  batch.destination.text_length = (uint16_t)strlen(address);
  memcpy(batch.destination.text, address, strlen(address));
  const int32_t sent =
      sctp.send_one(peer->handle, (uint8_t *)&batch.second, batch.payload, 5);
  if (sent < 0) {
    /* The one before it leaves; the next call says what is wrong. */
    EQUAL(sctp.send(peer->handle, (uint8_t *)&batch, sizeof batch, 2), 1);
    EQUAL(sctp.send(peer->handle, (uint8_t *)&batch.second, 120, 1), sent);
    return sent;
  }
  EQUAL(sctp.send(peer->handle, (uint8_t *)&batch, sizeof batch, 2), 2);
  return sent;
}

SOCKET_TEST(a_message_chooses_its_destination_among_the_peers_addresses) {
  struct pair pair = pair_open("127.0.0.1");
  EQUAL(send_to(pair.client, "127.0.0.1"), 1);
  EQUAL(send_to(pair.client, "127.0.0.9"), -EADDRNOTAVAIL);
  EQUAL(send_to(pair.client, "no address"), -EADDRNOTAVAIL);
  EQUAL(send_to(pair.client, "127.0.0.1"), 1);
  UNTIL(pair.host, pair.server->message_count == 8);
  check_message(pair.server, 0, 0, 0, "there");
  check_message(pair.server, 1, 0, 0, "before");
  check_message(pair.server, 2, 0, 0, "there");
  check_message(pair.server, 3, 0, 0, "before");
  check_message(pair.server, 4, 0, 0, "before");
  check_message(pair.server, 5, 0, 0, "there");
  pair_close(&pair);
}

SOCKET_TEST(a_time_to_live_of_0_is_refused) {
  struct pair pair = pair_open("127.0.0.1");
  _Alignas(8) struct netsctp_outbound head = {.policy =
                                                  NETSCTP_POLICY_TIME_TO_LIVE};
  EQUAL(sctp.send_one(pair.client->handle, (uint8_t *)&head,
                      (const uint8_t *)"some", 4),
        -EINVAL);
  pair_close(&pair);
}

SOCKET_TEST(empty_message_is_refused) {
  struct pair pair = pair_open("127.0.0.1");
  EQUAL(send_text(pair.client, 0, 0, ""), -EINVAL);
  EQUAL(send_big(pair.client, 0, (const uint8_t *)"", 0), -EINVAL);
  EQUAL(send_text(pair.client, 0, 0, "still fine"), 1);
  UNTIL(pair.host, pair.server->message_count == 1);
  pair_close(&pair);
}

/* A thousand messages of all small sizes in one batch, on ten streams. */
SOCKET_TEST(batch_of_a_thousand) {
  enum { COUNT = 1000 };
  struct pair pair = pair_open("127.0.0.1");
  uint8_t *batch = aligned_alloc(8, COUNT * 320);
  uint32_t at = 0, sent = 0, from = 0;
  uint32_t starts[COUNT + 1];
  for (uint32_t i = 0; i < COUNT; i++) {
    struct netsctp_outbound *record = (void *)(batch + at);
    uint32_t length = 1 + i % 256;
    starts[i] = at;
    *record = (struct netsctp_outbound){
        .size = NETSCTP_PADDED(sizeof *record + length),
        .length = length,
        .ppid = 1000 + i,
        .sid = (uint16_t)(i % 10)};
    memset(record + 1, (int)(i & 255), length);
    at += record->size;
  }
  starts[COUNT] = at;
  struct netsctp_counters before = counters();
  while (from < COUNT) {
    int32_t taken = sctp.send(pair.client->handle, batch + starts[from],
                              at - starts[from], COUNT - from);
    CHECK(taken >= 0);
    from += (uint32_t)taken;
    if (from < COUNT) {
      UNTIL(pair.host, pair.client->is_writable);
      pair.client->is_writable = false;
    }
    sent++;
  }
  UNTIL(pair.host, pair.server->message_count == COUNT);
  struct netsctp_counters after = counters();
  EQUAL(after.messages_out - before.messages_out, COUNT);
  EQUAL(after.messages_in - before.messages_in, COUNT);

  uint32_t next[10];
  for (uint32_t i = 0; i < 10; i++)
    next[i] = i;
  for (int i = 0; i < COUNT; i++) {
    const struct message *message = &pair.server->messages[i];
    CHECK(message->sid < 10);
    uint32_t number = next[message->sid];
    next[message->sid] += 10;
    EQUAL(message->ppid, 1000 + number);
    EQUAL(message->length, 1 + number % 256);
    EQUAL(message->bytes[message->length - 1], number & 255);
  }
  free(batch);
  pair_close(&pair);
}

/* The one that fails stops the run; the next call says why. */
SOCKET_TEST(batch_stops_at_the_message_that_fails) {
  struct pair pair = pair_open("127.0.0.1");
  _Alignas(8) struct {
    struct netsctp_outbound head;
    uint8_t payload[8];
  } records[4];
  for (int i = 0; i < 4; i++) {
    records[i].head = (struct netsctp_outbound){
        .size = sizeof records[0], .length = 8, .sid = i == 2 ? 60000 : 0};
    memset(records[i].payload, 'a' + i, 8);
  }
  uint32_t handle = pair.client->handle;
  EQUAL(sctp.send(handle, (uint8_t *)records, sizeof records, 4), 2);
  EQUAL(sctp.send(handle, (uint8_t *)&records[2], 2 * sizeof records[0], 2),
        -EINVAL);
  EQUAL(sctp.send(handle, (uint8_t *)&records[3], sizeof records[0], 1), 1);
  UNTIL(pair.host, pair.server->message_count == 3);
  EQUAL(pair.server->messages[2].bytes[0], 'd');
  pair_close(&pair);
}

static uint8_t *pattern(uint32_t length) {
  uint8_t *bytes = malloc(length);
  for (uint32_t i = 0; i < length; i++)
    bytes[i] = (uint8_t)(i * 31 + i / 251);
  return bytes;
}

static void send_large(uint32_t length, uint32_t capacity) {
  struct pair pair = pair_open("127.0.0.1");
  uint8_t *bytes = pattern(length);
  pair.host->receive_capacity = capacity;
  EQUAL(send_big(pair.client, 2, bytes, length), 1);
  UNTIL(pair.host, pair.server->message_count == 1 && !pair.server->is_inside);
  /* All of it has come, but what says so may still be under way. */
  if (send_text(pair.client, 2, 0, "after it") == 0) {
    UNTIL(pair.host, pair.client->is_writable);
    EQUAL(send_text(pair.client, 2, 0, "after it"), 1);
  }
  UNTIL(pair.host, pair.server->message_count == 2);
  EQUAL(pair.server->messages[0].length, length);
  CHECK(memcmp(pair.server->messages[0].bytes, bytes, length) == 0);
  CHECK(pair.server->messages[0].flags & NETSCTP_FLAG_END_OF_RECORD);
  check_message(pair.server, 1, 2, 0, "after it");
  free(bytes);
  pair_close(&pair);
}

SOCKET_TEST(message_of_100_kilobytes) { send_large(100000, 1 << 18); }
SOCKET_TEST(message_larger_than_the_buffer) { send_large(100000, 4096); }
SOCKET_TEST(message_larger_than_the_window) { send_large(180000, 1 << 18); }

SOCKET_TEST(message_larger_than_the_send_buffer) {
  struct pair pair = pair_open("127.0.0.1");
  int32_t room = get_option(pair.client->handle, NETSCTP_OPTION_SEND_BUFFER);
  CHECK(room > 0);
  uint8_t *bytes = pattern((uint32_t)room + 1);
  EQUAL(send_big(pair.client, 0, bytes, (uint32_t)room + 1), -EMSGSIZE);
  EQUAL(send_text(pair.client, 0, 0, "still fine"), 1);
  UNTIL(pair.host, pair.server->message_count == 1);
  free(bytes);
  pair_close(&pair);
}

/* Fill the send buffer while the peer does not read, then let it read. */
static void fill_and_drain(bool one_by_one) {
  enum { LENGTH = 8000, BATCH = 16 };
  struct pair pair = pair_open("127.0.0.1");
  const uint32_t size = sizeof(struct netsctp_outbound) + LENGTH;
  uint8_t *batch = aligned_alloc(8, BATCH * size);
  for (uint32_t i = 0; i < BATCH; i++) {
    struct netsctp_outbound *record = (void *)(batch + i * size);
    *record = (struct netsctp_outbound){.size = size, .length = LENGTH};
    memset(record + 1, (int)i, LENGTH);
  }
  pair.server->is_paused = true;
  int32_t sent = 0, taken;
  const int32_t asked = one_by_one ? 1 : BATCH;
  do {
    taken = one_by_one
                ? sctp.send_one(pair.client->handle, batch,
                                batch + sizeof(struct netsctp_outbound), LENGTH)
                : sctp.send(pair.client->handle, batch, BATCH * size, BATCH);
    CHECK(taken >= 0);
    sent += taken;
    CHECK(sent < 10000);
  } while (taken == asked);
  CHECK(sent > 0);
  pair.client->is_writable = false;
  while (host_turn(pair.host, 50))
    continue;
  pair.server->is_paused = false;
  drain(pair.server);
  UNTIL(pair.host, pair.client->is_writable);
  EQUAL(send_text(pair.client, 0, 5, "last"), 1);
  sent++;
  UNTIL(pair.host, pair.server->message_count == sent);
  EQUAL(pair.server->messages[sent - 1].ppid, 5);
  free(batch);
  pair_close(&pair);
}

SOCKET_TEST(full_buffer_then_writable) { fill_and_drain(false); }
SOCKET_TEST(full_buffer_then_writable_one_by_one) { fill_and_drain(true); }

/* What was not sent comes back in notifications as long as it is, in pieces as
 * large as there is room: however many those are, no stack is taken by them,
 * and what is behind them comes as well. */
SOCKET_TEST(a_notification_of_many_pieces_takes_no_stack) {
  enum { LENGTH = 6000000, LEAST_CAPACITY = 4096, STACK = 128 << 10 };
  struct pair pair = pair_open("127.0.0.1");
  uint8_t *bytes = pattern(LENGTH);
  const struct rlimit small = {.rlim_cur = STACK, .rlim_max = STACK};
  pair.host->receive_capacity = LEAST_CAPACITY;
  pair.server->is_paused = true;
  EQUAL(set_option(pair.client->handle, NETSCTP_OPTION_SEND_BUFFER, 2 * LENGTH),
        0);
  EQUAL(send_big(pair.client, 0, bytes, LENGTH), 1);
  UNTIL(pair.host, pair.server->is_readable);
  EQUAL(setrlimit(RLIMIT_STACK, &small), 0);
  close_peer(pair.server, NETSCTP_CLOSE_ABORT);
  UNTIL(pair.host, pair.client->error);
  EQUAL(pair.client->error, ECONNRESET);
  CHECK(SEEN(pair.client, NETSCTP_NOTIFICATION_SEND_FAILED) > 0);
  free(bytes);
  host_close(pair.host);
}
