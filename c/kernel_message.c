/* Messages out of and into the kernel's stack. */
#include "kernel.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ------------------------------------------------ receiving */

/* A notification longer than the room there was, kept until it is asked for
 * again. In endpoint->stack. */
struct kept {
  uint32_t length;
  uint8_t bytes[];
};

static int write_end(struct netsctp_inbound *out, int error) {
  *out = (struct netsctp_inbound){
      .size = sizeof *out,
      .kind = error ? NETSCTP_KIND_ERROR : NETSCTP_KIND_END,
      .error = (uint32_t)error,
  };
  return 1;
}

/* Nothing is left to receive. That is the end only once the association is
 * gone: after the peer's SHUTDOWN what we sent may still be on its way, or
 * fail. Of how it went the socket itself says little: recvmsg() gives 0 to the
 * side that was shut down and EAGAIN to the other, and it gives EAGAIN too when
 * a send was told the error first. `may_be_over` saves asking while all is
 * well. */
static int write_end_if_over(struct netsctp__endpoint *endpoint,
                             bool may_be_over, struct netsctp_inbound *out) {
  struct sctp_status status;
  if (!may_be_over || netsctp__kernel_status(endpoint->fd, &status))
    return 0;
  return write_end(out, endpoint->error);
}

static int write_notification(struct netsctp__endpoint *endpoint,
                              const void *raw, uint32_t length,
                              struct netsctp_inbound *out, uint32_t capacity) {
  struct netsctp_notification *notification = (void *)(out + 1);
  const uint32_t before = sizeof *out + sizeof *notification;
  uint32_t kept = length < capacity - before ? length : capacity - before;
  memmove(notification + 1, raw, kept); /* before its start is overwritten */
  netsctp__kernel_notification(notification + 1, kept, notification);
  *out = (struct netsctp_inbound){
      .size = NETSCTP_PADDED(before + kept),
      .kind = NETSCTP_KIND_NOTIFICATION,
      .flags = NETSCTP_FLAG_END_OF_RECORD,
      .length = (uint32_t)sizeof *notification + kept,
  };
  /* An association can fail without an error left on the socket: one that
   * nobody had accepted yet, for one. */
  if (notification->type == NETSCTP_NOTIFICATION_ASSOC_CHANGE &&
      notification->state == NETSCTP_ASSOC_LOST && !endpoint->error)
    endpoint->error = ECONNRESET;
  return 1;
}

/* The first piece of a notification did not hold all of it. Gathers the rest
 * and asks for more room; without memory, the first piece has to do. */
static int keep_notification(struct netsctp__endpoint *endpoint,
                             const uint8_t *first, uint32_t length,
                             struct netsctp_inbound *out, uint32_t capacity) {
  union sctp_notification start = {0};
  memcpy(&start, first, length < sizeof start ? length : sizeof start);
  uint32_t total = start.sn_header.sn_length;
  struct kept *kept = total > length ? malloc(sizeof *kept + total) : NULL;
  if (kept) {
    memcpy(kept->bytes, first, length);
    kept->length = length;
  }
  for (;;) {
    uint8_t unwanted[512];
    struct iovec piece = {unwanted, sizeof unwanted};
    if (kept && kept->length < total)
      piece = (struct iovec){kept->bytes + kept->length, total - kept->length};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
    NETSCTP__COUNT(receive_syscalls, 1);
    ssize_t count = recvmsg(endpoint->fd, &message, MSG_DONTWAIT);
    if (count < 0 && errno == EINTR)
      continue;
    if (count > 0 && piece.iov_base != unwanted)
      kept->length += (uint32_t)count;
    if (count <= 0 || message.msg_flags & MSG_EOR)
      break;
  }
  if (!kept)
    return write_notification(endpoint, first, length, out, capacity);
  endpoint->stack = kept;
  return -ENOBUFS;
}

static int write_kept(struct netsctp__endpoint *endpoint,
                      struct netsctp_inbound *out, uint32_t capacity) {
  struct kept *kept = endpoint->stack;
  int result =
      write_notification(endpoint, kept->bytes, kept->length, out, capacity);
  free(kept);
  endpoint->stack = NULL;
  return result;
}

