#include "host.h"

#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ------------------------------------------------ the loop */

/* `wake` knows a loop's number only, and may come before loop_open() returned
 * it: the lock is held until it is in the table. */
static pthread_mutex_t wakes_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
  bool is_used;
  uint32_t loop;
  int woken;
} wakes[64];

static void wake(uint32_t loop) {
  pthread_mutex_lock(&wakes_lock);
  for (size_t i = 0; i < sizeof wakes / sizeof wakes[0]; i++)
    if (wakes[i].is_used && wakes[i].loop == loop) {
      uint64_t one = 1;
      CHECK(write(wakes[i].woken, &one, sizeof one) == sizeof one);
    }
  pthread_mutex_unlock(&wakes_lock);
}

struct host *host_open(void) {
  struct host *host = calloc(1, sizeof *host);
  size_t free = 0;
  host->receive_capacity = 1 << 18;
  host->woken = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  pthread_mutex_lock(&wakes_lock);
  while (wakes[free].is_used)
    free++;
  host->loop = sctp.loop_open(NETSCTP_WAKE_THREAD, wake);
  if (host->loop < 0)
    fail(__FILE__, __LINE__, "no loop: %d", host->loop);
  wakes[free].is_used = true;
  wakes[free].loop = (uint32_t)host->loop;
  wakes[free].woken = host->woken;
  pthread_mutex_unlock(&wakes_lock);
  return host;
}

static void free_peer(struct peer *peer) {
  for (int i = 0; i < peer->message_count; i++)
    free(peer->messages[i].bytes);
  free(peer->messages);
  free(peer->undelivered);
  free(peer);
}

void host_close(struct host *host) {
  EQUAL(sctp.loop_close((uint32_t)host->loop), 0);
  pthread_mutex_lock(&wakes_lock);
  for (size_t i = 0; i < sizeof wakes / sizeof wakes[0]; i++)
    if (wakes[i].is_used && wakes[i].loop == (uint32_t)host->loop)
      wakes[i].is_used = false;
  pthread_mutex_unlock(&wakes_lock);
  close(host->woken);
  while (host->peers) {
    struct peer *next = host->peers->next;
    free_peer(host->peers);
    host->peers = next;
  }
  free(host);
}

/* ------------------------------------------------ receiving */

static struct message *message_of(struct peer *peer) {
  if (peer->is_inside)
    return &peer->messages[peer->message_count - 1];
  if (peer->message_count == peer->message_room) {
    peer->message_room = peer->message_room * 2 + 16;
    peer->messages = realloc(peer->messages, (size_t)peer->message_room *
                                                 sizeof *peer->messages);
  }
  struct message *fresh = &peer->messages[peer->message_count++];
  *fresh = (struct message){0};
  return fresh;
}

static void keep_message(struct peer *peer,
                         const struct netsctp_inbound *record) {
  struct message *message = message_of(peer);
  if (message->pieces) {
    EQUAL(record->sid, message->sid);
    EQUAL(record->ppid, message->ppid);
  }
  message->ppid = record->ppid;
  message->sid = record->sid;
  message->ssn = record->ssn;
  message->flags = record->flags;
  message->pieces++;
  message->bytes = realloc(message->bytes, message->length + record->length);
  memcpy(message->bytes + message->length, record + 1, record->length);
  message->length += record->length;
  peer->is_inside = !(record->flags & NETSCTP_FLAG_END_OF_RECORD);
}

static void keep_undelivered(struct peer *peer, const uint8_t *bytes,
                             uint32_t length, uint16_t flags) {
  /* AddressSanitizer copies all of it at each realloc(). */
  const uint32_t needed = peer->undelivered_length + length;
  if (needed >= peer->undelivered_room) {
    peer->undelivered_room = 2 * needed + 1;
    peer->undelivered = realloc(peer->undelivered, peer->undelivered_room);
  }
  memcpy(peer->undelivered + peer->undelivered_length, bytes, length);
  peer->undelivered_length += length;
  peer->awaits_rest = !(flags & NETSCTP_FLAG_END_OF_RECORD);
}

