/* The library as an addon of Node, too: process.dlopen() gives JavaScript the
 * calls of sctp_shim.h as functions, and this thread's libuv loop becomes known
 * to loop/wake_uv.c.
 *
 * The functions of Node-API are looked up; nothing here links to them or needs
 * their header. They are ABI-stable, all types of theirs are opaque pointers,
 * and 0 is success. */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "loop/loop.h"
#include "shim/internal.h"

enum { MOST_ARGUMENTS = 5, AUTO_LENGTH = -1 };

typedef void *(*callback)(void *env, void *info);

static struct {
#define FUNCTION(name, ...) int (*name)(__VA_ARGS__);
#include "shim/node_api.def"
} napi;

static bool look_up(void) {
  static const struct {
    const char *name;
    void *to;
  } symbols[] = {
#define FUNCTION(name, ...) {"napi_" #name, &napi.name},
#include "shim/node_api.def"
  };
  for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++)
    if (!(*(void **)symbols[i].to = dlsym(RTLD_DEFAULT, symbols[i].name)))
      return false;
  return true;
}

/* ------------------------------------------------ this thread's JavaScript */

struct netsctp__node_function {
  void *env;
  void *reference;
};

/* A thread that loads the library twice, as CommonJS and ES modules may, has
 * two environments; the first one is as good for all but functions of the
 * other. `env` is NULL where the library was not loaded as an addon, and once
 * JavaScript has ended. The context that callbacks run in is made at the first
 * of them, where no JavaScript runs: made within some, it would have everybody
 * see the AsyncLocalStorage of whoever came first. */
static __thread struct {
  void *env;
  void *context;
  struct netsctp__node_function *function; /* of the call under way */
} node;

static void forget_node(void *unused) {
  (void)unused;
  if (node.context)
    napi.async_destroy(node.env, node.context);
  node.env = node.context = NULL;
}

int netsctp__node_loop(void **uv_loop) {
  if (node.env && napi.get_uv_event_loop(node.env, uv_loop) == 0)
    return 0;
  return netsctp__explain(ENOSYS, "this thread has not loaded the library as a "
                                  "Node addon, so there is no libuv");
}

void netsctp__node_at_end(void (*hook)(void *), void *argument) {
  napi.add_env_cleanup_hook(node.env, hook, argument);
}

static bool has_context(void) {
  void *text;
  return node.context ||
         (napi.create_string_utf8(node.env, "netsctp", (size_t)AUTO_LENGTH,
                                  &text) == 0 &&
          napi.async_init(node.env, NULL, text, &node.context) == 0);
}

void netsctp__node_turn(void (*wake)(uint32_t), uint32_t id) {
  void *handles, *global, *scope;
  if (!node.env || napi.open_handle_scope(node.env, &handles) != 0)
    return;
  if (has_context() && napi.get_global(node.env, &global) == 0 &&
      napi.open_callback_scope(node.env, global, node.context, &scope) == 0) {
    wake(id);
    napi.close_callback_scope(node.env, scope);
  }
  napi.close_handle_scope(node.env, handles);
}

/* ------------------------------------------------ functions of JavaScript's */

static struct netsctp__node_function *keep(void *env, void *value) {
  struct netsctp__node_function *function = calloc(1, sizeof *function);
  if (!function)
    return NULL;
  function->env = env;
  if (napi.create_reference(env, value, 1, &function->reference) == 0)
    return function;
  free(function);
  return NULL;
}

struct netsctp__node_function *netsctp__node_take_function(void) {
  struct netsctp__node_function *function = node.function;
  node.function = NULL;
  return function;
}

void netsctp__node_drop(struct netsctp__node_function *function) {
  if (!function)
    return;
  napi.delete_reference(function->env, function->reference);
  free(function);
}

/* The `wake` of a loop that JavaScript opened. */
static void call_javascript(uint32_t id) {
  struct netsctp__loop *loop = netsctp__loop_find(id);
  if (!loop || !loop->function)
    return;
  void *env = loop->function->env, *function, *global, *error;
  if (napi.get_reference_value(env, loop->function->reference, &function) ||
      napi.get_global(env, &global))
    return;
  if (napi.call_function(env, global, function, 0, NULL, NULL) &&
      napi.get_and_clear_last_exception(env, &error) == 0)
    napi.fatal_exception(env, error); /* an uncaught one, as of Node's own */
}

