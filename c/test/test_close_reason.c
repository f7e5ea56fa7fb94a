/* Why an association has ended: by whom, the error cause, and its bytes. */
#include "shim/close_reason.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "scene.h"

enum { USER_INITIATED = 12, PROTOCOL_VIOLATION = 13 };

static void ended_by(const struct peer *peer, int error, uint16_t by,
                     uint16_t cause, const char *bytes) {
  EQUAL(peer->error, error);
  EQUAL(peer->has_ended, error == 0);
  EQUAL(peer->reason.by, by);
  EQUAL(peer->reason.cause, cause);
  EQUAL(peer->cause_length, strlen(bytes));
  CHECK(memcmp(peer->cause, bytes, strlen(bytes)) == 0);
}

/* ------------------------------------------------ what is kept of a cause */

/* Of `length` bytes that end where their memory does. */
static struct netsctp__cause *keep(uint16_t code, const void *causes,
                                   uint32_t length) {
  static struct netsctp__cause *kept;
  uint8_t *copy = malloc(length ? length : 1);
  memcpy(copy, causes, length);
  netsctp__keep_cause(&kept, code, copy, length);
  free(copy);
  return kept;
}

static void keeps(const char *causes, uint32_t length, uint16_t code,
                  const char *bytes) {
  const struct netsctp__cause *kept = keep(0, causes, length);
  CHECK(kept != NULL);
  EQUAL(kept->code, code);
  EQUAL(kept->length, strlen(bytes));
  CHECK(memcmp(kept->bytes, bytes, strlen(bytes)) == 0);
}

TEST(a_cause_is_what_its_head_says_of_what_there_is) {
  keeps("\0\x0c\0\7bye\0", 8, USER_INITIATED, "bye");
  keeps("\0\x0c\0\7bye\0\0\x0d\0\5x\0\0\0", 16, USER_INITIATED, "bye");
  keeps("\0\x0d\0\4", 4, PROTOCOL_VIOLATION, "");
  EQUAL(keep(0, "\1\5\0\6\0\3", 6)->code, 0x105);
}

TEST(the_head_of_a_cause_may_lie) {
  keeps("\0\x0c\xff\xff"
        "bye",
        7, USER_INITIATED, "bye");
  keeps("\0\x0c\0\x08"
        "bye",
        7, USER_INITIATED, "bye");
  for (char said = 0; said < 4; said++)
    keeps((char[]){0, 12, 0, said, 'b', 'y', 'e'}, 7, USER_INITIATED, "");
  for (uint32_t length = 0; length < 4; length++) {
    CHECK(keep(0, "\0\x0c\0", length) == NULL);
    const struct netsctp__cause *kept = keep(9, "\0\x0c\0", length);
    EQUAL(kept->code, 9);
    EQUAL(kept->length, 0);
  }
}

TEST(a_long_cause_is_cut) {
  static uint8_t causes[65536] = {0, 12, 0xff, 0xff};
  for (uint32_t length = 4; length < sizeof causes; length += 1021) {
    const struct netsctp__cause *kept = keep(0, causes, length);
    EQUAL(kept->length, length - 4 < 1024 ? length - 4 : 1024);
  }
}

/* ------------------------------------------------ in order */

SOCKET_TEST(a_shutdown_is_by_who_began_it) {
  struct pair pair = pair_open("127.0.0.1");
  EQUAL(sctp.shutdown(pair.client->handle), 0);
  UNTIL(pair.host, pair.client->has_ended && pair.server->has_ended);
  ended_by(pair.client, 0, NETSCTP_BY_LOCAL, 0, "");
  ended_by(pair.server, 0, NETSCTP_BY_PEER, 0, "");
  pair_close(&pair);
}

