/* Waking without a thread a host that only reads: the kernel itself writes the
 * byte. io_uring is told to wait for the poller, and then to send
 * (two linked requests); netsctp_take() has it wait again. A thread in between
 * costs 25 us and more (docs/decisions/0014-wake-by-io-uring.md).
 *
 * Made of system calls alone: liburing would be for more than two requests. */
#include <errno.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "loop/loop.h"

enum { REQUESTS = 2 };

struct ring_state {
  int socket; /* our end */
  int ring;
  uint8_t *queues; /* both, shared with the kernel */
  size_t queues_size;
  struct io_uring_sqe *requests;
  size_t requests_size;
  uint32_t *submit_head, *submit_tail, *submit_mask, *submitted;
  uint32_t *done_head, *done_tail;
  uint32_t taken; /* of the requests, by the kernel; below 2 nothing wakes */
};

/* Needs linked requests, one mapping for both queues, and IORING_OP_SEND: Linux
 * 5.7. -EPERM, -ENOSYS: switched off, as many containers have it. */
static int open_ring(struct ring_state *state) {
  struct io_uring_params params = {0};
  const uint32_t needed = IORING_FEAT_SINGLE_MMAP | IORING_FEAT_FAST_POLL;
  state->ring = (int)syscall(__NR_io_uring_setup, REQUESTS, &params);
  if (state->ring < 0)
    return -errno;
  if ((params.features & needed) != needed)
    return -ENOSYS;
  const size_t submit_size =
      params.sq_off.array + params.sq_entries * sizeof(uint32_t);
  const size_t done_size =
      params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
  state->queues_size = submit_size > done_size ? submit_size : done_size;
  state->requests_size = params.sq_entries * sizeof *state->requests;
  void *queues = mmap(NULL, state->queues_size, PROT_READ | PROT_WRITE,
                      MAP_SHARED, state->ring, IORING_OFF_SQ_RING);
  if (queues == MAP_FAILED)
    return -errno;
  state->queues = queues;
  void *requests = mmap(NULL, state->requests_size, PROT_READ | PROT_WRITE,
                        MAP_SHARED, state->ring, IORING_OFF_SQES);
  if (requests == MAP_FAILED)
    return -errno;
  state->requests = requests;
#define AT(offset) ((uint32_t *)(void *)(state->queues + (offset)))
  state->submit_head = AT(params.sq_off.head);
  state->submit_tail = AT(params.sq_off.tail);
  state->submit_mask = AT(params.sq_off.ring_mask);
  state->submitted = AT(params.sq_off.array);
  state->done_head = AT(params.cq_off.head);
  state->done_tail = AT(params.cq_off.tail);
#undef AT
  return 0;
}

static void close_ring(struct ring_state *state) {
  if (state->requests)
    munmap(state->requests, state->requests_size);
  if (state->queues)
    munmap(state->queues, state->queues_size);
  if (state->ring >= 0)
    close(state->ring); /* which takes back what it waits for */
  free(state);
}

/* It is false until all requests that the kernel took have completed. */
static bool is_done(struct ring_state *state) {
  const uint32_t tail = __atomic_load_n(state->done_tail, __ATOMIC_ACQUIRE);
  if (tail - *state->done_head < state->taken)
    return false;
  __atomic_store_n(state->done_head, tail, __ATOMIC_RELEASE);
  return true;
}

/* Requests that the kernel did not take the last time are overwritten. */
static void fill(struct ring_state *state, int poller) {
  const uint32_t head = __atomic_load_n(state->submit_head, __ATOMIC_ACQUIRE);
  for (uint32_t i = 0; i < REQUESTS; i++)
    state->submitted[(head + i) & *state->submit_mask] = i;
  state->requests[0] = (struct io_uring_sqe){
      .opcode = IORING_OP_POLL_ADD,
      .flags = IOSQE_IO_LINK,
      .fd = poller,
      .poll_events = POLLIN,
  };
  state->requests[1] = (struct io_uring_sqe){
      .opcode = IORING_OP_SEND,
      .fd = state->socket,
      .addr = (uintptr_t) "",
      .len = 1,
      .msg_flags = MSG_NOSIGNAL | MSG_DONTWAIT,
  };
  __atomic_store_n(state->submit_tail, head + REQUESTS, __ATOMIC_RELEASE);
}

/* Short of memory, the kernel takes none of the requests, or the first alone,
 * which then has to come back before it is tried again. */
static int wait_again(struct ring_state *state, int poller) {
  if (is_done(state)) {
    fill(state, poller);
    NETSCTP__COUNT(other_syscalls, 1);
    const long count =
        syscall(__NR_io_uring_enter, state->ring, REQUESTS, 0, 0, NULL, 0);
    state->taken = count < 0 ? 0 : (uint32_t)count;
    if (count < 0)
      return -errno;
  }
  return state->taken == REQUESTS ? 0 : -EAGAIN;
}

static int start(struct netsctp__loop *loop) {
  struct ring_state *state = calloc(1, sizeof *state);
  if (!state)
    return -ENOMEM;
  state->socket = loop->socket.own;
  int result = open_ring(state);
  if (result == 0)
    result = wait_again(state, loop->poller.descriptor);
  if (result < 0)
    close_ring(state);
  else
    loop->wake_state = state;
  return result;
}

static void rearm(struct netsctp__loop *loop) {
  struct ring_state *state = loop->wake_state;
  NETSCTP__COUNT(wakes, 1); /* nobody sees the wake itself */
  if (wait_again(state, loop->poller.descriptor) == 0)
    return;
  /* Nothing else would wake the host: it comes back to try again. The kick
   * also completes a poll request that was taken without its send. */
  netsctp__loop_kick(loop);
  send(state->socket, "", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void stop(struct netsctp__loop *loop) { close_ring(loop->wake_state); }

const struct netsctp__waker netsctp__waker_ring = {start, rearm, NULL, stop};
