/* Listening, connecting, accepting, and who is at either end. */
#include "host.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/resource.h>

static void check_pair(const char *address, uint16_t family) {
  struct pair pair = pair_open(address);
  _Alignas(8) struct netsctp_address remote[16];
  uint16_t port = port_of(pair.listener);

  EQUAL(pair.client->first_kind, NETSCTP_KIND_NOTIFICATION);
  const struct netsctp_notification *up =
      &LAST(pair.client, NETSCTP_NOTIFICATION_ASSOC_CHANGE);
  CHECK(up->outbound_streams > 0 && up->inbound_streams > 0);

  const struct netsctp_accepted *accepted = &pair.server->accepted_as;
  EQUAL(accepted->outbound_streams, up->inbound_streams);
  EQUAL(accepted->inbound_streams, up->outbound_streams);
  EQUAL(accepted->local.family, family);
  EQUAL(accepted->local.port, port);
  EQUAL(accepted->remote.family, family);
  CHECK(accepted->remote.port != 0);
  EQUAL(accepted->local.text_length, strlen(address));
  CHECK(memcmp(accepted->local.text, address, strlen(address)) == 0);

  CHECK(sctp.addresses(pair.client->handle, NETSCTP_SIDE_REMOTE,
                       (uint8_t *)remote, sizeof remote) >= 1);
  EQUAL(remote[0].family, family);
  EQUAL(remote[0].port, port);
  CHECK(memcmp(remote[0].text, address, strlen(address)) == 0);
  EQUAL(port_of(pair.client), accepted->remote.port);
  pair_close(&pair);
}

SOCKET_TEST(ipv4) { check_pair("127.0.0.1", NETSCTP_FAMILY_IPV4); }
SOCKET_TEST(ipv6) {
  needs_ipv6();
  check_pair("::1", NETSCTP_FAMILY_IPV6);
}

SOCKET_TEST(any_address_takes_both_families) {
  struct host *host = host_open();
  struct request request = {0};
  int32_t handle = try_listen(host, &request);
  CHECK(handle > 0);
  struct peer *listener = adopt(host, (uint32_t)handle, true);
  _Alignas(8) struct netsctp_address local;
  EQUAL(sctp.addresses(listener->handle, NETSCTP_SIDE_LOCAL, (uint8_t *)&local,
                       sizeof local),
        1);
  const char *any = has_ipv6() ? "::" : "0.0.0.0";
  EQUAL(local.text_length, strlen(any));
  CHECK(memcmp(local.text, any, strlen(any)) == 0);

  connect_to(host, "127.0.0.1", local.port);
  struct peer *four = accept_one(listener);
  EQUAL(four->accepted_as.remote.family, NETSCTP_FAMILY_IPV4);
  EQUAL(four->accepted_as.local.family, NETSCTP_FAMILY_IPV4);
  CHECK(memcmp(four->accepted_as.local.text, "127.0.0.1", 9) == 0);
  if (!has_ipv6()) {
    host_close(host);
    return;
  }
  connect_to(host, "::1", local.port);
  struct peer *six = accept_one(listener);
  EQUAL(six->accepted_as.remote.family, NETSCTP_FAMILY_IPV6);
  CHECK(memcmp(six->accepted_as.local.text, "::1", 3) == 0);
  host_close(host);
}

SOCKET_TEST(ipv6_only_leaves_ipv4_free) {
  needs_ipv6();
  struct host *host = host_open();
  struct request request = {0};
  add_local(&request, "::", 0);
  add_option(&request, NETSCTP_OPTION_IPV6_ONLY, 1);
  int32_t handle = try_listen(host, &request);
  CHECK(handle > 0);
  struct peer *listener = adopt(host, (uint32_t)handle, true);
  struct request four = {0};
  add_local(&four, "127.0.0.1", port_of(listener));
  CHECK(try_listen(host, &four) > 0);
  host_close(host);
}

SOCKET_TEST(mapped_address_is_the_ipv4_address) {
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "::ffff:127.0.0.1");
  struct peer *client = connect_to(host, "::ffff:127.0.0.1", port_of(listener));
  struct peer *server = accept_one(listener);
  EQUAL(server->accepted_as.local.family, NETSCTP_FAMILY_IPV4);
  EQUAL(server->accepted_as.local.text_length, 9);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  host_close(host);
}

