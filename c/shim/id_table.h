/* Things with numbers of 31 bits, in memory that never moves and is never
 * freed.
 *
 * A number is generation << 20 | index. Looking one up takes no lock, because
 * memory is only ever added: a stale number finds a thing whose number has
 * become another one. Things that were closed queue up, and at least
 * NETSCTP__ID_SPARE of them wait before the oldest is used again, so a number
 * comes back only after some two million more were opened. */
#ifndef NETSCTP_ID_TABLE_H
#define NETSCTP_ID_TABLE_H

#include <stddef.h>
#include <stdint.h>

#define NETSCTP__ID_SPARE 1024u
#define NETSCTP__ID_CHUNK 256u
#define NETSCTP__ID_MOST (1u << 20)

struct netsctp__id_table {
  size_t size;   /* of a thing, whose first member is its uint32_t number */
  uint32_t most; /* how many there can be */
  uint32_t used; /* places that were ever handed out */
  uint32_t free_count, free_first, free_last;
  void **chunks; /* of NETSCTP__ID_CHUNK things each, NULL: not yet */
};

/* A table of at most so many. */
#define NETSCTP__ID_TABLE(name, type, count)                                   \
  static void                                                                  \
      *name##_chunks[((count) + NETSCTP__ID_CHUNK - 1) / NETSCTP__ID_CHUNK];   \
  static struct netsctp__id_table name = {                                     \
      .size = sizeof(type), .most = (count), .chunks = name##_chunks}

/* The thing of a number, NULL if it is stale. Any thread. */
void *netsctp__id_find(const struct netsctp__id_table *, uint32_t number);

/* The others are called with a lock of the caller's held. */

/* A fresh thing, zero but for its number; NULL: there are as many as there can
 * be, or no memory. */
void *netsctp__id_open(struct netsctp__id_table *);
void netsctp__id_close(struct netsctp__id_table *, void *thing);
/* The thing at a place below `used`, NULL: it is closed. */
void *netsctp__id_at(const struct netsctp__id_table *, uint32_t index);

#endif
