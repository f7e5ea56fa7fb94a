/* The kernel's notifications (RFC 6458 section 6.1) in our own records. */
#include "kernel.h"

#include <string.h>

/* One by one, so that one a kernel does not know costs only itself; that is
 * why errors are not looked at. Not asked for: SENDER_DRY, which comes after
 * each message, and AUTHENTICATION, as nothing here sets keys. */
void netsctp__kernel_subscribe(int fd) {
  static const uint16_t types[] = {
      SCTP_ASSOC_CHANGE,          SCTP_PEER_ADDR_CHANGE,
      SCTP_SEND_FAILED_EVENT,     SCTP_REMOTE_ERROR,
      SCTP_SHUTDOWN_EVENT,        SCTP_PARTIAL_DELIVERY_EVENT,
      SCTP_ADAPTATION_INDICATION, SCTP_STREAM_RESET_EVENT,
      SCTP_ASSOC_RESET_EVENT,     SCTP_STREAM_CHANGE_EVENT,
  };
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    struct sctp_event event = {
        .se_assoc_id = SCTP_FUTURE_ASSOC, .se_type = types[i], .se_on = 1};
    NETSCTP__SYSCALL();
    setsockopt(fd, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event);
  }
}

static uint16_t type_of(uint16_t type) {
  switch (type) {
#define SAME(theirs, ours)                                                     \
  case theirs:                                                                 \
    return NETSCTP_NOTIFICATION_##ours
    SAME(SCTP_ASSOC_CHANGE, ASSOC_CHANGE);
    SAME(SCTP_PEER_ADDR_CHANGE, PEER_ADDR_CHANGE);
    SAME(SCTP_SEND_FAILED_EVENT, SEND_FAILED);
    SAME(SCTP_REMOTE_ERROR, REMOTE_ERROR);
    SAME(SCTP_SHUTDOWN_EVENT, SHUTDOWN);
    SAME(SCTP_PARTIAL_DELIVERY_EVENT, PARTIAL_DELIVERY);
    SAME(SCTP_ADAPTATION_INDICATION, ADAPTATION);
    SAME(SCTP_AUTHENTICATION_EVENT, AUTHENTICATION);
    SAME(SCTP_SENDER_DRY_EVENT, SENDER_DRY);
    SAME(SCTP_STREAM_RESET_EVENT, STREAM_RESET);
    SAME(SCTP_ASSOC_RESET_EVENT, ASSOC_RESET);
    SAME(SCTP_STREAM_CHANGE_EVENT, STREAM_CHANGE);
#undef SAME
  default:
    return NETSCTP_NOTIFICATION_UNKNOWN;
  }
}

static uint16_t association_state(uint16_t state) {
  static const uint16_t ours[] = {
      [SCTP_COMM_UP] = NETSCTP_ASSOC_UP,
      [SCTP_COMM_LOST] = NETSCTP_ASSOC_LOST,
      [SCTP_RESTART] = NETSCTP_ASSOC_RESTART,
      [SCTP_SHUTDOWN_COMP] = NETSCTP_ASSOC_SHUTDOWN_COMPLETE,
      [SCTP_CANT_STR_ASSOC] = NETSCTP_ASSOC_CANNOT_START,
  };
  return state < sizeof ours / sizeof ours[0] ? ours[state] : 0;
}

static uint16_t path_state(int state) {
  static const uint16_t ours[] = {
      [SCTP_ADDR_AVAILABLE] = NETSCTP_PATH_AVAILABLE,
      [SCTP_ADDR_UNREACHABLE] = NETSCTP_PATH_UNREACHABLE,
      [SCTP_ADDR_REMOVED] = NETSCTP_PATH_REMOVED,
      [SCTP_ADDR_ADDED] = NETSCTP_PATH_ADDED,
      [SCTP_ADDR_MADE_PRIM] = NETSCTP_PATH_MADE_PRIMARY,
      [SCTP_ADDR_CONFIRMED] = NETSCTP_PATH_CONFIRMED,
      [SCTP_ADDR_POTENTIALLY_FAILED] = NETSCTP_PATH_POTENTIALLY_FAILED,
  };
  return state >= 0 && (size_t)state < sizeof ours / sizeof ours[0]
             ? ours[state]
             : 0;
}

/* Error causes reach us as they are on the wire, whatever RFC 6458 says. */
static uint32_t cause(uint32_t error) { return ntohs((uint16_t)error); }

static uint32_t authentication(uint32_t indication) {
  return indication == SCTP_AUTH_NEW_KEY    ? 1
         : indication == SCTP_AUTH_NO_AUTH  ? 2
         : indication == SCTP_AUTH_FREE_KEY ? 3
                                            : 0;
}

void netsctp__kernel_notification(const void *raw, uint32_t length,
                                  struct netsctp_notification *out) {
  union sctp_notification in = {0};
  memcpy(&in, raw, length < sizeof in ? length : sizeof in);
  memset(out, 0, sizeof *out);
  out->raw_length = length;
  out->raw_type = in.sn_header.sn_type;
  out->type = type_of(in.sn_header.sn_type);

  switch (out->type) {
  case NETSCTP_NOTIFICATION_ASSOC_CHANGE:
    out->state = association_state(in.sn_assoc_change.sac_state);
    out->error = cause(in.sn_assoc_change.sac_error);
    out->outbound_streams = in.sn_assoc_change.sac_outbound_streams;
    out->inbound_streams = in.sn_assoc_change.sac_inbound_streams;
    break;
  case NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE: {
    struct sockaddr_storage address;
    memcpy(&address, &in.sn_paddr_change.spc_aaddr, sizeof address);
    netsctp__from_sockaddr(&address, &out->address);
    out->state = path_state(in.sn_paddr_change.spc_state);
    break;
  }
  case NETSCTP_NOTIFICATION_REMOTE_ERROR:
    out->error = cause(in.sn_remote_error.sre_error);
    break;
  case NETSCTP_NOTIFICATION_SEND_FAILED:
    out->flags = in.sn_send_failed_event.ssf_flags == SCTP_DATA_SENT;
    out->error = cause(in.sn_send_failed_event.ssf_error);
    out->sid = in.sn_send_failed_event.ssfe_info.snd_sid;
    out->ppid = ntohl(in.sn_send_failed_event.ssfe_info.snd_ppid);
    out->context = in.sn_send_failed_event.ssfe_info.snd_context;
    break;
  case NETSCTP_NOTIFICATION_ADAPTATION:
    out->indication = in.sn_adaptation_event.sai_adaptation_ind;
    break;
  case NETSCTP_NOTIFICATION_PARTIAL_DELIVERY:
    out->indication =
        in.sn_pdapi_event.pdapi_indication == SCTP_PARTIAL_DELIVERY_ABORTED;
    out->sid = (uint16_t)in.sn_pdapi_event.pdapi_stream;
    break;
  case NETSCTP_NOTIFICATION_AUTHENTICATION:
    out->indication = authentication(in.sn_authkey_event.auth_indication);
    break;
  case NETSCTP_NOTIFICATION_STREAM_RESET:
  case NETSCTP_NOTIFICATION_ASSOC_RESET:
    out->flags = in.sn_header.sn_flags;
    break;
  case NETSCTP_NOTIFICATION_STREAM_CHANGE:
    out->flags = in.sn_header.sn_flags;
    out->outbound_streams = in.sn_strchange_event.strchange_outstrms;
    out->inbound_streams = in.sn_strchange_event.strchange_instrms;
    break;
  default: /* SHUTDOWN, SENDER_DRY, unknown ones: nothing more to say */
    break;
  }
}
