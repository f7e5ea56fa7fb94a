/* Prints what sctp_options.def has as JSON, a line each, for
 * tools/gen_options.ts. */
#include <ctype.h>
#include <stdio.h>

#include "sctp_shim.h"

static void print(const char *key, const char *word) {
  printf(", \"%s\": \"", key);
  for (; *word; word++)
    putchar(tolower((unsigned char)*word));
  putchar('"');
}

int main(void) {
#define OPTION(name, path, kind, least, most, when, scope, stacks)             \
  printf("{\"name\": \"%s\", \"number\": %d, \"path\": \"%s\", "               \
         "\"least\": %d, \"most\": %d",                                        \
         #name, NETSCTP_OPTION_##name, path, least, most);                     \
  print("kind", #kind), print("when", #when), print("scope", #scope);          \
  print("stacks", #stacks), puts("}");
#define FEATURE(path, stacks, cure)                                            \
  printf("{\"path\": \"%s\", \"cure\": \"%s\"", path, cure);                   \
  print("stacks", #stacks), puts("}");
#include "sctp_options.def"
  return ferror(stdout) || fflush(stdout);
}
