/* The same shared object as JavaScript drives, driven from C, in the same
 * batches. */
#include "baseline.h"
#include "shim_host.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../c/sctp_shim.h"

static struct {
  __typeof__(netsctp_loop_open) *loop_open;
  __typeof__(netsctp_take) *take;
  __typeof__(netsctp_listen) *listen;
  __typeof__(netsctp_connect) *connect;
  __typeof__(netsctp_accept) *accept;
  __typeof__(netsctp_receive) *receive;
  __typeof__(netsctp_send) *send;
  __typeof__(netsctp_send_one) *send_one;
  __typeof__(netsctp_shutdown) *shutdown;
  __typeof__(netsctp_close) *close;
  __typeof__(netsctp_addresses) *addresses;
  __typeof__(netsctp_counters) *counters;
  __typeof__(netsctp_explain) *explain;
  __typeof__(netsctp_stack) *stack;
} shim;

static int32_t loop = -1;
static uint32_t listener;

/* As large as JavaScript's. */
static _Alignas(NETSCTP_ALIGN) uint8_t inbox[256 * 1024];
static _Alignas(NETSCTP_ALIGN) uint8_t outbox[256 * 1024];
enum {
  BYTES_AT_ONCE = 64 * 1024, /* JavaScript's highWaterMark */
  LARGE = 32 * 1024,         /* core/association/send_queue.ts: not copied */
};

_Noreturn static void fail(const char *what, int32_t result) {
  uint8_t why[400];
  const int32_t length = shim.explain(why, sizeof why);
  fprintf(stderr, "%.*s ", (int)length, (const char *)why);
  give_up(what, -result);
}

/* ------------------------------------------------ who is ready */

/* Handles to receive from. They are noted when the shim tells, which it may do
 * while a send waits. */
static uint32_t *readable;
static uint32_t readable_count, readable_room;
static bool may_accept;
static uint32_t blocked; /* the handle that a send waits for */

static void note_readable(uint32_t handle) {
  if (readable_count == readable_room) {
    readable_room = readable_room ? 2 * readable_room : 64;
    readable = realloc(readable, readable_room * sizeof *readable);
    if (!readable)
      give_up("memory", errno);
  }
  readable[readable_count++] = handle;
}

static void on_wake(uint32_t id) {
  static _Alignas(NETSCTP_ALIGN) struct netsctp_ready ready[256];
  const int32_t count = shim.take(id, (uint8_t *)ready, sizeof ready);
  for (int32_t i = 0; i < count; i++) {
    if (ready[i].handle == listener)
      may_accept = true;
    else if (ready[i].events & NETSCTP_READY_READABLE)
      note_readable(ready[i].handle);
    if (ready[i].handle == blocked &&
        (ready[i].events & NETSCTP_READY_WRITABLE))
      blocked = 0;
  }
}

/* ------------------------------------------------ opening */

static void load_library(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
#define LOAD(name) *(void **)&shim.name = dlsym(library, "netsctp_" #name)
  LOAD(loop_open), LOAD(take), LOAD(listen), LOAD(connect), LOAD(accept);
  LOAD(receive), LOAD(send), LOAD(send_one), LOAD(shutdown), LOAD(close);
  LOAD(addresses), LOAD(counters), LOAD(explain), LOAD(stack);
  void *(*be_addon)(void *env, void *exports);
  *(void **)&be_addon = dlsym(library, "napi_register_module_v1");
  be_addon(host_environment(), NULL);
  loop = shim.loop_open(NETSCTP_WAKE_UV, on_wake);
  if (loop < 0)
    fail("loop", loop);
}

/* The options that JavaScript's defaults come to, and one address. */
struct request {
  struct netsctp_request head;
  struct netsctp_option options[3];
  struct netsctp_address address;
};

static uint32_t fill(struct request *request, uint16_t port, uint32_t udp) {
  const char *udp_port = getenv("NETSCTP_UDP_PORT");
  *request = (struct request){
      .options = {{.name = NETSCTP_OPTION_NO_DELAY, .value = 1},
                  {.name = NETSCTP_OPTION_SEND_BUFFER,
                   .value = KERNEL_SEND_BYTES},
                  {.name = NETSCTP_OPTION_RECEIVE_BUFFER,
                   .value = KERNEL_RECEIVE_BYTES}},
      .address = {.family = NETSCTP_FAMILY_IPV4,
                  .port = port,
                  .text_length = 9,
                  .text = "127.0.0.1"},
  };
  request->head.option_count = 3;
  if (shim.stack() == NETSCTP_STACK_KERNEL)
    return sizeof *request;
  request->options[1] = (struct netsctp_option){
      .name = udp, .value = udp_port ? atoi(udp_port) : 9899};
  request->head.option_count = 2;
  memmove(&request->options[2], &request->address, sizeof request->address);
  return sizeof *request - sizeof request->options[2];
}

static uint16_t listen_on_any(void) {
  _Alignas(NETSCTP_ALIGN) struct request request;
  _Alignas(NETSCTP_ALIGN) struct netsctp_address bound;
  const uint32_t size = fill(&request, 0, NETSCTP_OPTION_LOCAL_UDP_PORT);
  request.head.local_count = 1;
  const int32_t result = shim.listen((uint32_t)loop, (uint8_t *)&request, size);
  if (result < 0)
    fail("listen", result);
  listener = (uint32_t)result;
  shim.addresses(listener, NETSCTP_SIDE_LOCAL, (uint8_t *)&bound, sizeof bound);
  return bound.port;
}

