#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz_bytes.h"
#include "fuzz_chunks.h"

enum { HEADER = 12 };

static void header(struct packet *p, const struct way *way, uint32_t tag) {
  p->from = way->from;
  p->to = way->to;
  p->length = 0;
  put_u16(p, way->from_port);
  put_u16(p, way->to_port);
  put_u32(p, tag);
  put_u32(p, 0);
}

void packets_make_init(struct packet *p, const struct way *way) {
  header(p, way, 0);
  chunks_init(p, 1, way->back_tag, FIRST_TSN);
}

static const struct packet *corpus;
static uint32_t corpus_count;

/* A recorded one, as if it were of this way. */
static void from_corpus(struct packet *p, struct way *way) {
  const struct packet *old = &corpus[chance(corpus_count)];
  header(p, way, way->tag);
  memcpy(put_room(p, old->length - HEADER), old->bytes + HEADER,
         old->length - HEADER);
  if (p->bytes[HEADER] == 1) /* INIT */
    write_u32(p->bytes + 4, 0);
  if (p->bytes[HEADER] == 0 && p->length > HEADER + 8)
    write_u32(p->bytes + HEADER + 4, near_to(way->tsn + 1));
  if (p->bytes[HEADER] == 3 && p->length > HEADER + 8)
    write_u32(p->bytes + HEADER + 4, near_to(way->back_tsn));
}

void packets_make(struct packet *p, struct way *way) {
  struct way nobody = {.from_port = (uint16_t)chance(65536),
                       .to_port = listening_port,
                       .tag = chance(UINT32_MAX)};
  if (way == NULL) {
    way = &nobody;
    const bool is_ipv6 = has_ipv6 && one_in(3);
    network_host(&nobody.from, is_ipv6, 0, udp_port);
    network_host(&nobody.to, is_ipv6, 0, udp_port);
  }
  if (corpus_count > 0 && one_in(6)) {
    from_corpus(p, way);
    return;
  }
  if (one_in(12)) {
    header(p, way, 0);
    chunks_init(p, 1, one_in(3) ? way->back_tag : 1 + chance(UINT32_MAX - 1),
                near_to(way->tsn));
    return;
  }
  header(p, way,
         one_in(12)   ? near_to(way->tag)
         : one_in(20) ? way->back_tag
                      : way->tag);
  if (one_in(4)) { /* AUTH in front; whether it fits is fuzz_network.c's */
    const uint32_t at = begin_chunk(p, 15, 0);
    put_u16(p, 0);
    put_u16(p, one_in(5) ? chance(4) : 1);
    put_noise(p, one_in(8) ? chance(64) : 20);
    finish(p, at);
  }
  for (uint32_t count = 1 + (one_in(2) ? chance(4) : 0); count > 0; count--)
    chunks_any(p, way);
}

bool packets_answer(const struct packet *init_ack, struct packet *p,
                    const struct way *way) {
  for (uint32_t at = HEADER + 20; at + 4 <= init_ack->length;) {
    const uint32_t length = read_u16(init_ack->bytes + at + 2);
    if (length < 4 || at + length > init_ack->length)
      return false;
    if (read_u16(init_ack->bytes + at) == 7) {
      header(p, way, way->tag);
      const uint32_t echo = begin_chunk(p, 10, 0);
      memcpy(put_room(p, length - 4), init_ack->bytes + at + 4, length - 4);
      finish(p, echo);
      struct way mine = *way;
      if (one_in(4))
        chunks_any(p, &mine);
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
      put_u8(p, (uint32_t)(high << 4 | value));
      high = -1;
    }
  }
  fclose(in);
  corpus = loaded;
}
