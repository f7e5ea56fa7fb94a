#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER = 12 };

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

/* -------------------------------------------------------------- building */

static uint8_t *room(struct packet *packet, uint32_t length) {
  static uint8_t waste[MOST_BYTES];
  if (packet->length + length > MOST_BYTES)
    return waste;
  uint8_t *at = packet->bytes + packet->length;
  packet->length += length;
  return at;
}
static void u8(struct packet *p, uint32_t value) {
  *room(p, 1) = (uint8_t)value;
}
static void u16(struct packet *p, uint32_t value) {
  write_u16(room(p, 2), value);
}
static void u32(struct packet *p, uint32_t value) {
  write_u32(room(p, 4), value);
}
static void noise(struct packet *p, uint32_t length) {
  while (length-- > 0)
    u8(p, chance(256));
}

/* A chunk or a parameter is begun, and gets its length when it is ended. */
static uint32_t begin(struct packet *p, uint32_t type, uint32_t flags) {
  const uint32_t at = p->length;
  u8(p, type);
  u8(p, flags);
  u16(p, 0);
  return at;
}
static uint32_t begin_parameter(struct packet *p, uint32_t type) {
  return begin(p, type >> 8, type);
}
static void end(struct packet *p, uint32_t at) {
  if (at + 4 > p->length)
    return;
  write_u16(p->bytes + at + 2, p->length - at);
  while (p->length % 4 != 0)
    u8(p, 0);
}

/* A number that is likely to matter: near a given one, or at an edge. */
static uint32_t near(uint32_t value) {
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

static void address(struct packet *p) {
  if (one_in(8)) {
    const uint32_t at = begin_parameter(p, 6);
    uint8_t *bytes = room(p, 16);
    memset(bytes, 0, 16);
    bytes[0] = one_in(3) ? 0xfd : 0;
    bytes[15] = (uint8_t)chance(6);
    end(p, at);
    return;
  }
  const uint32_t at = begin_parameter(p, 5);
  switch (chance(10)) {
  case 0:
    u32(p, 0);
    break;
  case 1:
    u32(p, 0x0a000000 + chance(300));
    break;
  case 2:
    u32(p, one_in(2) ? UINT32_MAX : 0xe0000001);
    break;
  default:
    u32(p, 0x7f000001 + chance(6));
  }
  end(p, at);
}

static void cause(struct packet *p) {
  const uint32_t at = begin_parameter(p, one_in(3) ? chance(300) : chance(14));
  if (one_in(3))
    u32(p, chance(5000));
  noise(p, chance(40));
  end(p, at);
}

/* ---------------------------------------------------------------- chunks */

static void data(struct packet *p, struct way *way) {
  const bool is_interleaved = one_in(6);
  const uint32_t at =
      begin(p, is_interleaved ? 64 : 0, one_in(3) ? chance(16) : 3);
  u32(p, near(way->tsn + 1));
  if (one_in(2))
    way->tsn++;
  u16(p, one_in(10) ? chance(70000) : chance(6));
  u16(p, one_in(5) ? chance(70000) : chance(3));
  u32(p, chance(4));
  if (is_interleaved)
    u32(p, chance(4));
  noise(p, one_in(10) ? chance(1500) : chance(30));
  end(p, at);
}

static void sack(struct packet *p, struct way *way) {
  const bool is_nr = one_in(6);
  const uint32_t at = begin(p, is_nr ? 16 : 3, chance(4));
  const uint32_t gaps = one_in(3) ? chance(40) : 0,
                 more = is_nr ? chance(9) : 0;
  const uint32_t duplicates = one_in(4) ? chance(9) : 0;
  u32(p, near(way->back_tsn));
  u32(p, one_in(4) ? chance(3000) : 1 << 17);
  u16(p, gaps);
  if (is_nr)
    u16(p, more);
  u16(p, duplicates);
  if (is_nr)
    u16(p, 0);
  for (uint32_t i = 0, last = 0; i < gaps + more; i++) {
    const uint32_t first = one_in(20) ? chance(70000) : last + 2 + chance(4);
    last = first + chance(3);
    u16(p, first);
    u16(p, last);
  }
  for (uint32_t i = 0; i < duplicates; i++)
    u32(p, near(way->back_tsn));
  end(p, at);
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
        u8(p, (const uint8_t[]){192, 130, 15, 193, 128, 64, 194, 16, 129}[i]);
    end(p, at);
    at = begin_parameter(p, 0x8002);
    noise(p, 32);
    end(p, at);
    at = begin_parameter(p, 0x8003);
    u8(p, 193);
    u8(p, 128);
    end(p, at);
    at = begin_parameter(p, 0x8004);
    u16(p, 1);
    end(p, at);
    end(p, begin_parameter(p, 0xc000));
  }
  for (uint32_t count = chance(5); count > 0; count--)
    address(p);
  for (uint32_t count = one_in(3) ? chance(8) : 0; count > 0; count--) {
    at = begin_parameter(p, one_in(5) ? chance(65536)
                                      : types[chance(sizeof types / 2)]);
    noise(p, one_in(5) ? chance(300) : chance(5) * 4);
    end(p, at);
  }
}

