/* The layout of every enum and record, as the compiler chose it. */
#ifndef NETSCTP_LAYOUT_H
#define NETSCTP_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

enum netsctp__layout_kind {
  NETSCTP__LAYOUT_ENUM,   /* a: unused */
  NETSCTP__LAYOUT_VALUE,  /* a: its number */
  NETSCTP__LAYOUT_RECORD, /* a: its size */
  NETSCTP__LAYOUT_FIELD,  /* a: its offset, b: its size */
};

/* Values and fields follow the enum or record they belong to. */
struct netsctp__layout_entry {
  enum netsctp__layout_kind kind;
  const char *name;
  uint32_t a;
  uint32_t b;
  const char *type; /* of a field, as it is declared; else "" */
};

extern const struct netsctp__layout_entry netsctp__layout[];
extern const size_t netsctp__layout_count;

/* Writes one entry as a line of text ("field ppid 12 4 uint32_t\n"); returns
 * its length. The text of all entries in order is what the hash is of. */
#define NETSCTP__LAYOUT_LINE 96
int netsctp__layout_line(const struct netsctp__layout_entry *,
                         char out[NETSCTP__LAYOUT_LINE]);

#endif
