/* Options: rows of a request into socket options and back, by the table in
 * option_fields.def. Rows of one socket option and scope are written together.
 */
#include "vendor.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "rfc6458/notifications.h"
#include "rfc6458/options.h"
#include "rfc6458/status.h"

/* Where a member begins; 0 is left for "there is none". */
#define AT(type, member) (offsetof(struct type, member) + 1)

enum { LARGEST = 256 };

static const struct field {
  int level, socket_option;
  uint16_t size, at, width;
  uint16_t association, key, address, negotiated; /* see AT */
  uint32_t on, off;
  bool is_in_network_order;
  const char *without;
} fields[NETSCTP__OPTIONS] = {
#define INTEGER(name, of, option)                                              \
  [NETSCTP_OPTION_##name] = {.level = of,                                      \
                             .socket_option = option,                          \
                             .size = sizeof(int),                              \
                             .width = sizeof(int)},
#define FIELD(name, option, type, member, ...)                                 \
  [NETSCTP_OPTION_##name] = {.level = IPPROTO_SCTP,                            \
                             .socket_option = option,                          \
                             .size = sizeof(struct type),                      \
                             .at = offsetof(struct type, member),              \
                             .width = sizeof((struct type *)0)->member,        \
                             __VA_ARGS__},
#include "rfc6458/option_fields.def"
};

/* A row that this stack has needs a field or a quirk: without, its enumerator
 * is missing here. */
