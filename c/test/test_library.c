/* What needs no socket: layout, names, bounds of every call, stale handles. */
#include "host.h"

TEST(layout_hash_is_the_one_this_was_compiled_with) {
  /* The test links shim/layout.c itself. */
  EQUAL(sctp.layout_hash(), netsctp_layout_hash());
  CHECK(sctp.layout_hash() != 0);
}

TEST(stack_is_one_of_two) {
  CHECK(sctp.stack() == NETSCTP_STACK_KERNEL ||
        sctp.stack() == NETSCTP_STACK_USERSPACE);
}

TEST(error_names) {
  char name[32] = {0};
  EQUAL(sctp.error_name(ECONNREFUSED, (uint8_t *)name, sizeof name), 12);
  CHECK(strcmp(name, "ECONNREFUSED") == 0);
  EQUAL(sctp.error_name(EBADF, (uint8_t *)name, 4), -ENOBUFS);
  EQUAL(sctp.error_name(0, (uint8_t *)name, sizeof name), 0);
  EQUAL(sctp.error_name(-1, (uint8_t *)name, sizeof name), 0);
  EQUAL(sctp.error_name(100000, (uint8_t *)name, sizeof name), 0);
}

TEST(counters_need_their_room) {
  struct netsctp_counters now;
  EQUAL(sctp.counters((uint8_t *)&now, sizeof now - 1), -ENOBUFS);
  EQUAL(sctp.counters(NULL, sizeof now), -EINVAL);
  EQUAL(sctp.counters((uint8_t *)&now, sizeof now), 0);
  EQUAL(now.open_handles, 0);
}

TEST(explanation_is_cut_and_forgotten) {
  uint8_t why[400];
  struct host *host = host_open();
  struct request request = {0};
  uint64_t bytes[256];
  add_option(&request, NETSCTP_OPTION_NO_DELAY, 2);
  add_remote(&request, "127.0.0.1", 1);
  EQUAL(sctp.connect((uint32_t)host->loop, (uint8_t *)bytes,
                     pack_request(&request, bytes)),
        -EINVAL);
  int32_t length = sctp.explain(why, sizeof why);
  CHECK(length > 10 && length < (int32_t)sizeof why);
  EQUAL(sctp.explain(why, 4), 4);
  EQUAL(sctp.close(1, NETSCTP_CLOSE_ABORT), -EBADF);
  EQUAL(sctp.explain(why, sizeof why), 0);
  host_close(host);
}

static void no_wake(uint32_t loop) { (void)loop; }

TEST(loop_arguments) {
  EQUAL(sctp.loop_open(NETSCTP_WAKE_THREAD, NULL), -EINVAL);
  EQUAL(sctp.loop_open(0, no_wake), -EINVAL);
  EQUAL(sctp.loop_open(4, no_wake), -EINVAL);
  EQUAL(sctp.loop_open(NETSCTP_WAKE_SOCKET, no_wake), -EINVAL);
  EQUAL(sctp.loop_close(0), -EBADF);
  EQUAL(sctp.loop_ref(7, 1), -EBADF);
  int32_t loop = sctp.loop_open(NETSCTP_WAKE_THREAD, no_wake);
  CHECK(loop >= 0);
  EQUAL(sctp.loop_ref((uint32_t)loop, 1), 0);
  EQUAL(sctp.loop_ref((uint32_t)loop, 0), 0);
  EQUAL(sctp.loop_socket((uint32_t)loop), -1);
  EQUAL(sctp.loop_socket((uint32_t)loop + 1), -EBADF);
  uint64_t ready[8];
  EQUAL(sctp.take((uint32_t)loop, (uint8_t *)ready, 7), -ENOBUFS);
  EQUAL(sctp.take((uint32_t)loop, (uint8_t *)ready + 1, 32), -EINVAL);
  EQUAL(sctp.take((uint32_t)loop, NULL, 32), -EINVAL);
  EQUAL(sctp.take((uint32_t)loop, (uint8_t *)ready, sizeof ready), 0);
  EQUAL(sctp.loop_close((uint32_t)loop), 0);
  EQUAL(sctp.loop_close((uint32_t)loop), -EBADF);
  EQUAL(sctp.take((uint32_t)loop, (uint8_t *)ready, sizeof ready), -EBADF);
}

TEST(uv_mode_needs_libuv) {
  uint8_t why[200];
  EQUAL(sctp.loop_open(NETSCTP_WAKE_UV, no_wake), -ENOSYS);
  CHECK(sctp.explain(why, sizeof why) > 0);
}

TEST(loops_close_without_leaving_descriptors) {
  struct host *host = host_open();
  host_close(host);
  int before = open_descriptors();
  for (int i = 0; i < 300; i++) {
    struct host *another = host_open();
    host_close(another);
  }
  EQUAL(open_descriptors(), before);
}

