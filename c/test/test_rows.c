/* Options of every kind and scope, by rows that only tests have (rows/): what
 * the next row of sctp_options.def may be, all of it goes through the code that
 * serves the rows there are. */
#define NETSCTP_TEST_OPTIONS "test/rows/options.def"
#include "host.h"

#define ROW(name) NETSCTP_OPTION_ROW_##name

static int32_t get_scoped(uint32_t handle, uint32_t name, uint32_t scope) {
  struct request request = {0};
  _Alignas(8) struct netsctp_option out[8];
  add_scoped(&request, name, scope, 0);
  const int32_t result = inspect(handle, &request, out);
  return result < 0 ? result : out[0].value;
}

/* ------------------------------------------------ association */

/* 0 is a value in all of this struct: it has to be read before it is written.
 */
ROWS_TEST(a_row_leaves_the_others_of_its_struct_as_they_are) {
  struct pair pair = pair_open("127.0.0.1");
  const uint32_t handle = pair.client->handle;
  EQUAL(set_option(handle, ROW(SEND_STREAM), 3), 0);
  EQUAL(set_option(handle, ROW(SEND_CONTEXT), 70000), 0);
  EQUAL(get_option(handle, ROW(SEND_STREAM)), 3);
  EQUAL(set_option(handle, ROW(SEND_STREAM), 0), 0);
  EQUAL(get_option(handle, ROW(SEND_STREAM)), 0);
  EQUAL(get_option(handle, ROW(SEND_CONTEXT)), 70000);
  pair_close(&pair);
}

/* Of three rows that share a struct, the stack dislikes one: Linux a flag that
 * it does not know, usrsctp a stream that there is not. */
ROWS_TEST(the_row_that_was_refused_is_named) {
  struct pair pair = pair_open("127.0.0.1");
  const int32_t stream = is_kernel() ? 3 : 65535;
  const int32_t flags = is_kernel() ? 0x800 : 0;
  for (int last = 0; last < 2; last++) {
    struct request request = {0};
    if (last)
      add_option(&request, ROW(SEND_CONTEXT), 70000);
    add_option(&request, ROW(SEND_STREAM), stream);
    add_option(&request, ROW(SEND_FLAGS), flags);
    if (!last)
      add_option(&request, ROW(SEND_CONTEXT), 70000);
    EQUAL(configure(pair.client->handle, &request), -EINVAL);
    SAYS(is_kernel()
             ? "the kernel's stack refuses ROW_SEND_FLAGS 2048: change it, "
               "or leave it out"
             : "the userspace stack refuses ROW_SEND_STREAM 65535: "
               "change it, or leave it out");
    EQUAL(get_option(pair.client->handle, ROW(SEND_CONTEXT)), 0);
  }
  pair_close(&pair);
}

/* Either is fine by itself (RFC 7829 section 5). */
SOCKET_TEST(rows_that_do_not_go_together_are_all_named_and_none_is_set) {
  if (!is_kernel())
    skip("no two of this stack's options exclude each other");
  struct pair pair = pair_open("127.0.0.1");
  const uint32_t handle = pair.client->handle;
  const uint32_t switchover = NETSCTP_OPTION_PRIMARY_SWITCHOVER;
  EQUAL(set_option(handle, NETSCTP_OPTION_POTENTIALLY_FAILED, 1), 0);
  const int32_t before = get_option(handle, switchover);
  struct request request = {0};
  add_option(&request, NETSCTP_OPTION_POTENTIALLY_FAILED, 5);
  add_option(&request, switchover, 3);
  EQUAL(configure(handle, &request), -EINVAL);
  SAYS("refuses sctp.retransmissions.potentiallyFailed 5, "
       "sctp.retransmissions.primarySwitchover 3: they do not go together, or "
       "more than one is wrong");
  EQUAL(get_option(handle, NETSCTP_OPTION_POTENTIALLY_FAILED), 1);
  EQUAL(get_option(handle, switchover), before);
  EQUAL(set_option(handle, NETSCTP_OPTION_POTENTIALLY_FAILED, 5), 0);
  EQUAL(set_option(handle, switchover, 5), 0);
  pair_close(&pair);
}

/* What a path's struct says is not the same for all paths: it is not read, and
 * so cannot be taken back. */
ROWS_TEST(nothing_is_tried_of_what_cannot_be_taken_back) {
  struct pair pair = pair_open("127.0.0.1");
  const uint32_t handle = pair.client->handle;
  struct request request = {0};
  add_option(&request, NETSCTP_OPTION_HEARTBEAT_INTERVAL, 12000);
  add_option(&request, NETSCTP_OPTION_HEARTBEAT, 0);
  EQUAL(configure(handle, &request), 0);
  request = (struct request){0};
  add_option(&request, NETSCTP_OPTION_HEARTBEAT_INTERVAL, 9000);
  add_option(&request, ROW(BOTH_PMTUD), 1);
  EQUAL(configure(handle, &request), -EINVAL);
  SAYS("refuses sctp.heartbeat 9000, ROW_BOTH_PMTUD 1: they do not go "
       "together, or more than one is wrong");
  EQUAL(get_option(handle, NETSCTP_OPTION_HEARTBEAT_INTERVAL), 12000);
  EQUAL(get_option(handle, NETSCTP_OPTION_HEARTBEAT), 0);
  pair_close(&pair);
}

/* ------------------------------------------------ paths */

/* Before there is an association a stack would set it of all paths, or for
 * nothing. */
