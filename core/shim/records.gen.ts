// GENERATED from c/sctp_records.def by tools/gen_layout.ts: do not edit. The numbers and words of every enum value, and
// the readers and writers of every record, that cross the FFI.
import type { Slab } from "./slab.ts";

/** The shared library must answer this from netsctp_layout_hash(). */
export const LAYOUT_HASH = 0x236dd17e;

/** Records in a batch start at a multiple of this. */
export const ALIGN = 8;

export const STACK = {
  KERNEL: 1,
  USERSPACE: 2,
} as const;

export const WAKE = {
  UV: 1,
  THREAD: 2,
  SOCKET: 3,
  RING: 4,
} as const;

export const FAMILY = {
  NONE: 0,
  IPV4: 4,
  IPV6: 6,
} as const;

export const SIDE = {
  LOCAL: 1,
  REMOTE: 2,
} as const;

export const CLOSE = {
  RELEASE: 0,
  ABORT: 1,
} as const;

export const READY = {
  READABLE: 1,
  WRITABLE: 2,
} as const;

export const KIND = {
  MESSAGE: 1,
  NOTIFICATION: 2,
  END: 3,
  ERROR: 4,
  REST: 5,
} as const;

export const BY = {
  LOCAL: 1,
  PEER: 2,
  NETWORK: 3,
} as const;

/** Who has ended an association; the network where nothing came back, or a router said why. */
export type EndedBy = "local" | "peer" | "network";

export const BY_WORDS: Readonly<Record<number, EndedBy>> = {
  1: "local",
  2: "peer",
  3: "network",
};

export const POLICY = {
  NONE: 0,
  TIME_TO_LIVE: 1,
  RETRANSMISSIONS: 2,
  PRIORITY: 3,
} as const;

export const FLAG = {
  END_OF_RECORD: 1,
  UNORDERED: 2,
  SACK_IMMEDIATELY: 4,
  KEY: 8,
  DESTINATION: 16,
} as const;

export const RECEIVED = {
  MORE: 1,
  FAILED: 2,
} as const;

export const NOTIFICATION = {
  UNKNOWN: 0,
  ASSOC_CHANGE: 32769,
  PEER_ADDR_CHANGE: 32770,
  REMOTE_ERROR: 32772,
  SHUTDOWN: 32773,
  PARTIAL_DELIVERY: 32774,
  ADAPTATION: 32775,
  AUTHENTICATION: 32776,
  SENDER_DRY: 32777,
  STREAM_RESET: 32778,
  ASSOC_RESET: 32779,
  STREAM_CHANGE: 32780,
  SEND_FAILED: 32781,
} as const;

/** As RFC 6458 has them. */
export const NOTIFICATION_NAMES: Readonly<Record<number, string>> = {
  32769: "SCTP_ASSOC_CHANGE",
  32770: "SCTP_PEER_ADDR_CHANGE",
  32772: "SCTP_REMOTE_ERROR",
  32773: "SCTP_SHUTDOWN_EVENT",
  32774: "SCTP_PARTIAL_DELIVERY_EVENT",
  32775: "SCTP_ADAPTATION_INDICATION",
  32776: "SCTP_AUTHENTICATION_EVENT",
  32777: "SCTP_SENDER_DRY_EVENT",
  32778: "SCTP_STREAM_RESET_EVENT",
  32779: "SCTP_ASSOC_RESET_EVENT",
  32780: "SCTP_STREAM_CHANGE_EVENT",
  32781: "SCTP_SEND_FAILED_EVENT",
};

export const ASSOC = {
  UP: 0,
  LOST: 1,
  RESTART: 2,
  SHUTDOWN_COMPLETE: 3,
  CANNOT_START: 4,
  UNKNOWN: 65535,
} as const;

/** States of an association (RFC 6458 section 6.1.1). */
export type AssociationState = "up" | "lost" | "restart" | "shutdown-complete" | "cannot-start";

export const ASSOC_WORDS: Readonly<Record<number, AssociationState>> = {
  0: "up",
  1: "lost",
  2: "restart",
  3: "shutdown-complete",
  4: "cannot-start",
};

/** As RFC 6458 has them. */
export const ASSOC_NAMES: Readonly<Record<number, string>> = {
  0: "SCTP_COMM_UP",
  1: "SCTP_COMM_LOST",
  2: "SCTP_RESTART",
  3: "SCTP_SHUTDOWN_COMP",
  4: "SCTP_CANT_STR_ASSOC",
};

export const PATH = {
  AVAILABLE: 0,
  UNREACHABLE: 1,
  REMOVED: 2,
  ADDED: 3,
  MADE_PRIMARY: 4,
  CONFIRMED: 5,
  POTENTIALLY_FAILED: 6,
  UNKNOWN: 65535,
} as const;

