/* What the userspace-only tests share: requests whose UDP ports they choose,
 * and UDP sockets of their own. */
#ifndef NETSCTP_TEST_UDP_H
#define NETSCTP_TEST_UDP_H

#include "host.h"

/* A UDP socket on 127.0.0.1 at this port, 0: any. -errno if it is taken. */
int udp_socket(uint16_t port);
uint16_t udp_port_of(int fd);
/* A UDP port that nothing has. */
uint16_t free_udp_port(void);

/* Listens at an address for SCTP in this UDP port (0: the default); handle or
 * -errno. */
int32_t listen_at(struct host *, const char *address, uint16_t udp_port);
/* Connects to SCTP `port` in UDP port `udp_port` of 127.0.0.1. */
struct peer *connect_at(struct host *, uint16_t port, uint16_t udp_port);

/* A listener, a client and a server in one UDP port, the client up. */
struct pair pair_at(struct host *, uint16_t udp_port);

/* Forks a process that listens in this UDP port, and echoes until its standard
 * input of sorts (the pipe to it) is closed. */
struct echo_process {
  int pid, to_child;
  uint16_t port, udp_port;
};
struct echo_process echo_start(uint16_t udp_port);
void echo_stop(struct echo_process *);
void echo_kill(struct echo_process *);

/* A test of the userspace stack only. */
#define USERSPACE_TEST(name)                                                   \
  static void userspace_##name(void);                                          \
  SOCKET_TEST(name) {                                                          \
    if (is_kernel())                                                           \
      skip("the kernel's stack needs no UDP");                                 \
    userspace_##name();                                                        \
  }                                                                            \
  static void userspace_##name(void)

#endif
