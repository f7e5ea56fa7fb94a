/* See usrsctp/inside/sha.h. Only 16 of a block's words are kept at a time. */
#include "usrsctp/inside/sha.h"

#include <string.h>

/* To the left. */
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

#define CHOOSE(b, c, d) ((d) ^ ((b) & ((c) ^ (d))))
#define PARITY(b, c, d) ((b) ^ (c) ^ (d))
#define MAJORITY(b, c, d) (((b) & (c)) | ((d) & ((b) | (c))))

#define WORD(t) w[(t)&15]

/* ------------------------------------------------ SHA-1, a block of it */

/* FIPS 180-4 sections 4.1.1 and 4.2.1: f and K of each 20 rounds. */
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

static void add_to_sha1(uint32_t *state, const uint8_t *bytes) {
  uint32_t w[16];
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
  ROUNDS(0, CHOOSE, 0x5a827999u)
  ROUNDS(20, PARITY, 0x6ed9eba1u)
  ROUNDS(40, MAJORITY, 0x8f1bbcdcu)
  ROUNDS(60, PARITY, 0xca62c1d6u)
  state[0] += a, state[1] += b, state[2] += c, state[3] += d, state[4] += e;
}

/* ------------------------------------------------ SHA-256, a block of it */

/* FIPS 180-4 section 4.2.2. */
static const uint32_t constants[64] = {
    0x428a2f98u, 0x71374491u, 0xb5c0fbcfu, 0xe9b5dba5u, 0x3956c25bu,
    0x59f111f1u, 0x923f82a4u, 0xab1c5ed5u, 0xd807aa98u, 0x12835b01u,
    0x243185beu, 0x550c7dc3u, 0x72be5d74u, 0x80deb1feu, 0x9bdc06a7u,
    0xc19bf174u, 0xe49b69c1u, 0xefbe4786u, 0x0fc19dc6u, 0x240ca1ccu,
    0x2de92c6fu, 0x4a7484aau, 0x5cb0a9dcu, 0x76f988dau, 0x983e5152u,
    0xa831c66du, 0xb00327c8u, 0xbf597fc7u, 0xc6e00bf3u, 0xd5a79147u,
    0x06ca6351u, 0x14292967u, 0x27b70a85u, 0x2e1b2138u, 0x4d2c6dfcu,
    0x53380d13u, 0x650a7354u, 0x766a0abbu, 0x81c2c92eu, 0x92722c85u,
    0xa2bfe8a1u, 0xa81a664bu, 0xc24b8b70u, 0xc76c51a3u, 0xd192e819u,
    0xd6990624u, 0xf40e3585u, 0x106aa070u, 0x19a4c116u, 0x1e376c08u,
    0x2748774cu, 0x34b0bcb5u, 0x391c0cb3u, 0x4ed8aa4au, 0x5b9cca4fu,
    0x682e6ff3u, 0x748f82eeu, 0x78a5636fu, 0x84c87814u, 0x8cc70208u,
    0x90befffau, 0xa4506cebu, 0xbef9a3f7u, 0xc67178f2u};

/* Section 4.1.2: the capital sigmas, and the small ones, by rotations to the
 * left. */
static uint32_t sum_of_a(uint32_t x) {
  return rotate(x, 30) ^ rotate(x, 19) ^ rotate(x, 10);
}
static uint32_t sum_of_e(uint32_t x) {
  return rotate(x, 26) ^ rotate(x, 21) ^ rotate(x, 7);
}
static uint32_t schedule_15(uint32_t x) {
  return rotate(x, 25) ^ rotate(x, 14) ^ x >> 3;
}
static uint32_t schedule_2(uint32_t x) {
  return rotate(x, 15) ^ rotate(x, 13) ^ x >> 10;
}

