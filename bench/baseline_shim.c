/* The same shared object as JavaScript drives, driven from C, in the same
 * batches. The program stands in for Node: it offers the few functions of libuv
 * and Node-API that the shim's waker looks up, over poll(2), so that a wake
 * costs no thread. */
#include "baseline.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../c/sctp_shim.h"

static struct {
  __typeof__(netsctp_loop_open) *loop_open;
  __typeof__(netsctp_loop_close) *loop_close;
  __typeof__(netsctp_take) *take;
  __typeof__(netsctp_listen) *listen;
  __typeof__(netsctp_connect) *connect;
  __typeof__(netsctp_accept) *accept;
  __typeof__(netsctp_receive) *receive;
  __typeof__(netsctp_send) *send;
  __typeof__(netsctp_shutdown) *shutdown;
  __typeof__(netsctp_close) *close;
  __typeof__(netsctp_addresses) *addresses;
  __typeof__(netsctp_counters) *counters;
  __typeof__(netsctp_explain) *explain;
  __typeof__(netsctp_stack) *stack;
} shim;

static bool receive(struct run *run);

static int32_t loop = -1;
static uint32_t listener, association;
static uint32_t ready_to_accept, ready_to_receive, ready_to_send;
static bool is_up, has_ended;

/* As large as JavaScript's. */
static _Alignas(NETSCTP_ALIGN) uint8_t inbox[256 * 1024];
static _Alignas(NETSCTP_ALIGN) uint8_t outbox[256 * 1024];
enum { BYTES_AT_ONCE = 64 * 1024 /* JavaScript's highWaterMark */ };

_Noreturn static void fail(const char *what, int32_t result) {
  uint8_t why[400];
  const int32_t length = shim.explain(why, sizeof why);
  fprintf(stderr, "%.*s ", (int)length, (const char *)why);
  give_up(what, -result);
}

/* ------------------------------------------------ waiting */

typedef struct uv_handle {
  void *data;
  int fd;
  void (*callback)(struct uv_handle *, int status, int events);
} uv_handle;

static uv_handle *polled;

#define VISIBLE __attribute__((visibility("default"), used))
VISIBLE size_t uv_handle_size(int type) {
  (void)type;
  return sizeof(uv_handle);
}
VISIBLE int uv_poll_init(void *of, uv_handle *handle, int fd) {
  (void)of;
  handle->fd = fd;
  return 0;
}
VISIBLE int uv_poll_start(uv_handle *handle, int events,
                          void (*callback)(uv_handle *, int, int)) {
  (void)events;
  handle->callback = callback;
  polled = handle;
  return 0;
}
VISIBLE int uv_poll_stop(uv_handle *handle) {
  (void)handle;
  return 0;
}
VISIBLE void uv_ref(uv_handle *handle) { (void)handle; }
VISIBLE void uv_unref(uv_handle *handle) { (void)handle; }
VISIBLE void uv_close(uv_handle *handle, void (*callback)(uv_handle *)) {
  polled = NULL;
  callback(handle);
}

/* An environment without JavaScript: nothing is to be done in it. */
static int succeed(void **made) {
  *made = &polled;
  return 0;
}
VISIBLE int napi_get_uv_event_loop(void *env, void **of) {
  (void)env;
  return succeed(of);
}
VISIBLE int napi_get_global(void *env, void **object) {
  (void)env;
  return succeed(object);
}
VISIBLE int napi_open_handle_scope(void *env, void **scope) {
  (void)env;
  return succeed(scope);
}
VISIBLE int napi_create_string_utf8(void *env, const char *text, size_t length,
                                    void **out) {
  (void)env, (void)text, (void)length;
  return succeed(out);
}
VISIBLE int napi_async_init(void *env, void *resource, void *name, void **out) {
  (void)env, (void)resource, (void)name;
  return succeed(out);
}
VISIBLE int napi_open_callback_scope(void *env, void *resource, void *context,
                                     void **scope) {
  (void)env, (void)resource, (void)context;
  return succeed(scope);
}
VISIBLE int napi_add_env_cleanup_hook(void *env, void (*hook)(void *),
                                      void *argument) {
  (void)env, (void)hook, (void)argument;
  return 0;
}
VISIBLE int napi_async_destroy(void *env, void *context) {
  (void)env, (void)context;
  return 0;
}
VISIBLE int napi_close_handle_scope(void *env, void *scope) {
  (void)env, (void)scope;
  return 0;
}
VISIBLE int napi_close_callback_scope(void *env, void *scope) {
  (void)env, (void)scope;
  return 0;
}

