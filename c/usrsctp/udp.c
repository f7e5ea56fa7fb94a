/* The UDP ports of the userspace stack, with a socket for each family. */
#include "usrsctp/udp.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loop/poller.h"

/* Below this, bursts of small packets overflow the socket and lost ABORTs
 * leave peers hanging for half a minute. */
#define BUFFER_BYTES (4 * 1024 * 1024)

/* An unused port that the kernel chose stays for this long: a peer whose last
 * packet of the shutdown was lost asks again, and the next connection can use
 * it. So does any other while there are associations that may need it. */
#define SPARE_PORT_MS 2000

struct port {
  uint16_t number; /* 0: closed */
  bool is_listening;
  int fd[2]; /* IPv4, IPv6; -1 where the machine does not have it */
  uint32_t users;
  uint64_t unused_until; /* when it is closed, 0: not yet known */
};

/* Those from port_count on were never open. */
static struct port ports[NETSCTP__UDP_PORTS];
static unsigned port_count;
static unsigned unused_count; /* open, and without users */

/* The poller of every open loop. */
static struct netsctp__poller *watchers[NETSCTP__LOOPS];
static unsigned watcher_count;

static int watch(struct netsctp__poller *poller, unsigned which) {
  int result = 0;
  for (unsigned v6 = 0; v6 < 2 && result == 0; v6++)
    if (ports[which].fd[v6] >= 0)
      result = netsctp__poller_add(poller, ports[which].fd[v6],
                                   NETSCTP__POLL_READABLE,
                                   NETSCTP__UDP_FIRST_EVENT + which * 2 + v6);
  return result;
}

int netsctp__udp_watch(struct netsctp__poller *poller) {
  int result = 0;
  watchers[watcher_count++] = poller;
  for (unsigned i = 0; i < port_count && result == 0; i++)
    result = watch(poller, i);
  if (result < 0)
    netsctp__udp_unwatch(poller);
  return result;
}

void netsctp__udp_unwatch(struct netsctp__poller *poller) {
  for (unsigned i = 0; i < watcher_count; i++)
    if (watchers[i] == poller)
      watchers[i--] = watchers[--watcher_count];
  for (unsigned i = 0; i < port_count * 2; i++)
    if (ports[i / 2].fd[i % 2] >= 0)
      netsctp__poller_remove(poller, ports[i / 2].fd[i % 2]);
}

/* ------------------------------------------------------------- opening */

static int set_int(int fd, int level, int name, int value) {
  return setsockopt(fd, level, name, &value, sizeof value);
}

static void set_buffer(int fd, int force, int plain) {
  if (set_int(fd, SOL_SOCKET, force, BUFFER_BYTES) < 0)
    set_int(fd, SOL_SOCKET, plain, BUFFER_BYTES);
}

/* Without RECVERR only what ICMP says is missing; without PKTINFO nobody could
 * say which address a packet came to, and all would be dropped. */
static int set_options(int fd, int family) {
  if (family == AF_INET) {
    set_int(fd, IPPROTO_IP, IP_RECVERR, 1);
    return set_int(fd, IPPROTO_IP, IP_PKTINFO, 1);
  }
  set_int(fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
  if (set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) < 0)
    return -1;
  return set_int(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
}

static int open_socket(int family, uint16_t number) {
  const int fd =
      socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP);
  if (fd < 0)
    return -errno;
  union netsctp__sockaddr any;
  memset(&any, 0, sizeof any); /* which an initialiser of one member need not */
  any.any.sa_family = (sa_family_t)family;
  netsctp__set_port(&any, number);
  set_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF);
  set_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF);
  if (set_options(fd, family) < 0 ||
      bind(fd, &any.any, netsctp__sockaddr_size(&any)) < 0) {
    const int error = errno;
    close(fd);
    return -error;
  }
  return fd;
}

static uint16_t port_of(int fd) {
  union netsctp__sockaddr bound;
  socklen_t size = sizeof bound;
  if (getsockname(fd, &bound.any, &size) < 0)
    return 0;
  return netsctp__port(&bound);
}

/* No such family on this machine, or none that serves, as against a port that
 * is taken. */
static bool is_absent(int error) {
  return error == -EAFNOSUPPORT || error == -EADDRNOTAVAIL ||
         error == -ENOPROTOOPT;
}

