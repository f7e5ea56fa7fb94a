/* run_tests LIBRARY [NAME...]: runs all tests, or those whose name contains
 * one of the words. Last line: "N passed, N failed", ", N skipped" if any. */
#include "harness.h"

#include <dirent.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* A test that hangs is ended after so many SECONDS; a sanitizer on a machine
 * that others load needs far longer than the test alone. */
#ifdef __SANITIZE_ADDRESS__
enum { SECONDS = 600 };
#else
enum { SECONDS = 60 };
#endif
enum { PASSED = 0, FAILED = 1, SKIPPED = 77 };

struct api sctp;
static struct test *first, **last = &first;
static const char *label = "kernel";
/* Shared with the processes of the tests, as they cannot return it. */
static struct {
  char reason[512];
  bool no_sockets;
} * skipped_for;

void add_test(struct test *test) {
  *last = test;
  last = &test->next;
}

void fail(const char *file, int line, const char *format, ...) {
  va_list arguments;
  uint8_t why[400] = {0};
  va_start(arguments, format);
  printf("  %s:%d: ", file, line);
  vprintf(format, arguments);
  if (sctp.explain && sctp.explain(why, sizeof why - 1) > 0)
    printf("\n  explanation: %s", why);
  printf("\n");
  va_end(arguments);
  fflush(stdout);
  _exit(FAILED);
}

void skip(const char *reason) {
  snprintf(skipped_for->reason, sizeof skipped_for->reason, "%s", reason);
  fflush(stdout);
  _exit(SKIPPED);
}

bool is_kernel(void) { return sctp.stack() == NETSCTP_STACK_KERNEL; }

struct netsctp_counters counters(void) {
  struct netsctp_counters now;
  EQUAL(sctp.counters((uint8_t *)&now, sizeof now), 0);
  return now;
}

int open_descriptors(void) {
  DIR *directory = opendir("/proc/self/fd");
  int count = 0;
  CHECK(directory);
  while (readdir(directory))
    count++;
  closedir(directory);
  return count;
}

static void load(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library)
    fail(__FILE__, __LINE__, "%s", dlerror());
#define X(name)                                                                \
  if (!(*(void **)&sctp.name = dlsym(library, "netsctp_" #name)))              \
    fail(__FILE__, __LINE__, "%s", dlerror());
  EXPORTS(X)
#undef X
}

/* The library with the options of rows/ lies in a folder of its own. */
static void load_rows(const char *path) {
  const char *slash = strrchr(path, '/');
  const int folder = slash ? (int)(slash - path) + 1 : 0;
  char other[4096];
  snprintf(other, sizeof other, "%.*srows/%s", folder, path, path + folder);
  if (access(other, R_OK) < 0)
    skip("there is no library with the rows of c/test/rows (make -C c rows)");
  load(other);
}

static void run_here(const struct test *test, const char *path) {
  alarm(SECONDS); /* SIGALRM ends a test that hangs */
  if (test->needs_rows)
    load_rows(path);
  else
    load(path);
  int result = test->needs_sockets ? sctp.probe() : 0;
  if (result < 0) {
    char why[400] = {0};
    sctp.explain((uint8_t *)why, sizeof why - 1);
    snprintf(skipped_for->reason, sizeof skipped_for->reason, "%s (%s)",
             strerror(-result), why);
    skipped_for->no_sockets = true;
    _exit(SKIPPED);
  }
  test->run();
  fflush(stdout);
}

/* Whether the process ended well; exit() lets a leak checker have its say. */
static int run(const struct test *test, const char *path) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    run_here(test, path);
    exit(PASSED);
  }
  int status;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return FAILED;
  if (WIFSIGNALED(status)) {
    printf("  ended by signal %d (%s)\n", WTERMSIG(status),
           WTERMSIG(status) == SIGALRM ? "out of time"
                                       : strsignal(WTERMSIG(status)));
    return FAILED;
  }
  return WEXITSTATUS(status);
}

static bool is_wanted(const struct test *test, char **words) {
  bool wanted = !*words;
  for (; *words; words++)
    wanted |= strstr(test->name, *words) != NULL;
  return wanted;
}

int main(int count, char **arguments) {
  int passed = 0, failed = 0, skipped = 0;
  if (count < 2) {
    fprintf(stderr, "usage: run_tests LIBRARY [NAME...]\n");
    return 2;
  }
  if (strstr(arguments[1], "userspace"))
    label = "userspace";
  skipped_for = mmap(NULL, sizeof *skipped_for, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  for (const struct test *test = first; test; test = test->next) {
    if (!is_wanted(test, arguments + 2))
      continue;
    int result = run(test, arguments[1]);
    if (result == SKIPPED) {
      skipped++;
      if (!skipped_for->no_sockets)
        printf("SKIP %s: %s: %s\n", label, test->name, skipped_for->reason);
      continue;
    }
    printf("%s %s: %s\n", result == PASSED ? "ok" : "FAILED", label,
           test->name);
    if (result == PASSED)
      passed++;
    else
      failed++;
  }
  if (skipped_for->no_sockets)
    printf("SKIP %s: all tests that need sockets: %s\n", label,
           skipped_for->reason);
  printf("%d passed, %d failed", passed, failed);
  if (skipped)
    printf(", %d skipped", skipped);
  printf("\n");
  return failed != 0;
}
