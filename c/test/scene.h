/* A listener without heartbeats, and peers without a stack that come to it. */
#ifndef NETSCTP_TEST_SCENE_H
#define NETSCTP_TEST_SCENE_H

#include "raw.h"

struct scene {
  struct host *host;
  struct peer *listener, *server; /* of the last that was let in */
  uint16_t udp, port;
};

/* Listens at 127.0.0.1 and perhaps at a second address. */
struct scene scene_open(const char *second);
/* A peer whose association is up, with both addresses or with one. */
struct raw let_in(struct scene *, bool both);
/* Both ways work. What the server says first comes to the UDP port of this very
 * peer, whoever sent something meanwhile. */
void check_talk(struct scene *, struct raw *);
/* Somebody at the same address who knows the SCTP ports, and no tag. */
struct raw stranger_of(const struct scene *, const struct raw *);

#endif
