/* See usrsctp/guard.h. Sections are RFC 9260's unless another is named. */
#include "usrsctp/guard.h"

#include <string.h>

#include "usrsctp/wire.h"

#define HEADER 12u /* ports, verification tag, checksum */
#define HEAD 4u    /* of a chunk, a parameter, an error cause */

/* No peer that means well exceeds these. Each is a walk or an allocation of
 * usrsctp's that grows with the number, or with its square. */
#define MOST_CONTROL_CHUNKS 128u
#define MOST_PARAMETERS 128u
#define MOST_ADDRESSES 64u
#define LONGEST_INIT 4096u
/* usrsctp stops at a longer one of an ASCONF or its acknowledgement: neither
 * answered nor asked again. */
#define LONGEST_ASCONF_PARAMETER 512u
/* Of a SACK, if they are not in order: each is looked for from the front. */
#define MOST_SCATTERED_GAPS 64u

/* The types that are known here: their numbers, and how long one can be with
 * its head: from `least` to `most`, in steps of `step`. */
enum { ANY = UINT16_MAX };
#define CHUNKS(CHUNK)                                                          \
  CHUNK(DATA, 0, 16, ANY, 1) /* without user data: section 6.2 */              \
  CHUNK(INIT, 1, 20, ANY, 1)                                                   \
  CHUNK(INIT_ACK, 2, 20, ANY, 1)                                               \
  CHUNK(SACK, 3, 16, ANY, 4)                                                   \
  CHUNK(HEARTBEAT, 4, 8, ANY, 1)                                               \
  CHUNK(HEARTBEAT_ACK, 5, 8, ANY, 1)                                           \
  CHUNK(ABORT, 6, 4, ANY, 1)                                                   \
  CHUNK(SHUTDOWN, 7, 8, 8, 1)                                                  \
  CHUNK(SHUTDOWN_ACK, 8, 4, 4, 1)                                              \
  CHUNK(ERROR, 9, 4, ANY, 1)                                                   \
  CHUNK(COOKIE_ECHO, 10, 5, ANY, 1)                                            \
  CHUNK(COOKIE_ACK, 11, 4, 4, 1)                                               \
  CHUNK(ECNE, 12, 8, 12, 4) /* usrsctp's has the number of packets, too */     \
  CHUNK(CWR, 13, 8, 8, 1)                                                      \
  CHUNK(SHUTDOWN_COMPLETE, 14, 4, 4, 1)                                        \
  CHUNK(AUTH, 15, 9, 8 + 64, 1)        /* RFC 4895 */                          \
  CHUNK(NR_SACK, 16, 20, ANY, 4)       /* draft-natarajan-tsvwg-sctp-nrsack */ \
  CHUNK(I_DATA, 64, 20, ANY, 1)        /* RFC 8260 */                          \
  CHUNK(ASCONF_ACK, 128, 8, ANY, 1)    /* RFC 5061 */                          \
  CHUNK(PKTDROP, 129, 16, ANY, 1)      /* draft-stewart-sctp-pktdrprep */      \
  CHUNK(RE_CONFIG, 130, 5, ANY, 1)     /* RFC 6525 */                          \
  CHUNK(FORWARD_TSN, 192, 8, ANY, 4)   /* RFC 3758 */                          \
  CHUNK(ASCONF, 193, 8, ANY, 1)        /* RFC 5061 */                          \
  CHUNK(I_FORWARD_TSN, 194, 8, ANY, 8) /* RFC 8260 */

