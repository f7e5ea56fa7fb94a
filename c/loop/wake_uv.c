/* Waking by libuv, where the process is Node: the loop of this thread, the main
 * one or a worker's, polls our poller among its own, so no thread and
 * no pipe is needed. The thread has loaded the library as an addon, which gives
 * its loop, word of its end, and callback scopes (shim/node_addon.c).
 *
 * The functions are looked up; nothing here links to them or needs their
 * headers. Of libuv's ABI this uses only what it promises to keep within
 * version 1: opaque handles of uv_handle_size(), whose first member is the
 * user's `void *data`. */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

#include "loop/loop.h"
#include "shim/internal.h"

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

/* ------------------------------------------------ waking */

/* The handle knows its loop by number, so that one closed is not found. */
static struct netsctp__loop *loop_of(uv_handle *handle) {
  return netsctp__loop_find((uint32_t)(uintptr_t) * (void **)handle);
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
  /* What JavaScript does meanwhile is one turn of its own. May close the loop.
   */
  netsctp__node_turn(loop->wake, loop->id);
}

/* The thread's JavaScript has ended, be it by Worker.terminate(), and its
 * libuv loop is about to: Node insists that no handle is left open in it. */
static void on_end(void *id) {
  netsctp_loop_close((uint32_t)(uintptr_t)id); /* unless it was already */
}

static int start(struct netsctp__loop *loop) {
  void *host;
  int result = netsctp__node_loop(&host);
  if (result < 0)
    return result;
  if (!look_up())
    return netsctp__explain(ENOSYS, "there is no libuv in this process");
  struct uv_state *state = calloc(1, sizeof *state);
  uv_handle *handle = calloc(1, uv.handle_size(UV_POLL));
  /* libuv's errors are -errno on Linux. */
  result = state && handle ? uv.poll_init(host, handle, loop->poller.descriptor)
                           : -ENOMEM;
  if (result < 0) {
    free(state);
    free(handle);
    return result;
  }
  *(void **)handle = (void *)(uintptr_t)loop->id;
  state->handle = handle;
  loop->wake_state = state;
  netsctp__node_at_end(on_end, (void *)(uintptr_t)loop->id);
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

static void ref(struct netsctp__loop *loop, bool on) {
  struct uv_state *state = loop->wake_state;
  (on ? uv.ref : uv.unref)(state->handle);
}

static void on_closed(uv_handle *handle) { free(handle); }

static void stop(struct netsctp__loop *loop) {
  struct uv_state *state = loop->wake_state;
  uv.close(state->handle, on_closed);
  free(state);
}

const struct netsctp__waker netsctp__waker_uv = {start, rearm, ref, stop};