/* This end shuts down, too, while what it has sent is still on its way. */
SOCKET_TEST(a_shutdown_is_by_the_peer_that_was_first) {
  struct pair pair = pair_open("127.0.0.1");
  static const uint8_t much[16384];
  pair.client->is_paused = true;
  int32_t taken;
  do
    taken = send_big(pair.server, 0, much, sizeof much);
  while (taken == 1);
  EQUAL(taken, 0);
  EQUAL(sctp.shutdown(pair.client->handle), 0);
  UNTIL(pair.host, SEEN(pair.server, NETSCTP_NOTIFICATION_SHUTDOWN));
  EQUAL(sctp.shutdown(pair.server->handle), 0);
  pair.client->is_paused = false;
  drain(pair.client);
  UNTIL(pair.host, pair.client->has_ended && pair.server->has_ended);
  ended_by(pair.client, 0, NETSCTP_BY_LOCAL, 0, "");
  ended_by(pair.server, 0, NETSCTP_BY_PEER, 0, "");
  pair_close(&pair);
}

/* ------------------------------------------------ aborted */

SOCKET_TEST(an_abort_is_by_the_peer) {
  struct pair pair = pair_open("127.0.0.1");
  close_peer(pair.client, NETSCTP_CLOSE_ABORT);
  UNTIL(pair.host, pair.server->error);
  ended_by(pair.server, ECONNRESET, NETSCTP_BY_PEER, USER_INITIATED, "");
  pair_close(&pair);
}

static void abort_by(struct raw *raw, const void *causes, size_t length) {
  struct packet packet;
  begin(&packet, raw->port, raw->peer_port, raw->peer_tag);
  put_chunk(&packet, C_ABORT, 0, length);
  put(&packet, causes, length);
  pad(&packet);
  raw_send(raw, &packet, 0);
}

static void aborted_with(const void *causes, size_t length, uint16_t cause,
                         const char *bytes) {
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  abort_by(&raw, causes, length);
  UNTIL(scene.host, scene.server->error);
  ended_by(scene.server, ECONNRESET, NETSCTP_BY_PEER, cause, bytes);
  EQUAL(LAST(scene.server, NETSCTP_NOTIFICATION_ASSOC_CHANGE).error, cause);
  host_close(scene.host);
}

USERSPACE_TEST(an_abort_of_a_raw_peer) {
  aborted_with("\0\x0c\0\7bye\0", 8, USER_INITIATED, "bye");
  aborted_with("\0\x0d\0\x0bno more\0\0\x0c\0\4", 16, PROTOCOL_VIOLATION,
               "no more");
  aborted_with("", 0, 0, "");
}

/* usrsctp hands on what it has in one piece of memory. */
USERSPACE_TEST(an_abort_with_more_than_anybody_reads) {
  static uint8_t causes[1400] = {0, USER_INITIATED, 1400 >> 8, 1400 & 255};
  struct scene scene = scene_open(NULL);
  struct raw raw = let_in(&scene, false);
  memset(causes + 4, 'x', sizeof causes - 4);
  abort_by(&raw, causes, sizeof causes);
  UNTIL(scene.host, scene.server->error);
  EQUAL(scene.server->reason.cause, USER_INITIATED);
  CHECK(scene.server->cause_length > 100 && scene.server->cause_length <= 1024);
  for (uint32_t i = 0; i < scene.server->cause_length; i++)
    EQUAL(scene.server->cause[i], 'x');
  host_close(scene.host);
}

/* A one-to-one socket of Linux cannot give a cause; one of the other kind can
 * (RFC 6458 section 3.1.4). */
static int abort_with(uint16_t port, const char *text) {
  enum { SCTP_ABORT_FLAG = 4, SNDINFO = 2 };
  const struct {
    uint16_t sid, flags;
    uint32_t ppid, context;
    int32_t assoc_id;
  } info = {.flags = SCTP_ABORT_FLAG};
  _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof info)] = {0};
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct iovec payload = {(void *)(uintptr_t)text, strlen(text)};
  struct msghdr message = {.msg_name = &address,
                           .msg_namelen = sizeof address,
                           .msg_iov = &payload,
                           .msg_iovlen = 1,
                           .msg_control = control,
                           .msg_controllen = sizeof control};
  const int fd = socket(AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP);
  CHECK(connect(fd, (struct sockaddr *)&address, sizeof address) == 0);
  struct cmsghdr *at = CMSG_FIRSTHDR(&message);
  at->cmsg_level = IPPROTO_SCTP;
  at->cmsg_type = SNDINFO;
  at->cmsg_len = CMSG_LEN(sizeof info);
  memcpy(CMSG_DATA(at), &info, sizeof info);
  CHECK(sendmsg(fd, &message, 0) >= 0);
  return fd;
}

