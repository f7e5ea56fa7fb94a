/* usrsctp's randomness and digests, made cheap. See usrsctp/inside/io.h.
 *
 * Each socket of usrsctp's has a generator of its own, seeded by a system call,
 * that makes four numbers of one HMAC; a connection needs a dozen numbers at
 * either end, and two HMACs for its cookie. That was half of all instructions
 * of a connection. Here random numbers come from the kernel, many at a time,
 * and SHA-1 is usrsctp/inside/sha.c's, as is SHA-256, which
 * config.h gives to usrsctp. */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>

#include <netinet/sctp_sha1.h>

#include <string.h>

#include "usrsctp/inside/io.h"
#include "usrsctp/inside/sha.h"

_Static_assert(sizeof(struct netsctp__sha) <= sizeof(struct sctp_sha1_context),
               "ours fits where usrsctp keeps its own");

/* --------------------------------------------------------------- randomness */

NETSCTP__WRAPS(read_random);
void __wrap_read_random(void *out, size_t size) {
  static uint8_t pool[4096];
  static size_t left;
  if (size > sizeof pool) {
    __real_read_random(out, size);
    return;
  }
  if (size > left) {
    __real_read_random(pool, sizeof pool);
    left = sizeof pool;
  }
  left -= size;
  memcpy(out, pool + left, size);
  memset(pool + left, 0, size); /* nobody shall read it a second time */
}

/* Called from outside of usrsctp's file on AUTH only to make random numbers: of
 * its endpoint's seed and a counter of four bytes. */
NETSCTP__WRAPS(sctp_hmac);
uint32_t __wrap_sctp_hmac(uint16_t algorithm, uint8_t *key, uint32_t key_length,
                          uint8_t *text, uint32_t length, uint8_t *digest) {
  if (algorithm != SCTP_HMAC || length != sizeof(uint32_t))
    return __real_sctp_hmac(algorithm, key, key_length, text, length, digest);
  __wrap_read_random(digest, NETSCTP__SHA1_BYTES);
  return NETSCTP__SHA1_BYTES;
}

/* -------------------------------------------------------------------- SHA-1 */

NETSCTP__WRAPS(sctp_sha1_init);
void __wrap_sctp_sha1_init(struct sctp_sha1_context *context) {
  netsctp__sha1_init((struct netsctp__sha *)context);
}

NETSCTP__WRAPS(sctp_sha1_update);
void __wrap_sctp_sha1_update(struct sctp_sha1_context *context,
                             const unsigned char *bytes, unsigned length) {
  netsctp__sha1_update((struct netsctp__sha *)context, bytes, length);
}

NETSCTP__WRAPS(sctp_sha1_final);
void __wrap_sctp_sha1_final(unsigned char *digest,
                            struct sctp_sha1_context *context) {
  netsctp__sha1_final((struct netsctp__sha *)context, digest);
}
