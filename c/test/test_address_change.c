/* Addresses of an association that come and go (RFC 5061). */
#include "host.h"

#define O(name) NETSCTP_OPTION_##name

static struct pair open_dynamic(const char *address) {
  struct request request = {0};
  add_option(&request, O(AUTHENTICATION), 1);
  add_option(&request, O(DYNAMIC_ADDRESSES), 1);
  return pair_with(address, &request);
}

static int32_t change(const struct peer *peer, uint32_t how,
                      const char *address) {
  struct request request = {0};
  add_local(&request, address, 0);
  add_scoped(&request, how, 1, 0);
  return configure(peer->handle, &request);
}

/* How many there are, and whether this is one. */
static int32_t count(const struct peer *peer, uint32_t side,
                     const char *address, bool *is_there) {
  _Alignas(8) struct netsctp_address list[8];
  const int32_t found =
      sctp.addresses(peer->handle, side, (uint8_t *)list, sizeof list);
  *is_there = false;
  for (int32_t i = 0; i < found; i++)
    *is_there |= list[i].text_length == strlen(address) &&
                 memcmp(list[i].text, address, strlen(address)) == 0;
  return found;
}

static void check_local(const struct peer *peer, int32_t expected,
                        const char *address, bool is_there) {
  bool found;
  EQUAL(count(peer, NETSCTP_SIDE_LOCAL, address, &found), expected);
  EQUAL(found, is_there);
}

static int told(const struct peer *peer, int state) {
  return SEEN(peer, NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE) > 0 &&
         LAST(peer, NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE).state == state;
}

static void check_peer_follows(struct pair *pair, struct peer *changing,
                               struct peer *peer) {
  bool is_there;
  EQUAL(change(changing, O(ADD_ADDRESS), "127.0.0.2"), 0);
  UNTIL(pair->host,
        count(peer, NETSCTP_SIDE_REMOTE, "127.0.0.2", &is_there) == 2);
  CHECK(is_there);
  /* usrsctp has it once the peer has acknowledged it. */
  UNTIL(pair->host,
        count(changing, NETSCTP_SIDE_LOCAL, "127.0.0.2", &is_there) == 2);
  CHECK(is_there);
  EQUAL(change(changing, O(REMOVE_ADDRESS), "127.0.0.1"), 0);
  check_local(changing, 1, "127.0.0.1", false);
  UNTIL(pair->host,
        count(peer, NETSCTP_SIDE_REMOTE, "127.0.0.1", &is_there) == 1 &&
            told(peer, NETSCTP_PATH_REMOVED));
  CHECK(!is_there);
  EQUAL(send_text(changing, 0, 0, "from the new one"), 1);
  EQUAL(send_text(peer, 0, 0, "to the new one"), 1);
  UNTIL(pair->host, changing->message_count == 1 && peer->message_count == 1);
}

SOCKET_TEST(the_peer_follows_where_the_end_that_connected_goes) {
  struct pair pair = open_dynamic("127.0.0.1");
  EQUAL(get_option(pair.client->handle, O(DYNAMIC_ADDRESSES)), 1);
  EQUAL(get_option(pair.server->handle, O(DYNAMIC_ADDRESSES)), 1);
  check_peer_follows(&pair, pair.client, pair.server);
  pair_close(&pair);
}

SOCKET_TEST(the_peer_follows_where_the_end_that_accepted_goes) {
  struct pair pair = open_dynamic("127.0.0.1");
  check_peer_follows(&pair, pair.server, pair.client);
  pair_close(&pair);
}

SOCKET_TEST(an_address_that_cannot_be_is_refused) {
  struct pair pair = open_dynamic("127.0.0.1");
  EQUAL(change(pair.client, O(ADD_ADDRESS), "203.0.113.1"), -EADDRNOTAVAIL);
  CHECK(change(pair.client, O(REMOVE_ADDRESS), "127.0.0.2") < 0);
  CHECK(change(pair.client, O(REMOVE_ADDRESS), "127.0.0.1") < 0);
  EQUAL(change(pair.client, O(ADD_ADDRESS), "no address"), -EINVAL);
  EQUAL(change(pair.client, O(ADD_ADDRESS), "::1"), -EINVAL);
  SAYS("within the IP versions that it began with");
  EQUAL(set_scoped(pair.client->handle, O(ADD_ADDRESS), 1, 0), -EINVAL);
  SAYS("ADD_ADDRESS has no scope 1");
  EQUAL(set_scoped(pair.client->handle, O(ADD_ADDRESS), 0, 0), -EINVAL);
  EQUAL(change(pair.listener, O(ADD_ADDRESS), "127.0.0.2"), -EINVAL);
  SAYS("is for an association that is up");
  check_local(pair.client, 1, "127.0.0.1", true);
  pair_close(&pair);
}

SOCKET_TEST(addresses_change_only_where_they_were_bound_by_name) {
  struct request request = {0};
  add_option(&request, O(AUTHENTICATION), 1);
  add_option(&request, O(DYNAMIC_ADDRESSES), 1);
  struct host *host = host_open();
  struct peer *listener =
      adopt(host, (uint32_t)try_listen(host, &request), true);
  add_remote(&request, "127.0.0.1", port_of(listener));
  struct peer *client =
      adopt(host, (uint32_t)try_connect(host, &request), false);
  struct peer *server = accept_one(listener);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  EQUAL(change(server, O(ADD_ADDRESS), "127.0.0.2"), -EINVAL);
  SAYS("bound to addresses by name");
  EQUAL(change(server, O(REMOVE_ADDRESS), "127.0.0.1"), -EINVAL);
  SAYS("bound to addresses by name");
  host_close(host);
}

/* Nobody waits for an acknowledgement in between. */
SOCKET_TEST(an_address_is_exchanged_at_once) {
  struct pair pair = open_dynamic("127.0.0.1");
  bool is_there;
  EQUAL(change(pair.client, O(ADD_ADDRESS), "127.0.0.2"), 0);
  EQUAL(change(pair.client, O(REMOVE_ADDRESS), "127.0.0.1"), 0);
  EQUAL(send_text(pair.client, 0, 0, "from the new one"), 1);
  /* Not what was told last of a path: the new one may be confirmed after the
   * old one was removed. */
  UNTIL(pair.host,
        count(pair.server, NETSCTP_SIDE_REMOTE, "127.0.0.2", &is_there) == 1 &&
            is_there && pair.server->message_count == 1);
  UNTIL(pair.host,
        count(pair.client, NETSCTP_SIDE_LOCAL, "127.0.0.2", &is_there) == 1);
  CHECK(is_there);
  EQUAL(send_text(pair.server, 0, 0, "to the new one"), 1);
  UNTIL(pair.host, pair.client->message_count == 1);
  pair_close(&pair);
}
