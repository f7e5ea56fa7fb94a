/* What the guard lets through to usrsctp (c/usrsctp/guard.c), by its bytes:
 * what RFC 9260 allows, and of each rule one packet that breaks it. */
#include "raw.h"
#include "usrsctp/guard.h"

static struct netsctp__judgement judge(struct packet *packet) {
  return netsctp__guard_judge(packet->bytes, (uint32_t)packet->length);
}

static void start(struct packet *packet) { begin(packet, 5000, 6000, 77); }

/* One chunk with these bytes behind its head. */
static enum netsctp__verdict verdict(uint8_t type, const char *body,
                                     size_t length) {
  struct packet packet;
  start(&packet);
  put_chunk(&packet, type, 0, length);
  put(&packet, body, length);
  pad(&packet);
  return judge(&packet).verdict;
}
#define VERDICT(type, body) verdict(type, body, sizeof(body) - 1)
#define PASSES(type, body) EQUAL(VERDICT(type, body), NETSCTP__PASS)
#define DROPS(type, body) EQUAL(VERDICT(type, body), NETSCTP__DROP)

TEST(guard_ports_and_tags) {
  struct packet packet;
  begin(&packet, 0, 6000, 77);
  put_chunk(&packet, C_COOKIE_ACK, 0, 0);
  EQUAL(judge(&packet).verdict, NETSCTP__DROP);
  begin(&packet, 5000, 0, 77);
  put_chunk(&packet, C_COOKIE_ACK, 0, 0);
  EQUAL(judge(&packet).verdict, NETSCTP__DROP);
  begin(&packet, 5000, 6000, 0);
  put_chunk(&packet, C_COOKIE_ACK, 0, 0);
  EQUAL(judge(&packet).verdict, NETSCTP__DROP);
  start(&packet);
  EQUAL(judge(&packet).verdict, NETSCTP__DROP); /* no chunk */
  put_init(&packet, C_INIT, 5, 1500, 1, 1, 0);
  EQUAL(judge(&packet).verdict, NETSCTP__DROP); /* its tag is not 0 */
}

TEST(guard_lengths_of_chunks) {
  PASSES(C_COOKIE_ACK, "");
  PASSES(200, "a chunk that nobody knows");
  struct packet packet;
  for (uint16_t length = 0; length < 12; length++) {
    start(&packet);
    put_chunk(&packet, 200, 0, 4);
    put_u32(&packet, 0);
    packet.bytes[15] = (uint8_t)length;
    EQUAL(judge(&packet).verdict,
          length > 4 && length <= 8 ? NETSCTP__PASS : NETSCTP__DROP);
  }
  start(&packet); /* without its padding */
  put_chunk(&packet, 200, 0, 1);
  put(&packet, "x", 1);
  EQUAL(judge(&packet).verdict, NETSCTP__DROP);
}

TEST(guard_chunks_that_stand_alone) {
  for (int behind = 0; behind < 2; behind++) {
    struct packet packet;
    start(&packet);
    if (behind)
      put_chunk(&packet, C_COOKIE_ACK, 0, 0);
    put_chunk(&packet, C_SHUTDOWN_COMPLETE, 0, 0);
    EQUAL(judge(&packet).verdict, behind ? NETSCTP__DROP : NETSCTP__PASS);
    put_chunk(&packet, C_COOKIE_ACK, 0, 0);
    EQUAL(judge(&packet).verdict, NETSCTP__DROP);
    begin(&packet, 5000, 6000, 0);
    put_init(&packet, C_INIT, 5, 1500, 1, 1, 0);
    EQUAL(judge(&packet).verdict, NETSCTP__PASS);
    put_chunk(&packet, C_COOKIE_ACK, 0, 0);
    EQUAL(judge(&packet).verdict, NETSCTP__DROP);
  }
}

