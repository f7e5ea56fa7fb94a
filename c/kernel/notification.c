/* The kernel's notifications (RFC 6458 section 6.1) in our own records. */
#include "kernel/kernel.h"

#include <errno.h>
#include <string.h>

#include "shim/passed_through.h"

static int subscribe(int fd, uint16_t type, bool on) {
  struct sctp_event event = {
      .se_assoc_id = SCTP_FUTURE_ASSOC, .se_type = type, .se_on = on};
  NETSCTP__SYSCALL();
  return setsockopt(fd, IPPROTO_SCTP, SCTP_EVENT, &event, sizeof event) < 0
             ? -errno
             : 0;
}

static const uint16_t types[] = {
    SCTP_ASSOC_CHANGE,          SCTP_PEER_ADDR_CHANGE,
    SCTP_SEND_FAILED_EVENT,     SCTP_REMOTE_ERROR,
    SCTP_SHUTDOWN_EVENT,        SCTP_PARTIAL_DELIVERY_EVENT,
    SCTP_ADAPTATION_INDICATION, SCTP_STREAM_RESET_EVENT,
    SCTP_ASSOC_RESET_EVENT,     SCTP_STREAM_CHANGE_EVENT,
};
enum { TYPES = sizeof types / sizeof types[0] };

/* SCTP_EVENTS takes a byte for each type, up to the last one the kernel knows:
 * one call for all, that fails on a kernel which knows fewer. */
static bool subscribe_at_once(int fd) {
  uint8_t wanted[64] = {0};
  socklen_t size = 0;
  for (size_t i = 0; i < TYPES; i++) {
    const socklen_t place = types[i] - SCTP_SN_TYPE_BASE;
    wanted[place] = 1;
    if (place >= size)
      size = place + 1;
  }
  NETSCTP__SYSCALL();
  return setsockopt(fd, IPPROTO_SCTP, SCTP_EVENTS, wanted, size) == 0;
}

/* Else one by one, so that one a kernel does not know costs only itself; that
 * is why errors are not looked at. */
void netsctp__kernel_subscribe(int fd) {
  if (subscribe_at_once(fd))
    return;
  for (size_t i = 0; i < TYPES; i++)
    subscribe(fd, types[i], true);
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
  return state < sizeof ours / sizeof ours[0] ? ours[state]
                                              : NETSCTP_ASSOC_UNKNOWN;
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
             : NETSCTP_PATH_UNKNOWN;
}

/* Error causes reach us as they are on the wire, whatever RFC 6458 says. */
static uint32_t cause(uint32_t error) { return ntohs((uint16_t)error); }

static uint32_t authentication(uint32_t indication) {
  return indication == SCTP_AUTH_NEW_KEY    ? 1
         : indication == SCTP_AUTH_NO_AUTH  ? 2
         : indication == SCTP_AUTH_FREE_KEY ? 3
                                            : 0;
}

static uint32_t id_of(sctp_assoc_t id) { return (uint32_t)id; }

void netsctp__kernel_notification(const void *raw, uint32_t length,
                                  struct netsctp_notification *out) {
  union sctp_notification in = {0};
  memcpy(&in, raw, length < sizeof in ? length : sizeof in);
  memset(out, 0, sizeof *out);
  out->raw_length = length;
  out->raw_type = in.sn_header.sn_type;
  out->raw_flags = in.sn_header.sn_flags;
  out->type = type_of(in.sn_header.sn_type);

  switch (out->type) {
  case NETSCTP_NOTIFICATION_ASSOC_CHANGE:
    out->assoc_id = id_of(in.sn_assoc_change.sac_assoc_id);
    out->state = association_state(in.sn_assoc_change.sac_state);
    out->error = cause(in.sn_assoc_change.sac_error);
    out->outbound_streams = in.sn_assoc_change.sac_outbound_streams;
    out->inbound_streams = in.sn_assoc_change.sac_inbound_streams;
    break;
  case NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE: {
    struct sockaddr_storage address;
    memcpy(&address, &in.sn_paddr_change.spc_aaddr, sizeof address);
    netsctp__from_sockaddr(&address, &out->address);
    out->assoc_id = id_of(in.sn_paddr_change.spc_assoc_id);
    out->state = path_state(in.sn_paddr_change.spc_state);
    break;
  }
  case NETSCTP_NOTIFICATION_REMOTE_ERROR:
    out->assoc_id = id_of(in.sn_remote_error.sre_assoc_id);
    out->error = cause(in.sn_remote_error.sre_error);
    break;
  case NETSCTP_NOTIFICATION_SEND_FAILED:
    out->assoc_id = id_of(in.sn_send_failed_event.ssf_assoc_id);
    out->flags = in.sn_send_failed_event.ssf_flags == SCTP_DATA_SENT;
    out->error = cause(in.sn_send_failed_event.ssf_error);
    out->sid = in.sn_send_failed_event.ssfe_info.snd_sid;
    out->send_flags = in.sn_send_failed_event.ssfe_info.snd_flags;
    out->ppid = ntohl(in.sn_send_failed_event.ssfe_info.snd_ppid);
    out->context = in.sn_send_failed_event.ssfe_info.snd_context;
    break;
  case NETSCTP_NOTIFICATION_SHUTDOWN:
    out->assoc_id = id_of(in.sn_shutdown_event.sse_assoc_id);
    break;
  case NETSCTP_NOTIFICATION_ADAPTATION:
    out->assoc_id = id_of(in.sn_adaptation_event.sai_assoc_id);
    out->indication = in.sn_adaptation_event.sai_adaptation_ind;
    break;
  case NETSCTP_NOTIFICATION_PARTIAL_DELIVERY:
    out->assoc_id = id_of(in.sn_pdapi_event.pdapi_assoc_id);
    out->indication =
        in.sn_pdapi_event.pdapi_indication == SCTP_PARTIAL_DELIVERY_ABORTED;
    out->sid = (uint16_t)in.sn_pdapi_event.pdapi_stream;
    out->ssn = in.sn_pdapi_event.pdapi_seq;
    break;
  case NETSCTP_NOTIFICATION_AUTHENTICATION:
    out->assoc_id = id_of(in.sn_authkey_event.auth_assoc_id);
    out->indication = authentication(in.sn_authkey_event.auth_indication);
    out->key_number = in.sn_authkey_event.auth_keynumber;
    break;
  case NETSCTP_NOTIFICATION_SENDER_DRY:
    out->assoc_id = id_of(in.sn_sender_dry_event.sender_dry_assoc_id);
    break;
  case NETSCTP_NOTIFICATION_STREAM_RESET:
    out->assoc_id = id_of(in.sn_strreset_event.strreset_assoc_id);
    out->flags = in.sn_header.sn_flags;
    break;
  case NETSCTP_NOTIFICATION_ASSOC_RESET:
    out->assoc_id = id_of(in.sn_assocreset_event.assocreset_assoc_id);
    out->flags = in.sn_header.sn_flags;
    out->local_tsn = in.sn_assocreset_event.assocreset_local_tsn;
    out->remote_tsn = in.sn_assocreset_event.assocreset_remote_tsn;
    break;
  case NETSCTP_NOTIFICATION_STREAM_CHANGE:
    out->assoc_id = id_of(in.sn_strchange_event.strchange_assoc_id);
    out->flags = in.sn_header.sn_flags;
    out->outbound_streams = in.sn_strchange_event.strchange_outstrms;
    out->inbound_streams = in.sn_strchange_event.strchange_instrms;
    break;
  default: /* of unknown ones there is only what is raw */
    break;
  }
}