/* ------------------------------------------------ the calls */

/* A call under way. Only core/ makes them, and the compiler checks what it
 * gives; so an argument of a wrong kind is a mistake of ours. It must not end
 * the process all the same. */
struct call {
  void *env;
  void *arguments[MOST_ARGUMENTS]; /* those that are missing are undefined */
  int wrong; /* which is not of its kind, from 1; 0 for none */
};

typedef uint32_t kind_u32;
typedef int32_t kind_i32;
typedef uint8_t *kind_bytes;
typedef void (*kind_wake)(uint32_t loop);

static kind_u32 take_u32(struct call *call, int index) {
  uint32_t number = 0;
  if (napi.get_value_uint32(call->env, call->arguments[index], &number))
    call->wrong = index + 1;
  return number;
}

static kind_i32 take_i32(struct call *call, int index) {
  int32_t number = 0;
  if (napi.get_value_int32(call->env, call->arguments[index], &number))
    call->wrong = index + 1;
  return number;
}

static kind_bytes take_bytes(struct call *call, int index) {
  void *data = NULL;
  if (napi.get_typedarray_info(call->env, call->arguments[index], NULL, NULL,
                               &data, NULL, NULL))
    call->wrong = index + 1;
  return data;
}

static kind_wake take_wake(struct call *call, int index) {
  node.function = keep(call->env, call->arguments[index]);
  if (!node.function)
    call->wrong = index + 1;
  return call_javascript;
}

static bool begin(struct call *call, void *env, void *info) {
  size_t count = MOST_ARGUMENTS;
  call->env = env;
  call->wrong = 0;
  return napi.get_cb_info(env, info, &count, call->arguments, NULL, NULL) == 0;
}

static void *refuse(const struct call *call, const char *name) {
  char message[80];
  netsctp__node_drop(netsctp__node_take_function());
  snprintf(message, sizeof message, "argument %d of %s is of a wrong type",
           call->wrong, name);
  napi.throw_type_error(call->env, "ERR_INVALID_ARG_TYPE", message);
  return NULL;
}

static void *give_u32(const struct call *call, uint32_t number) {
  void *value = NULL;
  napi.create_uint32(call->env, number, &value);
  return value;
}

static void *give_i32(const struct call *call, int32_t number) {
  void *value = NULL;
  napi.create_int32(call->env, number, &value);
  return value;
}

#define CALL(result, name, take_all, ...)                                      \
  static void *call_##name(void *env, void *info) {                            \
    struct call call;                                                          \
    if (!begin(&call, env, info))                                              \
      return NULL;                                                             \
    take_all;                                                                  \
    if (call.wrong)                                                            \
      return refuse(&call, #name);                                             \
    return give_##result(&call, netsctp_##name(__VA_ARGS__));                  \
  }
#define TAKE(kind, index) kind_##kind a##index = take_##kind(&call, index)
#include "shim/node_calls.gen.def"

/* ------------------------------------------------ loading */

static void give_calls(void *env, void *exports) {
  static const struct {
    const char *name;
    callback call;
  } calls[] = {
#undef CALL
#define CALL(result, name, ...) {#name, call_##name},
#include "shim/node_calls.gen.def"
  };
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    void *function;
    if (napi.create_function(env, calls[i].name, (size_t)AUTO_LENGTH,
                             calls[i].call, NULL, &function) == 0)
      napi.set_named_property(env, exports, calls[i].name, function);
  }
}

/* Called by Node when the library is loaded as an addon, in each thread. */
NETSCTP_API void *napi_register_module_v1(void *env, void *exports);
NETSCTP_API void *napi_register_module_v1(void *env, void *exports) {
  if (!look_up())
    return exports;
  if (!node.env) {
    node.env = env;
    napi.add_env_cleanup_hook(env, forget_node, NULL);
  }
  give_calls(env, exports);
  return exports;
}
