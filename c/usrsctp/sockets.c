/* The sockets of the userspace stack: finding them by what an upcall carries,
 * telling their handles what is new, and closing them in the background. */
#include "usrsctp/stack.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <usrsctp.h>

#include "shim/id_table.h"
#include "usrsctp/inside/io.h"

/* How long a graceful close may take once nobody waits for it. Without this
 * limit it would go on for minutes when the peer is dead. */
#define LINGER_MS 5000

/* An upcall may come for a socket that was closed meanwhile: its id then finds
 * nothing. */
NETSCTP__ID_TABLE(sockets, struct netsctp__socket, NETSCTP__ID_MOST);
static uint32_t socket_count;
static struct netsctp__socket *touched; /* to be looked at */
/* Given up, and still closing: who may linger longest is last. */
static struct netsctp__socket *first_lingering, *last_lingering;

/* ------------------------------------------------------------- the table */

struct netsctp__socket *netsctp__stack_find(uint32_t id) {
  return netsctp__id_find(&sockets, id);
}

static void on_upcall(struct socket *socket, void *id, int flags) {
  (void)socket, (void)flags;
  netsctp__stack_touch((uint32_t)(uintptr_t)id);
}

static void close_now(struct socket *socket, bool abort) {
  if (abort) {
    const struct linger none = {1, 0};
    usrsctp_setsockopt(socket, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  }
  usrsctp_close(socket);
}

struct netsctp__socket *netsctp__socket_adopt(struct socket *socket,
                                              struct netsctp__handle *h,
                                              unsigned udp) {
  struct netsctp__socket *s = netsctp__id_open(&sockets);
  if (s == NULL) {
    close_now(socket, true);
    return NULL;
  }
  s->socket = socket;
  s->handle = h;
  s->udp = udp;
  socket_count++;
  netsctp__udp_use(udp);
  h->socket = s;
  const uint16_t cause = netsctp__io_own_cause(socket);
  if (cause != 0)
    netsctp__stack_aborts(s->id, cause, "");
  usrsctp_set_non_blocking(socket, 1);
  usrsctp_set_upcall(socket, on_upcall, (void *)(uintptr_t)s->id);
  return s;
}

static void leave_lingering(struct netsctp__socket *s) {
  if (s->previous != NULL)
    s->previous->next = s->next;
  else
    first_lingering = s->next;
  if (s->next != NULL)
    s->next->previous = s->previous;
  else
    last_lingering = s->previous;
}

static void forget(struct netsctp__socket *s) {
  socket_count--;
  netsctp__udp_release(s->udp);
  if (s->is_touched) {
    struct netsctp__socket **link = &touched;
    while (*link != s)
      link = &(*link)->next_touched;
    *link = s->next_touched;
  }
  if (s->linger_until != 0)
    leave_lingering(s);
  netsctp__free_contexts(&s->contexts);
  free(s->why);
  netsctp__socket_drop_leaving(s);
  free(s->cause);
  netsctp__id_close(&sockets, s);
}

void netsctp__socket_close(struct netsctp__socket *s, bool abort) {
  struct socket *socket = s->socket;
  forget(s);
  close_now(socket, abort);
}

bool netsctp__sockets_are_none(void) { return socket_count == 0; }

/* Notes why the end that is to come, comes. */
static __attribute__((format(printf, 2, 3))) void
because(struct netsctp__socket *s, const char *format, ...) {
  va_list arguments;
  free(s->why);
  va_start(arguments, format);
  if (vasprintf(&s->why, format, arguments) < 0)
    s->why = NULL;
  va_end(arguments);
}

void netsctp__stack_aborts(uint32_t id, uint16_t cause, const char *text) {
  struct netsctp__socket *s = netsctp__stack_find(id);
  if (s == NULL)
    return;
  s->own_cause = cause;
  netsctp__keep_cause(&s->cause, cause, NULL, 0);
  because(s,
          "this end aborted the association, since the peer "
          "broke the protocol%s%s",
          *text ? ": " : "", text);
}

void netsctp__stack_refused(uint32_t id, uint16_t udp_port, bool was_up) {
  struct netsctp__socket *s = netsctp__stack_find(id);
  if (s == NULL)
    return;
  s->refused_udp = udp_port;
  because(s, "no process has the peer's UDP port %u%s (ICMP port unreachable)",
          udp_port, was_up ? " any more" : "");
}

/* ------------------------------------------------------------- readiness */

static void touch(struct netsctp__socket *s) {
  if (s->is_touched)
    return;
  s->is_touched = true;
  s->next_touched = touched;
  touched = s;
}

void netsctp__stack_touch(uint32_t id) {
  struct netsctp__socket *s = netsctp__stack_find(id);
  if (s != NULL)
    touch(s);
}

/* Places that are empty cost next to nothing, and there may be many. */
void netsctp__sockets_touch_some(uint32_t count) {
  static uint32_t index;
  uint32_t places = 64 * count;
  if (places > sockets.used)
    places = sockets.used;
  for (; count > 0 && places > 0; places--) {
    index = (index + 1) % sockets.used;
    struct netsctp__socket *s = netsctp__id_at(&sockets, index);
    if (s == NULL)
      continue;
    touch(s);
    count--;
  }
}

/* Reads and throws away, so that the close is not taken for an abort of what
 * came and nobody read. True when the association is over. */
static bool discard(struct netsctp__socket *s) {
  static uint8_t waste[65536];
  for (;;) {
    struct sctp_rcvinfo info;
    socklen_t size = sizeof info;
    unsigned type = 0;
    int flags = 0;
    const ssize_t got = usrsctp_recvv(s->socket, waste, sizeof waste, NULL,
                                      NULL, &info, &size, &type, &flags);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
      return true;
    if (got < 0)
      return false;
    if (flags & MSG_NOTIFICATION) {
      const union sctp_notification *n = (const void *)waste;
      if (n->sn_header.sn_type == SCTP_ASSOC_CHANGE &&
          n->sn_assoc_change.sac_state != SCTP_COMM_UP &&
          n->sn_assoc_change.sac_state != SCTP_RESTART)
        return true;
    }
  }
}

static void look_at(struct netsctp__socket *s) {
  if (s->may_be_cut_off)
    s->may_be_cut_off = netsctp__io_ask_if_cut_off(s->socket);
  if (s->handle == NULL) {
    if (discard(s))
      netsctp__socket_close(s, false);
    return;
  }
  if (s->has_ended)
    return;
  struct netsctp__handle *h = s->handle;
  const int events = usrsctp_get_events(s->socket);
  uint32_t ready = 0;
  if (events & (SCTP_EVENT_READ | SCTP_EVENT_ERROR))
    ready |= NETSCTP_READY_READABLE;
  if (h->wants_write && ((events & SCTP_EVENT_ERROR) ||
                         netsctp__io_has_room(s->socket, s->wanted))) {
    h->wants_write = false;
    ready |= NETSCTP_READY_WRITABLE;
  }
  if (ready)
    netsctp__mark_ready(h, ready);
}

void netsctp__sockets_look(void) {
  while (touched != NULL) {
    struct netsctp__socket *s = touched;
    touched = s->next_touched;
    s->is_touched = false;
    look_at(s);
  }
}

/* ------------------------------------------------------------- lingering */

void netsctp__socket_linger(struct netsctp__socket *s) {
  const bool is_shut_down = s->handle->is_shut_down;
  s->handle = NULL;
  /* ENOTCONN: it is over already. Never SHUT_RD, which usrsctp takes for a
   * reason to drop what was not read. */
  if (discard(s) ||
      (!is_shut_down && usrsctp_shutdown(s->socket, SHUT_WR) < 0)) {
    netsctp__socket_close(s, false);
    return;
  }
  s->linger_until = netsctp__stack_now + LINGER_MS;
  s->previous = last_lingering;
  if (last_lingering != NULL)
    last_lingering->next = s;
  else
    first_lingering = s;
  last_lingering = s;
  touch(s);
}

uint64_t netsctp__sockets_deadline(void) {
  return first_lingering == NULL ? UINT64_MAX : first_lingering->linger_until;
}

void netsctp__sockets_expire(uint64_t now) {
  while (first_lingering != NULL && first_lingering->linger_until <= now)
    netsctp__socket_close(first_lingering, true);
}
