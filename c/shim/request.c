/* A request's bytes: whether all that its head announces is there. */
#include <errno.h>
#include <string.h>

#include "shim/internal.h"

/* More addresses than any host has, and few enough for one system call. */
enum { MOST_ADDRESSES = 64, MOST_OPTIONS = 64 };

int netsctp__parse_request(const uint8_t *bytes, uint32_t length,
                           struct netsctp__request *out) {
  struct netsctp_request head;
  if (!netsctp__is_aligned(bytes) || length < sizeof head)
    return netsctp__explain(EINVAL, "malformed request");
  memcpy(&head, bytes, sizeof head);
  if (head.option_count > MOST_OPTIONS || head.local_count > MOST_ADDRESSES ||
      head.remote_count > MOST_ADDRESSES)
    return netsctp__explain(EINVAL, "malformed request");
  out->option_count = head.option_count;
  out->local_count = head.local_count;
  out->remote_count = head.remote_count;
  out->options = (const void *)(bytes + sizeof head);
  out->local = (const void *)(out->options + head.option_count);
  out->remote = out->local + head.local_count;
  if ((const uint8_t *)(out->remote + head.remote_count) != bytes + length)
    return netsctp__explain(EINVAL, "malformed request");
  return 0;
}