/** States of a path (RFC 6458 section 6.1.2). */
export type PathState = "available" | "unreachable" | "removed" | "added" | "made-primary" | "confirmed" | "potentially-failed";

export const PATH_WORDS: Readonly<Record<number, PathState>> = {
  0: "available",
  1: "unreachable",
  2: "removed",
  3: "added",
  4: "made-primary",
  5: "confirmed",
  6: "potentially-failed",
};

/** As RFC 6458 has them. */
export const PATH_NAMES: Readonly<Record<number, string>> = {
  0: "SCTP_ADDR_AVAILABLE",
  1: "SCTP_ADDR_UNREACHABLE",
  2: "SCTP_ADDR_REMOVED",
  3: "SCTP_ADDR_ADDED",
  4: "SCTP_ADDR_MADE_PRIM",
  5: "SCTP_ADDR_CONFIRMED",
  6: "SCTP_ADDR_POTENTIALLY_FAILED",
};

export const RESET = {
  INCOMING: 1,
  OUTGOING: 2,
  DENIED: 4,
  FAILED: 8,
} as const;

export const DATA_CHUNK = {
  LAST: 1,
  FIRST: 2,
  UNORDERED: 4,
} as const;

export const KEY = {
  UNKNOWN: 0,
  NEW_KEY: 1,
  NO_AUTHENTICATION: 2,
  FREE_KEY: 3,
} as const;

/** What has become of a key (RFC 6458 section 6.1.8). */
export type KeyChange = "new-key" | "no-authentication" | "free-key";

export const KEY_WORDS: Readonly<Record<number, KeyChange>> = {
  1: "new-key",
  2: "no-authentication",
  3: "free-key",
};

/** As RFC 6458 has them. */
export const KEY_NAMES: Readonly<Record<number, string>> = {
  1: "SCTP_AUTH_NEW_KEY",
  2: "SCTP_AUTH_NO_AUTH",
  3: "SCTP_AUTH_FREE_KEY",
};

export const ASSOC_STATUS = {
  EMPTY: 0,
  CLOSED: 1,
  COOKIE_WAIT: 2,
  COOKIE_ECHOED: 3,
  ESTABLISHED: 4,
  SHUTDOWN_PENDING: 5,
  SHUTDOWN_SENT: 6,
  SHUTDOWN_RECEIVED: 7,
  SHUTDOWN_ACK_SENT: 8,
} as const;

export const PATH_STATUS = {
  INACTIVE: 0,
  POTENTIALLY_FAILED: 1,
  ACTIVE: 2,
  UNCONFIRMED: 3,
  UNKNOWN: 65535,
} as const;

export const OPTION = {
  NO_DELAY: 1,
  OUTBOUND_STREAMS: 2,
  INBOUND_STREAMS: 3,
  INIT_ATTEMPTS: 4,
  INIT_TIMEOUT: 5,
  RTO_INITIAL: 6,
  RTO_MIN: 7,
  RTO_MAX: 8,
  ASSOCIATION_RETRANSMISSIONS: 9,
  PATH_RETRANSMISSIONS: 10,
  POTENTIALLY_FAILED: 11,
  PRIMARY_SWITCHOVER: 12,
  COOKIE_LIFE: 13,
  SACK_DELAY: 14,
  SACK_FREQUENCY: 15,
  SEND_BUFFER: 16,
  RECEIVE_BUFFER: 17,
  BACKLOG: 18,
  IPV6_ONLY: 19,
  LOCAL_UDP_PORT: 20,
  REMOTE_UDP_PORT: 21,
  HEARTBEAT: 22,
  HEARTBEAT_INTERVAL: 23,
  SEND_HEARTBEAT: 24,
  PRIMARY: 25,
  REQUEST_PRIMARY: 26,
  PATH_MTU: 27,
  PROBE_INTERVAL: 28,
  DSCP: 29,
  FLOW_LABEL: 30,
  MAX_BURST: 31,
  MAX_SEGMENT: 32,
  PARTIAL_RELIABILITY: 33,
  ECN: 34,
  ADAPTATION: 35,
  AUTHENTICATION: 36,
  AUTH_HMACS: 37,
  AUTH_CHUNK: 38,
  AUTH_KEY: 39,
  AUTH_ACTIVE_KEY: 40,
  DEACTIVATE_AUTH_KEY: 41,
  DELETE_AUTH_KEY: 42,
  DYNAMIC_ADDRESSES: 43,
  ADD_ADDRESS: 44,
  REMOVE_ADDRESS: 45,
  EVENT: 46,
  SOFT_ERROR: 47,
  OUTSTANDING: 48,
  ACKNOWLEDGED: 49,
  GIVE_UP: 50,
  RECONFIGURATION: 51,
  INTERLEAVING: 52,
} as const;

