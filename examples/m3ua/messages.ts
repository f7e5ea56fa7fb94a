// M3UA messages as RFC 4666 section 3 lays them out: a header of eight bytes, then parameters, each with tag and length.
import { Buffer } from "node:buffer";

/** M3UA's payload protocol identifier (RFC 4666 section 7.1). */
export const PPID = 3;
/** Management goes on stream 0, DATA never does (RFC 4666 section 1.4.7). */
export const MANAGEMENT = 0;

/** Class and type of each message this example knows (RFC 4666 section 3.1.2). */
const CODES = {
  ERR: [0, 0], // error
  NTFY: [0, 1], // notify: the state of an application server has changed
  DATA: [1, 1], // what all the rest is for
  ASPUP: [3, 1], // an application server process (ASP) is there
  ASPDN: [3, 2], // ... and goes
  BEAT: [3, 3], // are you there?
  ASPUP_ACK: [3, 4],
  ASPDN_ACK: [3, 5],
  BEAT_ACK: [3, 6],
  ASPAC: [4, 1], // send me traffic
  ASPIA: [4, 2], // ... and stop it
  ASPAC_ACK: [4, 3],
  ASPIA_ACK: [4, 4],
} as const;

export type Name = keyof typeof CODES;

/** Tags of parameters (RFC 4666 section 3.2). */
export const TAG = {
  ROUTING_CONTEXT: 0x0006,
  HEARTBEAT_DATA: 0x0009,
  TRAFFIC_MODE: 0x000b,
  ERROR_CODE: 0x000c,
  STATUS: 0x000d,
  PROTOCOL_DATA: 0x0210,
} as const;

export interface M3uaMessage {
  name: Name;
  parameters: Map<number, Buffer>;
}

/** A number as the value of a parameter: four bytes. */
export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function encode(name: Name, parameters: Iterable<[tag: number, value: Uint8Array]> = []): Buffer {
  const parts: Uint8Array[] = [Buffer.alloc(8)];
  for (const [tag, value] of parameters) {
    const header = Buffer.alloc(4);
    header.writeUInt16BE(tag, 0);
    header.writeUInt16BE(4 + value.length, 2); // without the padding
    parts.push(header, value, Buffer.alloc(-value.length & 3)); // to a multiple of four
  }
  const message = Buffer.concat(parts);
  message[0] = 1; // version; the byte behind it is reserved
  message.set(CODES[name], 2);
  message.writeUInt32BE(message.length, 4);
  return message;
}

export function decode(bytes: Buffer): M3uaMessage {
  if (bytes.length < 8 || bytes[0] !== 1) throw new Error("not a message of M3UA version 1");
  if (bytes.readUInt32BE(4) !== bytes.length) {
    throw new Error("an M3UA message of another length than it says");
  }
  const names = Object.keys(CODES) as Name[];
  const name = names.find((name) => CODES[name][0] === bytes[2] && CODES[name][1] === bytes[3]);
  if (!name) {
    throw new Error(`an M3UA message of class ${bytes[2]}, type ${bytes[3]}, which is not handled here`);
  }

  const parameters = new Map<number, Buffer>();
  for (let at = 8; at < bytes.length;) {
    const length = at + 4 <= bytes.length ? bytes.readUInt16BE(at + 2) : 0;
    if (length < 4 || at + length > bytes.length) throw new Error(`${name}: a parameter is cut off`);
    parameters.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + length));
    at += length + (-length & 3);
  }
  return { name, parameters };
}

/** What a DATA message carries, an MTP3 message in effect (RFC 4666 section 3.3.1). */
export interface ProtocolData {
  /** Point codes of the originator and of the destination. */
  opc: number;
  dpc: number;
  /** Whom it is for there: 3 is SCCP. */
  serviceIndicator: number;
  /** Signalling link selection: messages with the same number must stay in order. */
  sls: number;
  payload: Uint8Array;
}

export function encodeData({ opc, dpc, serviceIndicator, sls, payload }: ProtocolData): Buffer {
  // Behind the service indicator: the network indicator and the priority, both 0.
  return Buffer.concat([u32(opc), u32(dpc), Buffer.of(serviceIndicator, 0, 0, sls), payload]);
}

export function decodeData(bytes: Buffer | undefined): ProtocolData {
  if (!bytes || bytes.length < 12) throw new Error("DATA without its protocol data");
  return {
    opc: bytes.readUInt32BE(0),
    dpc: bytes.readUInt32BE(4),
    serviceIndicator: bytes[8]!,
    sls: bytes[11]!,
    payload: bytes.subarray(12),
  };
}
