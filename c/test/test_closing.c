/* The ends an association can have. */
#include "host.h"

#include <signal.h>

static const char nul[1];

/* One side shuts down; all that both sent arrives, both come to END. */
static void shut_down(bool by_client) {
  struct pair pair = pair_open("127.0.0.1");
  struct peer *first = by_client ? pair.client : pair.server;
  struct peer *second = by_client ? pair.server : pair.client;
  for (int i = 0; i < 50; i++)
    EQUAL(send_text(first, 0, (uint32_t)i, "goodbye"), 1);
  EQUAL(send_text(second, 0, 0, "crossing"), 1);
  EQUAL(sctp.shutdown(first->handle), 0);
  EQUAL(sctp.shutdown(first->handle), 0);
  EQUAL(send_text(first, 0, 0, "too late"), -EPIPE);
  UNTIL(pair.host, second->has_ended);
  UNTIL(pair.host, first->has_ended);
  EQUAL(second->message_count, 50);
  EQUAL(first->message_count, 1);
  EQUAL(SEEN(second, NETSCTP_NOTIFICATION_SHUTDOWN), 1);
  EQUAL(first->error, 0);
  EQUAL(second->error, 0);
  EQUAL(send_text(second, 0, 0, "too late as well"), -EPIPE);
  EQUAL(send_big(second, 0, (const uint8_t *)nul, 1), -EPIPE);
  drain(first); /* END comes once */
  drain(second);
  close_peer(first, NETSCTP_CLOSE_RELEASE);
  close_peer(second, NETSCTP_CLOSE_RELEASE);
  EQUAL(counters().open_handles, 1);
  pair_close(&pair);
}

SOCKET_TEST(client_shuts_down) { shut_down(true); }
SOCKET_TEST(server_shuts_down) { shut_down(false); }

SOCKET_TEST(both_shut_down) {
  struct pair pair = pair_open("127.0.0.1");
  EQUAL(sctp.shutdown(pair.client->handle), 0);
  EQUAL(sctp.shutdown(pair.server->handle), 0);
  UNTIL(pair.host, pair.client->has_ended && pair.server->has_ended);
  pair_close(&pair);
}

/* The peer learns of the SHUTDOWN by sending, before it received it. */
SOCKET_TEST(send_after_the_peers_shutdown) {
  struct pair pair = pair_open("127.0.0.1");
  pair.server->is_paused = true;
  EQUAL(sctp.shutdown(pair.client->handle), 0);
  UNTIL(pair.host, pair.client->has_ended);
  EQUAL(send_text(pair.server, 0, 0, "x"), -EPIPE);
  EQUAL(send_big(pair.server, 0, (const uint8_t *)nul, 1), -EPIPE);
  pair.server->is_paused = false;
  drain(pair.server);
  UNTIL(pair.host, pair.server->has_ended);
  pair_close(&pair);
}

SOCKET_TEST(release_shuts_down_in_the_background) {
  struct pair pair = pair_open("127.0.0.1");
  EQUAL(send_text(pair.client, 0, 0, "one"), 1);
  EQUAL(send_text(pair.client, 0, 0, "two"), 1);
  close_peer(pair.client, NETSCTP_CLOSE_RELEASE);
  UNTIL(pair.host, pair.server->has_ended);
  EQUAL(pair.server->message_count, 2);
  pair_close(&pair);
}

SOCKET_TEST(release_with_unread_data_is_no_abort) {
  struct pair pair = pair_open("127.0.0.1");
  pair.client->is_paused = true;
  for (int i = 0; i < 20; i++)
    EQUAL(send_text(pair.server, 0, 0, "nobody reads this"), 1);
  UNTIL(pair.host, pair.client->is_readable);
  EQUAL(send_text(pair.client, 0, 0, "bye"), 1);
  close_peer(pair.client, NETSCTP_CLOSE_RELEASE);
  UNTIL(pair.host, pair.server->has_ended || pair.server->error);
  EQUAL(pair.server->error, 0);
  EQUAL(pair.server->message_count, 1);
  pair_close(&pair);
}