TEST(guard_chunks_of_fixed_length) {
  PASSES(C_SHUTDOWN, "\0\0\0\1");
  DROPS(C_SHUTDOWN, "");
  DROPS(C_SHUTDOWN, "\0\0\0\1\0");
  DROPS(C_SHUTDOWN_ACK, "\0");
  DROPS(C_COOKIE_ACK, "\0\0\0\0");
  DROPS(C_COOKIE_ECHO, "");
  PASSES(C_COOKIE_ECHO, "c");
  PASSES(C_CWR, "\0\0\0\1");
  DROPS(C_CWR, "\0\0\0");
  PASSES(C_ECNE, "\0\0\0\1");
  PASSES(C_ECNE, "\0\0\0\1\0\0\0\1");
  DROPS(C_ECNE, "\0\0\0\1\0");
  DROPS(C_AUTH, "\0\0\0\1");
  PASSES(C_AUTH, "\0\0\0\1digest");
  DROPS(C_PKTDROP, "\0\0\0\1\0\0\0\1\0\0\0");
  DROPS(C_DATA, "\0\0\0\1\0\0\0\0\0\0\0");
  PASSES(C_DATA, "\0\0\0\1\0\0\0\0\0\0\0\0x");
  DROPS(C_I_DATA, "\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0");
  PASSES(C_I_DATA, "\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0x");
}

TEST(guard_lists_in_chunks) {
  PASSES(C_FORWARD_TSN, "\0\0\0\1");
  PASSES(C_FORWARD_TSN, "\0\0\0\1\0\1\0\1");
  DROPS(C_FORWARD_TSN, "\0\0\0\1\0\1");
  DROPS(C_FORWARD_TSN, "\0\0\0");
  PASSES(C_I_FORWARD_TSN, "\0\0\0\1\0\1\0\1\0\0\0\1");
  DROPS(C_I_FORWARD_TSN, "\0\0\0\1\0\1\0\1");
  PASSES(C_SACK, "\0\0\0\1\0\1\0\0\0\0\0\0");
  PASSES(C_SACK, "\0\0\0\1\0\1\0\0\0\1\0\1\0\2\0\3\0\0\0\1");
  DROPS(C_SACK, "\0\0\0\1\0\1\0\0\0\1\0\1\0\2\0\3");     /* a duplicate less */
  DROPS(C_SACK, "\0\0\0\1\0\1\0\0\0\0\0\0\0\0\0\1");     /* and one more */
  DROPS(C_SACK, "\0\0\0\1\0\1\0\0\0\1\0\0\0\3\0\2");     /* back to front */
  DROPS(C_SACK, "\0\0\0\1\0\1\0\0\0\1\0\0\0\0\0\2");     /* the ack itself */
  DROPS(C_SACK, "\0\0\0\1\0\1\0\0\xff\xff\xff\xff\0\0"); /* many */
  PASSES(C_NR_SACK, "\0\0\0\1\0\1\0\0\0\1\0\0\0\0\0\0\0\2\0\3");
  DROPS(C_NR_SACK, "\0\0\0\1\0\1\0\0\0\1\0\1\0\0\0\0\0\2\0\3");
}

TEST(guard_scattered_gaps) {
  for (unsigned gaps = 63; gaps <= 67; gaps += 4)
    for (int in_order = 0; in_order < 2; in_order++) {
      struct packet packet;
      start(&packet);
      put_chunk(&packet, C_SACK, 0, 12 + gaps * 4);
      put_u32(&packet, 1);
      put_u32(&packet, 1 << 16);
      put_u16(&packet, gaps);
      put_u16(&packet, 0);
      for (unsigned i = 0; i < gaps; i++) {
        const unsigned at = in_order ? i : gaps - i;
        put_u16(&packet, 2 + at * 2);
        put_u16(&packet, 2 + at * 2);
      }
      EQUAL(judge(&packet).verdict,
            in_order || gaps < 64 ? NETSCTP__PASS : NETSCTP__DROP);
    }
}

TEST(guard_causes_and_parameters_in_chunks) {
  PASSES(C_ABORT, "");
  PASSES(C_ABORT, "\0\x0c\0\4");
  PASSES(C_ABORT, "\0\x0c\0\7why");
  DROPS(C_ABORT, "\0\x0c\0\0");
  DROPS(C_ABORT, "\0\x0c\0\x9why");
  DROPS(C_ERROR, "\0\x0c\0\4\0");
  DROPS(C_ERROR, "\0\x0c\0\3");
  PASSES(C_HEARTBEAT, "\0\1\0\10abcd");
  DROPS(C_HEARTBEAT, "");
  DROPS(C_HEARTBEAT, "\0\1\0\11abcd");
  DROPS(C_HEARTBEAT_ACK, "\0\1\0\0abcd");
  PASSES(C_RE_CONFIG, "\0\15\0\20\0\0\0\1\0\0\0\1\0\0\0\1");
  DROPS(C_RE_CONFIG, "");
  DROPS(C_RE_CONFIG, "\0\15\0\14\0\0\0\1\0\0\0\1\0\0\0\1");
  DROPS(C_RE_CONFIG, "\0\15\0\21\0\0\0\1\0\0\0\1\0\0\0\1\1");
  DROPS(C_RE_CONFIG, "\0\20\0\x0d\0\0\0\1\0\0\0\1\1");
}

