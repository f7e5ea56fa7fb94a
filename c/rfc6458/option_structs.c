/* One value in a struct of a socket option: where it stands, by the table in
 * option_fields.def, what the struct is about, and how it is read and written.
 */
#include "vendor.h"

#include "rfc6458/option_structs.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "rfc6458/notifications.h"
#include "rfc6458/status.h"

/* Where a member begins; 0 is left for "there is none". */
#define AT(type, member) (offsetof(struct type, member) + 1)

const struct netsctp__field netsctp__fields[NETSCTP__OPTIONS] = {
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
#define VERB(name, option, type, ...)                                          \
  [NETSCTP_OPTION_##name] = {.level = IPPROTO_SCTP,                            \
                             .socket_option = option,                          \
                             .size = sizeof(struct type),                      \
                             STRUCT_##type,                                    \
                             ##__VA_ARGS__},
#include "rfc6458/option_fields.def"
};

/* A row that this stack has needs a field or a quirk: without, its enumerator
 * is missing here. */
enum {
#define INTEGER(name, ...) PLACE_OF_##name,
#define FIELD(name, option, type, member, ...)                                 \
  PLACE_OF_##name,                                                             \
      FITS_##name =                                                            \
          1 / (sizeof(struct type) <= NETSCTP__LARGEST && /* not: /0 */        \
               sizeof((struct type *)0)->member <= 4),
#define BYTES(name, option, type, member, array)                               \
  FIELD(name, option, type, member)
#define VERB(name, option, type, ...)                                          \
  PLACE_OF_##name, FITS_##name = 1 / (sizeof(struct type) <= NETSCTP__LARGEST),
#define ADDRESS(name) PLACE_OF_##name,
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

static uint32_t swap(const struct netsctp__field *field, uint32_t wide) {
  return field->width == sizeof(uint16_t) ? ntohs((uint16_t)wide) : ntohl(wide);
}

static uint32_t member(const struct netsctp__field *field, const uint8_t *at) {
  uint32_t wide = 0;
  memcpy(&wide, at, field->width);
  return field->is_in_network_order ? swap(field, wide) : wide;
}

int32_t netsctp__load_value(const struct netsctp__field *field,
                            const uint8_t *at) {
  const uint32_t number = member(field, at);
  return (int32_t)(field->on ? number & field->on : number >> field->shift);
}

/* Of bits, the others stay. */
static void set_bits(uint8_t *at, uint32_t clear, uint32_t set) {
  uint32_t flags;
  memcpy(&flags, at, sizeof flags);
  flags = (flags & ~clear) | set;
  memcpy(at, &flags, sizeof flags);
}

void netsctp__store_value(const struct netsctp__field *field, uint8_t *value,
                          int32_t number) {
  uint8_t *at = value + field->at;
  uint32_t wide = (uint32_t)number << field->shift;
  if (field->on)
    wide = (member(field, at) & ~(field->on | field->off)) |
           (number ? field->on : field->off);
  if (field->is_in_network_order)
    wide = swap(field, wide);
  memcpy(at, &wide, field->width);
  if (field->says)
    set_bits(value + field->flags - 1, field->says_not, field->says);
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
int netsctp__aim(const struct netsctp__handle *handle,
                 const struct netsctp__request *request,
                 const struct netsctp_option *option, uint8_t *value) {
  const struct netsctp__field *field = &netsctp__fields[option->name];
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
    const struct netsctp_address *given = netsctp__address_of(request, option);
    if (given && netsctp__to_sockaddr(given, &address) < 0)
      return netsctp__explain(EINVAL, "%s needs an IP address",
                              netsctp__row_of(option)->name);
    if (given && netsctp__row_of(option)->scope == NETSCTP__OF_PATH)
      add_peer_port(handle, &address);
    memcpy(value + field->address - 1, &address, sizeof address);
  }
  return 0;
}

/* A row's struct as the stack has it. What it is about stands in it before, for
 * the stack, and after, whatever the stack has put there. */
int netsctp__read_struct(const struct netsctp__handle *handle,
                         const struct netsctp__request *request,
                         const struct netsctp_option *option, void *value) {
  const struct netsctp__field *field = &netsctp__fields[option->name];
  const int result = netsctp__aim(handle, request, option, value);
  if (result < 0)
    return result;
  const int read = netsctp__vendor_get(
      handle->socket, field->level, field->socket_option, value, field->size);
  return read < 0 ? read : netsctp__aim(handle, request, option, value);
}

int netsctp__write_struct(const struct netsctp__handle *handle,
                          const struct netsctp__field *field,
                          const void *value) {
  return netsctp__vendor_set(handle->socket, field->level, field->socket_option,
                             value, field->size);
}