static void write_message(const struct msghdr *message, uint32_t length,
                          struct netsctp_inbound *out) {
  struct sctp_rcvinfo info = {0};
  for (struct cmsghdr *control = CMSG_FIRSTHDR(message); control;
       control = CMSG_NXTHDR((struct msghdr *)message, control))
    if (control->cmsg_level == IPPROTO_SCTP &&
        control->cmsg_type == SCTP_RCVINFO)
      memcpy(&info, CMSG_DATA(control), sizeof info);
  uint16_t flags = 0;
  if (message->msg_flags & MSG_EOR)
    flags |= NETSCTP_FLAG_END_OF_RECORD;
  if (info.rcv_flags & SCTP_UNORDERED)
    flags |= NETSCTP_FLAG_UNORDERED;
  *out = (struct netsctp_inbound){
      .size = NETSCTP_PADDED(sizeof *out + length),
      .kind = NETSCTP_KIND_MESSAGE,
      .flags = flags,
      .length = length,
      .ppid = ntohl(info.rcv_ppid),
      .sid = info.rcv_sid,
      .ssn = info.rcv_ssn,
      .tsn = info.rcv_tsn,
  };
}

int netsctp__backend_receive(struct netsctp__endpoint *endpoint,
                             struct netsctp_inbound *out, uint32_t capacity) {
  if (endpoint->stack)
    return write_kept(endpoint, out, capacity);

  _Alignas(
      struct cmsghdr) char control[CMSG_SPACE(sizeof(struct sctp_rcvinfo))];
  struct sockaddr_storage from = {0};
  /* Less what a notification's own record would need in front. */
  struct iovec payload = {out + 1, capacity - sizeof *out -
                                       sizeof(struct netsctp_notification)};
  struct msghdr message = {.msg_iov = &payload,
                           .msg_iovlen = 1,
                           .msg_control = control,
                           .msg_controllen = sizeof control};
  bool is_peer_known = endpoint->peer.family != NETSCTP_FAMILY_NONE;
  if (!is_peer_known) {
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
  }
  ssize_t count;
  do {
    NETSCTP__COUNT(receive_syscalls, 1);
    count = recvmsg(endpoint->fd, &message, MSG_DONTWAIT);
  } while (count < 0 && errno == EINTR);

  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    return write_end_if_over(endpoint,
                             endpoint->is_shut_down || endpoint->error, out);
  if (count < 0)
    return write_end(out, endpoint->error ? endpoint->error : errno);
  if (count == 0 && !(message.msg_flags & MSG_NOTIFICATION))
    return write_end_if_over(endpoint, true, out);
  if (!is_peer_known)
    netsctp__from_sockaddr(&from, &endpoint->peer);

  uint32_t length = (uint32_t)count;
  if (!(message.msg_flags & MSG_NOTIFICATION)) {
    write_message(&message, length, out);
    return 1;
  }
  return message.msg_flags & MSG_EOR
             ? write_notification(endpoint, out + 1, length, out, capacity)
             : keep_notification(endpoint, (uint8_t *)(out + 1), length, out,
                                 capacity);
}

/* ------------------------------------------------ sending */

/* What a failed send means to the caller: 0 for "full", else -errno. */
static int send_failed(struct netsctp__endpoint *endpoint, int error) {
  switch (error) {
  case EAGAIN:
    netsctp__kernel_watch_writable(endpoint, true);
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
    if (!endpoint->error)
      endpoint->error = error;
    break;
  default:
    break;
  }
  return -error;
}

static struct sctp_sndinfo send_info(const struct netsctp_outbound *record) {
  struct sctp_sndinfo info = {.snd_sid = record->sid,
                              .snd_ppid = htonl(record->ppid),
                              .snd_context = record->context};
  if (record->flags & NETSCTP_FLAG_UNORDERED)
    info.snd_flags |= SCTP_UNORDERED;
  if (record->flags & NETSCTP_FLAG_SACK_IMMEDIATELY)
    info.snd_flags |= SCTP_SACK_IMMEDIATELY;
  return info;
}

struct control {
  _Alignas(struct cmsghdr) char bytes[CMSG_SPACE(sizeof(struct sctp_sndinfo)) +
                                      CMSG_SPACE(sizeof(struct sctp_prinfo))];
};

static void add_control(struct msghdr *message, struct cmsghdr *at, int type,
                        const void *data, size_t size) {
  at->cmsg_level = IPPROTO_SCTP;
  at->cmsg_type = type;
  at->cmsg_len = CMSG_LEN(size);
  memcpy(CMSG_DATA(at), data, size);
  message->msg_controllen += CMSG_SPACE(size);
}

