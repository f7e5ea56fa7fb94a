/* Messages, notifications and ends out of the kernel's stack.
 *
 * One system call fetches a batch. The room there is is cut into slots of equal
 * size; what came is then moved together, if it is small, so that the caller
 * can copy many at a time; what is large stays, and the record before it ends
 * where it begins. A slot holds its payload and the head of whatever record it
 * may become, hence nothing ever moves up into the next slot. A message longer
 * than a slot comes in pieces, and makes the slots of the next batch larger. */
#include "kernel/kernel.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rfc6458/messages.h"
#include "rfc6458/notifications.h"
#include "rfc6458/status.h"

enum {
  HEAD = sizeof(struct netsctp_inbound),
  NOTIFICATION_HEAD = NETSCTP__NOTIFICATION_HEAD,
  SLOTS = 32,
  LEAST_SLOT = 2048,
  MOST_SLOT = 1 << 16,
  MOST_MOVED = 2048
};

/* ------------------------------------------------ the end */

static int write_end(const struct netsctp__handle *handle,
                     struct netsctp_inbound *out) {
  return netsctp__write_end(
      out, (struct netsctp__end){.association = handle->association_id,
                                 .error = handle->socket->error,
                                 .is_by_peer = handle->is_peer_shut_down ||
                                               !handle->is_shut_down,
                                 .cause = handle->socket->cause});
}

/* Nothing is left to receive. That is the end only once the association is
 * gone: after the peer's SHUTDOWN what we sent may still be on its way, or
 * fail. Of how it went the socket itself says little: recvmsg() gives 0 to the
 * side that was shut down and EAGAIN to the other, and it gives EAGAIN too when
 * a send was told the error first. `may_be_over` saves asking while all is
 * well. */
static int write_end_if_over(struct netsctp__handle *handle, bool may_be_over,
                             struct netsctp_inbound *out) {
  struct netsctp__socket *socket = handle->socket;
  struct sctp_status status;
  if (!may_be_over)
    return 0;
  if (netsctp__sctp_status(socket, &status)) {
    socket->error = 0; /* one the association has outlived */
    return 0;
  }
  return write_end(handle, out);
}

/* ------------------------------------------------ notifications */

/* Of a restart the kernel tells no streams. */
static void count_streams(struct netsctp__socket *socket,
                          struct netsctp_notification *restart) {
  struct sctp_status status;
  if (!netsctp__sctp_status(socket, &status))
    return;
  restart->outbound_streams = status.sstat_outstrms;
  restart->inbound_streams = status.sstat_instrms;
}

/* Makes a record of the `length` raw bytes that are in place already. */
static void finish_notification(struct netsctp__socket *socket,
                                struct netsctp_inbound *out, uint32_t length,
                                bool is_whole) {
  const uint32_t number = netsctp__restore_context(
      &socket->contexts, (uint8_t *)out + NOTIFICATION_HEAD, length);
  struct netsctp_notification *notification =
      netsctp__write_notification(out, length, is_whole, &socket->cause);
  notification->number = number;
  if (notification->type == NETSCTP_NOTIFICATION_ASSOC_CHANGE &&
      notification->state == NETSCTP_ASSOC_RESTART)
    count_streams(socket, notification);
  /* An association can fail without an error left on the socket: one that
   * nobody had accepted yet, for one. */
  if (notification->type != NETSCTP_NOTIFICATION_ASSOC_CHANGE || socket->error)
    return;
  if (notification->state == NETSCTP_ASSOC_LOST)
    socket->error = ECONNRESET;
  if (notification->state == NETSCTP_ASSOC_CANNOT_START)
    socket->error = ECONNREFUSED;
}

/* A notification longer than the room there was, kept whole until it is asked
 * for again. */
struct netsctp__kept {
  bool was_refused;
  uint32_t length;
  uint32_t given; /* of that, in records */
  uint8_t bytes[];
};

/* Gathers the rest of a notification of which `length` bytes have come. */
static void keep_notification(struct netsctp__socket *socket,
                              const uint8_t *first, uint32_t length) {
  union sctp_notification start;
  memset(&start, 0, sizeof start);
  memcpy(&start, first, length < sizeof start ? length : sizeof start);
  uint32_t total = start.sn_header.sn_length;
  if (total < length)
    total = length;
  struct netsctp__kept *kept = malloc(sizeof *kept + total);
  if (kept) {
    *kept = (struct netsctp__kept){.length = length};
    memcpy(kept->bytes, first, length);
  }
  for (;;) {
    uint8_t unwanted[512];
    struct iovec piece = {unwanted, sizeof unwanted};
    if (kept && kept->length < total)
      piece = (struct iovec){kept->bytes + kept->length, total - kept->length};
    struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
    NETSCTP__COUNT(receive_syscalls, 1);
    ssize_t count = recvmsg(socket->fd, &message, MSG_DONTWAIT);
    if (count < 0 && errno == EINTR)
      continue;
    if (count > 0 && piece.iov_base != unwanted)
      kept->length += (uint32_t)count;
    if (count <= 0 || message.msg_flags & MSG_EOR)
      break;
  }
  socket->kept = kept; /* without memory, it is lost */
}