#define PARAMETERS(PARAMETER)                                                  \
  PARAMETER(HEARTBEAT_INFO, 1, 4, ANY, 1)                                      \
  PARAMETER(IPV4_ADDRESS, 5, 8, 8, 1)                                          \
  PARAMETER(IPV6_ADDRESS, 6, 20, 20, 1)                                        \
  PARAMETER(STATE_COOKIE, 7, 5, ANY, 1)                                        \
  PARAMETER(COOKIE_PRESERVATIVE, 9, 8, 8, 1)                                   \
  PARAMETER(SUPPORTED_ADDRESS_TYPES, 12, 4, ANY, 2)                            \
  PARAMETER(OUTGOING_RESET, 13, 16, ANY, 2)                                    \
  PARAMETER(INCOMING_RESET, 14, 8, ANY, 2)                                     \
  PARAMETER(TSN_RESET, 15, 8, 8, 1)                                            \
  PARAMETER(RECONFIGURATION_RESPONSE, 16, 12, 20, 8)                           \
  PARAMETER(ADD_OUTGOING_STREAMS, 17, 12, 12, 1)                               \
  PARAMETER(ADD_INCOMING_STREAMS, 18, 12, 12, 1)                               \
  PARAMETER(ECN_CAPABLE, 0x8000, 4, 4, 1)                                      \
  PARAMETER(RANDOM, 0x8002, 4 + 32, 4 + 32, 1) /* RFC 4895 section 3.1 */      \
  PARAMETER(CHUNK_LIST, 0x8003, 4, 4 + 256, 1)                                 \
  PARAMETER(HMAC_ALGORITHMS, 0x8004, 4, ANY, 2)                                \
  PARAMETER(PADDING, 0x8005, 4, ANY, 1)                                        \
  PARAMETER(SUPPORTED_EXTENSIONS, 0x8008, 4, 4 + 256, 1)                       \
  PARAMETER(FORWARD_TSN_SUPPORTED, 0xc000, 4, 4, 1)                            \
  PARAMETER(ADD_ADDRESS, 0xc001, 4, ANY, 1)                                    \
  PARAMETER(DELETE_ADDRESS, 0xc002, 4, ANY, 1)                                 \
  PARAMETER(ERROR_CAUSE_INDICATION, 0xc003, 8, ANY, 1)                         \
  PARAMETER(SET_PRIMARY_ADDRESS, 0xc004, 4, ANY, 1)                            \
  PARAMETER(SUCCESS_INDICATION, 0xc005, 8, 8, 1)                               \
  PARAMETER(ADAPTATION_INDICATION, 0xc006, 8, 8, 1)                            \
  PARAMETER(NAT_SUPPORT, 0xc007, 4, ANY, 1) /* draft-ietf-tsvwg-natsupp */

#define NUMBER(name, number, ...) name = number,
enum chunk_type { CHUNKS(NUMBER) };
enum parameter_type { PARAMETERS(NUMBER) };

/* A type that is not known here can have any length. */
#define LENGTH(name, number, least, most, step)                                \
  case number:                                                                 \
    return length >= (least) && length <= (most) &&                            \
           (length - (least)) % (step) == 0;
static bool is_length_of_chunk(uint8_t type, uint32_t length) {
  switch (type) {
    CHUNKS(LENGTH)
  default:
    return true;
  }
}
static bool is_length_of_parameter(uint16_t type, uint32_t length) {
  switch (type) {
    PARAMETERS(LENGTH)
  default:
    return true;
  }
}

enum cause {
  OUT_OF_RESOURCE = 4,
  INVALID_PARAMETER = 7,
  PROTOCOL_VIOLATION = 13
};

/* ------------------------------------------------ parameters and causes */

/* An address alone, as ASCONF has it: `length` is all there is for it. */
static bool is_address(const uint8_t *at, uint32_t length) {
  if (length < HEAD)
    return false;
  const uint16_t type = u16(at), size = u16(at + 2);
  return (type == IPV4_ADDRESS || type == IPV6_ADDRESS) &&
         is_length_of_parameter(type, size) && size <= length;
}

static bool is_unspecified(const uint8_t *address) {
  const uint32_t length = u16(address + 2);
  for (uint32_t i = HEAD; i < length; i++)
    if (address[i] != 0)
      return false;
  return true;
}

/* What was found among parameters, or error causes, which have their shape. */
struct found {
  bool is_valid;
  unsigned count, addresses; /* of parameters */
};
typedef bool is_item(uint8_t *at, uint16_t type, uint32_t size, struct found *);

/* Walks all of them, to the end of a chunk. */
static struct found walk(uint8_t *at, uint32_t length, is_item *is_item) {
  struct found found = {.is_valid = false};
  while (length > 0) {
    if (length < HEAD)
      return found;
    const uint32_t size = u16(at + 2);
    if (size < HEAD || size > length || !is_item(at, u16(at), size, &found))
      return found;
    if (padded(size) >= length)
      break;
    at += padded(size);
    length -= padded(size);
  }
  found.is_valid = true;
  return found;
}

/* What usrsctp's unfinished support of NAT goes by: it answers the first with
 * another tag, and the second with an ASCONF whose acknowledgement makes it
 * read at address 0. */
enum nat_cause { NAT_COLLIDING_STATE = 0xb0, NAT_MISSING_STATE = 0xb1 };

