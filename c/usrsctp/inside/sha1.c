/* See usrsctp/inside/sha1.h. Only 16 of the 80 words are kept at a time, and
 * the variables of a round change their names instead of their places. */
#include "usrsctp/inside/sha1.h"

#include <string.h>

static uint32_t rotate(uint32_t x, unsigned by) {
  return x << by | x >> (32 - by);
}

static uint32_t load(const uint8_t *bytes) {
  uint32_t word;
  memcpy(&word, bytes, sizeof word);
  return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap32(word)
                                                   : word;
}

static void store(uint8_t *bytes, uint32_t word) {
  for (unsigned i = 0; i < 4; i++)
    bytes[i] = (uint8_t)(word >> (24 - 8 * i));
}

/* RFC 3174, section 5: f and K of each 20 rounds. */
#define CHOOSE(b, c, d) ((d) ^ ((b) & ((c) ^ (d))))
#define PARITY(b, c, d) ((b) ^ (c) ^ (d))
#define MAJORITY(b, c, d) (((b) & (c)) | ((d) & ((b) | (c))))
#define K1 0x5a827999u
#define K2 0x6ed9eba1u
#define K3 0x8f1bbcdcu
#define K4 0xca62c1d6u

#define WORD(t) w[(t)&15]
#define FIRST(t) (WORD(t) = load(bytes + 4 * (t)))
#define LATER(t)                                                               \
  (WORD(t) = rotate(WORD(t + 13) ^ WORD(t + 8) ^ WORD(t + 2) ^ WORD(t), 1))
#define ROUND(a, b, c, d, e, f, k, word)                                       \
  do {                                                                         \
    e += rotate(a, 5) + f(b, c, d) + k + word;                                 \
    b = rotate(b, 30);                                                         \
  } while (0)
#define FIVE(f, k, source, t)                                                  \
  do {                                                                         \
    ROUND(a, b, c, d, e, f, k, source(t));                                     \
    ROUND(e, a, b, c, d, f, k, source(t + 1));                                 \
    ROUND(d, e, a, b, c, f, k, source(t + 2));                                 \
    ROUND(c, d, e, a, b, f, k, source(t + 3));                                 \
    ROUND(b, c, d, e, a, f, k, source(t + 4));                                 \
  } while (0)
#define TWENTY(f, k, t)                                                        \
  do {                                                                         \
    FIVE(f, k, LATER, t);                                                      \
    FIVE(f, k, LATER, t + 5);                                                  \
    FIVE(f, k, LATER, t + 10);                                                 \
    FIVE(f, k, LATER, t + 15);                                                 \
  } while (0)

static void add_block(uint32_t state[5], const uint8_t *bytes) {
  uint32_t w[16];
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
  FIVE(CHOOSE, K1, FIRST, 0);
  FIVE(CHOOSE, K1, FIRST, 5);
  FIVE(CHOOSE, K1, FIRST, 10);
  ROUND(a, b, c, d, e, CHOOSE, K1, FIRST(15));
  ROUND(e, a, b, c, d, CHOOSE, K1, LATER(16));
  ROUND(d, e, a, b, c, CHOOSE, K1, LATER(17));
  ROUND(c, d, e, a, b, CHOOSE, K1, LATER(18));
  ROUND(b, c, d, e, a, CHOOSE, K1, LATER(19));
  TWENTY(PARITY, K2, 20);
  TWENTY(MAJORITY, K3, 40);
  TWENTY(PARITY, K4, 60);
  state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
}

void netsctp__sha1_init(struct netsctp__sha1 *sha1) {
  static const uint32_t start[5] = {0x67452301u, 0xefcdab89u, 0x98badcfeu,
                                    0x10325476u, 0xc3d2e1f0u};
  memcpy(sha1->state, start, sizeof start);
  sha1->length = 0;
}

void netsctp__sha1_update(struct netsctp__sha1 *sha1, const uint8_t *bytes,
                          size_t length) {
  size_t used = sha1->length % NETSCTP__SHA1_BLOCK;
  sha1->length += length;
  while (length > 0) {
    if (used == 0 && length >= NETSCTP__SHA1_BLOCK) {
      add_block(sha1->state, bytes);
      bytes += NETSCTP__SHA1_BLOCK;
      length -= NETSCTP__SHA1_BLOCK;
      continue;
    }
    const size_t room = NETSCTP__SHA1_BLOCK - used;
    const size_t part = length < room ? length : room;
    memcpy(sha1->block + used, bytes, part);
    bytes += part;
    length -= part;
    used = (used + part) % NETSCTP__SHA1_BLOCK;
    if (used == 0)
      add_block(sha1->state, sha1->block);
  }
}

void netsctp__sha1_final(struct netsctp__sha1 *sha1,
                         uint8_t digest[NETSCTP__SHA1_BYTES]) {
  const uint64_t bits = sha1->length * 8;
  const size_t used = sha1->length % NETSCTP__SHA1_BLOCK;
  static const uint8_t padding[NETSCTP__SHA1_BLOCK] = {0x80};
  uint8_t tail[8];
  netsctp__sha1_update(sha1, padding, used < 56 ? 56 - used : 120 - used);
  store(tail, (uint32_t)(bits >> 32));
  store(tail + 4, (uint32_t)bits);
  netsctp__sha1_update(sha1, tail, sizeof tail);
  for (unsigned i = 0; i < 5; i++)
    store(digest + 4 * i, sha1->state[i]);
}