static void on_wake(uint32_t id) {
  static _Alignas(NETSCTP_ALIGN) struct netsctp_ready ready[16];
  const int32_t count = shim.take(id, (uint8_t *)ready, sizeof ready);
  for (int32_t i = 0; i < count; i++) {
    if (ready[i].handle == listener)
      ready_to_accept = 1;
    if (ready[i].handle != association)
      continue;
    ready_to_receive |= ready[i].events & NETSCTP_READY_READABLE;
    ready_to_send |= ready[i].events & NETSCTP_READY_WRITABLE;
  }
}

static void wait_for_news(void) {
  struct pollfd waited = {.fd = polled->fd, .events = POLLIN};
  if (poll(&waited, 1, -1) > 0)
    polled->callback(polled, 0, 1);
}

/* ------------------------------------------------ opening */

static void load(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    exit(1);
  }
#define LOAD(name) *(void **)&shim.name = dlsym(library, "netsctp_" #name)
  LOAD(loop_open), LOAD(loop_close), LOAD(take), LOAD(listen), LOAD(connect);
  LOAD(accept), LOAD(receive), LOAD(send), LOAD(shutdown), LOAD(close);
  LOAD(addresses), LOAD(counters), LOAD(explain), LOAD(stack);
  void *(*be_addon)(void *env, void *exports);
  *(void **)&be_addon = dlsym(library, "napi_register_module_v1");
  be_addon(&polled, NULL);
}

static void open_loop(void) {
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
      .options = {{NETSCTP_OPTION_NO_DELAY, 1},
                  {NETSCTP_OPTION_SEND_BUFFER, KERNEL_SEND_BYTES},
                  {NETSCTP_OPTION_RECEIVE_BUFFER, KERNEL_RECEIVE_BYTES}},
      .address = {.family = NETSCTP_FAMILY_IPV4,
                  .port = port,
                  .text_length = 9,
                  .text = "127.0.0.1"},
  };
  uint32_t size = sizeof *request;
  request->head.option_count = 3;
  if (shim.stack() == NETSCTP_STACK_USERSPACE) {
    request->options[1] =
        (struct netsctp_option){udp, udp_port ? atoi(udp_port) : 9899};
    request->head.option_count = 2;
    size -= sizeof request->options[2];
    memmove(&request->options[2], &request->address, sizeof request->address);
  }
  return size;
}

static uint16_t listen_on_any(void) {
  _Alignas(NETSCTP_ALIGN) struct request request;
  _Alignas(NETSCTP_ALIGN) struct netsctp_address bound;
  open_loop();
  const uint32_t size = fill(&request, 0, NETSCTP_OPTION_LOCAL_UDP_PORT);
  request.head.local_count = 1;
  const int32_t result = shim.listen((uint32_t)loop, (uint8_t *)&request, size);
  if (result < 0)
    fail("listen", result);
  listener = (uint32_t)result;
  shim.addresses(listener, NETSCTP_SIDE_LOCAL, (uint8_t *)&bound, sizeof bound);
  return bound.port;
}