SOCKET_TEST(abort_is_a_reset) {
  struct pair pair = pair_open("127.0.0.1");
  EQUAL(send_text(pair.client, 0, 0, "before"), 1);
  UNTIL(pair.host, pair.server->message_count == 1);
  close_peer(pair.client, NETSCTP_CLOSE_ABORT);
  UNTIL(pair.host, pair.server->error);
  EQUAL(pair.server->error, ECONNRESET);
  EQUAL(pair.server->states[NETSCTP_ASSOC_LOST], 1);
  /* RFC 9260, 3.3.10.12: user-initiated abort, in host order */
  EQUAL(LAST(pair.server, NETSCTP_NOTIFICATION_ASSOC_CHANGE).error, 12);
  EQUAL(send_text(pair.server, 0, 0, "x"), -EPIPE);
  drain(pair.server);
  pair_close(&pair);
}

/* The error is told to a send first, and still is the end that receive has. */
SOCKET_TEST(reset_noticed_by_sending) {
  struct pair pair = pair_open("127.0.0.1");
  pair.server->is_paused = true;
  pair.server->is_readable = false;
  close_peer(pair.client, NETSCTP_CLOSE_ABORT);
  UNTIL(pair.host, pair.server->is_readable);
  int32_t result = send_text(pair.server, 0, 0, "x");
  CHECK(result == -ECONNRESET || result == -EPIPE);
  result = send_big(pair.server, 0, (const uint8_t *)nul, 1);
  CHECK(result == -ECONNRESET || result == -EPIPE);
  pair.server->is_paused = false;
  drain(pair.server);
  UNTIL(pair.host, pair.server->error || pair.server->has_ended);
  EQUAL(pair.server->error, ECONNRESET);
  pair_close(&pair);
}

SOCKET_TEST(closing_a_loop_aborts) {
  struct host *other = host_open();
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  connect_to(other, "127.0.0.1", port_of(listener));
  struct peer *server = accept_one(listener);
  UNTIL(other, other->peers->states[NETSCTP_ASSOC_UP]);
  host_close(other);
  UNTIL(host, server->error);
  EQUAL(server->error, ECONNRESET);
  host_close(host);
}

SOCKET_TEST(closing_a_listener_aborts_who_waits) {
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  listener->is_paused = true;
  struct peer *client = connect_to(host, "127.0.0.1", port_of(listener));
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  EQUAL(send_text(client, 0, 0, "anyone?"), 1);
  close_peer(listener, NETSCTP_CLOSE_RELEASE);
  UNTIL(host, client->error);
  EQUAL(client->error, ECONNRESET);
  host_close(host);
}

SOCKET_TEST(accepted_outlives_the_listener) {
  struct pair pair = pair_open("127.0.0.1");
  close_peer(pair.listener, NETSCTP_CLOSE_RELEASE);
  EQUAL(send_text(pair.client, 0, 0, "still here"), 1);
  UNTIL(pair.host, pair.server->message_count == 1);
  pair_close(&pair);
}

/* The peer is gone before anybody accepted; its data still counts. */
SOCKET_TEST(peer_that_left_before_accept) {
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  listener->is_paused = true;
  struct peer *client = connect_to(host, "127.0.0.1", port_of(listener));
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  EQUAL(send_text(client, 0, 1, "first"), 1);
  EQUAL(send_text(client, 0, 2, "second"), 1);
  EQUAL(sctp.shutdown(client->handle), 0);
  UNTIL(host, client->has_ended);
  close_peer(client, NETSCTP_CLOSE_RELEASE);

  _Alignas(8) struct netsctp_accepted accepted;
  EQUAL(sctp.accept(listener->handle, (uint8_t *)&accepted, sizeof accepted),
        1);
  struct peer *server = adopt(host, accepted.handle, false);
  drain(server);
  UNTIL(host, server->has_ended);
  EQUAL(server->message_count, 2);
  EQUAL(server->messages[1].ppid, 2);
  EQUAL(server->error, 0);
  _Alignas(8) struct netsctp_address remote[16];
  CHECK(sctp.addresses(server->handle, NETSCTP_SIDE_REMOTE, (uint8_t *)remote,
                       sizeof remote) >= 1);
  EQUAL(remote[0].family, NETSCTP_FAMILY_IPV4);
  host_close(host);
}

