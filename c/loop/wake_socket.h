/* The pair of sockets that a wake's byte goes through, for hosts that read
 * their wakes instead of being called: one that may be gone any moment (a
 * worker) neither can be called nor notices. */
#ifndef NETSCTP_WAKE_SOCKET_H
#define NETSCTP_WAKE_SOCKET_H

#include <sys/stat.h>

struct netsctp__wake_socket {
  int own;
  int host;
  struct stat host_is; /* which socket `host` is */
};

/* 0 or -errno. */
int netsctp__wake_socket_open(struct netsctp__wake_socket *);

/* If it is open. Some hosts forget their end when they go, some close it: then
 * its number may be another's by now, which is left alone. */
void netsctp__wake_socket_close(const struct netsctp__wake_socket *);

#endif
