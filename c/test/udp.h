/* What the userspace-only tests share: requests whose UDP ports they choose,
 * and UDP sockets of their own. */
#ifndef NETSCTP_TEST_UDP_H
#define NETSCTP_TEST_UDP_H

#include "host.h"

#include <stdlib.h>

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

/* As try_connect(), which would choose the UDP ports. */
struct peer *connect_by(struct host *, const struct request *);
/* Connects to SCTP port 5000 of all of these, whose list ends with NULL. */
struct peer *start_connecting(struct host *, const char *const *addresses,
                              uint16_t udp_port);
/* A UDP socket at an address; port 0 is any. */
int udp_socket_on(const char *address, uint16_t port);

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

/* Whether the stack is built from newer sources than Debian's, without some
 * faults of 0.9.5.0. */
static inline bool is_newer_usrsctp(void) {
  const char *sources = getenv("USRSCTP_SRC");
  return sources != NULL && *sources != '\0';
}

/* A test of the kernel's stack only. */
#define KERNEL_TEST(name)                                                      \
  static void kernel_##name(void);                                             \
  SOCKET_TEST(name) {                                                          \
    if (!is_kernel())                                                          \
      skip("the userspace stack has no sockets of SCTP's");                    \
    kernel_##name();                                                           \
  }                                                                            \
  static void kernel_##name(void)

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
