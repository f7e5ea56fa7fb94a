/**
 * Readers and writers of the shim's records, over memory the caller owns. The
 * only file that knows offsets; what the records mean stands in
 * c/sctp_records.def.
 */
import { Buffer } from "node:buffer";
import {
  ACCEPTED_RECORD,
  ADDRESS_RECORD,
  ALIGN,
  FAMILY,
  INBOUND_RECORD,
  NOTIFICATION_RECORD,
  OPTION_RECORD,
  OUTBOUND_RECORD,
  PATH_RECORD,
  READY_RECORD,
  RECEIVED_RECORD,
  REQUEST_RECORD,
  STATUS_RECORD,
} from "./layout.gen.ts";

export {
  ASSOC,
  ASSOC_STATUS,
  CLOSE,
  FLAG,
  KIND,
  LAYOUT_HASH,
  NOTIFICATION,
  OPTION,
  PATH,
  PATH_STATUS,
  READY,
  RECEIVED,
  SIDE,
} from "./layout.gen.ts";

/** Memory for records, with views of each field width. */
export class Slab {
  readonly memory: ArrayBuffer;
  readonly bytes: Buffer;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;

  constructor(size: number) {
    const memory = new ArrayBuffer(size);
    this.memory = memory;
    this.bytes = Buffer.from(memory);
    this.u16 = new Uint16Array(memory);
    this.u32 = new Uint32Array(memory);
    this.i32 = new Int32Array(memory);
  }

  get size(): number {
    return this.bytes.length;
  }
}

/** An address of one side, as `net`'s `address()` gives it. */
export interface AddressInfo {
  /** IPv4-mapped addresses are shown as IPv4. */
  address: string;
  /** The IP version of the address. */
  family: "IPv4" | "IPv6";
  /** The SCTP port. */
  port: number;
}

function padded(size: number): number {
  return (size + ALIGN - 1) & ~(ALIGN - 1);
}

// ------------------------------------------------------------------ opening

/** A number of `OPTION`, and its value. */
export type NumberedOption = readonly [name: number, value: number];

/** What to listen on or connect to. */
export interface Request {
  options: readonly NumberedOption[];
  local: ReadonlyArray<{ address: string; port: number }>;
  remote: ReadonlyArray<{ address: string; port: number }>;
}

function writeAddress(slab: Slab, at: number, address: string, port: number) {
  const length = Buffer.byteLength(address);
  if (length > ADDRESS_RECORD.SIZE - ADDRESS_RECORD.text) {
    throw new RangeError(`address too long: ${address}`);
  }
  slab.u16[(at + ADDRESS_RECORD.family) >> 1] = address.includes(":") ? FAMILY.IPV6 : FAMILY.IPV4;
  slab.u16[(at + ADDRESS_RECORD.port) >> 1] = port;
  slab.u16[(at + ADDRESS_RECORD.text_length) >> 1] = length;
  slab.bytes.write(address, at + ADDRESS_RECORD.text);
}

let requestSlab = new Slab(1024);

/** A request as the bytes `listen` and `connect` of the shim take. Valid until the next one. */
export function encodeRequest(request: Request): Buffer {
  const { options, local, remote } = request;
  const size = REQUEST_RECORD.SIZE + options.length * OPTION_RECORD.SIZE +
    (local.length + remote.length) * ADDRESS_RECORD.SIZE;
  if (requestSlab.size < size) requestSlab = new Slab(padded(size));
  const slab = requestSlab;
  slab.bytes.fill(0, 0, size);
  slab.u32[REQUEST_RECORD.option_count >> 2] = options.length;
  slab.u32[REQUEST_RECORD.local_count >> 2] = local.length;
  slab.u32[REQUEST_RECORD.remote_count >> 2] = remote.length;
  let at: number = REQUEST_RECORD.SIZE;
  for (const [name, value] of options) {
    slab.u32[(at + OPTION_RECORD.name) >> 2] = name;
    slab.i32[(at + OPTION_RECORD.value) >> 2] = value;
    at += OPTION_RECORD.SIZE;
  }
  for (const side of [local, remote]) {
    for (const { address, port } of side) {
      writeAddress(slab, at, address, port);
      at += ADDRESS_RECORD.SIZE;
    }
  }
  return slab.bytes.subarray(0, size);
}

/** The size of one address in what `addresses` of the shim writes. */
export const ADDRESS_SIZE = ADDRESS_RECORD.SIZE;