static void init(struct packet *p, uint32_t type, uint32_t tag, uint32_t tsn) {
  const uint32_t at = begin(p, type, 0);
  u32(p, tag);
  u32(p, one_in(20) ? chance(3000) : 1 << 17);
  u16(p, one_in(20) ? 0 : 1 + chance(20));
  u16(p, one_in(20) ? 0 : 1 + chance(20));
  u32(p, tsn);
  if (type == 2 && !one_in(4)) {
    const uint32_t cookie = begin_parameter(p, 7);
    noise(p, chance(300));
    end(p, cookie);
  }
  init_parameters(p);
  end(p, at);
}

static void asconf(struct packet *p, struct way *way) {
  const bool is_answer = one_in(4);
  const uint32_t at = begin(p, is_answer ? 128 : 193, 0);
  u32(p, one_in(2) ? way->serial++ : near(way->serial));
  if (!is_answer)
    address(p);
  for (uint32_t count = chance(6); count > 0; count--) {
    const uint32_t type = 0xc001 + chance(is_answer ? 6 : 4);
    const uint32_t inner = begin_parameter(p, type);
    u32(p, chance(9));
    if (type == 0xc003)
      cause(p);
    else if (type != 0xc005)
      address(p);
    end(p, inner);
  }
  end(p, at);
}

static void reconfiguration(struct packet *p, struct way *way) {
  const uint32_t at = begin(p, 130, 0);
  for (uint32_t count = 1 + chance(3); count > 0; count--) {
    const uint32_t type = 13 + chance(6);
    const uint32_t inner = begin_parameter(p, type);
    u32(p, one_in(3) ? near(way->serial) : way->serial);
    if (type == 13) {
      u32(p, near(way->serial));
      u32(p, near(way->tsn));
    }
    if (type == 16) {
      u32(p, chance(9));
      if (one_in(3)) {
        u32(p, near(way->tsn));
        u32(p, near(way->back_tsn));
      }
    } else if (type >= 17) {
      u16(p, one_in(4) ? chance(65536) : chance(20));
      u16(p, 0);
    } else if (type != 15) {
      for (uint32_t streams = chance(6); streams > 0; streams--)
        u16(p, one_in(5) ? chance(65536) : chance(8));
    }
    end(p, inner);
  }
  if (one_in(2))
    way->serial++;
  end(p, at);
}

static void forward(struct packet *p, struct way *way) {
  const bool is_interleaved = one_in(4);
  const uint32_t at = begin(p, is_interleaved ? 194 : 192, 0);
  u32(p, near(way->tsn + chance(3)));
  for (uint32_t streams = chance(5); streams > 0; streams--) {
    u16(p, one_in(8) ? chance(65536) : chance(6));
    u16(p, chance(3));
    if (is_interleaved)
      u32(p, chance(4));
  }
  end(p, at);
}

static void dropped(struct packet *p, struct way *way) {
  const uint32_t at = begin(p, 129, chance(8));
  u32(p, chance(1 << 20));
  u32(p, chance(1 << 20));
  u16(p, chance(1500));
  u16(p, 0);
  u16(p, way->to_port);
  u16(p, way->from_port);
  u32(p, way->back_tag);
  u32(p, 0);
  if (one_in(2))
    data(p, way);
  else
    noise(p, chance(80));
  end(p, at);
}

static void heartbeat(struct packet *p) {
  const uint32_t at = begin(p, 4 + chance(2), 0);
  const uint32_t inner = begin_parameter(p, 1);
  noise(p, one_in(2) ? 48 : chance(90));
  end(p, inner);
  end(p, at);
}

static void fixed(struct packet *p, uint32_t type, uint32_t flags,
                  uint32_t words, uint32_t first) {
  const uint32_t at = begin(p, type, flags);
  for (uint32_t i = 0; i < words; i++)
    u32(p, i == 0 ? first : chance(9));
  end(p, at);
}