TEST(malformed_requests) {
  struct host *host = host_open();
  uint32_t loop = (uint32_t)host->loop;
  struct request request = {0};
  uint64_t bytes[256] = {0};
  uint8_t *at = (uint8_t *)bytes;
  add_remote(&request, "127.0.0.1", 9);
  uint32_t length = pack_request(&request, bytes);
  EQUAL(sctp.connect(loop + 256, at, length), -EBADF);
  EQUAL(sctp.connect(loop, NULL, length), -EINVAL);
  EQUAL(sctp.connect(loop, at + 1, length), -EINVAL);
  EQUAL(sctp.connect(loop, at, 0), -EINVAL);
  EQUAL(sctp.connect(loop, at, 15), -EINVAL);
  EQUAL(sctp.connect(loop, at, length - 1), -EINVAL);
  EQUAL(sctp.connect(loop, at, length + 8), -EINVAL);
  EQUAL(sctp.listen(loop, at, length), -EINVAL); /* has a remote address */

  struct netsctp_request *head = (struct netsctp_request *)bytes;
  head->remote_count = UINT32_MAX;
  EQUAL(sctp.connect(loop, at, length), -EINVAL);
  head->remote_count = 0x33333334; /* times 80 wraps around */
  EQUAL(sctp.connect(loop, at, length), -EINVAL);
  head->remote_count = 0;
  EQUAL(sctp.connect(loop, at, sizeof *head), -EDESTADDRREQ);
  EQUAL(counters().open_handles, 0);
  host_close(host);
}

TEST(options_out_of_range) {
  static const struct {
    uint16_t name;
    int32_t value;
  } wrong[] = {
      {0, 0},
      {99, 1},
      {NETSCTP_OPTION_NO_DELAY, 2},
      {NETSCTP_OPTION_OUTBOUND_STREAMS, 0},
      {NETSCTP_OPTION_INBOUND_STREAMS, 65536},
      {NETSCTP_OPTION_SACK_DELAY, 501},
      {NETSCTP_OPTION_SEND_BUFFER, -1},
      {NETSCTP_OPTION_LOCAL_UDP_PORT, 65536},
      {NETSCTP_OPTION_BACKLOG, 5}, /* not to connect with */
      {NETSCTP_OPTION_IPV6_ONLY, 1},
  };
  struct host *host = host_open();
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    struct request request = {0};
    uint64_t bytes[256];
    add_option(&request, wrong[i].name, wrong[i].value);
    add_remote(&request, "127.0.0.1", 9);
    EQUAL(sctp.connect((uint32_t)host->loop, (uint8_t *)bytes,
                       pack_request(&request, bytes)),
          -EINVAL);
  }
  EQUAL(counters().open_handles, 0);
  host_close(host);
}

TEST(handles_that_never_were) {
  static const uint32_t handles[] = {0,          1,          12345,
                                     0x7fffffff, 0x80000000, 0xffffffff};
  _Alignas(8) static uint8_t buffer[8192];
  for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++) {
    uint32_t handle = handles[i];
    EQUAL(sctp.accept(handle, buffer, sizeof buffer), -EBADF);
    EQUAL(sctp.receive(handle, buffer, sizeof buffer), -EBADF);
    EQUAL(sctp.send(handle, buffer, 24, 1), -EBADF);
    EQUAL(sctp.send_one(handle, buffer, buffer, 1), -EBADF);
    EQUAL(sctp.shutdown(handle), -EBADF);
    EQUAL(sctp.close(handle, NETSCTP_CLOSE_RELEASE), -EBADF);
    EQUAL(sctp.abort(handle, buffer, 1), -EBADF);
    EQUAL(sctp.addresses(handle, NETSCTP_SIDE_LOCAL, buffer, 80), -EBADF);
    EQUAL(set_option(handle, NETSCTP_OPTION_NO_DELAY, 1), -EBADF);
    EQUAL(get_option(handle, NETSCTP_OPTION_NO_DELAY), -EBADF);
  }
}

SOCKET_TEST(closed_handles_stay_stale) {
  struct host *host = host_open();
  _Alignas(8) static uint8_t buffer[8192];
  struct peer *listener = listen_on(host, "127.0.0.1");
  uint32_t stale = listener->handle;
  close_peer(listener, NETSCTP_CLOSE_RELEASE);
  /* More than the table holds back: the slot is used again. */
  for (int i = 0; i < 3000; i++) {
    EQUAL(sctp.close(stale, NETSCTP_CLOSE_ABORT), -EBADF);
    struct peer *fresh = listen_on(host, "127.0.0.1");
    CHECK(fresh->handle != stale);
    close_peer(fresh, NETSCTP_CLOSE_RELEASE);
  }
  EQUAL(sctp.accept(stale, buffer, sizeof buffer), -EBADF);
  EQUAL(sctp.receive(stale, buffer, sizeof buffer), -EBADF);
  EQUAL(get_option(stale, NETSCTP_OPTION_NO_DELAY), -EBADF);
  EQUAL(counters().open_handles, 0);
  host_close(host);
}

