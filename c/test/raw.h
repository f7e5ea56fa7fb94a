/* A peer without a stack: it sends what a test puts together and looks at what
 * comes back. On 127.0.0.1 and, if asked, 127.0.0.2. */
#ifndef NETSCTP_TEST_RAW_H
#define NETSCTP_TEST_RAW_H

#include "udp.h"

enum chunk {
  C_DATA = 0,
  C_INIT = 1,
  C_INIT_ACK = 2,
  C_SACK = 3,
  C_HEARTBEAT = 4,
  C_HEARTBEAT_ACK = 5,
  C_ABORT = 6,
  C_SHUTDOWN = 7,
  C_SHUTDOWN_ACK = 8,
  C_ERROR = 9,
  C_COOKIE_ECHO = 10,
  C_COOKIE_ACK = 11,
  C_ECNE = 12,
  C_CWR = 13,
  C_SHUTDOWN_COMPLETE = 14,
  C_AUTH = 15,
  C_NR_SACK = 16,
  C_I_DATA = 64,
  C_ASCONF_ACK = 128,
  C_PKTDROP = 129,
  C_RE_CONFIG = 130,
  C_FORWARD_TSN = 192,
  C_ASCONF = 193,
  C_I_FORWARD_TSN = 194
};

struct packet {
  uint8_t bytes[65507];
  size_t length;
};

struct raw {
  struct host *host;
  int fd[2]; /* of 127.0.0.1 and 127.0.0.2 */
  uint16_t port, peer_port, peer_udp;
  uint32_t peer_address; /* of 127/8 */
  uint32_t tag, tsn, peer_tag, peer_tsn;
  uint32_t serial; /* of the next ASCONF */
  uint8_t cookie[4096];
  uint32_t cookie_length;
  bool is_plain; /* has no extension of SCTP */
  /* Of the chunk that raw_wait() found: the address it came from, its flags,
   * what follows its head. */
  uint32_t from;
  uint8_t flags;
  const uint8_t *body;
  uint32_t body_length, packet_tag;
};

struct raw raw_peer(struct host *, uint16_t port, uint16_t udp_port);
void raw_close(struct raw *);

uint32_t read_u32(const uint8_t *);
uint16_t read_u16(const uint8_t *);

/* Puts a packet together. Chunks and parameters are padded. */
void begin(struct packet *, uint16_t from, uint16_t to, uint32_t tag);
void put(struct packet *, const void *bytes, size_t length);
void put_u16(struct packet *, uint32_t);
void put_u32(struct packet *, uint32_t);
/* The head of a chunk of which `length` bytes will follow; pad() ends it. */
void put_chunk(struct packet *, uint8_t type, uint8_t flags, size_t length);
void put_parameter(struct packet *, uint16_t type, const void *bytes,
                   size_t length);
void put_address(struct packet *, const char *address);
void pad(struct packet *);
/* INIT or INIT ACK, without parameters: raw_finish() counts what follows. */
void put_init(struct packet *, uint8_t type, uint32_t tag, uint32_t rwnd,
              uint32_t outbound, uint32_t inbound, uint32_t tsn);
/* Writes the length of a chunk that is the packet's only one. */
void only_chunk(struct packet *);

/* Sends it with its checksum from address 0 or 1. */
void raw_send(struct raw *, struct packet *, int address);
void raw_send_as_it_is(struct raw *, const struct packet *, int address);
/* Waits for a chunk of a type at an address, at most so long; the host gets its
 * turns meanwhile. */
bool raw_wait(struct raw *, int address, uint8_t type, int timeout_ms);

/* Whether the packet that waits there begins with such a chunk; then what this
 * end has to know of who sent it, by the INIT its tag and TSN too. */
bool raw_has_chunk(int fd, uint8_t type, struct raw *from);

/* Sends an INIT, and keeps what the INIT ACK says. */
void raw_ask(struct raw *, struct packet *init, int address);
/* INIT and COOKIE ECHO, the INIT with both addresses or with none. */
void raw_send_init(struct raw *, bool both, int address);
void raw_init(struct raw *, bool both);
void raw_init_from(struct raw *, bool both, int address);
void raw_cookie_echo(struct raw *, int address);
void raw_connect(struct raw *, bool both);
void raw_data(struct raw *, int address, uint32_t tsn, uint8_t flags,
              uint16_t sid, uint16_t ssn, const char *text);
/* The next message, whole, on stream 0. */
void raw_say(struct raw *, int address, const char *text);
/* Answers a heartbeat to address 0 or 1, by which that path is confirmed. */
void raw_confirm(struct raw *, int address);
/* Acknowledges all up to a TSN. */
void raw_sack(struct raw *, uint32_t tsn);

#endif
