/* How an association and its paths are. */
#include "host.h"

static struct netsctp_status status_of(const struct peer *peer) {
  _Alignas(8) struct netsctp_status status;
  EQUAL(sctp.status(peer->handle, (uint8_t *)&status, sizeof status), 0);
  return status;
}

SOCKET_TEST(status_of_a_fresh_association) {
  struct pair pair = pair_open("127.0.0.1");
  struct netsctp_status client = status_of(pair.client);
  struct netsctp_status server = status_of(pair.server);
  EQUAL(client.state, NETSCTP_ASSOC_STATUS_ESTABLISHED);
  EQUAL(server.state, NETSCTP_ASSOC_STATUS_ESTABLISHED);
  EQUAL(client.known, 1);
  CHECK(client.tag != 0);
  EQUAL(client.tag, server.peer_tag);
  EQUAL(client.peer_tag, server.tag);
  CHECK(client.rwnd > 0 && client.peer_rwnd > 0);
  _Alignas(8) struct netsctp_path path;
  EQUAL(sctp.paths(pair.client->handle, (uint8_t *)&path, sizeof path), 1);
  EQUAL(path.state, NETSCTP_PATH_STATUS_ACTIVE);
  pair_close(&pair);
}
