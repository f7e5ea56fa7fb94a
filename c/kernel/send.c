/* Messages into the kernel's stack. */
#include "kernel/vendor.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <string.h>

#include "rfc6458/messages.h"

/* What a failed send means to the caller: 0 for "full", else -errno. */
static int send_failed(struct netsctp__handle *handle, int error) {
  switch (error) {
  case EAGAIN:
    netsctp__kernel_watch_writable(handle, true);
    return 0;
  case ESHUTDOWN: /* the peer has begun to shut down */
    return -EPIPE;
  /* The kernel forgets the socket's error once it told it: receive could take
   * the end that follows for an orderly one. */
  case ECONNRESET:
  case ECONNABORTED:
  case ECONNREFUSED:
  case ETIMEDOUT:
  case EHOSTUNREACH:
  case ENETUNREACH:
    if (!handle->socket->error)
      handle->socket->error = (int16_t)error;
    break;
  default:
    break;
  }
  return -error;
}

/* What a msghdr of a message points to. */
struct parts {
  struct iovec payload;
  union netsctp__sockaddr destination;
  _Alignas(
      struct cmsghdr) char control[CMSG_SPACE(sizeof(struct sctp_sndinfo)) +
                                   CMSG_SPACE(sizeof(struct sctp_prinfo)) +
                                   CMSG_SPACE(sizeof(struct sctp_authinfo))];
};

static void add_control(struct msghdr *message, int type, const void *data,
                        size_t size) {
  struct cmsghdr *at = (struct cmsghdr *)((char *)message->msg_control +
                                          message->msg_controllen);
  at->cmsg_level = IPPROTO_SCTP;
  at->cmsg_type = type;
  at->cmsg_len = CMSG_LEN(size);
  memcpy(CMSG_DATA(at), data, size);
  message->msg_controllen += CMSG_SPACE(size);
}

/* `place` is the message's among those of this call. */
static void fill_message(const struct netsctp__handle *handle,
                         const struct netsctp_outbound *record, uint32_t place,
                         struct parts *parts, struct msghdr *out) {
  struct sctp_sndinfo info;
  struct sctp_prinfo policy;
  const bool has_policy = netsctp__send_info(record, &info, &policy);
  info.snd_context = (uint32_t)handle->socket->contexts.sent + place;
  parts->payload = (struct iovec){(char *)record + netsctp__head_size(record),
                                  record->length};
  *out = (struct msghdr){.msg_iov = &parts->payload,
                         .msg_iovlen = 1,
                         .msg_control = parts->control};
  /* An address is enough on a one-to-one socket. */
  const int destination =
      netsctp__destination(handle, record, &parts->destination);
  if (destination > 0) {
    out->msg_name = &parts->destination;
    out->msg_namelen = (socklen_t)destination;
  }
  add_control(out, SCTP_SNDINFO, &info, sizeof info);
  if (has_policy)
    add_control(out, SCTP_PRINFO, &policy, sizeof policy);
  if (record->flags & NETSCTP_FLAG_KEY) {
    const struct sctp_authinfo key = {.auth_keynumber = record->key_number};
    add_control(out, SCTP_AUTHINFO, &key, sizeof key);
  }
}

/* How many messages the send buffer can hold; asked for again when it has been
 * set. */
uint32_t netsctp__most_held(struct netsctp__socket *socket) {
  /* Linux charges a message what the heads of its chunk occupy, which is more
   * than this, beside its bytes. */
  enum { LEAST_CHARGE = 512 };
  if (!socket->most_held) {
    int bytes = 0;
    socklen_t size = sizeof bytes;
    NETSCTP__COUNT(send_syscalls, 1);
    getsockopt(socket->fd, SOL_SOCKET, SO_SNDBUF, &bytes, &size);
    /* It takes one more as long as it is not full. */
    socket->most_held = (uint32_t)bytes / LEAST_CHARGE + 1;
  }
  return socket->most_held;
}

static void note_sent(struct netsctp__socket *socket,
                      const struct netsctp_outbound *record) {
  netsctp__note_sent(socket, &socket->contexts, record->context);
}

/* Whether a send that found no room is worth another one at once: the one that
 * finds none gives up messages of less importance (RFC 7496 section 3.2), and
 * answers EAGAIN all the same. */
static bool may_have_made_room(const struct netsctp_outbound *record,
                               bool *has_tried) {
  const bool is_first = !*has_tried;
  *has_tried = true;
  return errno == EAGAIN && is_first &&
         record->policy == NETSCTP_POLICY_PRIORITY;
}

static const struct netsctp_outbound *
following(const struct netsctp_outbound *record) {
  return (const void *)((const uint8_t *)record + record->size);
}

/* Sends up to `count` messages and moves `*record` behind those that were
 * taken. Returns how many that were; 0: full; -errno. */
