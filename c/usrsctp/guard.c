/* See usrsctp/guard.h. Sections are RFC 9260's unless another is named. */
#include "usrsctp/guard.h"

#include <string.h>

#define HEADER 12u /* ports, verification tag, checksum */
#define HEAD 4u    /* of a chunk, a parameter, an error cause */

/* No peer that means well exceeds these. Each is a walk or an allocation of
 * usrsctp's that grows with the number, or with its square. */
#define MOST_CONTROL_CHUNKS 128u
#define MOST_PARAMETERS 128u
#define MOST_ADDRESSES 64u
#define LONGEST_INIT 4096u
/* Of a SACK, if they are not in order: each is looked for from the front. */
#define MOST_SCATTERED_GAPS 64u

enum chunk_type {
  DATA = 0,
  INIT = 1,
  INIT_ACK = 2,
  SACK = 3,
  HEARTBEAT = 4,
  HEARTBEAT_ACK = 5,
  ABORT = 6,
  SHUTDOWN = 7,
  SHUTDOWN_ACK = 8,
  ERROR = 9,
  COOKIE_ECHO = 10,
  COOKIE_ACK = 11,
  ECNE = 12,
  CWR = 13,
  SHUTDOWN_COMPLETE = 14,
  AUTH = 15,           /* RFC 4895 */
  NR_SACK = 16,        /* draft-natarajan-tsvwg-sctp-nrsack */
  I_DATA = 64,         /* RFC 8260 */
  ASCONF_ACK = 128,    /* RFC 5061 */
  PKTDROP = 129,       /* draft-stewart-sctp-pktdrprep */
  RE_CONFIG = 130,     /* RFC 6525 */
  FORWARD_TSN = 192,   /* RFC 3758 */
  ASCONF = 193,        /* RFC 5061 */
  I_FORWARD_TSN = 194, /* RFC 8260 */
};

enum parameter_type {
  HEARTBEAT_INFO = 1,
  IPV4_ADDRESS = 5,
  IPV6_ADDRESS = 6,
  STATE_COOKIE = 7,
  COOKIE_PRESERVATIVE = 9,
  SUPPORTED_ADDRESS_TYPES = 12,
  OUTGOING_RESET = 13,
  INCOMING_RESET = 14,
  TSN_RESET = 15,
  RECONFIGURATION_RESPONSE = 16,
  ADD_OUTGOING_STREAMS = 17,
  ADD_INCOMING_STREAMS = 18,
  ECN_CAPABLE = 0x8000,
  RANDOM = 0x8002,
  CHUNK_LIST = 0x8003,
  HMAC_ALGORITHMS = 0x8004,
  PADDING = 0x8005,
  SUPPORTED_EXTENSIONS = 0x8008,
  FORWARD_TSN_SUPPORTED = 0xc000,
  ADD_ADDRESS = 0xc001,
  DELETE_ADDRESS = 0xc002,
  ERROR_CAUSE_INDICATION = 0xc003,
  SET_PRIMARY_ADDRESS = 0xc004,
  SUCCESS_INDICATION = 0xc005,
  ADAPTATION_INDICATION = 0xc006,
  NAT_SUPPORT = 0xc007 /* draft-ietf-tsvwg-natsupp; usrsctp's alone */
};

enum cause {
  OUT_OF_RESOURCE = 4,
  INVALID_PARAMETER = 7,
  PROTOCOL_VIOLATION = 13
};

static uint16_t u16(const uint8_t *at) {
  return (uint16_t)(at[0] << 8 | at[1]);
}
static uint32_t u32(const uint8_t *at) {
  return (uint32_t)u16(at) << 16 | u16(at + 2);
}
static uint32_t padded(uint32_t length) { return (length + 3) & ~3u; }

static bool is_multiple(uint32_t length, uint32_t fixed, uint32_t each) {
  return length >= fixed && (length - fixed) % each == 0;
}

/* ------------------------------------------------------------- parameters */

