/* Sending, receiving, shutting down and closing in the userspace stack. */
#include "usrsctp/stack.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <usrsctp.h>

#include "rfc6458/messages.h"
#include "rfc6458/notifications.h"
#include "usrsctp/inside/io.h"

/* ------------------------------------------------------------- receiving */

/* What a receive that failed means, as the kernel's stack would say it. */
static int error_of(const struct netsctp__socket *s, int error) {
  if (s->own_cause != 0)
    return ECONNABORTED;
  if (error == ECONNABORTED || error == ETIMEDOUT)
    /* Nobody aborted: the stack gave up sending again. What a router told of
     * the way is then the better reason, while there was no association yet. */
    return s->ending == NETSCTP__ENDING_NOT_STARTED && s->soft_error
               ? s->soft_error
               : ETIMEDOUT;
  if (s->ending == NETSCTP__ENDING_NOT_STARTED && error == ECONNRESET)
    return ECONNREFUSED;
  return error;
}

static int write_end(struct netsctp__socket *s, struct netsctp_inbound *out,
                     int error) {
  s->has_ended = true;
  s->end_error = error;
  if (error != 0 && s->why != NULL)
    netsctp__explain(error, "%s", s->why);
  return netsctp__write_end(
      out, (struct netsctp__end){.association = s->handle->association_id,
                                 .error = error,
                                 .is_by_peer = s->handle->is_peer_shut_down ||
                                               !s->handle->is_shut_down,
                                 .refused_udp_port = s->refused_udp,
                                 .cause = s->cause});
}

/* What a notification means for the end that is to come, or has begun. */
static void note_ending(struct netsctp__socket *s,
                        struct netsctp_notification *notification) {
  if (notification->type != NETSCTP_NOTIFICATION_ASSOC_CHANGE)
    return;
  switch (notification->state) {
  case NETSCTP_ASSOC_SHUTDOWN_COMPLETE:
    s->ending = NETSCTP__ENDING_IN_ORDER;
    break;
  case NETSCTP_ASSOC_LOST:
    s->ending = NETSCTP__ENDING_LOST;
    break;
  case NETSCTP_ASSOC_CANNOT_START:
    s->ending = NETSCTP__ENDING_NOT_STARTED;
    break;
  case NETSCTP_ASSOC_RESTART:
    /* A SHUTDOWN that waits for what was in flight would wait for a SACK, and
     * nothing is left that a peer would acknowledge. */
    if (s->handle->is_shut_down)
      usrsctp_shutdown(s->socket, SHUT_WR);
    return;
  default:
    return;
  }
  if (notification->error == 0)
    notification->error = s->own_cause;
}

/* Translates the `got` bytes behind the head, where its own structure goes.
 * The caller has left room for that. */
static int write_notification(struct netsctp__socket *s,
                              struct netsctp_inbound *out, uint32_t got,
                              bool is_whole) {
  struct netsctp_notification *notification = (void *)(out + 1);
  memmove(notification + 1, notification, got);
  const uint32_t number = netsctp__restore_context(
      &s->contexts, (uint8_t *)(notification + 1), got);
  netsctp__write_notification(out, got, is_whole,
                              s->own_cause ? NULL : &s->cause);
  notification->number = number;
  note_ending(s, notification);
  return 1;
}

static int receive_locked(struct netsctp__handle *h,
                          struct netsctp_inbound *out, uint32_t capacity) {
  struct netsctp__socket *s = h->socket;
  const size_t room =
      capacity - sizeof *out - sizeof(struct netsctp_notification) - 8;
  for (;;) {
    /* The end was announced, and stands at the end of the queue. */
    if (s->ending == NETSCTP__ENDING_IN_ORDER)
      return write_end(s, out, 0);
    struct sctp_rcvinfo info = {0};
    socklen_t size = sizeof info;
    unsigned type = 0;
    int flags = 0;
    /* A SHUTDOWN or ABORT in the middle of a message ends it, too. */
    const bool is_cut = netsctp__io_is_cut(s->socket);
    const ssize_t got = usrsctp_recvv(s->socket, out + 1, room, NULL, NULL,
                                      &info, &size, &type, &flags);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0 && errno == EAGAIN) {
      if (s->ending == NETSCTP__NOT_ENDING)
        return 0;
      return write_end(s, out, error_of(s, ECONNRESET));
    }
    if (got < 0)
      return write_end(s, out, error_of(s, errno));
    if (got == 0)
      return write_end(
          s, out,
          s->ending == NETSCTP__NOT_ENDING ? 0 : error_of(s, ECONNRESET));
    if (flags & MSG_NOTIFICATION) {
      /* One may carry a whole message that failed. */
      const bool is_rest = s->has_rest;
      s->has_rest = !(flags & MSG_EOR);
      if (!is_rest)
        return write_notification(s, out, (uint32_t)got, !s->has_rest);
      netsctp__write_rest(out, (uint32_t)got, !s->has_rest,
                          s->handle->association_id);
      return 1;
    }
    netsctp__write_message(out, (uint32_t)got, (flags & MSG_EOR) && !is_cut,
                           &info);
    return 1;
  }
}

/* As many as there are and fit. The end comes alone, so if it turns up behind
 * others it is kept for the next call: usrsctp tells it only once. */
