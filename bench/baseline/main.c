/* One end of one run, in C. ends/end.ts is the same in TypeScript.
 *
 *   baseline LIBRARY|sockets|mmsg server|client
 *            flood|echo|cycle|idle SIZE WARM_UP_MS RUN_MS
 *            ASSOCIATIONS OUTSTANDING [PORT]
 *
 * A server prints {"port":N} first. Each end prints its report as the last
 * line. */
#include "baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct run run;

_Noreturn void give_up(const char *what, int error) {
  fprintf(stderr, "baseline: %s: %s\n", what, strerror(error));
  exit(1);
}

static bool is(const char *a, const char *b) { return strcmp(a, b) == 0; }

static const struct transport *chosen(const char *name) {
  const bool has_many = is(run.load, "idle") || is(run.load, "scale") ||
                        (is(run.load, "cycle") && run.outstanding > 1);
  if (is(name, "mmsg"))
    return mmsg_transport();
  if (is(name, "sockets"))
    return has_many ? epoll_transport() : sockets_transport();
  return shim_transport(name);
}

int main(int count, char **arguments) {
  if (count < 9) {
    fprintf(stderr, "usage: see baseline/main.c\n");
    return 2;
  }
  run = (struct run){
      .load = arguments[3],
      .size = (uint32_t)atoi(arguments[4]),
      .warm_up = atoi(arguments[5]) / 1e3,
      .duration = atoi(arguments[6]) / 1e3,
      .associations = (uint32_t)atoi(arguments[7]),
      .outstanding = (uint32_t)atoi(arguments[8]),
  };
  run.transport = chosen(arguments[1]);
  const uint16_t port = (uint16_t)atoi(count > 9 ? arguments[9] : "0");
  if (is(arguments[2], "server"))
    serve();
  else if (is(run.load, "flood"))
    flood(port);
  else if (is(run.load, "cycle"))
    cycle(port);
  else if (is(run.load, "idle"))
    idle(port);
  else
    echo(port);
  report();
  return 0;
}
