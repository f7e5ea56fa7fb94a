/* usrsctp's notifications (RFC 6458 section 6.1) into ours. The structures are
 * nearly Linux's, the numbers are not. */
#include "usrsctp/stack.h"

#include <string.h>
#include <usrsctp.h>

#include "shim/passed_through.h"

/* What the RFC calls the state, by usrsctp's number. */
static const uint16_t assoc_states[] = {
    [SCTP_COMM_UP] = NETSCTP_ASSOC_UP,
    [SCTP_COMM_LOST] = NETSCTP_ASSOC_LOST,
    [SCTP_RESTART] = NETSCTP_ASSOC_RESTART,
    [SCTP_SHUTDOWN_COMP] = NETSCTP_ASSOC_SHUTDOWN_COMPLETE,
    [SCTP_CANT_STR_ASSOC] = NETSCTP_ASSOC_CANNOT_START,
};

static const uint16_t path_states[] = {
    [SCTP_ADDR_AVAILABLE] = NETSCTP_PATH_AVAILABLE,
    [SCTP_ADDR_UNREACHABLE] = NETSCTP_PATH_UNREACHABLE,
    [SCTP_ADDR_REMOVED] = NETSCTP_PATH_REMOVED,
    [SCTP_ADDR_ADDED] = NETSCTP_PATH_ADDED,
    [SCTP_ADDR_MADE_PRIM] = NETSCTP_PATH_MADE_PRIMARY,
    [SCTP_ADDR_CONFIRMED] = NETSCTP_PATH_CONFIRMED,
};

/* usrsctp counts from 1. */
#define LOOK_UP(table, number, otherwise)                                      \
  ((number) > 0 && (number) < sizeof(table) / sizeof *(table)                  \
       ? (table)[number]                                                       \
       : (otherwise))

/* These pass through as they are: sctp_records.def has the same numbers. */
_Static_assert(SCTP_AUTH_NEW_KEY == 1 && SCTP_AUTH_NO_AUTH == 2 &&
                   SCTP_AUTH_FREE_KEY == 3,
               "indications of AUTHENTICATION");
_Static_assert(SCTP_PARTIAL_DELIVERY_ABORTED == 1,
               "the indication of PARTIAL_DELIVERY");

static void translate_path(const struct sctp_paddr_change *in,
                           struct netsctp_notification *out) {
  out->type = NETSCTP_NOTIFICATION_PEER_ADDR_CHANGE;
  out->state = LOOK_UP(path_states, in->spc_state, NETSCTP_PATH_UNKNOWN);
  out->assoc_id = in->spc_assoc_id;
  netsctp__from_sockaddr(&in->spc_aaddr, &out->address);
}

static void translate_send_failed(const struct sctp_send_failed_event *in,
                                  struct netsctp_notification *out) {
  out->type = NETSCTP_NOTIFICATION_SEND_FAILED;
  out->assoc_id = in->ssfe_assoc_id;
  out->flags = in->ssfe_flags == SCTP_DATA_SENT;
  out->error = in->ssfe_error;
  out->send_flags = in->ssfe_info.snd_flags; /* usrsctp/inside/numbers.c */
  out->sid = in->ssfe_info.snd_sid;
  out->ppid = ntohl(in->ssfe_info.snd_ppid);
  out->context = in->ssfe_info.snd_context;
}

