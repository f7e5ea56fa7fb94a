#ifndef NETSCTP_FUZZ_CHUNKS_H
#define NETSCTP_FUZZ_CHUNKS_H

#include "fuzz.h"

/* INIT or INIT ACK, with parameters. */
void chunks_init(struct packet *, uint32_t type, uint32_t tag, uint32_t tsn);
/* Any other chunk, for this way. */
void chunks_any(struct packet *, struct way *);

#endif
