/* A host: what a JavaScript runtime is to the shim. It has a loop, waits for
 * its wake, takes, and keeps what every peer received. */
#ifndef NETSCTP_TEST_HOST_H
#define NETSCTP_TEST_HOST_H

#include "harness.h"

struct message {
  uint32_t ppid, length;
  uint16_t sid, flags, ssn;
  int pieces;
  uint8_t *bytes;
};

struct peer {
  struct host *host;
  uint32_t handle;
  struct peer *next;
  bool is_listener;
  bool is_paused; /* readable, but nothing is received */
  bool is_readable, is_writable;

  /* of a listener */
  _Alignas(8) struct netsctp_accepted accepted[64];
  int accepted_count;

  /* of an association */
  int records; /* of any kind, in order of arrival */
  int first_kind;
  struct message *messages;
  int message_count, message_room;
  bool is_inside; /* a message of which pieces are missing */
  int seen[14];   /* notifications: see SEEN */
  int states[5];  /* of ASSOC_CHANGE, by state */
  struct netsctp_notification last[14];
  uint8_t *undelivered; /* what SEND_FAILED gave back, one behind the other */
  uint32_t undelivered_length;
  uint32_t undelivered_room;
  /* Told of each SEND_FAILED, or NULL. */
  void (*on_undelivered)(const struct netsctp_notification *);
  bool awaits_rest; /* of a notification */
  bool has_ended;
  int error;
  struct netsctp_close_reason reason; /* of END or ERROR, and its bytes */
  uint8_t cause[1024];
  uint32_t cause_length;
  struct netsctp_accepted accepted_as; /* handle 0 for one that connected */
};

/* How many notifications of a type came to a peer, and the last of them. */
#define SEEN(peer, type) ((peer)->seen[(type)&0x7fff])
#define LAST(peer, type) ((peer)->last[(type)&0x7fff])

struct host {
  int32_t loop;
  int woken; /* eventfd that `wake` writes */
  int wakes;
  uint32_t receive_capacity;
  struct peer *peers;
};

struct host *host_open(void);
/* Closes the loop, and with it what is still open. */
void host_close(struct host *);

/* Waits for one wake, at most so long, and handles it. False: none came. */
bool host_turn(struct host *, int timeout_ms);

/* Turns until the condition holds; the test fails when it does not in time. */
#define UNTIL(host, condition)                                                 \
  do {                                                                         \
    int64_t deadline_ = now_ms() + 15000;                                      \
    while (!(condition)) {                                                     \
      if (now_ms() > deadline_)                                                \
        fail(__FILE__, __LINE__, "waited in vain for %s", #condition);         \
      host_turn((host), 500);                                                  \
    }                                                                          \
  } while (0)
int64_t now_ms(void);

/* What to ask for. Zero ports are the stack's choice. */
struct request {
  struct netsctp_request head;
  struct netsctp_option options[16];
  struct netsctp_address local[4], remote[4];
  uint8_t bytes[64];
};
void add_option(struct request *, uint32_t name, int32_t value);
void add_scoped(struct request *, uint32_t name, uint32_t scope, int32_t value);
void add_bytes(struct request *, uint32_t name, uint32_t scope, const void *,
               uint32_t length);
void add_event(struct request *, uint32_t type, bool on);
void add_local(struct request *, const char *address, uint16_t port);
void add_remote(struct request *, const char *address, uint16_t port);
/* As bytes; returns their length. */
uint32_t pack_request(const struct request *, uint64_t out[256]);

int32_t configure(uint32_t handle, const struct request *);
int32_t set_option(uint32_t handle, uint32_t name, int32_t value);
int32_t set_scoped(uint32_t handle, uint32_t name, uint32_t scope,
                   int32_t value);
int32_t set_event(uint32_t handle, uint32_t type, bool on);
int32_t inspect(uint32_t handle, const struct request *,
                struct netsctp_option out[8]);
int32_t get_option(uint32_t handle, uint32_t name);
int32_t get_event(uint32_t handle, uint32_t type);

/* A handle, or -errno. */
int32_t try_listen(struct host *, const struct request *);
int32_t try_connect(struct host *, const struct request *);

struct peer *adopt(struct host *, uint32_t handle, bool is_listener);
struct peer *listen_on(struct host *, const char *address);
uint16_t port_of(struct peer *listener);
struct peer *connect_to(struct host *, const char *address, uint16_t port);
/* Takes what waits, paused or not. */
void accept_all(struct peer *listener);
/* The next connection the listener has. */
struct peer *accept_one(struct peer *listener);

bool has_ipv6(void);
/* Skips the test where the machine has none. */
void needs_ipv6(void);

/* Two ends of an association that is up. */
struct pair {
  struct host *host;
  struct peer *listener, *client, *server;
};
struct pair pair_open(const char *address);
/* Both ends and the listener have these options. */
struct pair pair_with(const char *address, const struct request *options);
/* The listener is at 127.0.0.1 and 127.0.0.2; the client has confirmed both. */
struct pair pair_of_two_paths(void);
void pair_close(struct pair *);

int32_t send_text(struct peer *, uint16_t sid, uint32_t ppid, const char *text);
int32_t send_big(struct peer *, uint16_t sid, const uint8_t *bytes,
                 uint32_t length);
void close_peer(struct peer *, uint32_t how);
/* Receives what is there, paused or not. */
void drain(struct peer *);

/* What the last call that failed is explained by, and which words have to be in
 * it. */
const char *explanation(void);
#define SAYS(words)                                                            \
  if (!strstr(explanation(), words))                                           \
  fail(__FILE__, __LINE__, "'%s' does not say '%s'", explanation(), words)

#endif
