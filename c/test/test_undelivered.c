/* What SEND_FAILED gives back of messages that were not delivered: all of their
 * bytes, however long they are and however little room there is. */
#include "host.h"

/* Messages of one stream until the send buffer is full. Returns their bytes. */
static uint32_t fill(struct peer *peer, const uint8_t *bytes, uint32_t length,
                     uint32_t most) {
  _Alignas(8) struct netsctp_outbound head = {
      .ppid = 7, .sid = 3, .context = 99};
  uint32_t taken = 0;
  while (taken + length <= most && sctp.send_one(peer->handle, (uint8_t *)&head,
                                                 bytes + taken, length) == 1)
    taken += length;
  return taken;
}

static void check_given_back(uint32_t length, uint32_t capacity,
                             int32_t send_buffer) {
  enum { MOST = 16 << 20 };
  struct pair pair = pair_open("127.0.0.1");
  uint8_t *bytes = malloc(MOST);
  for (uint32_t i = 0; i < MOST; i++)
    bytes[i] = (uint8_t)(i * 2654435761u >> 24);
  if (capacity)
    pair.host->receive_capacity = capacity;
  pair.server->is_paused = true;
  if (send_buffer)
    EQUAL(set_option(pair.client->handle, NETSCTP_OPTION_SEND_BUFFER,
                     send_buffer),
          0);
  const uint32_t sent = fill(pair.client, bytes, length, MOST);
  CHECK(sent >= length);
  /* What the server's window takes, arrives. */
  UNTIL(pair.host, pair.server->is_readable);
  close_peer(pair.server, NETSCTP_CLOSE_ABORT);
  UNTIL(pair.host, pair.client->error);
  EQUAL(pair.client->error, ECONNRESET);
  const struct netsctp_notification *last =
      &LAST(pair.client, NETSCTP_NOTIFICATION_SEND_FAILED);
  EQUAL(last->sid, 3);
  EQUAL(last->ppid, 7);
  EQUAL(last->context, 99);
  EQUAL(last->send_flags & 5, 1); /* ordered, the last fragment */
  CHECK(!pair.client->awaits_rest);
  const uint32_t back = pair.client->undelivered_length;
  CHECK(back >= 1 && back <= sent);
  CHECK(memcmp(pair.client->undelivered, bytes + sent - back, back) == 0);
  free(bytes);
  pair_close(&pair);
}

SOCKET_TEST(undelivered_small) { check_given_back(1000, 0, 0); }
SOCKET_TEST(undelivered_large) { check_given_back(200000, 0, 0); }
SOCKET_TEST(undelivered_with_little_room) { check_given_back(50000, 4096, 0); }
/* Much more than the receive buffer has room for. */
SOCKET_TEST(undelivered_huge) { check_given_back(2000000, 0, 8000000); }

/* Two of three messages have a context, a large one. */
static uint32_t context_of(uint32_t number) {
  return number % 3 ? number * 2654435761u : 0;
}

static uint32_t returned;

static void check_context(const struct netsctp_notification *failed) {
  EQUAL(failed->context, context_of(failed->ppid));
  EQUAL(failed->number, failed->ppid);
  returned++;
}

/* Small messages, each with its number as its identifier, in batches and one by
 * one, up to a number or until there is no room. Returns the next number. */
static uint32_t send_numbered(struct peer *peer, uint32_t number,
                              uint32_t most) {
  /* The kernel counts what a message occupies, usrsctp its bytes. */
  enum { AT_ONCE = 100, SMALLER = 8, LARGER = 104 };
  struct {
    _Alignas(8) struct netsctp_outbound head;
    uint8_t payload[LARGER];
  } batch[AT_ONCE] = {0};
  const uint32_t size =
      sctp.stack() == NETSCTP_STACK_USERSPACE ? LARGER : SMALLER;
  int32_t taken = AT_ONCE;
  while (taken > 0 && number < most) {
    const uint32_t count = number % 7 && most - number > AT_ONCE ? AT_ONCE : 1;
    for (uint32_t i = 0; i < count; i++)
      batch[i].head =
          (struct netsctp_outbound){.size = sizeof batch[0],
                                    .length = size,
                                    .ppid = number + i,
                                    .context = context_of(number + i)};
    taken = sctp.send(peer->handle, (uint8_t *)batch,
                      count * (uint32_t)sizeof batch[0], count);
    CHECK(taken >= 0);
    number += (uint32_t)taken;
  }
  return number;
}

/* Whatever arrived before, and also when the send buffer has become larger. */
SOCKET_TEST(undelivered_with_contexts) {
  enum { ARRIVE = 5000, MOST = 1 << 20 };
  struct pair pair = pair_open("127.0.0.1");
  pair.client->on_undelivered = check_context;
  uint32_t sent = 0;
  while (sent < ARRIVE) {
    sent = send_numbered(pair.client, sent, ARRIVE);
    UNTIL(pair.host, (uint32_t)pair.server->message_count == sent);
  }
  pair.server->is_paused = true;
  uint32_t before;
  do {
    before = sent;
    sent = send_numbered(pair.client, sent, MOST);
    host_turn(pair.host, 200);
  } while (sent > before);
  EQUAL(set_option(pair.client->handle, NETSCTP_OPTION_SEND_BUFFER, 4000000),
        0);
  sent = send_numbered(pair.client, sent, MOST);
  CHECK(sent > before + 1000 && sent < MOST);
  close_peer(pair.server, NETSCTP_CLOSE_ABORT);
  UNTIL(pair.host, pair.client->error);
  CHECK(returned >= sent - before);
  pair_close(&pair);
}