export interface AddressRecord {
  family: number;
  port: number;
  text: string;
}

export const AddressRecord = {
  SIZE: 80,
  read: (slab: Slab, at: number): AddressRecord => ({
    family: slab.u16[at >> 1]!,
    port: slab.u16[(at + 2) >> 1]!,
    text: slab.bytes.toString("utf8", at + 8, at + 8 + slab.u16[(at + 4) >> 1]!),
  }),
  write: (slab: Slab, at: number, record: AddressRecord): void => {
    slab.u16[at >> 1] = record.family;
    slab.u16[(at + 2) >> 1] = record.port;
    slab.u16[(at + 4) >> 1] = slab.bytes.write(record.text, at + 8, 72);
    slab.u16[(at + 6) >> 1] = 0;
  },
};

export interface OptionRecord {
  name: number;
  scope: number;
  value: number;
  extra: number;
}

export const OptionRecord = {
  SIZE: 16,
  read: (slab: Slab, at: number): OptionRecord => ({
    name: slab.u16[at >> 1]!,
    scope: slab.u32[(at + 4) >> 2]!,
    value: slab.i32[(at + 8) >> 2]!,
    extra: slab.u32[(at + 12) >> 2]!,
  }),
  write: (slab: Slab, at: number, record: OptionRecord): void => {
    slab.u16[at >> 1] = record.name;
    slab.u32[(at + 4) >> 2] = record.scope;
    slab.i32[(at + 8) >> 2] = record.value;
    slab.u32[(at + 12) >> 2] = record.extra;
    slab.u16[(at + 2) >> 1] = 0;
  },
};

export interface RequestRecord {
  optionCount: number;
  localCount: number;
  remoteCount: number;
  byteCount: number;
}

export const RequestRecord = {
  SIZE: 16,
  read: (slab: Slab, at: number): RequestRecord => ({
    optionCount: slab.u32[at >> 2]!,
    localCount: slab.u32[(at + 4) >> 2]!,
    remoteCount: slab.u32[(at + 8) >> 2]!,
    byteCount: slab.u32[(at + 12) >> 2]!,
  }),
  write: (slab: Slab, at: number, record: RequestRecord): void => {
    slab.u32[at >> 2] = record.optionCount;
    slab.u32[(at + 4) >> 2] = record.localCount;
    slab.u32[(at + 8) >> 2] = record.remoteCount;
    slab.u32[(at + 12) >> 2] = record.byteCount;
  },
};

export interface ReadyRecord {
  handle: number;
  events: number;
}

export const ReadyRecord = {
  SIZE: 8,
  read: (slab: Slab, at: number): ReadyRecord => ({
    handle: slab.u32[at >> 2]!,
    events: slab.u32[(at + 4) >> 2]!,
  }),
  write: (slab: Slab, at: number, record: ReadyRecord): void => {
    slab.u32[at >> 2] = record.handle;
    slab.u32[(at + 4) >> 2] = record.events;
  },
  handle: (slab: Slab, at: number): number => slab.u32[at >> 2]!,
  events: (slab: Slab, at: number): number => slab.u32[(at + 4) >> 2]!,
};

export interface AcceptedRecord {
  handle: number;
  outboundStreams: number;
  inboundStreams: number;
  local: AddressRecord;
  remote: AddressRecord;
}

export const AcceptedRecord = {
  SIZE: 168,
  read: (slab: Slab, at: number): AcceptedRecord => ({
    handle: slab.u32[at >> 2]!,
    outboundStreams: slab.u16[(at + 4) >> 1]!,
    inboundStreams: slab.u16[(at + 6) >> 1]!,
    local: AddressRecord.read(slab, at + 8),
    remote: AddressRecord.read(slab, at + 88),
  }),
  write: (slab: Slab, at: number, record: AcceptedRecord): void => {
    slab.u32[at >> 2] = record.handle;
    slab.u16[(at + 4) >> 1] = record.outboundStreams;
    slab.u16[(at + 6) >> 1] = record.inboundStreams;
    AddressRecord.write(slab, at + 8, record.local);
    AddressRecord.write(slab, at + 88, record.remote);
  },
};

export interface ReceivedRecord {
  count: number;
  flags: number;
}