static void add_to_sha256(uint32_t *state, const uint8_t *bytes) {
  uint32_t w[16], s[8];
  memcpy(s, state, sizeof s);
  for (unsigned t = 0; t < 64; t++) {
    WORD(t) = t < 16 ? load(bytes + 4 * t)
                     : WORD(t) + schedule_15(WORD(t + 1)) + WORD(t + 9) +
                           schedule_2(WORD(t + 14));
    const uint32_t one = s[7] + sum_of_e(s[4]) + CHOOSE(s[4], s[5], s[6]) +
                         constants[t] + WORD(t);
    const uint32_t two = sum_of_a(s[0]) + MAJORITY(s[0], s[1], s[2]);
    memmove(s + 1, s, 7 * sizeof *s);
    s[4] += one, s[0] = one + two;
  }
  for (unsigned i = 0; i < 8; i++)
    state[i] += s[i];
}

/* ------------------------------------------------ messages, of blocks */

typedef void add_block(uint32_t *state, const uint8_t *bytes);

static void update(struct netsctp__sha *sha, const uint8_t *bytes,
                   size_t length, add_block *add) {
  size_t used = sha->length % NETSCTP__SHA_BLOCK;
  sha->length += length;
  while (length > 0) {
    if (used == 0 && length >= NETSCTP__SHA_BLOCK) {
      add(sha->state, bytes);
      bytes += NETSCTP__SHA_BLOCK;
      length -= NETSCTP__SHA_BLOCK;
      continue;
    }
    const size_t room = NETSCTP__SHA_BLOCK - used;
    const size_t part = length < room ? length : room;
    memcpy(sha->block + used, bytes, part);
    bytes += part;
    length -= part;
    used = (used + part) % NETSCTP__SHA_BLOCK;
    if (used == 0)
      add(sha->state, sha->block);
  }
}

static void finish(struct netsctp__sha *sha, uint8_t *digest, unsigned size,
                   add_block *add) {
  const uint64_t bits = sha->length * 8;
  const size_t used = sha->length % NETSCTP__SHA_BLOCK;
  static const uint8_t padding[NETSCTP__SHA_BLOCK] = {0x80};
  uint8_t tail[8];
  update(sha, padding, used < 56 ? 56 - used : 120 - used, add);
  store(tail, (uint32_t)(bits >> 32));
  store(tail + 4, (uint32_t)bits);
  update(sha, tail, sizeof tail, add);
  for (unsigned i = 0; i < size / 4; i++)
    store(digest + 4 * i, sha->state[i]);
}

void netsctp__sha1_init(struct netsctp__sha *sha) {
  static const uint32_t start[5] = {0x67452301u, 0xefcdab89u, 0x98badcfeu,
                                    0x10325476u, 0xc3d2e1f0u};
  memcpy(sha->state, start, sizeof start);
  sha->length = 0;
}

void netsctp__sha1_update(struct netsctp__sha *sha, const uint8_t *bytes,
                          size_t length) {
  update(sha, bytes, length, add_to_sha1);
}

void netsctp__sha1_final(struct netsctp__sha *sha,
                         uint8_t digest[NETSCTP__SHA1_BYTES]) {
  finish(sha, digest, NETSCTP__SHA1_BYTES, add_to_sha1);
}

void netsctp__sha256_init(struct netsctp__sha *sha) {
  static const uint32_t start[8] = {0x6a09e667u, 0xbb67ae85u, 0x3c6ef372u,
                                    0xa54ff53au, 0x510e527fu, 0x9b05688cu,
                                    0x1f83d9abu, 0x5be0cd19u};
  memcpy(sha->state, start, sizeof start);
  sha->length = 0;
}

void netsctp__sha256_update(struct netsctp__sha *sha, const uint8_t *bytes,
                            size_t length) {
  update(sha, bytes, length, add_to_sha256);
}

void netsctp__sha256_final(struct netsctp__sha *sha,
                           uint8_t digest[NETSCTP__SHA256_BYTES]) {
  finish(sha, digest, NETSCTP__SHA256_BYTES, add_to_sha256);
}
