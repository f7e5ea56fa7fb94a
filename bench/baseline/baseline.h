/* The C program that ours is compared with: one end of one run of one trial.
 * The same loads over several transports. */
#ifndef NETSCTP_BENCH_BASELINE_H
#define NETSCTP_BENCH_BASELINE_H

#include <stdbool.h>
#include <stdint.h>

/* What netsctp sets on the kernel's stack (core/shim/stacks.ts): C gets the
 * same. */
enum { KERNEL_SEND_BYTES = 1 << 20, KERNEL_RECEIVE_BYTES = 2 << 20 };

/* Connections that may wait to be accepted, and that are set up at a time where
 * setting up is not what is measured. The same in ends/. */
enum { BACKLOG = 4096, SET_UP_AT_ONCE = 100 };

/* ------------------------------------------------ what is to be done */

/* The server, or a client of one kind: what it does when something happens. An
 * association is a number of the transport's. */
struct load {
  void (*on_up)(uint32_t association);
  void (*on_message)(uint32_t association, const uint8_t *message,
                     uint32_t length);
  void (*on_end)(uint32_t association);
};

/* What goes wrong ends the process with a message. */
struct transport {
  /* The most messages of a size that are worth handing over at once. */
  uint32_t (*most_at_once)(uint32_t size);
  /* Listens on 127.0.0.1 and returns the port. */
  uint16_t (*listen)(void);
  /* Begins to connect; on_up() follows. */
  void (*connect)(uint16_t port);
  /* Waits until something happens, and tells the load. */
  void (*wait)(const struct load *load);
  /* Blocks while the stack is full. May keep the message until flush(), or the
   * end of wait(), or a message to another association. */
  void (*send)(uint32_t association, const uint8_t *message, uint32_t size);
  void (*flush)(void);
  /* Begins the SHUTDOWN; on_end() follows, as it does if the peer began. */
  void (*shut_down)(uint32_t association);
  /* Of one that has ended. */
  void (*close)(uint32_t association);
};

/* library: of the shared object to load. */
const struct transport *shim_transport(const char *library);
/* One association after the other, one blocking call a message. */
const struct transport *sockets_transport(void);
/* The same with 64 messages a call. */
const struct transport *mmsg_transport(void);
/* Many associations, non-blocking, one call a message. */
const struct transport *epoll_transport(void);

/* ------------------------------------------------ the run */

struct run {
  const struct transport *transport;
  const char *load;
  uint32_t size;              /* of each message, bytes */
  uint32_t associations;      /* open at a time */
  uint32_t outstanding;       /* messages on their way, or cycles under way */
  double warm_up, duration;   /* seconds */
  volatile uint32_t messages; /* so far; or cycles */
};
extern struct run run;

void serve(void);
/* The clients, once the server listens on `port`. */
void flood(uint16_t port);
void echo(uint16_t port);
void cycle(uint16_t port);
void idle(uint16_t port);

/* ------------------------------------------------ messages */

/* The last message carries how many there were, so that a loss would be seen.
 * The same in ends/messages.ts. */
const uint8_t *plain_message(void);
const uint8_t *last_message(uint32_t count);
bool is_last(const uint8_t *message, uint32_t *count);

/* For the transports: hands over a message, or the next piece of one. */
void deliver(const struct load *load, uint32_t association,
             const uint8_t *bytes, uint32_t length, bool is_end_of_record);

/* Connects run.associations times, and returns the list of them. */
const uint32_t *set_up(uint16_t port);
/* Shuts them all down and waits until that is through. */
void tear_down(void);

/* ------------------------------------------------ measuring */

void begin_window(void);
/* Before its time, where the run ended early. */
void close_window(void);
/* Whether the client has sent for long enough. */
bool is_over(void);
double now(void);
void note_round_trip(double seconds);
/* Before the associations are there, and when they are. */
void note_memory(void);
/* The last line that an end prints. */
void report(void);

/* Running totals of the shim, in the order of COUNTER_NAMES. */
enum { COUNTERS = 7 };
#define COUNTER_NAMES                                                          \
  "calls", "wakes", "receiveSyscalls", "sendSyscalls", "otherSyscalls",        \
      "messagesIn", "messagesOut"
/* False: no shim is loaded. */
bool shim_counters(uint32_t out[COUNTERS]);

_Noreturn void give_up(const char *what, int error);

#endif