SOCKET_TEST(bad_addresses) {
  static const char *const wrong[] = {
      "localhost",        "1.2.3", "::1::",   "::1%",
      "fe80::1%nosuchif", "",      "1.2.3.4 "};
  struct host *host = host_open();
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
    struct request request = {0};
    add_remote(&request, wrong[i], 5);
    EQUAL(try_connect(host, &request), -EINVAL);
    struct request local = {0};
    add_local(&local, wrong[i], 0);
    EQUAL(try_listen(host, &local), -EINVAL);
  }
  struct request too_long = {0};
  add_remote(&too_long, "1.2.3.4", 5);
  too_long.remote[0].text_length = 73;
  EQUAL(try_connect(host, &too_long), -EINVAL);
  struct request not_ours = {0};
  add_local(&not_ours, "192.0.2.77", 0); /* RFC 5737: nobody's */
  EQUAL(try_listen(host, &not_ours), -EADDRNOTAVAIL);
  EQUAL(counters().open_handles, 0);
  host_close(host);
}

SOCKET_TEST(port_taken) {
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  uint16_t port = port_of(listener);
  struct request request = {0};
  add_local(&request, "127.0.0.1", port);
  EQUAL(try_listen(host, &request), -EADDRINUSE);
  close_peer(listener, NETSCTP_CLOSE_RELEASE);
  CHECK(try_listen(host, &request) > 0); /* free again at once */
  host_close(host);
}

SOCKET_TEST(refused) {
  struct host *host = host_open();
  /* A port that was free a moment ago, on a stack that is alive. */
  struct peer *alive = listen_on(host, "127.0.0.1");
  struct peer *gone = listen_on(host, "127.0.0.1");
  uint16_t port = port_of(gone);
  close_peer(gone, NETSCTP_CLOSE_RELEASE);
  struct peer *client = connect_to(host, "127.0.0.1", port);
  EQUAL(sctp.shutdown(client->handle), -ENOTCONN);
  EQUAL(send_text(client, 0, 0, "early"), -ENOTCONN);
  UNTIL(host, client->error);
  EQUAL(client->error, ECONNREFUSED);
  EQUAL(client->reason.by, NETSCTP_BY_PEER);
  EQUAL(client->states[NETSCTP_ASSOC_UP], 0);
  int records = client->records;
  drain(client); /* an error comes once */
  EQUAL(client->records, records);
  EQUAL(sctp.shutdown(client->handle), -ENOTCONN);
  close_peer(client, NETSCTP_CLOSE_RELEASE);
  close_peer(alive, NETSCTP_CLOSE_RELEASE);
  EQUAL(counters().open_handles, 0);
  host_close(host);
}

SOCKET_TEST(connecting_can_be_given_up) {
  struct host *host = host_open();
  struct request request = {0};
  add_remote(&request, "192.0.2.77", 9);
  int32_t handle = try_connect(host, &request);
  /* A machine without any route says so at once. */
  if (handle < 0)
    CHECK(handle == -ENETUNREACH || handle == -EHOSTUNREACH);
  else
    EQUAL(sctp.close((uint32_t)handle, NETSCTP_CLOSE_RELEASE), 0);
  EQUAL(counters().open_handles, 0);
  host_close(host);
}

SOCKET_TEST(several_addresses) {
  needs_ipv6();
  struct host *host = host_open();
  struct request request = {0};
  add_local(&request, "127.0.0.1", 0);
  add_local(&request, "::1", 0);
  int32_t handle = try_listen(host, &request);
  if (handle < 0)
    fail(__FILE__, __LINE__, "listen gives %d", handle);
  struct peer *listener = adopt(host, (uint32_t)handle, true);
  _Alignas(8) struct netsctp_address local[4];
  EQUAL(sctp.addresses(listener->handle, NETSCTP_SIDE_LOCAL, (uint8_t *)local,
                       sizeof local),
        2);
  EQUAL(local[0].port, local[1].port);
  EQUAL(local[0].family + local[1].family,
        NETSCTP_FAMILY_IPV4 + NETSCTP_FAMILY_IPV6);

  struct request both = {0};
  add_local(&both, "127.0.0.1", 0);
  add_local(&both, "::1", 0);
  add_remote(&both, "127.0.0.1", local[0].port);
  add_remote(&both, "::1", local[0].port);
  handle = try_connect(host, &both);
  if (handle < 0)
    fail(__FILE__, __LINE__, "connect gives %d", handle);
  struct peer *client = adopt(host, (uint32_t)handle, false);
  struct peer *server = accept_one(listener);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  _Alignas(8) struct netsctp_address remote[4];
  EQUAL(sctp.addresses(client->handle, NETSCTP_SIDE_REMOTE, (uint8_t *)remote,
                       sizeof remote),
        2);
  EQUAL(sctp.addresses(client->handle, NETSCTP_SIDE_REMOTE, (uint8_t *)remote,
                       sizeof remote[0]),
        -ENOBUFS);
  EQUAL(sctp.addresses(server->handle, NETSCTP_SIDE_REMOTE, (uint8_t *)remote,
                       sizeof remote),
        2);
  host_close(host);
}