/* Whether a parameter of this type can be so long, its head included. */
static bool is_length(uint16_t type, uint32_t length) {
  switch (type) {
  case IPV4_ADDRESS:
  case COOKIE_PRESERVATIVE:
  case TSN_RESET:
  case SUCCESS_INDICATION:
  case ADAPTATION_INDICATION:
    return length == 8;
  case IPV6_ADDRESS:
    return length == 20;
  case ECN_CAPABLE:
  case FORWARD_TSN_SUPPORTED:
    return length == HEAD;
  case STATE_COOKIE:
    return length > HEAD;
  case SUPPORTED_ADDRESS_TYPES:
  case HMAC_ALGORITHMS:
    return is_multiple(length, HEAD, 2);
  case RANDOM: /* RFC 4895 section 3.1 */
    return length == HEAD + 32;
  case CHUNK_LIST:
  case SUPPORTED_EXTENSIONS:
    return length <= HEAD + 256;
  case OUTGOING_RESET:
    return is_multiple(length, 16, 2);
  case INCOMING_RESET:
    return is_multiple(length, 8, 2);
  case RECONFIGURATION_RESPONSE:
    return length == 12 || length == 20;
  case ADD_OUTGOING_STREAMS:
  case ADD_INCOMING_STREAMS:
    return length == 12;
  case ERROR_CAUSE_INDICATION:
    return length >= 8;
  default:
    return true;
  }
}

/* An address alone, as ASCONF has it: `length` is all there is for it. */
static bool is_address(const uint8_t *at, uint32_t length) {
  if (length < HEAD)
    return false;
  const uint16_t type = u16(at), size = u16(at + 2);
  return (type == IPV4_ADDRESS || type == IPV6_ADDRESS) &&
         is_length(type, size) && size <= length;
}

static bool is_unspecified(const uint8_t *address) {
  const uint32_t length = u16(address + 2);
  for (uint32_t i = HEAD; i < length; i++)
    if (address[i] != 0)
      return false;
  return true;
}

/* What usrsctp's unfinished support of NAT goes by: it answers the first with
 * another tag, and the second with an ASCONF whose acknowledgement makes it
 * read at address 0. */
enum nat_cause { NAT_COLLIDING_STATE = 0xb0, NAT_MISSING_STATE = 0xb1 };

/* Error causes, which have a parameter's shape. */
static bool are_causes(uint8_t *at, uint32_t length) {
  while (length > 0) {
    if (length < HEAD)
      return false;
    const uint16_t code = u16(at);
    const uint32_t size = u16(at + 2);
    if (size < HEAD || size > length)
      return false;
    if (code == NAT_COLLIDING_STATE || code == NAT_MISSING_STATE)
      at[1] = 0; /* the cause 0 is nobody's */
    const uint32_t step = padded(size);
    if (step >= length)
      return true;
    at += step;
    length -= step;
  }
  return true;
}

/* One parameter of an ASCONF: a correlation, then an address (RFC 5061 section
 * 4.2); of its acknowledgement, causes perhaps. */
static bool is_asconf_parameter(uint8_t *at, uint16_t type, uint32_t size) {
  switch (type) {
  case ADD_ADDRESS:
  case DELETE_ADDRESS:
  case SET_PRIMARY_ADDRESS:
    return size >= 8 && is_address(at + 8, size - 8);
  case ERROR_CAUSE_INDICATION:
    return are_causes(at + 8, size - 8);
  default:
    return size >= 8;
  }
}

struct parameters {
  unsigned count, addresses;
  bool is_of_asconf; /* each has a correlation */
};

/* Walks all parameters to the end of a chunk. */
static bool are_parameters(uint8_t *at, uint32_t length,
                           struct parameters *found) {
  while (length > 0) {
    if (length < HEAD)
      return false;
    const uint16_t type = u16(at);
    const uint32_t size = u16(at + 2);
    if (size < HEAD || size > length || !is_length(type, size))
      return false;
    if (found->is_of_asconf && !is_asconf_parameter(at, type, size))
      return false;
    found->count++;
    if (type == IPV4_ADDRESS || type == IPV6_ADDRESS)
      found->addresses++;
    if (type == NAT_SUPPORT) {
      at[0] = PADDING >> 8;
      at[1] = PADDING & 255;
    }
    const uint32_t step = padded(size);
    if (step >= length)
      break;
    at += step;
    length -= step;
  }
  return found->count <= MOST_PARAMETERS;
}

static bool are_plain_parameters(uint8_t *at, uint32_t length) {
  struct parameters found = {0};
  return are_parameters(at, length, &found);
}

static bool are_asconf_parameters(uint8_t *at, uint32_t length) {
  struct parameters found = {.is_of_asconf = true};
  return are_parameters(at, length, &found);
}

/* ----------------------------------------------------------------- chunks */

static struct netsctp__judgement refuse(uint16_t cause) {
  return (struct netsctp__judgement){.verdict = NETSCTP__REFUSE,
                                     .cause = cause};
}

static bool is_mandatory_part_valid(const uint8_t *chunk) {
  return u32(chunk + 8) >= 1500 && u16(chunk + 12) != 0 && u16(chunk + 14) != 0;
}

