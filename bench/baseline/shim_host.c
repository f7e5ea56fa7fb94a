/* The program stands in for Node: it offers the few functions of libuv and
 * Node-API that the shim's waker looks up, over poll(2), so that a wake costs
 * no thread. */
#include "shim_host.h"

#include <poll.h>
#include <stddef.h>

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

/* Looked up too, and of no use without JavaScript. */
#define UNUSED(name)                                                           \
  VISIBLE int napi_##name(void) { return 0; }
UNUSED(async_destroy)
UNUSED(close_handle_scope)
UNUSED(close_callback_scope)
UNUSED(create_function)
UNUSED(set_named_property)
UNUSED(get_cb_info)
UNUSED(get_value_uint32)
UNUSED(get_value_int32)
UNUSED(get_typedarray_info)
UNUSED(create_uint32)
UNUSED(create_int32)
UNUSED(throw_type_error)
UNUSED(create_reference)
UNUSED(get_reference_value)
UNUSED(delete_reference)
UNUSED(call_function)
UNUSED(get_and_clear_last_exception)
UNUSED(fatal_exception)

void *host_environment(void) { return &polled; }

void host_wait(void) {
  struct pollfd waited = {.fd = polled->fd, .events = POLLIN};
  if (poll(&waited, 1, -1) > 0)
    polled->callback(polled, 0, 1);
}
