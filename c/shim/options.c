/* The options: what each may be, whichever the stack, and what can be done with
 * it on an open handle. */
#include <errno.h>

#include "shim/internal.h"

/* What an option may be, whichever the stack; the wire's or the socket API's
 * limits, which either stack would cut to silently. */
static const struct {
  const char *name;
  int32_t least, most;
  bool is_settable; /* on an open handle */
  bool is_readable;
  bool is_listener_only;
} options[] = {
#define OPTION(name, least, most, ...)                                         \
  [NETSCTP_OPTION_##name] = {#name, least, most, __VA_ARGS__}
    OPTION(NO_DELAY, 0, 1, true, true, false),
    OPTION(OUTBOUND_STREAMS, 1, 65535, false, true, false),
    OPTION(INBOUND_STREAMS, 1, 65535, false, true, false),
    OPTION(INIT_ATTEMPTS, 1, 65535, false, false, false),
    OPTION(INIT_TIMEOUT_MS, 1, 65535, false, false, false),
    OPTION(SACK_DELAY_MS, 0, 500, true, true, false), /* RFC 9260, 6.2 */
    OPTION(SACK_FREQUENCY, 1, 65535, true, true, false),
    OPTION(SEND_BUFFER, 1, INT32_MAX / 2, true, true, false),
    OPTION(RECEIVE_BUFFER, 1, INT32_MAX / 2, true, true, false),
    OPTION(BACKLOG, 0, INT32_MAX, false, false, true),
    OPTION(IPV6_ONLY, 0, 1, false, false, true),
    OPTION(LOCAL_UDP_PORT, 0, 65535, false, true, false),
    OPTION(REMOTE_UDP_PORT, 0, 65535, false, true, false),
    OPTION(HEARTBEAT, 0, 1, true, true, false),
    OPTION(HEARTBEAT_INTERVAL_MS, 1, INT32_MAX, true, true, false),
    OPTION(ALL_EVENTS, 0, 1, true, false, false),
    OPTION(SOFT_ERROR, 0, 0, false, true, false),
#undef OPTION
};

static bool is_option(uint32_t name) {
  return name > 0 && name < sizeof options / sizeof options[0];
}

static int check_value(uint32_t name, int32_t value) {
  if (value < options[name].least || value > options[name].most)
    return netsctp__explain(EINVAL, "%s must be between %d and %d, not %d",
                            options[name].name, options[name].least,
                            options[name].most, value);
  return 0;
}

int netsctp__check_options(const struct netsctp__request *request,
                           enum netsctp__kind kind) {
  for (uint32_t i = 0; i < request->option_count; i++) {
    uint32_t name = request->options[i].name;
    if (!is_option(name))
      return netsctp__explain(EINVAL, "there is no option %u", name);
    if (options[name].is_listener_only && kind != NETSCTP__ENDPOINT)
      return netsctp__explain(EINVAL, "%s is for listening only",
                              options[name].name);
    int result = check_value(name, request->options[i].value);
    if (result < 0)
      return result;
  }
  return 0;
}

/* ------------------------------------------------ on an open handle */

/* The handle of a handle whose option is meant, or why there is none. */
static int find(uint32_t number, uint32_t name, struct netsctp__handle **out) {
  *out = netsctp__find(number);
  if (!*out)
    return -EBADF;
  return is_option(name) ? 0 : -EINVAL;
}

int32_t netsctp_set_option(uint32_t number, uint32_t name, int32_t value) {
  netsctp__enter();
  struct netsctp__handle *handle;
  int result = find(number, name, &handle);
  if (result < 0)
    return result;
  if (!options[name].is_settable)
    return netsctp__explain(EOPNOTSUPP, "%s cannot be changed any more",
                            options[name].name);
  result = check_value(name, value);
  return result < 0 ? result : netsctp__backend_set_option(handle, name, value);
}

int32_t netsctp_get_option(uint32_t number, uint32_t name) {
  netsctp__enter();
  struct netsctp__handle *handle;
  int result = find(number, name, &handle);
  if (result < 0)
    return result;
  if (!options[name].is_readable)
    return netsctp__explain(EOPNOTSUPP, "%s cannot be read",
                            options[name].name);
  return netsctp__backend_get_option(handle, name);
}