/* INIT (section 3.3.2): what is wrong with it is told to its sender alone, and
 * changes no association. Without a tag nothing can be told. */
static struct netsctp__judgement judge_init(uint8_t *chunk, uint32_t length) {
  struct netsctp__judgement drop = {.verdict = NETSCTP__DROP,
                                    .tsn_zero_stream = -1};
  struct parameters found = {0};
  if (length < 20 || u32(chunk + 4) == 0)
    return drop;
  if (!is_mandatory_part_valid(chunk))
    return refuse(INVALID_PARAMETER);
  if (length > LONGEST_INIT)
    return refuse(OUT_OF_RESOURCE);
  if (!are_parameters(chunk + 20, length - 20, &found))
    return refuse(found.count > MOST_PARAMETERS ? OUT_OF_RESOURCE
                                                : PROTOCOL_VIOLATION);
  if (found.addresses > MOST_ADDRESSES)
    return refuse(OUT_OF_RESOURCE);
  return (struct netsctp__judgement){.verdict = NETSCTP__PASS,
                                     .tsn_zero_stream = -1};
}

/* INIT ACK (section 3.3.3): its mandatory fields are the association's to
 * judge, which ends if it waits for one and gets that. */
static bool is_init_ack(uint8_t *chunk, uint32_t length) {
  struct parameters found = {0};
  return length >= 20 && are_parameters(chunk + 20, length - 20, &found) &&
         found.addresses <= MOST_ADDRESSES;
}

/* SACK and NR-SACK: `fixed` bytes, then blocks of gaps, then duplicates. */
static bool is_sack(const uint8_t *chunk, uint32_t length, uint32_t fixed,
                    uint32_t gaps, uint32_t duplicates) {
  if (length < fixed || length - fixed != (gaps + duplicates) * 4)
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

static bool is_any_sack(const uint8_t *chunk, uint32_t length) {
  if (chunk[0] == SACK)
    return length >= 16 &&
           is_sack(chunk, length, 16, u16(chunk + 12), u16(chunk + 14));
  return length >= 20 &&
         is_sack(chunk, length, 20, u16(chunk + 12) + u16(chunk + 14),
                 u16(chunk + 16));
}

/* RFC 5061 section 4.1.1: a serial, the address by which the association is
 * found, then what to do. */
static bool is_asconf(uint8_t *chunk, uint32_t length) {
  /* "Look for it by the tag" is an address of 0, which a receiver need not
   * heed. usrsctp counts the references to the wrong endpoint then. */
  if (length < 8 || !is_address(chunk + 8, length - 8) ||
      is_unspecified(chunk + 8))
    return false;
  const uint32_t address = u16(chunk + 10);
  return are_asconf_parameters(chunk + 8 + address, length - 8 - address);
}

/* Whether a chunk that stands whole in its packet is well-formed, but for INIT.
 * A type that is not known here is RFC 9260's to treat: section 3.2. */
static bool is_chunk(uint8_t *chunk, uint32_t length) {
  switch (chunk[0]) {
  case DATA: /* one without user data is the stack's to answer: section 6.2 */
    return length >= 16;
  case I_DATA:
    return length >= 20;
  case SACK:
  case NR_SACK:
    return is_any_sack(chunk, length);
  case INIT_ACK:
    return is_init_ack(chunk, length);
  case HEARTBEAT:
  case HEARTBEAT_ACK:
    return length >= 8 && u16(chunk + 4) == HEARTBEAT_INFO &&
           are_plain_parameters(chunk + 4, length - 4);
  case ABORT:
  case ERROR:
    return are_causes(chunk + 4, length - 4);
  case SHUTDOWN:
  case CWR:
    return length == 8;
  case SHUTDOWN_ACK:
  case COOKIE_ACK:
  case SHUTDOWN_COMPLETE:
    return length == HEAD;
  case COOKIE_ECHO:
    return length > HEAD;
  case ECNE: /* with the number of packets, as usrsctp has it, or without */
    return length == 8 || length == 12;
  case AUTH:
    return length > 8 && length <= 8 + 64;
  case ASCONF:
    return is_asconf(chunk, length);
  case ASCONF_ACK:
    return length >= 8 && are_asconf_parameters(chunk + 8, length - 8);
  case RE_CONFIG:
    return length > HEAD && are_plain_parameters(chunk + 4, length - 4);
  case PKTDROP:
    return length >= 16;
  case FORWARD_TSN:
    return is_multiple(length, 8, 4);
  case I_FORWARD_TSN:
    return is_multiple(length, 8, 8);
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
    if (is_init)
      return judge_init(chunk, size);
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
