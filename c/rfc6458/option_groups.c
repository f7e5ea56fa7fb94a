/* One socket option at a time: rows that it says together are written together,
 * and if the stack refuses them, the one that is to blame is found. */
#include "vendor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rfc6458/option_groups.h"
#include "rfc6458/option_structs.h"

/* Whether the shim, or its caller, learns by it what becomes of an
 * association. */
static bool is_needed(uint32_t event) {
  return event == NETSCTP_NOTIFICATION_ASSOC_CHANGE ||
         event == NETSCTP_NOTIFICATION_SHUTDOWN ||
         event == NETSCTP_NOTIFICATION_PARTIAL_DELIVERY;
}

/* Whether one struct says both. A key becomes the active one in its turn: it
 * may be set only after another one was. */
static bool is_of_group(const struct netsctp_option *one,
                        const struct netsctp_option *other) {
  const struct netsctp__field *a = &netsctp__fields[one->name],
                              *b = &netsctp__fields[other->name];
  return one == other ||
         (one->name != NETSCTP_OPTION_AUTH_ACTIVE_KEY &&
          netsctp__is_number(netsctp__row_of(one)) &&
          netsctp__is_number(netsctp__row_of(other)) && a->level == b->level &&
          a->socket_option == b->socket_option && one->scope == other->scope);
}

/* Either stack takes an interval only along with "on", so that it takes a
 * second call where heartbeats are off. */
static int set_heartbeat(struct netsctp__handle *handle,
                         const struct netsctp__field *field,
                         struct sctp_paddrparams *wanted) {
  const uint32_t either = SPP_HB_ENABLE | SPP_HB_DISABLE;
  struct sctp_paddrparams before = *wanted;
  int result = 0;
  if (wanted->spp_hbinterval == 0)
    return netsctp__write_struct(handle, field, wanted);
  if (!(wanted->spp_flags & either))
    result = netsctp__vendor_get(handle->socket, field->level,
                                 field->socket_option, &before, sizeof before);
  wanted->spp_flags = (wanted->spp_flags & ~either) | SPP_HB_ENABLE;
  if (result >= 0)
    result = netsctp__write_struct(handle, field, wanted);
  if (result < 0 || !(before.spp_flags & SPP_HB_DISABLE))
    return result;
  wanted->spp_flags ^= either;
  wanted->spp_hbinterval = 0;
  return netsctp__write_struct(handle, field, wanted);
}

/* What no stack answers: the reason has been given. */
enum { EXPLAINED = -ERANGE };

/* Of a time that would be out of the range of the others, the kernel's stack
 * says nothing and usrsctp does not say what is wrong. */
static int check_rto(const struct sctp_rtoinfo *rto) {
  if (rto->srto_min <= rto->srto_initial && rto->srto_initial <= rto->srto_max)
    return 0;
  netsctp__explain(EINVAL,
                   "sctp.rto would be initial %u, min %u, max %u, and must be "
                   "min <= initial <= max: set what lies outside, too",
                   rto->srto_initial, rto->srto_min, rto->srto_max);
  return EXPLAINED;
}

/* Writes rows that share a struct, which is read first, so that what else it
 * says stays as it is. */
static int set_numbers(struct netsctp__handle *handle,
                       const struct netsctp__request *request, uint64_t rows) {
  _Alignas(8) uint8_t value[NETSCTP__LARGEST] = {0};
  const struct netsctp_option *options = request->options;
  const struct netsctp_option *first = &options[__builtin_ctzll(rows)];
  const struct netsctp__field *field = &netsctp__fields[first->name];
  int result = field->is_set_unread
                   ? netsctp__aim(handle, request, first, value)
                   : netsctp__read_struct(handle, request, first, value);
  if (result < 0)
    return result;
  for (uint32_t i = 0; i < request->option_count; i++) {
    if (!(rows >> i & 1))
      continue;
    netsctp__store_value(&netsctp__fields[options[i].name], value,
                         options[i].value);
  }
  if (field->level == IPPROTO_SCTP && field->socket_option == SCTP_RTOINFO)
    result = check_rto((const void *)value);
  if (result < 0)
    return result;
  return field->level == IPPROTO_SCTP &&
                 field->socket_option == SCTP_PEER_ADDR_PARAMS
             ? set_heartbeat(handle, field, (void *)value)
             : netsctp__write_struct(handle, field, value);
}

/* As explicit_bzero(), which glibc has since 2.25 only: the compiler must not
 * leave it out. */
static void forget(void *memory, size_t size) {
  memset(memory, 0, size);
  __asm__ volatile("" : : "r"(memory) : "memory");
}

