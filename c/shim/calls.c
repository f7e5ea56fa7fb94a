/* The exported functions, but for those that send: what is wrong with a call is
 * found here, so that a backend sees only sound arguments and live handles. */
#include <errno.h>
#include <string.h>

#include "loop/loop.h"
#include "shim/close_reason.h"
#include "shim/internal.h"

/* ------------------------------------------------ the library */

int32_t netsctp_stack(void) { return netsctp__backend_stack(); }

int32_t netsctp_probe(void) {
  netsctp__enter();
  return netsctp__backend_probe();
}

/* ------------------------------------------------ opening */

static int32_t open_handle(uint32_t loop_id, enum netsctp__kind kind,
                           const uint8_t *bytes, uint32_t length) {
  struct netsctp__loop *loop = netsctp__loop_find(loop_id);
  if (!loop)
    return -EBADF;
  struct netsctp__request request;
  struct netsctp_option options[NETSCTP__MOST_OPTIONS];
  int result = netsctp__read_request(
      bytes, length,
      kind == NETSCTP__ENDPOINT ? NETSCTP__LISTENING : NETSCTP__CONNECTING,
      &request);
  if (result >= 0)
    result = netsctp__add_streams(&request, options);
  if (result < 0)
    return result;
  if (kind == NETSCTP__ASSOCIATION && request.remote_count == 0)
    return -EDESTADDRREQ;
  if (kind == NETSCTP__ENDPOINT && request.remote_count != 0)
    return -EINVAL;

  struct netsctp__handle *handle = netsctp__handle_open(loop, kind);
  if (!handle)
    return -ENOMEM;
  netsctp__backend_enter();
  result = kind == NETSCTP__ENDPOINT
               ? netsctp__backend_listen(handle, &request)
               : netsctp__backend_connect(handle, &request);
  netsctp__backend_leave();
  if (result >= 0)
    return (int32_t)handle->number;
  netsctp__ready_forget(handle);
  netsctp__handle_close(handle);
  return result;
}

int32_t netsctp_listen(uint32_t loop, const uint8_t *request, uint32_t length) {
  netsctp__enter();
  return open_handle(loop, NETSCTP__ENDPOINT, request, length);
}

int32_t netsctp_connect(uint32_t loop, const uint8_t *request,
                        uint32_t length) {
  netsctp__enter();
  return open_handle(loop, NETSCTP__ASSOCIATION, request, length);
}

int32_t netsctp_accept(uint32_t number, uint8_t *out, uint32_t capacity) {
  netsctp__enter();
  struct netsctp__handle *listener = netsctp__find(number);
  if (!listener)
    return -EBADF;
  if (listener->kind != NETSCTP__ENDPOINT || !netsctp__is_aligned(out))
    return -EINVAL;
  struct netsctp_accepted *accepted = (struct netsctp_accepted *)out;
  int32_t most = (int32_t)(capacity / sizeof *accepted), count = 0;
  if (most == 0)
    return -ENOBUFS;

  netsctp__ready_again(listener);
  while (count < most) {
    struct netsctp__handle *fresh =
        netsctp__handle_open(listener->loop, NETSCTP__ASSOCIATION);
    int result = -ENOMEM;
    if (fresh) {
      memset(&accepted[count], 0, sizeof accepted[count]);
      netsctp__backend_enter();
      result = netsctp__backend_accept(listener, fresh, &accepted[count]);
      netsctp__backend_leave();
      if (result >= 0) {
        fresh->is_up = true;
        accepted[count++].handle = fresh->number;
        continue;
      }
      netsctp__ready_forget(fresh);
      netsctp__handle_close(fresh);
    }
    if (result == -EAGAIN)
      return count;
    if (result != -ECONNABORTED && count == 0)
      return result;
    if (result != -ECONNABORTED)
      break;
  }
  /* The buffer is full, or the next call will say what failed. Either leaves
   * connections behind that nobody would be told of. */
  netsctp__mark_ready(listener, NETSCTP_READY_READABLE);
  return count;
}

/* ------------------------------------------------ receiving */

/* The stack has a number of its own for the association that a record is of,
 * which ours learns by the first one. 0: it is of another. */
static void name_association(struct netsctp__handle *handle,
                             struct netsctp_inbound *record) {
  if (handle->association_id == 0)
    handle->association_id = record->association;
  record->association =
      record->association == handle->association_id ? handle->number : 0;
}

/* What one inbound record says about the handle. */
static void note_record(struct netsctp__handle *handle,
                        struct netsctp_inbound *record) {
  name_association(handle, record);
  switch (record->kind) {
  case NETSCTP_KIND_MESSAGE:
    if (record->flags & NETSCTP_FLAG_END_OF_RECORD)
      NETSCTP__COUNT(messages_in, 1);
    break;
  case NETSCTP_KIND_NOTIFICATION: {
    const struct netsctp_notification *notification =
        (const void *)(record + 1);
    if (notification->type == NETSCTP_NOTIFICATION_ASSOC_CHANGE &&
        notification->state == NETSCTP_ASSOC_UP)
      handle->is_up = true;
    if (notification->type == NETSCTP_NOTIFICATION_SHUTDOWN)
      handle->is_peer_shut_down = true;
    break;
  }
  case NETSCTP_KIND_REST:
    break;
  default:
    handle->is_finished = true;
  }
}

