/* Short runs of the fuzz program (c/fuzz), with a seed of their own: longer
 * ones are `make -C c fuzz`. It is built beside the tests by `make sanitize`.
 */
#include "udp.h"

#include <unistd.h>

enum { MOST = 4096 };

/* What it says, up to how long it took. */
static void run_fuzz(int packets, char out[MOST]) {
  char program[MOST], command[MOST + 100];
  const ssize_t length =
      readlink("/proc/self/exe", program, sizeof program - 8);
  CHECK(length > 0);
  program[length] = 0;
  strcpy(strrchr(program, '/'), "/fuzz");
  if (access(program, X_OK) != 0)
    skip("the fuzz program is built by make sanitize only");
  snprintf(command, sizeof command,
           "'%s' --packets %d --seed 1 --corpus ../fuzz/corpus.txt 2>&1",
           program, packets);
  FILE *said = popen(command, "r");
  CHECK(said);
  out[fread(out, 1, MOST - 1, said)] = 0;
  const int status = pclose(said);
  char *end = strstr(out, "the slowest");
  if (status != 0 || !end)
    fail(__FILE__, __LINE__, "fuzz ended with %d: %s", status, out);
  *end = 0;
}

USERSPACE_TEST(twenty_thousand_packets) {
  char said[MOST];
  run_fuzz(20000, said);
}

/* Whatever was found can be looked at again. */
USERSPACE_TEST(a_seed_gives_the_same_packets_again) {
  char once[MOST], again[MOST];
  run_fuzz(2000, once);
  run_fuzz(2000, again);
  if (strcmp(once, again) != 0)
    fail(__FILE__, __LINE__, "%sis not\n%s", once, again);
}
