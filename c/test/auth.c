#include "auth.h"

#include <arpa/inet.h>

#include "usrsctp/inside/sha.h"

enum {
  HEADER = 12,
  SIGNATURE = HEADER + 8,
  EXTENSIONS = 0x8008,
  RANDOM = 0x8002,
  CHUNKS = 0x8003,
  HMACS = 0x8004
};

void auth_put_offer(struct packet *packet) {
  static const uint8_t random[32] = {0};
  put_parameter(packet, RANDOM, random, sizeof random);
  put_parameter(packet, CHUNKS, "\xc1\x80", 2);
  put_parameter(packet, HMACS, "\0\1", 2);
}

static void add(struct auth *auth, const uint8_t *parameter) {
  const size_t length = read_u16(parameter + 2);
  CHECK(auth->length + length <= sizeof auth->key);
  memcpy(auth->key + auth->length, parameter, length);
  auth->length += length;
}

/* What was offered, without padding; then what the INIT ACK offers. Ours is the
 * smaller number: as short as can be, and of zeros. */
static void make_key(struct auth *auth, const struct raw *raw) {
  static const uint16_t types[] = {RANDOM, CHUNKS, HMACS};
  struct packet ours = {.length = 0};
  auth_put_offer(&ours);
  auth->length = 0;
  for (size_t at = 0; at < ours.length;
       at += (read_u16(ours.bytes + at + 2) + 3u) & ~3u)
    add(auth, ours.bytes + at);
  for (size_t i = 0; i < sizeof types / sizeof *types; i++)
    for (size_t at = 16; at + 4 <= raw->body_length;
         at += (read_u16(raw->body + at + 2) + 3u) & ~3u)
      if (read_u16(raw->body + at) == types[i])
        add(auth, raw->body + at);
}

void auth_connect(struct raw *raw, struct auth *auth, int address) {
  struct packet packet;
  begin(&packet, raw->port, raw->peer_port, 0);
  put_init(&packet, C_INIT, raw->tag, 1 << 17, 10, 10, raw->tsn);
  put_parameter(&packet, EXTENSIONS, "\xc1\x80\x0f", 3);
  auth_put_offer(&packet);
  raw_ask(raw, &packet, address);
  make_key(auth, raw);
  raw_cookie_echo(raw, address);
  CHECK(raw_wait(raw, address, C_COOKIE_ACK, 5000));
  raw->serial = raw->tsn;
}

struct raw auth_let_in(struct scene *scene, struct auth *auth) {
  struct raw raw = raw_peer(scene->host, scene->port, scene->udp);
  auth_connect(&raw, auth, 0);
  scene->server = accept_one(scene->listener);
  return raw;
}

void auth_begin(struct packet *packet, const struct raw *raw) {
  static const uint8_t unsigned_yet[NETSCTP__SHA1_BYTES] = {0};
  begin(packet, raw->port, raw->peer_port, raw->peer_tag);
  put_chunk(packet, C_AUTH, 0, 4 + sizeof unsigned_yet);
  put_u16(packet, 0); /* the key of both */
  put_u16(packet, 1); /* SHA-1 */
  put(packet, unsigned_yet, sizeof unsigned_yet);
}

static void digest(const uint8_t pad[NETSCTP__SHA_BLOCK], const void *bytes,
                   size_t length, uint8_t out[NETSCTP__SHA1_BYTES]) {
  struct netsctp__sha sha1;
  netsctp__sha1_init(&sha1);
  netsctp__sha1_update(&sha1, pad, NETSCTP__SHA_BLOCK);
  netsctp__sha1_update(&sha1, bytes, length);
  netsctp__sha1_final(&sha1, out);
}

/* HMAC (RFC 2104) of the chunk with the signature and all behind it. */
void auth_sign(const struct auth *auth, struct packet *packet) {
  uint8_t key[NETSCTP__SHA_BLOCK] = {0}, inner[NETSCTP__SHA1_BYTES];
  if (auth->length > sizeof key) {
    struct netsctp__sha sha1;
    netsctp__sha1_init(&sha1);
    netsctp__sha1_update(&sha1, auth->key, auth->length);
    netsctp__sha1_final(&sha1, key);
  } else {
    memcpy(key, auth->key, auth->length);
  }
  for (size_t i = 0; i < sizeof key; i++)
    key[i] ^= 0x36;
  digest(key, packet->bytes + HEADER, packet->length - HEADER, inner);
  for (size_t i = 0; i < sizeof key; i++)
    key[i] ^= 0x36 ^ 0x5c;
  digest(key, inner, sizeof inner, packet->bytes + SIGNATURE);
}

size_t asconf_begin(struct packet *packet, uint32_t serial) {
  const size_t at = packet->length;
  put_chunk(packet, C_ASCONF, 0, 0);
  put_u32(packet, serial);
  put_address(packet, "127.0.0.1");
  return at;
}

void asconf_put(struct packet *packet, uint16_t type, const char *address) {
  put_u16(packet, type);
  put_u16(packet, 16);
  put_u32(packet, 0);
  put_address(packet, address);
}

void asconf_end(struct packet *packet, size_t at) {
  const uint16_t length = htons((uint16_t)(packet->length - at));
  memcpy(packet->bytes + at + 2, &length, sizeof length);
}

void auth_change_path(struct raw *raw, const struct auth *auth, int from,
                      uint32_t serial, uint16_t what, const char *address) {
  struct packet packet;
  auth_begin(&packet, raw);
  const size_t at = asconf_begin(&packet, serial);
  asconf_put(&packet, what, address);
  asconf_end(&packet, at);
  auth_sign(auth, &packet);
  raw_send(raw, &packet, from);
  do
    CHECK(raw_wait(raw, from, C_ASCONF_ACK, 5000));
  while (read_u32(raw->body) != serial);
}

int auth_ask(struct raw *raw, const struct auth *auth, int from, uint16_t what,
             const char *address) {
  enum { ERROR_CAUSE = 0xc003 };
  auth_change_path(raw, auth, from, raw->serial++, what, address);
  if (raw->body_length == 4 || read_u16(raw->body + 4) != ERROR_CAUSE)
    return 0;
  return read_u16(raw->body + 12);
}

int32_t count_paths(const struct peer *peer) {
  static _Alignas(8) struct netsctp_path paths[512];
  return sctp.paths(peer->handle, (uint8_t *)paths, sizeof paths);
}
