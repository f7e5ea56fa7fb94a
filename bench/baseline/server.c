/* The server of all loads: counts what comes, sends it back if it is an echo.
 */
#include "baseline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_echo, is_idle, has_last;
static uint32_t opened, ended, expected;

static void on_up(uint32_t association) {
  (void)association;
  if (++opened < run.associations || !is_idle)
    return;
  note_memory();
  begin_window();
}

static void on_message(uint32_t association, const uint8_t *message,
                       uint32_t length) {
  if (run.messages++ == 0 && !is_idle)
    begin_window();
  if (is_echo)
    run.transport->send(association, message, length);
  if (is_last(message, &expected))
    has_last = true;
}

static void on_end(uint32_t association) {
  ended++;
  run.transport->close(association);
}

void serve(void) {
  static const struct load load = {on_up, on_message, on_end};
  is_idle = strcmp(run.load, "idle") == 0;
  is_echo = strcmp(run.load, "echo") == 0 || strcmp(run.load, "scale") == 0;
  const uint16_t port = run.transport->listen();
  if (is_idle)
    note_memory();
  printf("{\"port\":%u}\n", port);
  fflush(stdout);
  while (!has_last || ended < opened)
    run.transport->wait(&load);
  close_window();
  if (run.messages != expected) {
    fprintf(stderr, "baseline: %u messages came in, and %u were sent\n",
            run.messages, expected);
    exit(1);
  }
}
