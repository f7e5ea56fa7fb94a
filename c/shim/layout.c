/* The layout as a table and as text, and the hash of that text. Linked into
 * the shared objects and into layout_dump, so that what was generated and what
 * was loaded can be compared. */
#include "shim/layout.h"

#include <stdio.h>

#include "sctp_shim.h"

static const struct {
  const char *kind, *name;
  uint32_t number; /* of a value; a record's size, or a field's offset */
  uint32_t size;   /* of a field */
  const char *type;
} layout[] = {
#define ENUM_BEGIN(name) {"enum", #name, 0, 0, ""},
#define ENUM_VALUE(name, value, number) {"value", #value, number, 0, ""},
#define RECORD_BEGIN(name)                                                     \
  {"record", #name, sizeof(struct netsctp_##name), 0, ""},
#define FIELD(name, type, field)                                               \
  {"field", #field, offsetof(struct netsctp_##name, field),                    \
   sizeof(((struct netsctp_##name *)0)->field), #type},
#define ARRAY_FIELD(name, type, field, count) FIELD(name, type, field)
#include "sctp_records.def"
    {"enum", "OPTION", 0, 0, ""},
#define OPTION(name, ...) {"value", #name, NETSCTP_OPTION_##name, 0, ""},
#include "sctp_options.def"
};

int netsctp__layout_line(size_t index, char out[NETSCTP__LAYOUT_LINE]) {
  if (index >= sizeof layout / sizeof layout[0])
    return 0;
  return snprintf(out, NETSCTP__LAYOUT_LINE, "%s %s %u %u %s\n",
                  layout[index].kind, layout[index].name, layout[index].number,
                  layout[index].size, layout[index].type);
}

uint32_t netsctp_layout_hash(void) {
  uint32_t hash = 2166136261u; /* FNV-1a, 32 bits */
  char line[NETSCTP__LAYOUT_LINE];
  for (size_t i = 0; netsctp__layout_line(i, line) > 0; i++)
    for (const char *at = line; *at; at++)
      hash = (hash ^ (uint8_t)*at) * 16777619u;
  return hash;
}