static bool is_cause(uint8_t *at, uint16_t code, uint32_t size,
                     struct found *found) {
  (void)size, (void)found;
  if (code == NAT_COLLIDING_STATE || code == NAT_MISSING_STATE)
    at[1] = 0; /* the cause 0 is nobody's */
  return true;
}

static bool is_parameter(uint8_t *at, uint16_t type, uint32_t size,
                         struct found *found) {
  if (!is_length_of_parameter(type, size))
    return false;
  if (type == IPV4_ADDRESS || type == IPV6_ADDRESS)
    found->addresses++;
  if (type == NAT_SUPPORT) {
    at[0] = PADDING >> 8;
    at[1] = PADDING & 255;
  }
  return ++found->count <= MOST_PARAMETERS;
}

/* One parameter of an ASCONF: a correlation, then an address (RFC 5061 section
 * 4.2); of its acknowledgement, causes perhaps. */
static bool is_asconf_parameter(uint8_t *at, uint16_t type, uint32_t size,
                                struct found *found) {
  if (size < 8 || size > LONGEST_ASCONF_PARAMETER ||
      !is_parameter(at, type, size, found))
    return false;
  switch (type) {
  case ADD_ADDRESS:
  case DELETE_ADDRESS:
  case SET_PRIMARY_ADDRESS:
    return is_address(at + 8, size - 8);
  case ERROR_CAUSE_INDICATION:
    return walk(at + 8, size - 8, is_cause).is_valid;
  default:
    return true;
  }
}

/* ----------------------------------------------------------------- chunks */

static bool is_mandatory_part_valid(const uint8_t *chunk) {
  return u32(chunk + 8) >= 1500 && u16(chunk + 12) != 0 && u16(chunk + 14) != 0;
}

/* INIT (section 3.3.2): what is wrong with it is told to its sender alone, and
 * changes no association. 0: nothing is. */
static uint16_t fault_of_init(uint8_t *chunk, uint32_t length) {
  if (!is_mandatory_part_valid(chunk))
    return INVALID_PARAMETER;
  if (length > LONGEST_INIT)
    return OUT_OF_RESOURCE;
  const struct found found = walk(chunk + 20, length - 20, is_parameter);
  if (!found.is_valid && found.count <= MOST_PARAMETERS)
    return PROTOCOL_VIOLATION;
  return found.is_valid && found.addresses <= MOST_ADDRESSES ? 0
                                                             : OUT_OF_RESOURCE;
}

/* INIT ACK (section 3.3.3): its mandatory fields are the association's to
 * judge, which ends if it waits for one and gets that. */
static bool is_init_ack(uint8_t *chunk, uint32_t length) {
  const struct found found = walk(chunk + 20, length - 20, is_parameter);
  return found.is_valid && found.addresses <= MOST_ADDRESSES;
}

/* SACK and NR-SACK: `fixed` bytes, then blocks of gaps, then duplicates. */
static bool is_sack(const uint8_t *chunk, uint32_t length, uint32_t fixed,
                    uint32_t gaps, uint32_t duplicates) {
  if (length - fixed != (gaps + duplicates) * 4)
    return false;
  unsigned last = 0;
  bool is_in_order = true;
  for (uint32_t i = 0; i < gaps; i++) {
    const uint8_t *gap = chunk + fixed + i * 4;
    is_in_order = is_in_order && u16(gap) > last;
    if (u16(gap) == 0 || u16(gap) > u16(gap + 2))
      return false;
    last = u16(gap + 2);
  }
  return is_in_order || gaps <= MOST_SCATTERED_GAPS;
}

/* RFC 5061 section 4.1.1: a serial, the address by which the association is
 * found, then what to do. */
static bool is_asconf(uint8_t *chunk, uint32_t length) {
  /* "Look for it by the tag" is an address of 0, which a receiver need not
   * heed. usrsctp counts the references to the wrong endpoint then. */
  if (!is_address(chunk + 8, length - 8) || is_unspecified(chunk + 8))
    return false;
  const uint32_t first = 8 + u16(chunk + 10);
  return walk(chunk + first, length - first, is_asconf_parameter).is_valid;
}

/* Whether a chunk that stands whole in its packet is well-formed, but for INIT.
 * A type that is not known here is RFC 9260's to treat: section 3.2. */
