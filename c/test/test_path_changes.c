/* What the user learns of an association's paths: which is the primary one,
 * what each is watched by, and that one is potentially failed. */
#include "scene.h"

static struct netsctp_path path_of(const struct peer *peer,
                                   const char *address) {
  _Alignas(8) struct netsctp_path paths[4];
  const int32_t count =
      sctp.paths(peer->handle, (uint8_t *)paths, sizeof paths);
  for (int32_t i = 0; i < count; i++)
    if (strncmp(paths[i].address.text, address, paths[i].address.text_length) ==
        0)
      return paths[i];
  return (struct netsctp_path){.state = NETSCTP_PATH_STATUS_UNKNOWN};
}

static bool is_last(const struct peer *peer, uint16_t state,
                    const char *address) {
  const struct netsctp_notification *last =
      &LAST(peer, NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE);
  return last->type == NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE &&
         last->state == state &&
         strncmp(last->address.text, address, last->address.text_length) == 0;
}

SOCKET_TEST(who_sets_the_primary_path_is_told_so) {
  static const char *const addresses[] = {"127.0.0.2", "127.0.0.1"};
  struct pair pair = pair_of_two_paths();
  for (int i = 0; i < 2; i++) {
    struct request request = {0};
    add_remote(&request, addresses[i], 0);
    add_scoped(&request, NETSCTP_OPTION_PRIMARY, 1, 0);
    EQUAL(configure(pair.client->handle, &request), 0);
    UNTIL(pair.host,
          is_last(pair.client, NETSCTP_PATH_MADE_PRIMARY, addresses[i]));
  }
  pair_close(&pair);
}

SOCKET_TEST(a_path_says_what_it_is_watched_by) {
  struct pair pair = pair_of_two_paths();
  struct request request = {0};
  add_remote(&request, "127.0.0.1", 0);
  add_remote(&request, "127.0.0.2", 0);
  add_scoped(&request, NETSCTP_OPTION_HEARTBEAT, 1, 0);
  add_scoped(&request, NETSCTP_OPTION_HEARTBEAT, 2, 1);
  add_scoped(&request, NETSCTP_OPTION_HEARTBEAT_INTERVAL, 2, 7000);
  add_scoped(&request, NETSCTP_OPTION_PATH_RETRANSMISSIONS, 2, 3);
  EQUAL(configure(pair.client->handle, &request), 0);
  EQUAL(path_of(pair.client, "127.0.0.1").heartbeat_ms, 0);
  EQUAL(path_of(pair.client, "127.0.0.1").max_retransmissions, 5);
  EQUAL(path_of(pair.client, "127.0.0.2").heartbeat_ms, 7000);
  EQUAL(path_of(pair.client, "127.0.0.2").max_retransmissions, 3);
  pair_close(&pair);
}

/* A verb about an address of this end, which has to be one of the request's. */
SOCKET_TEST(a_request_for_a_primary_path_names_a_local_address) {
  struct pair pair = pair_of_two_paths();
  for (uint32_t scope = 0; scope < 3; scope += 2) {
    struct request request = {0};
    add_local(&request, "127.0.0.1", 0);
    add_scoped(&request, NETSCTP_OPTION_REQUEST_PRIMARY, scope, 0);
    EQUAL(configure(pair.client->handle, &request), -EINVAL);
    SAYS("REQUEST_PRIMARY has no scope");
  }
  pair_close(&pair);
}

/* ------------------------------------------------ potentially failed */

static struct raw let_in_impatiently(struct scene *scene, int32_t threshold) {
  struct raw raw = let_in(scene, true);
  struct request request = {0};
  add_option(&request, NETSCTP_OPTION_RTO_INITIAL, 50);
  add_option(&request, NETSCTP_OPTION_RTO_MIN, 50);
  add_option(&request, NETSCTP_OPTION_RTO_MAX, 100);
  add_option(&request, NETSCTP_OPTION_POTENTIALLY_FAILED, threshold);
  add_option(&request, NETSCTP_OPTION_PATH_RETRANSMISSIONS, 3);
  EQUAL(configure(scene->server->handle, &request), 0);
  raw_confirm(&raw, 1); /* there is another path */
  UNTIL(scene->host,
        is_last(scene->server, NETSCTP_PATH_CONFIRMED, "127.0.0.2"));
  return raw;
}

USERSPACE_TEST(a_path_that_fails_is_told_of_before_it_is_unreachable) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in_impatiently(&scene, 1);
  EQUAL(send_text(scene.server, 0, 7, "not acknowledged"), 1);
  for (int i = 0; i < 2; i++) { /* each time */
    UNTIL(scene.host,
          is_last(scene.server, NETSCTP_PATH_POTENTIALLY_FAILED, "127.0.0.1"));
    EQUAL(path_of(scene.server, "127.0.0.1").state,
          NETSCTP_PATH_STATUS_POTENTIALLY_FAILED);
    raw_confirm(&raw, 0);
    UNTIL(scene.host,
          is_last(scene.server, NETSCTP_PATH_AVAILABLE, "127.0.0.1"));
  }
  UNTIL(scene.host,
        is_last(scene.server, NETSCTP_PATH_UNREACHABLE, "127.0.0.1"));
  EQUAL(path_of(scene.server, "127.0.0.1").state, NETSCTP_PATH_STATUS_INACTIVE);
  host_close(scene.host);
}

USERSPACE_TEST(a_path_may_never_be_potentially_failed) {
  struct scene scene = scene_open(NULL);
  let_in_impatiently(&scene, 65535);
  const int before = SEEN(scene.server, NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE);
  EQUAL(send_text(scene.server, 0, 7, "not acknowledged"), 1);
  UNTIL(scene.host,
        SEEN(scene.server, NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE) > before);
  CHECK(is_last(scene.server, NETSCTP_PATH_UNREACHABLE, "127.0.0.1"));
  host_close(scene.host);
}
