/* What one end of one run measures, and when. The same in ends/window.ts. */
#include "baseline.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* The client goes on for this long after its window, so that the server's is
 * filled to its end. */
#define MARGIN 0.1

struct moment {
  double time, cpu; /* seconds */
  uint32_t messages;
  uint32_t counters[COUNTERS];
};

static volatile enum { BEFORE, OPEN, CLOSED, OVER } window;
static struct moment opened, closed;

enum { MOST_ROUND_TRIPS = 1 << 20 };
static double *round_trips;
static uint32_t round_trip_count;

static struct memory { double resident, kernel; /* bytes */ } empty, full;

double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* ------------------------------------------------ the window */

static double cpu_now(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Seen by who looks at our system calls (strace): ../syscalls.ts. */
static void mark(void) {
  static bool is_known, is_wanted;
  if (!is_known)
    is_wanted = getenv("NETSCTP_BENCH_MARK") != NULL;
  is_known = true;
  if (is_wanted)
    access("/netsctp-bench-window", F_OK);
}

static void note(struct moment *moment) {
  mark();
  moment->time = now();
  moment->cpu = cpu_now();
  moment->messages = run.messages;
  shim_counters(moment->counters);
}

static void set_timer(double seconds) {
  const struct timeval time = {(time_t)seconds,
                               (suseconds_t)(seconds * 1e6) % 1000000};
  const struct itimerval timer = {.it_value = time, .it_interval = time};
  setitimer(ITIMER_REAL, &timer, NULL);
}

/* Opens the window, then closes it, also while the process waits for a peer
 * that has stalled. At last it only interrupts what waits. */
static void on_timer(int signal) {
  (void)signal;
  if (window == BEFORE) {
    note(&opened);
    window = OPEN;
    set_timer(run.duration);
  } else if (window == OPEN) {
    note(&closed);
    window = CLOSED;
    set_timer(MARGIN);
  } else {
    window = OVER;
  }
}

void begin_window(void) {
  const struct sigaction action = {.sa_handler = on_timer,
                                   .sa_flags = SA_RESTART};
  sigaction(SIGALRM, &action, NULL);
  set_timer(run.warm_up);
}

void close_window(void) {
  set_timer(0);
  if (window == OPEN)
    note(&closed);
  if (window == BEFORE) {
    fprintf(stderr, "baseline: the run ended within the warm-up\n");
    exit(1);
  }
}

bool is_over(void) { return window == OVER; }

/* ------------------------------------------------ round trips, memory */

void note_round_trip(double seconds) {
  if (window != OPEN || round_trip_count == MOST_ROUND_TRIPS)
    return;
  if (!round_trips)
    round_trips = malloc(MOST_ROUND_TRIPS * sizeof *round_trips);
  if (round_trips)
    round_trips[round_trip_count++] = seconds;
}

/* The number behind a name in a file of /proc; 0 if it is not there. */
static double proc_number(const char *path, const char *name) {
  char line[256];
  double number = 0;
  FILE *file = fopen(path, "r");
  while (file && fgets(line, sizeof line, file))
    if (strncmp(line, name, strlen(name)) == 0)
      sscanf(line + strlen(name), "%lf", &number);
  if (file)
    fclose(file);
  return number;
}

void note_memory(void) {
  full = (struct memory){
      .resident = proc_number("/proc/self/status", "VmRSS:") * 1024,
      .kernel = proc_number("/proc/meminfo", "Slab:") * 1024,
  };
  if (empty.resident == 0)
    empty = full;
}

/* ------------------------------------------------ the report */

static void print_counters(void) {
  static const char *const names[COUNTERS] = {COUNTER_NAMES};
  printf(",\"counters\":{");
  for (int i = 0; i < COUNTERS; i++)
    printf("%s\"%s\":%u", i ? "," : "", names[i],
           closed.counters[i] - opened.counters[i]);
  printf("}");
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* In microseconds, at the shares of ends/window.ts. */
static void print_round_trips(void) {
  static const double shares[] = {0,    0.01, 0.05, 0.1,  0.25, 0.5,
                                  0.75, 0.9,  0.95, 0.99, 0.999};
  qsort(round_trips, round_trip_count, sizeof *round_trips, compare);
  printf(",\"roundTrip\":[");
  for (unsigned i = 0; i < sizeof shares / sizeof *shares; i++)
    printf("%s%.3f", i ? "," : "",
           round_trips[(uint32_t)(round_trip_count * shares[i])] * 1e6);
  printf("]");
}

void report(void) {
  uint32_t unused[COUNTERS];
  printf("{\"messages\":%u,\"total\":%u,\"seconds\":%.9f,\"cpu\":%.6f",
         closed.messages - opened.messages, run.messages,
         closed.time - opened.time, closed.cpu - opened.cpu);
  if (shim_counters(unused))
    print_counters();
  if (round_trip_count > 0)
    print_round_trips();
  if (empty.resident > 0)
    printf(",\"memory\":{\"resident\":%.0f,\"kernel\":%.0f}",
           (full.resident - empty.resident) / run.associations,
           (full.kernel - empty.kernel) / run.associations);
  printf("}\n");
}
