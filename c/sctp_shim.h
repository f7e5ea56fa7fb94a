/* netsctp: the contract between C and JavaScript.
 *
 * Two shared objects export exactly these symbols: netsctp_kernel.so over the
 * Linux kernel's SCTP, netsctp_userspace.so over usrsctp in UDP (RFC 6951).
 * What a call means is the same in both.
 *
 * Rules that hold for every call unless it says otherwise:
 * - Result >= 0 is success or a count; < 0 is -errno. errno itself is never
 *   part of the contract. No call blocks (but netsctp_loop_close), none raises
 *   a signal.
 * - The caller owns every buffer. The shim keeps no pointer to one past the
 *   call's return. A buffer that is too small gives -ENOBUFS, never a part.
 *   Buffers that hold records are 8-byte aligned.
 * - A handle is a 31-bit id that carries a generation: one that was closed
 *   answers -EBADF for ever and never reaches another socket.
 * - A loop belongs to the thread that opened it, and so do its handles: only
 *   that thread may use them. Different threads may have a loop each.
 * - A port or PPID is in host byte order.
 * - After a failure netsctp_explain() may know more than the errno does.
 *
 * The life of a handle:
 *
 *   netsctp_connect --> connecting --ASSOC_CHANGE/UP--> up --END--> ended
 *   netsctp_accept  ------------------------------------^ |           |
 *                        any state --ERROR--> failed <----+           |
 *                                                |                    |
 *                                 netsctp_close <+--------------------+
 */
#ifndef NETSCTP_SHIM_H
#define NETSCTP_SHIM_H

#include <stddef.h>
#include <stdint.h>

/* -------------------------------------------- enums and records, ours alone */