export const ReceivedRecord = {
  SIZE: 8,
  read: (slab: Slab, at: number): ReceivedRecord => ({
    count: slab.u32[at >> 2]!,
    flags: slab.u32[(at + 4) >> 2]!,
  }),
  write: (slab: Slab, at: number, record: ReceivedRecord): void => {
    slab.u32[at >> 2] = record.count;
    slab.u32[(at + 4) >> 2] = record.flags;
  },
  count: (slab: Slab, at: number): number => slab.u32[at >> 2]!,
  flags: (slab: Slab, at: number): number => slab.u32[(at + 4) >> 2]!,
};

export interface InboundRecord {
  size: number;
  kind: number;
  flags: number;
  length: number;
  ppid: number;
  sid: number;
  ssn: number;
  tsn: number;
  cumulativeTsn: number;
  association: number;
}

export const InboundRecord = {
  SIZE: 32,
  read: (slab: Slab, at: number): InboundRecord => ({
    size: slab.u32[at >> 2]!,
    kind: slab.u16[(at + 4) >> 1]!,
    flags: slab.u16[(at + 6) >> 1]!,
    length: slab.u32[(at + 8) >> 2]!,
    ppid: slab.u32[(at + 12) >> 2]!,
    sid: slab.u16[(at + 16) >> 1]!,
    ssn: slab.u16[(at + 18) >> 1]!,
    tsn: slab.u32[(at + 20) >> 2]!,
    cumulativeTsn: slab.u32[(at + 24) >> 2]!,
    association: slab.u32[(at + 28) >> 2]!,
  }),
  write: (slab: Slab, at: number, record: InboundRecord): void => {
    slab.u32[at >> 2] = record.size;
    slab.u16[(at + 4) >> 1] = record.kind;
    slab.u16[(at + 6) >> 1] = record.flags;
    slab.u32[(at + 8) >> 2] = record.length;
    slab.u32[(at + 12) >> 2] = record.ppid;
    slab.u16[(at + 16) >> 1] = record.sid;
    slab.u16[(at + 18) >> 1] = record.ssn;
    slab.u32[(at + 20) >> 2] = record.tsn;
    slab.u32[(at + 24) >> 2] = record.cumulativeTsn;
    slab.u32[(at + 28) >> 2] = record.association;
  },
  size: (slab: Slab, at: number): number => slab.u32[at >> 2]!,
  kind: (slab: Slab, at: number): number => slab.u16[(at + 4) >> 1]!,
  flags: (slab: Slab, at: number): number => slab.u16[(at + 6) >> 1]!,
  length: (slab: Slab, at: number): number => slab.u32[(at + 8) >> 2]!,
  ppid: (slab: Slab, at: number): number => slab.u32[(at + 12) >> 2]!,
  sid: (slab: Slab, at: number): number => slab.u16[(at + 16) >> 1]!,
  ssn: (slab: Slab, at: number): number => slab.u16[(at + 18) >> 1]!,
  tsn: (slab: Slab, at: number): number => slab.u32[(at + 20) >> 2]!,
  cumulativeTsn: (slab: Slab, at: number): number => slab.u32[(at + 24) >> 2]!,
  association: (slab: Slab, at: number): number => slab.u32[(at + 28) >> 2]!,
};

export interface CloseReasonRecord {
  error: number;
  by: number;
  cause: number;
  refusedUdpPort: number;
}

export const CloseReasonRecord = {
  SIZE: 12,
  read: (slab: Slab, at: number): CloseReasonRecord => ({
    error: slab.u32[at >> 2]!,
    by: slab.u16[(at + 4) >> 1]!,
    cause: slab.u16[(at + 6) >> 1]!,
    refusedUdpPort: slab.u16[(at + 8) >> 1]!,
  }),
  write: (slab: Slab, at: number, record: CloseReasonRecord): void => {
    slab.u32[at >> 2] = record.error;
    slab.u16[(at + 4) >> 1] = record.by;
    slab.u16[(at + 6) >> 1] = record.cause;
    slab.u16[(at + 8) >> 1] = record.refusedUdpPort;
    slab.u16[(at + 10) >> 1] = 0;
  },
};

export interface NotificationRecord {
  type: number;
  state: number;
  flags: number;
  error: number;
  outboundStreams: number;
  inboundStreams: number;
  sid: number;
  rawType: number;
  rawFlags: number;
  sendFlags: number;
  assocId: number;
  ppid: number;
  context: number;
  indication: number;
  ssn: number;
  keyNumber: number;
  localTsn: number;
  remoteTsn: number;
  rawLength: number;
  payloadOffset: number;
  number: number;
  address: AddressRecord;
}

