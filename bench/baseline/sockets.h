/* What the transports over plain one-to-one sockets share. */
#ifndef NETSCTP_BENCH_SOCKETS_H
#define NETSCTP_BENCH_SOCKETS_H

#include "baseline.h"

#include <netinet/in.h>

/* With the options that netsctp sets, too. flags: SOCK_NONBLOCK or 0. */
int open_socket(int flags);
/* Once its association began; as netsctp does, docs/decisions/0017. */
void grow_receive_buffer(int fd);
struct sockaddr_in loopback(uint16_t port);
/* Returns the port. */
uint16_t listen_with(int fd);
void shut_down_socket(uint32_t fd);

/* The transport that has one association at a time. */
extern int listener, association;
/* Whether recvmsg() failed because our own SHUTDOWN is through. */
bool is_end_of_ours(void);
/* Begins an association where there is none: true if it had to. */
bool begin_association(const struct load *load);

uint16_t listen_blocking(void);
void connect_blocking(uint16_t port);
void shut_down_blocking(uint32_t fd);
void close_blocking(uint32_t fd);

#endif