/* The same with an abort: it may be left out, or be seen to have failed. */
SOCKET_TEST(peer_that_aborted_before_accept) {
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  listener->is_paused = true;
  struct peer *client = connect_to(host, "127.0.0.1", port_of(listener));
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  close_peer(client, NETSCTP_CLOSE_ABORT);
  while (host_turn(host, 50))
    continue;
  _Alignas(8) struct netsctp_accepted accepted;
  int32_t count =
      sctp.accept(listener->handle, (uint8_t *)&accepted, sizeof accepted);
  CHECK(count == 0 || count == 1);
  if (count) {
    struct peer *server = adopt(host, accepted.handle, false);
    drain(server);
    UNTIL(host, server->error || server->has_ended);
    EQUAL(server->error, ECONNRESET);
  }
  /* And the listener goes on. */
  listener->is_paused = false;
  connect_to(host, "127.0.0.1", port_of(listener));
  accept_one(listener);
  host_close(host);
}

static volatile sig_atomic_t pipes;
static void count_pipe(int signal) {
  (void)signal;
  pipes++;
}

/* The default disposition would end this process. */
SOCKET_TEST(sigpipe_is_never_raised) {
  signal(SIGPIPE, SIG_DFL);
  struct pair pair = pair_open("127.0.0.1");
  pair.server->is_paused = true;
  EQUAL(sctp.shutdown(pair.client->handle), 0);
  UNTIL(pair.host, pair.client->has_ended);
  for (int i = 0; i < 3; i++) {
    EQUAL(send_text(pair.server, 0, 0, "x"), -EPIPE);
    EQUAL(send_big(pair.server, 0, (const uint8_t *)"x", 1), -EPIPE);
  }
  signal(SIGPIPE, count_pipe);
  EQUAL(send_text(pair.server, 0, 0, "x"), -EPIPE);
  EQUAL(send_big(pair.server, 0, (const uint8_t *)"x", 1), -EPIPE);
  EQUAL(pipes, 0);
  sigset_t blocked;
  sigprocmask(SIG_BLOCK, NULL, &blocked);
  CHECK(!sigismember(&blocked, SIGPIPE));
  signal(SIGPIPE, SIG_IGN);
  EQUAL(send_big(pair.server, 0, (const uint8_t *)"x", 1), -EPIPE);
  pair_close(&pair);
}

/* What could not be sent comes back, however long it is. */
SOCKET_TEST(send_failed_tells_what) {
  struct pair pair = pair_open("127.0.0.1");
  uint8_t *bytes = calloc(1, 50000);
  pair.host->receive_capacity = 4096;
  pair.server->is_paused = true;
  _Alignas(8) struct netsctp_outbound head = {
      .ppid = 7, .sid = 3, .context = 99};
  int32_t taken;
  do
    taken = sctp.send_one(pair.client->handle, (uint8_t *)&head, bytes, 50000);
  while (taken == 1);
  EQUAL(taken, 0);
  sctp.close(pair.server->handle, NETSCTP_CLOSE_ABORT);
  UNTIL(pair.host, pair.client->error);
  EQUAL(pair.client->error, ECONNRESET);
  CHECK(SEEN(pair.client, NETSCTP_NOTIFICATION_SEND_FAILED) > 0);
  const struct netsctp_notification *failed =
      &LAST(pair.client, NETSCTP_NOTIFICATION_SEND_FAILED);
  EQUAL(failed->sid, 3);
  EQUAL(failed->ppid, 7);
  EQUAL(failed->context, 99);
  EQUAL(failed->flags, 0);            /* the last was never sent */
  EQUAL(failed->error, 12);           /* user-initiated ABORT */
  EQUAL(failed->send_flags & ~3u, 0); /* ordered */
  EQUAL(failed->assoc_id,
        LAST(pair.client, NETSCTP_NOTIFICATION_ASSOC_CHANGE).assoc_id);
  free(bytes);
  pair_close(&pair);
}
