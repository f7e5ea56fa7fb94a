/* Requests: what listen, connect, configure and inspect are given. */
#include "shim/request.h"

#include <errno.h>
#include <string.h>

int netsctp__parse_request(const uint8_t *bytes, uint32_t length,
                           struct netsctp__request *out) {
  struct netsctp_request head;
  if (!bytes || (uintptr_t)bytes % NETSCTP_ALIGN || length < sizeof head)
    return netsctp__explain(EINVAL, "malformed request");
  memcpy(&head, bytes, sizeof head);
  if (head.option_count > NETSCTP__MOST_OPTIONS)
    return netsctp__explain(EINVAL, NETSCTP__TOO_MANY_OPTIONS,
                            NETSCTP__MOST_OPTIONS);
  if (head.local_count > NETSCTP__MOST_ADDRESSES ||
      head.remote_count > NETSCTP__MOST_ADDRESSES)
    return netsctp__explain(EINVAL, "more than %d addresses of one end",
                            NETSCTP__MOST_ADDRESSES);
  out->option_count = head.option_count;
  out->local_count = head.local_count;
  out->remote_count = head.remote_count;
  out->byte_count = head.byte_count;
  out->options = (const void *)(bytes + sizeof head);
  out->local = (const void *)(out->options + head.option_count);
  out->remote = out->local + head.local_count;
  out->bytes = (const void *)(out->remote + head.remote_count);
  const uint64_t whole =
      (uint64_t)(out->bytes - bytes) + (uint64_t)head.byte_count;
  return whole == length ? 0 : netsctp__explain(EINVAL, "malformed request");
}

int32_t netsctp__requested(const struct netsctp__request *request,
                           uint32_t name, int32_t otherwise) {
  for (uint32_t i = 0; i < request->option_count; i++)
    if (request->options[i].name == name)
      otherwise = request->options[i].value;
  return otherwise;
}

/* ------------------------------------------------ against the table */

static int check_time(const struct netsctp__option_row *row, uint32_t scope,
                      enum netsctp__moment moment) {
  const bool is_opening =
      moment == NETSCTP__LISTENING || moment == NETSCTP__CONNECTING;
  if (moment == NETSCTP__INSPECTING)
    return row->kind == NETSCTP__VERB
               ? netsctp__explain(EOPNOTSUPP, "%s cannot be read", row->name)
               : 0;
  if (row->when == NETSCTP__READ)
    return netsctp__explain(EOPNOTSUPP, "%s can only be read", row->name);
  if (row->when == NETSCTP__BEFORE && !is_opening)
    return netsctp__explain(EOPNOTSUPP, "%s cannot be changed any more",
                            row->name);
  if (row->when == NETSCTP__NOW && is_opening)
    return netsctp__explain(EINVAL, "%s is for what is open", row->name);
  /* Either stack would set it for nothing, or for all paths. */
  if (((row->scope == NETSCTP__OF_PATH && scope != 0) ||
       row->scope == NETSCTP__OF_LOCAL || row->scope == NETSCTP__OF_STREAM) &&
      moment != NETSCTP__CONFIGURING)
    return netsctp__explain(EINVAL, "%s is for an association that is up",
                            row->name);
  if (row->scope == NETSCTP__OF_ENDPOINT && moment == NETSCTP__CONNECTING)
    return netsctp__explain(EINVAL, "%s is for listening only", row->name);
  return 0;
}

static int check_scope(const struct netsctp__option_row *row, uint32_t scope,
                       const struct netsctp__request *request) {
  uint32_t most = 0;
  if (row->scope == NETSCTP__OF_STREAM || row->scope == NETSCTP__OF_KEY)
    most = UINT16_MAX;
  if (row->scope == NETSCTP__OF_CHUNK)
    most = UINT8_MAX;
  if (row->scope == NETSCTP__OF_PATH)
    most = request->remote_count;
  if (row->scope == NETSCTP__OF_LOCAL)
    most = request->local_count;
  return scope <= most && (row->scope != NETSCTP__OF_LOCAL || scope != 0)
             ? 0
             : netsctp__explain(EINVAL, "%s has no scope %u", row->name, scope);
}

static int check_value(const struct netsctp__option_row *row,
                       const struct netsctp_option *option,
                       const struct netsctp__request *request) {
  if (row->kind == NETSCTP__WORD &&
      (uint32_t)option->value - (uint32_t)row->least >
          (uint32_t)row->most - (uint32_t)row->least)
    return netsctp__explain(EINVAL, "%s must be between %u and %u, not %u",
                            row->name, (uint32_t)row->least,
                            (uint32_t)row->most, (uint32_t)option->value);
  if (row->kind != NETSCTP__WORD &&
      (option->value < row->least || option->value > row->most))
    return netsctp__explain(
        EINVAL, "%s must be between %d and %d%s, not %d", row->name, row->least,
        row->most, row->kind == NETSCTP__BYTES ? " bytes" : "", option->value);
  if (row->kind == NETSCTP__BYTES &&
      (uint64_t)option->extra + (uint32_t)option->value > request->byte_count)
    return netsctp__explain(EINVAL, "%s lies beyond the request", row->name);
  return 0;
}

int netsctp__check_stack(const struct netsctp__option_row *row, int stack) {
  return row->stacks & 1 << stack
             ? 0
             : netsctp__explain(EOPNOTSUPP,
                                "only %s stack has it: leave %s out, or use "
                                "that stack",
                                stack == NETSCTP_STACK_KERNEL ? "the userspace"
                                                              : "the kernel's",
                                row->name);
}

int netsctp__check_request(const struct netsctp__request *request,
                           const struct netsctp__option_row *rows,
                           uint32_t row_count, enum netsctp__moment moment,
                           int stack) {
  for (uint32_t i = 0; i < request->option_count; i++) {
    const struct netsctp_option *option = &request->options[i];
    if (option->name == 0 || option->name >= row_count)
      return netsctp__explain(EINVAL, "there is no option %u", option->name);
    const struct netsctp__option_row *row = &rows[option->name];
    int result = 0;
    result = netsctp__check_stack(row, stack);
    if (result < 0)
      return netsctp__blame_lacking(option->name);
    result = check_time(row, option->scope, moment);
    if (result >= 0)
      result = check_scope(row, option->scope, request);
    if (result >= 0 && moment != NETSCTP__INSPECTING)
      result = check_value(row, option, request);
    if (result < 0)
      return result;
  }
  return 0;
}

/* ------------------------------------------------ answering */

int netsctp__begin_answer(const struct netsctp__request *request, uint8_t *out,
                          uint32_t capacity, struct netsctp__answer *answer) {
  const uint32_t rows =
      request->option_count * (uint32_t)sizeof *answer->options;
  if (!out || (uintptr_t)out % NETSCTP_ALIGN)
    return -EINVAL;
  if (capacity < rows)
    return -ENOBUFS;
  *answer = (struct netsctp__answer){
      .options = (void *)out, .bytes = out + rows, .capacity = capacity - rows};
  return 0;
}

int netsctp__answer_bytes(struct netsctp__answer *answer,
                          struct netsctp_option *option, const void *bytes,
                          uint32_t length) {
  if (length > answer->capacity - answer->byte_count)
    return -ENOBUFS;
  memcpy(answer->bytes + answer->byte_count, bytes, length);
  option->value = (int32_t)length;
  option->extra = answer->byte_count;
  answer->byte_count += length;
  return 0;
}