int netsctp__backend_receive(struct netsctp__handle *h,
                             struct netsctp_inbound *out, uint32_t capacity) {
  struct netsctp__socket *s = h->socket;
  struct netsctp_inbound *record = out;
  int count = 0, result = 0;
  netsctp__backend_enter();
  if (s->has_ended)
    count = write_end(s, out, s->end_error);
  while (!s->has_ended && capacity >= NETSCTP__LEAST_ROOM) {
    result = receive_locked(h, record, capacity);
    if (result <= 0 || (s->has_ended && count > 0))
      break;
    count++;
    capacity -= record->size;
    record = (void *)((uint8_t *)record + record->size);
  }
  netsctp__backend_leave();
  return count > 0 ? count : result;
}

/* --------------------------------------------------------------- sending */

uint32_t netsctp__most_held(struct netsctp__socket *s) {
  return netsctp__io_most_held(s->socket);
}

/* 1, 0: no room, or -errno. */
static int send_message(struct netsctp__socket *s,
                        const struct netsctp_outbound *head,
                        const void *payload, uint32_t length) {
  struct sctp_sendv_spa spa = {.sendv_flags = SCTP_SEND_SNDINFO_VALID};
  if (netsctp__send_info(head, &spa.sendv_sndinfo, &spa.sendv_prinfo))
    spa.sendv_flags |= SCTP_SEND_PRINFO_VALID;
  spa.sendv_sndinfo.snd_context = (uint32_t)s->contexts.sent;
  union netsctp__sockaddr destination;
  const bool is_directed =
      netsctp__destination(s->handle, head, &destination) > 0;
  if (is_directed)
    spa.sendv_sndinfo.snd_flags |= SCTP_ADDR_OVER;
  if (usrsctp_sendv(s->socket, payload, length,
                    is_directed ? &destination.any : NULL, is_directed, &spa,
                    sizeof spa, SCTP_SENDV_SPA, 0) >= 0) {
    netsctp__note_sent(s, &s->contexts, head->context);
    if (head->policy == NETSCTP_POLICY_TIME_TO_LIVE)
      netsctp__io_watch_expiry(s->socket);
    return 1;
  }
  switch (errno) {
  case EINVAL: /* so says it of an address that the peer does not have, too */
    return is_directed ? -EADDRNOTAVAIL : -EINVAL;
  case EAGAIN:
    s->handle->wants_write = true;
    s->wanted = length;
    return 0;
  case ENOENT: /* the association has ended */
  case ENOTCONN:
  case ESHUTDOWN:
    return -EPIPE;
  case ECONNRESET: /* so says 0.9.5 of one that is shutting down, too */
    return s->ending == NETSCTP__ENDING_LOST ? -ECONNRESET : -EPIPE;
  default:
    return -errno;
  }
}

int netsctp__backend_send_one(struct netsctp__handle *h,
                              const struct netsctp_outbound *head,
                              const void *payload, uint32_t length) {
  struct netsctp__socket *s = h->socket;
  netsctp__backend_enter();
  const int result = send_message(s, head, payload, length);
  if (s->may_be_cut_off)
    netsctp__stack_touch(s->id);
  netsctp__backend_leave();
  return result;
}

int netsctp__backend_send(struct netsctp__handle *h,
                          const struct netsctp_outbound *first,
                          uint32_t count) {
  struct netsctp__socket *s = h->socket;
  const struct netsctp_outbound *head = first;
  uint32_t sent = 0;
  int result = 1;
  netsctp__backend_enter();
  /* Within a run, let small messages share packets: only the last one says
   * that there is nothing to wait for. */
  const bool holds_back = count > 1 && netsctp__io_is_no_delay(s->socket);
  if (holds_back)
    netsctp__io_set_no_delay(s->socket, false);
  while (sent < count) {
    if (holds_back && sent + 1 == count)
      netsctp__io_set_no_delay(s->socket, true);
    result =
        send_message(s, head, (const uint8_t *)head + netsctp__head_size(head),
                     head->length);
    if (result <= 0)
      break;
    sent++;
    head = (const void *)((const uint8_t *)head + head->size);
  }
  if (holds_back)
    netsctp__io_set_no_delay(s->socket, true);
  if (s->may_be_cut_off)
    netsctp__stack_touch(s->id);
  netsctp__backend_leave();
  return sent > 0 || result >= 0 ? (int)sent : result;
}

/* --------------------------------------------------------------- closing */

int netsctp__backend_shutdown(struct netsctp__handle *h) {
  struct netsctp__socket *s = h->socket;
  int result = 0;
  netsctp__backend_enter();
  if (usrsctp_shutdown(s->socket, SHUT_WR) < 0)
    result = errno == ENOENT || errno == EINVAL ? -ENOTCONN : -errno;
  netsctp__stack_touch(s->id);
  netsctp__backend_leave();
  return result;
}

void netsctp__backend_close(struct netsctp__handle *h, bool abort) {
  struct netsctp__socket *s = h->socket;
  netsctp__backend_enter();
  h->socket = NULL;
  if (abort || h->kind == NETSCTP__ENDPOINT || h->is_finished || !h->is_up)
    netsctp__socket_close(s, abort);
  else
    netsctp__socket_linger(s);
  netsctp__backend_leave();
}

int netsctp__backend_abort(struct netsctp__handle *h, const uint8_t *reason,
                           uint32_t length) {
  struct netsctp__socket *s = h->socket;
  netsctp__backend_enter();
  h->socket = NULL;
  netsctp__io_abort_for(s->socket, reason, length);
  netsctp__socket_close(s, true);
  netsctp__backend_leave();
  return 0;
}