/** The address at an offset, or null where none is known. */
export function readAddress(slab: Slab, at: number): AddressInfo | null {
  const family = slab.u16[(at + ADDRESS_RECORD.family) >> 1]!;
  if (family === FAMILY.NONE) return null;
  const start = at + ADDRESS_RECORD.text;
  const length = slab.u16[(at + ADDRESS_RECORD.text_length) >> 1]!;
  return {
    address: slab.bytes.toString("latin1", start, start + length),
    family: family === FAMILY.IPV6 ? "IPv6" : "IPv4",
    port: slab.u16[(at + ADDRESS_RECORD.port) >> 1]!,
  };
}

/** One connection a listener has accepted. */
export interface Accepted {
  handle: number;
  outboundStreams: number;
  inboundStreams: number;
  local: AddressInfo | null;
  remote: AddressInfo | null;
}

export const ACCEPTED_SIZE = ACCEPTED_RECORD.SIZE;

export function readAccepted(slab: Slab, index: number): Accepted {
  const at = index * ACCEPTED_RECORD.SIZE;
  return {
    handle: slab.u32[(at + ACCEPTED_RECORD.handle) >> 2]!,
    outboundStreams: slab.u16[(at + ACCEPTED_RECORD.outbound_streams) >> 1]!,
    inboundStreams: slab.u16[(at + ACCEPTED_RECORD.inbound_streams) >> 1]!,
    local: readAddress(slab, at + ACCEPTED_RECORD.local),
    remote: readAddress(slab, at + ACCEPTED_RECORD.remote),
  };
}

// ---------------------------------------------------------------- readiness

export const READY_SIZE = READY_RECORD.SIZE;

export function readyHandle(slab: Slab, index: number): number {
  return slab.u32[(index * READY_RECORD.SIZE + READY_RECORD.handle) >> 2]!;
}

export function readyEvents(slab: Slab, index: number): number {
  return slab.u32[(index * READY_RECORD.SIZE + READY_RECORD.events) >> 2]!;
}

// ---------------------------------------------------------------- receiving

export function receivedCount(slab: Slab): number {
  return slab.u32[RECEIVED_RECORD.count >> 2]!;
}

export function receivedFlags(slab: Slab): number {
  return slab.u32[RECEIVED_RECORD.flags >> 2]!;
}

/** Where the last record of a batch ends. */
export function receivedEnd(slab: Slab): number {
  let end: number = FIRST_INBOUND;
  for (let left = receivedCount(slab); left > 0; left--) end = inbound.next(slab, end);
  return end;
}

/** The offset of the first record behind the head. */
export const FIRST_INBOUND = RECEIVED_RECORD.SIZE;

export const inbound = {
  next: (slab: Slab, at: number): number => at + slab.u32[(at + INBOUND_RECORD.size) >> 2]!,
  kind: (slab: Slab, at: number): number => slab.u16[(at + INBOUND_RECORD.kind) >> 1]!,
  flags: (slab: Slab, at: number): number => slab.u16[(at + INBOUND_RECORD.flags) >> 1]!,
  sid: (slab: Slab, at: number): number => slab.u16[(at + INBOUND_RECORD.sid) >> 1]!,
  ppid: (slab: Slab, at: number): number => slab.u32[(at + INBOUND_RECORD.ppid) >> 2]!,
  error: (slab: Slab, at: number): number => slab.u32[(at + INBOUND_RECORD.error) >> 2]!,
  length: (slab: Slab, at: number): number => slab.u32[(at + INBOUND_RECORD.length) >> 2]!,
  /** Where the payload starts. */
  payload: (at: number): number => at + INBOUND_RECORD.SIZE,
};

/** One notification's fields, numbers still the shim's. */
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
  address: AddressInfo | null;
  raw: Buffer;
}

/** Reads the notification whose payload starts at an offset; copies `raw`. */
export function readNotification(slab: Slab, at: number): NotificationRecord {
  const u16 = (field: number) => slab.u16[(at + field) >> 1]!;
  const u32 = (field: number) => slab.u32[(at + field) >> 2]!;
  const raw = at + NOTIFICATION_RECORD.SIZE;
  return {
    type: u16(NOTIFICATION_RECORD.type),
    state: u16(NOTIFICATION_RECORD.state),
    flags: u32(NOTIFICATION_RECORD.flags),
    error: u32(NOTIFICATION_RECORD.error),
    outboundStreams: u16(NOTIFICATION_RECORD.outbound_streams),
    inboundStreams: u16(NOTIFICATION_RECORD.inbound_streams),
    sid: u16(NOTIFICATION_RECORD.sid),
    rawType: u16(NOTIFICATION_RECORD.raw_type),
    rawFlags: u16(NOTIFICATION_RECORD.raw_flags),
    sendFlags: u16(NOTIFICATION_RECORD.send_flags),
    assocId: u32(NOTIFICATION_RECORD.assoc_id),
    ppid: u32(NOTIFICATION_RECORD.ppid),
    context: u32(NOTIFICATION_RECORD.context),
    indication: u32(NOTIFICATION_RECORD.indication),
    ssn: u32(NOTIFICATION_RECORD.ssn),
    keyNumber: u32(NOTIFICATION_RECORD.key_number),
    localTsn: u32(NOTIFICATION_RECORD.local_tsn),
    remoteTsn: u32(NOTIFICATION_RECORD.remote_tsn),
    address: readAddress(slab, at + NOTIFICATION_RECORD.address),
    raw: Buffer.from(slab.bytes.subarray(raw, raw + u32(NOTIFICATION_RECORD.raw_length))),
  };
}

