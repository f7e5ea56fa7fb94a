/* How an association and its paths are. */
#include "host.h"

static struct netsctp_status status_of(const struct peer *peer) {
  _Alignas(8) struct netsctp_status status;
  EQUAL(sctp.status(peer->handle, (uint8_t *)&status, sizeof status), 0);
  return status;
}

static int32_t try_status(uint32_t handle) {
  _Alignas(8) struct netsctp_status status;
  return sctp.status(handle, (uint8_t *)&status, sizeof status);
}

static int32_t try_paths(uint32_t handle) {
  _Alignas(8) struct netsctp_path paths[4];
  return sctp.paths(handle, (uint8_t *)paths, sizeof paths);
}

/* A kernel without sctp_diag tells half of it, and says so. */
static void needs_all(struct netsctp_status status) {
  if (status.known)
    return;
  CHECK(is_kernel());
  CHECK(status.max_burst > 0 && status.peer_rwnd > 0);
  EQUAL(status.state, NETSCTP_ASSOC_STATUS_ESTABLISHED);
  EQUAL(status.tag, 0);
  EQUAL(status.peer_tag, 0);
  EQUAL(status.rwnd, 0);
  EQUAL(status.peer_capabilities, 0);
  skip("this kernel has no sctp_diag");
}

/* Either side's view of the other. */
static void check_views(const struct peer *one, const struct peer *other) {
  struct netsctp_status a = status_of(one), b = status_of(other);
  needs_all(a);
  EQUAL(a.known, 1);
  EQUAL(a.state, NETSCTP_ASSOC_STATUS_ESTABLISHED);
  CHECK(a.tag != 0);
  EQUAL(a.tag, b.peer_tag);
  EQUAL(a.outbound_streams, b.inbound_streams);
  CHECK(a.rwnd > 0);
  EQUAL(a.rwnd, b.peer_rwnd);
  EQUAL(a.unacknowledged, 0);
  EQUAL(a.pending, 0);
  EQUAL(a.incoming_queue, 0);
  EQUAL(a.outgoing_queue, 0);
  EQUAL(a.overall_error, 0);
  CHECK(a.max_burst > 0);
  CHECK(a.fragmentation_point >= 1200 && a.fragmentation_point <= 65535);
  CHECK(a.max_segment >= a.fragmentation_point && a.max_segment <= 65535);
  CHECK(a.peer_capabilities & (1 << 1)); /* PR-SCTP: all have it */
  if (!is_kernel()) /* ECN, of which UDP sockets see no marks */
    EQUAL(a.peer_capabilities & (1 << 6), 0);
}

static void check_fresh(const char *address) {
  struct pair pair = pair_open(address);
  check_views(pair.client, pair.server);
  check_views(pair.server, pair.client);
  pair_close(&pair);
}

SOCKET_TEST(status_over_ipv4) { check_fresh("127.0.0.1"); }
SOCKET_TEST(status_over_ipv6) {
  needs_ipv6();
  check_fresh("::1");
}

/* The accepted socket is of either family, has all of the machine's addresses,
 * and the peer knows it by one of them. */
SOCKET_TEST(status_of_a_socket_bound_to_any) {
  struct host *host = host_open();
  struct request request = {0};
  add_option(&request, NETSCTP_OPTION_OUTBOUND_STREAMS, 7);
  struct peer *listener =
      adopt(host, (uint32_t)try_listen(host, &request), true);
  struct peer *client = connect_to(host, "127.0.0.1", port_of(listener));
  struct peer *server = accept_one(listener);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  check_views(client, server);
  check_views(server, client);
  EQUAL(status_of(server).outbound_streams, 7);
  host_close(host);
}