static bool is_chunk(uint8_t *chunk, uint32_t length) {
  if (!is_length_of_chunk(chunk[0], length))
    return false;
  switch (chunk[0]) {
  case SACK:
    return is_sack(chunk, length, 16, u16(chunk + 12), u16(chunk + 14));
  case NR_SACK:
    return is_sack(chunk, length, 20, u16(chunk + 12) + u16(chunk + 14),
                   u16(chunk + 16));
  case INIT_ACK:
    return is_init_ack(chunk, length);
  case HEARTBEAT:
  case HEARTBEAT_ACK:
    return u16(chunk + 4) == HEARTBEAT_INFO &&
           walk(chunk + 4, length - 4, is_parameter).is_valid;
  case ABORT:
  case ERROR:
    return walk(chunk + 4, length - 4, is_cause).is_valid;
  case ASCONF:
    return is_asconf(chunk, length);
  case ASCONF_ACK:
    return walk(chunk + 8, length - 8, is_asconf_parameter).is_valid;
  case RE_CONFIG:
    return walk(chunk + 4, length - 4, is_parameter).is_valid;
  default:
    return true;
  }
}

/* ---------------------------------------------------------------- packets */

/* Section 6.10. */
static bool stands_alone(uint8_t type) {
  return type == INIT || type == INIT_ACK || type == SHUTDOWN_COMPLETE;
}

static void note(const uint8_t *chunk, struct netsctp__judgement *out) {
  enum { WHOLE_AND_UNORDERED = 7 };
  if (chunk[0] == DATA || chunk[0] == I_DATA)
    out->has_data = true;
  if (chunk[0] == DATA) {
    if (u32(chunk + 4) == 0 && (chunk[1] & 7) == WHOLE_AND_UNORDERED)
      out->tsn_zero_stream = u16(chunk + 8);
  } else if (chunk[0] == ASCONF) {
    out->has_asconf = out->changes_paths = true;
  } else if (chunk[0] == COOKIE_ECHO || chunk[0] == INIT_ACK) {
    out->changes_paths = true;
  } else if (chunk[0] == FORWARD_TSN) {
    out->skips = true;
  } else if (chunk[0] == COOKIE_ACK) {
    out->has_cookie_ack = true;
  } else if ((chunk[0] == SHUTDOWN || chunk[0] == SHUTDOWN_ACK) &&
             !out->has_data) { /* behind DATA it is ignored */
    out->shutdown = chunk[0];
  }
}

struct netsctp__judgement netsctp__guard_judge(uint8_t *packet,
                                               uint32_t length) {
  struct netsctp__judgement out = {.verdict = NETSCTP__DROP,
                                   .tsn_zero_stream = -1};
  unsigned control_chunks = 0;
  if (length < HEADER + HEAD || u16(packet) == 0 || u16(packet + 2) == 0)
    return out;
  const bool is_init = packet[HEADER] == INIT;
  if (is_init != (u32(packet + 4) == 0)) /* section 8.5.1 */
    return out;
  for (uint32_t at = HEADER; at < length;) {
    uint8_t *chunk = packet + at;
    if (length - at < HEAD)
      return out;
    const uint32_t size = u16(chunk + 2);
    if (size < HEAD || padded(size) > length - at)
      return out;
    if (stands_alone(chunk[0]) &&
        (at != HEADER || padded(size) != length - HEADER))
      return out;
    if (is_init) {
      if (!is_length_of_chunk(INIT, size) || u32(chunk + 4) == 0)
        return out; /* without a tag its sender cannot be told */
      out.cause = fault_of_init(chunk, size);
      out.verdict = out.cause ? NETSCTP__REFUSE : NETSCTP__PASS;
      return out;
    }
    if (!is_chunk(chunk, size))
      return out;
    if (chunk[0] != DATA && chunk[0] != I_DATA &&
        ++control_chunks > MOST_CONTROL_CHUNKS)
      return out;
    note(chunk, &out);
    at += padded(size);
  }
  out.verdict = NETSCTP__PASS;
  return out;
}

void netsctp__guard_refuse(const uint8_t *packet, uint16_t cause,
                           uint8_t out[NETSCTP__REFUSAL_BYTES]) {
  const uint8_t chunk[] = {
      ABORT, 0, 0, HEAD * 2, (uint8_t)(cause >> 8), (uint8_t)cause, 0, HEAD};
  memcpy(out, packet + 2, 2);                 /* from the port it went to */
  memcpy(out + 2, packet, 2);                 /* to the one it came from */
  memcpy(out + 4, packet + HEADER + HEAD, 4); /* its own tag, section 8.5.1 */
  memset(out + 8, 0, 4);
  memcpy(out + HEADER, chunk, sizeof chunk);
}
