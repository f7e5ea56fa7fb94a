/* Requests against a table with every kind of option, most of which no row of
 * sctp_options.def has yet. */
#include <stdarg.h>

#include "harness.h"
#include "shim/request.h"

enum {
  NONE,
  COUNT,
  SECRET,
  RESET,
  LATE,
  SEEN_ONLY,
  PATH_ONE,
  WAITING,
  WIDE,
  ROWS
};

static const struct netsctp__option_row rows[ROWS] = {
    [COUNT] = {"COUNT", 1, 9, NETSCTP__NUMBER, NETSCTP__BEFORE,
               NETSCTP__OF_ASSOCIATION, NETSCTP__ON_BOTH},
    [SECRET] = {"SECRET", 2, 8, NETSCTP__BYTES, NETSCTP__LIVE, NETSCTP__OF_KEY,
                NETSCTP__ON_BOTH},
    [RESET] = {"RESET", 0, 0, NETSCTP__VERB, NETSCTP__NOW, NETSCTP__OF_STREAM,
               NETSCTP__ON_BOTH},
    [LATE] = {"LATE", 0, 1, NETSCTP__NUMBER, NETSCTP__LIVE,
              NETSCTP__OF_ASSOCIATION, NETSCTP__ON_USERSPACE},
    [SEEN_ONLY] = {"SEEN_ONLY", 0, 0, NETSCTP__NUMBER, NETSCTP__READ,
                   NETSCTP__OF_ASSOCIATION, NETSCTP__ON_BOTH},
    [PATH_ONE] = {"PATH_ONE", 0, 5, NETSCTP__NUMBER, NETSCTP__LIVE,
                  NETSCTP__OF_PATH, NETSCTP__ON_BOTH},
    [WAITING] = {"WAITING", 0, 5, NETSCTP__NUMBER, NETSCTP__BEFORE,
                 NETSCTP__OF_ENDPOINT, NETSCTP__ON_BOTH},
    [WIDE] = {"WIDE", 1, -2, NETSCTP__WORD, NETSCTP__LIVE,
              NETSCTP__OF_ASSOCIATION, NETSCTP__ON_BOTH},
};

static char text[400];
static uint32_t lacking;

int netsctp__explain(int error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  return -error;
}

int netsctp__blame_lacking(uint32_t option) {
  lacking = option;
  return -EOPNOTSUPP;
}

/* One option, one remote address and eight bytes. */
static struct {
  _Alignas(8) struct netsctp_request head;
  struct netsctp_option option;
  struct netsctp_address remote;
  uint8_t bytes[8];
} whole = {.head = {.option_count = 1, .remote_count = 1, .byte_count = 8},
           .bytes = "secrets"};

static int check(struct netsctp_option option, enum netsctp__moment moment) {
  struct netsctp__request request;
  whole.option = option;
  text[0] = 0;
  EQUAL(netsctp__parse_request((uint8_t *)&whole, sizeof whole, &request), 0);
  return netsctp__check_request(&request, rows, ROWS, moment,
                                NETSCTP_STACK_KERNEL);
}

#define OPTION_IS(expected, moment, ...)                                       \
  EQUAL(check((struct netsctp_option){__VA_ARGS__}, moment), expected)
#define SAYS(words)                                                            \
  if (!strstr(text, words))                                                    \
  fail(__FILE__, __LINE__, "'%s' does not say '%s'", text, words)

TEST(a_request_ends_where_it_says) {
  struct netsctp__request request;
  const uint8_t *bytes = (const uint8_t *)&whole;
  whole.option = (struct netsctp_option){.name = COUNT, .value = 1};
  EQUAL(netsctp__parse_request(bytes, sizeof whole, &request), 0);
  EQUAL(request.byte_count, 8);
  CHECK(memcmp(request.bytes, "secrets", 8) == 0);
  for (uint32_t length = 0; length < sizeof whole; length++)
    EQUAL(netsctp__parse_request(bytes, length, &request), -EINVAL);
  whole.head.byte_count = UINT32_MAX;
  EQUAL(netsctp__parse_request(bytes, sizeof whole, &request), -EINVAL);
  whole.head.byte_count = 8;
  whole.head.option_count = NETSCTP__MOST_OPTIONS + 1;
  EQUAL(netsctp__parse_request(bytes, sizeof whole, &request), -EINVAL);
  SAYS("give some in a call of their own, later");
  whole.head.option_count = 1;
}

TEST(options_have_names_ranges_and_stacks) {
  OPTION_IS(0, NETSCTP__LISTENING, .name = COUNT, .value = 9);
  OPTION_IS(-EINVAL, NETSCTP__LISTENING, .name = COUNT, .value = 10);
  SAYS("COUNT must be between 1 and 9, not 10");
  OPTION_IS(-EINVAL, NETSCTP__LISTENING, .name = COUNT, .value = 0);
  OPTION_IS(-EINVAL, NETSCTP__LISTENING, .name = NONE);
  OPTION_IS(-EINVAL, NETSCTP__LISTENING, .name = ROWS);
  SAYS("there is no option 9");
  OPTION_IS(0, NETSCTP__LISTENING, .name = WIDE, .value = -2);
  OPTION_IS(0, NETSCTP__LISTENING, .name = WIDE, .value = INT32_MAX);
  OPTION_IS(-EINVAL, NETSCTP__LISTENING, .name = WIDE, .value = -1);
  SAYS("WIDE must be between 1 and 4294967294, not 4294967295");
  OPTION_IS(-EINVAL, NETSCTP__LISTENING, .name = WIDE, .value = 0);
  OPTION_IS(-EOPNOTSUPP, NETSCTP__CONFIGURING, .name = LATE);
  SAYS("only the userspace stack has it: leave LATE out, or use that stack");
  EQUAL(lacking, LATE);
}

