// GENERATED from c/sctp_records.def by c/shim/layout_dump.c: do not edit,
// run tools/gen_layout instead. Byte offsets of every record and the
// number of every enum value that crosses the FFI.

/** The shared library must answer this from netsctp_layout_hash(). */
export const LAYOUT_HASH = 0x131fd208;

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

export const OPTION = {
  NO_DELAY: 1,
  OUTBOUND_STREAMS: 2,
  INBOUND_STREAMS: 3,
  INIT_ATTEMPTS: 4,
  INIT_TIMEOUT_MS: 5,
  SACK_DELAY_MS: 6,
  SACK_FREQUENCY: 7,
  SEND_BUFFER: 8,
  RECEIVE_BUFFER: 9,
  BACKLOG: 10,
  IPV6_ONLY: 11,
  LOCAL_UDP_PORT: 12,
  REMOTE_UDP_PORT: 13,
  HEARTBEAT: 14,
  HEARTBEAT_INTERVAL_MS: 15,
  ALL_EVENTS: 16,
  SOFT_ERROR: 17,
  REFUSED_UDP_PORT: 18,
} as const;

export const KIND = {
  MESSAGE: 1,
  NOTIFICATION: 2,
  END: 3,
  ERROR: 4,
} as const;

export const FLAG = {
  END_OF_RECORD: 1,
  UNORDERED: 2,
  SACK_IMMEDIATELY: 4,
} as const;

export const RECEIVED = {
  MORE: 1,
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

export const ASSOC = {
  UP: 0,
  LOST: 1,
  RESTART: 2,
  SHUTDOWN_COMPLETE: 3,
  CANNOT_START: 4,
  UNKNOWN: 65535,
} as const;

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

export const ADDRESS_RECORD = {
  SIZE: 80,
  family: 0,
  port: 2,
  text_length: 4,
  reserved: 6,
  text: 8,
} as const;

export const OPTION_RECORD = {
  SIZE: 8,
  name: 0,
  value: 4,
} as const;

export const REQUEST_RECORD = {
  SIZE: 16,
  option_count: 0,
  local_count: 4,
  remote_count: 8,
  reserved: 12,
} as const;

export const READY_RECORD = {
  SIZE: 8,
  handle: 0,
  events: 4,
} as const;

export const ACCEPTED_RECORD = {
  SIZE: 168,
  handle: 0,
  outbound_streams: 4,
  inbound_streams: 6,
  local: 8,
  remote: 88,
} as const;

export const RECEIVED_RECORD = {
  SIZE: 8,
  count: 0,
  flags: 4,
} as const;

export const INBOUND_RECORD = {
  SIZE: 32,
  size: 0,
  kind: 4,
  flags: 6,
  length: 8,
  ppid: 12,
  sid: 16,
  ssn: 18,
  tsn: 20,
  error: 24,
  reserved: 28,
} as const;

export const NOTIFICATION_RECORD = {
  SIZE: 144,
  type: 0,
  state: 2,
  flags: 4,
  error: 8,
  outbound_streams: 12,
  inbound_streams: 14,
  sid: 16,
  raw_type: 18,
  raw_flags: 20,
  send_flags: 22,
  assoc_id: 24,
  ppid: 28,
  context: 32,
  indication: 36,
  ssn: 40,
  key_number: 44,
  local_tsn: 48,
  remote_tsn: 52,
  raw_length: 56,
  reserved: 60,
  address: 64,
} as const;

export const STATUS_RECORD = {
  SIZE: 72,
  known: 0,
  state: 4,
  tag: 8,
  rwnd: 12,
  unacknowledged: 16,
  pending: 20,
  inbound_streams: 24,
  outbound_streams: 28,
  fragmentation_point: 32,
  incoming_queue: 36,
  outgoing_queue: 40,
  overall_error: 44,
  max_burst: 48,
  max_segment: 52,
  peer_tag: 56,
  peer_rwnd: 60,
  peer_capabilities: 64,
  peer_sack: 68,
} as const;

export const PATH_RECORD = {
  SIZE: 104,
  address: 0,
  state: 80,
  cwnd: 84,
  srtt_ms: 88,
  rto_ms: 92,
  mtu: 96,
  reserved: 100,
} as const;

export const OUTBOUND_RECORD = {
  SIZE: 24,
  size: 0,
  length: 4,
  ppid: 8,
  sid: 12,
  flags: 14,
  context: 16,
  lifetime_ms: 20,
} as const;

export const COUNTERS_RECORD = {
  SIZE: 64,
  calls: 0,
  wakes: 4,
  receive_syscalls: 8,
  send_syscalls: 12,
  other_syscalls: 16,
  messages_in: 20,
  messages_out: 24,
  open_handles: 28,
  icmp_taken: 32,
  icmp_ignored: 36,
  damaged_packets: 40,
  malformed_packets: 44,
  refused_packets: 48,
  foreign_packets: 52,
  unwanted_packets: 56,
  reserved: 60,
} as const;