export const NotificationRecord = {
  SIZE: 152,
  read: (slab: Slab, at: number): NotificationRecord => ({
    type: slab.u16[at >> 1]!,
    state: slab.u16[(at + 2) >> 1]!,
    flags: slab.u32[(at + 4) >> 2]!,
    error: slab.u32[(at + 8) >> 2]!,
    outboundStreams: slab.u16[(at + 12) >> 1]!,
    inboundStreams: slab.u16[(at + 14) >> 1]!,
    sid: slab.u16[(at + 16) >> 1]!,
    rawType: slab.u16[(at + 18) >> 1]!,
    rawFlags: slab.u16[(at + 20) >> 1]!,
    sendFlags: slab.u16[(at + 22) >> 1]!,
    assocId: slab.u32[(at + 24) >> 2]!,
    ppid: slab.u32[(at + 28) >> 2]!,
    context: slab.u32[(at + 32) >> 2]!,
    indication: slab.u32[(at + 36) >> 2]!,
    ssn: slab.u32[(at + 40) >> 2]!,
    keyNumber: slab.u32[(at + 44) >> 2]!,
    localTsn: slab.u32[(at + 48) >> 2]!,
    remoteTsn: slab.u32[(at + 52) >> 2]!,
    rawLength: slab.u32[(at + 56) >> 2]!,
    payloadOffset: slab.u32[(at + 60) >> 2]!,
    number: slab.u32[(at + 64) >> 2]!,
    address: AddressRecord.read(slab, at + 72),
  }),
  write: (slab: Slab, at: number, record: NotificationRecord): void => {
    slab.u16[at >> 1] = record.type;
    slab.u16[(at + 2) >> 1] = record.state;
    slab.u32[(at + 4) >> 2] = record.flags;
    slab.u32[(at + 8) >> 2] = record.error;
    slab.u16[(at + 12) >> 1] = record.outboundStreams;
    slab.u16[(at + 14) >> 1] = record.inboundStreams;
    slab.u16[(at + 16) >> 1] = record.sid;
    slab.u16[(at + 18) >> 1] = record.rawType;
    slab.u16[(at + 20) >> 1] = record.rawFlags;
    slab.u16[(at + 22) >> 1] = record.sendFlags;
    slab.u32[(at + 24) >> 2] = record.assocId;
    slab.u32[(at + 28) >> 2] = record.ppid;
    slab.u32[(at + 32) >> 2] = record.context;
    slab.u32[(at + 36) >> 2] = record.indication;
    slab.u32[(at + 40) >> 2] = record.ssn;
    slab.u32[(at + 44) >> 2] = record.keyNumber;
    slab.u32[(at + 48) >> 2] = record.localTsn;
    slab.u32[(at + 52) >> 2] = record.remoteTsn;
    slab.u32[(at + 56) >> 2] = record.rawLength;
    slab.u32[(at + 60) >> 2] = record.payloadOffset;
    slab.u32[(at + 64) >> 2] = record.number;
    AddressRecord.write(slab, at + 72, record.address);
    slab.u32[(at + 68) >> 2] = 0;
  },
};

export interface StatusRecord {
  known: number;
  state: number;
  tag: number;
  rwnd: number;
  unacknowledged: number;
  pending: number;
  inboundStreams: number;
  outboundStreams: number;
  fragmentationPoint: number;
  incomingQueue: number;
  outgoingQueue: number;
  overallError: number;
  maxBurst: number;
  maxSegment: number;
  peerTag: number;
  peerRwnd: number;
  peerCapabilities: number;
  peerSack: number;
}

