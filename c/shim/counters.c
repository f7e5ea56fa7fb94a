/* How often what was done, for benches and tests. */
#include <errno.h>
#include <string.h>

#include "shim/backend.h"

struct netsctp_counters netsctp__counters;

int32_t netsctp_counters(uint8_t *out, uint32_t capacity) {
  if (!out)
    return -EINVAL;
  if (capacity < sizeof netsctp__counters)
    return -ENOBUFS;
  memcpy(out, &netsctp__counters, sizeof netsctp__counters);
  return 0;
}