static void fill_message(const struct netsctp_outbound *record,
                         struct iovec *payload, struct control *control,
                         struct msghdr *out) {
  struct sctp_sndinfo info = send_info(record);
  *payload = (struct iovec){(void *)(record + 1), record->length};
  *out = (struct msghdr){
      .msg_iov = payload, .msg_iovlen = 1, .msg_control = control->bytes};
  struct cmsghdr *at = (struct cmsghdr *)control->bytes;
  add_control(out, at, SCTP_SNDINFO, &info, sizeof info);
  if (record->lifetime_ms) {
    struct sctp_prinfo lifetime = {.pr_policy = SCTP_PR_SCTP_TTL,
                                   .pr_value = record->lifetime_ms};
    at = (struct cmsghdr *)(control->bytes + CMSG_SPACE(sizeof info));
    add_control(out, at, SCTP_PRINFO, &lifetime, sizeof lifetime);
  }
}

static const struct netsctp_outbound *
following(const struct netsctp_outbound *record) {
  return (const void *)((const uint8_t *)record + record->size);
}

int netsctp__backend_send(struct netsctp__endpoint *endpoint,
                          const struct netsctp_outbound *record,
                          uint32_t count) {
  enum { AT_ONCE = 64 };
  struct mmsghdr messages[AT_ONCE];
  struct iovec payloads[AT_ONCE];
  struct control controls[AT_ONCE];
  uint32_t sent = 0;
  while (sent < count) {
    uint32_t run = count - sent < AT_ONCE ? count - sent : AT_ONCE;
    const struct netsctp_outbound *next = record;
    for (uint32_t i = 0; i < run; i++, next = following(next))
      fill_message(next, &payloads[i], &controls[i], &messages[i].msg_hdr);

    NETSCTP__COUNT(send_syscalls, 1);
    int taken =
        sendmmsg(endpoint->fd, messages, run, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (taken < 0 && errno == EINTR)
      continue;
    if (taken < 0) {
      int result = send_failed(endpoint, errno);
      return sent ? (int)sent : result;
    }
    sent += (uint32_t)taken;
    while (taken--)
      record = following(record);
  }
  return (int)sent;
}

/* sctp_sendv() as RFC 6458 means it. libsctp's (1.0.19 to 1.0.21) gives some
 * errors as its result and not in errno, and drops its flags: so MSG_NOSIGNAL
 * is lost, and SIGPIPE would end a process that did not expect it. Returns the
 * count sent or -errno. */
static int send_vector(int fd, const struct iovec *payload,
                       struct sctp_sendv_spa *info) {
  struct sigaction current;
  NETSCTP__SYSCALL();
  bool is_ignored =
      sigaction(SIGPIPE, NULL, &current) == 0 && current.sa_handler == SIG_IGN;
  sigset_t sigpipe, pending, before;
  if (!is_ignored) {
    NETSCTP__COUNT(other_syscalls, 2);
    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &sigpipe, &before);
    sigpending(&pending);
  }

  errno = 0;
  NETSCTP__COUNT(send_syscalls, 1);
  int count = sctp_sendv(fd, payload, 1, NULL, 0, info, sizeof *info,
                         SCTP_SENDV_SPA, MSG_NOSIGNAL);
  int error = count >= 0 ? 0 : errno ? errno : -count;

  if (!is_ignored) {
    /* Ours only, not one that waited before. It came to this very thread. */
    struct timespec now = {0, 0};
    NETSCTP__SYSCALL();
    if (error == EPIPE && !sigismember(&pending, SIGPIPE))
      sigtimedwait(&sigpipe, NULL, &now);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
  }
  return error ? -error : count;
}

int netsctp__backend_send_one(struct netsctp__endpoint *endpoint,
                              const struct netsctp_outbound *head,
                              const void *payload, uint32_t length) {
  struct iovec vector = {(void *)payload, length};
  struct sctp_sendv_spa info = {.sendv_flags = SCTP_SEND_SNDINFO_VALID,
                                .sendv_sndinfo = send_info(head)};
  if (head->lifetime_ms) {
    info.sendv_flags |= SCTP_SEND_PRINFO_VALID;
    info.sendv_prinfo.pr_policy = SCTP_PR_SCTP_TTL;
    info.sendv_prinfo.pr_value = head->lifetime_ms;
  }
  int result;
  do
    result = send_vector(endpoint->fd, &vector, &info);
  while (result == -EINTR);
  return result < 0 ? send_failed(endpoint, -result) : 1;
}