/* Fields beyond what arrived read as zero: the copy is as large as any. */
void netsctp__translate(const void *raw, uint32_t length,
                        struct netsctp_notification *out) {
  union {
    union sctp_notification any;
    uint8_t bytes[sizeof(union sctp_notification) + 8];
  } n = {0};
  memcpy(&n, raw, length < sizeof n ? length : sizeof n);
  memset(out, 0, sizeof *out);
  out->raw_type = n.any.sn_header.sn_type;
  out->raw_flags = n.any.sn_header.sn_flags;
  out->raw_length = length;
  switch (n.any.sn_header.sn_type) {
  case SCTP_ASSOC_CHANGE:
    out->type = NETSCTP_NOTIFICATION_ASSOC_CHANGE;
    out->assoc_id = n.any.sn_assoc_change.sac_assoc_id;
    out->state = LOOK_UP(assoc_states, n.any.sn_assoc_change.sac_state,
                         NETSCTP_ASSOC_UNKNOWN);
    out->error = n.any.sn_assoc_change.sac_error;
    out->outbound_streams = n.any.sn_assoc_change.sac_outbound_streams;
    out->inbound_streams = n.any.sn_assoc_change.sac_inbound_streams;
    break;
  case SCTP_PEER_ADDR_CHANGE:
    translate_path(&n.any.sn_paddr_change, out);
    break;
  case SCTP_REMOTE_ERROR:
    out->type = NETSCTP_NOTIFICATION_REMOTE_ERROR;
    out->assoc_id = n.any.sn_remote_error.sre_assoc_id;
    out->error = n.any.sn_remote_error.sre_error;
    break;
  case SCTP_SEND_FAILED_EVENT:
    translate_send_failed(&n.any.sn_send_failed_event, out);
    break;
  case SCTP_SHUTDOWN_EVENT:
    out->type = NETSCTP_NOTIFICATION_SHUTDOWN;
    out->assoc_id = n.any.sn_shutdown_event.sse_assoc_id;
    break;
  case SCTP_ADAPTATION_INDICATION:
    out->type = NETSCTP_NOTIFICATION_ADAPTATION;
    out->assoc_id = n.any.sn_adaptation_event.sai_assoc_id;
    out->indication = n.any.sn_adaptation_event.sai_adaptation_ind;
    break;
  case SCTP_PARTIAL_DELIVERY_EVENT:
    out->type = NETSCTP_NOTIFICATION_PARTIAL_DELIVERY;
    out->assoc_id = n.any.sn_pdapi_event.pdapi_assoc_id;
    out->ssn = n.any.sn_pdapi_event.pdapi_seq;
    out->indication = n.any.sn_pdapi_event.pdapi_indication;
    out->sid = (uint16_t)n.any.sn_pdapi_event.pdapi_stream;
    break;
  case SCTP_AUTHENTICATION_EVENT:
    out->type = NETSCTP_NOTIFICATION_AUTHENTICATION;
    out->assoc_id = n.any.sn_auth_event.auth_assoc_id;
    out->key_number = n.any.sn_auth_event.auth_keynumber;
    out->indication = n.any.sn_auth_event.auth_indication;
    break;
  case SCTP_SENDER_DRY_EVENT:
    out->type = NETSCTP_NOTIFICATION_SENDER_DRY;
    out->assoc_id = n.any.sn_sender_dry_event.sender_dry_assoc_id;
    break;
  case SCTP_STREAM_RESET_EVENT:
    out->type = NETSCTP_NOTIFICATION_STREAM_RESET;
    out->assoc_id = n.any.sn_strreset_event.strreset_assoc_id;
    out->flags = n.any.sn_header.sn_flags;
    break;
  case SCTP_ASSOC_RESET_EVENT:
    out->type = NETSCTP_NOTIFICATION_ASSOC_RESET;
    out->assoc_id = n.any.sn_assocreset_event.assocreset_assoc_id;
    out->flags = n.any.sn_header.sn_flags;
    out->local_tsn = n.any.sn_assocreset_event.assocreset_local_tsn;
    out->remote_tsn = n.any.sn_assocreset_event.assocreset_remote_tsn;
    break;
  case SCTP_STREAM_CHANGE_EVENT:
    out->type = NETSCTP_NOTIFICATION_STREAM_CHANGE;
    out->assoc_id = n.any.sn_strchange_event.strchange_assoc_id;
    out->flags = n.any.sn_header.sn_flags;
    out->inbound_streams = n.any.sn_strchange_event.strchange_instrms;
    out->outbound_streams = n.any.sn_strchange_event.strchange_outstrms;
    break;
  default:
    out->type = NETSCTP_NOTIFICATION_UNKNOWN;
  }
}

/* The causes of the ABORT, which stands whole behind the notification. The
 * peer's: this end's are noted where it aborts (usrsctp/inside/abort.c). */
static void keep_cause(struct netsctp__socket *s, uint32_t code,
                       const uint8_t *raw, uint32_t length) {
  enum { HEADS = sizeof(struct sctp_assoc_change) + 4 };
  if (s->own_cause == 0)
    netsctp__keep_cause(&s->cause, (uint16_t)code, raw + HEADS,
                        length < HEADS ? 0 : length - HEADS);
}

void netsctp__observe(struct netsctp__socket *s,
                      const struct netsctp_notification *notification,
                      const uint8_t *raw, uint32_t length) {
  if (notification->type != NETSCTP_NOTIFICATION_ASSOC_CHANGE)
    return;
  switch (notification->state) {
  case NETSCTP_ASSOC_SHUTDOWN_COMPLETE:
    s->ending = NETSCTP__ENDING_IN_ORDER;
    return;
  case NETSCTP_ASSOC_LOST:
    s->ending = NETSCTP__ENDING_LOST;
    break;
  case NETSCTP_ASSOC_CANNOT_START:
    s->ending = NETSCTP__ENDING_NOT_STARTED;
    break;
  default:
    return;
  }
  keep_cause(s, notification->error, raw, length);
}
