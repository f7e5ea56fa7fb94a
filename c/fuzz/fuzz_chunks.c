/* Chunks, as a peer that knows the protocol makes them, and a little beside. */
#include "fuzz_chunks.h"

#include <string.h>

#include "fuzz_bytes.h"

static void ipv4_address(struct packet *p) {
  const uint32_t at = begin_parameter(p, 5);
  switch (chance(10)) {
  case 0:
    put_u32(p, 0);
    break;
  case 1:
    put_u32(p, 0x0a000000 + chance(300));
    break;
  case 2:
    put_u32(p, one_in(2) ? UINT32_MAX : 0xe0000001);
    break;
  default:
    put_u32(p, 0x7f000001 + chance(6));
  }
  finish(p, at);
}

/* The loopback address, unique and link-local ones, multicast, the unspecified
 * one, and those that are IPv4's. */
static void ipv6_address(struct packet *p) {
  static const uint8_t beginnings[][12] = {
      {0},          {0},       {0xfd},
      {0xfe, 0x80}, {0xff, 2}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}};
  const uint32_t kind = chance(6);
  const uint32_t at = begin_parameter(p, 6);
  memcpy(put_room(p, 12), beginnings[kind], 12);
  put_u32(p, kind == 5 ? 0x7f000001 + chance(3) : chance(6));
  finish(p, at);
}

static void address(struct packet *p) {
  if (one_in(3))
    ipv6_address(p);
  else
    ipv4_address(p);
}

static void cause(struct packet *p) {
  const uint32_t at = begin_parameter(p, one_in(3) ? chance(300) : chance(14));
  if (one_in(3))
    put_u32(p, chance(5000));
  put_noise(p, chance(40));
  finish(p, at);
}

static void data(struct packet *p, struct way *way) {
  const bool is_interleaved = one_in(6);
  const uint32_t at =
      begin_chunk(p, is_interleaved ? 64 : 0, one_in(3) ? chance(16) : 3);
  put_u32(p, near_to(way->tsn + 1));
  if (one_in(2))
    way->tsn++;
  put_u16(p, one_in(10) ? chance(70000) : chance(6));
  put_u16(p, one_in(5) ? chance(70000) : chance(3));
  put_u32(p, chance(4));
  if (is_interleaved)
    put_u32(p, chance(4));
  put_noise(p, one_in(10) ? chance(1500) : chance(30));
  finish(p, at);
}

static void sack(struct packet *p, struct way *way) {
  const bool is_nr = one_in(6);
  const uint32_t at = begin_chunk(p, is_nr ? 16 : 3, chance(4));
  const uint32_t gaps = one_in(3) ? chance(40) : 0,
                 more = is_nr ? chance(9) : 0;
  const uint32_t duplicates = one_in(4) ? chance(9) : 0;
  put_u32(p, near_to(way->back_tsn));
  put_u32(p, one_in(4) ? chance(3000) : 1 << 17);
  put_u16(p, gaps);
  if (is_nr)
    put_u16(p, more);
  put_u16(p, duplicates);
  if (is_nr)
    put_u16(p, 0);
  for (uint32_t i = 0, last = 0; i < gaps + more; i++) {
    const uint32_t first = one_in(20) ? chance(70000) : last + 2 + chance(4);
    last = first + chance(3);
    put_u16(p, first);
    put_u16(p, last);
  }
  for (uint32_t i = 0; i < duplicates; i++)
    put_u32(p, near_to(way->back_tsn));
  finish(p, at);
}

static void init_parameters(struct packet *p) {
  static const uint16_t types[] = {5,      6,      9,      11,     12,
                                   0x8000, 0x8001, 0x8002, 0x8003, 0x8004,
                                   0x8005, 0x8008, 0xc000, 0xc006, 0xc007};
  uint32_t at;
  /* What ASCONF, RE-CONFIG, PR-SCTP and I-DATA are negotiated by. */
  if (!one_in(3)) {
    at = begin_parameter(p, 0x8008);
    for (unsigned i = 0; i < 9; i++)
      if (!one_in(6))
        put_u8(p,
               (const uint8_t[]){192, 130, 15, 193, 128, 64, 194, 16, 129}[i]);
    finish(p, at);
    at = begin_parameter(p, 0x8002);
    put_noise(p, 32);
    finish(p, at);
    at = begin_parameter(p, 0x8003);
    put_u8(p, 193);
    put_u8(p, 128);
    finish(p, at);
    at = begin_parameter(p, 0x8004);
    put_u16(p, 1);
    finish(p, at);
    finish(p, begin_parameter(p, 0xc000));
  }
  /* With an address that it did not have a peer may not restart. */
  for (uint32_t count = one_in(2) ? chance(5) : 0; count > 0; count--)
    address(p);
  for (uint32_t count = one_in(3) ? chance(8) : 0; count > 0; count--) {
    at = begin_parameter(p, one_in(5) ? chance(65536)
                                      : types[chance(sizeof types / 2)]);
    put_noise(p, one_in(5) ? chance(300) : chance(5) * 4);
    finish(p, at);
  }
}

void chunks_init(struct packet *p, uint32_t type, uint32_t tag, uint32_t tsn) {
  const uint32_t at = begin_chunk(p, type, 0);
  put_u32(p, tag);
  put_u32(p, one_in(20) ? chance(3000) : 1 << 17);
  put_u16(p, one_in(20) ? 0 : 1 + chance(20));
  put_u16(p, one_in(20) ? 0 : 1 + chance(20));
  put_u32(p, tsn);
  if (type == 2 && !one_in(4)) {
    const uint32_t cookie = begin_parameter(p, 7);
    put_noise(p, chance(300));
    finish(p, cookie);
  }
  init_parameters(p);
  finish(p, at);
}