TEST(options_have_their_time) {
  OPTION_IS(-EOPNOTSUPP, NETSCTP__CONFIGURING, .name = COUNT, .value = 1);
  SAYS("COUNT cannot be changed any more");
  OPTION_IS(0, NETSCTP__INSPECTING, .name = COUNT);
  OPTION_IS(-EINVAL, NETSCTP__CONNECTING, .name = RESET);
  SAYS("RESET is for what is open");
  OPTION_IS(0, NETSCTP__CONFIGURING, .name = RESET);
  OPTION_IS(-EOPNOTSUPP, NETSCTP__INSPECTING, .name = RESET);
  SAYS("RESET cannot be read");
  OPTION_IS(-EOPNOTSUPP, NETSCTP__LISTENING, .name = SEEN_ONLY);
  SAYS("SEEN_ONLY can only be read");
  OPTION_IS(0, NETSCTP__INSPECTING, .name = SEEN_ONLY);
  OPTION_IS(0, NETSCTP__LISTENING, .name = WAITING);
  OPTION_IS(-EINVAL, NETSCTP__CONNECTING, .name = WAITING);
  SAYS("WAITING is for listening only");
}

TEST(options_have_a_scope) {
  OPTION_IS(-EINVAL, NETSCTP__LISTENING, .name = COUNT, .value = 1, .scope = 1);
  SAYS("COUNT has no scope 1");
  OPTION_IS(0, NETSCTP__CONFIGURING, .name = RESET, .scope = 65535);
  OPTION_IS(-EINVAL, NETSCTP__CONFIGURING, .name = RESET, .scope = 65536);
  OPTION_IS(0, NETSCTP__LISTENING, .name = PATH_ONE, .scope = 0);
  OPTION_IS(-EINVAL, NETSCTP__LISTENING, .name = PATH_ONE, .scope = 1);
  SAYS("PATH_ONE is for an association that is up");
  OPTION_IS(0, NETSCTP__CONFIGURING, .name = PATH_ONE, .scope = 1);
  OPTION_IS(-EINVAL, NETSCTP__CONFIGURING, .name = PATH_ONE, .scope = 2);
  SAYS("PATH_ONE has no scope 2");
}

TEST(bytes_lie_within_the_request) {
  OPTION_IS(0, NETSCTP__CONFIGURING, .name = SECRET, .value = 8);
  OPTION_IS(0, NETSCTP__CONFIGURING, .name = SECRET, .value = 2, .extra = 6);
  OPTION_IS(-EINVAL, NETSCTP__CONFIGURING, .name = SECRET, .value = 2,
            .extra = 7);
  SAYS("SECRET lies beyond the request");
  OPTION_IS(-EINVAL, NETSCTP__CONFIGURING, .name = SECRET, .value = 2,
            .extra = UINT32_MAX);
  OPTION_IS(-EINVAL, NETSCTP__CONFIGURING, .name = SECRET, .value = 9);
  SAYS("SECRET must be between 2 and 8 bytes, not 9");
  OPTION_IS(-EINVAL, NETSCTP__CONFIGURING, .name = SECRET, .value = -1);
}

TEST(an_answer_has_bytes_behind_its_rows) {
  _Alignas(8) uint8_t out[sizeof(struct netsctp_option) + 8];
  struct netsctp__answer answer;
  struct netsctp__request request;
  EQUAL(check((struct netsctp_option){.name = SECRET}, NETSCTP__INSPECTING), 0);
  EQUAL(netsctp__parse_request((uint8_t *)&whole, sizeof whole, &request), 0);
  EQUAL(netsctp__begin_answer(&request, NULL, sizeof out, &answer), -EINVAL);
  EQUAL(netsctp__begin_answer(&request, out, 15, &answer), -ENOBUFS);
  EQUAL(netsctp__begin_answer(&request, out, sizeof out, &answer), 0);
  EQUAL(netsctp__answer_bytes(&answer, answer.options, "abcdef", 6), 0);
  EQUAL(answer.options->value, 6);
  EQUAL(answer.options->extra, 0);
  EQUAL(netsctp__answer_bytes(&answer, answer.options, "xyz", 3), -ENOBUFS);
  EQUAL(netsctp__answer_bytes(&answer, answer.options, "xy", 2), 0);
  EQUAL(answer.options->extra, 6);
  CHECK(memcmp(out + sizeof(struct netsctp_option), "abcdefxy", 8) == 0);
}
