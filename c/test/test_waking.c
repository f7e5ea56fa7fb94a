/* Loops: how a host is woken, and that it is not woken for nothing. */
#include "host.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

SOCKET_TEST(an_idle_loop_does_not_wake) {
  struct pair pair = pair_open("127.0.0.1");
  while (host_turn(pair.host, 300))
    continue;
  struct netsctp_counters before = counters();
  CHECK(!host_turn(pair.host, 500));
  struct netsctp_counters after = counters();
  EQUAL(after.calls, before.calls);
  /* A stack's own timers may wake it, but not so as to spin. */
  CHECK(after.wakes - before.wakes < 60);
  pair_close(&pair);
}

/* A handle that is not drained is told once, not with every arrival. */
SOCKET_TEST(readable_is_not_repeated) {
  struct pair pair = pair_open("127.0.0.1");
  pair.server->is_paused = true;
  EQUAL(send_text(pair.client, 0, 0, "one"), 1);
  UNTIL(pair.host, pair.server->is_readable);
  pair.server->is_readable = false;
  for (int i = 0; i < 5; i++)
    EQUAL(send_text(pair.client, 0, 0, "more"), 1);
  while (host_turn(pair.host, 100))
    continue;
  CHECK(!pair.server->is_readable);
  drain(pair.server);
  EQUAL(pair.server->message_count, 6);
  EQUAL(send_text(pair.client, 0, 0, "and again"), 1);
  UNTIL(pair.host, pair.server->is_readable);
  pair_close(&pair);
}

/* A buffer for one: the loop goes on waking until all was told. */
SOCKET_TEST(take_with_little_room) {
  enum { COUNT = 10 };
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  struct peer *clients[COUNT], *servers[COUNT];
  for (int i = 0; i < COUNT; i++) {
    clients[i] = connect_to(host, "127.0.0.1", port_of(listener));
    servers[i] = accept_one(listener);
    servers[i]->is_paused = true;
    UNTIL(host, clients[i]->states[NETSCTP_ASSOC_UP]);
  }
  while (host_turn(host, 100))
    continue;
  for (int i = 0; i < COUNT; i++)
    drain(servers[i]);
  for (int i = 0; i < COUNT; i++)
    EQUAL(send_text(clients[i], 0, 0, "x"), 1);
  int told = 0;
  while (told < COUNT) {
    _Alignas(8) struct netsctp_ready one;
    int32_t count =
        sctp.take((uint32_t)host->loop, (uint8_t *)&one, sizeof one);
    CHECK(count == 0 || count == 1);
    if (count == 0)
      CHECK(host_turn(host, 5000) || told == COUNT);
    told = 0;
    for (int i = 0; i < COUNT; i++) {
      if (count && one.handle == servers[i]->handle)
        servers[i]->is_readable = true;
      told += servers[i]->is_readable;
    }
  }
  host_close(host);
}

/* Closed while its handle is in the ready list. */
SOCKET_TEST(closed_handles_are_not_told) {
  struct pair pair = pair_open("127.0.0.1");
  struct peer *others[5];
  for (int i = 0; i < 5; i++) {
    others[i] = connect_to(pair.host, "127.0.0.1", port_of(pair.listener));
    accept_one(pair.listener);
    UNTIL(pair.host, others[i]->states[NETSCTP_ASSOC_UP]);
  }
  for (int i = 0; i < 5; i++)
    close_peer(others[i], i % 2 ? NETSCTP_CLOSE_ABORT : NETSCTP_CLOSE_RELEASE);
  EQUAL(send_text(pair.client, 0, 0, "x"), 1);
  UNTIL(pair.host, pair.server->message_count == 1);
  pair_close(&pair);
}

static void *run_loop(void *argument) {
  int *rounds = argument;
  for (int i = 0; i < 20; i++) {
    struct pair pair = pair_open("127.0.0.1");
    for (uint32_t k = 0; k < 20; k++) {
      EQUAL(send_text(pair.client, 0, k, "there"), 1);
      EQUAL(send_text(pair.server, 0, k, "back"), 1);
    }
    UNTIL(pair.host,
          pair.client->message_count == 20 && pair.server->message_count == 20);
    EQUAL(sctp.shutdown(pair.client->handle), 0);
    UNTIL(pair.host, pair.client->has_ended && pair.server->has_ended);
    pair_close(&pair);
    ++*rounds;
  }
  return NULL;
}

