/* What the shim's own files share with each other and not with a backend. */
#ifndef NETSCTP_INTERNAL_H
#define NETSCTP_INTERNAL_H

#include "shim/backend.h"

static inline bool netsctp__is_aligned(const void *pointer) {
  return pointer && (uintptr_t)pointer % NETSCTP_ALIGN == 0;
}

/* ------------------------------------------------ shim/explain.c */

/* Opens every exported call that can fail: counts it, and forgets what
 * netsctp_explain() knew about the one before. */
void netsctp__enter(void);

/* ------------------------------------------------ shim/options.c */

/* Parses a request and checks it against the table. 0 or -errno, explained. */
int netsctp__read_request(const uint8_t *bytes, uint32_t length,
                          enum netsctp__moment, struct netsctp__request *out);
/* Has a request for opening ask for outbound streams, if it does not. `room` is
 * for NETSCTP__MOST_OPTIONS. */
int netsctp__add_streams(struct netsctp__request *,
                         struct netsctp_option room[]);

/* ------------------------------------------------ shim/handles.c */

/* A fresh handle with a number, NULL when there are 2^20 already or no
 * memory. */
struct netsctp__handle *netsctp__handle_open(struct netsctp__loop *,
                                             enum netsctp__kind);
void netsctp__handle_close(struct netsctp__handle *);

/* Begins an exported call about an association: 0, or why there is none. */
int netsctp__enter_association(uint32_t number, struct netsctp__handle **out);

/* The handles that are open on the loop, one after the other; the cursor
 * starts at 0. */
struct netsctp__handle *netsctp__next_handle(struct netsctp__loop *,
                                             uint32_t *cursor);

/* ------------------------------------------------ shim/node_addon.c */

/* The libuv loop of this thread. -ENOSYS, explained, where it is not one of
 * Node's that has loaded the library as an addon. */
int netsctp__node_loop(void **uv_loop);

/* Has a function called when this thread's JavaScript has ended, be it by
 * Worker.terminate(). */
void netsctp__node_at_end(void (*)(void *), void *);

/* Calls `wake` as a turn of JavaScript's own: its ticks and microtasks are run
 * at the end, and exceptions in them are uncaught ones. Without that, what
 * JavaScript puts in line meanwhile would be run by whatever native call comes
 * next: in the middle of an HTTP parser, or a second later. */
void netsctp__node_turn(void (*wake)(uint32_t), uint32_t loop);

/* A function of JavaScript's that is kept for a loop. The one that is now being
 * opened has to take what it was given; NULL where the caller is not
 * JavaScript.
 */
struct netsctp__node_function;
struct netsctp__node_function *netsctp__node_take_function(void);
void netsctp__node_drop(struct netsctp__node_function *);

#endif