SOCKET_TEST(status_of_what_has_none) {
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  struct peer *client = connect_to(host, "127.0.0.1", port_of(listener));
  /* Whatever the stack knows already, UP was not yet received. */
  EQUAL(try_status(client->handle), -ENOTCONN);
  EQUAL(try_paths(client->handle), -ENOTCONN);
  EQUAL(try_status(listener->handle), -EINVAL);
  EQUAL(try_paths(listener->handle), -EINVAL);
  struct peer *server = accept_one(listener);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  EQUAL(try_status(client->handle), 0);
  EQUAL(try_paths(client->handle), 1);

  _Alignas(8) uint8_t room[sizeof(struct netsctp_status)];
  EQUAL(sctp.status(client->handle, room, sizeof room - 1), -ENOBUFS);
  EQUAL(sctp.status(client->handle, room + 1, sizeof room), -EINVAL);
  EQUAL(sctp.paths(client->handle, room, sizeof(struct netsctp_path) - 1),
        -ENOBUFS);

  EQUAL(sctp.shutdown(server->handle), 0);
  UNTIL(host, client->has_ended && server->has_ended);
  EQUAL(try_status(client->handle), -ENOTCONN);
  EQUAL(try_paths(client->handle), -ENOTCONN);
  uint32_t stale = client->handle;
  close_peer(client, NETSCTP_CLOSE_RELEASE);
  EQUAL(try_status(stale), -EBADF);
  EQUAL(try_paths(stale), -EBADF);
  host_close(host);
}

SOCKET_TEST(status_after_an_abort) {
  struct pair pair = pair_open("127.0.0.1");
  close_peer(pair.server, NETSCTP_CLOSE_ABORT);
  UNTIL(pair.host, pair.client->error);
  EQUAL(try_status(pair.client->handle), -ENOTCONN);
  EQUAL(try_paths(pair.client->handle), -ENOTCONN);
  pair_close(&pair);
}

/* What a peer that does not read leaves behind is seen on both sides. */
SOCKET_TEST(status_tells_what_waits) {
  enum { LENGTH = 5000 };
  static const uint8_t bytes[LENGTH];
  struct pair pair = pair_open("127.0.0.1");
  needs_all(status_of(pair.server));
  uint32_t window = status_of(pair.server).rwnd;
  pair.server->is_paused = true;
  for (bool is_full = false; !is_full;) { /* of both sides' buffers */
    is_full = send_big(pair.client, 0, bytes, LENGTH) != 1;
    while (send_big(pair.client, 0, bytes, LENGTH) == 1)
      continue;
    while (host_turn(pair.host, 50))
      continue;
  }
  struct netsctp_status client = status_of(pair.client);
  struct netsctp_status server = status_of(pair.server);
  CHECK(client.unacknowledged + client.outgoing_queue > 0);
  CHECK(client.peer_rwnd < window);
  CHECK(server.rwnd < window);
  pair.server->is_paused = false;
  drain(pair.server);
  UNTIL(pair.host, status_of(pair.client).outgoing_queue == 0);
  UNTIL(pair.host, status_of(pair.client).unacknowledged == 0);
  pair_close(&pair);
}

SOCKET_TEST(status_of_a_shutdown) {
  static const uint8_t bytes[5000];
  struct pair pair = pair_open("127.0.0.1");
  pair.server->is_paused = true;
  while (send_big(pair.client, 0, bytes, sizeof bytes) == 1)
    continue;
  EQUAL(sctp.shutdown(pair.client->handle), 0);
  EQUAL(status_of(pair.client).state, NETSCTP_ASSOC_STATUS_SHUTDOWN_PENDING);
  pair_close(&pair);
}

/* ------------------------------------------------ paths */

static const struct netsctp_path *path_to(const struct netsctp_path *paths,
                                          int32_t count, const char *address) {
  for (int32_t i = 0; i < count; i++)
    if (paths[i].address.text_length == strlen(address) &&
        memcmp(paths[i].address.text, address, strlen(address)) == 0)
      return &paths[i];
  fail(__FILE__, __LINE__, "there is no path to %s", address);
}

static void check_active(const struct peer *peer, uint32_t count,
                         const char *const *addresses) {
  _Alignas(8) struct netsctp_path paths[8];
  EQUAL(sctp.paths(peer->handle, (uint8_t *)paths, sizeof paths), count);
  for (uint32_t i = 0; i < count; i++) {
    const struct netsctp_path *path =
        path_to(paths, (int32_t)count, addresses[i]);
    EQUAL(path->state, NETSCTP_PATH_STATUS_ACTIVE);
    CHECK(path->address.port != 0);
    CHECK(path->cwnd >= 4380); /* RFC 9260 section 7.2.1 */
    CHECK(path->rto_ms > 0 && path->rto_ms <= 60000);
    CHECK(path->srtt_ms < 10000);
    CHECK(path->mtu >= 1280 && path->mtu <= 65536);
  }
  EQUAL(sctp.paths(peer->handle, (uint8_t *)paths,
                   (count - 1) * (uint32_t)sizeof paths[0]),
        -ENOBUFS);
  _Alignas(8) struct netsctp_address primary[8];
  EQUAL(sctp.addresses(peer->handle, NETSCTP_SIDE_REMOTE, (uint8_t *)primary,
                       sizeof primary),
        count);
  CHECK(memcmp(&primary[0], &paths[0].address, sizeof primary[0]) == 0);
}

