/* What a stack tells of an association, in our own records. The structs are
 * RFC 6458's in both, the numbers are each one's own. */
#include "vendor.h"

#include <errno.h>
#include <string.h>

#include "rfc6458/notifications.h"

/* ------------------------------------------------ numbers */

/* What RFC 6458 has names for: our number of each, and the stack's. */
enum enumeration { OF_NOTIFICATION, OF_ASSOC, OF_PATH, OF_KEY };
static const struct {
  enum enumeration of;
  uint32_t ours;
  int64_t theirs;
} values[] = {
#define RFC_VALUE(name, value, number, rfc)                                    \
  {OF_##name, NETSCTP_##name##_##value, rfc},
#include "sctp_records.def"
};
enum { VALUES = sizeof values / sizeof values[0] };

static uint32_t ours(enum enumeration of, int64_t theirs, uint32_t unknown) {
  for (size_t i = 0; i < VALUES; i++)
    if (values[i].of == of && values[i].theirs == theirs)
      return values[i].ours;
  return unknown;
}

uint16_t netsctp__event_type(uint32_t notification) {
  for (size_t i = 0; i < VALUES; i++)
    if (values[i].of == OF_NOTIFICATION && values[i].ours == notification)
      return (uint16_t)values[i].theirs;
  return 0;
}

/* ------------------------------------------------ which are told */

/* SENDER_DRY would come once for every message of a quiet talk, and for
 * AUTHENTICATION only who sets keys cares. */
static bool is_usual(uint32_t notification) {
  return notification != NETSCTP_NOTIFICATION_SENDER_DRY &&
         notification != NETSCTP_NOTIFICATION_AUTHENTICATION;
}

/* One by one, so that a type which the stack does not know costs only itself:
 * that is why errors are not looked at. */
void netsctp__subscribe_usual(struct netsctp__socket *socket) {
  uint16_t usual[VALUES];
  size_t count = 0;
  for (size_t i = 0; i < VALUES; i++)
    if (values[i].of == OF_NOTIFICATION && is_usual(values[i].ours))
      usual[count++] = (uint16_t)values[i].theirs;
  if (netsctp__vendor_subscribe(socket, usual, count))
    return;
  for (size_t i = 0; i < count; i++) {
    const struct sctp_event event = {
        .se_assoc_id = SCTP_FUTURE_ASSOC, .se_type = usual[i], .se_on = 1};
    netsctp__vendor_set(socket, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event);
  }
}

/* ------------------------------------------------ what they say */

/* Flags of STREAM_RESET, ASSOC_RESET and STREAM_CHANGE pass through. */
_Static_assert(SCTP_STREAM_RESET_INCOMING_SSN == NETSCTP_RESET_INCOMING &&
                   SCTP_STREAM_RESET_OUTGOING_SSN == NETSCTP_RESET_OUTGOING &&
                   SCTP_STREAM_RESET_DENIED == NETSCTP_RESET_DENIED &&
                   SCTP_STREAM_RESET_FAILED == NETSCTP_RESET_FAILED,
               "flags of STREAM_RESET");
_Static_assert(SCTP_ASSOC_RESET_DENIED == NETSCTP_RESET_DENIED &&
                   SCTP_ASSOC_RESET_FAILED == NETSCTP_RESET_FAILED,
               "flags of ASSOC_RESET");
_Static_assert(SCTP_STREAM_CHANGE_DENIED == NETSCTP_RESET_DENIED &&
                   SCTP_STREAM_CHANGE_FAILED == NETSCTP_RESET_FAILED,
               "flags of STREAM_CHANGE");

static void read_path(const struct sctp_paddr_change *in,
                      struct netsctp_notification *out) {
  struct sockaddr_storage address;
  memcpy(&address, &in->spc_aaddr, sizeof address);
  netsctp__from_sockaddr(&address, &out->address);
  out->assoc_id = (uint32_t)in->spc_assoc_id;
  out->state = (uint16_t)ours(OF_PATH, in->spc_state, NETSCTP_PATH_UNKNOWN);
}

/* send_flags pass through: usrsctp/inside/numbers.c. */
static void read_send_failed(const struct sctp_send_failed_event *in,
                             struct netsctp_notification *out) {
  out->assoc_id = (uint32_t)in->ssfe_assoc_id;
  out->flags = in->ssfe_flags == SCTP_DATA_SENT;
  out->error = NETSCTP__VENDOR_CAUSE(in->ssfe_error);
  out->sid = in->ssfe_info.snd_sid;
  out->send_flags = in->ssfe_info.snd_flags;
  out->ppid = ntohl(in->ssfe_info.snd_ppid);
  out->context = in->ssfe_info.snd_context;
  out->payload_offset = sizeof *in;
}

/* Fields beyond what has come read as zero: the copy is as large as any. */
static void read_notification(const void *raw, uint32_t length,
                              struct netsctp_notification *out) {
  union sctp_notification in;
  memset(&in, 0, sizeof in);
  memcpy(&in, raw, length < sizeof in ? length : sizeof in);
  *out = (struct netsctp_notification){
      .type = (uint16_t)ours(OF_NOTIFICATION, in.sn_header.sn_type,
                             NETSCTP_NOTIFICATION_UNKNOWN),
      .raw_type = in.sn_header.sn_type,
      .raw_flags = in.sn_header.sn_flags,
      .raw_length = length};
#define READ(field, member) out->field = (__typeof__(out->field))in.member
  switch (out->type) {
  case NETSCTP_NOTIFICATION_ASSOC_CHANGE:
    READ(assoc_id, sn_assoc_change.sac_assoc_id);
    READ(outbound_streams, sn_assoc_change.sac_outbound_streams);
    READ(inbound_streams, sn_assoc_change.sac_inbound_streams);
    out->state = (uint16_t)ours(OF_ASSOC, in.sn_assoc_change.sac_state,
                                NETSCTP_ASSOC_UNKNOWN);
    out->error = NETSCTP__VENDOR_CAUSE(in.sn_assoc_change.sac_error);
    break;
  case NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE:
    read_path(&in.sn_paddr_change, out);
    break;
  case NETSCTP_NOTIFICATION_REMOTE_ERROR:
    READ(assoc_id, sn_remote_error.sre_assoc_id);
    out->error = NETSCTP__VENDOR_CAUSE(in.sn_remote_error.sre_error);
    break;
  case NETSCTP_NOTIFICATION_SEND_FAILED:
    read_send_failed(&in.sn_send_failed_event, out);
    break;
  case NETSCTP_NOTIFICATION_SHUTDOWN:
    READ(assoc_id, sn_shutdown_event.sse_assoc_id);
    break;
  case NETSCTP_NOTIFICATION_ADAPTATION:
    READ(assoc_id, sn_adaptation_event.sai_assoc_id);
    READ(indication, sn_adaptation_event.sai_adaptation_ind);
    break;
  case NETSCTP_NOTIFICATION_PARTIAL_DELIVERY:
    READ(assoc_id, sn_pdapi_event.pdapi_assoc_id);
    READ(sid, sn_pdapi_event.pdapi_stream);
    READ(ssn, sn_pdapi_event.pdapi_seq);
    out->indication =
        in.sn_pdapi_event.pdapi_indication == SCTP_PARTIAL_DELIVERY_ABORTED;
    break;
  case NETSCTP_NOTIFICATION_AUTHENTICATION:
    READ(assoc_id, sn_auth_event.auth_assoc_id);
    READ(key_number, sn_auth_event.auth_keynumber);
    out->indication =
        ours(OF_KEY, in.sn_auth_event.auth_indication, NETSCTP_KEY_UNKNOWN);
    break;
  case NETSCTP_NOTIFICATION_SENDER_DRY:
    READ(assoc_id, sn_sender_dry_event.sender_dry_assoc_id);
    break;
  case NETSCTP_NOTIFICATION_STREAM_RESET:
    READ(assoc_id, sn_strreset_event.strreset_assoc_id);
    out->flags = out->raw_flags;
    break;
  case NETSCTP_NOTIFICATION_ASSOC_RESET:
    READ(assoc_id, sn_assocreset_event.assocreset_assoc_id);
    READ(local_tsn, sn_assocreset_event.assocreset_local_tsn);
    READ(remote_tsn, sn_assocreset_event.assocreset_remote_tsn);
    out->flags = out->raw_flags;
    break;
  case NETSCTP_NOTIFICATION_STREAM_CHANGE:
    READ(assoc_id, sn_strchange_event.strchange_assoc_id);
    READ(outbound_streams, sn_strchange_event.strchange_outstrms);
    READ(inbound_streams, sn_strchange_event.strchange_instrms);
    out->flags = out->raw_flags;
    break;
  default: /* of unknown ones there is only what is raw */
    break;
  }
#undef READ
}

struct netsctp_notification *
netsctp__write_notification(struct netsctp_inbound *out, uint32_t length,
                            bool is_whole, struct netsctp__cause **cause) {
  /* What the stack puts before the causes of the ABORT. */
  enum { LEAD = sizeof(struct sctp_assoc_change) + NETSCTP__VENDOR_ABORT_HEAD };
  struct netsctp_notification *notification = (void *)(out + 1);
  const uint8_t *raw = (const uint8_t *)(notification + 1);
  read_notification(raw, length, notification);
  *out = (struct netsctp_inbound){
      .size = NETSCTP_PADDED(NETSCTP__NOTIFICATION_HEAD + length),
      .kind = NETSCTP_KIND_NOTIFICATION,
      .flags = is_whole ? NETSCTP_FLAG_END_OF_RECORD : 0,
      .length = (uint32_t)sizeof *notification + length,
      .association = notification->assoc_id,
  };
  if (cause && notification->type == NETSCTP_NOTIFICATION_ASSOC_CHANGE &&
      (notification->state == NETSCTP_ASSOC_LOST ||
       notification->state == NETSCTP_ASSOC_CANNOT_START))
    netsctp__keep_cause(cause, (uint16_t)notification->error, raw + LEAD,
                        length > LEAD ? length - LEAD : 0);
  return notification;
}

void netsctp__write_rest(struct netsctp_inbound *out, uint32_t length,
                         bool is_last, uint32_t association) {
  *out = (struct netsctp_inbound){
      .size = NETSCTP_PADDED(sizeof *out + length),
      .kind = NETSCTP_KIND_REST,
      .flags = is_last ? NETSCTP_FLAG_END_OF_RECORD : 0,
      .length = length,
      .association = association,
  };
}