static void asconf(struct packet *p, struct way *way) {
  const bool is_answer = one_in(4);
  const uint32_t at = begin_chunk(p, is_answer ? 128 : 193, 0);
  if (is_answer)
    put_u32(p, one_in(4) ? near_to(way->back_serial) : way->back_serial);
  else
    put_u32(p, one_in(2) ? way->serial++ : near_to(way->serial));
  if (!is_answer)
    address(p);
  for (uint32_t count = chance(one_in(20) ? 140 : 6); count > 0; count--) {
    const uint32_t type = 0xc001 + chance(is_answer ? 6 : 4);
    const uint32_t inner = begin_parameter(p, type);
    put_u32(p, chance(9));
    if (type == 0xc003)
      cause(p);
    else if (type != 0xc005)
      address(p);
    finish(p, inner);
  }
  finish(p, at);
}

static void reconfiguration(struct packet *p, struct way *way) {
  const uint32_t at = begin_chunk(p, 130, 0);
  for (uint32_t count = 1 + chance(3); count > 0; count--) {
    const uint32_t type = 13 + chance(6);
    const uint32_t inner = begin_parameter(p, type);
    put_u32(p, one_in(3) ? near_to(way->serial) : way->serial);
    if (type == 13) {
      put_u32(p, near_to(way->serial));
      put_u32(p, near_to(way->tsn));
    }
    if (type == 16) {
      put_u32(p, chance(9));
      if (one_in(3)) {
        put_u32(p, near_to(way->tsn));
        put_u32(p, near_to(way->back_tsn));
      }
    } else if (type >= 17) {
      put_u16(p, one_in(4) ? chance(65536) : chance(20));
      put_u16(p, 0);
    } else if (type != 15) {
      for (uint32_t streams = chance(6); streams > 0; streams--)
        put_u16(p, one_in(5) ? chance(65536) : chance(8));
    }
    finish(p, inner);
  }
  if (one_in(2))
    way->serial++;
  finish(p, at);
}

static void forward(struct packet *p, struct way *way) {
  const bool is_interleaved = one_in(4);
  const uint32_t at = begin_chunk(p, is_interleaved ? 194 : 192, 0);
  put_u32(p, near_to(way->tsn + chance(3)));
  for (uint32_t streams = chance(5); streams > 0; streams--) {
    put_u16(p, one_in(8) ? chance(65536) : chance(6));
    put_u16(p, chance(3));
    if (is_interleaved)
      put_u32(p, chance(4));
  }
  finish(p, at);
}

static void dropped(struct packet *p, struct way *way) {
  const uint32_t at = begin_chunk(p, 129, chance(8));
  put_u32(p, chance(1 << 20));
  put_u32(p, chance(1 << 20));
  put_u16(p, chance(1500));
  put_u16(p, 0);
  put_u16(p, way->to_port);
  put_u16(p, way->from_port);
  put_u32(p, way->back_tag);
  put_u32(p, 0);
  if (one_in(2))
    data(p, way);
  else
    put_noise(p, chance(80));
  finish(p, at);
}

static void heartbeat(struct packet *p) {
  const uint32_t at = begin_chunk(p, 4 + chance(2), 0);
  const uint32_t inner = begin_parameter(p, 1);
  put_noise(p, one_in(2) ? 48 : chance(90));
  finish(p, inner);
  finish(p, at);
}

static void fixed(struct packet *p, uint32_t type, uint32_t flags,
                  uint32_t words, uint32_t first) {
  const uint32_t at = begin_chunk(p, type, flags);
  for (uint32_t i = 0; i < words; i++)
    put_u32(p, i == 0 ? first : chance(9));
  finish(p, at);
}

void chunks_any(struct packet *p, struct way *way) {
  uint32_t at;
  switch (chance(22)) {
  case 0:
  case 1:
  case 2:
  case 3:
  case 4:
    data(p, way);
    break;
  case 5:
  case 6:
  case 7:
    sack(p, way);
    break;
  case 8:
    heartbeat(p);
    break;
  case 9:
  case 10:
    asconf(p, way);
    break;
  case 11:
  case 12:
    reconfiguration(p, way);
    break;
  case 13:
  case 14:
    forward(p, way);
    break;
  case 15:
    dropped(p, way);
    break;
  case 16:
    at = begin_chunk(p, one_in(30) ? 6 : 9, chance(2));
    for (uint32_t count = chance(4); count > 0; count--)
      cause(p);
    finish(p, at);
    break;
  case 17:
    at = begin_chunk(p, 10, 0);
    put_noise(p, chance(600));
    finish(p, at);
    break;
  case 18:
    fixed(p, 12 + chance(2), 0, 1 + chance(2), near_to(way->back_tsn));
    break;
  case 19:
    if (one_in(10))
      fixed(p, 7, 0, 1, near_to(way->back_tsn));
    else
      fixed(p, (const uint8_t[]){8, 11, 14}[one_in(10) ? chance(3) : 1],
            chance(2), 0, 0);
    break;
  case 20:
    chunks_init(p, 2, chance(UINT32_MAX), chance(UINT32_MAX));
    break;
  default:
    at = begin_chunk(p, one_in(3) ? chance(256) : 132, chance(256));
    put_noise(p, chance(50));
    finish(p, at);
  }
}
