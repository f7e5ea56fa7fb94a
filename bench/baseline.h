/* The C program that ours is compared with: one end of one run of one trial.
 * The same steps over two transports, the shim and plain sockets. */
#ifndef NETSCTP_BENCH_BASELINE_H
#define NETSCTP_BENCH_BASELINE_H

#include <stdbool.h>
#include <stdint.h>

/* In the first byte of a message; the last one carries how many there were.
 * The same in ends/end.ts. */
enum { LAST = 1, COUNT_OFFSET = 4 };

enum { COUNTERS = 7 };

/* What netsctp sets on the kernel's stack (core/stacks.ts): C gets the same. */
enum { KERNEL_SEND_BYTES = 1 << 20, KERNEL_RECEIVE_BYTES = 4 << 20 };

struct run; /* what is measured: baseline.c */

/* One association of one process. Every call blocks until it is done; what
 * goes wrong ends the process with a message. */
struct transport {
  /* The most messages of a size that are worth handing over at once. */
  uint32_t (*most_at_once)(uint32_t size);
  /* Listens on 127.0.0.1 and returns the port. */
  uint16_t (*listen)(void);
  void (*accept)(void);
  void (*connect)(uint16_t port);
  void (*send)(const uint8_t *const *messages, uint32_t count, uint32_t size);
  /* Waits, then takes what is there; false once the association has ended. */
  bool (*receive)(struct run *run);
  void (*shut_down)(void);
  void (*close)(void);
  /* The shim's running totals, in the order of print_counters(); false: it has
   * none. */
  bool (*counters)(uint32_t out[COUNTERS]);
};

/* library: of the shared object to load. */
const struct transport *shim_transport(const char *library);
const struct transport *sockets_transport(void);

/* For the transports: hands over a message, or the next piece of one. */
void on_piece(struct run *run, const uint8_t *bytes, uint32_t length,
              bool is_end_of_record);

_Noreturn void give_up(const char *what, int error);

#endif
