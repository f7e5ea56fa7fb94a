/* Why the last call of this thread failed, beyond its errno. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "shim/internal.h"

static __thread char explanation[400];
static __thread int32_t failed_local = -1;
static __thread int32_t lacking_option;

void netsctp__enter(void) {
  explanation[0] = 0;
  failed_local = -1;
  lacking_option = 0;
  NETSCTP__COUNT(calls, 1);
}

int netsctp__explain(int error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(explanation, sizeof explanation, format, arguments);
  va_end(arguments);
  return -error;
}

int32_t netsctp_explain(uint8_t *out, uint32_t capacity) {
  size_t length = strlen(explanation);
  if (!out)
    return -EINVAL;
  if (length > capacity)
    length = capacity;
  memcpy(out, explanation, length);
  return (int32_t)length;
}

int netsctp__blame_local(uint32_t index, int result) {
  failed_local = (int32_t)index;
  return result;
}

int32_t netsctp_failed_local(void) { return failed_local; }

int netsctp__blame_lacking(uint32_t option) {
  lacking_option = (int32_t)option;
  return -EOPNOTSUPP;
}

int32_t netsctp_lacking_option(void) { return lacking_option; }