static void accept_one(void) {
  _Alignas(NETSCTP_ALIGN) struct netsctp_accepted accepted;
  for (;;) {
    while (!ready_to_accept)
      wait_for_news();
    ready_to_accept = 0;
    const int32_t count =
        shim.accept(listener, (uint8_t *)&accepted, sizeof accepted);
    if (count < 0)
      fail("accept", count);
    if (count == 1)
      break;
  }
  association = accepted.handle;
  /* News of it may have come before its handle was known. */
  ready_to_receive = 1;
}

static void connect_to(uint16_t port) {
  _Alignas(NETSCTP_ALIGN) struct request request;
  open_loop();
  const uint32_t size = fill(&request, port, NETSCTP_OPTION_REMOTE_UDP_PORT);
  request.head.remote_count = 1;
  const int32_t result =
      shim.connect((uint32_t)loop, (uint8_t *)&request, size);
  if (result < 0)
    fail("connect", result);
  association = (uint32_t)result;
  while (!is_up)
    if (!receive(NULL)) /* no message comes before UP */
      give_up("connect", ECONNREFUSED);
}

/* ------------------------------------------------ messages */

static uint32_t most_at_once(uint32_t size) {
  return size >= BYTES_AT_ONCE ? 1 : BYTES_AT_ONCE / size;
}

static void send_all(const uint8_t *const *messages, uint32_t count,
                     uint32_t size) {
  const uint32_t each = NETSCTP_PADDED(sizeof(struct netsctp_outbound) + size);
  for (uint32_t i = 0; i < count; i++) {
    struct netsctp_outbound *record = (void *)(outbox + i * each);
    *record = (struct netsctp_outbound){.size = each, .length = size};
    memcpy(record + 1, messages[i], size);
  }
  for (uint32_t sent = 0; sent < count;) {
    const int32_t taken = shim.send(association, outbox + sent * each,
                                    (count - sent) * each, count - sent);
    if (taken < 0)
      fail("send", taken);
    sent += (uint32_t)taken;
    /* Short: only a result of 0 tells "no room" from "the next one fails". */
    ready_to_send = 0;
    while (taken == 0 && !ready_to_send)
      wait_for_news();
  }
}

static void take_record(struct run *run, const struct netsctp_inbound *record) {
  const struct netsctp_notification *notification = (const void *)(record + 1);
  switch (record->kind) {
  case NETSCTP_KIND_MESSAGE:
    on_piece(run, (const uint8_t *)(record + 1), record->length,
             record->flags & NETSCTP_FLAG_END_OF_RECORD);
    break;
  case NETSCTP_KIND_NOTIFICATION:
    if (notification->type == NETSCTP_NOTIFICATION_ASSOC_CHANGE &&
        notification->state == NETSCTP_ASSOC_UP)
      is_up = true;
    break;
  case NETSCTP_KIND_END:
    has_ended = true;
    break;
  default:
    give_up("receive", (int)record->error);
  }
}

static bool receive(struct run *run) {
  while (!ready_to_receive)
    wait_for_news();
  const int32_t result = shim.receive(association, inbox, sizeof inbox);
  if (result < 0)
    fail("receive", result);
  const struct netsctp_received *head = (const void *)inbox;
  ready_to_receive = head->flags & NETSCTP_RECEIVED_MORE;
  const uint8_t *at = (const uint8_t *)(head + 1);
  for (uint32_t i = 0; i < head->count; i++) {
    const struct netsctp_inbound *record = (const void *)at;
    take_record(run, record);
    at += record->size;
  }
  return !has_ended;
}

/* ------------------------------------------------ closing, counting */

static void shut_down(void) { shim.shutdown(association); }

static void close_all(void) {
  shim.close(association, NETSCTP_CLOSE_RELEASE);
  if (listener)
    shim.close(listener, NETSCTP_CLOSE_RELEASE);
  shim.loop_close((uint32_t)loop);
}

static bool counters(uint32_t out[COUNTERS]) {
  struct netsctp_counters now;
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
      most_at_once, listen_on_any, accept_one, connect_to, send_all,
      receive,      shut_down,     close_all,  counters,
  };
  load(library);
  return &transport;
}
