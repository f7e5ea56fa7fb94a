/** A message as users see it: a Buffer that knows its stream and protocol. */
import { Buffer } from "node:buffer";
import { invalidArgType } from "../errors.ts";
import { optionalInteger } from "../validate.ts";

/** A received message: one whole SCTP message, never joined or split. */
export interface Message extends Buffer {
  /** The stream it came on. */
  sid: number;
  /** Its payload protocol identifier, host order (RFC 9260 section 3.3.1). */
  ppid: number;
}

/** What can be set on a Buffer before it is written; read when `write()` is called. */
export interface MessageProperties {
  /** The stream to send on, 0 to 65534. Default 0. */
  sid?: number;
  /** The payload protocol identifier, host order. Default 0. */
  ppid?: number;
}

/** What can be written: text, or bytes with the properties of their message. */
export type Writable = string | Uint8Array & MessageProperties;

/** A Buffer, but for room for its properties: to add them to one that is made costs as much as to make it. */
class MessageBuffer extends Uint8Array {
  static {
    Object.setPrototypeOf(this.prototype, Buffer.prototype);
    Reflect.deleteProperty(this.prototype, "constructor"); // Buffer's: what is made from one is a plain Buffer
  }

  sid: number;
  ppid: number;

  constructor(memory: ArrayBuffer, offset: number, length: number, sid: number, ppid: number) {
    super(memory, offset, length);
    this.sid = sid;
    this.ppid = ppid;
  }
}

/** The message whose bytes lie in `memory`. */
export function messageOf(
  memory: ArrayBuffer,
  offset: number,
  length: number,
  sid: number,
  ppid: number,
): Message {
  return new MessageBuffer(memory, offset, length, sid, ppid) as unknown as Message;
}

/** The stream that a message is to be sent on. */
export function sidOf(properties: MessageProperties): number {
  return optionalInteger(properties.sid, "data.sid", 0, 65534) ?? 0;
}

/** The payload protocol identifier that a message is to be sent with. */
export function ppidOf(properties: MessageProperties): number {
  return optionalInteger(properties.ppid, "data.ppid", 0, 0xffffffff) ?? 0;
}

/**
 * The bytes of what is written. Made here rather than by the stream: what has none must throw before its properties are
 * noted. A Proxy and Object.create(Buffer.prototype) have none, and so has memory that was transferred.
 *
 * @throws ERR_INVALID_ARG_TYPE, and a TypeError of the runtime's
 */
export function bytesOf(data: Writable, encoding?: BufferEncoding): Buffer {
  if (typeof data === "string") return Buffer.from(data, encoding);
  if (!ArrayBuffer.isView(data)) {
    throw invalidArgType("chunk", "of type string or an instance of Buffer, TypedArray, or DataView", data);
  }
  return Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
