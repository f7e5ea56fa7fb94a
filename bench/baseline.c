/* One end of one run, in C. See baseline.h, and ends/end.ts for the same in
 * TypeScript.
 *
 *   baseline LIBRARY|sockets server|client flood|ping-pong
 *            SIZE WARM_UP_MS RUN_MS MOST [PORT]
 *
 * A server prints {"port":N} first. Each end prints its report as the last
 * line. A run ends when its time or its number of messages is up. */
#include "baseline.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

/* The client goes on for this long after its window, so that the server's is
 * filled to its end. The same in ends/window.ts. */
#define MARGIN 0.1

struct moment {
  double time, cpu; /* seconds */
  uint32_t messages;
  uint32_t counters[COUNTERS];
};

struct run {
  const struct transport *transport;
  bool is_echo;
  uint32_t size, most;
  double warm_up, duration; /* seconds */

  volatile uint32_t messages; /* so far */
  uint32_t expected;          /* what the last message said */
  uint8_t *pieces;            /* of a message that is not complete yet */
  uint32_t pieces_length;

  volatile enum { BEFORE, OPEN, CLOSED } window;
  double begun;
  struct moment opened, closed;
};

_Noreturn void give_up(const char *what, int error) {
  fprintf(stderr, "baseline: %s: %s\n", what, strerror(error));
  exit(1);
}

