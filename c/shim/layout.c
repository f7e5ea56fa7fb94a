/* The layout as a table and as text, and the hash of that text. Linked into
 * the shared objects and into layout_dump, so that what was generated and what
 * was loaded can be compared. */
#include "shim/layout.h"

#include <stdio.h>

#include "sctp_shim.h"

const struct netsctp__layout_entry netsctp__layout[] = {
#define ENUM_BEGIN(name) {NETSCTP__LAYOUT_ENUM, #name, 0, 0, ""},
#define ENUM_VALUE(name, value, number)                                        \
  {NETSCTP__LAYOUT_VALUE, #value, number, 0, ""},
#define RECORD_BEGIN(name)                                                     \
  {NETSCTP__LAYOUT_RECORD, #name, sizeof(struct netsctp_##name), 0, ""},
#define FIELD(name, type, field)                                               \
  {NETSCTP__LAYOUT_FIELD, #field, offsetof(struct netsctp_##name, field),      \
   sizeof(((struct netsctp_##name *)0)->field), #type},
#define ARRAY_FIELD(name, type, field, count) FIELD(name, type, field)
#include "sctp_records.def"
    {NETSCTP__LAYOUT_ENUM, "OPTION", 0, 0, ""},
#define OPTION(name, ...)                                                      \
  {NETSCTP__LAYOUT_VALUE, #name, NETSCTP_OPTION_##name, 0, ""},
#include "sctp_options.def"
};

const size_t netsctp__layout_count =
    sizeof netsctp__layout / sizeof netsctp__layout[0];

int netsctp__layout_line(const struct netsctp__layout_entry *entry,
                         char out[NETSCTP__LAYOUT_LINE]) {
  static const char *const kinds[] = {"enum", "value", "record", "field"};
  return snprintf(out, NETSCTP__LAYOUT_LINE, "%s %s %u %u %s\n",
                  kinds[entry->kind], entry->name, entry->a, entry->b,
                  entry->type);
}

uint32_t netsctp_layout_hash(void) {
  uint32_t hash = 2166136261u; /* FNV-1a, 32 bits */
  for (size_t i = 0; i < netsctp__layout_count; i++) {
    char line[NETSCTP__LAYOUT_LINE];
    int length = netsctp__layout_line(&netsctp__layout[i], line);
    for (int at = 0; at < length; at++)
      hash = (hash ^ (uint8_t)line[at]) * 16777619u;
  }
  return hash;
}