#define ASCONF_HEAD "\0\0\0\1\0\5\0\10\x7f\0\0\1"
TEST(guard_asconf) {
  PASSES(C_ASCONF, ASCONF_HEAD);
  PASSES(C_ASCONF, ASCONF_HEAD "\xc0\1\0\20\0\0\0\1\0\5\0\10\x7f\0\0\2");
  DROPS(C_ASCONF, "\0\0\0\1");
  DROPS(C_ASCONF, "\0\0\0\1\0\5\0\10\0\0\0\0");
  DROPS(C_ASCONF, "\0\0\0\1\0\5\0\14\x7f\0\0\1");
  DROPS(C_ASCONF, "\0\0\0\1\0\7\0\10\x7f\0\0\1");
  DROPS(C_ASCONF, ASCONF_HEAD "\xc0\1\0\0\0\0\0\1\0\5\0\10\x7f\0\0\2");
  DROPS(C_ASCONF, ASCONF_HEAD "\xc0\1\0\20\0\0\0\1\0\5\0\24\x7f\0\0\2");
  DROPS(C_ASCONF, ASCONF_HEAD "\xc0\1\0\10\0\0\0\1");
  PASSES(C_ASCONF_ACK, "\0\0\0\1\xc0\5\0\10\0\0\0\1");
  DROPS(C_ASCONF_ACK, "\0\0\0\1\xc0\5\0\4");
  DROPS(C_ASCONF_ACK, "\0\0\0\1\xc0\3\0\14\0\0\0\1\0\1\0\0");
  for (uint32_t length = 512; length <= 516; length += 4) {
    static const uint8_t zeros[516];
    struct packet packet;
    start(&packet);
    put_chunk(&packet, C_ASCONF_ACK, 0, 4 + length);
    put_u32(&packet, 1);
    put_parameter(&packet, 0xc0ff, zeros, length - 4);
    EQUAL(judge(&packet).verdict,
          length <= 512 ? NETSCTP__PASS : NETSCTP__DROP);
  }
}

TEST(guard_number_of_control_chunks) {
  struct packet packet;
  start(&packet);
  for (int i = 0; i < 128; i++)
    put_chunk(&packet, C_COOKIE_ACK, 0, 0);
  EQUAL(judge(&packet).verdict, NETSCTP__PASS);
  for (int i = 0; i < 500; i++) {
    put_chunk(&packet, C_DATA, 3, 13);
    put(&packet, "\0\0\0\1\0\0\0\0\0\0\0\0x", 13);
    pad(&packet);
  }
  EQUAL(judge(&packet).verdict, NETSCTP__PASS);
  put_chunk(&packet, C_COOKIE_ACK, 0, 0);
  EQUAL(judge(&packet).verdict, NETSCTP__DROP);
}

/* ------------------------------------------------------------------- INIT */

static struct netsctp__judgement init(uint32_t tag, uint32_t rwnd,
                                      uint32_t outbound, uint32_t inbound,
                                      const char *parameters, size_t length) {
  struct packet packet;
  begin(&packet, 5000, 6000, 0);
  put_init(&packet, C_INIT, tag, rwnd, outbound, inbound, 1);
  put(&packet, parameters, length);
  only_chunk(&packet);
  pad(&packet);
  return judge(&packet);
}
#define INIT(parameters) init(5, 1500, 1, 1, parameters, sizeof(parameters) - 1)

TEST(guard_mandatory_fields_of_init) {
  EQUAL(init(5, 1500, 1, 1, "", 0).verdict, NETSCTP__PASS);
  EQUAL(init(0, 1500, 1, 1, "", 0).verdict, NETSCTP__DROP);
  const struct netsctp__judgement refused[] = {init(5, 1499, 1, 1, "", 0),
                                               init(5, 1500, 0, 1, "", 0),
                                               init(5, 1500, 1, 0, "", 0)};
  for (int i = 0; i < 3; i++) {
    EQUAL(refused[i].verdict, NETSCTP__REFUSE);
    EQUAL(refused[i].cause, 7);
  }
}

