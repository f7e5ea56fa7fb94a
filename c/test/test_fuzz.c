/* A short run of the fuzz program (c/fuzz), with a seed of its own: longer ones
 * are `make -C c fuzz`. It is built beside the tests by `make sanitize`. */
#include "udp.h"

#include <sys/wait.h>
#include <unistd.h>

USERSPACE_TEST(twenty_thousand_packets) {
  char program[4096];
  const ssize_t length =
      readlink("/proc/self/exe", program, sizeof program - 8);
  CHECK(length > 0);
  program[length] = 0;
  strcpy(strrchr(program, '/'), "/fuzz");
  if (access(program, X_OK) != 0)
    skip("the fuzz program is built by make sanitize only");
  const pid_t child = fork();
  if (child == 0) {
    execl(program, program, "--packets", "20000", "--seed", "1", "--corpus",
          "../fuzz/corpus.txt", (char *)NULL);
    _exit(127);
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child);
  EQUAL(status, 0);
}
