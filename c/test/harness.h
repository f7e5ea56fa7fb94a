/* A test is a function that runs in a process of its own, with the library
 * freshly loaded, for at most a minute. The same tests run over either stack.
 *
 *   TEST(name) { CHECK(...); }      needs no socket
 *   SOCKET_TEST(name) { ... }       skipped where the stack cannot open one
 *   ROWS_TEST(name) { ... }         the same, with the options of rows/
 */
#ifndef NETSCTP_TEST_HARNESS_H
#define NETSCTP_TEST_HARNESS_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sctp_shim.h"

/* Every exported function, so that the tests go through dlsym() as a foreign
 * function interface does. */
#define EXPORTS(X)                                                             \
  X(layout_hash)                                                               \
  X(stack)                                                                     \
  X(probe)                                                                     \
  X(supports)                                                                  \
  X(explain)                                                                   \
  X(failed_local)                                                              \
  X(lacking_option)                                                            \
  X(error_name)                                                                \
  X(counters)                                                                  \
  X(loop_open)                                                                 \
  X(loop_ref)                                                                  \
  X(loop_socket)                                                               \
  X(loop_close)                                                                \
  X(take)                                                                      \
  X(listen)                                                                    \
  X(connect)                                                                   \
  X(accept)                                                                    \
  X(receive)                                                                   \
  X(send)                                                                      \
  X(send_one)                                                                  \
  X(shutdown)                                                                  \
  X(close)                                                                     \
  X(abort)                                                                     \
  X(addresses)                                                                 \
  X(status)                                                                    \
  X(statistics)                                                                \
  X(paths)                                                                     \
  X(configure)                                                                 \
  X(inspect)

struct api {
#define X(name) __typeof__(&netsctp_##name) name;
  EXPORTS(X)
#undef X
};
extern struct api sctp;

struct test {
  const char *name;
  void (*run)(void);
  bool needs_sockets, needs_rows;
  struct test *next;
};
void add_test(struct test *);

#define TEST_(name, needs_sockets, needs_rows)                                 \
  static void test_##name(void);                                               \
  __attribute__((constructor)) static void add_##name(void) {                  \
    static struct test test = {#name, test_##name, needs_sockets, needs_rows,  \
                               NULL};                                          \
    add_test(&test);                                                           \
  }                                                                            \
  static void test_##name(void)
#define TEST(name) TEST_(name, false, false)
#define SOCKET_TEST(name) TEST_(name, true, false)
#define ROWS_TEST(name) TEST_(name, true, true)

_Noreturn void fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Ends a test that is not for this stack or machine. */
_Noreturn void skip(const char *reason);

#define CHECK(condition)                                                       \
  do {                                                                         \
    if (!(condition))                                                          \
      fail(__FILE__, __LINE__, "%s", #condition);                              \
  } while (0)

#define EQUAL(actual, expected)                                                \
  do {                                                                         \
    long long actual_ = (actual), expected_ = (expected);                      \
    if (actual_ != expected_)                                                  \
      fail(__FILE__, __LINE__, "%s is %lld, not %lld (%s)", #actual, actual_,  \
           expected_, #expected);                                              \
  } while (0)

bool is_kernel(void);
struct netsctp_counters counters(void);
/* Descriptors this process has open. */
int open_descriptors(void);

#endif