export const StatusRecord = {
  SIZE: 72,
  read: (slab: Slab, at: number): StatusRecord => ({
    known: slab.u32[at >> 2]!,
    state: slab.u32[(at + 4) >> 2]!,
    tag: slab.u32[(at + 8) >> 2]!,
    rwnd: slab.u32[(at + 12) >> 2]!,
    unacknowledged: slab.u32[(at + 16) >> 2]!,
    pending: slab.u32[(at + 20) >> 2]!,
    inboundStreams: slab.u32[(at + 24) >> 2]!,
    outboundStreams: slab.u32[(at + 28) >> 2]!,
    fragmentationPoint: slab.u32[(at + 32) >> 2]!,
    incomingQueue: slab.u32[(at + 36) >> 2]!,
    outgoingQueue: slab.u32[(at + 40) >> 2]!,
    overallError: slab.u32[(at + 44) >> 2]!,
    maxBurst: slab.u32[(at + 48) >> 2]!,
    maxSegment: slab.u32[(at + 52) >> 2]!,
    peerTag: slab.u32[(at + 56) >> 2]!,
    peerRwnd: slab.u32[(at + 60) >> 2]!,
    peerCapabilities: slab.u32[(at + 64) >> 2]!,
    peerSack: slab.u32[(at + 68) >> 2]!,
  }),
  write: (slab: Slab, at: number, record: StatusRecord): void => {
    slab.u32[at >> 2] = record.known;
    slab.u32[(at + 4) >> 2] = record.state;
    slab.u32[(at + 8) >> 2] = record.tag;
    slab.u32[(at + 12) >> 2] = record.rwnd;
    slab.u32[(at + 16) >> 2] = record.unacknowledged;
    slab.u32[(at + 20) >> 2] = record.pending;
    slab.u32[(at + 24) >> 2] = record.inboundStreams;
    slab.u32[(at + 28) >> 2] = record.outboundStreams;
    slab.u32[(at + 32) >> 2] = record.fragmentationPoint;
    slab.u32[(at + 36) >> 2] = record.incomingQueue;
    slab.u32[(at + 40) >> 2] = record.outgoingQueue;
    slab.u32[(at + 44) >> 2] = record.overallError;
    slab.u32[(at + 48) >> 2] = record.maxBurst;
    slab.u32[(at + 52) >> 2] = record.maxSegment;
    slab.u32[(at + 56) >> 2] = record.peerTag;
    slab.u32[(at + 60) >> 2] = record.peerRwnd;
    slab.u32[(at + 64) >> 2] = record.peerCapabilities;
    slab.u32[(at + 68) >> 2] = record.peerSack;
  },
};

export interface PathRecord {
  address: AddressRecord;
  state: number;
  maxRetransmissions: number;
  cwnd: number;
  srttMs: number;
  rtoMs: number;
  mtu: number;
  heartbeatMs: number;
}

export const PathRecord = {
  SIZE: 104,
  read: (slab: Slab, at: number): PathRecord => ({
    address: AddressRecord.read(slab, at),
    state: slab.u16[(at + 80) >> 1]!,
    maxRetransmissions: slab.u16[(at + 82) >> 1]!,
    cwnd: slab.u32[(at + 84) >> 2]!,
    srttMs: slab.u32[(at + 88) >> 2]!,
    rtoMs: slab.u32[(at + 92) >> 2]!,
    mtu: slab.u32[(at + 96) >> 2]!,
    heartbeatMs: slab.u32[(at + 100) >> 2]!,
  }),
  write: (slab: Slab, at: number, record: PathRecord): void => {
    AddressRecord.write(slab, at, record.address);
    slab.u16[(at + 80) >> 1] = record.state;
    slab.u16[(at + 82) >> 1] = record.maxRetransmissions;
    slab.u32[(at + 84) >> 2] = record.cwnd;
    slab.u32[(at + 88) >> 2] = record.srttMs;
    slab.u32[(at + 92) >> 2] = record.rtoMs;
    slab.u32[(at + 96) >> 2] = record.mtu;
    slab.u32[(at + 100) >> 2] = record.heartbeatMs;
  },
};

export interface StatisticsRecord {
  abandonedUnsent: number;
  abandonedSent: number;
  packetsIn: number;
  packetsOut: number;
  retransmitted: number;
  sacksIn: number;
  sacksOut: number;
  duplicates: number;
  gaps: number;
  unorderedIn: number;
  unorderedOut: number;
  highestRtoMs: number;
}

