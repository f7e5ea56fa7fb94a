/* Prints core/shim/layout.gen.ts: what the compiler made of sctp_records.def.
 */
#include <ctype.h>
#include <stdio.h>

#include "sctp_shim.h"
#include "shim/layout.h"

static void print_upper(const char *name) {
  for (; *name; name++)
    putchar(toupper((unsigned char)*name));
}

static void open_object(const struct netsctp__layout_entry *entry) {
  printf("\nexport const ");
  print_upper(entry->name);
  if (entry->kind == NETSCTP__LAYOUT_RECORD)
    printf("_RECORD = {\n  SIZE: %u,\n", entry->a);
  else
    printf(" = {\n");
}

int main(void) {
  printf(
      "// GENERATED from c/sctp_records.def by c/shim/layout_dump.c: do not "
      "edit,\n"
      "// run tools/gen_layout instead. Byte offsets of every record and the\n"
      "// number of every enum value that crosses the FFI.\n\n"
      "/** The shared library must answer this from netsctp_layout_hash(). */\n"
      "export const LAYOUT_HASH = 0x%08x;\n\n"
      "/** Records in a batch start at a multiple of this. */\n"
      "export const ALIGN = %u;\n",
      netsctp_layout_hash(), NETSCTP_ALIGN);

  int is_open = 0;
  for (size_t i = 0; i < netsctp__layout_count; i++) {
    const struct netsctp__layout_entry *entry = &netsctp__layout[i];
    if (entry->kind == NETSCTP__LAYOUT_VALUE ||
        entry->kind == NETSCTP__LAYOUT_FIELD) {
      printf("  %s: %u,\n", entry->name, entry->a);
      continue;
    }
    if (is_open)
      printf("} as const;\n");
    open_object(entry);
    is_open = 1;
  }
  if (is_open)
    printf("} as const;\n");
  return ferror(stdout) || fflush(stdout);
}