ROWS_TEST(rows_of_paths_and_streams_need_an_association) {
  static const uint32_t rows[] = {NETSCTP_OPTION_HEARTBEAT_INTERVAL,
                                  ROW(STREAM_VALUE)};
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  for (int i = 0; i < 2; i++) {
    struct request request = {0};
    add_local(&request, "127.0.0.1", 0);
    add_remote(&request, "127.0.0.1", port_of(listener));
    add_scoped(&request, rows[i], 1, 9000);
    EQUAL(try_connect(host, &request), -EINVAL);
    SAYS("is for an association that is up");
    EQUAL(try_listen(host, &request), -EINVAL);
    request.head.local_count = 0;
    EQUAL(configure(listener->handle, &request), -EINVAL);
    SAYS("is for an association that is up");
  }
  host_close(host);
}

/* Two paths; the request's remote addresses are theirs. */
static struct pair open_two_paths(struct request *paths) {
  *paths = (struct request){0};
  add_remote(paths, "127.0.0.1", 0); /* the peer's port is known */
  add_remote(paths, "127.0.0.2", 0);
  return pair_of_two_paths();
}

static int32_t interval_of(uint32_t handle, const struct request *paths,
                           uint32_t path) {
  struct request request = *paths;
  _Alignas(8) struct netsctp_option out[8];
  add_scoped(&request, NETSCTP_OPTION_HEARTBEAT_INTERVAL, path, 0);
  CHECK(inspect(handle, &request, out) > 0);
  return out[0].value;
}

ROWS_TEST(a_number_of_one_path) {
  struct request paths;
  struct pair pair = open_two_paths(&paths);
  const uint32_t handle = pair.client->handle;
  EQUAL(set_option(handle, NETSCTP_OPTION_HEARTBEAT_INTERVAL, 7000), 0);
  EQUAL(interval_of(handle, &paths, 2), 7000);

  struct request request = paths;
  add_scoped(&request, NETSCTP_OPTION_HEARTBEAT_INTERVAL, 2, 9000);
  EQUAL(configure(handle, &request), 0);
  EQUAL(interval_of(handle, &paths, 1), 7000);
  EQUAL(interval_of(handle, &paths, 2), 9000);

  /* Two paths at once: they share a socket option, and no struct. */
  request = paths;
  add_scoped(&request, NETSCTP_OPTION_HEARTBEAT_INTERVAL, 1, 11000);
  add_scoped(&request, NETSCTP_OPTION_HEARTBEAT_INTERVAL, 2, 12000);
  EQUAL(configure(handle, &request), 0);
  EQUAL(interval_of(handle, &paths, 1), 11000);
  EQUAL(interval_of(handle, &paths, 2), 12000);

  /* The end that accepted, to which the client has one address. */
  request = (struct request){0};
  add_remote(&request, "127.0.0.1", 0);
  add_scoped(&request, NETSCTP_OPTION_HEARTBEAT_INTERVAL, 1, 9000);
  EQUAL(configure(pair.server->handle, &request), 0);
  EQUAL(interval_of(pair.server->handle, &request, 1), 9000);

  request = (struct request){0};
  add_remote(&request, "127.0.0.9", 0);
  add_scoped(&request, NETSCTP_OPTION_HEARTBEAT_INTERVAL, 1, 9000);
  EQUAL(configure(handle, &request), -EINVAL);
  SAYS("sctp.heartbeat 9000 of 127.0.0.9");
  pair_close(&pair);
}

static void check_primary(const struct peer *peer, const char *address) {
  _Alignas(8) struct netsctp_address addresses[4];
  EQUAL(sctp.addresses(peer->handle, NETSCTP_SIDE_REMOTE, (uint8_t *)addresses,
                       sizeof addresses),
        2);
  if (addresses[0].text_length != strlen(address) ||
      memcmp(addresses[0].text, address, addresses[0].text_length) != 0)
    fail(__FILE__, __LINE__, "the primary path is %.*s, not %s",
         (int)addresses[0].text_length, addresses[0].text, address);
}

ROWS_TEST(a_verb_of_one_path) {
  struct request paths;
  struct pair pair = open_two_paths(&paths);
  check_primary(pair.client, "127.0.0.1");
  for (uint32_t path = 2; path > 0; path--) {
    struct request request = paths;
    add_scoped(&request, NETSCTP_OPTION_PRIMARY, path, 0);
    EQUAL(configure(pair.client->handle, &request), 0);
    check_primary(pair.client, path == 2 ? "127.0.0.2" : "127.0.0.1");
  }
  struct request request = paths;
  _Alignas(8) struct netsctp_option out[8];
  add_scoped(&request, NETSCTP_OPTION_PRIMARY, 1, 0);
  EQUAL(inspect(pair.client->handle, &request, out), -EOPNOTSUPP);
  SAYS("PRIMARY cannot be read");
  pair_close(&pair);
}

/* ------------------------------------------------ streams */

ROWS_TEST(a_number_of_one_stream) {
  struct pair pair = pair_open("127.0.0.1");
  const uint32_t handle = pair.client->handle;
  EQUAL(set_option(handle, ROW(SCHEDULER), is_kernel() ? 1 : 3), 0);
  EQUAL(set_scoped(handle, ROW(STREAM_VALUE), 2, 20), 0);
  EQUAL(set_scoped(handle, ROW(STREAM_VALUE), 4, 40), 0);
  EQUAL(get_scoped(handle, ROW(STREAM_VALUE), 2), 20);
  EQUAL(get_scoped(handle, ROW(STREAM_VALUE), 4), 40);
  EQUAL(set_scoped(handle, ROW(STREAM_VALUE), 65535, 40), -EINVAL);
  SAYS("ROW_STREAM_VALUE 40 of 65535");
  pair_close(&pair);
}
