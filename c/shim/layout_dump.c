/* Prints what tools/gen_layout.ts makes core/shim/records.gen.ts from: the
 * layout as text, and before it the hash of that text. */
#include <stdio.h>

#include "sctp_shim.h"
#include "shim/layout.h"

int main(void) {
  printf("hash 0x%08x\nalign %u\n", netsctp_layout_hash(), NETSCTP_ALIGN);
  for (size_t i = 0; i < netsctp__layout_count; i++) {
    char line[NETSCTP__LAYOUT_LINE];
    netsctp__layout_line(&netsctp__layout[i], line);
    fputs(line, stdout);
  }
  return ferror(stdout) || fflush(stdout);
}
