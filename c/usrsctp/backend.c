/* The userspace stack as a whole: its lock, its timer, and who runs it.
 *
 * It has no thread. Each loop waits for the UDP sockets and for one timer
 * descriptor; whichever is woken does all the work that waits, under the lock,
 * and marks the handles concerned on whatever loop they are. */
#include "usrsctp/stack.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>
#include <usrsctp.h>

#include "loop/poller.h"
#include "usrsctp/icmp.h"
#include "usrsctp/inside/io.h"

/* Datagrams handled in one go, so that JavaScript gets its turn. */
#define PACKETS_PER_PUMP 256

/* Timers that are due within so long run together: one wake for all. */
#define TICK_MS 10

/* What slipped through is found when its turn comes: so many sockets are looked
 * at each time, but not more often than that. */
#define SWEEP_MS 100
#define SOCKETS_PER_SWEEP 256

/* How long closing the last loop may wait for shutdowns to finish. */
#define FINISH_MS 2000

/* Of the poller, handled at a time. */
#define MOST_EVENTS 8

#define SEND_BUFFER_BYTES (1024 * 1024)
#define RECEIVE_BUFFER_BYTES (1024 * 1024)
/* What may wait in a send buffer, in messages. usrsctp's own 512 would stop a
 * sender of small ones long before the buffer's bytes do. */
#define MOST_CHUNKS_QUEUED 16384

/* As TCP has it here. With usrsctp's 200 ms, whoever waits for an odd packet to
 * be acknowledged, to go on sending or to shut down, waits that long. */
#define SACK_DELAY_MS 40

#define TIMER_EVENT (NETSCTP__UDP_LAST_EVENT + 1)

static pthread_mutex_t stack = PTHREAD_MUTEX_INITIALIZER;
static bool is_started;
static unsigned loops_open;
static int timer = -1;
static uint64_t timer_set = UINT64_MAX; /* what it will fire at */
static uint64_t next_tick;              /* not before this */
static uint64_t next_sweep;
static uint64_t next_close = UINT64_MAX; /* when to close an unused UDP port */
uint64_t netsctp__stack_now;

static uint64_t now_us;

void netsctp__stack_time(struct timeval *out) {
  *out = (struct timeval){.tv_sec = (time_t)(now_us / 1000000u),
                          .tv_usec = (suseconds_t)(now_us % 1000000u)};
}

static void look_at_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  now_us = (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
  netsctp__stack_now = now_us / 1000u;
}

/* --------------------------------------------------------------- start */

static void start(void) {
  is_started = true;
  netsctp__io_start();
  /* The port only says that UDP is in use, every packet passes through
   * usrsctp/inside/io.c. No debug output: what the library prints is for
   * nobody. */
  usrsctp_init_nothreads(NETSCTP__UDP_DEFAULT_PORT, NULL, NULL);
  usrsctp_sysctl_set_sctp_auto_asconf(0);
  usrsctp_sysctl_set_sctp_sendspace(SEND_BUFFER_BYTES);
  usrsctp_sysctl_set_sctp_recvspace(RECEIVE_BUFFER_BYTES);
  usrsctp_sysctl_set_sctp_delayed_sack_time_default(SACK_DELAY_MS);
  usrsctp_sysctl_set_sctp_max_chunks_on_queue(MOST_CHUNKS_QUEUED);
  /* Our UDP sockets neither set nor see the marks: a peer that was promised an
   * echo would never slow down. */
  usrsctp_sysctl_set_sctp_ecn_enable(0);
  usrsctp_sysctl_set_sctp_rto_initial_default(NETSCTP__RTO_MS);
  /* One time-out, and another path is tried (RFC 7829 section 3.2, Quick
   * Failover). With usrsctp's never, data would wait for half a minute. */
  usrsctp_sysctl_set_sctp_path_pf_threshold(0);
  /* How often a chunk is sent again is for the limits of path and association
   * to say. usrsctp has one of its own, 30, beside them. */
  usrsctp_sysctl_set_sctp_max_retran_chunk(0);
  /* Tags are random numbers of 32 bits. usrsctp would keep each for a minute
   * after its end, in a list to be searched by each new association. */
  usrsctp_sysctl_set_sctp_vtag_time_wait(0);
  /* A peer that has gone asks for no answer of a port that nobody is on; but
   * one that connects to nothing must hear so (ECONNREFUSED). No raw socket
   * is open, so nobody else's packets are answered by this. */
  usrsctp_sysctl_set_sctp_blackhole(0);
}

