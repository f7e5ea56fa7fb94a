/* fuzz [--packets N] [--seed S] [--corpus FILE] [--record]: see fuzz.h. */
#include "fuzz.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <usrsctp.h>

#include "loop/poller.h"
#include "usrsctp/stack.h"

enum { MOST_HANDLES = 24, PACKETS_A_WORLD = 1000, SECONDS = 30 };

uint16_t listening_port, udp_port;
bool has_ipv6;

static uint64_t state;
static uint64_t clock_ns = 1000000000;
static int32_t loop;
static uint32_t listener, handles[MOST_HANDLES], handle_count;

/* ------------------------------------------------- all that is by chance */

uint32_t chance(uint32_t below) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return below == 0 ? 0 : (uint32_t)(state >> 16) % below;
}

/* In the C library's place: the stack's random numbers, which usrsctp gets by a
 * system call of its own. Nothing here makes another one so. */
long __wrap_syscall(long, uint8_t *, size_t);
long __wrap_syscall(long number, uint8_t *out, size_t size) {
  if (number != SYS_getrandom)
    abort();
  for (size_t i = 0; i < size; i++)
    out[i] = (uint8_t)chance(256);
  return (long)size;
}

/* And its clock. */
int __wrap_clock_gettime(clockid_t, struct timespec *);
int __wrap_clock_gettime(clockid_t id, struct timespec *out) {
  (void)id;
  *out = (struct timespec){.tv_sec = (time_t)(clock_ns / 1000000000u),
                           .tv_nsec = (long)(clock_ns % 1000000000u)};
  return 0;
}

/* Who waits lets the time pass. */
int __real_netsctp__poller_wait(struct netsctp__poller *,
                                struct netsctp__poll_event *, int, int);
int __wrap_netsctp__poller_wait(struct netsctp__poller *,
                                struct netsctp__poll_event *, int, int);
int __wrap_netsctp__poller_wait(struct netsctp__poller *poller,
                                struct netsctp__poll_event *out, int room,
                                int timeout_ms) {
  clock_ns += (uint64_t)timeout_ms * UINT64_C(1000000);
  return __real_netsctp__poller_wait(poller, out, room, 0);
}

static void let_time_pass(void) {
  const uint32_t ms = one_in(50)   ? 2000 + chance(60000)
                      : one_in(10) ? chance(1000)
                                   : chance(3);
  clock_ns += ms * UINT64_C(1000000);
}

/* ------------------------------------------------------------ the program */

static void wake(uint32_t woken) { (void)woken; }

#ifndef SCTP_INTERLEAVING_SUPPORTED /* usrsctp.h of 0.9.5.0 leaves it out */
#define SCTP_INTERLEAVING_SUPPORTED 0x1206
#endif

static void set(uint32_t handle, int name, uint32_t value) {
  const struct netsctp__socket *s = netsctp__find(handle)->socket;
  const struct sctp_assoc_value both = {.assoc_value = value};
  const int plain = (int)value;
  if (name == SCTP_FRAGMENT_INTERLEAVE)
    usrsctp_setsockopt(s->socket, IPPROTO_SCTP, name, &plain, sizeof plain);
  else
    usrsctp_setsockopt(s->socket, IPPROTO_SCTP, name, &both, sizeof both);
}

/* What usrsctp can and the library does not offer, in some worlds. */
static void enable(uint32_t handle, uint32_t features) {
  if (features & 1)
    set(handle, SCTP_ENABLE_STREAM_RESET, 7);
  if (features & 2) {
    set(handle, SCTP_FRAGMENT_INTERLEAVE, 2);
    set(handle, SCTP_INTERLEAVING_SUPPORTED, 1);
  }
}

static struct netsctp_address address_of(const char *text, uint16_t port) {
  struct netsctp_address out = {
      .family = strchr(text, ':') ? NETSCTP_FAMILY_IPV6 : NETSCTP_FAMILY_IPV4,
      .port = port};
  out.text_length = (uint16_t)strlen(text);
  memcpy(out.text, text, out.text_length);
  return out;
}

struct request {
  struct netsctp_request head;
  struct netsctp_option option;
  struct netsctp_address addresses[3];
};