/* "fe80::1%eth0" of this machine; false if it has none. */
static bool find_link_local(char out[128]) {
  struct ifaddrs *all, *one;
  CHECK(getifaddrs(&all) == 0);
  for (one = all; one; one = one->ifa_next) {
    const struct sockaddr_in6 *in6 = (const void *)one->ifa_addr;
    if (in6 && in6->sin6_family == AF_INET6 && one->ifa_flags & IFF_UP &&
        IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr))
      break;
  }
  if (one) {
    char text[INET6_ADDRSTRLEN];
    const struct sockaddr_in6 *in6 = (const void *)one->ifa_addr;
    inet_ntop(AF_INET6, &in6->sin6_addr, text, sizeof text);
    snprintf(out, 128, "%s%%%s", text, one->ifa_name);
  }
  freeifaddrs(all);
  return one != NULL;
}

SOCKET_TEST(link_local_address) {
  char address[128];
  if (!find_link_local(address))
    skip("this machine has no link-local address");
  struct pair pair = pair_open(address);
  const struct netsctp_accepted *accepted = &pair.server->accepted_as;
  EQUAL(accepted->local.text_length, strlen(address));
  CHECK(memcmp(accepted->local.text, address, strlen(address)) == 0);
  struct peer *const ends[] = {pair.client, pair.server};
  for (int i = 0; i < 2; i++) {
    _Alignas(8) struct netsctp_address remote[64];
    CHECK(sctp.addresses(ends[i]->handle, NETSCTP_SIDE_REMOTE,
                         (uint8_t *)remote, sizeof remote) >= 1);
    EQUAL(remote[0].text_length, strlen(address));
    CHECK(memcmp(remote[0].text, address, strlen(address)) == 0);
    EQUAL(send_text(ends[i], 0, 0, "hello"), 1);
    UNTIL(pair.host, ends[1 - i]->message_count == 1);
  }
  EQUAL(accepted->remote.text_length, strlen(address));
  CHECK(memcmp(accepted->remote.text, address, strlen(address)) == 0);

  *strchr(address, '%') = 0;
  struct request request = {0};
  add_remote(&request, address, port_of(pair.listener));
  EQUAL(try_connect(pair.host, &request), -EINVAL);
  pair_close(&pair);
}

SOCKET_TEST(ports_must_be_one) {
  struct host *host = host_open();
  struct request request = {0};
  add_local(&request, "127.0.0.1", 30001);
  add_local(&request, "::1", 30002);
  EQUAL(try_listen(host, &request), -EINVAL);
  host_close(host);
}

SOCKET_TEST(streams_are_negotiated) {
  struct host *host = host_open();
  struct request request = {0};
  add_local(&request, "127.0.0.1", 0);
  add_option(&request, NETSCTP_OPTION_INBOUND_STREAMS, 5);
  add_option(&request, NETSCTP_OPTION_OUTBOUND_STREAMS, 30);
  struct peer *listener =
      adopt(host, (uint32_t)try_listen(host, &request), true);
  struct request remote = {0};
  add_remote(&remote, "127.0.0.1", port_of(listener));
  add_option(&remote, NETSCTP_OPTION_OUTBOUND_STREAMS, 20);
  add_option(&remote, NETSCTP_OPTION_INBOUND_STREAMS, 7);
  struct peer *client =
      adopt(host, (uint32_t)try_connect(host, &remote), false);
  struct peer *server = accept_one(listener);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  EQUAL(server->accepted_as.inbound_streams, 5);
  EQUAL(server->accepted_as.outbound_streams, 7);
  EQUAL(get_option(client->handle, NETSCTP_OPTION_OUTBOUND_STREAMS), 5);
  EQUAL(get_option(client->handle, NETSCTP_OPTION_INBOUND_STREAMS), 7);
  EQUAL(send_text(client, 4, 0, "last stream"), 1);
  EQUAL(send_text(client, 5, 0, "no such stream"), -EINVAL);
  UNTIL(host, server->message_count == 1);
  host_close(host);
}

