/* For the prebuilt libraries (prebuilt.mk includes this in front of every
 * file): what is linked against a new glibc is to load with an old one, too,
 * down to 2.17. glibc gives some functions a new version only because they have
 * moved between its libraries; their first version serves as well. `npm test`
 * fails when another such function comes into use. */
#ifndef NETSCTP_GLIBC_BASELINE_H
#define NETSCTP_GLIBC_BASELINE_H

#include <sys/stat.h>

#if defined(__x86_64__)
#define NETSCTP_FIRST_GLIBC "GLIBC_2.2.5"
#define NETSCTP_STAT_VERSION 1
#elif defined(__aarch64__)
#define NETSCTP_FIRST_GLIBC "GLIBC_2.17"
#define NETSCTP_STAT_VERSION 0
#endif
#define NETSCTP_FIRST_VERSION(name)                                            \
  __asm__(".symver " #name "," #name "@" NETSCTP_FIRST_GLIBC)

NETSCTP_FIRST_VERSION(dlsym);
NETSCTP_FIRST_VERSION(pthread_create);
NETSCTP_FIRST_VERSION(pthread_detach);
NETSCTP_FIRST_VERSION(pthread_join);
NETSCTP_FIRST_VERSION(pthread_key_create);
NETSCTP_FIRST_VERSION(pthread_mutexattr_destroy);
NETSCTP_FIRST_VERSION(pthread_mutexattr_init);
NETSCTP_FIRST_VERSION(pthread_once);
NETSCTP_FIRST_VERSION(pthread_setspecific);
NETSCTP_FIRST_VERSION(pthread_sigmask);

/* Before 2.33 fstat() was inlined into programs, and this what it called. */
int __fxstat(int version, int fd, struct stat *);
NETSCTP_FIRST_VERSION(__fxstat);
#define fstat(fd, info) __fxstat(NETSCTP_STAT_VERSION, fd, info)

#endif