// ------------------------------------------------------------------ sending

export const OUTBOUND_SIZE = OUTBOUND_RECORD.SIZE;

/** The bytes a message of a length takes in a batch. */
export function outboundSize(length: number): number {
  return padded(OUTBOUND_RECORD.SIZE + length);
}

/** Writes the head of one message; its payload goes behind it. */
export function writeOutbound(slab: Slab, at: number, length: number, sid: number, ppid: number): void {
  slab.u32[(at + OUTBOUND_RECORD.size) >> 2] = padded(OUTBOUND_RECORD.SIZE + length);
  slab.u32[(at + OUTBOUND_RECORD.length) >> 2] = length;
  slab.u32[(at + OUTBOUND_RECORD.ppid) >> 2] = ppid;
  slab.u16[(at + OUTBOUND_RECORD.sid) >> 1] = sid;
  slab.u16[(at + OUTBOUND_RECORD.flags) >> 1] = 0;
  slab.u32[(at + OUTBOUND_RECORD.context) >> 2] = 0;
  slab.u32[(at + OUTBOUND_RECORD.lifetime_ms) >> 2] = 0;
}

// ------------------------------------------------------------------- status

/** An association now; what each field counts stands in c/sctp_records.def. */
export interface StatusRecord {
  /** False: the kernel did not tell tag, rwnd, queues, errors and what the peer is like. */
  known: boolean;
  /** A number of `ASSOC_STATUS`. */
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

export const STATUS_SIZE = STATUS_RECORD.SIZE;

export function readStatus(slab: Slab): StatusRecord {
  const u32 = (field: number) => slab.u32[field >> 2]!;
  return {
    known: u32(STATUS_RECORD.known) !== 0,
    state: u32(STATUS_RECORD.state),
    tag: u32(STATUS_RECORD.tag),
    rwnd: u32(STATUS_RECORD.rwnd),
    unacknowledged: u32(STATUS_RECORD.unacknowledged),
    pending: u32(STATUS_RECORD.pending),
    inboundStreams: u32(STATUS_RECORD.inbound_streams),
    outboundStreams: u32(STATUS_RECORD.outbound_streams),
    fragmentationPoint: u32(STATUS_RECORD.fragmentation_point),
    incomingQueue: u32(STATUS_RECORD.incoming_queue),
    outgoingQueue: u32(STATUS_RECORD.outgoing_queue),
    overallError: u32(STATUS_RECORD.overall_error),
    maxBurst: u32(STATUS_RECORD.max_burst),
    maxSegment: u32(STATUS_RECORD.max_segment),
    peerTag: u32(STATUS_RECORD.peer_tag),
    peerRwnd: u32(STATUS_RECORD.peer_rwnd),
    peerCapabilities: u32(STATUS_RECORD.peer_capabilities),
    peerSack: u32(STATUS_RECORD.peer_sack),
  };
}

/** One path of an association. */
export interface PathRecord {
  /** The peer's. */
  address: AddressInfo | null;
  /** A number of `PATH_STATUS`. */
  state: number;
  cwnd: number;
  srttMs: number;
  rtoMs: number;
  mtu: number;
}

export const PATH_SIZE = PATH_RECORD.SIZE;

export function readPath(slab: Slab, index: number): PathRecord {
  const at = index * PATH_RECORD.SIZE;
  const u32 = (field: number) => slab.u32[(at + field) >> 2]!;
  return {
    address: readAddress(slab, at + PATH_RECORD.address),
    state: u32(PATH_RECORD.state),
    cwnd: u32(PATH_RECORD.cwnd),
    srttMs: u32(PATH_RECORD.srtt_ms),
    rtoMs: u32(PATH_RECORD.rto_ms),
    mtu: u32(PATH_RECORD.mtu),
  };
}