SOCKET_TEST(two_loops_in_two_threads) {
  pthread_t threads[2];
  int rounds[2] = {0, 0};
  for (int i = 0; i < 2; i++)
    EQUAL(pthread_create(&threads[i], NULL, run_loop, &rounds[i]), 0);
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
  EQUAL(rounds[0], 20);
  EQUAL(rounds[1], 20);
  EQUAL(counters().open_handles, 0);
}

static int32_t closing_loop = -1;
static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER;
static bool is_waking;

static void wake_and_stay(uint32_t loop) {
  (void)loop;
  __atomic_store_n(&is_waking, true, __ATOMIC_RELEASE);
  pthread_mutex_lock(&held); /* as a host whose thread is busy closing */
  pthread_mutex_unlock(&held);
}

/* The callback cannot return before the thread that closes the loop is free:
 * closing must not wait for it. */
SOCKET_TEST(closing_does_not_wait_for_the_callback) {
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  pthread_mutex_lock(&held);
  closing_loop = sctp.loop_open(NETSCTP_WAKE_THREAD, wake_and_stay);
  CHECK(closing_loop >= 0);
  struct host other = {.loop = closing_loop};
  struct request request = {0};
  add_remote(&request, "127.0.0.1", port_of(listener));
  CHECK(try_connect(&other, &request) > 0);
  UNTIL(host, __atomic_load_n(&is_waking, __ATOMIC_ACQUIRE));
  EQUAL(sctp.loop_close((uint32_t)closing_loop), 0);
  pthread_mutex_unlock(&held);
  host_close(host);
}

/* Bytes that come out of the socket within that time. */
static int wakes_of(int socket, int timeout_ms) {
  struct pollfd waited = {.fd = socket, .events = POLLIN};
  char bytes[8];
  return poll(&waited, 1, timeout_ms) == 1
             ? (int)read(socket, bytes, sizeof bytes)
             : 0;
}

/* Where io_uring is forbidden there is nothing to test. */
static int32_t open_ring(void) {
  int32_t loop = sctp.loop_open(NETSCTP_WAKE_RING, NULL);
  if (loop == -EPERM || loop == -ENOSYS)
    skip("io_uring cannot be used here");
  return loop;
}

static void wakes_once_before_each_take(int32_t loop) {
  struct host other = {.loop = loop};
  CHECK(other.loop >= 0);
  int socket = sctp.loop_socket((uint32_t)other.loop);
  CHECK(socket >= 0);
  struct request request = {0};
  add_remote(&request, "127.0.0.1", 7); /* where nobody listens */
  for (int i = 0; i < 3; i++) {
    CHECK(try_connect(&other, &request) > 0);
    EQUAL(wakes_of(socket, 5000), 1);
    EQUAL(wakes_of(socket, 50), 0);
    struct netsctp_ready ready[8];
    CHECK(sctp.take((uint32_t)other.loop, (uint8_t *)ready, sizeof ready) >= 0);
  }
  EQUAL(sctp.loop_close((uint32_t)other.loop), 0);
  EQUAL(fcntl(socket, F_GETFD), -1);
}

SOCKET_TEST(a_socket_wakes_once_before_each_take) {
  wakes_once_before_each_take(sctp.loop_open(NETSCTP_WAKE_SOCKET, NULL));
}

SOCKET_TEST(a_ring_wakes_once_before_each_take) {
  wakes_once_before_each_take(open_ring());
}

static int32_t take_any(uint32_t loop) {
  _Alignas(8) struct netsctp_ready ready[8];
  return sctp.take(loop, (uint8_t *)ready, sizeof ready);
}

/* As many requests as the kernel takes at once. */
static unsigned most_taken = 2;

/* The library calls this in place of the C library's. Whoever gives fewer
 * arguments has others read with them, which the system does not look at. */