int netsctp__backend_stack(void) { return NETSCTP_STACK_USERSPACE; }

int netsctp__backend_probe(void) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int fd6 = fd < 0 ? socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0) : -1;
  if (fd < 0 && fd6 < 0)
    return netsctp__explain(errno,
                            "no UDP socket can be opened, which SCTP in "
                            "userspace travels in: %s",
                            strerror(errno));
  close(fd < 0 ? fd6 : fd);
  return 0;
}

/* --------------------------------------------------------------- timers */

static void run_timers(void) {
  netsctp__sockets_expire(netsctp__stack_now);
  netsctp__restart_expire();
  if (netsctp__stack_now < next_tick)
    return;
  if (!netsctp__io_run_timers())
    return;
  next_tick = netsctp__stack_now + TICK_MS;
  if (netsctp__stack_now >= next_sweep) {
    /* Timers also touch their own sockets; this is for what slips through. */
    netsctp__sockets_touch_some(SOCKETS_PER_SWEEP);
    next_sweep = netsctp__stack_now + SWEEP_MS;
  }
}

static void set_timer(void) {
  uint64_t due = netsctp__io_deadline();
  if (due < next_tick)
    due = next_tick;
  if (netsctp__sockets_deadline() < due)
    due = netsctp__sockets_deadline();
  if (netsctp__restart_deadline() < due)
    due = netsctp__restart_deadline();
  if (next_close < due)
    due = next_close;
  /* One that is set too early only costs a wake-up, and is put right by it. */
  if (due >= timer_set || timer < 0)
    return;
  const struct itimerspec at = {
      .it_value = {.tv_sec = (time_t)(due / 1000),
                   .tv_nsec = (long)(due % 1000) * 1000000 + 1}};
  timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
  NETSCTP__COUNT(other_syscalls, 1);
  timer_set = due;
}

/* ------------------------------------------------------------- the lock */

/* A port is given back when nothing uses it, so that another process can have
 * it and an idle one holds nothing. */
static void close_unused_ports(void) {
  const bool is_idle =
      netsctp__sockets_are_none() && netsctp__io_associations() == 0;
  next_close = netsctp__udp_close_unused(netsctp__stack_now, is_idle);
}

void netsctp__backend_enter(void) {
  pthread_mutex_lock(&stack);
  look_at_clock();
  if (!is_started)
    start();
}

void netsctp__backend_leave(void) {
  netsctp__io_settle();
  netsctp__sockets_look();
  /* Looking may have closed sockets that linger, which has things to send. */
  netsctp__io_settle();
  close_unused_ports();
  set_timer();
  pthread_mutex_unlock(&stack);
}

/* --------------------------------------------------------------- the ports */

static int open_port(uint16_t port) {
  const int result = netsctp__udp_open(port);
  if (result == -EADDRINUSE)
    return netsctp__explain(
        EADDRINUSE,
        "UDP port %u, which carries SCTP in userspace, is in use: another "
        "process has it. Choose another with NETSCTP_UDP_PORT or the option "
        "udpPort (localUdpPort of a client), 0 for any that is free",
        port);
  if (result == -ENOSPC)
    return netsctp__explain(
        EMFILE,
        "this process has %u UDP ports for SCTP already, which is all "
        "that it can have",
        NETSCTP__UDP_PORTS);
  if (result < 0)
    return netsctp__explain(-result, "UDP port %u cannot be opened: %s", port,
                            strerror(-result));
  return result;
}

/* The one this process listens on, unless another is asked for: neither a peer
 * nor a firewall needs to know two. */
static int use_port(int32_t port, uint16_t otherwise) {
  const unsigned listening = netsctp__udp_listening();
  if (port < 0 && listening != NETSCTP__UDP_PORTS)
    return (int)listening;
  return open_port(port < 0 ? otherwise : (uint16_t)port);
}