static void open_listener(uint32_t features) {
  struct request request = {
      .head = {.option_count = 1, .local_count = has_ipv6 ? 3 : 2},
      .option = {.name = NETSCTP_OPTION_LOCAL_UDP_PORT, .value = udp_port},
      .addresses = {address_of("127.0.0.1", 0), address_of("127.0.0.2", 0),
                    address_of("::1", 0)}};
  const int32_t handle = netsctp_listen(
      (uint32_t)loop, (uint8_t *)&request,
      sizeof request - (has_ipv6 ? 0 : sizeof *request.addresses));
  struct netsctp_address local[4];
  if (handle <= 0 || netsctp_addresses((uint32_t)handle, NETSCTP_SIDE_LOCAL,
                                       (uint8_t *)local, sizeof local) < 1) {
    fprintf(stderr, "cannot listen in UDP port %u: %s\n", udp_port,
            strerror(-handle));
    exit(2);
  }
  listener = (uint32_t)handle;
  listening_port = local[0].port;
  enable(listener, features);
}

static void open_client(uint32_t features) {
  const char *to = has_ipv6 && one_in(3) ? "::1"
                   : one_in(3)           ? "127.0.0.2"
                                         : "127.0.0.1";
  struct request request = {
      .head = {.option_count = 1, .remote_count = 1},
      .option = {.name = NETSCTP_OPTION_REMOTE_UDP_PORT, .value = udp_port},
      .addresses = {address_of(to, listening_port)}};
  if (handle_count == MOST_HANDLES)
    return;
  const int32_t handle =
      netsctp_connect((uint32_t)loop, (uint8_t *)&request,
                      sizeof request - 2 * sizeof *request.addresses);
  if (handle <= 0)
    return;
  handles[handle_count++] = (uint32_t)handle;
  enable((uint32_t)handle, features);
}

static void open_packet_peer(void) {
  static struct packet packet;
  struct way way = {.from_port = (uint16_t)(1 + chance(30)),
                    .to_port = listening_port,
                    .back_tag = 1 + chance(UINT32_MAX - 1)};
  const bool is_ipv6 = has_ipv6 && one_in(3);
  network_host(&way.from, is_ipv6, chance(3), (uint16_t)(20000 + chance(3)));
  network_host(&way.to, is_ipv6, 0, udp_port);
  packets_make_init(&packet, &way);
  if (one_in(6))
    packets_alter(&packet);
  network_deliver(&packet);
}

static void close_one(uint32_t index, uint32_t how) {
  netsctp_close(handles[index], how);
  handles[index] = handles[--handle_count];
}

/* For a reason, which may be none, or too long: then it is there still. */
static void abort_one(uint32_t index) {
  static const uint8_t reason[1100];
  if (netsctp_abort(handles[index], reason, chance(sizeof reason)) == 0)
    handles[index] = handles[--handle_count];
}

static void take_all(void) {
  static _Alignas(8) uint8_t out[1 << 16];
  netsctp_take((uint32_t)loop, out, sizeof out);
  struct netsctp_accepted *fresh = (void *)out;
  const int32_t count = netsctp_accept(listener, out, sizeof out);
  for (int32_t i = 0; i < count; i++) {
    if (handle_count == MOST_HANDLES)
      close_one(chance(handle_count), NETSCTP_CLOSE_ABORT);
    handles[handle_count++] = fresh[i].handle;
  }
}

/* Reads; at the end, or perhaps before, it is closed. */
static void read_from(uint32_t index) {
  static _Alignas(8) uint8_t out[1 << 16];
  for (int turns = 0; turns < 100; turns++) {
    const struct netsctp_received *received = (void *)out;
    if (netsctp_receive(handles[index], out, sizeof out) < 0 ||
        received->count == 0)
      return;
    const struct netsctp_inbound *one = (const void *)(received + 1);
    for (uint32_t i = 0; i < received->count; i++) {
      if (one->kind == NETSCTP_KIND_END || one->kind == NETSCTP_KIND_ERROR) {
        const uint32_t reason = sizeof(struct netsctp_close_reason);
        if (one->length < reason || one->length > reason + 1024)
          abort();
        close_one(index, NETSCTP_CLOSE_RELEASE);
        return;
      }
      one = (const void *)((const uint8_t *)one + one->size);
    }
  }
}

