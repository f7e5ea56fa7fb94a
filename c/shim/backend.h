/* What a stack implements, and what it may use of the shim.
 *
 *   shim/              the exported functions: argument checks, handles
 *   loop/              loops, ready lists, waking the host
 *   kernel/, usrsctp/  one stack; each shared object links one of them
 *   rfc6458/           what both stacks share of a backend: configure, inspect,
 *                      status, paths, messages and notifications
 *
 * A backend includes its one vendor header and this; the two vendor headers
 * never meet. It speaks in records of sctp_records.def, returns >= 0 or -errno,
 * and never sees JavaScript. */
#ifndef NETSCTP_BACKEND_H
#define NETSCTP_BACKEND_H

#include <stdbool.h>

#include "shim/address.h"

struct netsctp__loop;
struct netsctp__poller;

/* What the stack has for a handle: each backend defines its own. */
struct netsctp__socket;

/* What the number of a handle names. An endpoint (RFC 9260 section 1.3) only
 * listens today, and each association has a socket of its own.
 *
 * One-to-many (RFC 6458 section 3) fits in like this: an endpoint's socket
 * carries several associations, each with a handle that has the same `socket`
 * and its own `association_id`. netsctp_receive() of the endpoint gives what
 * came for any of them, and name_association() in shim/calls.c looks each
 * record's handle up. peeloff() gives such a handle another `socket`; number
 * and association_id stay. What is missing for it:
 * - that look-up, and handles made for an endpoint by ASSOC_CHANGE/UP;
 * - what a backend's socket keeps of "its" handle (the tag in the kernel's
 *   poller, netsctp__socket.handle of usrsctp's) is the endpoint's then, and
 *   what it keeps of an end (error, cause, ending) belongs to an association;
 * - END and ERROR: by ASSOC_CHANGE, as the socket does not end. */
enum netsctp__kind { NETSCTP__ASSOCIATION, NETSCTP__ENDPOINT };

/* Made by the shim before the backend opens anything, freed by it after
 * netsctp__backend_close(). */
struct netsctp__handle {
  uint32_t number;
  uint32_t association_id; /* the stack's, of the socket's; 0: not known yet */
  struct netsctp__loop *loop;
  struct netsctp__socket *socket; /* the backend's, NULL while none is open */

  /* loop/ready.c's: the ready list. */
  struct netsctp__handle *next_ready;
  uint8_t ready; /* NETSCTP_READY_* */
  bool is_told;  /* READABLE was taken and nobody drained it since */

  uint8_t kind;           /* enum netsctp__kind */
  bool is_up;             /* ASSOC_CHANGE/UP was seen, or it was accepted */
  bool is_shut_down;      /* netsctp_shutdown() was called */
  bool is_peer_shut_down; /* and so says the peer's notification */
  bool is_finished;       /* END or ERROR was written: nothing follows */
  bool wants_write;       /* the backend's: a send came back short */
  union netsctp__sockaddr peer; /* the backend's: AF_UNSPEC while unknown */
};

/* -------------------------------------------- implemented by the backend */

/* NETSCTP_STACK_*, and netsctp_probe(). */
int netsctp__backend_stack(void);
int netsctp__backend_probe(void);

/* Whether this machine's version of the stack has an option that the stack has:
 * 0, or -EOPNOTSUPP, explained. */
int netsctp__backend_supports(uint32_t option);

/* A loop comes and goes. Open may add descriptors that are not a socket's to
 * netsctp__loop_poller(loop). Close is called after every handle of the loop
 * was closed: with ABORT, or to linger where it was shut down. It may block two
 * seconds to finish what lingers. */
int netsctp__backend_loop_open(struct netsctp__loop *loop);
void netsctp__backend_loop_close(struct netsctp__loop *loop);

/* Handles all input that waits, marking handles with
 * netsctp__mark_ready(). Called by netsctp_take() only. */
int netsctp__backend_pump(struct netsctp__loop *loop);

/* The shim makes the calls that open and ask between these two; those of loops
 * and messages, shutdown and close do so themselves. Leaving the userspace
 * stack sends what is to be sent, marks handles ready and sets the timer. */
void netsctp__backend_enter(void);
void netsctp__backend_leave(void);

/* As the functions of sctp_shim.h of the same name. The handle is fresh, zero
 * but for its number, kind and loop: the backend gives it a socket, or leaves
 * nothing open on failure. */
int netsctp__backend_listen(struct netsctp__handle *,
                            const struct netsctp__request *);
int netsctp__backend_connect(struct netsctp__handle *,
                             const struct netsctp__request *);

/* Takes one waiting association into `fresh` and fills `out` (its handle is the
 * shim's to fill). -EAGAIN: none waits. -ECONNABORTED: one failed, go on. */
