#include "shim/close_reason.h"
#include "shim/backend.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CAUSE_HEAD = 4 };
_Static_assert(sizeof(struct netsctp_inbound) +
                       sizeof(struct netsctp_close_reason) +
                       NETSCTP__MOST_CAUSE_BYTES <=
                   NETSCTP__LEAST_ROOM,
               "END and ERROR must fit");

/* The length that a cause has by its own head, of those that have come. */
static uint32_t length_of(const uint8_t *cause, uint32_t length) {
  const uint32_t said = (uint32_t)cause[2] << 8 | cause[3];
  if (said < CAUSE_HEAD)
    return 0;
  if (said < length)
    length = said;
  length -= CAUSE_HEAD;
  return length < NETSCTP__MOST_CAUSE_BYTES ? length
                                            : NETSCTP__MOST_CAUSE_BYTES;
}

void netsctp__keep_cause(struct netsctp__cause **kept, uint16_t code,
                         const uint8_t *causes, uint32_t length) {
  free(*kept);
  *kept = NULL;
  const bool has_head = length >= CAUSE_HEAD;
  const uint32_t size = has_head ? length_of(causes, length) : 0;
  if (code == 0 && has_head)
    code = (uint16_t)(causes[0] << 8 | causes[1]);
  if (code == 0 || (*kept = malloc(sizeof **kept + size)) == NULL)
    return;
  **kept = (struct netsctp__cause){.code = code, .length = (uint16_t)size};
  if (size > 0)
    memcpy((*kept)->bytes, causes + CAUSE_HEAD, size);
}

static uint16_t by_whom(const struct netsctp__end *end) {
  switch (end->error) {
  case 0:
    return end->is_by_peer ? NETSCTP_BY_PEER : NETSCTP_BY_LOCAL;
  case ECONNABORTED:
    return NETSCTP_BY_LOCAL;
  case ECONNRESET:
  case ECONNREFUSED:
    return end->refused_udp_port ? NETSCTP_BY_NETWORK : NETSCTP_BY_PEER;
  default:
    return NETSCTP_BY_NETWORK;
  }
}

int netsctp__write_end(struct netsctp_inbound *out, struct netsctp__end end) {
  struct netsctp_close_reason *reason = (void *)(out + 1);
  const uint32_t size = end.cause ? end.cause->length : 0;
  const uint32_t length = (uint32_t)sizeof *reason + size;
  *out = (struct netsctp_inbound){
      .size = NETSCTP_PADDED(sizeof *out + length),
      .kind = end.error ? NETSCTP_KIND_ERROR : NETSCTP_KIND_END,
      .length = length,
      .association = end.association,
  };
  *reason = (struct netsctp_close_reason){
      .error = (uint32_t)end.error,
      .by = by_whom(&end),
      .cause = end.cause ? end.cause->code : 0,
      .refused_udp_port = end.refused_udp_port,
  };
  if (size > 0)
    memcpy(reason + 1, end.cause->bytes, size);
  return 1;
}