/* Cuts it only if all the room of a second try is too little. */
static int write_kept(const struct netsctp__handle *handle,
                      struct netsctp_inbound *out, uint32_t capacity) {
  struct netsctp__socket *socket = handle->socket;
  struct netsctp__kept *kept = socket->kept;
  const uint32_t head = kept->given ? HEAD : NOTIFICATION_HEAD;
  uint32_t length = kept->length - kept->given;
  const bool is_last = length <= capacity - head;
  if (!is_last) {
    if (!kept->was_refused) {
      kept->was_refused = true;
      return -ENOBUFS;
    }
    length = capacity - head;
  }
  memcpy((uint8_t *)out + head, kept->bytes + kept->given, length);
  if (kept->given)
    netsctp__write_rest(out, length, is_last, handle->association_id);
  else
    finish_notification(socket, out, length, is_last);
  kept->given += length;
  if (is_last) {
    free(kept);
    socket->kept = NULL;
  }
  return 1;
}

/* ------------------------------------------------ messages */

static void write_message(const struct msghdr *message, uint32_t length,
                          struct netsctp_inbound *out) {
  struct sctp_rcvinfo info = {0};
  struct cmsghdr *control = CMSG_FIRSTHDR(message);
  if (control && control->cmsg_level == IPPROTO_SCTP &&
      control->cmsg_type == SCTP_RCVINFO)
    memcpy(&info, CMSG_DATA(control), sizeof info);
  netsctp__write_message(out, length, message->msg_flags & MSG_EOR, &info);
}

/* ------------------------------------------------ a batch */

struct batch {
  uint32_t stride; /* of the slots, a multiple of 8 */
  uint32_t room;   /* for payload in each */
  int count;       /* of slots, then of what came */
  struct mmsghdr messages[SLOTS];
  struct iovec payloads[SLOTS];
  struct {
    _Alignas(
        struct cmsghdr) char bytes[CMSG_SPACE(sizeof(struct sctp_rcvinfo))];
  } controls[SLOTS];
  struct sockaddr_storage from;
};

/* False: what is left is less than a slot, and would cut a message for nothing.
 * It is asked for again with all the room there is, which has to do. */
static bool lay_out(struct batch *batch, struct netsctp__handle *handle,
                    uint8_t *out, uint32_t capacity) {
  struct netsctp__socket *socket = handle->socket;
  if (socket->slot_room < LEAST_SLOT)
    socket->slot_room = LEAST_SLOT;
  uint32_t stride = NOTIFICATION_HEAD + socket->slot_room;
  socket->was_refused = capacity < stride && !socket->was_refused;
  if (socket->was_refused)
    return false;
  uint32_t count = capacity / stride;
  batch->count = (int)(count < 1 ? 1 : count > SLOTS ? SLOTS : count);
  batch->stride = batch->count == 1 ? capacity : stride;
  batch->room = batch->stride - NOTIFICATION_HEAD;
  for (int i = 0; i < batch->count; i++) {
    batch->payloads[i] =
        (struct iovec){out + (uint32_t)i * batch->stride + HEAD, batch->room};
    batch->messages[i].msg_hdr =
        (struct msghdr){.msg_iov = &batch->payloads[i],
                        .msg_iovlen = 1,
                        .msg_control = &batch->controls[i],
                        .msg_controllen = sizeof batch->controls[i]};
  }
  if (handle->peer.any.sa_family == AF_UNSPEC) {
    batch->messages[0].msg_hdr.msg_name = &batch->from;
    batch->messages[0].msg_hdr.msg_namelen = sizeof batch->from;
  }
  return true;
}

/* Slots as large as the messages that come, but not for ever. */
static void adapt(struct netsctp__socket *socket, uint32_t longest,
                  bool was_cut) {
  if (was_cut && socket->slot_room < MOST_SLOT)
    socket->slot_room *= 2;
  else if (longest < socket->slot_room / 8)
    socket->slot_room /= 2;
}

/* Where the record of a message goes: to `end`, or if it is large to where its
 * payload lies, up to which the one before it then reaches. */