static void write_to(uint32_t index) {
  static uint8_t text[100000];
  struct netsctp_outbound head = {
      .size = sizeof head,
      .sid = (uint16_t)chance(8),
      .flags = one_in(4) ? NETSCTP_FLAG_UNORDERED : 0,
      .policy = one_in(4) ? 1 + chance(2) : NETSCTP_POLICY_NONE,
      .policy_value = 1 + chance(50)};
  netsctp_send_one(handles[index], (uint8_t *)&head, text,
                   1 + chance(one_in(6) ? 60000 : 3000));
}

/* A request of rows that may be anything, as are the lengths in its head; of
 * some, all is as it should be. */
static void change(uint32_t index) {
  enum { ROWS = 3, BYTES = 16 };
  static _Alignas(8) uint8_t answer[4096];
  struct {
    struct netsctp_request head;
    struct netsctp_option rows[ROWS];
    struct netsctp_address local, remote;
    uint8_t bytes[BYTES];
  } request = {.head = {.option_count = ROWS,
                        .local_count = 1,
                        .remote_count = 1,
                        .byte_count = BYTES},
               .local = address_of("127.0.0.2", listening_port),
               .remote = address_of("127.0.0.1", listening_port)};
  const bool is_wild = one_in(4);
  for (int i = 0; i < ROWS; i++)
    request.rows[i] = (struct netsctp_option){
        .name = (uint16_t)(1 + chance(NETSCTP__OPTIONS - 1)),
        .scope = (uint16_t)chance(is_wild ? 65536 : 2),
        .value = (int32_t)chance(is_wild ? UINT32_MAX : BYTES),
        .extra = chance(is_wild ? UINT32_MAX : 2)};
  uint32_t length = sizeof request;
  if (is_wild && one_in(2))
    ((uint8_t *)&request.head)[chance(sizeof request.head)] ^=
        (uint8_t)(1 + chance(255));
  if (is_wild && one_in(2))
    length = chance(sizeof request);
  const uint8_t *bytes = (const void *)&request;
  if (one_in(2))
    netsctp_inspect(handles[index], bytes, length, answer,
                    chance(sizeof answer));
  else
    netsctp_configure(handles[index], bytes, length);
}

/* An address comes or goes, where the association is bound by name: those that
 * were accepted are. */
static void move_one(uint32_t index) {
  struct {
    struct netsctp_request head;
    struct netsctp_option row;
    struct netsctp_address local;
  } request = {.head = {.option_count = 1, .local_count = 1},
               .row = {.name = one_in(2) ? NETSCTP_OPTION_ADD_ADDRESS
                                         : NETSCTP_OPTION_REMOVE_ADDRESS,
                       .scope = 1},
               .local = address_of(one_in(2) ? "127.0.0.1" : "127.0.0.2", 0)};
  netsctp_configure(handles[index], (const uint8_t *)&request, sizeof request);
}

static void do_something(uint32_t features) {
  if (handle_count < 4 || one_in(60))
    open_client(features);
  if (one_in(30))
    open_packet_peer();
  if (handle_count == 0)
    return;
  const uint32_t index = chance(handle_count);
  switch (chance(42)) {
  case 0:
    netsctp_shutdown(handles[index]);
    break;
  case 1:
    close_one(index, one_in(2) ? NETSCTP_CLOSE_ABORT : NETSCTP_CLOSE_RELEASE);
    break;
  case 2: {
    struct netsctp_status status;
    struct netsctp_path paths[8];
    netsctp_status(handles[index], (uint8_t *)&status, sizeof status);
    netsctp_paths(handles[index], (uint8_t *)paths, sizeof paths);
    break;
  }
  case 3:
  case 4:
  case 5:
  case 6:
  case 7:
    write_to(index);
    break;
  case 8:
    change(index);
    break;
  case 9:
    if (one_in(4))
      abort_one(index);
    break;
  case 10:
    move_one(index);
    break;
  default:
    read_from(index);
  }
}

/* -------------------------------------------------------------- the world */

