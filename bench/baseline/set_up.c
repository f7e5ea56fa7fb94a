/* Many associations, set up and torn down a few at a time. */
#include "baseline.h"

#include <errno.h>
#include <stdlib.h>

static uint32_t *associations;
static uint32_t up, ended;

static void on_up(uint32_t association) { associations[up++] = association; }

static void on_message(uint32_t association, const uint8_t *message,
                       uint32_t length) {
  (void)association, (void)message, (void)length;
}

static void on_end(uint32_t association) {
  if (up < run.associations)
    give_up("connect", ECONNRESET);
  ended++;
  run.transport->close(association);
}

static const struct load load = {on_up, on_message, on_end};

const uint32_t *set_up(uint16_t port) {
  associations = calloc(run.associations, sizeof *associations);
  if (!associations)
    give_up("memory", errno);
  for (uint32_t begun = 0; up < run.associations;) {
    if (begun < run.associations && begun - up < SET_UP_AT_ONCE) {
      run.transport->connect(port);
      begun++;
    } else {
      run.transport->wait(&load);
    }
  }
  return associations;
}

void tear_down(void) {
  for (uint32_t begun = 0; ended < run.associations;) {
    if (begun < run.associations && begun - ended < SET_UP_AT_ONCE)
      run.transport->shut_down(associations[begun++]);
    else
      run.transport->wait(&load);
  }
}
