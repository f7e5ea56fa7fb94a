/* The table of options, and the calls that set and read them on an open handle.
 */
#include <errno.h>
#include <string.h>

#include "shim/internal.h"

const struct netsctp__option_row netsctp__options[] = {
#define OPTION(name, path, kind, least, most, when, scope, stacks)             \
  [NETSCTP_OPTION_##name] = {sizeof path > 1 ? path : #name,                   \
                             least,                                            \
                             most,                                             \
                             NETSCTP__##kind,                                  \
                             NETSCTP__##when,                                  \
                             NETSCTP__OF_##scope,                              \
                             NETSCTP__ON_##stacks},
#include "sctp_options.def"
};
enum { ROWS = sizeof netsctp__options / sizeof netsctp__options[0] };

int netsctp__read_request(const uint8_t *bytes, uint32_t length,
                          enum netsctp__moment moment,
                          struct netsctp__request *out) {
  int result = netsctp__parse_request(bytes, length, out);
  return result < 0 ? result
                    : netsctp__check_request(out, netsctp__options, ROWS,
                                             moment, netsctp__backend_stack());
}

/* Outbound streams to ask for where none were: as many as a default peer on
 * the userspace stack accepts, so that an end can answer on any stream it is
 * sent on (decision 27). Who accepts more gets as many to answer on. */
enum { OUTBOUND_STREAMS = 2048 };

int netsctp__add_streams(struct netsctp__request *request,
                         struct netsctp_option room[]) {
  if (netsctp__requested(request, NETSCTP_OPTION_OUTBOUND_STREAMS, 0))
    return 0;
  if (request->option_count == NETSCTP__MOST_OPTIONS)
    return netsctp__explain(EINVAL, NETSCTP__TOO_MANY_OPTIONS,
                            NETSCTP__MOST_OPTIONS - 1);
  const int32_t accepted =
      netsctp__requested(request, NETSCTP_OPTION_INBOUND_STREAMS, 0);
  memcpy(room, request->options, request->option_count * sizeof *room);
  room[request->option_count++] = (struct netsctp_option){
      .name = NETSCTP_OPTION_OUTBOUND_STREAMS,
      .value = accepted > OUTBOUND_STREAMS ? accepted : OUTBOUND_STREAMS};
  request->options = room;
  return 0;
}

int32_t netsctp_supports(uint32_t option) {
  netsctp__enter();
  if (option == 0 || option >= ROWS)
    return netsctp__explain(EINVAL, "there is no option %u", option);
  const int result =
      netsctp__check_stack(&netsctp__options[option], netsctp__backend_stack());
  return result < 0 ? result : netsctp__backend_supports(option);
}

/* ------------------------------------------------ on an open handle */

int32_t netsctp_configure(uint32_t number, const uint8_t *bytes,
                          uint32_t length) {
  netsctp__enter();
  struct netsctp__handle *handle = netsctp__find(number);
  if (!handle)
    return -EBADF;
  struct netsctp__request request;
  int result = netsctp__read_request(bytes, length,
                                     handle->is_up ? NETSCTP__CONFIGURING
                                                   : NETSCTP__CONFIGURING_EARLY,
                                     &request);
  if (result < 0)
    return result;
  netsctp__backend_enter();
  result = netsctp__backend_configure(handle, &request);
  netsctp__backend_leave();
  return result;
}

int32_t netsctp_inspect(uint32_t number, const uint8_t *bytes, uint32_t length,
                        uint8_t *out, uint32_t capacity) {
  netsctp__enter();
  struct netsctp__handle *handle = netsctp__find(number);
  if (!handle)
    return -EBADF;
  struct netsctp__request request;
  struct netsctp__answer answer;
  int result =
      netsctp__read_request(bytes, length, NETSCTP__INSPECTING, &request);
  if (result >= 0)
    result = netsctp__begin_answer(&request, out, capacity, &answer);
  if (result < 0)
    return result;
  netsctp__backend_enter();
  result = netsctp__backend_inspect(handle, &request, &answer);
  netsctp__backend_leave();
  return result < 0 ? result
                    : (int32_t)(answer.bytes + answer.byte_count - out);
}
