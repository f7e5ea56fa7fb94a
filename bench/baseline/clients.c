/* The clients: one function a load. ends/ has the same in TypeScript. */
#include "baseline.h"

#include <string.h>

static void on_up(uint32_t association) { (void)association; }

/* ------------------------------------------------ flood */

/* Sends as fast as the stack takes it. */
void flood(uint16_t port) {
  const uint32_t association = *set_up(port);
  const uint32_t batch = run.transport->most_at_once(run.size);
  begin_window();
  while (!is_over()) {
    for (uint32_t i = 0; i < batch; i++)
      run.transport->send(association, plain_message(), run.size);
    run.transport->flush();
    run.messages += batch;
  }
  run.messages++;
  run.transport->send(association, last_message(run.messages), run.size);
  run.transport->flush();
  tear_down();
  close_window();
}

/* ------------------------------------------------ echo */

static const uint32_t *associations;
static uint32_t next, sent;
static double sent_at;

/* On one association after the other. */
static void send_next(const uint8_t *message) {
  sent++;
  run.transport->send(associations[next], message, run.size);
  next = (next + 1) % run.associations;
}

static void on_reply(uint32_t association, const uint8_t *message,
                     uint32_t length) {
  (void)association, (void)message, (void)length;
  run.messages++;
  if (run.outstanding == 1) {
    const double time = now();
    note_round_trip(time - sent_at);
    sent_at = time;
  }
  if (!is_over())
    send_next(plain_message());
}

static void on_early_end(uint32_t association) {
  (void)association;
  give_up("the server ended early", 0);
}

/* run.outstanding messages are on their way at any time, all associations
 * together. */
void echo(uint16_t port) {
  static const struct load load = {on_up, on_reply, on_early_end};
  associations = set_up(port);
  begin_window();
  sent_at = now();
  for (uint32_t i = 0; i < run.outstanding; i++)
    send_next(plain_message());
  run.transport->flush();
  while (run.messages < sent)
    run.transport->wait(&load);
  send_next(last_message(sent + 1));
  run.transport->flush();
  while (run.messages < sent)
    run.transport->wait(&load);
  close_window();
  tear_down();
}

/* ------------------------------------------------ cycle */

static uint16_t server_port;
static uint32_t begun;
static bool is_last_one;

static void begin_cycle(void) {
  begun++;
  run.transport->connect(server_port);
}

static void on_cycle_up(uint32_t association) {
  run.transport->send(association,
                      is_last_one ? last_message(begun) : plain_message(),
                      run.size);
  run.transport->flush();
  run.transport->shut_down(association);
}

static void on_no_message(uint32_t association, const uint8_t *message,
                          uint32_t length) {
  (void)association, (void)message, (void)length;
}

static void on_cycle_end(uint32_t association) {
  run.transport->close(association);
  run.messages++;
  if (!is_over())
    begin_cycle();
}

/* Connects, sends one message and closes, run.outstanding times at once. */
void cycle(uint16_t port) {
  static const struct load load = {on_cycle_up, on_no_message, on_cycle_end};
  server_port = port;
  begin_window();
  while (begun < run.outstanding)
    begin_cycle();
  while (run.messages < begun)
    run.transport->wait(&load);
  is_last_one = true;
  begin_cycle();
  while (run.messages < begun)
    run.transport->wait(&load);
  close_window();
}

/* ------------------------------------------------ idle */

/* Does nothing at all with many associations. */
void idle(uint16_t port) {
  static const struct load load = {on_up, on_no_message, on_early_end};
  note_memory();
  associations = set_up(port);
  note_memory();
  begin_window();
  while (!is_over())
    run.transport->wait(&load);
  run.messages = 1;
  run.transport->send(associations[0], last_message(1), run.size);
  run.transport->flush();
  close_window();
  tear_down();
}
