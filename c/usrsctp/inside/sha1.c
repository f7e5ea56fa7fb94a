/* See usrsctp/inside/sha1.h. Only 16 of the 80 words are kept at a time. */
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

#define WORD(t) w[(t)&15]
/* Unrolled, so that the variables change their names instead of their places:
 * a loop of twenty rounds would take half as long again. */
#ifdef __clang__
#define UNROLLED _Pragma("unroll")
#else
#define UNROLLED _Pragma("GCC unroll 20")
#endif
#define ROUNDS(first, f, k)                                                    \
  UNROLLED for (unsigned t = first; t < (first) + 20; t++) {                   \
    WORD(t) =                                                                  \
        t < 16                                                                 \
            ? load(bytes + 4 * t)                                              \
            : rotate(WORD(t + 13) ^ WORD(t + 8) ^ WORD(t + 2) ^ WORD(t), 1);   \
    const uint32_t sum = rotate(a, 5) + f(b, c, d) + e + k + WORD(t);          \
    e = d, d = c, c = rotate(b, 30), b = a, a = sum;                           \
  }

static void add_block(uint32_t state[5], const uint8_t *bytes) {
  uint32_t w[16];
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
  ROUNDS(0, CHOOSE, 0x5a827999u)
  ROUNDS(20, PARITY, 0x6ed9eba1u)
  ROUNDS(40, MAJORITY, 0x8f1bbcdcu)
  ROUNDS(60, PARITY, 0xca62c1d6u)
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
