/* usrsctp's timers, kept by us. See usrsctp/inside/io.h.
 *
 * usrsctp has its timers in one list, which each tick walks from end to end:
 * with 10,000 associations that is 30,000 of them, looked at many times a
 * second. So its functions that set, stop and count are replaced (`ld --wrap`),
 * and the list stays empty. The wheel uses the room the list would have used.
 */
#include <netinet/sctp_os.h>
#include <netinet/sctp_pcb.h>
#include <netinet/sctp_var.h>

#include <netinet/sctp_callout.h>
#include <netinet/sctputil.h>

#include <stddef.h>

#include "usrsctp/inside/io.h"
#include "usrsctp/inside/timer_wheel.h"
#include "usrsctp/stack.h"

_Static_assert(offsetof(sctp_os_timer_t, tqe) == 0 &&
                   offsetof(sctp_os_timer_t, c_time) ==
                       offsetof(struct netsctp__timer, due),
               "a timer of usrsctp's can be one of the wheel's");

static struct netsctp__wheel wheel;
static uint64_t deadline = UINT64_MAX;

/* A tick of usrsctp's is a millisecond. */
NETSCTP__WRAPS(sctp_get_tick_count);
uint32_t __wrap_sctp_get_tick_count(void) {
  return (uint32_t)netsctp__stack_now;
}

NETSCTP__WRAPS(sctp_os_timer_stop);
int __wrap_sctp_os_timer_stop(sctp_os_timer_t *timer) {
  const bool is_set = timer->c_flags & SCTP_CALLOUT_PENDING;
  if (is_set)
    netsctp__wheel_stop((struct netsctp__timer *)timer);
  timer->c_flags &= ~(SCTP_CALLOUT_ACTIVE | SCTP_CALLOUT_PENDING);
  return is_set;
}

NETSCTP__WRAPS(sctp_os_timer_start);
int __wrap_sctp_os_timer_start(sctp_os_timer_t *timer, uint32_t ticks,
                               void (*run)(void *), void *argument) {
  const int was_set = __wrap_sctp_os_timer_stop(timer);
  if (ticks == 0)
    ticks = 1;
  timer->c_flags = SCTP_CALLOUT_ACTIVE | SCTP_CALLOUT_PENDING;
  timer->c_func = run;
  timer->c_arg = argument;
  netsctp__wheel_set(&wheel, (struct netsctp__timer *)timer, netsctp__stack_now,
                     ticks);
  if (netsctp__stack_now + ticks < deadline)
    deadline = netsctp__stack_now + ticks;
  return was_set;
}

static bool has_other_path(struct sctp_tcb *stcb, const struct sctp_nets *net) {
  return SCTP_GET_STATE(stcb) != SCTP_STATE_COOKIE_WAIT &&
         SCTP_GET_STATE(stcb) != SCTP_STATE_COOKIE_ECHOED &&
         netsctp__io_other_path(stcb, net) != NULL;
}

/* A path that did not answer in time may have failed: new data goes by another
 * one until it answers a heartbeat (RFC 7829). Where there is no other path,
 * the data would wait for the heartbeat: there its threshold does not count. */
static void run_with_patience(sctp_os_timer_t *timer, struct sctp_tcb *stcb,
                              struct sctp_nets *net) {
  const uint16_t threshold = net->pf_threshold;
  net->ref_count++; /* the timer's function may give it up */
  if (!has_other_path(stcb, net))
    net->pf_threshold = UINT16_MAX;
  timer->c_func(timer->c_arg);
  net->pf_threshold = threshold;
  sctp_free_remote_addr(net);
}

/* What a timer does makes no upcall: the socket has to be looked at after. */
static void run_timer(sctp_os_timer_t *timer) {
  struct sctp_timer *whole = timer->c_arg;
  const bool is_whole =
      timer->c_func == sctp_timeout_handler && whole->self == whole;
  const uint32_t id =
      is_whole ? netsctp__io_id((struct sctp_inpcb *)whole->ep) : 0;
  timer->c_flags &= ~SCTP_CALLOUT_PENDING;
  if (is_whole && whole->tcb != NULL && whole->net != NULL)
    run_with_patience(timer, whole->tcb, whole->net);
  else
    timer->c_func(timer->c_arg); /* may free it */
  netsctp__stack_touch(id);
}

bool netsctp__io_run_timers(void) {
  if (netsctp__stack_now < deadline)
    return false;
  struct netsctp__timer *timer;
  while ((timer = netsctp__wheel_pop(&wheel, netsctp__stack_now)) != NULL)
    run_timer((sctp_os_timer_t *)timer);
  /* Stopped timers left it too early; now it is exact. */
  deadline = netsctp__wheel_next(&wheel);
  return true;
}

void netsctp__io_start(void) {
  netsctp__wheel_init(&wheel, netsctp__stack_now);
}

uint64_t netsctp__io_deadline(void) { return deadline; }
