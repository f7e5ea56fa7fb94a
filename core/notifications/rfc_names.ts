/**
 * Notifications under the names of RFC 6458 section 6.1, as node-lksctp gives
 * them. The numbers are Linux's on both stacks (c/sctp_records.def).
 */
import { NOTIFICATION, type RawNotification } from "../shim/records.ts";

/** The head of each notification, and one member that is named after its type. */
export interface RfcNotification {
  /** Linux's number of the type; 0 for an unknown one. */
  sn_type: number;
  /** As the stack gave it. */
  sn_flags: number;
  /** Of the raw notification, in bytes. */
  sn_length: number;
  /** SCTP_ASSOC_CHANGE, section 6.1.1. */
  sn_assoc_change?: {
    sac_type: number;
    sac_flags: number;
    sac_length: number;
    sac_state: number;
    sac_error: number;
    sac_outbound_streams: number;
    sac_inbound_streams: number;
    sac_assoc_id: number;
  };
  /** SCTP_PEER_ADDR_CHANGE, section 6.1.2. */
  sn_paddr_change?: { spc_aaddr: string; spc_state: number; spc_error: number; spc_assoc_id: number };
  /** SCTP_REMOTE_ERROR, section 6.1.3. */
  sn_remote_error?: { sre_error: number; sre_assoc_id: number };
  /** SCTP_SEND_FAILED_EVENT, section 6.1.11. */
  sn_send_failed_event?: {
    ssf_error: number;
    ssfe_info: {
      snd_sid: number;
      snd_flags: number;
      snd_ppid: number;
      snd_context: number;
      snd_assoc_id: number;
    };
    ssf_assoc_id: number;
  };
  /** SCTP_SHUTDOWN_EVENT, section 6.1.5. */
  sn_shutdown_event?: { sse_assoc_id: number };
  /** SCTP_ADAPTATION_INDICATION, section 6.1.6. */
  sn_adaptation_event?: { sai_adaptation_ind: number; sai_assoc_id: number };
  /** SCTP_PARTIAL_DELIVERY_EVENT, section 6.1.7. */
  sn_pdapi_event?: {
    pdapi_indication: number;
    pdapi_stream: number;
    pdapi_seq: number;
    pdapi_assoc_id: number;
  };
  /** SCTP_AUTHENTICATION_EVENT, section 6.1.8. */
  sn_authkey_event?: { auth_keynumber: number; auth_indication: number; auth_assoc_id: number };
  /** SCTP_SENDER_DRY_EVENT, section 6.1.9. */
  sn_sender_dry_event?: { sender_dry_assoc_id: number };
  /** SCTP_STREAM_RESET_EVENT, RFC 6525 section 6.1.1. */
  sn_strreset_event?: { strreset_flags: number; strreset_assoc_id: number };
  /** SCTP_ASSOC_RESET_EVENT, RFC 6525 section 6.1.2. */
  sn_assocreset_event?: {
    assocreset_assoc_id: number;
    assocreset_local_tsn: number;
    assocreset_remote_tsn: number;
  };
  /** SCTP_STREAM_CHANGE_EVENT, RFC 6525 section 6.1.3. */
  sn_strchange_event?: {
    strchange_assoc_id: number;
    strchange_instrms: number;
    strchange_outstrms: number;
  };
}

export function rfcNames(record: RawNotification): RfcNotification {
  const head = { sn_type: record.type, sn_flags: record.rawFlags, sn_length: record.raw.length };
  return { ...head, ...memberOf(record) };
}

function memberOf(record: RawNotification): Partial<RfcNotification> {
  const { error, indication, assocId } = record;
  switch (record.type) {
    case NOTIFICATION.ASSOC_CHANGE:
      return {
        sn_assoc_change: {
          sac_type: record.type,
          sac_flags: record.rawFlags,
          sac_length: record.raw.length,
          sac_state: record.state,
          sac_error: error,
          sac_outbound_streams: record.outboundStreams,
          sac_inbound_streams: record.inboundStreams,
          sac_assoc_id: assocId,
        },
      };
    case NOTIFICATION.PEER_ADDR_CHANGE: {
      const spc_aaddr = record.address.text;
      return {
        sn_paddr_change: { spc_aaddr, spc_state: record.state, spc_error: error, spc_assoc_id: assocId },
      };
    }
    case NOTIFICATION.REMOTE_ERROR:
      return { sn_remote_error: { sre_error: error, sre_assoc_id: assocId } };
    case NOTIFICATION.SEND_FAILED: {
      const { sid: snd_sid, sendFlags: snd_flags, ppid: snd_ppid, context: snd_context } = record;
      const ssfe_info = { snd_sid, snd_flags, snd_ppid, snd_context, snd_assoc_id: assocId };
      return { sn_send_failed_event: { ssf_error: error, ssfe_info, ssf_assoc_id: assocId } };
    }
    case NOTIFICATION.SHUTDOWN:
      return { sn_shutdown_event: { sse_assoc_id: assocId } };
    case NOTIFICATION.ADAPTATION:
      return { sn_adaptation_event: { sai_adaptation_ind: indication, sai_assoc_id: assocId } };
    case NOTIFICATION.PARTIAL_DELIVERY: {
      const { sid: pdapi_stream, ssn: pdapi_seq } = record;
      return {
        sn_pdapi_event: { pdapi_indication: indication, pdapi_stream, pdapi_seq, pdapi_assoc_id: assocId },
      };
    }
    case NOTIFICATION.AUTHENTICATION: {
      const { keyNumber: auth_keynumber } = record;
      return { sn_authkey_event: { auth_keynumber, auth_indication: indication, auth_assoc_id: assocId } };
    }
    case NOTIFICATION.SENDER_DRY:
      return { sn_sender_dry_event: { sender_dry_assoc_id: assocId } };
    case NOTIFICATION.STREAM_RESET:
      return { sn_strreset_event: { strreset_flags: record.flags, strreset_assoc_id: assocId } };
    case NOTIFICATION.ASSOC_RESET:
      return {
        sn_assocreset_event: {
          assocreset_assoc_id: assocId,
          assocreset_local_tsn: record.localTsn,
          assocreset_remote_tsn: record.remoteTsn,
        },
      };
    case NOTIFICATION.STREAM_CHANGE:
      return {
        sn_strchange_event: {
          strchange_assoc_id: assocId,
          strchange_instrms: record.inboundStreams,
          strchange_outstrms: record.outboundStreams,
        },
      };
    default:
      return {};
  }
}
