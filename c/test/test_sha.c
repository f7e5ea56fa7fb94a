/* SHA-1 and SHA-256 (usrsctp/inside/sha.c), which are linked here by
 * themselves: what FIPS 180 says of these messages. */
#include "harness.h"
#include "usrsctp/inside/sha.h"

static const struct algorithm {
  void (*init)(struct netsctp__sha *);
  void (*update)(struct netsctp__sha *, const uint8_t *, size_t);
  void (*final)(struct netsctp__sha *, uint8_t *);
  unsigned size;
} sha1 = {netsctp__sha1_init, netsctp__sha1_update, netsctp__sha1_final,
          NETSCTP__SHA1_BYTES},
  sha256 = {netsctp__sha256_init, netsctp__sha256_update, netsctp__sha256_final,
            NETSCTP__SHA256_BYTES};

static void check_digest(const struct algorithm *by, struct netsctp__sha *sha,
                         const char *expected) {
  uint8_t digest[NETSCTP__SHA256_BYTES];
  char text[2 * NETSCTP__SHA256_BYTES + 1];
  by->final(sha, digest);
  for (unsigned i = 0; i < by->size; i++)
    sprintf(text + 2 * i, "%02x", digest[i]);
  CHECK(strcmp(text, expected) == 0);
}

static void check_text(const struct algorithm *by, const char *text,
                       const char *expected) {
  struct netsctp__sha sha;
  by->init(&sha);
  by->update(&sha, (const uint8_t *)text, strlen(text));
  check_digest(by, &sha, expected);
}

static void check_a_million_in_uneven_pieces(const struct algorithm *by,
                                             const char *expected) {
  struct netsctp__sha sha;
  uint8_t piece[300];
  memset(piece, 'a', sizeof piece);
  by->init(&sha);
  for (size_t left = 1000000, size = 1; left > 0; size = size % 299 + 1) {
    const size_t part = size < left ? size : left;
    by->update(&sha, piece, part);
    left -= part;
  }
  check_digest(by, &sha, expected);
}

static const char two_blocks[] =
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";

TEST(sha1_of_known_messages) {
  check_text(&sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  check_text(&sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d");
  check_text(&sha1, two_blocks, "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  check_a_million_in_uneven_pieces(&sha1,
                                   "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

TEST(sha256_of_known_messages) {
  check_text(
      &sha256, "",
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  check_text(
      &sha256, "abc",
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  check_text(
      &sha256, two_blocks,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  check_a_million_in_uneven_pieces(
      &sha256,
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
