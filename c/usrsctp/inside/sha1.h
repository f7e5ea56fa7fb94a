/* SHA-1 (RFC 3174), for the keyed digests that SCTP is made with: the state
 * cookie and AUTH. */
#ifndef NETSCTP_SHA1_H
#define NETSCTP_SHA1_H

#include <stddef.h>
#include <stdint.h>

enum { NETSCTP__SHA1_BYTES = 20, NETSCTP__SHA1_BLOCK = 64 };

struct netsctp__sha1 {
  uint32_t state[5];
  uint64_t length; /* so far, in bytes; what is over 64 waits in `block` */
  uint8_t block[NETSCTP__SHA1_BLOCK];
};

void netsctp__sha1_init(struct netsctp__sha1 *);
void netsctp__sha1_update(struct netsctp__sha1 *, const uint8_t *, size_t);
void netsctp__sha1_final(struct netsctp__sha1 *,
                         uint8_t digest[NETSCTP__SHA1_BYTES]);

#endif
