/* Options: rows of a request into socket options and back, by the table in
 * option_fields.def; what is refused leaves all as it was. */
#include "vendor.h"

#include <errno.h>
#include <string.h>

#include "rfc6458/local_address.h"
#include "rfc6458/option_groups.h"
#include "rfc6458/option_structs.h"
#include "rfc6458/options.h"
#include "rfc6458/status.h"

/* ------------------------------------------------ writing */

/* What a struct said before it was written. */
struct before {
  const struct netsctp__field *field;
  _Alignas(8) uint8_t value[NETSCTP__LARGEST];
};

/* Whether it can be taken back: keys and addresses cannot, which come alone. */
static bool note(const struct netsctp__handle *handle,
                 const struct netsctp__request *request,
                 const struct netsctp_option *option, struct before *out) {
  memset(out, 0, sizeof *out);
  out->field = &netsctp__fields[option->name];
  return netsctp__is_number(netsctp__row_of(option)) &&
         netsctp__read_struct(handle, request, option, out->value) >= 0;
}

/* The order in which groups are written: what cannot be taken back comes last.
 * Of a segment a stack tells what fits, and not that none was set; of all
 * paths nothing that each of them has. The latter no stack refuses. */
enum { FIRST, SEGMENT, PATHS, TURNS };

static uint32_t turn_of(const struct netsctp_option *option) {
  const struct netsctp__field *field = &netsctp__fields[option->name];
  if (option->name == NETSCTP_OPTION_MAX_SEGMENT)
    return SEGMENT;
  return field->level == IPPROTO_SCTP &&
                 field->socket_option == SCTP_PEER_ADDR_PARAMS
             ? PATHS
             : FIRST;
}

/* Writes all groups. Of an association that is up, all is as before where one
 * of them is refused. */
static int set_groups(struct netsctp__handle *handle,
                      const struct netsctp__request *request, uint64_t done) {
  const uint32_t count = request->option_count;
  struct before before[NETSCTP__MOST_OPTIONS];
  uint32_t noted = 0;
  int result = 0;
  for (uint32_t i = 0; i < TURNS * count && result >= 0; i++) {
    const uint32_t turn = i / count, row = i % count;
    const struct netsctp_option *option = &request->options[row];
    if (done >> row & 1 || turn_of(option) != turn)
      continue;
    const bool can_undo = handle->is_up && count > 1 &&
                          note(handle, request, option, &before[noted]);
    result = netsctp__fields[option->name].size
                 ? netsctp__set_group(handle, request, row, &done)
                 : netsctp__change_local(handle, request, option);
    if (result >= 0 && can_undo)
      noted++;
  }
  while (result < 0 && noted-- > 0)
    netsctp__write_struct(handle, before[noted].field, before[noted].value);
  return result;
}

int netsctp__backend_configure(struct netsctp__handle *handle,
                               const struct netsctp__request *request) {
  uint64_t done = 0;
  int result = 0;
  for (uint32_t i = 0; i < request->option_count; i++) {
    result = netsctp__quirk_set(handle, &request->options[i]);
    if (result < 0)
      return result;
    if (result == NETSCTP__MINE)
      done |= UINT64_C(1) << i;
  }
  return set_groups(handle, request, done);
}

/* ------------------------------------------------ reading */

static int get_number(struct netsctp__handle *handle,
                      const struct netsctp__request *request,
                      struct netsctp_option *option) {
  _Alignas(8) uint8_t value[NETSCTP__LARGEST] = {0};
  const struct netsctp__field *field = &netsctp__fields[option->name];
  struct sctp_status status;
  if (field->negotiated && handle->is_up) { /* what came of it */
    if (!netsctp__sctp_status(handle->socket, &status))
      return -ENOTCONN;
    option->value = netsctp__load_value(field, (const uint8_t *)&status +
                                                   field->negotiated - 1);
    return 0;
  }
  const int result = netsctp__read_struct(handle, request, option, value);
  if (result < 0)
    return result;
  option->value = netsctp__load_value(field, value + field->at);
  if (netsctp__row_of(option)->kind ==
      NETSCTP__SWITCH) /* usrsctp: any number */
    option->value = option->value != 0;
  return 0;
}

static int get_option(struct netsctp__handle *handle,
                      const struct netsctp__request *request,
                      struct netsctp_option *option,
                      struct netsctp__answer *out) {
  const struct netsctp__field *field = &netsctp__fields[option->name];
  /* Keys are secrets. */
  if (!field->size || option->name == NETSCTP_OPTION_AUTH_KEY) {
    netsctp__explain(EOPNOTSUPP, "%s cannot be read",
                     netsctp__row_of(option)->name);
    return netsctp__blame_lacking(option->name);
  }
  const int result = field->each
                         ? netsctp__carry_bytes(handle, request, option, out)
                         : get_number(handle, request, option);
  if (result >= 0 || result == -ENOTCONN || result == -ENOBUFS)
    return result;
  return result == -ENOPROTOOPT
             ? netsctp__lacking(option->name)
             : netsctp__explain(-result, "%s cannot be read: %s",
                                netsctp__row_of(option)->name,
                                strerror(-result));
}

int netsctp__backend_inspect(struct netsctp__handle *handle,
                             const struct netsctp__request *request,
                             struct netsctp__answer *out) {
  for (uint32_t i = 0; i < request->option_count; i++) {
    struct netsctp_option *option = &out->options[i];
    *option = request->options[i];
    int result = netsctp__quirk_get(handle, option);
    if (result == 0)
      result = get_option(handle, request, option, out);
    if (result < 0)
      return result;
  }
  return 0;
}
