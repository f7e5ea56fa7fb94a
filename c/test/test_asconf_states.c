/* Changes of addresses (RFC 5061) while an association begins again or ends. */
#include "auth.h"

/* ------------------------------------------------------------------ shutdown
 */

static void send_plain(struct raw *raw, uint8_t type) {
  struct packet packet;
  begin(&packet, raw->port, raw->peer_port, raw->peer_tag);
  put_chunk(&packet, type, 0, type == C_SHUTDOWN ? 4 : 0);
  if (type == C_SHUTDOWN)
    put_u32(&packet, raw->peer_tsn - 1); /* nothing came from there */
  raw_send(raw, &packet, 0);
}

static void come_and_go(struct scene *scene, struct raw *raw,
                        const struct auth *auth) {
  EQUAL(auth_ask(raw, auth, 0, ADD_ADDRESS, "127.0.0.2"), 0);
  EQUAL(count_paths(scene->server), 2);
  EQUAL(auth_ask(raw, auth, 0, DELETE_ADDRESS, "127.0.0.2"), 0);
  EQUAL(count_paths(scene->server), 1);
}

USERSPACE_TEST(addresses_change_while_this_end_shuts_down) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  EQUAL(sctp.shutdown(scene.server->handle), 0);
  CHECK(raw_wait(&raw, 0, C_SHUTDOWN, 5000));
  come_and_go(&scene, &raw, &auth);
  send_plain(&raw, C_SHUTDOWN_ACK);
  CHECK(raw_wait(&raw, 0, C_SHUTDOWN_COMPLETE, 5000));
  UNTIL(scene.host, scene.server->has_ended);
  EQUAL(scene.server->error, 0);
  host_close(scene.host);
}

USERSPACE_TEST(addresses_change_while_the_peer_shuts_down) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  EQUAL(send_text(scene.server, 0, 7, "to be acknowledged"), 1);
  CHECK(raw_wait(&raw, 0, C_DATA, 5000));
  send_plain(&raw, C_SHUTDOWN);
  come_and_go(&scene, &raw, &auth);
  raw_sack(&raw, raw.peer_tsn);
  CHECK(raw_wait(&raw, 0, C_SHUTDOWN_ACK, 5000));
  come_and_go(&scene, &raw, &auth);
  send_plain(&raw, C_SHUTDOWN_COMPLETE);
  UNTIL(scene.host, scene.server->has_ended);
  EQUAL(scene.server->error, 0);
  host_close(scene.host);
}

/* It does not go where nobody is any more. */
USERSPACE_TEST(a_shutdown_follows_the_peer) {
  for (int is_answer = 0; is_answer < 2; is_answer++) {
    struct scene scene = scene_open(NULL);
    struct auth auth;
    struct raw raw = auth_let_in(&scene, &auth);
    const uint8_t type = is_answer ? C_SHUTDOWN_ACK : C_SHUTDOWN;
    if (is_answer)
      send_plain(&raw, C_SHUTDOWN);
    else
      EQUAL(sctp.shutdown(scene.server->handle), 0);
    CHECK(raw_wait(&raw, 0, type, 5000));
    EQUAL(auth_ask(&raw, &auth, 1, ADD_ADDRESS, "127.0.0.2"), 0);
    EQUAL(auth_ask(&raw, &auth, 1, DELETE_ADDRESS, "127.0.0.1"), 0);
    CHECK(raw_wait(&raw, 1, type, 15000)); /* again */
    host_close(scene.host);
  }
}

/* ------------------------------------------------------------------- restart
 */

/* A request that is not signed with the keys of this life. */
static void check_ignored(struct scene *scene, struct raw *raw,
                          const struct auth *auth) {
  struct packet packet;
  auth_begin(&packet, raw);
  const size_t at = asconf_begin(&packet, raw->serial);
  asconf_put(&packet, ADD_ADDRESS, "127.0.0.2");
  asconf_end(&packet, at);
  auth_sign(auth, &packet);
  raw_send(raw, &packet, 0);
  check_talk(scene, raw);
  EQUAL(count_paths(scene->server), 1);
}

