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

/* A path that once did not answer in time may have failed: new data goes by
 * another one until it answers a heartbeat (RFC 7829). usrsctp, left alone,
 * would have it wait for five back-offs, half a minute. Where there is no other
 * path, the data would wait for the heartbeat. */
static void set_patience(struct sctp_timer *timer) {
  struct sctp_tcb *stcb = timer->tcb;
  struct sctp_nets *net = timer->net;
  if (stcb == NULL || net == NULL)
    return;
  const bool has_other = SCTP_GET_STATE(stcb) != SCTP_STATE_COOKIE_WAIT &&
                         SCTP_GET_STATE(stcb) != SCTP_STATE_COOKIE_ECHOED &&
                         netsctp__io_other_path(stcb, net) != NULL;
  net->pf_threshold = has_other ? 0 : UINT16_MAX;
}

/* What a timer does makes no upcall: the socket has to be looked at after. */
static void run_timer(sctp_os_timer_t *timer) {
  struct sctp_timer *whole = timer->c_arg;
  uint32_t id = 0;
  if (timer->c_func == sctp_timeout_handler && whole->self == whole) {
    id = netsctp__io_id((struct sctp_inpcb *)whole->ep);
    set_patience(whole);
  }
  timer->c_flags &= ~SCTP_CALLOUT_PENDING;
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