int netsctp__backend_accept(struct netsctp__handle *listener,
                            struct netsctp__handle *fresh,
                            struct netsctp_accepted *out);

/* The least room that inbound records are read into. */
enum { NETSCTP__LEAST_ROOM = 2048 };

/* Writes inbound records from `out` on, one or as many as it likes, with at
 * most `capacity` bytes in all (at least NETSCTP__LEAST_ROOM, a multiple of 8):
 * each a head, payload after it, size (padded, or more) and length set,
 * `association` as the stack numbers it. END and ERROR come alone. Returns
 * their number, 0 when there is nothing more now, or -ENOBUFS to be asked again
 * with more room. After 0 the next arrival must mark the handle READABLE. */
int netsctp__backend_receive(struct netsctp__handle *,
                             struct netsctp_inbound *out, uint32_t capacity);

/* Sends a run; as netsctp_send() (count >= 1, bounds checked). */
int netsctp__backend_send(struct netsctp__handle *,
                          const struct netsctp_outbound *first, uint32_t count);
/* Sends one; returns 1, 0 (full: WRITABLE will come) or -errno. */
int netsctp__backend_send_one(struct netsctp__handle *,
                              const struct netsctp_outbound *head,
                              const void *payload, uint32_t length);

/* Where the payload of a message to send begins, behind its head. */
static inline uint32_t
netsctp__head_size(const struct netsctp_outbound *message) {
  return sizeof *message + (message->flags & NETSCTP_FLAG_DESTINATION
                                ? sizeof(struct netsctp_address)
                                : 0);
}

/* Where it goes to: its size, 0 if it has no destination of its own; -EINVAL,
 * which no backend gets. */
static inline int netsctp__destination(const struct netsctp__handle *handle,
                                       const struct netsctp_outbound *message,
                                       union netsctp__sockaddr *out) {
  if (!(message->flags & NETSCTP_FLAG_DESTINATION))
    return 0;
  const int result = netsctp__to_sockaddr((const void *)(message + 1), out);
  if (result < 0)
    return result;
  netsctp__set_port(out, netsctp__port(&handle->peer));
  return (int)netsctp__sockaddr_size(out);
}

int netsctp__backend_shutdown(struct netsctp__handle *);
void netsctp__backend_close(struct netsctp__handle *, bool abort);
/* Closes with an ABORT that bears a reason. 0, or -errno: it is open still. */
int netsctp__backend_abort(struct netsctp__handle *, const uint8_t *reason,
                           uint32_t length);

/* At most `count` addresses to `out`; returns how many there are, -ENOBUFS if
 * more than `count`. */
int netsctp__backend_addresses(struct netsctp__handle *, uint32_t side,
                               struct netsctp_address *out, uint32_t count);
/* Of an association that is up; -ENOTCONN if it has ended meanwhile. */
int netsctp__backend_status(struct netsctp__handle *,
                            struct netsctp_status *out);
int netsctp__backend_statistics(struct netsctp__handle *,
                                struct netsctp_statistics *out);
/* As addresses. */
int netsctp__backend_paths(struct netsctp__handle *, struct netsctp_path *out,
                           uint32_t count);
/* Of requests that were checked. 0 or -errno. */
int netsctp__backend_configure(struct netsctp__handle *,
                               const struct netsctp__request *);
int netsctp__backend_inspect(struct netsctp__handle *,
                             const struct netsctp__request *,
                             struct netsctp__answer *);

/* ------------------------------------------------ offered by loop/loop.c */

/* How many a process can have. */
#define NETSCTP__LOOPS 256u

/* What the host waits for. The backend may add descriptors. */
struct netsctp__poller *netsctp__loop_poller(struct netsctp__loop *loop);

/* ------------------------------------------------ offered by loop/ready.c */

/* Puts the handle on its loop's ready list (once), or adds events to it. Any
 * thread, with the backend's lock held (the kernel's has none). If the loop is
 * not in netsctp_take() just now it is woken, so that nothing waits unseen. */
void netsctp__mark_ready(struct netsctp__handle *, uint32_t events);

/* ------------------------------------------------ offered by shim/explain.c */

/* Says which of a request's local addresses is at fault; returns the result. */
int netsctp__blame_local(uint32_t index, int result);

/* ------------------------------------------------ offered by shim/handles.c */

/* The handle of a number, NULL if it is stale. */
struct netsctp__handle *netsctp__find(uint32_t number);

/* ------------------------------------------------ shim/counters.c
 */

extern struct netsctp_counters netsctp__counters;
/* Counters are bumped without order between threads; they are for benches. */
#define NETSCTP__COUNT(field, n)                                               \
  __atomic_fetch_add(&netsctp__counters.field, (n), __ATOMIC_RELAXED)

#endif
