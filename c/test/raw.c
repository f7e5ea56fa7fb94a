#include "raw.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER = 12, WHOLE = 3 };

uint32_t read_u32(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | at[2] << 8 | at[3];
}
uint16_t read_u16(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }

/* Bit by bit: it is to be right, not fast. */
static uint32_t crc32c(const uint8_t *bytes, size_t length) {
  uint32_t crc = UINT32_MAX;
  for (size_t i = 0; i < length; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++)
      crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78u : 0);
  }
  return ~crc;
}

struct raw raw_peer(struct host *host, uint16_t port, uint16_t udp_port) {
  static uint16_t next = 20000;
  struct raw raw = {.host = host,
                    .port = next++,
                    .peer_port = port,
                    .peer_udp = udp_port,
                    .peer_address = INADDR_LOOPBACK,
                    .tag = 0x1000000u + next,
                    .tsn = 1000};
  raw.fd[0] = udp_socket_on("127.0.0.1", 0);
  raw.fd[1] = udp_socket_on("127.0.0.2", udp_port_of(raw.fd[0]));
  return raw;
}

void raw_close(struct raw *raw) {
  close(raw->fd[0]);
  close(raw->fd[1]);
}

/* -------------------------------------------------------------- building */

void put(struct packet *packet, const void *bytes, size_t length) {
  CHECK(packet->length + length <= sizeof packet->bytes);
  if (length > 0)
    memcpy(packet->bytes + packet->length, bytes, length);
  packet->length += length;
}

void put_u16(struct packet *packet, uint32_t value) {
  const uint16_t wire = htons((uint16_t)value);
  put(packet, &wire, sizeof wire);
}

void put_u32(struct packet *packet, uint32_t value) {
  const uint32_t wire = htonl(value);
  put(packet, &wire, sizeof wire);
}

void begin(struct packet *packet, uint16_t from, uint16_t to, uint32_t tag) {
  packet->length = 0;
  put_u16(packet, from);
  put_u16(packet, to);
  put_u32(packet, tag);
  put_u32(packet, 0);
}

void put_chunk(struct packet *packet, uint8_t type, uint8_t flags,
               size_t length) {
  put(packet, &type, 1);
  put(packet, &flags, 1);
  put_u16(packet, (uint32_t)length + 4);
}

void pad(struct packet *packet) { put(packet, "\0\0", -packet->length & 3); }

void put_parameter(struct packet *packet, uint16_t type, const void *bytes,
                   size_t length) {
  put_u16(packet, type);
  put_u16(packet, (uint32_t)length + 4);
  put(packet, bytes, length);
  pad(packet);
}

void put_address(struct packet *packet, const char *address) {
  struct in_addr ipv4;
  CHECK(inet_pton(AF_INET, address, &ipv4) == 1);
  put_parameter(packet, 5, &ipv4, sizeof ipv4);
}

void put_init(struct packet *packet, uint8_t type, uint32_t tag, uint32_t rwnd,
              uint32_t outbound, uint32_t inbound, uint32_t tsn) {
  put_chunk(packet, type, 0, 16);
  put_u32(packet, tag);
  put_u32(packet, rwnd);
  put_u16(packet, outbound);
  put_u16(packet, inbound);
  put_u32(packet, tsn);
}

void only_chunk(struct packet *packet) {
  const uint16_t length = htons((uint16_t)(packet->length - HEADER));
  memcpy(packet->bytes + HEADER + 2, &length, sizeof length);
}

/* ------------------------------------------------------- sending, waiting */

void raw_send_as_it_is(struct raw *raw, const struct packet *packet,
                       int address) {
  struct sockaddr_in to = {.sin_family = AF_INET,
                           .sin_port = htons(raw->peer_udp)};
  to.sin_addr.s_addr = htonl(raw->peer_address);
  CHECK(sendto(raw->fd[address], packet->bytes, packet->length, 0,
               (struct sockaddr *)&to, sizeof to) == (ssize_t)packet->length);
}

void raw_send(struct raw *raw, struct packet *packet, int address) {
  memset(packet->bytes + 8, 0, 4);
  const uint32_t crc = crc32c(packet->bytes, packet->length);
  for (int i = 0; i < 4; i++)
    packet->bytes[8 + i] = (uint8_t)(crc >> 8 * i);
  raw_send_as_it_is(raw, packet, address);
}

/* Looks for a chunk in the next packet that waits; false: none waits. */
static bool look(struct raw *raw, int address, uint8_t type, bool *found) {
  static uint8_t bytes[65536];
  struct sockaddr_in from;
  socklen_t size = sizeof from;
  const ssize_t got = recvfrom(raw->fd[address], bytes, sizeof bytes, 0,
                               (struct sockaddr *)&from, &size);
  if (got < 0)
    return false;
  raw->from = ntohl(from.sin_addr.s_addr);
  for (size_t at = HEADER; at + 4 <= (size_t)got;) {
    const size_t length = read_u16(bytes + at + 2);
    CHECK(length >= 4);
    if (bytes[at] == type) {
      raw->flags = bytes[at + 1];
      raw->body = bytes + at + 4;
      raw->body_length = (uint32_t)length - 4;
      raw->packet_tag = read_u32(bytes + 4);
      *found = true;
      return true;
    }
    at += (length + 3) & ~(size_t)3;
  }
  return true;
}

