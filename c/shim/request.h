/* A request as the shim's calls are given it, its check against a table of
 * options, and what answers it. */
#ifndef NETSCTP_REQUEST_H
#define NETSCTP_REQUEST_H

#include <stdbool.h>

#include "sctp_shim.h"

/* More addresses than any host has, and few enough for one system call. */
enum { NETSCTP__MOST_ADDRESSES = 64, NETSCTP__MOST_OPTIONS = 64 };
#define NETSCTP__TOO_MANY_OPTIONS                                              \
  "more than %d options at once, each key and each option of a path one of "   \
  "them: give some in a call of their own, later"

/* After its bounds were checked: pointers into the caller's memory. */
struct netsctp__request {
  const struct netsctp_option *options;
  uint32_t option_count;
  const struct netsctp_address *local;
  uint32_t local_count;
  const struct netsctp_address *remote;
  uint32_t remote_count;
  const uint8_t *bytes; /* of options of kind BYTES, by `extra` */
  uint32_t byte_count;
};

/* ------------------------------------------------ the table of options */

enum {
  NETSCTP__NUMBER,
  NETSCTP__SWITCH,
  NETSCTP__WORD,
  NETSCTP__BYTES,
  NETSCTP__VERB
};
enum { NETSCTP__BEFORE, NETSCTP__LIVE, NETSCTP__NOW, NETSCTP__READ };
enum {
  NETSCTP__OF_ASSOCIATION,
  NETSCTP__OF_PATH,
  NETSCTP__OF_LOCAL,
  NETSCTP__OF_STREAM,
  NETSCTP__OF_KEY,
  NETSCTP__OF_CHUNK,
  NETSCTP__OF_ENDPOINT
};
enum {
  NETSCTP__ON_KERNEL = 1 << NETSCTP_STACK_KERNEL,
  NETSCTP__ON_USERSPACE = 1 << NETSCTP_STACK_USERSPACE,
  NETSCTP__ON_BOTH = NETSCTP__ON_KERNEL | NETSCTP__ON_USERSPACE
};

/* A row of sctp_options.def. */
struct netsctp__option_row {
  const char *name; /* what users call it, where they do */
  int32_t least, most;
  uint8_t kind, when, scope, stacks;
};

/* Whether a record's `value` is the row's. */
static inline bool netsctp__is_number(const struct netsctp__option_row *row) {
  return row->kind != NETSCTP__BYTES && row->kind != NETSCTP__VERB;
}

/* By number; shim/options.c has it. */
extern const struct netsctp__option_row netsctp__options[];

/* What a request is for. */
enum netsctp__moment {
  NETSCTP__LISTENING,
  NETSCTP__CONNECTING,
  NETSCTP__CONFIGURING_EARLY, /* a listener, or while connecting */
  NETSCTP__CONFIGURING,
  NETSCTP__INSPECTING
};

/* ------------------------------------------------ shim/request.c */

/* 0 or -EINVAL, explained. */
int netsctp__parse_request(const uint8_t *bytes, uint32_t length,
                           struct netsctp__request *out);

/* Whether a stack (NETSCTP_STACK_*) has an option. 0 or -EOPNOTSUPP, explained.
 */
int netsctp__check_stack(const struct netsctp__option_row *, int stack);

/* Whether the request's options exist on this stack (NETSCTP_STACK_*), now, for
 * what they name, and may be what they are. 0 or -errno, explained. */
int netsctp__check_request(const struct netsctp__request *,
                           const struct netsctp__option_row *rows,
                           uint32_t row_count, enum netsctp__moment, int stack);

/* The value of an option of kind NUMBER, the last if there are several, or
 * `otherwise`. */
int32_t netsctp__requested(const struct netsctp__request *, uint32_t name,
                           int32_t otherwise);

/* What netsctp_inspect() writes: the request's rows with their values, then
 * bytes. */
struct netsctp__answer {
  struct netsctp_option *options;
  uint8_t *bytes;
  uint32_t byte_count, capacity;
};
int netsctp__begin_answer(const struct netsctp__request *, uint8_t *out,
                          uint32_t capacity, struct netsctp__answer *);
/* The value of an option of kind BYTES; 0 or -ENOBUFS. */
int netsctp__answer_bytes(struct netsctp__answer *, struct netsctp_option *,
                          const void *bytes, uint32_t length);

/* ------------------------------------------------ shim/explain.c */

/* Sets what netsctp_explain() of this thread answers; returns -error. */
int netsctp__explain(int error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Sets what netsctp_lacking_option() of this thread answers; -EOPNOTSUPP. */
int netsctp__blame_lacking(uint32_t option);

#endif