int32_t netsctp_receive(uint32_t number, uint8_t *out, uint32_t capacity) {
  enum { LEAST = 4096 };
  struct netsctp__handle *handle;
  int result = netsctp__enter_association(number, &handle);
  if (result < 0)
    return result;
  if (!netsctp__is_aligned(out))
    return -EINVAL;
  if (capacity < LEAST)
    return -ENOBUFS;
  if (capacity > INT32_MAX)
    capacity = INT32_MAX;
  capacity -= capacity % NETSCTP_ALIGN;

  struct netsctp_received *head = (struct netsctp_received *)out;
  *head = (struct netsctp_received){0, 0};
  uint32_t used = sizeof *head;
  /* Before the stack is asked, not after: otherwise a message that arrives in
   * between would be neither in the batch nor announced. */
  netsctp__ready_again(handle);
  while (!handle->is_finished) {
    if (capacity - used < NETSCTP__LEAST_ROOM) {
      head->flags |= NETSCTP_RECEIVED_MORE;
      break;
    }
    struct netsctp_inbound *record = (struct netsctp_inbound *)(out + used);
    result = netsctp__backend_receive(handle, record, capacity - used);
    if (result == -ENOBUFS)
      head->flags |= NETSCTP_RECEIVED_MORE;
    if (result <= 0)
      break;
    head->count += (uint32_t)result;
    while (result--) {
      note_record(handle, record);
      if (record->kind == NETSCTP_KIND_ERROR)
        head->flags |= NETSCTP_RECEIVED_FAILED;
      used += record->size;
      record = (struct netsctp_inbound *)(out + used);
    }
  }
  return (int32_t)used;
}

/* ------------------------------------------------ closing */

int32_t netsctp_shutdown(uint32_t number) {
  struct netsctp__handle *handle;
  int result = netsctp__enter_association(number, &handle);
  if (result < 0)
    return result;
  if (handle->is_shut_down)
    return 0;
  if (!handle->is_up || handle->is_finished)
    return -ENOTCONN;
  result = netsctp__backend_shutdown(handle);
  if (result >= 0)
    handle->is_shut_down = true;
  return result;
}

int32_t netsctp_close(uint32_t number, uint32_t how) {
  netsctp__enter();
  struct netsctp__handle *handle = netsctp__find(number);
  if (!handle)
    return -EBADF;
  if (how != NETSCTP_CLOSE_RELEASE && how != NETSCTP_CLOSE_ABORT)
    return -EINVAL;
  netsctp__backend_close(handle, how == NETSCTP_CLOSE_ABORT);
  netsctp__ready_forget(handle);
  netsctp__handle_close(handle);
  return 0;
}

int32_t netsctp_abort(uint32_t number, const uint8_t *reason, uint32_t length) {
  struct netsctp__handle *handle;
  int result = netsctp__enter_association(number, &handle);
  if (result < 0)
    return result;
  if (!reason || length == 0 || length > NETSCTP__MOST_CAUSE_BYTES)
    return netsctp__explain(EINVAL, "a reason has 1 to %d bytes",
                            NETSCTP__MOST_CAUSE_BYTES);
  if (!handle->is_up || handle->is_finished)
    return -ENOTCONN;
  result = netsctp__backend_abort(handle, reason, length);
  if (result < 0)
    return result;
  netsctp__ready_forget(handle);
  netsctp__handle_close(handle);
  return 0;
}

/* ------------------------------------------------ asking */

int32_t netsctp_addresses(uint32_t number, uint32_t side, uint8_t *out,
                          uint32_t capacity) {
  netsctp__enter();
  struct netsctp__handle *handle = netsctp__find(number);
  if (!handle)
    return -EBADF;
  if ((side != NETSCTP_SIDE_LOCAL && side != NETSCTP_SIDE_REMOTE) ||
      !netsctp__is_aligned(out))
    return -EINVAL;
  if (side == NETSCTP_SIDE_REMOTE && handle->kind == NETSCTP__ENDPOINT)
    return -ENOTCONN;
  netsctp__backend_enter();
  const int result = netsctp__backend_addresses(
      handle, side, (struct netsctp_address *)out,
      capacity / (uint32_t)sizeof(struct netsctp_address));
  netsctp__backend_leave();
  return result;
}

/* Begins to ask about an association that is up and has not ended: the stack is
 * entered where this gives 0. */
static int enter_up(uint32_t number, const uint8_t *out,
                    struct netsctp__handle **handle) {
  int result = netsctp__enter_association(number, handle);
  if (result < 0)
    return result;
  if (!(*handle)->is_up || (*handle)->is_finished)
    return -ENOTCONN;
  if (!netsctp__is_aligned(out))
    return -EINVAL;
  netsctp__backend_enter();
  return 0;
}

int32_t netsctp_status(uint32_t number, uint8_t *out, uint32_t capacity) {
  struct netsctp__handle *handle;
  int result = enter_up(number, out, &handle);
  if (result < 0)
    return result;
  struct netsctp_status *status = (struct netsctp_status *)out;
  result = -ENOBUFS;
  if (capacity >= sizeof *status) {
    memset(status, 0, sizeof *status);
    result = netsctp__backend_status(handle, status);
  }
  netsctp__backend_leave();
  return result;
}

int32_t netsctp_statistics(uint32_t number, uint8_t *out, uint32_t capacity) {
  struct netsctp__handle *handle;
  int result = enter_up(number, out, &handle);
  if (result < 0)
    return result;
  struct netsctp_statistics *statistics = (struct netsctp_statistics *)out;
  result = -ENOBUFS;
  if (capacity >= sizeof *statistics) {
    memset(statistics, 0, sizeof *statistics);
    result = netsctp__backend_statistics(handle, statistics);
  }
  netsctp__backend_leave();
  return result;
}

int32_t netsctp_paths(uint32_t number, uint8_t *out, uint32_t capacity) {
  struct netsctp__handle *handle;
  int result = enter_up(number, out, &handle);
  if (result < 0)
    return result;
  result =
      netsctp__backend_paths(handle, (struct netsctp_path *)out,
                             capacity / (uint32_t)sizeof(struct netsctp_path));
  netsctp__backend_leave();
  return result;
}