static void check_local(const struct peer *peer, uint32_t count,
                        const char *const *addresses) {
  _Alignas(8) struct netsctp_address local[8];
  EQUAL(sctp.addresses(peer->handle, NETSCTP_SIDE_LOCAL, (uint8_t *)local,
                       sizeof local),
        count);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t at = 0;
    while (at < count &&
           (local[at].text_length != strlen(addresses[i]) ||
            memcmp(local[at].text, addresses[i], strlen(addresses[i]))))
      at++;
    CHECK(at < count);
    EQUAL(local[at].port, local[0].port);
  }
}

static void check_confirmed(const struct peer *peer) {
  const struct netsctp_notification *last =
      &LAST(peer, NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE);
  EQUAL(last->state, NETSCTP_PATH_CONFIRMED);
  EQUAL(last->error, 0);
  CHECK(last->address.port != 0);
}

static bool are_all_active(const struct peer *peer, int32_t count) {
  _Alignas(8) struct netsctp_path paths[8];
  if (sctp.paths(peer->handle, (uint8_t *)paths, sizeof paths) != count)
    return false;
  while (count--)
    if (paths[count].state != NETSCTP_PATH_STATUS_ACTIVE)
      return false;
  return true;
}

/* Both ends at all the addresses, of which the client names the first few. What
 * the user names counts as confirmed, and so does where the handshake came
 * from; the others are by their first heartbeat (RFC 9260 section 5.4). */
static void check_paths(uint32_t count, const char *const *addresses,
                        uint32_t named) {
  struct host *host = host_open();
  struct request request = {0};
  for (uint32_t i = 0; i < count; i++)
    add_local(&request, addresses[i], 0);
  int32_t handle = try_listen(host, &request);
  if (handle < 0)
    fail(__FILE__, __LINE__, "listen gives %d", handle);
  struct peer *listener = adopt(host, (uint32_t)handle, true);
  for (uint32_t i = 0; i < named; i++)
    add_remote(&request, addresses[i], port_of(listener));
  handle = try_connect(host, &request);
  if (handle < 0)
    fail(__FILE__, __LINE__, "connect gives %d", handle);
  struct peer *client = adopt(host, (uint32_t)handle, false);
  struct peer *server = accept_one(listener);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  UNTIL(host, are_all_active(client, (int32_t)count));
  UNTIL(host, are_all_active(server, (int32_t)count));
  if (count > 1)
    check_confirmed(server);
  if (count > named)
    check_confirmed(client);
  check_active(client, count, addresses);
  check_active(server, count, addresses);
  check_local(listener, count, addresses);
  _Alignas(8) struct netsctp_address bound[8];
  EQUAL(sctp.addresses(listener->handle, NETSCTP_SIDE_LOCAL, (uint8_t *)bound,
                       sizeof bound),
        count);
  for (uint32_t i = 0; i < count; i++) /* in the order they were bound */
    CHECK(memcmp(bound[i].text, addresses[i], strlen(addresses[i])) == 0);
  check_local(client, count, addresses);
  check_local(server, count, addresses);
  EQUAL(send_text(client, 0, 0, "over all of them"), 1);
  UNTIL(host, server->message_count == 1);
  host_close(host);
}

static const char *const all[] = {"127.0.0.1", "127.0.0.2", "::1"};

SOCKET_TEST(one_path) { check_paths(1, all, 1); }
SOCKET_TEST(two_paths) { check_paths(2, all, 2); }
SOCKET_TEST(two_paths_of_which_one_is_named) { check_paths(2, all, 1); }
SOCKET_TEST(paths_of_both_families) {
  needs_ipv6();
  check_paths(3, all, 3);
}
SOCKET_TEST(paths_of_both_families_of_which_one_is_named) {
  needs_ipv6();
  check_paths(3, all, 1);
}
