/* The names of errors, for those that have one in sctp_records.def. */
#include <errno.h>
#include <string.h>

#include "sctp_shim.h"

static const struct {
  int number;
  const char *name;
} names[] = {
#define ERROR_NAME(name) {name, #name},
#include "sctp_records.def"
};

int32_t netsctp_error_name(int32_t error, uint8_t *out, uint32_t capacity) {
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (names[i].number != error)
      continue;
    size_t length = strlen(names[i].name);
    if (!out || length > capacity)
      return -ENOBUFS;
    memcpy(out, names[i].name, length);
    return (int32_t)length;
  }
  return 0;
}
