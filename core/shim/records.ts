/**
 * What the generated readers and writers (records.gen.ts) leave open: addresses as `net` gives them, requests, and
 * batches. What the records mean stands in c/sctp_records.def.
 */
import { Buffer } from "node:buffer";
import {
  type AcceptedRecord,
  AddressRecord,
  ALIGN,
  CloseReasonRecord,
  FAMILY,
  FLAG,
  InboundRecord,
  NotificationRecord,
  OptionRecord,
  OutboundRecord,
  POLICY,
  ReceivedRecord,
  RequestRecord,
} from "./records.gen.ts";
import { Slab } from "./slab.ts";

export * from "./records.gen.ts";
export { Slab };

/** An address of one side, as `net`'s `address()` gives it. */
export interface AddressInfo {
  /** IPv4-mapped addresses are shown as IPv4. */
  address: string;
  /** The IP version of the address. */
  family: "IPv4" | "IPv6";
  /** The SCTP port. */
  port: number;
}

/** The address that a record holds, or null where none is known. */
export function addressOf({ family, port, text: address }: AddressRecord): AddressInfo | null {
  if (family === FAMILY.NONE) return null;
  return { address, family: family === FAMILY.IPV6 ? "IPv6" : "IPv4", port };
}

function padded(size: number): number {
  return (size + ALIGN - 1) & ~(ALIGN - 1);
}

// ------------------------------------------------------------------ opening

/** A number of `OPTION`, its value, and what its scope says of it (c/sctp_options.def). */
export type NumberedOption = readonly [name: number, value: number | Uint8Array, scope?: number];

/** An address and a port, as a request names them. */
export interface Endpoint {
  address: string;
  port: number;
}

/** What to listen on, connect to, configure or inspect. */
export interface Request {
  options: readonly NumberedOption[];
  local?: readonly Endpoint[];
  remote?: readonly Endpoint[];
}

const NO_BYTES = Buffer.alloc(0);

let requestSlab = new Slab(1024);

/**
 * A request as the bytes that `listen`, `connect`, `configure` and `inspect` of the shim take. Valid until the next. An
 * address that no record holds is cut: its zone is longer than any interface's name, and the shim refuses it.
 */
export function encodeRequest({ options, local = [], remote = [] }: Request): Buffer {
  const addresses = [...local, ...remote];
  const tail = bytesOf(options);
  const size = RequestRecord.SIZE + options.length * OptionRecord.SIZE +
    addresses.length * AddressRecord.SIZE + tail.length;
  if (requestSlab.size < size) requestSlab = new Slab(padded(size));
  const slab = requestSlab;
  slab.bytes.fill(0, 0, size);
  RequestRecord.write(slab, 0, {
    optionCount: options.length,
    localCount: local.length,
    remoteCount: remote.length,
    byteCount: tail.length,
  });
  let at = RequestRecord.SIZE;
  let extra = 0;
  for (const [name, value, scope = 0] of options) {
    const isNumber = typeof value === "number";
    OptionRecord.write(slab, at, { name, scope, value: isNumber ? value : value.length, extra });
    if (!isNumber) extra += value.length;
    at += OptionRecord.SIZE;
  }
  for (const { address, port } of addresses) {
    const family = address.includes(":") ? FAMILY.IPV6 : FAMILY.IPV4;
    AddressRecord.write(slab, at, { family, port, text: address });
    at += AddressRecord.SIZE;
  }
  slab.bytes.set(tail, at);
  return slab.bytes.subarray(0, size);
}

/** The values that are bytes, one behind the other. */
function bytesOf(options: readonly NumberedOption[]): Buffer {
  const values = options.flatMap(([, value]) => typeof value === "number" ? [] : [value]);
  return values.length === 0 ? NO_BYTES : Buffer.concat(values);
}

/** The records that lie one behind the other from the beginning; none where `count` is an error's number. */
export function recordsOf<T>(
  slab: Slab,
  { SIZE, read }: { SIZE: number; read(slab: Slab, at: number): T },
  count: number,
): T[] {
  const records: T[] = [];
  for (let i = 0; i < count; i++) records.push(read(slab, i * SIZE));
  return records;
}

