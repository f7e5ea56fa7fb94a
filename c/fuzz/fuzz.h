/* Packets against the userspace stack, in one process and without a network:
 *
 *   fuzz.c           the world: a listener, clients, their messages, the clock
 *   fuzz_network.c   catches what the stack sends, and hands packets to it
 *   fuzz_packets.c   makes packets: by the protocol, and from the corpus
 *   fuzz_chunks.c    what they are made of, from the bytes of fuzz_bytes.c
 *   fuzz_accidents.c changes them a little
 *
 * A run is its seed: the clock, the random numbers and the order of all things
 * come from it. */
#ifndef NETSCTP_FUZZ_H
#define NETSCTP_FUZZ_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "usrsctp/udp.h"

#define MOST_BYTES 65507
/* Peers that are made of packets only have SCTP ports below, and begin with
 * this TSN. */
#define OURS 1024
#define FIRST_TSN 0xfffffff0u

/* ---------------------------------------------------------------- fuzz.c */

/* A number below; 0 if that is 0. */
uint32_t chance(uint32_t below);
static inline bool one_in(uint32_t n) { return chance(n) == 0; }

extern uint16_t listening_port, udp_port;
extern bool has_ipv6; /* this machine, and so the listener */

/* --------------------------------------------------------- fuzz_network.c */

struct packet {
  uint32_t length;
  union netsctp__sockaddr from, to; /* with UDP ports */
  uint8_t bytes[MOST_BYTES];
};

/* One direction of what is or was an association, as packets showed it. */
struct way {
  union netsctp__sockaddr from, to; /* with UDP ports */
  uint16_t from_port, to_port;      /* SCTP's */
  uint32_t tag;                     /* what packets this way bear */
  uint32_t back_tag;
  uint32_t tsn, back_tsn; /* the last of this way, and of the other */
  uint32_t serial;      /* of ASCONF and RE-CONFIG: begins with the first TSN */
  uint32_t back_serial; /* of the last ASCONF of the other */
  bool is_ours;         /* from a peer that is made of packets only */
};

void network_reset(void);
/* Delivers what the stack has sent, perhaps not all, not in order, not as it
 * was; once more until nothing is on its way. */
void network_settle(void);
/* Hands one packet to the stack. */
void network_deliver(struct packet *);
/* An address of IPv4's or IPv6's loopback, or next to it: `host` counts from 0.
 */
void network_host(union netsctp__sockaddr *, bool is_ipv6, uint32_t host,
                  uint16_t udp_port);
/* A way to send on; NULL: there is none yet. */
struct way *network_any_way(void);
/* A packet that was sent lately; NULL: none. */
const struct packet *network_any_packet(void);

extern uint64_t packets_delivered, packets_over_ipv6, packets_caught;
extern uint64_t slowest_ns; /* of one packet, and what that was */
extern struct packet slowest_packet;
extern bool signatures_fit; /* of AUTH chunks, whatever they are */
/* Prints each kind of packet the first time it is caught. */
extern bool is_recording;

/* --------------------------------------------------------- fuzz_packets.c */

/* Reads packets in hexadecimal, one a line. */
void packets_load(const char *file);
/* Makes a packet for this way, NULL: for nobody in particular. */
void packets_make(struct packet *, struct way *);
/* The INIT of a peer that is made of packets only. */
void packets_make_init(struct packet *, const struct way *);
/* The COOKIE ECHO that answers an INIT ACK; false: it has no cookie. */
bool packets_answer(const struct packet *init_ack, struct packet *,
                    const struct way *);

/* ------------------------------------------------------- fuzz_accidents.c */

/* Changes a packet a little. */
void packets_alter(struct packet *);

#endif
