// Diameter messages as RFC 6733 sections 3 and 4 lay them out: a header of 20 bytes, then attributes (AVPs).
import { Buffer } from "node:buffer";

/** The payload protocol identifier of Diameter in the clear (RFC 6733 section 11.4). */
export const PPID = 46;

/** Command codes (RFC 6733 section 3.1). Request and answer have the same; a flag tells them apart. */
export const COMMAND = { CAPABILITIES_EXCHANGE: 257, DEVICE_WATCHDOG: 280, DISCONNECT_PEER: 282 };
const NAMES: Record<number, string> = { 257: "CE", 280: "DW", 282: "DP" };

/** Codes of attributes (RFC 6733 section 4.5). */
export const AVP = {
  HOST_IP_ADDRESS: 257,
  AUTH_APPLICATION_ID: 258,
  ORIGIN_HOST: 264,
  VENDOR_ID: 266,
  RESULT_CODE: 268,
  PRODUCT_NAME: 269,
  DISCONNECT_CAUSE: 273,
  ERROR_MESSAGE: 281,
  ORIGIN_REALM: 296,
};

/** Values of Result-Code (RFC 6733 section 7.1). */
export const SUCCESS = 2001, COMMAND_UNSUPPORTED = 3001;

const REQUEST = 0x80, ERROR = 0x20; // flags of a message
const VENDOR = 0x80, MANDATORY = 0x40; // flags of an AVP

/** A number is an Unsigned32 or Enumerated; a text is a DiameterIdentity or UTF8String. */
export type Attribute = [code: number, value: number | string | Uint8Array];

export interface DiameterMessage {
  isRequest: boolean;
  command: number;
  application: number;
  /** Joins an answer to its request on this connection. */
  hopByHop: number;
  /** The same from end to end, over all relays. */
  endToEnd: number;
  avps: Map<number, Buffer>;
}

/** "CER", "DWA": the name in the RFC. */
export function nameOf({ command, isRequest }: Pick<DiameterMessage, "command" | "isRequest">): string {
  return (NAMES[command] ?? `command ${command} `) + (isRequest ? "R" : "A");
}

function bytesOf(value: number | string | Uint8Array): Uint8Array {
  if (typeof value === "string") return Buffer.from(value);
  if (typeof value !== "number") return value;
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** An IP address as AVPs have it (RFC 6733 section 4.3.1). IPv4 only, to keep this short. */
export function address(ip: string): Buffer {
  return Buffer.of(0, 1, ...ip.split(".").map(Number));
}

export function encode(message: Omit<DiameterMessage, "avps">, attributes: Attribute[]): Buffer {
  const parts: Uint8Array[] = [Buffer.alloc(20)];
  for (const [code, value] of attributes) {
    const content = bytesOf(value);
    const header = Buffer.alloc(8);
    header.writeUInt32BE(code, 0);
    header[4] = code === AVP.PRODUCT_NAME || code === AVP.ERROR_MESSAGE ? 0 : MANDATORY;
    header.writeUIntBE(8 + content.length, 5, 3); // without the padding
    parts.push(header, content, Buffer.alloc(-content.length & 3));
  }
  const bytes = Buffer.concat(parts);
  const isError = attributes.some(([code, value]) =>
    code === AVP.RESULT_CODE && Math.trunc(Number(value) / 1000) === 3
  );
  bytes[0] = 1; // version
  bytes.writeUIntBE(bytes.length, 1, 3);
  bytes[4] = (message.isRequest ? REQUEST : 0) | (isError ? ERROR : 0);
  bytes.writeUIntBE(message.command, 5, 3);
  bytes.writeUInt32BE(message.application, 8);
  bytes.writeUInt32BE(message.hopByHop, 12);
  bytes.writeUInt32BE(message.endToEnd, 16);
  return bytes;
}

export function decode(bytes: Buffer): DiameterMessage {
  if (bytes.length < 20 || bytes[0] !== 1) throw new Error("not a Diameter message");
  if (bytes.readUIntBE(1, 3) !== bytes.length) {
    throw new Error("a Diameter message of another length than it says");
  }
  const avps = new Map<number, Buffer>();
  for (let at = 20; at < bytes.length;) {
    const header = at + 8 <= bytes.length && bytes[at + 4]! & VENDOR ? 12 : 8;
    const length = at + header <= bytes.length ? bytes.readUIntBE(at + 5, 3) : 0;
    if (length < header || at + length > bytes.length) {
      throw new Error("an AVP of a Diameter message is cut off");
    }
    // A vendor's own codes are other attributes. Of several with one code the first is kept: enough for this.
    const code = bytes.readUInt32BE(at);
    if (header === 8 && !avps.has(code)) avps.set(code, bytes.subarray(at + 8, at + length));
    at += length + (-length & 3);
  }
  return {
    isRequest: (bytes[4]! & REQUEST) !== 0,
    command: bytes.readUIntBE(5, 3),
    application: bytes.readUInt32BE(8),
    hopByHop: bytes.readUInt32BE(12),
    endToEnd: bytes.readUInt32BE(16),
    avps,
  };
}
