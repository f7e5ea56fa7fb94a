#include "fuzz_bytes.h"

uint32_t read_u32(const uint8_t *at) {
  return (uint32_t)read_u16(at) << 16 | read_u16(at + 2);
}
uint16_t read_u16(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }
void write_u16(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}
void write_u32(uint8_t *at, uint32_t value) {
  write_u16(at, value >> 16);
  write_u16(at + 2, value);
}

uint8_t *put_room(struct packet *packet, uint32_t length) {
  static uint8_t waste[MOST_BYTES];
  if (packet->length + length > MOST_BYTES)
    return waste;
  uint8_t *at = packet->bytes + packet->length;
  packet->length += length;
  return at;
}
void put_u8(struct packet *p, uint32_t value) {
  *put_room(p, 1) = (uint8_t)value;
}
void put_u16(struct packet *p, uint32_t value) {
  write_u16(put_room(p, 2), value);
}
void put_u32(struct packet *p, uint32_t value) {
  write_u32(put_room(p, 4), value);
}
void put_noise(struct packet *p, uint32_t length) {
  while (length-- > 0)
    put_u8(p, chance(256));
}

uint32_t begin_chunk(struct packet *p, uint32_t type, uint32_t flags) {
  const uint32_t at = p->length;
  put_u8(p, type);
  put_u8(p, flags);
  put_u16(p, 0);
  return at;
}
uint32_t begin_parameter(struct packet *p, uint32_t type) {
  return begin_chunk(p, type >> 8, type);
}
void finish(struct packet *p, uint32_t at) {
  if (at + 4 > p->length)
    return;
  write_u16(p->bytes + at + 2, p->length - at);
  while (p->length % 4 != 0)
    put_u8(p, 0);
}

uint32_t near_to(uint32_t value) {
  switch (chance(12)) {
  case 0:
    return value + chance(2000);
  case 1:
    return value - chance(2000);
  case 2:
    return chance(UINT32_MAX);
  case 3:
    return value + 0x7fffffff + chance(3);
  case 4:
    return value - chance(5);
  default:
    return value + chance(5);
  }
}
