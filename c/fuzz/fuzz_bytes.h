/* Packets of the fuzz program are put together by these. */
#ifndef NETSCTP_FUZZ_BYTES_H
#define NETSCTP_FUZZ_BYTES_H

#include "fuzz.h"

uint32_t read_u32(const uint8_t *);
uint16_t read_u16(const uint8_t *);
void write_u32(uint8_t *, uint32_t);
void write_u16(uint8_t *, uint32_t);

/* Room for so many bytes at the end of a packet. */
uint8_t *put_room(struct packet *, uint32_t length);
void put_u8(struct packet *, uint32_t);
void put_u16(struct packet *, uint32_t);
void put_u32(struct packet *, uint32_t);
void put_noise(struct packet *, uint32_t length);

/* A chunk or a parameter is begun, and gets its length and its padding when it
 * is finished. Both tell where it begins. */
uint32_t begin_chunk(struct packet *, uint32_t type, uint32_t flags);
uint32_t begin_parameter(struct packet *, uint32_t type);
void finish(struct packet *, uint32_t at);

/* A number that is likely to matter: near a given one, or at an edge. */
uint32_t near_to(uint32_t);

#endif