__attribute__((no_sanitize_address)) long syscall(long number, ...) {
  long given[6];
  va_list list;
  va_start(list, number);
  for (int i = 0; i < 6; i++)
    given[i] = va_arg(list, long);
  va_end(list);
  if (number == SYS_io_uring_enter && most_taken == 0) {
    errno = EAGAIN;
    return -1;
  }
  if (number == SYS_io_uring_enter && given[1] > most_taken)
    given[1] = most_taken;
  __typeof__(&syscall) next = (__typeof__(next))dlsym(RTLD_NEXT, "syscall");
  return next(number, given[0], given[1], given[2], given[3], given[4],
              given[5]);
}

static void connect_to_nobody(int32_t loop) {
  struct host host = {.loop = loop};
  struct request request = {0};
  add_remote(&request, "127.0.0.1", 7);
  CHECK(try_connect(&host, &request) > 0);
}

/* Short of memory, the kernel takes none of what the ring asks of it, or half.
 * Without a wake the host would not call again, and would hear of nothing any
 * more. */
static void loses_no_wake(unsigned taken) {
  int32_t loop = open_ring();
  CHECK(loop >= 0);
  int socket = sctp.loop_socket((uint32_t)loop);
  most_taken = taken;
  for (int i = 0; i < 3; i++) {
    connect_to_nobody(loop);
    do
      CHECK(wakes_of(socket, 5000) > 0); /* perhaps to try again alone */
    while (take_any((uint32_t)loop) == 0);
  }
  CHECK(wakes_of(socket, 5000) > 0); /* of the last take, to try again */
  most_taken = 2;
  connect_to_nobody(loop);
  do
    CHECK(take_any((uint32_t)loop) >= 0);
  while (wakes_of(socket, 50));
  for (int i = 0; i < 3; i++) {
    EQUAL(wakes_of(socket, 50), 0);
    connect_to_nobody(loop);
    EQUAL(wakes_of(socket, 5000), 1);
    CHECK(take_any((uint32_t)loop) > 0);
  }
  EQUAL(sctp.loop_close((uint32_t)loop), 0);
}

SOCKET_TEST(a_ring_that_is_refused_loses_no_wake) { loses_no_wake(0); }

SOCKET_TEST(a_ring_that_is_half_refused_loses_no_wake) { loses_no_wake(1); }

/* The host closed its end, and has its number for something else. */
static void leaves_alone_what_the_host_closed(int32_t loop) {
  CHECK(loop >= 0);
  int socket = sctp.loop_socket((uint32_t)loop);
  EQUAL(dup2(STDERR_FILENO, socket), socket);
  EQUAL(sctp.loop_close((uint32_t)loop), 0);
  EQUAL(close(socket), 0);
}

SOCKET_TEST(a_socket_that_the_host_closed_is_left_alone) {
  leaves_alone_what_the_host_closed(sctp.loop_open(NETSCTP_WAKE_SOCKET, NULL));
}

SOCKET_TEST(a_ring_s_socket_that_the_host_closed_is_left_alone) {
  leaves_alone_what_the_host_closed(open_ring());
}

static pthread_barrier_t accepted;

static void *connect_and_end(void *listener) {
  struct host host = {.loop = sctp.loop_open(NETSCTP_WAKE_SOCKET, NULL)};
  CHECK(host.loop >= 0);
  struct request request = {0};
  add_remote(&request, "127.0.0.1", port_of(listener));
  CHECK(try_connect(&host, &request) > 0);
  pthread_barrier_wait(&accepted);
  return NULL;
}

SOCKET_TEST(a_thread_that_ends_takes_its_loop_with_it) {
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  pthread_t thread;
  pthread_barrier_init(&accepted, NULL, 2);
  EQUAL(pthread_create(&thread, NULL, connect_and_end, listener), 0);
  struct peer *server = accept_one(listener);
  pthread_barrier_wait(&accepted);
  pthread_join(thread, NULL);
  UNTIL(host, server->error);
  EQUAL(server->error, ECONNRESET);
  EQUAL(counters().open_handles, 2);
  host_close(host);
}