SOCKET_TEST(a_listener_is_no_association) {
  struct host *host = host_open();
  _Alignas(8) static uint8_t buffer[8192];
  struct peer *listener = listen_on(host, "127.0.0.1");
  uint32_t handle = listener->handle;
  EQUAL(sctp.receive(handle, buffer, sizeof buffer), -EINVAL);
  EQUAL(sctp.send(handle, buffer, 24, 1), -EINVAL);
  EQUAL(sctp.send_one(handle, buffer, buffer, 1), -EINVAL);
  EQUAL(sctp.shutdown(handle), -EINVAL);
  EQUAL(sctp.addresses(handle, NETSCTP_SIDE_REMOTE, buffer, 800), -ENOTCONN);
  EQUAL(sctp.addresses(handle, 3, buffer, 800), -EINVAL);
  EQUAL(sctp.addresses(handle, NETSCTP_SIDE_LOCAL, buffer, 79), -ENOBUFS);
  EQUAL(sctp.addresses(handle, NETSCTP_SIDE_LOCAL, buffer, 80), 1);
  EQUAL(sctp.accept(handle, buffer, 167), -ENOBUFS);
  EQUAL(sctp.accept(handle, buffer + 4, sizeof buffer - 4), -EINVAL);
  EQUAL(sctp.accept(handle, buffer, sizeof buffer), 0);
  EQUAL(sctp.close(handle, 2), -EINVAL);
  EQUAL(sctp.abort(handle, buffer, 1), -EINVAL);
  host_close(host);
}

SOCKET_TEST(malformed_batches) {
  struct pair pair = pair_open("127.0.0.1");
  uint32_t handle = pair.client->handle;
  _Alignas(8) uint8_t buffer[4096] = {0};
  struct netsctp_outbound *record = (struct netsctp_outbound *)buffer;
  *record = (struct netsctp_outbound){.size = 40, .length = 8};
  EQUAL(sctp.send(handle, buffer, 40, 0), -EINVAL);
  EQUAL(sctp.send(handle, buffer, 40, 2), -EINVAL);
  EQUAL(sctp.send(handle, buffer, 39, 1), -EINVAL);
  EQUAL(sctp.send(handle, buffer, 48, 1), -EINVAL);
  EQUAL(sctp.send(handle, buffer + 8, 0, 1), -EINVAL);
  EQUAL(sctp.send(handle, buffer + 4, 40, 1), -EINVAL);
  EQUAL(sctp.send(handle, NULL, 40, 1), -EINVAL);
  record->length = 9;
  EQUAL(sctp.send(handle, buffer, 40, 1), -EINVAL);
  record->length = UINT32_MAX;
  EQUAL(sctp.send(handle, buffer, 40, 1), -EINVAL);
  *record = (struct netsctp_outbound){.size = 38, .length = 4};
  EQUAL(sctp.send(handle, buffer, 38, 1), -EINVAL);
  *record = (struct netsctp_outbound){.size = 40, .length = 8, .flags = 32};
  EQUAL(sctp.send(handle, buffer, 40, 1), -EINVAL);
  EQUAL(sctp.send_one(handle, buffer, buffer, 1), -EINVAL);
  record->flags = 0;
  EQUAL(sctp.send_one(handle, buffer, NULL, 1), -EINVAL);
  record->policy = NETSCTP_POLICY_PRIORITY + 1;
  EQUAL(sctp.send(handle, buffer, 40, 1), -EINVAL);
  record->policy = NETSCTP_POLICY_NONE;
  record->flags = NETSCTP_FLAG_DESTINATION; /* and no address */
  EQUAL(sctp.send(handle, buffer, 40, 1), -EINVAL);
  EQUAL(sctp.send_one(handle, buffer, buffer, 1), -EADDRNOTAVAIL);
  record->size = 128;
  record->length = 16;
  EQUAL(sctp.send(handle, buffer, 128, 1), -EADDRNOTAVAIL);
  record->length = 17; /* one more than there is behind the address */
  EQUAL(sctp.send(handle, buffer, 128, 1), -EINVAL);
  EQUAL(sctp.receive(handle, buffer, 4095), -ENOBUFS);
  EQUAL(sctp.receive(handle, buffer + 4, 4092), -EINVAL);
  EQUAL(sctp.receive(handle, NULL, 4096), -EINVAL);
  EQUAL(sctp.accept(handle, buffer, sizeof buffer), -EINVAL);
  EQUAL(sctp.addresses(handle, NETSCTP_SIDE_REMOTE, buffer, 40), -ENOBUFS);
  pair_close(&pair);
}
