/* Plain sockets again, with up to 64 messages in one sendmmsg() or recvmmsg().
 */
#include "sockets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { MOST = 64 };

struct batch {
  struct mmsghdr messages[MOST];
  struct iovec parts[MOST];
  uint8_t *bytes; /* MOST times run.size */
  uint32_t count;
};

static struct batch outbound, inbound;

static void make(struct batch *batch) {
  batch->bytes = malloc((size_t)MOST * run.size);
  if (!batch->bytes)
    give_up("memory", errno);
  for (uint32_t i = 0; i < MOST; i++) {
    batch->parts[i] =
        (struct iovec){batch->bytes + (size_t)i * run.size, run.size};
    batch->messages[i].msg_hdr =
        (struct msghdr){.msg_iov = &batch->parts[i], .msg_iovlen = 1};
  }
}

static uint32_t most_at_once(uint32_t size) {
  (void)size;
  return MOST;
}

static void flush(void) {
  for (uint32_t sent = 0; sent < outbound.count;) {
    const int count = sendmmsg(association, outbound.messages + sent,
                               outbound.count - sent, MSG_NOSIGNAL);
    if (count < 0)
      give_up("sendmmsg", errno);
    sent += (uint32_t)count;
  }
  outbound.count = 0;
}

/* Uncopied, as the caller's bytes stay. */
static void send_later(uint32_t fd, const uint8_t *message, uint32_t size) {
  (void)fd;
  outbound.parts[outbound.count++] = (struct iovec){(void *)message, size};
  if (outbound.count == MOST)
    flush();
}

static void wait_blocking(const struct load *load) {
  if (begin_association(load))
    return;
  const uint32_t from = (uint32_t)association;
  const int count =
      recvmmsg(association, inbound.messages, MOST, MSG_WAITFORONE, NULL);
  if (count < 0) {
    if (is_end_of_ours())
      load->on_end(from);
    else if (errno != EINTR)
      give_up("recvmmsg", errno);
    return;
  }
  for (int i = 0; i < count; i++) {
    const uint32_t length = inbound.messages[i].msg_len;
    if (length == 0) {
      load->on_end(from);
      return;
    }
    deliver(load, from, inbound.parts[i].iov_base, length,
            inbound.messages[i].msg_hdr.msg_flags & MSG_EOR);
  }
  flush();
}

const struct transport *mmsg_transport(void) {
  static const struct transport transport = {
      most_at_once, listen_blocking, connect_blocking,   wait_blocking,
      send_later,   flush,           shut_down_blocking, close_blocking,
  };
  make(&outbound);
  make(&inbound);
  return &transport;
}