USERSPACE_TEST(a_restart_has_keys_and_serials_of_its_own) {
  struct scene scene = scene_open(NULL);
  struct auth auth, old;
  struct raw raw = auth_let_in(&scene, &auth);
  for (uint32_t life = 1; life < 3; life++) {
    for (int i = 0; i < 3; i++)
      come_and_go(&scene, &raw, &auth);
    old = auth;
    raw.tag += 0x100;
    raw.tsn = 5000 * life;
    auth_connect(&raw, &auth, 0);
    UNTIL(scene.host, scene.server->states[NETSCTP_ASSOC_RESTART] == (int)life);

    check_ignored(&scene, &raw, &old);
    raw.serial = 5000 * life; /* of the first TSN */
    come_and_go(&scene, &raw, &auth);
  }
  host_close(scene.host);
}

/* What the user has set is no part of a handshake. */
USERSPACE_TEST(a_restart_brings_no_deleted_key_back) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  const uint32_t handle = scene.server->handle;
  struct request request = {0};
  come_and_go(&scene, &raw, &auth);
  add_bytes(&request, NETSCTP_OPTION_AUTH_KEY, 7, "secret", 6);
  add_option(&request, NETSCTP_OPTION_AUTH_ACTIVE_KEY, 7);
  EQUAL(configure(handle, &request), 0);
  EQUAL(set_scoped(handle, NETSCTP_OPTION_DEACTIVATE_AUTH_KEY, 0, 0), 0);
  UNTIL(scene.host,
        set_scoped(handle, NETSCTP_OPTION_DELETE_AUTH_KEY, 0, 0) == 0);
  check_ignored(&scene, &raw, &auth);
  raw.tag += 0x100;
  raw.tsn = 5000;
  auth_connect(&raw, &auth, 0);
  UNTIL(scene.host, scene.server->states[NETSCTP_ASSOC_RESTART]);
  check_ignored(&scene, &raw, &auth);
  EQUAL(get_option(handle, NETSCTP_OPTION_AUTH_ACTIVE_KEY), 7);
  host_close(scene.host);
}

/* Who cannot sign any more is in its second life without ASCONF. */
USERSPACE_TEST(a_restart_without_auth_changes_no_addresses) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  raw.tag += 0x100;
  raw.tsn = 5000;
  raw_connect(&raw, false);
  UNTIL(scene.host, scene.server->states[NETSCTP_ASSOC_RESTART]);
  raw.serial = raw.tsn;
  check_ignored(&scene, &raw, &auth);
  host_close(scene.host);
}

/* INITs of a stranger, or of whoever forges the peer's address and UDP port,
 * and gets no cookie: the keys stay those of the association. */
USERSPACE_TEST(an_init_changes_no_key) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  struct raw stranger = stranger_of(&scene, &raw);
  struct raw forged = raw;
  forged.tag += 0x100;
  struct raw *who[] = {&forged, &stranger};
  for (int i = 0; i < 2; i++)
    for (int has_auth = 0; has_auth < 2; has_auth++) {
      struct packet packet;
      begin(&packet, raw.port, scene.port, 0);
      put_init(&packet, C_INIT, who[i]->tag, 1 << 17, 10, 10, 1);
      if (has_auth)
        auth_put_offer(&packet);
      only_chunk(&packet);
      raw_send(who[i], &packet, 0);
      /* The stranger waits until the peer's UDP port has not answered. */
      CHECK(raw_wait(who[i], 0, i == 0 ? C_INIT_ACK : C_ABORT, 5000));
      come_and_go(&scene, &raw, &auth);
      check_talk(&scene, &raw);
    }
  EQUAL(scene.server->states[NETSCTP_ASSOC_RESTART], 0);
  host_close(scene.host);
}

/* Whoever has recorded the handshake does not make old requests new again. */
USERSPACE_TEST(an_old_cookie_does_not_reset_the_serials) {
  struct scene scene = scene_open(NULL);
  struct auth auth;
  struct raw raw = auth_let_in(&scene, &auth);
  const uint32_t first = raw.serial;
  come_and_go(&scene, &raw, &auth);
  raw_cookie_echo(&raw, 0);
  CHECK(raw_wait(&raw, 0, C_COOKIE_ACK, 5000));
  const uint32_t next = raw.serial;
  raw.serial = first;
  check_ignored(&scene, &raw, &auth);
  raw.serial = next;
  come_and_go(&scene, &raw, &auth);
  host_close(scene.host);
}
