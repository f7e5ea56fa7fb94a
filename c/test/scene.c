#include "scene.h"

struct scene scene_open(const char *second) {
  struct scene scene = {.host = host_open(), .udp = free_udp_port()};
  struct request request = {0};
  uint64_t bytes[256];
  add_local(&request, "127.0.0.1", 0);
  if (second)
    add_local(&request, second, 0);
  add_option(&request, NETSCTP_OPTION_LOCAL_UDP_PORT, scene.udp);
  add_option(&request, NETSCTP_OPTION_HEARTBEAT, 0);
  const int32_t handle =
      sctp.listen((uint32_t)scene.host->loop, (uint8_t *)bytes,
                  pack_request(&request, bytes));
  CHECK(handle > 0);
  scene.listener = adopt(scene.host, (uint32_t)handle, true);
  scene.port = port_of(scene.listener);
  return scene;
}

struct raw let_in(struct scene *scene, bool both) {
  struct raw raw = raw_peer(scene->host, scene->port, scene->udp);
  raw_connect(&raw, both);
  scene->server = accept_one(scene->listener);
  return raw;
}

void check_talk(struct scene *scene, struct raw *raw) {
  const int before = scene->server->message_count;
  EQUAL(send_text(scene->server, 0, 7, "first"), 1);
  CHECK(raw_wait(raw, 0, C_DATA, 5000));
  EQUAL(raw->body_length, 12 + 5);
  CHECK(memcmp(raw->body + 12, "first", 5) == 0);
  /* Acknowledged, so that nothing of it comes again later. */
  struct packet packet;
  begin(&packet, raw->port, raw->peer_port, raw->peer_tag);
  put_chunk(&packet, C_SACK, 0, 12);
  put(&packet, raw->body, 4);
  put_u32(&packet, 1 << 17);
  put_u32(&packet, 0);
  raw_send(raw, &packet, 0);
  raw_say(raw, 0, "second");
  UNTIL(scene->host, scene->server->message_count > before);
}

struct raw stranger_of(const struct scene *scene, const struct raw *raw) {
  struct raw stranger = raw_peer(scene->host, scene->port, scene->udp);
  stranger.port = raw->port;
  stranger.peer_tag = raw->peer_tag + 1;
  return stranger;
}