int netsctp__stack_listen_on_udp(int32_t port) {
  const int which = use_port(port, NETSCTP__UDP_DEFAULT_PORT);
  if (which >= 0)
    netsctp__udp_listen((unsigned)which);
  return which;
}

int netsctp__stack_connect_from_udp(int32_t port) { return use_port(port, 0); }

/* --------------------------------------------------------------- loops */

static void close_timer(void) {
  if (timer >= 0)
    close(timer);
  timer = -1;
}

int netsctp__backend_loop_open(struct netsctp__loop *loop) {
  struct netsctp__poller *poller = netsctp__loop_poller(loop);
  int result = 0;
  netsctp__backend_enter();
  if (timer < 0)
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  timer_set = UINT64_MAX;
  result = timer < 0 ? -errno
                     : netsctp__poller_add(poller, timer,
                                           NETSCTP__POLL_READABLE, TIMER_EVENT);
  if (result == 0)
    result = netsctp__udp_watch(poller);
  if (result == 0)
    loops_open++;
  else if (loops_open == 0)
    close_timer();
  netsctp__backend_leave();
  return result;
}

static void read_timer(void) {
  uint64_t times;
  (void)!read(timer, &times, sizeof times);
  NETSCTP__COUNT(other_syscalls, 1);
  timer_set = UINT64_MAX;
}

/* What a loop was woken for. */
static void handle_events(const struct netsctp__poll_event *events, int count) {
  for (int i = 0; i < count; i++) {
    const uint64_t event = events[i].tag;
    if (event == TIMER_EVENT)
      read_timer();
    else if (event >= NETSCTP__UDP_FIRST_EVENT &&
             event <= NETSCTP__UDP_LAST_EVENT) {
      netsctp__udp_receive((uint32_t)event, PACKETS_PER_PUMP,
                           netsctp__io_input);
      if (events[i].what & NETSCTP__POLL_FAILED)
        netsctp__icmp_receive((uint32_t)event, PACKETS_PER_PUMP);
    }
  }
  run_timers();
}

int netsctp__backend_pump(struct netsctp__loop *loop) {
  struct netsctp__poll_event events[MOST_EVENTS];
  netsctp__backend_enter();
  handle_events(events, netsctp__poller_wait(netsctp__loop_poller(loop), events,
                                             MOST_EVENTS, 0));
  netsctp__backend_leave();
  return 0;
}

/* Nobody runs the stack once the last loop is gone: let what is shutting down
 * finish first, and the ABORTs of what is not go out. Other threads may use the
 * stack while this one waits, and one that opens a loop goes on with it. */
static void finish(struct netsctp__poller *poller) {
  const uint64_t until = netsctp__stack_now + FINISH_MS;
  struct netsctp__poll_event events[MOST_EVENTS];
  for (;;) {
    netsctp__io_settle();
    netsctp__sockets_look();
    netsctp__io_settle();
    const bool is_over =
        netsctp__sockets_are_none() && netsctp__io_associations() == 0;
    look_at_clock();
    if (is_over || netsctp__stack_now >= until)
      break;
    set_timer();
    const int left_ms = (int)(until - netsctp__stack_now);
    pthread_mutex_unlock(&stack);
    const int count =
        netsctp__poller_wait(poller, events, MOST_EVENTS, left_ms);
    pthread_mutex_lock(&stack);
    look_at_clock();
    handle_events(events, count);
    if (loops_open > 1)
      return;
  }
  netsctp__sockets_expire(UINT64_MAX);
  netsctp__io_settle();
}

void netsctp__backend_loop_close(struct netsctp__loop *loop) {
  struct netsctp__poller *poller = netsctp__loop_poller(loop);
  netsctp__backend_enter();
  if (loops_open == 1)
    finish(poller);
  netsctp__udp_unwatch(poller);
  netsctp__poller_remove(poller, timer);
  if (--loops_open == 0) {
    /* The stack itself stays: it holds memory, but no descriptor. */
    netsctp__udp_close_all();
    close_timer();
  }
  netsctp__backend_leave();
}
