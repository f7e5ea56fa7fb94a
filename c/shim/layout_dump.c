/* Prints what tools/gen_layout.ts makes core/shim/records.gen.ts from: the
 * layout as text, before it the hash of that text, behind it the RFCs' names.
 */
#include <stdio.h>

#include "sctp_shim.h"
#include "shim/layout.h"

int main(void) {
  printf("hash 0x%08x\nalign %u\n", netsctp_layout_hash(), NETSCTP_ALIGN);
  char line[NETSCTP__LAYOUT_LINE];
  for (size_t i = 0; netsctp__layout_line(i, line) > 0; i++)
    fputs(line, stdout);
#define RFC_VALUE(name, value, number, rfc)                                    \
  puts("rfc " #name " " #value " " #rfc);
#define RFC_STRUCT(type, member, section)                                      \
  puts("struct " #type " " #member " " section);
#define RFC_FIELD(rfc, field) puts("member " #rfc " " #field);
#include "sctp_records.def"
  return ferror(stdout) || fflush(stdout);
}
