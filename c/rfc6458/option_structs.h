/* One value in a struct of a socket option, by the table in option_fields.def.
 */
#ifndef NETSCTP_RFC6458_OPTION_STRUCTS_H
#define NETSCTP_RFC6458_OPTION_STRUCTS_H

#include "shim/backend.h"

/* No struct of a socket option is larger, but for bytes at its end. */
enum { NETSCTP__LARGEST = 256 };

/* Where a row stands, as option_fields.def says. */
struct netsctp__field {
  int level, socket_option;
  uint16_t size, at, width;
  uint16_t bytes, each; /* BYTES: where they begin; the size of an element */
  /* Where a member begins, and 1; 0: there is none. */
  uint16_t association, key, address, flags, negotiated;
  uint32_t on, off, says, says_not;
  uint8_t shift;
  bool is_in_network_order, is_set_unread;
  const char *without;
};
extern const struct netsctp__field netsctp__fields[NETSCTP__OPTIONS];

static inline const struct netsctp__option_row *
netsctp__row_of(const struct netsctp_option *option) {
  return &netsctp__options[option->name];
}

/* The address that a row of scope PATH or LOCAL is about; NULL: all paths, or
 * no address. */
static inline const struct netsctp_address *
netsctp__address_of(const struct netsctp__request *request,
                    const struct netsctp_option *option) {
  const uint8_t scope = netsctp__row_of(option)->scope;
  if (option->scope == 0)
    return NULL;
  if (scope == NETSCTP__OF_LOCAL)
    return &request->local[option->scope - 1];
  return scope == NETSCTP__OF_PATH ? &request->remote[option->scope - 1] : NULL;
}

/* The number that a member holds, or whether its bits say so. */
int32_t netsctp__load_value(const struct netsctp__field *, const uint8_t *at);
void netsctp__store_value(const struct netsctp__field *, uint8_t *value,
                          int32_t number);

/* Writes into a row's struct what it is about. 0 or -errno, explained. */
int netsctp__aim(const struct netsctp__handle *,
                 const struct netsctp__request *, const struct netsctp_option *,
                 uint8_t *value);

/* A row's struct as the stack has it. What it is about stands in it before, for
 * the stack, and after, whatever the stack has put there. 0 or -errno. */
int netsctp__read_struct(const struct netsctp__handle *,
                         const struct netsctp__request *,
                         const struct netsctp_option *, void *value);
int netsctp__write_struct(const struct netsctp__handle *,
                          const struct netsctp__field *, const void *value);

#endif