static struct netsctp_inbound *place_message(const uint8_t *payload,
                                             uint32_t length, uint8_t *end,
                                             struct netsctp_inbound *before) {
  uint8_t *stay = (uint8_t *)(uintptr_t)payload - HEAD;
  if (length > MOST_MOVED && before) {
    before->size += (uint32_t)(stay - end);
    return (struct netsctp_inbound *)stay;
  }
  memmove(end + HEAD, payload, length);
  return (struct netsctp_inbound *)end;
}

/* Makes records of what came. Returns their number. */
static int compact(struct batch *batch, struct netsctp__socket *socket,
                   uint8_t *out) {
  int records = 0;
  uint32_t gathered = 0, longest = 0; /* bytes of an unfinished notification */
  bool was_cut = false;
  uint8_t *end = out;
  struct netsctp_inbound *before = NULL;
  for (int i = 0; i < batch->count; i++) {
    const struct msghdr *message = &batch->messages[i].msg_hdr;
    const uint8_t *payload = batch->payloads[i].iov_base;
    uint32_t length = batch->messages[i].msg_len;
    bool is_whole = message->msg_flags & MSG_EOR;
    struct netsctp_inbound *record = (struct netsctp_inbound *)end;
    if (length > longest)
      longest = length;
    was_cut |= !is_whole && length == batch->room;

    if (message->msg_flags & MSG_NOTIFICATION) {
      memmove(end + NOTIFICATION_HEAD + gathered, payload, length);
      gathered += length;
      if (!is_whole)
        continue;
      finish_notification(socket, record, gathered, true);
      gathered = 0;
    } else if (length == 0) {
      break; /* the end of input: asked for again, it is said again */
    } else {
      record = place_message(payload, length, end, before);
      write_message(message, length, record);
    }
    before = record;
    end = (uint8_t *)record + record->size;
    records++;
  }
  if (gathered)
    keep_notification(socket, end + NOTIFICATION_HEAD, gathered);
  adapt(socket, longest, was_cut);
  return records;
}

/* recvmmsg(), but for two things: it is told a socket's error before what was
 * received ahead of it, which is still there and comes first; and EINTR. */
static int fetch(struct netsctp__socket *socket, struct batch *batch) {
  bool is_told = false;
  for (;;) {
    NETSCTP__COUNT(receive_syscalls, 1);
    int count = recvmmsg(socket->fd, batch->messages, (unsigned)batch->count,
                         MSG_DONTWAIT, NULL);
    if (count >= 0)
      return count;
    if (errno == EINTR)
      continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK || is_told)
      return -errno;
    is_told = true;
    socket->error = (int16_t)errno;
  }
}

/* What there is at once. NOTHING_YET: that was nothing for the caller, and
 * there may be more behind it; it is no errno. */
#define NOTHING_YET (-4096)

static int receive_once(struct netsctp__handle *handle,
                        struct netsctp_inbound *out, uint32_t capacity) {
  struct netsctp__socket *socket = handle->socket;
  if (socket->kept)
    return write_kept(handle, out, capacity);
  if (socket->is_drained) {
    socket->is_drained = false;
    return 0;
  }

  struct batch batch;
  if (!lay_out(&batch, handle, (uint8_t *)out, capacity))
    return -ENOBUFS;
  int asked = batch.count;
  batch.count = fetch(socket, &batch);
  if (batch.count == -EAGAIN || batch.count == -EWOULDBLOCK)
    return write_end_if_over(handle, handle->is_shut_down || socket->error,
                             out);
  if (batch.count < 0)
    return write_end(handle, out);
  const struct msghdr *first = &batch.messages[0].msg_hdr;
  if (batch.messages[0].msg_len == 0 && !(first->msg_flags & MSG_NOTIFICATION))
    return write_end_if_over(handle, true, out);

  if (first->msg_name)
    memcpy(&handle->peer, &batch.from, sizeof handle->peer);
  int records = compact(&batch, socket, (uint8_t *)out);
  /* Fewer than asked for: there is no more, which saves asking. Unless what
   * comes next is an error or the end, as only asking tells. */
  socket->is_drained = batch.count < asked && !socket->kept && !socket->error &&
                       !handle->is_shut_down;
  return records ? records : NOTHING_YET;
}

/* A peer decides how much in a row is for nobody: it takes no stack. */
int netsctp__backend_receive(struct netsctp__handle *handle,
                             struct netsctp_inbound *out, uint32_t capacity) {
  int records;
  do
    records = receive_once(handle, out, capacity);
  while (records == NOTHING_YET);
  return records;
}
