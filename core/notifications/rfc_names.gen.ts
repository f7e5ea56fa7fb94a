// GENERATED from c/sctp_records.def by tools/gen_layout.ts: do not edit. Notifications under the names of RFC 6458 section 6.1, as
// node-lksctp gives them.
import type { NotificationRecord } from "../shim/records.ts";

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
  sn_paddr_change?: {
    spc_aaddr: string;
    spc_state: number;
    spc_error: number;
    spc_assoc_id: number;
  };
  /** SCTP_REMOTE_ERROR, section 6.1.3. */
  sn_remote_error?: {
    sre_error: number;
    sre_assoc_id: number;
  };
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
  sn_shutdown_event?: {
    sse_assoc_id: number;
  };
  /** SCTP_ADAPTATION_INDICATION, section 6.1.6. */
  sn_adaptation_event?: {
    sai_adaptation_ind: number;
    sai_assoc_id: number;
  };
  /** SCTP_PARTIAL_DELIVERY_EVENT, section 6.1.7. */
  sn_pdapi_event?: {
    pdapi_indication: number;
    pdapi_stream: number;
    pdapi_seq: number;
    pdapi_assoc_id: number;
  };
  /** SCTP_AUTHENTICATION_EVENT, section 6.1.8. */
  sn_authkey_event?: {
    auth_keynumber: number;
    auth_indication: number;
    auth_assoc_id: number;
  };
  /** SCTP_SENDER_DRY_EVENT, section 6.1.9. */
  sn_sender_dry_event?: {
    sender_dry_assoc_id: number;
  };
  /** SCTP_STREAM_RESET_EVENT, RFC 6525 section 6.1.1. */
  sn_strreset_event?: {
    strreset_flags: number;
    strreset_assoc_id: number;
  };
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

/** The member of each type. */
export const RFC_MEMBERS: Readonly<Record<number, (record: NotificationRecord) => Partial<RfcNotification>>> = {
  32769: (record) => ({
    sn_assoc_change: {
      sac_type: record.type,
      sac_flags: record.rawFlags,
      sac_length: record.rawLength,
      sac_state: record.state,
      sac_error: record.error,
      sac_outbound_streams: record.outboundStreams,
      sac_inbound_streams: record.inboundStreams,
      sac_assoc_id: record.assocId,
    },
  }),
  32770: (record) => ({
    sn_paddr_change: {
      spc_aaddr: record.address.text,
      spc_state: record.state,
      spc_error: record.error,
      spc_assoc_id: record.assocId,
    },
  }),
  32772: (record) => ({
    sn_remote_error: {
      sre_error: record.error,
      sre_assoc_id: record.assocId,
    },
  }),
  32781: (record) => ({
    sn_send_failed_event: {
      ssf_error: record.error,
      ssfe_info: {
        snd_sid: record.sid,
        snd_flags: record.sendFlags,
        snd_ppid: record.ppid,
        snd_context: record.context,
        snd_assoc_id: record.assocId,
      },
      ssf_assoc_id: record.assocId,
    },
  }),
  32773: (record) => ({
    sn_shutdown_event: {
      sse_assoc_id: record.assocId,
    },
  }),
  32775: (record) => ({
    sn_adaptation_event: {
      sai_adaptation_ind: record.indication,
      sai_assoc_id: record.assocId,
    },
  }),
  32774: (record) => ({
    sn_pdapi_event: {
      pdapi_indication: record.indication,
      pdapi_stream: record.sid,
      pdapi_seq: record.ssn,
      pdapi_assoc_id: record.assocId,
    },
  }),
  32776: (record) => ({
    sn_authkey_event: {
      auth_keynumber: record.keyNumber,
      auth_indication: record.indication,
      auth_assoc_id: record.assocId,
    },
  }),
  32777: (record) => ({
    sn_sender_dry_event: {
      sender_dry_assoc_id: record.assocId,
    },
  }),
  32778: (record) => ({
    sn_strreset_event: {
      strreset_flags: record.flags,
      strreset_assoc_id: record.assocId,
    },
  }),
  32779: (record) => ({
    sn_assocreset_event: {
      assocreset_assoc_id: record.assocId,
      assocreset_local_tsn: record.localTsn,
      assocreset_remote_tsn: record.remoteTsn,
    },
  }),
  32780: (record) => ({
    sn_strchange_event: {
      strchange_assoc_id: record.assocId,
      strchange_instrms: record.inboundStreams,
      strchange_outstrms: record.outboundStreams,
    },
  }),
};
