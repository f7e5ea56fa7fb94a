/* What usrsctp's sources are compiled with (usrsctp.mk includes this in front
 * of each): they run under one mutex, the stack's, and so need neither locks
 * nor atomic operations of their own, nor the general allocator, nor to look at
 * the clock for every packet. See
 * docs/decisions/0013-usrsctp-for-one-thread.md.
 *
 * No source of usrsctp is changed by this, and no caller of it sees it. */
#ifndef NETSCTP_USRSCTP_CONFIG_H
#define NETSCTP_USRSCTP_CONFIG_H

#include <pthread.h>
#include <stdlib.h>
#include <sys/time.h>

#include "usrsctp/inside/memory.h"
#include "usrsctp/inside/sha.h"

#define pthread_mutex_lock(mutex) ((void)(mutex), 0)
#define pthread_mutex_trylock(mutex) ((void)(mutex), 0)
#define pthread_mutex_unlock(mutex) ((void)(mutex), 0)

#define __sync_fetch_and_add(number, change)                                   \
  ({                                                                           \
    __typeof__(number) netsctp_number = (number);                              \
    __typeof__(*netsctp_number + 0) netsctp_before = *netsctp_number;          \
    *netsctp_number = netsctp_before + (change);                               \
    netsctp_before;                                                            \
  })
#define __sync_fetch_and_sub(number, change)                                   \
  __sync_fetch_and_add(number, -(change))
#define __sync_bool_compare_and_swap(number, before, after)                    \
  ({                                                                           \
    __typeof__(number) netsctp_number = (number);                              \
    const int netsctp_is = *netsctp_number == (before);                        \
    if (netsctp_is)                                                            \
      *netsctp_number = (after);                                               \
    netsctp_is;                                                                \
  })

/* Functions that usrsctp calls in the file that defines them: usrsctp's are
 * weak, so that those of usrsctp/inside/source.c, which are not, take their
 * place whatever the order of linking. */
#ifndef NETSCTP_INSIDE
#pragma weak sctp_source_address_selection
#pragma weak sctp_is_address_in_scope
#endif

/* HMACs by SHA-256 (RFC 4895 section 3.3), for which usrsctp has places and no
 * code. */
#define SCTP_SUPPORT_HMAC_SHA256
#define SCTP_SHA256_CTX struct netsctp__sha
#define SCTP_SHA256_INIT netsctp__sha256_init
#define SCTP_SHA256_UPDATE netsctp__sha256_update
#define SCTP_SHA256_FINAL(digest, sha) netsctp__sha256_final(sha, digest)

/* As of when the stack was entered: only differences count. */
void netsctp__stack_time(struct timeval *);
#define gettimeofday(time, zone) (netsctp__stack_time(time), 0)

/* AddressSanitizer has an allocator of its own, and watches each block. */
#ifndef __SANITIZE_ADDRESS__
#define malloc(size) netsctp__memory_take(size)
#define calloc(count, size) netsctp__memory_take_zeroed(count, size)
#define free(block) netsctp__memory_give(block)
#endif

#endif