enum {
#define INTEGER(name, ...) PLACE_OF_##name,
#define FIELD(name, option, type, ...)                                         \
  PLACE_OF_##name,                                                             \
      FITS_##name = 1 / (sizeof(struct type) <= LARGEST), /* not: by zero */
#include "rfc6458/option_fields.def"
#define QUIRK(name) PLACE_OF_##name,
  NETSCTP__QUIRKS(QUIRK)
};
#define OPTION(name, path, kind, least, most, when, scope, stacks)             \
  NETSCTP__IF_##stacks(                                                        \
      _Static_assert(PLACE_OF_##name >= 0, "a row needs a place");)
#include "sctp_options.def"

/* ------------------------------------------------ one value in a struct */

static void store(const struct field *field, uint8_t *value, int32_t number) {
  uint8_t *at = value + field->at;
  uint32_t wide = (uint32_t)number;
  if (field->on)
    wide = number ? field->on : field->off;
  const uint16_t half =
      field->is_in_network_order ? htons((uint16_t)wide) : (uint16_t)wide;
  if (field->width == 1)
    *at = (uint8_t)wide;
  else if (field->width == 2)
    memcpy(at, &half, sizeof half);
  else
    memcpy(at, &wide, sizeof wide);
}

static int32_t load(const struct field *field, const uint8_t *at) {
  uint32_t wide = *at;
  uint16_t half;
  memcpy(&half, at, sizeof half);
  if (field->width == 2)
    wide = field->is_in_network_order ? ntohs(half) : half;
  else if (field->width == 4)
    memcpy(&wide, at, sizeof wide);
  return (int32_t)(field->on ? (wide & field->on) != 0 : wide);
}

/* Whether the shim, or its caller, learns by it what becomes of an
 * association. */
static bool is_needed(uint32_t event) {
  return event == NETSCTP_NOTIFICATION_ASSOC_CHANGE ||
         event == NETSCTP_NOTIFICATION_SHUTDOWN ||
         event == NETSCTP_NOTIFICATION_PARTIAL_DELIVERY;
}

/* The struct of a row, with nothing in it but what it is about. */
static int begin(const struct netsctp__handle *handle,
                 const struct netsctp__request *request,
                 const struct netsctp_option *option, uint8_t value[LARGEST]) {
  const struct field *field = &fields[option->name];
  memset(value, 0, LARGEST);
  if (field->association)
    memcpy(value + field->association - 1, &handle->association_id,
           sizeof handle->association_id);
  if (field->key) {
    uint16_t key = (uint16_t)option->scope;
    if (option->name == NETSCTP_OPTION_EVENT &&
        !(key = netsctp__event_type(key)))
      return netsctp__explain(EINVAL, "there is no event %u", option->scope);
    memcpy(value + field->key - 1, &key, sizeof key);
  }
  if (field->address) { /* usrsctp wants one, be it none: all paths */
    union netsctp__sockaddr address = {.any.sa_family = AF_INET};
    if (netsctp__options[option->name].scope == NETSCTP__OF_PATH &&
        netsctp__to_sockaddr(&request->remote[option->scope], &address) < 0)
      return netsctp__explain(EINVAL, "%s needs an IP address",
                              netsctp__options[option->name].name);
    memcpy(value + field->address - 1, &address, sizeof address);
  }
  return 0;
}

/* ------------------------------------------------ writing */

static bool is_of_group(const struct netsctp_option *one,
                        const struct netsctp_option *other) {
  const struct field *a = &fields[one->name], *b = &fields[other->name];
  return a->level == b->level && a->socket_option == b->socket_option &&
         one->scope == other->scope;
}

/* Either stack takes an interval only along with "on", so that it takes a
 * second call where heartbeats are off. */
static int set_heartbeat(struct netsctp__handle *handle,
                         const struct field *field,
                         struct sctp_paddrparams *wanted) {
  struct sctp_paddrparams before = *wanted;
  int result = 0;
  if (wanted->spp_hbinterval == 0)
    return netsctp__vendor_set(handle->socket, field->level,
                               field->socket_option, wanted, field->size);
  if (wanted->spp_flags == 0)
    result = netsctp__vendor_get(handle->socket, field->level,
                                 field->socket_option, &before, field->size);
  wanted->spp_flags = SPP_HB_ENABLE;
  if (result >= 0)
    result = netsctp__vendor_set(handle->socket, field->level,
                                 field->socket_option, wanted, field->size);
  if (result < 0 || !(before.spp_flags & SPP_HB_DISABLE))
    return result;
  wanted->spp_flags = SPP_HB_DISABLE;
  wanted->spp_hbinterval = 0;
  return netsctp__vendor_set(handle->socket, field->level, field->socket_option,
                             wanted, field->size);
}

/* The system's kernel does not have it. */
static int lacking(uint32_t name) {
  return fields[name].without
             ? netsctp__explain(EOPNOTSUPP, "%s", fields[name].without)
             : netsctp__explain(EOPNOTSUPP, "this system has no %s",
                                netsctp__options[name].name);
}

/* Which rows a stack did not take. */
static int refused(const struct netsctp__request *request, uint64_t rows,
                   int result) {
  char names[256] = "";
  size_t used = 0;
  for (uint32_t i = 0; i < request->option_count; i++) {
    const struct netsctp_option *option = &request->options[i];
    if (!(rows >> i & 1) || used >= sizeof names)
      continue;
    if (result == -ENOPROTOOPT)
      return lacking(option->name);
    used += (size_t)snprintf(
        names + used, sizeof names - used, "%s%s %d", used ? ", " : "",
        netsctp__options[option->name].name, option->value);
  }
  return netsctp__explain(-result, NETSCTP__STACK_NAME " refuses %s", names);
}

/* Writes the rows that belong together with the first of them. */
static int set_group(struct netsctp__handle *handle,
                     const struct netsctp__request *request, uint32_t first,
                     uint64_t *done) {
  _Alignas(8) uint8_t value[LARGEST];
  const struct netsctp_option *options = request->options;
  const struct field *field = &fields[options[first].name];
  if (!field->size)
    return netsctp__explain(EOPNOTSUPP, "%s cannot be set",
                            netsctp__options[options[first].name].name);
  int result = begin(handle, request, &options[first], value);
  if (result < 0)
    return result;
  uint64_t rows = 0;
  for (uint32_t i = first; i < request->option_count; i++) {
    if (*done >> i & 1 || !is_of_group(&options[first], &options[i]))
      continue;
    if (options[i].name == NETSCTP_OPTION_EVENT && !options[i].value &&
        is_needed(options[i].scope))
      return netsctp__explain(EINVAL,
                              "event %u cannot be turned off: it says what "
                              "becomes of the association",
                              options[i].scope);
    rows |= UINT64_C(1) << i;
    /* A SACK delay of 0 is "as it is" for either stack: none means at every
     * packet. */
    if (options[i].name == NETSCTP_OPTION_SACK_DELAY && options[i].value == 0)
      store(&fields[NETSCTP_OPTION_SACK_FREQUENCY], value, 1);
    else
      store(&fields[options[i].name], value, options[i].value);
  }
  *done |= rows;
  result = field->socket_option == SCTP_PEER_ADDR_PARAMS
               ? set_heartbeat(handle, field, (void *)value)
               : netsctp__vendor_set(handle->socket, field->level,
                                     field->socket_option, value, field->size);
  return result < 0 ? refused(request, rows, result) : 0;
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
  for (uint32_t i = 0; i < request->option_count; i++) {
    if (done >> i & 1)
      continue;
    result = set_group(handle, request, i, &done);
    if (result < 0)
      return result;
  }
  return 0;
}

/* ------------------------------------------------ reading */

/* What came of a row when the association was set up. */
static int get_negotiated(struct netsctp__handle *handle,
                          const struct field *field, int32_t *value) {
  struct sctp_status status;
  if (!netsctp__sctp_status(handle->socket, &status))
    return -ENOTCONN;
  *value = load(field, (const uint8_t *)&status + field->negotiated - 1);
  return 0;
}

static int get_field(struct netsctp__handle *handle,
                     const struct netsctp__request *request,
                     struct netsctp_option *option) {
  _Alignas(8) uint8_t value[LARGEST];
  const struct netsctp__option_row *row = &netsctp__options[option->name];
  const struct field *field = &fields[option->name];
  if (!field->size)
    return netsctp__explain(EOPNOTSUPP, "%s cannot be read", row->name);
  if (field->negotiated && handle->kind == NETSCTP__ASSOCIATION &&
      handle->is_up)
    return get_negotiated(handle, field, &option->value);
  int result = begin(handle, request, option, value);
  if (result < 0)
    return result;
  result = netsctp__vendor_get(handle->socket, field->level,
                               field->socket_option, value, field->size);
  if (result == -ENOPROTOOPT)
    return lacking(option->name);
  if (result < 0)
    return result;
  option->value = load(field, value + field->at);
  if (row->most == 1) /* usrsctp says "on" by any number */
    option->value = option->value != 0;
  return 0;
}

int netsctp__backend_inspect(struct netsctp__handle *handle,
                             const struct netsctp__request *request,
                             struct netsctp__answer *out) {
  for (uint32_t i = 0; i < request->option_count; i++) {
    struct netsctp_option *option = &out->options[i];
    *option = request->options[i];
    int result = netsctp__quirk_get(handle, option);
    if (result == 0)
      result = get_field(handle, request, option);
    if (result < 0)
      return result;
  }
  return 0;
}
