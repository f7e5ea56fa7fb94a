/* Signed chunks (RFC 4895): keys, which are changed while an association is up,
 * and what is signed by which HMAC. */
#include "host.h"

#define O(name) NETSCTP_OPTION_##name

enum { DATA = 0, COOKIE_ECHO = 10 };
/* RFC 4895 section 3.3 */
static const uint16_t sha1[] = {1}, both[] = {3, 1};

/* DATA is signed by the key 7, and by nothing else. */
static void add_auth(struct request *request, const char *key) {
  add_option(request, O(AUTHENTICATION), 1);
  add_bytes(request, O(AUTH_HMACS), 0, both, sizeof both);
  add_scoped(request, O(AUTH_CHUNK), DATA, 0);
  add_bytes(request, O(AUTH_KEY), 7, key, (uint32_t)strlen(key));
  add_option(request, O(AUTH_ACTIVE_KEY), 7);
  add_scoped(request, O(DELETE_AUTH_KEY), 0, 0);
}

static void set_key(const struct peer *peer, uint32_t number, const char *key) {
  struct request request = {0};
  add_bytes(&request, O(AUTH_KEY), number, key, (uint32_t)strlen(key));
  EQUAL(configure(peer->handle, &request), 0);
}

static void check_messages(const struct pair *pair, int count) {
  EQUAL(send_text(pair->client, 0, 0, "signed"), 1);
  EQUAL(send_text(pair->server, 0, 0, "signed"), 1);
  UNTIL(pair->host, pair->server->message_count == count &&
                        pair->client->message_count == count);
}

SOCKET_TEST(a_key_is_changed_while_messages_are_signed) {
  struct request request = {0};
  add_auth(&request, "as both know");
  struct pair pair = pair_with("127.0.0.1", &request);
  struct peer *ends[] = {pair.client, pair.server};
  check_messages(&pair, 1);
  for (int i = 0; i < 2; i++) {
    const uint32_t handle = ends[i]->handle;
    EQUAL(get_option(handle, O(AUTHENTICATION)), 1);
    EQUAL(get_option(handle, O(AUTH_ACTIVE_KEY)), 7);
    EQUAL(set_event(handle, NETSCTP_NOTIFICATION_AUTHENTICATION, true), 0);
    EQUAL(set_option(handle, O(AUTH_ACTIVE_KEY), 8), -EINVAL);
    SAYS("sctp.auth.active 8");
    set_key(ends[i], 8, "another");
  }
  for (int i = 0; i < 2; i++)
    EQUAL(set_option(ends[i]->handle, O(AUTH_ACTIVE_KEY), 8), 0);
  check_messages(&pair, 2);
  for (int i = 0; i < 2; i++) {
    const uint32_t handle = ends[i]->handle;
    EQUAL(set_scoped(handle, O(DELETE_AUTH_KEY), 8, 0), -EINVAL);
    EQUAL(set_scoped(handle, O(DEACTIVATE_AUTH_KEY), 7, 0), 0);
    UNTIL(pair.host,
          LAST(ends[i], NETSCTP_NOTIFICATION_AUTHENTICATION).indication ==
              NETSCTP_KEY_FREE_KEY);
    EQUAL(LAST(ends[i], NETSCTP_NOTIFICATION_AUTHENTICATION).key_number, 7);
    EQUAL(set_scoped(handle, O(DELETE_AUTH_KEY), 7, 0), 0);
    EQUAL(set_scoped(handle, O(DELETE_AUTH_KEY), 7, 0), -EINVAL);
    SAYS("DELETE_AUTH_KEY of 7");
  }
  check_messages(&pair, 3);
  pair_close(&pair);
}

/* What cannot be verified is dropped, and nobody is told. */
SOCKET_TEST(nothing_that_another_key_has_signed_arrives) {
  struct request ours = {0}, theirs = {0};
  struct host *host = host_open();
  add_auth(&theirs, "another");
  add_local(&theirs, "127.0.0.1", 0);
  struct peer *listener =
      adopt(host, (uint32_t)try_listen(host, &theirs), true);
  add_auth(&ours, "as both know");
  add_option(&ours, O(RTO_INITIAL), 1000);
  add_option(&ours, O(RTO_MIN), 10);
  add_option(&ours, O(RTO_MAX), 1000);
  add_option(&ours, O(ASSOCIATION_RETRANSMISSIONS), 2);
  add_remote(&ours, "127.0.0.1", port_of(listener));
  struct peer *client = adopt(host, (uint32_t)try_connect(host, &ours), false);
  struct peer *server = accept_one(listener);
  UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
  EQUAL(send_text(client, 0, 0, "signed"), 1);
  UNTIL(host, client->error);
  EQUAL(client->error, ETIMEDOUT);
  EQUAL(server->message_count, 0);
  host_close(host);
}

