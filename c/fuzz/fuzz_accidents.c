#include "fuzz.h"

#include <string.h>

#include "fuzz_bytes.h"

enum { HEADER = 12 };

void packets_alter(struct packet *p) {
  if (p->length <= HEADER + 4)
    return;
  const uint32_t at = HEADER + chance(p->length - HEADER - 3);
  switch (chance(9)) {
  case 0: /* torn */
    p->length = HEADER + chance(p->length - HEADER);
    break;
  case 1: /* longer */
    for (uint32_t more = 1 + chance(40); more > 0; more--)
      if (p->length < MOST_BYTES)
        p->bytes[p->length++] = (uint8_t)chance(256);
    break;
  case 2: /* another chunk */
    p->bytes[HEADER + chance(4)] = (uint8_t)chance(256);
    break;
  case 3: /* a small number, perhaps a length */
    write_u16(p->bytes + (at & ~1u), chance(24));
    break;
  case 4: /* a large one */
    write_u16(p->bytes + (at & ~1u), 65535 - chance(4));
    break;
  case 5: /* a part of it twice */
  {
    const uint32_t piece = at & ~3u, length = p->length - piece;
    if (p->length + length <= MOST_BYTES) {
      memcpy(p->bytes + p->length, p->bytes + piece, length);
      p->length += length;
    }
    break;
  }
  default:
    for (uint32_t times = 1 + chance(4); times > 0; times--)
      p->bytes[HEADER + chance(p->length - HEADER)] = (uint8_t)chance(256);
  }
}