static void keep_rest(struct peer *peer, const struct netsctp_inbound *record) {
  CHECK(peer->awaits_rest);
  keep_undelivered(peer, (const uint8_t *)(record + 1), record->length,
                   record->flags);
}

static void keep_notification(struct peer *peer,
                              const struct netsctp_inbound *record) {
  struct netsctp_notification notification;
  CHECK(record->length >= sizeof notification);
  memcpy(&notification, record + 1, sizeof notification);
  EQUAL(notification.raw_length, record->length - sizeof notification);
  CHECK(notification.type > 0x8000 && notification.type < 0x8000 + 14);
  SEEN(peer, notification.type)++;
  LAST(peer, notification.type) = notification;
  if (notification.type == NETSCTP_NOTIFICATION_SEND_FAILED &&
      peer->on_undelivered)
    peer->on_undelivered(&notification);
  if (notification.type == NETSCTP_NOTIFICATION_SEND_FAILED)
    keep_undelivered(peer,
                     (const uint8_t *)(record + 1) + sizeof notification +
                         notification.payload_offset,
                     notification.raw_length - notification.payload_offset,
                     record->flags);
  if (notification.type == NETSCTP_NOTIFICATION_ASSOC_CHANGE) {
    CHECK(notification.state < 5);
    peer->states[notification.state]++;
  }
}

static void keep_reason(struct peer *peer,
                        const struct netsctp_inbound *record) {
  CHECK(record->length >= sizeof peer->reason);
  memcpy(&peer->reason, record + 1, sizeof peer->reason);
  peer->cause_length = record->length - (uint32_t)sizeof peer->reason;
  CHECK(peer->cause_length <= sizeof peer->cause);
  memcpy(peer->cause, (const uint8_t *)(record + 1) + sizeof peer->reason,
         peer->cause_length);
  CHECK(peer->reason.by >= NETSCTP_BY_LOCAL &&
        peer->reason.by <= NETSCTP_BY_NETWORK);
}

static void keep(struct peer *peer, const struct netsctp_inbound *record) {
  CHECK(!peer->has_ended && !peer->error);
  CHECK(!peer->awaits_rest || record->kind == NETSCTP_KIND_REST);
  EQUAL(record->association, peer->handle);
  if (peer->records++ == 0)
    peer->first_kind = record->kind;
  switch (record->kind) {
  case NETSCTP_KIND_MESSAGE:
    keep_message(peer, record);
    break;
  case NETSCTP_KIND_NOTIFICATION:
    keep_notification(peer, record);
    break;
  case NETSCTP_KIND_REST:
    keep_rest(peer, record);
    break;
  case NETSCTP_KIND_END:
    keep_reason(peer, record);
    EQUAL(peer->reason.error, 0);
    peer->has_ended = true;
    break;
  case NETSCTP_KIND_ERROR:
    keep_reason(peer, record);
    CHECK(peer->reason.error > 0);
    peer->error = (int)peer->reason.error;
    break;
  default:
    fail(__FILE__, __LINE__, "a record of kind %u", record->kind);
  }
}

void drain(struct peer *peer) {
  uint32_t capacity = peer->host->receive_capacity;
  uint8_t *buffer = aligned_alloc(8, capacity);
  const struct netsctp_received *head = (const void *)buffer;
  peer->is_readable = false;
  do {
    int32_t used = sctp.receive(peer->handle, buffer, capacity);
    CHECK(used >= (int32_t)sizeof *head && used <= (int32_t)capacity);
    uint32_t at = sizeof *head;
    for (uint32_t i = 0; i < head->count; i++) {
      const struct netsctp_inbound *record = (const void *)(buffer + at);
      CHECK(at + sizeof *record <= (uint32_t)used);
      CHECK(record->size >= NETSCTP_PADDED(sizeof *record + record->length));
      EQUAL(record->size % NETSCTP_ALIGN, 0);
      CHECK(at + record->size <= (uint32_t)used);
      keep(peer, record);
      at += record->size;
    }
    EQUAL(at, used);
  } while (head->flags & NETSCTP_RECEIVED_MORE);
  free(buffer);
}

