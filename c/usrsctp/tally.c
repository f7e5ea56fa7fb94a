/* See usrsctp/tally.h. RFC 9260 section 3.3 has the chunks. */
#include "usrsctp/tally.h"

#include "sctp_shim.h"
#include "usrsctp/wire.h"

enum { DATA = 0, SACK = 3 };
enum { UNORDERED = 4 };
enum { COMMON_HEAD = 12, CHUNK_HEAD = 4, SHORTEST = 16 };

/* A TSN further back than anything that can be under way is not sent again: the
 * peer has restarted, and numbers begin anywhere. */
enum { MOST_UNDER_WAY = 1 << 20 };

/* Whether a chunk begins there. None of those that count is shorter. */
static bool is_chunk(const uint8_t *at, const uint8_t *end) {
  return end - at >= SHORTEST && u16(at + 2) >= CHUNK_HEAD;
}

static const uint8_t *next(const uint8_t *chunk) {
  return chunk + padded(u16(chunk + 2));
}

void netsctp__tally_in(struct netsctp__tally *tally, const uint8_t *packet,
                       uint32_t length) {
  const uint8_t *end = packet + length;
  tally->packets_in++;
  for (const uint8_t *at = packet + COMMON_HEAD; is_chunk(at, end);
       at = next(at)) {
    if (at[0] == SACK) {
      tally->sacks_in++;
      tally->gaps += u16(at + 12);
    } else if (at[0] == DATA && at[1] & UNORDERED) {
      tally->unordered_in++;
    }
  }
}

static void count_data(struct netsctp__tally *tally, const uint8_t *chunk) {
  const uint32_t tsn = u32(chunk + 4);
  if (tally->has_sent && tally->highest_tsn - tsn < MOST_UNDER_WAY) {
    tally->retransmitted++;
    return;
  }
  tally->has_sent = true;
  tally->highest_tsn = tsn;
  if (chunk[1] & UNORDERED)
    tally->unordered_out++;
}

void netsctp__tally_out(struct netsctp__tally *tally, const uint8_t *packet,
                        uint32_t length) {
  const uint8_t *end = packet + length;
  tally->packets_out++;
  for (const uint8_t *at = packet + COMMON_HEAD; is_chunk(at, end);
       at = next(at)) {
    if (at[0] == DATA) {
      count_data(tally, at);
    } else if (at[0] == SACK) {
      tally->sacks_out++;
      tally->duplicates += u16(at + 14); /* it tells them all, once */
    }
  }
}

void netsctp__tally_read(const struct netsctp__tally *tally,
                         struct netsctp_statistics *out) {
  out->packets_in = tally->packets_in;
  out->packets_out = tally->packets_out;
  out->retransmitted = tally->retransmitted;
  out->sacks_in = tally->sacks_in;
  out->sacks_out = tally->sacks_out;
  out->duplicates = tally->duplicates;
  out->gaps = tally->gaps;
  out->unordered_in = tally->unordered_in;
  out->unordered_out = tally->unordered_out;
}