SOCKET_TEST(each_end_says_what_it_can_verify) {
  for (int i = 0; i < 2; i++) {
    struct request ours = {0}, theirs = {0};
    struct host *host = host_open();
    add_auth(&theirs, "as both know");
    add_local(&theirs, "127.0.0.1", 0);
    add_auth(&ours, "as both know");
    struct request *old = i ? &ours : &theirs; /* it has SHA-1 alone */
    old->options[1].value = sizeof sha1;
    memcpy(old->bytes, sha1, sizeof sha1);
    struct pair pair = {.host = host};
    pair.listener = adopt(host, (uint32_t)try_listen(host, &theirs), true);
    add_remote(&ours, "127.0.0.1", port_of(pair.listener));
    pair.client = adopt(host, (uint32_t)try_connect(host, &ours), false);
    pair.server = accept_one(pair.listener);
    UNTIL(host, pair.client->states[NETSCTP_ASSOC_UP]);
    check_messages(&pair, 1);
    host_close(host);
  }
}

SOCKET_TEST(what_cannot_be_signed_with_is_refused) {
  struct request request = {0};
  _Alignas(8) struct netsctp_option out[8];
  add_auth(&request, "as both know");
  struct pair pair = pair_with("127.0.0.1", &request);

  struct request asked = {0};
  add_bytes(&asked, O(AUTH_HMACS), 0, both, sizeof both);
  EQUAL(inspect(pair.listener->handle, &asked, out), sizeof *out + sizeof both);
  EQUAL(out[0].value, sizeof both);
  CHECK(memcmp(out + 1, both, sizeof both) == 0);

  struct request secret = {0};
  add_bytes(&secret, O(AUTH_KEY), 7, "", 0);
  EQUAL(inspect(pair.client->handle, &secret, out), -EOPNOTSUPP);
  SAYS("sctp.auth.keys cannot be read");

  struct request late = {0};
  add_bytes(&late, O(AUTH_HMACS), 0, both, sizeof both);
  EQUAL(configure(pair.client->handle, &late), -EOPNOTSUPP);
  SAYS("sctp.auth.hmacs cannot be changed any more");

  struct request cut = {0};
  add_option(&cut, O(AUTHENTICATION), 1);
  add_bytes(&cut, O(AUTH_HMACS), 0, "123", 3);
  add_local(&cut, "127.0.0.1", 0);
  EQUAL(try_listen(pair.host, &cut), -EINVAL);
  SAYS("sctp.auth.hmacs is made of 2 bytes each");

  struct request wide = {0};
  add_option(&wide, O(AUTHENTICATION), 1);
  add_scoped(&wide, O(AUTH_CHUNK), 256, 0);
  EQUAL(try_listen(pair.host, &wide), -EINVAL);
  SAYS("sctp.auth.chunks has no scope 256");

  struct request cookie = {0};
  add_option(&cookie, O(AUTHENTICATION), 1);
  add_scoped(&cookie, O(AUTH_CHUNK), COOKIE_ECHO, 0);
  add_local(&cookie, "127.0.0.1", 0);
  const int32_t result = try_listen(pair.host, &cookie);
  if (is_kernel()) {
    EQUAL(result, -EOPNOTSUPP);
    SAYS("COOKIE ECHO");
  } else {
    CHECK(result > 0);
  }
  pair_close(&pair);
}

/* Before there is a key, both ends have one that is empty: with that, whoever
 * has seen the handshake could sign. */
SOCKET_TEST(the_empty_key_is_taken_only_as_long_as_it_is_there) {
  for (int is_deleted = 0; is_deleted < 2; is_deleted++) {
    struct request ours = {0}, theirs = {0};
    struct host *host = host_open();
    add_auth(&theirs, "as both know");
    if (!is_deleted)
      theirs.head.option_count--;
    add_local(&theirs, "127.0.0.1", 0);
    struct peer *listener =
        adopt(host, (uint32_t)try_listen(host, &theirs), true);
    add_option(&ours, O(AUTHENTICATION), 1);
    add_option(&ours, O(RTO_INITIAL), 1000);
    add_option(&ours, O(RTO_MIN), 10);
    add_option(&ours, O(RTO_MAX), 1000);
    add_option(&ours, O(ASSOCIATION_RETRANSMISSIONS), 2);
    add_remote(&ours, "127.0.0.1", port_of(listener));
    struct peer *client =
        adopt(host, (uint32_t)try_connect(host, &ours), false);
    struct peer *server = accept_one(listener);
    UNTIL(host, client->states[NETSCTP_ASSOC_UP]);
    EQUAL(send_text(client, 0, 0, "signed by what all know"), 1);
    UNTIL(host, client->error || server->message_count);
    EQUAL(client->error, is_deleted ? ETIMEDOUT : 0);
    host_close(host);
  }
}
