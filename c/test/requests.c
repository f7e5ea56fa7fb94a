/* Requests: made, and what an open handle answers. */
#include "host.h"

void add_option(struct request *request, uint32_t name, int32_t value) {
  CHECK(request->head.option_count <
        sizeof request->options / sizeof request->options[0]);
  request->options[request->head.option_count++] =
      (struct netsctp_option){.name = (uint16_t)name, .value = value};
}

void add_scoped(struct request *request, uint32_t name, uint32_t scope,
                int32_t value) {
  add_option(request, name, value);
  request->options[request->head.option_count - 1].scope = scope;
}

void add_event(struct request *request, uint32_t type, bool on) {
  add_scoped(request, NETSCTP_OPTION_EVENT, type, on);
}

void add_bytes(struct request *request, uint32_t name, uint32_t scope,
               const void *bytes, uint32_t length) {
  CHECK(request->head.byte_count + length <= sizeof request->bytes);
  add_scoped(request, name, scope, (int32_t)length);
  request->options[request->head.option_count - 1].extra =
      request->head.byte_count;
  memcpy(request->bytes + request->head.byte_count, bytes, length);
  request->head.byte_count += length;
}

static struct netsctp_address address_of(const char *text, uint16_t port) {
  struct netsctp_address address = {
      .family = strchr(text, ':') ? NETSCTP_FAMILY_IPV6 : NETSCTP_FAMILY_IPV4,
      .port = port,
      .text_length = (uint16_t)strlen(text)};
  memcpy(address.text, text, address.text_length);
  return address;
}

void add_local(struct request *request, const char *text, uint16_t port) {
  request->local[request->head.local_count++] = address_of(text, port);
}

void add_remote(struct request *request, const char *text, uint16_t port) {
  request->remote[request->head.remote_count++] = address_of(text, port);
}

uint32_t pack_request(const struct request *request, uint64_t out[256]) {
  uint8_t *at = (uint8_t *)out;
#define PUT(from, count)                                                       \
  memcpy(at, from, (count) * sizeof *(from));                                  \
  at += (count) * sizeof *(from)
  PUT(&request->head, 1);
  PUT(request->options, request->head.option_count);
  PUT(request->local, request->head.local_count);
  PUT(request->remote, request->head.remote_count);
  PUT(request->bytes, request->head.byte_count);
#undef PUT
  return (uint32_t)(at - (uint8_t *)out);
}

/* ------------------------------------------------ of an open handle */

int32_t configure(uint32_t handle, const struct request *request) {
  uint64_t bytes[256];
  uint32_t length = pack_request(request, bytes);
  return sctp.configure(handle, (uint8_t *)bytes, length);
}

int32_t set_option(uint32_t handle, uint32_t name, int32_t value) {
  return set_scoped(handle, name, 0, value);
}

int32_t set_scoped(uint32_t handle, uint32_t name, uint32_t scope,
                   int32_t value) {
  struct request request = {0};
  add_scoped(&request, name, scope, value);
  return configure(handle, &request);
}

int32_t set_event(uint32_t handle, uint32_t type, bool on) {
  return set_scoped(handle, NETSCTP_OPTION_EVENT, type, on);
}

int32_t inspect(uint32_t handle, const struct request *request,
                struct netsctp_option out[8]) {
  uint64_t bytes[256];
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