static int send_some(struct netsctp__handle *handle,
                     const struct netsctp_outbound **record, uint32_t count) {
  enum { AT_ONCE = 64 };
  struct mmsghdr messages[AT_ONCE];
  struct parts parts[AT_ONCE];
  if (count > AT_ONCE)
    count = AT_ONCE;
  const struct netsctp_outbound *at = *record;
  for (uint32_t i = 0; i < count; i++, at = following(at))
    fill_message(handle, at, i, &parts[i], &messages[i].msg_hdr);
  for (bool has_tried = false;;) {
    NETSCTP__COUNT(send_syscalls, 1);
    int taken = sendmmsg(handle->socket->fd, messages, count,
                         MSG_NOSIGNAL | MSG_DONTWAIT);
    for (int i = 0; i < taken; i++) {
      note_sent(handle->socket, *record);
      *record = following(*record);
    }
    if (taken >= 0)
      return taken;
    if (errno != EINTR && !may_have_made_room(*record, &has_tried))
      return send_failed(handle, errno);
  }
}

/* Of larger ones hardly two share a packet, or copying them costs more than
 * that saves (on loopback, whose packets have 64 KB). */
enum { SMALL = 2048 };

/* Room in the send buffer, 0 when the system does not say (before Linux 4.12).
 */
static uint32_t room_for_sending(int fd) {
  uint32_t memory[SK_MEMINFO_VARS] = {0};
  socklen_t size = sizeof memory;
  NETSCTP__COUNT(send_syscalls, 1);
  if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, memory, &size) < 0)
    return 0;
  uint32_t buffer = memory[SK_MEMINFO_SNDBUF];
  uint32_t used = memory[SK_MEMINFO_WMEM_QUEUED];
  return used < buffer ? buffer - used : 0;
}

/* Whether small messages go at once, as long as the application has not chosen
 * Nagle's algorithm. */
static bool is_without_delay(struct netsctp__handle *handle) {
  if (!handle->socket->is_delay_known) {
    handle->socket->is_delay_known = true;
    int on = 0;
    netsctp__vendor_get(handle->socket, IPPROTO_SCTP, SCTP_NODELAY, &on,
                        sizeof on);
    handle->socket->is_without_delay = on;
  }
  return handle->socket->is_without_delay;
}

/* How many messages from `record` on should share packets: small ones that have
 * room together, but for the last, which releases the others; 0 where that is
 * not worth the calls. The kernel charges what a message occupies: its
 * fragments' memory, in powers of two, and heads. */
static uint32_t sharing(struct netsctp__handle *handle,
                        const struct netsctp_outbound *record, uint32_t count) {
  enum { LEAST = 3, OVERHEAD = 1536, WASTE = 4 };
  if (count < LEAST || record->length > SMALL || !is_without_delay(handle))
    return 0;
  uint32_t room = room_for_sending(handle->socket->fd);
  uint64_t used = 0;
  uint32_t n = 0;
  for (; n < count; n++, record = following(record)) {
    used += WASTE * (uint64_t)record->length + OVERHEAD;
    if (record->length > SMALL || used > room)
      break;
  }
  return n < LEAST ? 0 : n - 1;
}

static void set_no_delay(struct netsctp__handle *handle, int on) {
  NETSCTP__COUNT(send_syscalls, 1);
  setsockopt(handle->socket->fd, IPPROTO_SCTP, SCTP_NODELAY, &on, sizeof on);
}

/* As send_some(), for messages that may wait for others to fill their packet.
 */
static int send_sharing(struct netsctp__handle *handle,
                        const struct netsctp_outbound **record,
                        uint32_t count) {
  uint32_t sent = 0;
  int taken = 1;
  set_no_delay(handle, false);
  while (sent < count && taken > 0) {
    taken = send_some(handle, record, count - sent);
    sent += taken > 0 ? (uint32_t)taken : 0;
  }
  set_no_delay(handle, true);
  return sent ? (int)sent : taken;
}

/* Nagle's algorithm has small messages wait while something is on its way:
 * until that is acknowledged, they fill a packet, or one is sent without it. So
 * all but the last of a batch are sent with it, and hundreds share a packet.
 * Should there be less room than was thought, so that the last one is refused,
 * the others leave by the acknowledgement: it is certain to come. With MSG_MORE
 * they would wait for ever. */
int netsctp__backend_send(struct netsctp__handle *handle,
                          const struct netsctp_outbound *record,
                          uint32_t count) {
  uint32_t sent = 0;
  int taken = 1;
  while (sent < count && taken > 0) {
    uint32_t shared = sharing(handle, record, count - sent);
    taken = shared ? send_sharing(handle, &record, shared)
                   : send_some(handle, &record, count - sent);
    sent += taken > 0 ? (uint32_t)taken : 0;
  }
  return sent ? (int)sent : taken;
}

/* By sendmsg() and not by libsctp's sctp_sendv() (1.0.19 to 1.0.21), which
 * drops its flags: to keep SIGPIPE from a process that does not expect it took
 * four more system calls a message. */
int netsctp__backend_send_one(struct netsctp__handle *handle,
                              const struct netsctp_outbound *head,
                              const void *payload, uint32_t length) {
  struct msghdr message;
  struct parts parts;
  fill_message(handle, head, 0, &parts, &message);
  parts.payload = (struct iovec){(void *)payload, length};
  for (bool has_tried = false;;) {
    NETSCTP__COUNT(send_syscalls, 1);
    if (sendmsg(handle->socket->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT) >=
        0) {
      note_sent(handle->socket, head);
      return 1;
    }
    if (errno != EINTR && !may_have_made_room(head, &has_tried))
      return send_failed(handle, errno);
  }
}