/* Writes bytes behind what counts them, or reads them into the answer: for that
 * a stack wants room for as many as there can be. */
int netsctp__carry_bytes(struct netsctp__handle *handle,
                         const struct netsctp__request *request,
                         struct netsctp_option *option,
                         struct netsctp__answer *out) {
  const struct netsctp__field *field = &netsctp__fields[option->name];
  uint32_t length =
      (uint32_t)(out ? netsctp__row_of(option)->most : option->value);
  uint8_t *value = calloc(1, NETSCTP__LARGEST + length);
  if (!value)
    return -ENOMEM;
  int result = netsctp__aim(handle, request, option, value);
  if (result >= 0 && out) {
    result =
        netsctp__vendor_get(handle->socket, field->level, field->socket_option,
                            value, field->bytes + length);
    const uint32_t come =
        (uint32_t)netsctp__load_value(field, value + field->at) * field->each;
    if (result >= 0)
      result = netsctp__answer_bytes(out, option, value + field->bytes,
                                     come < length ? come : length);
  } else if (result >= 0) {
    netsctp__store_value(field, value, (int32_t)(length / field->each));
    memcpy(value + field->bytes, request->bytes + option->extra, length);
    result =
        netsctp__vendor_set(handle->socket, field->level, field->socket_option,
                            value, field->bytes + length);
  }
  forget(value, NETSCTP__LARGEST + length); /* it may be a key */
  free(value);
  return result;
}

/* The system's kernel does not have it. */
int netsctp__lacking(uint32_t name) {
  const char *without = netsctp__fields[name].without;
  netsctp__explain(EOPNOTSUPP, "%s %s", netsctp__options[name].name,
                   without ? without : "is not in this system's kernel");
  return netsctp__blame_lacking(name);
}

/* A row in words; returns their length, as snprintf() does. */
static int describe(const struct netsctp__request *request,
                    const struct netsctp_option *option, char *out,
                    size_t room) {
  const struct netsctp__option_row *row = netsctp__row_of(option);
  char value[16] = "", scope[sizeof request->remote->text + 8] = "";
  const struct netsctp_address *address = netsctp__address_of(request, option);
  if (row->kind == NETSCTP__WORD)
    snprintf(value, sizeof value, " %u", (uint32_t)option->value);
  else if (netsctp__is_number(row))
    snprintf(value, sizeof value, " %d", option->value);
  if (address)
    snprintf(scope, sizeof scope, " of %.*s", (int)address->text_length,
             address->text);
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
  _Alignas(8) uint8_t before[NETSCTP__LARGEST] = {0};
  const struct netsctp_option *first = &request->options[__builtin_ctzll(rows)];
  const struct netsctp__field *field = &netsctp__fields[first->name];
  if (!(rows & (rows - 1)) || field->is_set_unread ||
      netsctp__read_struct(handle, request, first, before) < 0)
    return rows;
  uint64_t found = 0;
  for (uint64_t rest = rows; rest; rest &= rest - 1) {
    const uint64_t one = rest & -rest;
    if (set_numbers(handle, request, rows ^ one) < 0)
      continue;
    found |= one;
    netsctp__write_struct(handle, field, before);
  }
  return found && !(found & (found - 1)) ? found : rows;
}

/* Writes the rows that belong together with the first of them. */
int netsctp__set_group(struct netsctp__handle *handle,
                       const struct netsctp__request *request, uint32_t first,
                       uint64_t *done) {
  const struct netsctp_option *options = request->options;
  const struct netsctp__field *field = &netsctp__fields[options[first].name];
  uint8_t unused[NETSCTP__LARGEST];
  int result = netsctp__aim(handle, request, &options[first], unused);
  if (result < 0)
    return result;
  uint64_t rows = 0;
  for (uint32_t i = first; i < request->option_count; i++) {
    if (*done >> i & 1 || !is_of_group(&options[first], &options[i]))
      continue;
    if (field->each && (uint32_t)options[i].value % field->each)
      return netsctp__explain(EINVAL, "%s is made of %u bytes each",
                              netsctp__row_of(&options[i])->name, field->each);
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
  result = field->each ? netsctp__carry_bytes(handle, request, &one, NULL)
                       : set_numbers(handle, request, rows);
  if (result == EXPLAINED)
    return -EINVAL;
  if (result == -ENOPROTOOPT)
    return netsctp__lacking(options[first].name);
  return result < 0
             ? refused(request, find_refused(handle, request, rows), result)
             : 0;
}