static void chunk(struct packet *p, struct way *way) {
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
    at = begin(p, one_in(30) ? 6 : 9, chance(2));
    for (uint32_t count = chance(4); count > 0; count--)
      cause(p);
    end(p, at);
    break;
  case 17:
    at = begin(p, 10, 0);
    noise(p, chance(600));
    end(p, at);
    break;
  case 18:
    fixed(p, 12 + chance(2), 0, 1 + chance(2), near(way->back_tsn));
    break;
  case 19:
    if (one_in(10))
      fixed(p, 7, 0, 1, near(way->back_tsn));
    else
      fixed(p, (const uint8_t[]){8, 11, 14}[one_in(10) ? chance(3) : 1],
            chance(2), 0, 0);
    break;
  case 20:
    init(p, 2, chance(UINT32_MAX), chance(UINT32_MAX));
    break;
  default:
    at = begin(p, one_in(3) ? chance(256) : 132, chance(256));
    noise(p, chance(50));
    end(p, at);
  }
}

static void header(struct packet *p, const struct way *way, uint32_t tag) {
  p->from = way->from;
  p->to = way->to;
  p->length = 0;
  u16(p, way->from_port);
  u16(p, way->to_port);
  u32(p, tag);
  u32(p, 0);
}

void packets_make_init(struct packet *p, const struct way *way) {
  header(p, way, 0);
  init(p, 1, way->back_tag, FIRST_TSN);
}

static const struct packet *corpus;
static uint32_t corpus_count;

/* A recorded one, as if it were of this way. */
static void from_corpus(struct packet *p, struct way *way) {
  const struct packet *old = &corpus[chance(corpus_count)];
  header(p, way, way->tag);
  memcpy(room(p, old->length - HEADER), old->bytes + HEADER,
         old->length - HEADER);
  if (p->bytes[HEADER] == 1) /* INIT */
    write_u32(p->bytes + 4, 0);
  if (p->bytes[HEADER] == 0 && p->length > HEADER + 8)
    write_u32(p->bytes + HEADER + 4, near(way->tsn + 1));
  if (p->bytes[HEADER] == 3 && p->length > HEADER + 8)
    write_u32(p->bytes + HEADER + 4, near(way->back_tsn));
}

void packets_make(struct packet *p, struct way *way) {
  struct way nobody = {.from_port = (uint16_t)chance(65536),
                       .to_port = listening_port,
                       .tag = chance(UINT32_MAX)};
  if (way == NULL) {
    way = &nobody;
    nobody.from.ipv4 = nobody.to.ipv4 =
        (struct sockaddr_in){.sin_family = AF_INET,
                             .sin_port = htons(udp_port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  }
  if (corpus_count > 0 && one_in(6)) {
    from_corpus(p, way);
    return;
  }
  if (one_in(12)) {
    header(p, way, 0);
    init(p, 1, one_in(3) ? way->back_tag : 1 + chance(UINT32_MAX - 1),
         near(way->tsn));
    return;
  }
  header(p, way,
         one_in(12)   ? near(way->tag)
         : one_in(20) ? way->back_tag
                      : way->tag);
  if (one_in(4)) { /* AUTH in front; whether it fits is fuzz_network.c's */
    const uint32_t at = begin(p, 15, 0);
    u16(p, 0);
    u16(p, one_in(5) ? chance(4) : 1);
    noise(p, one_in(8) ? chance(64) : 20);
    end(p, at);
  }
  for (uint32_t count = 1 + (one_in(2) ? chance(4) : 0); count > 0; count--)
    chunk(p, way);
}

bool packets_answer(const struct packet *init_ack, struct packet *p,
                    const struct way *way) {
  for (uint32_t at = HEADER + 20; at + 4 <= init_ack->length;) {
    const uint32_t length = read_u16(init_ack->bytes + at + 2);
    if (length < 4 || at + length > init_ack->length)
      return false;
    if (read_u16(init_ack->bytes + at) == 7) {
      header(p, way, way->tag);
      const uint32_t echo = begin(p, 10, 0);
      memcpy(room(p, length - 4), init_ack->bytes + at + 4, length - 4);
      end(p, echo);
      struct way mine = *way;
      if (one_in(4))
        chunk(p, &mine);
      return true;
    }
    at += (length + 3) & ~3u;
  }
  return false;
}

/* ------------------------------------------------------------- the corpus */

void packets_load(const char *file) {
  enum { MOST = 256 };
  struct packet *loaded = calloc(MOST, sizeof *loaded);
  FILE *in = fopen(file, "r");
  if (in == NULL || loaded == NULL) {
    perror(file);
    exit(2);
  }
  int digit, high = -1;
  while ((digit = fgetc(in)) != EOF && corpus_count < MOST) {
    struct packet *p = &loaded[corpus_count];
    const int value = digit >= 'a' ? digit - 'a' + 10 : digit - '0';
    if (digit == '#') {
      while ((digit = fgetc(in)) != EOF && digit != '\n')
        ;
    } else if (digit == '\n') {
      corpus_count += p->length > HEADER;
      high = -1;
    } else if (high < 0) {
      high = value;
    } else {
      u8(p, (uint32_t)(high << 4 | value));
      high = -1;
    }
  }
  fclose(in);
  corpus = loaded;
}