bool raw_wait(struct raw *raw, int address, uint8_t type, int timeout_ms) {
  const int64_t until = now_ms() + timeout_ms;
  bool found = false;
  for (;;) {
    while (!found && look(raw, address, type, &found))
      ;
    if (found || now_ms() > until)
      return found;
    host_turn(raw->host, 5);
  }
}

/* -------------------------------------------------------- conversations */

bool raw_has_chunk(int fd, uint8_t type, struct raw *from) {
  uint8_t bytes[4096];
  struct sockaddr_in who;
  socklen_t size = sizeof who;
  const ssize_t got =
      recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&who, &size);
  if (got < 16 || bytes[12] != type)
    return false;
  from->peer_udp = ntohs(who.sin_port);
  from->peer_port = read_u16(bytes);
  from->port = read_u16(bytes + 2);
  if (type == C_INIT) {
    from->peer_tag = read_u32(bytes + 16);
    from->peer_tsn = read_u32(bytes + 28);
  }
  return true;
}

void raw_init(struct raw *raw, bool both) { raw_init_from(raw, both, 0); }

void raw_send_init(struct raw *raw, bool both, int address) {
  struct packet packet;
  begin(&packet, raw->port, raw->peer_port, 0);
  put_init(&packet, C_INIT, raw->tag, 1 << 17, 10, 10, raw->tsn);
  if (both) {
    put_address(&packet, "127.0.0.1");
    put_address(&packet, "127.0.0.2");
  }
  /* Else usrsctp would ask for no more than that of its own. */
  if (!raw->is_plain)
    put_parameter(&packet, 0xc000, NULL, 0); /* FORWARD TSN is supported */
  only_chunk(&packet);
  raw_send(raw, &packet, address);
}

static void take_init_ack(struct raw *raw, int address) {
  CHECK(raw_wait(raw, address, C_INIT_ACK, 5000));
  raw->peer_tag = read_u32(raw->body);
  raw->peer_tsn = read_u32(raw->body + 12);
  raw->cookie_length = 0;
  for (size_t at = 16; at + 4 <= raw->body_length;) {
    const size_t length = read_u16(raw->body + at + 2);
    if (read_u16(raw->body + at) == 7) {
      raw->cookie_length = (uint32_t)length - 4;
      memcpy(raw->cookie, raw->body + at + 4, length - 4);
    }
    at += (length + 3) & ~(size_t)3;
  }
  CHECK(raw->cookie_length > 0);
}

void raw_init_from(struct raw *raw, bool both, int address) {
  raw_send_init(raw, both, address);
  take_init_ack(raw, address);
}

void raw_ask(struct raw *raw, struct packet *init, int address) {
  only_chunk(init);
  raw_send(raw, init, address);
  take_init_ack(raw, address);
}

void raw_cookie_echo(struct raw *raw, int address) {
  struct packet packet;
  begin(&packet, raw->port, raw->peer_port, raw->peer_tag);
  put_chunk(&packet, C_COOKIE_ECHO, 0, raw->cookie_length);
  put(&packet, raw->cookie, raw->cookie_length);
  pad(&packet);
  raw_send(raw, &packet, address);
}

void raw_connect(struct raw *raw, bool both) {
  raw_init(raw, both);
  raw_cookie_echo(raw, 0);
  CHECK(raw_wait(raw, 0, C_COOKIE_ACK, 5000));
}

void raw_data(struct raw *raw, int address, uint32_t tsn, uint8_t flags,
              uint16_t sid, uint16_t ssn, const char *text) {
  struct packet packet;
  begin(&packet, raw->port, raw->peer_port, raw->peer_tag);
  put_chunk(&packet, C_DATA, flags, 12 + strlen(text));
  put_u32(&packet, tsn);
  put_u16(&packet, sid);
  put_u16(&packet, ssn);
  put_u32(&packet, 0);
  put(&packet, text, strlen(text));
  pad(&packet);
  raw_send(raw, &packet, address);
}

void raw_say(struct raw *raw, int address, const char *text) {
  raw_data(raw, address, raw->tsn++, WHOLE | 4, 0, 0, text);
}

void raw_sack(struct raw *raw, uint32_t tsn) {
  struct packet packet;
  begin(&packet, raw->port, raw->peer_port, raw->peer_tag);
  put_chunk(&packet, C_SACK, 0, 12);
  put_u32(&packet, tsn);
  put_u32(&packet, 1 << 17);
  put_u32(&packet, 0);
  raw_send(raw, &packet, 0);
}

void raw_confirm(struct raw *raw, int address) {
  struct packet packet;
  CHECK(raw_wait(raw, address, C_HEARTBEAT, 5000));
  begin(&packet, raw->port, raw->peer_port, raw->peer_tag);
  put_chunk(&packet, C_HEARTBEAT_ACK, 0, raw->body_length);
  put(&packet, raw->body, raw->body_length);
  pad(&packet);
  raw_send(raw, &packet, address);
}
