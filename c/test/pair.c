/* Two ends of an association that is up: host.h. */
#include "host.h"

struct pair pair_open(const char *address) {
  struct request options = {0};
  add_option(&options, NETSCTP_OPTION_NO_DELAY, 1);
  return pair_with(address, &options);
}

struct pair pair_with(const char *address, const struct request *options) {
  struct request listens = *options, connects = *options;
  struct pair pair = {.host = host_open()};
  add_local(&listens, address, 0);
  const int32_t listener = try_listen(pair.host, &listens);
  CHECK(listener > 0);
  pair.listener = adopt(pair.host, (uint32_t)listener, true);
  add_remote(&connects, address, port_of(pair.listener));
  pair.client =
      adopt(pair.host, (uint32_t)try_connect(pair.host, &connects), false);
  pair.server = accept_one(pair.listener);
  UNTIL(pair.host, pair.client->states[NETSCTP_ASSOC_UP]);
  UNTIL(pair.host, pair.server->states[NETSCTP_ASSOC_UP]);
  return pair;
}

static bool are_confirmed(const struct peer *peer) {
  _Alignas(8) struct netsctp_path paths[4];
  return sctp.paths(peer->handle, (uint8_t *)paths, sizeof paths) == 2 &&
         paths[0].state == NETSCTP_PATH_STATUS_ACTIVE &&
         paths[1].state == NETSCTP_PATH_STATUS_ACTIVE;
}

struct pair pair_of_two_paths(void) {
  struct pair pair = {.host = host_open()};
  struct request request = {0};
  add_local(&request, "127.0.0.1", 0);
  add_local(&request, "127.0.0.2", 0);
  pair.listener =
      adopt(pair.host, (uint32_t)try_listen(pair.host, &request), true);
  pair.client = connect_to(pair.host, "127.0.0.1", port_of(pair.listener));
  pair.server = accept_one(pair.listener);
  UNTIL(pair.host, are_confirmed(pair.client));
  return pair;
}

void pair_close(struct pair *pair) { host_close(pair->host); }
