/* Options: rows of a request into socket options and back, by the table in
 * option_fields.def. Rows of one socket option and scope are written together.
 */
#include "vendor.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
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
  uint16_t bytes, each; /* BYTES: where they begin; the size of an element */
  uint16_t association, key, address, negotiated; /* see AT */
  uint32_t on, off;
  bool is_in_network_order, is_set_unread;
  const char *without;
} fields[NETSCTP__OPTIONS] = {
#define INTEGER(name, of, option)                                              \
  [NETSCTP_OPTION_##name] = {.level = of,                                      \
                             .socket_option = option,                          \
                             .size = sizeof(int),                              \
                             .width = sizeof(int),                             \
                             .is_set_unread = true},
#define FIELD(name, option, type, member, ...)                                 \
  [NETSCTP_OPTION_##name] = {.level = IPPROTO_SCTP,                            \
                             .socket_option = option,                          \
                             .size = sizeof(struct type),                      \
                             .at = offsetof(struct type, member),              \
                             .width = sizeof((struct type *)0)->member,        \
                             STRUCT_##type,                                    \
                             ##__VA_ARGS__},
#define BYTES(name, option, type, member, array)                               \
  FIELD(name, option, type, member, .bytes = offsetof(struct type, array),     \
        .each = sizeof((struct type *)0)->array[0])
#define VERB(name, option, type)                                               \
  [NETSCTP_OPTION_##name] = {.level = IPPROTO_SCTP,                            \
                             .socket_option = option,                          \
                             .size = sizeof(struct type),                      \
                             STRUCT_##type},
#include "rfc6458/option_fields.def"
};

/* A row that this stack has needs a field or a quirk: without, its enumerator
 * is missing here. */
enum {
#define INTEGER(name, ...) PLACE_OF_##name,
#define FIELD(name, option, type, member, ...)                                 \
  PLACE_OF_##name,                                                             \
      FITS_##name = 1 / (sizeof(struct type) <= LARGEST && /* not: by zero */  \
                         sizeof((struct type *)0)->member <= 4),
#define BYTES(name, option, type, member, array)                               \
  FIELD(name, option, type, member)
#define VERB(name, option, type)                                               \
  PLACE_OF_##name, FITS_##name = 1 / (sizeof(struct type) <= LARGEST),
#include "rfc6458/option_fields.def"
#define QUIRK(name) PLACE_OF_##name,
  NETSCTP__QUIRKS(QUIRK)
};
#define OPTION(name, path, kind, least, most, when, scope, stacks)             \
  NETSCTP__IF_##stacks(                                                        \
      _Static_assert(PLACE_OF_##name >= 0, "a row needs a place");)
#include "sctp_options.def"

/* ------------------------------------------------ one value in a struct */

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
               "a number begins with what a narrow member holds");

static uint32_t swap(const struct field *field, uint32_t wide) {
  return field->width == sizeof(uint16_t) ? ntohs((uint16_t)wide) : ntohl(wide);
}

static int32_t load(const struct field *field, const uint8_t *at) {
  uint32_t wide = 0;
  memcpy(&wide, at, field->width);
  return (int32_t)(field->is_in_network_order ? swap(field, wide) : wide);
}

/* Of bits, the others stay. */
static void store(const struct field *field, uint8_t *value, int32_t number) {
  uint8_t *at = value + field->at;
  uint32_t wide = (uint32_t)number;
  if (field->on)
    wide = ((uint32_t)load(field, at) & ~(field->on | field->off)) |
           (number ? field->on : field->off);
  if (field->is_in_network_order)
    wide = swap(field, wide);
  memcpy(at, &wide, field->width);
}

/* Whether the shim, or its caller, learns by it what becomes of an
 * association. */
static bool is_needed(uint32_t event) {
  return event == NETSCTP_NOTIFICATION_ASSOC_CHANGE ||
         event == NETSCTP_NOTIFICATION_SHUTDOWN ||
         event == NETSCTP_NOTIFICATION_PARTIAL_DELIVERY;
}

static const struct netsctp__option_row *
row_of(const struct netsctp_option *option) {
  return &netsctp__options[option->name];
}

/* The kernel knows a path by address and port. */
static void add_peer_port(const struct netsctp__handle *handle,
                          union netsctp__sockaddr *address) {
  struct sctp_status status;
  union netsctp__sockaddr peer;
  if (!netsctp__sctp_status(handle->socket, &status))
    return;
  memcpy(&peer, &status.sstat_primary.spinfo_address, sizeof peer);
  netsctp__set_port(address, netsctp__port(&peer));
}

/* Writes into a row's struct what it is about. */
static int aim(const struct netsctp__handle *handle,
               const struct netsctp__request *request,
               const struct netsctp_option *option, uint8_t *value) {
  const struct field *field = &fields[option->name];
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
  if (field->address) { /* usrsctp needs a family even for all paths */
    union netsctp__sockaddr address = {.any.sa_family = AF_INET};
    if (row_of(option)->scope == NETSCTP__OF_PATH &&
        netsctp__to_sockaddr(&request->remote[option->scope], &address) < 0)
      return netsctp__explain(EINVAL, "%s needs an IP address",
                              row_of(option)->name);
    if (row_of(option)->scope == NETSCTP__OF_PATH)
      add_peer_port(handle, &address);
    memcpy(value + field->address - 1, &address, sizeof address);
  }
  return 0;
}

/* A row's struct as the stack has it. What it is about stands in it before, for
 * the stack, and after, whatever the stack has put there. */
static int read_struct(const struct netsctp__handle *handle,
                       const struct netsctp__request *request,
                       const struct netsctp_option *option, void *value) {
  const struct field *field = &fields[option->name];
  const int result = aim(handle, request, option, value);
  if (result < 0)
    return result;
  const int read = netsctp__vendor_get(
      handle->socket, field->level, field->socket_option, value, field->size);
  return read < 0 ? read : aim(handle, request, option, value);
}

static int write_struct(const struct netsctp__handle *handle,
                        const struct field *field, const void *value) {
  return netsctp__vendor_set(handle->socket, field->level, field->socket_option,
                             value, field->size);
}

/* ------------------------------------------------ writing */

/* Whether one struct says both. */
static bool is_of_group(const struct netsctp_option *one,
                        const struct netsctp_option *other) {
  const struct field *a = &fields[one->name], *b = &fields[other->name];
  return one == other ||
         (row_of(one)->kind == NETSCTP__NUMBER &&
          row_of(other)->kind == NETSCTP__NUMBER && a->level == b->level &&
          a->socket_option == b->socket_option && one->scope == other->scope);
}

/* Either stack takes an interval only along with "on", so that it takes a
 * second call where heartbeats are off. */
static int set_heartbeat(struct netsctp__handle *handle,
                         const struct field *field,
                         struct sctp_paddrparams *wanted) {
  const uint32_t either = SPP_HB_ENABLE | SPP_HB_DISABLE;
  struct sctp_paddrparams before = *wanted;
  int result = 0;
  if (wanted->spp_hbinterval == 0)
    return write_struct(handle, field, wanted);
  if (!(wanted->spp_flags & either))
    result = netsctp__vendor_get(handle->socket, field->level,
                                 field->socket_option, &before, sizeof before);
  wanted->spp_flags = (wanted->spp_flags & ~either) | SPP_HB_ENABLE;
  if (result >= 0)
    result = write_struct(handle, field, wanted);
  if (result < 0 || !(before.spp_flags & SPP_HB_DISABLE))
    return result;
  wanted->spp_flags ^= either;
  wanted->spp_hbinterval = 0;
  return write_struct(handle, field, wanted);
}

/* Writes rows that share a struct, which is read first, so that what else it
 * says stays as it is. */
static int set_numbers(struct netsctp__handle *handle,
                       const struct netsctp__request *request, uint64_t rows) {
  _Alignas(8) uint8_t value[LARGEST] = {0};
  const struct netsctp_option *options = request->options;
  const struct netsctp_option *first = &options[__builtin_ctzll(rows)];
  const struct field *field = &fields[first->name];
  const int result = field->is_set_unread
                         ? aim(handle, request, first, value)
                         : read_struct(handle, request, first, value);
  if (result < 0)
    return result;
  for (uint32_t i = 0; i < request->option_count; i++) {
    if (!(rows >> i & 1))
      continue;
    store(&fields[options[i].name], value, options[i].value);
  }
  return field->level == IPPROTO_SCTP &&
                 field->socket_option == SCTP_PEER_ADDR_PARAMS
             ? set_heartbeat(handle, field, (void *)value)
             : write_struct(handle, field, value);
}

/* Writes bytes behind what counts them, or reads them into the answer: for that
 * a stack wants room for as many as there can be. */
static int carry_bytes(struct netsctp__handle *handle,
                       const struct netsctp__request *request,
                       struct netsctp_option *option,
                       struct netsctp__answer *out) {
  const struct field *field = &fields[option->name];
  uint32_t length = (uint32_t)(out ? row_of(option)->most : option->value);
  uint8_t *value = calloc(1, LARGEST + length);
  if (!value)
    return -ENOMEM;
  int result = aim(handle, request, option, value);
  if (result >= 0 && out) {
    result =
        netsctp__vendor_get(handle->socket, field->level, field->socket_option,
                            value, field->bytes + length);
    const uint32_t come =
        (uint32_t)load(field, value + field->at) * field->each;
    if (result >= 0)
      result = netsctp__answer_bytes(out, option, value + field->bytes,
                                     come < length ? come : length);
  } else if (result >= 0) {
    store(field, value, (int32_t)(length / field->each));
    memcpy(value + field->bytes, request->bytes + option->extra, length);
    result =
        netsctp__vendor_set(handle->socket, field->level, field->socket_option,
                            value, field->bytes + length);
  }
  free(value);
  return result;
}

/* The system's kernel does not have it. */
static int lacking(uint32_t name) {
  return fields[name].without
             ? netsctp__explain(EOPNOTSUPP, "%s", fields[name].without)
             : netsctp__explain(EOPNOTSUPP, "this system has no %s",
                                netsctp__options[name].name);
}

/* A row in words; returns their length, as snprintf() does. */
static int describe(const struct netsctp__request *request,
                    const struct netsctp_option *option, char *out,
                    size_t room) {
  const struct netsctp__option_row *row = row_of(option);
  char value[16] = "", scope[sizeof request->remote->text + 8] = "";
  if (row->kind == NETSCTP__NUMBER)
    snprintf(value, sizeof value, " %d", option->value);
  if (row->scope == NETSCTP__OF_PATH)
    snprintf(scope, sizeof scope, " of %.*s",
             (int)request->remote[option->scope].text_length,
             request->remote[option->scope].text);
  else if (option->scope != 0)
    snprintf(scope, sizeof scope, " of %u", option->scope);
  return snprintf(out, room, "%s%s%s", row->name, value, scope);
}

/* Says which rows a stack did not take. */
static int refused(const struct netsctp__request *request, uint64_t rows,
                   int result) {
  char names[256] = "";
  size_t used = 0;
  for (uint64_t rest = rows; rest && used < sizeof names; rest &= rest - 1) {
    if (used)
      used += (size_t)snprintf(names + used, sizeof names - used, ", ");
    if (used < sizeof names)
      used +=
          (size_t)describe(request, &request->options[__builtin_ctzll(rest)],
                           names + used, sizeof names - used);
  }
  return netsctp__explain(
      -result, NETSCTP__STACK_NAME " refuses %s: %s", names,
      rows & (rows - 1) ? "they do not go together, or more than one is wrong"
                        : "change it, or leave it out");
}

/* Of several rows that were refused together, the only one without which the
 * others are taken; all if there is none, or more than one. What was tried is
 * taken back: of a struct that cannot be read, nothing is tried. */
static uint64_t find_refused(struct netsctp__handle *handle,
                             const struct netsctp__request *request,
                             uint64_t rows) {
  _Alignas(8) uint8_t before[LARGEST] = {0};
  const struct netsctp_option *first = &request->options[__builtin_ctzll(rows)];
  const struct field *field = &fields[first->name];
  if (!(rows & (rows - 1)) || field->is_set_unread ||
      read_struct(handle, request, first, before) < 0)
    return rows;
  uint64_t found = 0;
  for (uint64_t rest = rows; rest; rest &= rest - 1) {
    const uint64_t one = rest & -rest;
    if (set_numbers(handle, request, rows ^ one) < 0)
      continue;
    found |= one;
    write_struct(handle, field, before);
  }
  return found && !(found & (found - 1)) ? found : rows;
}

/* Writes the rows that belong together with the first of them. */
static int set_group(struct netsctp__handle *handle,
                     const struct netsctp__request *request, uint32_t first,
                     uint64_t *done) {
  const struct netsctp_option *options = request->options;
  const struct field *field = &fields[options[first].name];
  uint8_t unused[LARGEST];
  int result = aim(handle, request, &options[first], unused);
  if (result < 0)
    return result;
  uint64_t rows = 0;
  for (uint32_t i = first; i < request->option_count; i++) {
    if (*done >> i & 1 || !is_of_group(&options[first], &options[i]))
      continue;
    if (field->each && (uint32_t)options[i].value % field->each)
      return netsctp__explain(EINVAL, "%s is made of %u bytes each",
                              row_of(&options[i])->name, field->each);
    if (options[i].name == NETSCTP_OPTION_EVENT && !options[i].value &&
        is_needed(options[i].scope))
      return netsctp__explain(EINVAL,
                              "event %u cannot be turned off: it says what "
                              "becomes of the association",
                              options[i].scope);
    rows |= UINT64_C(1) << i;
  }
  *done |= rows;
  struct netsctp_option one = options[first];
  result = field->each ? carry_bytes(handle, request, &one, NULL)
                       : set_numbers(handle, request, rows);
  if (result == -ENOPROTOOPT)
    return lacking(options[first].name);
  return result < 0
             ? refused(request, find_refused(handle, request, rows), result)
             : 0;
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

static int get_number(struct netsctp__handle *handle,
                      const struct netsctp__request *request,
                      struct netsctp_option *option) {
  _Alignas(8) uint8_t value[LARGEST] = {0};
  const struct field *field = &fields[option->name];
  struct sctp_status status;
  if (field->negotiated && handle->is_up) { /* what came of it */
    if (!netsctp__sctp_status(handle->socket, &status))
      return -ENOTCONN;
    option->value =
        load(field, (const uint8_t *)&status + field->negotiated - 1);
    return 0;
  }
  const int result = read_struct(handle, request, option, value);
  if (result < 0)
    return result;
  const uint32_t number = (uint32_t)load(field, value + field->at);
  option->value = (int32_t)(field->on ? number & field->on : number);
  if (row_of(option)->most == 1) /* usrsctp says "on" by any number */
    option->value = option->value != 0;
  return 0;
}

static int get_option(struct netsctp__handle *handle,
                      const struct netsctp__request *request,
                      struct netsctp_option *option,
                      struct netsctp__answer *out) {
  const struct field *field = &fields[option->name];
  if (!field->size)
    return netsctp__explain(EOPNOTSUPP, "%s cannot be read",
                            row_of(option)->name);
  const int result = field->each ? carry_bytes(handle, request, option, out)
                                 : get_number(handle, request, option);
  if (result >= 0 || result == -ENOTCONN || result == -ENOBUFS)
    return result;
  return result == -ENOPROTOOPT
             ? lacking(option->name)
             : netsctp__explain(-result, "%s cannot be read: %s",
                                row_of(option)->name, strerror(-result));
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