void accept_all(struct peer *listener) {
  int room = 64 - listener->accepted_count;
  int32_t count;
  listener->is_readable = false;
  if (room == 0)
    return;
  count =
      sctp.accept(listener->handle,
                  (uint8_t *)(listener->accepted + listener->accepted_count),
                  (uint32_t)room * (uint32_t)sizeof(struct netsctp_accepted));
  if (count < 0)
    fail(__FILE__, __LINE__, "accept gives %d", count);
  listener->accepted_count += count;
}

static void handle_ready(struct host *host, const struct netsctp_ready *ready) {
  struct peer *peer = host->peers;
  while (peer && peer->handle != ready->handle)
    peer = peer->next;
  /* Accepted, but not yet picked up by its test: adopt() will drain it. */
  if (!peer)
    return;
  CHECK(ready->events);
  if (ready->events & NETSCTP_READY_WRITABLE)
    peer->is_writable = true;
  if (!(ready->events & NETSCTP_READY_READABLE))
    return;
  peer->is_readable = true;
  if (peer->is_paused)
    return;
  if (peer->is_listener)
    accept_all(peer);
  else
    drain(peer);
}

bool host_turn(struct host *host, int timeout_ms) {
  struct pollfd waited = {.fd = host->woken, .events = POLLIN};
  if (poll(&waited, 1, timeout_ms) <= 0)
    return false;
  uint64_t count;
  CHECK(read(host->woken, &count, sizeof count) == sizeof count);
  EQUAL(count, 1); /* no second wake before a take */
  host->wakes++;
  _Alignas(8) struct netsctp_ready ready[32];
  int32_t taken =
      sctp.take((uint32_t)host->loop, (uint8_t *)ready, sizeof ready);
  if (taken < 0)
    fail(__FILE__, __LINE__, "take gives %d", taken);
  for (int32_t i = 0; i < taken; i++)
    handle_ready(host, &ready[i]);
  return true;
}

/* ------------------------------------------------ opening */

bool has_ipv6(void) {
  struct sockaddr_in6 loopback = {.sin6_family = AF_INET6,
                                  .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  bool has =
      fd >= 0 && bind(fd, (struct sockaddr *)&loopback, sizeof loopback) == 0;
  if (fd >= 0)
    close(fd);
  return has;
}

void needs_ipv6(void) {
  if (!has_ipv6())
    skip("this machine has no IPv6");
}

/* The userspace stack's UDP port is the machine's, not the test's: one that is
 * free, so that tests may run beside others. */
static uint16_t chosen_udp_port;

static void choose_udp_port(void) {
  /* The port lies at the same place in both families' addresses. */
  struct sockaddr_in6 name = {.sin6_family = has_ipv6() ? AF_INET6 : AF_INET};
  socklen_t size = sizeof name;
  int fd = socket(name.sin6_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&name, size) < 0 ||
      getsockname(fd, (struct sockaddr *)&name, &size) < 0)
    fail(__FILE__, __LINE__, "no UDP port: %s", strerror(errno));
  close(fd);
  chosen_udp_port = ntohs(name.sin6_port);
}

static uint16_t udp_port(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, choose_udp_port);
  return chosen_udp_port;
}

int32_t try_listen(struct host *host, const struct request *request) {
  struct request full = *request;
  uint64_t bytes[256];
  if (!is_kernel())
    add_option(&full, NETSCTP_OPTION_LOCAL_UDP_PORT, udp_port());
  return sctp.listen((uint32_t)host->loop, (uint8_t *)bytes,
                     pack_request(&full, bytes));
}

