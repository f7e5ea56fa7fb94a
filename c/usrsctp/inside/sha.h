/* SHA-1 and SHA-256 (FIPS 180-4), for the keyed digests that SCTP is made with:
 * the state cookie and AUTH. */
#ifndef NETSCTP_SHA_H
#define NETSCTP_SHA_H

#include <stddef.h>
#include <stdint.h>

enum {
  NETSCTP__SHA1_BYTES = 20,
  NETSCTP__SHA256_BYTES = 32,
  NETSCTP__SHA_BLOCK = 64
};

struct netsctp__sha {
  uint32_t state[8]; /* SHA-1 has five */
  uint64_t length;   /* so far, in bytes; what is over 64 waits in `block` */
  uint8_t block[NETSCTP__SHA_BLOCK];
};

void netsctp__sha1_init(struct netsctp__sha *);
void netsctp__sha1_update(struct netsctp__sha *, const uint8_t *, size_t);
void netsctp__sha1_final(struct netsctp__sha *,
                         uint8_t digest[NETSCTP__SHA1_BYTES]);

void netsctp__sha256_init(struct netsctp__sha *);
void netsctp__sha256_update(struct netsctp__sha *, const uint8_t *, size_t);
void netsctp__sha256_final(struct netsctp__sha *,
                           uint8_t digest[NETSCTP__SHA256_BYTES]);

#endif