/** One connection a listener has accepted. */
export interface Accepted extends Omit<AcceptedRecord, "local" | "remote"> {
  local: AddressInfo | null;
  remote: AddressInfo | null;
}

export function acceptedOf(record: AcceptedRecord): Accepted {
  const { handle, outboundStreams, inboundStreams, local, remote } = record; // a spread takes many times as long
  return { handle, outboundStreams, inboundStreams, local: addressOf(local), remote: addressOf(remote) };
}

// ---------------------------------------------------------------- receiving

/** The offset of the first record behind the head. */
export const FIRST_INBOUND = ReceivedRecord.SIZE;

/** Where the record behind the one at an offset starts. */
export function nextInbound(slab: Slab, at: number): number {
  return at + InboundRecord.size(slab, at);
}

/** Where the payload of the record at an offset starts. */
export function inboundPayload(at: number): number {
  return at + InboundRecord.SIZE;
}

/** A notification, and the stack's own bytes. */
export type RawNotification = NotificationRecord & { raw: Buffer };

/** Reads the notification whose payload starts at an offset; copies `raw`. */
export function readNotification(slab: Slab, at: number): RawNotification {
  const record = NotificationRecord.read(slab, at) as RawNotification; // a spread takes many times as long
  const raw = at + NotificationRecord.SIZE;
  record.raw = Buffer.from(slab.bytes.subarray(raw, raw + record.rawLength));
  return record;
}

/** Why an association has ended, and the bytes of the error cause that its ABORT carried. */
export type RawCloseReason = CloseReasonRecord & { causeData: Buffer };

/** Reads the reason that the record at an offset, END or ERROR, holds; copies `causeData`. */
export function readCloseReason(slab: Slab, at: number): RawCloseReason {
  const start = inboundPayload(at);
  const end = start + InboundRecord.length(slab, at);
  const record = CloseReasonRecord.read(slab, start) as RawCloseReason; // no spread here either
  record.causeData = Buffer.from(slab.bytes.subarray(start + CloseReasonRecord.SIZE, end));
  return record;
}

// ------------------------------------------------------------------ sending

/** What few messages have beside stream, identifier and flags. */
export interface OutboundExtra {
  /** `POLICY`, and its limit. */
  readonly policy: number;
  readonly policyValue: number;
  readonly context: number;
  /** Undefined for the active key. */
  readonly keyNumber: number | undefined;
  /** Undefined for the primary path's address. */
  readonly destination: string | undefined;
}

/** The bytes before the payload of a message. */
export function outboundHead(extra: OutboundExtra | undefined): number {
  return extra?.destination === undefined ? OutboundRecord.SIZE : OutboundRecord.SIZE + AddressRecord.SIZE;
}

/** The bytes of a message in a batch, its head among its `bytes`. */
export function outboundSize(bytes: number): number {
  return padded(bytes);
}

/**
 * Writes the head of one message; its payload goes behind it.
 *
 * @param policyValue in place of the one of `extra`
 */
export function writeOutbound(
  slab: Slab,
  at: number,
  length: number,
  sid: number,
  flags: number,
  ppid: number,
  extra?: OutboundExtra,
  policyValue = 0,
): void {
  const size = padded(outboundHead(extra) + length);
  if (extra === undefined) {
    return OutboundRecord.put(slab, at, size, length, ppid, sid, flags, 0, 0, POLICY.NONE, 0);
  }
  const { policy, context, keyNumber, destination } = extra;
  if (destination !== undefined) {
    const family = destination.includes(":") ? FAMILY.IPV6 : FAMILY.IPV4;
    AddressRecord.write(slab, at + OutboundRecord.SIZE, { family, port: 0, text: destination });
  }
  const all = flags | (keyNumber === undefined ? 0 : FLAG.KEY) |
    (destination === undefined ? 0 : FLAG.DESTINATION);
  OutboundRecord.put(slab, at, size, length, ppid, sid, all, context, policyValue, policy, keyNumber ?? 0);
}