static void throw_one(void) {
  static struct packet packet;
  const struct packet *old = network_any_packet();
  if (old != NULL && one_in(8)) {
    packet = *old;
    packets_alter(&packet);
  } else {
    packets_make(&packet, one_in(20) ? NULL : network_any_way());
    if (one_in(4))
      packets_alter(&packet);
  }
  if (one_in(12)) /* from another address, the peer's or not */
    network_host(&packet.from, packet.from.any.sa_family == AF_INET6, chance(3),
                 ntohs(packet.from.ipv4.sin_port)); /* IPv6's lies there, too */
  if (one_in(50))                                   /* from another UDP port */
    netsctp__set_port(&packet.from, (uint16_t)chance(65536));
  network_deliver(&packet);
}

static void run_world(uint64_t packets) {
  const uint32_t features = chance(4);
  usrsctp_sysctl_set_sctp_nrsack_enable(one_in(3));
  usrsctp_sysctl_set_sctp_pktdrop_enable(one_in(3));
  loop = netsctp_loop_open(NETSCTP_WAKE_THREAD, wake);
  open_listener(features);
  while (packets_delivered < packets) {
    alarm(SECONDS); /* a packet that takes so long ends the run */
    let_time_pass();
    do_something(features);
    network_settle();
    if (!is_recording)
      throw_one();
    network_settle();
    take_all();
  }
  while (handle_count > 0)
    close_one(0, NETSCTP_CLOSE_ABORT);
  netsctp_close(listener, NETSCTP_CLOSE_ABORT);
  network_settle();
  clock_ns += UINT64_C(200000000000);
  take_all();
  network_reset();
  netsctp_loop_close((uint32_t)loop);
}

static uint16_t free_udp_port(void) {
  struct sockaddr_in name = {.sin_family = AF_INET};
  socklen_t size = sizeof name;
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (bind(fd, (struct sockaddr *)&name, size) < 0 ||
      getsockname(fd, (struct sockaddr *)&name, &size) < 0)
    exit(2);
  close(fd);
  return ntohs(name.sin_port);
}

static bool can_have(const char *address) {
  union netsctp__sockaddr name = {.ipv6 = {.sin6_family = AF_INET6}};
  inet_pton(AF_INET6, address, &name.ipv6.sin6_addr);
  return netsctp__udp_can_bind(&name) == 0;
}

int main(int count, char **arguments) {
  uint64_t packets = 100000, seed = (uint64_t)time(NULL);
  for (int i = 1; i < count; i++) {
    const char *value = i + 1 < count ? arguments[i + 1] : "";
    if (strcmp(arguments[i], "--packets") == 0)
      packets = strtoull(value, NULL, 10), i++;
    else if (strcmp(arguments[i], "--seed") == 0)
      seed = strtoull(value, NULL, 10), i++;
    else if (strcmp(arguments[i], "--corpus") == 0)
      packets_load(value), i++;
    else if (strcmp(arguments[i], "--record") == 0)
      is_recording = true;
    else
      return fprintf(stderr, "unknown: %s\n", arguments[i]), 2;
  }
  state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
  udp_port = free_udp_port();
  has_ipv6 = can_have("::1");
  fprintf(stderr, "seed %llu\n", (unsigned long long)seed);
  while (packets_delivered < packets) {
    const uint64_t until = packets_delivered + PACKETS_A_WORLD;
    run_world(until < packets ? until : packets);
  }
  struct netsctp_counters seen;
  netsctp_counters((uint8_t *)&seen, sizeof seen);
  fprintf(stderr,
          "%llu packets delivered (%llu over IPv6), %llu sent by the stack; of "
          "the delivered "
          "%u malformed, %u refused, %u foreign, %u unwanted, %u damaged\n"
          "%u messages or pieces received, %u taken to be sent\n"
          "the slowest packet took %.1f ms (%u bytes, chunk %u)\n",
          (unsigned long long)packets_delivered,
          (unsigned long long)packets_over_ipv6,
          (unsigned long long)packets_caught, seen.malformed_packets,
          seen.refused_packets, seen.foreign_packets, seen.unwanted_packets,
          seen.damaged_packets, seen.messages_in, seen.messages_out,
          (double)slowest_ns / 1e6, slowest_packet.length,
          slowest_packet.bytes[12]);
  if (packets_caught == 0 || seen.messages_in == 0)
    return fprintf(stderr, "nothing was sent by the stack, or nothing "
                           "received: such a run finds nothing\n"),
           1;
  return 0;
}
