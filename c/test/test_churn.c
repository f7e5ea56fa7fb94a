/* Connecting and closing many times leaves nothing behind. */
#include "host.h"

static void cycle(struct peer *listener, int round) {
  struct host *host = listener->host;
  struct peer *client = connect_to(host, "127.0.0.1", port_of(listener));
  struct peer *server = accept_one(listener);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  EQUAL(send_text(client, 0, 0, "ping"), 1);
  UNTIL(host, server->message_count == 1);
  switch (round % 4) {
  case 0: /* in order */
    EQUAL(sctp.shutdown(client->handle), 0);
    UNTIL(host, client->has_ended && server->has_ended);
    break;
  case 1: /* aborted */
    close_peer(client, NETSCTP_CLOSE_ABORT);
    client = NULL;
    UNTIL(host, server->error);
    break;
  case 2: /* given up by one */
    close_peer(client, NETSCTP_CLOSE_RELEASE);
    client = NULL;
    UNTIL(host, server->has_ended);
    break;
  default: /* given up by both */
    break;
  }
  if (client)
    close_peer(client, NETSCTP_CLOSE_RELEASE);
  close_peer(server, NETSCTP_CLOSE_RELEASE);
}

SOCKET_TEST(five_hundred_cycles) {
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  for (int i = 0; i < 4; i++)
    cycle(listener, i);
  int before = open_descriptors();
  for (int i = 0; i < 500; i++)
    cycle(listener, i);
  EQUAL(open_descriptors(), before);
  EQUAL(counters().open_handles, 1);
  host_close(host);
  EQUAL(counters().open_handles, 0);
}