static void begin_to_connect(uint16_t port) {
  _Alignas(NETSCTP_ALIGN) struct request request;
  const uint32_t size = fill(&request, port, NETSCTP_OPTION_REMOTE_UDP_PORT);
  request.head.remote_count = 1;
  const int32_t result =
      shim.connect((uint32_t)loop, (uint8_t *)&request, size);
  if (result < 0)
    fail("connect", result);
}

/* ------------------------------------------------ sending */

static uint32_t destination, outbox_bytes, outbox_count;

static void await_room(uint32_t handle) {
  blocked = handle;
  while (blocked)
    host_wait();
}

static void flush(void) {
  const uint8_t *at = outbox;
  while (outbox_count > 0) {
    const int32_t taken =
        shim.send(destination, at, outbox_bytes, outbox_count);
    if (taken < 0)
      fail("send", taken);
    outbox_count -= (uint32_t)taken;
    for (int32_t i = 0; i < taken; i++) {
      const uint32_t size = ((const struct netsctp_outbound *)at)->size;
      outbox_bytes -= size;
      at += size;
    }
    /* Short: only a result of 0 tells "no room" from "the next one fails". */
    if (taken == 0)
      await_room(destination);
  }
  outbox_bytes = 0;
}

static void send_large(uint32_t handle, const uint8_t *message, uint32_t size) {
  _Alignas(NETSCTP_ALIGN) struct netsctp_outbound head = {.length = size};
  int32_t taken;
  flush();
  while ((taken = shim.send_one(handle, (uint8_t *)&head, message, size)) == 0)
    await_room(handle);
  if (taken < 0)
    fail("send", taken);
}

static void send_later(uint32_t handle, const uint8_t *message, uint32_t size) {
  if (size >= LARGE) {
    send_large(handle, message, size);
    return;
  }
  const uint32_t each = NETSCTP_PADDED(sizeof(struct netsctp_outbound) + size);
  if (handle != destination || outbox_bytes + each > sizeof outbox)
    flush();
  struct netsctp_outbound *record = (void *)(outbox + outbox_bytes);
  *record = (struct netsctp_outbound){.size = each, .length = size};
  memcpy(record + 1, message, size);
  destination = handle;
  outbox_bytes += each;
  outbox_count++;
}

static uint32_t most_at_once(uint32_t size) {
  return size >= BYTES_AT_ONCE ? 1 : BYTES_AT_ONCE / size;
}

/* ------------------------------------------------ receiving */

static void take_record(const struct load *load, uint32_t handle,
                        const struct netsctp_inbound *record) {
  const struct netsctp_notification *notification = (const void *)(record + 1);
  switch (record->kind) {
  case NETSCTP_KIND_MESSAGE:
    deliver(load, handle, (const uint8_t *)(record + 1), record->length,
            record->flags & NETSCTP_FLAG_END_OF_RECORD);
    break;
  case NETSCTP_KIND_NOTIFICATION:
    if (!listener && notification->type == NETSCTP_NOTIFICATION_ASSOC_CHANGE &&
        notification->state == NETSCTP_ASSOC_UP)
      load->on_up(handle);
    break;
  case NETSCTP_KIND_END:
    load->on_end(handle);
    break;
  default:
    give_up("receive",
            (int)((const struct netsctp_close_reason *)(record + 1))->error);
  }
}

static void receive_from(const struct load *load, uint32_t handle) {
  const struct netsctp_received *head = (const void *)inbox;
  do {
    const int32_t result = shim.receive(handle, inbox, sizeof inbox);
    if (result == -EBADF) /* its end was among what came before */
      return;
    if (result < 0)
      fail("receive", result);
    const uint8_t *at = (const uint8_t *)(head + 1);
    for (uint32_t i = 0; i < head->count; i++) {
      const struct netsctp_inbound *record = (const void *)at;
      take_record(load, handle, record);
      at += record->size;
    }
    flush();
  } while (head->flags & NETSCTP_RECEIVED_MORE);
}

/* News of a connection may have come before it was accepted: hence a look. */
static void accept_all(const struct load *load) {
  static _Alignas(NETSCTP_ALIGN) struct netsctp_accepted accepted[64];
  int32_t count;
  may_accept = false;
  do {
    count = shim.accept(listener, (uint8_t *)accepted, sizeof accepted);
    if (count < 0)
      fail("accept", count);
    for (int32_t i = 0; i < count; i++) {
      load->on_up(accepted[i].handle);
      note_readable(accepted[i].handle);
    }
  } while (count == sizeof accepted / sizeof *accepted);
}

static void wait_for_any(const struct load *load) {
  if (readable_count == 0 && !may_accept)
    host_wait();
  if (may_accept)
    accept_all(load);
  for (uint32_t i = 0; i < readable_count; i++)
    receive_from(load, readable[i]);
  readable_count = 0;
}

/* ------------------------------------------------ closing, counting */

static void shut_down(uint32_t handle) { shim.shutdown(handle); }

static void close_handle(uint32_t handle) {
  shim.close(handle, NETSCTP_CLOSE_RELEASE);
}

bool shim_counters(uint32_t out[COUNTERS]) {
  struct netsctp_counters now;
  if (!shim.counters)
    return false;
  shim.counters((uint8_t *)&now, sizeof now);
  const uint32_t list[COUNTERS] = {
      now.calls,         now.wakes,          now.receive_syscalls,
      now.send_syscalls, now.other_syscalls, now.messages_in,
      now.messages_out};
  memcpy(out, list, sizeof list);
  return true;
}

const struct transport *shim_transport(const char *library) {
  static const struct transport transport = {
      most_at_once, listen_on_any, begin_to_connect, wait_for_any,
      send_later,   flush,         shut_down,        close_handle,
  };
  load_library(library);
  return &transport;
}