static int open_pair(struct port *port, uint16_t number) {
  port->fd[0] = open_socket(AF_INET, number);
  if (port->fd[0] < 0 && !is_absent(port->fd[0]))
    return port->fd[0];
  if (number == 0 && port->fd[0] >= 0)
    number = port_of(port->fd[0]);
  port->fd[1] = open_socket(AF_INET6, number);
  if (port->fd[1] < 0 && (port->fd[0] < 0 || !is_absent(port->fd[1]))) {
    if (port->fd[0] >= 0)
      close(port->fd[0]);
    return port->fd[1];
  }
  port->number = number ? number : port_of(port->fd[1]);
  return 0;
}

static void close_port(struct port *port) {
  netsctp__udp_flush();
  for (unsigned v6 = 0; v6 < 2; v6++)
    if (port->fd[v6] >= 0)
      close(port->fd[v6]); /* leaves every poller by itself */
  if (port->users == 0)
    unused_count--;
  *port = (struct port){.fd = {-1, -1}};
}

/* Where a port is, or where it can go. */
static unsigned place_of(uint16_t number) {
  unsigned free = NETSCTP__UDP_PORTS;
  if (number == 0)
    return NETSCTP__UDP_ANY;
  for (unsigned i = port_count; i-- > 0;) {
    if (ports[i].number == number)
      return i;
    if (ports[i].number == 0 && i != NETSCTP__UDP_ANY)
      free = i;
  }
  if (free == NETSCTP__UDP_PORTS)
    free = port_count > 0 ? port_count : NETSCTP__UDP_ANY + 1;
  return free;
}

int netsctp__udp_open(uint16_t number) {
  struct port opened = {.fd = {-1, -1}};
  const unsigned which = place_of(number);
  if (which == NETSCTP__UDP_PORTS)
    return -ENOSPC;
  if (which < port_count && ports[which].number != 0)
    return (int)which;
  int result = open_pair(&opened, number);
  /* A port that is free for IPv4 may be taken for IPv6: choose again. */
  for (int i = 0; i < 16 && result == -EADDRINUSE && number == 0; i++)
    result = open_pair(&opened, number);
  if (result < 0)
    return result;
  for (; port_count <= which; port_count++)
    ports[port_count] = (struct port){.fd = {-1, -1}};
  ports[which] = opened;
  unused_count++;
  for (unsigned i = 0; i < watcher_count && result == 0; i++)
    result = watch(watchers[i], which);
  if (result < 0) {
    close_port(&ports[which]); /* a loop would never hear of its packets */
    return result;
  }
  return (int)which;
}

void netsctp__udp_close_all(void) {
  for (unsigned i = 0; i < port_count; i++)
    if (ports[i].number != 0)
      close_port(&ports[i]);
}

int netsctp__udp_fd(unsigned which, bool is_ipv6) {
  return which < port_count ? ports[which].fd[is_ipv6] : -1;
}

uint16_t netsctp__udp_port(unsigned which) {
  return which < port_count ? ports[which].number : 0;
}

unsigned netsctp__udp_listening(void) {
  for (unsigned i = 0; i < port_count; i++)
    if (ports[i].is_listening)
      return i;
  return NETSCTP__UDP_PORTS;
}

unsigned netsctp__udp_first(void) {
  unsigned which = netsctp__udp_listening();
  for (unsigned i = 0; which == NETSCTP__UDP_PORTS && i < port_count; i++)
    if (ports[i].number != 0)
      which = i;
  return which;
}

void netsctp__udp_listen(unsigned which) { ports[which].is_listening = true; }

void netsctp__udp_use(unsigned which) {
  if (ports[which].users++ == 0)
    unused_count--;
}

void netsctp__udp_release(unsigned which) {
  if (--ports[which].users == 0) {
    unused_count++;
    ports[which].unused_until = 0;
  }
}

uint64_t netsctp__udp_close_unused(uint64_t now_ms, bool is_idle) {
  uint64_t next = UINT64_MAX;
  for (unsigned i = 0; unused_count > 0 && i < port_count; i++) {
    struct port *port = &ports[i];
    if (port->number == 0 || port->users > 0)
      continue;
    if (port->unused_until == 0)
      port->unused_until = now_ms + SPARE_PORT_MS;
    if (port->unused_until <= now_ms || (is_idle && i != NETSCTP__UDP_ANY))
      close_port(port);
    else if (port->unused_until < next)
      next = port->unused_until;
  }
  return next;
}

/* -------------------------------------------------------------- addresses */

int netsctp__udp_can_bind(const union netsctp__sockaddr *address) {
  const int fd = socket(address->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -errno;
  union netsctp__sockaddr local = *address;
  netsctp__set_port(&local, 0);
  const int result =
      bind(fd, &local.any, netsctp__sockaddr_size(&local)) < 0 ? -errno : 0;
  close(fd);
  return result;
}
