/* Waking by libuv, where the process is Node: the loop of this thread, the main
 * one or a worker's, polls our epoll descriptor among its own, so no thread and
 * no pipe is needed.
 *
 * For that this library is a Node addon, too: a thread that loads it as one
 * tells us its environment, and through Node-API that gives its libuv loop,
 * word of its end, and callback scopes. Without such a scope around it, what
 * JavaScript puts in line while it is woken would be run by whatever native
 * call comes next: in the middle of an HTTP parser, or a second later.
 *
 * The functions are looked up; nothing here links to them or needs their
 * headers. Node-API's are ABI-stable. Of libuv's ABI this uses only what it
 * promises to keep within version 1: opaque handles of uv_handle_size(), whose
 * first member is the user's `void *data`. */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

enum {
  UV_POLL = 8,
  UV_READABLE = 1
}; /* of enum uv_handle_type, uv_poll_event */

typedef struct uv_handle uv_handle;

static struct {
  size_t (*handle_size)(int type);
  int (*poll_init)(void *loop, uv_handle *, int fd);
  int (*poll_start)(uv_handle *, int events,
                    void (*)(uv_handle *, int status, int events));
  int (*poll_stop)(uv_handle *);
  void (*ref)(uv_handle *);
  void (*unref)(uv_handle *);
  void (*close)(uv_handle *, void (*)(uv_handle *));
} uv;

/* Node-API, node_api.h. All give 0 for success, and all types are opaque
 * pointers. */
static struct {
  int (*get_loop)(void *env, void **loop);
  int (*at_end)(void *env, void (*)(void *), void *);
  int (*create_text)(void *env, const char *, size_t length, void **text);
  int (*async_init)(void *env, void *resource, void *name, void **context);
  int (*async_destroy)(void *env, void *context);
  int (*get_global)(void *env, void **object);
  int (*open_handles)(void *env, void **scope);
  int (*close_handles)(void *env, void *scope);
  int (*open_callback)(void *env, void *resource, void *context, void **scope);
  int (*close_callback)(void *env, void *scope);
} napi;

/* This thread's environment; NULL where the library was not loaded as an addon,
 * and once JavaScript has ended. The context that callbacks run in is made at
 * the first of them, where no JavaScript runs: made within some, it would have
 * everybody see the AsyncLocalStorage of whoever came first. */
static __thread struct {
  void *env;
  void *context;
} node;

struct uv_state {
  uv_handle *handle;
  bool is_woken;  /* wake was called, netsctp_take() was not yet */
  bool is_paused; /* and we stopped polling meanwhile */
};

static bool look_up(void) {
  static const struct {
    const char *name;
    void *to;
  } symbols[] = {
      {"napi_get_uv_event_loop", &napi.get_loop},
      {"napi_add_env_cleanup_hook", &napi.at_end},
      {"napi_create_string_utf8", &napi.create_text},
      {"napi_async_init", &napi.async_init},
      {"napi_async_destroy", &napi.async_destroy},
      {"napi_get_global", &napi.get_global},
      {"napi_open_handle_scope", &napi.open_handles},
      {"napi_close_handle_scope", &napi.close_handles},
      {"napi_open_callback_scope", &napi.open_callback},
      {"napi_close_callback_scope", &napi.close_callback},
      {"uv_handle_size", &uv.handle_size},
      {"uv_poll_init", &uv.poll_init},
      {"uv_poll_start", &uv.poll_start},
      {"uv_poll_stop", &uv.poll_stop},
      {"uv_ref", &uv.ref},
      {"uv_unref", &uv.unref},
      {"uv_close", &uv.close},
  };
  for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++)
    if (!(*(void **)symbols[i].to = dlsym(RTLD_DEFAULT, symbols[i].name)))
      return false;
  return true;
}

/* ------------------------------------------------ as an addon */

static void forget_node(void *unused) {
  (void)unused;
  if (node.context)
    napi.async_destroy(node.env, node.context);
  node.env = node.context = NULL;
}