int32_t try_connect(struct host *host, const struct request *request) {
  struct request full = *request;
  uint64_t bytes[256];
  if (!is_kernel())
    add_option(&full, NETSCTP_OPTION_REMOTE_UDP_PORT, udp_port());
  return sctp.connect((uint32_t)host->loop, (uint8_t *)bytes,
                      pack_request(&full, bytes));
}

/* ------------------------------------------------ peers */

struct peer *adopt(struct host *host, uint32_t handle, bool is_listener) {
  struct peer *peer = calloc(1, sizeof *peer);
  peer->host = host;
  peer->handle = handle;
  peer->is_listener = is_listener;
  peer->next = host->peers;
  host->peers = peer;
  return peer;
}

struct peer *listen_on(struct host *host, const char *address) {
  struct request request = {0};
  add_local(&request, address, 0);
  add_option(&request, NETSCTP_OPTION_NO_DELAY, 1);
  int32_t handle = try_listen(host, &request);
  if (handle <= 0)
    fail(__FILE__, __LINE__, "listen on %s gives %d", address, handle);
  return adopt(host, (uint32_t)handle, true);
}

uint16_t port_of(struct peer *listener) {
  _Alignas(8) struct netsctp_address addresses[64];
  int32_t count = sctp.addresses(listener->handle, NETSCTP_SIDE_LOCAL,
                                 (uint8_t *)addresses, sizeof addresses);
  CHECK(count >= 1);
  CHECK(addresses[0].port);
  return addresses[0].port;
}

struct peer *connect_to(struct host *host, const char *address, uint16_t port) {
  struct request request = {0};
  add_remote(&request, address, port);
  add_option(&request, NETSCTP_OPTION_NO_DELAY, 1);
  int32_t handle = try_connect(host, &request);
  if (handle <= 0)
    fail(__FILE__, __LINE__, "connect to %s gives %d", address, handle);
  return adopt(host, (uint32_t)handle, false);
}

struct peer *accept_one(struct peer *listener) {
  UNTIL(listener->host, listener->accepted_count > 0);
  struct netsctp_accepted first = listener->accepted[0];
  memmove(listener->accepted, listener->accepted + 1,
          (size_t)--listener->accepted_count * sizeof first);
  struct peer *peer = adopt(listener->host, first.handle, false);
  peer->accepted_as = first;
  drain(peer);
  return peer;
}

int32_t send_text(struct peer *peer, uint16_t sid, uint32_t ppid,
                  const char *text) {
  uint64_t bytes[64];
  uint32_t length = (uint32_t)strlen(text);
  struct netsctp_outbound *record = (struct netsctp_outbound *)bytes;
  *record = (struct netsctp_outbound){
      .size = NETSCTP_PADDED(sizeof *record + length),
      .length = length,
      .ppid = ppid,
      .sid = sid,
  };
  CHECK(record->size <= sizeof bytes);
  memcpy(record + 1, text, length);
  return sctp.send(peer->handle, (uint8_t *)bytes, record->size, 1);
}

int32_t send_big(struct peer *peer, uint16_t sid, const uint8_t *bytes,
                 uint32_t length) {
  _Alignas(8) struct netsctp_outbound head = {.ppid = 7, .sid = sid};
  return sctp.send_one(peer->handle, (uint8_t *)&head, bytes, length);
}

void close_peer(struct peer *peer, uint32_t how) {
  EQUAL(sctp.close(peer->handle, how), 0);
  struct peer **link = &peer->host->peers;
  while (*link != peer)
    link = &(*link)->next;
  *link = peer->next;
  free_peer(peer);
}

const char *explanation(void) {
  static char text[400];
  const int32_t length = sctp.explain((uint8_t *)text, sizeof text - 1);
  text[length > 0 ? length : 0] = 0;
  return text;
}