export const StatisticsRecord = {
  SIZE: 96,
  read: (slab: Slab, at: number): StatisticsRecord => ({
    abandonedUnsent: slab.u32[at >> 2]! + slab.u32[(at + 4) >> 2]! * 2 ** 32,
    abandonedSent: slab.u32[(at + 8) >> 2]! + slab.u32[(at + 12) >> 2]! * 2 ** 32,
    packetsIn: slab.u32[(at + 16) >> 2]! + slab.u32[(at + 20) >> 2]! * 2 ** 32,
    packetsOut: slab.u32[(at + 24) >> 2]! + slab.u32[(at + 28) >> 2]! * 2 ** 32,
    retransmitted: slab.u32[(at + 32) >> 2]! + slab.u32[(at + 36) >> 2]! * 2 ** 32,
    sacksIn: slab.u32[(at + 40) >> 2]! + slab.u32[(at + 44) >> 2]! * 2 ** 32,
    sacksOut: slab.u32[(at + 48) >> 2]! + slab.u32[(at + 52) >> 2]! * 2 ** 32,
    duplicates: slab.u32[(at + 56) >> 2]! + slab.u32[(at + 60) >> 2]! * 2 ** 32,
    gaps: slab.u32[(at + 64) >> 2]! + slab.u32[(at + 68) >> 2]! * 2 ** 32,
    unorderedIn: slab.u32[(at + 72) >> 2]! + slab.u32[(at + 76) >> 2]! * 2 ** 32,
    unorderedOut: slab.u32[(at + 80) >> 2]! + slab.u32[(at + 84) >> 2]! * 2 ** 32,
    highestRtoMs: slab.u32[(at + 88) >> 2]! + slab.u32[(at + 92) >> 2]! * 2 ** 32,
  }),
  write: (slab: Slab, at: number, record: StatisticsRecord): void => {
    slab.u32[at >> 2] = record.abandonedUnsent, slab.u32[(at + 4) >> 2] = record.abandonedUnsent / 2 ** 32;
    slab.u32[(at + 8) >> 2] = record.abandonedSent, slab.u32[(at + 12) >> 2] = record.abandonedSent / 2 ** 32;
    slab.u32[(at + 16) >> 2] = record.packetsIn, slab.u32[(at + 20) >> 2] = record.packetsIn / 2 ** 32;
    slab.u32[(at + 24) >> 2] = record.packetsOut, slab.u32[(at + 28) >> 2] = record.packetsOut / 2 ** 32;
    slab.u32[(at + 32) >> 2] = record.retransmitted, slab.u32[(at + 36) >> 2] = record.retransmitted / 2 ** 32;
    slab.u32[(at + 40) >> 2] = record.sacksIn, slab.u32[(at + 44) >> 2] = record.sacksIn / 2 ** 32;
    slab.u32[(at + 48) >> 2] = record.sacksOut, slab.u32[(at + 52) >> 2] = record.sacksOut / 2 ** 32;
    slab.u32[(at + 56) >> 2] = record.duplicates, slab.u32[(at + 60) >> 2] = record.duplicates / 2 ** 32;
    slab.u32[(at + 64) >> 2] = record.gaps, slab.u32[(at + 68) >> 2] = record.gaps / 2 ** 32;
    slab.u32[(at + 72) >> 2] = record.unorderedIn, slab.u32[(at + 76) >> 2] = record.unorderedIn / 2 ** 32;
    slab.u32[(at + 80) >> 2] = record.unorderedOut, slab.u32[(at + 84) >> 2] = record.unorderedOut / 2 ** 32;
    slab.u32[(at + 88) >> 2] = record.highestRtoMs, slab.u32[(at + 92) >> 2] = record.highestRtoMs / 2 ** 32;
  },
};

export interface OutboundRecord {
  size: number;
  length: number;
  ppid: number;
  sid: number;
  flags: number;
  context: number;
  policyValue: number;
  policy: number;
  keyNumber: number;
}

export const OutboundRecord = {
  SIZE: 32,
  read: (slab: Slab, at: number): OutboundRecord => ({
    size: slab.u32[at >> 2]!,
    length: slab.u32[(at + 4) >> 2]!,
    ppid: slab.u32[(at + 8) >> 2]!,
    sid: slab.u16[(at + 12) >> 1]!,
    flags: slab.u16[(at + 14) >> 1]!,
    context: slab.u32[(at + 16) >> 2]!,
    policyValue: slab.u32[(at + 20) >> 2]!,
    policy: slab.u16[(at + 24) >> 1]!,
    keyNumber: slab.u16[(at + 26) >> 1]!,
  }),
  write: (slab: Slab, at: number, record: OutboundRecord): void => {
    slab.u32[at >> 2] = record.size;
    slab.u32[(at + 4) >> 2] = record.length;
    slab.u32[(at + 8) >> 2] = record.ppid;
    slab.u16[(at + 12) >> 1] = record.sid;
    slab.u16[(at + 14) >> 1] = record.flags;
    slab.u32[(at + 16) >> 2] = record.context;
    slab.u32[(at + 20) >> 2] = record.policyValue;
    slab.u16[(at + 24) >> 1] = record.policy;
    slab.u16[(at + 26) >> 1] = record.keyNumber;
    slab.u32[(at + 28) >> 2] = 0;
  },
  size: (slab: Slab, at: number): number => slab.u32[at >> 2]!,
  length: (slab: Slab, at: number): number => slab.u32[(at + 4) >> 2]!,
  ppid: (slab: Slab, at: number): number => slab.u32[(at + 8) >> 2]!,
  sid: (slab: Slab, at: number): number => slab.u16[(at + 12) >> 1]!,
  flags: (slab: Slab, at: number): number => slab.u16[(at + 14) >> 1]!,
  context: (slab: Slab, at: number): number => slab.u32[(at + 16) >> 2]!,
  policyValue: (slab: Slab, at: number): number => slab.u32[(at + 20) >> 2]!,
  policy: (slab: Slab, at: number): number => slab.u16[(at + 24) >> 1]!,
  keyNumber: (slab: Slab, at: number): number => slab.u16[(at + 26) >> 1]!,
  put(
    { u16, u32 }: Slab,
    at: number,
    size: number,
    length: number,
    ppid: number,
    sid: number,
    flags: number,
    context: number,
    policyValue: number,
    policy: number,
    keyNumber: number,
  ): void {
    u32[at >> 2] = size;
    u32[(at + 4) >> 2] = length;
    u32[(at + 8) >> 2] = ppid;
    u16[(at + 12) >> 1] = sid;
    u16[(at + 14) >> 1] = flags;
    u32[(at + 16) >> 2] = context;
    u32[(at + 20) >> 2] = policyValue;
    u16[(at + 24) >> 1] = policy;
    u16[(at + 26) >> 1] = keyNumber;
    u32[(at + 28) >> 2] = 0;
  },
};