TEST(guard_parameters_of_init) {
  EQUAL(INIT("\0\5\0\10\x7f\0\0\1\xc0\0\0\4\x80\10\0\6\1\2").verdict,
        NETSCTP__PASS);
  EQUAL(INIT("\0\5\0\10\x7f\0\0\1\xff\1\0\4").verdict, NETSCTP__PASS);
  const struct netsctp__judgement refused[] = {INIT("\x80\10\0\0\0\0\0\0"),
                                               INIT("\x80\10\0\3"),
                                               INIT("\x80\10\0\11\0"),
                                               INIT("\0\5\0\7\x7f\0\0"),
                                               INIT("\0\6\0\10\x7f\0\0\1"),
                                               INIT("\0\14\0\5\0"),
                                               INIT("\x80\2\0\10abcd"),
                                               INIT("\xc0\0\0\10\0\0\0\0"),
                                               INIT("\0")};
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    EQUAL(refused[i].verdict, NETSCTP__REFUSE);
    EQUAL(refused[i].cause, 13);
  }
}

TEST(guard_size_of_init) {
  static const char zeros[5000];
  struct packet packet;
  begin(&packet, 5000, 6000, 0);
  put_init(&packet, C_INIT, 5, 1500, 1, 1, 1);
  for (int addresses = 1; addresses <= 65; addresses++) {
    put_address(&packet, "192.0.2.1");
    only_chunk(&packet);
    EQUAL(judge(&packet).verdict,
          addresses <= 64 ? NETSCTP__PASS : NETSCTP__REFUSE);
  }
  EQUAL(judge(&packet).cause, 4);
  begin(&packet, 5000, 6000, 0);
  put_init(&packet, C_INIT, 5, 1500, 1, 1, 1);
  put_parameter(&packet, 0x8fff, zeros, sizeof zeros);
  only_chunk(&packet);
  EQUAL(judge(&packet).verdict, NETSCTP__REFUSE);
  EQUAL(judge(&packet).cause, 4);
}

TEST(guard_refusal) {
  struct packet packet;
  uint8_t out[NETSCTP__REFUSAL_BYTES];
  begin(&packet, 5000, 6000, 0);
  put_init(&packet, C_INIT, 0x01020304, 0, 0, 0, 1);
  netsctp__guard_refuse(packet.bytes, 7, out);
  EQUAL(read_u16(out), 6000);
  EQUAL(read_u16(out + 2), 5000);
  EQUAL(read_u32(out + 4), 0x01020304);
  EQUAL(read_u32(out + 12), 0x06000008); /* ABORT, the tag is not reflected */
  EQUAL(read_u32(out + 16), 0x00070004);
}

TEST(guard_hides_the_request_for_nat) {
  struct packet packet;
  begin(&packet, 5000, 6000, 0);
  put_init(&packet, C_INIT, 5, 1500, 1, 1, 1);
  put_parameter(&packet, 0xc007, NULL, 0);
  only_chunk(&packet);
  EQUAL(judge(&packet).verdict, NETSCTP__PASS);
  EQUAL(read_u16(packet.bytes + 32), 0x8005);
}

TEST(guard_hides_causes_for_nat) {
  for (int cause = 0xaf; cause <= 0xb2; cause++) {
    struct packet packet;
    start(&packet);
    put_chunk(&packet, C_ERROR, 0, 8);
    put_u16(&packet, 12);
    put_u16(&packet, 4);
    put_u16(&packet, (uint32_t)cause);
    put_u16(&packet, 4);
    EQUAL(judge(&packet).verdict, NETSCTP__PASS);
    EQUAL(read_u16(packet.bytes + 16), 12);
    EQUAL(read_u16(packet.bytes + 20),
          cause == 0xb0 || cause == 0xb1 ? 0 : cause);
  }
}

TEST(guard_notes_what_needs_care) {
  struct packet packet;
  start(&packet);
  put_chunk(&packet, C_DATA, 7, 13);
  put(&packet, "\0\0\0\0\0\3\0\0\0\0\0\0x", 13);
  pad(&packet);
  EQUAL(judge(&packet).tsn_zero_stream, 3);
  packet.bytes[13] = 3; /* in order */
  EQUAL(judge(&packet).tsn_zero_stream, -1);
  CHECK(!judge(&packet).changes_paths && !judge(&packet).skips);
}