/* ------------------------------------------------ measuring */

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static double cpu_now(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void note(struct run *run, struct moment *moment) {
  moment->time = now();
  moment->cpu = cpu_now();
  moment->messages = run->messages;
  run->transport->counters(moment->counters);
}

static struct run *timed; /* by on_timer() */

/* Opens the window, then closes it, also while the process waits for a peer
 * that has stalled. Uses only what a signal handler may. */
static void on_timer(int signal) {
  (void)signal;
  if (timed->window == BEFORE) {
    note(timed, &timed->opened);
    timed->window = OPEN;
  } else if (timed->window == OPEN) {
    note(timed, &timed->closed);
    timed->window = CLOSED;
  }
}

static struct itimerval after(double first, double next) {
  return (struct itimerval){
      .it_value = {(time_t)first, (suseconds_t)(first * 1e6) % 1000000},
      .it_interval = {(time_t)next, (suseconds_t)(next * 1e6) % 1000000}};
}

static void begin_window(struct run *run) {
  const struct sigaction action = {.sa_handler = on_timer,
                                   .sa_flags = SA_RESTART};
  const struct itimerval timer = after(run->warm_up, run->duration);
  timed = run;
  run->begun = now();
  sigaction(SIGALRM, &action, NULL);
  setitimer(ITIMER_REAL, &timer, NULL);
}

/* Before its time, where the run ended early. */
static void close_window(struct run *run) {
  const struct itimerval none = after(0, 0);
  setitimer(ITIMER_REAL, &none, NULL);
  if (run->window == OPEN)
    on_timer(SIGALRM);
  if (run->window == BEFORE) {
    fprintf(stderr, "baseline: the association ended within the warm-up\n");
    exit(1);
  }
}

static double until(const struct run *run) {
  return run->begun + run->warm_up + run->duration + MARGIN;
}

static void print_counters(const struct run *run) {
  static const char *const names[COUNTERS] = {
      "calls",         "wakes",      "receiveSyscalls", "sendSyscalls",
      "otherSyscalls", "messagesIn", "messagesOut"};
  printf(",\"counters\":{");
  for (int i = 0; i < COUNTERS; i++)
    printf("%s\"%s\":%u", i ? "," : "", names[i],
           run->closed.counters[i] - run->opened.counters[i]);
  printf("}");
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* times: `count` round trips in seconds. */
static void report(struct run *run, double *times, uint32_t count) {
  uint32_t none[COUNTERS];
  printf("{\"messages\":%u,\"total\":%u,\"seconds\":%.9f,\"cpu\":%.6f",
         run->closed.messages - run->opened.messages, run->messages,
         run->closed.time - run->opened.time,
         run->closed.cpu - run->opened.cpu);
  if (run->transport->counters(none))
    print_counters(run);
  if (count > 0) {
    qsort(times, count, sizeof *times, compare);
    printf(",\"roundTrip\":{\"p50\":%.3f,\"p99\":%.3f}", times[count / 2] * 1e6,
           times[(uint32_t)(count * 0.99)] * 1e6);
  }
  printf("}\n");
}

/* ------------------------------------------------ the server */

static void on_message(struct run *run, const uint8_t *message,
                       uint32_t length) {
  run->messages++;
  if (run->is_echo)
    run->transport->send(&message, 1, length);
  if (message[0] == LAST)
    memcpy(&run->expected, message + COUNT_OFFSET, sizeof run->expected);
}

void on_piece(struct run *run, const uint8_t *bytes, uint32_t length,
              bool is_end_of_record) {
  if (is_end_of_record && run->pieces_length == 0) {
    on_message(run, bytes, length);
    return;
  }
  if (run->pieces_length + length > run->size)
    give_up("a message is too long", EMSGSIZE);
  memcpy(run->pieces + run->pieces_length, bytes, length);
  run->pieces_length += length;
  if (!is_end_of_record)
    return;
  length = run->pieces_length;
  run->pieces_length = 0;
  on_message(run, run->pieces, length);
}

static void serve(struct run *run) {
  printf("{\"port\":%u}\n", run->transport->listen());
  fflush(stdout);
  run->transport->accept();
  while (run->messages == 0)
    if (!run->transport->receive(run))
      give_up("the client ended early", ECONNRESET);
  begin_window(run);
  while (run->transport->receive(run))
    ;
  close_window(run);
  if (run->messages != run->expected) {
    fprintf(stderr, "baseline: %u messages came in, and %u were sent\n",
            run->messages, run->expected);
    exit(1);
  }
  report(run, NULL, 0);
}

/* ------------------------------------------------ the client */

static void send_last(struct run *run, uint32_t count) {
  uint8_t *message = calloc(1, run->size);
  if (!message)
    exit(1);
  message[0] = LAST;
  memcpy(message + COUNT_OFFSET, &count, sizeof count);
  const uint8_t *const one = message;
  run->transport->send(&one, 1, run->size);
  free(message);
}

static void finish(struct run *run) {
  run->transport->shut_down();
  while (run->transport->receive(run))
    ;
  close_window(run);
}

static void flood(struct run *run, const uint8_t *plain) {
  enum { MOST_AT_ONCE = 1024 };
  const uint8_t *same[MOST_AT_ONCE];
  for (uint32_t i = 0; i < MOST_AT_ONCE; i++)
    same[i] = plain;
  uint32_t batch = run->transport->most_at_once(run->size);
  if (batch > MOST_AT_ONCE)
    batch = MOST_AT_ONCE;

  begin_window(run);
  while (run->messages < run->most && now() < until(run)) {
    run->transport->send(same, batch, run->size);
    run->messages += batch;
  }
  send_last(run, ++run->messages);
  finish(run);
  report(run, NULL, 0);
}

/* Waits until the message just sent has come back. */
static void await_reply(struct run *run, uint32_t before) {
  while (run->messages == before)
    if (!run->transport->receive(run))
      give_up("the server ended early", ECONNRESET);
}

static void ping_pong(struct run *run, const uint8_t *plain) {
  double *times = malloc(run->most * sizeof *times);
  uint32_t measured = 0;
  if (!times)
    exit(1);
  begin_window(run);
  for (double time = run->begun, sent; time < until(run);) {
    const uint32_t before = run->messages;
    if (before == run->most - 1)
      break;
    sent = now();
    run->transport->send(&plain, 1, run->size);
    await_reply(run, before);
    const bool is_measured = run->window == OPEN;
    time = now();
    if (is_measured)
      times[measured++] = time - sent;
  }
  const uint32_t before = run->messages;
  send_last(run, before + 1);
  await_reply(run, before);
  finish(run);
  report(run, times, measured);
}

int main(int count, char **arguments) {
  if (count < 8) {
    fprintf(stderr, "usage: see baseline.c\n");
    return 2;
  }
  struct run run = {
      .transport = strcmp(arguments[1], "sockets") == 0
                       ? sockets_transport()
                       : shim_transport(arguments[1]),
      .size = (uint32_t)atoi(arguments[4]),
      .warm_up = atoi(arguments[5]) / 1e3,
      .duration = atoi(arguments[6]) / 1e3,
      .most = (uint32_t)atoi(arguments[7]),
  };
  run.pieces = malloc(run.size);
  if (!run.pieces)
    return 1;
  const bool is_ping_pong = strcmp(arguments[3], "ping-pong") == 0;
  if (strcmp(arguments[2], "server") == 0) {
    run.is_echo = is_ping_pong;
    serve(&run);
  } else {
    uint8_t *plain = calloc(1, run.size);
    run.transport->connect((uint16_t)atoi(count > 8 ? arguments[8] : "0"));
    (is_ping_pong ? ping_pong : flood)(&run, plain);
  }
  run.transport->close();
  return 0;
}
