/* Numbers as they are in packets. */
#ifndef NETSCTP_USRSCTP_WIRE_H
#define NETSCTP_USRSCTP_WIRE_H

#include <stdint.h>

static inline uint16_t u16(const uint8_t *at) {
  return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t u32(const uint8_t *at) {
  return (uint32_t)u16(at) << 16 | u16(at + 2);
}

/* Chunks and parameters begin at multiples of 4. */
static inline uint32_t padded(uint32_t length) { return (length + 3) & ~3u; }

#endif
