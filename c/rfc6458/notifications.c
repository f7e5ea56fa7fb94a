/* What a stack tells of an association, in our own records. The structs are
 * RFC 6458's in both, the numbers are each one's own. */
#include "vendor.h"

#include <errno.h>
#include <string.h>

#include "rfc6458/notifications.h"

/* ------------------------------------------------ which are told */

/* Not usual: SENDER_DRY, which would come once for every message of a quiet
 * talk, and AUTHENTICATION, as only who sets keys cares. */
static const struct {
  uint16_t ours, theirs;
  bool is_usual;
} types[] = {
    {NETSCTP_NOTIFICATION_ASSOC_CHANGE, SCTP_ASSOC_CHANGE, true},
    {NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE, SCTP_PEER_ADDR_CHANGE, true},
    {NETSCTP_NOTIFICATION_REMOTE_ERROR, SCTP_REMOTE_ERROR, true},
    {NETSCTP_NOTIFICATION_SHUTDOWN, SCTP_SHUTDOWN_EVENT, true},
    {NETSCTP_NOTIFICATION_PARTIAL_DELIVERY, SCTP_PARTIAL_DELIVERY_EVENT, true},
    {NETSCTP_NOTIFICATION_ADAPTATION, SCTP_ADAPTATION_INDICATION, true},
    {NETSCTP_NOTIFICATION_AUTHENTICATION, SCTP_AUTHENTICATION_EVENT, false},
    {NETSCTP_NOTIFICATION_SENDER_DRY, SCTP_SENDER_DRY_EVENT, false},
    {NETSCTP_NOTIFICATION_STREAM_RESET, SCTP_STREAM_RESET_EVENT, true},
    {NETSCTP_NOTIFICATION_ASSOC_RESET, SCTP_ASSOC_RESET_EVENT, true},
    {NETSCTP_NOTIFICATION_STREAM_CHANGE, SCTP_STREAM_CHANGE_EVENT, true},
    {NETSCTP_NOTIFICATION_SEND_FAILED, SCTP_SEND_FAILED_EVENT, true},
};
enum { TYPES = sizeof types / sizeof types[0] };

uint16_t netsctp__event_type(uint32_t notification) {
  for (size_t i = 0; i < TYPES; i++)
    if (types[i].ours == notification)
      return types[i].theirs;
  return 0;
}

static uint16_t type_of(uint16_t theirs) {
  for (size_t i = 0; i < TYPES; i++)
    if (types[i].theirs == theirs)
      return types[i].ours;
  return NETSCTP_NOTIFICATION_UNKNOWN;
}

/* One by one, so that a type which the stack does not know costs only itself:
 * that is why errors are not looked at. */
void netsctp__subscribe_usual(struct netsctp__socket *socket) {
  uint16_t usual[TYPES];
  size_t count = 0;
  for (size_t i = 0; i < TYPES; i++)
    if (types[i].is_usual)
      usual[count++] = types[i].theirs;
  if (netsctp__vendor_subscribe(socket, usual, count))
    return;
  for (size_t i = 0; i < count; i++) {
    const struct sctp_event event = {
        .se_assoc_id = SCTP_FUTURE_ASSOC, .se_type = usual[i], .se_on = 1};
    netsctp__vendor_set(socket, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event);
  }
}

/* ------------------------------------------------ what they say */

#define SAME(theirs, ours)                                                     \
  case theirs:                                                                 \
    return ours

static uint16_t association_state(int state) {
  switch (state) {
    SAME(SCTP_COMM_UP, NETSCTP_ASSOC_UP);
    SAME(SCTP_COMM_LOST, NETSCTP_ASSOC_LOST);
    SAME(SCTP_RESTART, NETSCTP_ASSOC_RESTART);
    SAME(SCTP_SHUTDOWN_COMP, NETSCTP_ASSOC_SHUTDOWN_COMPLETE);
    SAME(SCTP_CANT_STR_ASSOC, NETSCTP_ASSOC_CANNOT_START);
  default:
    return NETSCTP_ASSOC_UNKNOWN;
  }
}

static uint16_t path_state(int64_t state) {
  switch (state) {
    SAME(SCTP_ADDR_AVAILABLE, NETSCTP_PATH_AVAILABLE);
    SAME(SCTP_ADDR_UNREACHABLE, NETSCTP_PATH_UNREACHABLE);
    SAME(SCTP_ADDR_REMOVED, NETSCTP_PATH_REMOVED);
    SAME(SCTP_ADDR_ADDED, NETSCTP_PATH_ADDED);
    SAME(SCTP_ADDR_MADE_PRIM, NETSCTP_PATH_MADE_PRIMARY);
    SAME(SCTP_ADDR_CONFIRMED, NETSCTP_PATH_CONFIRMED);
    SAME(SCTP_ADDR_POTENTIALLY_FAILED, NETSCTP_PATH_POTENTIALLY_FAILED);
  default:
    return NETSCTP_PATH_UNKNOWN;
  }
}

static uint16_t key_change(uint32_t indication) {
  switch (indication) {
    SAME(SCTP_AUTH_NEW_KEY, NETSCTP_KEY_NEW_KEY);
    SAME(SCTP_AUTH_NO_AUTH, NETSCTP_KEY_NO_AUTHENTICATION);
    SAME(SCTP_AUTH_FREE_KEY, NETSCTP_KEY_FREE_KEY);
  default:
    return NETSCTP_KEY_UNKNOWN;
  }
}
#undef SAME

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
  out->state = path_state(in->spc_state);
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
}

/* Fields beyond what has come read as zero: the copy is as large as any. */
static void read_notification(const void *raw, uint32_t length,
                              struct netsctp_notification *out) {
  union sctp_notification in;
  memset(&in, 0, sizeof in);
  memcpy(&in, raw, length < sizeof in ? length : sizeof in);
  *out = (struct netsctp_notification){.type = type_of(in.sn_header.sn_type),
                                       .raw_type = in.sn_header.sn_type,
                                       .raw_flags = in.sn_header.sn_flags,
                                       .raw_length = length};
#define READ(field, member) out->field = (__typeof__(out->field))in.member
  switch (out->type) {
  case NETSCTP_NOTIFICATION_ASSOC_CHANGE:
    READ(assoc_id, sn_assoc_change.sac_assoc_id);
    READ(outbound_streams, sn_assoc_change.sac_outbound_streams);
    READ(inbound_streams, sn_assoc_change.sac_inbound_streams);
    out->state = association_state(in.sn_assoc_change.sac_state);
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
    out->indication = key_change(in.sn_auth_event.auth_indication);
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

const struct netsctp_notification *
netsctp__write_notification(struct netsctp_inbound *out, uint32_t length,
                            struct netsctp__cause **cause) {
  /* What the stack puts before the causes of the ABORT. */
  enum { LEAD = sizeof(struct sctp_assoc_change) + NETSCTP__VENDOR_ABORT_HEAD };
  struct netsctp_notification *notification = (void *)(out + 1);
  const uint8_t *raw = (const uint8_t *)(notification + 1);
  read_notification(raw, length, notification);
  *out = (struct netsctp_inbound){
      .size = NETSCTP_PADDED(NETSCTP__NOTIFICATION_HEAD + length),
      .kind = NETSCTP_KIND_NOTIFICATION,
      .flags = NETSCTP_FLAG_END_OF_RECORD,
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