/* Called by Node when the library is loaded as an addon, in each thread. */
NETSCTP_API void *napi_register_module_v1(void *env, void *exports);
NETSCTP_API void *napi_register_module_v1(void *env, void *exports) {
  if (!node.env && look_up()) {
    node.env = env;
    napi.at_end(env, forget_node, NULL);
  }
  return exports;
}

/* ------------------------------------------------ waking */

/* The handle knows its loop by number, so that one closed is not found. */
static struct netsctp__loop *loop_of(uv_handle *handle) {
  return netsctp__loop_find((uint32_t)(uintptr_t) * (void **)handle);
}

static bool has_context(void) {
  static const char name[] = "netsctp";
  void *text;
  return node.context ||
         (napi.create_text(node.env, name, sizeof name - 1, &text) == 0 &&
          napi.async_init(node.env, NULL, text, &node.context) == 0);
}

/* What JavaScript does meanwhile is one turn: its ticks and microtasks are run
 * at the end, and exceptions in them are uncaught ones, as Node has it for
 * callbacks of its own. */
static void call_in_scope(void (*wake)(uint32_t), uint32_t id) {
  void *handles, *global, *scope;
  if (!node.env || napi.open_handles(node.env, &handles) != 0)
    return;
  if (has_context() && napi.get_global(node.env, &global) == 0 &&
      napi.open_callback(node.env, global, node.context, &scope) == 0) {
    wake(id);
    napi.close_callback(node.env, scope);
  }
  napi.close_handles(node.env, handles);
}

static void on_readable(uv_handle *handle, int status, int events) {
  (void)status, (void)events;
  struct netsctp__loop *loop = loop_of(handle);
  if (!loop)
    return;
  struct uv_state *state = loop->wake_state;
  if (state->is_woken) {
    /* The host puts off netsctp_take(): without this, libuv would spin. */
    uv.poll_stop(handle);
    state->is_paused = true;
    return;
  }
  /* Most packets of a handshake, and acknowledgements, are news to nobody. */
  if (!netsctp__loop_look(loop))
    return;
  state->is_woken = true;
  NETSCTP__COUNT(wakes, 1);
  call_in_scope(loop->wake, loop->id); /* may close the loop */
}

/* The thread's JavaScript has ended, be it by Worker.terminate(), and its
 * libuv loop is about to: Node insists that no handle is left open in it. */
static void on_end(void *id) {
  netsctp_loop_close((uint32_t)(uintptr_t)id); /* unless it was already */
}

static int start(struct netsctp__loop *loop) {
  void *host;
  if (!node.env || napi.get_loop(node.env, &host) != 0)
    return netsctp__explain(ENOSYS, "this thread has not loaded the library as "
                                    "a Node addon, so there is no libuv");
  struct uv_state *state = calloc(1, sizeof *state);
  uv_handle *handle = calloc(1, uv.handle_size(UV_POLL));
  if (!state || !handle) {
    free(state);
    free(handle);
    return -ENOMEM;
  }
  /* libuv's errors are -errno on Linux. */
  int result = uv.poll_init(host, handle, loop->epoll);
  if (result < 0) {
    free(state);
    free(handle);
    return result;
  }
  *(void **)handle = (void *)(uintptr_t)loop->id;
  state->handle = handle;
  loop->wake_state = state;
  napi.at_end(node.env, on_end, (void *)(uintptr_t)loop->id);
  uv.unref(handle);
  uv.poll_start(handle, UV_READABLE, on_readable);
  return 0;
}

static void rearm(struct netsctp__loop *loop) {
  struct uv_state *state = loop->wake_state;
  state->is_woken = false;
  if (state->is_paused) {
    state->is_paused = false;
    uv.poll_start(state->handle, UV_READABLE, on_readable);
  }
}

static int ref(struct netsctp__loop *loop, bool on) {
  struct uv_state *state = loop->wake_state;
  (on ? uv.ref : uv.unref)(state->handle);
  return 0;
}

static void on_closed(uv_handle *handle) { free(handle); }

static void stop(struct netsctp__loop *loop) {
  struct uv_state *state = loop->wake_state;
  uv.close(state->handle, on_closed);
  free(state);
}

const struct netsctp__waker netsctp__waker_uv = {start, rearm, ref, stop};
