/* The pair of sockets that a wake's byte goes through. */
#include "loop/wake_socket.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int netsctp__wake_socket_open(struct netsctp__wake_socket *pair) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends))
    return -errno;
  pair->own = ends[0];
  pair->host = ends[1];
  fstat(pair->host, &pair->host_is);
  return 0;
}

void netsctp__wake_socket_close(const struct netsctp__wake_socket *pair) {
  struct stat now;
  close(pair->own);
  if (fstat(pair->host, &now) == 0 && now.st_dev == pair->host_is.st_dev &&
      now.st_ino == pair->host_is.st_ino)
    close(pair->host);
}
