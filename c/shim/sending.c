/* The exported functions that send, and what can be wrong with a message: a
 * backend sees only sound ones. */
#include <errno.h>

#include "shim/internal.h"

/* Whether the association can take messages: 0, or what a send answers. */
static int check_sendable(const struct netsctp__handle *handle) {
  if (handle->is_shut_down || handle->is_finished)
    return -EPIPE;
  return handle->is_up ? 0 : -ENOTCONN;
}

/* 0, or what is wrong with the head of a message. */
static int check_message(const struct netsctp__handle *handle,
                         const struct netsctp_outbound *record) {
  if (record->flags == 0 && record->policy == NETSCTP_POLICY_NONE)
    return 0; /* as most are */
  if (record->flags & ~(NETSCTP_FLAG_UNORDERED | NETSCTP_FLAG_SACK_IMMEDIATELY |
                        NETSCTP_FLAG_KEY | NETSCTP_FLAG_DESTINATION) ||
      record->policy > NETSCTP_POLICY_PRIORITY)
    return netsctp__explain(EINVAL, "malformed message");
  if (record->policy == NETSCTP_POLICY_TIME_TO_LIVE &&
      record->policy_value == 0)
    return netsctp__explain(EINVAL, "a time to live has to be 1 ms or more");
  /* usrsctp takes it, and gives no message up: the count of those that it could
   * (sent_queue_cnt_removeable) stays 0. */
  if (record->policy == NETSCTP_POLICY_PRIORITY &&
      netsctp__backend_stack() == NETSCTP_STACK_USERSPACE)
    return netsctp__explain(
        EOPNOTSUPP, "the userspace stack gives no message up by PRIORITY: "
                    "choose TIME_TO_LIVE or RETRANSMISSIONS");
  /* usrsctp_sendv() answers SCTP_SENDV_AUTHINFO with EINVAL. */
  if (record->flags & NETSCTP_FLAG_KEY &&
      netsctp__backend_stack() == NETSCTP_STACK_USERSPACE)
    return netsctp__explain(EOPNOTSUPP,
                            "the userspace stack has no key of one message: "
                            "activate a key for all that follow");
  union netsctp__sockaddr destination;
  return netsctp__destination(handle, record, &destination) < 0
             ? netsctp__explain(EADDRNOTAVAIL, "the destination is no address")
             : 0;
}

/* How many of `count` records, which have to fill `length` bytes exactly, a
 * stack may get: those before the first one that is not sound. -errno: none. */
static int check_batch(const struct netsctp__handle *handle,
                       const uint8_t *batch, uint32_t length, uint32_t count) {
  int result = 0, sound = 0;
  while (count--) {
    const struct netsctp_outbound *record = (const void *)batch;
    if (length < sizeof *record || record->size > length ||
        record->size % NETSCTP_ALIGN ||
        record->size < netsctp__head_size(record) ||
        record->length > record->size - netsctp__head_size(record))
      return netsctp__explain(EINVAL, "malformed batch");
    if (result == 0)
      result = check_message(handle, record);
    if (result == 0)
      sound++;
    batch += record->size;
    length -= record->size;
  }
  if (length > 0)
    return netsctp__explain(EINVAL, "malformed batch");
  return sound > 0 ? sound : result;
}

int32_t netsctp_send(uint32_t number, const uint8_t *batch, uint32_t length,
                     uint32_t count) {
  struct netsctp__handle *handle;
  int result = netsctp__enter_association(number, &handle);
  if (result < 0)
    return result;
  if (count == 0 || count > INT32_MAX || !netsctp__is_aligned(batch))
    return netsctp__explain(EINVAL, "malformed batch");
  const int sound = check_batch(handle, batch, length, count);
  result = sound < 0 ? sound : check_sendable(handle);
  if (result < 0)
    return result;
  result = netsctp__backend_send(handle, (const void *)batch, (uint32_t)sound);
  if (result > 0)
    NETSCTP__COUNT(messages_out, (uint32_t)result);
  return result;
}

int32_t netsctp_send_one(uint32_t number, const uint8_t *head,
                         const uint8_t *payload, uint32_t length) {
  struct netsctp__handle *handle;
  int result = netsctp__enter_association(number, &handle);
  if (result < 0)
    return result;
  const struct netsctp_outbound *record = (const void *)head;
  if (!netsctp__is_aligned(head) || !payload)
    return netsctp__explain(EINVAL, "malformed message");
  result = check_message(handle, record);
  if (result == 0)
    result = check_sendable(handle);
  if (result < 0)
    return result;
  result = netsctp__backend_send_one(handle, record, payload, length);
  if (result > 0)
    NETSCTP__COUNT(messages_out, 1);
  return result;
}
