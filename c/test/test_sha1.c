/* SHA-1 (usrsctp/inside/sha1.c), which is linked here by itself: what RFC 3174,
 * section 7.3, and FIPS 180 say of these messages. */
#include "harness.h"
#include "usrsctp/inside/sha1.h"

static void check_digest(struct netsctp__sha1 *sha1, const char *expected) {
  uint8_t digest[NETSCTP__SHA1_BYTES];
  char text[2 * NETSCTP__SHA1_BYTES + 1];
  netsctp__sha1_final(sha1, digest);
  for (int i = 0; i < NETSCTP__SHA1_BYTES; i++)
    sprintf(text + 2 * i, "%02x", digest[i]);
  CHECK(strcmp(text, expected) == 0);
}

static void check_text(const char *text, const char *expected) {
  struct netsctp__sha1 sha1;
  netsctp__sha1_init(&sha1);
  netsctp__sha1_update(&sha1, (const uint8_t *)text, strlen(text));
  check_digest(&sha1, expected);
}

TEST(sha1_of_known_messages) {
  check_text("", "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  check_text("abc", "a9993e364706816aba3e25717850c26c9cd0d89d");
  check_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
             "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
}

TEST(sha1_of_a_million_in_uneven_pieces) {
  struct netsctp__sha1 sha1;
  uint8_t piece[300];
  memset(piece, 'a', sizeof piece);
  netsctp__sha1_init(&sha1);
  for (size_t left = 1000000, size = 1; left > 0; size = size % 299 + 1) {
    const size_t part = size < left ? size : left;
    netsctp__sha1_update(&sha1, piece, part);
    left -= part;
  }
  check_digest(&sha1, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}