/** Running totals of the shim, each wrapping at 2^32. */
export interface Counters {
  /** From JavaScript into the library. */
  calls: number;
  /** From the library into JavaScript. */
  wakes: number;
  /** System calls that receive. */
  receiveSyscalls: number;
  /** System calls that send. */
  sendSyscalls: number;
  /** All other system calls. */
  otherSyscalls: number;
  /** Messages received, or pieces of them. */
  messagesIn: number;
  /** Messages that a stack has taken. */
  messagesOut: number;
  /** Handles open now: listeners and associations. */
  openHandles: number;
  /** ICMP errors about packets of ours (userspace stack). */
  icmpTaken: number;
  /** ICMP errors that proved to be about none of ours, or made no difference (userspace stack). */
  icmpIgnored: number;
  /** Packets the userspace stack dropped: their checksum was wrong. */
  damagedPackets: number;
  /** Packets the userspace stack dropped: they were malformed. */
  malformedPackets: number;
  /** INITs the userspace stack answered with an ABORT, as they were invalid. */
  refusedPackets: number;
  /** Packets the userspace stack dropped: they had another verification tag than their association. */
  foreignPackets: number;
  /** Packets the userspace stack dropped: their association is not in a state for them. */
  unwantedPackets: number;
}

export const CountersRecord = {
  SIZE: 64,
  read: (slab: Slab, at: number): Counters => ({
    calls: slab.u32[at >> 2]!,
    wakes: slab.u32[(at + 4) >> 2]!,
    receiveSyscalls: slab.u32[(at + 8) >> 2]!,
    sendSyscalls: slab.u32[(at + 12) >> 2]!,
    otherSyscalls: slab.u32[(at + 16) >> 2]!,
    messagesIn: slab.u32[(at + 20) >> 2]!,
    messagesOut: slab.u32[(at + 24) >> 2]!,
    openHandles: slab.u32[(at + 28) >> 2]!,
    icmpTaken: slab.u32[(at + 32) >> 2]!,
    icmpIgnored: slab.u32[(at + 36) >> 2]!,
    damagedPackets: slab.u32[(at + 40) >> 2]!,
    malformedPackets: slab.u32[(at + 44) >> 2]!,
    refusedPackets: slab.u32[(at + 48) >> 2]!,
    foreignPackets: slab.u32[(at + 52) >> 2]!,
    unwantedPackets: slab.u32[(at + 56) >> 2]!,
  }),
  write: (slab: Slab, at: number, record: Counters): void => {
    slab.u32[at >> 2] = record.calls;
    slab.u32[(at + 4) >> 2] = record.wakes;
    slab.u32[(at + 8) >> 2] = record.receiveSyscalls;
    slab.u32[(at + 12) >> 2] = record.sendSyscalls;
    slab.u32[(at + 16) >> 2] = record.otherSyscalls;
    slab.u32[(at + 20) >> 2] = record.messagesIn;
    slab.u32[(at + 24) >> 2] = record.messagesOut;
    slab.u32[(at + 28) >> 2] = record.openHandles;
    slab.u32[(at + 32) >> 2] = record.icmpTaken;
    slab.u32[(at + 36) >> 2] = record.icmpIgnored;
    slab.u32[(at + 40) >> 2] = record.damagedPackets;
    slab.u32[(at + 44) >> 2] = record.malformedPackets;
    slab.u32[(at + 48) >> 2] = record.refusedPackets;
    slab.u32[(at + 52) >> 2] = record.foreignPackets;
    slab.u32[(at + 56) >> 2] = record.unwantedPackets;
    slab.u32[(at + 60) >> 2] = 0;
  },
};
