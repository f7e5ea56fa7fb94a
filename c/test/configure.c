/* Options of a handle that is open: set, and read back. */
#include "host.h"

int32_t configure(uint32_t handle, const struct request *request) {
  uint64_t bytes[128];
  uint32_t length = pack_request(request, bytes);
  return sctp.configure(handle, (uint8_t *)bytes, length);
}

int32_t set_option(uint32_t handle, uint32_t name, int32_t value) {
  struct request request = {0};
  add_option(&request, name, value);
  return configure(handle, &request);
}

int32_t set_event(uint32_t handle, uint32_t type, bool on) {
  struct request request = {0};
  add_event(&request, type, on);
  return configure(handle, &request);
}

int32_t inspect(uint32_t handle, const struct request *request,
                struct netsctp_option out[8]) {
  uint64_t bytes[128];
  uint32_t length = pack_request(request, bytes);
  return sctp.inspect(handle, (uint8_t *)bytes, length, (uint8_t *)out,
                      8 * sizeof *out);
}

int32_t get_option(uint32_t handle, uint32_t name) {
  struct request request = {0};
  _Alignas(8) struct netsctp_option out[8];
  add_option(&request, name, 0);
  int32_t result = inspect(handle, &request, out);
  return result < 0 ? result : out[0].value;
}

int32_t get_event(uint32_t handle, uint32_t type) {
  struct request request = {0};
  _Alignas(8) struct netsctp_option out[8];
  add_event(&request, type, false);
  int32_t result = inspect(handle, &request, out);
  return result < 0 ? result : out[0].value;
}
