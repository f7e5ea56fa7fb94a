/* What is sent, and how pieces become it again. */
#include "baseline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* In the first byte of a message; where the last one carries the count. */
enum { LAST = 1, COUNT_OFFSET = 4 };

static uint8_t *filled(void) {
  uint8_t *message = calloc(1, run.size);
  if (!message)
    give_up("memory", errno);
  return message;
}

const uint8_t *plain_message(void) {
  static const uint8_t *message;
  return message ? message : (message = filled());
}

const uint8_t *last_message(uint32_t count) {
  static uint8_t *message;
  if (!message)
    message = filled();
  message[0] = LAST;
  memcpy(message + COUNT_OFFSET, &count, sizeof count);
  return message;
}

bool is_last(const uint8_t *message, uint32_t *count) {
  if (message[0] != LAST)
    return false;
  memcpy(count, message + COUNT_OFFSET, sizeof *count);
  return true;
}

void deliver(const struct load *load, uint32_t association,
             const uint8_t *bytes, uint32_t length, bool is_end_of_record) {
  static uint8_t *pieces; /* of the one message that is not complete yet */
  static uint32_t gathered, owner;
  if (is_end_of_record && gathered == 0) {
    load->on_message(association, bytes, length);
    return;
  }
  if (gathered > 0 && owner != association)
    give_up("pieces of two associations", EPROTO);
  if (gathered + length > run.size)
    give_up("a message is too long", EMSGSIZE);
  if (!pieces)
    pieces = filled();
  memcpy(pieces + gathered, bytes, length);
  gathered += length;
  owner = association;
  if (!is_end_of_record)
    return;
  length = gathered;
  gathered = 0;
  load->on_message(association, pieces, length);
}