SOCKET_TEST(options_of_an_open_association) {
  struct pair pair = pair_open("127.0.0.1");
  uint32_t handle = pair.client->handle;
  EQUAL(get_option(handle, NETSCTP_OPTION_NO_DELAY), 1);
  EQUAL(get_option(pair.server->handle, NETSCTP_OPTION_NO_DELAY), 1);
  EQUAL(set_option(handle, NETSCTP_OPTION_NO_DELAY, 0), 0);
  EQUAL(get_option(handle, NETSCTP_OPTION_NO_DELAY), 0);
  EQUAL(set_option(handle, NETSCTP_OPTION_SACK_DELAY, 40), 0);
  EQUAL(get_option(handle, NETSCTP_OPTION_SACK_DELAY), 40);
  EQUAL(set_option(handle, NETSCTP_OPTION_SACK_FREQUENCY, 1), 0);
  EQUAL(get_option(handle, NETSCTP_OPTION_SACK_FREQUENCY), 1);
  EQUAL(set_option(handle, NETSCTP_OPTION_SEND_BUFFER, 65536), 0);
  /* The kernel doubles either, and gives the receive buffer headroom. */
  EQUAL(get_option(handle, NETSCTP_OPTION_SEND_BUFFER),
        is_kernel() ? 2 * 65536 : 65536);
  EQUAL(set_option(handle, NETSCTP_OPTION_RECEIVE_BUFFER, 65536), 0);
  EQUAL(get_option(handle, NETSCTP_OPTION_RECEIVE_BUFFER),
        is_kernel() ? 2 * 4 * 65536 : 65536);
  EQUAL(set_option(handle, NETSCTP_OPTION_NO_DELAY, 5), -EINVAL);
  EQUAL(set_option(handle, NETSCTP_OPTION_OUTBOUND_STREAMS, 5), -EOPNOTSUPP);
  EQUAL(set_option(handle, 0, 5), -EINVAL);
  EQUAL(get_option(handle, NETSCTP_OPTION_BACKLOG), -EOPNOTSUPP);
  EQUAL(get_option(handle, 77), -EINVAL);
  pair_close(&pair);
}

SOCKET_TEST(many_connections_at_once) {
  enum { COUNT = 50 };
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  struct peer *clients[COUNT];
  uint16_t port = port_of(listener);
  for (int i = 0; i < COUNT; i++)
    clients[i] = connect_to(host, "127.0.0.1", port);
  for (int i = 0; i < COUNT; i++) {
    struct peer *server = accept_one(listener);
    EQUAL(send_text(server, 0, (uint32_t)i, "hello"), 1);
  }
  for (int i = 0; i < COUNT; i++)
    UNTIL(host, clients[i]->message_count == 1);
  EQUAL(counters().open_handles, 2 * COUNT + 1);
  host_close(host);
  EQUAL(counters().open_handles, 0);
}

/* accept() with room for one: the rest must be told again. */
SOCKET_TEST(accept_with_little_room) {
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  struct peer *clients[3];
  listener->is_paused = true;
  for (int i = 0; i < 3; i++)
    clients[i] = connect_to(host, "127.0.0.1", port_of(listener));
  for (int i = 0; i < 3; i++)
    UNTIL(host, clients[i]->states[NETSCTP_ASSOC_UP]);
  for (int i = 0; i < 3; i++) {
    _Alignas(8) struct netsctp_accepted one;
    UNTIL(host, listener->is_readable);
    listener->is_readable = false;
    EQUAL(sctp.accept(listener->handle, (uint8_t *)&one, sizeof one), 1);
    EQUAL(sctp.close(one.handle, NETSCTP_CLOSE_ABORT), 0);
  }
  host_close(host);
}

/* Out of descriptors: the one that waits is not lost, nor is the listener. */
SOCKET_TEST(accept_without_descriptors) {
  if (!is_kernel())
    skip("an association takes no descriptor in the userspace stack");
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  listener->is_paused = true;
  struct peer *client = connect_to(host, "127.0.0.1", port_of(listener));
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  struct rlimit before, none = {0};
  getrlimit(RLIMIT_NOFILE, &before);
  none.rlim_max = before.rlim_max;
  setrlimit(RLIMIT_NOFILE, &none);
  _Alignas(8) struct netsctp_accepted one;
  EQUAL(sctp.accept(listener->handle, (uint8_t *)&one, sizeof one), -EMFILE);
  setrlimit(RLIMIT_NOFILE, &before);
  EQUAL(sctp.accept(listener->handle, (uint8_t *)&one, sizeof one), 1);
  struct peer *server = adopt(host, one.handle, false);
  EQUAL(send_text(client, 0, 0, "here"), 1);
  drain(server);
  UNTIL(host, server->message_count == 1);
  host_close(host);
}

/* RFC 5737: nobody has 192.0.2.77, so the INITs go unanswered, if anywhere. */
SOCKET_TEST(nobody_answers) {
  if (!is_kernel())
    skip("test_userspace.c has its own");
  struct host *host = host_open();
  struct request request = {0};
  add_remote(&request, "192.0.2.77", 9);
  add_option(&request, NETSCTP_OPTION_INIT_ATTEMPTS, 1);
  add_option(&request, NETSCTP_OPTION_INIT_TIMEOUT, 200);
  int32_t handle = try_connect(host, &request);
  if (handle == -ENETUNREACH || handle == -EHOSTUNREACH)
    skip("this machine has no route to send an unanswered INIT by");
  struct peer *client = adopt(host, (uint32_t)handle, false);
  UNTIL(host, client->error);
  CHECK(client->error == ETIMEDOUT || client->error == EHOSTUNREACH);
  EQUAL(client->reason.by, NETSCTP_BY_NETWORK);
  host_close(host);
}