#define ENUM_VALUE(name, value, number)                                        \
  enum { NETSCTP_##name##_##value = number };
#include "sctp_records.def"

/* Numbered as they stand in sctp_options.def, from 1. */
enum {
  NETSCTP_OPTION_NONE,
#define OPTION(name, ...) NETSCTP_OPTION_##name,
#include "sctp_options.def"
  NETSCTP__OPTIONS
};

#define RECORD_BEGIN(name) struct netsctp_##name {
#define FIELD(name, type, field) type field;
#define ARRAY_FIELD(name, type, field, count) type field[count];
#define RECORD_END(name, size)                                                 \
  }                                                                            \
  ;                                                                            \
  _Static_assert(sizeof(struct netsctp_##name) == size, #name " has padding");
#include "sctp_records.def"

/* Every record in a batch starts at a multiple of this. */
#define NETSCTP_ALIGN 8u
#define NETSCTP_PADDED(n) (((uint32_t)(n) + 7u) & ~7u)

#define NETSCTP_API __attribute__((visibility("default")))

/* ------------------------------------------------------------- the library */

/* FNV-1a of the layout text. A caller whose generated layout has another hash
 * must not use the library. Any thread. */
NETSCTP_API uint32_t netsctp_layout_hash(void);

/* NETSCTP_STACK_KERNEL or NETSCTP_STACK_USERSPACE. Any thread. */
NETSCTP_API int32_t netsctp_stack(void);

/* Whether this stack can open sockets on this machine: 0, or -errno of what
 * failed (-EPROTONOSUPPORT, -EACCES ...) with the reason in netsctp_explain().
 * Opens nothing that stays open. Any thread. */
NETSCTP_API int32_t netsctp_probe(void);

/* Whether this stack, on this machine, has an option (NETSCTP_OPTION_*): 0, or
 * -EOPNOTSUPP, and netsctp_explain() says what is missing. Opens nothing that
 * stays open. Any thread. */
NETSCTP_API int32_t netsctp_supports(uint32_t option);

/* Writes why the last call of this thread that failed did so, as UTF-8 text
 * without a terminating zero, when there is more to say than the errno does.
 * Returns its length, 0 if there is nothing to add; cuts at capacity. */
NETSCTP_API int32_t netsctp_explain(uint8_t *out, uint32_t capacity);

/* Which of the local addresses of the request (0 is the first) the last call of
 * this thread failed for; -1 where it was for something else. */
NETSCTP_API int32_t netsctp_failed_local(void);

/* The number of the option that the last call of this thread failed for with
 * -EOPNOTSUPP, as the stack or the system lacks it; 0: it was something else.
 * netsctp_explain() says what has it. */
NETSCTP_API int32_t netsctp_lacking_option(void);

/* Writes the name of a positive errno ("ECONNREFUSED"). Returns its length, 0
 * for one that has no name here. Any thread. */
NETSCTP_API int32_t netsctp_error_name(int32_t error, uint8_t *out,
                                       uint32_t capacity);

/* Writes one struct netsctp_counters. Any thread. */
NETSCTP_API int32_t netsctp_counters(uint8_t *out, uint32_t capacity);

/* -------------------------------------------------------------- the loop */

/* Opens a loop for the calling thread and returns its number (>= 0).
 *
 * The host is woken when there is something to take. It is not woken again
 * before netsctp_take() has been called, and may be woken for nothing, and
 * before this has returned. How:
 *
 * NETSCTP_WAKE_UV: `wake` is called on this thread, out of its libuv loop. For
 * a thread of Node's that has loaded this library as an addon, too
 * (process.dlopen(); else -ENOSYS).
 * NETSCTP_WAKE_THREAD: `wake` is called on a thread of the shim's that does
 * nothing else. For a host that lives as long as the process.
 * NETSCTP_WAKE_SOCKET: a byte comes out of netsctp_loop_socket(); `wake` is
 * NULL. The host may end at any moment.
 * NETSCTP_WAKE_RING: the same, but no thread is needed: the kernel writes the
 * byte. Where it does not let us (no io_uring, or forbidden, as in many
 * containers): -errno, -ENOSYS and -EPERM as a rule.
 *
 * A new loop does not keep the process alive: see netsctp_loop_ref(). One that
 * is open when its thread ends is closed. */
NETSCTP_API int32_t netsctp_loop_open(uint32_t wake_mode,
                                      void (*wake)(uint32_t loop));

/* Whether the loop keeps its thread's libuv loop alive. Nothing to do, and 0,
 * with the others. */
NETSCTP_API int32_t netsctp_loop_ref(uint32_t loop, uint32_t on);

/* The descriptor to read wakes from with NETSCTP_WAKE_SOCKET and _RING,
 * non-blocking; -1 with the others. Closed with the loop, if it is still there.
 */
NETSCTP_API int32_t netsctp_loop_socket(uint32_t loop);

/* Ends the loop: aborts every association still open on it, flushes what that
 * has to send, lets associations that are already shutting down finish. May
 * block for that, two seconds at most. The host is not woken after it; a call
 * of `wake` that is under way on the shim's thread is not waited for, as the
 * host may need this thread to end it. */
NETSCTP_API int32_t netsctp_loop_close(uint32_t loop);

/* Does what input is waiting for (events, and in the userspace stack packets
 * and timers) and writes a struct netsctp_ready for each handle with news.
 * Returns their number; if that fills the buffer there may be more, and the
 * loop wakes again by itself.
 *
 * Readiness is edge triggered. READABLE: something arrived (on a listener: can
 * be accepted) since the last netsctp_receive() that drained the handle;
 * it is not repeated until then. WRITABLE: only after a send came back short.
 */
NETSCTP_API int32_t netsctp_take(uint32_t loop, uint8_t *out,
                                 uint32_t capacity);

/* ------------------------------------------------------------ opening */

/* Both take a struct netsctp_request with what follows it.
 *
 * netsctp_listen: binds to all local addresses (none: any, IPv6 and IPv4 unless
 * IPV6_ONLY; port 0: the stack chooses, see netsctp_addresses) and listens.
 * All or nothing. Returns a handle. -EADDRINUSE, -EADDRNOTAVAIL, -EACCES ... A
 * link-local address needs its interface ("fe80::1%eth0"), and in the userspace
 * stack has to be bound by name: a listener on "any" is not reached by it.
 *
 * netsctp_connect: binds if there are local addresses and starts to associate
 * with the peer that has all the remote ones. Returns a handle at once; the
 * outcome becomes READABLE: either a NOTIFICATION with ASSOC_CHANGE/UP before
 * any message, or an ERROR (ECONNREFUSED, ETIMEDOUT, EHOSTUNREACH ...).
 *
 * Options that were not given keep the stack's default. One that this stack
 * does not have: -EOPNOTSUPP, and netsctp_explain() names it. */
NETSCTP_API int32_t netsctp_listen(uint32_t loop, const uint8_t *request,
                                   uint32_t length);
NETSCTP_API int32_t netsctp_connect(uint32_t loop, const uint8_t *request,
                                    uint32_t length);

/* Accepts all that wait, up to the buffer's size, as struct netsctp_accepted.
 * Returns their number; 0 is "none now". A connection that failed while it
 * waited is left out. -EMFILE, -ENFILE, -ENOBUFS, -ENOMEM: none was accepted,
 * the listener is unharmed, READABLE is not repeated: call again later. */
NETSCTP_API int32_t netsctp_accept(uint32_t handle, uint8_t *out,
                                   uint32_t capacity);

/* ------------------------------------------------------------ messages */

/* Receives all that is there, as far as the buffer goes: a struct
 * netsctp_received, then struct netsctp_inbound records. Returns the bytes
 * written; at least the head. A message that does not fit, or that the stack
 * gives in pieces, arrives as several MESSAGE records of which the last has
 * END_OF_RECORD; the pieces of one message are not mixed with another's. A
 * NOTIFICATION that does not fit has none, and REST records follow.
 * END: the association has ended in order (the peer's SHUTDOWN, or ours, is
 * through); all messages came before. ERROR: it failed. Either comes once, is
 * the last record, and leaves only netsctp_addresses and netsctp_close.
 * The buffer must hold 4096 bytes or more. */
NETSCTP_API int32_t netsctp_receive(uint32_t handle, uint8_t *out,
                                    uint32_t capacity);

/* Sends a run of `count` struct netsctp_outbound records, in order. Returns how
 * many messages the stack took, each whole: fewer than `count` means its buffer
 * is full (READY/WRITABLE will come), or that the next one fails, which the
 * next call will say. A negative result means none was taken: -EPIPE after a
 * SHUTDOWN of either side, END or ERROR, -ECONNRESET, -EMSGSIZE (more than the
 * send buffer holds), -EINVAL (no such stream; no payload), -ENOTCONN before
 * UP, -EOPNOTSUPP (a key of its own, or a policy, that the stack has not:
 * netsctp_explain()), -EADDRNOTAVAIL (its destination is not the peer's). */
NETSCTP_API int32_t netsctp_send(uint32_t handle, const uint8_t *batch,
                                 uint32_t length, uint32_t count);

/* The same for one message whose payload is not copied into a batch: `head` is
 * one struct netsctp_outbound (its size is not looked at), and the address of
 * its destination, if it has one. Returns 1 or 0. */
NETSCTP_API int32_t netsctp_send_one(uint32_t handle, const uint8_t *head,
                                     const uint8_t *payload, uint32_t length);

/* ------------------------------------------------------------- closing */

/* Begins the SHUTDOWN of the association: all that was sent arrives first,
 * receiving goes on, END follows. -ENOTCONN before UP and after END or ERROR,
 * 0 if already begun. */
NETSCTP_API int32_t netsctp_shutdown(uint32_t handle);

/* Gives the handle up; from now on it is -EBADF. ABORT: the peer is told at
 * once and unsent messages are lost. RELEASE: after END or ERROR there is
 * nothing more to do; an association that is still up is shut down in the
 * background, what it received and nobody read is discarded. A listener's
 * waiting connections are aborted in both cases. */
NETSCTP_API int32_t netsctp_close(uint32_t handle, uint32_t how);

/* As netsctp_close() with ABORT, which tells the peer a reason: the information
 * of a User-Initiated Abort cause (RFC 9260 section 3.3.10.12), 1 to 1024
 * bytes. -EOPNOTSUPP where the stack cannot, -ENOTCONN before UP and after END
 * or ERROR: then the handle is unharmed. */
NETSCTP_API int32_t netsctp_abort(uint32_t handle, const uint8_t *reason,
                                  uint32_t length);

/* ------------------------------------------------------- asking, setting */

/* Writes the struct netsctp_address es of one side (NETSCTP_SIDE_*), the
 * primary (remote) or first bound (local) first. Returns their number.
 * -ENOTCONN when it is no longer known. */
NETSCTP_API int32_t netsctp_addresses(uint32_t handle, uint32_t side,
                                      uint8_t *out, uint32_t capacity);

/* Writes the struct netsctp_status of an association. Returns 0. -ENOTCONN
 * before UP and after END or ERROR. */
NETSCTP_API int32_t netsctp_status(uint32_t handle, uint8_t *out,
                                   uint32_t capacity);

/* Writes the struct netsctp_statistics of an association. Returns 0. -ENOTCONN
 * before UP and once it is over. */
NETSCTP_API int32_t netsctp_statistics(uint32_t handle, uint8_t *out,
                                       uint32_t capacity);

/* Writes a struct netsctp_path for each address of the peer, the primary
 * first. Returns their number. -ENOTCONN when they are not known. */
NETSCTP_API int32_t netsctp_paths(uint32_t handle, uint8_t *out,
                                  uint32_t capacity);

/* Both take a struct netsctp_request with what follows it; only the remote
 * addresses that an option's scope names count.
 *
 * netsctp_configure: sets options of a handle that is open. 0, or -errno, and
 * netsctp_explain() names the option that was refused, or several that do not
 * go together. Nothing that shares a struct with it has been set; options of
 * other structs may have been. -EOPNOTSUPP: it cannot be changed any more, or
 * is not for this stack. What is set before UP is for an association to come,
 * and the kernel makes that at netsctp_connect: set it again after UP.
 *
 * netsctp_inspect: writes the request's options with the values they have now,
 * then bytes. Returns the length of all that, or -errno. */
NETSCTP_API int32_t netsctp_configure(uint32_t handle, const uint8_t *request,
                                      uint32_t length);
NETSCTP_API int32_t netsctp_inspect(uint32_t handle, const uint8_t *request,
                                    uint32_t length, uint8_t *out,
                                    uint32_t capacity);

#endif