SOCKET_TEST(an_abort_of_linux_with_a_cause) {
  if (!is_kernel())
    skip("the peer is the kernel's");
  struct host *host = host_open();
  struct peer *listener = listen_on(host, "127.0.0.1");
  const int fd = abort_with(port_of(listener), "so long");
  struct peer *server = accept_one(listener);
  UNTIL(host, server->error);
  ended_by(server, ECONNRESET, NETSCTP_BY_PEER, USER_INITIATED, "so long");
  close(fd);
  host_close(host);
}

/* ------------------------------------------------ aborted with a reason */

static int32_t abort_for(struct peer *peer, const char *reason) {
  return sctp.abort(peer->handle, (const uint8_t *)reason,
                    (uint32_t)strlen(reason));
}

SOCKET_TEST(an_abort_says_why) {
  struct pair pair = pair_open("127.0.0.1");
  if (is_kernel()) {
    EQUAL(abort_for(pair.client, "bye"), -EOPNOTSUPP);
    SAYS("one-to-one");
    EQUAL(send_text(pair.client, 0, 7, "unharmed"), 1);
    UNTIL(pair.host, pair.server->message_count == 1);
  } else {
    EQUAL(abort_for(pair.client, "bye"), 0);
    EQUAL(abort_for(pair.client, "bye"), -EBADF);
    UNTIL(pair.host, pair.server->error);
    ended_by(pair.server, ECONNRESET, NETSCTP_BY_PEER, USER_INITIATED, "bye");
    pair.client->handle = 0;
  }
  host_close(pair.host);
}

SOCKET_TEST(a_reason_has_its_limits) {
  static uint8_t reason[1025];
  struct pair pair = pair_open("127.0.0.1");
  EQUAL(sctp.abort(pair.client->handle, reason, 0), -EINVAL);
  EQUAL(sctp.abort(pair.client->handle, reason, 1025), -EINVAL);
  EQUAL(sctp.abort(pair.client->handle, NULL, 1), -EINVAL);
  SAYS("1 to 1024 bytes");
  if (!is_kernel()) {
    EQUAL(sctp.abort(pair.client->handle, reason, 1024), 0);
    UNTIL(pair.host, pair.server->error);
    CHECK(pair.server->cause_length > 500); /* as much as usrsctp hands on */
    EQUAL(abort_for(pair.server, "too late"), -ENOTCONN);
  }
  host_close(pair.host);
}

/* Also where a SHUTDOWN has begun, or the send buffer is full. */
USERSPACE_TEST(an_abort_says_why_at_any_time) {
  static const uint8_t much[16384];
  for (int is_shut_down = 0; is_shut_down < 2; is_shut_down++) {
    struct pair pair = pair_open("127.0.0.1");
    int32_t taken;
    pair.server->is_paused = true;
    do
      taken = send_big(pair.client, 0, much, sizeof much);
    while (taken == 1);
    EQUAL(taken, 0);
    if (is_shut_down)
      EQUAL(sctp.shutdown(pair.client->handle), 0);
    EQUAL(abort_for(pair.client, "enough"), 0);
    pair.server->is_paused = false;
    drain(pair.server);
    UNTIL(pair.host, pair.server->error);
    ended_by(pair.server, ECONNRESET, NETSCTP_BY_PEER, USER_INITIATED,
             "enough");
    host_close(pair.host);
  }
}
