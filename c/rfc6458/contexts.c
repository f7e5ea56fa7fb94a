/* A stack gives back what was not delivered queue by queue: with several paths
 * or streams, or after a loss, not in the order in which it was sent. So what
 * it has as a message's context is the message's number, by which the order is
 * found again, and the program's own contexts are kept here. Nobody is told
 * when a message has arrived, so they are kept for as many of the last ones as
 * the stack may still have; those without one (0) need no place. */
#include "vendor.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "rfc6458/contexts.h"

enum { FEWEST = 16 };

/* A ring of the last ones; its size is a power of two. */
struct netsctp__ring {
  uint64_t first, end; /* places, which count on */
  uint32_t size;
  struct entry {
    uint64_t number;
    uint32_t context;
  } entries[];
};

static struct entry *entry_at(struct netsctp__ring *ring, uint64_t place) {
  return &ring->entries[place & (ring->size - 1)];
}

/* Makes room for one more, as long as there may be so many: else the oldest
 * gives its place, as it does where there is no memory. */
static void grow(struct netsctp__socket *socket,
                 struct netsctp__contexts *contexts) {
  struct netsctp__ring *old = contexts->ring;
  if (old && (old->end - old->first < old->size ||
              old->size >= netsctp__most_held(socket)))
    return;
  const uint32_t size = old ? 2 * old->size : FEWEST;
  struct netsctp__ring *ring =
      malloc(sizeof *ring + size * sizeof ring->entries[0]);
  if (!ring)
    return;
  *ring = (struct netsctp__ring){
      .first = old ? old->first : 0, .end = old ? old->end : 0, .size = size};
  for (uint64_t at = ring->first; at < ring->end; at++)
    *entry_at(ring, at) = *entry_at(old, at);
  free(old);
  contexts->ring = ring;
}

void netsctp__note_sent(struct netsctp__socket *socket,
                        struct netsctp__contexts *contexts, uint32_t context) {
  const uint64_t number = contexts->sent++;
  if (!context)
    return;
  grow(socket, contexts);
  struct netsctp__ring *ring = contexts->ring;
  if (!ring)
    return;
  *entry_at(ring, ring->end++) =
      (struct entry){.number = number, .context = context};
  if (ring->end - ring->first > ring->size)
    ring->first++;
}

/* The context of a message that was sent; 0: it has none. */
static uint32_t context_of(struct netsctp__ring *ring, uint64_t number) {
  if (!ring)
    return 0;
  uint64_t low = ring->first, high = ring->end;
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (entry_at(ring, middle)->number < number)
      low = middle + 1;
    else
      high = middle;
  }
  const struct entry *found = entry_at(ring, low);
  return low < ring->end && found->number == number ? found->context : 0;
}

uint32_t netsctp__restore_context(const struct netsctp__contexts *contexts,
                                  uint8_t *raw, uint32_t length) {
  enum {
    AT = offsetof(struct sctp_send_failed_event, ssfe_info) +
         offsetof(struct sctp_sndinfo, snd_context)
  };
  uint16_t type = 0;
  uint32_t number;
  if (length < AT + sizeof number)
    return 0;
  memcpy(&type, raw, sizeof type);
  if (type != SCTP_SEND_FAILED_EVENT)
    return 0;
  memcpy(&number, raw + AT, sizeof number);
  /* It is one of the last 2^32. */
  const uint32_t age = (uint32_t)contexts->sent - number;
  const uint32_t context = context_of(contexts->ring, contexts->sent - age);
  memcpy(raw + AT, &context, sizeof context);
  return number;
}

void netsctp__free_contexts(struct netsctp__contexts *contexts) {
  free(contexts->ring);
}
