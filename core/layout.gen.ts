// GENERATED from c/sctp_records.def by c/layout_dump.c: do not edit,
// run tools/gen_layout instead. Byte offsets of every record and the
// number of every enum value that crosses the FFI.

/** The shared library must answer this from netsctp_layout_hash(). */
export const LAYOUT_HASH = 0xd09b0601;

/** Records in a batch start at a multiple of this. */
export const ALIGN = 8;

export const STACK = {
  KERNEL: 1,
  USERSPACE: 2,
} as const;

export const WAKE = {
  UV: 1,
  THREAD: 2,
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
  ASSOC_CHANGE: 1,
  PEER_ADDR_CHANGE: 2,
  REMOTE_ERROR: 3,
  SEND_FAILED: 4,
  SHUTDOWN: 5,
  ADAPTATION: 6,
  PARTIAL_DELIVERY: 7,
  AUTHENTICATION: 8,
  SENDER_DRY: 9,
  STREAM_RESET: 10,
  ASSOC_RESET: 11,
  STREAM_CHANGE: 12,
} as const;

export const ASSOC = {
  UP: 1,
  LOST: 2,
  RESTART: 3,
  SHUTDOWN_COMPLETE: 4,
  CANNOT_START: 5,
} as const;

export const PATH = {
  AVAILABLE: 1,
  UNREACHABLE: 2,
  REMOVED: 3,
  ADDED: 4,
  MADE_PRIMARY: 5,
  CONFIRMED: 6,
  POTENTIALLY_FAILED: 7,
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
  SIZE: 120,
  type: 0,
  state: 2,
  flags: 4,
  error: 8,
  outbound_streams: 12,
  inbound_streams: 14,
  sid: 16,
  raw_type: 18,
  ppid: 20,
  context: 24,
  indication: 28,
  raw_length: 32,
  reserved: 36,
  address: 40,
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
  SIZE: 32,
  calls: 0,
  wakes: 4,
  receive_syscalls: 8,
  send_syscalls: 12,
  other_syscalls: 16,
  messages_in: 20,
  messages_out: 24,
  open_handles: 28,
} as const;
