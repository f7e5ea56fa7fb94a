/* Signed chunks (RFC 4895) of a peer without a stack: no ASCONF is taken from
 * it otherwise. SHA-1, and no key but the one that both ends make. */
#ifndef NETSCTP_TEST_AUTH_H
#define NETSCTP_TEST_AUTH_H

#include "scene.h"

struct auth {
  uint8_t key[1024];
  size_t length;
};

/* A peer whose association is up, with ASCONF. */
struct raw auth_let_in(struct scene *, struct auth *);
/* The handshake of one, from address 0 or 1, which may be a restart. */
void auth_connect(struct raw *, struct auth *, int address);

/* What an INIT says of AUTH, for keys of its own. */
void auth_put_offer(struct packet *);

/* Begins a packet with a signature, and fills that in when all is in it. */
void auth_begin(struct packet *, const struct raw *);
void auth_sign(const struct auth *, struct packet *);

/* An ASCONF that was sent from 127.0.0.1, and one parameter of it:
 * what to do, and with which address. */
enum { ADD_ADDRESS = 0xc001, DELETE_ADDRESS = 0xc002, SET_PRIMARY = 0xc004 };
size_t asconf_begin(struct packet *, uint32_t serial);
void asconf_put(struct packet *, uint16_t type, const char *address);
void asconf_end(struct packet *, size_t at);

/* Sends one with one parameter from address 0 or 1, and waits for the answer,
 * there as well. */
void auth_change_path(struct raw *, const struct auth *, int from,
                      uint32_t serial, uint16_t what, const char *address);

/* The same with the peer's next serial. What is wrong, says the answer; 0:
 * nothing. */
int auth_ask(struct raw *, const struct auth *, int from, uint16_t what,
             const char *address);

/* How many paths there are to a peer. */
int32_t count_paths(const struct peer *);

#endif
